"""cases.yaml to worked cases, checked against the instrument; and the comparison of each case with the rules.

`parsing` calls this. The comparison needs compiled rules, so it is a step of its own, taken only once instrument.yaml
and cases.yaml have no problem.
"""

from assessor.bank.case import UNDETERMINED, Case
from assessor.bank.file_format import CASES
from assessor.bank.problems import BankProblems
from assessor.bank.unreliable_ids import UnreliableIds
from assessor.bank.value_kinds import check_kind
from assessor.bank.yaml_nodes import Node, as_map, get_node, list_parts, list_scalars, list_texts, scalar_text
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import on_route
from assessor.errors import N_

_ID_TWICE = N_("the id {given} stands already on line {first}; rename or take out one of them")
_ITEM = N_("there is no item {given}; the nearest is {nearest}")
_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")
_PLACEMENT = N_("there is no placement {given}; the nearest is {nearest}")
_NO_CASE = N_("there is no case {given} to calibrate with; the nearest is {nearest}")
_CASE_TWICE = N_("the case {given} is named already on line {first}; take out one of them")
_UNTOLD = N_("the case {given} is for calibration and lacks its text in {language}; add it under `text`")
_UNPLACED = N_(
    "the case {given} is for calibration, so its `keyed` and its `placements` are one and the same placement; "
    "mend them, or take it out of `calibration`"
)
_DIFFERS = N_(
    "the case {given} says {said}, but the rules give {got} to its responses; "
    "mend the case's placements or responses, or the rules"
)


def parse_cases(
    root: Node,
    instrument: Instrument | None,
    unreliable: UnreliableIds,
    languages: tuple[str, ...],
    problems: BankProblems,
) -> tuple[Case, ...]:
    """The cases, or those that can be understood; adds a problem for everything wrong in the file.

    Each case of the calibration round needs a text in each of `languages`.
    """
    check_kind(CASES, root, problems)
    seen: dict[str, Node] = {}
    for node in list_parts(get_node(root, "cases")):
        _check_id(node, seen, problems)
        if instrument is not None:
            _check_known_ids(node, instrument, unreliable, problems)
    _check_calibration(root, languages, problems)
    cases: tuple[Case, ...] = CASES.build(root)["cases"]
    return cases


def calibration_cases(root: Node, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases of the calibration round, in its order; ids without a case are left out."""
    by_id = {case.id: case for case in cases}
    return tuple(by_id[id] for id in list_texts(get_node(root, "calibration")) if id in by_id)


def compare_with_rules(root: Node, cases: tuple[Case, ...], instrument: Instrument, problems: BankProblems) -> None:
    """Add a problem for each case whose responses the rules place otherwise than the case says."""
    for node, case in zip(list_parts(get_node(root, "cases")), cases, strict=True):
        got = instrument.diagram.possible_placements(on_route(instrument, case.responses))
        if set(got) != set(case.placements):
            position = get_node(node, "placements") or node
            problems.add(position, _DIFFERS, given=case.id, said=case.placements, got=got)


def _check_id(node: Node, seen: dict[str, Node], problems: BankProblems) -> None:
    """Add a problem where an earlier case has the same id; `seen` holds the ids so far."""
    id_node = get_node(node, "id")
    given = scalar_text(id_node)
    if given in seen:
        problems.add(id_node, _ID_TWICE, given=given, first=seen[given].line)
    elif id_node is not None and given:
        seen[given] = id_node


def _check_calibration(root: Node, languages: tuple[str, ...], problems: BankProblems) -> None:
    """Add a problem for each case of the calibration round that is unknown, repeated, untranslated or not certain."""
    by_id = {scalar_text(get_node(node, "id")): node for node in list_parts(get_node(root, "cases"))}
    seen: dict[str, Node] = {}
    for id_node in list_scalars(get_node(root, "calibration")):
        given = scalar_text(id_node)
        if given in seen:
            problems.add(id_node, _CASE_TWICE, given=given, first=seen[given].line)
        elif given in by_id:
            _check_calibration_case(by_id[given], id_node, languages, problems)
        elif given:
            problems.add(id_node, _NO_CASE, given=given, nearest=problems.nearest_id(given, by_id))
        seen.setdefault(given, id_node)


def _check_calibration_case(case: Node, id_node: Node, languages: tuple[str, ...], problems: BankProblems) -> None:
    """Its text is there in each language, and `placements` is exactly what `keyed` says."""
    texts = as_map(get_node(case, "text"))
    for language in languages:
        if language not in texts.keys:
            problems.add(as_map(case).keys.get("text", id_node), _UNTOLD, given=scalar_text(id_node), language=language)
    if list_texts(get_node(case, "placements")) != (scalar_text(get_node(case, "keyed")),):
        problems.add(get_node(case, "keyed") or id_node, _UNPLACED, given=scalar_text(id_node))


def _check_known_ids(node: Node, instrument: Instrument, unreliable: UnreliableIds, problems: BankProblems) -> None:
    """Add a problem for each item, option or placement of a case that the instrument does not have."""
    if "placements" not in unreliable.sections:
        allowed = instrument.placements
        for placement in list_scalars(get_node(node, "placements")):
            _check_placement(placement, allowed, problems)
        _check_placement(get_node(node, "keyed"), (*allowed, UNDETERMINED), problems)
    responses = as_map(get_node(node, "responses"))
    for item, key in responses.keys.items():
        if item in instrument.by_id and item not in unreliable.items:
            _check_response(item, instrument.by_id[item].options, responses.values[item], problems)
        elif item not in instrument.by_id and "items" not in unreliable.sections:
            problems.add(key, _ITEM, given=item, nearest=problems.nearest_id(item, instrument.by_id))


def _check_placement(node: Node | None, allowed: tuple[str, ...], problems: BankProblems) -> None:
    """Add a problem where a text is none of the placements; a missing one was reported before."""
    if scalar_text(node) and scalar_text(node) not in allowed:
        problems.add(node, _PLACEMENT, given=scalar_text(node), nearest=problems.nearest_id(scalar_text(node), allowed))


def _check_response(item: str, options: tuple[str, ...], node: Node, problems: BankProblems) -> None:
    """Add a problem where the item has no such option; a don't know is always one."""
    given = scalar_text(node)
    if given and given not in (*options, DONT_KNOW):
        near = problems.nearest_id(given, options)
        problems.add(node, _OPTION, item=item, given=given, nearest=near, known=options)
