"""A YAML file as it stands: texts, lists and tables that keep their line and column; nothing is interpreted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A single text, exactly as typed: whether it means a number or a word is decided where it is used."""

    line: int
    column: int
    text: str
    #: A bare `3` may mean the number, a quoted `"3"` is text.
    quoted: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list."""

    line: int
    column: int
    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Keys and values, every key once."""

    line: int
    column: int
    keys: Mapping[str, Scalar] = field(default_factory=dict)
    values: Mapping[str, "Node"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Refused:
    """Something already told as a problem; what is said about it further on would only be noise."""

    line: int
    column: int


Node = Scalar | Listing | Table | Refused

_NOTHING = Table(1, 1)


def table(node: Node | None) -> Table:
    """The node if it is a table, else an empty one."""
    return node if isinstance(node, Table) else _NOTHING


def get(node: Node | None, *keys: str) -> Node | None:
    """What stands under the keys, one beneath the other; None where there is no such thing."""
    for key in keys:
        node = table(node).values.get(key)
    return node


def parts(node: Node | None) -> tuple[Node, ...]:
    """The parts of a list; none of anything else."""
    return node.parts if isinstance(node, Listing) else ()


def text(node: Node | None) -> str:
    """The text of a scalar without the line breaks at its end; empty for anything else."""
    return node.text.rstrip("\n") if isinstance(node, Scalar) else ""


def texts(node: Node | None) -> tuple[str, ...]:
    """The texts in a list."""
    return tuple(text(part) for part in parts(node) if isinstance(part, Scalar))


def scalars(node: Node | None) -> tuple[Scalar, ...]:
    """The scalars in a list."""
    return tuple(part for part in parts(node) if isinstance(part, Scalar))


def laid_over(node: Node, beneath: Node) -> Node:
    """A table over another, or over a list whose parts it numbers: what it does not say shows through.

    Anything else stands alone.
    """
    if isinstance(node, Table) and isinstance(beneath, Listing) and node.keys.keys() <= _numbered(beneath).keys():
        return Listing(node.line, node.column, tuple({**_numbered(beneath), **node.values}.values()))
    if not (isinstance(node, Table) and isinstance(beneath, Table)):
        return node
    values = {key: laid_over(value, beneath.values.get(key, value)) for key, value in node.values.items()}
    return Table(node.line, node.column, {**beneath.keys, **node.keys}, {**beneath.values, **values})


def _numbered(listing: Listing) -> dict[str, Node]:
    return {str(number): part for number, part in enumerate(listing.parts, start=1)}


def said_alike(node: Node, beneath: Node | None) -> Iterator[Node]:
    """The texts and lists of texts that say what stands beneath them as well."""
    match node, beneath:
        case Table(), Listing():
            for key, value in node.values.items():
                yield from said_alike(value, _numbered(beneath).get(key))
        case Table(), Table():
            for key, value in node.values.items():
                yield from said_alike(value, beneath.values.get(key))
        case Scalar(), Scalar() if text(node) == text(beneath):
            yield node
        case Listing(), Listing() if texts(node) == texts(beneath):
            yield node
