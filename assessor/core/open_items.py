"""The items without a known response that can still change the placement, and how much each would tell.

The diagram is reduced to the known responses; an item matters exactly when the reduced diagram tests it. What an item
tells is the Shannon entropy, in bits, that its response removes on average. Beforehand every placement is taken as
equally likely and, within it, every combination of responses: counted by combinations alone, the rules with the most
conditions would hardly ever be asked about.
"""

from collections.abc import Mapping
from functools import cached_property
from math import log2
from typing import Final

from assessor.core.diagram import Diagram, walk
from assessor.core.instrument import Instrument
from assessor.core.verdict import OpenItem

#: What is left of a diagram: by number, the item that a node tests and what follows each of its options; a node comes
#: after those it leads to, and ends keep their numbers.
ResidualNodes = Mapping[int, tuple[str, tuple[int, ...]]]

#: Below it a mass is what rounding left of nothing.
_NO_MASS: Final = 1e-15


class _Residual:
    """What is left of a diagram once some responses are known.

    `masses` may hold those of nodes met in other residuals of the same numbering, and is added to.
    """

    def __init__(
        self, diagram: Diagram, nodes: ResidualNodes, root: int, masses: dict[int, list[float]] | None = None
    ) -> None:
        self.diagram, self.nodes, self.root = diagram, nodes, root
        self._masses = {} if masses is None else masses

    @cached_property
    def placement_masses(self) -> Mapping[int, list[float]]:
        """For each node, the chance of each placement there times the placement's weight."""
        masses = self._masses
        if not masses:
            weights = self.diagram.placement_weights
            masses |= {end: [weight * (end == at) for at, weight in enumerate(weights)] for end in range(len(weights))}
        for number, (_, children) in self.nodes.items():
            if number not in masses:
                count = len(children)
                rows = [masses[child] for child in children]
                masses[number] = [sum(column) / count for column in zip(*rows, strict=True)]
        return masses

    @cached_property
    def reach_chances(self) -> dict[int, float]:
        """For each node, the chance of passing through it."""
        chances = dict.fromkeys(self.nodes, 0.0)
        chances[self.root] = 1.0
        for number, (_, children) in reversed(list(self.nodes.items())):
            share = chances[number] / len(children)
            for child in children:
                if child in chances:
                    chances[child] += share
        return chances


class _Restriction:
    """Reduces a diagram to what is left of it once some responses are known."""

    def __init__(self, diagram: Diagram, known: Mapping[str, str]) -> None:
        self.diagram, self.known = diagram, known
        self.nodes: dict[int, tuple[str, tuple[int, ...]]] = {}
        self.unique_table: dict[tuple[str, tuple[int, ...]], int] = {}
        self.reduced_nodes: dict[int, int] = {}

    def residual(self) -> _Residual:
        root = self.reduce_node(self.diagram.root)
        return _Residual(self.diagram, self.nodes, root)

    def tested_items(self, number: int) -> set[str]:
        """The items that a node still depends on."""
        self.reduce_node(number)
        return {item for item, _ in self.nodes.values()}

    def reduce_node(self, number: int) -> int:
        if number < self.diagram.first_inner_id:
            return number
        if number not in self.reduced_nodes:
            self.reduced_nodes[number] = self._reduce_inner(*self.diagram.node(number))
        return self.reduced_nodes[number]

    def _reduce_inner(self, depth: int, children: tuple[int, ...]) -> int:
        """The reduced node: the child for a known response, else a node over the reduced children, each only once."""
        item = self.diagram.order[depth]
        response = self.known.get(item)
        if response is not None:
            return self.reduce_node(children[self.diagram.options[item].index(response)])
        reduced = tuple([self.reduce_node(child) for child in children])
        if reduced.count(reduced[0]) == len(reduced):
            return reduced[0]
        node = (item, reduced)
        if node not in self.unique_table:
            number = self.unique_table[node] = self.diagram.first_inner_id + len(self.nodes)
            self.nodes[number] = node
        return self.unique_table[node]


def open_items(instrument: Instrument, known: Mapping[str, str]) -> tuple[OpenItem, ...]:
    """The items that can still change the placement, most informative first, ties in the instrument's order."""
    start = instrument.diagram.start
    gains = _information_gains(instrument, _Restriction(instrument.diagram, known).residual())
    return tuple(
        OpenItem(
            item=item,
            information_gain=gains[item],
            leads={option: walk(start, {**known, item: option}).ends for option in instrument.by_id[item].options},
        )
        for item in _rank_items(instrument, gains)
    )


