"""Columns of responses placed by a few table look-ups.

Placing row by row in Python walks the diagram once a row. Here numpy walks it for many rows at once: several items in
a row make one step, their codes are packed into one number (mixed radix: state, then one digit an item), and that
number is the index of the next state in a table. Tables stay small enough for a processor's cache, and rows go through
in chunks that do too. `transition_tables` works out the steps; `file_placement` and the tests call `find_ends`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessor.core.instrument import Instrument
from assessor.scale.transition_tables import StepGroup, build_steps, group_steps

#: Entries of one table: as many as 16 bits can index.
MOST_TABLE_ENTRIES = 1 << 16

#: Rows that go through all steps together; their arrays fit in the cache between two steps.
CHUNK_ROWS = 1 << 16

#: One code a row: 0 where it is not known or not answered, else 1 and on in the order of the item's options.
Codes = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, kw_only=True)
class _Lookup:
    """Items that are looked up together."""

    items: tuple[str, ...]
    #: The number of codes of each.
    code_counts: tuple[int, ...]
    #: The number of the next state by packed index; the last lookup's states are the ends.
    table: NDArray[np.unsignedinteger[Any]]
    #: Wide enough for every index of the table.
    index_type: np.dtype[Any]


@dataclass(frozen=True, kw_only=True)
class PlacementTables:
    """The rules of one instrument as tables; immutable, so that threads and batches may share them."""

    instrument: Instrument
    lookups: tuple[_Lookup, ...]
    #: For each end that `ends` numbers, the placements possible there, best level first.
    end_placements: tuple[tuple[str, ...], ...]

    @classmethod
    def for_instrument(cls, instrument: Instrument) -> "PlacementTables":
        """Works out the tables, which takes a fraction of a second; do it once for all files of an instrument."""
        steps = build_steps(instrument.diagram)
        return cls(
            instrument=instrument,
            lookups=tuple(map(_build_lookup, group_steps(steps, MOST_TABLE_ENTRIES))),
            end_placements=steps.end_placements,
        )

    @cached_property
    def end_levels(self) -> tuple[int | None, ...]:
        """For each end the number of its level; None where several placements are possible, or the one has no level."""
        return tuple(self.instrument.level(ids[0]) if len(ids) == 1 else None for ids in self.end_placements)

    @cached_property
    def end_bits(self) -> tuple[int, ...]:
        """For each end the placements possible as a bit set, by `placement_bits`."""
        return tuple(sum(self.placement_bits[placement] for placement in ids) for ids in self.end_placements)

    @cached_property
    def placement_bits(self) -> Mapping[str, int]:
        """The bit of each placement; the best one has the lowest."""
        return {placement: 1 << position for position, placement in enumerate(self.instrument.placements)}

    def find_ends(self, columns: Mapping[str, Codes]) -> NDArray[np.unsignedinteger[Any]]:
        """For each row the index into `end_placements`; an item without a column counts as not known.

        All columns have the same length; no columns give no rows.
        """
        rows = len(next(iter(columns.values()))) if columns else 0
        out = np.empty(rows, self.lookups[-1].table.dtype)
        for start in range(0, rows, CHUNK_ROWS):
            chunk = slice(start, min(start + CHUNK_ROWS, rows))
            out[chunk] = self._ends_of_chunk(
                {item: column[chunk] for item, column in columns.items()}, chunk.stop - start
            )
        return out

    def _ends_of_chunk(self, columns: Mapping[str, Codes], rows: int) -> NDArray[np.unsignedinteger[Any]]:
        """Walk all lookups; each look-up's result is the state that the next begins from."""
        state: NDArray[np.unsignedinteger[Any]] | None = None
        for lookup in self.lookups:
            indices = _table_indices(lookup, columns, state, rows)
            state = lookup.table.take(indices)
        assert state is not None  # noqa: S101  (an instrument asks at least one item)
        return state


def _table_indices(
    lookup: _Lookup, columns: Mapping[str, Codes], state: Codes | None, rows: int
) -> NDArray[np.unsignedinteger[Any]]:
    """The state before and the codes of the items, packed into one index a row; the last item's code goes fastest."""
    indices = np.zeros(rows, lookup.index_type) if state is None else state.astype(lookup.index_type)
    for item, size in zip(lookup.items, lookup.code_counts, strict=True):
        indices *= lookup.index_type.type(size)
        if item in columns:
            indices += columns[item]
    return indices


def _build_lookup(group: StepGroup) -> _Lookup:
    """The arrays of one group of steps, in the smallest types that hold them."""
    return _Lookup(
        items=tuple(step.item for step in group.steps),
        code_counts=tuple(len(step.options) + 1 for step in group.steps),
        table=np.array(group.next_states, np.min_scalar_type(max(group.next_states))),
        index_type=np.dtype(np.uint16) if len(group.next_states) <= MOST_TABLE_ENTRIES else np.dtype(np.int64),
    )
