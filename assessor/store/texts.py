"""Which text is kept: whatever an export can give back whole, and nothing else."""

import unicodedata
from typing import Final

from assessor.store.errors import BadCharacter, NameEmpty, TooLong

LONGEST_TEXT: Final = 4_000
LONGEST_NAME: Final = 200


def text(given: str) -> str:
    """The text as given; raises `TooLong` or `BadCharacter`."""
    _refuse_long(given, LONGEST_TEXT)
    _refuse_unkeepable(given, "\t\n\r")
    return given


def name(given: str) -> str:
    """The name without blanks around it and with composed letters, so that what looks equal is equal."""
    found = optional_name(given)
    if not found:
        raise NameEmpty()
    return found


def optional_name(given: str) -> str:
    """Like `name`, but may be empty."""
    _refuse_unkeepable(given, "")
    found = unicodedata.normalize("NFC", given).strip()
    _refuse_long(found, LONGEST_NAME)
    return found


def _refuse_long(given: str, limit: int) -> None:
    if len(given) > limit:
        raise TooLong(length=len(given), limit=limit)


def _refuse_unkeepable(given: str, allowed: str) -> None:
    for position, char in enumerate(given, start=1):
        if _unkeepable(char) and char not in allowed:
            raise BadCharacter(character=f"U+{ord(char):04X}", position=position)


def _unkeepable(char: str) -> bool:
    return char < " " or "\ud800" <= char <= "\udfff" or char in "\ufffe\uffff"
