"""Everything from one store into another: equal by its digest, or nothing at all."""

import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from crashing import killed

from assessor.core.instrument import Instrument
from assessor.store import Store, copy_store, copying, postgresql, sqlite_file
from assessor.store.errors import (
    CopyDiffers,
    InvalidStoreUrl,
    NotAStore,
    ServerConnectionLost,
    ServerUnreachable,
    StoreMissing,
    StoreNotEmpty,
    StoreUnwritable,
)
from assessor.store.schema import SCHEMA
from assessor.store.server_database import ServerDatabase
from assessor.store.sqlite import SqliteDatabase
from assessor.store.statements import CONTENT_BY_TABLE

INSTRUMENT = Instrument(id="demo", version="1", digest="abc", items=(), outcomes=())


def fill(where, entries=30):
    """A store with something in every table of answers; the number of its rows."""
    with Store.open(where, create=True) as store:
        for party in ("Exempelföreningen", "Ö'; DROP TABLE entry; --", "👩🏽‍🦽"):
            collaboration = store.add_collaboration("Provbiblioteket", party, "Läsning\u202eute")
            id_ = store.begin_assessment(collaboration.id, INSTRUMENT, "{}\n" * 99, respondent="A")
            with store.transaction():
                for n in range(entries):
                    store.record_entry(id_, "note", "creation", f"ett\r\n\ttvå {n}", key=f"k{n}")
        workshop = store.workshops.add("Provbiblioteket", "Vasa", "CODE", "digest")
        store.workshops.join(workshop.id, name="B", side="them", language="sv", token="t", key="1")  # noqa: S106
        store.workshops.record_act(workshop.id, "listed", collaboration.id, "", "", key="1")
    with closing(open_database(where)) as database:
        return sum(database.execute(f"SELECT COUNT(*) FROM {table}")[0][0] for table in CONTENT_BY_TABLE)  # noqa: S608


def open_database(where):
    """A store as its statements reach it."""
    if isinstance(where, str):
        return ServerDatabase(where, SCHEMA, create=False, write=False)
    return sqlite_file.open_file(where, create=False, write=False, schema=SCHEMA)


@pytest.fixture
def bare(cluster):
    """The URL of a database with nothing in it."""
    name = cluster.database()
    yield cluster.url(name)
    cluster.drop(name)


def test_from_a_file_to_a_server_and_back_nothing_changes(bare, tmp_path):
    rows = fill(tmp_path / "from.db")
    there = copy_store(tmp_path / "from.db", bare)
    back = copy_store(bare, tmp_path / "new folder" / "back.db")

    with Store.open(tmp_path / "from.db") as one, Store.open(tmp_path / "new folder" / "back.db") as other:
        assert there == back == copying.VerifiedCopy(rows=rows, digest=one.content_hash())
        assert one.assessments() == other.assessments()
        assert one.workshops.all() == other.workshops.all()


def test_from_one_server_to_another_and_from_one_file_to_another(bare, url, tmp_path):
    fill(tmp_path / "a.db")

    digests = [copy_store(*pair).digest for pair in ((tmp_path / "a.db", url), (url, bare), (bare, tmp_path / "b.db"))]
    digests.append(copy_store(tmp_path / "b.db", tmp_path / "c.db").digest)
    assert len(set(digests)) == 1


def test_how_far_it_is_is_told_to_the_last_row(bare, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "BATCH_ROWS", 40)
    rows = fill(tmp_path / "from.db")
    told = []
    copy_store(tmp_path / "from.db", bare, lambda done, total: told.append((done, total)))

    assert told[-1] == (rows, rows)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 9  # once for each table that holds something, more often where there are many rows


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_store_that_holds_something_is_left_as_it_is(kind, url, tmp_path):
    target = tmp_path / "to.db" if kind == "file" else url
    fill(tmp_path / "from.db")
    with Store.open(target, create=True) as store:
        store.add_library("En annan")
        before = store.content_hash()

    with pytest.raises(StoreNotEmpty, match="holds answers already and was left as it is"):
        copy_store(tmp_path / "from.db", target)
    with Store.open(target) as store:
        assert store.content_hash() == before


def altering(whole):
    """What writes rows, with another moment in each."""

    def altered(database, statement, rows):
        whole(database, statement, [row | {"at": 1} if "at" in row else row for row in rows])

    return altered


