"""The portfolio wall: one A3 page for the director, to hang up and to talk in front of.

The terraces with every collaboration, services drawn within the strategic partnership of the same party, and beside
them three conversations, level 1 against the managers who can follow it, and the cooperations that are ready to grow.
The three conversations are the report's three next steps, so that the wall and the report never name different ones;
`presentation.advice` says how they are ranked. Ready to grow means: settled on the lowest level, not wanted lower, and
with a way of few steps to the next level; the cheapest come first.

All must fit on one sheet, so picture and panel are measured here and set in the largest size that fits. What is only
estimated (`_names_height`, `_panel_height`) errs on the high side, since WeasyPrint would start a second page.
Where names do not fit in any scale the chips become numbers, with a list below the picture or on a sheet of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import ceil

from assessor.core.verdict import Way
from assessor.errors import N_
from assessor.presentation.advice import Advice, easiest_step, next_steps
from assessor.presentation.findings import tell_finding
from assessor.presentation.overview import (
    chips,
    counted_terraces,
    lead_paragraph,
    name_with_question,
    picture_alt_text,
    side_boxes,
    sign_meanings,
    sorted_report,
)
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.rules_used import tell_rescored
from assessor.presentation.terms import Terms
from assessor.presentation.terraces import (
    Chip,
    Drawing,
    Frame,
    Terrace,
    draw_with_names,
    draw_without_names,
    with_legend,
    wrap_text,
)
from assessor.presentation.typeface import displayable_text, font_face
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, render_template

#: The sheet within its margins, and what stands beside the picture, in points.
_WIDTH, _HEIGHT, _SIDE_WIDTH, _GAP = 1111.0, 768.0, 334.0, 24.0
_PICTURE_WIDTH = _WIDTH - _SIDE_WIDTH - _GAP

#: How much larger than on A4 the picture is tried, and the type sizes of its names within it.
_SCALES = (1.75, 1.5, 1.3, 1.12, 1.0)
_CHIP_SIZES = (20.0, 18.5, 17.4, 16.0, 14.9, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.4, 8.0)

#: Names this large, in points on the sheet, may have their undertakings with them; smaller ones stand alone.
_LEAST_WITH_UNDERTAKING, _LEAST_SCALE_WITH_UNDERTAKING = 15.5, 1.3

#: A picture of numbers: its scale, with the type size of the names beneath; and the columns that those may have.
_NUMBERED_SCALES = ((1.3, 9.0), (1.15, 8.5), (1.0, 8.0))
_COLUMN_COUNTS = (2, 3, 4, 5)

#: The type sizes of what stands beside the picture.
_PANEL_SIZES = (19.5, 18.0, 16.5, 15.0, 13.5, 12.0, 10.5, 9.5, 8.6, 8.0)

#: A line to write on under each conversation: who, and when.
_WRITING_LINE = 24.0

#: What is less than advice, in the panel's type size, and how much of its width the highest step keeps.
_LESSER, _TOP_SHARE = 0.82, 0.72

#: The most collaborations beside the levels that the panel names; with more, they stand in the picture.
_MOST_BESIDE = 8

#: The most that the list of those ready to grow names, and the most steps that one of them needs.
_MOST_GROWING, _MOST_STEPS_TO_GROW = 5, 2

_TITLE_SIZES = (30.0, 26.0, 22.0, 20.0, 18.0, 16.0)

#: The sheet's width as letters are measured, that the title sets tighter.
_TITLE_WIDTH = _WIDTH * 1.02

#: How large the steps' titles are beside the names on them.
_TITLE_SHARE = 0.66


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """A conversation to have: about which collaboration, what, and what comes of it."""

    number: int
    party: str
    undertaking: str
    advice: Advice


@dataclass(frozen=True, kw_only=True, slots=True)
class GrowthCandidate:
    """A collaboration that is ready to grow, and its first step."""

    party: str
    undertaking: str
    advice: Advice


@dataclass(frozen=True, kw_only=True, slots=True)
class BesideGroup:
    """Collaborations that stand beside the levels, or are not settled, in words."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SidePanel:
    """What stands beside the picture, all in one type size that fits."""

    size: float
    talks: tuple[Conversation, ...]
    #: Level 1 against those who can follow it; empty for an instrument without levels.
    managers: str
    #: What stands beside the levels; empty where the picture shows it.
    beside: tuple[BesideGroup, ...]
    growing: tuple[GrowthCandidate, ...]
    #: How many more are ready to grow than the list names; empty for none.
    more_growing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wall:
    """The whole sheet, ready to be laid out."""

    #: What the title answers.
    question: str
    #: The finding.
    title: str
    #: Points, as all sizes here.
    title_size: float
    lead: str
    picture: Drawing
    #: How much the template enlarges the picture.
    scale: float
    alt_text: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]
    #: Columns of the list of names below the picture; 0 for no list, or one on a sheet of its own.
    columns: int
    side_panel: SidePanel


