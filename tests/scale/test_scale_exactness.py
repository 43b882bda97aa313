"""Where most items may not apply, SQL, columns and `assess` say the same, and what all completions say.

A hundred examples of each; a thousand with `HYPOTHESIS_PROFILE=long`.
"""

import sqlite3
from contextlib import closing

import duckdb
import pytest
from columns import columns, told

from assessor.core.responses import DONT_KNOW
from assessor.scale.column_placement import PlacementTables
from assessor.scale.column_ways import WayUpFinder
from assessor.scale.most_informative import MostInformative
from assessor.scale.rules_sql import quote_text, rules_expression

from brute import Brute  # isort: skip  (found through `columns`)
from gated_banks import gated_responses  # isort: skip
from hypothesis import given, settings  # isort: skip

many = settings(max_examples=max(100, settings.default.max_examples))


def known(responses):
    return {item: option for item, option in responses.items() if option != DONT_KNOW}


@pytest.fixture(scope="module")
def databases():
    with closing(sqlite3.connect(":memory:")) as sqlite, duckdb.connect() as duck:
        yield sqlite, duck


def query(instrument, row):
    """The placements of one row of answers."""
    given_ = {item.id: row.get(item.id) for item in instrument.items}
    values = ", ".join(f"{'NULL' if each is None else quote_text(each)} AS {item}" for item, each in given_.items())
    return f"SELECT {rules_expression(instrument)} FROM (SELECT {values}) AS answers"


@many
@given(given_=gated_responses())
def test_sql_and_columns_place_as_all_completions_do(databases, given_):
    instrument, row = given_
    tables = PlacementTables.for_instrument(instrument)
    expected = Brute(instrument).possible(known(row))

    for database in databases:
        assert database.execute(query(instrument, row)).fetchall() == [(" ".join(expected),)]
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
