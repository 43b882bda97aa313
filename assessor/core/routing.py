"""Which item comes next, computed from the instrument and the responses; the place in an interview is never stored.

"Applies" means here: in at least one completion of the responses. An item whose `when` is still undecided is on the
route, so a don't know never hides a question.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from assessor.core.diagram import walk
from assessor.core.instrument import Instrument, Item
from assessor.core.open_items import deciding_item_ids, expected_items_left
from assessor.core.responses import DONT_KNOW, Responses
from assessor.errors import NotAnItem, NotAnOption

#: Full asks every item on the route; short only what can still change the placement, first what tells most; shared as
#: short, but in one order for everybody, so that the responses of a room meet at the same items.
Mode = Literal["full", "short", "shared"]


def validated_responses(instrument: Instrument, responses: Mapping[str, str]) -> dict[str, str]:
    """The responses, in their order; raises `NotAnItem` or `NotAnOption` for the first that the instrument lacks."""
    for item, response in responses.items():
        if item not in instrument.by_id:
            raise NotAnItem(instrument=instrument.id, item=item, asked=", ".join(instrument.by_id))
        offered = (*instrument.by_id[item].options, DONT_KNOW)
        if response not in offered:
            raise NotAnOption(item=item, given=response, offered=", ".join(offered))
    return dict(responses)


def route(instrument: Instrument, responses: Responses) -> tuple[Item, ...]:
    """The items that apply in some completion of the responses, in the instrument's order."""
    applies = _applicability(instrument, responses)
    return tuple(item for item in instrument.items if applies[item.id])


def on_route(instrument: Instrument, responses: Responses) -> dict[str, str]:
    """The known responses that count: given to an item on the route, and not a don't know."""
    applies = _applicability(instrument, responses)
    return {item: response for item, response in responses.items() if response != DONT_KNOW and applies[item]}


def next_item(instrument: Instrument, responses: Responses, mode: Mode = "full") -> Item | None:
    """The item to ask now; None when nothing is left to ask.

    Full: the first on the route without a response. Short: of the unanswered items that can change the placement the
    one that most often settles it, unless it is undecided whether that applies; then the earliest item that decides it.
    Shared: of those, the one that tells most before anything is known.
    """
    if mode == "full":
        return next((item for item in route(instrument, responses) if item.id not in responses), None)
    known = on_route(instrument, responses)
    ranked = _ranked_unanswered(instrument, known, responses)
    if mode == "shared":
        ranked = [item for item in instrument.telling_order if item in ranked]
    return _first_to_ask(instrument, known, ranked) if ranked else None


def items_left(instrument: Instrument, responses: Responses, mode: Mode = "full") -> int:
    """The most items that may still be asked, so many if every response is a don't know; 0 exactly when none is."""
    if mode == "full":
        return sum(item.id not in responses for item in route(instrument, responses))
    return len(_ranked_unanswered(instrument, on_route(instrument, responses), responses))


def usual_items_left(instrument: Instrument, responses: Responses) -> int:
    """About how many items short mode still asks where nothing is unknown."""
    known = on_route(instrument, responses)
    return round(expected_items_left(instrument.diagram, known, set(responses)))


def _ranked_unanswered(instrument: Instrument, known: Mapping[str, str], responses: Responses) -> list[str]:
    return [item for item in instrument.settling_orders.order(known) if item not in responses]


def _first_to_ask(instrument: Instrument, known: Mapping[str, str], ranked: Sequence[str]) -> Item:
    """The first of the items, or the earliest of those among them that decide whether it applies."""
    item = ranked[0]
    while deciding := deciding_item_ids(instrument, known, item).intersection(ranked):
        item = min(deciding, key=instrument.positions.__getitem__)
    return instrument.by_id[item]


def _applicability(instrument: Instrument, responses: Responses) -> dict[str, bool]:
    """Whether each item applies in some completion of the responses."""
    starts = instrument.applicability.mark_starts
    return {item: item not in starts or True in walk(starts[item], responses).ends for item in instrument.by_id}
