"""What moves a collaboration, in sentences to act on, and which three next steps give most.

The ranking: one step a collaboration. First the cheapest way to a level that the library wants, then the open item
that settles a placement, then the fragile placement to secure, and so on in turn by kind; within a kind the fewest
efforts, then the highest level, then the library's own order. Ways up that nobody asked for fill what is left, and
last come ways of so many steps that the first of them is little help.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from assessor.core.instrument import Instrument
from assessor.core.verdict import Change, OpenItem, Way
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import ReportRow
from assessor.presentation.terms import Terms, as_sentence, lower_first


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """One thing to do: a call to action, and how to begin or why."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """One of the library's next steps."""

    kind: str
    #: The place of the collaboration among the report's rows.
    row_index: int
    advice: Advice
    #: What comes of it.
    effect: str
    rank: tuple[float, ...]


def advice_for_way(speech: Terms, way: Way) -> tuple[Advice, ...]:
    """The changes of a way up, each as something to do."""
    return tuple(_advice_for_change(speech, change) for change in way.changes)


def _advice_for_change(speech: Terms, change: Change) -> Advice:
    step = speech.wording.items[change.item].options[change.after].step
    if step:
        return Advice(title=_if_lacking(speech, change, step.title), text=step.text)
    item, response = speech.item_heading(change.item), speech.short_response(change.item, change.after)
    text = speech.say("Bring it to: {response}.", response=lower_first(response))
    return Advice(title=_if_lacking(speech, change, item), text=text)


def _if_lacking(speech: Terms, change: Change, title: str) -> str:
    """What is not known may be in place already."""
    return title if change.before else speech.say("{step} (if it is not so already)", step=title)


def way_down_sentence(speech: Terms, way: Way) -> str:
    """What loses the level, and what it then becomes, as one sentence."""
    clauses = [_slip_clause(speech, change) for change in way.changes]
    clause = speech.format_list([clauses[0], *map(lower_first, clauses[1:])])
    if len(way.leads) == 1:
        told = speech.say(
            "{clause}, it becomes {placement}", clause=clause, placement=speech.placement_in_sentence(way.leads[0])
        )
    elif are_named(way.leads, speech.instrument):
        leads = tell_placements(way.leads, speech, "sentence")
        told = speech.say("{clause}, it may become {placement}", clause=clause, placement=leads)
    else:
        told = speech.count(
            "{clause}, it is no longer settled: {number} placement is possible",
            "{clause}, it is no longer settled: {number} placements are possible",
            len(way.leads),
            clause=clause,
        )
    return as_sentence(told)


def _slip_clause(speech: Terms, change: Change) -> str:
    options = speech.wording.items[change.item].options
    told = options[change.before].slip if change.before else ""
    return told or speech.say(
        "If “{item}” turns to “{response}”",
        item=speech.item_heading(change.item),
        response=speech.short_response(change.item, change.after),
    )


def next_steps(speech: Terms, rows: Sequence[ReportRow], most: int = 3) -> tuple[NextStep, ...]:
    """The steps that give most, at most one for a collaboration."""
    found = [step for place, row in enumerate(rows) for step in _possible_steps(speech, place, row)]
    kinds = [sorted((step for step in found if step.kind == kind), key=_sort_key) for kind in _STEP_KINDS]
    in_turn = chain.from_iterable(zip_longest(*kinds[:_KINDS_IN_TURN]))
    chosen: dict[int, NextStep] = {}
    for step in chain(in_turn, *kinds[_KINDS_IN_TURN:]):
        if step and step.row_index not in chosen and len(chosen) < most:
            chosen[step.row_index] = step
    return tuple(chosen.values())


_STEP_KINDS = ("reach", "settle", "secure", "grow", "far")

#: So many of the kinds take turns; those after them fill what is left.
_KINDS_IN_TURN = 3

#: The most steps of a way whose first step is worth taking before others.
_MAX_NEAR_CHANGES = 4


def _sort_key(step: NextStep) -> tuple[float, ...]:
    return (*step.rank, step.row_index)


