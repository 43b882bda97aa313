"""Files and folders that hold answers: private to their owner, on a disk that can be trusted, complete or not there.

What SQLite needs of a file system is judged here (network disks, folders that a cloud service syncs), and what the
system refuses becomes an error with a cure. How a private file is written at all stands in `assessor.private_files`.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assessor import private_files
from assessor.platform_calls import has_owners, is_own, owner_name
from assessor.safe_text import escape_controls
from assessor.store.errors import BackupExists, NoOrdinaryFile, NotTheOwner, StoreFull, StoreOnNetwork, StoreUnwritable

#: The kernel's list of mounts; on systems without it, no path is refused.
MOUNTS: Final = Path("/proc/mounts")
#: File systems on which shared memory and locks are not shared by every machine that writes.
NETWORK_FILE_SYSTEMS: Final = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "glusterfs", "davfs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.davfs2", "fuse.s3fs"),
        *("vboxsf", "vmhgfs", "fuse.vmhgfs-fuse", "prl_fs", "drvfs"),
    )
)
#: By the lower-case beginning of a folder's name, the service that syncs it.
_CLOUD_SERVICES: Final = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "icloud": "iCloud",
    "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
}


@dataclass(frozen=True, slots=True)
class CloudFolder:
    """A place that a service syncs while it is written, which can tear a store and shares its text."""

    path: Path
    service: str


def find_cloud_folder(path: Path) -> CloudFolder | None:
    """The service that would sync this path, judged by its folders' names; None where none is seen."""
    for part in path.parts:
        for beginning, service in _CLOUD_SERVICES.items():
            if part.lower().startswith(beginning):
                return CloudFolder(path, service)
    return None


def network_file_system(path: Path, mounts: str) -> str | None:
    """The kind of network file system a path lies on, by the lines of /proc/mounts; None on a local disk."""
    mounted = [
        (Path(_unescape_mount(line.split()[1])), line.split()[2]) for line in mounts.splitlines() if line.strip()
    ]
    covering = [(len(folder.parts), kind) for folder, kind in mounted if path.is_relative_to(folder)]
    if not covering:
        return None
    deepest = max(depth for depth, _ in covering)
    kind = [kind for depth, kind in covering if depth == deepest][-1]  # a later mount hides an earlier one
    return kind if kind in NETWORK_FILE_SYSTEMS else None


def _unescape_mount(field: str) -> str:
    """A path of /proc/mounts, where blanks and backslashes are written in octal."""
    for octal, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(octal, char)
    return field


def refuse_network(path: Path) -> None:
    """Raise `StoreOnNetwork` where the file system cannot keep SQLite's promises."""
    with contextlib.suppress(OSError):
        kind = network_file_system(path.resolve(), MOUNTS.read_text("utf-8", "surrogateescape"))
        if kind:
            raise StoreOnNetwork(path=display_path(path), kind=kind)


def display_path(path: Path) -> str:
    """A path as a message may show it: control characters escaped, bytes that are no text replaced."""
    return escape_controls(os.fspath(path).encode("utf-8", "replace").decode("utf-8"))


@contextlib.contextmanager
def translating_errors(path: Path) -> Iterator[None]:
    """Raise what the system refuses as `StoreFull` or `StoreUnwritable`."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(path=display_path(path)) from problem
        raise StoreUnwritable(path=display_path(path), reason=problem.strerror or str(problem)) from problem


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner can read; an existing one keeps its permissions."""
    if not folder.is_dir():
        with translating_errors(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)


def restrict_to_owner(path: Path) -> None:
    """Remove other users' access to a store and the two files that SQLite keeps beside it."""
    for file in (path, *wal_files(path)):
        with translating_errors(file):
            if has_owners() and file.exists() and file.stat().st_mode & 0o077:
                file.chmod(0o600)


def refuse_other_owner(path: Path) -> None:
    """Raise `NotTheOwner` or `StoreUnwritable` for a file that this user should not or cannot write."""
    if not is_own(path):
        raise NotTheOwner(path=display_path(path), owner=owner_name(path))
    if path.is_file():
        with translating_errors(path):
            os.close(os.open(path, os.O_RDWR))


def wal_files(path: Path) -> tuple[Path, Path]:
    """The paths of SQLite's write-ahead log and of its index, whether or not they exist."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


class OpenedFiles:
    """Which files a writer opened, told apart by device and inode: a path may come to name other ones meanwhile."""

    def __init__(self, path: Path) -> None:
        log, index = wal_files(path.resolve())
        self._path = path
        self._file = _identity(path)
        self._logs = {file: _identity(file) for file in (log, index)}
        self._log = log

    def are_in_place(self) -> bool:
        """Whether the store's path and its log's still name the files that are open."""
        return self._file == _identity(self._path) and self._logs[self._log] == _identity(self._log)

    def is_replaced(self) -> bool:
        """Whether another file lies at the store's path; one that is only away may be put back."""
        return _identity(self._path) not in (None, self._file)

    def remove_journals(self) -> None:
        """Unlink the log and its index if they are still ours: SQLite would apply them to a file put in our place."""
        for file, opened in self._logs.items():
            if opened is not None and opened == _identity(file):
                with translating_errors(file):
                    file.unlink(missing_ok=True)


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of what a path names; None where it names nothing that can be seen."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


@contextlib.contextmanager
def new_store_file(path: Path, *, replace: bool) -> Iterator[Path]:
    """A private temporary file to fill; it takes the name `path` when the block succeeds, and is gone otherwise.

    Raises `BackupExists` where the name is taken and `replace` is False, `NoOrdinaryFile` where it is a device's.
    """
    with translating_errors(path):
        if path.exists() and not path.is_file():  # a folder, or a device that must stay one
            raise NoOrdinaryFile(path=display_path(path))
        private_files.remove_abandoned(path.parent)
        with _refusing_taken(path), private_files.new_private_file(path, replace=replace) as part:
            try:
                yield part
            finally:
                for leftover in part.parent.glob(part.name + "-*"):  # what SQLite keeps beside it
                    leftover.unlink(missing_ok=True)


@contextlib.contextmanager
def _refusing_taken(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as problem:
        raise BackupExists(path=display_path(path)) from problem
