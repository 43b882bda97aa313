"""Columns say of every row what `assess` says of it alone."""

import numpy as np
import pytest
from columns import columns, sheets, told

from assessor import bank
from assessor.scale.column_placement import PlacementTables
from assessor.scale.column_ways import WayUpFinder
from assessor.scale.most_informative import MostInformative

from banks import answered, instruments  # isort: skip  (found through `columns`)
from hypothesis import given, settings  # isort: skip
from hypothesis import strategies as st  # isort: skip


def by_columns(instrument, rows):
    tables, given_ = PlacementTables.for_instrument(instrument), columns(instrument, rows)
    ends = tables.find_ends(given_)
    open_ = [len(tables.end_placements[end]) > 1 for end in ends]
    most = [None] * len(rows)
    if any(open_):
        found = iter(
            MostInformative(instrument).find_positions({item: column[open_] for item, column in given_.items()})
        )
        most = [instrument.items[next(found)].id if several else None for several in open_]
    ways, places = WayUpFinder(instrument).find_ways(given_)
    return [
        (list(tables.end_placements[end]), tables.end_levels[end], item, ways[place])
        for end, item, place in zip(ends, most, places, strict=True)
    ]


@pytest.mark.parametrize("unknown", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("name", ["dokk1", "winwin"])
def test_a_column_says_what_the_verdict_says(name, unknown):
    instrument = bank.open_bank(name).instrument
    rows = sheets(instrument, 300, unknown)

    assert by_columns(instrument, rows) == [told(instrument, row) for row in rows]


@given(instruments(), st.integers(0, 1000), st.sampled_from([0.0, 0.3, 0.8]))
def test_so_it_does_for_any_bank(instrument, seed, unknown):
    rows = sheets(instrument, 40, unknown, seed)

    assert by_columns(instrument, rows) == [told(instrument, row) for row in rows]


@given(answered())
def test_a_row_alone_is_placed_as_among_others(given_):
    instrument, row = given_

    assert by_columns(instrument, [row]) == [told(instrument, row)]


def test_a_price_kept_from_another_route_counts_for_nothing():
    instrument = bank.open_bank("dokk1").instrument
    rows = [{"payment": "none", "price": price} for price in ("delivery", "cost")] + [{"payment": "none"}]

    assert len({str(each) for each in by_columns(instrument, rows)}) == 1


def test_an_item_without_a_column_is_not_known():
    tables = PlacementTables.for_instrument(bank.open_bank("dokk1").instrument)
    ends = tables.find_ends({"creation": np.zeros(3, np.uint8)})

    assert [tables.end_placements[end] for end in ends] == [tables.instrument.placements] * 3


def test_the_legend_tells_the_bits():
    tables = PlacementTables.for_instrument(bank.open_bank("dokk1").instrument)

    assert tables.placement_bits == {
        "strategic": 1,
        "service": 2,
        "network": 4,
        "supplier": 8,
        "customer": 16,
        "outside": 32,
    }
    assert [
        tuple(placement for placement, bit in tables.placement_bits.items() if bits & bit) for bits in tables.end_bits
    ] == list(tables.end_placements)


@settings(max_examples=10)
@given(instruments(), st.integers(0, 1000))
def test_rests_that_were_forgotten_are_found_again(instrument, seed):
    rows = sheets(instrument, 30, 0.5, seed)
    given_, tables = columns(instrument, rows), PlacementTables.for_instrument(instrument)
    open_ = np.array([len(tables.end_placements[end]) > 1 for end in tables.find_ends(given_)])
    few, many = MostInformative(instrument, most_residuals=0), MostInformative(instrument)
    sub = {item: column[open_] for item, column in given_.items()}

    assert [list(few.find_positions(sub)) for _ in range(2)] == [list(many.find_positions(sub)) for _ in range(2)]
