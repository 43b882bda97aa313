"""Which methods of a store run again by themselves when a server's connection was lost, and under what condition.

Two decorators, because a connection can be lost during a commit, and then nobody knows whether it was kept. On a file
both do nothing: SQLite has one writer and no connection to lose.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from assessor.store.database import Database

P = ParamSpec("P")
T = TypeVar("T")


class HasDatabase(Protocol):
    """A class whose methods can be retried."""

    _database: Database


HasDatabaseT = TypeVar("HasDatabaseT", bound=HasDatabase)
DatabaseMethod = Callable[Concatenate[HasDatabaseT, P], T]


def retry_idempotent(method: DatabaseMethod[HasDatabaseT, P, T]) -> DatabaseMethod[HasDatabaseT, P, T]:
    """Run again until the outcome is known: for what only reads, has a key, or changes nothing the second time."""
    return _retrying(method, harmless=True)


def retry_unless_committed(method: DatabaseMethod[HasDatabaseT, P, T]) -> DatabaseMethod[HasDatabaseT, P, T]:
    """Run again only while nothing can have been kept: for what would give another result the second time."""
    return _retrying(method, harmless=False)


def _retrying(method: DatabaseMethod[HasDatabaseT, P, T], *, harmless: bool) -> DatabaseMethod[HasDatabaseT, P, T]:
    @wraps(method)
    def retried(self: HasDatabaseT, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._database.run_with_retries(lambda: method(self, *args, **kwargs), harmless=harmless)

    return retried
