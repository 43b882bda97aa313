"""instrument.yaml to an instrument: ids are unique, known where they are used, and conditions look back only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from assessor.bank.condition_parsing import ConditionParser
from assessor.bank.file_format import INSTRUMENT, SOURCE
from assessor.bank.problems import BankProblems
from assessor.bank.value_kinds import check_kind
from assessor.bank.yaml_nodes import (
    InvalidNode,
    Node,
    ScalarNode,
    as_map,
    get_node,
    list_parts,
    list_scalars,
    list_texts,
    scalar_text,
)
from assessor.core.conditions import AllOf, Condition, items_in
from assessor.core.instrument import Instrument, Item, Mark, Outcome, Source
from assessor.errors import N_

_ID_TWICE = N_("the id {given} stands already on line {first}; rename or take out one of them")
_OPTION_TWICE = N_("the option {given} stands already on line {first}; take one out")
_SOURCE = N_("there is no source {given} under `sources`; the nearest is {nearest}")
_LEVEL = N_("the level {given} is no outcome; the nearest is {nearest}")
_SPLIT = N_("{given} under `split` is no signal; the nearest is {nearest}")
_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")
_ITSELF = N_("the option {given} cannot slip to itself; name the option it slips to")
_RISING = N_("`rising` is `all`, or a list of lists of options from worse to better; write one of them")
_CHAIN = N_(
    "the chain does not follow the order of the item's options ({known}); "
    "put the options of {item} in rising order and the chain likewise"
)
_LATER = N_("{item} is asked before {given}, so its `when` cannot ask for it; move {item} below {given}")
_OWN = N_("the `when` of {item} asks for {item} itself; name an earlier item")
_OTHERWISE = N_(
    "the last outcome, {given}, has a `when`, so some responses would have no placement; add a last outcome without one"
)
_RESERVED_OUTCOME = N_("undetermined is what worked cases call an open placement; choose another id")


def parse_instrument(root: Node, problems: BankProblems) -> Instrument:
    """The instrument, or as much of it as can be understood where problems are added."""
    check_kind(INSTRUMENT, root, problems)
    return _InstrumentReader(root, problems).read_instrument()


class _InstrumentReader:
    """One pass through the file, in its order."""

    def __init__(self, root: Node, problems: BankProblems) -> None:
        self.root, self.problems = root, problems
        self.sources = {id: Source(id=id, **SOURCE.build(node)) for id, node in _entries(root, "sources")}

    def read_instrument(self) -> Instrument:
        """The instrument."""
        found = [(id, node, self._parse_item(node)) for _, id, node in self._parts_with_ids("items")]
        plain = {id: item for id, _, item in found if id}
        self.conditions = ConditionParser(plain, as_map(get_node(self.root, "conditions")), self.problems)
        self.conditions.parse_named()
        items = [(id, self._with_condition(item, get_node(node, "when"), plain)) for id, node, item in found]
        outcomes = self._parse_outcomes()
        marks, signals = self._parse_marks()
        return Instrument(
            id=scalar_text(get_node(self.root, "id")),
            version=scalar_text(get_node(self.root, "version")),
            items=tuple(item for id, item in items if id),
            outcomes=outcomes,
            levels=self._parse_levels(outcomes),
            marks=marks,
            signals=signals,
            sources=self.sources,
            split_signals=self._parse_split_signals(signals),
            gains=self._parse_gains(),
        )

    def _parts_with_ids(self, *sections: str) -> Iterator[tuple[str, str, Node]]:
        """The parts of lists with their section and id; the id is empty where it is lacking or stands already."""
        seen: dict[str, Node] = {}
        for section in sections:
            for node in list_parts(get_node(self.root, section)):
                at = get_node(node, "id")
                yield section, scalar_text(at) if at and self._is_new_id(at, seen, _ID_TWICE) else "", node

    def _is_new_id(self, node: Node, seen: dict[str, Node], template: str) -> bool:
        given = scalar_text(node)
        if given in seen:
            self.problems.add(node, template, given=given, first=seen[given].line)
            return False
        if given:
            seen[given] = node
        return bool(given)

    def _parse_item(self, node: Node) -> Item:
        id = scalar_text(get_node(node, "id")) or "–"
        seen: dict[str, Node] = {}
        for option in list_scalars(get_node(node, "options")):
            self._is_new_id(option, seen, _OPTION_TWICE)
        options = tuple(seen)
        return Item(
            id=id,
            options=options,
            rising=self._parse_rising(id, options, get_node(node, "rising")),
            sources=self._cited_sources(node),
            efforts=self._parse_numbers(id, options, get_node(node, "efforts")),
            slips=self._parse_slips(id, options, get_node(node, "slips")),
        )

    def _parse_rising(self, id: str, options: tuple[str, ...], node: Node | None) -> tuple[tuple[str, ...], ...]:
        if node is None or isinstance(node, InvalidNode):
            return ()
        if isinstance(node, ScalarNode) and node.text == "all":
            return (options,)
        chains = [list_scalars(part) for part in list_parts(node)]
        if not chains or any(len(chain) < 2 for chain in chains):
            self.problems.add(node, _RISING)
            return ()
        return tuple(self._parse_chain(id, options, chain) for chain in chains)

    def _parse_chain(self, id: str, options: tuple[str, ...], chain: tuple[ScalarNode, ...]) -> tuple[str, ...]:
        known = [scalar_text(option) for option in chain if self._is_option(id, options, option)]
        places = [options.index(option) for option in known]
        if any(after <= before for before, after in pairwise(places)):
            self.problems.add(chain[0], _CHAIN, item=id, known=options)
        return tuple(known)

    def _is_option(self, id: str, options: tuple[str, ...], node: ScalarNode) -> bool:
        given = scalar_text(node)
        if given not in options:
            near = self.problems.nearest_id(given, options)
            self.problems.add(node, _OPTION, item=id, given=given, nearest=near, known=options)
        return given in options

    def _parse_numbers(self, id: str, options: tuple[str, ...], node: Node | None) -> Mapping[str, int]:
        found = as_map(node)
        return {
            key: int(number)
            for key, value in found.values.items()
            if self._is_option(id, options, found.keys[key])
            and (number := scalar_text(value)).isascii()
            and number.isdigit()
            and len(number) < 3  # else already told: too long a number is not even read
        }

    def _parse_slips(self, id: str, options: tuple[str, ...], node: Node | None) -> Mapping[str, Mapping[str, int]]:
        found = as_map(node)
        slips = {}
        for key, value in found.values.items():
            if self._is_option(id, options, found.keys[key]):
                slips[key] = self._parse_numbers(id, options, value)
            if key in as_map(value).keys:
                self.problems.add(as_map(value).keys[key], _ITSELF, given=key)
        return slips

    def _cited_sources(self, node: Node) -> tuple[str, ...]:
        for source in list_scalars(get_node(node, "sources")):
            if scalar_text(source) not in self.sources:
                near = self.problems.nearest_id(scalar_text(source), self.sources)
                self.problems.add(source, _SOURCE, given=scalar_text(source), nearest=near)
        return list_texts(get_node(node, "sources"))

    def _with_condition(self, item: Item, node: Node | None, items: Mapping[str, Item]) -> Item:
        """The item with its `when`, which reads earlier items only."""
        if node is None:
            return item
        condition = self.conditions.parse(node)
        order = list(items)
        for other in dict.fromkeys(items_in(condition)):
            if items.get(item.id) is not item:
                break  # its id stands already: where it belongs is not known
            if other == item.id:
                self.problems.add(node, _OWN, item=item.id)
            elif order.index(other) > order.index(item.id):
                self.problems.add(node, _LATER, item=item.id, given=other)
        return replace(item, when=condition)

    def _parse_outcomes(self) -> tuple[Outcome, ...]:
        found = list(self._parts_with_ids("outcomes"))
        outcomes = [Outcome(id=id, when=self._parse_when(node)) for _, id, node in found]
        for _, id, node in found:
            if id == "undetermined":
                self.problems.add(get_node(node, "id"), _RESERVED_OUTCOME)
        if outcomes and outcomes[-1].when is not None:
            node = found[-1][2]
            self.problems.add(get_node(node, "id") or node, _OTHERWISE, given=outcomes[-1].id)
        return tuple(outcome for outcome in outcomes if outcome.id)

    def _parse_when(self, node: Node) -> Condition | None:
        when = get_node(node, "when")
        return None if when is None else self.conditions.parse(when)

    def _parse_marks(self) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """Marks and signals, whose ids are unique among both."""
        both: dict[str, list[Mark]] = {"marks": [], "signals": []}
        for section, id, node in self._parts_with_ids("marks", "signals"):
            mark = Mark(id=id, when=self._parse_when(node) or AllOf(()), sources=self._cited_sources(node))
            if id:
                both[section].append(mark)
        return tuple(both["marks"]), tuple(both["signals"])

    def _parse_levels(self, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
        known = [outcome.id for outcome in outcomes]
        seen: dict[str, Node] = {}
        for level in list_scalars(get_node(self.root, "levels")):
            if self._is_new_id(level, seen, _ID_TWICE) and scalar_text(level) not in known:
                self.problems.add(
                    level, _LEVEL, given=scalar_text(level), nearest=self.problems.nearest_id(scalar_text(level), known)
                )
        return tuple(seen)

    def _parse_split_signals(self, signals: Iterable[Mark]) -> tuple[str, ...]:
        known = [signal.id for signal in signals]
        for node in list_scalars(get_node(self.root, "split")):
            if scalar_text(node) not in known:
                self.problems.add(
                    node, _SPLIT, given=scalar_text(node), nearest=self.problems.nearest_id(scalar_text(node), known)
                )
        return tuple(map(scalar_text, list_scalars(get_node(self.root, "split"))))

    def _parse_gains(self) -> tuple[str, ...]:
        seen: dict[str, Node] = {}
        for gain in list_scalars(get_node(self.root, "gains")):
            self._is_new_id(gain, seen, _ID_TWICE)
        return tuple(seen)


def _entries(root: Node, section: str) -> Iterable[tuple[str, Node]]:
    return as_map(get_node(root, section)).values.items()
