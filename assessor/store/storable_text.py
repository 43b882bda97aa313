"""Which text is stored: whatever every export can give back unchanged, and nothing else.

Refusing a character here is what allows exports in every format to promise that nothing is lost.
"""

import re
from collections.abc import Iterable
from typing import Final

from assessor.core.names import canonical_name
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, unfit_characters
from assessor.store.errors import BadCharacter, NameEmpty, TextTooLong

#: NUL, which PostgreSQL does not keep, and halves of surrogate pairs, which have no bytes.
_IMPOSSIBLE: Final = re.compile("[\x00\ud800-\udfff]")


def validate_text(text: str) -> str:
    """The text itself; raises `TextTooLong` or `BadCharacter`."""
    _refuse_long(text, MAX_NOTE_LENGTH)
    _refuse_characters(text, unfit_characters(text))
    return text


def validate_key(key: str) -> str:
    """The key itself; raises `TextTooLong` for one longer than an index of a server allows, or `BadCharacter`."""
    _refuse_characters(key, unfit_characters(key))
    _refuse_long(key, MAX_NAME_LENGTH)
    return key


def normalize_name(name: str) -> str:
    """The name as `canonical_name` makes it, so that names that look equal are equal.

    Raises `NameEmpty` and as `validate_text`.
    """
    normalized = normalize_optional_name(name)
    if not normalized:
        raise NameEmpty()
    return normalized


def normalize_optional_name(name: str) -> str:
    """As `normalize_name`, but may be empty."""
    _refuse_characters(name, unfit_characters(name))
    normalized = canonical_name(name)
    _refuse_long(normalized, MAX_NAME_LENGTH)
    return normalized


def can_be_stored(values: Iterable[object], *, refuse: bool) -> bool:
    """Whether a database takes all of these values, whatever checked them before: NUL and half characters it does not.

    With `refuse`, raises `BadCharacter` where one is not taken: what is written is kept whole or refused.
    """
    for value in values:
        if isinstance(value, str) and (found := _find_impossible(value)):
            if refuse:
                _refuse_characters(value, found)
            return False
    return True


def _find_impossible(text: str) -> str:
    """The first character that no database takes; empty when there is none."""
    if text.isascii():
        return "\0" if "\0" in text else ""
    found = _IMPOSSIBLE.search(text)
    return found[0] if found else ""


def _refuse_long(text: str, limit: int) -> None:
    if len(text) > limit:
        raise TextTooLong(length=len(text), limit=limit)


def _refuse_characters(text: str, unfit: str) -> None:
    """Raise `BadCharacter` for the first of the unfit characters; its position counts from 1."""
    if unfit:
        raise BadCharacter(character=f"U+{ord(unfit[0]):04X}", position=text.index(unfit[0]) + 1)
