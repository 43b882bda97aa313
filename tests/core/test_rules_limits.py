"""What makes rules too large is refused by name wherever it stands: in marks as in outcomes."""

import random

import pytest

from assessor.core.conditions import AtLeast, ItemIs
from assessor.core.instrument import Instrument, Item, Mark, Outcome
from assessor.errors import RulesTooLarge


def large_conditions(items, count):
    chance = random.Random(1)
    return [AtLeast(12, tuple(ItemIs(item.id, ("yes",)) for item in chance.sample(items, 36))) for _ in range(count)]


def instrument(items, *marks):
    outcomes = (Outcome(id="in", when=ItemIs("i0", ("yes",))), Outcome(id="out"))
    return Instrument(id="large", version="1", items=items, outcomes=outcomes, marks=marks)


def test_marks_that_no_order_makes_small_are_refused_by_name():
    items = tuple(Item(id=f"i{at}", options=("no", "some", "yes")) for at in range(60))
    marks = [Mark(id=f"m{at}", when=when) for at, when in enumerate(large_conditions(items, 40))]

    with pytest.raises(RulesTooLarge, match="The rules of large grow too large"):
        _ = instrument(items, *marks).diagram


def test_conditions_to_apply_that_are_too_large_are_refused_with_the_rules():
    items = tuple(Item(id=f"i{at}", options=("no", "some", "yes")) for at in range(60))
    gated = [Item(id=f"g{at}", options=("no", "yes"), when=when) for at, when in enumerate(large_conditions(items, 40))]

    with pytest.raises(RulesTooLarge, match="The rules of large grow too large"):
        _ = instrument((*items, *gated)).diagram
