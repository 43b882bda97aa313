"""Keeps answers and secrets out of core files: what a process holds in memory is not written to disk when it dies."""

import os
from contextlib import suppress
from typing import Final

from assessor.platform_calls import forbid_core_files

_PR_SET_DUMPABLE: Final = 4


def forbid_core_dumps() -> None:
    """Let this process, and all that it starts, write no core file; called before anything is read from a store."""
    forbid_core_files()


def hide_memory() -> None:
    """Let no other process of the same user read this one's memory either; for processes that serve.

    Some systems hand a dying process to a program, whatever the limit says; Linux does not where this was called. It
    takes 5 ms, so commands do without. With `ASSESSOR_DEBUG` set, programmers can still look.
    """
    with suppress(ImportError, AttributeError, OSError):  # Linux only
        import ctypes

        if not os.environ.get("ASSESSOR_DEBUG"):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
