"""What is the operator's to mend and no visitor's: told to visitors as a number, and in full in the server's log.

The sentence of such an error names files, databases and commands of the machine, so no phone shows it. The log has it
under the number that the page shows. Of a bug it has the kind and the places in the code, but never the exception's
message, which may hold what somebody typed.
"""

import logging
import secrets
import traceback
from collections.abc import Callable
from time import monotonic
from typing import Final

from assessor.bank.errors import BankRefused, NoPartySide, NoSuchBank, NoSuchWording, SnapshotUnreadable
from assessor.errors import AssessorError
from assessor.usecases.workshop_secrets import CODE_LETTERS
from assessor.web.errors import WebError

_LOGGER: Final = logging.getLogger("assessor.web")
#: Exit codes (sysexits.h) of what the machine lacks or refuses: a service, a resource, a file, a disk.
_MACHINE_CODES: Final = frozenset({69, 70, 71, 73, 74})
_BANK_ERRORS: Final = (BankRefused, NoPartySide, NoSuchBank, NoSuchWording, SnapshotUnreadable)
#: Seconds in which the same fault keeps its number and is not logged again, however many phones meet it.
_SAME_FAULT_SECONDS: Final = 60.0
_MAX_FAULTS: Final = 100


def is_operators_fault(error: AssessorError) -> bool:
    """Whether only who runs the server can mend it."""
    if isinstance(error, WebError):
        return error.status >= 500
    return error.exit_code in _MACHINE_CODES or isinstance(error, _BANK_ERRORS)


class FaultRegister:
    """Numbers the faults of one server process and logs each; used from the event loop alone."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[str, float]] = {}

    def number(self, error: AssessorError) -> str:
        """The number under which the fault stands in the log."""
        details, now = _details(error), self._clock()
        number, at = self._known.get(details, ("", 0.0))
        if number and now - at < _SAME_FAULT_SECONDS:
            return number
        number = "".join(secrets.choice(CODE_LETTERS) for _letter in range(6))
        _LOGGER.error("%s: %s", number, details)
        if len(self._known) >= _MAX_FAULTS:
            self._known.clear()
        self._known[details] = number, now
        return number


def log_fault(what: str, problem: Exception) -> None:
    """Log what nobody who visits is told of: what could not be done in the background, and why."""
    _LOGGER.error("%s: %s", what, _details(problem))


def _details(problem: Exception) -> str:
    """What the log says: the sentence of an error of ours, or of a bug its kind and where it was raised."""
    bug = (
        problem.__cause__ if isinstance(problem, WebError) else None if isinstance(problem, AssessorError) else problem
    )
    if bug is None:
        return f"{type(problem).__name__}: {problem}"
    frames = traceback.extract_tb(bug.__traceback__)[-4:]
    return " < ".join([type(bug).__name__, *(f"{each.filename}:{each.lineno} {each.name}" for each in frames[::-1])])
