"""The drafts in a wording file: complete for the instrument, and with no name or blank where none belongs."""

import re
from collections.abc import Iterator

from assessor.bank.problems import Problems
from assessor.bank.unreliable_ids import Doubts
from assessor.bank.yaml_nodes import Node, Scalar, Table, get, parts, scalars, table, text, texts
from assessor.core.instrument import Instrument, Item
from assessor.core.wording import DraftClauses, DraftKind, DraftSection, DraftWords
from assessor.errors import N_

#: The kinds of draft.
KINDS = ("intent", "agreement")

_NAMES = ("library", "party", "undertaking")
_MORE = {"fill": ("what",), "note": (*_NAMES, "date"), "lower": ("placements",), "gains": (*_NAMES, "gains")}
_FIELD = re.compile(r"\{([^{}]*)\}|[{}]")
_BLANK = re.compile(r"\[[^\[\]]+\]")

_LACKS_ITEM = N_("the drafts say nothing about the item {given}; add it under the `items` of a section")
_LACKS_OPTION = N_("the drafts say nothing about the option {given} of {item}; add a clause, or an empty text for none")
_NO_ITEM = N_("the instrument has no item {given}; take it out, or write {nearest}")
_NO_OPTION = N_("the item {item} has no option {given}; take it out, or write {nearest}")
_TWICE = N_("the item {given} stands in two sections of the drafts; take one of them out")
_NO_NAME = N_("{given} cannot stand here; in this text a name is one of: {known}")
_NOT_BLANK = N_("what was answered leaves nothing to fill in; take the blank [ ] out, or move it to `unknown`")
_NEEDS_BLANK = N_("what was not answered is to be filled in; add a blank, as [who puts in what]")
_BRACKET = N_("a square bracket is not closed here; write a blank as [who puts in what]")


def complete(root: Node | None, instrument: Instrument, doubted: Doubts, problems: Problems) -> None:
    """Adds a problem for each item and option without a clause, and for each text with a name or blank amiss."""
    if not isinstance(root, Table):
        return
    _items(root, instrument, doubted, problems)
    for part in (root, *parts(get(root, "sections"))):
        for key, node in table(part).values.items():
            for scalar in _scalars(node) if key != "sections" else ():
                _names(scalar, _MORE.get(key, _NAMES), problems)
    for clauses in (clauses for _, _, clauses in _clauses(root)):
        for clause in _scalars(get(clauses, "options")):
            if _BLANK.search(text(clause)):
                problems.add(clause, _NOT_BLANK)
        for line in scalars(get(clauses, "unknown")):
            if not _BLANK.search(text(line)):
                problems.add(line, _NEEDS_BLANK)


def _items(root: Table, instrument: Instrument, doubted: Doubts, problems: Problems) -> None:
    known, found = instrument.by_id, set()
    for id, key, clauses in _clauses(root):
        if id in found:
            problems.add(key, _TWICE, given=id)
        found.add(id)
        if id not in known:
            problems.add(key, _NO_ITEM, given=id, nearest=problems.nearest(id, list(known)))
        elif id not in doubted.items and isinstance(get(clauses, "options"), Table):
            _options(known[id], table(get(clauses, "options")), key, problems)
    for id in known:
        if id not in found and "items" not in doubted.sections:
            problems.add(root.keys.get("sections"), _LACKS_ITEM, given=id)


def _options(item: Item, found: Table, at: Scalar, problems: Problems) -> None:
    for option in item.options:
        if option not in found.keys:
            problems.add(at, _LACKS_OPTION, given=option, item=item.id)
    for option, key in found.keys.items():
        if option not in item.options:
            nearest = problems.nearest(option, list(item.options))
            problems.add(key, _NO_OPTION, given=option, item=item.id, nearest=nearest)


def _clauses(root: Node) -> Iterator[tuple[str, Scalar, Node]]:
    for section in parts(get(root, "sections")):
        items = table(get(section, "items"))
        for id, node in items.values.items():
            yield id, items.keys[id], node


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    for inner in (*parts(node), *table(node).values.values()):
        yield from _scalars(inner)


def _names(scalar: Scalar, known: tuple[str, ...], problems: Problems) -> None:
    for match in _FIELD.finditer(text(scalar)):
        if match[1] not in known:
            problems.add(scalar, _NO_NAME, given=match[0], known=known)
    rest = _BLANK.sub("", text(scalar))
    if "[" in rest or "]" in rest:
        problems.add(scalar, _BRACKET)


def words(root: Node | None) -> DraftWords | None:
    """The words of drafts; None where the file has none."""
    if not isinstance(root, Table):
        return None
    return DraftWords(
        fill=text(get(root, "fill")),
        note=text(get(root, "note")),
        lower=text(get(root, "lower")),
        undertaking=text(get(root, "undertaking")),
        kinds={kind: _kind(get(root, "kinds", kind)) for kind in KINDS},
        sections=tuple(map(_section, parts(get(root, "sections")))),
        signing=text(get(root, "signing")),
        signatures=texts(get(root, "signatures")),
    )


def _kind(node: Node | None) -> DraftKind:
    return DraftKind(
        name=text(get(node, "name")), opening=texts(get(node, "opening")), closing=texts(get(node, "closing"))
    )


def _section(node: Node) -> DraftSection:
    items = table(get(node, "items")).values
    return DraftSection(
        heading=text(get(node, "heading")),
        lines={kind: texts(get(node, "lines", kind)) for kind in KINDS},
        items={id: _item(clauses) for id, clauses in items.items()},
        gains=text(get(node, "gains")),
    )


def _item(node: Node) -> DraftClauses:
    options = table(get(node, "options")).values
    return DraftClauses(
        options={id: text(clause) for id, clause in options.items()}, unknown=texts(get(node, "unknown"))
    )
