"""What only PostgreSQL understands: how it is reached, made into a store, and what its errors mean to a person.

`server_database` is the other half: the store's transactions, in portable terms; `driver_connection` runs statements.
Functions here also accept an SQLite engine, with which the tests run the server's code where there is no server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from assessor.errors import AssessorError
from assessor.platform_calls import is_readable
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command
from assessor.store import server_urls, statements
from assessor.store.errors import (
    DriverMissing,
    InvalidStoreUrl,
    NotAStore,
    ServerBusy,
    ServerConnectionLost,
    ServerEmpty,
    ServerFull,
    ServerUnreachable,
    ServerUnwritable,
    StoreNewer,
    StoreOlder,
    StoreUsedByOlder,
    UnsupportedServerEncoding,
    UpgradeFailed,
)
from assessor.store.schema import Schema, upgrade_schema

#: Run at the start of every connection: a client that falls silent inside a transaction must not block others for long,
#: and no statement is compiled: ours take milliseconds, and compiling them took most of the time of a full room.
SESSION_SETTINGS: Final = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; SET jit = off"
#: Seconds until a server that does not answer counts as gone; all of them libpq's.
_TIMEOUTS: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: Advisory lock held while tables are made, so that of many processes that start at once only one makes them: "asr1".
_UPGRADE_LOCK_ID: Final = 0x61737231
#: Advisory lock that every session of a running program shares, so that nobody changes the tables beneath it: "asr2".
_USE_LOCK_ID: Final = 0x61737232

display_url = server_urls.display_url


def make_engine(url: str) -> sa.Engine:
    """A pool of connections, none of them made yet; raises `DriverMissing` or `InvalidStoreUrl`."""
    if url.startswith("sqlite"):
        return sa.create_engine(url, hide_parameters=True)
    try:
        engine = sa.create_engine(
            server_urls.with_driver(url), hide_parameters=True, pool_size=10, max_overflow=20, connect_args=_TIMEOUTS
        )
    except ImportError as problem:
        raise DriverMissing() from problem
    except (ValueError, sa.exc.ArgumentError) as problem:
        raise InvalidStoreUrl() from problem
    sa.event.listen(engine, "connect", _apply_settings)
    sa.event.listen(engine, "checkout", _refuse_dead_connection)
    return engine


def _apply_settings(connection: Any, _record: object) -> None:
    """In autocommit, as a SET inside a transaction is undone when that is rolled back."""
    connection.autocommit = True
    connection.execute(SESSION_SETTINGS)
    connection.autocommit = False


def connect(engine: sa.Engine, name: str) -> sa.Connection:
    """A connection from the pool; raises as `translating_errors`, however it was lost on the way."""
    with translating_errors(name):
        try:
            return engine.connect()
        except sa.exc.InvalidRequestError as problem:  # the pool gives up after two that ended as it took them
            raise ServerConnectionLost(path=name) from problem
        except engine.dialect.loaded_dbapi.Error as problem:  # from preparing the connection, which nothing wraps
            raise ServerConnectionLost(path=name) from problem


def _refuse_dead_connection(connection: Any, _record: object, _proxy: object) -> None:
    """Make the pool replace a connection that the server has closed.

    A server sends nothing unasked except its goodbye, so anything readable means that the connection is gone. This
    costs one system call, where SQLAlchemy's own `pool_pre_ping` costs a round trip at every checkout.
    """
    if connection.closed or is_readable(connection.fileno()):
        raise sa.exc.DisconnectionError("the server said farewell")


def row_lock_clause(engine: sa.Engine, *, shared: bool = False) -> str:
    """The clause that locks selected rows until the transaction ends, and lets rows that refer to them be added."""
    if engine.dialect.name != "postgresql":
        return ""
    return " FOR SHARE" if shared else " FOR NO KEY UPDATE"


def prepare_database(
    engine: sa.Engine, name: str, schema: Schema, *, create: bool | None, write: bool
) -> tuple[str, ...]:
    """Make sure that the database is a store of the newest schema; make or upgrade it where that is allowed.

    Returns the names that got a number by it. Raises `ServerEmpty`, `StoreOlder` or `StoreNewer` where it is not,
    `NotAStore` for tables of another program.
    """
    with translating_errors(name), connect(engine, name) as connection:
        _refuse_encoding(connection, name)
        revision = _schema_revision(connection, name)
    if revision is not None and revision not in schema.revisions:
        raise StoreNewer(path=name, backup=None)
    numbered: tuple[str, ...] = ()
    if revision != schema.newest_revision:
        if revision is None and (create is False or not write):
            raise ServerEmpty(path=name, command=typed_command())
        if not write:
            raise StoreOlder(path=name)
        numbered = _upgrade_under_lock(engine, name, schema)
    _declare_use(engine, name, schema)
    return numbered


def _declare_use(engine: sa.Engine, name: str, schema: Schema) -> None:
    """Have every session from now on share the lock that keeps the tables as they are; raises `StoreNewer`."""
    if engine.dialect.name != "postgresql":
        return
    engine.dispose()
    sa.event.listen(engine, "connect", _share_use)
    with translating_errors(name), connect(engine, name) as connection:
        if _schema_revision(connection, name) != schema.newest_revision:  # changed between the look and the lock
            raise StoreNewer(path=name, backup=None)


def _share_use(connection: Any, _record: object) -> None:
    connection.autocommit = True
    connection.execute(f"SELECT pg_advisory_lock_shared({_USE_LOCK_ID})")
    connection.autocommit = False


def _refuse_encoding(connection: sa.Connection, name: str) -> None:
    if connection.dialect.name == "postgresql":
        encoding = connection.execute(sa.text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise UnsupportedServerEncoding(path=name, encoding=escape_controls(str(encoding)))


def _schema_revision(connection: sa.Connection, name: str) -> str | None:
    """The revision of the store in a database; None when there are no tables at all."""
    tables = set(sa.inspect(connection).get_table_names())
    if not tables:
        return None
    if not {"alembic_version", "library", "entry"} <= tables:
        raise NotAStore(path=name, backup=None)
    return str(connection.execute(sa.text(statements.SCHEMA_REVISION)).scalar_one())


def _upgrade_under_lock(engine: sa.Engine, name: str, schema: Schema) -> tuple[str, ...]:
    """Upgrade in one transaction under the advisory lock; a failure leaves the database as it was."""
    try:
        with connect(engine, name) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _UPGRADE_LOCK_ID})
            # Another process may have upgraded it while we waited.
            if _schema_revision(connection, name) == schema.newest_revision:
                return ()
            _refuse_use(connection, name)
            numbered = upgrade_schema(connection, schema)
        return numbered
    except sa.exc.DBAPIError as problem:
        cause = error_for(problem.orig, name, is_lost=problem.connection_invalidated)
        if isinstance(cause, ServerConnectionLost | ServerUnwritable | ServerFull):
            raise cause from problem
        raise UpgradeFailed(path=name, problem=reason_of(problem.orig)) from problem


def _refuse_use(connection: sa.Connection, name: str) -> None:
    """Raise `StoreUsedByOlder` while a program runs that knows the tables as they are now."""
    if connection.dialect.name == "postgresql":
        alone = sa.text("SELECT pg_try_advisory_xact_lock(:use)")
        if not connection.execute(alone, {"use": _USE_LOCK_ID}).scalar_one():
            raise StoreUsedByOlder(path=name)


@contextmanager
def translating_errors(name: str) -> Iterator[None]:
    """Raise what the server reports as an error with a cure; itself where it is a mistake of the program."""
    try:
        yield
    except sa.exc.TimeoutError as problem:
        raise ServerBusy(path=name) from problem
    except sa.exc.DBAPIError as problem:
        cause = error_for(problem.orig, name, is_lost=problem.connection_invalidated)
        if cause is None and problem.statement is None:  # before the first statement, without an answer from a server
            cause = ServerUnreachable(path=name, reason=reason_of(problem.orig))
        if cause is None:
            raise
        raise cause from problem


def error_for(problem: BaseException | None, name: str, *, is_lost: bool) -> AssessorError | None:
    """The error for what the driver reports, by SQLSTATE where there is one; None for a mistake of the program."""
    state = str(getattr(problem, "sqlstate", None) or "")
    known = _ERRORS_BY_SQLSTATE.get(state) or _ERRORS_BY_SQLSTATE.get(state[:2])
    if known:
        return known(path=name, reason=reason_of(problem))
    return ServerConnectionLost(path=name) if is_lost else None


def reason_of(problem: BaseException | None) -> str:
    """What the server says, in one line."""
    return escape_controls(str(problem).partition("\n")[0].removeprefix("connection failed: "))


#: By SQLSTATE, or by its class, the first two characters.
_ERRORS_BY_SQLSTATE: Final[dict[str, type[AssessorError]]] = {
    "08": ServerConnectionLost,
    "57P01": ServerConnectionLost,  # an administrator ended the connection
    "57P02": ServerConnectionLost,  # the server crashed
    "57P03": ServerConnectionLost,  # it is starting up
    "57P05": ServerConnectionLost,  # idle for too long
    "25P03": ServerConnectionLost,  # likewise, in a transaction
    "40": ServerBusy,  # deadlock, or serialization
    "23503": ServerBusy,  # what was referred to has just been erased
    "23505": ServerBusy,  # somebody else has just added the same
    "55P03": ServerBusy,
    "57014": ServerBusy,
    "53300": ServerBusy,
    "53100": ServerFull,
    "25006": ServerUnwritable,  # a replica
    "42501": ServerUnwritable,
    "28": ServerUnreachable,  # the password, or the user
    "3D000": ServerUnreachable,  # no such database
}
