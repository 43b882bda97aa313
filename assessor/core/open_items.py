"""Which items without a known response still matter, and how much each would tell.

The diagram is cut down to the known responses; an item matters exactly when the reduced rest tests it.
Doubt is Shannon's entropy, in bits, over the placements of all completions, each option taken as equally likely.
"""

from collections.abc import Mapping
from math import log2

from assessor.core.diagram import Diagram, walk
from assessor.core.instrument import Instrument
from assessor.core.verdict import OpenItem


class _Rest:
    """What is left of a diagram once some responses are known: node ids to (item, children), ends below `first`."""

    def __init__(self, diagram: Diagram, known: Mapping[str, str]) -> None:
        self.diagram, self.known = diagram, known
        self.nodes: dict[int, tuple[str, tuple[int, ...]]] = {}
        self.made: dict[tuple[str, tuple[int, ...]], int] = {}
        self.cut: dict[int, int] = {}
        self.root = self.reduce(diagram.root)

    def reduce(self, number: int) -> int:
        if number < self.diagram.first:
            return number
        if number not in self.cut:
            self.cut[number] = self._reduce(*self.diagram.node(number))
        return self.cut[number]

    def _reduce(self, depth: int, children: tuple[int, ...]) -> int:
        item = self.diagram.order[depth]
        response = self.known.get(item)
        if response is not None:
            return self.reduce(children[self.diagram.options[item].index(response)])
        reduced = tuple([self.reduce(child) for child in children])
        if reduced.count(reduced[0]) == len(reduced):
            return reduced[0]
        node = (item, reduced)
        if node not in self.made:
            number = self.made[node] = self.diagram.first + len(self.nodes)
            self.nodes[number] = node
        return self.made[node]

    def chances(self) -> dict[int, list[float]]:
        """For each node, the chance of each placement."""
        ends = len(self.diagram.placements)
        found = {end: [float(end == at) for at in range(ends)] for end in range(ends)}
        for number, (_, children) in self.nodes.items():
            rows = [found[child] for child in children]
            found[number] = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        return found

    def reached(self) -> dict[int, float]:
        """For each node, the chance of passing through it."""
        found = dict.fromkeys(self.nodes, 0.0)
        found[self.root] = 1.0
        for number, (_, children) in reversed(self.nodes.items()):
            for child in children:
                if child in found:
                    found[child] += found[number] / len(children)
        return found


def open_items(instrument: Instrument, known: Mapping[str, str]) -> tuple[OpenItem, ...]:
    """The items that can still change the placement, most telling first, then in the instrument's order."""
    start = instrument.diagram.start
    tells = _tells(instrument, known)
    return tuple(
        OpenItem(
            item=item,
            tells=tells[item],
            leads={
                option: walk(start, {**known, item: option}).ends for option in instrument.by_id[item].options
            },
        )
        for item in _ranked(instrument, tells)
    )


def open_ids(instrument: Instrument, known: Mapping[str, str]) -> tuple[str, ...]:
    """As `open_items`, the ids only."""
    return _ranked(instrument, _tells(instrument, known))


def steps_left(diagram: Diagram, known: Mapping[str, str], asked: set[str]) -> float:
    """How many more items are tested on average until the placement is certain; those in `asked` cost nothing."""
    rest = _Rest(diagram, known)
    steps = dict.fromkeys(range(diagram.first), 0.0)
    for number, (item, children) in rest.nodes.items():
        steps[number] = (item not in asked) + sum(steps[child] for child in children) / len(children)
    return steps[rest.root]


def _ranked(instrument: Instrument, tells: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted((item.id for item in instrument.items if item.id in tells), key=lambda item: -tells[item]))


def _tells(instrument: Instrument, known: Mapping[str, str]) -> dict[str, float]:
    """Bits of doubt that each open item's response removes on average; at least 0, rounded against noise."""
    rest = _Rest(instrument.diagram, known)
    if rest.root < instrument.diagram.first:
        return {}
    chances, reached = rest.chances(), rest.reached()
    whole = chances[rest.root]
    told: dict[str, list[list[float]]] = {}
    for number, (item, children) in rest.nodes.items():
        rows = told.setdefault(item, [list(whole) for _ in children])
        share, here = reached[number], chances[number]
        for row, child in zip(rows, children, strict=True):
            row[:] = [have + share * (to - at) for have, to, at in zip(row, chances[child], here, strict=True)]
    doubt = _doubt(whole)
    return {
        item: max(0.0, round(doubt - sum(map(_doubt, rows)) / len(rows), 9)) for item, rows in told.items()
    }


def _doubt(chances: list[float]) -> float:
    return -sum(chance * log2(chance) for chance in chances if chance > 1e-15)
