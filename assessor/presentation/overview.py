"""The first pages of a library's report as values: the picture, the director's summary, and the table of all.

The web's overview of a library, the wall and the workshop's report use parts of it. A report's rows should be in the
order of `sorted_report` first, since chips, table and next steps number them as they come. `anchors` are ids of the
rows' own pages, in the rows' order; what they look like is up to the document.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.verdict import Verdict
from assessor.presentation.advice import Advice, NextStep, next_steps, way_down_sentence
from assessor.presentation.alphabet import AlphabeticalKey, alphabetical_key
from assessor.presentation.marks import MARK_STATES, mark_states
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.terraces import Box, Chip, Drawing, Terrace, draw_terraces
from assessor.presentation.tones import UNSETTLED_ID, Tone, level_tones, tone_of
from assessor.presentation.typeface import displayable_text

#: The most collaborations that a list on the summary names; the rest are counted.
_MAX_POINTS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberedStep:
    """One of the three next steps, with the collaboration it belongs to and the anchor of its page."""

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
    #: The picture in whole sentences, for readers who cannot see it.
    alt_text: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]
    steps: tuple[NumberedStep, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementCount:
    """One placement and how many collaborations are settled on it."""

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
    """How many collaborations are in each state of a mark; field names are those of `MARK_STATES`."""

    name: str
    about: str
    met: int
    unmet: int
    unasked: int
    unknown: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportSummary:
    """The page that a director reads in a minute: counts, what is fragile, what is open, what to do first."""

    lead: str
    placement_counts: tuple[PlacementCount, ...]
    #: Says how many more there are than points listed, or why there are none; empty without collaborations.
    fragile_note: str
    fragile_points: tuple[SummaryPoint, ...]
    #: As `fragile_note`, for placements that are not settled.
    open_note: str
    open_points: tuple[SummaryPoint, ...]
    steps: tuple[NumberedStep, ...]
    #: How gut feelings compare with placements; empty where nobody gave one.
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
    #: Settled, or how many questions are open.
    certainty: str
    #: With an arrow where it is higher or lower than today's; empty where nothing is wanted.
    wanted: str
    #: Fragile or sturdy; empty where no level can be lost.
    sturdiness: str


def sorted_report(report: Report) -> Report:
    """The same report with its rows in the order of the picture.

    Settled collaborations come first, by placement from the highest and then by name; then the others, by the highest
    placement possible and by how many are.
    """
    order = report.instrument.placements

    def sort_key(row: ReportRow) -> tuple[int, int, AlphabeticalKey]:
        placements = row.verdict.placements
        return order.index(placements[0]), len(placements), alphabetical_key(row.name, report.language)

    settled = [row for row in report.rows if row.verdict.placement]
    unsettled = [row for row in report.rows if not row.verdict.placement]
    return replace(report, rows=(*sorted(settled, key=sort_key), *sorted(unsettled, key=sort_key)))


def build_cover(report: Report, terms: Terms, anchors: Sequence[str]) -> ReportCover:
    """The first page: title, lead, picture with its description, and the next steps."""
    steps = numbered_steps(report, terms, anchors)
    drawn = chips(report, terms)
    nothing = terms.say("None here today")
    picture = draw_terraces(
        level_terraces(terms), side_boxes(terms), drawn, nothing=nothing, signs=sign_meanings(terms)
    )
    named = tuple((chip.number, name_with_question(chip)) for chip in drawn) if picture.numbered else ()
    return ReportCover(
        title=terms.say("How are things at {library}?", library=report.library),
        lead=lead_paragraph(report, terms),
        picture=picture,
        alt_text=picture_alt_text(report, terms),
        names=named,
        steps=steps,
    )


def name_with_question(chip: Chip) -> str:
    """A chip's name for the list beside a picture of numbers, with the question that would settle it."""
    return f"{chip.name} ({chip.question})" if chip.question else chip.name


def numbered_steps(report: Report, terms: Terms, anchors: Sequence[str]) -> tuple[NumberedStep, ...]:
    """The next steps that give most, counted from 1."""
    return tuple(
        _numbered_step(number, step, report, anchors)
        for number, step in enumerate(next_steps(terms, report.rows), start=1)
    )


def _numbered_step(number: int, step: NextStep, report: Report, anchors: Sequence[str]) -> NumberedStep:
    name = report.rows[step.row_index].name
    return NumberedStep(
        number=number, name=name, anchor=anchors[step.row_index], advice=step.advice, effect=step.effect
    )


def level_terraces(terms: Terms) -> list[Terrace]:
    """The steps of the picture, one for each level, the highest first; none for an instrument without levels."""
    words = terms.wording.placements
    return [
        Terrace(
            title=terms.say("{number} {name}", number=number, name=displayable_text(words[placement].plural)),
            line=displayable_text(words[placement].line),
            tone=tone.name,
            shape=tone.shape,
        )
        for number, (placement, tone) in enumerate(level_tones(terms.instrument).items(), start=1)
    ]


