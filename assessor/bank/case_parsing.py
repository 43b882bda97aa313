"""Worked cases: responses whose placements somebody has thought through, and what the rules say to them."""

from assessor.bank import schema
from assessor.bank.case import UNDETERMINED, Case
from assessor.bank.problems import Problems
from assessor.bank.unreliable_ids import Doubts
from assessor.bank.yaml_nodes import Node, get, parts, scalars, table, text, texts
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


def read(
    root: Node, instrument: Instrument | None, doubted: Doubts, languages: tuple[str, ...], problems: Problems
) -> tuple[Case, ...]:
    """The cases, or as many as can be understood; those for calibration are told in all the languages."""
    schema.check(schema.CasesShape, root, problems)
    seen: dict[str, Node] = {}
    for node in parts(get(root, "cases")):
        _ids(node, seen, problems)
        if instrument is not None:
            _known(node, instrument, doubted, problems)
    _calibrating(root, languages, problems)
    return tuple(_case(node) for node in parts(get(root, "cases")))


def calibration(root: Node, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases of the calibration round, in its order."""
    by_id = {case.id: case for case in cases}
    return tuple(by_id[id] for id in texts(get(root, "calibration")) if id in by_id)


def compare(root: Node, cases: tuple[Case, ...], instrument: Instrument, problems: Problems) -> None:
    """A problem for each case to whose responses the rules give something else than it says."""
    for node, case in zip(parts(get(root, "cases")), cases, strict=True):
        got = instrument.diagram.possible(on_route(instrument, case.responses))
        if set(got) != set(case.placements):
            at = get(node, "placements") or node
            problems.add(at, _DIFFERS, given=case.id, said=case.placements, got=got)


def _ids(node: Node, seen: dict[str, Node], problems: Problems) -> None:
    at = get(node, "id")
    given = text(at)
    if given in seen:
        problems.add(at, _ID_TWICE, given=given, first=seen[given].line)
    elif at is not None and given:
        seen[given] = at


def _calibrating(root: Node, languages: tuple[str, ...], problems: Problems) -> None:
    """Every case of the calibration round is there, once, told in all the languages and placed for certain."""
    by_id = {text(get(node, "id")): node for node in parts(get(root, "cases"))}
    seen: dict[str, Node] = {}
    for at in scalars(get(root, "calibration")):
        given = text(at)
        if given in seen:
            problems.add(at, _CASE_TWICE, given=given, first=seen[given].line)
        elif given in by_id:
            _whole(by_id[given], at, languages, problems)
        elif given:
            problems.add(at, _NO_CASE, given=given, nearest=problems.nearest(given, by_id))
        seen.setdefault(given, at)


def _whole(case: Node, at: Node, languages: tuple[str, ...], problems: Problems) -> None:
    told = table(get(case, "text"))
    for language in languages:
        if language not in told.keys:
            problems.add(table(case).keys.get("text", at), _UNTOLD, given=text(at), language=language)
    if texts(get(case, "placements")) != (text(get(case, "keyed")),):
        problems.add(get(case, "keyed") or at, _UNPLACED, given=text(at))


def _known(node: Node, instrument: Instrument, doubted: Doubts, problems: Problems) -> None:
    """Every item, option and placement of a case is the instrument's."""
    if "placements" not in doubted.sections:
        allowed = instrument.placements
        for at in scalars(get(node, "placements")):
            _placement(at, allowed, problems)
        _placement(get(node, "keyed"), (*allowed, UNDETERMINED), problems)
    responses = table(get(node, "responses"))
    for id, key in responses.keys.items():
        if id in instrument.by_id and id not in doubted.items:
            _response(id, instrument.by_id[id].options, responses.values[id], problems)
        elif id not in instrument.by_id and "items" not in doubted.sections:
            problems.add(key, _ITEM, given=id, nearest=problems.nearest(id, instrument.by_id))


def _placement(node: Node | None, allowed: tuple[str, ...], problems: Problems) -> None:
    if text(node) and text(node) not in allowed:
        problems.add(node, _PLACEMENT, given=text(node), nearest=problems.nearest(text(node), allowed))


def _response(item: str, options: tuple[str, ...], node: Node, problems: Problems) -> None:
    given = text(node)
    if given and given not in (*options, DONT_KNOW):
        near = problems.nearest(given, options)
        problems.add(node, _OPTION, item=item, given=given, nearest=near, known=options)


def _case(node: Node) -> Case:
    return Case(
        id=text(get(node, "id")),
        text={language: text(told) for language, told in table(get(node, "text")).values.items()},
        keyed=text(get(node, "keyed")),
        placements=texts(get(node, "placements")),
        responses={id: text(given) for id, given in table(get(node, "responses")).values.items()},
    )
