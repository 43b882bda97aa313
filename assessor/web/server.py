"""Starts and stops the HTTP server: for one person on the loopback interface, or for workshops.

The commands `open` and `serve` call this module. It binds the socket, builds the `Services` and runs uvicorn until it
is stopped; who may reach the server is described by `http.deployment`, and what it answers by `app`.
"""

import os
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn

from assessor.bank import Bank, LatestBank
from assessor.errors import N_, AssessorError
from assessor.store import Store
from assessor.web.app import create_app
from assessor.web.http import connections, workers
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.sessions import SessionStore
from assessor.web.http.store_worker import StoreNotices, StoreWorker
from assessor.web.services import Services

#: Tried first, so that a page left open from last time finds the server again.
DEFAULT_PORT: Final = 8719

_LOOPBACK: Final = "127.0.0.1"


class PortTaken(AssessorError):
    """The port that was asked for is in use."""

    template = N_("Port {port} is taken; leave --port out, or name another")
    exit_code = 73


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
    _open_once(store, notices)
    bank.require_instrument()
    listening = listen(port)
    number = listening.getsockname()[1]
    address = f"http://{_LOOPBACK}:{number}/in/"
    sessions = SessionStore(on_new_secret=lambda secret: show(address + secret))
    ending: list[uvicorn.Server] = []
    config = ServerConfig(
        bank=LatestBank(bank),
        default_language=language,
        chosen_language=chosen_language,
        library=library,
        contact=contact,
        stop_server=lambda: _stop_server(ending[0]),
    )
    worker = StoreWorker(lambda: Store.open(store, create=False), notices=notices)
    services = Services(config, worker, sessions, f"assessor-{number}")
    server = uvicorn.Server(uvicorn_config(services))
    ending.append(server)
    with suppress(KeyboardInterrupt), listening:
        show(address + sessions.secret)
        if browse:
            webbrowser.open(address + sessions.secret)
        server.run(sockets=[listening])


def _open_once(store: Path | str | None, notices: StoreNotices) -> None:
    """Raise now what would otherwise stop the first request; the own store is begun where there is none."""
    with Store.open(store) as opened:
        if opened.expiry:
            notices.expired(opened.expiry)


def workshop_services(
    store: str | Path | None,
    deployment: Deployment,
    *,
    bank: Bank,
    language: str,
    contact: str = "",
    notices: StoreNotices,
) -> Services:
    """Services of one server process for workshops; raises at once what would stop the store or the bank from working.

    The store stays open until the server ends, however long nobody taps: reopening it would make a whole room wait.
    """
    _open_once(store, notices)
    bank.require_instrument()
    config = ServerConfig(bank=LatestBank(bank), default_language=language, contact=contact, deployment=deployment)
    worker = StoreWorker(lambda: Store.open(store, create=False), idle_seconds=None, notices=notices)
    return Services(config, worker)


def serve_workshops(
    make_services: Callable[[], Services],
    listening: socket.socket,
    on_ready: Callable[[], None] = lambda: None,
    processes: int = 1,
) -> None:
    """Serve workshops until Ctrl-C; `on_ready` is called once connections are accepted.

    With several `processes`, each makes its own services after the fork; they share the store and the socket only.
    """
    connections.raise_open_file_limit()
    with listening:
        on_ready()
        if processes == 1:
            _run_server(make_services, listening)
        else:
            workers.run_workers(processes, lambda: _run_server(make_services, listening))


def _run_server(make_services: Callable[[], Services], listening: socket.socket) -> None:
    """Run one uvicorn server on a socket that is listening already; Ctrl-C ends it quietly."""
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn_config(make_services())).run(sockets=[listening])


def uvicorn_config(services: Services) -> uvicorn.Config:
    """Uvicorn's settings: no access log, bounded request heads, and connections limited per client address."""
    return uvicorn.Config(
        create_app(services),
        access_log=False,  # addresses contain secrets
        log_level="error" if os.environ.get("ASSESSOR_DEBUG") else "critical",  # a traceback may hold what was typed
        server_header=False,
        proxy_headers=False,
        ws="none",
        http=connections.connection_class(services.deployment),
        loop="asyncio",
        lifespan="on",
        h11_max_incomplete_event_size=16 * 1024,
        limit_concurrency=100
        if services.deployment.audience is Audience.OWNER
        else None,  # never a limit for a whole room: http.connections limits each address
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        backlog=2048,
    )


def _stop_server(server: uvicorn.Server) -> None:
    server.should_exit = True


def listen(port: int | None, host: str = _LOOPBACK) -> socket.socket:
    """A listening socket: on `port`, else on the default port, else on any free one; raises `PortTaken`."""
    for number in (port,) if port is not None else (DEFAULT_PORT, 0):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
            listening.listen(2048)  # clients that connect before the server runs wait in this queue
        except OSError:
            listening.close()
            continue
        return listening
    raise PortTaken(port=port)
