"""How a set of placements is worded: by name where it is narrow, else as not settled with how many are possible.

A verdict may leave several placements possible. Every face asks here whether to name them, so that no face leaves a
possible placement out without saying so. The rule stands in `are_named`, and nowhere else.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from assessor.core.instrument import Instrument
from assessor.presentation.terms import Terms, lower_first

#: How the names stand: bare, with the level's number before or behind them, as a part of a sentence, or as short as can
#: be.
Naming = Literal["bare", "numbered", "levelled", "sentence", "brief"]

#: The most placements that are listed by name; longer lists are not read.
_MAX_NAMED = 3

_NAMES: Mapping[Naming, Callable[[Terms, str], str]] = {
    "bare": Terms.placement_name,
    "numbered": Terms.numbered_name,
    "levelled": Terms.levelled_name,
    "sentence": Terms.placement_in_sentence,
    "brief": Terms.brief_name,
}


def are_named(placements: Sequence[str], instrument: Instrument) -> bool:
    """Whether placements are listed by name: at most three, and fewer than all that the instrument has.

    Naming all of them would sound like a finding where nothing has been found out.
    """
    return len(placements) == 1 or 0 < len(placements) <= min(_MAX_NAMED, len(instrument.placements) - 1)


def tell_placements(placements: Sequence[str], terms: Terms, naming: Naming = "bare") -> str:
    """Where a collaboration may stand: the names, or that it is not settled and how many placements are possible.

    With `naming="sentence"` the result begins with a small letter and goes on within a sentence.
    """
    if not placements:
        return terms.say("Not settled yet")
    if are_named(placements, terms.instrument):
        return list_placements(placements, terms, naming)
    not_settled = terms.count(
        "Not settled yet: {number} placement is possible",
        "Not settled yet: {number} placements are possible",
        len(placements),
    )
    return lower_first(not_settled) if naming == "sentence" else not_settled


def list_placements(placements: Sequence[str], terms: Terms, naming: Naming = "bare") -> str:
    """Every placement by name, joined with "or", however many there are.

    Ids that the wording lacks come from an earlier version of the questions; they are summed up at the end.
    """
    names = [_NAMES[naming](terms, placement) for placement in placements if placement in terms.wording.placements]
    if len(names) < len(placements):
        names.append(terms.say("A placement that today's questions no longer have"))
    return terms.format_list([names[0], *map(lower_first, names[1:])], last=terms.say("or"))
