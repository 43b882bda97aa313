"""Readers of files from outside, each run as a process of its own within limits of time and memory.

A file can be made to take for ever, to fill the memory, or to end a native library in mid-reading, and no check
beforehand rules that out: then the reading process ends, and not the one that holds the answers.

Protocol: the input is any number of files, each after its length in eight bytes; the output is one line of JSON a file,
flushed at once, so that the parent knows which file ended the process. `read_files` is the parent's side, `serve` the
other.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from assessor.core_dumps import forbid_core_dumps
from assessor.platform_calls import limit_memory, limit_time


def reader_program(module: str) -> str:
    """What the process runs to serve with a module's `main`: our own modules, not those of the current folder."""
    package, _, name = module.rpartition(".")
    return (
        f"import sys; sys.path.append({str(Path(__file__).parents[2])!r}); from {package} import {name}; {name}.main()"
    )


def read_files(program: str, files: Sequence[bytes], seconds: float) -> list[Any]:
    """The reply for each file, None for one that ended the process, which is then started again.

    `seconds` of the clock are allowed a file; the process limits its own processor time.
    """
    replies: list[Any] = []
    while len(replies) < len(files):
        replies += _run_once(program, files[len(replies) :], seconds)
    return replies


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