def wall_document(report: Report, managers: int | None = None) -> PrintableDocument:
    """The wall as a document; `managers` is how many people can follow a collaboration on level 1, if known."""
    report = sorted_report(replace(report, library=one_line(report.library)))
    terms = Terms(report.language, report.instrument, report.wording)
    wall = make_wall(report, terms, managers)
    return PrintableDocument(
        kind="wall",
        language=report.language,
        title=wall.title,
        description=terms.say("All collaborations on one sheet, {date}", date=terms.long_date(report.made)),
        author=report.library,
        running=f"{report.library} · {terms.long_date(report.made)}",
        numbered=False,
        foot_margin=39.69,
        made=report.made,
        program=report.program,
        sections=tuple(_sections(wall, report, terms)),
    )


def _sections(wall: Wall, report: Report, terms: Terms) -> Iterator[Section]:
    """The sheet, and a second one with the names where the list does not fit below the picture."""
    html = render_template(
        "wall/wall.html.j2", report.language, wall=wall, room=_PICTURE_WIDTH, date=terms.long_date(report.made)
    )
    yield Section(id="wall", title=wall.title, level=1, html=html)
    if wall.names and not wall.columns:
        html = render_template("wall/names.html.j2", report.language, wall=wall)
        yield Section(id="names", title=terms.say("All collaborations"), level=1, html=html)


def make_wall(report: Report, terms: Terms, managers: int | None) -> Wall:
    """The wall's words and picture, each in the largest size that fits.

    The title takes one line if any of its sizes allows; what it leaves of the sheet's height is for picture and panel.
    """
    title = tell_finding(report, terms)
    size = next(
        (size for size in _TITLE_SIZES if len(wrap_text(title, _TITLE_WIDTH, size, 700)) == 1), _TITLE_SIZES[-1]
    )
    rescored = tell_rescored(report.rescored, report.instrument.version, terms)
    lead = " ".join(filter(None, (lead_paragraph(report, terms), rescored)))
    head = (
        16 + 1.15 * size * len(wrap_text(title, _TITLE_WIDTH, size, 700)) + 20 * len(wrap_text(lead, _WIDTH * 0.99, 14))
    )
    room = _HEIGHT - head - 12
    growing = _ready_to_grow(report, terms)
    ready = {place for place, _ in growing}
    drawn, named_whole = (_nested_chips(report, terms, ready, whole=whole) for whole in (False, True))
    lists = (tuple(_numbered_names(report, drawn, asked=True)), tuple(_numbered_names(report, drawn, asked=False)))
    beside = _beside_groups(report, drawn, terms)
    on_steps = [[chip for chip in named if not (beside and chip.box)] for named in (named_whole, drawn)]
    picture, scale, names, columns = _wall_picture(report, (on_steps[0], on_steps[1]), lists, room, terms)
    if names:  # a list of numbers holds them all
        beside, whole = (), (drawn, drawn)
        picture, scale, names, columns = _wall_picture(report, whole, lists, room, terms)
    return Wall(
        question=terms.say("How are things at {library}?", library=report.library),
        title=title,
        title_size=size,
        lead=lead,
        picture=picture,
        scale=scale,
        alt_text=_wall_alt_text(report, drawn, growing, terms),
        names=names,
        columns=columns,
        side_panel=_side_panel(report, growing, beside, managers, room, terms),
    )


