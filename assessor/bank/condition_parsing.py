"""Conditions as a bank writes them to the five kinds of `core.conditions`; `instrument_parsing` uses this.

- `{contact: often}`, `{contact: [often, sometimes]}`: the response is one of these options;
- `{contact: {at_least: sometimes}}`: it is this option or a better one;
- `{all: [...]}`, `{any: [...]}`, `{not: ...}`, `{at_least: 2, of: [...]}`: combinations;
- `{is: steady}`: the condition named so under `conditions`.

A named condition is replaced by what it stands for, so the core knows no names. Replacing can blow a file up: ten names
that each use the one before twice stand for a thousand parts. Therefore every parsed condition carries its size and
depth, is refused beyond `MAX_CONDITION_PARTS` and `MAX_DEPTH`, and each named one is parsed once, however often it is
used.

A condition that cannot be read becomes one that always holds, after its problem was added: the rest of the file is
still examined, and an author sees all mistakes in one run.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from assessor.bank.problems import BankProblems
from assessor.bank.yaml_nodes import (
    InvalidNode,
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    list_parts,
    list_scalars,
    scalar_text,
)
from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not
from assessor.core.instrument import Item
from assessor.errors import N_

#: Parts of one condition once its named conditions are put in.
MAX_CONDITION_PARTS: Final = 5_000

#: Conditions within each other once the named ones are put in.
MAX_DEPTH: Final = 40

#: What other programs call our words.
_OTHER_WORDS: Final = {
    "or": "any",
    "one_of": "any",
    "any_of": "any",
    "and": "all",
    "all_of": "all",
    "none_of": "not: any",
}

_COUNT_PATTERN = re.compile(r"[1-9][0-9]{0,3}")

_ITEM = N_("there is no item {given}; the nearest is {nearest}")
_JOINING = N_("{given} is not how conditions are joined here; write {instead}: [...]")
_UNUSED = N_("the condition {given} is used nowhere; use it with {{is: {given}}}, or take it out")
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
class _ParsedCondition:
    """A condition with its number of parts and how deep they are nested, named conditions included."""

    condition: Condition
    size: int = 1
    depth: int = 1


_NO_CONDITION = _ParsedCondition(AllOf(()))


class ConditionParser:
    """Parses the conditions of one file, each named one once."""

    def __init__(self, items: Mapping[str, Item], named: MapNode, problems: BankProblems) -> None:
        self.items, self.named, self.problems = items, named, problems
        self.parsed_named: dict[str, _ParsedCondition] = {}
        #: Names of the conditions that the present one is part of, from the outermost: to notice circles.
        self.being_parsed: list[str] = []
        #: Names that some condition asks for.
        self.used_names: set[str] = set()

    def parse(self, node: Node) -> Condition:
        """The condition at a node; one that always holds, and a problem added, where it cannot be read."""
        return self._parse_node(node).condition

    def parse_named(self) -> None:
        """Parse all named conditions, so that mistakes in unused ones are reported as well."""
        for name in self.named.values:
            self._parse_named_once(name, self.named.keys[name])

    def tell_unused(self) -> None:
        """Add a problem for each named condition that no other asks for; to be called when all were parsed."""
        for name, key in self.named.keys.items():
            if name not in self.used_names:
                self.problems.add(key, _UNUSED, given=name)

    def _parse_node(self, node: Node) -> _ParsedCondition:
        """The condition at a node, which has to be a table; a text or list gets a problem that says what to write."""
        match node:
            case MapNode():
                return self._within_bounds(self._parse_map(node), node)
            case ListNode():
                self.problems.add(node, _LIST)
            case ScalarNode():
                self.problems.add(node, _WORD if scalar_text(node) else _EMPTY)
        return _NO_CONDITION

    def _within_bounds(self, parsed: _ParsedCondition, node: Node) -> _ParsedCondition:
        """The condition itself, or one without parts and a problem where it grew too large."""
        if parsed.size <= MAX_CONDITION_PARTS and parsed.depth <= MAX_DEPTH:
            return parsed
        self.problems.add(node, _TOO_LARGE)
        return _NO_CONDITION

    def _parse_map(self, node: MapNode) -> _ParsedCondition:
        """The condition in a table: it has one key, except for the pair `at_least` and `of`."""
        if "at_least" in node.keys or "of" in node.keys:
            return self._parse_count(node)
        if len(node.keys) != 1:
            alternatives = tuple(f"{{{key}: ...}}" for key in node.keys)
            return self._reject(node, _SEVERAL if node.keys else _EMPTY, each=alternatives)
        [(key, value)] = node.values.items()
        return self._parse_entry(key, node.keys[key], value)

    def _parse_entry(self, key: str, key_node: ScalarNode, value: Node) -> _ParsedCondition:
        """The condition under a key; a key that is no word of the format is an item's id."""
        match key:
            case "all":
                return _join(AllOf, self._parse_parts(value, key))
            case "any":
                return _join(AnyOf, self._parse_parts(value, key))
            case "not":
                inner = self._parse_node(value)
                return _ParsedCondition(Not(inner.condition), inner.size + 1, inner.depth + 1)
            case "is":
                return self._parse_reference(value)
        return self._parse_item(key, key_node, value)

    def _parse_parts(self, value: Node, key: str) -> tuple[_ParsedCondition, ...]:
        if not list_parts(value) and not isinstance(value, InvalidNode):
            self.problems.add(value, _PARTS, key=key)
        return tuple(self._parse_node(part) for part in list_parts(value))

    def _reject(self, node: MapNode, template: str, **facts: object) -> _ParsedCondition:
        """Add a problem for a condition, then examine its parts for further ones."""
        self.problems.add(node, template, **facts)
        for key, value in node.values.items():
            if key in self.items or key in ("all", "any", "not", "is"):
                self._parse_entry(key, node.keys[key], value)
            for part in list_parts(value) if key not in ("all", "any") else ():
                if isinstance(part, MapNode):
                    self._parse_node(part)
        return _NO_CONDITION

    def _parse_count(self, node: MapNode) -> _ParsedCondition:
        """`{at_least: 2, of: [...]}`: a whole number, unquoted, no larger than the list is long."""
        if set(node.keys) != {"at_least", "of"}:
            return self._reject(node, _COUNTED)
        inner = self._parse_parts(node.values["of"], "of")
        count = node.values["at_least"]
        if not self._is_count(count, len(inner)):
            if inner and not isinstance(count, InvalidNode):
                self.problems.add(count, _NUMBER, given=scalar_text(count), most=len(inner))
            return _NO_CONDITION
        number = int(scalar_text(count))
        return _join(lambda conditions: AtLeast(number, conditions), inner)

    def _is_count(self, node: Node, most: int) -> bool:
        if not isinstance(node, ScalarNode) or node.quoted or not _COUNT_PATTERN.fullmatch(node.text):
            return False
        return int(node.text) <= most

    def _parse_reference(self, node: Node) -> _ParsedCondition:
        name = scalar_text(node)
        self.used_names.add(name)
        if name in self.named.values:
            return self._parse_named_once(name, node)
        if not isinstance(node, InvalidNode):
            self.problems.add(node, _NAMED, given=name, nearest=self.problems.nearest_id(name, self.named.values))
        return _NO_CONDITION

    def _parse_named_once(self, name: str, node: Node) -> _ParsedCondition:
        """A named condition, parsed at its first use; adds a problem where it needs itself or nests too deep."""
        if name in self.being_parsed:
            path = (*self.being_parsed[self.being_parsed.index(name) :], name)
            self.problems.add(node, _CYCLE, given=name, path=" -> ".join(path))
            return _NO_CONDITION
        if len(self.being_parsed) > MAX_DEPTH:
            self.problems.add(node, _TOO_LARGE)
            return _NO_CONDITION
        if name not in self.parsed_named:
            self.being_parsed.append(name)
            self.parsed_named[name] = self._parse_node(self.named.values[name])
            self.being_parsed.pop()
        return self.parsed_named[name]

    def _parse_item(self, key: str, key_node: ScalarNode, value: Node) -> _ParsedCondition:
        item = self.items.get(key)
        if item is None and key in _OTHER_WORDS:
            self.problems.add(key_node, _JOINING, given=key, instead=_OTHER_WORDS[key])
            return _NO_CONDITION
        if item is None:
            self.problems.add(key_node, _ITEM, given=key, nearest=self.problems.nearest_id(key, self.items))
            return _NO_CONDITION
        options = self._parse_options(item, value)
        return _ParsedCondition(ItemIs(item.id, options)) if options else _NO_CONDITION

    def _parse_options(self, item: Item, value: Node) -> tuple[str, ...]:
        """The options after an item's id: one, a list, or `{at_least: option}`; empty where they cannot be read."""
        match value:
            case ScalarNode():
                return self._known_options(item, (value,))
            case ListNode() if value.parts and len(list_scalars(value)) == len(value.parts):
                return self._known_options(item, list_scalars(value))
            case MapNode():
                return self._options_from(item, value)
            case ListNode():
                self.problems.add(value, _OPTIONS, item=item.id)
        return ()

    def _options_from(self, item: Item, value: MapNode) -> tuple[str, ...]:
        """The named option and all better ones, for an item whose options all rise."""
        least = value.values.get("at_least")
        if set(value.keys) != {"at_least"} or not isinstance(least, ScalarNode):
            self.problems.add(value, _COMPARED, item=item.id)
        elif item.rising != (item.options,):
            self.problems.add(least, _ORDERED, item=item.id)
        elif known := self._known_options(item, (least,)):
            return item.options[item.options.index(known[0]) :]
        return ()

    def _known_options(self, item: Item, scalars: tuple[ScalarNode, ...]) -> tuple[str, ...]:
        """Those of the options that the item has, each once; adds a problem for every other."""
        known: list[str] = []
        for scalar in scalars:
            option = scalar_text(scalar)
            if option not in item.options:
                nearest = self.problems.nearest_id(option, item.options)
                self.problems.add(scalar, _OPTION, item=item.id, given=option, nearest=nearest, known=item.options)
            elif option in known:
                self.problems.add(scalar, _TWICE, given=option)
            else:
                known.append(option)
        return tuple(known)


def _join(kind: Callable[[tuple[Condition, ...]], Condition], parts: tuple[_ParsedCondition, ...]) -> _ParsedCondition:
    """A condition of this kind over its parts, with their sizes and depths counted."""
    return _ParsedCondition(
        kind(tuple(part.condition for part in parts)),
        1 + sum(part.size for part in parts),
        1 + max((part.depth for part in parts), default=0),
    )
