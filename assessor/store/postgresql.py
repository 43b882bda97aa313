"""What only PostgreSQL understands: how it is reached, made into a store, and what its errors mean to a person."""

import re
import select
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from assessor.errors import AssessorError
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
    UnsupportedServerEncoding,
    UpgradeFailed,
)
from assessor.store.schema import Schema, upgrade_schema

#: How every connection begins. Who falls silent in the middle of something must not hold up the others for long.
SESSION_SETTINGS: Final = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'"
#: Seconds until a server that does not answer counts as gone; all of them libpq's.
_TIMEOUTS: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: Held while the tables are made, so that of many who start at once only one makes them: "asr1".
_UPGRADE_LOCK_ID: Final = 0x61737231

display_url = server_urls.display_url


def make_engine(url: str) -> sa.Engine:
    """A pool of connections to a server; none is made yet."""
    if url.startswith("sqlite"):
        return sa.create_engine(url, hide_parameters=True)
    try:
        made = sa.create_engine(
            server_urls.with_driver(url), hide_parameters=True, pool_size=10, max_overflow=20, connect_args=_TIMEOUTS
        )
    except ImportError as problem:
        raise DriverMissing() from problem
    except (ValueError, sa.exc.ArgumentError) as problem:
        raise InvalidStoreUrl() from problem
    sa.event.listen(made, "connect", _apply_settings)
    sa.event.listen(made, "checkout", _refuse_dead_connection)
    return made


def _apply_settings(connection: Any, _record: object) -> None:
    connection.autocommit = True
    connection.execute(SESSION_SETTINGS)
    connection.autocommit = False


def disable_idle_timeout(connection: sa.Connection) -> None:
    """What goes through everything may pause until its transaction ends, while the other side of a copy works."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def _refuse_dead_connection(connection: Any, _record: object, _proxy: object) -> None:
    """A server says nothing unasked but farewell; the pool then makes a new connection."""
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if connection.closed or heard.poll(0):
        raise sa.exc.DisconnectionError("the server said farewell")


@cache
def to_pyformat(dialect: str, statement: str) -> str:
    """A statement as the driver takes it, which is quicker than letting SQLAlchemy understand it each time."""
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement) if dialect == "postgresql" else statement


def row_lock_clause(of: sa.Engine) -> str:
    """What keeps others from a selected row until the transaction ends."""
    return " FOR NO KEY UPDATE" if of.dialect.name == "postgresql" else ""


def snapshot_isolation(of: sa.Engine) -> Any:
    """The isolation in which a transaction sees one unchanging picture."""
    return "REPEATABLE READ" if of.dialect.name == "postgresql" else "SERIALIZABLE"


def commit(connection: sa.Connection) -> None:
    """Commit; PostgreSQL alone would undo a transaction in which something failed and call that well done."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql" and driver.info.transaction_status.name == "INERROR":
        raise sa.exc.InvalidRequestError("something failed in this transaction")
    connection.commit()


def prepare_database(of: sa.Engine, name: str, schema: Schema, *, create: bool | None, write: bool) -> None:
    """See that the database is a store of the newest schema; an empty one is made into it, an older one upgraded."""
    with translating_errors(name), of.connect() as connection:
        _refuse_encoding(connection, name)
        found = _schema_revision(connection, name)
    if found is not None and found not in schema.revisions:
        raise StoreNewer(path=name, backup=None)
    if found == schema.newest_revision:
        return
    if found is None and (create is False or not write):
        raise ServerEmpty(path=name, command=typed_command())
    if not write:
        raise StoreOlder(path=name)
    _upgrade_under_lock(of, name, schema)


def _refuse_encoding(connection: sa.Connection, name: str) -> None:
    if connection.dialect.name == "postgresql":
        encoding = connection.execute(sa.text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise UnsupportedServerEncoding(path=name, encoding=escape_controls(str(encoding)))


def _schema_revision(connection: sa.Connection, name: str) -> str | None:
    """Of the store in a database; None when there is nothing in it at all."""
    tables = set(sa.inspect(connection).get_table_names())
    if not tables:
        return None
    if not {"alembic_version", "library", "entry"} <= tables:
        raise NotAStore(path=name, backup=None)
    return str(connection.execute(sa.text(statements.SCHEMA_REVISION)).scalar_one())


def _upgrade_under_lock(of: sa.Engine, name: str, schema: Schema) -> None:
    try:
        with of.begin() as connection:
            if of.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _UPGRADE_LOCK_ID})
            if _schema_revision(connection, name) != schema.newest_revision:  # who was first may have done it all
                upgrade_schema(connection, schema)
    except sa.exc.DBAPIError as problem:
        cause = _translate_error(problem, name)
        if isinstance(cause, ServerConnectionLost | ServerUnwritable | ServerFull):
            raise cause from problem
        raise UpgradeFailed(path=name, problem=escape_controls(str(problem.orig).partition("\n")[0])) from problem


@contextmanager
def translating_errors(name: str) -> Iterator[None]:
    """What the server reports, as what a person can do; the problem itself where it is a mistake of ours."""
    try:
        yield
    except sa.exc.TimeoutError as problem:
        raise ServerBusy(path=name) from problem
    except sa.exc.DBAPIError as problem:
        cause = _translate_error(problem, name)
        raise cause from (problem if cause is not problem else problem.__cause__)


def _translate_error(problem: sa.exc.DBAPIError, name: str) -> Exception:
    state = str(getattr(problem.orig, "sqlstate", None) or "")
    reason = escape_controls(str(problem.orig).partition("\n")[0].removeprefix("connection failed: "))
    if state in _ERRORS_BY_SQLSTATE or state[:2] in _ERRORS_BY_SQLSTATE:
        return _ERRORS_BY_SQLSTATE.get(state, _ERRORS_BY_SQLSTATE.get(state[:2], ServerConnectionLost))(
            path=name, reason=reason
        )
    if problem.connection_invalidated:
        return ServerConnectionLost(path=name)
    if problem.statement is None and not state:  # before the first statement, and without a word of a server
        return ServerUnreachable(path=name, reason=reason)
    return problem


#: By SQLSTATE, or its class.
_ERRORS_BY_SQLSTATE: Final[dict[str, type[AssessorError]]] = {
    "08": ServerConnectionLost,
    "57P01": ServerConnectionLost,  # an administrator ended the connection
    "57P02": ServerConnectionLost,  # the server fell
    "57P03": ServerConnectionLost,  # it is starting
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
