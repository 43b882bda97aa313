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

from assessor.platform_calls import end_signals
from assessor.safe_text import escape_controls
from assessor.terminal.face import Terminated


@contextmanager
def raising_terminated() -> Iterator[None]:
    """Within it, a closed window and a request to end raise `Terminated`; afterwards signals act as before."""
    before = {number: signal.signal(number, _raise_terminated) for number in end_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise_terminated(number: int, _frame: FrameType | None) -> None:
    """Raise `Terminated`, and ignore the signal from now on: how to go on must still be printed."""
    signal.signal(number, signal.SIG_IGN)
    raise Terminated(signal.Signals(number).name)


def resume_command(command: str, language: str | None, plain: bool, **settings: str | Path | None) -> str:
    """What to type to go on, quoted for a shell; options that are None or empty are left out."""
    spoken = ["--lang", shlex.quote(language)] if language else []
    options = (f"--{name} {escape_controls(shlex.quote(str(value)))}" for name, value in settings.items() if value)
    return " ".join([command, *spoken, *(["--plain"] if plain else []), *options])


def print_last(text: str) -> None:
    """Print to the error stream if it is still there; what a vanished terminal cannot take is dropped."""
    for stream, last in ((sys.stdout, ""), (sys.stderr, text + "\n")):
        try:
            stream.write(last)
            stream.flush()
        except (OSError, ValueError):
            _discard_output(stream)


def _discard_output(stream: TextIO) -> None:
    """Point a stream at the null device.

    Python would otherwise try again to flush it at exit, fail, and change the exit code.
    """
    with suppress(OSError, ValueError):
        null_device = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null_device, stream.fileno())
        os.close(null_device)
