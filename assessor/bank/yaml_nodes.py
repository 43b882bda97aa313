"""A YAML file as it stands: texts, lists and tables that keep their line and column; nothing is interpreted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class ScalarNode:
    """A single text, exactly as typed: whether it means a number or a word is decided where it is used."""

    line: int
    column: int
    text: str
    #: A bare `3` may mean the number, a quoted `"3"` is text.
    quoted: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ListNode:
    """A list."""

    line: int
    column: int
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MapNode:
    """Keys and values, every key once."""

    line: int
    column: int
    keys: Mapping[str, ScalarNode] = field(default_factory=dict)
    values: Mapping[str, "Node"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class InvalidNode:
    """Something already told as a problem; what is said about it further on would only be noise."""

    line: int
    column: int


Node = ScalarNode | ListNode | MapNode | InvalidNode

_EMPTY_MAP = MapNode(1, 1)


def as_map(node: Node | None) -> MapNode:
    """The node if it is a table, else an empty one."""
    return node if isinstance(node, MapNode) else _EMPTY_MAP


def get_node(node: Node | None, *keys: str) -> Node | None:
    """What stands under the keys, one beneath the other; None where there is no such thing."""
    for key in keys:
        node = as_map(node).values.get(key)
    return node


def list_parts(node: Node | None) -> tuple[Node, ...]:
    """The parts of a list; none of anything else."""
    return node.parts if isinstance(node, ListNode) else ()


def scalar_text(node: Node | None) -> str:
    """The text of a scalar without the line breaks at its end; empty for anything else."""
    return node.text.rstrip("\n") if isinstance(node, ScalarNode) else ""


def list_texts(node: Node | None) -> tuple[str, ...]:
    """The texts in a list."""
    return tuple(scalar_text(part) for part in list_parts(node) if isinstance(part, ScalarNode))


def list_scalars(node: Node | None) -> tuple[ScalarNode, ...]:
    """The scalars in a list."""
    return tuple(part for part in list_parts(node) if isinstance(part, ScalarNode))


def overlay(node: Node, base: Node) -> Node:
    """A table over another, or over a list whose parts it numbers: what it does not say shows through.

    Anything else stands alone.
    """
    if isinstance(node, MapNode) and isinstance(base, ListNode) and node.keys.keys() <= _numbered_parts(base).keys():
        return ListNode(node.line, node.column, tuple({**_numbered_parts(base), **node.values}.values()))
    if not (isinstance(node, MapNode) and isinstance(base, MapNode)):
        return node
    values = {key: overlay(value, base.values.get(key, value)) for key, value in node.values.items()}
    return MapNode(node.line, node.column, {**base.keys, **node.keys}, {**base.values, **values})


def _numbered_parts(listing: ListNode) -> dict[str, Node]:
    return {str(number): part for number, part in enumerate(listing.parts, start=1)}


def redundant_texts(node: Node, base: Node | None) -> Iterator[Node]:
    """The texts and lists of texts that say what stands beneath them as well."""
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
