"""One writer at a time: a locked file beside the store that says who writes and since when.

The lock itself is filelock's, which takes the kernel's own on Unix and Windows alike: it cannot outlive its process,
and a leftover file locks nothing. What stands in the file is ours: the holder, for the message to the next writer, and
thereby a sign that the last writer did not close. filelock's own classes are not used, as they empty the file.
"""

import os
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from assessor.platform_calls import SAFE_OPEN, has_owners
from assessor.store import store_files
from assessor.store.errors import StoreInUse

#: Seconds to wait for another writer before giving up.
LOCK_TIMEOUT: Final = 4.0
_RETRY_PAUSE: Final = 0.05
_MOST_BYTES: Final = 100


class WriterLock:
    """The right to write; ends with the process that holds it, however it ends."""

    def __init__(self, path: Path, descriptor: int, *, left_open: bool) -> None:
        self._path = path
        self._descriptor = descriptor
        #: The last writer did not close: the store must be checked thoroughly.
        self.left_open = left_open

    @classmethod
    def acquire(cls, store: Path) -> "WriterLock":
        """The lock; waits up to `LOCK_TIMEOUT` for another writer, then raises `StoreInUse`."""
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
        """The lock, or None while another process holds it."""
        from filelock import lock_descriptor  # readers never need it

        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | SAFE_OPEN, 0o600)
        with ExitStack() as undo:
            undo.callback(os.close, descriptor)
            if not lock_descriptor(descriptor, blocking=False):
                return None
            if not _is_same_file(descriptor, path):  # its holder closed and removed it while we opened it
                return None
            undo.pop_all()
        lock = cls(path, descriptor, left_open=os.fstat(descriptor).st_size > 0)
        try:
            path.chmod(0o600)
            _write_holder(descriptor)
        except BaseException:
            lock.release(clean=not lock.left_open)
            raise
        return lock

    def release(self, *, clean: bool = True) -> None:
        """Let the next process write; with `clean=False` the file keeps its mark, and the next one checks the store."""
        if clean:
            os.ftruncate(self._descriptor, 0)
            with suppress(PermissionError):  # Windows cannot unlink an open file; an empty one counts as none
                if _is_same_file(self._descriptor, self._path):  # else it is another store's, put in our place
                    self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


def _is_same_file(descriptor: int, path: Path) -> bool:
    """Whether the path still names the opened file; a lock on an unlinked file would exclude nobody."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _write_holder(descriptor: int) -> None:
    # The first byte is the one that Windows locks, for readers too: it carries nothing.
    signature = f"\n{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode()
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, signature)  # never empty in between: a crash now must still be seen as one
    os.ftruncate(descriptor, len(signature))


def _read_holder(path: Path) -> list[str]:
    with path.open("rb", buffering=0) as file:
        file.seek(0 if has_owners() else 1)
        return file.read(_MOST_BYTES).decode("ascii").split()


def _in_use_error(store: Path, path: Path) -> StoreInUse:
    """The error that names the holder; with question marks where the file cannot be read."""
    pid, since = "?", "?"
    with suppress(OSError, ValueError):
        pid, since = _read_holder(path)
        since = datetime.fromisoformat(since).astimezone().strftime("%Y-%m-%d %H:%M")
    return StoreInUse(path=store_files.display_path(store), pid=pid, since=since)