_NumberedNames = tuple[tuple[int, str], ...]


def _wall_picture(
    report: Report,
    named: tuple[Sequence[Chip], Sequence[Chip]],
    lists: Sequence[_NumberedNames],
    room: float,
    terms: Terms,
) -> tuple[Drawing, float, _NumberedNames, int]:
    """The picture, its scale, the list of names where chips are numbers, and that list's columns.

    Names with their undertakings, the first of `named`, are tried in large sizes, then names in every size. Then
    numbers, with the first of `lists` that fits below the picture. If none does, numbers in the largest scale that
    fits and 0 columns, which puts the list on a sheet of its own.
    """
    whole, drawn = named
    steps, boxes, nothing = _counted_steps(report, drawn, terms), side_boxes(terms), terms.say("None here today")
    key = [*sign_meanings(terms), ("sprout", terms.say("ready to grow"))]
    for chips_to_draw, (scale, size) in _tries(whole, drawn):
        frame = Frame(
            width=_PICTURE_WIDTH / scale,
            max_height=room / scale - 34,
            min_height=min(330.0, room / scale - 50) * 0.8,
            max_lines=5,
            sizes=(size,),
            top_share=_TOP_SHARE,
            airy=True,
            title_size=max(10.4, size * _TITLE_SHARE),
        )
        if picture := draw_with_names(steps, boxes, chips_to_draw, nothing=nothing, frame=frame):
            return with_legend(picture, key), scale, (), 0
    for names, (scale, size) in product(lists, _NUMBERED_SCALES):
        height, columns = min((_names_height(names, size, columns), columns) for columns in _COLUMN_COUNTS)
        frame = Frame(width=_PICTURE_WIDTH / scale, max_height=room / scale - 34, min_height=0)
        numbered = with_legend(draw_without_names(steps, boxes, drawn, nothing=nothing, frame=frame), key)
        if numbered.numbered and numbered.height * scale + height <= room:
            return numbered, scale, names, columns
    for scale, size in _NUMBERED_SCALES:
        frame = Frame(width=_PICTURE_WIDTH / scale, max_height=room / scale - 34)
        numbered = with_legend(draw_without_names(steps, boxes, drawn, nothing=nothing, frame=frame), key)
        if numbered.height * scale + 3 * size <= room:  # with the line that says where the names are
            break
    return numbered, scale, lists[0] if numbered.numbered else (), 0


def _tries(whole: Sequence[Chip], drawn: Sequence[Chip]) -> Iterator[tuple[Sequence[Chip], tuple[float, float]]]:
    """Chips with the picture's scale and the type size within it, the largest names first."""
    largest_first = sorted(product(_SCALES, _CHIP_SIZES), key=lambda pair: (pair[0] * pair[1], pair[0]), reverse=True)
    large = [(scale, size) for scale, size in largest_first if scale >= _LEAST_SCALE_WITH_UNDERTAKING]
    yield from ((whole, pair) for pair in large if pair[0] * pair[1] >= _LEAST_WITH_UNDERTAKING)
    yield from ((drawn, pair) for pair in largest_first)


def _counted_steps(report: Report, drawn: Sequence[Chip], terms: Terms) -> list[Terrace]:
    """The steps with how many collaborations are settled on each, and how many of those are drawn higher up."""
    nested_counts: dict[int, int] = {}
    for inner in (inner for chip in drawn for inner in chip.inside):
        nested_counts[inner.step or 0] = nested_counts.get(inner.step or 0, 0) + 1
    return [
        replace(step, line=_step_line(step.line, nested_counts.get(index, 0), terms))
        for index, step in enumerate(counted_terraces(report.rows, terms))
    ]


