"""How a set of placements is told: by name where it is narrow, else as not settled with how many are possible.

No face decides this for itself, so that no possible placement is ever left out without a word.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from assessor.core.instrument import Instrument
from assessor.presentation.terms import Terms, lower_first

#: How the names stand: bare, with the level's number before or behind them, or as a part of a sentence.
Naming = Literal["bare", "numbered", "levelled", "sentence"]

#: The most placements that are told by name.
_MAX_NAMED = 3

_NAMES: Mapping[Naming, Callable[[Terms, str], str]] = {
    "bare": Terms.placement_name,
    "numbered": Terms.numbered_name,
    "levelled": Terms.levelled_name,
    "sentence": Terms.placement_in_sentence,
}


def are_named(placements: Sequence[str], instrument: Instrument) -> bool:
    """Whether placements are told by name: few enough, and not simply all that there are."""
    return len(placements) == 1 or 0 < len(placements) <= min(_MAX_NAMED, len(instrument.placements) - 1)


def tell_placements(placements: Sequence[str], terms: Terms, naming: Naming = "bare") -> str:
    """Where a collaboration may stand: the names, or that it is not settled yet and how many are possible."""
    if not placements:
        return terms.say("Not settled yet")
    if are_named(placements, terms.instrument):
        return list_placements(placements, terms, naming)
    told = terms.count(
        "Not settled yet: {number} placement is possible",
        "Not settled yet: {number} placements are possible",
        len(placements),
    )
    return lower_first(told) if naming == "sentence" else told


def list_placements(placements: Sequence[str], terms: Terms, naming: Naming = "bare") -> str:
    """Every one of them by name, however many; those that only earlier questions had as one at the end."""
    names = [_NAMES[naming](terms, each) for each in placements if each in terms.wording.placements]
    if len(names) < len(placements):
        names.append(terms.say("A placement that today's questions no longer have"))
    return terms.format_list([names[0], *map(lower_first, names[1:])], last=terms.say("or"))
