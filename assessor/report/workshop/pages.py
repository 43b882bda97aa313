"""A page for each collaboration of a workshop, one for the calibration round, and how it was done.

Values for templates, as `cover` for the first pages. What must stay secret has been left out by `core` before: a tally
is None where too few answered, and notes come without names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.core.raters import RatingTally, disputed_items
from assessor.core.responses import DONT_KNOW
from assessor.core.settling import DecidingItem, RoomSettlement, settle_room
from assessor.core.sides import Match
from assessor.core.verdict import Verdict
from assessor.core.workshop import AgreedStep
from assessor.core.workshop_findings import OtherSide, PlacedCase, Subject
from assessor.local_time import local_day
from assessor.presentation.advice import Advice, advice_for_way, way_down_sentence
from assessor.presentation.room_sentences import (
    both_placements_sentence,
    concordance_sentences,
    deciding_sentence,
    folded_sentence,
    gains_by_side,
    gut_feelings_sentence,
    headline,
    matches_sentence,
    participation_summary,
    response_counts_sentence,
    subject_placements,
    win_win_sentences,
    withheld_counts_sentences,
)
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.tones import OPEN_TONE, Tone, tone_of
from assessor.presentation.typeface import displayable_text
from assessor.presentation.workshop_report import WorkshopReport

#: The most splits told in full; the rest are counted.
_MOST_SPLITS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementBar:
    """How many raters' responses lead to a placement, and how many gut feelings named it."""

    name: str
    tone: Tone
    answers: int
    #: How many gut feelings named it.
    gut: int
    #: In hundredths of all raters.
    share: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitItemRow:
    """An item that splits the room, and how often each response was given."""

    ask: str
    #: Each response and how many gave it, the most common first.
    counts: str
    #: Where each response leads.
    decides: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedPart:
    """What the room agreed on, why it leads where it does, and what to do next."""

    about: str
    why: tuple[str, ...]
    #: What to do next about the placement itself; None where nothing is advised.
    next: Advice | None
    #: What would lose the level; empty where nothing can.
    down: str
    #: Item (or that it concerns the whole) and what the room wrote.
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SidesComparison:
    """The library's and the other party's responses beside one another."""

    #: Whose responses count as the library's: those agreed on, or most of the room's.
    our_side: str
    #: Where each side's answers place it.
    placed: str
    gaining: tuple[str, ...]
    alike: str
    #: Item, what the library says, what the party says.
    different: tuple[tuple[str, str, str], ...]
    #: What the cooperation brings, by who named it.
    brings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectPage:
    """One collaboration's page."""

    anchor: str
    party: str
    undertaking: str
    title: str
    tone: Tone
    #: What stands first: that the room agreed, else how far it does.
    opening: tuple[str, ...]
    #: How far the room was of one mind before it agreed; empty without an agreement.
    before: tuple[str, ...]
    gut_feeling: str
    #: Why some counts are not here.
    withheld: tuple[str, ...]
    bars: tuple[PlacementBar, ...]
    #: The items that decide, the most deciding first.
    splits: tuple[SplitItemRow, ...]
    no_splits: str
    #: What else differs: fewer deciding items, and those that move nothing.
    more_splits: tuple[str, ...]
    agreed: AgreedPart | None
    #: What those wrote who see it otherwise.
    dissents: tuple[str, ...]
    steps: tuple[AgreedStep, ...]
    other: SidesComparison | None
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedCase:
    """A written case of the calibration round, where its authors place it, and where the room did."""

    text: str
    #: Where the case's authors place it.
    placement: str
    tone: Tone
    #: How many placed it there, and where the others did.
    summary: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedurePage:
    """The last page: who took part, how it went, what is kept secret, and what the report was made from."""

    took_part: str
    procedure: tuple[str, ...]
    privacy: tuple[str, ...]
    #: Name and value.
    facts: tuple[tuple[str, str], ...]


def subject_page(subject: Subject, anchor: str, at_least: int, terms: Terms) -> SubjectPage:
    """The page of one collaboration. `at_least` is how many must have answered before anything is shown."""
    tally = subject.tally
    settlement = settlement_talked_about(subject, terms)
    deciding = tuple(split for split in settlement.to_settle if split.counts)
    return SubjectPage(
        anchor=anchor,
        party=subject.collaboration.party,
        undertaking=subject.collaboration.undertaking,
        title=headline(subject, terms),
        tone=tone_of(terms.instrument, subject_placements(terms.instrument, subject)),
        opening=_agreed_lead(subject, terms) if subject.agreed else concordance_sentences(subject, at_least, terms),
        before=concordance_sentences(subject, at_least, terms) if subject.agreed else (),
        gut_feeling=gut_feelings_sentence(tally, terms) if tally else "",
        withheld=withheld_counts_sentences(tally, at_least, terms) if tally else (),
        bars=tuple(_placement_bars(tally, terms)) if tally else (),
        splits=tuple(_split_row(split, terms) for split in deciding[:_MOST_SPLITS]),
        no_splits="" if disputed_items(tally or RatingTally()) or not tally else _no_splits(tally, terms),
        more_splits=tuple(_more_splits(len(deciding) - _MOST_SPLITS, settlement, terms)),
        agreed=_agreed_part(subject, terms),
        dissents=subject.dissents,
        steps=subject.steps,
        other=_sides_comparison(subject.other, subject, terms) if subject.other else None,
        notes=tuple((_item_label(note.item, terms), note.text) for note in subject.notes),
    )


