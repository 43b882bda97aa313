"""No search for unreachable cycles while documents are made: nearly all that is made stays until the file is written.

The search goes through everything that is kept, again and again as it grows: a tenth of the time of a long report. What
it would free is a quarter of a megabyte a page. So what was made counts as old when it is ready, and is only searched
once much of it has come together: a process that makes one document and ends never searches.
"""

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Objects that may wait; some forty pages, and as many megabytes.
_MOST_WAITING: Final = 300_000

_waiting = 0


@contextmanager
def paused_garbage_collection() -> Iterator[None]:
    """Lets cycles wait; within one another or in several threads, it is searched for them again once any has ended."""
    global _waiting
    was_enabled = gc.isenabled()
    if was_enabled and _waiting > _MOST_WAITING:
        _waiting = 0
        gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            _waiting += gc.get_count()[0]
            gc.freeze()
            gc.unfreeze()  # all is now of the oldest generation, and nothing has been gone through
            gc.enable()


def search_nothing_at_exit() -> None:
    """Lets the process end without a last search; what is counted by references is freed as ever."""
    atexit.register(_leave_as_it_is)


def _leave_as_it_is() -> None:
    if "duckdb" not in sys.modules:  # which complains of each object of its own that is left
        gc.freeze()
