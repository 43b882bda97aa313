"""The folder party/ of a bank: what the other party is asked (sides.yaml) and in which words (one file a language).

`parsing` calls this; `core.sides` uses the result in a workshop. A `Sides` turns a party's response round by its
`mirrors`: "only we benefit" said by the party is "only they benefit" to the library. For that to be sound, an option
has one mirror only, and every item that decides whether an asked item applies is asked too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from assessor.bank.file_format import PARTY_WORDING, SIDES
from assessor.bank.problems import BankProblems
from assessor.bank.unreliable_ids import UnreliableIds
from assessor.bank.value_kinds import check_kind
from assessor.bank.yaml_nodes import MapNode, Node, ScalarNode, as_map, get_node, list_scalars, scalar_text
from assessor.core.conditions import items_in
from assessor.core.instrument import Instrument
from assessor.core.sides import Sides
from assessor.core.wording import ItemWords, Wording
from assessor.errors import N_

_ITEM = N_("there is no item {given}; the nearest is {nearest}")
_ITEM_TWICE = N_("the item {given} stands already on line {first}; take out one of them")
_UNDECIDED = N_(
    "it is not said whether the party is asked {given}; add it under `asked`, or under `library_only` "
    "where only the library can tell"
)
_NOT_ASKED = N_("the party is not asked {given}; add it under `asked`, or take it out here")
_NEEDS = N_("whether {given} applies hangs on {needed}, which the party is not asked; ask both, or neither")
_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")
_OPTION_TWICE = N_(
    "the option {given} changes places already on line {first}; an option has one mirror, so take one out"
)
_LOPSIDED = N_(
    "turned round, {ours} says {turned}, but `theirs` has {theirs}; "
    "what one side says of itself is what the other says of it, so mend `gain` or `mirror`"
)
_LANGUAGE = N_("the file is named for {named} and says {given}; make them the same")
_LACKS_ITEM = N_("the party is asked {given}, which has no words here; add it under `items` with its `ask`")
_NO_ITEM = N_("the party is not asked {given}; take it out, or write {nearest}")
_PLACEMENT = N_("there is no placement {given}; the nearest is {nearest}")


def parse_sides(root: Node, instrument: Instrument | None, unreliable: UnreliableIds, problems: BankProblems) -> Sides:
    """What the party is asked, or the part that can be understood; adds a problem for everything wrong in the file."""
    check_kind(SIDES, root, problems)
    if instrument is not None and "items" not in unreliable.sections:
        _SidesChecker(root, instrument, unreliable, problems).check()
    return _build_sides(root, instrument)


def _build_sides(root: Node, instrument: Instrument | None) -> Sides:
    """The `Sides` in a file: items in the instrument's order, mirrors in both directions."""
    position = instrument.positions if instrument else {}
    built = SIDES.build(root)
    return Sides(
        asked=tuple(sorted(built["asked"], key=lambda item: position.get(item, len(position)))),
        mirrors={item: _both_ways(pairs) for item, pairs in built["mirror"].items()},
        gain=built["gain"],
        wishes=built["wishes"],
    )


