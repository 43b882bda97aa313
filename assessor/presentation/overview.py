"""The first pages: the picture, the summary that a director reads in a minute, and the table of all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assessor.core.responses import DONT_KNOW
from assessor.core.verdict import Standing
from assessor.presentation.advice import Advice, NextStep, fall, next_steps
from assessor.presentation.report import Report, Row
from assessor.presentation.terms import Speech, low, sentence
from assessor.presentation.terraces import Box, Chip, Picture, Step, draw
from assessor.presentation.tones import UNSETTLED, Tone, tone_of, tones
from assessor.presentation.typeface import fitting

#: How many names a list on the summary holds before it counts the rest.
_MOST = 6

#: The most placements that a range drawn across steps holds; more is not known yet.
_WIDEST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Step3:
    """One of the three next steps, with where it belongs."""

    number: int
    name: str
    anchor: str
    advice: Advice
    gives: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """The first page."""

    title: str
    lead: str
    picture: Picture
    #: The picture as one sentence after another.
    told: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]
    steps: tuple[Step3, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One placement and how many stand there."""

    count: int
    name: str
    line: str
    tone: Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
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
    unknown: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """The page that a director reads in a minute."""

    have: str
    kinds: tuple[Kind, ...]
    fragile: str
    fragile_points: tuple[Point, ...]
    open: str
    open_points: tuple[Point, ...]
    steps: tuple[Step3, ...]
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
    certain: str
    wanted: str
    stands: str


def cover(report: Report, speech: Speech, anchors: Sequence[str]) -> Cover:
    """The first page's words and figure."""
    steps = three(report, speech, anchors)
    drawn = chips(report, speech)
    nothing = speech.say("None here today")
    picture = draw(stair(speech), beside(speech), drawn, nothing=nothing, signs=signs(speech))
    named = tuple((chip.number, listed(chip)) for chip in drawn) if picture.numbered else ()
    return Cover(
        title=speech.say("How do things stand at {library}?", library=report.library),
        lead=lead(report, speech),
        picture=picture,
        told=told(report, speech),
        names=named,
        steps=steps,
    )


def listed(chip: Chip) -> str:
    """A name for the list beside a picture of numbers."""
    return f"{chip.name} ({chip.question})" if chip.question else chip.name


def three(report: Report, speech: Speech, anchors: Sequence[str]) -> tuple[Step3, ...]:
    """The next steps that give most."""
    return tuple(
        _step3(number, step, report, anchors) for number, step in enumerate(next_steps(speech, report.rows), start=1)
    )


def _step3(number: int, step: NextStep, report: Report, anchors: Sequence[str]) -> Step3:
    name = report.rows[step.row].name
    return Step3(number=number, name=name, anchor=anchors[step.row], advice=step.advice, gives=step.gives)


def stair(speech: Speech) -> list[Step]:
    """The steps of the picture, one for each level."""
    words = speech.wording.placements
    return [
        Step(
            title=speech.say("{number} {name}", number=number, name=fitting(words[placement].plural)),
            line=fitting(words[placement].line),
            tone=tone.name,
            shape=tone.shape,
        )
        for number, (placement, tone) in enumerate(tones(speech.instrument).items(), start=1)
    ]


def beside(speech: Speech) -> list[Box]:
    """The boxes beside the steps."""
    words = speech.wording.placements
    beside = [placement for placement in speech.instrument.placements if speech.instrument.level(placement) is None]
    boxes = [
        Box(id=placement, title=fitting(words[placement].plural), line=fitting(words[placement].line))
        for placement in beside
    ]
    unknown = Box(
        id=UNSETTLED, title=speech.say("Not known yet"), line=speech.say("Too little has been answered"), dashed=True
    )
    return [*boxes, unknown]


def chips(report: Report, speech: Speech) -> list[Chip]:
    """A chip for each row, in the rows' order."""
    parties = Counter(row.assessment.collaboration.party for row in report.rows)
    return [_chip(row, number, parties, speech) for number, row in enumerate(report.rows, start=1)]


def _chip(row: Row, number: int, parties: Counter[str], speech: Speech) -> Chip:
    party = row.assessment.collaboration.party
    step, box = _place(row, speech)
    return Chip(
        name=fitting(party if parties[party] == 1 else row.name),
        number=number,
        step=step,
        box=box,
        question=_question(row, speech),
        wanted=_wanted(row, speech),
        fragile=row.verdict.fragile,
    )


