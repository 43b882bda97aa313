"""The store behind the pages: one thread writes, and lets go of the file when nobody has asked for a while.

So the terminal can go on where the browser stopped, and the other way round, without closing either. What waits at the
same time is committed together, and what is answered "saved" has been committed.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeVar

from assessor.store import Store
from assessor.store.errors import StoreInDoubt

Found = TypeVar("Found")

#: Seconds without a request after which the file is let go.
IDLE: Final = 20.0
#: Acts committed together at most, so that nobody waits long for others.
MOST_TOGETHER: Final = 64


class _OnAServer(Exception):
    """A server commits what comes at the same time together by itself."""


@dataclass(eq=False)
class _Waiting:
    """An act that waits for its turn, and what came of it."""

    act: Callable[[Store], Any]
    #: Whether it may be committed with others.
    together: bool
    done: asyncio.Future[Any]
    found: Any = None
    refused: BaseException | None = None


@dataclass
class _Queue:
    """Acts in the order they were asked for; filled by the loop, emptied by the thread."""

    waiting: deque[_Waiting] = field(default_factory=deque)
    lock: Lock = field(default_factory=Lock)

    def add(self, each: _Waiting) -> None:
        with self.lock:
            self.waiting.append(each)

    def turn(self) -> list[_Waiting]:
        """The next act, with those behind it that may be committed with it; none when another turn took them."""
        with self.lock:
            taken = [self.waiting.popleft()] if self.waiting else []
            while taken and taken[0].together and len(taken) < MOST_TOGETHER:
                if not self.waiting or not self.waiting[0].together:
                    break
                taken.append(self.waiting.popleft())
        return taken


class Keeper:
    """Runs everything that touches the store, one thing after another."""

    def __init__(self, open_store: Callable[[], Store], idle: float | None = IDLE) -> None:
        self._open = open_store
        self._idle = idle
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._letting_go: asyncio.TimerHandle | None = None
        self._queue = _Queue()

    async def run(self, act: Callable[[Store], Found], *, together: bool = False) -> Found:
        """What `act` gives, once it is committed; raises what the store refuses.

        With `together` it may be committed with others, each of which succeeds or fails by itself; it may then be run
        a second time, where the first came to nothing.
        """
        loop = asyncio.get_running_loop()
        if self._letting_go:
            self._letting_go.cancel()
        each = _Waiting(act, together, loop.create_future())
        self._queue.add(each)
        self._thread.submit(self._turn, loop)
        try:
            found: Found = await each.done
            return found
        finally:
            if self._idle is not None:
                self._letting_go = loop.call_later(self._idle, self._thread.submit, self._let_go)

    async def close(self) -> None:
        """Finish what is under way and let go for good."""
        if self._letting_go:
            self._letting_go.cancel()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
        self._thread.shutdown()

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        taken = self._queue.turn()
        if len(taken) > 1:
            self._together(taken)
        else:
            for each in taken:
                self._alone(each)
        if taken:
            loop.call_soon_threadsafe(_tell, taken)

    def _together(self, taken: list[_Waiting]) -> None:
        """All in one commit; where that fails as a whole, each by itself, as each may be repeated."""
        try:
            store = self._opened()
            if store.path is None:
                raise _OnAServer
            with store.together():
                for each in taken:
                    self._part(store, each)
        except StoreInDoubt as problem:
            self._let_go()
            for each in taken:
                each.found, each.refused = None, problem
        except Exception:
            for each in taken:
                self._alone(each)

    def _part(self, store: Store, each: _Waiting) -> None:
        """One of several; what it raises undoes nothing of the others'."""
        each.found, each.refused = None, None
        try:
            with store.together():
                each.found = each.act(store)
        except StoreInDoubt:
            raise
        except Exception as problem:
            each.refused = problem

    def _alone(self, each: _Waiting) -> None:
        each.found, each.refused = None, None
        try:
            each.found = each.act(self._opened())
        except StoreInDoubt as problem:
            self._let_go()  # whoever opens it next checks it first
            each.refused = problem
        except BaseException as problem:
            each.refused = problem

    def _opened(self) -> Store:
        if self._store is None:
            self._store = self._open()
        return self._store

    def _let_go(self) -> None:
        store, self._store = self._store, None
        if store:
            store.close()


def _tell(taken: list[_Waiting]) -> None:
    """Everybody whose act was done, in the loop; who no longer listens is not told."""
    for each in taken:
        if each.done.done():
            continue
        if each.refused is not None:
            each.done.set_exception(each.refused)
        else:
            each.done.set_result(each.found)
