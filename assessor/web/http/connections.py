"""Limits connections per client address and closes silent ones, so that no client can exhaust the server.

Uvicorn limits connections in total only (`limit_concurrency`), which lets one client shut out a whole room, and it has
no timeout for a request head that arrives byte by byte (slowloris). Both are therefore added to its h11 protocol, and
`request_heads` with them:

- a connection without a complete request head within `HEAD_TIMEOUT` is closed, however often it sends a byte;
- a refused request is answered before its connection closes, whatever is still on its way;
- a client address over its limit loses its own oldest connection, an idle one first. Others never notice.

A trusted proxy is not limited: it carries everybody's requests, and it alone can tell its clients apart.
Timeouts of request bodies are in `guard`, attempts at secrets in `rate_limit`.
"""

from asyncio import TimerHandle, Transport
from collections import defaultdict
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from assessor.web.http.deployment import Deployment
from assessor.web.http.rate_limit import client_address, is_trusted_proxy
from assessor.web.http.request_heads import StrictConnection

#: Connections from one address: a room of 1,000 phones behind it, each with a stream and one for what it sends.
MAX_CONNECTIONS_PER_ADDRESS: Final = 2_500
#: Seconds in which the head of a request must have arrived.
HEAD_TIMEOUT: Final = 15.0
#: Seconds in which what still comes behind a refused request is read and dropped.
LINGER_TIMEOUT: Final = 2.0


class TimedConnection(H11Protocol):
    """A connection that is closed when it stays without a complete request for too long.

    `connection_class` adds the limit per address.
    """

    _silence_timer: TimerHandle | None = None
    _is_refused: bool = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn = StrictConnection()

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Start waiting for a request head."""
        super().connection_made(transport)
        self._update_timer()

    def data_received(self, data: bytes) -> None:
        """Stop the timer when a request is complete; bytes of an incomplete head do not restart it."""
        if self._is_refused:
            return
        super().data_received(data)
        self._update_timer()

    def send_400_response(self, msg: str) -> None:
        """Refuse what came, and drop what still comes until the client closes or `LINGER_TIMEOUT` has passed.

        Closed at once, the connection would be reset by the bytes on their way, and the client might never read why
        (RFC 9112, 9.6).
        """
        self._is_refused = True
        text = msg.encode("ascii")
        headers = [("content-type", "text/plain"), ("content-length", str(len(text))), ("connection", "close")]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=text), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._cancel_timer()
        self._silence_timer = self.loop.call_later(LINGER_TIMEOUT, self._close_if_silent)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timer."""
        super().connection_lost(exc)
        self._cancel_timer()

    @property
    def is_responding(self) -> bool:
        """Whether a response is being sent; such a connection is never timed out."""
        return self.cycle is not None and not self.cycle.response_complete

    def _update_timer(self) -> None:
        """Run the timer exactly while no response is being sent; a running timer is not restarted."""
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
    """The protocol class for one server; a client with more than `limit` connections loses its oldest.

    A class rather than an instance, because uvicorn creates the connections itself; all connections of the server share
    the table of connections through the closure.
    """
    by_address: dict[str, list[TimedConnection]] = defaultdict(list)

    class LimitedConnection(TimedConnection):
        """A connection that counts against the limit of its client address."""

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
    """The oldest connection that sends no response, else the oldest that is still open."""
    still_open = [connection for connection in connections if not connection.transport.is_closing()]
    return next((connection for connection in still_open if not connection.is_responding), still_open[0])
