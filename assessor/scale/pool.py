"""One seam for work on several processors or machines: `concurrent.futures.Executor`.

Here it is a pool of processes, on a cluster Dask's. What is sent is a function of a module and a value that can be
pickled; the same function runs alike in this process, in a pool and on a cluster. Whoever can reach a Dask scheduler
can run anything on its workers: it belongs on a network of its own.
"""

import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final, Generic, TypeVar

from assessor.scale.errors import NoScheduler
from assessor.shown import safe

T = TypeVar("T")
R = TypeVar("R")

#: Tasks handed over and not yet back: enough to keep a cluster busy, few enough to hold what they bring.
WINDOW: Final = 256

#: Times that a task is tried when the process it runs in ends without a word.
TRIES: Final = 3

#: Seconds to wait for a scheduler.
PATIENCE: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome(Generic[T, R]):
    """What became of a task: a result, or why there is none."""

    task: T
    result: R | None = None
    error: BaseException | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where work is done: so many processes here, or a Dask cluster."""

    jobs: int = 1
    scheduler: str | None = None

    @contextmanager
    def executor(self) -> Iterator[Executor]:
        """What runs the tasks; ends with them."""
        if self.scheduler:
            with _cluster(self.scheduler) as executor:
                yield executor
            return
        # Spawned, not forked: Pango and DuckDB have threads, and a copy without them waits without end.
        pool = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"), initializer=_quiet)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def each(work: Callable[[T], R], tasks: Iterable[T], place: Place) -> Iterator[Outcome[T, R]]:
    """Do `work` on every task and give each outcome once, as it comes; one that fails leaves the others alone."""
    if place.jobs == 1 and not place.scheduler:
        yield from (_here(work, task) for task in tasks)
        return
    waiting = list(tasks)
    for attempt in range(1, TRIES + 1):
        lost: list[T] = []
        for outcome in _round(work, waiting, place, alone=attempt == TRIES):
            if isinstance(outcome.error, BrokenExecutor) and attempt < TRIES:
                lost.append(outcome.task)
            else:
                yield outcome
        waiting = lost


def _here(work: Callable[[T], R], task: T) -> Outcome[T, R]:
    try:
        return Outcome(task=task, result=work(task))
    except Exception as error:
        return Outcome(task=task, error=error)


def _round(work: Callable[[T], R], tasks: list[T], place: Place, *, alone: bool) -> Iterator[Outcome[T, R]]:
    """All tasks in one pool; or, where a task may end its process, each in a pool of its own."""
    if not alone:
        with place.executor() as executor:
            yield from _outcomes(work, tasks, executor)
        return
    for task in tasks:
        with Place(jobs=1, scheduler=place.scheduler).executor() as executor:
            yield from _outcomes(work, [task], executor)


def _outcomes(work: Callable[[T], R], tasks: list[T], executor: Executor) -> Iterator[Outcome[T, R]]:
    queue = iter(tasks)
    under_way: dict[Future[R], T] = {}
    while True:
        while len(under_way) < WINDOW and (task := next(queue, None)) is not None:
            try:
                under_way[executor.submit(work, task)] = task
            except BrokenExecutor as error:
                yield Outcome(task=task, error=error)
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            yield _outcome(under_way.pop(future), future)


def _outcome(task: T, future: Future[R]) -> Outcome[T, R]:
    error = future.exception()
    return Outcome(task=task, error=error) if error else Outcome(task=task, result=future.result())


def _quiet() -> None:
    """An interrupt is for the process that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    import distributed

    connect: Any = distributed.Client

    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise NoScheduler(address=safe(address)) from error
    with client:
        yield client.get_executor(pure=False, retries=TRIES - 1)
