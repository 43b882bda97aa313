"""The open item that would tell most, for columns of responses.

The problem: `core.open_items` answers this for one assessment by restricting the diagram to its responses and weighing
what is left. For a million rows that is minutes of work, most of it the same again and again.

What helps: the answer depends on the *residual* alone, the reduced diagram over the items not yet known, and however
many rows there are, few different residuals occur. So residuals are numbered as they are met (`_Residuals`, a unique
table as in any BDD package), a row's state is the number of its residual, and a table that grows holds for each item
the residual that follows from a residual and a code. numpy moves all rows through these tables; Python is called only
for entries that nobody has needed before. Each residual left after the last item is asked about once.

Why not a BDD library: they know two-valued variables, and none of them numbers "left not known" as a third branch that
keeps the node in place.

Invariants: two residuals with the same number are the same function of the same items; a number below
`first_own_number` is a node of the instrument's own diagram; tables hold `_NOT_YET_MET` or a final value, so throwing
all of it away at a batch boundary, when memory grows, costs time and never changes an answer.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument
from assessor.core.open_items import open_item_ids_of_residual
from assessor.scale.column_placement import CHUNK_ROWS, Codes

#: Residuals remembered before all are forgotten and numbered anew: some 100 MB.
MOST_RESIDUALS = 100_000

#: Stands in a table where nothing has been worked out yet; no residual and no item has this number.
_NOT_YET_MET = -1
_Indices = NDArray[np.intp]


class MostInformative:
    """Finds for each row the position, in the instrument's order, of the open item that tells most."""

    def __init__(self, instrument: Instrument, most_residuals: int = MOST_RESIDUALS) -> None:
        self.instrument, self.most_residuals = instrument, most_residuals
        self._reset()

    def _reset(self) -> None:
        """Begin anew with empty tables."""
        self._residuals = _Residuals(self.instrument.diagram)
        diagram = self.instrument.diagram
        self._step_tables = [_GrowableTable(len(diagram.options[item]) + 1) for item in diagram.order]
        self._item_table = _GrowableTable(1)

    def find_positions(self, columns: Mapping[str, Codes]) -> NDArray[np.uint16]:
        """For each row the position of its most telling open item.

        Every row must leave several placements possible: a decided one has no open item, and there is no number for
        none.
        """
        rows = len(next(iter(columns.values())))
        out = np.empty(rows, np.uint16)
        for start in range(0, rows, CHUNK_ROWS):
            chunk = slice(start, min(start + CHUNK_ROWS, rows))
            out[chunk] = self._positions_of_chunk(
                {item: column[chunk] for item, column in columns.items()}, chunk.stop - start
            )
        return out

    def _positions_of_chunk(self, columns: Mapping[str, Codes], rows: int) -> NDArray[np.uint16]:
        """Walk all items, then look up the answer of each residual; those not met before are worked out first."""
        if self._residuals.count > self.most_residuals:
            self._reset()
        residuals = np.full(rows, self._residuals.root, np.intp)
        for depth, item in enumerate(self.instrument.diagram.order):
            residuals = self._residuals_after(depth, residuals, columns.get(item))
        self._item_table.ensure_row(int(residuals.max()))
        positions = self._item_table.table.take(residuals)
        unmet = np.flatnonzero(positions == _NOT_YET_MET)
        if len(unmet):
            for residual in np.unique(residuals[unmet]):
                self._work_out_item(int(residual))
            positions = self._item_table.table.take(residuals)
        return positions.astype(np.uint16)

    def _residuals_after(self, depth: int, residuals: _Indices, codes: Codes | None) -> _Indices:
        """The residuals after one item, one a row; without a column all rows keep the item open."""
        table = self._step_tables[depth]
        table.ensure_row(int(residuals.max()))
        indices = residuals * table.width
        if codes is not None:
            indices += codes
        after = table.table.take(indices)
        if after.min() == _NOT_YET_MET:
            for index in np.unique(indices[after == _NOT_YET_MET]):
                residual, code = divmod(int(index), table.width)
                table.table[index] = self._residuals.restrict(depth, residual, code)
            after = table.table.take(indices)
        return after

    def _work_out_item(self, residual: int) -> None:
        """Ask `core` once which open item of a residual tells most."""
        residuals = self._residuals
        nodes, masses = residuals.nodes(residual), residuals.placement_masses
        item = open_item_ids_of_residual(self.instrument, nodes, residual, masses)[0]
        self._item_table.table[residual] = self.instrument.positions[item]


