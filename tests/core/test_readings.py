"""Which readings part a placement, and what is possible within them: as by going through all of them."""

from itertools import product

from banks import instruments
from brute import completions, place
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import scaled

from assessor.core.readings import parting_items, placements_within


@st.composite
def read(draw):
    instrument = draw(instruments())
    chosen = draw(st.sets(st.sampled_from([item.id for item in instrument.items])))
    readings = {
        item: tuple(draw(st.lists(st.sampled_from(instrument.by_id[item].options), min_size=1, unique=True)))
        for item in sorted(chosen)
    }
    return instrument, readings


def placed(instrument, readings):
    """By every choice of readings and every completion of it, the placement."""
    columns = [readings.get(item.id, item.options) for item in instrument.items]
    ids = [item.id for item in instrument.items]
    for row in product(*columns):
        [full] = completions(instrument, dict(zip(ids, row, strict=True)))
        yield full, place(instrument, full)


@settings(max_examples=scaled(50))
@given(read())
def test_what_is_possible_within_readings_is_what_their_completions_reach(drawn):
    instrument, readings = drawn

    assert set(placements_within(instrument, readings)) == {end for _, end in placed(instrument, readings)}


@settings(max_examples=scaled(50))
@given(read())
def test_an_item_parts_exactly_where_two_readings_of_it_alone_lead_apart(drawn):
    instrument, readings = drawn
    parting = set()
    for item, options in readings.items():
        ends = {}
        for full, end in placed(instrument, readings):
            ends.setdefault(tuple(sorted((other, full[other]) for other in full if other != item)), set()).add(end)
        if len(options) > 1 and any(len(each) > 1 for each in ends.values()):
            parting.add(item)

    assert parting_items(instrument, readings) == parting
