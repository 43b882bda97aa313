"""One writer at a time: a locked file beside the store that says who and since when."""

import fcntl
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from assessor.store import store_files
from assessor.store.errors import StoreInUse

#: Seconds that whoever comes second waits before being told.
LOCK_TIMEOUT: Final = 4.0
_RETRY_PAUSE: Final = 0.05


class WriterLock:
    """The right to write; lost with the process that holds it, however it ends."""

    def __init__(self, path: Path, descriptor: int, *, left_open: bool) -> None:
        self._path = path
        self._descriptor = descriptor
        #: The last writer did not close: what it left must be checked.
        self.left_open = left_open

    @classmethod
    def acquire(cls, store: Path) -> "WriterLock":
        """Waits a little for another writer; raises `StoreInUse`."""
        path = store.with_name(store.name + ".lock")
        until = time.monotonic() + LOCK_TIMEOUT
        while True:
            with store_files.translating_errors(store):
                lock = cls._try_acquire(path)
            if lock:
                return lock
            if time.monotonic() > until:
                raise _in_use_error(store, path)
            time.sleep(_RETRY_PAUSE)

    @classmethod
    def _try_acquire(cls, path: Path) -> "WriterLock | None":
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_same_file(descriptor, path):  # its holder closed and took it away while we opened it
                raise BlockingIOError
        except BlockingIOError:
            os.close(descriptor)
            return None
        lock = cls(path, descriptor, left_open=os.fstat(descriptor).st_size > 0)
        try:
            _write_holder(descriptor)
        except BaseException:
            lock.release(clean=not lock.left_open)
            raise
        return lock

    def release(self, *, clean: bool = True) -> None:
        """Let the next one write; not clean: the next one checks first."""
        if clean:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def _is_same_file(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _write_holder(descriptor: int) -> None:
    signature = f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode()
    os.fchmod(descriptor, 0o600)
    os.pwrite(descriptor, signature, 0)  # never empty in between: a crash now must still be seen as one
    os.ftruncate(descriptor, len(signature))


def _in_use_error(store: Path, path: Path) -> StoreInUse:
    pid, since = "?", "?"
    with suppress(OSError, ValueError):
        pid, since = path.read_text("ascii").split()
        since = datetime.fromisoformat(since).astimezone().strftime("%Y-%m-%d %H:%M")
    return StoreInUse(path=store_files.display_path(store), pid=pid, since=since)
