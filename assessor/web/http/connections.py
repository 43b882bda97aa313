"""Connections: so many from one address, and each asks within a while; nobody's number shuts others out."""

from asyncio import TimerHandle, Transport
from collections import defaultdict
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from assessor.web.http.deployment import Deployment
from assessor.web.http.rate_limit import client_address, is_trusted_proxy

#: Connections from one address; a school class behind one address with six each stays well below.
MAX_CONNECTIONS_PER_ADDRESS: Final = 400
#: Seconds in which the head of a request must have arrived.
HEAD_TIMEOUT: Final = 15.0


class TimedConnection(H11Protocol):
    """One connection that knows how long it may be silent; `protocol` makes the kind that also knows the others."""

    _silence_timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begins to wait for a request."""
        super().connection_made(transport)
        self._update_timer()

    def data_received(self, data: bytes) -> None:
        """A head that comes in drops waits no longer than one that does not come."""
        super().data_received(data)
        self._update_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        super().connection_lost(exc)
        self._cancel_timer()

    @property
    def is_responding(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _update_timer(self) -> None:
        if self.is_responding:
            self._cancel_timer()
        elif self._silence_timer is None:
            self._silence_timer = self.loop.call_later(HEAD_TIMEOUT, self._close_if_silent)

    def _cancel_timer(self) -> None:
        if self._silence_timer:
            self._silence_timer.cancel()
        self._silence_timer = None

    def _close_if_silent(self) -> None:
        self._silence_timer = None
        if not self.is_responding:
            self.transport.close()


def connection_class(deployment: Deployment, limit: int = MAX_CONNECTIONS_PER_ADDRESS) -> type[TimedConnection]:
    """The kind of connection of one server: whoever opens one too many loses their own oldest, an idle one first."""
    by_address: dict[str, list[TimedConnection]] = defaultdict(list)

    class LimitedConnection(TimedConnection):
        """One of those that a server holds."""

        address: str = ""

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            peer = self.client[0] if self.client else ""
            if is_trusted_proxy(peer, deployment.trusted_proxies):
                return  # one address for all the proxy's clients; only the proxy can tell them apart
            self.address = client_address(peer, "", ())
            by_address[self.address].append(self)
            if len(by_address[self.address]) > limit:
                _connection_to_close(by_address[self.address]).transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            connections = by_address.get(self.address, [])
            if self in connections:
                connections.remove(self)
            if not connections:
                by_address.pop(self.address, None)

    return LimitedConnection


def _connection_to_close(connections: list[TimedConnection]) -> TimedConnection:
    still_open = [connection for connection in connections if not connection.transport.is_closing()]
    return next((connection for connection in still_open if not connection.is_responding), still_open[0])


def raise_open_file_limit() -> None:
    """As many connections as the system lets this process have."""
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
