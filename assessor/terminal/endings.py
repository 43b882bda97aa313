"""However an interview ends: signals become exceptions, and how to go on is printed where somebody may read it."""

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from assessor.safe_text import escape_controls
from assessor.terminal.face import Terminated


@contextmanager
def raising_terminated() -> Iterator[None]:
    """Within it, a closed window and a request to end raise `Ended`."""
    signals = [getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    before = {number: signal.signal(number, _raise_terminated) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise_terminated(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # once is enough; what follows must not be cut short
    raise Terminated(signal.Signals(number).name)


def resume_command(command: str, language: str, plain: bool, **given: str | Path | None) -> str:
    """What to type to go on, with the options that were `given` by their names, as a shell takes them."""
    options = (f"--{name} {escape_controls(shlex.quote(str(value)))}" for name, value in given.items() if value)
    return " ".join([command, "--lang", shlex.quote(language), *(["--plain"] if plain else []), *options])


def print_last(text: str) -> None:
    """Print to the error stream, if it is still there; nothing is left to be written to a terminal that is gone."""
    for stream, last in ((sys.stdout, ""), (sys.stderr, text + "\n")):
        try:
            stream.write(last)
            stream.flush()
        except (OSError, ValueError):
            _discard_output(stream)


def _discard_output(stream: TextIO) -> None:
    """What it still holds goes nowhere; Python would else try again at its exit, fail and say so by the exit code."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
