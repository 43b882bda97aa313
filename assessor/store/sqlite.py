"""SQLite as the store's database; everything that only SQLite understands is said here.

The problem: an answer that was called saved must survive a power cut, an erased one must leave no bytes behind, and a
damaged file must be found before the first question, on a laptop with whatever SQLite its Python brings.

- Durability: WAL with `synchronous=FULL`, which flushes the log at every commit. The default of many libraries,
  NORMAL, may lose the last commits when the power fails.
- One writer: most versions of SQLite before 3.51.3 can lose commits in a WAL database when two connections write at
  the same moment (`may_lose_commits`). A lock file (`writer_lock`) therefore admits one writing process at a time;
  readers are not limited.
- Erasure: `secure_delete` overwrites deleted rows, VACUUM rewrites the file, and the log is truncated after it.
- Looking without touching: opening a WAL database for reading creates files beside it. `open_without_traces` opens as
  immutable when there are none, so that looking at a backup leaves the folder as it was.
- Place: a commit goes to the file that is open, wherever its name went. So a write is acknowledged only while the path
  and its log's name the files that were opened (`require_in_place`).
- Errors: SQLite's codes become errors with a cure in one table, `_ERRORS_BY_CODE`. After an I/O error or damage the
  connection is `in_doubt` and writes no more, as SQLite's own state can no longer be trusted.

Why `sqlite3` and not SQLAlchemy here: importing it would delay the first question, and the statements are portable
anyway. Files on disk are the matter of `store_files`, opening them of `sqlite_file`.
"""

import hashlib
import os
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from assessor.errors import AssessorError
from assessor.private_files import STORE_MARK
from assessor.store import storable_text, store_files
from assessor.store.backup_files import last_backup
from assessor.store.database import Row, T
from assessor.store.errors import (
    BackupNotVerified,
    ErasureIncomplete,
    StoreBusy,
    StoreDamaged,
    StoreDiskError,
    StoreFull,
    StoreMoved,
    StoreReadOnly,
    StoreUnwritable,
)

#: In the file's header, tells a store from other programs' files.
APPLICATION_ID: Final = int.from_bytes(STORE_MARK)
#: Milliseconds to wait for SQLite's lock, which only another program can hold.
BUSY_TIMEOUT_MS: Final = 4_000
#: Run at the start of every connection. FULL, because an answer called saved must survive a power cut.
PRAGMAS: Final = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)
#: Stored in the file once set; requested at each opening for writing.
ENABLE_WAL: Final = "PRAGMA journal_mode=WAL"

#: I/O errors that mean a full disk: the log's index cannot grow.
_SHARED_MEMORY_FULL: Final = frozenset({sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP})


