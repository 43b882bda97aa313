"""Whether a file is a store that can be trusted; looking changes nothing.

Two steps: `check_header` reads a hundred bytes without SQLite, which would create files beside whatever it opens, and
`verify_store` then lets SQLite check. Small files are checked at every opening; large ones when the last writer did
not close, or for a backup.
"""

import sqlite3
from pathlib import Path
from typing import Final

from assessor import private_files
from assessor.store import backup_digest, sqlite, statements, store_files
from assessor.store.backup_files import last_backup
from assessor.store.errors import (
    BackupChanged,
    NotAStore,
    StoreBusy,
    StoreDamaged,
    StoreEmpty,
    StoreNewer,
    StoreRefused,
    StoreTruncated,
    StoreUnreadable,
    StoreUnwritable,
)
from assessor.store.schema import Schema

#: How a header tells that changes go to a log first; a backup, which stands alone, has another.
_LOGGED: Final = 2
#: How every SQLite file begins.
_MAGIC: Final = b"SQLite format 3\0"
#: Bytes up to which a file is checked at every opening, so that damage is found before the first question.
_CHECK_ON_OPEN_MAX_BYTES: Final = 64 * 2**20


def check_header(path: Path) -> None:
    """Raise what the first bytes show: `NotAStore`, `StoreEmpty`, `StoreTruncated` or `StoreUnreadable`."""
    if not path.is_file():
        raise NotAStore(path=store_files.display_path(path), backup=last_backup(path))
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as problem:
        raise StoreUnreadable(path=store_files.display_path(path), reason=problem.strerror) from problem
    kind = _header_error(header, size, logged=_has_log(path))
    if kind:
        raise kind(path=store_files.display_path(path), backup=last_backup(path))


def _header_error(header: bytes, size: int, *, logged: bool) -> type[StoreRefused] | None:
    """What is wrong with the header of a file of `size` bytes; None if nothing is.

    The number of pages stands at 28 in SQLite's file format, the application id at 68. With a log the file may be
    shorter than its header says, as the rest stands in the log.
    """
    if not size:
        return StoreEmpty
    if not header.startswith(_MAGIC):
        return NotAStore
    if len(header) < 100:
        return StoreTruncated
    if int.from_bytes(header[68:72]) != sqlite.APPLICATION_ID:
        return NotAStore
    whole = int.from_bytes(header[28:32]) * backup_digest.page_size(header)
    return StoreTruncated if size < whole and not logged else None


def is_in_use_as_store(path: Path) -> bool:
    """Whether a file is a store and no backup: it was opened for writing, which byte 18 of its header tells."""
    if not path.is_file() or not private_files.belongs_to_store(path):
        return False
    with path.open("rb") as file:
        header = file.read(100)
    return header[68:72] != private_files.STORE_MARK or header[18] == _LOGGED


def bears_digest(path: Path) -> bool:
    """Whether a file is a backup with a digest; with a log beside it, it is a store whatever its length."""
    return not _has_log(path) and backup_digest.has_digest(path)


def _has_log(path: Path) -> bool:
    """Whether a log with content lies beside the file."""
    log, _ = store_files.wal_files(path)
    return log.exists() and log.stat().st_size > 0


def verify_store(path: Path, schema: Schema, *, thorough: bool) -> str:
    """The revision of a store that can be trusted; raises a `StoreRefused` and leaves the file as it is."""
    check_header(path)
    facts = {"path": store_files.display_path(path), "backup": last_backup(path)}
    if bears_digest(path) and not backup_digest.is_unchanged(path):
        raise BackupChanged(**facts)
    try:
        with sqlite.open_without_traces(path) as connection:
            revision = str(connection.execute(statements.SCHEMA_REVISION).fetchone()[0])
            if not sqlite.holds_only_data(connection):
                raise NotAStore(**facts)
            if thorough or path.stat().st_size <= _CHECK_ON_OPEN_MAX_BYTES:
                _verify_intact(connection, thorough, facts)
    except (sqlite3.Error, TypeError) as problem:
        cause = sqlite.translate_error(problem, path) if isinstance(problem, sqlite3.Error) else None
        if isinstance(cause, StoreBusy | StoreUnwritable):
            raise cause from problem
        raise StoreDamaged(**facts) from problem
    if revision not in schema.revisions:
        raise StoreNewer(**facts)
    return revision


def _verify_intact(connection: sqlite3.Connection, thorough: bool, facts: dict[str, str]) -> None:
    if not sqlite.is_intact(connection, thorough=thorough):
        raise StoreDamaged(**facts)
