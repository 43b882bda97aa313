"""A database server as the store's database, through SQLAlchemy; imported only where somebody names a server.

Any number of processes and threads may write at once. Each thread has at most one transaction at a time, so a nested
one joins it. A lost connection is replaced by the next statement. What is retried, and for how long, is decided here
and nowhere above; what is peculiar to PostgreSQL stands in `postgresql`.
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

from assessor.store import postgresql, storable_text
from assessor.store.database import Row, T
from assessor.store.driver_connection import DriverConnection, Isolation, check_out
from assessor.store.errors import OutcomeUnknown, ServerBusy, ServerConnectionLost, ServerKeepsBackups, StoreReadOnly
from assessor.store.schema import SCHEMA, Schema

#: Seconds for which something is retried before it fails; a server restarts in less.
RETRY_SECONDS: Final = 8.0
#: The longest pause between two tries.
_MAX_RETRY_PAUSE: Final = 0.5
#: Rows sent to the server at once.
_BATCH_ROWS: Final = 1_000


class ServerDatabase:
    """One for all threads of a process; each thread has a transaction of its own."""

    def __init__(self, url: str, schema: Schema = SCHEMA, *, create: bool | None = None, write: bool = True) -> None:
        self.display_location = postgresql.display_url(url)
        self._engine = postgresql.make_engine(url)
        self.is_writable = write
        self._thread_local = threading.local()
        #: A server keeps others from a row; SQLite locks the whole file instead.
        self.row_lock = postgresql.row_lock_clause(self._engine)
        self.shared_row_lock = postgresql.row_lock_clause(self._engine, shared=True)
        self._lock_clauses = tuple(filter(None, (self.row_lock, self.shared_row_lock)))
        try:
            self.numbered_names = postgresql.prepare_database(
                self._engine, self.display_location, schema, create=create, write=write
            )
        except BaseException:
            self.close()
            raise

    @property
    def _current_connection(self) -> DriverConnection | None:
        """The connection of this thread's transaction; None outside of one."""
        return getattr(self._thread_local, "connection", None)

    def execute(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement; outside of a transaction it is retried by itself where a connection was lost."""
        reads = statement.startswith("SELECT")
        if not storable_text.can_be_stored(values.values(), refuse=statement.startswith(("INSERT", "UPDATE"))):
            return []  # nothing stored can match
        connection = self._current_connection
        if connection is not None:
            return self._execute_in_transaction(connection, statement, values)
        return self.run_with_retries(lambda: self._execute_alone(statement, values, reads), harmless=reads)

    def _execute_alone(self, statement: str, values: Mapping[str, object], reads: bool) -> list[Row]:
        """Run a read in autocommit, which saves two round trips, and a write in a transaction of its own."""
        if not reads:
            with self.write_transaction():
                return self.execute(statement, **values)
        with self._transaction("autocommit") as connection:
            return connection.execute(statement, values)

    def _execute_in_transaction(
        self, connection: DriverConnection, statement: str, values: Mapping[str, object]
    ) -> list[Row]:
        """The rows of one statement; one that locks is sent once, as what it locked is locked until the end."""
        locked: dict[tuple[object, ...], list[Row]] = self._thread_local.locked
        known = (statement, *values.values())
        if known in locked:
            return locked[known]
        rows = connection.execute(statement, values)
        if rows and statement.endswith(self._lock_clauses):
            locked[known] = rows
        elif statement.startswith("DELETE"):
            locked.clear()
        return rows

    def execute_many(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run a statement for each row; within a transaction of the caller's."""
        connection, waiting = self._require_connection(), iter(rows)
        connection.disable_idle_timeout()
        while batch := list(islice(waiting, _BATCH_ROWS)):
            try:
                connection.execute_many(statement, batch)
            except self._engine.dialect.loaded_dbapi.DataError:
                storable_text.can_be_stored((value for row in batch for value in row.values()), refuse=True)
                raise

    def stream_rows(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement, one at a time, within a transaction of the caller's; nothing is buffered."""
        connection = self._require_connection()
        connection.disable_idle_timeout()
        yield from connection.stream_rows(statement)

    def _require_connection(self) -> DriverConnection:
        """The connection of this thread's transaction; a mistake of the program where there is none."""
        connection = self._current_connection
        if connection is None:
            raise RuntimeError("outside of a transaction")
        return connection

    @contextmanager
    def read_transaction(self) -> Iterator[None]:
        """One snapshot, however many write meanwhile; joins a transaction that is open already."""
        if self._current_connection is not None:
            yield
            return
        with self._transaction("snapshot"):
            yield

    @contextmanager
    def write_transaction(self) -> Iterator[None]:
        """Committed when left, or rolled back.

        Raises `OutcomeUnknown` when the connection was lost during the commit.
        """
        if self._current_connection is not None:
            yield
            return
        if not self.is_writable:
            raise StoreReadOnly(path=self.display_location)
        with self._transaction("committed") as connection:
            yield
            if connection.is_lost:  # lost before, whatever became of the error: surely nothing was kept
                raise ServerConnectionLost(path=self.display_location)
            try:
                connection.commit()
            except ServerConnectionLost as problem:
                raise OutcomeUnknown(path=self.display_location) from problem

    @contextmanager
    def _transaction(self, isolation: Isolation) -> Iterator[DriverConnection]:
        """A connection that is this thread's until the block ends; what was not committed is rolled back."""
        connection = check_out(self._engine, self.display_location, isolation)
        self._thread_local.connection, self._thread_local.locked = connection, {}
        try:
            yield connection
        finally:
            self._thread_local.connection = None
            with suppress(sa.exc.SQLAlchemyError):
                connection.close()  # rolls back what was not committed

    def run_with_retries(self, work: Callable[[], T], *, harmless: bool) -> T:
        """The result of `work`, retried while it surely left nothing behind; if it is `harmless`, also where that is
        unknown.

        Inside a transaction it runs once: the outermost caller retries the whole. Pauses grow and vary, so that two
        processes that met do not meet again.
        """
        if self._current_connection is not None:
            return work()
        until = time.monotonic() + RETRY_SECONDS
        pause = 0.005
        while True:
            try:
                return work()
            except (ServerConnectionLost, ServerBusy, OutcomeUnknown) as problem:
                if time.monotonic() > until or (isinstance(problem, OutcomeUnknown) and not harmless):
                    raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
            pause = min(2 * pause, _MAX_RETRY_PAUSE)

    def purge_deleted(self) -> None:
        """Does nothing: the server vacuums its own pages; its log and backups are up to its administrator."""

    def require_in_place(self) -> None:
        """Does nothing: a server's address names the server, wherever its files lie."""

    def copy_to_new_file(self) -> Path:
        """Raises `ServerKeepsBackups`."""
        raise ServerKeepsBackups(path=self.display_location)

    def backup(self, path: Path | None, replace: bool) -> Path:
        """Raises `ServerKeepsBackups`."""
        raise ServerKeepsBackups(path=self.display_location)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