def _step_line(line: str, nested_count: int, terms: Terms) -> str:
    if not nested_count:
        return line
    note = terms.count(
        "{number} of them is drawn within its party's strategic partnership",
        "{number} of them are drawn within their parties' strategic partnerships",
        nested_count,
    )
    return f"{line} · {note}"


def _nested_chips(report: Report, terms: Terms, ready_rows: set[int], *, whole: bool) -> list[Chip]:
    """A chip for each collaboration, except those drawn within another: a service within its party's partnership.

    With `whole` its name on a step is that of the party and the undertaking.
    """
    all_chips = [
        _whole_chip(chip, report.rows[chip.number - 1]) if whole and not chip.box else chip
        for chip in (replace(chip, ready=index in ready_rows) for index, chip in enumerate(chips(report, terms)))
    ]
    hosts = _hosts_by_row(report)
    inside: dict[int, list[Chip]] = {}
    for index, host in hosts.items():
        undertaking = report.rows[index].assessment.collaboration.undertaking
        inside.setdefault(host, []).append(
            replace(all_chips[index], name=displayable_text(undertaking) or all_chips[index].name, detail="")
        )
    return [
        replace(chip, name=_host_name(report.rows[index], chip, index in inside), inside=tuple(inside.get(index, ())))
        for index, chip in enumerate(all_chips)
        if index not in hosts
    ]


def _whole_chip(chip: Chip, row: ReportRow) -> Chip:
    """The chip with the party for its name and what is done with it behind."""
    about = row.assessment.collaboration
    return replace(chip, name=displayable_text(about.party), detail=displayable_text(about.undertaking))


def _host_name(row: ReportRow, chip: Chip, is_host: bool) -> str:
    """A host's full name, as its party's name alone would also be that of the chips within it."""
    return displayable_text(row.name) if is_host and not chip.detail else chip.name


def _hosts_by_row(report: Report) -> Mapping[int, int]:
    """For each row settled on the second level the row of the same party on the first, where there is one."""
    levels = report.instrument.levels[:2]
    if len(levels) < 2:
        return {}
    hosts: dict[str, int] = {}
    for index, row in enumerate(report.rows):
        if row.verdict.placement == levels[0]:
            hosts.setdefault(_party_key(row), index)
    return {
        index: hosts[_party_key(row)]
        for index, row in enumerate(report.rows)
        if row.verdict.placement == levels[1] and _party_key(row) in hosts
    }


def _party_key(row: ReportRow) -> str:
    """The party's name without differences in case and blanks, to find the same party again."""
    return " ".join(row.assessment.collaboration.party.split()).casefold()


def _chips_in_order(drawn: Sequence[Chip]) -> list[Chip]:
    """All chips, those within others included, by number."""
    return sorted(
        (inner_or_outer for chip in drawn for inner_or_outer in (chip, *chip.inside)), key=lambda chip: chip.number
    )


def _numbered_names(report: Report, drawn: Sequence[Chip], *, asked: bool) -> Iterator[tuple[int, str]]:
    """Number and name of each chip; with `asked`, also the question that would settle it."""
    outer = {chip.number for chip in drawn}
    for chip in _chips_in_order(drawn):
        name = chip.name if chip.number in outer else displayable_text(report.rows[chip.number - 1].name)
        yield chip.number, name_with_question(replace(chip, name=name, question=chip.question if asked else ""))


def _names_height(names: Sequence[tuple[int, str]], size: float, columns: int) -> float:
    """About how high the list of names is, in columns; rather too high than too low."""
    width = (_PICTURE_WIDTH - 14 * (columns - 1)) / columns
    lines = sum(len(wrap_text(f"{number} {name}", width * 0.96, size)) for number, name in names)
    return (ceil(lines / columns) + 3) * size * 1.36 + 16


def _ready_to_grow(report: Report, terms: Terms) -> list[tuple[int, Way]]:
    """Rows that are ready to grow, cheapest first, each with its way up; no more than the panel lists."""
    candidates = [
        (index, row.verdict.way_up)
        for index, row in enumerate(report.rows)
        if row.verdict.way_up and _is_ready(report, row, row.verdict.way_up)
    ]
    return sorted(candidates, key=lambda candidate: (candidate[1].cost, len(candidate[1].changes), candidate[0]))[
        :_MOST_GROWING
    ]


