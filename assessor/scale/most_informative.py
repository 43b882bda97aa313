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
from assessor.core.open_items import open_ids_of_rest
from assessor.scale.column_placement import LOT, Codes

#: Rests kept before all are forgotten and met anew: some 100 MB.
MOST_RESTS = 100_000

_UNMET = -1
_Places = NDArray[np.intp]


class Telling:
    """Finds for each row the place, in the instrument's order, of the open item that tells most."""

    def __init__(self, instrument: Instrument, most_rests: int = MOST_RESTS) -> None:
        self.instrument, self.most_rests = instrument, most_rests
        self._forget()

    def _forget(self) -> None:
        self._rests = _Rests(self.instrument.diagram)
        diagram = self.instrument.diagram
        self._growing = [_Growing(len(diagram.options[item]) + 1) for item in diagram.order]
        self._told = _Growing(1)

    def most(self, columns: Mapping[str, Codes]) -> NDArray[np.uint16]:
        """For rows that leave several placements possible, the place of their most telling open item."""
        rows = len(next(iter(columns.values())))
        out = np.empty(rows, np.uint16)
        for start in range(0, rows, LOT):
            lot = slice(start, min(start + LOT, rows))
            out[lot] = self._lot({item: column[lot] for item, column in columns.items()}, lot.stop - start)
        return out

    def _lot(self, columns: Mapping[str, Codes], rows: int) -> NDArray[np.uint16]:
        if self._rests.count > self.most_rests:
            self._forget()
        left = np.full(rows, self._rests.root, np.intp)
        for depth, item in enumerate(self.instrument.diagram.order):
            left = self._after(depth, left, columns.get(item))
        self._told.reach(int(left.max()))
        told = self._told.table.take(left)
        unmet = np.flatnonzero(told == _UNMET)
        if len(unmet):
            for rest in np.unique(left[unmet]):
                self._ask(int(rest))
            told = self._told.table.take(left)
        return told.astype(np.uint16)

    def _after(self, depth: int, left: _Places, codes: Codes | None) -> _Places:
        """The rests after one item."""
        growing = self._growing[depth]
        growing.reach(int(left.max()))
        places = left * growing.width
        if codes is not None:
            places += codes
        after = growing.table.take(places)
        if after.min() == _UNMET:
            for place in np.unique(places[after == _UNMET]):
                rest, code = divmod(int(place), growing.width)
                growing.table[place] = self._rests.after(depth, rest, code)
            after = growing.table.take(places)
        return after

    def _ask(self, rest: int) -> None:
        most = open_ids_of_rest(self.instrument, self._rests.nodes(rest), rest)[0]
        self._told.table[rest] = self.instrument.position[most]


class _Growing:
    """A table by rest and code, with room for the rests met so far."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.table: NDArray[np.intp] = np.full(width * 64, _UNMET, np.intp)

    def reach(self, rest: int) -> None:
        lacking = (rest + 1) * self.width - len(self.table)
        if lacking > 0:
            more: NDArray[Any] = np.full(max(lacking, len(self.table)), _UNMET, np.intp)
            self.table = np.concatenate((self.table, more))


class _Rests:
    """Reduced diagrams over what is not known; each only once, numbered from the nodes of the diagram on."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.root = diagram.root
        self.base = diagram.first + len(diagram.nodes)
        self._untested = [diagram.depth(number) for number in range(self.base)]
        #: The depth of the item that each tests, and what follows each of its options.
        self.parts: list[tuple[int, tuple[int, ...]]] = []
        self.made: dict[tuple[int, tuple[int, ...]], int] = {}
        #: By depth and code, what became of each rest: most rests have parts that others had before.
        self._stepped: dict[tuple[int, int], dict[int, int]] = {}

    @property
    def count(self) -> int:
        return len(self.parts)

    def after(self, depth: int, rest: int, code: int) -> int:
        """The rest once the item at a depth has been given a response, or is left not known where code is 0."""
        return self._step(depth, code, rest, self._stepped.setdefault((depth, code), {}))

    def untested(self, number: int) -> int:
        """The depth of the first item that is still to be tested."""
        return self._untested[number]

    def _step(self, depth: int, code: int, number: int, known: dict[int, int]) -> int:
        if self._untested[number] > depth:
            return number
        if number not in known:
            known[number] = self._after(depth, code, number, known)
        return known[number]

    def _after(self, depth: int, code: int, number: int, known: dict[int, int]) -> int:
        if number >= self.base:
            tested, parts = self.parts[number - self.base]
            return self._make(tested, tuple([self._step(depth, code, part, known) for part in parts]))
        children = self.diagram.node(number)[1]
        return children[code - 1] if code else self._make(depth, children)

    def _make(self, tested: int, parts: tuple[int, ...]) -> int:
        if parts.count(parts[0]) == len(parts):
            return parts[0]
        if (tested, parts) not in self.made:
            self.made[tested, parts] = self.base + len(self.parts)
            self.parts.append((tested, parts))
            self._untested.append(min(map(self.untested, parts)))
        return self.made[tested, parts]

    def nodes(self, rest: int) -> dict[int, tuple[str, tuple[int, ...]]]:
        """A rest that tests no item twice, node by node, each after those it leads to."""
        found: dict[int, tuple[str, tuple[int, ...]]] = {}

        def visit(number: int) -> None:
            if number >= self.base and number not in found:
                tested, parts = self.parts[number - self.base]
                for part in parts:
                    visit(part)
                found[number] = (self.diagram.order[tested], parts)

        visit(rest)
        return found
