"""What the store asks of a database, so that a file and a server can both be one.

`SqliteDatabase` and `ServerDatabase` implement this protocol. It is narrower than SQLAlchemy's on purpose: opening a
file must not import SQLAlchemy, which would delay the first question.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]


class Database(Protocol):
    """Runs portable statements with `:named` values; transactions are kept whole or not at all."""

    #: Its path or address, safe to show: no password is in it.
    display_location: str
    #: Appended to a SELECT to lock its rows until the transaction ends; empty where there is only one writer.
    row_lock: str
    #: The same, held by several at once and by nobody who uses `row_lock`.
    shared_row_lock: str
    #: Whether it was opened for writing.
    is_writable: bool
    #: Names that looked like another's and got a number as this was opened, once that is committed; none otherwise.
    numbered_names: tuple[str, ...]

    def execute(self, statement: str, /, **values: object) -> list[Row]:
        """All rows of one statement; an empty list for a statement that returns none."""
        ...

    def stream_rows(self, statement: str, /) -> Iterator[Row]:
        """The rows of a statement without values, one at a time, for what may not fit in memory."""
        ...

    def execute_many(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run one statement for each row of values."""
        ...

    def run_with_retries(self, work: Callable[[], T], *, harmless: bool) -> T:
        """The result of `work`, run again where a conflict or a lost connection stopped it.

        When a connection is lost during a commit, nobody can know whether it was kept: `work` then runs again only if
        it is `harmless`, that is, if doing it twice leaves the same as doing it once.
        """
        ...

    def read_transaction(self) -> AbstractContextManager[None]:
        """All statements within see one unchanging snapshot."""
        ...

    def write_transaction(self) -> AbstractContextManager[None]:
        """Durable when the block is left, or rolled back whole; a nested one commits with the outer one.

        In a file a nested one also rolls back alone, by a savepoint.
        """
        ...

    def purge_deleted(self) -> None:
        """Remove deleted rows from the storage itself, not only from the tables."""
        ...

    def require_in_place(self) -> None:
        """Raise `StoreMoved` where what is written would not be found again at the store's path."""
        ...

    def copy_to_new_file(self) -> Path:
        """The path of a verified copy of all that is open, under a new name beside the store's path."""
        ...

    def backup(self, path: Path | None, replace: bool) -> Path:
        """The path of a verified copy; without `path`, under a dated name of its own."""
        ...

    def close(self) -> None:
        """Release the file or the connections; another process may write then."""
        ...
