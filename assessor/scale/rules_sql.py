"""The rules as one SQL expression, so that answers are placed where they lie, in a database that this never sees.

A few items are one look-up in a text: the state so far and the responses give the position in the text at which the
number of the next state stands. Every look-up holds the one before, so the expression grows with the items and not
with their combinations. It needs nothing but SUBSTR, CAST and CASE, which every SQL has; arrays, JSON and functions of
one's own would each leave out a database. It is exact with responses not known (NULL, an empty text, dont_know), and
NULL where a response is not an option.
"""

from collections.abc import Callable
from typing import Literal

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.scale.sql_keywords import RESERVED
from assessor.scale.transition_tables import StepGroup, TransitionStep, build_steps, group_steps

#: Entries of one text; larger texts nest fewer look-ups, and SQLite's parser limits the depth of an expression.
MOST_TEXT_ENTRIES = 1_000

#: What an expression gives: ids of placements parted by spaces, the number of the level, or a bit set.
ExpressionKind = Literal["placements", "level", "bits"]


def rules_expression(instrument: Instrument, what: ExpressionKind = "placements", indent: str = "  ") -> str:
    """The expression to select for each row of a table that has a column for each item."""
    steps = build_steps(instrument.diagram)
    state = "0"
    for group in group_steps(steps, MOST_TEXT_ENTRIES):
        state = _state_sql(group, state, indent)
    cases = [
        f"WHEN {number} THEN {value}"
        for number, value in enumerate(map(_end_value_sql(instrument, what), steps.end_placements))
    ]
    branches = [case for case in cases if not case.endswith("THEN NULL")] or ["WHEN -1 THEN NULL"]
    return f"CASE {state}\n{indent}" + f"\n{indent}".join(branches) + "\nEND"


def select_statement(instrument: Instrument, table: str) -> str:
    """A whole statement: the table's columns, the placements and the level. Dots in `table` part schema and name."""
    expressions = [f"{rules_expression(instrument, what)} AS {what}" for what in ("placements", "level")]
    source = ".".join(map(quote_name, table.split(".")))
    return "SELECT answers.*,\n" + ",\n".join(expressions) + f"\nFROM {source} AS answers"


def quote_name(column: str) -> str:
    """A column's name: bare where every SQL reads it alike, as some databases read quotes around a name as a text."""
    plain = column.isascii() and column.isidentifier() and column == column.lower() and column not in RESERVED
    return column if plain else '"' + column.replace('"', '""') + '"'


def quote_text(value: str) -> str:
    """A text as a literal that every SQL reads alike."""
    return "'" + value.replace("'", "''") + "'"


def _state_sql(group: StepGroup, before: str, indent: str) -> str:
    """SQL for the number of the state after a group of items; `before` is that of the state before it.

    All numbers of a text are written equally wide, so a position is a product of strides.
    """
    width = len(str(max(group.next_states)))
    table = "".join(f"{number:0{width}}" for number in group.next_states)
    stride = width
    codes: list[str] = []
    for step in reversed(group.steps):
        codes.append(_response_offset_sql(step, stride))
        stride *= len(step.options) + 1
    position = f"\n{indent}+ ".join((f"{before} * {stride} + 1", *reversed(codes)))
    return f"CAST(SUBSTR('{table}',\n{indent}{position}, {width}) AS INTEGER)"


def _response_offset_sql(step: TransitionStep, stride: int) -> str:
    """How far a response moves the position in the text.

    NULL, which makes the whole NULL, for what is not an option.
    """
    column = quote_name(step.item)
    known = " ".join(
        f"WHEN {column} = {quote_text(option)} THEN {number * stride}" for number, option in enumerate(step.options, 1)
    )
    return f"CASE WHEN {column} IS NULL OR {column} IN ('', '{DONT_KNOW}') THEN 0 {known} END"


def _end_value_sql(instrument: Instrument, what: ExpressionKind) -> Callable[[tuple[str, ...]], str]:
    """What turns the placements of an end into the literal to select."""
    bit = {placement: 1 << position for position, placement in enumerate(instrument.placements)}

    def level(ends: tuple[str, ...]) -> str:
        number = instrument.level(ends[0]) if len(ends) == 1 else None
        return "NULL" if number is None else str(number)

    by_kind: dict[str, Callable[[tuple[str, ...]], str]] = {
        "placements": lambda ends: quote_text(" ".join(ends)),
        "level": level,
        "bits": lambda ends: str(sum(bit[placement] for placement in ends)),
    }
    return by_kind[what]
