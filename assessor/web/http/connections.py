"""Connections: so many from one address, and each asks within a while; nobody's number shuts others out."""

from asyncio import TimerHandle, Transport
from collections import defaultdict
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from assessor.web.http.deployment import Setting
from assessor.web.http.rate_limit import believed, whose

#: Connections from one address; a school class behind one address with six each stays well below.
MOST: Final = 400
#: Seconds in which the head of a request must have arrived.
PATIENCE: Final = 15.0


class Line(H11Protocol):
    """One connection that knows how long it may be silent; `protocol` makes the kind that also knows the others."""

    _silent: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begins to wait for a request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """A head that comes in drops waits no longer than one that does not come."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        super().connection_lost(exc)
        self._unwatch()

    @property
    def asked(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _watch(self) -> None:
        if self.asked:
            self._unwatch()
        elif self._silent is None:
            self._silent = self.loop.call_later(PATIENCE, self._cut)

    def _unwatch(self) -> None:
        if self._silent:
            self._silent.cancel()
        self._silent = None

    def _cut(self) -> None:
        self._silent = None
        if not self.asked:
            self.transport.close()


def protocol(setting: Setting, most: int = MOST) -> type[Line]:
    """The kind of connection of one server: whoever opens one too many loses their own oldest, an idle one first."""
    held: dict[str, list[Line]] = defaultdict(list)

    class Held(Line):
        """One of those that a server holds."""

        whose: str = ""

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            peer = self.client[0] if self.client else ""
            if believed(peer, setting.proxies):  # for everybody behind it; it is the proxy that knows them apart
                return
            self.whose = whose(peer, "", ())
            held[self.whose].append(self)
            if len(held[self.whose]) > most:
                _oldest(held[self.whose]).transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            lines = held.get(self.whose, [])
            if self in lines:
                lines.remove(self)
            if not lines:
                held.pop(self.whose, None)

    return Held


def _oldest(lines: list[Line]) -> Line:
    open_ = [each for each in lines if not each.transport.is_closing()]
    return next((each for each in open_ if not each.asked), open_[0])


def roomy() -> None:
    """As many connections as the system lets this process have."""
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
