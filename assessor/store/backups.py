"""Copies of a store: made, verified before they are called done, brought back, and told apart by date."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from assessor.store import sqlite, store_files
from assessor.store.backup_files import Backup, backup_folder, list_backups
from assessor.store.errors import BackupIsStore, StoreRefused
from assessor.store.schema import SCHEMA, Schema
from assessor.store.verification import verify_store
from assessor.store.writer_lock import WriterLock


def make_backup(store: Path, source: sqlite3.Connection, path: Path | None, *, replace: bool) -> Path:
    """Where the verified copy of all that is committed now lies."""
    path = path or _new_dated_path(store)
    if path.exists() and path.samefile(store):
        raise BackupIsStore(path=store_files.display_path(path))
    with store_files.new_store_file(path, replace=replace) as part:
        try:
            sqlite.copy_verified(source, part)
        except sqlite3.Error as problem:
            raise sqlite.translate_error(problem, path) from problem
    return path


def _new_dated_path(store: Path, ending: str = "") -> Path:
    store_files.make_private_folder(backup_folder(store))
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    names = (f"assessor-{stamp}{again}{ending}.db" for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for name in names if not (path := backup_folder(store) / name).exists())


def restore_backup(source: Path, store: Path, schema: Schema = SCHEMA) -> Path | None:
    """Put a verified backup in a store's place; where the copy of what it replaced lies, None if nothing was there."""
    verify_store(source, schema, thorough=True)
    store_files.refuse_network(store)
    if store.exists() and store.samefile(source):
        raise BackupIsStore(path=store_files.display_path(store))
    store_files.make_private_folder(store.parent)
    lock = WriterLock.acquire(store)
    clean = False
    try:
        replaced = _set_aside(store, schema) if store.exists() else None
        _replace_with_copy(source, store)
        clean = True
    finally:
        lock.release(clean=clean or not lock.left_open)
    return replaced


def _set_aside(store: Path, schema: Schema) -> Path:
    """A copy of a store that is about to be replaced: verified if it is sound, byte by byte if it is not."""
    store_files.refuse_other_owner(store)
    try:
        verify_store(store, schema, thorough=True)
    except StoreRefused:
        return _copy_unverified(store)
    with closing(sqlite.connect(store, write=False)) as connection:
        kept = make_backup(store, connection, _new_dated_path(store, "-replaced"), replace=False)
    sqlite.checkpoint_wal(store)
    return kept


def _copy_unverified(store: Path) -> Path:
    kept = _new_dated_path(store, "-replaced")
    for each, to in zip((store, *store_files.wal_files(store)), (kept, *store_files.wal_files(kept)), strict=True):
        if each.exists():
            with store_files.new_store_file(to, replace=False) as part:
                shutil.copyfile(each, part)
    return kept


def _replace_with_copy(source: Path, store: Path) -> None:
    with store_files.new_store_file(store, replace=True) as part:
        try:
            with sqlite.open_without_traces(source) as connection:
                sqlite.copy_verified(connection, part)
        except sqlite3.Error as problem:
            raise sqlite.translate_error(problem, store) from problem
        for stale in store_files.wal_files(store):  # another file's log would be read into this one
            stale.unlink(missing_ok=True)


def list_holding(store: Path, statement: str, values: dict[str, str]) -> tuple[Backup, ...]:
    """The backups in which a statement still finds something, and those that cannot be read."""
    return tuple(backup for backup in list_backups(store) if _may_match(backup.path, statement, values))


def _may_match(path: Path, statement: str, values: dict[str, str]) -> bool:
    try:
        with sqlite.open_without_traces(path) as connection:
            return bool(connection.execute(statement, values).fetchall())
    except sqlite3.Error as problem:
        return not str(problem).startswith(
            "no such table"
        )  # what cannot be looked into may hold anything, what is older than the table nothing
