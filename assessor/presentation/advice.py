"""What would move a collaboration, in sentences to act on, and which three next steps give a library most.

Used by the verdict's text (a collaboration's own ways), by the report's first pages and the wall (the three steps).
The ways themselves are computed in `core`; nothing here searches.

How steps are ranked, one step a collaboration: first what the library has agreed on itself, the soonest first. Then in
turn come the cheapest way to a level that the library wants, the open item that settles a placement, and the placement
to secure, where a paper ends or one change is enough. Within a kind the fewest efforts come first, then the highest
level, then the library's own order. Ways up to levels that nobody has asked for fill what is left, but never from a
purchase or anything else beside the levels. Last come ways too long for their first step to help much.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from math import inf

from assessor.core.instrument import Instrument
from assessor.core.months import is_month
from assessor.core.responses import PlannedStep
from assessor.core.scoring import assess
from assessor.core.verdict import Change, OpenItem, Verdict, Way
from assessor.presentation.paper_ends import tell_when
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import EndingPaper, ReportRow
from assessor.presentation.terms import Terms, as_sentence, lower_first


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """One thing to do: a call to action, and how to begin or why."""

    title: str
    text: str
    #: The id of the item that it would change or settle; empty where it concerns none.
    item: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """One of the library's next steps."""

    #: One of `_STEP_KINDS`, which also orders them.
    kind: str
    #: Index of the collaboration among the report's rows.
    row_index: int
    advice: Advice
    #: What taking the step brings, as a sentence; empty where nobody can say.
    effect: str
    #: Compared within a kind; the lowest comes first.
    rank: tuple[float, ...]
    #: Who does it and by when, as far as the library has said.
    who: str = ""
    when: str = ""
    #: What the library has noted where the step touches.
    note: str = ""


def advice_for_way(terms: Terms, way: Way) -> tuple[Advice, ...]:
    """The changes of a way up, each as something to do."""
    return tuple(_advice_for_change(terms, change) for change in way.changes)


def _advice_for_change(terms: Terms, change: Change) -> Advice:
    """The bank's own advice for a response; where it has none, the item and the response to bring it to."""
    step = terms.wording.items[change.item].options[change.after].step
    if step:
        return Advice(title=_if_lacking(terms, change, step.title), text=step.text, item=change.item)
    item, response = terms.item_heading(change.item), terms.short_response(change.item, change.after)
    text = terms.say("Bring it to: {response}.", response=lower_first(response))
    return Advice(title=_if_lacking(terms, change, item), text=text, item=change.item)


def _if_lacking(terms: Terms, change: Change, title: str) -> str:
    """The title, with a reservation where today's response is unknown: what is advised may be in place already."""
    return title if change.before else terms.say("{step} (if it is not so already)", step=title)


def way_down_sentence(terms: Terms, way: Way) -> str:
    """What loses the level, and what it then becomes, as one sentence."""
    clauses = [_slip_clause(terms, change) for change in way.changes]
    clause = terms.format_list([clauses[0], *map(lower_first, clauses[1:])])
    if len(way.leads) == 1:
        sentence = terms.say(
            "{clause}, it becomes {placement}", clause=clause, placement=terms.placement_in_sentence(way.leads[0])
        )
    elif are_named(way.leads, terms.instrument):
        leads = tell_placements(way.leads, terms, "sentence")
        sentence = terms.say("{clause}, it may become {placement}", clause=clause, placement=leads)
    else:
        sentence = terms.count(
            "{clause}, it is no longer settled: {number} placement is possible",
            "{clause}, it is no longer settled: {number} placements are possible",
            len(way.leads),
            clause=clause,
        )
    return as_sentence(sentence)


def _slip_clause(terms: Terms, change: Change) -> str:
    """How a response would be lost: in the bank's words where it has some, else by item and response."""
    options = terms.wording.items[change.item].options
    slip = options[change.before].slip if change.before else ""
    return slip or terms.say(
        "If “{item}” turns to “{response}”",
        item=terms.item_heading(change.item),
        response=terms.short_response(change.item, change.after),
    )


def next_steps(terms: Terms, rows: Sequence[ReportRow], most: int = 3) -> tuple[NextStep, ...]:
    """At most `most` steps that give most, no two for the same collaboration, in the order of the ranking above."""
    candidates = [step for row_index, row in enumerate(rows) for step in _possible_steps(terms, row_index, row)]
    kinds = [sorted((step for step in candidates if step.kind == kind), key=_sort_key) for kind in _STEP_KINDS]
    agreed, *others = kinds
    in_turn = chain.from_iterable(zip_longest(*others[:_KINDS_IN_TURN]))
    chosen: dict[int, NextStep] = {}
    for step in chain(agreed, in_turn, *others[_KINDS_IN_TURN:]):
        if step and step.row_index not in chosen and len(chosen) < most:
            chosen[step.row_index] = step
    return tuple(chosen.values())


