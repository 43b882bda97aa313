"""Says on the standard error that something went wrong which nobody foresaw, without what people typed.

An exception's message and its traceback may hold answers, so only its type is written. With `ASSESSOR_DEBUG` set, as
programmers do, the traceback is written too.
"""

import logging
import os
from typing import Final

_LOGGER: Final = logging.getLogger("assessor.web")


def log_fault(what: str, problem: BaseException) -> None:
    """Write one line: what could not be done, and the type of the exception."""
    _LOGGER.error(
        "%s: %s", what, type(problem).__name__, exc_info=problem if os.environ.get("ASSESSOR_DEBUG") else None
    )
