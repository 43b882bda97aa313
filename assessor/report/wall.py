"""The portfolio wall: one A3 page for the director, to hang up and to talk in front of.

The terraces with every collaboration, services drawn within the strategic partnership of the same party, and beside
them three conversations, level 1 against the managers who can follow it, and the cooperations that are ready to grow.
The three conversations are the report's three next steps, so that the wall and the report never name different ones;
`advice` says how they are ranked. Ready to grow: settled on the lowest level, wanted nowhere lower, and with a way of
few steps to the next level; the cheapest first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import ceil

from assessor.core.verdict import Way
from assessor.errors import N_
from assessor.presentation.advice import Advice, easiest_step, next_steps
from assessor.presentation.overview import (
    chips,
    lead_paragraph,
    level_terraces,
    name_with_question,
    picture_alt_text,
    side_boxes,
    sign_meanings,
    sorted_report,
)
from assessor.presentation.report import Report, ReportRow
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
from assessor.presentation.typeface import displayable_text
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, render_template

#: The sheet within its margins, and what stands beside the picture, in points.
_WIDTH, _HEIGHT, _SIDE_WIDTH, _GAP = 1088.0, 754.0, 262.0, 28.0
_PICTURE_WIDTH = _WIDTH - _SIDE_WIDTH - _GAP

#: How much larger than on A4 the picture is tried.
_SCALES = (1.75, 1.5, 1.3, 1.12, 1.0)

#: A picture of numbers: its scale, with the type size of the names beneath; and the columns that those may have.
_NUMBERED_SCALES = ((1.3, 7.6), (1.1, 7.2), (0.95, 6.6), (0.85, 6.4), (0.75, 6.2))
_COLUMN_COUNTS = (2, 3, 4, 5)

#: The type sizes of what stands beside the picture.
_PANEL_SIZES = (10.5, 9.5, 8.6, 7.8, 7.0)

#: The most that the list of those ready to grow names, and the most steps that one of them needs.
_MOST_GROWING, _MOST_STEPS_TO_GROW = 5, 2

_TITLE_SIZES = (30.0, 22.0, 16.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """A conversation to have: with whom, about what, and what comes of it."""

    number: int
    name: str
    advice: Advice
    gives: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GrowthCandidate:
    """A collaboration that is ready to grow, and its first step."""

    name: str
    advice: Advice
    gives: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SidePanel:
    """What stands beside the picture, in a type size that fits."""

    size: float
    talks: tuple[Conversation, ...]
    managers: str
    growing: tuple[GrowthCandidate, ...]
    more_growing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wall:
    """The whole sheet, ready to be laid out."""

    title: str
    title_size: float
    lead: str
    picture: Drawing
    scale: float
    alt_text: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]
    #: In how many columns those stand beneath the picture; 0 where they need a sheet of their own.
    columns: int
    side_panel: SidePanel


def wall_document(report: Report, managers: int | None = None) -> PrintableDocument:
    """The wall as a document; `managers` is how many can follow a collaboration on the highest level."""
    report = sorted_report(replace(report, library=one_line(report.library)))
    speech = Terms(report.language, report.instrument, report.wording)
    wall = make_wall(report, speech, managers)
    return PrintableDocument(
        kind="wall",
        language=report.language,
        title=wall.title,
        description=speech.say("All collaborations on one sheet, {date}", date=speech.long_date(report.made)),
        author=report.library,
        running=f"{report.library} · {speech.long_date(report.made)}",
        numbered=False,
        made=report.made,
        program=report.program,
        sections=tuple(_sections(wall, report, speech)),
    )


def _sections(wall: Wall, report: Report, speech: Terms) -> Iterator[Section]:
    html = render_template("wall/wall.html.j2", report.language, wall=wall, room=_PICTURE_WIDTH)
    yield Section(id="wall", title=wall.title, level=1, html=html)
    if wall.names and not wall.columns:
        html = render_template("wall/names.html.j2", report.language, wall=wall)
        yield Section(id="names", title=speech.say("All collaborations"), level=1, html=html)


def make_wall(report: Report, speech: Terms, managers: int | None) -> Wall:
    """The wall's words and figure, each in the largest size that fits."""
    title = speech.say("How are things at {library}?", library=report.library)
    size = next((size for size in _TITLE_SIZES if len(wrap_text(title, _WIDTH, size, 700)) == 1), _TITLE_SIZES[-1])
    said = lead_paragraph(report, speech)
    head = (
        22
        + 1.15 * size * len(wrap_text(title, _WIDTH * 0.98, size, 700))
        + 22 * len(wrap_text(said, _WIDTH * 0.98, 13))
    )
    room = _HEIGHT - head - 12
    growing = _ready_to_grow(report, speech)
    drawn = _nested_chips(report, speech, {place for place, _ in growing})
    lists = (tuple(_numbered_names(report, drawn, asked=True)), tuple(_numbered_names(report, drawn, asked=False)))
    picture, scale, names, columns = _wall_picture(report, drawn, lists, room, speech)
    return Wall(
        title=title,
        title_size=size,
        lead=said,
        picture=picture,
        scale=scale,
        alt_text=_wall_alt_text(report, drawn, growing, speech),
        names=names,
        columns=columns,
        side_panel=_side_panel(report, growing, managers, room, speech),
    )