def proposed_step(terms: Terms, verdict: Verdict, wanted: str | None) -> PlannedStep:
    """The step that a verdict proposes to take, with nobody and no time named yet.

    An empty one where there is no way, or it is to stay what it is: a purchase that is wanted is not to become more.
    """
    up = None if is_beside_levels(terms.instrument, verdict) else verdict.way_up
    way = verdict.way_wanted if wanted else up
    if not way:
        return PlannedStep(id="next", what="", who="", when="")
    change = min(way.changes, key=lambda change: _effort(terms.instrument, change))
    return PlannedStep(id=change.item, what=_advice_for_change(terms, change).title, who="", when="")


def is_beside_levels(instrument: Instrument, verdict: Verdict) -> bool:
    """Whether it is settled on a placement beside the levels, which nobody is to be talked out of."""
    return bool(instrument.levels) and verdict.placement is not None and verdict.level is None


_STEP_KINDS = ("agreed", "reach", "settle", "secure", "grow", "far")

#: How many of the kinds after the agreed take turns; the others fill what is left.
_KINDS_IN_TURN = 3

#: The most changes on a way whose first step is still worth proposing before other kinds.
_MAX_NEAR_CHANGES = 4


def _sort_key(step: NextStep) -> tuple[float, ...]:
    return (*step.rank, step.row_index)


def _possible_steps(terms: Terms, row_index: int, row: ReportRow) -> Iterator[NextStep]:
    """Every step that one collaboration offers; where nothing is known of it, only to find out more."""
    verdict = row.verdict
    height = _highest_position(terms.instrument, verdict.placements)
    if planned := [step for step in row.assessment.steps if step.what]:
        yield _agreed_step(terms, row_index, row, min(planned, key=lambda step: _sort_by_time(step.when)))
    if not verdict.placement and not verdict.reasons:
        yield _step_to_find_out(terms, row_index, row)
        return
    wanted, up = (way if _is_actionable(way) else None for way in (verdict.way_wanted, verdict.way_up))
    if wanted and row.assessment.wanted:
        yield _step_to_reach(terms, row_index, "reach", row, wanted, row.assessment.wanted)
    elif (
        up
        and not row.assessment.wanted
        and _leads_to_level(terms, up)
        and not is_beside_levels(terms.instrument, verdict)
    ):
        yield _step_to_reach(terms, row_index, "grow", row, up, up.leads[0])
    if verdict.open_items:
        yield _step_to_settle(terms, row_index, row, verdict.open_items[0], height)
    if row.ending:
        yield _step_to_renew(terms, row_index, row, row.ending)
    elif verdict.fragile and verdict.way_down and row.assessment.wanted in (None, *terms.instrument.levels):
        yield _step_to_secure(terms, row_index, row, verdict.way_down, height)


def _is_actionable(way: Way | None) -> bool:
    """Whether a way changes anything that is known to be lacking; else finding out comes before doing."""
    return way is not None and any(change.before for change in way.changes)


def _step_to_find_out(terms: Terms, row_index: int, row: ReportRow) -> NextStep:
    """The step for a collaboration of which too little is known: the item that tells most."""
    items = row.verdict.open_items
    advice = Advice(
        title=terms.say("Find out more"),
        text=terms.wording.items[items[0].item].ask if items else "",
    )
    effect = terms.say("Too little has been answered to say.")
    return NextStep(
        kind="settle",
        row_index=row_index,
        advice=advice,
        effect=effect,
        rank=(len(row.verdict.placements) + 1, 0, 0),
        note=row.assessment.notes.get("", ""),
    )


def _agreed_step(terms: Terms, row_index: int, row: ReportRow, step: PlannedStep) -> NextStep:
    """What the library has agreed on, by whom and when, and what it would change where that follows from the rules."""
    return NextStep(
        kind="agreed",
        row_index=row_index,
        advice=Advice(title=step.what, text="", item=step.id),
        effect=_effect_of_item(terms, row, step.id),
        rank=_sort_by_time(step.when),
        who=step.who,
        when=tell_when(step.when, terms),
        note=row.assessment.notes.get(step.id, ""),
    )


def _effect_of_item(terms: Terms, row: ReportRow, item: str) -> str:
    """What a change of an item's response brings: on the way up, or as the open item that settles; else empty."""
    verdict = row.verdict
    if row.ending and row.ending.item == item:
        return _effect_of_ending(terms, row, row.ending)
    for way, goal in ((verdict.way_wanted, row.assessment.wanted), (verdict.way_up, None)):
        if way and any(change.item == item for change in way.changes):
            return _effect_of_way(terms, way, goal or way.leads[0])
    for each in verdict.open_items:
        if each.item == item:
            return _effect_of_settling(terms, each, verdict.placements)
    return ""


def _sort_by_time(when: str) -> tuple[float, ...]:
    """Months and days in their order, before what was said in words and what was left open."""
    digits = "".join(char for char in when[:10] if char.isdigit()) if is_month(when[:7]) else ""
    return (float(f"{digits:0<8}"),) if digits else (inf, float(not when))


