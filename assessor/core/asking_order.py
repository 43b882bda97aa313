"""In which order short mode asks the items that can still change the placement.

First the item of whose options the greatest part settles the placement at once; among equals, the one after which the
fewest items stay open on average, every option counted alike. What an item tells (`core.open_items`) would ask first
what parts the placements best and then needs many more to be certain; this ends sooner.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from assessor.core.diagram import Diagram
from assessor.core.residuals import ResidualNodes, reduce_diagram

#: Sets of responses whose order is remembered: a few MB.
_MOST_REMEMBERED: Final = 10_000


class SettlingOrders:
    """The orders worked out for one diagram, remembered: a nation begins with the same few responses.

    `items` are all items, in the order by which ties are settled.
    """

    def __init__(self, diagram: Diagram, items: Iterable[str]) -> None:
        self.diagram, self.items = diagram, tuple(items)
        self._remembered: dict[frozenset[tuple[str, str]], tuple[str, ...]] = {}

    def order(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """The ids of the items still open, the one to ask first at the front; ties in the order of `items`."""
        key = frozenset(known.items())
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = _settling_order(self.diagram, self.items, known)
        return found


def _settling_order(diagram: Diagram, items: tuple[str, ...], known: Mapping[str, str]) -> tuple[str, ...]:
    rest = reduce_diagram(diagram, known)
    nodes, root = rest.nodes, rest.root
    tested = {item for item, _ in nodes.values()}
    costs = {item: _cost(nodes, root, item, len(diagram.options[item])) for item in tested}
    return tuple(sorted(filter(costs.__contains__, items), key=costs.__getitem__))


def _cost(nodes: ResidualNodes, root: int, item: str, options: int) -> tuple[float, float]:
    """The part of the item's options after which the placement is still open, and the items open then on average."""
    still_open = [_open_after(nodes, root, item, option) for option in range(options)]
    return sum(left > 0 for left in still_open) / options, sum(still_open) / options


def _open_after(nodes: ResidualNodes, root: int, item: str, option: int) -> int:
    """How many items are still open once the response to an item is its option at that place."""
    reduced, kept, unique = dict[int, int](), dict[int, tuple[str, tuple[int, ...]]](), dict[object, int]()
    for number, (tested, children) in nodes.items():
        below = tuple(reduced.get(child, child) for child in children)
        if tested == item:
            reduced[number] = below[option]
        elif below.count(below[0]) == len(below):
            reduced[number] = below[0]
        else:
            reduced[number] = unique.setdefault((tested, below), number)
            kept[number] = (tested, below)
    return len(_tested_below(kept, reduced.get(root, root)))


def _tested_below(nodes: Mapping[int, tuple[str, tuple[int, ...]]], root: int) -> set[str]:
    """The items tested at a node or below it."""
    tested, seen, ahead = set[str](), set[int](), [root]
    while ahead:
        number = ahead.pop()
        if number in nodes and number not in seen:
            seen.add(number)
            item, children = nodes[number]
            tested.add(item)
            ahead += children
    return tested
