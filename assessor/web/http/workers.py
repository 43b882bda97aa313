"""Several server processes, each with a socket of its own; a process that dies is replaced.

Uvicorn's own supervisor (`Multiprocess`) spawns processes from a pickled configuration and gives all one socket;
here each process must make its own services after a fork and has its own socket (`listening`), and a loop over
`os.wait` is all that takes. Windows cannot fork and so has one process.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final

#: Seconds before a dead process is replaced, so that one that cannot start does not spin.
_RESTART_PAUSE: Final = 1.0


class _Ended(Exception):
    """SIGTERM was received; raised out of `os.wait`."""


def run_workers(works: Sequence[Callable[[], None]], on_ready: Callable[[], None] = lambda: None) -> None:
    """Run each of `works` in a process of its own until Ctrl-C or SIGTERM, then end them all.

    `on_ready` is called once all are running.
    """
    if sys.platform == "win32":  # `platform_calls.can_fork` is asked before
        raise NotImplementedError
    previous_handler = signal.signal(signal.SIGTERM, _raise_ended)
    running = {_fork_worker(work): work for work in works}
    try:
        on_ready()
        while running:
            ended, _status = os.wait()
            work = running.pop(ended)
            time.sleep(_RESTART_PAUSE)
            running[_fork_worker(work)] = work
    except (_Ended, KeyboardInterrupt):
        pass
    finally:
        signal.signal(signal.SIGTERM, previous_handler)
        _stop_workers(running)


def _raise_ended(_number: int, _frame: object) -> None:
    raise _Ended


def _fork_worker(work: Callable[[], None]) -> int:
    """Fork a process that runs `work`; returns its id in the parent and never returns in the child."""
    if sys.platform == "win32":  # likewise
        raise NotImplementedError
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the parent ends its children
        work()
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _stop_workers(running: Iterable[int]) -> None:
    """Send SIGTERM to all processes, then wait for them."""
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    for pid in running:
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
