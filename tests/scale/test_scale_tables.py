"""Columns say of every row what `assess` says of it alone."""

import numpy as np
import pytest
from columns import columns, sheets, told

from assessor import bank
from assessor.scale.column_placement import Tables
from assessor.scale.column_ways import Ways
from assessor.scale.most_informative import Telling

from banks import answered, instruments  # isort: skip  (found through `columns`)
from hypothesis import given, settings  # isort: skip
from hypothesis import strategies as st  # isort: skip


def by_columns(instrument, rows):
    tables, given_ = Tables.of(instrument), columns(instrument, rows)
    ends = tables.ends(given_)
    open_ = [len(tables.sets[end]) > 1 for end in ends]
    most = [None] * len(rows)
    if any(open_):
        found = iter(Telling(instrument).most({item: column[open_] for item, column in given_.items()}))
        most = [instrument.items[next(found)].id if several else None for several in open_]
    ways, places = Ways(instrument).up(given_)
    return [
        (list(tables.sets[end]), tables.levels[end], item, ways[place])
        for end, item, place in zip(ends, most, places, strict=True)
    ]


@pytest.mark.parametrize("unknown", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("name", ["dokk1", "winwin"])
def test_a_column_says_what_the_verdict_says(name, unknown):
    instrument = bank.load(name)
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
    instrument = bank.load("dokk1")
    rows = [{"payment": "none", "price": price} for price in ("delivery", "cost")] + [{"payment": "none"}]

    assert len({str(each) for each in by_columns(instrument, rows)}) == 1


def test_an_item_without_a_column_is_not_known():
    tables = Tables.of(bank.load("dokk1"))
    ends = tables.ends({"creation": np.zeros(3, np.uint8)})

    assert [tables.sets[end] for end in ends] == [tables.instrument.placements] * 3


def test_the_legend_tells_the_bits():
    tables = Tables.of(bank.load("dokk1"))

    assert tables.legend == {"strategic": 1, "service": 2, "network": 4, "supplier": 8, "customer": 16, "outside": 32}
    assert [tuple(placement for placement, bit in tables.legend.items() if bits & bit) for bits in tables.bits] == list(
        tables.sets
    )


@settings(max_examples=10)
@given(instruments(), st.integers(0, 1000))
def test_rests_that_were_forgotten_are_found_again(instrument, seed):
    rows = sheets(instrument, 30, 0.5, seed)
    given_, tables = columns(instrument, rows), Tables.of(instrument)
    open_ = np.array([len(tables.sets[end]) > 1 for end in tables.ends(given_)])
    few, many = Telling(instrument, most_rests=0), Telling(instrument)
    sub = {item: column[open_] for item, column in given_.items()}

    assert [list(few.most(sub)) for _ in range(2)] == [list(many.most(sub)) for _ in range(2)]
