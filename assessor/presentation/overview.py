"""The first pages: the picture, the summary that a director reads in a minute, and the table of all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.verdict import Verdict
from assessor.presentation.advice import Advice, NextStep, next_steps, way_down_sentence
from assessor.presentation.marks import MARK_STATES, mark_states
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.terraces import Box, Chip, Drawing, Terrace, draw_terraces
from assessor.presentation.tones import UNSETTLED_ID, Tone, level_tones, tone_of
from assessor.presentation.typeface import displayable_text

#: How many names a list on the summary holds before it counts the rest.
_MAX_POINTS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberedStep:
    """One of the three next steps, with where it belongs."""

    number: int
    name: str
    anchor: str
    advice: Advice
    effect: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportCover:
    """The first page."""

    title: str
    lead: str
    picture: Drawing
    #: The picture as one sentence after another.
    alt_text: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]
    steps: tuple[NumberedStep, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementCount:
    """One placement and how many stand there."""

    count: int
    name: str
    line: str
    tone: Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryPoint:
    """A collaboration and a sentence about it."""

    name: str
    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkCount:
    """How many collaborations meet a mark."""

    name: str
    about: str
    met: int
    unmet: int
    unasked: int
    unknown: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportSummary:
    """The page that a director reads in a minute."""

    lead: str
    placement_counts: tuple[PlacementCount, ...]
    fragile_note: str
    fragile_points: tuple[SummaryPoint, ...]
    open_note: str
    open_points: tuple[SummaryPoint, ...]
    steps: tuple[NumberedStep, ...]
    beliefs: str
    marks: tuple[MarkCount, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """One collaboration in the table of all."""

    number: int
    name: str
    anchor: str
    placement: str
    tone: Tone
    certainty: str
    wanted: str
    sturdiness: str


def sorted_report(report: Report) -> Report:
    """The same with its rows in the order of the picture: best possible placement first, then by name."""
    order = report.instrument.placements

    def sort_key(row: ReportRow) -> tuple[int, int, str]:
        placements = row.verdict.placements
        return order.index(placements[0]), len(placements), row.name.casefold()

    settled = [row for row in report.rows if row.verdict.placement]
    rest = [row for row in report.rows if not row.verdict.placement]
    return replace(report, rows=(*sorted(settled, key=sort_key), *sorted(rest, key=sort_key)))


def build_cover(report: Report, speech: Terms, anchors: Sequence[str]) -> ReportCover:
    """The first page's words and figure."""
    steps = numbered_steps(report, speech, anchors)
    drawn = chips(report, speech)
    nothing = speech.say("None here today")
    picture = draw_terraces(
        level_terraces(speech), side_boxes(speech), drawn, nothing=nothing, signs=sign_meanings(speech)
    )
    named = tuple((chip.number, name_with_question(chip)) for chip in drawn) if picture.numbered else ()
    return ReportCover(
        title=speech.say("How are things at {library}?", library=report.library),
        lead=lead_paragraph(report, speech),
        picture=picture,
        alt_text=picture_alt_text(report, speech),
        names=named,
        steps=steps,
    )


def name_with_question(chip: Chip) -> str:
    """A name for the list beside a picture of numbers."""
    return f"{chip.name} ({chip.question})" if chip.question else chip.name


def numbered_steps(report: Report, speech: Terms, anchors: Sequence[str]) -> tuple[NumberedStep, ...]:
    """The next steps that give most."""
    return tuple(
        _numbered_step(number, step, report, anchors)
        for number, step in enumerate(next_steps(speech, report.rows), start=1)
    )


def _numbered_step(number: int, step: NextStep, report: Report, anchors: Sequence[str]) -> NumberedStep:
    name = report.rows[step.row_index].name
    return NumberedStep(
        number=number, name=name, anchor=anchors[step.row_index], advice=step.advice, effect=step.effect
    )


def level_terraces(speech: Terms) -> list[Terrace]:
    """The steps of the picture, one for each level."""
    words = speech.wording.placements
    return [
        Terrace(
            title=speech.say("{number} {name}", number=number, name=displayable_text(words[placement].plural)),
            line=displayable_text(words[placement].line),
            tone=tone.name,
            shape=tone.shape,
        )
        for number, (placement, tone) in enumerate(level_tones(speech.instrument).items(), start=1)
    ]


