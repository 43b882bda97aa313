"""Small instruments in which most items may not apply: each `when` reads the items before, which mostly have one too.

Made from small numbers alone, as strategies that are made anew for each example cost more than all that is tested.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not
from assessor.core.instrument import Instrument, Item, Mark, Outcome
from assessor.core.responses import DONT_KNOW

Chosen = TypeVar("Chosen")

OPTIONS = ("a", "b", "c")

#: An item's id and its options.
Shape = tuple[str, tuple[str, ...]]

JOINS: tuple[Callable[[tuple[Condition, ...]], Condition], ...] = (
    AllOf,
    AnyOf,
    lambda parts: Not(AllOf(parts)),
    lambda parts: Not(AnyOf(parts)),
    lambda parts: AtLeast(2, parts),
)

numbers = cache(st.integers)


class Chooser:
    """Chooses by what hypothesis draws, the first rather than the last where an example is made smaller."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def number(self, least: int, most: int) -> int:
        return self.draw(numbers(least, most))

    def one(self, choices: Sequence[Chosen]) -> Chosen:
        return choices[self.number(0, len(choices) - 1)]

    def chained(self, shapes: Sequence[Shape]) -> Condition:
        """Reads the last item."""
        read = ItemIs(shapes[-1][0], (self.one(shapes[-1][1]),))
        return self.one((read, Not(read)))

    def crossed(self, shapes: Sequence[Shape], depth: int = 2) -> Condition:
        """Reads two or three of the items, or one of them twice, some of them in a condition within."""
        parts = tuple(
            self.crossed(shapes, depth - 1)
            if depth > 1 and self.number(0, 3) == 3
            else self.chained([self.one(shapes)])
            for _ in range(self.number(2, 3))
        )
        return self.one(JOINS)(parts)

    def item(self, shapes: Sequence[Shape], at: int) -> Item:
        name, options = shapes[at]
        return Item(
            id=name,
            options=options,
            when=self.when(shapes[:at]),
            efforts={option: effort for option in options if (effort := self.number(0, 5))},
            slips={
                start: {end: self.number(1, 4) for end in options if end != start}
                for start in options
                if self.number(0, 1)
            },
        )

    def when(self, before: Sequence[Shape]) -> Condition | None:
        if not before:
            return None
        return self.one((self.chained, self.crossed, self.crossed))(before) if self.number(0, 4) else None

    def instrument(self) -> Instrument:
        shapes = [(f"i{at}", OPTIONS[: self.one((2, 2, 3))]) for at in range(self.number(3, 6))]
        outcomes = (
            *(Outcome(id=f"p{at}", when=self.crossed(shapes)) for at in range(self.number(1, 3))),
            Outcome(id="otherwise"),
        )
        ids = [outcome.id for outcome in outcomes]
        return Instrument(
            id="gated",
            version="1",
            items=tuple(self.item(shapes, at) for at in range(len(shapes))),
            outcomes=outcomes,
            levels=tuple(ids.pop(self.number(0, len(ids) - 1)) for _ in range(self.number(0, len(ids)))),
            marks=(Mark(id="mark", when=self.crossed(shapes)),),
            signals=(Mark(id="signal", when=self.crossed(shapes)),),
        )

    def responses(self, instrument: Instrument) -> dict[str, str]:
        """To some of the items, also to such as do not apply; those to the first two are lacking more often."""
        given = {}
        for at, item in enumerate(instrument.items):
            lacking = not self.number(0, 1 if at < 2 else 3)
            given[item.id] = self.one((None, DONT_KNOW)) if lacking else self.one(item.options)
        return {item: response for item, response in given.items() if response is not None}


@st.composite
def gated_responses(draw: st.DrawFn) -> tuple[Instrument, dict[str, str]]:
    """An instrument with responses to it."""
    chooser = Chooser(draw)
    instrument = chooser.instrument()
    return instrument, chooser.responses(instrument)


@st.composite
def responses_to(draw: st.DrawFn, instrument: Instrument) -> dict[str, str]:
    return Chooser(draw).responses(instrument)
