"""Kill -9: a process that records and acknowledges, killed at any moment, again and again on the same file."""

import random
import sqlite3
from contextlib import closing

import pytest
from crashing import killed

from assessor.store import Store, writer_lock
from assessor.store.errors import StoreInUse

SNAPSHOT = "the bank's text " * 400


@pytest.fixture
def on_disk(tmp_path_factory):
    """On the disk, whose slowness spreads the kills over every step of a commit."""
    return tmp_path_factory.mktemp("kills")


def kills(folder, instrument, count: int, a_file: int = 25) -> dict[str, int]:
    """What came of so many kills, a new file every few."""
    figures = {"kills": 0, "acknowledged": 0, "lost": 0, "unacknowledged": 0, "corrupt": 0}
    chance = random.Random(count)
    for number in range(0, count, a_file):
        path = folder / f"store{number}" / "assessor.db"
        with Store.open(path, create=True) as store:
            collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen")
            assessment = store.begin_assessment(collaboration.id, instrument, SNAPSHOT)
        acknowledged: list[str] = []
        for _ in range(min(a_file, count - number)):
            acknowledged += killed(recorder(path, assessment, len(acknowledged)), chance.expovariate(1 / 0.03))
            figures["kills"] += 1
            _add(figures, path, assessment, acknowledged)
        figures["acknowledged"] += len(acknowledged)
    return figures


def recorder(path, assessment: str, first: int):
    def work(say):
        with Store.open(path) as store:
            for n in range(10_000):
                key = f"{first}-{n}"
                store.record_entry(assessment, "response", f"item{n % 16}", key, key=key)
                say(key)

    return work


def _add(figures: dict[str, int], path, assessment: str, acknowledged: list[str]) -> None:
    with Store.open(path, write=False) as store:
        kept = [entry.value for entry in store.assessment(assessment).history]
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        figures["corrupt"] += connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    figures["lost"] += len(set(acknowledged) - set(kept))
    figures["unacknowledged"] = max(figures["unacknowledged"], len(set(kept) - set(acknowledged)))


def test_sixty_kills_take_nothing_that_was_acknowledged(on_disk, instrument):
    figures = kills(on_disk, instrument, 60)

    assert (figures["kills"], figures["lost"], figures["corrupt"]) == (60, 0, 0)
    assert figures["acknowledged"] > 60


@pytest.mark.campaign
def test_a_thousand_kills_take_nothing_that_was_acknowledged(on_disk, instrument, capsys):
    figures = kills(on_disk, instrument, 1_000)
    with capsys.disabled():
        print(f"\n1,000 kills: {figures}")

    assert (figures["kills"], figures["lost"], figures["corrupt"]) == (1_000, 0, 0)


def test_a_store_being_made_is_there_whole_or_not_at_all(tmp_path):
    for moment in range(20):
        path = tmp_path / str(moment) / "assessor.db"

        def work(say, path=path):
            say("begun")
            Store.open(path, create=True)

        killed(work, moment * 0.001)

        with Store.open(path, create=True) as store:
            assert store.libraries() == ()
            assert [each.name for each in path.parent.glob(".*.part*")] == []


def test_who_comes_after_a_killed_writer_need_not_wait(kept, begun, path, monkeypatch):
    monkeypatch.setattr(writer_lock, "LOCK_TIMEOUT", 0.1)
    kept.close()
    killed(recorder(path, begun, 0), 5, lines=3)

    with Store.open(path) as store:
        assert len(store.assessment(begun).history) >= 3
        with pytest.raises(StoreInUse):
            Store.open(path)


def kills_on_a_server(url, instrument, count: int) -> dict[str, int]:
    """What came of killing so many processes that record on a server, none of which the server knew of before."""
    figures = {"kills": 0, "acknowledged": 0, "lost": 0, "doubled": 0}
    chance = random.Random(count)
    with Store.open(url) as store:
        assessment = store.begin_assessment(
            store.add_collaboration("Provbiblioteket", "Parten").id, instrument, SNAPSHOT
        )
    acknowledged: list[str] = []
    for _ in range(count):
        acknowledged += killed(recorder(url, assessment, len(acknowledged)), chance.expovariate(1 / 0.03))
        figures["kills"] += 1
    with Store.open(url, write=False) as store:
        history = store.assessment(assessment).history
    kept = [entry.value for entry in history]
    figures["acknowledged"] = len(acknowledged)
    figures["lost"] = len(set(acknowledged) - set(kept))
    figures["doubled"] = len(kept) - len(set(kept)) + len(history) - history[-1].seq
    return figures


def test_killed_processes_leave_a_server_everything_that_was_acknowledged(url, instrument):
    figures = kills_on_a_server(url, instrument, 15)

    assert (figures["kills"], figures["lost"], figures["doubled"]) == (15, 0, 0)
    assert figures["acknowledged"] > 15


@pytest.mark.campaign
def test_a_thousand_killed_processes_leave_a_server_everything_that_was_acknowledged(url, instrument, capsys):
    figures = kills_on_a_server(url, instrument, 1_000)
    with capsys.disabled():
        print(f"\n1,000 kills of a server's writers: {figures}")

    assert (figures["kills"], figures["lost"], figures["doubled"]) == (1_000, 0, 0)