def settlement_talked_about(subject: Subject, terms: Terms) -> RoomSettlement:
    """What divides the room: as it was before it agreed, else what it has not settled yet."""
    return settle_room(terms.instrument, subject.tally, None if subject.agreed else subject.settled)


def _split_row(split: DecidingItem, terms: Terms) -> SplitItemRow:
    return SplitItemRow(
        ask=displayable_text(terms.wording.items[split.item].ask),
        counts=response_counts_sentence(split.item, split.counts, terms),
        decides=deciding_sentence(split, terms),
    )


def _agreed_lead(subject: Subject, terms: Terms) -> tuple[str, ...]:
    """That the room agreed, and how many see it otherwise."""
    agreed = terms.say("The room talked about it and agreed on this.")
    if not subject.dissents:
        return (agreed,)
    otherwise = terms.count(
        "One person sees it differently, and says why below.",
        "{number} people see it differently, and say why below.",
        len(subject.dissents),
    )
    return agreed, otherwise


def _item_label(item: str, terms: Terms) -> str:
    return terms.item_heading(item) if item else terms.say("About the workshop as a whole")


def _placement_bars(tally: RatingTally, terms: Terms) -> Iterator[PlacementBar]:
    """A bar for each placement that has an answer or a gut feeling, and one for what is not settled."""
    for placement in terms.instrument.placements:
        answers, gut = tally.placements.get(placement, 0), tally.gut.get(placement, 0)
        if answers or gut:
            yield _placement_bar(
                terms.numbered_name(placement), tone_of(terms.instrument, (placement,)), answers, gut, tally
            )
    unknown = tally.gut.get(DONT_KNOW, 0)
    if unknown or tally.unsettled:
        yield _placement_bar(terms.say("Not settled, or don't know"), OPEN_TONE, tally.unsettled, unknown, tally)


def _placement_bar(name: str, tone: Tone, answers: int, gut: int, tally: RatingTally) -> PlacementBar:
    return PlacementBar(name=name, tone=tone, answers=answers, gut=gut, share=round(100 * answers / tally.raters))


def _no_splits(tally: RatingTally, terms: Terms) -> str:
    """Why no item splits the room: all answered alike, or none could tell; empty where no item is told."""
    if not tally.items:
        return ""
    if not any(option != DONT_KNOW for counts in tally.items.values() for option in counts):
        return terms.say("There are not enough answers: everybody who answered said “don't know”.")
    if tally.items.keys() < terms.instrument.by_id.keys():
        return terms.say("On the questions shown, everybody who knew gave the same answers.")
    return terms.say("Everybody who knew gave the same answers.")


def _more_splits(count: int, settlement: RoomSettlement, terms: Terms) -> Iterator[str]:
    """How many more items decide a little, and which differ without moving anything."""
    if count > 0:
        yield terms.count(
            "What decides most first; {number} more question decides less.",
            "What decides most first; {number} more questions decide less.",
            count,
        )
    if folded := folded_sentence(settlement, terms):
        yield folded


def _agreed_part(subject: Subject, terms: Terms) -> AgreedPart | None:
    """What the room agreed on; None where it did not agree."""
    if subject.agreed is None:
        return None
    verdict, assessment = subject.agreed.verdict, subject.agreed.assessment
    reasons = (terms.wording.items[reason.item].options[reason.option].reason for reason in verdict.reasons)
    notes = {item: assessment.notes[item] for item in ("", *terms.instrument.by_id) if assessment.notes.get(item)}
    return AgreedPart(
        about=terms.wording.placements[verdict.placement].about if verdict.placement else "",
        why=tuple(map(as_sentence, reasons)),
        next=_next_advice(verdict, terms),
        down=way_down_sentence(terms, verdict.way_down) if verdict.way_down else "",
        notes=tuple((_item_label(item, terms), text) for item, text in notes.items()),
    )


def _next_advice(verdict: Verdict, terms: Terms) -> Advice | None:
    """The first step to the level wanted, else to the next; beside the levels the bank's advice. None without any."""
    way = verdict.way_wanted or (verdict.way_up if verdict.certain_level else None)
    if way:
        return advice_for_way(terms, way)[0]
    if verdict.placement:
        return Advice(
            title=terms.placement_name(verdict.placement), text=terms.wording.placements[verdict.placement].advice
        )
    return None


