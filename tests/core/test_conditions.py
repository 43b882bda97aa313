"""What a condition reads, and when one without parts holds."""

import pytest

from assessor.core.conditions import AllOf, AnyOf, AtLeast, ItemIs, Not, items_in
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.core.scoring import assess

A, B = ItemIs("a", ("yes",)), ItemIs("b", ("yes",))


def test_the_items_of_a_condition_come_in_the_order_read_and_repeated():
    assert list(items_in(AllOf((B, Not(A), AnyOf((A, AtLeast(1, (B, B)))))))) == ["b", "a", "a", "b", "b"]
    assert list(items_in(None)) == []


@pytest.mark.parametrize(
    ("condition", "placement"),
    [
        (AllOf(()), "held"),
        (AnyOf(()), "outside"),
        (AtLeast(0, ()), "held"),
        (AtLeast(1, ()), "outside"),
        (Not(AnyOf(())), "held"),
    ],
    ids=str,
)
def test_all_of_nothing_holds_and_any_of_nothing_never_does(condition, placement):
    instrument = Instrument(
        id="empty",
        version="1",
        items=(Item(id="a", options=("no", "yes")),),
        outcomes=(Outcome(id="held", when=condition), Outcome(id="outside")),
    )

    assert assess(instrument, {}).placements == (placement,)
