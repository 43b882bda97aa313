"""A wording file to a `Wording`, checked to have words for each id of its instrument and for nothing else.

`parsing` calls this with the whole file; a variant's file has been laid over its base by then. Texts for drafts are
checked by `draft_wording`, the other party's words by `party`.

Words without an id are refused, not ignored: mostly they are a misspelt id, whose own words are then missing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from assessor.bank import draft_wording
from assessor.bank.file_format import WORDING
from assessor.bank.problems import BankProblems
from assessor.bank.unreliable_ids import UnreliableIds
from assessor.bank.value_kinds import check_kind
from assessor.bank.yaml_nodes import MapNode, Node, as_map, get_node, scalar_text
from assessor.core.instrument import Instrument, Item
from assessor.core.wording import LEVEL_SENTENCES, Wording
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
_STORY_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")
_NO_PLACEMENT = N_("the instrument has no placement {given}; take it out, or write {nearest}")
_NO_MARK = N_("the instrument has no mark {given}; take it out, or write {nearest}")
_NO_SIGNAL = N_("the instrument has no signal {given}; take it out, or write {nearest}")
_NO_SOURCE = N_("the instrument has no source {given}; take it out, or write {nearest}")
_NO_GAIN = N_("the instrument has no gain {given}; take it out, or write {nearest}")
_NO_SENTENCE = N_("the program has no sentence {given} about levels; take it out, or write {nearest}")
_OTHER_FIELDS = N_("this stands for {given}, so it needs the same {fields} and no others")
_NO_EFFORT = N_(
    "the option {given} of {item} has no effort in the instrument, so it is never advised; "
    "take its `step` out, or give it an effort"
)
_NO_SLIP = N_(
    "nothing slips from the option {given} of {item} in the instrument; "
    "take its `slip` out, or say there where it slips to"
)

_ONE_SIDED = N_("{languages} has {key} here, and this file has not; add it, or take it out there")

_FIELD = re.compile(r"\{[^{}]*\}")
_REQUIRED_SECTIONS = ("items", "placements", "options")


def parse_wording(
    root: Node, named: str, instrument: Instrument | None, unreliable: UnreliableIds, problems: BankProblems
) -> Wording:
    """The wording, or the part that can be understood; adds a problem for everything wrong in the file.

    `named` is the language in the file's name. Without an instrument only the file's own form is checked.
    """
    check_kind(WORDING, root, problems)
    language = scalar_text(get_node(root, "language"))
    if language and language != named:
        problems.add(get_node(root, "language"), _LANGUAGE, named=named, given=language)
    if instrument is not None:
        _check_complete(root, instrument, unreliable, problems)
        draft_wording.check_drafts(get_node(root, "drafts"), instrument, unreliable, problems)
    words: Wording = WORDING.build(root)
    return words


def check_same_keys(wordings: Mapping[str, tuple[Node, BankProblems]]) -> None:
    """Add a problem where one language has an optional text, such as a hint, that another lacks.

    By language, the nodes of a file that has no problem yet, and where its problems go.
    """
    keys = {language: dict(_key_paths(root)) for language, (root, _) in wordings.items()}
    for language, (root, problems) in wordings.items():
        for path in dict.fromkeys(path for other in keys.values() for path in other):
            if path not in keys[language] and (len(path) == 1 or path[:-1] in keys[language]):
                having = tuple(other for other in keys if path in keys[other])
                position = keys[language].get(path[:-1], next(iter(as_map(root).keys.values()), root))
                problems.add(position, _ONE_SIDED, languages=having, key=path[-1])


def _key_paths(node: Node | None, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Each key within a table, with the keys above it, and where it stands."""
    table = as_map(node)
    for name, value in table.values.items():
        if not above and name == "level_sentences":  # another language may call levels what the program does
            continue
        yield (*above, name), table.keys[name]
        yield from _key_paths(value, (*above, name))