def side_boxes(speech: Terms) -> list[Box]:
    """The boxes beside the steps."""
    words = speech.wording.placements
    beside = [placement for placement in speech.instrument.placements if speech.instrument.level(placement) is None]
    boxes = [
        Box(id=placement, title=displayable_text(words[placement].plural), line=displayable_text(words[placement].line))
        for placement in beside
    ]
    unknown = Box(
        id=UNSETTLED_ID,
        title=speech.say("Not settled yet"),
        line=speech.say("Too little has been answered"),
        dashed=True,
    )
    return [*boxes, unknown]


def chips(report: Report, speech: Terms) -> list[Chip]:
    """A chip for each row, in the rows' order."""
    parties = Counter(row.assessment.collaboration.party for row in report.rows)
    return [_row_chip(row, number, parties, speech) for number, row in enumerate(report.rows, start=1)]


def _row_chip(row: ReportRow, number: int, parties: Counter[str], speech: Terms) -> Chip:
    party = row.assessment.collaboration.party
    step, box = _terrace_or_box(row, speech)
    return Chip(
        name=displayable_text(party if parties[party] == 1 else row.name),
        number=number,
        step=step,
        box=box,
        question=_chip_question(row, speech),
        wanted=wanted_direction(row.assessment.wanted, row.verdict, speech.instrument),
        fragile=row.verdict.fragile,
    )


