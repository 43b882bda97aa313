"""Where in a JSON text the values stand; searched only when something is wrong, and never for long.

Python's decoder gives values without positions, and a parser that keeps positions would slow down every good file. So
the text is tokenised a second time, for the paths that have problems, and the search stops after a third of a second.
"""

import json
import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from assessor.problems import ValuePath

# Values scanned before a problem is left without a line: about a third of a second.
_MOST_SCANNED: Final = 200_000

# A string, also one that is never closed; a bracket or mark; a number or word.
_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}:,]|[^\s"\[\]{}:,]++', re.DOTALL)


def find_lines(text: str, wanted: Collection[ValuePath]) -> dict[ValuePath, int]:
    """The line, from 1, on which each wanted value starts; those not found in time are missing."""
    remaining, lines = set(wanted), dict[ValuePath, int]()
    line, counted = 1, 0
    for path, start in islice(_value_starts(text), _MOST_SCANNED) if remaining else ():
        if path in remaining:
            line, counted = line + text.count("\n", counted, start), start
            lines[path] = line
            remaining.remove(path)
            if not remaining:
                break
    return lines


def path_at(text: str, position: int) -> ValuePath:
    """The path of the value that contains a position; the whole document, (), where finding it takes too long."""
    within: ValuePath = ()
    for number, (path, start) in enumerate(islice(_value_starts(text), _MOST_SCANNED), 1):
        if start > position:
            break
        within = path if number < _MOST_SCANNED else ()
    return within


def _value_starts(text: str) -> Iterator[tuple[ValuePath, int]]:
    """The path and start of every value, in the order of the text; tolerant of text that is not valid JSON."""
    steps: list[str | int | None] = []
    for token in _TOKEN.finditer(text):
        match token[0][0]:
            case "]" | "}":
                del steps[-1:]
            case ",":
                steps[-1:] = [last + 1 if isinstance(last, int) else None for last in steps[-1:]]
            case ":":
                pass
            case _ if steps and steps[-1] is None:
                steps[-1] = _decode_key(token[0])
            case opening:
                yield tuple(step for step in steps if step is not None), token.start()
                if opening in "[{":
                    steps.append(0 if opening == "[" else None)


def _decode_key(token: str) -> str:
    """A key without its quotes and escapes; the token itself where it is not a valid string."""
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token
