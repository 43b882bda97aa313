"""The other party's side of a bank: which items it is asked, how its responses turn round, and its words."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from assessor.bank import schema
from assessor.bank.problems import Problems
from assessor.bank.unreliable_ids import Doubts
from assessor.bank.yaml_nodes import Node, Scalar, Table, get, scalars, table, text, texts
from assessor.core.conditions import items_in
from assessor.core.instrument import Instrument
from assessor.core.sides import Gain, Sides
from assessor.core.wording import ItemWords, OptionWords, PlacementWords, Wording
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


def sides(root: Node, instrument: Instrument | None, doubted: Doubts, problems: Problems) -> Sides:
    """The sides, or as much of them as can be understood."""
    schema.check(schema.SidesShape, root, problems)
    if instrument is not None and "items" not in doubted.sections:
        _Meaning(root, instrument, doubted, problems).check()
    return _sides(root, instrument)


def _sides(root: Node, instrument: Instrument | None) -> Sides:
    position = instrument.position if instrument else {}
    gain = get(root, "gain")
    return Sides(
        asked=tuple(sorted(texts(get(root, "asked")), key=lambda item: position.get(item, len(position)))),
        mirrors={item: _both_ways(node) for item, node in table(get(root, "mirror")).values.items()},
        gain=None if gain is None else _gain(gain),
        wishes=texts(get(root, "wishes")),
    )


def _gain(node: Node) -> Gain:
    return Gain(item=text(get(node, "item")), ours=texts(get(node, "ours")), theirs=texts(get(node, "theirs")))


def _both_ways(node: Node | None) -> dict[str, str]:
    pairs = [(option, text(other)) for option, other in table(node).values.items()]
    return {**dict(pairs), **{other: option for option, other in pairs}}


class _Meaning:
    """What the ids in sides.yaml stand for, held against the instrument."""

    def __init__(self, root: Node, instrument: Instrument, doubted: Doubts, problems: Problems) -> None:
        self.root, self.instrument, self.doubted, self.problems = root, instrument, doubted, problems
        self.asked = {text(at): at for at in scalars(get(root, "asked"))}

    def check(self) -> None:
        """Add a problem for everything that does not hold."""
        self._divided()
        self._applying()
        self._mirrored()
        self._gaining()
        for at in scalars(get(self.root, "wishes")):
            self._is_asked(at)

    def _divided(self) -> None:
        """Every item is either asked of the party or the library's alone."""
        seen: dict[str, Scalar] = {}
        for at in (*scalars(get(self.root, "asked")), *scalars(get(self.root, "library_only"))):
            given = text(at)
            if given in seen:
                self.problems.add(at, _ITEM_TWICE, given=given, first=seen[given].line)
            elif given and given not in self.instrument.by_id:
                self.problems.add(at, _ITEM, given=given, nearest=self._nearest(given))
            seen.setdefault(given, at)
        for item in self.instrument.by_id:
            if item not in seen and isinstance(self.root, Table):
                self.problems.add(self.root.keys.get("asked"), _UNDECIDED, given=item)

    def _applying(self) -> None:
        for item in self.instrument.items:
            for needed in items_in(item.when):
                if (item.id in self.asked) and needed not in self.asked:
                    self.problems.add(self.asked[item.id], _NEEDS, given=item.id, needed=needed)

    def _mirrored(self) -> None:
        mirror = table(get(self.root, "mirror"))
        for item, node in mirror.values.items():
            if self._is_asked(mirror.keys[item]):
                seen: dict[str, Node] = {}
                for option, other in table(node).values.items():
                    self._once(item, table(node).keys[option], seen)
                    self._once(item, other, seen)

    def _once(self, item: str, at: Node, seen: dict[str, Node]) -> None:
        given = text(at)
        if self._is_option(item, at) and given in seen:
            self.problems.add(at, _OPTION_TWICE, given=given, first=seen[given].line)
        seen.setdefault(given, at)

    def _gaining(self) -> None:
        """What one side says of itself is what the other says of it."""
        at = get(self.root, "gain", "item")
        if at is None or not self._is_asked(at):
            return
        named = [*scalars(get(self.root, "gain", "ours")), *scalars(get(self.root, "gain", "theirs"))]
        known = [self._is_option(text(at), option) for option in named]
        gain, mirrors = _sides(self.root, self.instrument).gain, _both_ways(get(self.root, "mirror", text(at)))
        options = self.instrument.by_id[text(at)].options
        if all(known) and gain and set(mirrors) <= set(options):
            turned = tuple(mirrors.get(option, option) for option in gain.ours)
            if set(turned) != set(gain.theirs):
                self.problems.add(at, _LOPSIDED, ours=gain.ours, turned=turned, theirs=gain.theirs)

    def _is_asked(self, at: Node) -> bool:
        given = text(at)
        if given and given not in self.instrument.by_id:
            self.problems.add(at, _ITEM, given=given, nearest=self._nearest(given))
        elif given and given not in self.asked:
            self.problems.add(at, _NOT_ASKED, given=given)
        return given in self.asked and given in self.instrument.by_id

    def _is_option(self, item: str, at: Node) -> bool:
        options, given = self.instrument.by_id[item].options, text(at)
        if item not in self.doubted.items and given and given not in options:
            near = self.problems.nearest(given, options)
            self.problems.add(at, _OPTION, item=item, given=given, nearest=near, known=options)
        return given in options

    def _nearest(self, given: str) -> str:
        return self.problems.nearest(given, self.instrument.by_id)


