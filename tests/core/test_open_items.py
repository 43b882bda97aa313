"""An item is open exactly when a response to it may still change the placement; the most telling comes first."""

import pytest
from banks import answered
from brute import Brute
from hypothesis import given

from assessor.core.conditions import AllOf, ItemIs
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.core.open_items import expected_items_left, open_items
from assessor.core.routing import on_route
from assessor.core.scoring import assess
from assessor.core.verdict import OpenItem

#: Written down and carried by the management: close. One item more decides nothing.
CLOSE = Instrument(
    id="close",
    version="1",
    items=(
        Item(id="agreement", options=("no", "yes")),
        Item(id="ownership", options=("person", "management")),
        Item(id="colour", options=("red", "blue")),
    ),
    outcomes=(
        Outcome(id="close", when=AllOf((ItemIs("agreement", ("yes",)), ItemIs("ownership", ("management",))))),
        Outcome(id="loose"),
    ),
    levels=("close",),
)


@given(answered())
def test_an_item_is_open_exactly_when_some_completion_turns_on_it(drawn):
    instrument, responses = drawn
    verdict, brute = assess(instrument, responses), Brute(instrument)
    known = on_route(instrument, responses)

    assert {open_.item for open_ in verdict.open_items} == brute.open_ids(known)
    assert all(
        open_.leads
        == {option: brute.possible({**known, open_.item: option}) for option in instrument.by_id[open_.item].options}
        for open_ in verdict.open_items
    )


def test_the_last_item_between_two_placements_says_where_each_option_leads_and_tells_all_there_is():
    [last] = open_items(CLOSE, {"agreement": "yes"})

    assert last == OpenItem(
        item="ownership",
        information_gain=last.information_gain,
        leads={"person": ("loose",), "management": ("close",)},
    )
    # Beforehand both placements are equally likely; with an agreement it is three to one that it is close.
    assert last.information_gain == pytest.approx(0.811, abs=0.001)


def test_nothing_is_open_once_the_placement_is_certain():
    assert open_items(CLOSE, {"agreement": "no"}) == ()
    assert open_items(CLOSE, {"agreement": "yes", "ownership": "person"}) == ()


def test_items_already_asked_cost_nothing_more():
    assert expected_items_left(CLOSE.diagram, {"agreement": "yes"}, set()) == 1
    assert expected_items_left(CLOSE.diagram, {"agreement": "yes"}, {"ownership"}) == 0
    assert 1 < expected_items_left(CLOSE.diagram, {}, set()) < 2
