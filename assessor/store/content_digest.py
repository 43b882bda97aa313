"""Everything a store keeps, as one digest: equal content, equal digest, in a file as on a server.

`copying` proves with it that a copy is complete, and `Store.content_hash` returns it. It covers content and
not form: neither the schema's version nor SQLite's pages are in it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable

from assessor.store.database import Row
from assessor.store.statements import CONTENT_BY_TABLE


def digest_rows(rows: Callable[[str], Iterable[Row]]) -> str:
    """The SHA-256 of all rows, table by table in the order of their keys, in hexadecimal."""
    digest = hashlib.sha256()
    for table, statement in CONTENT_BY_TABLE.items():
        for row in rows(statement):  # sorted by bytes everywhere: the server's columns have collation C
            digest.update(f"{table} {_row_line(row)}\n".encode())
    return digest.hexdigest()


def _row_line(row: Row) -> str:
    """A row as one line; JSON keeps NULL, numbers and texts apart."""
    return json.dumps(tuple(row))