class _GrowableTable:
    """A table by residual and code, flat, with room for the residuals met so far."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.table: NDArray[np.intp] = np.full(width * 64, _NOT_YET_MET, np.intp)

    def ensure_row(self, residual: int) -> None:
        """Make room for a residual; doubles at least, so that growing stays cheap however often it happens."""
        missing = (residual + 1) * self.width - len(self.table)
        if missing > 0:
            extension: NDArray[Any] = np.full(max(missing, len(self.table)), _NOT_YET_MET, np.intp)
            self.table = np.concatenate((self.table, extension))


class _Residuals:
    """Reduced diagrams over what is not known, each stored once.

    Numbers up to `first_own_number` are the diagram's own nodes and ends; those from there on index `own_nodes`.
    """

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.root = diagram.root
        self.first_own_number = diagram.first_inner_id + len(diagram.nodes)
        #: By number, the depth of the first item that a residual still tests: above it, restricting changes nothing.
        self._first_untested = [diagram.depth(number) for number in range(self.first_own_number)]
        #: The depth of the item that each node tests, and the residual that follows each of its options.
        self.own_nodes: list[tuple[int, tuple[int, ...]]] = []
        #: The number of each of them, so that equal nodes are one.
        self.unique_table: dict[tuple[int, tuple[int, ...]], int] = {}
        #: Kept for `core.open_items`, as residuals share most of their nodes.
        self.placement_masses: dict[int, list[float]] = {}
        #: By depth and code, then by residual, the result: residuals share most of their parts with earlier ones.
        self._restrict_cache: dict[tuple[int, int], dict[int, int]] = {}

    @property
    def count(self) -> int:
        """How many nodes were made beyond the diagram's own."""
        return len(self.own_nodes)

    def restrict(self, depth: int, residual: int, code: int) -> int:
        """The residual once the item at a depth has been given a response; code 0 leaves the item open."""
        return self._restrict_cached(depth, code, residual, self._restrict_cache.setdefault((depth, code), {}))

    def first_untested(self, number: int) -> int:
        """The depth of the first item that is still to be tested."""
        return self._first_untested[number]

    def _restrict_cached(self, depth: int, code: int, number: int, known: dict[int, int]) -> int:
        """`restrict` for one node; itself where the item lies above everything that it tests."""
        if self._first_untested[number] > depth:
            return number
        if number not in known:
            known[number] = self._restrict_node(depth, code, number, known)
        return known[number]

    def _restrict_node(self, depth: int, code: int, number: int, known: dict[int, int]) -> int:
        """Nodes of our own test items left open earlier, so the restriction goes on into their parts."""
        if number >= self.first_own_number:
            tested, parts = self.own_nodes[number - self.first_own_number]
            return self._make_node(tested, tuple([self._restrict_cached(depth, code, part, known) for part in parts]))
        children = self.diagram.node(number)[1]
        return children[code - 1] if code else self._make_node(depth, children)

    def _make_node(self, tested: int, parts: tuple[int, ...]) -> int:
        """The number of a node; that of its part where all parts are the same, as the item then decides nothing."""
        if parts.count(parts[0]) == len(parts):
            return parts[0]
        if (tested, parts) not in self.unique_table:
            self.unique_table[tested, parts] = self.first_own_number + len(self.own_nodes)
            self.own_nodes.append((tested, parts))
            self._first_untested.append(min(map(self.first_untested, parts)))
        return self.unique_table[tested, parts]

    def nodes(self, residual: int) -> dict[int, tuple[str, tuple[int, ...]]]:
        """A residual after the last item, node by node, each after those it leads to.

        No item is tested twice on a path.
        """
        by_number: dict[int, tuple[str, tuple[int, ...]]] = {}

        def visit(number: int) -> None:
            if number >= self.first_own_number and number not in by_number:
                tested, parts = self.own_nodes[number - self.first_own_number]
                for part in parts:
                    visit(part)
                by_number[number] = (self.diagram.order[tested], parts)

        visit(residual)
        return by_number
