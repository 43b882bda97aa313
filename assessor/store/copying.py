"""Everything from one store into another that is empty: whole and verified, or nothing of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from assessor.store import content_digest
from assessor.store.database import Database
from assessor.store.errors import CopyDiffers, StoreNotEmpty
from assessor.store.statements import CONTENT_BY_TABLE

#: Rows between two words about how far it is.
BATCH_ROWS: Final = 20_000

#: How many rows of how many are there.
ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifiedCopy:
    """What a copy holds, as found in both stores."""

    rows: int
    #: The content's digest.
    digest: str


def copy_content(source: Database, target: Database, shown: str, told: ProgressCallback) -> VerifiedCopy:
    """Copy in one transaction; `shown` names the target in what is refused."""
    with source.read_transaction(), target.write_transaction():
        if any(target.execute(f"SELECT 1 FROM {table} LIMIT 1") for table in CONTENT_BY_TABLE):  # noqa: S608 - a name of ours
            raise StoreNotEmpty(path=shown)
        count = _copy_tables(source, target, told)
        digest = content_digest.digest_rows(source.stream_rows)
        if content_digest.digest_rows(target.stream_rows) != digest:
            raise CopyDiffers(path=shown)
    return VerifiedCopy(rows=count, digest=digest)


def _copy_tables(source: Database, target: Database, told: ProgressCallback) -> int:
    total = sum(int(source.execute(f"SELECT COUNT(*) FROM {table}")[0][0]) for table in CONTENT_BY_TABLE)  # noqa: S608 - likewise
    done = 0
    for table, statement in CONTENT_BY_TABLE.items():
        rows = _named_rows(source, statement)
        while some := list(islice(rows, BATCH_ROWS)):
            target.execute_many(_insert_statement(table, statement), some)
            done += len(some)
            told(done, total)
    return done


def _named_rows(source: Database, statement: str) -> Iterator[Mapping[str, object]]:
    names = selected_columns(statement)
    return (dict(zip(names, row, strict=True)) for row in source.stream_rows(statement))


def _insert_statement(table: str, statement: str) -> str:
    names = selected_columns(statement)
    given = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({given})"  # noqa: S608 - from a table of ours


def selected_columns(statement: str) -> tuple[str, ...]:
    """What one of the statements of `CONTENT` selects."""
    return tuple(statement.removeprefix("SELECT ").partition(" FROM ")[0].split(", "))
