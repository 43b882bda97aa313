"""The standard output, so that what is printed is written whole or refused.

Python prints to nowhere without a word where the stream is closed, and an unbuffered one may write a part and say so
only in a number that nobody reads.
"""

import io
import os
import sys
from contextlib import suppress

from assessor.errors import N_, AssessorError


class OutputNotWritten(AssessorError):
    """The standard output takes no more: a full disk, or a stream that is closed."""

    template = N_("What was to be printed could not be written whole: {why}; print it to another place")
    exit_code = 74


class ReaderLeft(Exception):
    """Whoever read has enough, as in `assessor list | head`: not an error.

    Not a `BrokenPipeError`: click would end the process with an exit code of its own.
    """


class _CheckedOutput(io.RawIOBase):
    """A file descriptor that refuses by `OutputNotWritten`, or says `ReaderLeft`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        try:
            return os.write(self._descriptor, data)
        except BrokenPipeError as error:
            discard_output()
            raise ReaderLeft from error
        except OSError as error:
            discard_output()
            raise OutputNotWritten(why=error.strerror) from error

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor


def check_output() -> None:
    """Have the standard output say what it could not write; a terminal is left as it is.

    A closed one gets a descriptor that cannot be written to: else the next file that is opened would get its number.
    """
    if sys.stdout is None:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_RDONLY), 1)
    elif sys.stdout.isatty():
        return
    encoding, errors = (sys.stdout.encoding, sys.stdout.errors) if sys.stdout else ("utf-8", "backslashreplace")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(_CheckedOutput(1)), encoding=encoding, errors=errors)


def discard_output() -> None:
    """Send what is still printed nowhere: Python would try again to write it at exit, and change the exit code."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
