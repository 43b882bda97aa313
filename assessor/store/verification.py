"""Whether a file is a store that can be trusted; nothing is changed by looking."""

import sqlite3
from pathlib import Path
from typing import Final

from assessor.store import sqlite, statements, store_files
from assessor.store.backup_files import last_backup
from assessor.store.errors import (
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

_MAGIC: Final = b"SQLite format 3\0"
#: Bytes up to which a file is read through at every opening; a damaged page is then found before question 1.
_CHECK_ON_OPEN_MAX_BYTES: Final = 64 * 2**20


def check_header(path: Path) -> None:
    """Refuse by the first bytes what is no store of ours, without touching it."""
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
    if not size:
        return StoreEmpty
    if not header.startswith(_MAGIC):
        return NotAStore
    if len(header) < 100:
        return StoreTruncated
    if int.from_bytes(header[68:72]) != sqlite.APPLICATION_ID:
        return NotAStore
    page = int.from_bytes(header[16:18])
    whole = int.from_bytes(header[28:32]) * (65536 if page == 1 else page)
    return StoreTruncated if size < whole and not logged else None


def _has_log(path: Path) -> bool:
    log, _ = store_files.wal_files(path)
    return log.exists() and log.stat().st_size > 0


def verify_store(path: Path, schema: Schema, *, thorough: bool) -> str:
    """The revision of a store that can be trusted; raises a `Refused` and leaves the file as it is."""
    check_header(path)
    facts = {"path": store_files.display_path(path), "backup": last_backup(path)}
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
