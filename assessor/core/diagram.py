"""Rules compiled into a reduced ordered decision diagram: one node tests one item, one edge per option.

Equal sub-diagrams are one node, so every question about all combinations of responses is a walk over a few
dozen nodes. With "not known" as one more edge (a state is the set of nodes one may be in) the same walk gives
the exact set of placements still possible.

Literature: Bryant 1986 (reduced ordered diagrams); Srinivasan, Ham, Malik and Brayton 1990 (many-valued ones);
Rudell 1993 (sifting, in `core.item_ordering`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not, items_in
from assessor.core.item_ordering import sift_order
from assessor.core.responses import DONT_KNOW
from assessor.errors import RulesTooLarge

#: More nodes than this and the rules are refused: some 2 s and 100 MB on a small machine.
MAX_NODES = 20_000

#: A node: the position of its item in the order, and the node that each option leads to.
Node = tuple[int, tuple[int, ...]]


class State:
    """A point of a walk through the diagram with some responses unknown.

    At `item` while there is one. At an end `item` is None and `ends` holds what is possible: placement ids, best level
    first, or False and True for a mark.
    """

    __slots__ = ("edges", "ends", "item", "nodes")

    def __init__(self, nodes: frozenset[int], item: str | None, edges: "_Edges", ends: tuple[Any, ...]) -> None:
        self.nodes, self.item, self.edges, self.ends = nodes, item, edges, ends


class _Edges(dict[str | None, State]):
    """Response to next state, each computed when first followed; None and `DONT_KNOW` lead to the same state."""

    def __init__(self, follow: Callable[[str | None], State]) -> None:
        self.follow = follow

    def __missing__(self, response: str | None) -> State:
        return self.setdefault(response, self.follow(response))


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """The compiled rules of one instrument, with its marks and signals beside them.

    Node ids below `len(placements)` are the placements, the next two are no and yes (ends of marks), the
    others index `nodes` after these; an id is always larger than those it leads to.
    """

    #: Item ids in the order they are tested.
    order: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    #: Placement ids, best level first.
    placements: tuple[str, ...]
    nodes: tuple[Node, ...]
    root: int
    #: Mark or signal id to its node.
    marks: Mapping[str, int]
    _states: dict[frozenset[int], State] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def start(self) -> State:
        """The state before any response."""
        return self._state_for(frozenset((self.root,)))

    @cached_property
    def mark_starts(self) -> Mapping[str, State]:
        """The state before any response, for each mark and signal."""
        return {mark: self._state_for(frozenset((node,))) for mark, node in self.marks.items()}

    @property
    def first_inner_id(self) -> int:
        """The id of the first node that is no end."""
        return len(self.placements) + 2

    def node(self, number: int) -> Node:
        """The node of an id at or above `first_inner_id`."""
        return self.nodes[number - self.first_inner_id]

    def depth(self, number: int) -> int:
        """The position of a node's item in the order; the length of the order at an end."""
        return self.nodes[number - self.first_inner_id][0] if number >= self.first_inner_id else len(self.order)

    def possible_placements(self, responses: Mapping[str, str]) -> tuple[str, ...]:
        """The exact set of placements that some completion of the responses reaches, best level first."""
        return walk(self.start, responses).ends

    def counts_by_placement(self) -> dict[str, int]:
        """How many of all combinations of responses lead to each placement."""
        counts = self._counts_by_node()
        above = self._count_combinations(0, self.depth(self.root))
        return {placement: count * above for placement, count in zip(self.placements, counts[self.root], strict=True)}

    @cached_property
    def placement_weights(self) -> tuple[float, ...]:
        """Factors by which a placement's combinations count, so that all placements are equally likely beforehand."""
        total = self.count_combinations()
        return tuple(total / count if count else 0.0 for count in self.counts_by_placement().values())

    def count_combinations(self) -> int:
        """How many combinations of responses there are."""
        return self._count_combinations(0, len(self.order))

    def to_plain(self) -> dict[str, Any]:
        """Lists, texts and numbers only, for the cache; `from_plain` gives the diagram back."""
        return {
            "order": list(self.order),
            "options": {item: list(options) for item, options in self.options.items()},
            "placements": list(self.placements),
            "nodes": [[depth, list(children)] for depth, children in self.nodes],
            "root": self.root,
            "marks": dict(self.marks),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Diagram":
        """The diagram that `to_plain` was called on."""
        return cls(
            order=tuple(plain["order"]),
            options={item: tuple(options) for item, options in plain["options"].items()},
            placements=tuple(plain["placements"]),
            nodes=tuple((depth, tuple(children)) for depth, children in plain["nodes"]),
            root=plain["root"],
            marks=dict(plain["marks"]),
        )

    def _count_combinations(self, start: int, stop: int) -> int:
        total = 1
        for item in self.order[start:stop]:
            total *= len(self.options[item])
        return total

    def _counts_by_node(self) -> list[tuple[int, ...]]:
        """For each node, the combinations of the items from its own on that lead to each placement."""
        ends = len(self.placements)
        counts = [tuple(int(end == at) for at in range(ends)) for end in range(ends)] + [(0,) * ends] * 2
        for depth, children in self.nodes:
            total = [0] * ends
            for child in children:
                skipped = self._count_combinations(depth + 1, self.depth(child))
                total = [have + skipped * more for have, more in zip(total, counts[child], strict=True)]
            counts.append(tuple(total))
        return counts

    def _state_for(self, nodes: frozenset[int]) -> State:
        """The state of being at one of these nodes, the same object at each call."""
        if nodes not in self._states:
            self._states[nodes] = (
                self._end_state(nodes) if max(nodes) < self.first_inner_id else self._inner_state(nodes)
            )
        return self._states[nodes]

    def _end_state(self, nodes: frozenset[int]) -> State:
        values = (*self.placements, False, True)
        state = State(nodes, None, _Edges(lambda _: state), tuple(values[node] for node in sorted(nodes)))
        return state

    def _inner_state(self, nodes: frozenset[int]) -> State:
        """A state that tests the first item any of its nodes tests; nodes that test a later one wait unchanged."""
        depth = min(self.depth(node) for node in nodes)
        item = self.order[depth]
        tested = [self.node(node)[1] for node in nodes if self.depth(node) == depth]
        stay = frozenset(node for node in nodes if self.depth(node) != depth)

        def follow(response: str | None) -> State:
            if response is None or response == DONT_KNOW:
                return self._state_for(stay.union(*tested))
            index = self.options[item].index(response)
            return self._state_for(stay.union(children[index] for children in tested))

        return State(nodes, item, _Edges(follow), ())


def walk(state: State, responses: Mapping[str, str]) -> State:
    """The end reached from a state; a missing response is unknown. Raises ValueError for one that is no option."""
    get = responses.get
    while (item := state.item) is not None:
        state = state.edges[get(item)]
    return state


def compile_rules(
    name: str,
    options: Mapping[str, tuple[str, ...]],
    when: Mapping[str, Condition],
    outcomes: tuple[tuple[str, Condition | None], ...],
    marks: Mapping[str, Condition],
    placements: tuple[str, ...],
) -> Diagram:
    """Compile outcomes, tried in order, and marks into a diagram.

    `placements` are the outcomes' ids, best level first; the last outcome has no condition. A response to an item
    counts only while the item's `when` holds. The order of the items is chosen here: three orders are tried, the best
    is sifted. Raises `RulesTooLarge` where none of them keeps the diagram within `MAX_NODES`.
    """
    attempts = [
        _try_build(options, order, when, outcomes, placements) for order in _candidate_orders(options, when, outcomes)
    ]
    if not any(root is not None for _, root in attempts):
        raise attempts[0][0].too_large(name)
    first, root = min(
        ((b, r) for b, r in attempts if r is not None),
        key=lambda attempt: len(attempt[0].reachable_nodes((attempt[1],))),
    )
    sizes = {item: len(found) for item, found in options.items()}
    sifted = sift_order(first.order, sizes, first.nodes, first.first_inner_id, root)
    builders = [_DiagramBuilder(options, order, when, placements) for order in (sifted, first.order)]
    for builder in builders:
        with suppress(_DiagramFull):
            return builder.build_diagram(builder.outcomes_root(outcomes), builder.condition_nodes_by_id(marks))
    raise builders[0].too_large(name)


def compile_conditions(
    name: str,
    options: Mapping[str, tuple[str, ...]],
    when: Mapping[str, Condition],
    conditions: Mapping[str, Condition],
) -> Diagram:
    """Compile conditions alone: the marks of a diagram without placements, whose order is that of `options`.

    As in `compile_rules`, a response counts only while its item's `when` holds. Raises `RulesTooLarge`.
    """
    builder = _DiagramBuilder(options, tuple(options), when, ())
    try:
        return builder.build_diagram(builder.false_node, builder.condition_nodes_by_id(conditions))
    except _DiagramFull:
        raise builder.too_large(name) from None


def _try_build(
    options: Mapping[str, tuple[str, ...]],
    order: tuple[str, ...],
    when: Mapping[str, Condition],
    outcomes: tuple[tuple[str, Condition | None], ...],
    placements: tuple[str, ...],
) -> tuple["_DiagramBuilder", int | None]:
    """The builder with the root of the outcomes, or None where they did not fit."""
    builder = _DiagramBuilder(options, order, when, placements)
    try:
        return builder, builder.outcomes_root(outcomes)
    except _DiagramFull:
        return builder, None


def _candidate_orders(
    options: Mapping[str, tuple[str, ...]],
    when: Mapping[str, Condition],
    outcomes: tuple[tuple[str, Condition | None], ...],
) -> Iterator[tuple[str, ...]]:
    """Orders worth a try: as the rules mention the items, the most mentioned first, as the bank lists them."""
    mentioned = [item for _, condition in outcomes for item in items_in(condition)]
    mentioned = [mention for item in mentioned for mention in (*items_in(when.get(item)), item)]
    by_frequency = sorted(options, key=lambda item: -mentioned.count(item))
    return iter(dict.fromkeys((tuple(dict.fromkeys((*mentioned, *options))), tuple(by_frequency), tuple(options))))


class _DiagramFull(Exception):
    """`MAX_NODES` is reached; another order may still fit."""


class _DiagramBuilder:
    """Builds the nodes of a diagram in one order, each only once."""

    def __init__(
        self,
        options: Mapping[str, tuple[str, ...]],
        order: tuple[str, ...],
        when: Mapping[str, Condition],
        placements: tuple[str, ...],
    ) -> None:
        self.options, self.order, self.when, self.placements = options, order, when, placements
        self.positions = {item: at for at, item in enumerate(order)}
        self.false_node, self.true_node = len(placements), len(placements) + 1
        self.first_inner_id = len(placements) + 2
        self.nodes: list[Node] = []
        self.unique_table: dict[Node, int] = {}
        self.ite_cache: dict[tuple[int, int, int], int] = {}
        self.condition_nodes: dict[Condition, int] = {}

    def make_node(self, depth: int, children: tuple[int, ...]) -> int:
        """The node with these children, made once; the child itself where all are the same. Raises `_DiagramFull`."""
        if children.count(children[0]) == len(children):
            return children[0]
        node = (depth, children)
        number = self.unique_table.get(node)
        if number is None:
            if len(self.nodes) >= MAX_NODES:
                raise _DiagramFull
            number = self.unique_table[node] = self.first_inner_id + len(self.nodes)
            self.nodes.append(node)
        return number

    def if_then_else(self, test: int, then: int, other: int) -> int:
        """`then` where `test` holds, `other` where it does not."""
        if test == self.true_node or then == other:
            return then
        if test == self.false_node:
            return other
        if then == self.true_node and other == self.false_node:
            return test
        key = (test, then, other)
        node = self.ite_cache.get(key)
        if node is None:
            depth = min(self.depth(test), self.depth(then), self.depth(other))
            parts = zip(*(self.cofactors(operand, depth) for operand in key), strict=True)
            node = self.ite_cache[key] = self.make_node(depth, tuple(self.if_then_else(*part) for part in parts))
        return node

    def depth(self, node: int) -> int:
        return self.nodes[node - self.first_inner_id][0] if node >= self.first_inner_id else len(self.order)

    def cofactors(self, node: int, depth: int) -> tuple[int, ...]:
        """What a node leads to for each option of the item at this depth; itself where it does not test that item."""
        if self.depth(node) == depth:
            return self.nodes[node - self.first_inner_id][1]
        return (node,) * len(self.options[self.order[depth]])

    def outcomes_root(self, outcomes: tuple[tuple[str, Condition | None], ...]) -> int:
        """The node that leads to the first outcome whose condition holds."""
        *ruled, (last, _) = outcomes
        node = self.placements.index(last)
        for placement, condition in reversed(ruled):
            holds = self.true_node if condition is None else self.condition_node(condition)
            node = self.if_then_else(holds, self.placements.index(placement), node)
        return node

    def condition_node(self, condition: Condition) -> int:
        if condition not in self.condition_nodes:
            self.condition_nodes[condition] = self._compile_condition(condition)
        return self.condition_nodes[condition]

    def condition_nodes_by_id(self, conditions: Mapping[str, Condition]) -> dict[str, int]:
        return {id: self.condition_node(condition) for id, condition in conditions.items()}

    def _compile_condition(self, condition: Condition) -> int:
        match condition:
            case ItemIs():
                return self._item_node(condition)
            case Not():
                return self.if_then_else(self.condition_node(condition.part), self.false_node, self.true_node)
            case AllOf():
                return self._at_least_node(len(condition.parts), condition.parts)
            case AnyOf():
                return self._at_least_node(1, condition.parts)
            case AtLeast():
                return self._at_least_node(condition.count, condition.parts)

    def _item_node(self, condition: ItemIs) -> int:
        """True for these options, and only while the item applies: an answer kept from another route is no answer."""
        ends = tuple(
            self.true_node if option in condition.options else self.false_node
            for option in self.options[condition.item]
        )
        node = self.make_node(self.positions[condition.item], ends)
        applies = self.when.get(condition.item)
        return node if applies is None else self.if_then_else(self.condition_node(applies), node, self.false_node)

    def _at_least_node(self, count: int, parts: tuple[Condition, ...]) -> int:
        """True where at least `count` of the parts hold.

        Row k is the node for "k of the parts from here on"; rows are filled from the last part to the first.
        """
        rows = [self.true_node] + [self.false_node] * count
        for part in reversed(parts):
            holds = self.condition_node(part)
            rows = [self.true_node] + [self.if_then_else(holds, rows[k - 1], rows[k]) for k in range(1, count + 1)]
        return rows[count]

    def reachable_nodes(self, roots: Iterable[int]) -> list[int]:
        """The inner nodes that these roots lead to, in rising order."""
        seen: set[int] = set()
        waiting = [root for root in roots if root >= self.first_inner_id]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(
                    child for child in self.nodes[node - self.first_inner_id][1] if child >= self.first_inner_id
                )
        return sorted(seen)

    def most_tested_items(self) -> list[str]:
        """The items tested by most nodes, the largest first."""
        depths = [depth for depth, _ in self.nodes]
        return sorted(self.order, key=lambda item: -depths.count(self.positions[item]))[:5]

    def too_large(self, name: str) -> RulesTooLarge:
        return RulesTooLarge(instrument=name, limit=MAX_NODES, items=", ".join(self.most_tested_items()))

    def build_diagram(self, root: int, marks: Mapping[str, int]) -> Diagram:
        """The finished diagram, numbered anew without the nodes that nothing leads to."""
        reachable = self.reachable_nodes((root, *marks.values()))
        number = {end: end for end in range(self.first_inner_id)} | {
            old: self.first_inner_id + at for at, old in enumerate(reachable)
        }
        nodes = (self.nodes[old - self.first_inner_id] for old in reachable)
        return Diagram(
            order=self.order,
            options=dict(self.options),
            placements=self.placements,
            nodes=tuple((depth, tuple(number[child] for child in children)) for depth, children in nodes),
            root=number[root],
            marks={mark: number[node] for mark, node in marks.items()},
        )
