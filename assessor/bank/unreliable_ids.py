"""Which ids of an instrument are in doubt because of its own problems.

What other files say about those is not compared: one slip in instrument.yaml would come back from every file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.bank.problems import BankProblems, Located
from assessor.bank.yaml_nodes import InvalidNode, ListNode, MapNode, Node, as_map, get_node, list_parts, scalar_text

_Positions = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class UnreliableIds:
    """Ids that cannot be relied upon."""

    #: Sections of the instrument whose list of ids is in doubt.
    sections: frozenset[str] = frozenset()
    #: Items whose options, efforts or slips are.
    items: frozenset[str] = frozenset()


def find_unreliable_ids(root: Node, problems: BankProblems) -> UnreliableIds:
    """What the problems of an instrument put in doubt."""
    told = {(problem.place.line, problem.place.column) for problem in problems.found}
    top = as_map(root)
    misspelt = any(_position(key) in told for key in top.keys.values())
    unread = any(isinstance(node, InvalidNode) for node in (root, *top.values.values()))
    sections = {
        "items": _has_id_problem(get_node(root, "items"), told),
        "placements": _has_id_problem(get_node(root, "outcomes"), told)
        or _has_problem_within(get_node(root, "levels"), told),
        "marks": _has_id_problem(get_node(root, "marks"), told),
        "signals": _has_id_problem(get_node(root, "signals"), told),
        "gains": _has_problem_within(get_node(root, "gains"), told),
    }
    items = (node for node in list_parts(get_node(root, "items")) if _has_problem_within(node, told))
    return UnreliableIds(
        frozenset(name for name, doubted in sections.items() if doubted or misspelt or unread or not top.keys),
        frozenset(scalar_text(get_node(node, "id")) for node in items),
    )


def _has_id_problem(section: Node | None, told: _Positions) -> bool:
    """Whether a problem stands at the list, at an id in it, or where an id is lacking."""
    places = [section] if section else []
    for node in list_parts(section):
        places += [node, *list(as_map(node).keys.values())[:1]]
        places += [value for key, value in as_map(node).values.items() if key == "id"]
    return any(_position(place) in told for place in places)


def _has_problem_within(node: Node | None, told: _Positions) -> bool:
    return any(_position(each) in told for each in _nodes_within(node))


def _nodes_within(node: Node | None) -> Iterator[Node]:
    """A node and all in it but conditions."""
    if node is not None:
        yield node
    match node:
        case ListNode():
            for part in node.parts:
                yield from _nodes_within(part)
        case MapNode():
            for key, value in node.values.items():
                yield node.keys[key]
                yield from _nodes_within(None if key == "when" else value)


def _position(at: Located) -> tuple[int, int]:
    return at.line, at.column
