"""Raw responses go when their days are over, by whichever opening comes first, unless the clock may have jumped."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessor.store import Expiry, Store
from assessor.store.errors import StoreInUse
from assessor.usecases.retention import describe_expiry
from assessor.web.http.store_worker import StoreNotices, StoreWorker

LIBRARY = "Provbiblioteket"
START = datetime(2027, 1, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["file", "postgresql"])
def opening(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Callable[..., Store]:
    where = tmp_path / "assessor.db" if request.param == "file" else request.getfixturevalue("url")
    Store.open(where, create=True).close()
    return lambda **how: Store.open(where, clock=clock, **how)


def close_workshop(store: Store, name: str = "Dagen", days: int = 7) -> str:
    """A workshop that somebody joined and that was closed now; its id."""
    store.add_library(LIBRARY)
    room = store.workshops.add(LIBRARY, name, name.upper(), name).id
    store.workshops.record_act(room, "days", "", "", str(days), key="d")
    store.workshops.join(room, name="Ett namn", side="us", language="sv", token="", key="j")
    store.workshops.record_act(room, "closed", "", "", "yes", key="c")
    return room


def live(opening: Callable[..., Store], clock: Clock, days: int) -> None:
    """Let days pass, with something done every other of them."""
    for _day in range(days // 2):
        clock.now += timedelta(days=2)
        with opening() as store:
            store.workshops.record_act(store.workshops.all()[-1].id, "locked", "", "", "yes", key=str(clock.now))


@pytest.mark.parametrize("write", [True, False], ids=["to write", "to read"])
def test_every_opening_erases_what_is_past_its_days_and_says_of_what(opening, clock, write):
    with opening() as store:
        room = close_workshop(store)
        store.workshops.add(LIBRARY, "Andra dagen", "XYZ2345", "x")
    live(opening, clock, 6)
    clock.now += timedelta(hours=23)
    with opening(write=write) as store:
        assert (store.expiry, len(store.workshops.respondents(room))) == (None, 1)
    clock.now += timedelta(hours=2)

    with opening(write=write) as store:
        assert [each.name for each in store.expiry.workshops] == ["Dagen"]
        assert store.expiry.erasure is not None
        assert store.workshops.respondents(room) == ()
    with opening(write=write) as store:
        assert store.expiry is None


@pytest.mark.parametrize("write", [True, False], ids=["to write", "to read"])
@pytest.mark.parametrize("jump", [timedelta(days=7), timedelta(days=200)])
def test_a_clock_that_jumped_by_as_much_as_the_shortest_period_waits_for_a_yes(opening, clock, write, jump):
    with opening() as store:
        room = close_workshop(store)
    clock.now += jump

    for _again in range(2):
        with opening(write=write) as store:
            assert [each.name for each in store.expiry.workshops] == ["Dagen"]
            assert store.expiry.erasure is None
            assert len(store.workshops.respondents(room)) == 1
    with opening(expire=False) as store:
        store.retention.expire(store.retention.due_for_erasure())
        assert store.workshops.respondents(room) == ()


def test_a_clock_before_something_that_was_done_waits_for_a_yes(opening, clock):
    with opening() as store:
        room = close_workshop(store)
    live(opening, clock, 6)
    clock.now += timedelta(days=3)
    with opening(expire=False) as store:
        store.workshops.record_act(room, "locked", "", "", "yes", key="later")
    clock.now -= timedelta(days=1)

    with opening() as store:
        assert store.expiry.erasure is None


def test_what_is_given_after_a_jump_does_not_make_it_plausible(opening, clock):
    with opening() as store:
        room = close_workshop(store)
    clock.now += timedelta(days=200)
    live(opening, clock, 4)

    with opening() as store:
        assert store.expiry.erasure is None
        assert len(store.workshops.respondents(room)) == 1


def test_a_server_that_runs_erases_by_itself_and_tells_once(tmp_path, clock):
    told: list[Expiry] = []

    async def serve() -> None:
        worker = StoreWorker(
            lambda: Store.open(tmp_path / "assessor.db", create=True, clock=clock),
            idle_seconds=None,
            notices=StoreNotices(expired=told.append),
        )
        await worker.run(close_workshop)
        ticking = asyncio.create_task(worker.expire_periodically(0.01))
        for _day in range(8):
            clock.now += timedelta(days=1)
            await asyncio.sleep(0.1)
        ticking.cancel()
        left = await worker.run(lambda store: [store.workshops.respondents(each.id) for each in store.workshops.all()])
        await worker.close()
        assert left == [()]

    asyncio.run(serve())

    assert [[each.name for each in expiry.workshops] for expiry in told] == [["Dagen"]]


def test_a_server_whose_clock_jumps_says_once_that_it_waits(tmp_path, clock):
    told: list[Expiry] = []

    async def serve() -> None:
        worker = StoreWorker(
            lambda: Store.open(tmp_path / "assessor.db", create=True, clock=clock),
            idle_seconds=None,
            notices=StoreNotices(expired=told.append),
        )
        await worker.run(close_workshop)
        ticking = asyncio.create_task(worker.expire_periodically(0.01))
        await asyncio.sleep(0.1)
        clock.now += timedelta(days=200)
        await asyncio.sleep(0.3)
        ticking.cancel()
        await worker.close()

    asyncio.run(serve())

    assert [expiry.erasure for expiry in told] == [None]


def test_who_may_only_read_reads_on_while_another_writes(tmp_path, clock, monkeypatch):
    monkeypatch.setattr("assessor.store.writer_lock.LOCK_TIMEOUT", 0.1)
    path = tmp_path / "assessor.db"

    def opening(**how: object) -> Store:
        return Store.open(path, create=True, clock=clock, **how)

    with opening() as store:
        close_workshop(store)
    live(opening, clock, 6)
    with opening() as writer:
        clock.now += timedelta(days=1)
        with pytest.raises(StoreInUse):
            opening()
        with Store.open(path, write=False, clock=clock) as reader:
            assert reader.expiry is None
            assert writer.retention.expire_due() is not None


def test_a_backup_that_is_looked_into_keeps_what_it_holds(tmp_path, clock):
    with Store.open(tmp_path / "assessor.db", create=True, clock=clock) as store:
        room = close_workshop(store)
        backup = store.backup(tmp_path / "copy.db")
    whole = backup.read_bytes()
    clock.now += timedelta(days=6.9)
    with Store.open(backup, write=False, clock=clock) as store:
        clock.now += timedelta(days=1)
        assert len(store.workshops.respondents(room)) == 1

    assert backup.read_bytes() == whole


def test_two_workshops_go_together_and_their_backups_are_named_once(tmp_path, clock):
    with Store.open(tmp_path / "assessor.db", create=True, clock=clock) as store:
        close_workshop(store), close_workshop(store, "Kvällen")
        backup = store.backup()
        clock.now += timedelta(days=8)
        erasure = store.retention.expire(store.retention.due_for_erasure())
        later = store.backup()

        assert [each.path for each in erasure.backups] == [backup]
        assert backup != later


def test_a_program_that_reads_meanwhile_stops_nobody_and_is_told(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "assessor.db"
    with Store.open(path, create=True, clock=clock) as store:
        close_workshop(store)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM act").fetchone()
    clock.now += timedelta(days=6)
    with Store.open(path, clock=clock) as store:
        store.workshops.record_act(store.workshops.all()[-1].id, "locked", "", "", "yes", key="l")
    clock.now += timedelta(days=2)
    with Store.open(path, clock=clock) as store:
        store.add_collaboration(LIBRARY, "Kören", "")
        respondents, expiry = store.workshops.respondents(store.workshops.all()[0].id), store.expiry
    reader.close()

    assert respondents == ()
    assert expiry is not None
    [told] = describe_expiry(expiry, str, "assessor")
    assert "'Dagen'. Another program is still reading" in told
