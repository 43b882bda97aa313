"""What a store does again by itself when a server fell silent, and what only as long as nothing was kept."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from assessor.store.database import Database

P = ParamSpec("P")
T = TypeVar("T")


class HasDatabase(Protocol):
    """Whoever speaks to a database."""

    _database: Database


HasDatabaseT = TypeVar("HasDatabaseT", bound=HasDatabase)
DatabaseMethod = Callable[Concatenate[HasDatabaseT, P], T]


def retry_idempotent(method: DatabaseMethod[HasDatabaseT, P, T]) -> DatabaseMethod[HasDatabaseT, P, T]:
    """Done again until it is known to be kept: for what only reads, has a key or changes nothing the second time."""
    return _retrying(method, harmless=True)


def retry_unless_committed(method: DatabaseMethod[HasDatabaseT, P, T]) -> DatabaseMethod[HasDatabaseT, P, T]:
    """Done again only where nothing can have been kept: for what would tell something else the second time."""
    return _retrying(method, harmless=False)


def _retrying(method: DatabaseMethod[HasDatabaseT, P, T], *, harmless: bool) -> DatabaseMethod[HasDatabaseT, P, T]:
    @wraps(method)
    def done(self: HasDatabaseT, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._database.run_with_retries(lambda: method(self, *args, **kwargs), harmless=harmless)

    return done
