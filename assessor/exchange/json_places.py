"""Where in a JSON text the values stand; looked for only when something is wrong, and never for long."""

import json
import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from assessor.problems import ValuePath

# Values looked at before a place is left untold: about a third of a second.
_MOST_SCANNED: Final = 200_000

# A string, also one that is never closed; a bracket or mark; a number or word.
_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}:,]|[^\s"\[\]{}:,]++', re.DOTALL)


def find_lines(text: str, wanted: Collection[ValuePath]) -> dict[ValuePath, int]:
    """The lines, from 1, on which the wanted values start, as far as they are found."""
    left, found = set(wanted), dict[ValuePath, int]()
    line, counted = 1, 0
    for path, start in islice(_value_starts(text), _MOST_SCANNED) if left else ():
        if path in left:
            line, counted = line + text.count("\n", counted, start), start
            found[path] = line
            left.remove(path)
            if not left:
                break
    return found


def path_at(text: str, position: int) -> ValuePath:
    """The value within which a position lies; the whole document where that would take too long to find."""
    within: ValuePath = ()
    for number, (path, start) in enumerate(islice(_value_starts(text), _MOST_SCANNED), 1):
        if start > position:
            break
        within = path if number < _MOST_SCANNED else ()
    return within


def _value_starts(text: str) -> Iterator[tuple[ValuePath, int]]:
    """Every value's path and start, in the order of the text; None stands for a key that is still to come."""
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
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token
