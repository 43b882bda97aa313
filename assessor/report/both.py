"""Work shared between this process and a copy of it, so that both processor cores lay out pages."""

import os
import threading
import warnings
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Made = TypeVar("Made")

#: Below this many texts a second process costs more than it saves.
_WORTH = 6


def lay_out(texts: Sequence[str], make: Callable[[str], Made], ready: Callable[[], None]) -> list[Made]:
    """What `make` gives for each text, in their order; `ready` loads what it needs, once for both processes."""
    if texts:
        ready()
    if len(texts) < _WORTH or not _two():
        return [make(text) for text in texts]
    ours, theirs = _halves(texts)
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(there, make, [texts[place] for place in theirs]), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other libraries; the copy uses none of them
        child.start()
    there.close()
    found = {place: make(texts[place]) for place in ours}
    received: list[Made] = _received(here)
    child.join()
    for index, place in enumerate(theirs):
        found[place] = received[index] if received else make(texts[place])
    return [found[place] for place in range(len(texts))]


def _two() -> bool:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return cores > 1 and threading.active_count() == 1


def _halves(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """The texts' places in two lots of about the same length."""
    lots: tuple[list[int], list[int]] = ([], [])
    sizes = [0, 0]
    for place in sorted(range(len(texts)), key=lambda place: -len(texts[place])):
        lot = sizes[0] > sizes[1]
        lots[lot].append(place)
        sizes[lot] += len(texts[place])
    return lots


def _send(there: Connection, make: Callable[[str], Made], texts: Sequence[str]) -> None:
    there.send([make(text) for text in texts])


def _received(here: Connection) -> list[Any]:
    """What the copy made; nothing when it ended before it was done."""
    try:
        return list(here.recv())
    except EOFError:
        return []
