"""Checks of the drafts (letter of intent, agreement) in a wording file; `wording_parsing` calls them.

Two things the description of the file cannot say: every item and option of the instrument has a clause, in one section
only; and texts hold only names that will be filled in (`{party}`) and blanks (`[who]`) where something stays open.
Unchecked, a wrong name would show only when somebody makes a draft, long after the bank was written.
"""

import re
from collections.abc import Iterator

from assessor.bank.problems import BankProblems
from assessor.bank.unreliable_ids import UnreliableIds
from assessor.bank.yaml_nodes import (
    MapNode,
    Node,
    ScalarNode,
    as_map,
    get_node,
    list_parts,
    list_scalars,
    scalar_text,
)
from assessor.core.instrument import Instrument, Item
from assessor.errors import N_

_NAME_FIELDS = ("library", "party", "undertaking", "ends", "goal")
_FIELDS_BY_KEY = {
    "fill": ("what",),
    "note": (*_NAME_FIELDS, "date"),
    "lower": ("placements",),
    "gains": (*_NAME_FIELDS, "gains"),
}
_FIELD_PATTERN = re.compile(r"\{([^{}]*)\}|[{}]")
_BLANK_PATTERN = re.compile(r"\[[^\[\]]+\]")

_LACKS_ITEM = N_("the drafts say nothing about the item {given}; add it under the `items` of a section")
_LACKS_OPTION = N_("the drafts say nothing about the option {given} of {item}; add a clause, or an empty text for none")
_NO_ITEM = N_("the instrument has no item {given}; take it out, or write {nearest}")
_NO_OPTION = N_("the item {item} has no option {given}; take it out, or write {nearest}")
_TWICE = N_("the item {given} stands in two sections of the drafts; take one of them out")
_NO_NAME = N_("{given} cannot stand here; in this text a name is one of: {known}")
_NEEDS_BLANK = N_("what was not answered is to be filled in; add a blank, as [who puts in what]")
_BRACKET = N_("a square bracket is not closed here; write a blank as [who puts in what]")


def check_drafts(root: Node | None, instrument: Instrument, unreliable: UnreliableIds, problems: BankProblems) -> None:
    """Add a problem for each item or option without a clause, and for each wrong name or blank.

    A line for a don't know must have a blank.
    """
    if not isinstance(root, MapNode):
        return
    _check_items(root, instrument, unreliable, problems)
    for part in (root, *list_parts(get_node(root, "sections"))):
        for key, node in as_map(part).values.items():
            for scalar in _iter_scalars(node) if key != "sections" else ():
                _check_field_names(scalar, _FIELDS_BY_KEY.get(key, _NAME_FIELDS), problems)
    for clauses in (clauses for _, _, clauses in _iter_clauses(root)):
        for line in list_scalars(get_node(clauses, "unknown")):
            if not _BLANK_PATTERN.search(scalar_text(line)):
                problems.add(line, _NEEDS_BLANK)


def _check_items(root: MapNode, instrument: Instrument, unreliable: UnreliableIds, problems: BankProblems) -> None:
    """Each item of the instrument stands in exactly one section, each option has a clause, and nothing is left over."""
    known, seen = instrument.by_id, set()
    for id, key, clauses in _iter_clauses(root):
        if id in seen:
            problems.add(key, _TWICE, given=id)
        seen.add(id)
        if id not in known:
            problems.add(key, _NO_ITEM, given=id, nearest=problems.nearest_id(id, list(known)))
        elif id not in unreliable.items and isinstance(get_node(clauses, "options"), MapNode):
            _check_options(known[id], as_map(get_node(clauses, "options")), key, problems)
    for id in known:
        if id not in seen and "items" not in unreliable.sections:
            problems.add(root.keys.get("sections"), _LACKS_ITEM, given=id)


def _check_options(item: Item, clauses: MapNode, item_key: ScalarNode, problems: BankProblems) -> None:
    """The clauses are those of the item's options; a missing one is reported at the item's key."""
    for option in item.options:
        if option not in clauses.keys:
            problems.add(item_key, _LACKS_OPTION, given=option, item=item.id)
    for option, key in clauses.keys.items():
        if option not in item.options:
            nearest = problems.nearest_id(option, list(item.options))
            problems.add(key, _NO_OPTION, given=option, item=item.id, nearest=nearest)


def _iter_clauses(root: Node) -> Iterator[tuple[str, ScalarNode, Node]]:
    """Item id, its key and its clauses, for each item of each section."""
    for section in list_parts(get_node(root, "sections")):
        items = as_map(get_node(section, "items"))
        for id, node in items.values.items():
            yield id, items.keys[id], node


def _iter_scalars(node: Node | None) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    for inner in (*list_parts(node), *as_map(node).values.values()):
        yield from _iter_scalars(inner)


def _check_field_names(scalar: ScalarNode, known: tuple[str, ...], problems: BankProblems) -> None:
    """Add a problem for each `{name}` that is not among `known`, each stray brace and each unclosed square bracket."""
    for match in _FIELD_PATTERN.finditer(scalar_text(scalar)):
        if match[1] not in known:
            problems.add(scalar, _NO_NAME, given=match[0], known=known)
    rest = _BLANK_PATTERN.sub("", scalar_text(scalar))
    if "[" in rest or "]" in rest:
        problems.add(scalar, _BRACKET)
