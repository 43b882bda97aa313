"""What waits at the same time is committed together, fails one by one, and is told after the commit."""

import asyncio
import threading

import pytest

from assessor.store import Store
from assessor.store.errors import StoreDiskError
from assessor.web.http.store_worker import StoreWorker


def run(number: int, acts, **how):
    """Several acts that wait for one another, as behind a slow one; what came of each."""

    async def asked():
        keeper = StoreWorker(Store.open)
        gate = threading.Event()
        slow = asyncio.ensure_future(keeper.run(lambda _store: gate.wait(5)))
        await asyncio.sleep(0.05)
        waiting = [asyncio.ensure_future(keeper.run(act, batchable=True)) for act in acts]
        await asyncio.sleep(0.05)
        gate.set()
        await slow
        found = await asyncio.gather(*waiting, return_exceptions=True)
        await keeper.close()
        return found

    assert len(acts) == number
    return asyncio.run(asked())


@pytest.fixture
def commits(monkeypatch, home):
    """How often something was committed."""
    from assessor.store.sqlite import SqliteDatabase

    counted = []
    real = SqliteDatabase.write_transaction

    def writing(self):
        if not self.connection.in_transaction:
            counted.append(1)
        return real(self)

    monkeypatch.setattr(SqliteDatabase, "write_transaction", writing)
    return counted


def test_forty_that_wait_are_one_commit(commits):
    found = run(40, [lambda store, at=at: store.add_library(f"Example {at}") for at in range(40)])

    assert found == [f"Example {at}" for at in range(40)]
    assert len(commits) == 1
    with Store.open(write=False) as store:
        assert len(store.libraries()) == 40


def test_one_that_fails_undoes_nothing_of_the_others_and_all_of_its_own(home):
    def half(store):
        store.add_library("Half")
        raise ValueError("no")

    found = run(3, [lambda store: store.add_library("A"), half, lambda store: store.add_library("B")])

    assert [type(each) for each in found] == [str, ValueError, str]
    with Store.open(write=False) as store:
        assert store.libraries() == ("A", "B")


def test_what_an_act_mends_by_itself_is_kept_without_what_failed(home):
    def mended(store):
        try:
            with store.transaction():
                store.add_library("Gone")
                raise KeyError
        except KeyError:
            return store.add_library("Kept")

    found = run(2, [mended, lambda store: store.add_library("Z")])

    assert found == ["Kept", "Z"]
    with Store.open(write=False) as store:
        assert store.libraries() == ("Kept", "Z")


def test_a_disk_in_doubt_is_told_to_everybody_who_waited_and_nothing_of_it_counts(home):
    def broken(_store):
        raise StoreDiskError(path="answers")

    found = run(3, [lambda store: store.add_library("A"), broken, lambda store: store.add_library("B")])

    assert [type(each) for each in found] == [StoreDiskError] * 3
    with Store.open() as store:
        assert store.libraries() == ()


def test_where_the_commit_fails_each_is_tried_by_itself(home, monkeypatch):
    from assessor.store.errors import StoreFull
    from assessor.store.store import Store as Kept

    real = Kept.transaction
    failed = []

    def together(self):
        if not failed and not self._database.connection.in_transaction:
            failed.append(1)
            raise StoreFull(path="answers")
        return real(self)

    monkeypatch.setattr(Kept, "transaction", together)
    found = run(2, [lambda store: store.add_library("A"), lambda store: store.add_library("B")])

    assert (found, failed) == (["A", "B"], [1])


def test_order_is_kept_and_what_must_be_alone_is(home):
    done = []

    async def asked():
        keeper = StoreWorker(Store.open)
        runs = (lambda store, at=at: done.append((at, _within(store))) for at in range(5))
        acts = [keeper.run(run, batchable=at != 2) for at, run in enumerate(runs)]
        await asyncio.gather(*acts)
        await keeper.close()

    asyncio.run(asked())

    assert [at for at, _within in done] == [0, 1, 2, 3, 4]
    assert dict(done)[2] is False


def _within(store):
    """Whether what is written now is committed with something else later: not when another sees it at once."""
    name = f"Library {len(store.libraries())}"
    store.add_library(name)
    with Store.open(write=False) as other:
        return name not in other.libraries()
