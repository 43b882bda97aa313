"""The first pages of a workshop's report: the room's terraces with three things to do, and what was agreed and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from assessor.core.raters import splits
from assessor.core.workshop import Step as AgreedStep
from assessor.core.workshop_findings import Subject
from assessor.presentation.advice import steps_of
from assessor.presentation.overview import beside, stair
from assessor.presentation.room_sentences import (
    answered,
    figure,
    headline,
    higher,
    most,
    spread,
    stands,
    took_part,
    withheld,
)
from assessor.presentation.terms import Speech, low, sentence
from assessor.presentation.terraces import Box, Chip, Frame, Picture, draw
from assessor.presentation.tones import UNSETTLED, Tone, tone_of
from assessor.presentation.typeface import fitting
from assessor.presentation.workshop_report import WorkshopReport
from assessor.report.library.view import one_line

#: Low enough for the three things to do to stand above it on the same page.
_FRAME = Frame(tallest=400.0, least=330.0)

#: The most characters of what somebody wrote on the first page; the whole stands further in.
_MOST, _MOST_NAME = 150, 110


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """One of three things to do."""

    number: int
    title: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """The first page."""

    title: str
    lead: str
    things: tuple[Thing, ...]
    picture: Picture
    #: The picture as one sentence after another.
    told: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A step that the room agreed on."""

    what: str
    who: str
    when: str
    name: str
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One collaboration in the table of how far the room agrees."""

    name: str
    anchor: str
    #: How many answered.
    raters: str
    says: str
    tone: Tone
    #: Agreement beyond chance; a dash where there is no figure.
    figure: str
    #: Whose gut feeling was where their answers led.
    felt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """What to talk about."""

    name: str
    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """The second page: what was agreed, what to talk about, and how far the room agrees."""

    steps: tuple[Done, ...]
    talks: tuple[Talk, ...]
    lines: tuple[Line, ...]


def cover(report: WorkshopReport, speech: Speech) -> Cover:
    """The first page's words and figure."""
    subjects = report.findings.subjects
    drawn = _chips(subjects, speech)
    boxes = [box if box.id != UNSETTLED else _box(speech) for box in beside(speech)]
    picture = draw(stair(speech), boxes, drawn, nothing=speech.say("None here"), signs=_signs(speech), frame=_FRAME)
    return Cover(
        title=one_line(report.findings.workshop.name),
        lead=took_part(report.findings, speech),
        things=things(report, speech),
        picture=picture,
        told=_told(subjects, speech),
        names=tuple((chip.number, chip.name) for chip in drawn) if picture.numbered else (),
    )


def _box(speech: Speech) -> Box:
    return Box(
        id=UNSETTLED, title=speech.say("Not settled"), line=speech.say("Left open, or not enough answers"), dashed=True
    )


def _signs(speech: Speech) -> list[tuple[str, str]]:
    return [
        ("up", speech.say("most gut feelings were higher")),
        ("down", speech.say("most gut feelings were lower")),
        ("across", speech.say("not agreed on: how many answers lead where stands below")),
    ]


def _chips(subjects: Sequence[Subject], speech: Speech) -> list[Chip]:
    parties = Counter(subject.collaboration.party for subject in subjects)
    return [_chip(subject, number, parties, speech) for number, subject in enumerate(subjects, start=1)]


def _chip(subject: Subject, number: int, parties: Counter[str], speech: Speech) -> Chip:
    collaboration = subject.collaboration
    placed = stands(speech.instrument, subject)
    step, box = _place(placed, speech)
    return Chip(
        name=fitting(collaboration.party if parties[collaboration.party] == 1 else collaboration.name),
        number=number,
        step=step,
        box=box,
        question="" if box == UNSETTLED else _question(subject, placed, speech),
        wanted=higher(subject.picture, placed, speech.instrument),
    )


