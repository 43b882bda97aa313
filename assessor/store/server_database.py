"""A database server as the store's database, through SQLAlchemy; opened only where somebody names one.

Any number of processes and threads may write at once. A connection that is lost is made anew by whatever comes next.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from assessor.store import postgresql
from assessor.store.database import Found, Row
from assessor.store.errors import OutcomeUnknown, ServerBusy, ServerKeepsBackups, ServerLost, StoreReadOnly
from assessor.store.schema import SCHEMA, Schema

#: Seconds for which something is tried again before the person is told; a server starts anew in less.
PATIENCE: Final = 8.0
#: The longest pause between two tries.
_PAUSE: Final = 0.5
#: Rows sent to the server at once.
_BATCH: Final = 1_000


class Served:
    """A server, as the store's database; one for all threads, each with a transaction of its own."""

    def __init__(self, url: str, schema: Schema = SCHEMA, *, create: bool | None = None, write: bool = True) -> None:
        self.shown = postgresql.shown(url)
        self._engine = postgresql.engine(url)
        self._alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._picture = self._engine.execution_options(isolation_level=postgresql.snapshot(self._engine))
        self._write = write
        self._here = threading.local()
        #: A server keeps others from a row; SQLite locks the whole file instead.
        self.hold = postgresql.hold(self._engine)
        try:
            postgresql.prepare(self._engine, self.shown, schema, create=create, write=write)
        except BaseException:
            self.close()
            raise

    @property
    def _within(self) -> sa.Connection | None:
        """This thread's transaction."""
        return getattr(self._here, "connection", None)

    def run(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement; by itself it is tried again where a connection was lost."""
        if any(isinstance(value, str) and "\0" in value for value in values.values()):
            return []  # no text that is kept has this character, and a server does not even look for it
        connection = self._within
        if connection is not None:
            return self._run(connection, statement, values)
        reads = statement.startswith("SELECT")
        return self.again(lambda: self._by_itself(statement, values, reads), harmless=reads)

    def _by_itself(self, statement: str, values: Mapping[str, object], reads: bool) -> list[Row]:
        if not reads:
            with self.writing():
                return self.run(statement, **values)
        with self._transaction(self._alone) as connection:
            return self._run(connection, statement, values)

    def _run(self, connection: sa.Connection, statement: str, values: Mapping[str, object]) -> list[Row]:
        with postgresql.told(self.shown):
            result = connection.exec_driver_sql(postgresql.driven(self._engine.dialect.name, statement), dict(values))
            return [tuple(row) for row in result] if result.returns_rows else []

    def fill(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run a statement for each row; within a transaction of the caller's."""
        left = iter(rows)
        with postgresql.told(self.shown):
            postgresql.take_time(self._current())
            while some := list(islice(left, _BATCH)):
                self._current().execute(sa.text(statement), some)

    def each(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement, one at a time; within a transaction of the caller's."""
        with postgresql.told(self.shown):
            postgresql.take_time(self._current())
            for row in self._current().execute(sa.text(statement).execution_options(stream_results=True)):
                yield tuple(row)

    def _current(self) -> sa.Connection:
        connection = self._within
        if connection is None:
            raise RuntimeError("outside of a transaction")
        return connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One picture, however many write meanwhile."""
        if self._within is not None:
            yield
            return
        with self._transaction(self._picture):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Committed when left, or not at all; `OutcomeUnknown` when the server fell silent in between."""
        if self._within is not None:
            yield
            return
        if not self._write:
            raise StoreReadOnly(path=self.shown)
        with self._transaction(self._engine) as connection:
            yield
            try:
                with postgresql.told(self.shown):
                    postgresql.commit(connection)
            except ServerLost as problem:
                raise OutcomeUnknown(path=self.shown) from problem

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        with postgresql.told(self.shown):
            connection = engine.connect()
        self._here.connection = connection
        try:
            yield connection
        finally:
            self._here.connection = None
            with suppress(sa.exc.SQLAlchemyError):
                connection.close()  # which undoes what was not committed

    def again(self, work: Callable[[], Found], *, harmless: bool) -> Found:
        """What `work` gives, tried again while it surely left nothing behind; if it does no harm twice, also else."""
        if self._within is not None:
            return work()  # whoever began the transaction decides
        until = time.monotonic() + PATIENCE
        pause = 0.005
        while True:
            try:
                return work()
            except (ServerLost, ServerBusy, OutcomeUnknown) as problem:
                if time.monotonic() > until or (isinstance(problem, OutcomeUnknown) and not harmless):
                    raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that two who met do not meet again
            pause = min(2 * pause, _PAUSE)

    def scrub(self) -> None:
        """Nothing to do from here: the server clears its own pages, and its log and backups are its host's."""

    def backup(self, path: Path | None, replace: bool) -> Path:
        """Not from here."""
        raise ServerKeepsBackups(path=self.shown)

    def close(self) -> None:
        """End every connection."""
        self._engine.dispose()
