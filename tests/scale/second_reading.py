"""A second, independent reading of a bank's rules: straight from `instrument.yaml`, for columns of responses.

It shares no code with the engine: each condition is worked out as it stands in the file, for all rows at once. A
response is the place of its option, counted from 0. Columns are broadcast against one another, so an axis may run
through all options of an item while the others stand still. A set of placements is a number, one bit each.
"""

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import islice, product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

Column = NDArray[np.uint8]
Columns = Mapping[str, Column]
Truths = NDArray[np.bool_]

#: Combinations that are gone through at once: few enough for a processor's cache.
MOST_AT_ONCE = 1 << 17


class Reading:
    """The rules of one `instrument.yaml`."""

    def __init__(self, path: Path) -> None:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.options: dict[str, list[str]] = {item["id"]: item["options"] for item in told["items"]}
        self.when = {item["id"]: item["when"] for item in told["items"] if "when" in item}
        self.named = told.get("conditions", {})
        self.outcomes = [(each["id"], each.get("when", {"all": []})) for each in told["outcomes"]]
        self.placements = list(dict.fromkeys(id for id, _ in self.outcomes))

    def bits(self, placements: tuple[str, ...]) -> int:
        """A set of placements as a number."""
        return sum(1 << self.placements.index(each) for each in placements)

    def place(self, columns: Columns) -> Column:
        """The bit of the placement of each row."""
        known = _Known(self, columns)
        placed = np.uint8(0)
        for id, when in reversed(self.outcomes):
            placed = np.where(known.holds(when), np.uint8(self.bits((id,))), placed)
        return np.asarray(placed, np.uint8)

    def possible(self, columns: Columns, unknown: tuple[str, ...]) -> Column:
        """The placements that some completion of each row reaches; `unknown` have no column."""
        rows = {item: column.reshape(-1, *[1] * len(unknown)) for item, column in columns.items()}
        axes = {item: self.axis(item, at + 1, len(unknown) + 1) for at, item in enumerate(unknown)}
        placed = self.place({**rows, **axes})
        whole = (len(next(iter(rows.values()))), *(len(self.options[item]) for item in unknown))
        return np.bitwise_or.reduce(np.broadcast_to(placed, whole).reshape(whole[0], -1), axis=1)

    def axis(self, item: str, at: int, axes: int) -> Column:
        """Every option of an item, along one of several axes."""
        shape = [1] * axes
        shape[at] = len(self.options[item])
        return np.arange(shape[at], dtype=np.uint8).reshape(shape)

    def combinations(self) -> int:
        return prod(map(len, self.options.values()))

    def parts(self) -> tuple[list[str], list[str]]:
        """The items that stand still while the others, as many as fit, go through all combinations."""
        still, moving = list(self.options), []
        while still and prod(len(self.options[item]) for item in (still[-1], *moving)) <= MOST_AT_ONCE:
            moving.insert(0, still.pop())
        return still, moving

    def complete(self, every: int = 1) -> Iterator[tuple[Columns, Column]]:
        """All combinations, or each `every`th part of them: a flat column an item, and the bit of each placement."""
        still, moving = self.parts()
        axes = {item: self.axis(item, at, len(moving)) for at, item in enumerate(moving)}
        shape = tuple(len(self.options[item]) for item in moving)
        flat = {item: np.broadcast_to(axis, shape).ravel() for item, axis in axes.items()}
        for row in islice(product(*(range(len(self.options[item])) for item in still)), 0, None, every):
            here = {item: np.uint8(option) for item, option in zip(still, row, strict=True)}
            full = {item: np.full(prod(shape), option) for item, option in here.items()}
            placed = self.place({**{item: np.asarray(option) for item, option in here.items()}, **axes})
            yield {**full, **flat}, np.broadcast_to(placed, shape).ravel()


class _Known:
    """What holds of some columns; each named condition and each item's `when` worked out once."""

    def __init__(self, reading: Reading, columns: Columns) -> None:
        self.reading, self.columns = reading, columns
        self.found: dict[tuple[str, str], Truths] = {}

    def holds(self, condition: Mapping[str, Any]) -> Truths:
        if "of" in condition:
            held = [np.asarray(self.holds(part), np.uint8) for part in condition["of"]]
            return np.asarray(reduce(np.add, held) >= condition["at_least"])
        [(key, value)] = condition.items()
        match key:
            case "all":
                return reduce(np.logical_and, map(self.holds, value), np.True_)
            case "any":
                return reduce(np.logical_or, map(self.holds, value), np.False_)
            case "not":
                return np.logical_not(self.holds(value))
            case "is":
                return self.once("is", value, self.reading.named[value])
        return self.answered(key, value)

    def answered(self, item: str, value: Any) -> Truths:
        """An item that applies has one of some options, or one from an option on."""
        options, column = self.reading.options[item], self.columns[item]
        if isinstance(value, dict):
            held = column >= options.index(value["at_least"])
        else:
            listed = value if isinstance(value, list) else [value]
            held = reduce(np.logical_or, (column == options.index(option) for option in listed))
        if item not in self.reading.when:
            return held
        return np.logical_and(held, self.once("when", item, self.reading.when[item]))

    def once(self, kind: str, name: str, condition: Mapping[str, Any]) -> Truths:
        if (kind, name) not in self.found:
            self.found[kind, name] = self.holds(condition)
        return self.found[kind, name]
