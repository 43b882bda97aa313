"""A YAML file as nodes: texts, lists and tables that keep their line and column, and small functions to read them.

`yaml_reader` makes them, every parser of the bank reads them. No text is interpreted: `no`, `1.0` and `null` stay what
was typed until a kind of `value_kinds` takes them. The functions accept None and nodes of another shape and return
something empty, so that a parser can follow a path through a file that is wrong without a test at each step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class ScalarNode:
    """A single text exactly as typed; its user decides whether it is a number or a word."""

    line: int
    column: int
    text: str
    #: A bare `3` may mean the number, a quoted `"3"` is text only.
    quoted: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ListNode:
    """A list, its parts in order."""

    line: int
    column: int
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MapNode:
    """A table; each key once, with its own node for its place."""

    line: int
    column: int
    keys: Mapping[str, ScalarNode] = field(default_factory=dict)
    values: Mapping[str, "Node"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class InvalidNode:
    """A place that was reported as a problem already; anything further said about it would be noise."""

    line: int
    column: int


Node = ScalarNode | ListNode | MapNode | InvalidNode

_EMPTY_MAP = MapNode(1, 1)


def as_map(node: Node | None) -> MapNode:
    """The node if it is a table, else an empty table."""
    return node if isinstance(node, MapNode) else _EMPTY_MAP


def get_node(node: Node | None, *keys: str) -> Node | None:
    """The node under these keys, one within the other; None where one of them is missing."""
    for key in keys:
        node = as_map(node).values.get(key)
    return node


def list_parts(node: Node | None) -> tuple[Node, ...]:
    """The parts of a list; none for anything else."""
    return node.parts if isinstance(node, ListNode) else ()


def scalar_text(node: Node | None) -> str:
    """A scalar's text without line breaks at its end; empty for anything else."""
    return node.text.rstrip("\n") if isinstance(node, ScalarNode) else ""


def list_texts(node: Node | None) -> tuple[str, ...]:
    """The texts in a list; its lists and tables are left out."""
    return tuple(scalar_text(part) for part in list_parts(node) if isinstance(part, ScalarNode))


def list_scalars(node: Node | None) -> tuple[ScalarNode, ...]:
    """The scalars in a list; its lists and tables are left out."""
    return tuple(part for part in list_parts(node) if isinstance(part, ScalarNode))


def overlay(node: Node, base: Node) -> Node:
    """A variant's node over that of its base: keys it does not have are the base's.

    A list may be overlaid by a table that numbers its parts, `{2: "..."}`, as long as the base's list has these
    numbers. Everything else replaces what is beneath. Nodes keep the place in their own file.
    """
    if isinstance(node, MapNode) and isinstance(base, ListNode) and node.keys.keys() <= _numbered_parts(base).keys():
        parts = _numbered_parts(base)
        laid_over = {number: overlay(part, parts[number]) for number, part in node.values.items()}
        return ListNode(node.line, node.column, tuple({**parts, **laid_over}.values()))
    if not (isinstance(node, MapNode) and isinstance(base, MapNode)):
        return node
    values = {key: overlay(value, base.values.get(key, value)) for key, value in node.values.items()}
    return MapNode(node.line, node.column, {**base.keys, **node.keys}, {**base.values, **values})


def _numbered_parts(listing: ListNode) -> dict[str, Node]:
    """The parts of a list by their number from 1, as text."""
    return {str(number): part for number, part in enumerate(listing.parts, start=1)}


def redundant_texts(node: Node, base: Node | None) -> Iterator[Node]:
    """The texts, and lists of texts, that say the same as the base, so that they are not needed in a variant."""
    match node, base:
        case MapNode(), ListNode():
            for key, value in node.values.items():
                yield from redundant_texts(value, _numbered_parts(base).get(key))
        case MapNode(), MapNode():
            for key, value in node.values.items():
                yield from redundant_texts(value, base.values.get(key))
        case ScalarNode(), ScalarNode() if scalar_text(node) == scalar_text(base):
            yield node
        case ListNode(), ListNode() if list_texts(node) == list_texts(base):
            yield node