def check_words(
    root: Node, named: str, instrument: Instrument | None, asked: Sides | None, doubted: Doubts, problems: Problems
) -> None:
    """Add a problem for everything that is lacking in the party's words, or beyond what it is asked."""
    schema.check(schema.PartyWordingShape, root, problems)
    language = text(get(root, "language"))
    if language and language != named:
        problems.add(get(root, "language"), _LANGUAGE, named=named, given=language)
    if instrument is not None and asked is not None and "items" not in doubted.sections:
        _complete(root, instrument, asked, doubted, problems)


def _complete(root: Node, instrument: Instrument, asked: Sides, doubted: Doubts, problems: Problems) -> None:
    items = table(get(root, "items"))
    for item in asked.asked:
        if item not in items.keys and isinstance(get(root, "items"), Table):
            problems.add(table(root).keys.get("items"), _LACKS_ITEM, given=item)
    for item, key in items.keys.items():
        if item not in asked.asked:
            problems.add(key, _NO_ITEM, given=item, nearest=problems.nearest(item, asked.asked))
        elif item in instrument.by_id and item not in doubted.items:
            _options(item, instrument.by_id[item].options, items.values[item], problems)
    placements = table(get(root, "placements"))
    if "placements" not in doubted.sections:
        _known(placements, instrument.placements, problems)


def _options(item: str, options: tuple[str, ...], words: Node, problems: Problems) -> None:
    for option, key in table(get(words, "options")).keys.items():
        if option not in options:
            near = problems.nearest(option, options)
            problems.add(key, _OPTION, item=item, given=option, nearest=near, known=options)


def _known(found: Table, placements: Iterable[str], problems: Problems) -> None:
    known = list(placements)
    for id, key in found.keys.items():
        if id not in known:
            problems.add(key, _PLACEMENT, given=id, nearest=problems.nearest(id, known))


def worded(root: Node, words: Wording) -> Wording:
    """The library's wording with what is otherwise for the party."""
    return replace(
        words,
        about=text(get(root, "about")),
        items={id: _item(each, get(root, "items", id)) for id, each in words.items.items()},
        placements={id: _placement(each, get(root, "placements", id)) for id, each in words.placements.items()},
    )


def _item(words: ItemWords, node: Node | None) -> ItemWords:
    if node is None:
        return words
    options = {id: _option(option, get(node, "options", id)) for id, option in words.options.items()}
    return replace(words, **_said(node, "ask", "hint"), options=options)


def _option(words: OptionWords, node: Node | None) -> OptionWords:
    return replace(words, **_said(node, "label", "short", "reason", "example"))


def _placement(words: PlacementWords, node: Node | None) -> PlacementWords:
    return replace(words, **_said(node, "line", "about", "advice"))


def _said(node: Node | None, *keys: str) -> dict[str, Any]:
    """Those of the keys that stand there."""
    return {key: text(get(node, key)) for key in keys if get(node, key) is not None}
