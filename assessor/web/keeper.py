"""The store behind the pages: one thread writes, and lets go of the file when nobody has asked for a while.

So the terminal can go on where the browser stopped, and the other way round, without closing either.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from assessor.store import Store
from assessor.store.errors import StoreInDoubt

Found = TypeVar("Found")

#: Seconds without a request after which the file is let go.
IDLE: Final = 20.0


class Keeper:
    """Runs everything that touches the store, one thing after another."""

    def __init__(self, open_store: Callable[[], Store], idle: float | None = IDLE) -> None:
        self._open = open_store
        self._idle = idle
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._letting_go: asyncio.TimerHandle | None = None

    async def run(self, act: Callable[[Store], Found], *, together: bool = False) -> Found:
        """What `act` gives, once it is committed; raises what the store refuses."""
        loop = asyncio.get_running_loop()
        if self._letting_go:
            self._letting_go.cancel()
        try:
            return await loop.run_in_executor(self._thread, self._acted, act)
        finally:
            if self._idle is not None:
                self._letting_go = loop.call_later(self._idle, self._thread.submit, self._let_go)

    async def close(self) -> None:
        """Finish what is under way and let go for good."""
        if self._letting_go:
            self._letting_go.cancel()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
        self._thread.shutdown()

    def _acted(self, act: Callable[[Store], Found]) -> Found:
        if self._store is None:
            self._store = self._open()
        try:
            return act(self._store)
        except StoreInDoubt:
            self._let_go()  # whoever opens it next checks it first
            raise

    def _let_go(self) -> None:
        store, self._store = self._store, None
        if store:
            store.close()
