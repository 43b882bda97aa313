"""A page for each collaboration of a workshop, one for the calibration round, and how it was done."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.core.raters import Picture, splits
from assessor.core.responses import DONT_KNOW
from assessor.core.sides import Match
from assessor.core.verdict import Verdict
from assessor.core.workshop import Step
from assessor.core.workshop_findings import OtherSide, PlacedCase, Subject
from assessor.presentation.advice import Advice, fall, steps_of
from assessor.presentation.room_sentences import (
    agreement,
    alike,
    as_placed,
    brings,
    counted,
    felt,
    gaining,
    headline,
    stands,
    took_part,
)
from assessor.presentation.terms import Speech, low, sentence
from assessor.presentation.tones import OPEN, Tone, tone_of
from assessor.presentation.typeface import fitting
from assessor.presentation.workshop_report import WorkshopReport

#: The most splits told in full; the rest are counted.
_MOST_SPLITS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """How many raters' responses lead to a placement, and how many felt so."""

    name: str
    tone: Tone
    answers: int
    gut: int
    #: In hundredths of all raters.
    share: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An item that splits the room."""

    ask: str
    counts: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedPart:
    """What the room agreed on."""

    about: str
    why: tuple[str, ...]
    #: What to do next about the placement itself; None where nothing is advised.
    next: Advice | None
    down: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides:
    """The two sides beside one another."""

    whose: str
    placed: str
    gaining: tuple[str, ...]
    alike: str
    #: Item, what the library says, what the party says.
    different: tuple[tuple[str, str, str], ...]
    brings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One collaboration's page."""

    anchor: str
    party: str
    undertaking: str
    title: str
    tone: Tone
    #: What stands first: that it was agreed on, else how far the room agrees.
    said: tuple[str, ...]
    #: How far the room agreed before, where something was agreed on.
    before: tuple[str, ...]
    felt: str
    bars: tuple[Bar, ...]
    splits: tuple[Asked, ...]
    no_splits: str
    more_splits: str
    agreed: AgreedPart | None
    dissents: tuple[str, ...]
    steps: tuple[Step, ...]
    other: Sides | None
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A written case of the calibration round."""

    text: str
    belongs: str
    tone: Tone
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HowDone:
    """The last page."""

    took_part: str
    done: tuple[str, ...]
    private: tuple[str, ...]
    #: Name and value.
    facts: tuple[tuple[str, str], ...]


def page(subject: Subject, anchor: str, at_least: int, speech: Speech) -> Page:
    """The page of one collaboration."""
    picture = subject.picture
    found = splits(picture) if picture else ()
    return Page(
        anchor=anchor,
        party=subject.collaboration.party,
        undertaking=subject.collaboration.undertaking,
        title=headline(subject, speech),
        tone=tone_of(speech.instrument, stands(speech.instrument, subject)),
        said=_talked(subject, speech) if subject.agreed else agreement(subject, at_least, speech),
        before=agreement(subject, at_least, speech) if subject.agreed else (),
        felt=felt(picture, speech) if picture else "",
        bars=tuple(_bars(picture, speech)) if picture else (),
        splits=tuple(
            Asked(ask=fitting(speech.wording.items[split.item].ask), counts=counted(split, speech))
            for split in found[:_MOST_SPLITS]
        ),
        no_splits="" if found or not picture else _no_splits(picture, speech),
        more_splits=_more(len(found) - _MOST_SPLITS, speech),
        agreed=_agreed(subject, speech),
        dissents=subject.dissents,
        steps=subject.steps,
        other=_sides(subject.other, subject, speech) if subject.other else None,
        notes=tuple((_of(note.item, speech), note.text) for note in subject.notes),
    )


def _talked(subject: Subject, speech: Speech) -> tuple[str, ...]:
    """That it was agreed on, and by how many not."""
    agreed = speech.say("The room talked about it and agreed on this.")
    if not subject.dissents:
        return (agreed,)
    otherwise = speech.count(
        "One sees it otherwise, and says why below.",
        "{number} see it otherwise, and say why below.",
        len(subject.dissents),
    )
    return agreed, otherwise


def _of(item: str, speech: Speech) -> str:
    return speech.item(item) if item else speech.say("To the whole")


def _bars(picture: Picture, speech: Speech) -> Iterator[Bar]:
    for placement in speech.instrument.placements:
        answers, gut = picture.placements.get(placement, 0), picture.gut.get(placement, 0)
        if answers or gut:
            yield _bar(speech.level(placement), tone_of(speech.instrument, (placement,)), answers, gut, picture)
    unknown = picture.gut.get(DONT_KNOW, 0)
    if unknown or picture.unsettled:
        yield _bar(speech.say("Not settled, or don't know"), OPEN, picture.unsettled, unknown, picture)


def _bar(name: str, tone: Tone, answers: int, gut: int, picture: Picture) -> Bar:
    return Bar(name=name, tone=tone, answers=answers, gut=gut, share=round(100 * answers / picture.raters))


def _no_splits(picture: Picture, speech: Speech) -> str:
    if not any(option != DONT_KNOW for counts in picture.items.values() for option in counts):
        return speech.say("There are not enough answers: everybody who answered did not know.")
    return speech.say("Everybody who could tell gave the same answers.")


def _more(count: int, speech: Speech) -> str:
    if count <= 0:
        return ""
    return speech.count(
        "The widest first; the room parts on {number} more question, less widely.",
        "The widest first; the room parts on {number} more questions, less widely.",
        count,
    )


def _agreed(subject: Subject, speech: Speech) -> AgreedPart | None:
    if subject.agreed is None:
        return None
    verdict, assessment = subject.agreed.verdict, subject.agreed.assessment
    reasons = (speech.wording.items[each.item].options[each.option].reason for each in verdict.reasons)
    notes = {item: assessment.notes[item] for item in ("", *speech.instrument.by_id) if assessment.notes.get(item)}
    return AgreedPart(
        about=speech.wording.placements[verdict.placement].about if verdict.placement else "",
        why=tuple(map(sentence, reasons)),
        next=_next(verdict, speech),
        down=fall(speech, verdict.way_down) if verdict.way_down else "",
        notes=tuple((_of(item, speech), text) for item, text in notes.items()),
    )


def _next(verdict: Verdict, speech: Speech) -> Advice | None:
    """The first step to the level that is wanted or to the next; beside the levels what the bank advises."""
    way = verdict.way_wanted or (verdict.way_up if verdict.certain_level else None)
    if way:
        return steps_of(speech, way)[0]
    if verdict.placement:
        return Advice(title=speech.name(verdict.placement), text=speech.wording.placements[verdict.placement].advice)
    return None


def _sides(other: OtherSide, subject: Subject, speech: Speech) -> Sides:
    ours = speech.say("Our side is what the room agreed on.")
    if not other.agreed:
        ours = speech.say("Nothing was agreed on, so our side is what most of the room answered.")
    return Sides(
        whose=ours if other.agreed or subject.picture else speech.say("Our side is not known yet."),
        placed=as_placed(other, stands(speech.instrument, subject), speech),
        gaining=gaining(other, speech),
        alike=alike(other, speech),
        different=tuple(
            (speech.item(each.item), speech.response(each.item, each.ours), speech.response(each.item, each.theirs))
            for each in other.compared
            if each.match is Match.DIFFERENT and each.ours and each.theirs
        ),
        brings=tuple(brings(other, speech)),
    )


def case(placed: PlacedCase, text: str, at_least: int, speech: Speech) -> Case:
    """How the room placed a written case."""
    return Case(
        text=text,
        belongs=speech.level(placed.placement),
        tone=tone_of(speech.instrument, (placed.placement,)),
        said=_case_said(placed, at_least, speech),
    )


def _case_said(placed: PlacedCase, at_least: int, speech: Speech) -> str:
    picture = placed.picture
    if picture is None:
        return speech.say("Fewer than {at_least} placed it, so it is not told where.", at_least=at_least)
    right = picture.placements.get(placed.placement, 0)
    said = speech.say("{count} of {all} placed it there.", count=right, all=picture.raters)
    others = [
        speech.say("{placement}: {count}", placement=low(speech.name(each)), count=count)
        for each, count in picture.placements.items()
        if each != placed.placement
    ]
    if picture.unsettled:
        others.append(speech.say("don't know: {count}", count=picture.unsettled))
    return f"{said} {sentence(', '.join(others))}" if others else said


def how_done(report: WorkshopReport, speech: Speech) -> HowDone:
    """How it was done, and what is told of whom."""
    return HowDone(
        took_part=took_part(report.findings, speech),
        done=tuple(_done(report, speech)),
        private=tuple(_private(report, speech)),
        facts=tuple(_facts(report, speech)),
    )


def _done(report: WorkshopReport, speech: Speech) -> Iterator[str]:
    yield speech.say(
        "Everybody answered alone, the gut feeling first and then the questions. What the room had answered was shown "
        "when who led it chose, in counts; the room then talked about what parted it and agreed on answers of its own."
    )
    yield speech.say(
        "What was agreed on is kept with what somebody sees otherwise. A placement that nobody agreed on is the one "
        "that most people's answers lead to."
    )
    yield speech.say(
        "The figure is Gwet's AC1: 1 where all place a collaboration alike, 0 where they agree as often as by chance. "
        "It is given where the answers of {at_least} settle a placement, and never for fewer than three. Source: "
        "K. L. Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008).",
        at_least=report.findings.workshop.at_least,
    )
    if report.findings.own:
        yield speech.count(
            "{number} collaboration that somebody brought along is theirs alone and is not told here.",
            "{number} collaborations that people brought along are theirs alone and are not told here.",
            report.findings.own,
        )


def _private(report: WorkshopReport, speech: Speech) -> Iterator[str]:
    findings = report.findings
    yield speech.say(
        "Answers are told in counts, and only where at least {at_least} people gave them. Where the counts would "
        "differ from those shown in the room by fewer than that, those shown stand here, so that nobody can be told "
        "apart by comparing the two. For the same reason they are what they were when the workshop was closed.",
        at_least=findings.workshop.at_least,
    )
    yield speech.say(
        "Notes stand in the order of the alphabet, not in that in which they were written, and without names. Whoever "
        "knows how somebody writes may still recognise them."
    )
    if any(subject.other for subject in findings.subjects):
        yield speech.say("The other party answered as itself, knowing that its answers are told here.")
    if findings.kept_until:
        yield speech.say(
            "What each person answered is kept until {date} and then erased.", date=speech.day(findings.kept_until)
        )
    else:
        yield speech.say("What each person answered has been erased; this report is made of what was kept without it.")


def _facts(report: WorkshopReport, speech: Speech) -> Iterator[tuple[str, str]]:
    findings = report.findings
    yield speech.say("Library"), findings.workshop.library
    yield speech.say("Opened"), speech.day(findings.workshop.opened.date())
    yield speech.say("Closed"), speech.day(findings.closed)
    yield speech.say("Questionnaire"), f"{report.wording.name} ({report.instrument.id} {report.instrument.version})"
    yield speech.say("Made"), f"{speech.day(report.made)}, assessor {report.program}"
