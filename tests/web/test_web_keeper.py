"""The store behind the pages: one thread, held while somebody asks, let go of afterwards."""

import asyncio
import threading

import pytest

from assessor.store import Store
from assessor.store.errors import StoreDiskError, StoreInUse
from assessor.web.http.store_worker import StoreWorker


def test_the_file_is_held_while_somebody_asks_and_free_a_while_later(home, monkeypatch):
    monkeypatch.setattr("assessor.store.writer_lock.LOCK_TIMEOUT", 0.05)

    async def asked() -> tuple[bool, bool]:
        keeper = StoreWorker(Store.open, idle_seconds=0.3)
        await keeper.run(lambda store: store.add_library("The Example Library"))
        held = await asyncio.to_thread(_in_use)
        await asyncio.sleep(0.6)
        later = await asyncio.to_thread(_in_use)
        await keeper.close()
        return held, later

    assert asyncio.run(asked()) == (True, False)


def _in_use() -> bool:
    try:
        Store.open().close()
    except StoreInUse:
        return True
    return False


def test_everything_that_touches_the_store_runs_in_one_thread(home):
    async def asked() -> set[int]:
        keeper = StoreWorker(Store.open)
        found = await asyncio.gather(*(keeper.run(lambda _store: threading.get_ident()) for _ in range(20)))
        await keeper.close()
        return set(found)

    threads = asyncio.run(asked())

    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_after_an_error_of_the_disk_the_file_is_opened_and_checked_anew(home):
    opened: list[Store] = []

    def opening() -> Store:
        opened.append(Store.open())
        return opened[-1]

    def broken(_store: Store) -> None:
        raise StoreDiskError(path="answers")

    async def asked() -> None:
        keeper = StoreWorker(opening)
        with pytest.raises(StoreDiskError):
            await keeper.run(broken)
        await keeper.run(lambda store: store.libraries())
        await keeper.close()

    asyncio.run(asked())

    assert len(opened) == 2