_NumberedNames = tuple[tuple[int, str], ...]


def _wall_picture(
    report: Report, drawn: Sequence[Chip], lists: Sequence[_NumberedNames], room: float, speech: Terms
) -> tuple[Drawing, float, _NumberedNames, int]:
    """The picture with names in the largest scale that holds them, else with numbers; the list of names, its columns.

    The list is the first of `lists` that fits beneath the picture.
    """
    steps, boxes, nothing = _counted_steps(report, drawn, speech), side_boxes(speech), speech.say("None here today")
    key = [*sign_meanings(speech), ("sprout", speech.say("ready to grow"))]
    for scale in _SCALES:
        frame = Frame(
            width=_PICTURE_WIDTH / scale,
            max_height=room / scale - 34,
            min_height=min(330.0, room / scale - 50),
            max_lines=5,
        )
        if picture := draw_with_names(steps, boxes, drawn, nothing=nothing, frame=frame):
            return with_legend(picture, key), scale, (), 0
    for names, (scale, size) in product(lists, _NUMBERED_SCALES):
        height, columns = min((_names_height(names, size, columns), columns) for columns in _COLUMN_COUNTS)
        frame = Frame(width=_PICTURE_WIDTH / scale, max_height=room / scale - 34, min_height=0)
        numbered = with_legend(draw_without_names(steps, boxes, drawn, nothing=nothing, frame=frame), key)
        if numbered.numbered and numbered.height * scale + height <= room:
            return numbered, scale, names, columns
    scale = _NUMBERED_SCALES[0][0]
    frame = Frame(width=_PICTURE_WIDTH / scale, max_height=room / scale - 34)
    picture = with_legend(draw_without_names(steps, boxes, drawn, nothing=nothing, frame=frame), key)
    return picture, scale, lists[0] if picture.numbered else (), 0


def _counted_steps(report: Report, drawn: Sequence[Chip], speech: Terms) -> list[Terrace]:
    """The steps with how many stand on each for certain, and how many of those are drawn higher up."""
    counts = [sum(row.verdict.placement == placement for row in report.rows) for placement in speech.instrument.levels]
    held: dict[int, int] = {}
    for inner in (inner for chip in drawn for inner in chip.inside):
        held[inner.step or 0] = held.get(inner.step or 0, 0) + 1
    return [
        replace(step, count=str(count) if count else "", line=_step_line(step.line, held.get(at, 0), speech))
        for at, (step, count) in enumerate(zip(level_terraces(speech), counts, strict=True))
    ]


def _step_line(line: str, held: int, speech: Terms) -> str:
    if not held:
        return line
    drawn = speech.count(
        "{number} of them is drawn within its party's strategic partnership",
        "{number} of them are drawn within their parties' strategic partnerships",
        held,
    )
    return f"{line} · {drawn}"


