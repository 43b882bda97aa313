"""Names in the one form in which they are written from now on; what looked like another name gets a number behind it.

No table changes. The names that got a number are left in the configuration's attributes, for `upgrade_schema` to tell.
"""

from itertools import groupby

import sqlalchemy as sa
from alembic import context, op

from assessor.core.names import canonical_name, distinct_names
from assessor.core.responses import Collaboration

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Id, what it is a name within, and the name, in the order in which names are given a number.
_LIBRARIES = "SELECT id, '', name FROM library ORDER BY name, id"
_PARTIES = "SELECT id, library, name FROM party ORDER BY library, name, id"
_COLLABORATIONS = "SELECT id, party, undertaking FROM collaboration ORDER BY party, place, id"
_NAMES_OF_COLLABORATION = (
    "SELECT library.name, party.name, collaboration.undertaking FROM collaboration"
    " JOIN party ON party.id = collaboration.party JOIN library ON library.id = party.library"
    " WHERE collaboration.id = :id"
)
#: What a name without any visible character is called.
_NAMELESS = "?"


def upgrade() -> None:
    """Fold the names that must differ from one another, then those that need not."""
    connection = op.get_bind()
    libraries = [name for _, name in _fold_distinct(connection, _LIBRARIES, "library", "name")]
    parties = [name for _, name in _fold_distinct(connection, _PARTIES, "party", "name")]
    collaborations = [id_ for id_, _ in _fold_distinct(connection, _COLLABORATIONS, "collaboration", "undertaking")]
    for table, column in (("workshop", "name"), ("respondent", "name"), ("member", "name")):
        _fold_column(connection, table, column)
    _fold_column(connection, "assessment", "respondent")
    numbered = [*libraries, *parties, *(_name_of(connection, id_) for id_ in collaborations)]
    context.config.attributes["numbered_names"] = tuple(numbered)


def _fold_distinct(connection: sa.Connection, select: str, table: str, column: str) -> list[tuple[str, str]]:
    """Write the names of a table that change; id and name of each that got a number."""
    rows = connection.execute(sa.text(select)).all()
    numbered = []
    for _, group in groupby(rows, key=lambda row: row[1]):
        siblings = tuple(group)
        names = [name if column == "undertaking" or canonical_name(name) else _NAMELESS for _, _, name in siblings]
        for (id_, _, before), name, kept in zip(siblings, names, distinct_names(names), strict=True):
            if kept != before:
                _write(connection, table, column, id_, kept)
            if kept != canonical_name(name):
                numbered.append((id_, kept))
    return numbered


def _fold_column(connection: sa.Connection, table: str, column: str) -> None:
    rows = connection.execute(sa.text(f"SELECT id, {column} FROM {table} ORDER BY id")).all()  # noqa: S608 - names of ours
    for id_, name in rows:
        if canonical_name(name) != name:
            _write(connection, table, column, id_, canonical_name(name))


def _write(connection: sa.Connection, table: str, column: str, id_: str, name: str) -> None:
    connection.execute(sa.text(f"UPDATE {table} SET {column} = :name WHERE id = :id"), {"name": name, "id": id_})  # noqa: S608 - likewise


def _name_of(connection: sa.Connection, id_: str) -> str:
    library, party, undertaking = connection.execute(sa.text(_NAMES_OF_COLLABORATION), {"id": id_}).one()
    return Collaboration(id=id_, library=library, party=party, undertaking=undertaking).name
