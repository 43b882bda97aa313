"""A page for each collaboration of a workshop, one for the calibration round, and how it was done."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.core.raters import RatingTally, disputed_items
from assessor.core.responses import DONT_KNOW
from assessor.core.sides import Match
from assessor.core.verdict import Verdict
from assessor.core.workshop import AgreedStep
from assessor.core.workshop_findings import OtherSide, PlacedCase, Subject
from assessor.presentation.advice import Advice, advice_for_way, way_down_sentence
from assessor.presentation.room_sentences import (
    both_placements_sentence,
    concordance_sentences,
    gains_by_side,
    gut_feelings_sentence,
    headline,
    matches_sentence,
    participation_summary,
    split_sentence,
    subject_placements,
    win_win_sentences,
)
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.tones import OPEN_TONE, Tone, tone_of
from assessor.presentation.typeface import displayable_text
from assessor.presentation.workshop_report import WorkshopReport

#: The most splits told in full; the rest are counted.
_MOST_SPLITS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementBar:
    """How many raters' responses lead to a placement, and how many felt so."""

    name: str
    tone: Tone
    answers: int
    gut: int
    #: In hundredths of all raters.
    share: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitItemRow:
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
class SidesComparison:
    """The two sides beside one another."""

    our_side: str
    placed: str
    gaining: tuple[str, ...]
    alike: str
    #: Item, what the library says, what the party says.
    different: tuple[tuple[str, str, str], ...]
    brings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectPage:
    """One collaboration's page."""

    anchor: str
    party: str
    undertaking: str
    title: str
    tone: Tone
    #: What stands first: that it was agreed on, else how far the room agrees.
    opening: tuple[str, ...]
    #: How far the room agreed before, where something was agreed on.
    before: tuple[str, ...]
    gut_feeling: str
    bars: tuple[PlacementBar, ...]
    splits: tuple[SplitItemRow, ...]
    no_splits: str
    more_splits: str
    agreed: AgreedPart | None
    dissents: tuple[str, ...]
    steps: tuple[AgreedStep, ...]
    other: SidesComparison | None
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedCase:
    """A written case of the calibration round."""

    text: str
    placement: str
    tone: Tone
    summary: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedurePage:
    """The last page."""

    took_part: str
    procedure: tuple[str, ...]
    privacy: tuple[str, ...]
    #: Name and value.
    facts: tuple[tuple[str, str], ...]


def subject_page(subject: Subject, anchor: str, at_least: int, speech: Terms) -> SubjectPage:
    """The page of one collaboration."""
    picture = subject.tally
    found = disputed_items(picture) if picture else ()
    return SubjectPage(
        anchor=anchor,
        party=subject.collaboration.party,
        undertaking=subject.collaboration.undertaking,
        title=headline(subject, speech),
        tone=tone_of(speech.instrument, subject_placements(speech.instrument, subject)),
        opening=_agreed_lead(subject, speech) if subject.agreed else concordance_sentences(subject, at_least, speech),
        before=concordance_sentences(subject, at_least, speech) if subject.agreed else (),
        gut_feeling=gut_feelings_sentence(picture, speech) if picture else "",
        bars=tuple(_placement_bars(picture, speech)) if picture else (),
        splits=tuple(
            SplitItemRow(
                ask=displayable_text(speech.wording.items[split.item].ask), counts=split_sentence(split, speech)
            )
            for split in found[:_MOST_SPLITS]
        ),
        no_splits="" if found or not picture else _no_splits(picture, speech),
        more_splits=_more_splits(len(found) - _MOST_SPLITS, speech),
        agreed=_agreed_part(subject, speech),
        dissents=subject.dissents,
        steps=subject.steps,
        other=_sides_comparison(subject.other, subject, speech) if subject.other else None,
        notes=tuple((_item_label(note.item, speech), note.text) for note in subject.notes),
    )


