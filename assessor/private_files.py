"""Files that only their owner can read, written whole or not at all.

A file is filled under a passing name beside its own, brought to the disk, and only then given its name, so that a
crash, a full disk or a power cut leaves either what was there before or all of the new file. What the system refuses is
raised as it is; callers that write outputs, a store or a cache say what a person can do about it.
"""

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assessor.platform_calls import SAFE_OPEN, is_process_alive, link_unless_taken

#: In the header of SQLite's files at 68, tells a store's from other programs'.
STORE_MARK: Final = b"asr1"
#: What SQLite and the writer's lock keep beside a store, by the ending of the name.
_BESIDE_STORE: Final = ("-wal", "-shm", "-journal", ".lock")
#: Seconds after which a half-filled file is given up where processes cannot be asked after.
_ABANDONED_AFTER: Final = 86_400
#: What opening or syncing a folder gives where there is no such thing, or it may not be read.
_NO_FOLDER_SYNC_ERRORS: Final = {
    *(errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF)
}


@contextlib.contextmanager
def new_private_file(path: Path, *, replace: bool) -> Iterator[Path]:
    """An empty file, mode 0600, to fill; it becomes `path` when all went well, and is gone when not.

    Raises `FileExistsError` where something has the name already, even since a moment ago, unless it is to be replaced.
    """
    if not replace and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    temporary = path.with_name(f".assessor.{os.urandom(8).hex()}.{os.getpid()}.part")
    try:
        create_private_file(temporary)
        yield temporary
        sync_file(temporary)
        _move_into_place(temporary, path, replace)
        sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def belongs_to_store(path: Path) -> bool:
    """Whether a file is a store or a backup of one, or what a store keeps beside itself."""
    stores = (path.with_name(path.name.removesuffix(ending)) for ending in ("", *_BESIDE_STORE))
    return any(_is_store(each) for each in stores)


def _is_store(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb") as file:
        header = file.read(100)
        return header.startswith(b"SQLite format 3\0") and header[68:72] == STORE_MARK
    return False


def create_private_file(path: Path) -> None:
    """Create an empty file with mode 0600, whatever the umask; raises `FileExistsError`."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE_OPEN, 0o600))
    path.chmod(0o600)  # a umask may have taken the owner's own rights


def remove_abandoned(folder: Path) -> None:
    """Remove files left half filled by dead processes of this machine.

    Only for folders that no other machine shares: a process id means nothing there.
    """
    for part in folder.glob(".assessor.*.part*"):
        pid = part.name.partition(".part")[0].rpartition(".")[2]
        if pid.isdigit() and int(pid) != os.getpid() and _is_abandoned(part, int(pid)):
            part.unlink(missing_ok=True)


def _is_abandoned(part: Path, pid: int) -> bool:
    """Whether the process that fills a file is gone; where that cannot be asked, whether the file is a day old."""
    alive = is_process_alive(pid)
    return time.time() - part.stat().st_mtime > _ABANDONED_AFTER if alive is None else not alive


def sync_file(path: Path) -> None:
    """Bring a file's content to the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk: until then, a power cut may take them back."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC_ERRORS:
            raise


def _move_into_place(temporary: Path, path: Path, replace: bool) -> None:
    """Give the filled file its name; raises `FileExistsError` if that was taken meanwhile and is to stay."""
    if replace:
        temporary.replace(path)
        return
    if not link_unless_taken(path, temporary):  # a link, unlike a rename, fails where the name was taken meanwhile
        create_private_file(path)
        temporary.replace(path)
