"""A diagram counts every combination and can be kept; rules of sixty items compile, or are refused by name."""

import random

import pytest
from banks import instruments
from brute import Brute, completions
from hypothesis import given

from assessor.core.conditions import AllOf, AnyOf, AtLeast, ItemIs
from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.errors import RulesTooLarge


@given(instruments())
def test_the_counts_count_every_combination_once(instrument):
    brute = Brute(instrument)
    placed = [brute.possible(full)[0] for full in completions(instrument, {})]

    assert instrument.diagram.counts_by_placement() == {each: placed.count(each) for each in instrument.placements}
    assert instrument.diagram.count_combinations() == len(placed)


@given(instruments())
def test_a_kept_diagram_is_the_same_diagram(instrument):
    diagram = instrument.diagram

    assert Diagram.from_plain(diagram.to_plain()) == diagram


def large_instrument(items, rules):
    outcomes = (*(Outcome(id=f"p{at}", when=rule) for at, rule in enumerate(rules)), Outcome(id="otherwise"))
    return Instrument(id="large", version="1", items=items, outcomes=outcomes)


def sixty():
    return tuple(Item(id=f"i{at}", options=("no", "some", "yes")) for at in range(60))


def test_sixty_items_whose_rules_each_read_a_neighbourhood_compile():
    items = sixty()
    rules = [
        AllOf(
            (
                AnyOf(tuple(ItemIs(items[start + step].id, ("yes",)) for step in range(4))),
                AtLeast(3, tuple(ItemIs(items[start + step].id, ("some", "yes")) for step in range(8))),
            )
        )
        for start in range(0, 44, 4)
    ]

    diagram = large_instrument(items, rules).diagram

    assert diagram.possible_placements({}) == (*(f"p{at}" for at in range(11)), "otherwise")
    assert diagram.possible_placements({f"i{at}": "no" for at in range(60)}) == ("otherwise",)
    assert diagram.possible_placements({f"i{at}": "yes" for at in range(40, 48)})[-2:] == ("p9", "p10")


def test_points_over_sixty_items_compile():
    items = sixty()
    points = tuple(ItemIs(item.id, options) for item in items for options in (("some", "yes"), ("yes",)))

    diagram = large_instrument(items, [AtLeast(least, points) for least in (100, 80, 60, 40)]).diagram

    assert diagram.possible_placements({item.id: "some" for item in items}) == ("p2",)


def test_rules_that_no_order_makes_small_are_refused_by_name():
    items, chance = sixty(), random.Random(1)
    rules = [AtLeast(12, tuple(ItemIs(item.id, ("yes",)) for item in chance.sample(items, 36))) for _ in range(11)]

    with pytest.raises(RulesTooLarge) as refused:
        _ = large_instrument(items, rules).diagram

    named = refused.value.facts["items"].split(", ")
    assert len(named) == 5
    assert set(named) <= {item.id for item in items}
    assert str(refused.value).startswith("The rules of large grow too large")
