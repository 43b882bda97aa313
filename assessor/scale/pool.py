"""One seam for work on several processors or machines: `concurrent.futures.Executor`.

Here it is a pool of processes, on a cluster Dask's. What is sent is a function of a module and a value that can be
pickled; the same function runs alike in this process, in a pool and on a cluster. The reports of many collaborations
and the placing of many files go through `run_tasks`, which promises one outcome a task: a task that ends its process
(out of memory, a crash in a library) is found by running the lost ones again, each alone.

Anybody who can reach a Dask scheduler can run any code on its workers: it belongs on a network of its own.
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

#: Tasks submitted to a cluster and not yet back: enough to keep it busy, few enough that results fit in memory.
CLUSTER_WINDOW: Final = 256

#: Times that a cluster retries a task whose worker was lost.
CLUSTER_RETRIES: Final = 2

#: Seconds to wait for a scheduler to answer.
PATIENCE: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskOutcome(Generic[T, R]):
    """A task with its result, or with the exception that it ended in; `BrokenExecutor` where it ended its process."""

    task: T
    result: R | None = None
    error: BaseException | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """Where work is done: in `jobs` processes here, or on the Dask cluster at `scheduler`."""

    jobs: int = 1
    scheduler: str | None = None

    @property
    def window(self) -> int:
        """How many tasks may be submitted and not yet back."""
        return CLUSTER_WINDOW if self.scheduler else 2 * self.jobs

    @contextmanager
    def open_executor(self) -> Iterator[Executor]:
        """An executor for the tasks; leaving the block ends its processes and drops what is still queued."""
        if self.scheduler:
            with _dask_executor(self.scheduler) as executor:
                yield executor
            return
        # Spawned, not forked: Pango and DuckDB have threads, and a fork would wait for threads that it does not have.
        pool = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def run_tasks(work: Callable[[T], R], tasks: Iterable[T], place: Execution) -> Iterator[TaskOutcome[T, R]]:
    """Run `work` on every task and yield each outcome once, in the order they finish.

    A failing task leaves the others alone; only `SchedulerUnreachable` is raised. One job without a scheduler needs no
    pool and runs here.
    """
    if place.jobs == 1 and not place.scheduler:
        yield from (_run_here(work, task) for task in tasks)
        return
    queue = deque(tasks)
    while queue:
        lost: list[T] = []
        with place.open_executor() as executor:
            yield from _run_queue(work, queue, executor, place.window, lost)
        # One of these ended its process and broke the pool; run alone, only that one fails again.
        for task in lost:
            yield from _run_alone(work, task)


def _run_alone(work: Callable[[T], R], task: T) -> Iterator[TaskOutcome[T, R]]:
    """The outcome of one task in a pool of its own; `BrokenExecutor` where the task breaks that as well."""
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
    """The outcomes of the tasks taken from the queue.

    When the pool breaks, tasks under way are added to `lost`; those not yet submitted stay in the queue.
    """
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
    """Ctrl-C reaches the whole process group; only the process that hands out the work acts on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _dask_executor(address: str) -> Iterator[Executor]:
    """An executor of the cluster; `pure=False`, or Dask would hand back an earlier result for an equal task."""
    import distributed

    connect: Any = distributed.Client

    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SchedulerUnreachable(address=escape_controls(address)) from error
    with client:
        yield client.get_executor(pure=False, retries=CLUSTER_RETRIES)
