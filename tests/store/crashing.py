"""Processes that are killed in the middle of their work."""

import os
import random
import select
import signal
import time
from collections.abc import Callable


def killed(work: Callable[[Callable[[str], None]], None], after: float, lines: int | None = None) -> list[str]:
    """What a process said before it was killed: so many seconds after its first word, or after so many words."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        _be_killed(work, reading, writing)
    os.close(writing)
    try:
        said = _heard(reading, pid, after, lines)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    said += _rest(reading)
    os.close(reading)
    *whole, _ = said.split(b"\n")
    return [line.decode() for line in whole]


def _be_killed(work, reading: int, writing: int) -> None:
    try:
        os.close(reading)
        random.seed()
        work(lambda word: os.write(writing, f"{word}\n".encode()) and None)
    finally:
        os._exit(0)


def _heard(reading: int, pid: int, after: float, lines: int | None) -> bytes:
    said = os.read(reading, 1)
    until = time.monotonic() + after
    while (left := until - time.monotonic()) > 0 and (lines is None or said.count(b"\n") < lines):
        if select.select([reading], [], [], left)[0]:
            more = os.read(reading, 65536)
            if not more:
                break
            said += more
    return said


def _rest(reading: int) -> bytes:
    said = b""
    while more := os.read(reading, 65536):
        said += more
    return said
