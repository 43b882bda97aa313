"""Files and folders that hold answers: for their owner's eyes, on a disk that can be trusted, whole or not there."""

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assessor import private_files
from assessor.safe_text import escape_controls
from assessor.store.errors import BackupExists, NotTheOwner, StoreFull, StoreOnNetwork, StoreUnwritable

#: What the kernel says is mounted; absent on systems without it, which then have nothing refused.
MOUNTS: Final = Path("/proc/mounts")
#: File systems on which shared memory and locks do not reach every machine that writes.
NETWORK_FILE_SYSTEMS: Final = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "glusterfs", "davfs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.davfs2", "fuse.s3fs"),
        *("vboxsf", "vmhgfs", "fuse.vmhgfs-fuse", "prl_fs", "drvfs"),
    )
)
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
    """A place that a service copies elsewhere while it is written, which can tear a store and shares its text."""

    path: Path
    service: str


def find_cloud_folder(path: Path) -> CloudFolder | None:
    """The service that would copy what lies at this path, if one can be told from its folders' names."""
    for part in path.parts:
        for beginning, service in _CLOUD_SERVICES.items():
            if part.lower().startswith(beginning):
                return CloudFolder(path, service)
    return None


def network_file_system(path: Path, mounts: str) -> str | None:
    """The kind of network file system a path lies on, by the lines of /proc/mounts; None on a disk."""
    on = [(Path(_unescape_mount(line.split()[1])), line.split()[2]) for line in mounts.splitlines() if line.strip()]
    over = [(len(at.parts), kind) for at, kind in on if path.is_relative_to(at)]
    if not over:
        return None
    deepest = max(depth for depth, _ in over)
    kind = [kind for depth, kind in over if depth == deepest][-1]  # a later mount lies over an earlier
    return kind if kind in NETWORK_FILE_SYSTEMS else None


def _unescape_mount(field: str) -> str:
    for octal, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(octal, char)
    return field


def refuse_network(path: Path) -> None:
    """Raises `StoreOnNetwork` for a path whose file system cannot keep SQLite's promises."""
    with contextlib.suppress(OSError):
        kind = network_file_system(path.resolve(), MOUNTS.read_text("utf-8", "surrogateescape"))
        if kind:
            raise StoreOnNetwork(path=display_path(path), kind=kind)


def display_path(path: Path) -> str:
    """A path as it may stand in a message."""
    return escape_controls(os.fspath(path).encode("utf-8", "replace").decode("utf-8"))


@contextlib.contextmanager
def translating_errors(path: Path) -> Iterator[None]:
    """What the system refuses, as what a person can do about it."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(path=display_path(path)) from problem
        raise StoreUnwritable(path=display_path(path), reason=problem.strerror or str(problem)) from problem


def make_private_folder(folder: Path) -> None:
    """The folder, readable by its owner alone if it had to be made."""
    if not folder.is_dir():
        with translating_errors(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)


def restrict_to_owner(path: Path) -> None:
    """Take everybody else's access from a file and the two that SQLite keeps beside it."""
    for each in (path, *wal_files(path)):
        with translating_errors(each):
            if each.exists() and each.stat().st_mode & 0o077:
                each.chmod(0o600)


def refuse_other_owner(path: Path) -> None:
    """Raises `NotTheOwner` or `StoreUnwritable` for a file that this user should not or cannot write."""
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise NotTheOwner(path=display_path(path), owner=_user_name(owner))
    if path.is_file():
        with translating_errors(path):
            os.close(os.open(path, os.O_RDWR))


def _user_name(uid: int) -> str:
    import pwd

    with contextlib.suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return str(uid)


def wal_files(path: Path) -> tuple[Path, Path]:
    """The write-ahead log of a file and its index."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


@contextlib.contextmanager
def new_store_file(path: Path, *, replace: bool) -> Iterator[Path]:
    """A private file to fill; takes the given name when all went well and is gone otherwise."""
    with translating_errors(path):
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