def _agreed_lead(subject: Subject, speech: Terms) -> tuple[str, ...]:
    """That it was agreed on, and by how many not."""
    agreed = speech.say("The room talked about it and agreed on this.")
    if not subject.dissents:
        return (agreed,)
    otherwise = speech.count(
        "One person sees it differently, and says why below.",
        "{number} people see it differently, and say why below.",
        len(subject.dissents),
    )
    return agreed, otherwise


def _item_label(item: str, speech: Terms) -> str:
    return speech.item_heading(item) if item else speech.say("About the workshop as a whole")


def _placement_bars(picture: RatingTally, speech: Terms) -> Iterator[PlacementBar]:
    for placement in speech.instrument.placements:
        answers, gut = picture.placements.get(placement, 0), picture.gut.get(placement, 0)
        if answers or gut:
            yield _placement_bar(
                speech.numbered_name(placement), tone_of(speech.instrument, (placement,)), answers, gut, picture
            )
    unknown = picture.gut.get(DONT_KNOW, 0)
    if unknown or picture.unsettled:
        yield _placement_bar(speech.say("Not settled, or don't know"), OPEN_TONE, picture.unsettled, unknown, picture)


def _placement_bar(name: str, tone: Tone, answers: int, gut: int, picture: RatingTally) -> PlacementBar:
    return PlacementBar(name=name, tone=tone, answers=answers, gut=gut, share=round(100 * answers / picture.raters))


def _no_splits(picture: RatingTally, speech: Terms) -> str:
    if not any(option != DONT_KNOW for counts in picture.items.values() for option in counts):
        return speech.say("There are not enough answers: everybody who answered said “don't know”.")
    return speech.say("Everybody who knew gave the same answers.")


def _more_splits(count: int, speech: Terms) -> str:
    if count <= 0:
        return ""
    return speech.count(
        "The widest disagreement first; the room also disagrees, less widely, on {number} more question.",
        "The widest disagreement first; the room also disagrees, less widely, on {number} more questions.",
        count,
    )


def _agreed_part(subject: Subject, speech: Terms) -> AgreedPart | None:
    if subject.agreed is None:
        return None
    verdict, assessment = subject.agreed.verdict, subject.agreed.assessment
    reasons = (speech.wording.items[each.item].options[each.option].reason for each in verdict.reasons)
    notes = {item: assessment.notes[item] for item in ("", *speech.instrument.by_id) if assessment.notes.get(item)}
    return AgreedPart(
        about=speech.wording.placements[verdict.placement].about if verdict.placement else "",
        why=tuple(map(as_sentence, reasons)),
        next=_next_advice(verdict, speech),
        down=way_down_sentence(speech, verdict.way_down) if verdict.way_down else "",
        notes=tuple((_item_label(item, speech), text) for item, text in notes.items()),
    )


def _next_advice(verdict: Verdict, speech: Terms) -> Advice | None:
    """The first step to the level that is wanted or to the next; beside the levels what the bank advises."""
    way = verdict.way_wanted or (verdict.way_up if verdict.certain_level else None)
    if way:
        return advice_for_way(speech, way)[0]
    if verdict.placement:
        return Advice(
            title=speech.placement_name(verdict.placement), text=speech.wording.placements[verdict.placement].advice
        )
    return None


def _sides_comparison(other: OtherSide, subject: Subject, speech: Terms) -> SidesComparison:
    ours = speech.say("Our view is what the room agreed on.")
    if not other.agreed:
        ours = speech.say("Nothing was agreed on, so our view is what most of the room answered.")
    return SidesComparison(
        our_side=ours if other.agreed or subject.tally else speech.say("Our view is not known yet."),
        placed=both_placements_sentence(other, subject_placements(speech.instrument, subject), speech),
        gaining=win_win_sentences(other, speech),
        alike=matches_sentence(other, speech),
        different=tuple(
            (
                speech.item_heading(each.item),
                speech.short_response(each.item, each.ours),
                speech.short_response(each.item, each.theirs),
            )
            for each in other.compared
            if each.match is Match.DIFFERENT and each.ours and each.theirs
        ),
        brings=tuple(gains_by_side(other, speech)),
    )


