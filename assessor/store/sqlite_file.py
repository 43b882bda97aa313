"""A store in one file: created, checked before it is trusted, upgraded, and closed.

`open_file` is the entrance. It raises now whatever would stop the store later: a network disk, another owner, another
writer, damage, a schema from the future. The order matters: the lock is taken before the file is checked, and a store
is never created where the log of a lost one lies.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from assessor import private_files
from assessor.safe_text import escape_controls
from assessor.store import backup_digest, backups, sqlite, statements, store_files
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
from assessor.store.verification import bears_digest, check_header, verify_store
from assessor.store.writer_lock import WriterLock


class FileDatabase(sqlite.SqliteDatabase):
    """The store's database in one file; holds the writer lock unless it was opened for reading."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        lock: WriterLock | None,
        numbered_names: tuple[str, ...] = (),
    ) -> None:
        super().__init__(path, connection, write=lock is not None)
        self._lock = lock
        self.numbered_names = numbered_names

    def backup(self, path: Path | None, replace: bool) -> Path:
        """A verified copy of what is committed now."""
        return backups.make_backup(self.path, self.connection, path, replace=replace)

    def copy_to_new_file(self) -> Path:
        """Copy what is open to a new file, with everything that was ever committed to it."""
        store_files.make_private_folder(self.path.parent)
        return backups.make_backup(self.path, self.connection, backups.new_path_beside(self.path), replace=False)

    def purge_deleted(self) -> None:
        """Leave no trace, including temporary files that a killed process left half-written."""
        for folder in (self.path.parent, backup_folder(self.path)):
            private_files.remove_abandoned(folder)
        super().purge_deleted()

    def close(self) -> None:
        """Close and release the lock.

        After a disk error the lock stays marked, and the next opening checks thoroughly.
        """
        super().close()
        if self._lock:
            self._lock.release(clean=not self.in_doubt)
            self._lock = None


def open_file(path: Path, *, create: bool, write: bool, schema: Schema) -> FileDatabase:
    """The store at a path, open; raises `StoreMissing`, `StoreInUse`, a `StoreRefused`, or an error of its place."""
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
    """Whether something lies there, a broken link included; raises `StoreUnwritable` where that cannot be seen."""
    with store_files.translating_errors(path):
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def _open_to_write(path: Path, create: bool, schema: Schema) -> FileDatabase:
    """Lock, clean up, create or verify, upgrade, connect.

    Where it fails, the lock stays marked if the last writer did not close, so that the next opening checks as
    thoroughly. A refused store was checked already, and its lock is released clean.
    """
    if _path_exists(path):
        store_files.refuse_other_owner(path)
    lock = WriterLock.acquire(path)
    try:
        private_files.remove_abandoned(path.parent)
        if create and not _path_exists(path):
            create_store_file(path, schema)
        revision = verify_store(path, schema, thorough=lock.left_open)
        if bears_digest(path):  # a backup that was put in a store's place
            backup_digest.cut_off_digest(path)
        store_files.restrict_to_owner(path)
        numbered = _upgrade_after_backup(path, schema) if revision != schema.newest_revision else ()
        return FileDatabase(path, _connect_checked(path, write=True), lock, numbered)
    except StoreRefused:
        lock.release()
        raise
    except BaseException:
        lock.release(clean=not lock.left_open)
        raise


def _open_to_read(path: Path, schema: Schema) -> FileDatabase:
    """Open without a lock, beside a writer; raises `StoreOlder` for a schema that must be upgraded first."""
    if verify_store(path, schema, thorough=False) != schema.newest_revision:
        raise StoreOlder(path=store_files.display_path(path))
    try:
        return FileDatabase(path, _connect_checked(path, write=False), None)
    except StoreUnwritable:  # the log's index cannot be created here, so nobody writes either
        return FileDatabase(path, sqlite.connect(path, write=False, immutable=True), None)


def _connect_checked(path: Path, *, write: bool) -> sqlite3.Connection:
    """A connection with which one statement has succeeded, as SQLite opens the file only then."""
    try:
        connection = sqlite.connect(path, write=write)
        connection.execute(statements.SCHEMA_REVISION).fetchall()
    except sqlite3.Error as problem:
        raise sqlite.translate_error(problem, path) from problem
    return connection


def create_store_file(path: Path, schema: Schema) -> None:
    """Create an empty store, complete or not at all; raises `StoreDamaged` beside the log of a lost one."""
    stale = [file for file in store_files.wal_files(path) if file.exists()]
    if stale:  # the log of a store that is gone may hold the only copy of something
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


def upgrade_copy(path: Path, schema: Schema) -> tuple[str, ...]:
    """Upgrade a copy whose original lies elsewhere; the names that got a number. Raises `UpgradeFailed`."""
    if verify_store(path, schema, thorough=False) == schema.newest_revision:
        return ()
    with closing(_connect_checked(path, write=True)) as connection:
        return _upgrade_connection(connection, path, schema)


def _upgrade_after_backup(path: Path, schema: Schema) -> tuple[str, ...]:
    """Upgrade in one transaction, once a backup of the old schema lies beside it; as `upgrade_copy`."""
    with closing(_connect_checked(path, write=True)) as connection:
        backups.make_backup(path, connection, None, replace=False)
        return _upgrade_connection(connection, path, schema)


def _upgrade_connection(connection: sqlite3.Connection, path: Path, schema: Schema) -> tuple[str, ...]:
    connection.execute("PRAGMA foreign_keys=OFF")  # dropping a rebuilt table must not delete rows that refer to it
    try:
        return _upgrade_in_transaction(connection, schema)
    except sqlite3.Error as problem:
        cause = sqlite.translate_error(problem, path)
        if cause is problem:
            raise UpgradeFailed(path=store_files.display_path(path), problem=escape_controls(str(problem))) from problem
        raise cause from problem


def _upgrade_in_transaction(connection: sqlite3.Connection, schema: Schema) -> tuple[str, ...]:
    """Run Alembic on this connection; SQLAlchemy is imported here, for an upgrade only.

    Returns, once it is committed, the names that got a number.
    """
    from sqlalchemy import Connection, StaticPool, create_engine, event
    from sqlalchemy.exc import DBAPIError

    def begin(wrapped: Connection) -> None:
        wrapped.exec_driver_sql("BEGIN IMMEDIATE")  # sqlite3 itself begins none before CREATE and ALTER

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", begin)
    try:
        with engine.begin() as wrapped:
            numbered = upgrade_schema(wrapped, schema)
            if not sqlite.is_intact(connection, thorough=True):
                raise sqlite3.IntegrityError("a reference was broken")
        return numbered
    except DBAPIError as problem:
        raise problem.orig or problem from problem
