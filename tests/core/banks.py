"""Small instruments made by hypothesis: up to six items, some of which may not apply, with and without levels."""

from hypothesis import strategies as st

from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not
from assessor.core.instrument import Instrument, Item, Mark, Outcome
from assessor.core.responses import DONT_KNOW

OPTIONS = ("a", "b", "c")


def conditions(items: list[tuple[str, tuple[str, ...]]]) -> st.SearchStrategy[Condition]:
    reads = st.sampled_from(items).flatmap(
        lambda item: st.lists(st.sampled_from(item[1]), min_size=1, max_size=2, unique=True).map(
            lambda options: ItemIs(item[0], tuple(options))
        )
    )
    return st.recursive(
        reads,
        lambda part: st.one_of(
            st.lists(part, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
            st.lists(part, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
            part.map(Not),
            st.tuples(st.integers(0, 3), st.lists(part, min_size=2, max_size=4)).map(
                lambda drawn: AtLeast(drawn[0], tuple(drawn[1]))
            ),
        ),
        max_leaves=6,
    )


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    shapes = [(f"i{at}", OPTIONS[: draw(st.integers(2, 3))]) for at in range(draw(st.integers(1, 6)))]
    items = tuple(_item(draw, shapes, at) for at in range(len(shapes)))
    ruled = [Outcome(id=f"p{at}", when=draw(conditions(shapes))) for at in range(draw(st.integers(1, 4)))]
    outcomes = (*ruled, Outcome(id="otherwise"))
    levels = tuple(draw(st.lists(st.sampled_from([o.id for o in outcomes]), unique=True, max_size=4)))
    marks = tuple(Mark(id=f"m{at}", when=draw(conditions(shapes))) for at in range(draw(st.integers(0, 2))))
    return Instrument(id="random", version="1", items=items, outcomes=outcomes, levels=levels, marks=marks)


def _item(draw: st.DrawFn, shapes: list[tuple[str, tuple[str, ...]]], at: int) -> Item:
    name, options = shapes[at]
    asked = draw(st.none() | conditions(shapes[:at])) if at else None
    sizes = st.integers(1, 5)
    slips = {
        start: {end: draw(sizes) for end in options if end != start}
        for start in draw(st.sets(st.sampled_from(options)))
    }
    return Item(
        id=name,
        options=options,
        when=asked,
        efforts=draw(st.dictionaries(st.sampled_from(options), sizes)),
        slips=slips,
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[Instrument, dict[str, str]]:
    """An instrument with some responses to it, in any order, don't knows among them."""
    instrument = draw(instruments())
    given = draw(st.permutations(instrument.items))
    given = given[: draw(st.integers(0, len(given)))]
    return instrument, {item.id: draw(st.sampled_from((*item.options, DONT_KNOW))) for item in given}
