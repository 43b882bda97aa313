"""What was read of files that somebody sent, held until they say whether to take it in.

In memory only, for a quarter of an hour, and for the browser that sent it: the files themselves are never kept.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final, Generic, TypeVar

from assessor.usecases.workshop_secrets import new_secret
from assessor.web.http.roles import Identity

ValueT = TypeVar("ValueT")

#: Values held in all, each of one sending, and for how many seconds.
_MOST: Final = 20
_SECONDS: Final = 900.0


class HeldValues(Generic[ValueT]):
    """Values by a token that the page bears; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._held: OrderedDict[str, tuple[Identity, float, ValueT]] = OrderedDict()
        self._clock = clock
        self._lock = Lock()

    def hold(self, owner: Identity, value: ValueT) -> str:
        """The token under which the value is held; the oldest goes where there are too many."""
        token = new_secret()
        with self._lock:
            self._held[token] = (owner, self._clock(), value)
            while len(self._held) > _MOST:
                self._held.popitem(last=False)
        return token

    def find(self, owner: Identity, token: str) -> ValueT | None:
        """The value of a token; None once it is too old, or for anybody else."""
        with self._lock:
            held = self._held.get(token)
        return held[2] if held and held[0] == owner and self._clock() - held[1] < _SECONDS else None