def _possible_steps(speech: Terms, place: int, row: ReportRow) -> Iterator[NextStep]:
    verdict = row.verdict
    height = _highest_position(speech.instrument, verdict.placements)
    if not verdict.placement and not verdict.reasons:
        yield _step_to_find_out(speech, place, row)
        return
    wanted, up = (way if _is_actionable(way) else None for way in (verdict.way_wanted, verdict.way_up))
    if wanted and row.assessment.wanted:
        yield _step_to_reach(speech, place, "reach", wanted, row.assessment.wanted, height)
    elif up and not row.assessment.wanted and _leads_to_level(speech, up):
        yield _step_to_reach(speech, place, "grow", up, up.leads[0], height)
    if verdict.open_items:
        yield _step_to_settle(speech, place, verdict.open_items[0], verdict.placements, height)
    if verdict.fragile and verdict.way_down:
        yield _step_to_secure(speech, place, row, verdict.way_down, height)


def _is_actionable(way: Way | None) -> bool:
    """Whether anything on a way is known to be lacking; where nothing is, finding out comes before doing."""
    return way is not None and any(change.before for change in way.changes)


def _step_to_find_out(speech: Terms, place: int, row: ReportRow) -> NextStep:
    """Where nothing is known to begin from."""
    items = row.verdict.open_items
    advice = Advice(
        title=speech.say("Find out more"),
        text=speech.wording.items[items[0].item].ask if items else "",
    )
    gives = speech.say("Too little has been answered to say.")
    return NextStep(
        kind="settle", row_index=place, advice=advice, effect=gives, rank=(len(row.verdict.placements) + 1, 0, 0)
    )


def _leads_to_level(speech: Terms, way: Way) -> bool:
    return speech.instrument.level(way.leads[0]) is not None


def _highest_position(instrument: Instrument, placements: Sequence[str]) -> int:
    return min((instrument.placements.index(placement) for placement in placements), default=0)


def _step_to_reach(speech: Terms, place: int, kind: str, way: Way, goal: str, height: int) -> NextStep:
    gives = speech.count(
        "This one step makes it {placement}.",
        "The first of {number} steps to {placement}.",
        len(way.changes),
        placement=speech.placement_in_sentence(goal),
    )
    kind = kind if len(way.changes) <= _MAX_NEAR_CHANGES else "far"
    return NextStep(kind=kind, row_index=place, advice=easiest_step(speech, way), effect=gives, rank=(way.cost, height))


def easiest_step(speech: Terms, way: Way) -> Advice:
    """The step of a way that takes least."""
    return _advice_for_change(speech, min(way.changes, key=lambda change: _effort(speech.instrument, change)))


def _effort(instrument: Instrument, change: Change) -> int:
    return instrument.by_id[change.item].efforts.get(change.after, 0)


def _step_to_settle(speech: Terms, place: int, item: OpenItem, placements: Sequence[str], height: int) -> NextStep:
    title = speech.say("Find out: {item}", item=lower_first(speech.item_heading(item.item)))
    told = tell_placements(placements, speech, "sentence")
    if not are_named(placements, speech.instrument):
        gives = speech.say("The answer helps to settle where this belongs.")
    elif any(len(leads) == 1 for leads in item.leads.values()):
        gives = speech.say("The answer can settle whether this is {placements}.", placements=told)
    else:
        gives = speech.say("The answer helps to settle whether this is {placements}.", placements=told)
    ask = speech.wording.items[item.item].ask
    return NextStep(
        kind="settle",
        row_index=place,
        advice=Advice(title=title, text=ask),
        effect=gives,
        rank=(len(placements), -item.information_gain, height),
    )


def _step_to_secure(speech: Terms, place: int, row: ReportRow, way: Way, height: int) -> NextStep:
    advice = Advice(title=speech.say("Make it hold"), text=way_down_sentence(speech, way))
    return NextStep(
        kind="secure",
        row_index=place,
        advice=advice,
        effect=speech.say("Today a single change is enough."),
        rank=(height, way.cost),
    )
