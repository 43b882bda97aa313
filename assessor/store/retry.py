"""What a store does again by itself when a server fell silent, and what only as long as nothing was kept."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from assessor.store.database import Database

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Keeps(Protocol):
    """Whoever speaks to a database."""

    _database: Database


Of = TypeVar("Of", bound=Keeps)
Method = Callable[Concatenate[Of, Given], Found]


def until_known(method: Method[Of, Given, Found]) -> Method[Of, Given, Found]:
    """Done again until it is known to be kept: for what only reads, has a key or changes nothing the second time."""
    return _again(method, harmless=True)


def while_lost(method: Method[Of, Given, Found]) -> Method[Of, Given, Found]:
    """Done again only where nothing can have been kept: for what would tell something else the second time."""
    return _again(method, harmless=False)


def _again(method: Method[Of, Given, Found], *, harmless: bool) -> Method[Of, Given, Found]:
    @wraps(method)
    def done(self: Of, /, *args: Given.args, **kwargs: Given.kwargs) -> Found:
        return self._database.again(lambda: method(self, *args, **kwargs), harmless=harmless)

    return done
