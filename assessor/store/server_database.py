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
from assessor.store.database import Row, T
from assessor.store.errors import OutcomeUnknown, ServerBusy, ServerConnectionLost, ServerKeepsBackups, StoreReadOnly
from assessor.store.schema import SCHEMA, Schema

#: Seconds for which something is tried again before the person is told; a server starts anew in less.
RETRY_SECONDS: Final = 8.0
#: The longest pause between two tries.
_MAX_RETRY_PAUSE: Final = 0.5
#: Rows sent to the server at once.
_BATCH_ROWS: Final = 1_000


class ServerDatabase:
    """A server, as the store's database; one for all threads, each with a transaction of its own."""

    def __init__(self, url: str, schema: Schema = SCHEMA, *, create: bool | None = None, write: bool = True) -> None:
        self.display_location = postgresql.display_url(url)
        self._engine = postgresql.make_engine(url)
        self._autocommit_engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._snapshot_engine = self._engine.execution_options(
            isolation_level=postgresql.snapshot_isolation(self._engine)
        )
        self._writable = write
        self._thread_local = threading.local()
        #: A server keeps others from a row; SQLite locks the whole file instead.
        self.row_lock = postgresql.row_lock_clause(self._engine)
        try:
            postgresql.prepare_database(self._engine, self.display_location, schema, create=create, write=write)
        except BaseException:
            self.close()
            raise

    @property
    def _current_connection(self) -> sa.Connection | None:
        """This thread's transaction."""
        return getattr(self._thread_local, "connection", None)

    def execute(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement; by itself it is tried again where a connection was lost."""
        if any(isinstance(value, str) and "\0" in value for value in values.values()):
            return []  # no text that is kept has this character, and a server does not even look for it
        connection = self._current_connection
        if connection is not None:
            return self._execute_on(connection, statement, values)
        reads = statement.startswith("SELECT")
        return self.run_with_retries(lambda: self._execute_alone(statement, values, reads), harmless=reads)

    def _execute_alone(self, statement: str, values: Mapping[str, object], reads: bool) -> list[Row]:
        if not reads:
            with self.write_transaction():
                return self.execute(statement, **values)
        with self._transaction(self._autocommit_engine) as connection:
            return self._execute_on(connection, statement, values)

    def _execute_on(self, connection: sa.Connection, statement: str, values: Mapping[str, object]) -> list[Row]:
        with postgresql.translating_errors(self.display_location):
            result = connection.exec_driver_sql(
                postgresql.to_pyformat(self._engine.dialect.name, statement), dict(values)
            )
            return [tuple(row) for row in result] if result.returns_rows else []

    def execute_many(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run a statement for each row; within a transaction of the caller's."""
        left = iter(rows)
        with postgresql.translating_errors(self.display_location):
            postgresql.disable_idle_timeout(self._require_connection())
            while some := list(islice(left, _BATCH_ROWS)):
                self._require_connection().execute(sa.text(statement), some)

    def stream_rows(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement, one at a time; within a transaction of the caller's."""
        with postgresql.translating_errors(self.display_location):
            postgresql.disable_idle_timeout(self._require_connection())
            for row in self._require_connection().execute(sa.text(statement).execution_options(stream_results=True)):
                yield tuple(row)

    def _require_connection(self) -> sa.Connection:
        connection = self._current_connection
        if connection is None:
            raise RuntimeError("outside of a transaction")
        return connection

    @contextmanager
    def read_transaction(self) -> Iterator[None]:
        """One picture, however many write meanwhile."""
        if self._current_connection is not None:
            yield
            return
        with self._transaction(self._snapshot_engine):
            yield

    @contextmanager
    def write_transaction(self) -> Iterator[None]:
        """Committed when left, or not at all; `OutcomeUnknown` when the server fell silent in between."""
        if self._current_connection is not None:
            yield
            return
        if not self._writable:
            raise StoreReadOnly(path=self.display_location)
        with self._transaction(self._engine) as connection:
            yield
            try:
                with postgresql.translating_errors(self.display_location):
                    postgresql.commit(connection)
            except ServerConnectionLost as problem:
                raise OutcomeUnknown(path=self.display_location) from problem

    @contextmanager
    def _transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        with postgresql.translating_errors(self.display_location):
            connection = engine.connect()
        self._thread_local.connection = connection
        try:
            yield connection
        finally:
            self._thread_local.connection = None
            with suppress(sa.exc.SQLAlchemyError):
                connection.close()  # which undoes what was not committed

    def run_with_retries(self, work: Callable[[], T], *, harmless: bool) -> T:
        """What `work` gives, tried again while it surely left nothing behind; if it does no harm twice, also else."""
        if self._current_connection is not None:
            return work()  # whoever began the transaction decides
        until = time.monotonic() + RETRY_SECONDS
        pause = 0.005
        while True:
            try:
                return work()
            except (ServerConnectionLost, ServerBusy, OutcomeUnknown) as problem:
                if time.monotonic() > until or (isinstance(problem, OutcomeUnknown) and not harmless):
                    raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that two who met do not meet again
            pause = min(2 * pause, _MAX_RETRY_PAUSE)

    def purge_deleted(self) -> None:
        """Nothing to do from here: the server clears its own pages, and its log and backups are its host's."""

    def backup(self, path: Path | None, replace: bool) -> Path:
        """Not from here."""
        raise ServerKeepsBackups(path=self.display_location)

    def close(self) -> None:
        """End every connection."""
        self._engine.dispose()