def _place(placed: Sequence[str], speech: Speech) -> tuple[int | None, str]:
    """The step, or the box beside; where several are as likely, the highest step that is not the topmost of them."""
    levels = [level - 1 for placement in placed if (level := speech.instrument.level(placement))]
    if not levels:
        return None, placed[0] if len(placed) == 1 else UNSETTLED
    return levels[(len(levels) - 1) // 2], ""


def _question(subject: Subject, placed: Sequence[str], speech: Speech) -> str:
    """How the room is spread, where it is and nothing was agreed on; what is open, where the agreed leaves it open."""
    if subject.agreed:
        opens = subject.agreed.verdict.open_items
        return (
            speech.say("ask first: {item}", item=low(speech.item(opens[0].item))) if len(placed) > 1 and opens else ""
        )
    picture = subject.picture
    if picture is None or (len(picture.placements) == 1 and not picture.unsettled):
        return ""
    return spread(picture, speech)


def _told(subjects: Sequence[Subject], speech: Speech) -> str:
    """The figure's content in whole sentences, for those who cannot see it."""
    if not subjects:
        return speech.say("The model's levels as steps, the widest at the bottom; no collaboration stands on them.")
    said = [speech.say("The model's levels as steps, the widest at the bottom, and where the room places each.")]
    said += [f"{subject.collaboration.name}: {_standing(subject, speech)}." for subject in subjects]
    return fitting(" ".join(said))


def _standing(subject: Subject, speech: Speech) -> str:
    said = headline(subject, speech)
    return f"{said}; {spread(subject.picture, speech)}" if subject.picture and not subject.agreed else said


def things(report: WorkshopReport, speech: Speech) -> tuple[Thing, ...]:
    """Three things to do: what the room agreed on first, then what to ask, to talk about and to begin with."""
    found = list(islice(_to_do(report, speech), 3))
    return tuple(
        Thing(number=number, title=short(title), name=short(subject.collaboration.name, _MOST_NAME), text=short(text))
        for number, (subject, title, text) in enumerate(found, start=1)
    )


def _to_do(report: WorkshopReport, speech: Speech) -> Iterator[tuple[Subject, str, str]]:
    subjects, at_least = report.findings.subjects, report.findings.workshop.at_least
    rounds = zip_longest(*([(subject, step) for step in subject.steps] for subject in subjects))
    for subject, step in (each for turn in rounds for each in turn if each):
        yield subject, step.what, _by(step, speech)
    for subject in subjects:
        if subject.other and subject.other.win_win and subject.other.win_win.both is not True:
            yield subject, speech.say("Ask them what they want out of it"), _missing(subject, speech)
    yield from _to_talk(subjects, speech)
    for subject in subjects:
        if subject.picture is None:
            yield subject, speech.say("Let more answer"), withheld(subject, at_least, speech)
    for subject in subjects:
        yield from _to_begin(subject, speech)


def _missing(subject: Subject, speech: Speech) -> str:
    known = subject.other and subject.other.win_win and subject.other.win_win.both is False
    if known:
        return speech.say("One side says that it gets nothing out of it.")
    return speech.say("It is not known whether both get something out of it.")


def _to_talk(subjects: Sequence[Subject], speech: Speech) -> Iterator[tuple[Subject, str, str]]:
    """The widest split of each collaboration that nothing was agreed on, the widest first."""
    open_ = ((subject, splits(subject.picture)) for subject in subjects if subject.picture and not subject.agreed)
    for subject, found in sorted(((s, f) for s, f in open_ if f), key=lambda pair: -pair[1][0].width):
        title = speech.say("Talk about: {item}", item=low(speech.item(found[0].item)))
        yield subject, title, sentence(answered(found[0].item, found[0].counts, speech))


def _to_begin(subject: Subject, speech: Speech) -> Iterator[tuple[Subject, str, str]]:
    """The first step of the way that was agreed on, where no step was."""
    verdict = subject.agreed.verdict if subject.agreed and not subject.steps else None
    way = verdict and (verdict.way_wanted or verdict.way_up)
    if way:
        step = steps_of(speech, way)[0]
        yield subject, step.title, step.text


def _by(step: AgreedStep, speech: Speech) -> str:
    if step.who and step.when:
        return sentence(speech.say("{who}, {when}", who=step.who, when=step.when))
    said = step.who or step.when
    return sentence(said) if said else speech.say("Nobody has been named for it yet.")


def short(text: str, most: int = _MOST) -> str:
    """The text on one line, cut between words where it is long."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip('.,;: ')} …"


def whole(report: WorkshopReport, speech: Speech, anchors: Sequence[str]) -> Whole:
    """The second page's words."""
    rows = list(zip(report.findings.subjects, anchors, strict=True))
    return Whole(
        steps=tuple(_done(step, subject, anchor) for subject, anchor in rows for step in subject.steps),
        talks=tuple(_talks(rows, speech)),
        lines=tuple(_line(subject, anchor, speech) for subject, anchor in rows),
    )


def _done(step: AgreedStep, subject: Subject, anchor: str) -> Done:
    name = subject.collaboration.name
    return Done(what=step.what, who=step.who or "–", when=step.when or "–", name=name, anchor=anchor)


def _talks(rows: Sequence[tuple[Subject, str]], speech: Speech) -> Iterator[Talk]:
    anchors = {subject.collaboration.id: anchor for subject, anchor in rows}
    for subject, title, text in _to_talk([subject for subject, _ in rows], speech):
        id_, name = subject.collaboration.id, subject.collaboration.name
        yield Talk(name=name, anchor=anchors[id_], text=f"{sentence(title)} {text}")


def _line(subject: Subject, anchor: str, speech: Speech) -> Line:
    picture, found = subject.picture, subject.concordance
    top = most(picture) if picture else ()
    return Line(
        name=subject.collaboration.name,
        anchor=anchor,
        raters=str(picture.raters if picture else subject.begun),
        says=_says(subject, top, speech),
        tone=tone_of(speech.instrument, top),
        figure=figure(found.ac1, speech.language) if found and found.ac1 is not None else "–",
        felt=speech.say("{same} of {all}", same=picture.as_felt, all=picture.raters) if picture else "–",
    )


def _says(subject: Subject, top: Sequence[str], speech: Speech) -> str:
    picture = subject.picture
    if picture is None:
        return speech.say("Not enough answers")
    if not top:
        return speech.say("Not settled ({count} of {all})", count=picture.unsettled, all=picture.raters)
    names = speech.listed([speech.level(top[0]), *map(low, map(speech.name, top[1:]))], last=speech.say("or"))
    return speech.say(
        "{placement} ({count} of {all})", placement=names, count=picture.placements[top[0]], all=picture.raters
    )
