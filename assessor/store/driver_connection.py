"""A connection of SQLAlchemy's pool, on which the driver alone runs statements.

The pool makes, keeps and replaces connections. Its `Connection` spends more on a statement than driver and server do
together, on describing rows that are tuples already, and a room or a nation sends thousands of short ones.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import sqlalchemy as sa

from assessor.store.database import Row
from assessor.store.errors import ServerBusy, ServerConnectionLost, ServerUnreachable
from assessor.store.postgresql import error_for, reason_of

#: What the statements of a connection see: each by itself, committed at once; all that was committed before it; or one
#: unchanging snapshot.
Isolation = Literal["autocommit", "committed", "snapshot"]


def check_out(engine: sa.Engine, name: str, isolation: Isolation) -> "DriverConnection":
    """A connection from the pool; raises `ServerUnreachable`, `ServerBusy`, or `ServerConnectionLost`."""
    dialect: Any = engine.dialect
    try:
        pooled = engine.raw_connection()
    except sa.exc.TimeoutError as problem:
        raise ServerBusy(path=name) from problem
    except sa.exc.InvalidRequestError as problem:  # the pool gives up after two that ended as it took them
        raise ServerConnectionLost(path=name) from problem
    except dialect.loaded_dbapi.Error as problem:
        cause = error_for(problem, name, is_lost=False)
        raise cause or ServerUnreachable(path=name, reason=reason_of(problem)) from problem
    connection = DriverConnection(pooled, dialect, name)
    try:
        connection.isolate(isolation)
    except BaseException:
        connection.close()
        raise
    return connection


@dataclass(frozen=True, slots=True)
class DriverConnection:
    """Taken from the pool until it is closed.

    Each method raises what the server reports as an error with a cure, the driver's own where it is a mistake of the
    program, and `ServerConnectionLost` where it was lost before and the caller went on.
    """

    pooled: sa.PoolProxiedConnection
    dialect: Any
    #: The server's, safe to show.
    name: str

    @property
    def is_lost(self) -> bool:
        """Whether the server ended it, or the way there broke."""
        return not self.pooled.is_valid

    @property
    def _is_postgresql(self) -> bool:
        return bool(self.dialect.name == "postgresql")

    def isolate(self, isolation: Isolation) -> None:
        """Choose what its statements see; SQLite has one writer and needs no choice."""
        if not self._is_postgresql:
            return
        autocommit, level = isolation == "autocommit", _REPEATABLE_READ if isolation == "snapshot" else None
        with self._translating_errors() as driver:  # each is a call into the driver, and most stay as they are
            if driver.autocommit != autocommit:
                driver.autocommit = autocommit
            if driver.isolation_level != level:
                driver.isolation_level = level

    def execute(self, statement: str, values: Mapping[str, object]) -> list[Row]:
        """The rows of one statement; none of one that returns none."""
        with self._translating_errors() as driver:
            cursor = driver.execute(_in_driver_notation(self.dialect.name, statement), values)
            rows: list[Row] = [] if statement.startswith(_WITHOUT_ROWS) else cursor.fetchall()
            return rows

    def execute_many(self, statement: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement for each row of values."""
        with self._translating_errors() as driver:
            driver.cursor().executemany(_in_driver_notation(self.dialect.name, statement), rows)

    def stream_rows(self, statement: str) -> Iterator[Row]:
        """The rows of one statement, few of them in memory at a time."""
        with self._translating_errors() as driver, closing(self._streaming_cursor(driver)) as cursor:
            cursor.execute(statement)
            yield from cursor

    def _streaming_cursor(self, driver: Any) -> Any:
        """A cursor that does not fetch all rows at once; with a name, the server keeps them."""
        return driver.cursor("rows") if self._is_postgresql else driver.cursor()

    def disable_idle_timeout(self) -> None:
        """Let the current transaction pause as long as it must, while the other side of a copy works."""
        if self._is_postgresql:
            self.execute("SET LOCAL idle_in_transaction_session_timeout = 0", {})

    def commit(self) -> None:
        """Commit; raises where a statement failed before, as PostgreSQL would roll back and report success."""
        with self._translating_errors() as driver:
            if self._is_postgresql and driver.info.transaction_status.name == "INERROR":
                raise sa.exc.InvalidRequestError("something failed in this transaction")
            driver.commit()

    def close(self) -> None:
        """Give it back to the pool, which rolls back what was not committed."""
        self.pooled.close()

    @contextmanager
    def _translating_errors(self) -> Iterator[Any]:
        """The driver's connection; one that is lost within is never used again."""
        driver = self.pooled.dbapi_connection
        if driver is None:
            raise ServerConnectionLost(path=self.name)
        try:
            yield driver
        except self.dialect.loaded_dbapi.Error as problem:
            is_lost = self.dialect.is_disconnect(problem, driver, None)
            if is_lost:
                self.pooled.invalidate(problem)
            cause = error_for(problem, self.name, is_lost=is_lost)
            if cause is None:
                raise
            raise cause from problem


#: How statements without rows begin; asking the cursor for what it has would describe all its columns.
_WITHOUT_ROWS: Final = ("INSERT", "UPDATE", "DELETE", "SET")
#: `psycopg.IsolationLevel.REPEATABLE_READ`, without importing the driver where there is no server.
_REPEATABLE_READ: Final = 3


@cache
def _in_driver_notation(dialect: str, statement: str) -> str:
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement) if dialect == "postgresql" else statement
