"""Readers of files from outside, each run as a process of its own within limits of time and memory.

A file can be made to take for ever, to fill the memory, or to end a native library in mid-reading, and no check
beforehand rules that out: then the reading process ends, and not the one that holds the answers.

Protocol: the input is any number of files, each after its length in eight bytes; the output is one line of JSON a file,
flushed at once, so that the parent knows which file ended the process. `read_files` is the parent's side, `serve` the
other. A browser has no processes: there files are read where everything else runs, within the same time.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from assessor import platform_calls
from assessor.core_dumps import forbid_core_dumps
from assessor.platform_calls import limit_memory, limit_time


def reader_program(module: str) -> str:
    """What the process runs to serve with a module's `main`: our own modules, not those of the current folder."""
    package, _, name = module.rpartition(".")
    return (
        f"import sys; sys.path.append({str(Path(__file__).parents[2])!r}); from {package} import {name}; {name}.main()"
    )


def read_files(program: str, read: Callable[[bytes], object], files: Sequence[bytes], seconds: float) -> list[Any]:
    """The reply for each file, None for one that ended the process, which is then started again.

    `seconds` of the clock are allowed a file; the process limits its own processor time. `read` is what the process
    does with a file, and is called where there are none.
    """
    if platform_calls.is_in_browser():
        return [_read_here(read, data, seconds) for data in files]
    replies: list[Any] = []
    while len(replies) < len(files):
        replies += _run_once(program, files[len(replies) :], seconds)
    return replies


class _TooLate(BaseException):
    """Ends a reader; no reader's own handlers are to catch it."""


def _read_here(read: Callable[[bytes], object], data: bytes, seconds: float) -> Any:
    """The reply for a file, None where it took too long or too much; what is lacking to read it is still raised."""
    end = monotonic() + seconds

    def watch(*_event: object) -> None:
        if monotonic() > end:
            raise _TooLate()

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        return json.loads(json.dumps(read(data)))
    except (_TooLate, MemoryError, RecursionError):
        return None
    finally:
        sys.setprofile(before)


def _run_once(program: str, files: Sequence[bytes], seconds: float) -> list[Any]:
    """The replies for the first files, at least for one."""
    framed = b"".join(len(data).to_bytes(8, "big") + data for data in files)
    try:
        process = subprocess.run(  # noqa: S603 - our own Python and our own module
            (sys.executable, "-P", "-c", program),
            input=framed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds * len(files),
            check=False,
        )
        output = process.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
    lines = [line for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
    replies = [json.loads(line) for line in lines]
    return replies if len(replies) == len(files) else [*replies, None]


def serve(read: Callable[[bytes], object], *, cpu_seconds: int, memory_bytes: int) -> None:
    """Answer each file on standard input with what `read` makes of it."""
    forbid_core_dumps()
    limit_memory(memory_bytes)
    for data in _received_files(sys.stdin.buffer):
        limit_time(cpu_seconds)
        sys.stdout.write(json.dumps(read(data)) + "\n")
        sys.stdout.flush()


def _received_files(stream: BinaryIO) -> Iterator[bytes]:
    """The files on a stream, each after its length in eight bytes."""
    while head := stream.read(8):
        yield stream.read(int.from_bytes(head, "big"))