def _nested_chips(report: Report, speech: Terms, ready: set[int]) -> list[Chip]:
    """A chip for each collaboration; one on the second level is within its party's on the first."""
    all_chips = [replace(chip, ready=at in ready) for at, chip in enumerate(chips(report, speech))]
    hosts = _hosts_by_row(report)
    inside: dict[int, list[Chip]] = {}
    for at, host in hosts.items():
        undertaking = report.rows[at].assessment.collaboration.undertaking
        inside.setdefault(host, []).append(
            replace(all_chips[at], name=displayable_text(undertaking) or all_chips[at].name)
        )
    return [
        replace(chip, name=_host_name(report.rows[at], chip, at in inside), inside=tuple(inside.get(at, ())))
        for at, chip in enumerate(all_chips)
        if at not in hosts
    ]


def _host_name(row: ReportRow, chip: Chip, is_host: bool) -> str:
    return displayable_text(row.name) if is_host else chip.name


def _hosts_by_row(report: Report) -> Mapping[int, int]:
    """The places of collaborations settled on the second level, with that of the same party's on the first."""
    levels = report.instrument.levels[:2]
    if len(levels) < 2:
        return {}
    first: dict[str, int] = {}
    for at, row in enumerate(report.rows):
        if row.verdict.placement == levels[0]:
            first.setdefault(_party_key(row), at)
    return {
        at: first[_party_key(row)]
        for at, row in enumerate(report.rows)
        if row.verdict.placement == levels[1] and _party_key(row) in first
    }


def _party_key(row: ReportRow) -> str:
    return " ".join(row.assessment.collaboration.party.split()).casefold()


def _chips_in_order(drawn: Sequence[Chip]) -> list[Chip]:
    return sorted((one for chip in drawn for one in (chip, *chip.inside)), key=lambda chip: chip.number)


def _numbered_names(report: Report, drawn: Sequence[Chip], *, asked: bool) -> Iterator[tuple[int, str]]:
    """Number and name of each; with the question that settles it, when `asked` and there is one."""
    outer = {chip.number for chip in drawn}
    for chip in _chips_in_order(drawn):
        name = chip.name if chip.number in outer else displayable_text(report.rows[chip.number - 1].name)
        yield chip.number, name_with_question(replace(chip, name=name, question=chip.question if asked else ""))


def _names_height(names: Sequence[tuple[int, str]], size: float, columns: int) -> float:
    """About how high the list of names is, in columns; rather too high than too low."""
    width = (_PICTURE_WIDTH - 14 * (columns - 1)) / columns
    lines = sum(len(wrap_text(f"{number} {name}", width * 0.96, size)) for number, name in names)
    return (ceil(lines / columns) + 3) * size * 1.36 + 16


def _ready_to_grow(report: Report, speech: Terms) -> list[tuple[int, Way]]:
    """The places of those ready to grow, cheapest first, with their ways."""
    found = [
        (place, row.verdict.way_up)
        for place, row in enumerate(report.rows)
        if row.verdict.way_up and _is_ready(report, row, row.verdict.way_up)
    ]
    return sorted(found, key=lambda one: (one[1].cost, len(one[1].changes), one[0]))[:_MOST_GROWING]


def _is_ready(report: Report, row: ReportRow, way: Way) -> bool:
    levels = report.instrument.levels
    if len(levels) < 2 or row.verdict.placement != levels[-1] or len(way.changes) > _MOST_STEPS_TO_GROW:
        return False
    return row.assessment.wanted is None or row.assessment.wanted in levels[:-1]


def _side_panel(
    report: Report, growing: Sequence[tuple[int, Way]], managers: int | None, room: float, speech: Terms
) -> SidePanel:
    talks = tuple(
        Conversation(
            number=number,
            name=displayable_text(report.rows[step.row_index].name),
            advice=step.advice,
            gives=step.effect,
        )
        for number, step in enumerate(next_steps(speech, report.rows), start=1)
    )
    grown = tuple(_growth_candidate(report.rows[place], way, speech) for place, way in growing)
    followed = _managers_text(report, managers, speech)
    for most in range(len(grown), -1, -1):
        for size in _PANEL_SIZES if most == len(grown) else _PANEL_SIZES[-2:]:
            found = SidePanel(
                size=size,
                talks=talks,
                managers=followed,
                growing=grown[:most],
                more_growing=_more_growing(len(grown) - most, speech),
            )
            if _panel_height(found, speech) <= room:
                return found
    return found


