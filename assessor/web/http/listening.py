"""The sockets that connections come in on: one for one process, or one for each of several.

Processes that wait on the same socket do not share what comes: asyncio takes all waiting connections at once, so the
process that wakes first takes a whole burst. With a socket each (`SO_REUSEPORT`) the kernel deals connections out by
the client's address and port. The parent opens all of them and keeps them open: who was dealt to a process that died
waits for the one that replaces it.

Every socket names its protocol, TCP. asyncio switches off Nagle's algorithm only where that is named, and with it a
page on a kept connection waits 40 ms: its body is held back until the client has acknowledged its head.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from typing import Final

from assessor.errors import N_, AssessorError
from assessor.platform_calls import claim_port

LOOPBACK: Final = "127.0.0.1"
#: Tried first, so that a page left open from last time finds the server again.
DEFAULT_PORT: Final = 8719
#: Clients that connect before the server runs wait in a queue of this length.
_BACKLOG: Final = 2048


class PortTaken(AssessorError):
    """The port that was asked for is in use."""

    template = N_("Port {port} is taken; leave --port out, or name another")
    exit_code = 73


def listen(port: int | None, host: str = LOOPBACK) -> socket.socket:
    """A listening socket: on `port`, else on the default port, else on any free one; raises `PortTaken`."""
    for number in (port,) if port is not None else (DEFAULT_PORT, 0):
        try:
            return _listening_socket(host, number)
        except OSError:
            continue
    raise PortTaken(port=port)


def listen_beside(listening: socket.socket, *hosts: str) -> list[socket.socket]:
    """More sockets at the same port, of other addresses or of the loopback one; none where that is taken, or is it."""
    host, port = listening.getsockname()[:2]
    found = []
    for other in hosts or (LOOPBACK,):
        with suppress(PortTaken):
            found += [listen(port, other)] if other != host else []
    return found


@contextmanager
def listening_sockets(port: int, host: str, number: int) -> Iterator[list[socket.socket]]:
    """As many sockets on one port as there are to be processes, closed after the block; raises `PortTaken`.

    The port is first taken by a socket that shares it with nobody: another server of the same user's could else listen
    beside this one, and take a part of its connections.
    """
    with ExitStack() as closing:
        first = closing.enter_context(listen(port, host))
        if number == 1:
            yield [first]
            return
        port = first.getsockname()[1]  # where any free one was asked for
        first.close()
        yield [closing.enter_context(_listening_socket(host, port, shared=True)) for _ in range(number)]


def _listening_socket(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket that listens on an IP address; raises `OSError`, and leaves none open then."""
    family = socket.AF_INET if ip_address(host).version == 4 else socket.AF_INET6
    with ExitStack() as closing:
        listening = closing.enter_context(socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP))
        claim_port(listening, shared=shared)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
        closing.pop_all()
    return listening
