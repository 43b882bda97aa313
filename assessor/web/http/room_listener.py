"""A room's pages beside one's own: a second listener in the same program, opened when a workshop is led from there.

It carries the routes of a room alone (`route_table.WORKSHOP_ROUTES`), on the addresses that phones reach, and shares
the one thread that writes to the store. Before that, nothing but the loopback address answers.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Final

from assessor.platform_calls import raise_open_file_limit
from assessor.web.http.addresses import AddressWatch, in_url, local_addresses
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.listening import LOOPBACK, PortTaken, listen, listen_beside

if TYPE_CHECKING:
    import uvicorn  # which is not there in a browser

#: Tried first, beside the port of one's own pages, so that phones find a room again.
_ROOM_PORT: Final = 8720

#: Makes uvicorn's settings of a room's pages, from how it is reached and from what watches its address.
MakeConfig = Callable[[Deployment, AddressWatch], "uvicorn.Config"]


def room_deployment(own: Sequence[str], port: int) -> Deployment:
    """How the room reaches this machine, without HTTPS: by any of its own addresses, of which phones are told one."""
    names = [in_url(address) for address in own]
    return Deployment(
        audience=Audience.LOCAL_NETWORK,
        host_names=frozenset({*names, LOOPBACK}),
        base_url=f"http://{names[0]}:{port}",
        port=port,
    )


class AddedListeners:
    """Serves the addresses that the machine gets while a room goes on, at the room's port and in the same loop."""

    def __init__(self, config: "uvicorn.Config", port: int) -> None:
        """Serve by these settings, which have no lifespan."""
        self._config = config
        self._port = port
        self._served: list[tuple[uvicorn.Server, asyncio.Task[None]]] = []

    def listen_on(self, address: str) -> bool:
        """Begin to serve an address; False where its port is taken, or the address gone again."""
        try:
            listening = listen(self._port, address)
        except PortTaken:
            return False
        server = _server_beside(self._config)
        self._served.append((server, asyncio.create_task(server.serve([listening]))))
        return True

    async def stop(self) -> None:
        """Serve none of them any more."""
        for server, _task in self._served:
            server.should_exit = True
        await asyncio.gather(*(task for _server, task in self._served))


def _server_beside(config: "uvicorn.Config") -> "uvicorn.Server":
    """A server whose signals are handled by the one that it is beside."""
    import uvicorn

    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[assignment, method-assign]
    return server


class RoomListener:
    """Serves a room once it is started, in the event loop of the server that it stands beside."""

    def __init__(self, make_config: MakeConfig, find: Callable[[], tuple[str, ...]] = local_addresses) -> None:
        self._make_config = make_config
        self._find = find
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._added: AddedListeners | None = None
        self._tasks: list[asyncio.Task[None]] = []
        #: How the room is reached; None before it is started.
        self.deployment: Deployment | None = None

    @property
    def own_address(self) -> str:
        """Where this machine's own browser finds the room, whatever becomes of its network."""
        return f"http://{LOOPBACK}:{self.deployment.port}" if self.deployment else ""

    def attach(self) -> None:
        """Remember the running event loop, in which the room is to be served."""
        self._loop = asyncio.get_running_loop()

    def start(self) -> Deployment:
        """Let the room in; once it is, how it is reached. Called from the store's thread."""
        if self.deployment is None and self._loop:
            own = self._find() or (LOOPBACK,)
            listening = _listen(own[0])
            beside = listen_beside(listening) + listen_beside(listening, *own[1:])
            self.deployment = room_deployment(own, listening.getsockname()[1])
            watch = AddressWatch(own[0], find=self._find)
            raise_open_file_limit()
            self._loop.call_soon_threadsafe(self._serve, self.deployment, watch, [listening, *beside])
        assert self.deployment  # noqa: S101 - the loop runs before any request comes
        return self.deployment

    def _serve(self, deployment: Deployment, watch: AddressWatch, sockets: list[socket.socket]) -> None:
        config = self._make_config(deployment, watch)
        self._server, self._added = _server_beside(config), AddedListeners(config, deployment.port)
        watch.follow(self._find(), deployment.port, self._added.listen_on)
        work = (self._server.serve(sockets), watch.run())
        self._tasks = [asyncio.create_task(each) for each in work]

    async def stop(self) -> None:
        """Serve the room no more."""
        if self._server:
            self._server.should_exit = True
            self._tasks[1].cancel()
            await self._added.stop() if self._added else None
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*self._tasks)


def _listen(host: str) -> socket.socket:
    """A listening socket at the usual port of a room, else at any that is free."""
    with suppress(OSError):
        return listen(_ROOM_PORT, host)
    return listen(0, host)
