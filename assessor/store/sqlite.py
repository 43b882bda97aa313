"""SQLite as the store's database; everything that only SQLite understands is said here."""

import hashlib
import os
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from assessor.errors import AssessorError
from assessor.store import store_files
from assessor.store.backup_files import last_backup
from assessor.store.database import Row, T
from assessor.store.errors import (
    BackupNotVerified,
    ErasureIncomplete,
    StoreBusy,
    StoreDamaged,
    StoreDiskError,
    StoreFull,
    StoreReadOnly,
    StoreUnwritable,
)

#: Told apart from other programs' files by this number in the header: "asr1".
APPLICATION_ID: Final = 0x61737231
#: Milliseconds to wait for a program that is not ours.
BUSY_TIMEOUT_MS: Final = 4_000
#: What every connection begins with. FULL, because an answer called saved must outlive a power cut.
PRAGMAS: Final = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)
#: Part of the file once set; asked for at each opening for writing.
ENABLE_WAL: Final = "PRAGMA journal_mode=WAL"

_SHARED_MEMORY_FULL: Final = frozenset({sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP})


def may_lose_commits(version: tuple[int, int, int] = sqlite3.sqlite_version_info[:3]) -> bool:
    """Whether this SQLite can lose commits of two simultaneous writers, which is why one writes at a time here."""
    mended = (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    return (3, 7, 0) <= version < (3, 51, 3) and not mended


def connect(path: Path, *, write: bool, immutable: bool = False) -> sqlite3.Connection:
    """A connection with the product's settings; never makes a file."""
    mode = "rw" if write else "ro"
    uri = f"file:{urllib.parse.quote(os.fsencode(path.resolve()))}?mode={mode}{'&immutable=1' * immutable}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        if write:
            connection.execute(ENABLE_WAL)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def open_without_traces(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that leaves no file beside a store that nobody has open."""
    quiet = not any(each.exists() for each in store_files.wal_files(path))
    with closing(connect(path, write=False, immutable=quiet)) as connection:
        yield connection


def is_intact(connection: sqlite3.Connection, *, thorough: bool) -> bool:
    """Whether SQLite finds the file whole and every reference kept."""
    check = "integrity_check" if thorough else "quick_check"
    return (
        connection.execute(f"PRAGMA {check}(1)").fetchall() == [("ok",)]
        and not connection.execute("PRAGMA foreign_key_check").fetchall()
    )


def holds_only_data(connection: sqlite3.Connection) -> bool:
    """Whether the file holds tables and nothing that acts by itself."""
    return not connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()


def create_schema(connection: sqlite3.Connection, script: str) -> None:
    """An empty file into a store, by the statements of a script."""
    connection.executescript(f"BEGIN;\n{script}\nPRAGMA application_id={APPLICATION_ID};\nCOMMIT;")


def tables_digest(connection: sqlite3.Connection) -> str:
    """A digest of every row of every table, of whichever schema, whatever the pages look like."""
    digest = hashlib.sha256()
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (table,) in tables:
        digest.update(repr(table).encode())
        for row in connection.execute(f'SELECT * FROM "{table.replace(chr(34), chr(34) * 2)}" ORDER BY rowid'):  # noqa: S608 - a quoted name
            digest.update(repr(row).encode())
    return digest.hexdigest()


def copy_verified(source: sqlite3.Connection, target: Path) -> str:
    """Everything as of one commit into an empty file; the digest of it, found in both."""
    source.execute("BEGIN")
    try:
        wanted = tables_digest(source)  # begins the picture that the pages are then copied from
        with closing(sqlite3.connect(target, isolation_level=None)) as copied:
            source.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")  # one file, readable where nothing can be written
    finally:
        source.execute("ROLLBACK")
    with closing(connect(target, write=False, immutable=True)) as copied:
        if not is_intact(copied, thorough=True) or tables_digest(copied) != wanted:
            raise BackupNotVerified(path=store_files.display_path(target))
    return wanted


def checkpoint_wal(path: Path) -> None:
    """All of a file's log into the file itself, so that it stands alone."""
    with closing(connect(path, write=True)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class SqliteDatabase:
    """One connection to one file, as the store's database."""

    row_lock = ""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, write: bool) -> None:
        self.path = path
        self.display_location = store_files.display_path(path)
        self.connection = connection
        self._writable = write
        #: The disk has reported an error: nothing more is promised on this connection.
        self.in_doubt = False

    def execute(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement."""
        with self._translating_errors():
            return self.connection.execute(statement, values).fetchall()

    def stream_rows(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement, one at a time."""
        with self._translating_errors():
            yield from self.connection.execute(statement)

    def execute_many(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """One statement for each row."""
        with self._translating_errors():
            self.connection.executemany(statement, rows)

    def run_with_retries(self, work: Callable[[], T], *, harmless: bool) -> T:
        """Once is enough: nobody else writes, and a file is not lost on the way."""
        return work()

    @contextmanager
    def read_transaction(self) -> Iterator[None]:
        """One picture; a reader within a write sees what was written so far."""
        if self.connection.in_transaction:
            yield
            return
        with self._translating_errors():
            self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    @contextmanager
    def write_transaction(self) -> Iterator[None]:
        """On the disk when left, or not at all; within another, kept with it or not at all."""
        self._refuse_unwritable()
        if self.connection.in_transaction:
            with self._savepoint():
                yield
            return
        with self._translating_errors():
            self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._translating_errors():
                self.connection.execute("COMMIT")
        finally:
            self._roll_back()

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """What is undone by itself when it fails, within what is written together."""
        with self._translating_errors():
            self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # else the disk's error took the whole with it
                with self._translating_errors():
                    self.connection.execute("ROLLBACK TO part")
                    self.connection.execute("RELEASE part")
            raise
        if not self.connection.in_transaction:
            raise sqlite3.OperationalError("the transaction has ended")
        with self._translating_errors():
            self.connection.execute("RELEASE part")

    def purge_deleted(self) -> None:
        """Rewrite the file without what was deleted, and empty the log."""
        self._refuse_unwritable()
        try:
            with self._translating_errors():
                self.connection.execute("VACUUM")
        finally:
            with self._translating_errors():
                busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ErasureIncomplete(path=store_files.display_path(self.path))

    def close(self) -> None:
        """Close; the last to close leaves one file."""
        self.connection.close()

    def _refuse_unwritable(self) -> None:
        if not self._writable:
            raise StoreReadOnly(path=store_files.display_path(self.path))
        if self.in_doubt:
            raise StoreDiskError(path=store_files.display_path(self.path))

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")

    @contextmanager
    def _translating_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            cause = translate_error(problem, self.path)
            self.in_doubt = self.in_doubt or isinstance(cause, StoreDiskError | StoreDamaged)
            raise cause from problem


def translate_error(problem: sqlite3.Error, path: Path) -> Exception:
    """What SQLite reports, as what a person can do; the problem itself where it is a mistake of ours."""
    code = getattr(problem, "sqlite_errorcode", 0)
    if code in _SHARED_MEMORY_FULL:
        return StoreFull(path=store_files.display_path(path))
    kind = _ERRORS_BY_CODE.get(code & 0xFF)
    if kind is StoreUnwritable:
        return StoreUnwritable(path=store_files.display_path(path), reason=str(problem))
    if kind is StoreDamaged:
        return StoreDamaged(path=store_files.display_path(path), backup=last_backup(path))
    return kind(path=store_files.display_path(path)) if kind else problem


_ERRORS_BY_CODE: Final[dict[int, type[AssessorError]]] = {
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_IOERR: StoreDiskError,
    sqlite3.SQLITE_READONLY: StoreUnwritable,
    sqlite3.SQLITE_CANTOPEN: StoreUnwritable,
    sqlite3.SQLITE_PERM: StoreUnwritable,
    sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
}
