"""DuckDB, shut in: it opens the files it is given and nothing else, fetches nothing, and keeps to its memory.

A file's name, its column names and its texts come from strangers, and DuckDB would read `s3://`, globs and extensions
from a name. So every database here sees links in a private folder, external access is off, and the configuration is
locked before the first statement that holds anything of the file. `answer_files` and `file_placement` use it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

#: For one database; reading and writing each have their own. There is no spilling to disk.
MEMORY_LIMIT = "512MB"

DuckDBError = duckdb.Error


@contextmanager
def sandboxed_database(
    files: dict[str, Path], threads: int
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, str]]]:
    """A database in memory that may open `files` alone, and by their keys the quoted names under which SQL opens them.

    Each file is reached through a link in a temporary folder, so that what a person called it is never read as a
    pattern, an address or an option. The folder and the database are gone when the block ends.
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
    """No extension is fetched or loaded by itself, and nothing is written to a temporary folder."""
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": "",
        "threads": str(threads),
    }


def quote_text(value: str) -> str:
    """A text as a literal of SQL."""
    return "'" + value.replace("'", "''") + "'"


def quote_texts(values: list[str]) -> str:
    """Texts as a list literal of DuckDB's SQL."""
    return "[" + ", ".join(map(quote_text, values)) + "]"


def quote_name(value: str) -> str:
    """A column's name as SQL writes it; always quoted, as DuckDB knows more keywords with every version."""
    return '"' + value.replace('"', '""') + '"'