def _is_ready(report: Report, row: ReportRow, way: Way) -> bool:
    """Whether a collaboration on the lowest level has a short way up, and the library does not want it to stay."""
    levels = report.instrument.levels
    if len(levels) < 2 or row.verdict.placement != levels[-1] or len(way.changes) > _MOST_STEPS_TO_GROW:
        return False
    return row.assessment.wanted is None or row.assessment.wanted in levels[:-1]


def _side_panel(
    report: Report,
    growing: Sequence[tuple[int, Way]],
    beside: tuple[BesideGroup, ...],
    managers: int | None,
    room: float,
    terms: Terms,
) -> SidePanel:
    """The panel in the largest size that fits; in the smallest two, growth candidates are dropped from the end.

    Conversations and managers are never dropped, so a panel of very long words may be higher than the room. A sheet on
    a wall names what to do, who and when; how it is done stands in the report.
    """
    steps = next_steps(terms, report.rows)
    talks = tuple(
        Conversation(
            number=number,
            **_party_and_undertaking(report.rows[step.row_index]),
            advice=step.advice,
        )
        for number, step in enumerate(steps, start=1)
    )
    spoken_of = {step.row_index for step in steps}
    grown = tuple(
        GrowthCandidate(**_party_and_undertaking(report.rows[index]), advice=easiest_step(terms, way))
        for index, way in growing
        if index not in spoken_of
    )
    managers_text = _managers_text(report, managers, terms)
    for most in range(len(grown), -1, -1):
        for size in _PANEL_SIZES if most == len(grown) else _PANEL_SIZES[-2:]:
            panel = SidePanel(
                size=size,
                talks=talks,
                managers=managers_text,
                beside=beside,
                growing=grown[:most],
                more_growing=_more_growing(len(grown) - most, terms),
            )
            if _panel_height(panel, terms) <= room:
                return panel
    return panel


def _party_and_undertaking(row: ReportRow) -> dict[str, str]:
    about = row.assessment.collaboration
    return {"party": displayable_text(about.party), "undertaking": displayable_text(about.undertaking)}


def _beside_groups(report: Report, drawn: Sequence[Chip], terms: Terms) -> tuple[BesideGroup, ...]:
    """What stands beside the levels, for the panel; empty where it is too much, or the bank has no levels."""
    beside = [chip for chip in drawn if chip.box]
    if not report.instrument.levels or not 0 < len(beside) <= _MOST_BESIDE:
        return ()
    boxes = [box for box in side_boxes(terms) if any(chip.box == box.id for chip in beside)]
    return tuple(
        BesideGroup(title=box.title, names=tuple(name_with_question(chip) for chip in beside if chip.box == box.id))
        for box in boxes
    )


def _more_growing(number: int, terms: Terms) -> str:
    if not number:
        return ""
    return terms.count("One more is marked in the picture.", "{number} more are marked in the picture.", number)


def _managers_text(report: Report, managers: int | None, terms: Terms) -> str:
    """Level 1 counted against those who can follow it, and how many more are wanted there.

    Empty without levels, where level 1 is not the highest, and where the bank says of no answer that it tells of
    management.
    """
    levels = report.instrument.levels
    if not levels or not report.instrument.followed or report.instrument.level_number(levels[0]) != 1:
        return ""
    count = sum(row.verdict.placement == levels[0] for row in report.rows)
    wanted = sum(row.assessment.wanted == levels[0] and row.verdict.placement != levels[0] for row in report.rows)
    sentences = [_management_load(count, managers, terms)]
    if wanted:
        sentences.append(terms.count("One more is wanted there.", "{number} more are wanted there.", wanted))
    return " ".join(sentences)


