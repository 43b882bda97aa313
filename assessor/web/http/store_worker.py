"""Runs everything that touches the store in one thread, in order, and commits waiting requests together.

The problem: requests arrive concurrently, but SQLite has one writer, every commit waits for the disk, and a room of
hundreds of phones answers within seconds. A library's connection pool would not help: its connections would queue on
SQLite's write lock, each with its own commit, and a busy timeout instead of an order.

What this does instead:

- **One thread** owns the store. Acts run in the order in which they were requested. On a server, what reads long for a
  document runs beside it (`run_long`).
- **Batches**: batchable acts at the head of the queue run in one transaction, each in a savepoint of its own. One that
  raises loses only its own changes. When the common commit fails, each act is run again alone; therefore an act is
  batchable only where a second run does no harm.
- **A file that was moved** is never let go of by itself: what it holds may be nowhere else. Whoever decides goes on in
  a new file (`app`); when the program ends first, that is done unasked.
- **Letting go**: without requests for `IDLE_SECONDS` the file is closed, so that the terminal can go on where the
  browser stopped without either being ended. Workshops keep it open (`idle_seconds=None`).

Invariant: the future of an act is always resolved, and only after its commit. A page that says "saved" is therefore
true, also when the power fails right after. On a PostgreSQL server there are no batches; the server groups commits
itself.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any, Final, TypeVar

from assessor.errors import AssessorError
from assessor.platform_calls import one_thread
from assessor.store import Expiry, Store
from assessor.store.errors import StoreDiskError, StoreMoved

Result = TypeVar("Result")

#: Seconds without a request after which the store file is closed.
IDLE_SECONDS: Final = 20.0
#: Seconds between two looks for what is past its days.
EXPIRY_SECONDS: Final = 3600.0
#: Seconds after which a thread that reads long lets others go on: they wait for it anew after each statement of theirs.
_SHORT_TURN: Final = 0.0005
#: Most acts in one commit; bounds how long the first of them waits for the others.
MAX_BATCH: Final = 64


def _unnoticed(_fact: object) -> None:
    """Say nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreNotices:
    """What whoever runs the server is told of its store; called in the store's thread."""

    #: With the new path, where everything went on in a new file.
    moved: Callable[[Path], None] = _unnoticed
    #: With what was past its days.
    expired: Callable[[Expiry], None] = _unnoticed
    #: With the names that got a number as it was opened.
    numbered: Callable[[Sequence[str]], None] = _unnoticed


class _NoBatchOnServer(Exception):
    """The store is a database server, which groups concurrent commits by itself; used to leave `_run_batch`."""


@dataclass(eq=False)
class _Job:
    """A requested act, and its result or error once it has run."""

    act: Callable[[Store], Any]
    #: Whether it may share a commit and be run a second time.
    batchable: bool
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


@dataclass
class _JobQueue:
    """Jobs in the order requested; the event loop adds, the store's thread takes."""

    jobs: deque[_Job] = field(default_factory=deque)
    lock: Lock = field(default_factory=Lock)

    def add(self, job: _Job) -> None:
        """Append a job."""
        with self.lock:
            self.jobs.append(job)

    def take_batch(self) -> list[_Job]:
        """The next job, with the batchable ones right behind it; empty when an earlier batch took it along."""
        with self.lock:
            batch = [self.jobs.popleft()] if self.jobs else []
            while batch and batch[0].batchable and len(batch) < MAX_BATCH:
                if not self.jobs or not self.jobs[0].batchable:
                    break
                batch.append(self.jobs.popleft())
        return batch


