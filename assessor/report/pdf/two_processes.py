"""Work shared between this process and a copy of it, so that both processor cores lay out pages."""

import os
import warnings
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

Result = TypeVar("Result")

#: Below this many texts a second process costs more than it saves.
_LEAST_TEXTS = 6

#: Seconds to wait for the copy, beyond as long again as this process took for its half; then all is made here.
_PATIENCE_SECONDS = 5.0


def map_in_two_processes(texts: Sequence[str], make: Callable[[str], Result], load: Callable[[], None]) -> list[Result]:
    """What `make` gives for each text, in their order; `load` imports what it needs and starts no thread.

    The copy is made before anything is drawn: Pango then starts a thread of its own, which a copy would not have and
    wait for without end. Where there are threads already, this process does all of it.
    """
    if texts:
        load()
    if len(texts) < _LEAST_TEXTS or not _may_copy():
        return [make(text) for text in texts]
    ours, theirs = _halves(texts)
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(there, make, [texts[place] for place in theirs]), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child.start()
    there.close()
    start = monotonic()
    found = {place: make(texts[place]) for place in ours}
    received: list[Result] = _receive_results(here, monotonic() - start + _PATIENCE_SECONDS)
    child.kill()
    child.join()
    for index, place in enumerate(theirs):
        found[place] = received[index] if received else make(texts[place])
    return [found[place] for place in range(len(texts))]


def _may_copy() -> bool:
    """Whether a second core is free for it, and no thread, of Python or of a library, would be lacking in a copy."""
    threads = Path("/proc/self/task")
    return threads.is_dir() and len(list(threads.iterdir())) == 1 and len(os.sched_getaffinity(0)) > 1


def _halves(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """The texts' places in two lots of about the same length."""
    lots: tuple[list[int], list[int]] = ([], [])
    sizes = [0, 0]
    for place in sorted(range(len(texts)), key=lambda place: -len(texts[place])):
        lot = sizes[0] > sizes[1]
        lots[lot].append(place)
        sizes[lot] += len(texts[place])
    return lots


def _send(there: Connection, make: Callable[[str], Result], texts: Sequence[str]) -> None:
    there.send([make(text) for text in texts])


def _receive_results(here: Connection, patience: float) -> list[Any]:
    """What the copy made; nothing when it ended, or was not done in time."""
    try:
        return list(here.recv()) if here.poll(patience) else []
    except EOFError:
        return []
