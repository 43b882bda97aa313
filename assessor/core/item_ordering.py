"""A good order of the items for a diagram, found by sifting: each item is moved to where the diagram is smallest.

Rudell 1993, "Dynamic variable ordering for ordered binary decision diagrams", here for items of many options.
Moving is done by exchanging neighbours in place, which touches only the nodes of two items.
"""

from collections.abc import Mapping, Sequence

#: Nodes visited while sifting; keeps the largest accepted instruments within a second or so.
BUDGET = 150_000

#: An item is not moved further while the diagram has grown beyond this.
GROWTH = 1.5


def sifted(
    order: tuple[str, ...],
    sizes: Mapping[str, int],
    nodes: Sequence[tuple[int, tuple[int, ...]]],
    base: int,
    root: int,
) -> tuple[str, ...]:
    """The order with every item sifted once, the most tested first; ids below `base` are ends."""
    table = _Table(order, sizes, nodes, base, root)
    for item in sorted(order, key=lambda item: -len(table.levels[item])):
        if table.visited > BUDGET:
            break
        table.sift(item)
    return tuple(table.order)


class _Table:
    """The nodes of each item, with how many nodes lead to each."""

    def __init__(
        self,
        order: tuple[str, ...],
        sizes: Mapping[str, int],
        nodes: Sequence[tuple[int, tuple[int, ...]]],
        base: int,
        root: int,
    ) -> None:
        self.order, self.sizes, self.base = list(order), sizes, base
        self.levels: dict[str, dict[tuple[int, ...], int]] = {item: {} for item in order}
        self.children: dict[int, tuple[int, ...]] = {}
        self.uses: dict[int, int] = {}
        self.next, self.visited = base + len(nodes), 0
        self._take(nodes, root)

    def _take(self, nodes: Sequence[tuple[int, tuple[int, ...]]], root: int) -> None:
        self.uses[root] = 1
        for number in range(self.next - 1, self.base - 1, -1):
            if not self.uses.get(number):
                continue
            depth, children = nodes[number - self.base]
            self.levels[self.order[depth]][children] = number
            self.children[number] = children
            self._use(children, 1)

    def _use(self, children: tuple[int, ...], more: int) -> None:
        for child in children:
            if child >= self.base:
                self.uses[child] = self.uses.get(child, 0) + more

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
                self.exchange(min(at, at + step))
                at += step
                if self.size() < best:
                    best, place = self.size(), at
                if self.size() > GROWTH * best + 10 and (at < start) == (step < 0):
                    break
        while at != place:
            step = 1 if place > at else -1
            self.exchange(min(at, at + step))
            at += step

    def exchange(self, at: int) -> None:
        """Exchange the item at a position with the one below it."""
        upper, lower = self.order[at], self.order[at + 1]
        below = {number: children for children, number in self.levels[lower].items()}
        stay: dict[tuple[int, ...], int] = {}
        turn: list[int] = []
        for children, number in self.levels[upper].items():
            if any(child in below for child in children):
                turn.append(number)
            else:
                stay[children] = number
        self.visited += len(below) + len(stay) + 4 * len(turn)
        self.levels[upper] = stay
        turned = {self._turn(number, below, upper, self.sizes[lower]): number for number in turn}
        for number, children in below.items():
            if self.uses[number]:
                turned[children] = number
            else:
                self._use(children, -1)
                del self.children[number], self.uses[number]
        self.levels[lower] = turned
        self.order[at], self.order[at + 1] = lower, upper

    def _turn(self, number: int, below: Mapping[int, tuple[int, ...]], upper: str, options: int) -> tuple[int, ...]:
        """Let a node test the lower item first; its function stays what it was."""
        old = self.children[number]
        new = tuple(
            self._make(upper, tuple(below[child][option] if child in below else child for child in old))
            for option in range(options)
        )
        self._use(new, 1)
        self._use(old, -1)
        self.children[number] = new
        return new

    def _make(self, item: str, children: tuple[int, ...]) -> int:
        if children.count(children[0]) == len(children):
            return children[0]
        found = self.levels[item].get(children)
        if found is None:
            found, self.next = self.next, self.next + 1
            self.levels[item][children] = found
            self.children[found], self.uses[found] = children, 0
            self._use(children, 1)
        return found
