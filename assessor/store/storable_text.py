"""Which text is kept: whatever an export can give back whole, and nothing else."""

import unicodedata

from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, unfit_characters
from assessor.store.errors import BadCharacter, NameEmpty, TextTooLong


def validate_text(given: str) -> str:
    """The text as given; raises `TooLong` or `BadCharacter`."""
    _refuse_long(given, MAX_NOTE_LENGTH)
    _refuse_characters(given, unfit_characters(given))
    return given


def validate_key(given: str) -> str:
    """A key as given; a longer one than a server can find again is refused."""
    _refuse_characters(given, unfit_characters(given))
    _refuse_long(given, MAX_NAME_LENGTH)
    return given


def normalize_name(given: str) -> str:
    """The name without blanks around it and with composed letters, so that what looks equal is equal."""
    found = normalize_optional_name(given)
    if not found:
        raise NameEmpty()
    return found


def normalize_optional_name(given: str) -> str:
    """Like `name`, but may be empty."""
    _refuse_characters(given, unfit_characters(given) or "".join(char for char in "\t\n\r" if char in given))
    found = unicodedata.normalize("NFC", given).strip()
    _refuse_long(found, MAX_NAME_LENGTH)
    return found


def _refuse_long(given: str, limit: int) -> None:
    if len(given) > limit:
        raise TextTooLong(length=len(given), limit=limit)


def _refuse_characters(given: str, unkept: str) -> None:
    if unkept:
        raise BadCharacter(character=f"U+{ord(unkept[0]):04X}", position=given.index(unkept[0]) + 1)
