"""Short mode asks first what most often settles the placement, then what leaves the fewest items open."""

from banks import answered
from hypothesis import given

from assessor.core.instrument import Instrument
from assessor.core.open_items import open_items
from assessor.core.routing import on_route


def cost(instrument: Instrument, known: dict[str, str], item: str) -> tuple[float, float]:
    """By each option tried: the part after which something is open still, and how much on average."""
    options = instrument.by_id[item].options
    left = [len(open_items(instrument, {**known, item: option})) for option in options]
    return sum(number > 0 for number in left) / len(options), sum(left) / len(options)


@given(answered())
def test_what_settles_most_often_is_asked_first(drawn):
    instrument, responses = drawn
    known = on_route(instrument, responses)
    told, again = (instrument.settling_orders.order(known) for _ in range(2))
    open_ids = {each.item for each in open_items(instrument, known)}
    expected = [item.id for item in instrument.items if item.id in open_ids]

    assert told == again
    assert list(told) == sorted(expected, key=lambda item: cost(instrument, known, item))