def may_lose_commits(version: tuple[int, int, int] = sqlite3.sqlite_version_info[:3]) -> bool:
    """Whether this SQLite can lose commits of two simultaneous writers, the reason for the writer lock."""
    is_fixed_branch = (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    return (3, 7, 0) <= version < (3, 51, 3) and not is_fixed_branch


def connect(path: Path, *, write: bool, immutable: bool = False) -> sqlite3.Connection:
    """A connection with the product's settings; raises `sqlite3.Error`, and never creates a file."""
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
    """A read-only connection that creates no file beside a store that nobody has open."""
    unused = not any(file.exists() for file in store_files.wal_files(path))
    with closing(connect(path, write=False, immutable=unused)) as connection:
        yield connection


def is_intact(connection: sqlite3.Connection, *, thorough: bool) -> bool:
    """Whether SQLite finds the file sound and every reference valid.

    `thorough` also compares indexes with their tables.
    """
    check = "integrity_check" if thorough else "quick_check"
    return (
        connection.execute(f"PRAGMA {check}(1)").fetchall() == [("ok",)]
        and not connection.execute("PRAGMA foreign_key_check").fetchall()
    )


def holds_only_data(connection: sqlite3.Connection) -> bool:
    """Whether the file has no triggers or views, which would run SQL of somebody else's."""
    return not connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()


def create_schema(connection: sqlite3.Connection, script: str) -> None:
    """Turn an empty file into a store by a script, in one transaction."""
    connection.executescript(f"BEGIN;\n{script}\nPRAGMA application_id={APPLICATION_ID};\nCOMMIT;")


def tables_digest(connection: sqlite3.Connection) -> str:
    """A digest of every row of every table, for any schema, independent of the layout of pages."""
    digest = hashlib.sha256()
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (table,) in tables:
        digest.update(repr(table).encode())
        for row in connection.execute(f'SELECT * FROM "{table.replace(chr(34), chr(34) * 2)}" ORDER BY rowid'):  # noqa: S608 - a quoted name
            digest.update(repr(row).encode())
    return digest.hexdigest()


def copy_verified(source: sqlite3.Connection, target: Path) -> str:
    """Copy one committed state into an empty file; returns its digest, which was found in both.

    Raises `BackupNotVerified`, or `sqlite3.Error`.
    """
    source.execute("BEGIN")
    try:
        expected = tables_digest(source)  # fixes the snapshot that the pages are then copied from
        with closing(sqlite3.connect(target, isolation_level=None)) as copied:
            source.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")  # a single file, readable on read-only media
    finally:
        source.execute("ROLLBACK")
    with closing(connect(target, write=False, immutable=True)) as copied:
        if not is_intact(copied, thorough=True) or tables_digest(copied) != expected:
            raise BackupNotVerified(path=store_files.display_path(target))
    return expected


def checkpoint_wal(path: Path) -> None:
    """Move all of a file's log into the file itself, so that it can be copied alone."""
    with closing(connect(path, write=True)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class SqliteDatabase:
    """One connection to one file, as the store's database."""

    row_lock = ""
    shared_row_lock = ""
    numbered_names: tuple[str, ...] = ()

    def __init__(self, path: Path, connection: sqlite3.Connection, *, write: bool) -> None:
        self.path = path
        self.display_location = store_files.display_path(path)
        self.connection = connection
        self.is_writable = write
        #: The disk reported an error or damage: this connection refuses to write any more.
        self.in_doubt = False
        self._files = store_files.OpenedFiles(path)

    def execute(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement."""
        if not storable_text.can_be_stored(values.values(), refuse=statement.startswith(("INSERT", "UPDATE"))):
            return []  # nothing stored can match
        with self._translating_errors():
            return self.connection.execute(statement, values).fetchall()

    def stream_rows(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement, one at a time."""
        with self._translating_errors():
            yield from self.connection.execute(statement)

    def execute_many(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run one statement for each row of values."""
        with self._translating_errors():
            self.connection.executemany(statement, rows)

    def run_with_retries(self, work: Callable[[], T], *, harmless: bool) -> T:
        """No retry: SQLite has one writer and no connection to lose."""
        return work()

    @contextmanager
    def read_transaction(self) -> Iterator[None]:
        """One snapshot; inside a write transaction it sees what that has written so far."""
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
        """On the disk when left, or rolled back; a nested one is a savepoint of the outer one."""
        self._refuse_unwritable()
        if self.connection.in_transaction:
            with self._savepoint():
                yield
            return
        self.require_in_place()
        with self._translating_errors():
            self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._translating_errors():
                self.connection.execute("COMMIT")
        finally:
            self._roll_back()
        self.require_in_place()

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Roll back alone when the block fails; the outer transaction decides about the rest."""
        with self._translating_errors():
            self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # a disk error rolls back the whole transaction by itself
                with self._translating_errors():
                    self.connection.execute("ROLLBACK TO part")
                    self.connection.execute("RELEASE part")
            raise
        if not self.connection.in_transaction:
            raise sqlite3.OperationalError("the transaction has ended")
        with self._translating_errors():
            self.connection.execute("RELEASE part")

    def purge_deleted(self) -> None:
        """Rewrite the file without deleted rows and empty the log.

        Raises `ErasureIncomplete` where a reader holds the log.
        """
        self._refuse_unwritable()
        self.require_in_place()
        try:
            with self._translating_errors():
                self.connection.execute("VACUUM")
        finally:
            with self._translating_errors():
                busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ErasureIncomplete(path=store_files.display_path(self.path))
        self.require_in_place()

    def require_in_place(self) -> None:
        """Raise `StoreMoved` where the path, or its log's, does not name the file that is open."""
        if self.is_writable and not self._files.are_in_place():
            if self._files.is_replaced():
                self._leave_place()
            raise StoreMoved(path=store_files.display_path(self.path))

    def close(self) -> None:
        """Close; the last connection to close removes the log and its index."""
        if self.is_writable and not self._files.are_in_place():
            self._leave_place()
        self.is_writable = False
        self.connection.close()

    def _leave_place(self) -> None:
        """Give a file that was moved what its log holds, and leave no log for a file that was put in its place."""
        if self.connection.in_transaction:
            return
        with suppress(sqlite3.Error):
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._files.remove_journals()

    def _refuse_unwritable(self) -> None:
        """Raise `StoreReadOnly`, or `StoreDiskError` after an error of the disk."""
        if not self.is_writable:
            raise StoreReadOnly(path=store_files.display_path(self.path))
        if self.in_doubt:
            raise StoreDiskError(path=store_files.display_path(self.path))

    def _roll_back(self) -> None:
        """Roll back what is open; errors are suppressed, as another one is on its way already."""
        if self.connection.in_transaction:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")

    @contextmanager
    def _translating_errors(self) -> Iterator[None]:
        """Raise SQLite's errors with a cure, and note when the connection can no longer be trusted."""
        try:
            yield
        except sqlite3.Error as problem:
            cause = translate_error(problem, self.path)
            self.in_doubt = self.in_doubt or isinstance(cause, StoreDiskError | StoreDamaged)
            raise cause from problem


def translate_error(problem: sqlite3.Error, path: Path) -> Exception:
    """The error for what SQLite reports; the problem itself where it is a mistake of the program."""
    code = getattr(problem, "sqlite_errorcode", 0)
    if code in _SHARED_MEMORY_FULL:
        return StoreFull(path=store_files.display_path(path))
    kind = _ERRORS_BY_CODE.get(code & 0xFF)
    if kind is StoreUnwritable:
        return StoreUnwritable(path=store_files.display_path(path), reason=str(problem))
    if kind is StoreDamaged:
        return StoreDamaged(path=store_files.display_path(path), backup=last_backup(path))
    return kind(path=store_files.display_path(path)) if kind else problem


#: By SQLite's primary result code; any other code is a mistake of the program.
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