def reported_case(placed: PlacedCase, text: str, at_least: int, speech: Terms) -> ReportedCase:
    """How the room placed a written case."""
    return ReportedCase(
        text=text,
        placement=speech.numbered_name(placed.placement),
        tone=tone_of(speech.instrument, (placed.placement,)),
        summary=_case_sentence(placed, at_least, speech),
    )


def _case_sentence(placed: PlacedCase, at_least: int, speech: Terms) -> str:
    picture = placed.tally
    if picture is None:
        return speech.say("Fewer than {at_least} people placed it, so the placements are not shown.", at_least=at_least)
    right = picture.placements.get(placed.placement, 0)
    said = speech.say("{count} of {all} placed it there.", count=right, all=picture.raters)
    others = [
        speech.say("{placement}: {count}", placement=lower_first(speech.placement_name(each)), count=count)
        for each, count in picture.placements.items()
        if each != placed.placement
    ]
    if picture.unsettled:
        others.append(speech.say("don't know: {count}", count=picture.unsettled))
    return f"{said} {as_sentence(', '.join(others))}" if others else said


def procedure_page(report: WorkshopReport, speech: Terms) -> ProcedurePage:
    """How it was done, and what is told of whom."""
    return ProcedurePage(
        took_part=participation_summary(report.findings, speech),
        procedure=tuple(_procedure_notes(report, speech)),
        privacy=tuple(_privacy_notes(report, speech)),
        facts=tuple(_report_facts(report, speech)),
    )


def _procedure_notes(report: WorkshopReport, speech: Terms) -> Iterator[str]:
    yield speech.say(
        "Everybody answered on their own, first the gut feeling and then the questions. The "
        "room's answers were shown, as counts, when the workshop leader chose to; the room then "
        "talked about where it disagreed and settled on answers of its own."
    )
    yield speech.say(
        "What was agreed on is kept together with any differing views. Where nothing was agreed "
        "on, the placement is the one most people's answers lead to."
    )
    yield speech.say(
        "The figure is Gwet's AC1: 1 where everyone places a collaboration the same way, 0 "
        "where they agree no more often than by chance. It is given where the answers of at "
        "least {at_least} people settle a placement, and never for fewer than three. Source: K. "
        "L. Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008).",
        at_least=report.findings.workshop.at_least,
    )
    if report.findings.own:
        yield speech.count(
            "{number} collaboration that someone brought along is theirs alone and is not shown here.",
            "{number} collaborations that people brought along are theirs alone and are not shown here.",
            report.findings.own,
        )


def _privacy_notes(report: WorkshopReport, speech: Terms) -> Iterator[str]:
    findings = report.findings
    yield speech.say(
        "Answers are given as counts, and only where at least {at_least} people answered. Where "
        "the counts would differ by fewer than that from those shown in the room, the ones "
        "shown in the room are repeated here, so that comparing the two gives nobody away. For "
        "the same reason, the counts are as they were when the workshop was closed.",
        at_least=findings.workshop.at_least,
    )
    yield speech.say(
        "Notes are in alphabetical order, not in the order they were written, and without "
        "names. Someone who knows a person's way of writing may still recognise it."
    )
    if any(subject.other for subject in findings.subjects):
        yield speech.say("The other party answered for itself, knowing that its answers would be shown here.")
    if findings.kept_until:
        yield speech.say(
            "Each person's answers are kept until {date} and then erased.",
            date=speech.long_date(findings.kept_until),
        )
    else:
        yield speech.say("Each person's answers have been erased; this report is made from what was kept without them.")


def _report_facts(report: WorkshopReport, speech: Terms) -> Iterator[tuple[str, str]]:
    findings = report.findings
    yield speech.say("Library"), findings.workshop.library
    yield speech.say("Opened"), speech.long_date(findings.workshop.opened.date())
    yield speech.say("Closed"), speech.long_date(findings.closed)
    yield speech.say("Questionnaire"), f"{report.wording.name} ({report.instrument.id} {report.instrument.version})"
    yield speech.say("Created"), f"{speech.long_date(report.made)}, assessor {report.program}"
