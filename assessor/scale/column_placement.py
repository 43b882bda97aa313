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
from assessor.scale.transition_tables import StepGroup, build_steps, group_steps

#: Places of one table: as many as 16 bits can tell apart.
MOST_TABLE_ENTRIES = 1 << 16

#: Rows that go through all steps together.
CHUNK_ROWS = 1 << 16

#: One code a row: 0 where it is not known or not answered, else 1 and on in the order of the item's options.
Codes = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, kw_only=True)
class _Lookup:
    """Items that are looked up together."""

    items: tuple[str, ...]
    #: The number of codes of each.
    code_counts: tuple[int, ...]
    table: NDArray[np.unsignedinteger[Any]]
    #: Wide enough for every place of the table.
    index_type: np.dtype[Any]


@dataclass(frozen=True, kw_only=True)
class PlacementTables:
    """The rules of one instrument as tables."""

    instrument: Instrument
    lookups: tuple[_Lookup, ...]
    #: For each end that `ends` numbers, the placements possible there, best level first.
    end_placements: tuple[tuple[str, ...], ...]

    @classmethod
    def for_instrument(cls, instrument: Instrument) -> "PlacementTables":
        """The tables of an instrument."""
        found = build_steps(instrument.diagram)
        return cls(
            instrument=instrument,
            lookups=tuple(map(_build_lookup, group_steps(found, MOST_TABLE_ENTRIES))),
            end_placements=found.end_placements,
        )

    @cached_property
    def end_levels(self) -> tuple[int | None, ...]:
        """For each end, the number of the level where only one placement is possible and it is a level."""
        return tuple(self.instrument.level(each[0]) if len(each) == 1 else None for each in self.end_placements)

    @cached_property
    def end_bits(self) -> tuple[int, ...]:
        """For each end, the placements possible as a bit set by `legend`."""
        return tuple(sum(self.placement_bits[placement] for placement in each) for each in self.end_placements)

    @cached_property
    def placement_bits(self) -> Mapping[str, int]:
        """The bit of each placement, the best level's the lowest."""
        return {placement: 1 << at for at, placement in enumerate(self.instrument.placements)}

    def find_ends(self, columns: Mapping[str, Codes]) -> NDArray[np.unsignedinteger[Any]]:
        """For each row the number of the end that its responses lead to; an item without a column is not known."""
        rows = len(next(iter(columns.values()))) if columns else 0
        out = np.empty(rows, self.lookups[-1].table.dtype)
        for start in range(0, rows, CHUNK_ROWS):
            lot = slice(start, min(start + CHUNK_ROWS, rows))
            out[lot] = self._ends_of_chunk({item: column[lot] for item, column in columns.items()}, lot.stop - start)
        return out

    def _ends_of_chunk(self, columns: Mapping[str, Codes], rows: int) -> NDArray[np.unsignedinteger[Any]]:
        state: NDArray[np.unsignedinteger[Any]] | None = None
        for lookup in self.lookups:
            places = _table_indices(lookup, columns, state, rows)
            state = lookup.table.take(places)
        assert state is not None  # noqa: S101  (an instrument asks at least one item)
        return state


def _table_indices(
    lookup: _Lookup, columns: Mapping[str, Codes], state: Codes | None, rows: int
) -> NDArray[np.unsignedinteger[Any]]:
    """The state before and the codes of the items, packed into one number a row."""
    places = np.zeros(rows, lookup.index_type) if state is None else state.astype(lookup.index_type)
    for item, size in zip(lookup.items, lookup.code_counts, strict=True):
        places *= lookup.index_type.type(size)
        if item in columns:
            places += columns[item]
    return places


def _build_lookup(lot: StepGroup) -> _Lookup:
    return _Lookup(
        items=tuple(step.item for step in lot.steps),
        code_counts=tuple(len(step.options) + 1 for step in lot.steps),
        table=np.array(lot.next_states, np.min_scalar_type(max(lot.next_states))),
        index_type=np.dtype(np.uint16) if len(lot.next_states) <= MOST_TABLE_ENTRIES else np.dtype(np.int64),
    )
