"""How a mark stands, in one word everywhere: met, not met, not asked or don't know.

A verdict knows three standings. People want to know why a mark is unknown, so the fourth state separates "nobody has
got to that question" from "somebody answered don't know".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assessor.core.conditions import items_in
from assessor.core.instrument import Instrument, Mark
from assessor.core.responses import Responses
from assessor.core.routing import route
from assessor.core.verdict import Standing, Verdict
from assessor.presentation.messages import Messages
from assessor.presentation.terms import Terms

MarkState = Literal["met", "unmet", "unasked", "unknown"]

#: The states in the order of columns.
MARK_STATES: tuple[MarkState, ...] = ("met", "unmet", "unasked", "unknown")


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkText:
    """A mark in the words of the bank, and how it stands."""

    name: str
    about: str
    state: MarkState
    #: The state in a word.
    word: str


def mark_words(messages: Messages) -> dict[MarkState, str]:
    """The word for each state, in the order of columns."""
    return {
        "met": messages.say("met"),
        "unmet": messages.say("not met"),
        "unasked": messages.say("not asked"),
        "unknown": messages.say("don't know"),
    }


def mark_texts(verdict: Verdict, responses: Responses, terms: Terms) -> tuple[MarkText, ...]:
    """Every mark of the instrument, in its order, as the verdict and the responses leave it."""
    words, states = mark_words(terms), mark_states(verdict, responses, terms.instrument)
    return tuple(
        MarkText(
            name=terms.wording.marks[mark].name, about=terms.wording.marks[mark].about, state=state, word=words[state]
        )
        for mark, state in states.items()
    )


def mark_states(verdict: Verdict, responses: Responses, instrument: Instrument) -> dict[str, MarkState]:
    """The state of each mark by id; an unknown one is unasked while an item it may depend on awaits a response."""
    waiting = {item.id for item in route(instrument, responses) if item.id not in responses}
    return {mark.id: _mark_state(mark, verdict, waiting, instrument) for mark in instrument.marks}


def _mark_state(mark: Mark, verdict: Verdict, waiting: set[str], instrument: Instrument) -> MarkState:
    match verdict.marks.get(mark.id, Standing.UNKNOWN):
        case Standing.MET:
            return "met"
        case Standing.UNMET:
            return "unmet"
    return "unknown" if waiting.isdisjoint(_items_read(mark, instrument)) else "unasked"


def _items_read(mark: Mark, instrument: Instrument) -> Iterator[str]:
    """The items that a mark depends on, directly or through the conditions under which these are asked."""
    items = list(items_in(mark.when))
    for item in items:  # grows by what each depends on
        items += [dependency for dependency in items_in(instrument.by_id[item].when) if dependency not in items]
        yield item
