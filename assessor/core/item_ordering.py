"""A good order of the items for a diagram, found by sifting: each item is moved to where the diagram is smallest.

Rudell 1993, "Dynamic variable ordering for ordered binary decision diagrams", here for items of many options. Two
neighbours in the order are exchanged in place, which touches only the nodes of these two items, so that dozens of
orders are tried without compiling the rules again. Only `diagram.compile_rules` uses this.
"""

from collections.abc import Mapping, Sequence

#: Nodes visited while sifting; keeps the largest accepted instruments within a second or so.
MAX_VISITED_NODES = 150_000

#: An item is not moved further while the diagram has grown beyond this.
MAX_GROWTH = 1.5


def sift_order(
    order: tuple[str, ...],
    sizes: Mapping[str, int],
    nodes: Sequence[tuple[int, tuple[int, ...]]],
    base: int,
    root: int,
) -> tuple[str, ...]:
    """The order after every item was sifted once, the most tested first; node ids below `base` are ends.

    Stops early after `MAX_VISITED_NODES`; the order is then less good, never wrong.
    """
    table = _SiftingTable(order, sizes, nodes, base, root)
    for item in sorted(order, key=lambda item: -len(table.levels[item])):
        if table.visited > MAX_VISITED_NODES:
            break
        table.sift(item)
    return tuple(table.order)


class _SiftingTable:
    """The nodes of each item, with a count of the references to each, to drop a node once nothing leads to it."""

    def __init__(
        self,
        order: tuple[str, ...],
        sizes: Mapping[str, int],
        nodes: Sequence[tuple[int, tuple[int, ...]]],
        base: int,
        root: int,
    ) -> None:
        self.order, self.sizes, self.first_inner_id = list(order), sizes, base
        self.levels: dict[str, dict[tuple[int, ...], int]] = {item: {} for item in order}
        self.children: dict[int, tuple[int, ...]] = {}
        self.reference_counts: dict[int, int] = {}
        self.next_number, self.visited = base + len(nodes), 0
        self._load_nodes(nodes, root)

    def _load_nodes(self, nodes: Sequence[tuple[int, tuple[int, ...]]], root: int) -> None:
        """Enter the nodes that the root leads to, from the root down, as an id is larger than those below it."""
        self.reference_counts[root] = 1
        for number in range(self.next_number - 1, self.first_inner_id - 1, -1):
            if not self.reference_counts.get(number):
                continue
            depth, children = nodes[number - self.first_inner_id]
            self.levels[self.order[depth]][children] = number
            self.children[number] = children
            self._add_references(children, 1)

    def _add_references(self, children: tuple[int, ...], more: int) -> None:
        for child in children:
            if child >= self.first_inner_id:
                self.reference_counts[child] = self.reference_counts.get(child, 0) + more

    def size(self) -> int:
        return len(self.children)

    def sift(self, item: str) -> None:
        """Move the item to one end, then to the other, then to the best place seen."""
        start = at = self.order.index(item)
        best, place = self.size(), at
        last = len(self.order) - 1
        for end in (0, last) if at < last - at else (last, 0):
            step = 1 if end > at else -1
            while at != end:
                self.swap_with_next(min(at, at + step))
                at += step
                if self.size() < best:
                    best, place = self.size(), at
                if self.size() > MAX_GROWTH * best + 10 and (at < start) == (step < 0):
                    break
        while at != place:
            step = 1 if place > at else -1
            self.swap_with_next(min(at, at + step))
            at += step

    def swap_with_next(self, at: int) -> None:
        """Exchange the item at a position with the one after it.

        A node that tests both items is rewritten in place and keeps its number, so nothing above it changes.
        """
        upper, lower = self.order[at], self.order[at + 1]
        below = {number: children for children, number in self.levels[lower].items()}
        unaffected: dict[tuple[int, ...], int] = {}
        to_swap: list[int] = []
        for children, number in self.levels[upper].items():
            if any(child in below for child in children):
                to_swap.append(number)
            else:
                unaffected[children] = number
        self.visited += len(below) + len(unaffected) + 4 * len(to_swap)
        self.levels[upper] = unaffected
        swapped = {self._swap_node(number, below, upper, self.sizes[lower]): number for number in to_swap}
        for number, children in below.items():
            if self.reference_counts[number]:
                swapped[children] = number
            else:
                self._add_references(children, -1)
                del self.children[number], self.reference_counts[number]
        self.levels[lower] = swapped
        self.order[at], self.order[at + 1] = lower, upper

    def _swap_node(
        self, number: int, below: Mapping[int, tuple[int, ...]], upper: str, options: int
    ) -> tuple[int, ...]:
        """Rewrite a node to test the lower item first; the function it stands for stays the same."""
        old = self.children[number]
        new = tuple(
            self._find_or_add(upper, tuple(below[child][option] if child in below else child for child in old))
            for option in range(options)
        )
        self._add_references(new, 1)
        self._add_references(old, -1)
        self.children[number] = new
        return new

    def _find_or_add(self, item: str, children: tuple[int, ...]) -> int:
        """The node of an item with these children, made if there is none; the child itself where all are the same."""
        if children.count(children[0]) == len(children):
            return children[0]
        number = self.levels[item].get(children)
        if number is None:
            number, self.next_number = self.next_number, self.next_number + 1
            self.levels[item][children] = number
            self.children[number], self.reference_counts[number] = children, 0
            self._add_references(children, 1)
        return number