def open_item_ids(instrument: Instrument, known: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of `open_items`, without the cost of where each option leads."""
    return _rank_items(instrument, _information_gains(instrument, _Restriction(instrument.diagram, known).residual()))


def deciding_shares(instrument: Instrument) -> dict[str, float]:
    """By item, the part of the doubt about the placement that its response alone removes, 0 to 1; the most first."""
    rest = _Restriction(instrument.diagram, {}).residual()
    gains = _information_gains(instrument, rest)
    doubt = _remaining_doubt([rest.placement_masses[rest.root]])
    return {item: gains[item] / doubt for item in _rank_items(instrument, gains)}


def residual_nodes(diagram: Diagram, known: Mapping[str, str]) -> tuple[ResidualNodes, int]:
    """What is left of a diagram once some responses are known, and the number that it begins at."""
    rest = _Restriction(diagram, known).residual()
    return rest.nodes, rest.root


def open_item_ids_of_residual(
    instrument: Instrument, nodes: ResidualNodes, root: int, masses: dict[int, list[float]]
) -> tuple[str, ...]:
    """As `open_item_ids`, for a caller that has the reduced diagram already.

    `masses` is empty at first and kept by the caller for as long as a number means the same node.
    """
    return _rank_items(instrument, _information_gains(instrument, _Residual(instrument.diagram, nodes, root, masses)))


def deciding_item_ids(instrument: Instrument, known: Mapping[str, str], item: str) -> set[str]:
    """The items without a known response that decide whether `item` applies."""
    diagram = instrument.applicability
    return _Restriction(diagram, known).tested_items(diagram.marks[item]) if item in diagram.marks else set()


def expected_items_left(diagram: Diagram, known: Mapping[str, str], asked: set[str]) -> float:
    """How many more items are asked on average until the placement is certain; those in `asked` do not count.

    Weighted as entropy is here: every placement is equally likely beforehand.
    """
    rest = _Restriction(diagram, known).residual()
    steps = {end: [0.0] * len(diagram.placements) for end in range(diagram.first_inner_id)}
    for number, (item, children) in rest.nodes.items():
        columns = zip(rest.placement_masses[number], *(steps[child] for child in children), strict=True)
        steps[number] = [(item not in asked) * here + sum(below) / len(children) for here, *below in columns]
    return sum(steps[rest.root]) / sum(rest.placement_masses[rest.root])


def _rank_items(instrument: Instrument, gains: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted((item.id for item in instrument.items if item.id in gains), key=lambda item: -gains[item]))


def _information_gains(instrument: Instrument, rest: _Residual) -> dict[str, float]:
    """By open item, the bits that its response removes on average; at least 0, rounded against noise."""
    if rest.root < instrument.diagram.first_inner_id:
        return {}
    doubt = _remaining_doubt([rest.placement_masses[rest.root]])
    return {
        item: max(0.0, round(doubt - _remaining_doubt(rows), 9)) for item, rows in _masses_by_option(rest).items()
    }


def _masses_by_option(rest: _Residual) -> dict[str, list[list[float]]]:
    """For each open item, the mass of each placement after each of its options."""
    masses, reached = rest.placement_masses, rest.reach_chances
    after: dict[str, list[list[float]]] = {}
    for number, (item, children) in rest.nodes.items():
        rows = after.get(item)
        if rows is None:
            rows = after[item] = [masses[rest.root] for _ in children]
        share, here = reached[number], masses[number]
        for position, child in enumerate(children):
            columns = zip(rows[position], masses[child], here, strict=True)
            rows[position] = [have + share * (to - at) for have, to, at in columns]
    return after


def _remaining_doubt(rows: list[list[float]]) -> float:
    """The entropy among the placements in bits, on average over the options whose masses the rows hold."""
    total = doubt = 0.0
    for row in rows:
        masses = [mass for mass in row if mass > _NO_MASS]
        whole = sum(masses)
        if whole:
            total += whole
            doubt += whole * log2(whole) - sum([mass * log2(mass) for mass in masses])
    return doubt / total if total else 0.0
