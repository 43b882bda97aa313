"""How fast what is given is kept for good: `pytest -m benchmark -s tests/benchmarks/test_store_speed.py`.

Every response is a commit of its own on a disk, against the bare driver that inserts and commits one row at a time.
"""

import itertools
import sqlite3
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import cluster as postgresql
import psycopg
import pytest
from measure import ratio, tell

from assessor.core.instrument import Instrument
from assessor.store import Store, sqlite

pytestmark = pytest.mark.benchmark

RESPONSES = 200
ROW = ("response", "ownership", "management", 1_900_000_000_000_000)
INSTRUMENT = Instrument(id="demo", version="1", digest="abc", items=(), outcomes=())
COLUMNS = (
    "(assessment TEXT, seq BIGINT, kind TEXT, item TEXT, value TEXT, at BIGINT, key TEXT,"
    " PRIMARY KEY (assessment, seq), UNIQUE (assessment, key))"
)


def seconds_each(act):
    """The wall clock for one call of `act`, on average; each gets a number of its own."""
    began = time.perf_counter()
    for n in range(RESPONSES):
        act(n)
    return (time.perf_counter() - began) / RESPONSES


def recording(store):
    """Records into a new assessment at each call."""
    collaboration = store.add_collaboration("Provbiblioteket", "Parten").id

    def record():
        id_ = store.begin(collaboration, INSTRUMENT, "{}")
        return seconds_each(lambda n: store.record_entry(id_, *ROW[:3], key=f"{id_}{n:030}"))

    return record


@pytest.fixture
def server():
    """A server on the disk, as the tests' own is in memory."""
    with postgresql.running(Path(tempfile.gettempdir())) as started:
        yield started


def test_a_response_kept_in_a_file(tmp_path):
    numbers = itertools.count()
    with (
        Store.open(tmp_path / "assessor.db", create=True) as store,
        closing(sqlite3.connect(tmp_path / "raw.db", isolation_level=None)) as raw,
    ):
        for pragma in (sqlite.ENABLE_WAL, *sqlite.PRAGMAS):
            raw.execute(pragma)
        raw.execute(f"CREATE TABLE entry {COLUMNS}")

        def bare():
            id_ = f"a{next(numbers)}"
            insert = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)"
            return seconds_each(lambda n: raw.execute(insert, (id_, n, *ROW, f"{id_}{n:030}")))

        tell("record in a file / sqlite3, one a commit", ratio(recording(store), bare), "at most 1.2")


def test_a_response_kept_on_a_server(server):
    url = server.url(server.database())
    numbers = itertools.count()
    with Store.open(url) as store, closing(psycopg.connect(url)) as raw:
        raw.execute(f"CREATE TABLE bare {COLUMNS}")
        raw.commit()

        def bare():
            id_ = f"a{next(numbers)}"

            def act(n):
                raw.execute("INSERT INTO bare VALUES (%s, %s, %s, %s, %s, %s, %s)", (id_, n, *ROW, f"{id_}{n:030}"))
                raw.commit()

            return seconds_each(act)

        tell("record on a server / psycopg, one a commit", ratio(recording(store), bare), "at most 1.5")


def test_responses_of_many_kept_on_a_server_at_once(server):
    with Store.open(server.url(server.database())) as store:
        record = recording(store)

        def eight():
            began = time.perf_counter()
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda _: record(), range(8)))
            return (time.perf_counter() - began) / (8 * RESPONSES)

        tell("record by eight at once / by one", ratio(eight, record, 3), "at most 0.6")


@pytest.mark.parametrize("kind", ["file", "server"])
def test_bytes_that_a_response_takes(kind, request, tmp_path):
    """100 collaborations, 16 responses and a short note each; the log is not counted."""
    if kind == "server":
        server = request.getfixturevalue("server")
        name = server.database()
    with Store.open(server.url(name) if kind == "server" else tmp_path / "assessor.db", create=True) as store:

        def size():
            if kind == "file":
                sqlite.checkpoint_wal(tmp_path / "assessor.db")
                return (tmp_path / "assessor.db").stat().st_size
            with server.admin(name) as admin:
                admin.execute("VACUUM FULL")
                return admin.execute("SELECT pg_database_size(current_database())").fetchone()[0]

        before = size()
        with store.transaction():
            for n in range(100):
                collaboration = store.add_collaboration("Provbiblioteket", f"Parten {n}").id
                id_ = store.begin_assessment(collaboration, INSTRUMENT, "{}")
                for m in range(16):
                    store.record_entry(id_, "response", f"item{m:03}", "management", key=f"{n:016}-{m:019}")
                store.record_entry(
                    id_, "note", "item003", "En kort anteckning om hur det går till " * 2, key=f"{n:036}"
                )
        grown = size() - before

    print(f"\n{kind}: {grown / 1_700:.0f} bytes a response, all included ({grown / 100:.0f} a collaboration)")
