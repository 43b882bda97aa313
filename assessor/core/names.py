"""The one form in which a name is kept and looked up, whichever door it came through.

Two names that look the same are the same text after `canonical_name`: letters are composed (macOS and PDF files part
them), white space is single blanks, and characters that nobody sees are gone.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import count
from typing import Final

from assessor.core.text_limits import MAX_NAME_LENGTH

#: Letters that are drawn as nothing, or as a blank: Unicode's default-ignorable characters that are no format controls.
_FILLERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
_UNSEEN_LETTERS: Final = re.compile(f"[{_FILLERS}]")
#: Format controls that are drawn, as the Arabic sign before a number.
_SEEN_CONTROLS: Final = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_JOINERS: Final = re.compile("[\u200c\u200d]+")
#: Where a joiner is seen: between the letters of Persian or Hindi, and in an emoji made of several.
_JOINED_CATEGORIES: Final = frozenset(("Lo", "Mc", "Mn", "Sk", "So"))


def canonical_name(name: str) -> str:
    """The name composed (NFC), with single blanks and nothing invisible; itself where it is so already."""
    folded = _fold_once(name)
    return folded if folded == name else canonical_name(folded)


def _fold_once(name: str) -> str:
    """One round; what is left out may let its neighbours compose, which takes another."""
    if name.isascii():
        return " ".join(name.split())
    composed = unicodedata.normalize("NFC", name)
    visible = _UNSEEN_LETTERS.sub("", "".join(filter(_is_visible, composed)))
    joined = _JOINERS.sub(_seen_joiner, visible)
    return unicodedata.normalize("NFC", " ".join(joined.replace("\u2800", " ").split()))


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) != "Cf" or char in _SEEN_CONTROLS


def _seen_joiner(joiner: re.Match[str]) -> str:
    """The joiner where it changes how its neighbours are drawn; empty elsewhere."""
    text, (start, end) = joiner.string, joiner.span()
    neighbours = text[start - 1 : start] if start else "", text[end : end + 1]
    return joiner[0][0] if all(char and unicodedata.category(char) in _JOINED_CATEGORIES for char in neighbours) else ""


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """Each name in its canonical form, with a number behind it where another has that name already.

    A name that is canonical keeps it, wherever it stands; of the others the first comes first.
    """
    taken = {name for name in names if canonical_name(name) == name}
    candidates: dict[str, Iterator[str]] = {}
    kept: list[str] = []
    for name in names:
        folded = canonical_name(name)
        if name != folded:
            free = candidates.setdefault(folded, _candidates(folded))
            name = next(each for each in free if each not in taken)
            taken.add(name)
        kept.append(name)
    return tuple(kept)


def numbered_name(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where it is taken."""
    return next(each for each in _candidates(name) if each not in taken)


def _candidates(name: str) -> Iterator[str]:
    """The name, then the name with a number behind it, cut where that would be too long."""
    yield name
    for number in count(2):
        ending = f" ({number})"
        yield f"{name[: MAX_NAME_LENGTH - len(ending)].rstrip()}{ending}".strip()
