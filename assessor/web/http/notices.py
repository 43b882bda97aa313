"""What the next page says of what was just done, carried over a redirect in a cookie.

Several server processes may answer, and a workshop's sessions live in the store, so a redirect cannot leave a message
in memory. The browser carries it instead: names of `Notice`, never text, sealed with the token of its own session.
Nobody without that token can make a page say anything, and a notice is shown on the page that it was meant for only.
"""

import hmac
from enum import Enum
from typing import Final

from assessor.errors import N_
from assessor.usecases.participating import CaseAlreadyRevealed

#: Seconds in which the page must be shown; a notice tells of what was done a moment ago.
LIFETIME: Final = 60


class Notice(Enum):
    """Everything that a page can say of what was just done."""

    ON_THE_LIST = N_("Added. Everybody in the room sees it now.")
    ALREADY_LISTED = N_("This one is already in the list.")
    RENAMED = N_("Renamed.")
    ERASED = N_("Erased for good.")
    SHEET_ENTERED = N_("Entered. Here is the next sheet, if there is one.")
    PERSON_REMOVED = N_("Removed. Their answers no longer count.")
    ON_THE_BOARD = N_("On the board now.")
    TOO_LATE_FOR_CASE = CaseAlreadyRevealed.template
    NOTE_SAVED = N_("Your note is saved.")
    NOTE_REMOVED = N_(
        "Your note is removed: no file that is made from now on has it. Backups made before keep it until deleted."
    )
    ADDED = N_("Added.")
    OPENED_ANOTHER = N_("What you changed makes this question count.")
    OFF_THE_LIST = N_("Taken off the list. What was answered on it is kept.")
    MOVED_LAST = N_("It is the last on the list now.")
    REOPENED = N_("Open again. Phones can answer as before; other browsers that led have to be let in anew.")
    OTHERS_WITHDRAWN = N_("Only this browser leads now.")
    SCREENS_WITHDRAWN = N_("Withdrawn. No other machine shows the board now.")
    MOVED_ON = N_("The room has gone on since this page was shown; this is where it is now.")
    REMOVED = N_("Removed.")
    SAVED = N_("Saved.")
    IN_A_NEW_FILE = N_("Everything answered is in a new file now.")
    KEYS_WITHDRAWN = N_("Withdrawn. Nobody enters that library until it is given a new key.")
    DEVICE_WITHDRAWN = N_("Withdrawn. It opens nothing any more.")
    MEMBER_WITHDRAWN = N_("Withdrawn. They enter no more; what they answered stays.")
    SHARING = N_("Saved: your library shares. It is counted with the next quarter's picture.")
    NOT_SHARING = N_("Saved: your library does not share. It is counted in no later picture.")
    TAKEN_IN = N_("The file was taken in.")
    FORMS_TAKEN_IN = N_("The forms were taken in. Who is on them is listed here, on paper.")
    NOTHING_NEW = N_("Nothing in the file was new, so nothing was added.")
    NOTHING_WRITTEN = N_("Nothing was written, so nothing was added.")


def seal_notices(notices: tuple[Notice, ...], path: str, token: str, now: float) -> str:
    """The cookie's value that lets the page at `path` say these to the holder of a session's token."""
    told = ".".join([str(int(now) + LIFETIME), *(notice.name for notice in notices)])
    return f"{told}.{_seal(told, path, token)}"


def open_notices(value: str, path: str, token: str, now: float) -> tuple[Notice, ...]:
    """What a cookie lets this page say; nothing unless it was sealed for this page and this session, a moment ago."""
    told, _dot, seal = value.rpartition(".")
    if not token or not hmac.compare_digest(seal.encode(), _seal(told, path, token).encode()):
        return ()
    until, *names = told.split(".")
    return tuple(Notice[name] for name in names) if now <= int(until) else ()


def _seal(told: str, path: str, token: str) -> str:
    return hmac.digest(token.encode(), f"notice\n{path}\n{told}".encode(), "sha256").hex()
