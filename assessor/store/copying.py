"""Everything from one store into another that is empty: whole and verified, or nothing of it.

This is how a file moves to a server and back; a backup, which copies pages, works within SQLite only. Both sides are
held in one transaction, rows go over in batches, and the digests of the two are compared before the target commits.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from assessor.store import content_digest
from assessor.store.database import Database
from assessor.store.erasures import NOTHING_LEFT_OUT, LeftOut
from assessor.store.errors import CopyDiffers, StoreNotEmpty
from assessor.store.statements import CONTENT_BY_TABLE

#: Rows sent together, and between two reports of progress.
BATCH_ROWS: Final = 20_000

#: Called with the number of rows copied and the number of all rows.
ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifiedCopy:
    """What a copy holds, found equal in both stores."""

    rows: int
    #: Of the content, as `content_digest` computes it.
    digest: str
    #: What the target keeps as erased, and so was taken out again.
    left_out: LeftOut = NOTHING_LEFT_OUT


def copy_content(source: Database, target: Database, shown: str, progress: ProgressCallback) -> VerifiedCopy:
    """Copy all tables in one transaction; `shown` names the target in errors.

    Raises `StoreNotEmpty`, or `CopyDiffers` where the target does not hold what was sent; it then keeps nothing of it.
    """
    with source.read_transaction(), target.write_transaction():
        if any(target.execute(f"SELECT 1 FROM {table} LIMIT 1") for table in CONTENT_BY_TABLE if table != "erasure"):  # noqa: S608 - a name of ours
            raise StoreNotEmpty(path=shown)
        target.execute("DELETE FROM erasure")  # what a target remembers is no answer; the caller keeps it
        count = _copy_tables(source, target, progress)
        digest = content_digest.digest_rows(source.stream_rows)
        if content_digest.digest_rows(target.stream_rows) != digest:
            raise CopyDiffers(path=shown)
    return VerifiedCopy(rows=count, digest=digest)


def _copy_tables(source: Database, target: Database, progress: ProgressCallback) -> int:
    """The number of rows copied, table by table, in the order that references require."""
    total = sum(int(source.execute(f"SELECT COUNT(*) FROM {table}")[0][0]) for table in CONTENT_BY_TABLE)  # noqa: S608 - likewise
    done = 0
    for table, statement in CONTENT_BY_TABLE.items():
        rows = _named_rows(source, statement)
        while batch := list(islice(rows, BATCH_ROWS)):
            target.execute_many(_insert_statement(table, statement), batch)
            done += len(batch)
            progress(done, total)
    return done


def _named_rows(source: Database, statement: str) -> Iterator[Mapping[str, object]]:
    names = selected_columns(statement)
    return (dict(zip(names, row, strict=True)) for row in source.stream_rows(statement))


def _insert_statement(table: str, statement: str) -> str:
    names = selected_columns(statement)
    placeholders = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({placeholders})"  # noqa: S608 - from a table of ours


def selected_columns(statement: str) -> tuple[str, ...]:
    """The columns that a statement of `CONTENT_BY_TABLE` selects; relies on how those are written."""
    return tuple(statement.removeprefix("SELECT ").partition(" FROM ")[0].split(", "))
