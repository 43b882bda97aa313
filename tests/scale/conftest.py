"""What the tests of many answers share."""

import csv
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAMS = Path("/usr/lib/postgresql/15/bin")

Run = Callable[[list[str], str], list[tuple[object, ...]]]


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESSOR_HOME", str(Path(tmp_path_factory.getbasetemp()) / "scale-home"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of the socket of a PostgreSQL of our own."""
    if not (PROGRAMS / "postgres").exists():
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="assessor-pg-"))
    shutil.chown(folder, "postgres")
    data = folder / "data"
    owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder}
    subprocess.run([*owner, PROGRAMS / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"], **quiet)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    subprocess.run([*owner, PROGRAMS / "pg_ctl", "-D", data, "-w", "-o", options, "start"], **quiet)
    yield str(folder)
    subprocess.run([*owner, PROGRAMS / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_run(postgresql: str) -> Run:
    """Runs statements and a query in a schema of their own; gives the query's rows."""

    def run(statements: list[str], query: str) -> list[tuple[object, ...]]:
        alone = ["BEGIN", "CREATE SCHEMA alone", "SET search_path TO alone", *statements]
        copy = f"COPY ({query}) TO STDOUT (FORMAT csv, NULL '<null>')"
        told = subprocess.run(
            [PROGRAMS / "psql", "-h", postgresql, "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            input=";\n".join((*alone, copy, "ROLLBACK")) + ";\n",
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert told.returncode == 0, told.stderr
        return [tuple(map(_value, row)) for row in csv.reader(io.StringIO(told.stdout))]

    return run


def _value(cell: str) -> object:
    if cell == "<null>":
        return None
    return int(cell) if cell.isdigit() else cell