def _terrace_or_box(row: ReportRow, speech: Terms) -> tuple[int | None, str]:
    """The step, or the box beside; a range lies on the step below whose edge it is drawn."""
    placements, instrument = row.verdict.placements, speech.instrument
    levels = [level - 1 for placement in placements if (level := instrument.level(placement))]
    if not levels or not are_named(placements, instrument):
        return None, placements[0] if len(placements) == 1 else UNSETTLED_ID
    if len(levels) < len(placements):
        return len(instrument.levels) - 1, ""
    return levels[(len(levels) - 1) // 2], ""


def _chip_question(row: ReportRow, speech: Terms) -> str:
    verdict = row.verdict
    if len(verdict.placements) == 1 or not verdict.open_items or not verdict.reasons:
        return ""
    item = lower_first(speech.item_heading(verdict.open_items[0].item))
    if not are_named(verdict.placements, speech.instrument):
        return speech.say("ask first: {item}", item=item)
    names = [_short_placement(placement, speech) for placement in verdict.placements]
    which = speech.format_list(names, last=speech.say("or"))
    return speech.say("{which}: {item}", which=which, item=item)


def _short_placement(placement: str, speech: Terms) -> str:
    number = speech.instrument.level(placement)
    return str(number) if number else lower_first(speech.placement_name(placement))


def wanted_direction(wanted: str | None, verdict: Verdict, instrument: Instrument) -> int:
    """1 where a placement higher than any possible one is wanted, -1 where a lower one, 0 else."""
    order = instrument.placements
    if wanted not in order:
        return 0
    places = [order.index(placement) for placement in verdict.placements]
    return 1 if order.index(wanted) < min(places) else -1 if order.index(wanted) > max(places) else 0


def lead_paragraph(report: Report, speech: Terms) -> str:
    """How many there are, and how they stand, in a few sentences."""
    rows = report.rows
    if not rows:
        return speech.say("No collaboration has been assessed yet.")
    begun = [row for row in rows if row.assessment.responses]
    on = sum(row.verdict.certain_level is not None for row in begun)
    fragile = sum(row.verdict.fragile for row in begun)
    unsettled = sum(row.verdict.placement is None for row in begun)
    said = [_assessed_sentence(len(begun), speech)]
    if on:
        said.append(
            speech.count(
                "{number} stands on one of the model's levels.", "{number} stand on one of the model's levels.", on
            )
        )
    if fragile:
        said.append(
            speech.count(
                "{number} is one change away from losing its level.",
                "{number} are one change away from losing their level.",
                fragile,
            )
        )
    if unsettled:
        said.append(speech.count("{number} is not settled yet.", "{number} are not settled yet.", unsettled))
    if waiting := len(rows) - len(begun):
        said.append(speech.count("{number} has not been started.", "{number} have not been started.", waiting))
    return " ".join(said)


def _assessed_sentence(count: int, speech: Terms) -> str:
    if not count:
        return speech.say("No collaboration has been assessed yet.")
    return speech.count("One collaboration has been assessed.", "{number} collaborations have been assessed.", count)


def picture_alt_text(report: Report, speech: Terms) -> str:
    """The figure's content in whole sentences, for those who cannot see it."""
    if not report.rows:
        return speech.say("The model's levels as steps, the widest at the bottom; no collaboration stands on them yet.")
    said = [speech.say("The model's levels as steps, the widest at the bottom, with every collaboration on its step.")]
    for placement in speech.instrument.placements:
        names = [row.name for row in report.rows if row.verdict.placement == placement]
        if names:
            said.append(f"{speech.numbered_name(placement)}: {'; '.join(names)}.")
    unsettled = [_name_with_range(row, speech) for row in report.rows if row.verdict.placement is None]
    if unsettled:
        said.append(speech.say("Not settled yet: {names}.", names="; ".join(unsettled)))
    return displayable_text(" ".join(said))


def _name_with_range(row: ReportRow, speech: Terms) -> str:
    placements = row.verdict.placements
    if are_named(placements, speech.instrument):
        told = tell_placements(placements, speech, "sentence")
    else:
        told = speech.count("{number} placement is possible", "{number} placements are possible", len(placements))
    return speech.say("{name}, {placements}", name=row.name, placements=told)


def sign_meanings(speech: Terms) -> list[tuple[str, str]]:
    """What the signs on chips mean."""
    return [
        ("up", speech.say("wanted higher")),
        ("down", speech.say("wanted lower")),
        ("crack", speech.say("one change from losing its level")),
        ("across", speech.say("not settled: the question that decides stands below")),
    ]


def build_summary(report: Report, speech: Terms, anchors: Sequence[str]) -> ReportSummary:
    """The page that a director reads in a minute."""
    rows = list(zip(report.rows, anchors, strict=True))
    fragile = [(row, anchor) for row, anchor in rows if row.verdict.fragile and row.verdict.way_down]
    unsettled = [(row, anchor) for row, anchor in rows if row.verdict.placement is None]
    return ReportSummary(
        lead=lead_paragraph(report, speech),
        placement_counts=_placement_counts(report, speech),
        fragile_note=_fragile_note(report, len(fragile), speech),
        fragile_points=tuple(
            SummaryPoint(name=row.name, anchor=anchor, text=way_down_sentence(speech, row.verdict.way_down))
            for row, anchor in fragile[:_MAX_POINTS]
            if row.verdict.way_down
        ),
        open_note=_open_note(report, len(unsettled), speech),
        open_points=tuple(
            SummaryPoint(name=row.name, anchor=anchor, text=_unsettled_sentence(row, speech))
            for row, anchor in unsettled[:_MAX_POINTS]
        ),
        steps=numbered_steps(report, speech, anchors),
        beliefs=_gut_feelings_sentence(report, speech),
        marks=_mark_counts(report, speech),
    )


def _placement_counts(report: Report, speech: Terms) -> tuple[PlacementCount, ...]:
    words = speech.wording.placements
    counted = Counter(row.verdict.placement for row in report.rows)
    kinds = [
        PlacementCount(
            count=counted[placement],
            name=_plural_name(placement, speech),
            line=as_sentence(displayable_text(words[placement].line)),
            tone=tone_of(speech.instrument, (placement,)),
        )
        for placement in speech.instrument.placements
    ]
    if counted[None]:
        line = speech.say("More than one placement is still possible.")
        tone = tone_of(speech.instrument, ())
        kinds.append(PlacementCount(count=counted[None], name=speech.say("Not settled yet"), line=line, tone=tone))
    return tuple(kinds)


def _plural_name(placement: str, speech: Terms) -> str:
    number = speech.instrument.level(placement)
    plural = displayable_text(speech.wording.placements[placement].plural)
    return speech.say("{number} {name}", number=number, name=plural) if number else plural


def _fragile_note(report: Report, count: int, speech: Terms) -> str:
    if not report.rows:
        return ""
    if not any(row.verdict.certain_level for row in report.rows):
        return speech.say("Nothing stands on a level for certain yet, so there is no level to lose.")
    if not count:
        return speech.say("Nothing: no single change that may happen by itself loses a level.")
    more = count - _MAX_POINTS
    if more > 0:
        return speech.count(
            "A single change that may happen by itself is enough to lose the level. One more is marked in the table.",
            "A single change that may happen by itself is enough to lose the level. "
            "{number} more are marked in the table.",
            more,
        )
    return speech.say("A single change that may happen by itself is enough to lose the level.")


def _open_note(report: Report, count: int, speech: Terms) -> str:
    if not report.rows:
        return ""
    if not count:
        return speech.say("Nothing: the answers settle every placement.")
    more = count - _MAX_POINTS
    if more > 0:
        return speech.count("One more is marked in the table.", "{number} more are marked in the table.", more)
    return ""


def _unsettled_sentence(row: ReportRow, speech: Terms) -> str:
    verdict = row.verdict
    if not verdict.reasons:
        return speech.say("Too little has been answered to say.")
    item = lower_first(speech.item_heading(verdict.open_items[0].item)) if verdict.open_items else ""
    told = tell_placements(verdict.placements, speech, "sentence")
    return as_sentence(speech.say("{placements}; ask first: {item}", placements=told, item=item))


def _gut_feelings_sentence(report: Report, speech: Terms) -> str:
    """How the gut feelings stood against the placements; empty where none was given."""
    order = speech.instrument.placements
    given = [
        (order.index(row.assessment.gut), order.index(row.verdict.placement))
        for row in report.rows
        if row.assessment.gut in order and row.assessment.gut != DONT_KNOW and row.verdict.placement
        if row.assessment.gut is not None
    ]
    if not given:
        return ""
    same = sum(gut == stands for gut, stands in given)
    higher = sum(gut < stands for gut, stands in given)
    return speech.say(
        "The gut feeling agreed with the answers in {same} of {all}; in {higher} it placed the collaboration higher, "
        "in {lower} lower.",
        same=same,
        all=len(given),
        higher=higher,
        lower=len(given) - same - higher,
    )


def _mark_counts(report: Report, speech: Terms) -> tuple[MarkCount, ...]:
    if not report.rows:
        return ()
    found = [mark_states(row.verdict, row.assessment.responses, speech.instrument) for row in report.rows]
    return tuple(
        MarkCount(
            name=speech.wording.marks[mark.id].name,
            about=speech.wording.marks[mark.id].about,
            **{state: sum(states[mark.id] == state for states in found) for state in MARK_STATES},
        )
        for mark in speech.instrument.marks
    )


def build_table(report: Report, speech: Terms, anchors: Sequence[str]) -> tuple[TableRow, ...]:
    """Every collaboration in a line."""
    return tuple(
        _table_row(row, number, anchor, speech)
        for number, (row, anchor) in enumerate(zip(report.rows, anchors, strict=True), start=1)
    )


def _table_row(row: ReportRow, number: int, anchor: str, speech: Terms) -> TableRow:
    verdict, wanted = row.verdict, row.assessment.wanted
    return TableRow(
        number=number,
        name=row.name,
        anchor=anchor,
        placement=placement_label(row, speech),
        tone=tone_of(speech.instrument, verdict.placements),
        certainty=_certainty(row, speech),
        wanted=_wanted_label(row, speech) if wanted in speech.wording.placements else "",
        sturdiness=_sturdiness(row, speech),
    )


def placement_label(row: ReportRow, speech: Terms) -> str:
    """The placement in words, with the level's number where there is one."""
    return tell_placements(row.verdict.placements, speech, "numbered")


def _certainty(row: ReportRow, speech: Terms) -> str:
    if row.verdict.placement:
        return speech.say("Settled")
    count = len(row.verdict.open_items)
    return speech.count("One question open", "{number} questions open", count)


def _wanted_label(row: ReportRow, speech: Terms) -> str:
    wanted = row.assessment.wanted or ""
    number = speech.instrument.level(wanted)
    name = speech.say("Level {number}", number=number) if number else speech.placement_name(wanted)
    signs = {1: "↑ ", -1: "↓ ", 0: ""}
    return signs[wanted_direction(wanted, row.verdict, speech.instrument)] + name


def _sturdiness(row: ReportRow, speech: Terms) -> str:
    if row.verdict.way_down is None:
        return ""
    return speech.say("Fragile") if row.verdict.fragile else speech.say("Sturdy")
