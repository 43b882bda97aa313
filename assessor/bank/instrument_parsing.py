"""instrument.yaml to an `Instrument`, with the checks that need to know several of its parts; `parsing` calls this.

`file_format` has checked keys and value types before. Here: ids are unique, every id that is used is defined, `rising`
follows the order of the options, and a `when` asks for earlier items only, so that an item's applicability is known
before it is asked. Whether rules contradict each other is not examined here but in `proofs`, on the compiled diagram.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

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
_ITEM = N_("there is no item {given}; the nearest is {nearest}")
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
#: Columns that every list has beside those of the items; an item of the same id would be read as both.
RESERVED_COLUMNS: Final = (
    *("party", "undertaking", "gut", "wanted", "gains", "goal", "step", "note", "quoted"),
    *("id", "collaboration", "instrument", "version", "digest", "respondent", "started", "changed"),
)

_RESERVED_ITEM = N_(
    "{given} is a column of every list and spreadsheet, so no item can be called that; choose another id, and none of: "
    "{known}"
)
_RESERVED_OUTCOME = N_("undetermined is what worked cases call an open placement; choose another id")


def parse_instrument(root: Node, problems: BankProblems) -> Instrument:
    """The instrument, or the part of it that can be understood; adds a problem for everything wrong in the file."""
    check_kind(INSTRUMENT, root, problems)
    return _InstrumentReader(root, problems).read_instrument()


class _InstrumentReader:
    """One pass through the file, in its order, since each section refers to the ones before it."""

    def __init__(self, root: Node, problems: BankProblems) -> None:
        self.root, self.problems = root, problems
        self.sources = {id: Source(id=id, **SOURCE.build(node)) for id, node in _entries(root, "sources")}

    def read_instrument(self) -> Instrument:
        """The instrument. Items are read twice: conditions need all options, and a `when` stands inside an item."""
        parsed = [(id, node, self._parse_item(node)) for _, id, node in self._parts_with_ids("items")]
        known = {id: item for id, _, item in parsed if id}
        self.conditions = ConditionParser(known, as_map(get_node(self.root, "conditions")), self.problems)
        self.conditions.parse_named()
        items = [(id, self._with_condition(item, get_node(node, "when"), known)) for id, node, item in parsed]
        outcomes = self._parse_outcomes()
        marks, signals = self._parse_marks()
        if not self.problems.found:  # else what uses it may be what could not be read
            self.conditions.tell_unused()
        return Instrument(
            id=scalar_text(get_node(self.root, "id")),
            version=scalar_text(get_node(self.root, "version")),
            items=tuple(item for id, item in items if id),
            outcomes=outcomes,
            levels=self._parse_levels(outcomes),
            levels_count=scalar_text(get_node(self.root, "levels_count")) or "down",
            marks=marks,
            signals=signals,
            sources=self.sources,
            split_signals=self._parse_split_signals(signals),
            gains=self._parse_gains(),
            ends=self._parse_asked_after("ends", known),
            serves=self._parse_asked_after("serves", known),
            followed=self._parse_asked_after("followed", known),
            in_force=self._parse_asked_after("in_force", known),
        )

    def _parts_with_ids(self, *sections: str) -> Iterator[tuple[str, str, Node]]:
        """Section, id and node of each part of these lists; the id is empty where it is missing or already taken.

        An id is taken over all the sections named, so marks and signals, whose words lie side by side, never share one.
        """
        seen: dict[str, Node] = {}
        for section in sections:
            for node in list_parts(get_node(self.root, section)):
                id_node = get_node(node, "id")
                yield (
                    section,
                    scalar_text(id_node) if id_node and self._is_new_id(id_node, seen, _ID_TWICE) else "",
                    node,
                )

    def _is_new_id(self, node: Node, seen: dict[str, Node], template: str) -> bool:
        """Whether an id is not empty and not in `seen`, where it is then entered; adds a problem for a repeated one."""
        given = scalar_text(node)
        if given in seen:
            self.problems.add(node, template, given=given, first=seen[given].line)
            return False
        if given:
            seen[given] = node
        return bool(given)

    def _parse_item(self, node: Node) -> Item:
        """An item without its `when`, which needs the options of all items."""
        id = scalar_text(get_node(node, "id")) or "–"
        if id in RESERVED_COLUMNS:
            self.problems.add(get_node(node, "id"), _RESERVED_ITEM, given=id, known=RESERVED_COLUMNS)
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
        """Chains of options from worse to better: all options for `all`, none where the key is missing or wrong."""
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
        """The known options of a chain; adds a problem unless they follow the order of the item's options."""
        known = [scalar_text(option) for option in chain if self._is_option(id, options, option)]
        places = [options.index(option) for option in known]
        if any(after <= before for before, after in pairwise(places)):
            self.problems.add(chain[0], _CHAIN, item=id, known=options)
        return tuple(known)

    def _is_option(self, id: str, options: tuple[str, ...], node: ScalarNode) -> bool:
        """Whether the item has this option; adds a problem with the nearest one where it has not."""
        given = scalar_text(node)
        if given not in options:
            near = self.problems.nearest_id(given, options)
            self.problems.add(node, _OPTION, item=id, given=given, nearest=near, known=options)
        return given in options

    def _parse_numbers(self, id: str, options: tuple[str, ...], node: Node | None) -> Mapping[str, int]:
        """Numbers by option id, without those that `file_format` has reported as no number of one or two digits."""
        table = as_map(node)
        return {
            key: int(number)
            for key, value in table.values.items()
            if self._is_option(id, options, table.keys[key])
            and (number := scalar_text(value)).isascii()
            and number.isdigit()
            and len(number) < 3  # else reported already; a number of a million digits would take long to convert
        }

    def _parse_slips(self, id: str, options: tuple[str, ...], node: Node | None) -> Mapping[str, Mapping[str, int]]:
        """By option, how far it is to each option it may slip to; adds a problem where an option slips to itself."""
        table = as_map(node)
        slips = {}
        for key, value in table.values.items():
            if self._is_option(id, options, table.keys[key]):
                slips[key] = self._parse_numbers(id, options, value)
            if key in as_map(value).keys:
                self.problems.add(as_map(value).keys[key], _ITSELF, given=key)
        return slips

    def _cited_sources(self, node: Node) -> tuple[str, ...]:
        """The ids under `sources` of an item or mark; adds a problem for each that the instrument does not define."""
        for source in list_scalars(get_node(node, "sources")):
            if scalar_text(source) not in self.sources:
                near = self.problems.nearest_id(scalar_text(source), self.sources)
                self.problems.add(source, _SOURCE, given=scalar_text(source), nearest=near)
        return list_texts(get_node(node, "sources"))

    def _with_condition(self, item: Item, node: Node | None, items: Mapping[str, Item]) -> Item:
        """The item with its `when`; adds a problem where that asks for the item itself or a later one."""
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
        """The outcomes with an id; adds a problem where the last one has a condition, since some responses would then
        have no placement.
        """
        parts = list(self._parts_with_ids("outcomes"))
        outcomes = [Outcome(id=id, when=self._parse_when(node)) for _, id, node in parts]
        for _, id, node in parts:
            if id == "undetermined":
                self.problems.add(get_node(node, "id"), _RESERVED_OUTCOME)
        if outcomes and outcomes[-1].when is not None:
            node = parts[-1][2]
            self.problems.add(get_node(node, "id") or node, _OTHERWISE, given=outcomes[-1].id)
        return tuple(outcome for outcome in outcomes if outcome.id)

    def _parse_when(self, node: Node) -> Condition | None:
        """The `when` of an outcome or mark; None where it has none, one that always holds where it cannot be read."""
        when = get_node(node, "when")
        return None if when is None else self.conditions.parse(when)

    def _parse_marks(self) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """The marks and the signals; an id is unique among both."""
        both: dict[str, list[Mark]] = {"marks": [], "signals": []}
        for section, id, node in self._parts_with_ids("marks", "signals"):
            mark = Mark(
                id=id,
                when=self._parse_when(node) or AllOf(()),
                sources=self._cited_sources(node),
                asks_back=scalar_text(get_node(node, "asks_back")) == "true",
            )
            if id:
                both[section].append(mark)
        return tuple(both["marks"]), tuple(both["signals"])

    def _parse_levels(self, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
        """Level ids, highest first, each once; adds a problem for each that is no outcome."""
        known = [outcome.id for outcome in outcomes]
        seen: dict[str, Node] = {}
        for level in list_scalars(get_node(self.root, "levels")):
            if self._is_new_id(level, seen, _ID_TWICE) and scalar_text(level) not in known:
                self.problems.add(
                    level, _LEVEL, given=scalar_text(level), nearest=self.problems.nearest_id(scalar_text(level), known)
                )
        return tuple(seen)

    def _parse_split_signals(self, signals: Iterable[Mark]) -> tuple[str, ...]:
        """The ids under `split`; adds a problem for each that is no signal."""
        known = [signal.id for signal in signals]
        for node in list_scalars(get_node(self.root, "split")):
            if scalar_text(node) not in known:
                self.problems.add(
                    node, _SPLIT, given=scalar_text(node), nearest=self.problems.nearest_id(scalar_text(node), known)
                )
        return tuple(map(scalar_text, list_scalars(get_node(self.root, "split"))))

    def _parse_asked_after(self, section: str, items: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
        """By item, the options that tell more than the rules ask for; adds a problem for unknown items and options."""
        table = as_map(get_node(self.root, section))
        asked: dict[str, tuple[str, ...]] = {}
        for item, value in table.values.items():
            if item in items:
                options = [node for node in list_scalars(value) if self._is_option(item, items[item].options, node)]
                asked[item] = tuple(dict.fromkeys(map(scalar_text, options)))
            else:
                nearest = self.problems.nearest_id(item, items)
                self.problems.add(table.keys[item], _ITEM, given=item, nearest=nearest)
        return asked

    def _parse_gains(self) -> tuple[str, ...]:
        seen: dict[str, Node] = {}
        for gain in list_scalars(get_node(self.root, "gains")):
            self._is_new_id(gain, seen, _ID_TWICE)
        return tuple(seen)


def _entries(root: Node, section: str) -> Iterable[tuple[str, Node]]:
    return as_map(get_node(root, section)).values.items()
