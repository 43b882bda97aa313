"""A store in one file: made, looked at before it is trusted, upgraded, and let go."""

import sqlite3
from contextlib import closing
from pathlib import Path

from assessor import private_files
from assessor.safe_text import escape_controls
from assessor.store import backups, sqlite, statements, store_files
from assessor.store.backup_files import backup_folder, last_backup
from assessor.store.errors import (
    StoreDamaged,
    StoreMissing,
    StoreOlder,
    StoreRefused,
    StoreUnwritable,
    UpgradeFailed,
)
from assessor.store.schema import Schema, upgrade_schema
from assessor.store.verification import check_header, verify_store
from assessor.store.writer_lock import WriterLock


class FileDatabase(sqlite.SqliteDatabase):
    """The store's database in one file, with the right to write it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        super().__init__(path, connection, write=lock is not None)
        self._lock = lock

    def backup(self, path: Path | None, replace: bool) -> Path:
        """A verified copy of what is committed now."""
        return backups.make_backup(self.path, self.connection, path, replace=replace)

    def purge_deleted(self) -> None:
        """Leave no trace, not in what a process left half-made either."""
        for folder in (self.path.parent, backup_folder(self.path)):
            private_files.remove_abandoned(folder)
        super().purge_deleted()

    def close(self) -> None:
        """Close; after an error of the disk, whoever opens next is made to check."""
        super().close()
        if self._lock:
            self._lock.release(clean=not self.in_doubt)
            self._lock = None


def open_file(path: Path, *, create: bool, write: bool, schema: Schema) -> FileDatabase:
    """The store at a path; everything that could stop it later is found now."""
    store_files.refuse_network(path)
    if write and create and not _path_exists(path):
        store_files.make_private_folder(path.parent)
    elif not _path_exists(path):
        raise StoreMissing(path=store_files.display_path(path))
    else:
        if write:
            store_files.refuse_other_owner(path)
        check_header(path)
    return _open_to_write(path, create, schema) if write else _open_to_read(path, schema)


def _path_exists(path: Path) -> bool:
    with store_files.translating_errors(path):
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def _open_to_write(path: Path, create: bool, schema: Schema) -> FileDatabase:
    if _path_exists(path):
        store_files.refuse_other_owner(path)
    lock = WriterLock.acquire(path)
    try:
        private_files.remove_abandoned(path.parent)
        if create and not _path_exists(path):
            create_store_file(path, schema)
        revision = verify_store(path, schema, thorough=lock.left_open)
        store_files.restrict_to_owner(path)
        if revision != schema.newest_revision:
            _upgrade_after_backup(path, schema)
        return FileDatabase(path, _connect_checked(path, write=True), lock)
    except StoreRefused:
        lock.release()
        raise
    except BaseException:
        lock.release(clean=not lock.left_open)
        raise


def _open_to_read(path: Path, schema: Schema) -> FileDatabase:
    if verify_store(path, schema, thorough=False) != schema.newest_revision:
        raise StoreOlder(path=store_files.display_path(path))
    try:
        return FileDatabase(path, _connect_checked(path, write=False), None)
    except StoreUnwritable:  # a folder in which not even the log's index can be made: nobody writes there
        return FileDatabase(path, sqlite.connect(path, write=False, immutable=True), None)


def _connect_checked(path: Path, *, write: bool) -> sqlite3.Connection:
    try:
        connection = sqlite.connect(path, write=write)
        connection.execute(statements.SCHEMA_REVISION).fetchall()
    except sqlite3.Error as problem:
        raise sqlite.translate_error(problem, path) from problem
    return connection


def create_store_file(path: Path, schema: Schema) -> None:
    """An empty store, which is there whole or not at all."""
    stale = [each for each in store_files.wal_files(path) if each.exists()]
    if stale:  # the log of a store that is gone: it may hold the only copy of something
        raise StoreDamaged(path=store_files.display_path(stale[0]), backup=last_backup(path))
    with store_files.new_store_file(path, replace=False) as part:
        try:
            with closing(sqlite.connect(part, write=True)) as connection:
                if schema.creation_script:
                    sqlite.create_schema(connection, schema.creation_script.read_text("utf-8"))
                else:
                    sqlite.create_schema(connection, "")
                    _upgrade_in_transaction(connection, schema)
        except sqlite3.Error as problem:
            raise sqlite.translate_error(problem, path) from problem


def _upgrade_after_backup(path: Path, schema: Schema) -> None:
    """To the newest schema in one transaction, once a backup of the old one lies beside it."""
    with closing(_connect_checked(path, write=True)) as connection:
        backups.make_backup(path, connection, None, replace=False)
        connection.execute("PRAGMA foreign_keys=OFF")  # a rebuilt table must not take its children with it
        try:
            _upgrade_in_transaction(connection, schema)
        except sqlite3.Error as problem:
            cause = sqlite.translate_error(problem, path)
            if cause is problem:
                raise UpgradeFailed(
                    path=store_files.display_path(path), problem=escape_controls(str(problem))
                ) from problem
            raise cause from problem


def _upgrade_in_transaction(connection: sqlite3.Connection, schema: Schema) -> None:
    from sqlalchemy import Connection, StaticPool, create_engine, event
    from sqlalchemy.exc import DBAPIError

    def begin(through: Connection) -> None:
        through.exec_driver_sql("BEGIN IMMEDIATE")  # the driver itself begins none around CREATE and ALTER

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", begin)
    try:
        with engine.begin() as through:
            upgrade_schema(through, schema)
            if not sqlite.is_intact(connection, thorough=True):
                raise sqlite3.IntegrityError("a reference was broken")
    except DBAPIError as problem:
        raise problem.orig or problem from problem
