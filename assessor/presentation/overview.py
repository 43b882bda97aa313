"""The first pages of a library's report as values: the page that decides, the table of all, goals and who serves them.

The web's overview of a library, the wall and the workshop's report use parts of it. A report's rows should be in the
order of `sorted_report` first, since chips, table and next steps number them as they come. `anchors` are ids of the
rows' own pages, in the rows' order; what they look like is up to the document.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from assessor.core.follow_ups import items_of_goals
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.verdict import Verdict
from assessor.errors import N_
from assessor.presentation.advice import Advice, NextStep, next_steps
from assessor.presentation.alphabet import AlphabeticalKey, alphabetical_key
from assessor.presentation.findings import tell_finding
from assessor.presentation.paper_ends import tell_ending
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import EarlierAssessment, Report, ReportRow
from assessor.presentation.terms import Terms, lower_first
from assessor.presentation.terraces import Box, Chip, Drawing, Frame, Terrace, draw_terraces
from assessor.presentation.tones import UNSETTLED_ID, Tone, level_tones, tone_of
from assessor.presentation.typeface import displayable_text

#: The picture's room where nothing is told of what stands beside it.
_COVER_FRAME = Frame(min_height=246.0, max_height=330.0)

#: How long ago an assessment was at least that counts as last year's.
_A_YEAR_AGO = timedelta(days=300)

#: What is said of a figure's last year, by what it counts.
_THEN_AND_NOW = {
    "levels": N_("On a level: {before} then, {now} now."),
    "beside": N_("Beside the levels: {before} then, {now} now."),
    "unsettled": N_("Not settled: {before} then, {now} now."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberedStep:
    """One of the three next steps, with the collaboration it belongs to and the anchor of its page."""

    number: int
    name: str
    anchor: str
    advice: Advice
    effect: str
    #: Who does it and by when; empty where the library has not said, for lines to fill in.
    who: str
    when: str
    #: What the library has noted where the step touches.
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One of the figures on the first page; together they are all collaborations, each counted once."""

    number: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportCover:
    """The first page, complete in itself."""

    #: What the finding answers.
    question: str
    #: The finding.
    title: str
    lead: str
    figures: tuple[Figure, ...]
    #: Last year beside this year, of what was assessed in both; empty where nothing was.
    last_year: str
    picture: Drawing
    #: The picture in whole sentences, for readers who cannot see it.
    alt_text: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]
    steps: tuple[NumberedStep, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalServer:
    """A collaboration that serves a goal."""

    name: str
    anchor: str
    tone: Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalServers:
    """One of the library's goals, with the collaborations that serve it."""

    goal: str
    served_by: tuple[GoalServer, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalsPicture:
    """The library's goals and who serves them: which has nobody is the sentence above."""

    finding: str
    goals: tuple[GoalServers, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """One collaboration in the table of all."""

    number: int
    party: str
    #: Empty where the party's name stands for the whole.
    undertaking: str
    anchor: str
    placement: str
    tone: Tone
    #: What is to be known of it: that its paper ends, that it is fragile, how many questions are open; else empty.
    standing: str
    #: With an arrow where it is higher or lower than today's; empty where nothing is wanted.
    wanted: str


def sorted_report(report: Report) -> Report:
    """The same report with its rows in the order of the picture.

    Settled collaborations come first, by placement from the highest and then by name; then the others, by how many
    placements are possible and by the highest of them.
    """
    order = report.instrument.placements

    def sort_key(row: ReportRow) -> tuple[int, int, AlphabeticalKey]:
        placements = row.verdict.placements
        return len(placements), order.index(placements[0]), alphabetical_key(row.name, report.language)

    return replace(report, rows=tuple(sorted(report.rows, key=sort_key)))


#: The room for the picture beside a title, what is said of last year, and the steps.
FrameBeside = Callable[[str, str, Sequence[NumberedStep]], Frame]


def build_cover(
    report: Report, terms: Terms, anchors: Sequence[str], frame_beside: FrameBeside = lambda *_: _COVER_FRAME
) -> ReportCover:
    """The first page: title, lead, picture with its description, and the next steps."""
    steps = numbered_steps(report, terms, anchors)
    title, last_year = tell_finding(report, terms), _tell_last_year(report, terms)
    drawn = chips(report, terms)
    picture = draw_terraces(
        counted_terraces(report.rows, terms),
        side_boxes(terms),
        drawn,
        nothing=terms.say("None here today"),
        signs=sign_meanings(terms),
        frame=frame_beside(title, last_year, steps),
    )
    named = tuple((chip.number, name_with_question(chip)) for chip in drawn) if picture.numbered else ()
    return ReportCover(
        question=terms.say("How are things at {library}?", library=report.library),
        title=title,
        lead=lead_paragraph(report, terms),
        figures=cover_figures(report, terms),
        last_year=last_year,
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
        number=number,
        name=name,
        anchor=anchors[step.row_index],
        advice=step.advice,
        effect=step.effect,
        who=step.who,
        when=step.when,
        note=step.note,
    )


def cover_figures(report: Report, terms: Terms) -> tuple[Figure, ...]:
    """The figures that together are all collaborations; none without any."""
    now = [row.verdict.placements for row in report.rows]
    return tuple(
        Figure(number=number, text=_figure_text(kind, number, terms))
        for kind, holds in _counted(terms.instrument).items()
        for number in [sum(map(holds, now))]
        if now
    )


def _counted(instrument: Instrument) -> dict[str, Callable[[Sequence[str]], bool]]:
    """What the figures count, each placement in one of them."""
    on_levels: dict[str, Callable[[Sequence[str]], bool]] = {
        "levels": lambda placements: len(placements) == 1 and placements[0] in instrument.levels
    }
    return (on_levels if instrument.levels else {}) | {
        "beside": lambda placements: len(placements) == 1 and placements[0] not in instrument.levels,
        "unsettled": lambda placements: len(placements) != 1,
    }


def _figure_text(kind: str, number: int, terms: Terms) -> str:
    if kind == "levels":
        return terms.ngettext("stands on a level of the model", "stand on a level of the model", number)
    if kind == "beside":
        if not terms.instrument.levels:
            return terms.ngettext("is settled", "are settled", number)
        return terms.ngettext("stands beside the levels", "stand beside the levels", number)
    return terms.ngettext("is not settled yet", "are not settled yet", number)


def _tell_last_year(report: Report, terms: Terms) -> str:
    """How many collaborations were assessed a year ago as well, and for each figure how many then and now."""
    both = list(_a_year_apart(report))
    if not both:
        return ""
    first_year = min(earlier.day.year for _, earlier in both)
    told = [
        terms.count(
            "One of them was assessed in {year} too.",
            "{number} of them were assessed in {year} too.",
            len(both),
            year=first_year,
        )
    ]
    for kind, holds in _counted(terms.instrument).items():
        before = sum(holds(earlier.verdict.placements) for _, earlier in both)
        now = sum(holds(row.verdict.placements) for row, _ in both)
        if before or now:
            told.append(terms.say(_THEN_AND_NOW[kind], before=before, now=now))
    return " ".join(told)


def _a_year_apart(report: Report) -> Iterator[tuple[ReportRow, EarlierAssessment]]:
    """The collaborations that were assessed a year ago as well, with the latest assessment that long ago."""
    for row in report.rows:
        long_ago = [earlier for earlier in row.earlier if report.made - earlier.day >= _A_YEAR_AGO]
        if long_ago:
            yield row, long_ago[-1]


def counted_terraces(rows: Sequence[ReportRow], terms: Terms) -> list[Terrace]:
    """The steps with how many collaborations are settled on each."""
    counts = [sum(row.verdict.placement == placement for row in rows) for placement in terms.instrument.levels]
    return [
        replace(step, count=str(count) if count else "")
        for step, count in zip(level_terraces(terms), counts, strict=True)
    ]


def level_terraces(terms: Terms) -> list[Terrace]:
    """The steps of the picture, one for each level, the highest first; none for an instrument without levels."""
    words = terms.wording.placements
    return [
        Terrace(
            title=_plural_name(placement, terms),
            line=displayable_text(words[placement].line),
            tone=tone.name,
            shape=tone.shape,
        )
        for placement, tone in level_tones(terms.instrument).items()
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
    number = terms.instrument.level_number(placement)
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
    on_levels = sum(row.verdict.placement in terms.instrument.levels for row in begun)
    beside = sum(row.verdict.placement is not None and row.verdict.level is None for row in begun)
    unsettled = sum(row.verdict.placement is None for row in begun)
    fragile = sum(row.verdict.fragile for row in begun)
    sentences = [_assessed_sentence(len(begun), terms)]
    if on_levels:
        sentences.append(
            terms.count(
                "{number} stands on one of the model's levels.",
                "{number} stand on one of the model's levels.",
                on_levels,
            )
        )
    if beside and terms.instrument.levels:
        sentences.append(terms.count("{number} stands beside them.", "{number} stand beside them.", beside))
    if unsettled:
        sentences.append(terms.count("{number} is not settled yet.", "{number} are not settled yet.", unsettled))
    if fragile:
        sentences.append(
            terms.count(
                "{number} is one change away from losing its level.",
                "{number} are one change away from losing their level.",
                fragile,
            )
        )
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


def build_goals(report: Report, terms: Terms, anchors: Sequence[str]) -> GoalsPicture | None:
    """The library's goals with those that serve them, in the rows' order; None where it has told of none.

    A collaboration counts only while its response tells of a goal. Those whose goal nobody has named come last.
    """
    if not report.goals:
        return None
    serving = [
        (row, anchor)
        for row, anchor in zip(report.rows, anchors, strict=True)
        if any(items_of_goals(terms.instrument, row.assessment.responses))
    ]
    goals = [
        GoalServers(goal=text, served_by=tuple(_server(*each, terms) for each in serving if _goal_of(each[0]) == goal))
        for goal, text in report.goals.items()
    ]
    unnamed = tuple(_server(*each, terms) for each in serving if _goal_of(each[0]) not in report.goals)
    nobody = [each.goal for each in goals if not each.served_by]
    if unnamed:
        goals.append(GoalServers(goal=terms.say("A goal that has not been named"), served_by=unnamed))
    return GoalsPicture(finding=_goals_finding(nobody, len(report.goals), terms), goals=tuple(goals))


def _goal_of(row: ReportRow) -> str:
    return row.assessment.goal or ""


def _server(row: ReportRow, anchor: str, terms: Terms) -> GoalServer:
    return GoalServer(
        name=row.assessment.collaboration.party,
        anchor=anchor,
        tone=tone_of(terms.instrument, row.verdict.placements),
    )


def _goals_finding(nobody: Sequence[str], count: int, terms: Terms) -> str:
    if not nobody:
        return terms.say("Every goal has a collaboration that serves it")
    if len(nobody) == count:
        return terms.say("No collaboration serves any of the goals")
    return terms.count(
        "One of the {all} goals has nobody that serves it",
        "{number} of the {all} goals have nobody that serves them",
        len(nobody),
        all=count,
    )


def _plural_name(placement: str, terms: Terms) -> str:
    number = terms.instrument.level_number(placement)
    plural = displayable_text(terms.wording.placements[placement].plural)
    return terms.say("{number} {name}", number=number, name=plural) if number else plural


def gut_feelings_sentence(report: Report, terms: Terms) -> str:
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
        party=row.assessment.collaboration.party,
        undertaking=row.assessment.collaboration.undertaking,
        anchor=anchor,
        placement=placement_label(row, terms),
        tone=tone_of(terms.instrument, verdict.placements),
        standing=standing_phrase(row, terms),
        wanted=_wanted_label(row, terms) if wanted in terms.wording.placements else "",
    )


def placement_label(row: ReportRow, terms: Terms) -> str:
    """The placement in words, with the level's number before its name where it has one."""
    return tell_placements(row.verdict.placements, terms, "numbered")


def standing_phrase(row: ReportRow, terms: Terms) -> str:
    """What is to be known of a placement: that the paper ends, what is open, that it is fragile; else empty."""
    if row.ending:
        return tell_ending(row.ending, terms)
    if row.verdict.placement is None:
        return terms.count("One question open", "{number} questions open", len(row.verdict.open_items))
    return terms.say("Fragile") if row.verdict.fragile else ""


def _wanted_label(row: ReportRow, terms: Terms) -> str:
    """The level or placement wanted, with an arrow where it is higher or lower than today's."""
    wanted = row.assessment.wanted or ""
    number = terms.instrument.level_number(wanted)
    name = terms.say("Level {number}", number=number) if number else terms.placement_name(wanted)
    signs = {1: "↑ ", -1: "↓ ", 0: ""}
    return signs[wanted_direction(wanted, row.verdict, terms.instrument)] + name
