"""instrument.yaml to an instrument: ids are unique, known where they are used, and conditions look back only."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from assessor.bank import schema
from assessor.bank.condition_parsing import Conditions
from assessor.bank.problems import Problems
from assessor.bank.yaml_nodes import Node, Refused, Scalar, get, parts, scalars, table, text, texts
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


def read(root: Node, problems: Problems) -> Instrument:
    """The instrument, or as much of it as can be understood where problems are added."""
    schema.check(schema.InstrumentShape, root, problems)
    return _Reading(root, problems).instrument()


class _Reading:
    """One pass through the file, in its order."""

    def __init__(self, root: Node, problems: Problems) -> None:
        self.root, self.problems = root, problems
        self.sources = {id: _source(id, node) for id, node in table(get(root, "sources")).values.items()}

    def instrument(self) -> Instrument:
        """The instrument."""
        found = [(id, node, self._item(node)) for _, id, node in self._parts("items")]
        plain = {id: item for id, _, item in found if id}
        self.conditions = Conditions(plain, table(get(self.root, "conditions")), self.problems)
        self.conditions.read_named()
        items = [(id, self._asked(item, get(node, "when"), plain)) for id, node, item in found]
        outcomes = self._outcomes()
        marks, signals = self._marks()
        return Instrument(
            id=text(get(self.root, "id")),
            version=text(get(self.root, "version")),
            items=tuple(item for id, item in items if id),
            outcomes=outcomes,
            levels=self._levels(outcomes),
            marks=marks,
            signals=signals,
            sources=self.sources,
            split=self._split(signals),
            gains=self._gains(),
        )

    def _parts(self, *sections: str) -> Iterator[tuple[str, str, Node]]:
        """The parts of lists with their section and id; the id is empty where it is lacking or stands already."""
        seen: dict[str, Node] = {}
        for section in sections:
            for node in parts(get(self.root, section)):
                at = get(node, "id")
                yield section, text(at) if at and self._new(at, seen, _ID_TWICE) else "", node

    def _new(self, node: Node, seen: dict[str, Node], template: str) -> bool:
        given = text(node)
        if given in seen:
            self.problems.add(node, template, given=given, first=seen[given].line)
            return False
        if given:
            seen[given] = node
        return bool(given)

    def _item(self, node: Node) -> Item:
        id = text(get(node, "id")) or "–"
        seen: dict[str, Node] = {}
        for option in scalars(get(node, "options")):
            self._new(option, seen, _OPTION_TWICE)
        options = tuple(seen)
        return Item(
            id=id,
            options=options,
            rising=self._rising(id, options, get(node, "rising")),
            sources=self._cited(node),
            efforts=self._numbers(id, options, get(node, "efforts")),
            slips=self._slips(id, options, get(node, "slips")),
        )

    def _rising(self, id: str, options: tuple[str, ...], node: Node | None) -> tuple[tuple[str, ...], ...]:
        if node is None or isinstance(node, Refused):
            return ()
        if isinstance(node, Scalar) and node.text == "all":
            return (options,)
        chains = [scalars(part) for part in parts(node)]
        if not chains or any(len(chain) < 2 for chain in chains):
            self.problems.add(node, _RISING)
            return ()
        return tuple(self._chain(id, options, chain) for chain in chains)

    def _chain(self, id: str, options: tuple[str, ...], chain: tuple[Scalar, ...]) -> tuple[str, ...]:
        known = [text(option) for option in chain if self._is_option(id, options, option)]
        places = [options.index(option) for option in known]
        if any(after <= before for before, after in pairwise(places)):
            self.problems.add(chain[0], _CHAIN, item=id, known=options)
        return tuple(known)

    def _is_option(self, id: str, options: tuple[str, ...], node: Scalar) -> bool:
        given = text(node)
        if given not in options:
            near = self.problems.nearest(given, options)
            self.problems.add(node, _OPTION, item=id, given=given, nearest=near, known=options)
        return given in options

    def _numbers(self, id: str, options: tuple[str, ...], node: Node | None) -> Mapping[str, int]:
        found = table(node)
        return {
            key: int(number)
            for key, value in found.values.items()
            if self._is_option(id, options, found.keys[key])
            and (number := text(value)).isascii()
            and number.isdigit()
            and len(number) < 3  # else already told: too long a number is not even read
        }

    def _slips(self, id: str, options: tuple[str, ...], node: Node | None) -> Mapping[str, Mapping[str, int]]:
        found = table(node)
        slips = {}
        for key, value in found.values.items():
            if self._is_option(id, options, found.keys[key]):
                slips[key] = self._numbers(id, options, value)
            if key in table(value).keys:
                self.problems.add(table(value).keys[key], _ITSELF, given=key)
        return slips

    def _cited(self, node: Node) -> tuple[str, ...]:
        for source in scalars(get(node, "sources")):
            if text(source) not in self.sources:
                near = self.problems.nearest(text(source), self.sources)
                self.problems.add(source, _SOURCE, given=text(source), nearest=near)
        return texts(get(node, "sources"))

    def _asked(self, item: Item, node: Node | None, items: Mapping[str, Item]) -> Item:
        """The item with its `when`, which reads earlier items only."""
        if node is None:
            return item
        condition = self.conditions.read(node)
        order = list(items)
        for other in dict.fromkeys(items_in(condition)):
            if items.get(item.id) is not item:
                break  # its id stands already: where it belongs is not known
            if other == item.id:
                self.problems.add(node, _OWN, item=item.id)
            elif order.index(other) > order.index(item.id):
                self.problems.add(node, _LATER, item=item.id, given=other)
        return Item(
            id=item.id,
            options=item.options,
            rising=item.rising,
            when=condition,
            sources=item.sources,
            efforts=item.efforts,
            slips=item.slips,
        )

    def _outcomes(self) -> tuple[Outcome, ...]:
        found = list(self._parts("outcomes"))
        outcomes = [Outcome(id=id, when=self._when(node)) for _, id, node in found]
        for _, id, node in found:
            if id == "undetermined":
                self.problems.add(get(node, "id"), _RESERVED_OUTCOME)
        if outcomes and outcomes[-1].when is not None:
            node = found[-1][2]
            self.problems.add(get(node, "id") or node, _OTHERWISE, given=outcomes[-1].id)
        return tuple(outcome for outcome in outcomes if outcome.id)

    def _when(self, node: Node) -> Condition | None:
        when = get(node, "when")
        return None if when is None else self.conditions.read(when)

    def _marks(self) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """Marks and signals, whose ids are unique among both."""
        both: dict[str, list[Mark]] = {"marks": [], "signals": []}
        for section, id, node in self._parts("marks", "signals"):
            mark = Mark(id=id, when=self._when(node) or AllOf(()), sources=self._cited(node))
            if id:
                both[section].append(mark)
        return tuple(both["marks"]), tuple(both["signals"])

    def _levels(self, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
        known = [outcome.id for outcome in outcomes]
        seen: dict[str, Node] = {}
        for level in scalars(get(self.root, "levels")):
            if self._new(level, seen, _ID_TWICE) and text(level) not in known:
                self.problems.add(level, _LEVEL, given=text(level), nearest=self.problems.nearest(text(level), known))
        return tuple(seen)

    def _split(self, signals: Iterable[Mark]) -> tuple[str, ...]:
        known = [signal.id for signal in signals]
        for node in scalars(get(self.root, "split")):
            if text(node) not in known:
                self.problems.add(node, _SPLIT, given=text(node), nearest=self.problems.nearest(text(node), known))
        return tuple(map(text, scalars(get(self.root, "split"))))

    def _gains(self) -> tuple[str, ...]:
        seen: dict[str, Node] = {}
        for gain in scalars(get(self.root, "gains")):
            self._new(gain, seen, _ID_TWICE)
        return tuple(seen)


def _source(id: str, node: Node) -> Source:
    return Source(
        id=id,
        document=text(get(node, "document")),
        heading=text(get(node, "heading")),
        language=text(get(node, "language")),
        url=text(get(node, "url")),
    )