def side_boxes(terms: Terms) -> list[Box]:
    """The boxes beside the steps: one for each placement that is no level, and a dashed one for what is not settled."""
    words = terms.wording.placements
    beside = [placement for placement in terms.instrument.placements if terms.instrument.level(placement) is None]
    boxes = [
        Box(id=placement, title=displayable_text(words[placement].plural), line=displayable_text(words[placement].line))
        for placement in beside
    ]
    unknown = Box(
        id=UNSETTLED_ID,
        title=terms.say("Not settled yet"),
        line=terms.say("What is still open decides"),
        dashed=True,
    )
    return [*boxes, unknown]


def chips(report: Report, terms: Terms) -> list[Chip]:
    """A chip for each row, in the rows' order, bearing only the party's name where that is unique."""
    parties = Counter(row.assessment.collaboration.party for row in report.rows)
    return [_row_chip(row, number, parties, terms) for number, row in enumerate(report.rows, start=1)]


def _row_chip(row: ReportRow, number: int, parties: Counter[str], terms: Terms) -> Chip:
    party = row.assessment.collaboration.party
    placements = row.verdict.placements
    named = are_named(placements, terms.instrument)
    step, box = step_or_box(placements, terms.instrument) if named else (None, UNSETTLED_ID)
    return Chip(
        name=displayable_text(party if parties[party] == 1 else row.name),
        number=number,
        step=step,
        box=box,
        question=_chip_question(row, terms),
        wanted=wanted_direction(row.assessment.wanted, row.verdict, terms.instrument),
        fragile=row.verdict.fragile,
    )


