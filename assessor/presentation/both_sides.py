"""Both sides of a collaboration beside each other, as the other party reads them: in its own words, "you" being it.

Where either side would place the collaboration is the library's own matter and is not here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.core.sides import ComparedItem, Match, Sides, mirrored_responses
from assessor.core.workshop_findings import OtherSide
from assessor.presentation.room_sentences import both_win_sentence, matches_sentence
from assessor.presentation.terms import Terms, lower_first


@dataclass(frozen=True, kw_only=True, slots=True)
class BothSides:
    """What the other party is shown of both sides."""

    #: Whose view the library's is, how far the two agree, and whether both win where that is known.
    sentences: tuple[str, ...]
    #: Item, what the party says, what the library says.
    different: tuple[tuple[str, str, str], ...]
    #: Item, and what both say of it.
    alike: tuple[tuple[str, str], ...]
    #: What the cooperation brings, by who named it.
    brings: tuple[tuple[str, str], ...]


def both_sides(other: OtherSide, sides: Sides, terms: Terms) -> BothSides:
    """Both sides from the party's view; `terms` are in its words."""
    return BothSides(
        sentences=tuple(_sentences(other, terms)),
        different=tuple(_worded(each, sides, terms) for each in other.compared if each.match is Match.DIFFERENT),
        alike=tuple(_worded(each, sides, terms)[:2] for each in other.compared if each.match is Match.SAME),
        brings=tuple(_gains_by_side(other, terms)),
    )


def _sentences(other: OtherSide, terms: Terms) -> Iterator[str]:
    if other.agreed:
        yield terms.say("The library's answers are what its people agreed on.")
    elif any(each.ours for each in other.compared):
        yield terms.say("The library's people agreed on nothing, so its answers are what most of them gave.")
    else:
        yield terms.say("The library's own view is not known yet.")
        return
    yield matches_sentence(other, terms)
    if other.win_win and other.win_win.both is not None:
        yield both_win_sentence(other.win_win, terms)


def _worded(compared: ComparedItem, sides: Sides, terms: Terms) -> tuple[str, str, str]:
    """An item, the party's response and the library's, both turned round to the party's view."""
    here = (mirrored_responses(sides, {compared.item: given or ""}) for given in (compared.theirs, compared.ours))
    theirs, ours = (terms.short_response(compared.item, given[compared.item]) for given in here)
    return terms.item_heading(compared.item), theirs, ours


def _gains_by_side(other: OtherSide, terms: Terms) -> Iterator[tuple[str, str]]:
    """Headings and lists; nothing where the library has named none, as rooms seldom do."""
    titled_gains = (
        (terms.say("Both say it brings"), other.gains.both),
        (terms.say("Only you say it brings"), other.gains.theirs),
        (terms.say("Only the library says it brings"), other.gains.ours),
    )
    for title, gains in titled_gains if other.gains.both or other.gains.ours else ():
        if gains:
            yield title, ", ".join(lower_first(terms.wording.gains[gain]) for gain in gains)
