"""Which text is kept: whatever an export can give back whole, and nothing else."""

import unicodedata

from assessor.core.text_limits import MOST_NAME, MOST_NOTE, unfit
from assessor.store.errors import BadCharacter, NameEmpty, TooLong


def text(given: str) -> str:
    """The text as given; raises `TooLong` or `BadCharacter`."""
    _refuse_long(given, MOST_NOTE)
    _refuse_any(given, unfit(given))
    return given


def key(given: str) -> str:
    """A key as given; a longer one than a server can find again is refused."""
    _refuse_any(given, unfit(given))
    _refuse_long(given, MOST_NAME)
    return given


def name(given: str) -> str:
    """The name without blanks around it and with composed letters, so that what looks equal is equal."""
    found = optional_name(given)
    if not found:
        raise NameEmpty()
    return found


def optional_name(given: str) -> str:
    """Like `name`, but may be empty."""
    _refuse_any(given, unfit(given) or "".join(char for char in "\t\n\r" if char in given))
    found = unicodedata.normalize("NFC", given).strip()
    _refuse_long(found, MOST_NAME)
    return found


def _refuse_long(given: str, limit: int) -> None:
    if len(given) > limit:
        raise TooLong(length=len(given), limit=limit)


def _refuse_any(given: str, unkept: str) -> None:
    if unkept:
        raise BadCharacter(character=f"U+{ord(unkept[0]):04X}", position=given.index(unkept[0]) + 1)
