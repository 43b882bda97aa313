"""Where most items may not apply, SQL, columns and `assess` say the same, and what all completions say.

A hundred examples of each; a thousand with `HYPOTHESIS_PROFILE=long`.
"""

import sqlite3
from contextlib import closing

from columns import columns, told

from assessor.core.responses import DONT_KNOW
from assessor.scale.column_placement import PlacementTables
from assessor.scale.column_ways import WayUpFinder
from assessor.scale.most_informative import MostInformative
from assessor.scale.rules_sql import rules_expression

from brute import Brute  # isort: skip  (found through `columns`)
from gated_banks import gated_responses  # isort: skip
from hypothesis import given, settings  # isort: skip

many = settings(max_examples=max(100, settings.default.max_examples))


def known(responses):
    return {item: option for item, option in responses.items() if option != DONT_KNOW}


def in_sqlite(instrument, row):
    items = [item.id for item in instrument.items]
    fields = ", ".join(f"? AS {item}" for item in items)
    with closing(sqlite3.connect(":memory:")) as database:
        return database.execute(
            f"SELECT {rules_expression(instrument)} FROM (SELECT {fields})", [row.get(item) for item in items]
        ).fetchone()[0]


@many
@given(gated_responses())
def test_sql_and_columns_place_as_all_completions_do(given_):
    instrument, row = given_
    tables = PlacementTables.for_instrument(instrument)
    expected = Brute(instrument).possible(known(row))

    assert in_sqlite(instrument, row).split() == list(expected)
    assert tables.end_placements[tables.find_ends(columns(instrument, [row]))[0]] == expected


@many
@given(gated_responses())
def test_a_column_tells_the_open_item_and_the_way_up_that_the_verdict_tells(given_):
    instrument, row = given_
    placements, level, most, way = told(instrument, row)
    codes = columns(instrument, [row])
    tables = PlacementTables.for_instrument(instrument)
    [end] = tables.find_ends(codes)
    ways, [place] = WayUpFinder(instrument).find_ways(codes)
    found = [instrument.items[at].id for at in MostInformative(instrument).find_positions(codes)] if most else [None]

    assert (list(tables.end_placements[end]), tables.end_levels[end]) == (placements, level)
    assert (found, ways[place]) == ([most], way)