def _sides_comparison(other: OtherSide, subject: Subject, terms: Terms) -> SidesComparison:
    """The two sides beside one another; only items that both have answered, and differently, are listed."""
    ours = terms.say("Our view is what the room agreed on.")
    if not other.agreed:
        ours = terms.say("Nothing was agreed on, so our view is what most of the room answered.")
    return SidesComparison(
        our_side=ours if other.agreed or subject.tally else terms.say("Our view is not known yet."),
        placed=both_placements_sentence(other, subject_placements(terms.instrument, subject), terms),
        gaining=win_win_sentences(other, terms),
        alike=matches_sentence(other, terms),
        different=tuple(
            (
                terms.item_heading(comparison.item),
                terms.short_response(comparison.item, comparison.ours),
                terms.short_response(comparison.item, comparison.theirs),
            )
            for comparison in other.compared
            if comparison.match is Match.DIFFERENT and comparison.ours and comparison.theirs
        ),
        brings=tuple(gains_by_side(other, terms)),
    )


def reported_case(placed: PlacedCase, text: str, at_least: int, terms: Terms) -> ReportedCase:
    """A written case and where the room placed it; says so where too few did."""
    return ReportedCase(
        text=text,
        placement=terms.numbered_name(placed.placement),
        tone=tone_of(terms.instrument, (placed.placement,)),
        summary=_case_sentence(placed, at_least, terms),
    )


def _case_sentence(placed: PlacedCase, at_least: int, terms: Terms) -> str:
    tally = placed.tally
    if tally is None:
        return terms.say("Fewer than {at_least} people placed it, so the placements are not shown.", at_least=at_least)
    right = tally.placements.get(placed.placement, 0)
    sentence = terms.say("{count} of {all} placed it there.", count=right, all=tally.raters)
    others = [
        terms.say("{placement}: {count}", placement=lower_first(terms.placement_name(placement)), count=count)
        for placement, count in tally.placements.items()
        if placement != placed.placement
    ]
    if tally.unsettled:
        others.append(terms.say("don't know: {count}", count=tally.unsettled))
    return f"{sentence} {as_sentence(', '.join(others))}" if others else sentence


def procedure_page(report: WorkshopReport, terms: Terms) -> ProcedurePage:
    """How the workshop went, and what the report tells and withholds about those who took part."""
    return ProcedurePage(
        took_part=participation_summary(report.findings, terms),
        procedure=tuple(_procedure_notes(report, terms)),
        privacy=tuple(_privacy_notes(report, terms)),
        facts=tuple(_report_facts(report, terms)),
    )


def _procedure_notes(report: WorkshopReport, terms: Terms) -> Iterator[str]:
    """How answers came about, what the figure means, and how many collaborations are left out as people's own."""
    yield terms.say(
        "Everybody answered on their own, first the gut feeling and then the questions. The "
        "room's answers were shown, as counts, when the workshop leader chose to; the room then "
        "talked about where it disagreed and settled on answers of its own."
    )
    yield terms.say(
        "What was agreed on is kept together with any differing views. Where nothing was agreed "
        "on, the placement is the one most people's answers lead to."
    )
    yield terms.say(
        "The figure is Gwet's AC1: 1 where everyone places a collaboration the same way, 0 "
        "where they agree no more often than by chance. It is given where the answers of at "
        "least {at_least} people settle a placement, and never for fewer than three. Source: K. "
        "L. Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008).",
        at_least=report.findings.workshop.at_least,
    )
    if report.findings.own:
        yield terms.count(
            "{number} collaboration that someone brought along is theirs alone and is not shown here.",
            "{number} collaborations that people brought along are theirs alone and are not shown here.",
            report.findings.own,
        )


def _privacy_notes(report: WorkshopReport, terms: Terms) -> Iterator[str]:
    """What is withheld and why, in sentences for those who took part."""
    findings = report.findings
    yield terms.say(
        "Answers are given as counts, and each count only where at least {at_least} people "
        "answered that very question themselves; paper that the workshop leader entered is "
        "counted, but not towards that number. What fewer than that have added or changed since "
        "the room was shown its answers is left out, so that comparing gives nobody away. For "
        "the same reason, the counts are as they were when the workshop was closed.",
        at_least=findings.workshop.at_least,
    )
    yield terms.say(
        "Notes are here only where those who wrote them let them be. They are in alphabetical "
        "order, not in the order they were written, and without names. Someone who knows a "
        "person's way of writing may still recognise it."
    )
    if any(subject.other for subject in findings.subjects):
        yield terms.say("The other party answered for itself, knowing that its answers would be shown here.")
    if findings.kept_until:
        yield terms.say(
            "Each person's answers are kept until {date} and then erased.",
            date=terms.long_date(findings.kept_until),
        )
    else:
        yield terms.say("Each person's answers have been erased; this report is made from what was kept without them.")


def _report_facts(report: WorkshopReport, terms: Terms) -> Iterator[tuple[str, str]]:
    findings = report.findings
    yield terms.say("Library"), findings.workshop.library
    yield terms.say("Opened"), terms.long_date(local_day(findings.workshop.opened))
    yield terms.say("Closed"), terms.long_date(findings.closed)
    yield terms.say("Questionnaire"), f"{report.wording.name} ({report.instrument.id} {report.instrument.version})"
    yield terms.say("Created"), f"{terms.long_date(report.made)}, assessor {report.program}"
