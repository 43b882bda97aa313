"""A store in one file: made, looked at before it is trusted, upgraded, and let go."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from assessor.safe_text import safe
from assessor.store import backups, sqlite, statements, store_files
from assessor.store.errors import (
    Refused,
    StoreBusy,
    StoreCut,
    StoreDamaged,
    StoreEmpty,
    StoreForeign,
    StoreMissing,
    StoreNewer,
    StoreOlder,
    StoreUnreadable,
    StoreUnwritable,
    UpgradeFailed,
)
from assessor.store.schema import Schema, upgrade
from assessor.store.writer_lock import WriterLock

_MAGIC: Final = b"SQLite format 3\0"
#: Bytes up to which a file is read through at every opening; a damaged page is then found before question 1.
_READ_THROUGH: Final = 64 * 2**20


class Embedded(sqlite.Sqlite):
    """The store's database in one file, with the right to write it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        super().__init__(path, connection, write=lock is not None)
        self._lock = lock

    def backup(self, path: Path | None, replace: bool) -> Path:
        """A verified copy of what is committed now."""
        return backups.make(self.path, self.connection, path, replace=replace)

    def scrub(self) -> None:
        """Leave no trace, not in what a process left half-made either."""
        for folder in (self.path.parent, backups.folder(self.path)):
            store_files.sweep(folder)
        super().scrub()

    def close(self) -> None:
        """Close; after an error of the disk, whoever opens next is made to check."""
        super().close()
        if self._lock:
            self._lock.release(clean=not self.in_doubt)
            self._lock = None


def open_file(path: Path, *, create: bool, write: bool, schema: Schema) -> Embedded:
    """The store at a path; everything that could stop it later is found now."""
    store_files.refuse_network(path)
    if write and create and not _exists(path):
        store_files.make_folder(path.parent)
    elif not _exists(path):
        raise StoreMissing(path=store_files.shown(path))
    else:
        if write:
            store_files.refuse_others(path)
        look(path)
    return _to_write(path, create, schema) if write else _to_read(path, schema)


def _exists(path: Path) -> bool:
    with store_files.told(path):
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
    return True


def _to_write(path: Path, create: bool, schema: Schema) -> Embedded:
    if _exists(path):
        store_files.refuse_others(path)
    lock = WriterLock.take(path)
    try:
        store_files.sweep(path.parent)
        if create and not _exists(path):
            make(path, schema)
        revision = examine(path, schema, thorough=lock.left_open)
        store_files.keep_private(path)
        if revision != schema.newest:
            _upgrade(path, schema)
        return Embedded(path, _connected(path, write=True), lock)
    except Refused:
        lock.release()
        raise
    except BaseException:
        lock.release(clean=not lock.left_open)
        raise


def _to_read(path: Path, schema: Schema) -> Embedded:
    if examine(path, schema, thorough=False) != schema.newest:
        raise StoreOlder(path=store_files.shown(path))
    try:
        return Embedded(path, _connected(path, write=False), None)
    except StoreUnwritable:  # a folder in which not even the log's index can be made: nobody writes there
        return Embedded(path, sqlite.connect(path, write=False, immutable=True), None)


def _connected(path: Path, *, write: bool) -> sqlite3.Connection:
    try:
        connection = sqlite.connect(path, write=write)
        connection.execute(statements.REVISION).fetchall()
    except sqlite3.Error as problem:
        raise sqlite.explained(problem, path) from problem
    return connection


def make(path: Path, schema: Schema) -> None:
    """An empty store, which is there whole or not at all."""
    stale = [each for each in store_files.beside(path) if each.exists()]
    if stale:  # the log of a store that is gone: it may hold the only copy of something
        raise StoreDamaged(path=store_files.shown(stale[0]), backup=backups.last(path))
    with store_files.arriving(path, replace=False) as part:
        try:
            with closing(sqlite.connect(part, write=True)) as connection:
                if schema.made_by:
                    sqlite.make(connection, schema.made_by.read_text("utf-8"))
                else:
                    sqlite.make(connection, "")
                    _in_one_transaction(connection, schema)
        except sqlite3.Error as problem:
            raise sqlite.explained(problem, path) from problem


def look(path: Path) -> None:
    """Refuse by the first bytes what is no store of ours, without touching it."""
    if not path.is_file():
        raise StoreForeign(path=store_files.shown(path), backup=backups.last(path))
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as problem:
        raise StoreUnreadable(path=store_files.shown(path), reason=problem.strerror) from problem
    kind = _refusal(header, size, logged=_logged(path))
    if kind:
        raise kind(path=store_files.shown(path), backup=backups.last(path))


def _refusal(header: bytes, size: int, *, logged: bool) -> type[Refused] | None:
    if not size:
        return StoreEmpty
    if not header.startswith(_MAGIC):
        return StoreForeign
    if len(header) < 100:
        return StoreCut
    if int.from_bytes(header[68:72]) != sqlite.APPLICATION:
        return StoreForeign
    page = int.from_bytes(header[16:18])
    whole = int.from_bytes(header[28:32]) * (65536 if page == 1 else page)
    return StoreCut if size < whole and not logged else None


def _logged(path: Path) -> bool:
    log, _ = store_files.beside(path)
    return log.exists() and log.stat().st_size > 0


def examine(path: Path, schema: Schema, *, thorough: bool) -> str:
    """The revision of a store that can be trusted; raises a `Refused` and leaves the file as it is."""
    look(path)
    facts = {"path": store_files.shown(path), "backup": backups.last(path)}
    try:
        with sqlite.glance(path) as connection:
            revision = str(connection.execute(statements.REVISION).fetchone()[0])
            if not sqlite.only_data(connection):
                raise StoreForeign(**facts)
            if thorough or path.stat().st_size <= _READ_THROUGH:
                _read_through(connection, thorough, facts)
    except (sqlite3.Error, TypeError) as problem:
        cause = sqlite.explained(problem, path) if isinstance(problem, sqlite3.Error) else None
        if isinstance(cause, StoreBusy | StoreUnwritable):
            raise cause from problem
        raise StoreDamaged(**facts) from problem
    if revision not in schema.revisions:
        raise StoreNewer(**facts)
    return revision


def _read_through(connection: sqlite3.Connection, thorough: bool, facts: dict[str, str]) -> None:
    if not sqlite.sound(connection, thorough=thorough):
        raise StoreDamaged(**facts)


def _upgrade(path: Path, schema: Schema) -> None:
    """To the newest schema in one transaction, once a backup of the old one lies beside it."""
    with closing(_connected(path, write=True)) as connection:
        backups.make(path, connection, None, replace=False)
        connection.execute("PRAGMA foreign_keys=OFF")  # a rebuilt table must not take its children with it
        try:
            _in_one_transaction(connection, schema)
        except sqlite3.Error as problem:
            cause = sqlite.explained(problem, path)
            if cause is problem:
                raise UpgradeFailed(path=store_files.shown(path), problem=safe(str(problem))) from problem
            raise cause from problem


def _in_one_transaction(connection: sqlite3.Connection, schema: Schema) -> None:
    from sqlalchemy import Connection, StaticPool, create_engine, event
    from sqlalchemy.exc import DBAPIError

    def begin(through: Connection) -> None:
        through.exec_driver_sql("BEGIN IMMEDIATE")  # the driver itself begins none around CREATE and ALTER

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", begin)
    try:
        with engine.begin() as through:
            upgrade(through, schema)
            if not sqlite.sound(connection, thorough=True):
                raise sqlite3.IntegrityError("a reference was broken")
    except DBAPIError as problem:
        raise problem.orig or problem from problem
