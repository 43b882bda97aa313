"""The open item that would tell most, for columns of responses.

What is left of the diagram once the responses are known says it all, and few rests differ however many rows there
are. So rests are numbered as they are met: after each item a row stands at a rest whose ends are nodes of the diagram
still to be tested, and a table that grows tells the next. Each rest that is left at the last item is asked about once.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument
from assessor.core.open_items import open_item_ids_of_residual
from assessor.scale.column_placement import CHUNK_ROWS, Codes

#: Rests kept before all are forgotten and met anew: some 100 MB.
MOST_RESIDUALS = 100_000

_NOT_YET_MET = -1
_Indices = NDArray[np.intp]


class MostInformative:
    """Finds for each row the place, in the instrument's order, of the open item that tells most."""

    def __init__(self, instrument: Instrument, most_residuals: int = MOST_RESIDUALS) -> None:
        self.instrument, self.most_residuals = instrument, most_residuals
        self._reset()

    def _reset(self) -> None:
        self._residuals = _Residuals(self.instrument.diagram)
        diagram = self.instrument.diagram
        self._step_tables = [_GrowableTable(len(diagram.options[item]) + 1) for item in diagram.order]
        self._item_table = _GrowableTable(1)

    def find_positions(self, columns: Mapping[str, Codes]) -> NDArray[np.uint16]:
        """For rows that leave several placements possible, the place of their most telling open item."""
        rows = len(next(iter(columns.values())))
        out = np.empty(rows, np.uint16)
        for start in range(0, rows, CHUNK_ROWS):
            lot = slice(start, min(start + CHUNK_ROWS, rows))
            out[lot] = self._positions_of_chunk(
                {item: column[lot] for item, column in columns.items()}, lot.stop - start
            )
        return out

    def _positions_of_chunk(self, columns: Mapping[str, Codes], rows: int) -> NDArray[np.uint16]:
        if self._residuals.count > self.most_residuals:
            self._reset()
        left = np.full(rows, self._residuals.root, np.intp)
        for depth, item in enumerate(self.instrument.diagram.order):
            left = self._residuals_after(depth, left, columns.get(item))
        self._item_table.ensure_row(int(left.max()))
        told = self._item_table.table.take(left)
        unmet = np.flatnonzero(told == _NOT_YET_MET)
        if len(unmet):
            for rest in np.unique(left[unmet]):
                self._work_out_item(int(rest))
            told = self._item_table.table.take(left)
        return told.astype(np.uint16)

    def _residuals_after(self, depth: int, left: _Indices, codes: Codes | None) -> _Indices:
        """The rests after one item."""
        growing = self._step_tables[depth]
        growing.ensure_row(int(left.max()))
        places = left * growing.width
        if codes is not None:
            places += codes
        after = growing.table.take(places)
        if after.min() == _NOT_YET_MET:
            for place in np.unique(places[after == _NOT_YET_MET]):
                rest, code = divmod(int(place), growing.width)
                growing.table[place] = self._residuals.restrict(depth, rest, code)
            after = growing.table.take(places)
        return after

    def _work_out_item(self, rest: int) -> None:
        most = open_item_ids_of_residual(self.instrument, self._residuals.nodes(rest), rest)[0]
        self._item_table.table[rest] = self.instrument.positions[most]


class _GrowableTable:
    """A table by rest and code, with room for the rests met so far."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.table: NDArray[np.intp] = np.full(width * 64, _NOT_YET_MET, np.intp)

    def ensure_row(self, rest: int) -> None:
        lacking = (rest + 1) * self.width - len(self.table)
        if lacking > 0:
            more: NDArray[Any] = np.full(max(lacking, len(self.table)), _NOT_YET_MET, np.intp)
            self.table = np.concatenate((self.table, more))


class _Residuals:
    """Reduced diagrams over what is not known; each only once, numbered from the nodes of the diagram on."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.root = diagram.root
        self.first_own_number = diagram.first_inner_id + len(diagram.nodes)
        self._first_untested = [diagram.depth(number) for number in range(self.first_own_number)]
        #: The depth of the item that each tests, and what follows each of its options.
        self.own_nodes: list[tuple[int, tuple[int, ...]]] = []
        self.unique_table: dict[tuple[int, tuple[int, ...]], int] = {}
        #: By depth and code, what became of each rest: most rests have parts that others had before.
        self._restrict_cache: dict[tuple[int, int], dict[int, int]] = {}

    @property
    def count(self) -> int:
        return len(self.own_nodes)

    def restrict(self, depth: int, rest: int, code: int) -> int:
        """The rest once the item at a depth has been given a response, or is left not known where code is 0."""
        return self._restrict_cached(depth, code, rest, self._restrict_cache.setdefault((depth, code), {}))

    def first_untested(self, number: int) -> int:
        """The depth of the first item that is still to be tested."""
        return self._first_untested[number]

    def _restrict_cached(self, depth: int, code: int, number: int, known: dict[int, int]) -> int:
        if self._first_untested[number] > depth:
            return number
        if number not in known:
            known[number] = self._restrict_node(depth, code, number, known)
        return known[number]

    def _restrict_node(self, depth: int, code: int, number: int, known: dict[int, int]) -> int:
        if number >= self.first_own_number:
            tested, parts = self.own_nodes[number - self.first_own_number]
            return self._make_node(tested, tuple([self._restrict_cached(depth, code, part, known) for part in parts]))
        children = self.diagram.node(number)[1]
        return children[code - 1] if code else self._make_node(depth, children)

    def _make_node(self, tested: int, parts: tuple[int, ...]) -> int:
        if parts.count(parts[0]) == len(parts):
            return parts[0]
        if (tested, parts) not in self.unique_table:
            self.unique_table[tested, parts] = self.first_own_number + len(self.own_nodes)
            self.own_nodes.append((tested, parts))
            self._first_untested.append(min(map(self.first_untested, parts)))
        return self.unique_table[tested, parts]

    def nodes(self, rest: int) -> dict[int, tuple[str, tuple[int, ...]]]:
        """A rest that tests no item twice, node by node, each after those it leads to."""
        found: dict[int, tuple[str, tuple[int, ...]]] = {}

        def visit(number: int) -> None:
            if number >= self.first_own_number and number not in found:
                tested, parts = self.own_nodes[number - self.first_own_number]
                for part in parts:
                    visit(part)
                found[number] = (self.diagram.order[tested], parts)

        visit(rest)
        return found
