"""Everything a store keeps, as one digest: equal content, equal digest, in a file as on a server."""

import hashlib
import json
from collections.abc import Callable, Iterable

from assessor.store.database import Row
from assessor.store.statements import CONTENT_BY_TABLE


def digest_rows(rows: Callable[[str], Iterable[Row]]) -> str:
    """The SHA-256 of all rows, table by table in the order of their keys, in hexadecimal."""
    found = hashlib.sha256()
    for table, statement in CONTENT_BY_TABLE.items():
        for row in rows(statement):  # in the order of bytes everywhere: a server's columns are made so
            found.update(f"{table} {_row_line(row)}\n".encode())
    return found.hexdigest()


def _row_line(row: Row) -> str:
    return json.dumps(tuple(row))