def _management_load(count: int, managers: int | None, terms: Terms) -> str:
    """What level 1 asks of management: who follows it, whether that is enough, or how many each would have."""
    if not count:
        return terms.say("Nothing stands on level 1 for certain, so management has nothing to follow there yet.")
    if managers is None:
        return terms.count(
            "{number} collaboration stands on level 1. It needs someone in management who follows it regularly: who?",
            "{number} collaborations stand on level 1. Each needs someone in management who "
            "follows it regularly: how many of you can?",
            count,
        )
    if count <= managers:
        return terms.count(
            "{number} collaboration stands on level 1, and {managers} of you can follow it: that is enough.",
            "{number} collaborations stand on level 1, and {managers} of you can follow them: enough for one each.",
            count,
            managers=managers,
        )
    return terms.say(
        "{number} collaborations stand on level 1, and {managers} of you can follow them: up to {each} for each. "
        "Is there time for that?",
        number=count,
        managers=managers,
        each=ceil(count / managers),
    )


def _panel_height(panel: SidePanel, terms: Terms) -> float:
    """About how high what stands beside the picture will be; rather too high than too low."""

    def lines(text: str, scale: float = 1.0, weight: int = 400) -> float:
        """The height of a paragraph with the space below it."""
        count = len(wrap_text(text, _SIDE_WIDTH * 0.97, panel.size * scale, weight))
        return count * panel.size * scale * 1.3 + panel.size * scale * 0.15

    def name(one: Conversation | GrowthCandidate, scale: float, weight: int) -> float:
        small = font_face(400).width(one.undertaking, panel.size * 0.72 * scale) / (panel.size * scale)
        return lines(f"{one.party} {'n' * ceil(small / 0.55)}", scale, weight)

    total, heading = 0.0, panel.size * (1.06 * 1.25 + 0.85)
    if panel.talks:
        total += lines(terms.say("The three conversations most worth having"), 1.06, 700) + panel.size * 0.25
    for talk in panel.talks:
        total += name(replace(talk, party=f"{talk.number} {talk.party}"), 1.0, 700) + lines(talk.advice.title)
        total += panel.size * 0.5 + _WRITING_LINE
    if panel.beside:
        total += heading
    for group in panel.beside:
        texts = (f"{group.title}: {', '.join(group.names)}",)
        total += sum(lines(text, _LESSER, 600) for text in texts)
    if panel.managers:
        total += heading + lines(panel.managers, _LESSER)
    if panel.growing:
        total += heading
    for candidate in panel.growing:
        total += name(candidate, 1.0, 600) + lines(candidate.advice.title) + panel.size * 0.3
    return total + (lines(panel.more_growing, _LESSER) if panel.more_growing else 0)


def _wall_alt_text(report: Report, drawn: Sequence[Chip], growing: Sequence[tuple[int, Way]], terms: Terms) -> str:
    """The picture in whole sentences, for readers who cannot see it: placements, what is nested, and the signs."""
    sentences = [picture_alt_text(report, terms)]
    names_by_number = {chip.number: report.rows[chip.number - 1].name for chip in _chips_in_order(drawn)}
    sentences += [
        terms.say(
            "Drawn within {host}: {names}.",
            host=names_by_number[chip.number],
            names="; ".join(names_by_number[inner.number] for inner in chip.inside),
        )
        for chip in drawn
        if chip.inside
    ]
    ordered_chips = _chips_in_order(drawn)
    marked = (
        (N_("Wanted higher: {names}."), [names_by_number[chip.number] for chip in ordered_chips if chip.wanted > 0]),
        (N_("Wanted lower: {names}."), [names_by_number[chip.number] for chip in ordered_chips if chip.wanted < 0]),
        (
            N_("One change from losing the level: {names}."),
            [names_by_number[chip.number] for chip in ordered_chips if chip.fragile],
        ),
        (N_("Ready to grow: {names}."), [report.rows[index].name for index, _ in growing]),
    )
    sentences += [terms.say(message, names="; ".join(names)) for message, names in marked if names]
    return displayable_text(" ".join(sentences))
