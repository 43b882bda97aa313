"""What was erased or has expired, remembered so that no backup and no file brings it back.

Only digests of ids are kept: an id says nothing about anybody, and is the same in every copy of what it belongs to.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from assessor.store import row_values, sqlite, statements
from assessor.store.backup_files import list_backups
from assessor.store.database import Database, Row
from assessor.store.errors import StoreRefused
from assessor.store.verification import check_header

#: Erased because somebody said so, or because its days were over; an address or a browser that lets nobody in any more;
#: a publication, or a library that was counted for one, which is not to be drawn or counted again.
ErasureKind = Literal["erased", "expired", "withdrawn", "counted"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """How much a backup or a file would have brought back."""

    collaborations: int = 0
    assessments: int = 0
    #: People who had joined a workshop.
    respondents: int = 0
    #: Addresses, and browsers or people, that were let into a library.
    keys: int = 0

    def __bool__(self) -> bool:
        return any((self.collaborations, self.assessments, self.respondents, self.keys))


NOTHING_LEFT_OUT: Final = LeftOut()


class ErasureMemory:
    """The digests in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, ids: Iterable[str], kind: ErasureKind, at: datetime) -> None:
        """Keep the digests of ids that are being erased, in the transaction that erases them."""
        self.merge((erasure_digest(id_), kind, row_values.to_microseconds(at)) for id_ in ids if id_)

    def merge(self, rows: Iterable[Row]) -> None:
        """Keep what was remembered elsewhere too."""
        for digest, kind, at in rows:
            self._database.execute(statements.ADD_ERASURE, digest=digest, kind=kind, at=at)

    def forget(self, ids: Iterable[str]) -> None:
        """Remember these no longer."""
        with self._database.write_transaction():
            for id_ in ids:
                self._database.execute(statements.FORGET_ERASURE, digest=erasure_digest(id_))

    def erased_among(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that belong to something erased."""
        known = {str(row[0]) for row in self._database.execute(statements.ERASURES)}
        return frozenset(id_ for id_ in ids if erasure_digest(id_) in known) if known else frozenset()


def erasure_digest(id_: str) -> str:
    """The SHA-256 by which an id is remembered."""
    return hashlib.sha256(f"assessor erasure {id_}".encode("utf-8", "replace")).hexdigest()


def read_erasures(store: Path) -> tuple[Row, ...]:
    """What a store in a file and its backups remember; what cannot be read, or is older, remembers nothing."""
    found: dict[str, Row] = {}
    for path in (store, *(backup.path for backup in list_backups(store))):
        found |= {row[0]: row for row in _erasures_in(path)}
    return tuple(found.values())


def _erasures_in(path: Path) -> Iterable[Row]:
    with suppress(StoreRefused, sqlite3.Error, OSError):
        check_header(path)  # of an empty file SQLite would delete the log, by looking
        with sqlite.open_without_traces(path) as connection:
            return connection.execute(statements.ERASURES).fetchall()
    return ()


def count_rows(database: Database) -> Mapping[str, int]:
    """How many rows there are of what `LeftOut` counts."""
    tables = ("collaboration", "assessment", "respondent")
    return {f"{table}s": int(database.execute(f"SELECT COUNT(*) FROM {table}")[0][0]) for table in tables}  # noqa: S608 - names of ours