def _check_complete(root: Node, instrument: Instrument, unreliable: UnreliableIds, problems: BankProblems) -> None:
    """Each id of the instrument has words, and nothing else has; unreliable sections and items are left out."""
    sections: dict[str, tuple[Iterable[str], str, str]] = {
        "items": (instrument.by_id, _LACKS_ITEM, _NO_ITEM),
        "placements": (instrument.placements, _LACKS_PLACEMENT, _NO_PLACEMENT),
        "marks": ([mark.id for mark in instrument.marks], _LACKS_MARK, _NO_MARK),
        "signals": ([signal.id for signal in instrument.signals], _LACKS_SIGNAL, _NO_SIGNAL),
        "gains": (instrument.gains, _LACKS_GAIN, _NO_GAIN),
    }
    for section, (ids, lacks, excess) in sections.items():
        if section not in unreliable.sections:
            _check_same_ids(root, section, ids, lacks, excess, problems)
    findings = get_node(root, "findings")
    for section, known, excess in (
        ("placements", instrument.placements, _NO_PLACEMENT),
        ("slips", tuple(instrument.by_id), _NO_ITEM),
    ):
        for id, key in as_map(get_node(findings, section)).keys.items():
            if id not in known:
                problems.add(key, excess, given=id, nearest=problems.nearest_id(id, list(known)))
    _check_level_sentences(root, problems)
    for id, words in as_map(get_node(root, "items")).values.items():
        if id in instrument.by_id and id not in unreliable.items and isinstance(words, MapNode):
            _check_options(instrument.by_id[id], words, problems)
            _check_story(get_node(words, "story", "option"), instrument.by_id[id], problems)
    for id, key in as_map(get_node(root, "headings")).keys.items():
        if id not in instrument.sources and "sources" not in unreliable.sections:
            problems.add(key, _NO_SOURCE, given=id, nearest=problems.nearest_id(id, list(instrument.sources)))


def _check_level_sentences(root: Node, problems: BankProblems) -> None:
    """Add a problem for each sentence that the program does not say, or whose fields are not those of its own."""
    sentences = as_map(get_node(root, "level_sentences"))
    for given, node in sentences.values.items():
        own, fields = scalar_text(node), _FIELD.findall(given)
        if given not in LEVEL_SENTENCES:
            nearest = problems.nearest_id(given, LEVEL_SENTENCES)
            problems.add(sentences.keys[given], _NO_SENTENCE, given=given, nearest=nearest)
        elif own and sorted(set(_FIELD.findall(own))) != sorted(set(fields)):
            problems.add(node, _OTHER_FIELDS, given=given, fields=", ".join(fields) or "–")


def _check_story(option: Node | None, item: Item, problems: BankProblems) -> None:
    """Add a problem where a story leads to an option that the item lacks."""
    named = scalar_text(option)
    if named and named not in item.options:
        nearest = problems.nearest_id(named, item.options)
        problems.add(option, _STORY_OPTION, given=named, nearest=nearest, item=item.id, known=item.options)


def _check_same_ids(
    root: Node, section: str, ids: Iterable[str], lacks: str, excess: str, problems: BankProblems, item: str = ""
) -> None:
    """Add a problem for each id without words and each words without an id; none if the whole section is missing."""
    words, known = as_map(get_node(root, section)), list(ids)
    if not isinstance(get_node(root, section), MapNode) and (section in _REQUIRED_SECTIONS or get_node(root, section)):
        return  # reported already, once for the whole section
    for id in known:
        if id not in words.keys:
            position = as_map(root).keys.get(section) or next(iter(as_map(root).keys.values()), None)
            problems.add(position, lacks, given=id, item=item)
    for id, key in words.keys.items():
        if id not in known:
            problems.add(key, excess, given=id, nearest=problems.nearest_id(id, known), item=item)


def _check_options(item: Item, words: MapNode, problems: BankProblems) -> None:
    """Each option has words, with a step where it has an effort and a slip where it may slip."""
    _check_same_ids(words, "options", item.options, _LACKS_OPTION, _NO_OPTION, problems, item.id)
    by_option = as_map(get_node(words, "options"))
    for option, node in by_option.values.items():
        if option not in item.options or not isinstance(node, MapNode):
            continue
        key = by_option.keys[option]
        _check_step_or_slip("step", option in item.efforts, (_LACKS_STEP, _NO_EFFORT), node, key, item, problems)
        slips = bool(item.slips.get(option))
        _check_step_or_slip("slip", slips, (_LACKS_SLIP, _NO_SLIP), node, key, item, problems)


def _check_step_or_slip(
    part: str,
    needed: bool,
    templates: tuple[str, str],
    node: MapNode,
    option: Node,
    item: Item,
    problems: BankProblems,
) -> None:
    """Words for a step or a slip are there exactly if the instrument has one.

    `templates` are those for missing and for needless words.
    """
    words = get_node(node, part)
    empty = words is None or (part == "slip" and not scalar_text(words))
    if needed and empty:
        problems.add(option, templates[0], given=scalar_text(option), item=item.id)
    elif not needed and not empty:
        problems.add(node.keys[part], templates[1], given=scalar_text(option), item=item.id)
