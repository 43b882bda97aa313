"""Which ids of an instrument are in doubt because of its own problems.

What other files say about those is not compared: one slip in instrument.yaml would come back from every file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.bank.problems import Placed, Problems
from assessor.bank.yaml_nodes import Listing, Node, Refused, Table, get, parts, table, text

_Places = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Ids that cannot be relied upon."""

    #: Sections of the instrument whose list of ids is in doubt.
    sections: frozenset[str] = frozenset()
    #: Items whose options, efforts or slips are.
    items: frozenset[str] = frozenset()


def doubts(root: Node, problems: Problems) -> Doubts:
    """What the problems of an instrument put in doubt."""
    told = {(problem.line, problem.column) for problem in problems.found}
    top = table(root)
    misspelt = any(_place(key) in told for key in top.keys.values())
    unread = any(isinstance(node, Refused) for node in (root, *top.values.values()))
    sections = {
        "items": _ids_told(get(root, "items"), told),
        "placements": _ids_told(get(root, "outcomes"), told) or _any_told(get(root, "levels"), told),
        "marks": _ids_told(get(root, "marks"), told),
        "signals": _ids_told(get(root, "signals"), told),
        "gains": _any_told(get(root, "gains"), told),
    }
    items = (node for node in parts(get(root, "items")) if _any_told(node, told))
    return Doubts(
        frozenset(name for name, doubted in sections.items() if doubted or misspelt or unread or not top.keys),
        frozenset(text(get(node, "id")) for node in items),
    )


def _ids_told(section: Node | None, told: _Places) -> bool:
    """Whether a problem stands at the list, at an id in it, or where an id is lacking."""
    places = [section] if section else []
    for node in parts(section):
        places += [node, *list(table(node).keys.values())[:1]]
        places += [value for key, value in table(node).values.items() if key == "id"]
    return any(_place(place) in told for place in places)


def _any_told(node: Node | None, told: _Places) -> bool:
    return any(_place(each) in told for each in _within(node))


def _within(node: Node | None) -> Iterator[Node]:
    """A node and all in it but conditions."""
    if node is not None:
        yield node
    match node:
        case Listing():
            for part in node.parts:
                yield from _within(part)
        case Table():
            for key, value in node.values.items():
                yield node.keys[key]
                yield from _within(None if key == "when" else value)


def _place(at: Placed) -> tuple[int, int]:
    return at.line, at.column