class StoreWorker:
    """Runs acts on the store one after another; one per server process."""

    def __init__(
        self,
        open_store: Callable[[], Store],
        idle_seconds: float | None = IDLE_SECONDS,
        notices: StoreNotices | None = None,
    ) -> None:
        self._store_factory = open_store
        self._idle_seconds = idle_seconds
        self._notices = notices or StoreNotices()
        #: What was last said to be past its days.
        self._expiry: Expiry | None = None
        self._store: Store | None = None
        #: Of the store that is open.
        self._path: Path | None = None
        self._thread = one_thread("store")
        #: Reads long on a server, beside the others, with a store of its own that is opened when it is first needed.
        self._reader = one_thread("reader")
        self._reading: Store | None = None
        self._release_timer: asyncio.TimerHandle | None = None
        self._queue = _JobQueue()

    async def run(self, act: Callable[[Store], Result], *, batchable: bool = False) -> Result:
        """The result of `act`, once committed; raises what it or the store raises.

        With `batchable` it may share a commit with others; it may then run a second time, after a first run was undone.
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
                self._release_timer = loop.call_later(self._idle_seconds, self._thread.submit, self._close_idle_store)

    async def run_long(self, act: Callable[[Store], Result]) -> Result:
        """The same for an act that reads much and writes nothing that must be in order with the others.

        On a server it runs beside them; in a file, which one thread owns, it takes its place among them.
        """
        if self._store is None or self._store.path is not None:
            return await self.run(act)
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._run_reading, act)

    def _run_reading(self, act: Callable[[Store], Result]) -> Result:
        self._reading = self._reading or self._store_factory()
        before = sys.getswitchinterval()
        sys.setswitchinterval(_SHORT_TURN)
        try:
            return act(self._reading)
        finally:
            sys.setswitchinterval(before)

    async def expire_periodically(self, seconds: float = EXPIRY_SECONDS) -> None:
        """Erase what comes to be past its days, until cancelled: a server may run for longer than they are."""
        while True:
            await asyncio.sleep(seconds)
            with suppress(Exception):  # a store that is busy or away now is asked again
                await self.run(lambda store: self._note_expiry(store.retention.expire_due()))

    def keep_open(self) -> None:
        """Let go of the file no more, for a room that would wait for it to be opened again."""
        self._idle_seconds = None

    async def close(self) -> None:
        """Finish the running acts and close the store for good."""
        if self._release_timer:
            self._release_timer.cancel()
        await asyncio.to_thread(self.shut_down)

    def shut_down(self) -> None:
        """The same, blocking; not to be called from the event loop."""
        self._thread.submit(self._keep_all).result()
        self.release()
        self._thread.shutdown()
        if self._reading:
            self._reader.submit(self._reading.close).result()
        self._reader.shutdown()

    def release(self) -> None:
        """Close the store file after the running acts; the next request opens it again. Blocks like `paused`."""
        self._thread.submit(self._close_store).result()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep the file closed within the block, for other uses; requests wait. Not for the event loop: it blocks."""
        released, over = Event(), Event()

        def wait() -> None:
            try:
                self._close_store()
            finally:
                released.set()
            over.wait()

        self._thread.submit(wait)
        released.wait()
        try:
            yield
        finally:
            over.set()

    def _run_next_batch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run the next batch in the store's thread, then resolve its futures in the event loop, whatever happened."""
        batch = self._queue.take_batch()
        try:
            if len(batch) > 1:
                self._run_batch(batch)
            elif batch:
                self._run_alone(batch[0])
        except BaseException as problem:  # closing the store failed, so what it holds of these acts is unknown
            for job in batch:
                job.result, job.error = None, job.error or problem
        finally:
            loop.call_soon_threadsafe(_resolve_futures, batch)

    def _run_batch(self, batch: list[_Job]) -> None:
        """Run all jobs in one transaction; when it fails as a whole, run each alone.

        A disk error fails them all and closes the store: the next opening checks the file first.
        """
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
        """Run one job in a savepoint; its error undoes its own changes only. Raises disk errors, which concern all."""
        job.result, job.error = None, None
        try:
            with store.transaction():
                job.result = job.act(store)
        except StoreDiskError:
            raise
        except Exception as problem:
            job.error = problem

    def _run_alone(self, job: _Job) -> None:
        """Run one job with a commit of its own, and keep its result or its error."""
        job.result, job.error = None, None
        try:
            job.result = job.act(self._ensure_store())
        except StoreDiskError as problem:
            self._close_store()  # the next opening checks the file
            job.error = problem
        except BaseException as problem:
            job.error = problem
        self._note_move()

    def _ensure_store(self) -> Store:
        if self._store is None:
            self._store = self._store_factory()
            self._path = self._store.path
            self._note_expiry(self._store.expiry)
        return self._store

    def _close_store(self) -> None:
        store, self._store = self._store, None
        if store:
            store.close()

    def _close_idle_store(self) -> None:
        """Close the file unless it was moved: what was answered is then nowhere else until somebody decides."""
        if self._store is None or not _is_moved(self._store):
            self._close_store()

    def _keep_all(self) -> None:
        """Save what a moved file holds before the program ends, as nobody can be asked any more."""
        if self._store and _is_moved(self._store):
            with suppress(AssessorError):
                self._store.continue_in_new_file()
            self._note_move()

    def _note_move(self) -> None:
        """Open the new file from now on where the store went on in one."""
        path = self._store.path if self._store else None
        if path and path != self._path:
            self._path, self._store_factory = path, partial(Store.open, path, create=False)
            self._notices.moved(path)

    def _note_expiry(self, expiry: Expiry | None) -> None:
        """Say what was erased; what waits for a yes is said once."""
        if expiry and expiry != self._expiry:
            self._notices.expired(expiry)
        self._expiry = expiry


def _is_moved(store: Store) -> bool:
    try:
        store.require_in_place()
    except StoreMoved:
        return True
    return False


def _resolve_futures(batch: list[_Job]) -> None:
    """Give results and errors to those who wait, in the event loop; cancelled requests are skipped."""
    for job in batch:
        if job.future.done():
            continue
        if isinstance(job.error, StopIteration):  # the one exception that a future does not take
            job.future.set_exception(RuntimeError(type(job.error).__name__))
        elif job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
