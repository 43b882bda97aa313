"""Several processes that serve from one socket; one that dies is put in its place again."""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

#: Seconds between a process's death and the next one's birth, so that what cannot start does not start all day.
_PAUSE: Final = 1.0


class _Ended(Exception):
    """Somebody ends the whole."""


def keep(number: int, work: Callable[[], None]) -> None:
    """Run `work` in so many processes until this one is ended by Ctrl-C or SIGTERM; then all of them end."""
    before = signal.signal(signal.SIGTERM, _end)
    running = {_born(work) for _ in range(number)}
    try:
        while running:
            gone, _status = os.wait()
            running.discard(gone)
            time.sleep(_PAUSE)
            running.add(_born(work))
    except (_Ended, KeyboardInterrupt):
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
        _stopped(running)


def _end(_number: int, _frame: object) -> None:
    raise _Ended


def _born(work: Callable[[], None]) -> int:
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


def _stopped(running: set[int]) -> None:
    for each in running:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGTERM)
    for each in running:
        with suppress(ChildProcessError):
            os.waitpid(each, 0)
