"""A database server behind a URL, through SQLAlchemy; opened only where somebody names one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from assessor.store import statements
from assessor.store.database import Row
from assessor.store.errors import ServerKeepsBackups, StoreNewer
from assessor.store.schema import Schema, upgrade


class Served:
    """One connection to a server, as the store's database."""

    def __init__(self, url: str, schema: Schema) -> None:
        self._engine = sa.create_engine(url)
        self._name = self._engine.url.render_as_string(hide_password=True)
        self._connection = self._engine.connect()
        #: SQLite locks the whole file instead.
        self.hold = "" if self._engine.dialect.name == "sqlite" else " FOR UPDATE"
        self._prepare(schema)

    def _prepare(self, schema: Schema) -> None:
        found = self._revision()
        if found is None or (found != schema.newest and found in schema.revisions):
            with self._connection.begin():
                upgrade(self._connection, schema)
        elif found not in schema.revisions:
            self.close()
            raise StoreNewer(path=self._name, backup=None)

    def _revision(self) -> str | None:
        with self._connection.begin():
            if not sa.inspect(self._connection).has_table("alembic_version"):
                return None
            return str(self._connection.execute(sa.text(statements.REVISION)).scalar_one())

    def run(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement."""
        if not self._connection.in_transaction():
            with self._connection.begin():
                return self._run(statement, values)
        return self._run(statement, values)

    def _run(self, statement: str, values: dict[str, object]) -> list[Row]:
        result = self._connection.execute(sa.text(statement), values)
        return [tuple(row) for row in result] if result.returns_rows else []

    def each(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement, one at a time."""
        with self.reading():
            for row in self._connection.execute(sa.text(statement)):
                yield tuple(row)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One picture where the server can give one."""
        if self._connection.in_transaction():
            yield
            return
        with self._connection.begin():
            if self._engine.dialect.name == "postgresql":
                self._connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Committed when left, or not at all."""
        if self._connection.in_transaction():
            yield
            return
        with self._connection.begin():
            yield

    def scrub(self) -> None:
        """Nothing to do from here: the server reclaims its own pages."""

    def backup(self, path: Path | None, replace: bool) -> Path:
        """Not from here."""
        raise ServerKeepsBackups(path=self._name)

    def close(self) -> None:
        """Give the connection back and end it."""
        self._connection.close()
        self._engine.dispose()
