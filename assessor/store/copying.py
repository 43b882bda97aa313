"""Everything from one store into another that is empty: whole and verified, or nothing of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from assessor.store import content_digest
from assessor.store.database import Database
from assessor.store.errors import CopyDiffers, StoreNotEmpty
from assessor.store.statements import CONTENT

#: Rows between two words about how far it is.
_STEP: Final = 20_000

#: How many rows of how many are there.
Told = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Copied:
    """What a copy holds, as found in both stores."""

    rows: int
    #: The content's digest.
    digest: str


def copied(source: Database, target: Database, shown: str, told: Told) -> Copied:
    """Copy in one transaction; `shown` names the target in what is refused."""
    with source.reading(), target.writing():
        if any(target.run(f"SELECT 1 FROM {table} LIMIT 1") for table in CONTENT):  # noqa: S608 - a name of ours
            raise StoreNotEmpty(path=shown)
        count = _filled(source, target, told)
        digest = content_digest.digest(source.each)
        if content_digest.digest(target.each) != digest:
            raise CopyDiffers(path=shown)
    return Copied(rows=count, digest=digest)


def _filled(source: Database, target: Database, told: Told) -> int:
    total = sum(int(source.run(f"SELECT COUNT(*) FROM {table}")[0][0]) for table in CONTENT)  # noqa: S608 - likewise
    done = 0
    for table, statement in CONTENT.items():
        rows = _rows(source, statement)
        while some := list(islice(rows, _STEP)):
            target.fill(_insert(table, statement), some)
            done += len(some)
            told(done, total)
    return done


def _rows(source: Database, statement: str) -> Iterator[Mapping[str, object]]:
    names = columns(statement)
    return (dict(zip(names, row, strict=True)) for row in source.each(statement))


def _insert(table: str, statement: str) -> str:
    names = columns(statement)
    given = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({given})"  # noqa: S608 - from a table of ours


def columns(statement: str) -> tuple[str, ...]:
    """What one of the statements of `CONTENT` selects."""
    return tuple(statement.removeprefix("SELECT ").partition(" FROM ")[0].split(", "))
