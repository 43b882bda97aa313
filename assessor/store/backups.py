"""Backups of a store: made, verified before they are called done, and restored.

Only for stores in a file; a server has tools of its own (`ServerKeepsBackups`). A backup is one file without a log, so
that it can be moved and read anywhere, and ends with a digest of itself. Nothing is ever written over in place: a copy
is built beside its target, read back and compared, and takes the name at the end.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assessor.store import backup_digest, sqlite, store_files
from assessor.store.backup_files import Backup, backup_folder, list_backups
from assessor.store.errors import BackupIsStore, BackupNotVerified, StoreDamaged, StoreRefused
from assessor.store.schema import SCHEMA, Schema
from assessor.store.verification import bears_digest, is_in_use_as_store, verify_store
from assessor.store.writer_lock import WriterLock


def make_backup(store: Path, source: sqlite3.Connection, path: Path | None, *, replace: bool) -> Path:
    """The path of a verified copy of everything committed; without `path`, under a dated name of its own.

    It replaces a file or an earlier backup, and never a store: not this one, nor another that is in use as one. Raises
    `BackupExists`, `BackupIsStore`, `BackupNotVerified`, or what the disk reports.
    """
    path = path or _new_dated_path(store)
    if is_in_use_as_store(path):
        raise BackupIsStore(path=store_files.display_path(path))
    with store_files.new_store_file(path, replace=replace) as part:
        try:
            sqlite.copy_verified(source, part)
        except sqlite3.Error as problem:
            raise sqlite.translate_error(problem, path) from problem
        with store_files.translating_errors(path):
            backup_digest.append_digest(part)
    return path


def new_path_beside(store: Path) -> Path:
    """A dated path beside a store's that nothing has."""
    return _free_dated_path(store.parent, store.stem, store.suffix)


def _new_dated_path(store: Path, ending: str = "") -> Path:
    """A path in the folder of backups that is free; the folder is made."""
    store_files.make_private_folder(backup_folder(store))
    return _free_dated_path(backup_folder(store), "assessor", f"{ending}.db")


def _free_dated_path(folder: Path, name: str, ending: str) -> Path:
    """A path with the time in its name; several in one second are numbered."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    names = (f"{name}-{stamp}{again}{ending}" for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for each in names if not os.path.lexists(path := folder / each))


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restored backup replaced, and what is known of it."""

    #: A copy of the store that was there; None if nothing was.
    replaced: Path | None
    #: False for a backup from before there were digests: only that it is a sound store could be checked.
    has_digest: bool


def restore_backup(
    source: Path, store: Path, schema: Schema = SCHEMA, *, prepare: Callable[[Path], None] = lambda copy: None
) -> Restored:
    """Put a verified backup in a store's place.

    A copy is made, verified, and changed by `prepare`, before anything that is there is touched. The writer lock is
    held all the while: a bad backup or a running program leaves the store as it is.
    """
    verify_store(source, schema, thorough=True)
    store_files.refuse_network(store)
    if store.exists() and store.samefile(source):
        raise BackupIsStore(path=store_files.display_path(store))
    store_files.make_private_folder(store.parent)
    lock = WriterLock.acquire(store)
    clean = False
    try:
        with store_files.new_store_file(store, replace=True) as part:
            has_digest = _copy_backup(source, part, schema)
            prepare(part)
            replaced = _set_aside(store, schema) if store.exists() else None
            for stale in store_files.wal_files(store):  # SQLite would apply the old file's log to this one
                stale.unlink(missing_ok=True)
        clean = True
    finally:
        lock.release(clean=clean or not lock.left_open)
    return Restored(replaced=replaced, has_digest=has_digest)


def _copy_backup(source: Path, part: Path, schema: Schema) -> bool:
    """Fill an empty file with a backup, verified as it arrived; whether it had a digest."""
    if bears_digest(source):
        with store_files.translating_errors(part):
            shutil.copyfile(source, part)
        if not backup_digest.is_unchanged(part):
            raise BackupNotVerified(path=store_files.display_path(source))
        backup_digest.cut_off_digest(part)
        return True
    try:
        with sqlite.open_without_traces(source) as connection:
            sqlite.copy_verified(connection, part)
    except sqlite3.Error as problem:
        cause = sqlite.translate_error(problem, source)
        if cause is problem:  # found by reading every row, which no check of the structure does
            cause = StoreDamaged(path=store_files.display_path(source), backup=None)
        raise cause from problem
    verify_store(part, schema, thorough=True)
    return False


def _set_aside(store: Path, schema: Schema) -> Path:
    """Copy a store that is about to be replaced: verified if it is sound, byte by byte if it is not."""
    store_files.refuse_other_owner(store)
    try:
        verify_store(store, schema, thorough=True)
    except StoreRefused:
        return _copy_unverified(store)
    with closing(sqlite.connect(store, write=False)) as connection:
        copy = make_backup(store, connection, _new_dated_path(store, "-replaced"), replace=False)
    sqlite.checkpoint_wal(store)
    return copy


def _copy_unverified(store: Path) -> Path:
    """A damaged store with its log, as they are: somebody may still be able to rescue something."""
    copy = _new_dated_path(store, "-replaced")
    for source, target in zip(
        (store, *store_files.wal_files(store)), (copy, *store_files.wal_files(copy)), strict=True
    ):
        if source.exists():
            with store_files.new_store_file(target, replace=False) as part:
                shutil.copyfile(source, part)
    return copy


def list_holding(store: Path, statement: str, values: dict[str, str]) -> tuple[Backup, ...]:
    """The backups in which a statement still finds rows, and those that cannot be read and so may hold some."""
    return tuple(backup for backup in list_backups(store) if _may_match(backup.path, statement, values))


def _may_match(path: Path, statement: str, values: dict[str, str]) -> bool:
    """Whether a statement finds something in a backup; True where that cannot be found out."""
    try:
        with sqlite.open_without_traces(path) as connection:
            return bool(connection.execute(statement, values).fetchall())
    except sqlite3.Error as problem:
        # A backup from before the table existed holds nothing of it; any other failure leaves it open.
        return not str(problem).startswith("no such table")
