"""Conditions as they stand in a bank, read into those of the core; named ones are put in where they are used."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from assessor.bank.problems import Problems
from assessor.bank.yaml_nodes import Listing, Node, Refused, Scalar, Table, parts, scalars, text
from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not
from assessor.core.instrument import Item
from assessor.errors import N_

#: Parts of one condition once its named conditions are put in.
LARGEST: Final = 5_000

#: Conditions within each other once the named ones are put in.
DEEPEST: Final = 40

_COUNT = re.compile(r"[1-9][0-9]{0,3}")

_ITEM = N_("there is no item {given}; the nearest is {nearest}")
_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")
_TWICE = N_("the option {given} stands twice in this list; take one out")
_NAMED = N_("there is no condition {given} under `conditions`; the nearest is {nearest}")
_CYCLE = N_("the condition {given} needs itself ({path}); write out one of them without the others")
_TOO_LARGE = N_("the condition grows too large once the named ones are put in; ask for fewer things")
_ORDERED = N_(
    "`at_least` needs an order of all options of {item}; give the item `rising: all`, "
    "or list the options that count: {{{item}: [...]}}"
)
_LIST = N_("a list of conditions is not a condition; write all: or any: before it")
_WORD = N_("a condition is needed here, not a word; write {{item: option}}, or {{is: name}} for a named condition")
_EMPTY = N_("the condition is empty; write {{item: option}}, or leave `when` out")
_SEVERAL = N_("several things in one condition; write {{all: [{each}]}}, or any: for one of them")
_PARTS = N_("a list of conditions is needed after {key}; write it as [{{item: option}}, ...]")
_COUNTED = N_(
    "`at_least` counts conditions and needs `of`; write {{at_least: 2, of: [...]}}, "
    "or {{item: {{at_least: option}}}} for an item"
)
_NUMBER = N_("{given} is no whole number from 1 to {most}, the conditions after `of`; write one, without quotes")
_OPTIONS = N_("an option of {item} is needed here; write {{{item}: option}} or {{{item}: [option, ...]}}")
_COMPARED = N_(
    "only `at_least` can stand here; for the other ways write {{not: {{{item}: option}}}} "
    "or list the options that count"
)


@dataclass(frozen=True, slots=True)
class _Read:
    condition: Condition
    size: int = 1
    depth: int = 1


_NONE = _Read(AllOf(()))


class Conditions:
    """Reads the conditions of one file, each named one once."""

    def __init__(self, items: Mapping[str, Item], named: Table, problems: Problems) -> None:
        self.items, self.named, self.problems = items, named, problems
        self.done: dict[str, _Read] = {}
        self.open: list[str] = []

    def read(self, node: Node) -> Condition:
        """The condition at a node; one that always holds where it cannot be read, with a problem added."""
        return self._read(node).condition

    def read_named(self) -> None:
        """Read all named conditions, for the problems in those that nothing uses."""
        for name in self.named.values:
            self._once(name, self.named.keys[name])

    def _read(self, node: Node) -> _Read:
        match node:
            case Table():
                return self._within_bounds(self._table(node), node)
            case Listing():
                self.problems.add(node, _LIST)
            case Scalar():
                self.problems.add(node, _WORD if text(node) else _EMPTY)
        return _NONE

    def _within_bounds(self, read: _Read, node: Node) -> _Read:
        if read.size <= LARGEST and read.depth <= DEEPEST:
            return read
        self.problems.add(node, _TOO_LARGE)
        return _NONE

    def _table(self, node: Table) -> _Read:
        if "at_least" in node.keys or "of" in node.keys:
            return self._counted(node)
        if len(node.keys) != 1:
            each = tuple(f"{{{key}: ...}}" for key in node.keys)
            return self._unread(node, _SEVERAL if node.keys else _EMPTY, each=each)
        [(key, value)] = node.values.items()
        return self._single(key, node.keys[key], value)

    def _single(self, key: str, at: Scalar, value: Node) -> _Read:
        match key:
            case "all":
                return _joined(AllOf, self._parts(value, key))
            case "any":
                return _joined(AnyOf, self._parts(value, key))
            case "not":
                inner = self._read(value)
                return _Read(Not(inner.condition), inner.size + 1, inner.depth + 1)
            case "is":
                return self._named(value)
        return self._item(key, at, value)

    def _parts(self, value: Node, key: str) -> tuple[_Read, ...]:
        if not parts(value) and not isinstance(value, Refused):
            self.problems.add(value, _PARTS, key=key)
        return tuple(self._read(part) for part in parts(value))

    def _unread(self, node: Table, template: str, **facts: object) -> _Read:
        """Tell what is wrong with a condition, and what is wrong within it all the same."""
        self.problems.add(node, template, **facts)
        for key, value in node.values.items():
            if key in self.items or key in ("all", "any", "not", "is"):
                self._single(key, node.keys[key], value)
            for part in parts(value) if key not in ("all", "any") else ():
                if isinstance(part, Table):
                    self._read(part)
        return _NONE

    def _counted(self, node: Table) -> _Read:
        if set(node.keys) != {"at_least", "of"}:
            return self._unread(node, _COUNTED)
        inner = self._parts(node.values["of"], "of")
        count = node.values["at_least"]
        if not self._is_count(count, len(inner)):
            if inner and not isinstance(count, Refused):
                self.problems.add(count, _NUMBER, given=text(count), most=len(inner))
            return _NONE
        number = int(text(count))
        return _joined(lambda conditions: AtLeast(number, conditions), inner)

    def _is_count(self, node: Node, most: int) -> bool:
        if not isinstance(node, Scalar) or node.quoted or not _COUNT.fullmatch(node.text):
            return False
        return int(node.text) <= most

    def _named(self, node: Node) -> _Read:
        name = text(node)
        if name in self.named.values:
            return self._once(name, node)
        if not isinstance(node, Refused):
            self.problems.add(node, _NAMED, given=name, nearest=self.problems.nearest(name, self.named.values))
        return _NONE

    def _once(self, name: str, at: Node) -> _Read:
        if name in self.open:
            path = (*self.open[self.open.index(name) :], name)
            self.problems.add(at, _CYCLE, given=name, path=" -> ".join(path))
            return _NONE
        if len(self.open) > DEEPEST:
            self.problems.add(at, _TOO_LARGE)
            return _NONE
        if name not in self.done:
            self.open.append(name)
            self.done[name] = self._read(self.named.values[name])
            self.open.pop()
        return self.done[name]

    def _item(self, key: str, at: Scalar, value: Node) -> _Read:
        item = self.items.get(key)
        if item is None:
            self.problems.add(at, _ITEM, given=key, nearest=self.problems.nearest(key, self.items))
            return _NONE
        options = self._options(item, value)
        return _Read(ItemIs(item.id, options)) if options else _NONE

    def _options(self, item: Item, value: Node) -> tuple[str, ...]:
        match value:
            case Scalar():
                return self._known(item, (value,))
            case Listing() if value.parts and len(scalars(value)) == len(value.parts):
                return self._known(item, scalars(value))
            case Table():
                return self._from(item, value)
            case Listing():
                self.problems.add(value, _OPTIONS, item=item.id)
        return ()

    def _from(self, item: Item, value: Table) -> tuple[str, ...]:
        """The options from one on."""
        least = value.values.get("at_least")
        if set(value.keys) != {"at_least"} or not isinstance(least, Scalar):
            self.problems.add(value, _COMPARED, item=item.id)
        elif item.rising != (item.options,):
            self.problems.add(least, _ORDERED, item=item.id)
        elif known := self._known(item, (least,)):
            return item.options[item.options.index(known[0]) :]
        return ()

    def _known(self, item: Item, given: tuple[Scalar, ...]) -> tuple[str, ...]:
        """The options among those given; those that are none become problems."""
        kept: list[str] = []
        for scalar in given:
            option = text(scalar)
            if option not in item.options:
                near = self.problems.nearest(option, item.options)
                self.problems.add(scalar, _OPTION, item=item.id, given=option, nearest=near, known=item.options)
            elif option in kept:
                self.problems.add(scalar, _TWICE, given=option)
            else:
                kept.append(option)
        return tuple(kept)


def _joined(kind: Callable[[tuple[Condition, ...]], Condition], inner: tuple[_Read, ...]) -> _Read:
    return _Read(
        kind(tuple(read.condition for read in inner)),
        1 + sum(read.size for read in inner),
        1 + max((read.depth for read in inner), default=0),
    )
