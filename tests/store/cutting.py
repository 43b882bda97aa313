"""A stand-in for the network: passes bytes between a store and its server, and cuts where it is told to."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Cutter:
    """Listens in a folder as PostgreSQL would, and passes on to the real socket."""

    def __init__(self, folder: Path, server: Path) -> None:
        self._server = str(server / ".s.PGSQL.5432")
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / ".s.PGSQL.5432"))
        self._listening.listen(64)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._other: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        #: Bytes, both ways together, until the connection that carries the last of them is cut.
        self.left: int | None = None
        #: Passes the next COMMIT on, waits for the answer and cuts instead of telling it.
        self.swallow = False
        self.cuts = 0
        #: Bytes so far, both ways together.
        self.passed = 0

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        for each in (*self._other, self._listening):
            each.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._ended.is_set():
            for key, _ in self._selector.select(0.05):
                if key.fileobj is self._listening:
                    self._accept()
                elif key.fileobj in self._other:
                    self._pass_on(key.fileobj)

    def _accept(self) -> None:
        client, _ = self._listening.accept()
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._server)
        except OSError:
            client.close()
            return
        self._clients.add(client)
        for one, other in ((client, server), (server, client)):
            self._other[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, source: socket.socket) -> None:
        data = b""
        with suppress(OSError):
            data = source.recv(65536)
        self.passed += len(data)
        if not data:
            self._close(source)
        elif self.swallow and source in self._clients and b"COMMIT\0" in data:
            self.swallow = False
            self._other[source].sendall(data)
            self._other[source].recv(65536)
            self._cut(source)
        elif self.left is not None and self.left <= len(data):
            data, self.left = data[: self.left], None
            self._send(source, data)
            self._cut(source)
        else:
            self.left = self.left - len(data) if self.left is not None else None
            self._send(source, data)

    def _send(self, source: socket.socket, data: bytes) -> None:
        with suppress(OSError):
            self._other[source].sendall(data)

    def _cut(self, one: socket.socket) -> None:
        self.cuts += 1
        self._close(one)

    def _close(self, one: socket.socket) -> None:
        other = self._other.pop(one)
        self._other.pop(other)
        for each in (one, other):
            self._clients.discard(each)
            self._selector.unregister(each)
            each.close()


@contextmanager
def cutter(folder: Path, server: Path) -> Iterator[Cutter]:
    """A network that holds until it is told to break."""
    between = Cutter(folder, server)
    try:
        yield between
    finally:
        between.end()
