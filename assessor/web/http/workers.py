"""Several processes that serve from one socket; one that dies is put in its place again."""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

#: Seconds between a process's death and the next one's birth, so that what cannot start does not start all day.
_RESTART_PAUSE: Final = 1.0


class _Ended(Exception):
    """Somebody ends the whole."""


def run_workers(number: int, work: Callable[[], None]) -> None:
    """Run `work` in so many processes until this one is ended by Ctrl-C or SIGTERM; then all of them end."""
    previous_handler = signal.signal(signal.SIGTERM, _raise_ended)
    running = {_fork_worker(work) for _ in range(number)}
    try:
        while running:
            ended, _status = os.wait()
            running.discard(ended)
            time.sleep(_RESTART_PAUSE)
            running.add(_fork_worker(work))
    except (_Ended, KeyboardInterrupt):
        pass
    finally:
        signal.signal(signal.SIGTERM, previous_handler)
        _stop_workers(running)


def _raise_ended(_number: int, _frame: object) -> None:
    raise _Ended


def _fork_worker(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _stop_workers(running: set[int]) -> None:
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    for pid in running:
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
