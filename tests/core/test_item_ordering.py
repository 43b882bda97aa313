"""Items are tested in an order that keeps the diagram small, whatever order the bank lists them in."""

from itertools import permutations

from assessor.core.conditions import AllOf, AnyOf, ItemIs
from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.core.item_ordering import sift_order

# Holds where both of a pair are yes. With a pair's items side by side six nodes do; three apart it takes fourteen.
PAIRS = AnyOf(tuple(AllOf((ItemIs(f"a{at}", ("yes",)), ItemIs(f"b{at}", ("yes",)))) for at in range(3)))
NAMES = ("a0", "a1", "a2", "b0", "b1", "b2")


def diagram(names: tuple[str, ...]) -> Diagram:
    items = tuple(Item(id=name, options=("no", "yes")) for name in names)
    outcomes = (Outcome(id="paired", when=PAIRS), Outcome(id="outside"))
    return Instrument(id="pairs", version="1", items=items, outcomes=outcomes).diagram


def test_items_that_decide_together_are_tested_side_by_side_however_they_are_listed():
    for names in list(permutations(NAMES))[::48]:
        made = diagram(names)

        assert len(made.nodes) == 6, names
        assert [{made.order[at][1], made.order[at + 1][1]} for at in (0, 2, 4)] in (
            [{first}, {second}, {third}] for first, second, third in permutations("012")
        )


def test_an_order_that_cannot_be_bettered_stays():
    made = diagram(("a0", "b0", "a1", "b1", "a2", "b2"))
    sizes = dict.fromkeys(NAMES, 2)

    assert sift_order(made.order, sizes, made.nodes, made.first_inner_id, made.root) == made.order
