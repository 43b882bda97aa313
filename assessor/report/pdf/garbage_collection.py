"""No search for unreachable cycles while pages are made: nearly all that is made stays until the file is written.

The search goes through everything that is kept, again and again as it grows: a tenth of the time of a long report. What
it would free is a quarter of a megabyte a page.
"""

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
