"""What the store asks of a database, so that a file and a server can both be one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

Found = TypeVar("Found")
Row = tuple[Any, ...]


class Database(Protocol):
    """Portable statements with `:named` values in, rows out; all or nothing in between."""

    #: Where it is, as it may stand in a message.
    shown: str
    #: Appended to a SELECT to hold its rows until the transaction ends; empty where one writer is alone anyway.
    hold: str

    def run(self, statement: str, /, **values: object) -> list[Row]:
        """The rows of one statement; none for a statement that returns none."""
        ...

    def each(self, statement: str, /) -> Iterator[Row]:
        """The rows of one statement without values, one at a time."""
        ...

    def fill(self, statement: str, rows: Iterable[Mapping[str, object]], /) -> None:
        """One statement for each row."""
        ...

    def again(self, work: Callable[[], Found], *, harmless: bool) -> Found:
        """What `work` gives; tried again where others were in the way, or a connection was lost.

        Where it cannot be known whether the work was kept it is tried again only if it does no harm twice.
        """
        ...

    def reading(self) -> AbstractContextManager[None]:
        """One unchanging picture for all statements within."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Durable when left, or nothing of it; one within another is durable with it.

        In a file it also fails alone.
        """
        ...

    def scrub(self) -> None:
        """Leave no trace of what was deleted."""
        ...

    def backup(self, path: Path | None, replace: bool) -> Path:
        """A verified copy; under a dated name of its own when no path is given."""
        ...

    def close(self) -> None:
        """Let go; whoever waits to write may."""
        ...
