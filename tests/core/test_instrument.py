"""What an instrument says of its own order: levels by position, placements best first, options by place."""

import pytest

from assessor.core.conditions import ItemIs
from assessor.core.instrument import Instrument, Item, Outcome

LEVELLED = Instrument(
    id="levelled",
    version="1",
    items=(
        Item(id="payment", options=("none", "we_pay")),
        Item(id="agreement", options=("none", "intent", "agreement"), efforts={"agreement": 5, "intent": 2}),
    ),
    outcomes=(
        Outcome(id="supplier", when=ItemIs("payment", ("we_pay",))),
        Outcome(id="service", when=ItemIs("agreement", ("intent",))),
        Outcome(id="strategic", when=ItemIs("agreement", ("agreement",))),
        Outcome(id="supplier", when=ItemIs("agreement", ("none",))),
        Outcome(id="outside"),
    ),
    levels=("strategic", "service"),
)


def test_placements_are_the_levels_from_the_highest_then_the_others_once_each_in_the_banks_order():
    assert LEVELLED.placements == ("strategic", "service", "supplier", "outside")


@pytest.mark.parametrize(("placement", "level"), [("strategic", 1), ("service", 2), ("supplier", None), ("x", None)])
def test_a_level_is_counted_from_the_highest_and_what_lies_beside_has_none(placement, level):
    assert LEVELLED.level(placement) == level


def test_an_option_without_an_effort_is_never_advised():
    assert LEVELLED.advised_options == {
        "payment": (),
        "agreement": (("agreement", 5, (1, 2)), ("intent", 2, (1, 1))),
    }
