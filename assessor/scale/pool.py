"""One seam for work on several processors or machines: `concurrent.futures.Executor`.

Here it is a pool of processes, on a cluster Dask's. What is sent is a function of a module and a value that can be
pickled; the same function runs alike in this process, in a pool and on a cluster. Whoever can reach a Dask scheduler
can run anything on its workers: it belongs on a network of its own.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final, Generic, TypeVar

from assessor.safe_text import escape_controls
from assessor.scale.errors import SchedulerUnreachable

T = TypeVar("T")
R = TypeVar("R")

#: Tasks handed over to a cluster and not yet back: enough to keep it busy, few enough to hold what they bring.
CLUSTER_WINDOW: Final = 256

#: Times that a cluster tries a task again.
CLUSTER_RETRIES: Final = 2

#: Seconds to wait for a scheduler.
PATIENCE: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskOutcome(Generic[T, R]):
    """What became of a task: a result, or why there is none."""

    task: T
    result: R | None = None
    error: BaseException | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """Where work is done: so many processes here, or a Dask cluster."""

    jobs: int = 1
    scheduler: str | None = None

    @property
    def window(self) -> int:
        """Tasks handed over and not yet back."""
        return CLUSTER_WINDOW if self.scheduler else 2 * self.jobs

    @contextmanager
    def open_executor(self) -> Iterator[Executor]:
        """What runs the tasks; ends with them."""
        if self.scheduler:
            with _dask_executor(self.scheduler) as executor:
                yield executor
            return
        # Spawned, not forked: Pango and DuckDB have threads, and a copy without them waits without end.
        pool = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def run_tasks(work: Callable[[T], R], tasks: Iterable[T], place: Execution) -> Iterator[TaskOutcome[T, R]]:
    """Do `work` on every task and give each outcome once, as it comes; one that fails leaves the others alone."""
    if place.jobs == 1 and not place.scheduler:
        yield from (_run_here(work, task) for task in tasks)
        return
    queue = deque(tasks)
    while queue:
        lost: list[T] = []
        with place.open_executor() as executor:
            yield from _run_queue(work, queue, executor, place.window, lost)
        # One of these ended its process, and with it the pool: alone, only the guilty one fails.
        for task in lost:
            yield from _run_alone(work, task)


def _run_alone(work: Callable[[T], R], task: T) -> Iterator[TaskOutcome[T, R]]:
    place, lost = Execution(jobs=1), list[T]()
    with place.open_executor() as executor:
        yield from _run_queue(work, deque([task]), executor, 1, lost)
    yield from (TaskOutcome(task=task, error=BrokenExecutor()) for task in lost)


def _run_here(work: Callable[[T], R], task: T) -> TaskOutcome[T, R]:
    try:
        return TaskOutcome(task=task, result=work(task))
    except Exception as error:
        return TaskOutcome(task=task, error=error)


def _run_queue(
    work: Callable[[T], R], queue: deque[T], executor: Executor, window: int, lost: list[T]
) -> Iterator[TaskOutcome[T, R]]:
    """The outcomes of what is taken from the queue; when the pool breaks, the tasks in it are lost, the rest stays."""
    under_way: dict[Future[R], T] = {}
    while under_way or (queue and not lost):
        while queue and not lost and len(under_way) < window:
            try:
                under_way[executor.submit(work, queue[0])] = queue[0]
            except BrokenExecutor:
                break
            queue.popleft()
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            outcome = _task_outcome(under_way.pop(future), future)
            if isinstance(outcome.error, BrokenExecutor):
                lost.append(outcome.task)
            else:
                yield outcome


def _task_outcome(task: T, future: Future[R]) -> TaskOutcome[T, R]:
    error = future.exception()
    return TaskOutcome(task=task, error=error) if error else TaskOutcome(task=task, result=future.result())


def _ignore_interrupts() -> None:
    """An interrupt is for the process that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _dask_executor(address: str) -> Iterator[Executor]:
    import distributed

    connect: Any = distributed.Client

    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SchedulerUnreachable(address=escape_controls(address)) from error
    with client:
        yield client.get_executor(pure=False, retries=CLUSTER_RETRIES)