def _growth_candidate(row: ReportRow, way: Way, speech: Terms) -> GrowthCandidate:
    goal = speech.placement_in_sentence(way.leads[0])
    gives = speech.count(
        "This one step makes it {placement}.",
        "The first of {number} steps to {placement}.",
        len(way.changes),
        placement=goal,
    )
    return GrowthCandidate(name=displayable_text(row.name), advice=easiest_step(speech, way), gives=gives)


def _more_growing(number: int, speech: Terms) -> str:
    if not number:
        return ""
    return speech.count("One more is marked in the picture.", "{number} more are marked in the picture.", number)


def _managers_text(report: Report, managers: int | None, speech: Terms) -> str:
    """The highest level counted against those who can follow it; empty where there are no levels."""
    levels = report.instrument.levels
    if not levels:
        return ""
    count = sum(row.verdict.placement == levels[0] for row in report.rows)
    wanted = sum(row.assessment.wanted == levels[0] and row.verdict.placement != levels[0] for row in report.rows)
    said = [_management_load(count, managers, speech)]
    if wanted:
        said.append(speech.count("One more is wanted there.", "{number} more are wanted there.", wanted))
    return " ".join(said)


def _management_load(count: int, managers: int | None, speech: Terms) -> str:
    if not count:
        return speech.say("Nothing stands on level 1 for certain, so management has nothing to follow there yet.")
    if managers is None:
        return speech.count(
            "{number} collaboration stands on level 1. It needs someone in management who follows it regularly: who?",
            "{number} collaborations stand on level 1. Each needs someone in management who "
            "follows it regularly: how many of you can?",
            count,
        )
    if count <= managers:
        return speech.say(
            "On level 1: {count}. Managers who can follow them: {managers}. That is enough for one each.",
            count=count,
            managers=managers,
        )
    return speech.say(
        "On level 1: {count}. Managers who can follow them: {managers}. That makes up to {each} for each: is there "
        "time for that?",
        count=count,
        managers=managers,
        each=ceil(count / managers),
    )


def _panel_height(side: SidePanel, speech: Terms) -> float:
    """About how high what stands beside the picture will be; rather too high than too low."""

    def lines(text: str, of: float = 1.0, weight: int = 400) -> float:
        return (
            len(wrap_text(text, _SIDE_WIDTH * 0.96, side.size * of, weight)) * side.size * of * 1.42 + side.size * 0.35
        )

    total = lines(speech.say("The three conversations most worth having"), 1.3, 700) + side.size
    for talk in side.talks:
        total += lines(f"{talk.number}  {talk.name}", 1.08, 600) + lines(
            f"{talk.advice.title}. {talk.advice.text}", 1, 600
        )
        total += lines(talk.gives) + side.size * 0.7
    total += 2.6 * side.size + lines(side.managers)
    if side.growing:
        total += 2.6 * side.size
    for one in side.growing:
        total += lines(one.name, 1, 600) + lines(f"{one.advice.title}. {one.gives}") + side.size * 0.3
    return total + (lines(side.more_growing) if side.more_growing else 0)


def _wall_alt_text(report: Report, drawn: Sequence[Chip], growing: Sequence[tuple[int, Way]], speech: Terms) -> str:
    """The figure's content in whole sentences, for those who cannot see it."""
    said = [picture_alt_text(report, speech)]
    order = {chip.number: report.rows[chip.number - 1].name for chip in _chips_in_order(drawn)}
    said += [
        speech.say(
            "Drawn within {host}: {names}.",
            host=order[chip.number],
            names="; ".join(order[inner.number] for inner in chip.inside),
        )
        for chip in drawn
        if chip.inside
    ]
    flat = _chips_in_order(drawn)
    marked = (
        (N_("Wanted higher: {names}."), [order[chip.number] for chip in flat if chip.wanted > 0]),
        (N_("Wanted lower: {names}."), [order[chip.number] for chip in flat if chip.wanted < 0]),
        (N_("One change from losing the level: {names}."), [order[chip.number] for chip in flat if chip.fragile]),
        (N_("Ready to grow: {names}."), [report.rows[place].name for place, _ in growing]),
    )
    said += [speech.say(message, names="; ".join(names)) for message, names in marked if names]
    return displayable_text(" ".join(said))
