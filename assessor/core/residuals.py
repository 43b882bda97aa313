"""What is left of a diagram once some responses are known, and how much each item there would tell.

An item matters exactly when the reduced diagram tests it. What an item tells is the Shannon entropy, in bits, that its
response removes on average. Beforehand every placement is taken as equally likely and, within it, every combination of
responses: counted by combinations alone, the rules with the most conditions would hardly ever be asked about.
"""

from collections.abc import Mapping
from functools import cached_property
from math import log2
from typing import Final

from assessor.core.diagram import Diagram

#: What is left of a diagram: by number, the item that a node tests and what follows each of its options; a node comes
#: after those it leads to, and ends keep their numbers.
ResidualNodes = Mapping[int, tuple[str, tuple[int, ...]]]

#: Below it a mass is what rounding left of nothing.
_NO_MASS: Final = 1e-15


class Residual:
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


def reduce_diagram(diagram: Diagram, known: Mapping[str, str]) -> Residual:
    """What is left of a diagram once the responses in `known` are given; none of them may be a don't know."""
    return _Restriction(diagram, known).residual()


def tested_items(diagram: Diagram, known: Mapping[str, str], number: int) -> set[str]:
    """The items that a node still depends on once some responses are known."""
    return _Restriction(diagram, known).tested_items(number)


class _Restriction:
    """Reduces a diagram to what is left of it once some responses are known."""

    def __init__(self, diagram: Diagram, known: Mapping[str, str]) -> None:
        self.diagram, self.known = diagram, known
        self.nodes: dict[int, tuple[str, tuple[int, ...]]] = {}
        self.unique_table: dict[tuple[str, tuple[int, ...]], int] = {}
        self.reduced_nodes: dict[int, int] = {}

    def residual(self) -> Residual:
        root = self.reduce_node(self.diagram.root)
        return Residual(self.diagram, self.nodes, root)

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


def information_gains(rest: Residual) -> dict[str, float]:
    """By open item, the bits that its response removes on average; at least 0, rounded against noise."""
    if rest.root < rest.diagram.first_inner_id:
        return {}
    doubt = remaining_doubt([rest.placement_masses[rest.root]])
    return {item: max(0.0, round(doubt - remaining_doubt(rows), 9)) for item, rows in _masses_by_option(rest).items()}


def _masses_by_option(rest: Residual) -> dict[str, list[list[float]]]:
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


def remaining_doubt(rows: list[list[float]]) -> float:
    """The entropy among the placements in bits, on average over the options whose masses the rows hold."""
    total = doubt = 0.0
    for row in rows:
        masses = [mass for mass in row if mass > _NO_MASS]
        whole = sum(masses)
        if whole:
            total += whole
            doubt += whole * log2(whole) - sum([mass * log2(mass) for mass in masses])
    return doubt / total if total else 0.0
