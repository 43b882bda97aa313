"""DuckDB, shut in: it opens the files it is handed and nothing else, fetches nothing, and keeps to its memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

#: Memory for reading, and for writing.
MEMORY_LIMIT = "512MB"

DuckDBError = duckdb.Error


@contextmanager
def sandboxed_database(
    files: dict[str, Path], threads: int
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, str]]]:
    """A database in memory that may open `files` alone, and the names in SQL by which it opens them.

    A file is named by a link in a folder of its own: what a person called it is never read as a pattern, an address
    or an option.
    """
    with TemporaryDirectory(prefix="assessor-") as folder:
        names = {name: str(Path(folder, name)) for name in files}
        for name, path in files.items():
            Path(names[name]).symlink_to(path.absolute())
        database = duckdb.connect(config=_database_config(threads))
        try:
            database.execute("SET enable_progress_bar = false")  # it would write where data belongs
            database.execute("SET allowed_paths = " + quote_texts(list(names.values())))
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            yield database, {name: quote_text(path) for name, path in names.items()}
        finally:
            database.close()


def _database_config(threads: int) -> dict[str, Any]:
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": "",
        "threads": str(threads),
    }


def quote_text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def quote_texts(values: list[str]) -> str:
    """Texts as a list in SQL."""
    return "[" + ", ".join(map(quote_text, values)) + "]"


def quote_name(value: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + value.replace('"', '""') + '"'
