"""What is said where responses hardly fit together: the bank's words, and the responses in question.

The interview shows it as soon as it comes about, the page for checking answers as long as it lasts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assessor.core.follow_ups import items_asked_back
from assessor.core.instrument import Mark
from assessor.core.responses import Responses
from assessor.presentation.advice import Advice
from assessor.presentation.terms import Terms
from assessor.presentation.verdict_text import signal_advice


@dataclass(frozen=True, kw_only=True, slots=True)
class DoubtedResponse:
    """A response in question, in words."""

    item: str
    heading: str
    response: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedBack:
    """The bank's words on responses that hardly fit together, and those responses, each once."""

    remarks: tuple[Advice, ...]
    responses: tuple[DoubtedResponse, ...]


def tell_asked_back(signals: Iterable[Mark], responses: Responses, terms: Terms) -> AskedBack:
    """What these signals ask back about."""
    told = tuple(signals)
    items = dict.fromkeys(item for signal in told for item in items_asked_back(signal) if item in responses)
    return AskedBack(
        remarks=tuple(signal_advice(signal.id, terms) for signal in told),
        responses=tuple(
            DoubtedResponse(
                item=item, heading=terms.item_heading(item), response=terms.short_response(item, responses[item])
            )
            for item in items
        ),
    )
