"""Which item comes next, computed from the instrument and the responses; nothing about the place is stored."""

from collections.abc import Iterator, Mapping
from typing import Literal

from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not, items_in
from assessor.core.instrument import Instrument, Item
from assessor.core.open_items import expected_items_left, open_item_ids
from assessor.core.responses import DONT_KNOW, Responses
from assessor.errors import NotAnItem, NotAnOption

#: Full asks every item on the route; short only what can still change the placement.
Mode = Literal["full", "short"]


def validated_responses(instrument: Instrument, responses: Mapping[str, str]) -> dict[str, str]:
    """The responses, in their order; raises `NotAnItem` or `NotAnOption` for the first the instrument lacks."""
    for item, response in responses.items():
        if item not in instrument.by_id:
            raise NotAnItem(instrument=instrument.id, item=item, asked=", ".join(instrument.by_id))
        offered = (*instrument.by_id[item].options, DONT_KNOW)
        if response not in offered:
            raise NotAnOption(item=item, given=response, offered=", ".join(offered))
    return dict(responses)


def route(instrument: Instrument, responses: Responses) -> tuple[Item, ...]:
    """The items that apply, in the instrument's order: all but those that the responses rule out."""
    applies = _applicability(instrument, responses)
    return tuple(item for item in instrument.items if applies[item.id])


def on_route(instrument: Instrument, responses: Responses) -> dict[str, str]:
    """The known responses that count: given to an item on the route, and not a don't know."""
    applies = _applicability(instrument, responses)
    return {item: response for item, response in responses.items() if response != DONT_KNOW and applies[item]}


def next_item(instrument: Instrument, responses: Responses, mode: Mode = "full") -> Item | None:
    """The item to ask now; None when nothing is left to ask.

    Full: the first on the route without a response. Short: the unanswered item that tells most about the placement.
    An item is asked after those that decide whether it applies.
    """
    if mode == "full":
        return next((item for item in route(instrument, responses) if item.id not in responses), None)
    return next(
        (_first_prerequisite(instrument, item, responses) for item in _ranked_unanswered(instrument, responses)), None
    )


def items_left(instrument: Instrument, responses: Responses, mode: Mode = "full") -> int:
    """About how many items are left to ask; 0 exactly when none is."""
    if mode == "full":
        return sum(item.id not in responses for item in route(instrument, responses))
    if not any(True for _ in _ranked_unanswered(instrument, responses)):
        return 0
    return max(1, round(expected_items_left(instrument.diagram, on_route(instrument, responses), set(responses))))


def _ranked_unanswered(instrument: Instrument, responses: Responses) -> Iterator[str]:
    ranked = open_item_ids(instrument, on_route(instrument, responses))
    return (item for item in ranked if item not in responses)


def _first_prerequisite(instrument: Instrument, item: str, responses: Responses) -> Item:
    """The item, or the first unanswered one that decides whether it applies."""
    found = instrument.by_id[item]
    while lacking := [before for before in items_in(found.when) if before not in responses]:
        found = instrument.by_id[lacking[0]]
    return found


def _applicability(instrument: Instrument, responses: Responses) -> dict[str, bool]:
    """Whether each item applies or may apply; one after the other, as an item's `when` reads earlier ones only."""
    applies: dict[str, bool] = {}
    for item in instrument.items:
        applies[item.id] = item.when is None or _condition_holds(item.when, applies, responses) is not False
    return applies


def _condition_holds(condition: Condition, applies: Mapping[str, bool], responses: Responses) -> bool | None:
    """Whether a condition holds, None while that is not known."""
    match condition:
        case ItemIs():
            if not applies[condition.item]:
                return False
            response = responses.get(condition.item, DONT_KNOW)
            return None if response == DONT_KNOW else response in condition.options
        case Not():
            held = _condition_holds(condition.part, applies, responses)
            return None if held is None else not held
        case AllOf():
            return _at_least_hold(len(condition.parts), condition.parts, applies, responses)
        case AnyOf():
            return _at_least_hold(1, condition.parts, applies, responses)
        case AtLeast():
            return _at_least_hold(condition.count, condition.parts, applies, responses)


def _at_least_hold(
    count: int, parts: tuple[Condition, ...], applies: Mapping[str, bool], responses: Responses
) -> bool | None:
    held = [_condition_holds(part, applies, responses) for part in parts]
    if held.count(True) >= count:
        return True
    return False if len(held) - held.count(False) < count else None
