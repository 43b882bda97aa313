"""Starts and stops the HTTP server: for one person on the loopback interface, or for workshops.

The commands `open` and `serve` call this module. It binds the socket, builds the `Services` and runs uvicorn until it
is stopped; who may reach the server is described by `http.deployment`, and what it answers by `app`.
"""

import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from assessor.bank import Bank, LatestBank
from assessor.core_dumps import hide_memory
from assessor.platform_calls import raise_open_file_limit
from assessor.store import Store
from assessor.web.app import create_app
from assessor.web.http import connections, workers
from assessor.web.http.addresses import AddressWatch
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.listening import LOOPBACK, listen
from assessor.web.http.metrics import Metrics, Row, shared_rows
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.room_listener import AddedListeners, RoomListener
from assessor.web.http.sessions import SessionStore
from assessor.web.http.store_worker import StoreNotices, StoreWorker
from assessor.web.own_browser import open_beside
from assessor.web.printing import PATIENCE, PrintQueue, turns_here
from assessor.web.services import Services
from assessor.web.workshop.live_updates import LiveUpdates


def serve(
    store: Path | str | None,
    *,
    bank: Bank,
    language: str,
    chosen_language: str | None,
    library: str | None,
    port: int | None,
    contact: str,
    show: Callable[[str], None],
    notices: StoreNotices,
    browse: bool,
) -> None:
    """Serve one person's own pages until Ctrl-C or until the page for closing is used.

    `show` receives each new address to open; there is a new one each time a secret was used. `notices` learns what
    befalls the store. A store that goes meanwhile is not begun anew. `chosen_language` is the
    language requested on the command line; None lets the browser's preference decide, then `language`.
    Raises `PortTaken`, and whatever would stop the store or the bank from being used, before anything is served.
    """
    hide_memory()
    _open_once(store, notices)  # raises now what would otherwise stop the first request
    bank.require_instrument()
    listening = listen(port)
    number = listening.getsockname()[1]
    address = f"http://{LOOPBACK}:{number}/in/"
    sessions = SessionStore(on_new_secret=lambda secret: show(address + secret))
    worker = StoreWorker(lambda: Store.open(store, create=False), notices=notices)
    ending: list[uvicorn.Server] = []

    alike = ServerConfig(bank=LatestBank(bank), default_language=language, contact=contact)
    room, end = _room_beside(worker, alike), lambda: _stop_server(ending[0])
    config = replace(alike, chosen_language=chosen_language, library=library, stop_server=end, room=room)
    services = Services(config, worker, sessions, f"assessor-{number}")

    def on_ready() -> None:
        room.attach()
        show(address + sessions.secret)
        open_beside(address + sessions.secret) if browse else None

    ending.append(_Server(uvicorn_config(services), on_ready, before_end=room.stop))
    with suppress(KeyboardInterrupt), listening:
        ending[0].run(sockets=[listening])


def _room_beside(worker: StoreWorker, config: ServerConfig) -> RoomListener:
    """The listener for a room that shares the store's thread, which ends with one's own pages."""

    def make_config(deployment: Deployment, watch: AddressWatch) -> uvicorn.Config:
        worker.keep_open()
        of_room = replace(config, deployment=deployment, address_watch=watch)
        updates = LiveUpdates(outside_changes=lambda: watch.changes)
        return uvicorn_config(Services(of_room, worker, live_updates=updates), with_lifespan=False)

    return RoomListener(make_config)


def _open_once(store: Path | str | None, notices: StoreNotices) -> None:
    """Raise now what would otherwise stop the first request; the own store is begun where there is none."""
    with Store.open(store) as opened:
        notices.numbered(opened.numbered_names)
        if opened.expiry:
            notices.expired(opened.expiry)


