"""Which schemas there have been, and how to come from one to the next.

Alembic owns the steps (`migrations/versions`). A new SQLite file is made from `schema.sql` instead, which holds what
all steps amount to: it needs no import. A test compares the two.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PACKAGE_FOLDER: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """The line of schemas that this version of `assessor` knows; tests add a later one."""

    #: Alembic's revisions, oldest first; a store is stamped with one.
    revisions: tuple[str, ...]
    #: Folders of further migrations beside the package's own.
    migration_folders: tuple[Path, ...] = ()
    #: SQL that makes an empty SQLite file into the newest schema, as Alembic would; None: run Alembic.
    creation_script: Path | None = None

    @property
    def newest_revision(self) -> str:
        """The revision that a store must have to be used."""
        return self.revisions[-1]


SCHEMA: Final = Schema(revisions=("0001", "0002", "0003", "0004"), creation_script=_PACKAGE_FOLDER / "schema.sql")


def upgrade_schema(connection: "Connection", schema: Schema) -> tuple[str, ...]:
    """Upgrade a database to the newest schema, within the caller's transaction; the names that got a number by it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_PACKAGE_FOLDER / "migrations"))
    config.set_main_option("path_separator", "newline")
    folders = (_PACKAGE_FOLDER / "migrations" / "versions", *schema.migration_folders)
    config.set_main_option("version_locations", "\n".join(map(str, folders)))
    config.attributes["connection"] = connection
    command.upgrade(config, schema.newest_revision)
    return tuple(config.attributes.get("numbered_names", ()))
