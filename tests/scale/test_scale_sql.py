"""The rules as SQL: the same placements in DuckDB, SQLite and PostgreSQL as `assess` gives."""

import sqlite3
from contextlib import closing

import duckdb
import pytest
from columns import sheets, told

from assessor import bank
from assessor.core.conditions import AllOf, ItemIs, Not
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.scale.rules_sql import quote_name, quote_text, rules_expression, select_statement

from banks import instruments  # isort: skip  (found through `columns`)
from hypothesis import given, settings  # isort: skip
from hypothesis import strategies as st  # isort: skip


def in_sqlite(statements, query):
    with closing(sqlite3.connect(":memory:")) as database:
        for statement in statements:
            database.execute(statement)
        return database.execute(query).fetchall()


def in_duckdb(statements, query):
    with duckdb.connect() as database:
        for statement in statements:
            database.execute(statement)
        return database.execute(query).fetchall()


def table(instrument, rows, called="answers"):
    """SQL that makes a table of the rows, in their order."""
    items = [item.id for item in instrument.items]
    values = ", ".join(
        f"({number}, " + ", ".join("NULL" if row.get(item) is None else quote_text(row[item]) for item in items) + ")"
        for number, row in enumerate(rows)
    )
    kinds = ", ".join(f"{quote_name(item)} TEXT" for item in items)
    return [f"CREATE TABLE {called} (n INTEGER, {kinds})", f"INSERT INTO {called} VALUES {values}"]


def query(instrument, called="answers"):
    told_ = ", ".join(f"{rules_expression(instrument, what)} AS {what}" for what in ("placements", "level", "bits"))
    return f"SELECT {told_} FROM {called} ORDER BY n"


def expected(instrument, row):
    placements, level, *_ = told(instrument, row)
    bits = sum(1 << instrument.placements.index(placement) for placement in placements)
    return " ".join(placements), level, bits


def checked(instrument, rows, run):
    assert run(table(instrument, rows), query(instrument)) == [expected(instrument, row) for row in rows]


@pytest.mark.parametrize("bank_name", ["dokk1", "winwin"])
@pytest.mark.parametrize("run", [in_sqlite, in_duckdb])
def test_a_bank_in_sql_says_what_the_verdict_says(run, bank_name):
    instrument = bank.open_bank(bank_name).instrument
    for unknown in (0.0, 0.2, 0.6):
        checked(instrument, sheets(instrument, 300, unknown), run)


@pytest.mark.parametrize("bank_name", ["dokk1", "winwin"])
def test_a_bank_in_postgresql_says_what_the_verdict_says(postgresql_run, bank_name):
    instrument = bank.open_bank(bank_name).instrument
    for unknown in (0.0, 0.2, 0.6):
        checked(instrument, sheets(instrument, 300, unknown), postgresql_run)


@given(instruments(), st.integers(0, 1000), st.sampled_from([0.0, 0.4]))
def test_so_does_any_bank(instrument, seed, unknown):
    rows = sheets(instrument, 30, unknown, seed)

    for run in (in_sqlite, in_duckdb):
        checked(instrument, rows, run)


@settings(max_examples=10)
@given(instrument=instruments(), seed=st.integers(0, 1000))
def test_so_does_any_bank_in_postgresql(postgresql_run, instrument, seed):
    checked(instrument, sheets(instrument, 30, 0.3, seed), postgresql_run)


def hostile():
    """An instrument whose ids would end a text, a name or a comment."""
    first = Item(id='a"; DROP TABLE answers; --', options=("it's", "'); DROP TABLE answers; --", "/*"))
    second = Item(id="select", options=("%s", "{0}"))
    third = Item(id="Åäö", options=("$1", ":n", "?"))
    good = AllOf((ItemIs(first.id, ("it's",)), Not(ItemIs(second.id, ("%s",))), ItemIs(third.id, ("?", ":n"))))
    outcomes = (Outcome(id="it's 'good'", when=good), Outcome(id="; --"))
    return Instrument(id="hostile", version="1", items=(first, second, third), outcomes=outcomes, levels=("; --",))


def test_ids_cannot_leave_their_quotes(postgresql_run):
    for run in (in_sqlite, in_duckdb, postgresql_run):
        checked(hostile(), sheets(hostile(), 40), run)


def test_an_empty_text_is_not_known_and_another_text_gives_nothing():
    instrument = bank.open_bank("winwin").instrument
    item = instrument.items[0]
    rows = [{item.id: ""}, {item.id: "dont_know"}, {}, {item.id: "no such option"}]
    found = in_sqlite(table(instrument, rows), query(instrument))

    assert found[:3] == [expected(instrument, {})] * 3
    assert found[3] == (None, None, None)


def test_a_whole_statement_gives_the_columns_of_the_table_and_two_more(postgresql_run):
    instrument = bank.open_bank("dokk1").instrument
    rows = sheets(instrument, 5)
    for run in (in_sqlite, in_duckdb, postgresql_run):
        found = run(table(instrument, rows), select_statement(instrument, "answers") + " ORDER BY n")

        assert [row[0] for row in found] == [0, 1, 2, 3, 4]
        assert [row[-2:] for row in found] == [expected(instrument, row)[:2] for row in rows]


def test_no_item_of_a_bank_that_is_shipped_needs_quotes():
    for bank_name in bank.available_banks():
        assert '"' not in rules_expression(bank.open_bank(bank_name).instrument)