def workshop_services(
    store: str | Path | None,
    deployment: Deployment,
    *,
    bank: Bank,
    language: str,
    contact: str = "",
    run_by: str = "",
    copies_days: int | None = None,
    notices: StoreNotices,
    address_watch: AddressWatch | None = None,
) -> Services:
    """Services of one server process for workshops; raises at once what would stop the store or the bank from working.

    The store stays open until the server ends, however long nobody taps: reopening it would make a whole room wait.
    """
    _open_once(store, notices)
    bank.require_instrument()
    watch = address_watch or AddressWatch()
    config = ServerConfig(
        bank=LatestBank(bank),
        default_language=language,
        contact=contact,
        run_by=run_by,
        copies_days=copies_days,
        deployment=deployment,
        address_watch=watch,
    )
    worker = StoreWorker(lambda: Store.open(store, create=False), idle_seconds=None, notices=notices)
    metrics, live = Metrics(), LiveUpdates(outside_changes=lambda: watch.changes)
    return Services(config, worker, live_updates=live, metrics=metrics, print_queue=PrintQueue((), metrics, PATIENCE))


def serve_workshops(
    make_services: Callable[[], Services],
    processes: Sequence[Sequence[socket.socket]],
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve workshops until Ctrl-C, in `processes` given by the sockets that each listens on.

    `on_ready` is called once connections are accepted. Several processes each make their own services after the fork,
    and share nothing but the store.
    """
    hide_memory()
    raise_open_file_limit()
    with ExitStack() as closing:
        for listening in chain.from_iterable(processes):
            closing.enter_context(listening)
        if len(processes) == 1:
            _run_server(make_services, processes[0], on_ready)
            return
        folder, rows = closing.enter_context(TemporaryDirectory(prefix="assessor-")), shared_rows(len(processes))
        turns = [Path(folder, f"turn-{number}") for number in range(turns_here())]
        works = [
            partial(_run_server, partial(_sharing, make_services, turns, rows, number), sockets)
            for number, sockets in enumerate(processes)
        ]
        workers.run_workers(works, on_ready)


def _sharing(make_services: Callable[[], Services], turns: Sequence[Path], rows: Sequence[Row], own: int) -> Services:
    """Services of one process of several: documents are laid out in turns of all, and what is counted is added up."""
    metrics = Metrics(rows, own)
    return replace(make_services(), metrics=metrics, print_queue=PrintQueue(turns, metrics, PATIENCE))


class _Server(uvicorn.Server):
    """Calls `on_ready` once it handles signals, so that whoever reads the address can end it without a traceback."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        before_end: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._before_end = before_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._before_end:
            await self._before_end()
        await super().shutdown(sockets)


def _run_server(
    make_services: Callable[[], Services],
    sockets: Sequence[socket.socket],
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Run one uvicorn server on sockets that are listening already; Ctrl-C ends it quietly."""
    services = make_services()
    watch, port = services.config.address_watch, services.deployment.port
    added = AddedListeners(uvicorn_config(services, with_lifespan=False), port)
    watch.follow((each.getsockname()[0] for each in sockets), port, added.listen_on)
    with suppress(KeyboardInterrupt):
        _Server(uvicorn_config(services), on_ready, before_end=added.stop).run(sockets=list(sockets))


def uvicorn_config(services: Services, *, with_lifespan: bool = True) -> uvicorn.Config:
    """Uvicorn's settings: no access log, bounded request heads, and connections limited per client address.

    Without its lifespan a server neither watches its address nor ends the store's thread.
    """
    return uvicorn.Config(
        create_app(services),
        access_log=False,  # addresses contain secrets
        log_level="error" if os.environ.get("ASSESSOR_DEBUG") else "critical",  # a traceback may hold what was typed
        server_header=False,
        proxy_headers=False,
        ws="none",
        http=connections.connection_class(services.deployment),
        loop="asyncio",
        lifespan="on" if with_lifespan else "off",
        limit_concurrency=100
        if services.deployment.audience is Audience.OWNER
        else None,  # never a limit for a whole room: http.connections limits each address
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        backlog=2048,
    )


def _stop_server(server: uvicorn.Server) -> None:
    server.should_exit = True
