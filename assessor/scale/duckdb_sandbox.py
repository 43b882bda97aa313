"""DuckDB, shut in: it opens the files it is handed and nothing else, fetches nothing, and keeps to its memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

#: Memory for reading, and for writing.
MEMORY = "512MB"

Error = duckdb.Error


@contextmanager
def shut_in(files: dict[str, Path], threads: int) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, str]]]:
    """A database in memory that may open `files` alone, and the names in SQL by which it opens them.

    A file is named by a link in a folder of its own: what a person called it is never read as a pattern, an address
    or an option.
    """
    with TemporaryDirectory(prefix="assessor-") as folder:
        names = {name: str(Path(folder, name)) for name in files}
        for name, path in files.items():
            Path(names[name]).symlink_to(path.absolute())
        database = duckdb.connect(config=_config(threads))
        try:
            database.execute("SET enable_progress_bar = false")  # it would write where data belongs
            database.execute("SET allowed_paths = " + texts(list(names.values())))
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            yield database, {name: text(path) for name, path in names.items()}
        finally:
            database.close()


def _config(threads: int) -> dict[str, Any]:
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": MEMORY,
        "temp_directory": "",
        "threads": str(threads),
    }


def text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: list[str]) -> str:
    """Texts as a list in SQL."""
    return "[" + ", ".join(map(text, values)) + "]"


def name(value: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + value.replace('"', '""') + '"'