def _both_ways(pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs of options and their reverse."""
    return {**pairs, **{other: option for option, other in pairs.items()}}


class _SidesChecker:
    """Checks of sides.yaml that need the instrument: its ids and the conditions between its items."""

    def __init__(self, root: Node, instrument: Instrument, unreliable: UnreliableIds, problems: BankProblems) -> None:
        self.root, self.instrument, self.unreliable, self.problems = root, instrument, unreliable, problems
        self.asked = {scalar_text(node): node for node in list_scalars(get_node(root, "asked"))}

    def check(self) -> None:
        """Add a problem for everything that does not hold."""
        self._check_all_decided()
        self._check_conditions()
        self._check_mirrors()
        self._check_gain()
        for node in list_scalars(get_node(self.root, "wishes")):
            self._is_asked(node)

    def _check_all_decided(self) -> None:
        """Each item stands once under `asked` or `library_only`, so that a new item cannot be forgotten."""
        seen: dict[str, ScalarNode] = {}
        for node in (*list_scalars(get_node(self.root, "asked")), *list_scalars(get_node(self.root, "library_only"))):
            given = scalar_text(node)
            if given in seen:
                self.problems.add(node, _ITEM_TWICE, given=given, first=seen[given].line)
            elif given and given not in self.instrument.by_id:
                self.problems.add(node, _ITEM, given=given, nearest=self._nearest_item(given))
            seen.setdefault(given, node)
        for item in self.instrument.by_id:
            if item not in seen and isinstance(self.root, MapNode):
                self.problems.add(self.root.keys.get("asked"), _UNDECIDED, given=item)

    def _check_conditions(self) -> None:
        """An item whose `when` asks for another is asked of the party only together with that one."""
        for item in self.instrument.items:
            for needed in items_in(item.when):
                if (item.id in self.asked) and needed not in self.asked:
                    self.problems.add(self.asked[item.id], _NEEDS, given=item.id, needed=needed)

    def _check_mirrors(self) -> None:
        """Mirrored items are asked of the party, their options exist, and each option has one mirror."""
        mirror = as_map(get_node(self.root, "mirror"))
        for item, node in mirror.values.items():
            if self._is_asked(mirror.keys[item]):
                seen: dict[str, Node] = {}
                for option, other in as_map(node).values.items():
                    self._check_mirrored_once(item, as_map(node).keys[option], seen)
                    self._check_mirrored_once(item, other, seen)

    def _check_mirrored_once(self, item: str, node: Node, seen: dict[str, Node]) -> None:
        given = scalar_text(node)
        if self._is_option(item, node) and given in seen:
            self.problems.add(node, _OPTION_TWICE, given=given, first=seen[given].line)
        seen.setdefault(given, node)

    def _check_gain(self) -> None:
        """Turned round, the options under `ours` are those under `theirs`: both sides then mean the same by them."""
        item_node = get_node(self.root, "gain", "item")
        if item_node is None or not self._is_asked(item_node):
            return
        named = [
            *list_scalars(get_node(self.root, "gain", "ours")),
            *list_scalars(get_node(self.root, "gain", "theirs")),
        ]
        known = [self._is_option(scalar_text(item_node), option) for option in named]
        sides = _build_sides(self.root, self.instrument)
        gain, mirrors = sides.gain, sides.mirrors.get(scalar_text(item_node), {})
        options = self.instrument.by_id[scalar_text(item_node)].options
        if all(known) and gain and set(mirrors) <= set(options):
            turned = tuple(mirrors.get(option, option) for option in gain.ours)
            if set(turned) != set(gain.theirs):
                self.problems.add(item_node, _LOPSIDED, ours=gain.ours, turned=turned, theirs=gain.theirs)

    def _is_asked(self, node: Node) -> bool:
        """Whether the party is asked an item; adds a problem where it is not, or where there is no such item."""
        given = scalar_text(node)
        if given and given not in self.instrument.by_id:
            self.problems.add(node, _ITEM, given=given, nearest=self._nearest_item(given))
        elif given and given not in self.asked:
            self.problems.add(node, _NOT_ASKED, given=given)
        return given in self.asked and given in self.instrument.by_id

    def _is_option(self, item: str, node: Node) -> bool:
        """Whether the item has this option; adds a problem where it has not, unless its options are unreliable."""
        options, given = self.instrument.by_id[item].options, scalar_text(node)
        if item not in self.unreliable.items and given and given not in options:
            nearest = self.problems.nearest_id(given, options)
            self.problems.add(node, _OPTION, item=item, given=given, nearest=nearest, known=options)
        return given in options

    def _nearest_item(self, given: str) -> str:
        return self.problems.nearest_id(given, self.instrument.by_id)


def check_party_wording(
    root: Node,
    named: str,
    instrument: Instrument | None,
    sides: Sides | None,
    unreliable: UnreliableIds,
    problems: BankProblems,
) -> None:
    """Add a problem for everything missing or needless in the party's words.

    `named` is the language in the file's name.
    """
    check_kind(PARTY_WORDING, root, problems)
    language = scalar_text(get_node(root, "language"))
    if language and language != named:
        problems.add(get_node(root, "language"), _LANGUAGE, named=named, given=language)
    if instrument is not None and sides is not None and "items" not in unreliable.sections:
        _check_complete(root, instrument, sides, unreliable, problems)


def _check_complete(
    root: Node, instrument: Instrument, sides: Sides, unreliable: UnreliableIds, problems: BankProblems
) -> None:
    """Each asked item has words, and nothing else has; its options and the placements exist."""
    items = as_map(get_node(root, "items"))
    for item in sides.asked:
        if item not in items.keys and isinstance(get_node(root, "items"), MapNode):
            problems.add(as_map(root).keys.get("items"), _LACKS_ITEM, given=item)
    for item, key in items.keys.items():
        if item not in sides.asked:
            problems.add(key, _NO_ITEM, given=item, nearest=problems.nearest_id(item, sides.asked))
        elif item in instrument.by_id and item not in unreliable.items:
            _check_options(item, instrument.by_id[item].options, items.values[item], problems)
    placements = as_map(get_node(root, "placements"))
    if "placements" not in unreliable.sections:
        _check_placements(placements, instrument.placements, problems)


def _check_options(item: str, options: tuple[str, ...], words: Node, problems: BankProblems) -> None:
    """Add a problem for each option with words that the item does not have; no option needs words of its own here."""
    for option, key in as_map(get_node(words, "options")).keys.items():
        if option not in options:
            nearest = problems.nearest_id(option, options)
            problems.add(key, _OPTION, item=item, given=option, nearest=nearest, known=options)


def _check_placements(words: MapNode, placements: Iterable[str], problems: BankProblems) -> None:
    """Add a problem for each placement with words that the instrument does not have."""
    known = list(placements)
    for id, key in words.keys.items():
        if id not in known:
            problems.add(key, _PLACEMENT, given=id, nearest=problems.nearest_id(id, known))


def party_wording(root: Node, words: Wording) -> Wording:
    """The library's wording with the words that differ for the party put in."""
    otherwise = PARTY_WORDING.build(root)
    return replace(
        words,
        about=otherwise["about"],
        items={id: _overlay_item(item, otherwise["items"].get(id, {})) for id, item in words.items.items()},
        placements={
            id: replace(placement, **otherwise["placements"].get(id, {})) for id, placement in words.placements.items()
        },
    )


def _overlay_item(words: ItemWords, otherwise: Mapping[str, Any]) -> ItemWords:
    """An item's words with those that differ for the party; options are laid over one by one."""
    of_options = otherwise.get("options", {})
    options = {id: replace(option, **of_options.get(id, {})) for id, option in words.options.items()}
    return replace(words, **{**otherwise, "options": options})