def test_a_copy_that_differs_is_not_kept(bare, tmp_path, monkeypatch):
    fill(tmp_path / "from.db")
    for kind in (ServerDatabase, SqliteDatabase):
        monkeypatch.setattr(kind, "execute_many", altering(kind.execute_many))

    for target in (bare, tmp_path / "to.db"):
        with pytest.raises(CopyDiffers, match="none of it was kept"):
            copy_store(tmp_path / "from.db", target)
    assert not (tmp_path / "to.db").exists()
    with Store.open(bare) as store:
        assert store.libraries() == ()


def test_a_server_that_is_lost_on_the_way_keeps_nothing_and_the_copy_can_be_made_again(
    cluster, database, url, tmp_path
):
    fill(tmp_path / "from.db")

    def lose(done, total):
        if done > total / 2:
            cluster.end_connections(database)

    with pytest.raises(ServerConnectionLost, match="was not saved"):
        copy_store(tmp_path / "from.db", url, lose)
    with Store.open(url) as store:
        assert store.libraries() == ()
    copy_store(tmp_path / "from.db", url)


def test_a_side_that_waits_for_the_other_is_not_ended_for_it(bare, url, tmp_path, monkeypatch):
    monkeypatch.setattr(postgresql, "SESSION_SETTINGS", "SET idle_in_transaction_session_timeout = '400ms'")
    fill(tmp_path / "from.db", 3)
    copy_store(tmp_path / "from.db", url)
    copied = copy_store(url, bare, lambda done, total: time.sleep(0.6 if done == total else 0))

    with Store.open(bare) as store:
        assert store.content_hash() == copied.digest


def test_a_copy_that_is_killed_is_whole_or_nothing_and_can_be_made_again(url, tmp_path):
    fill(tmp_path / "from.db", 300)
    for target in (tmp_path / "to.db", url):
        for moment in range(4):

            def work(say, target=target):
                say("begun")
                copy_store(tmp_path / "from.db", target)

            killed(work, moment * 0.03)
        with suppress(StoreNotEmpty):  # the last one was whole before it was killed
            copy_store(tmp_path / "from.db", target)
        with Store.open(tmp_path / "from.db") as one, Store.open(target) as other:
            assert one.content_hash() == other.content_hash()


def test_the_source_is_read_as_of_one_moment_while_others_write_it(url, bare):
    fill(url)
    with Store.open(url) as store:
        id_ = store.assessments()[0].id
        copied = copy_store(url, bare, lambda done, total: store.record_entry(id_, "note", "x", "meanwhile"))
        with Store.open(bare) as other:
            assert other.content_hash() == copied.digest != store.content_hash()
            assert "meanwhile" not in [entry.value for entry in other.assessment(id_).history]


def test_what_is_no_store_is_refused_and_nothing_is_made(bare, tmp_path):
    (tmp_path / "noise.db").write_bytes(os.urandom(4096))
    for source, refusal in (
        (tmp_path / "missing.db", StoreMissing),
        (tmp_path / "noise.db", NotAStore),
        ("mysql://localhost/db", InvalidStoreUrl),
        ("postgresql://me@127.0.0.1:1/db", ServerUnreachable),
    ):
        for target in (tmp_path / "to.db", bare):
            with pytest.raises(refusal):
                copy_store(source, target)
    assert not (tmp_path / "to.db").exists()
    shutil.copy(tmp_path / "noise.db", tmp_path / "to.db")
    fill(tmp_path / "from.db")
    with pytest.raises(NotAStore):
        copy_store(tmp_path / "from.db", tmp_path / "to.db")
    assert (tmp_path / "to.db").read_bytes() == (tmp_path / "noise.db").read_bytes()


def test_hostile_paths_are_paths_and_nothing_else(tmp_path):
    fill(tmp_path / "from.db")
    for name in ("?mode=memory", "%41.db", "-o", "a\nb\x1b[2J.db", "file:x", "Ö'; --.db"):
        copy_store(tmp_path / "from.db", tmp_path / name)
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            assert connection.execute("SELECT COUNT(*) FROM library").fetchone() == (1,)
    with pytest.raises((StoreUnwritable, NotAStore)):
        copy_store(tmp_path / "from.db", Path("/dev/null"))
    with pytest.raises(NotAStore):
        copy_store(tmp_path / "from.db", tmp_path)
    (tmp_path / "dangling.db").symlink_to(tmp_path / "nowhere" / "x.db")
    with pytest.raises(Exception, match="dangling"):
        copy_store(tmp_path / "from.db", tmp_path / "dangling.db")
    assert (tmp_path / "dangling.db").is_symlink()
