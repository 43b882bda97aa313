"""The rules as one SQL expression, so that answers are placed where they lie.

A few items are one look-up in a text: the state so far and the responses tell where in the text the next state
stands. Every look-up holds the one before, so the expression grows with the items and not with their
combinations, and it needs nothing but SUBSTR, CAST and CASE. It is exact with responses not known (NULL, an empty
text, dont_know), and NULL where a response is no option.
"""

from collections.abc import Callable
from typing import Literal

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.scale.sql_keywords import RESERVED
from assessor.scale.transition_tables import StepGroup, TransitionStep, build_steps, group_steps

#: Places of one text; with fewer look-ups in each other, SQLite's parser has room for all of them.
MOST_TEXT_ENTRIES = 1_000

#: What an expression tells: ids of placements parted by spaces, the number of the level, or a bit set.
ExpressionKind = Literal["placements", "level", "bits"]


def rules_expression(instrument: Instrument, what: ExpressionKind = "placements", indent: str = "  ") -> str:
    """What to select for each row of a table with a column an item."""
    found = build_steps(instrument.diagram)
    state = "0"
    for lot in group_steps(found, MOST_TEXT_ENTRIES):
        state = _state_sql(lot, state, indent)
    cases = [
        f"WHEN {number} THEN {value}"
        for number, value in enumerate(map(_end_value_sql(instrument, what), found.end_placements))
    ]
    kept = [case for case in cases if not case.endswith("THEN NULL")] or ["WHEN -1 THEN NULL"]
    return f"CASE {state}\n{indent}" + f"\n{indent}".join(kept) + "\nEND"


def select_statement(instrument: Instrument, table: str) -> str:
    """A whole statement: the table's columns, the placements and the level."""
    told = [f"{rules_expression(instrument, what)} AS {what}" for what in ("placements", "level")]
    source = ".".join(map(quote_name, table.split(".")))
    return "SELECT answers.*,\n" + ",\n".join(told) + f"\nFROM {source} AS answers"


def quote_name(column: str) -> str:
    """A column's name: bare where every SQL reads it so, as some read what stands in quotes as a text."""
    plain = column.isascii() and column.isidentifier() and column == column.lower() and column not in RESERVED
    return column if plain else '"' + column.replace('"', '""') + '"'


def quote_text(value: str) -> str:
    """A text as every SQL reads it."""
    return "'" + value.replace("'", "''") + "'"


def _state_sql(lot: StepGroup, before: str, indent: str) -> str:
    """The number of the state after a few items."""
    width = len(str(max(lot.next_states)))
    table = "".join(f"{number:0{width}}" for number in lot.next_states)
    stride = width
    codes: list[str] = []
    for step in reversed(lot.steps):
        codes.append(_response_offset_sql(step, stride))
        stride *= len(step.options) + 1
    place = f"\n{indent}+ ".join((f"{before} * {stride} + 1", *reversed(codes)))
    return f"CAST(SUBSTR('{table}',\n{indent}{place}, {width}) AS INTEGER)"


def _response_offset_sql(step: TransitionStep, stride: int) -> str:
    """How far on in the text a response leads; NULL for what is no response."""
    column = quote_name(step.item)
    known = " ".join(
        f"WHEN {column} = {quote_text(option)} THEN {at * stride}" for at, option in enumerate(step.options, 1)
    )
    return f"CASE WHEN {column} IS NULL OR {column} IN ('', '{DONT_KNOW}') THEN 0 {known} END"


def _end_value_sql(instrument: Instrument, what: ExpressionKind) -> Callable[[tuple[str, ...]], str]:
    bit = {placement: 1 << at for at, placement in enumerate(instrument.placements)}

    def level(ends: tuple[str, ...]) -> str:
        number = instrument.level(ends[0]) if len(ends) == 1 else None
        return "NULL" if number is None else str(number)

    told: dict[str, Callable[[tuple[str, ...]], str]] = {
        "placements": lambda ends: quote_text(" ".join(ends)),
        "level": level,
        "bits": lambda ends: str(sum(bit[placement] for placement in ends)),
    }
    return told[what]
