"""Check and act in one transaction, for the methods of a use case.

What a use case finds out may no longer hold when it acts, as other processes write too. So both happen in the same
transaction, and a method holds what it looks at before it looks: `WorkshopStore.hold`, `share` and their like.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from assessor.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class HasStore(Protocol):
    """A use case over a store."""

    _store: Store


HasStoreT = TypeVar("HasStoreT", bound=HasStore)
UseCaseMethod = Callable[Concatenate[HasStoreT, P], T]


def in_one_transaction(method: UseCaseMethod[HasStoreT, P, T]) -> UseCaseMethod[HasStoreT, P, T]:
    """All that the method reads and writes is one transaction, run again as `Store.run_in_transaction` says."""

    @wraps(method)
    def run(self: HasStoreT, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._store.run_in_transaction(lambda: method(self, *args, **kwargs))

    return run
