"""The rules as one SQL expression, so that answers are placed where they lie.

Each item is one look-up in a text: the state so far and the code of the response tell where in the text the next
state stands. Every look-up holds the one before, so the expression grows with the items and not with their
combinations, and it needs nothing but SUBSTR, CAST and CASE. It is exact with responses not known (NULL, an empty
text, dont_know), and NULL where a response is no option.
"""

from collections.abc import Callable
from typing import Literal

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.scale.steps import Step, steps
from assessor.scale.words import RESERVED

#: What an expression tells: ids of placements parted by spaces, the number of the level, or a bit set.
What = Literal["placements", "level", "bits"]


def expression(instrument: Instrument, what: What = "placements", indent: str = "  ") -> str:
    """What to select for each row of a table with a column an item."""
    found = steps(instrument.diagram)
    state = "0"
    for step in found.steps:
        state = _state(step, state, indent)
    cases = [f"WHEN {number} THEN {value}" for number, value in enumerate(map(_value(instrument, what), found.ends))]
    kept = [case for case in cases if not case.endswith("THEN NULL")] or ["WHEN -1 THEN NULL"]
    return f"CASE {state}\n{indent}" + f"\n{indent}".join(kept) + "\nEND"


def select(instrument: Instrument, table: str) -> str:
    """A whole statement: the table's columns, the placements and the level."""
    told = [f"{expression(instrument, what)} AS {what}" for what in ("placements", "level")]  # type: ignore[arg-type]
    source = ".".join(map(name, table.split(".")))
    return "SELECT answers.*,\n" + ",\n".join(told) + f"\nFROM {source} AS answers"  # noqa: S608  (quoted)


def name(column: str) -> str:
    """A column's name: bare where every SQL reads it so, as some read what stands in quotes as a text."""
    plain = column.isascii() and column.isidentifier() and column == column.lower() and column not in RESERVED
    return column if plain else '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as every SQL reads it."""
    return "'" + value.replace("'", "''") + "'"


def _state(step: Step, before: str, indent: str) -> str:
    """The number of the state after an item."""
    width = len(str(max(map(max, step.after))))
    table = "".join(f"{number:0{width}}" for row in step.after for number in row)
    place = f"({before}) * {(len(step.options) + 1) * width} + {_code(step, width)}"
    return f"CAST(SUBSTR('{table}',\n{indent}{place}, {width}) AS INTEGER)"


def _code(step: Step, width: int) -> str:
    """The place of a response among those to its item, from 1; NULL for what is no response."""
    column = name(step.item)
    options = " ".join(f"WHEN {column} = {text(option)} THEN {1 + at * width}" for at, option in enumerate(step.options, 1))
    return f"CASE WHEN {column} IS NULL OR {column} IN ('', '{DONT_KNOW}') THEN 1 {options} END"


def _value(instrument: Instrument, what: What) -> Callable[[tuple[str, ...]], str]:
    bit = {placement: 1 << at for at, placement in enumerate(instrument.placements)}

    def level(ends: tuple[str, ...]) -> str:
        number = instrument.level(ends[0]) if len(ends) == 1 else None
        return "NULL" if number is None else str(number)

    told: dict[str, Callable[[tuple[str, ...]], str]] = {
        "placements": lambda ends: text(" ".join(ends)),
        "level": level,
        "bits": lambda ends: str(sum(bit[placement] for placement in ends)),
    }
    return told[what]
