"""The pages served: for one person on the loopback only, for workshops where the caller says, until they are ended."""

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
from assessor.web.http.store_worker import StoreWorker
from assessor.web.services import Services

#: Tried first, so that a page left open from last time finds the server again.
DEFAULT_PORT: Final = 8719

_LOOPBACK: Final = "127.0.0.1"


class PortTaken(AssessorError):
    """A port that somebody else listens on."""

    template = N_("Port {port} is taken; leave --port out, or name another")
    exit_code = 73


def serve(
    store: Path | str | None,
    *,
    bank: Bank,
    language: str,
    wished: str | None,
    library: str | None,
    port: int | None,
    contact: str,
    show: Callable[[str], None],
    browse: bool,
) -> None:
    """Serve until Ctrl-C or until the page says so; `show` tells each new address.

    `wished` is the language that the person asked for, None where the browser's counts before `language`.
    """
    Store.open(store).close()  # whatever would stop it later is raised now
    bank.require_instrument()
    listening = listen(port)
    number = listening.getsockname()[1]
    address = f"http://{_LOOPBACK}:{number}/in/"
    sessions = SessionStore(opened=lambda secret: show(address + secret))
    ending: list[uvicorn.Server] = []
    config = ServerConfig(
        bank=LatestBank(bank),
        default_language=language,
        chosen_language=wished,
        library=library,
        contact=contact,
        stop_server=lambda: _stop_server(ending[0]),
    )
    services = Services(config, StoreWorker(lambda: Store.open(store)), sessions, f"assessor-{number}")
    server = uvicorn.Server(uvicorn_config(services))
    ending.append(server)
    with suppress(KeyboardInterrupt), listening:
        show(address + sessions.secret)
        if browse:
            webbrowser.open(address + sessions.secret)
        server.run(sockets=[listening])


def workshop_services(
    store: str | Path | None, deployment: Deployment, *, bank: Bank, language: str, contact: str = ""
) -> Services:
    """Everything that answering workshops needs; whatever would stop it later is raised now.

    The store is held until the server ends: a room is not left because nobody taps for a while.
    """
    Store.open(store).close()
    bank.require_instrument()
    config = ServerConfig(bank=LatestBank(bank), default_language=language, contact=contact, deployment=deployment)
    return Services(config, StoreWorker(lambda: Store.open(store), idle=None))


def serve_workshops(
    make_services: Callable[[], Services],
    listening: socket.socket,
    on_ready: Callable[[], None] = lambda: None,
    processes: int = 1,
) -> None:
    """Serve workshops until Ctrl-C; `on_ready` is called once requests can be accepted.

    Each process makes its own services: processes share the store and the socket, nothing else.
    """
    connections.raise_open_file_limit()
    with listening:
        on_ready()
        if processes == 1:
            _run_server(make_services, listening)
        else:
            workers.run_workers(processes, lambda: _run_server(make_services, listening))


def _run_server(make_services: Callable[[], Services], listening: socket.socket) -> None:
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn_config(make_services())).run(sockets=[listening])


def uvicorn_config(services: Services) -> uvicorn.Config:
    """How the pages are served, to whom it may be: no log of addresses, bounded heads, few connections from each."""
    return uvicorn.Config(
        create_app(services),
        access_log=False,  # addresses hold secrets
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
        else None,  # a room is never shut as a whole
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        backlog=2048,
    )


def _stop_server(server: uvicorn.Server) -> None:
    server.should_exit = True


def listen(port: int | None, host: str = _LOOPBACK) -> socket.socket:
    """The port asked for; else the usual one, else any. On the loopback unless told otherwise."""
    for number in (port,) if port is not None else (DEFAULT_PORT, 0):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, number))
            listening.listen(2048)  # whoever is quicker than the server waits for it
        except OSError:
            listening.close()
            continue
        return listening
    raise PortTaken(port=port)
