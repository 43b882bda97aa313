"""No search for unreachable cycles while documents are made: nearly all that is made stays until the file is written.

The search goes through everything that is kept, again and again as it grows: a tenth of the time of a long report. What
it would free is a quarter of a megabyte a page. A command that makes one document and ends is spared it altogether.
"""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_garbage_collection() -> Iterator[None]:
    """Lets cycles wait; within one another or in several threads, it is searched for them again once any has ended."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """For what a process does before it ends: what was made counts as old, so that nothing goes through it at the end.

    A process that goes on searches it with all that is old.
    """
    with paused_garbage_collection():
        try:
            yield
        finally:
            gc.freeze()
            gc.unfreeze()


def search_nothing_at_exit() -> None:
    """Lets the process end without a last search; what is counted by references is freed as ever."""
    atexit.register(gc.freeze)