def _place(row: Row, speech: Speech) -> tuple[int | None, str]:
    """The step, or the box beside; a range lies on the step below whose edge it is drawn."""
    placements, instrument = row.verdict.placements, speech.instrument
    levels = [level - 1 for placement in placements if (level := instrument.level(placement))]
    if not levels or len(placements) > _WIDEST or (len(placements) > 1 and not row.verdict.reasons):
        return None, placements[0] if len(placements) == 1 else UNSETTLED
    if len(levels) < len(placements):
        return len(instrument.levels) - 1, ""
    return levels[(len(levels) - 1) // 2], ""


def _question(row: Row, speech: Speech) -> str:
    verdict = row.verdict
    if len(verdict.placements) == 1 or not verdict.open_items or not verdict.reasons:
        return ""
    names = [_short(placement, speech) for placement in verdict.placements]
    which = speech.listed(names, last=speech.say("or"))
    item = low(speech.item(verdict.open_items[0].item))
    if len(names) > _WIDEST:
        return speech.say("ask first: {item}", item=item)
    return speech.say("{which}: {item}", which=which, item=item)


def _short(placement: str, speech: Speech) -> str:
    number = speech.instrument.level(placement)
    return str(number) if number else low(speech.name(placement))


def _wanted(row: Row, speech: Speech) -> int:
    order = speech.instrument.placements
    if row.assessment.wanted not in order:
        return 0
    wanted = order.index(row.assessment.wanted)
    stands = [order.index(placement) for placement in row.verdict.placements]
    return 1 if wanted < min(stands) else -1 if wanted > max(stands) else 0


def lead(report: Report, speech: Speech) -> str:
    """How many there are, and how they stand, in a few sentences."""
    rows = report.rows
    if not rows:
        return speech.say("No collaboration has been assessed yet.")
    begun = [row for row in rows if row.assessment.responses]
    on = sum(row.verdict.certain_level is not None for row in begun)
    fragile = sum(row.verdict.fragile for row in begun)
    unsettled = sum(row.verdict.placement is None for row in begun)
    said = [_assessed(len(begun), speech)]
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
        said.append(speech.count("{number} has not been begun.", "{number} have not been begun.", waiting))
    return " ".join(said)


def _assessed(count: int, speech: Speech) -> str:
    if not count:
        return speech.say("No collaboration has been assessed yet.")
    return speech.count("One collaboration has been assessed.", "{number} collaborations have been assessed.", count)


def told(report: Report, speech: Speech) -> str:
    """The figure's content in whole sentences, for those who cannot see it."""
    if not report.rows:
        return speech.say("The model's levels as steps, the widest at the bottom; no collaboration stands on them yet.")
    said = [speech.say("The model's levels as steps, the widest at the bottom, with every collaboration on its step.")]
    for placement in speech.instrument.placements:
        names = [row.name for row in report.rows if row.verdict.placement == placement]
        if names:
            said.append(f"{speech.level(placement)}: {'; '.join(names)}.")
    unsettled = [_told_range(row, speech) for row in report.rows if row.verdict.placement is None]
    if unsettled:
        said.append(speech.say("Not settled yet: {names}.", names="; ".join(unsettled)))
    return fitting(" ".join(said))


def _told_range(row: Row, speech: Speech) -> str:
    if not row.verdict.reasons:
        return row.name
    return speech.say("{name}, {placements}", name=row.name, placements=speech.either(row.verdict.placements))


def signs(speech: Speech) -> list[tuple[str, str]]:
    """What the signs on chips mean."""
    return [
        ("up", speech.say("wanted higher")),
        ("down", speech.say("wanted lower")),
        ("crack", speech.say("one change from losing its level")),
        ("across", speech.say("not settled: the question that decides stands below")),
    ]


def summary(report: Report, speech: Speech, anchors: Sequence[str]) -> Summary:
    """The page that a director reads in a minute."""
    rows = list(zip(report.rows, anchors, strict=True))
    fragile = [(row, anchor) for row, anchor in rows if row.verdict.fragile and row.verdict.way_down]
    unsettled = [(row, anchor) for row, anchor in rows if row.verdict.placement is None]
    return Summary(
        have=lead(report, speech),
        kinds=_kinds(report, speech),
        fragile=_fragile(report, len(fragile), speech),
        fragile_points=tuple(
            Point(name=row.name, anchor=anchor, text=fall(speech, row.verdict.way_down))
            for row, anchor in fragile[:_MOST]
            if row.verdict.way_down
        ),
        open=_open(report, len(unsettled), speech),
        open_points=tuple(
            Point(name=row.name, anchor=anchor, text=_unsettled(row, speech)) for row, anchor in unsettled[:_MOST]
        ),
        steps=three(report, speech, anchors),
        beliefs=_beliefs(report, speech),
        marks=_marks(report, speech),
    )


def _kinds(report: Report, speech: Speech) -> tuple[Kind, ...]:
    words = speech.wording.placements
    counted = Counter(row.verdict.placement for row in report.rows)
    kinds = [
        Kind(
            count=counted[placement],
            name=_kind_name(placement, speech),
            line=sentence(fitting(words[placement].line)),
            tone=tone_of(speech.instrument, (placement,)),
        )
        for placement in speech.instrument.placements
    ]
    if counted[None]:
        line = speech.say("More than one placement is still possible.")
        tone = tone_of(speech.instrument, ())
        kinds.append(Kind(count=counted[None], name=speech.say("Not settled yet"), line=line, tone=tone))
    return tuple(kinds)


def _kind_name(placement: str, speech: Speech) -> str:
    number = speech.instrument.level(placement)
    plural = fitting(speech.wording.placements[placement].plural)
    return speech.say("{number} {name}", number=number, name=plural) if number else plural


def _fragile(report: Report, count: int, speech: Speech) -> str:
    if not report.rows:
        return ""
    if not any(row.verdict.certain_level for row in report.rows):
        return speech.say("Nothing stands on a level for certain yet, so there is no level to lose.")
    if not count:
        return speech.say("Nothing: no single change that may come by itself loses a level.")
    more = count - _MOST
    if more > 0:
        return speech.count(
            "One change that may come by itself is enough to lose the level. One more is marked in the table.",
            "One change that may come by itself is enough to lose the level. {number} more are marked in the table.",
            more,
        )
    return speech.say("One change that may come by itself is enough to lose the level.")


def _open(report: Report, count: int, speech: Speech) -> str:
    if not report.rows:
        return ""
    if not count:
        return speech.say("Nothing: the answers settle every placement.")
    more = count - _MOST
    if more > 0:
        return speech.count("One more is marked in the table.", "{number} more are marked in the table.", more)
    return ""


def _unsettled(row: Row, speech: Speech) -> str:
    verdict = row.verdict
    if not verdict.reasons:
        return speech.say("Too little has been answered to say.")
    item = low(speech.item(verdict.open_items[0].item)) if verdict.open_items else ""
    if len(verdict.placements) > _WIDEST:
        return sentence(speech.say("Much is possible; ask first: {item}", item=item))
    return sentence(
        speech.say("{placements}; ask first: {item}", placements=speech.either(verdict.placements), item=item)
    )


def _beliefs(report: Report, speech: Speech) -> str:
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


def _marks(report: Report, speech: Speech) -> tuple[MarkCount, ...]:
    if not report.rows:
        return ()
    return tuple(
        MarkCount(
            name=fitting(speech.wording.marks[mark.id].name),
            about=fitting(speech.wording.marks[mark.id].about),
            **{
                standing.value: sum(row.verdict.marks.get(mark.id) is standing for row in report.rows)
                for standing in Standing
            },
        )
        for mark in speech.instrument.marks
    )


def table(report: Report, speech: Speech, anchors: Sequence[str]) -> tuple[TableRow, ...]:
    """Every collaboration in a line."""
    return tuple(
        _row(row, number, anchor, speech)
        for number, (row, anchor) in enumerate(zip(report.rows, anchors, strict=True), start=1)
    )


def _row(row: Row, number: int, anchor: str, speech: Speech) -> TableRow:
    verdict, wanted = row.verdict, row.assessment.wanted
    return TableRow(
        number=number,
        name=row.name,
        anchor=anchor,
        placement=placed(row, speech),
        tone=tone_of(speech.instrument, verdict.placements),
        certain=_certain(row, speech),
        wanted=_wish(row, speech) if wanted in speech.wording.placements else "",
        stands=_stands(row, speech),
    )


def placed(row: Row, speech: Speech) -> str:
    """The placement in words, with the level's number where there is one."""
    placements = row.verdict.placements
    if len(placements) == 1:
        return speech.level(placements[0])
    if not row.verdict.reasons:
        return speech.say("Not known yet")
    if len(placements) > _WIDEST:
        return speech.say("Not settled yet")
    names = [speech.level(placement) for placement in placements]
    return speech.listed([names[0], *map(low, names[1:])], last=speech.say("or"))


def _certain(row: Row, speech: Speech) -> str:
    if row.verdict.placement:
        return speech.say("Settled")
    count = len(row.verdict.open_items)
    return speech.count("One question open", "{number} questions open", count)


def _wish(row: Row, speech: Speech) -> str:
    wanted = row.assessment.wanted or ""
    number = speech.instrument.level(wanted)
    name = speech.say("Level {number}", number=number) if number else speech.name(wanted)
    signs = {1: "↑ ", -1: "↓ ", 0: ""}
    return signs[_wanted(row, speech)] + name


def _stands(row: Row, speech: Speech) -> str:
    if row.verdict.way_down is None:
        return ""
    return speech.say("Fragile") if row.verdict.fragile else speech.say("Sturdy")
