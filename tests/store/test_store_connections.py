"""A connection that ends at any moment of its life: what a store tells is an error with a cure, or nothing at all."""

import random
import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from itertools import count, takewhile

import pytest
import sqlalchemy as sa

from assessor.store import Store, copy_store, server_database
from assessor.store.errors import BadCharacter, OutcomeUnknown, ServerConnectionLost

SNAPSHOT = '{"items": []}'
#: By the moment, what SQLAlchemy calls it and where it happens.
MOMENTS = {
    "when it is made": (sa.pool.Pool, "connect"),
    "when it is taken": (sa.pool.Pool, "checkout"),
    "before its first statement": (sa.engine.Engine, "engine_connect"),
    "at the beginning of a transaction": (sa.engine.Engine, "begin"),
    "before a statement": (sa.engine.Engine, "before_cursor_execute"),
    "after a statement": (sa.engine.Engine, "after_cursor_execute"),
    "at the commit": (sa.engine.Engine, "commit"),
    "at the undoing": (sa.engine.Engine, "rollback"),
    "when it is given back": (sa.pool.Pool, "checkin"),
}


@pytest.fixture(params=MOMENTS)
def ending(request, cluster, database):
    """Ends every connection at a moment, so many times."""

    @contextmanager
    def end(times):
        of, name = MOMENTS[request.param]
        left = times

        def at_that_moment(*_given, **_more):
            nonlocal left
            if left:
                left -= 1
                cluster.end_connections(database)

        sa.event.listen(of, name, at_that_moment, named=False)
        try:
            yield
        finally:
            sa.event.remove(of, name, at_that_moment)

    return end


@pytest.fixture
def store(url):
    with Store.open(url) as opened:
        yield opened


def begun_in(store, instrument):
    collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen", "Läsning ute")
    return store.begin_assessment(collaboration.id, instrument, SNAPSHOT)


@pytest.fixture
def begun(store, instrument):
    return begun_in(store, instrument)


def everything(store, begun, key):
    """A read alone, one of a snapshot, a write alone, one with its reads in a transaction, and one of many rows."""
    store.libraries()
    store.assessment(begun)
    store.record_entry(begun, "note", "creation", "ett", key=f"{key}a")
    store.run_in_transaction(lambda: store.record_entry(begun, "note", "creation", "två", key=f"{key}b"))
    store.content_hash()


@pytest.mark.parametrize("times", [1, 3])
def test_a_connection_that_ends_some_times_is_never_noticed(store, begun, ending, times):
    with ending(times):
        everything(store, begun, "k")

    assert [entry.value for entry in store.assessment(begun).history] == ["ett", "två"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a cursor of the server's is left open
def test_connections_that_always_end_are_told_and_nothing_is_kept_twice(store, begun, ending, monkeypatch):
    told = set()
    monkeypatch.setattr(server_database, "RETRY_SECONDS", 0.1)
    with ending(-1):
        for act in (
            store.libraries,
            lambda: store.assessment(begun),
            lambda: store.record_entry(begun, "note", "creation", "ett", key="a"),
            lambda: store.run_in_transaction(lambda: store.record_entry(begun, "note", "creation", "två", key="b")),
            store.content_hash,
        ):
            try:
                act()
            except (ServerConnectionLost, OutcomeUnknown) as problem:
                told.add(type(problem))
    monkeypatch.undo()
    everything(store, begun, "")

    assert sorted(entry.value for entry in store.assessment(begun).history) == ["ett", "två"]


def test_a_loss_that_a_caller_goes_on_from_is_told_and_nothing_is_called_kept(store, begun, cluster, database):
    def heedless():
        with store.transaction():
            store.record_entry(begun, "note", "creation", "ett")
            cluster.end_connections(database)
            for _again in range(2):
                with suppress(ServerConnectionLost):
                    store.record_entry(begun, "note", "creation", "två")

    with pytest.raises(ServerConnectionLost, match="was not saved"):
        heedless()
    assert store.assessment(begun).history == ()


def test_a_copy_of_a_file_with_a_text_that_no_server_takes_is_refused_with_the_character(url, path, kept):
    kept.add_library("Provbiblioteket")
    kept.close()
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE library SET name = ?", ("a\0b",))

    with pytest.raises(BadCharacter, match=r"U\+0000 at position 2"):
        copy_store(path, url)
    with Store.open(url) as store:
        assert store.libraries() == ()


def ended_by_chance(url, cluster, database, instrument, writes, least_ended=0):
    """What was acknowledged and what is kept, while a second hand ends every connection at any moment.

    Writes until as many writes were made and as many connections ended.
    """
    done = threading.Event()
    ended = 0

    def end():
        nonlocal ended
        chance = random.Random(writes)
        while not done.wait(chance.uniform(0, 0.02)):
            ended += cluster.end_connections(database)

    with Store.open(url) as store:
        id_ = begun_in(store, instrument)
        ending = threading.Thread(target=end)
        ending.start()
        try:
            acknowledged = [
                store.record_entry(id_, "note", "x", str(n), key=str(n)).seq
                for n in takewhile(lambda n: n < writes or ended < least_ended, count())
            ]
        finally:
            done.set()
            ending.join()
        return acknowledged, [entry.seq for entry in store.assessment(id_).history], ended


def test_connections_ended_at_any_moment_lose_and_double_nothing(url, cluster, database, instrument):
    acknowledged, kept, ended = ended_by_chance(url, cluster, database, instrument, 300, least_ended=21)

    assert acknowledged == kept == list(range(1, len(kept) + 1))
    assert ended > 20


@pytest.mark.campaign
def test_connections_ended_through_twenty_thousand_writes_lose_and_double_nothing(
    url, cluster, database, instrument, capsys
):
    acknowledged, kept, ended = ended_by_chance(url, cluster, database, instrument, 20_000)
    with capsys.disabled():
        print(f"\n20,000 writes, {ended} connections ended")

    assert acknowledged == kept == list(range(1, 20_001))
