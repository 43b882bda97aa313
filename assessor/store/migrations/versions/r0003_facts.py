"""What a library says of itself, who may enter it, what was erased, and where each entry comes from.

Adds tables, and to every entry which one it replaces and who gave it. Existing rows keep what they had: an entry's key
has always been unique within its assessment, so that it serves as its identity from now on.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Sorted by bytes on a server too, whatever its locale, as in SQLite.
_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

#: The entry before it of the same kind and item; empty for the first.
_FILL_REPLACES = (
    "UPDATE entry SET replaces = COALESCE((SELECT earlier.key FROM entry AS earlier"
    " WHERE earlier.assessment = entry.assessment AND earlier.kind = entry.kind AND earlier.item = entry.item"
    " AND earlier.seq < entry.seq ORDER BY earlier.seq DESC LIMIT 1), '')"
)


def upgrade() -> None:
    """The third schema: columns of entries, then the tables, then an index that looks for more."""
    _extend_entry()
    _create_library_entry()
    _create_logo()
    _create_member()
    _create_credential()
    _create_erasure()
    _create_publication()
    _look_up_more_acts()


def _extend_entry() -> None:
    for name in ("replaces", "who"):
        op.add_column("entry", sa.Column(name, _TEXT, nullable=False, server_default=""))
    op.create_index("entries_to", "entry", ["assessment", "kind", "item", "seq"])
    op.execute(_FILL_REPLACES)


def _create_library_entry() -> None:
    op.create_table(
        "library_entry",
        _id("library"),
        _number("seq"),
        _text("kind"),
        _text("item"),
        _text("value"),
        _number("at"),
        _text("key"),
        _text("replaces"),
        _text("who"),
        sa.PrimaryKeyConstraint("library", "seq", name="library_entry_seq"),
        sa.UniqueConstraint("library", "key", name="library_entry_key"),
    )


def _create_logo() -> None:
    """The bytes are in base 64: texts are copied, compared and dumped alike in both databases."""
    op.create_table(
        "logo",
        _id("library"),
        _text("media"),
        _text("data"),
        _number("at"),
        sa.PrimaryKeyConstraint("library", name="logo_library"),
    )


def _create_member() -> None:
    op.create_table(
        "member",
        _id(),
        _id("library"),
        _text("name"),
        _text("role"),
        _number("added"),
        _number("expires"),
        _number("withdrawn"),
        _number("place"),
    )
    op.create_index("members_of_library", "member", ["library"])


def _create_credential() -> None:
    """Keys, one-time links and devices; the host has some too, so that they belong to no table by reference."""
    op.create_table(
        "credential",
        sa.Column("digest", _TEXT, primary_key=True),
        _text("kind"),
        _text("subject"),
        _text("label"),
        _text("maker"),
        _number("made"),
        _number("opened"),
        _number("seen"),
        _number("expires"),
        _number("withdrawn"),
    )
    op.create_index("credentials_of", "credential", ["subject"])


def _create_erasure() -> None:
    op.create_table("erasure", sa.Column("digest", _TEXT, primary_key=True), _text("kind"), _number("at"))


def _create_publication() -> None:
    op.create_table("publication", _id(), _number("at"), _text("content"))


def _look_up_more_acts() -> None:
    """The same index as before, which on a server now holds all the kinds that are looked for by their value."""
    op.drop_index("acts_with", "act")
    sought = sa.text("kind IN ('agreed', 'invited', 'led', 'returning')")
    op.create_index("acts_with", "act", ["kind", "value"], postgresql_where=sought)


def _id(of: str | None = None) -> sa.Column[str]:
    """The primary key, or a reference to the table `of`."""
    if of is None:
        return sa.Column("id", _TEXT, primary_key=True)
    return sa.Column(of, _TEXT, sa.ForeignKey(f"{of}.id", name=f"of_{of}"), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, _TEXT, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)
