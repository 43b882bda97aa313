"""A wording file to a wording: complete for its instrument, and nothing beyond it."""

from collections.abc import Iterable

from assessor.bank import draft_wording, schema
from assessor.bank.problems import Problems
from assessor.bank.unreliable_ids import Doubts
from assessor.bank.yaml_nodes import Node, Table, get, table, text, texts
from assessor.core.instrument import Instrument, Item
from assessor.core.wording import ItemWords, MarkWords, OptionWords, PlacementWords, Step, Wording
from assessor.errors import N_

_LANGUAGE = N_("the file is named for {named} and says {given}; make them the same")
_LACKS_ITEM = N_("the item {given} has no words; add it under `items`")
_LACKS_OPTION = N_("the option {given} of {item} has no words; add it under its `options`")
_LACKS_PLACEMENT = N_("the placement {given} has no words; add it under `placements`")
_LACKS_MARK = N_("the mark {given} has no words; add it under `marks`")
_LACKS_SIGNAL = N_("the signal {given} has no words; add it under `signals`")
_LACKS_GAIN = N_("the gain {given} has no words; add it under `gains`")
_LACKS_STEP = N_("the option {given} of {item} has an effort, so it is advised; add its `step` with title and text")
_LACKS_SLIP = N_("{item} may slip from the option {given}; add its `slip`, how that comes about")
_NO_ITEM = N_("the instrument has no item {given}; take it out, or write {nearest}")
_NO_OPTION = N_("the item {item} has no option {given}; take it out, or write {nearest}")
_NO_PLACEMENT = N_("the instrument has no placement {given}; take it out, or write {nearest}")
_NO_MARK = N_("the instrument has no mark {given}; take it out, or write {nearest}")
_NO_SIGNAL = N_("the instrument has no signal {given}; take it out, or write {nearest}")
_NO_GAIN = N_("the instrument has no gain {given}; take it out, or write {nearest}")
_NO_EFFORT = N_(
    "the option {given} of {item} has no effort in the instrument, so it is never advised; "
    "take its `step` out, or give it an effort"
)
_NO_SLIP = N_(
    "nothing slips from the option {given} of {item} in the instrument; "
    "take its `slip` out, or say there where it slips to"
)

_NEEDED = ("items", "placements", "options")


def read(root: Node, named: str, instrument: Instrument | None, doubted: Doubts, problems: Problems) -> Wording:
    """The wording, or as much of it as can be understood; `named` is the language in the file's name."""
    schema.check(schema.WordingShape, root, problems)
    language = text(get(root, "language"))
    if language and language != named:
        problems.add(get(root, "language"), _LANGUAGE, named=named, given=language)
    if instrument is not None:
        _complete(root, instrument, doubted, problems)
        draft_wording.complete(get(root, "drafts"), instrument, doubted, problems)
    return _wording(root)


def _complete(root: Node, instrument: Instrument, doubted: Doubts, problems: Problems) -> None:
    """Every id of the instrument has words, and nothing else has; ids in doubt are passed over."""
    sections: dict[str, tuple[Iterable[str], str, str]] = {
        "items": (instrument.by_id, _LACKS_ITEM, _NO_ITEM),
        "placements": (instrument.placements, _LACKS_PLACEMENT, _NO_PLACEMENT),
        "marks": ([mark.id for mark in instrument.marks], _LACKS_MARK, _NO_MARK),
        "signals": ([signal.id for signal in instrument.signals], _LACKS_SIGNAL, _NO_SIGNAL),
        "gains": (instrument.gains, _LACKS_GAIN, _NO_GAIN),
    }
    for section, (ids, lacks, excess) in sections.items():
        if section not in doubted.sections:
            _same(root, section, ids, lacks, excess, problems)
    for id, words in table(get(root, "items")).values.items():
        if id in instrument.by_id and id not in doubted.items and isinstance(words, Table):
            _options(instrument.by_id[id], words, problems)


def _same(
    root: Node, section: str, ids: Iterable[str], lacks: str, excess: str, problems: Problems, item: str = ""
) -> None:
    """A problem for each id without words and for each words without an id; none where the section is lacking."""
    found, known = table(get(root, section)), list(ids)
    if not isinstance(get(root, section), Table) and (section in _NEEDED or get(root, section)):
        return  # told already, once for the whole section
    for id in known:
        if id not in found.keys:
            at = table(root).keys.get(section) or next(iter(table(root).keys.values()), None)
            problems.add(at, lacks, given=id, item=item)
    for id, key in found.keys.items():
        if id not in known:
            problems.add(key, excess, given=id, nearest=problems.nearest(id, known), item=item)


def _options(item: Item, words: Table, problems: Problems) -> None:
    _same(words, "options", item.options, _LACKS_OPTION, _NO_OPTION, problems, item.id)
    found = table(get(words, "options"))
    for option, node in found.values.items():
        if option not in item.options or not isinstance(node, Table):
            continue
        key = found.keys[option]
        _one_for_one("step", option in item.efforts, (_LACKS_STEP, _NO_EFFORT), node, key, item, problems)
        slips = bool(item.slips.get(option))
        _one_for_one("slip", slips, (_LACKS_SLIP, _NO_SLIP), node, key, item, problems)


def _one_for_one(
    part: str,
    needed: bool,
    templates: tuple[str, str],
    node: Table,
    option: Node,
    item: Item,
    problems: Problems,
) -> None:
    """Words for a step or a slip stand exactly where the instrument has one."""
    given = get(node, part)
    empty = given is None or (part == "slip" and not text(given))
    if needed and empty:
        problems.add(option, templates[0], given=text(option), item=item.id)
    elif not needed and not empty:
        problems.add(node.keys[part], templates[1], given=text(option), item=item.id)


def _wording(root: Node) -> Wording:
    def section(name: str) -> dict[str, Node]:
        return dict(table(get(root, name)).values)

    return Wording(
        language=text(get(root, "language")),
        name=text(get(root, "name")),
        about=text(get(root, "about")),
        items={id: _item(node) for id, node in section("items").items()},
        placements={id: _placement(node) for id, node in section("placements").items()},
        marks={id: _mark(node) for id, node in section("marks").items()},
        signals={id: _mark(node) for id, node in section("signals").items()},
        gains={id: text(node) for id, node in section("gains").items()},
        method=texts(get(root, "method")),
        limits=texts(get(root, "limits")),
        drafts=draft_wording.words(get(root, "drafts")),
    )


def _item(node: Node) -> ItemWords:
    options = table(get(node, "options")).values
    return ItemWords(
        short=text(get(node, "short")),
        ask=text(get(node, "ask")),
        hint=text(get(node, "hint")),
        options={id: _option(option) for id, option in options.items()},
    )


def _option(node: Node) -> OptionWords:
    step = get(node, "step")
    return OptionWords(
        label=text(get(node, "label")),
        short=text(get(node, "short")),
        reason=text(get(node, "reason")),
        example=text(get(node, "example")),
        step=None if step is None else Step(title=text(get(step, "title")), text=text(get(step, "text"))),
        slip=text(get(node, "slip")),
    )


def _placement(node: Node) -> PlacementWords:
    return PlacementWords(
        name=text(get(node, "name")),
        plural=text(get(node, "plural")),
        within=text(get(node, "within")),
        line=text(get(node, "line")),
        about=text(get(node, "about")),
        advice=text(get(node, "advice")),
    )


def _mark(node: Node) -> MarkWords:
    return MarkWords(name=text(get(node, "name")), about=text(get(node, "about")))
