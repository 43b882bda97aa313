"""Which ids of an instrument other files are not compared with, because instrument.yaml has problems around them.

The problem: an author misspells one key in instrument.yaml, and the item is lost. Every wording, case and party file
that mentions it would then be reported as naming an unknown item, once for each language. The one true problem drowns
in consequences, and mending those would be wrong.

So after instrument.yaml was read, the places of its problems are laid over its nodes. A problem at a list, at an id in
it, or at a part without an id makes that *section* unreliable: nothing is compared with its ids. A problem within an
item, its conditions left out, makes that *item* unreliable: its options, efforts and slips are not compared. A misspelt
key at the top, or a part that YAML could not give, makes every section unreliable, since ids may be missing from any.

What is unreliable is not wrong; it is examined again in the next run, when instrument.yaml holds. The parsers take the
value as `unreliable`; an empty one compares everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.bank.problems import BankProblems, Located
from assessor.bank.yaml_nodes import InvalidNode, ListNode, MapNode, Node, as_map, get_node, list_parts, scalar_text

_Positions = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class UnreliableIds:
    """The ids that other files are not compared with."""

    #: Sections of the instrument whose list of ids may be incomplete or wrong.
    sections: frozenset[str] = frozenset()
    #: Items whose options, efforts or slips may be.
    items: frozenset[str] = frozenset()


def find_unreliable_ids(root: Node, problems: BankProblems) -> UnreliableIds:
    """The ids that the problems found so far make unreliable; `root` is the file that they were found in."""
    positions = {(problem.place.line, problem.place.column) for problem in problems.found}
    top = as_map(root)
    misspelt = any(_position(key) in positions for key in top.keys.values())
    unread = any(isinstance(node, InvalidNode) for node in (root, *top.values.values()))
    sections = {
        "items": _has_id_problem(get_node(root, "items"), positions),
        "placements": _has_id_problem(get_node(root, "outcomes"), positions)
        or _has_problem_within(get_node(root, "levels"), positions),
        "marks": _has_id_problem(get_node(root, "marks"), positions),
        "signals": _has_id_problem(get_node(root, "signals"), positions),
        "gains": _has_problem_within(get_node(root, "gains"), positions),
        "sources": _has_problem_within(get_node(root, "sources"), positions),
    }
    items = (node for node in list_parts(get_node(root, "items")) if _has_problem_within(node, positions))
    return UnreliableIds(
        frozenset(name for name, doubted in sections.items() if doubted or misspelt or unread or not top.keys),
        frozenset(scalar_text(get_node(node, "id")) for node in items),
    )


def _has_id_problem(section: Node | None, positions: _Positions) -> bool:
    """Whether a problem stands at the list, at an id in it, or at a part that lacks one (reported at its first key)."""
    nodes = [section] if section else []
    for node in list_parts(section):
        nodes += [node, *list(as_map(node).keys.values())[:1]]
        nodes += [value for key, value in as_map(node).values.items() if key == "id"]
    return any(_position(node_at) in positions for node_at in nodes)


def _has_problem_within(node: Node | None, positions: _Positions) -> bool:
    """Whether a problem stands at the node or anywhere in it, conditions left out."""
    return any(_position(inner) in positions for inner in _nodes_within(node))


def _nodes_within(node: Node | None) -> Iterator[Node]:
    """A node and everything in it, except what stands under `when`: a wrong condition makes no id unreliable."""
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


def _position(node: Located) -> tuple[int, int]:
    return node.line, node.column
