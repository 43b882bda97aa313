"""What the tests of many answers share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cluster as postgresql
import psycopg
import pytest

Run = Callable[[list[str], str], list[tuple[object, ...]]]


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESSOR_HOME", str(Path(tmp_path_factory.getbasetemp()) / "scale-home"))


@pytest.fixture(scope="session")
def admin() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection to a PostgreSQL of this process's own."""
    with postgresql.running() as server, server.admin() as connection:
        yield connection


@pytest.fixture(scope="session")
def postgresql_run(admin: "psycopg.Connection[tuple[object, ...]]") -> Run:
    """Runs statements and a query in a schema of their own; gives the query's rows."""

    def run(statements: list[str], query: str) -> list[tuple[object, ...]]:
        with admin.transaction(force_rollback=True):
            for statement in ("CREATE SCHEMA alone", "SET LOCAL search_path TO alone", *statements):
                admin.execute(statement)
            return admin.execute(query).fetchall()

    return run