def _step_to_renew(terms: Terms, row_index: int, row: ReportRow, ending: EndingPaper) -> NextStep:
    """To decide about a paper that ends, with what becomes of the placement where nobody does."""
    month = terms.month_and_year(ending.month)
    title = (
        terms.say("Renew what ended in {month}, or say that it is over", month=month)
        if ending.over
        else terms.say("Decide before the end of {month} whether it goes on", month=month)
    )
    return NextStep(
        kind="secure",
        row_index=row_index,
        advice=Advice(title=title, text="", item=ending.item),
        effect=_effect_of_ending(terms, row, ending),
        rank=(-1, float(ending.month.replace("-", ""))),
        note=row.assessment.notes.get(ending.item, ""),
    )


def _effect_of_ending(terms: Terms, row: ReportRow, ending: EndingPaper) -> str:
    """What becomes of the placement where nobody does anything about the paper."""
    way = _way_without_paper(terms.instrument, row, ending.item)
    return way_down_sentence(terms, way) if way else terms.say("The paper ends, and the placement stays.")


def _way_without_paper(instrument: Instrument, row: ReportRow, item: str) -> Way | None:
    """The slip that the end of a paper is, where it changes the placement."""
    responses = row.assessment.responses
    asked = instrument.by_id[item]
    slips = asked.slips.get(responses.get(item, ""), {})
    for after, size in sorted(slips.items(), key=lambda slip: asked.options.index(slip[0])):
        leads = assess(instrument, {**responses, item: after}).placements
        if leads != row.verdict.placements:
            return Way(changes=(Change(item=item, before=responses[item], after=after),), leads=leads, cost=size)
    return None


def _leads_to_level(terms: Terms, way: Way) -> bool:
    return terms.instrument.level(way.leads[0]) is not None


def _highest_position(instrument: Instrument, placements: Sequence[str]) -> int:
    """The position of the highest placement that is possible, 0 the highest of all."""
    return min((instrument.placements.index(placement) for placement in placements), default=0)


def _step_to_reach(terms: Terms, row_index: int, kind: str, row: ReportRow, way: Way, goal: str) -> NextStep:
    """The easiest change of a way up; of kind `far` where the way is long."""
    advice, height = easiest_step(terms, way), _highest_position(terms.instrument, row.verdict.placements)
    kind = kind if len(way.changes) <= _MAX_NEAR_CHANGES else "far"
    return NextStep(
        kind=kind,
        row_index=row_index,
        advice=advice,
        effect=_effect_of_way(terms, way, goal),
        rank=(way.cost, height),
        note=row.assessment.notes.get(advice.item, ""),
    )


def _effect_of_way(terms: Terms, way: Way, goal: str) -> str:
    return terms.count(
        "This one step makes it {placement}.",
        "The first of {number} steps to {placement}.",
        len(way.changes),
        placement=terms.placement_in_sentence(goal),
    )


def easiest_step(terms: Terms, way: Way) -> Advice:
    """The change of a way that takes the least effort, as advice."""
    return _advice_for_change(terms, min(way.changes, key=lambda change: _effort(terms.instrument, change)))


def _effort(instrument: Instrument, change: Change) -> int:
    return instrument.by_id[change.item].efforts.get(change.after, 0)


def _step_to_settle(terms: Terms, row_index: int, row: ReportRow, item: OpenItem, height: int) -> NextStep:
    """The open item to ask first, and how much its response can settle."""
    placements = row.verdict.placements
    title = terms.say("Find out: {item}", item=lower_first(terms.item_heading(item.item)))
    return NextStep(
        kind="settle",
        row_index=row_index,
        advice=Advice(title=title, text=terms.wording.items[item.item].ask, item=item.item),
        effect=_effect_of_settling(terms, item, placements),
        rank=(len(placements), -item.information_gain, height),
        note=row.assessment.notes.get(item.item, ""),
    )


def _effect_of_settling(terms: Terms, item: OpenItem, placements: Sequence[str]) -> str:
    possible = tell_placements(placements, terms, "sentence")
    if not are_named(placements, terms.instrument):
        return terms.say("The answer helps to settle where this belongs.")
    if any(len(leads) == 1 for leads in item.leads.values()):
        return terms.say("The answer can settle whether this is {placements}.", placements=possible)
    return terms.say("The answer helps to settle whether this is {placements}.", placements=possible)


def _step_to_secure(terms: Terms, row_index: int, row: ReportRow, way: Way, height: int) -> NextStep:
    """What a fragile placement would fall to, so that the library can prevent it."""
    item = way.changes[0].item
    return NextStep(
        kind="secure",
        row_index=row_index,
        advice=Advice(title=terms.say("Make it hold"), text=way_down_sentence(terms, way), item=item),
        effect=terms.say("Today a single change is enough to lose the level."),
        rank=(height, way.cost),
        note=row.assessment.notes.get(item, ""),
    )
