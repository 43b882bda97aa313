"""Times as ratios of two things measured in turn in one run, so that a machine that slows down slows both."""

import os
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import pexpect

#: Compiled files are written and read, as on a person's machine.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cpu_of(command: Sequence[str], **environment: str) -> float:
    """Seconds of processor that a whole process and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, env={**ENVIRONMENT, **environment}, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 2):  # 2: nobody to ask, after the first question was made ready
        raise RuntimeError(done.stderr.decode())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_until(text: str, command: Sequence[str], **environment: str) -> float:
    """Seconds of processor that a program took until it had written a text on its terminal; it is stopped then."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = pexpect.spawn(command[0], list(command[1:]), env={**ENVIRONMENT, **environment}, timeout=60)
    child.expect_exact(text)
    child.kill(signal.SIGKILL)
    child.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_here(work: Callable[[], object], times: int = 1) -> float:
    """Seconds of this process's processor for one call, on average over `times`."""
    before = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - before) / times


def ratio(first: Callable[[], float], second: Callable[[], float], rounds: int = 7) -> tuple[float, float, float]:
    """The medians of both, and the median of their ratio pair by pair; one round before is not counted."""
    first(), second()
    pairs = [(first(), second()) for _ in range(rounds)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def tell(what: str, found: tuple[float, float, float], goal: str) -> None:
    """Print one figure: both sides in milliseconds, their ratio, and what is aimed at."""
    a, b, of = found
    sys.stdout.write(f"\n{what}: {a * 1e3:.3f} ms / {b * 1e3:.3f} ms = {of:.3f} (aim: {goal})")
