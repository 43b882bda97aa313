"""What the store asks of a database, so that a file and a server can both be one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = tuple[Any, ...]


class Database(Protocol):
    """Portable statements with `:named` values in, rows out; all or nothing in between."""

    #: Where it is, as it may stand in a message.
    display_location: str
    #: Appended to a SELECT to hold its rows until the transaction ends; empty where one writer is alone anyway.
    row_lock: str

    def execute(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement; none for a statement that returns none."""
        ...

    def stream_rows(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement without values, one at a time."""
        ...

    def execute_many(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """One statement for each row."""
        ...

    def run_with_retries(self, work: Callable[[], T], *, harmless: bool) -> T:
        """What `work` gives; tried again where others were in the way, or a connection was lost.

        Where it cannot be known whether the work was kept it is tried again only if it does no harm twice.
        """
        ...

    def read_transaction(self) -> AbstractContextManager[None]:
        """One unchanging picture for all statements within."""
        ...

    def write_transaction(self) -> AbstractContextManager[None]:
        """Durable when left, or nothing of it; one within another is durable with it.

        In a file it also fails alone.
        """
        ...

    def purge_deleted(self) -> None:
        """Leave no trace of what was deleted."""
        ...

    def backup(self, path: Path | None, replace: bool) -> Path:
        """A verified copy; under a dated name of its own when no path is given."""
        ...

    def close(self) -> None:
        """Let go; whoever waits to write may."""
        ...
