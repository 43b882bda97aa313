"""The order of names in the alphabet of a language; a pure function of the text, so equal input gives equal order.

A table instead of a collation library: the five alphabets differ from the Latin one in their last letters alone.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

T = TypeVar("T")

#: Letters after z, in their order, and what counts as one of them; by the first two letters of a language's code.
_LETTERS_AFTER_Z: Final = {"sv": "åäö", "fi": "åäö", "da": "æøå", "nb": "æøå"}
_SAME_LETTERS: Final = {
    "sv": {"æ": "ä", "ø": "ö", "ü": "y"},
    "fi": {"æ": "ä", "ø": "ö", "ü": "y"},
    "da": {"aa": "å", "ä": "æ", "ö": "ø", "ü": "y"},
    "nb": {"aa": "å", "ä": "æ", "ö": "ø", "ü": "y"},
}
#: Latin letters that Unicode does not take apart.
_LATIN: Final = {"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ŋ": "n", "ħ": "h", "ı": "i"}

#: Case apart, then accents apart, then all of the text.
AlphabeticalKey = tuple[tuple[tuple[int, int], ...], str, str]


def in_alphabetical_order(values: Iterable[T], language: str, name: Callable[[T], str]) -> tuple[T, ...]:
    """The values by their names."""
    return tuple(sorted(values, key=lambda value: alphabetical_key(name(value), language)))


def alphabetical_key(text: str, language: str) -> AlphabeticalKey:
    """By what a text is sorted: blanks and signs first, then digits, a to z, the language's own, other alphabets."""
    folded = unicodedata.normalize("NFC", text).casefold()
    letters = folded
    for written, counted in _SAME_LETTERS.get(language[:2], {}).items():
        letters = letters.replace(written, counted)
    own = _LETTERS_AFTER_Z.get(language[:2], "")
    return tuple(rank for char in letters for rank in _ranks(char, own)), folded, text


def _ranks(char: str, own: str) -> Iterable[tuple[int, int]]:
    """The places of a letter, several where it counts as several."""
    if not char.isalnum():
        return ((0, ord(char)),)
    if char.isdigit():
        return ((1, ord(char)),)
    parts = unicodedata.normalize("NFD", char)
    if (letter := unicodedata.normalize("NFC", parts[:2])) in own:
        return ((3, own.index(letter)),)
    plain = _LATIN.get(parts[0], parts[0])
    return tuple((2, ord(each)) for each in plain) if plain.isascii() else ((4, ord(char)),)