def step_or_box(placements: Sequence[str], instrument: Instrument) -> tuple[int | None, str]:
    """The index of the step, or None and the id of the box beside.

    A range of levels straddles the lower edge of the step at its middle; one from the lowest step to beside the levels
    straddles the lower edge of that step. All else that is not settled goes to the box for it: it can stand on no edge.
    """
    levels = [level - 1 for placement in placements if (level := instrument.level(placement))]
    if not levels:
        return None, placements[0] if len(placements) == 1 else UNSETTLED_ID
    if len(levels) < len(placements):
        lowest = len(instrument.levels) - 1
        return (lowest, "") if lowest in levels else (None, UNSETTLED_ID)
    return levels[(len(levels) - 1) // 2], ""


def _chip_question(row: ReportRow, terms: Terms) -> str:
    """What would settle the placement, and between which; empty where it is settled or nothing is known."""
    verdict = row.verdict
    if len(verdict.placements) == 1 or not verdict.open_items or not verdict.reasons:
        return ""
    item = lower_first(terms.item_heading(verdict.open_items[0].item))
    if not are_named(verdict.placements, terms.instrument):
        return terms.say("ask first: {item}", item=item)
    names = [_short_placement(placement, terms) for placement in verdict.placements]
    which = terms.format_list(names, last=terms.say("or"))
    return terms.say("{which}: {item}", which=which, item=item)


def _short_placement(placement: str, terms: Terms) -> str:
    """A level's number alone; the name of a placement beside the levels."""
    number = terms.instrument.level(placement)
    return str(number) if number else lower_first(terms.placement_name(placement))


def wanted_direction(wanted: str | None, verdict: Verdict, instrument: Instrument) -> int:
    """1 where the library wants a higher placement than any possible one, -1 where a lower one, 0 otherwise."""
    order = instrument.placements
    if wanted not in order or (wanted not in instrument.levels and verdict.level is None):
        return 0
    positions = [order.index(placement) for placement in verdict.placements]
    return 1 if order.index(wanted) < min(positions) else -1 if order.index(wanted) > max(positions) else 0


def lead_paragraph(report: Report, terms: Terms) -> str:
    """How many collaborations there are and how they stand; counts that are 0 are left out."""
    rows = report.rows
    if not rows:
        return terms.say("No collaboration has been assessed yet.")
    begun = [row for row in rows if row.assessment.responses]
    on_levels = sum(row.verdict.certain_level is not None for row in begun)
    fragile = sum(row.verdict.fragile for row in begun)
    unsettled = sum(row.verdict.placement is None for row in begun)
    sentences = [_assessed_sentence(len(begun), terms)]
    if on_levels:
        sentences.append(
            terms.count(
                "{number} stands on one of the model's levels.",
                "{number} stand on one of the model's levels.",
                on_levels,
            )
        )
    if fragile:
        sentences.append(
            terms.count(
                "{number} is one change away from losing its level.",
                "{number} are one change away from losing their level.",
                fragile,
            )
        )
    if unsettled:
        sentences.append(terms.count("{number} is not settled yet.", "{number} are not settled yet.", unsettled))
    if waiting := len(rows) - len(begun):
        sentences.append(terms.count("{number} has not been started.", "{number} have not been started.", waiting))
    return " ".join(sentences)


def _assessed_sentence(count: int, terms: Terms) -> str:
    if not count:
        return terms.say("No collaboration has been assessed yet.")
    return terms.count("One collaboration has been assessed.", "{number} collaborations have been assessed.", count)


def picture_alt_text(report: Report, terms: Terms) -> str:
    """The picture in whole sentences, placement by placement, for readers who cannot see it."""
    if not report.rows:
        return terms.say("The model's levels as steps, the widest at the bottom; no collaboration stands on them yet.")
    sentences = [
        terms.say("The model's levels as steps, the widest at the bottom, with every collaboration on its step.")
    ]
    for placement in terms.instrument.placements:
        names = [row.name for row in report.rows if row.verdict.placement == placement]
        if names:
            sentences.append(f"{terms.numbered_name(placement)}: {'; '.join(names)}.")
    unsettled = [_name_with_range(row, terms) for row in report.rows if row.verdict.placement is None]
    if unsettled:
        sentences.append(terms.say("Not settled yet: {names}.", names="; ".join(unsettled)))
    return displayable_text(" ".join(sentences))


def _name_with_range(row: ReportRow, terms: Terms) -> str:
    placements = row.verdict.placements
    if are_named(placements, terms.instrument):
        possible = tell_placements(placements, terms, "sentence")
    else:
        possible = terms.count("{number} placement is possible", "{number} placements are possible", len(placements))
    return terms.say("{name}, {placements}", name=row.name, placements=possible)


def sign_meanings(terms: Terms) -> list[tuple[str, str]]:
    """Shape and meaning of each sign on chips, in the order of the legend."""
    return [
        ("up", terms.say("wanted higher")),
        ("down", terms.say("wanted lower")),
        ("crack", terms.say("one change from losing its level")),
        ("across", terms.say("not settled: the question that decides stands below")),
    ]


def build_summary(report: Report, terms: Terms, anchors: Sequence[str]) -> ReportSummary:
    """The page that a director reads in a minute; lists end after six and say how many more there are."""
    rows = list(zip(report.rows, anchors, strict=True))
    fragile = [(row, anchor) for row, anchor in rows if row.verdict.fragile and row.verdict.way_down]
    unsettled = [(row, anchor) for row, anchor in rows if row.verdict.placement is None]
    return ReportSummary(
        lead=lead_paragraph(report, terms),
        placement_counts=_placement_counts(report, terms),
        fragile_note=_fragile_note(report, len(fragile), terms),
        fragile_points=tuple(
            SummaryPoint(name=row.name, anchor=anchor, text=way_down_sentence(terms, row.verdict.way_down))
            for row, anchor in fragile[:_MAX_POINTS]
            if row.verdict.way_down
        ),
        open_note=_open_note(report, len(unsettled), terms),
        open_points=tuple(
            SummaryPoint(name=row.name, anchor=anchor, text=_unsettled_sentence(row, terms))
            for row, anchor in unsettled[:_MAX_POINTS]
        ),
        steps=numbered_steps(report, terms, anchors),
        beliefs=_gut_feelings_sentence(report, terms),
        marks=_mark_counts(report, terms),
    )


def _placement_counts(report: Report, terms: Terms) -> tuple[PlacementCount, ...]:
    """Every placement with how many are settled on it, 0 included; what is not settled comes last, if there is any."""
    words = terms.wording.placements
    counted = Counter(row.verdict.placement for row in report.rows)
    kinds = [
        PlacementCount(
            count=counted[placement],
            name=_plural_name(placement, terms),
            line=as_sentence(displayable_text(words[placement].line)),
            tone=tone_of(terms.instrument, (placement,)),
        )
        for placement in terms.instrument.placements
    ]
    if counted[None]:
        line = terms.say("More than one placement is still possible.")
        tone = tone_of(terms.instrument, ())
        kinds.append(PlacementCount(count=counted[None], name=terms.say("Not settled yet"), line=line, tone=tone))
    return tuple(kinds)


def _plural_name(placement: str, terms: Terms) -> str:
    number = terms.instrument.level(placement)
    plural = displayable_text(terms.wording.placements[placement].plural)
    return terms.say("{number} {name}", number=number, name=plural) if number else plural


def _fragile_note(report: Report, count: int, terms: Terms) -> str:
    """What stands above the list of fragile collaborations, or in its place."""
    if not report.rows:
        return ""
    if not any(row.verdict.certain_level for row in report.rows):
        return terms.say("Nothing stands on a level for certain yet, so there is no level to lose.")
    if not count:
        return terms.say("Nothing: no single change that may happen by itself loses a level.")
    more = count - _MAX_POINTS
    if more > 0:
        return terms.count(
            "A single change that may happen by itself is enough to lose the level. One more is marked in the table.",
            "A single change that may happen by itself is enough to lose the level. "
            "{number} more are marked in the table.",
            more,
        )
    return terms.say("A single change that may happen by itself is enough to lose the level.")


def _open_note(report: Report, count: int, terms: Terms) -> str:
    """What stands above the list of collaborations that are not settled, or in its place."""
    if not report.rows:
        return ""
    if not count:
        return terms.say("Nothing: the answers settle every placement.")
    more = count - _MAX_POINTS
    if more > 0:
        return terms.count("One more is marked in the table.", "{number} more are marked in the table.", more)
    return ""


def _unsettled_sentence(row: ReportRow, terms: Terms) -> str:
    verdict = row.verdict
    if not verdict.reasons:
        return terms.say("Too little has been answered to say.")
    item = lower_first(terms.item_heading(verdict.open_items[0].item)) if verdict.open_items else ""
    possible = tell_placements(verdict.placements, terms, "sentence")
    return as_sentence(terms.say("{placements}; ask first: {item}", placements=possible, item=item))


def _gut_feelings_sentence(report: Report, terms: Terms) -> str:
    """How often gut feelings agreed with settled placements; empty where there are no two to compare."""
    order = terms.instrument.placements
    pairs = [
        (order.index(row.assessment.gut), order.index(row.verdict.placement))
        for row in report.rows
        if row.assessment.gut in order and row.assessment.gut != DONT_KNOW and row.verdict.placement
        if row.assessment.gut is not None
    ]
    if not pairs:
        return ""
    same = sum(gut == placed for gut, placed in pairs)
    higher = sum(gut < placed for gut, placed in pairs)
    return terms.say(
        "The gut feeling agreed with the answers in {same} of {all}; in {higher} it placed the collaboration higher, "
        "in {lower} lower.",
        same=same,
        all=len(pairs),
        higher=higher,
        lower=len(pairs) - same - higher,
    )


def _mark_counts(report: Report, terms: Terms) -> tuple[MarkCount, ...]:
    """For each mark how many collaborations are in each state; none without collaborations."""
    if not report.rows:
        return ()
    states_by_row = [mark_states(row.verdict, row.assessment.responses, terms.instrument) for row in report.rows]
    return tuple(
        MarkCount(
            name=terms.wording.marks[mark.id].name,
            about=terms.wording.marks[mark.id].about,
            **{state: sum(states[mark.id] == state for states in states_by_row) for state in MARK_STATES},
        )
        for mark in terms.instrument.marks
    )


def build_table(report: Report, terms: Terms, anchors: Sequence[str]) -> tuple[TableRow, ...]:
    """Every collaboration as a line of the table, numbered from 1."""
    return tuple(
        _table_row(row, number, anchor, terms)
        for number, (row, anchor) in enumerate(zip(report.rows, anchors, strict=True), start=1)
    )


def _table_row(row: ReportRow, number: int, anchor: str, terms: Terms) -> TableRow:
    verdict, wanted = row.verdict, row.assessment.wanted
    return TableRow(
        number=number,
        name=row.name,
        anchor=anchor,
        placement=placement_label(row, terms),
        tone=tone_of(terms.instrument, verdict.placements),
        certainty=_certainty(row, terms),
        wanted=_wanted_label(row, terms) if wanted in terms.wording.placements else "",
        sturdiness=_sturdiness(row, terms),
    )


def placement_label(row: ReportRow, terms: Terms) -> str:
    """The placement in words, with the level's number before its name where it has one."""
    return tell_placements(row.verdict.placements, terms, "numbered")


def _certainty(row: ReportRow, terms: Terms) -> str:
    if row.verdict.placement:
        return terms.say("Settled")
    count = len(row.verdict.open_items)
    return terms.count("One question open", "{number} questions open", count)


def _wanted_label(row: ReportRow, terms: Terms) -> str:
    """The level or placement wanted, with an arrow where it is higher or lower than today's."""
    wanted = row.assessment.wanted or ""
    number = terms.instrument.level(wanted)
    name = terms.say("Level {number}", number=number) if number else terms.placement_name(wanted)
    signs = {1: "↑ ", -1: "↓ ", 0: ""}
    return signs[wanted_direction(wanted, row.verdict, terms.instrument)] + name


def _sturdiness(row: ReportRow, terms: Terms) -> str:
    if row.verdict.way_down is None:
        return ""
    return terms.say("Fragile") if row.verdict.fragile else terms.say("Sturdy")
