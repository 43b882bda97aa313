"""Columns of responses placed by a few table look-ups.

Several items in a row make one step: their codes are packed into one number, which together with the state so far is
the place in a table that tells the next state. Tables stay small enough for a processor's cache, and rows go through
in lots that do too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessor.core.instrument import Instrument
from assessor.scale.transition_tables import Lot, lots, steps

#: Places of one table: as many as 16 bits can tell apart.
MOST_PLACES = 1 << 16

#: Rows that go through all steps together.
LOT = 1 << 16

#: One code a row: 0 where it is not known or not answered, else 1 and on in the order of the item's options.
Codes = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, kw_only=True)
class _Lookup:
    """Items that are looked up together."""

    items: tuple[str, ...]
    #: The number of codes of each.
    sizes: tuple[int, ...]
    table: NDArray[np.unsignedinteger[Any]]
    #: Wide enough for every place of the table.
    place: np.dtype[Any]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The rules of one instrument as tables."""

    instrument: Instrument
    lookups: tuple[_Lookup, ...]
    #: For each end that `ends` numbers, the placements possible there, best level first.
    sets: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, instrument: Instrument) -> "Tables":
        """The tables of an instrument."""
        found = steps(instrument.diagram)
        return cls(instrument=instrument, lookups=tuple(map(_lookup, lots(found, MOST_PLACES))), sets=found.ends)

    @property
    def order(self) -> tuple[str, ...]:
        """The items in the order in which they are looked up."""
        return self.instrument.diagram.order

    @cached_property
    def levels(self) -> tuple[int | None, ...]:
        """For each end, the number of the level where only one placement is possible and it is a level."""
        return tuple(self.instrument.level(each[0]) if len(each) == 1 else None for each in self.sets)

    @cached_property
    def bits(self) -> tuple[int, ...]:
        """For each end, the placements possible as a bit set by `legend`."""
        return tuple(sum(self.legend[placement] for placement in each) for each in self.sets)

    @cached_property
    def legend(self) -> Mapping[str, int]:
        """The bit of each placement, the best level's the lowest."""
        return {placement: 1 << at for at, placement in enumerate(self.instrument.placements)}

    def ends(self, columns: Mapping[str, Codes]) -> NDArray[np.unsignedinteger[Any]]:
        """For each row the number of the end that its responses lead to; an item without a column is not known."""
        rows = len(next(iter(columns.values()))) if columns else 0
        out = np.empty(rows, self.lookups[-1].table.dtype)
        for start in range(0, rows, LOT):
            lot = slice(start, min(start + LOT, rows))
            out[lot] = self._lot({item: column[lot] for item, column in columns.items()}, lot.stop - start)
        return out

    def _lot(self, columns: Mapping[str, Codes], rows: int) -> NDArray[np.unsignedinteger[Any]]:
        state: NDArray[np.unsignedinteger[Any]] | None = None
        for lookup in self.lookups:
            places = _places(lookup, columns, state, rows)
            state = lookup.table.take(places)
        assert state is not None  # noqa: S101  (an instrument asks at least one item)
        return state


def _places(
    lookup: _Lookup, columns: Mapping[str, Codes], state: Codes | None, rows: int
) -> NDArray[np.unsignedinteger[Any]]:
    """The state before and the codes of the items, packed into one number a row."""
    places = np.zeros(rows, lookup.place) if state is None else state.astype(lookup.place)
    for item, size in zip(lookup.items, lookup.sizes, strict=True):
        places *= lookup.place.type(size)
        if item in columns:
            places += columns[item]
    return places


def _lookup(lot: Lot) -> _Lookup:
    return _Lookup(
        items=tuple(step.item for step in lot.steps),
        sizes=tuple(len(step.options) + 1 for step in lot.steps),
        table=np.array(lot.after, np.min_scalar_type(max(lot.after))),
        place=np.dtype(np.uint16) if len(lot.after) <= MOST_PLACES else np.dtype(np.int64),
    )
