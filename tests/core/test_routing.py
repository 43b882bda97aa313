"""Which item comes next: always computed, in full and in short."""

import pytest
from banks import instruments
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.conditions import AnyOf, ItemIs
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import items_left, next_item, on_route, route, validated_responses
from assessor.core.scoring import assess
from assessor.errors import NotAnItem, NotAnOption

PAYING = Instrument(
    id="paying",
    version="1",
    items=(
        Item(id="payment", options=("none", "we_pay")),
        Item(id="price", options=("delivery", "cost"), when=ItemIs("payment", ("we_pay",))),
        Item(id="activity", options=("nothing", "recurring")),
    ),
    outcomes=(
        Outcome(id="supplier", when=ItemIs("price", ("delivery",))),
        Outcome(id="network", when=ItemIs("activity", ("recurring",))),
        Outcome(id="outside"),
    ),
    levels=("network",),
)


def ids(items):
    return [item.id for item in items]


def test_an_item_that_does_not_apply_is_off_the_route():
    assert ids(route(PAYING, {"payment": "none"})) == ["payment", "activity"]
    assert ids(route(PAYING, {"payment": "we_pay"})) == ["payment", "price", "activity"]


def test_an_item_that_may_apply_is_on_the_route():
    assert ids(route(PAYING, {"payment": DONT_KNOW})) == ["payment", "price", "activity"]


def test_a_kept_response_counts_only_while_its_item_is_on_the_route():
    kept = {"payment": "none", "price": "delivery", "activity": "recurring"}

    assert on_route(PAYING, kept) == {"payment": "none", "activity": "recurring"}
    assert assess(PAYING, kept).placements == ("network",)
    assert assess(PAYING, {**kept, "payment": "we_pay"}).placements == ("supplier",)


def test_short_asks_what_decides_whether_an_item_applies_before_the_item():
    asked = next_item(PAYING, {"activity": "nothing"}, "short")

    assert asked is not None
    assert asked.id == "payment"


def test_short_stops_when_nothing_can_change_the_placement():
    assert next_item(PAYING, {"payment": "none", "activity": "nothing"}, "short") is None
    assert items_left(PAYING, {"payment": "none", "activity": "nothing"}, "short") == 0


def test_a_response_the_instrument_lacks_is_refused_with_what_it_offers():
    with pytest.raises(NotAnOption, match="'maybe' is not an option of 'payment'; choose one of: none, we_pay, dont_"):
        validated_responses(PAYING, {"payment": "maybe"})
    with pytest.raises(NotAnItem, match="paying does not ask 'colour'; it asks: payment, price, activity"):
        validated_responses(PAYING, {"colour": "blue"})


@given(instruments(), st.data(), st.sampled_from(("full", "short", "shared")))
def test_an_interview_ends_and_its_running_placements_only_narrow(instrument, data, mode):
    responses, before = {}, assess(instrument, {}).placements
    while item := next_item(instrument, responses, mode):
        left = items_left(instrument, responses, mode)
        assert item.id not in responses
        responses[item.id] = data.draw(st.sampled_from((*item.options, DONT_KNOW)))
        assert items_left(instrument, responses, mode) < left
        now = assess(instrument, responses).placements
        assert set(now) <= set(before)
        before = now

    assert items_left(instrument, responses, mode) == 0
    assert {open_.item for open_ in assess(instrument, responses).open_items} <= responses.keys()


@given(instruments(), st.data())
def test_a_room_is_asked_in_one_order_and_at_most_as_many_as_are_told_to_be_left(instrument, data):
    responses, order = {}, instrument.telling_order
    while item := next_item(instrument, responses, "shared"):
        before = items_left(instrument, responses, "shared")
        responses[item.id] = data.draw(st.sampled_from((*item.options, DONT_KNOW)))
        assert items_left(instrument, responses, "shared") < before

    unconditional = [each for each in responses if instrument.by_id[each].when is None]
    assert sorted(unconditional, key=order.index) == unconditional


def test_items_that_hang_on_two_others_each_are_routed_at_once():
    def asked(at):
        return AnyOf((ItemIs(f"i{at - 1}", ("yes",)), ItemIs(f"i{at - 2}", ("yes",)))) if at > 1 else None

    items = tuple(Item(id=f"i{at}", options=("no", "yes"), when=asked(at)) for at in range(100))
    chain = Instrument(id="chain", version="1", items=items, outcomes=(Outcome(id="outside"),))

    assert len(route(chain, {})) == 100
    assert len(route(chain, {"i0": "no", "i1": "no"})) == 2
