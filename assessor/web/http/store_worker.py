"""The store behind the pages: one thread writes, and lets go of the file when nobody has asked for a while.

So the terminal can go on where the browser stopped, and the other way round, without closing either. What waits at the
same time is committed together, and what is answered "saved" has been committed.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Final, TypeVar

from assessor.store import Store
from assessor.store.errors import StoreDiskError

Result = TypeVar("Result")

#: Seconds without a request after which the file is let go.
IDLE_SECONDS: Final = 20.0
#: Acts committed together at most, so that nobody waits long for others.
MAX_BATCH: Final = 64


class _NoBatchOnServer(Exception):
    """A server commits what comes at the same time together by itself."""


@dataclass(eq=False)
class _Job:
    """An act that waits for its turn, and what came of it."""

    act: Callable[[Store], Any]
    #: Whether it may be committed with others.
    batchable: bool
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


@dataclass
class _JobQueue:
    """Acts in the order they were asked for; filled by the loop, emptied by the thread."""

    jobs: deque[_Job] = field(default_factory=deque)
    lock: Lock = field(default_factory=Lock)

    def add(self, job: _Job) -> None:
        with self.lock:
            self.jobs.append(job)

    def take_batch(self) -> list[_Job]:
        """The next act, with those behind it that may be committed with it; none when another turn took them."""
        with self.lock:
            batch = [self.jobs.popleft()] if self.jobs else []
            while batch and batch[0].batchable and len(batch) < MAX_BATCH:
                if not self.jobs or not self.jobs[0].batchable:
                    break
                batch.append(self.jobs.popleft())
        return batch


class StoreWorker:
    """Runs everything that touches the store, one thing after another."""

    def __init__(self, open_store: Callable[[], Store], idle_seconds: float | None = IDLE_SECONDS) -> None:
        self._store_factory = open_store
        self._idle_seconds = idle_seconds
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._release_timer: asyncio.TimerHandle | None = None
        self._queue = _JobQueue()

    async def run(self, act: Callable[[Store], Result], *, batchable: bool = False) -> Result:
        """What `act` gives, once it is committed; raises what the store refuses.

        With `together` it may be committed with others, each of which succeeds or fails by itself; it may then be run
        a second time, where the first came to nothing.
        """
        loop = asyncio.get_running_loop()
        if self._release_timer:
            self._release_timer.cancel()
        job = _Job(act, batchable, loop.create_future())
        self._queue.add(job)
        self._thread.submit(self._run_next_batch, loop)
        try:
            result: Result = await job.future
            return result
        finally:
            if self._idle_seconds is not None:
                self._release_timer = loop.call_later(self._idle_seconds, self._thread.submit, self._close_store)

    async def close(self) -> None:
        """Finish what is under way and let go for good."""
        if self._release_timer:
            self._release_timer.cancel()
        await asyncio.to_thread(self.shut_down)

    def shut_down(self) -> None:
        """Finish what is under way and let go for good; not to be called by the loop, which it would hold up."""
        self.release()
        self._thread.shutdown()

    def release(self) -> None:
        """Let go of the file once what is under way is done, until the next request; not to be called by the loop."""
        self._thread.submit(self._close_store).result()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Meanwhile the file is another's: what is asked for waits; not to be called by the loop."""
        released, over = Event(), Event()

        def wait() -> None:
            self._close_store()
            released.set()
            over.wait()

        self._thread.submit(wait)
        released.wait()
        try:
            yield
        finally:
            over.set()

    def _run_next_batch(self, loop: asyncio.AbstractEventLoop) -> None:
        batch = self._queue.take_batch()
        if len(batch) > 1:
            self._run_batch(batch)
        else:
            for job in batch:
                self._run_alone(job)
        if batch:
            loop.call_soon_threadsafe(_resolve_futures, batch)

    def _run_batch(self, batch: list[_Job]) -> None:
        """All in one commit; where that fails as a whole, each by itself, as each may be repeated."""
        try:
            store = self._ensure_store()
            if store.path is None:
                raise _NoBatchOnServer
            with store.transaction():
                for job in batch:
                    self._run_in_batch(store, job)
        except StoreDiskError as problem:
            self._close_store()
            for job in batch:
                job.result, job.error = None, problem
        except Exception:
            for job in batch:
                self._run_alone(job)

    def _run_in_batch(self, store: Store, job: _Job) -> None:
        """One of several; what it raises undoes nothing of the others'."""
        job.result, job.error = None, None
        try:
            with store.transaction():
                job.result = job.act(store)
        except StoreDiskError:
            raise
        except Exception as problem:
            job.error = problem

    def _run_alone(self, job: _Job) -> None:
        job.result, job.error = None, None
        try:
            job.result = job.act(self._ensure_store())
        except StoreDiskError as problem:
            self._close_store()  # whoever opens it next checks it first
            job.error = problem
        except BaseException as problem:
            job.error = problem

    def _ensure_store(self) -> Store:
        if self._store is None:
            self._store = self._store_factory()
        return self._store

    def _close_store(self) -> None:
        store, self._store = self._store, None
        if store:
            store.close()


def _resolve_futures(batch: list[_Job]) -> None:
    """Everybody whose act was done, in the loop; who no longer listens is not told."""
    for job in batch:
        if job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
