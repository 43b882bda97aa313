"""The first pages of a workshop's report: the room's terraces with three things to do, and what was agreed and why.

The picture is drawn by `presentation.terraces` as the library's is, but chips stand where the room agreed or where most
answers lead, and what straddles an edge is disputed. The sentences of the room are `presentation.room_sentences`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, zip_longest

from assessor.core.settling import DecidingItem
from assessor.core.workshop import AgreedStep as AgreedStep
from assessor.core.workshop_findings import Subject
from assessor.presentation.advice import advice_for_way
from assessor.presentation.overview import level_terraces, side_boxes, step_or_box
from assessor.presentation.placements import list_placements
from assessor.presentation.room_sentences import (
    deciding_sentence,
    format_figure,
    gut_feeling_direction,
    headline,
    participation_summary,
    placement_counts_clause,
    response_counts_sentence,
    subject_placements,
    top_placements,
    withheld_reason,
)
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.terraces import CHIP_SIZES, Box, Chip, Drawing, Frame, draw_terraces
from assessor.presentation.tones import UNSETTLED_ID, Tone, tone_of
from assessor.presentation.typeface import displayable_text
from assessor.presentation.workshop_report import WorkshopReport
from assessor.report.library.first_page import text_height
from assessor.report.library.view import one_line
from assessor.report.workshop.pages import settlement_talked_about

#: A picture of numbers has a list of names beneath it on the same page.
_NUMBERED_FRAME = Frame(max_height=400.0, min_height=330.0)

#: The page within its margins in points, what stands on it besides text and picture, and the width of a thing to do.
_WIDTH, _HEIGHT, _FIXED, _THING_WIDTH = 493.2, 751.2, 128.0, 150.0
_LEAST_PICTURE, _MOST_PICTURE = 330.0, 480.0

#: The most characters of a participant's text, and of a name, on the first page; both stand in full further in.
_MOST_TEXT, _MOST_NAME = 150, 110


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionItem:
    """One of three things to do."""

    number: int
    title: str
    #: The collaboration.
    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopCover:
    """The first page."""

    title: str
    lead: str
    action_items: tuple[ActionItem, ...]
    picture: Drawing
    #: The picture as one sentence after another.
    alt_text: str
    #: Number and name, where the picture shows numbers.
    names: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedStepRow:
    """A step that the room agreed on."""

    what: str
    #: A dash where nobody was named; `when` likewise.
    who: str
    when: str
    name: str
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConcordanceRow:
    """One collaboration in the table of how far the room agrees."""

    name: str
    anchor: str
    #: How many answered.
    raters: str
    #: Where most answers lead, and how many do.
    majority: str
    tone: Tone
    #: Agreement beyond chance; a dash where there is no figure.
    figure: str
    #: How many had the gut feeling that their answers led to; a dash where counts are withheld.
    gut_feeling: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkingPoint:
    """An item that splits the room, with how it was answered."""

    name: str
    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopOverview:
    """The second page: what was agreed, what to talk about, and how far the room agrees."""

    steps: tuple[AgreedStepRow, ...]
    #: What decides most of each collaboration that the room did not agree on.
    talks: tuple[TalkingPoint, ...]
    lines: tuple[ConcordanceRow, ...]


def workshop_cover(report: WorkshopReport, terms: Terms) -> WorkshopCover:
    """The first page: title, three things to do, and the picture with its description."""
    subjects = report.findings.subjects
    drawn = _subject_chips(subjects, terms)
    boxes = [box if box.id != UNSETTLED_ID else _unsettled_box(terms) for box in side_boxes(terms)]
    title, lead, things = (
        one_line(report.findings.workshop.name),
        participation_summary(report.findings, terms),
        action_items(report, terms),
    )
    draw = partial(
        draw_terraces, level_terraces(terms), boxes, drawn, nothing=terms.say("None here"), signs=_sign_legend(terms)
    )
    picture = draw(frame=_frame_beneath(title, lead, things))
    if picture.numbered:
        picture = draw(frame=_NUMBERED_FRAME)
    return WorkshopCover(
        title=title,
        lead=lead,
        action_items=things,
        picture=picture,
        alt_text=_picture_alt_text(subjects, terms),
        names=tuple((chip.number, chip.name) for chip in drawn) if picture.numbered else (),
    )


def _frame_beneath(title: str, lead: str, things: Sequence[ActionItem]) -> Frame:
    """The room that is left on the page, measured as the style sheet sets what stands above the picture."""
    taken = (
        _FIXED + text_height(title, _WIDTH * 0.94, 25.0, 700, 1.12) + text_height(lead, _WIDTH * 0.92, 12.5, 400, 1.45)
    )
    taken += max((_thing_height(thing) for thing in things), default=0.0)
    room = min(max(_HEIGHT - taken, _LEAST_PICTURE), _MOST_PICTURE)
    return Frame(min_height=_LEAST_PICTURE, max_height=room, sizes=(10.4, *CHIP_SIZES), airy=True)


def _thing_height(thing: ActionItem) -> float:
    texts = [(thing.title, 600), (thing.name, 600), (thing.text, 400)]
    return 31 + sum(text_height(text, _THING_WIDTH, 10.5, weight, 1.35) for text, weight in texts)


def _unsettled_box(terms: Terms) -> Box:
    """The dashed box, whose words differ from the library's: here it is also for what the room has not answered."""
    return Box(
        id=UNSETTLED_ID,
        title=terms.say("Not settled"),
        line=terms.say("Left open, or not enough answers"),
        dashed=True,
    )


def _sign_legend(terms: Terms) -> list[tuple[str, str]]:
    return [
        ("up", terms.say("most gut feelings were higher")),
        ("down", terms.say("most gut feelings were lower")),
        ("across", terms.say("not agreed on: how many answers lead where stands below")),
    ]


def _subject_chips(subjects: Sequence[Subject], terms: Terms) -> list[Chip]:
    parties = Counter(subject.collaboration.party for subject in subjects)
    return [_subject_chip(subject, number, parties, terms) for number, subject in enumerate(subjects, start=1)]


def _subject_chip(subject: Subject, number: int, parties: Counter[str], terms: Terms) -> Chip:
    collaboration = subject.collaboration
    placed = subject_placements(terms.instrument, subject)
    step, box = step_or_box(placed, terms.instrument)  # several where they are equally likely
    return Chip(
        name=displayable_text(collaboration.party if parties[collaboration.party] == 1 else collaboration.name),
        number=number,
        step=step,
        box=box,
        question="" if box == UNSETTLED_ID else _chip_question(subject, placed, terms),
        wanted=gut_feeling_direction(subject.tally, placed, terms.instrument),
    )


def _chip_question(subject: Subject, placed: Sequence[str], terms: Terms) -> str:
    """What stands below a chip's name: how the answers are spread, or after an agreement what it leaves open."""
    if subject.agreed:
        open_items = subject.agreed.verdict.open_items
        return (
            terms.say("ask first: {item}", item=lower_first(terms.item_heading(open_items[0].item)))
            if len(placed) > 1 and open_items
            else ""
        )
    tally = subject.tally
    if tally is None or (len(tally.placements) == 1 and not tally.unsettled):
        return ""
    return placement_counts_clause(tally, terms)


def _picture_alt_text(subjects: Sequence[Subject], terms: Terms) -> str:
    """The picture in whole sentences, for readers who cannot see it."""
    if not subjects:
        return terms.say("The model's levels as steps, the widest at the bottom; no collaboration stands on them.")
    sentences = [
        terms.say(
            "The model's levels as steps, the widest at the bottom, and where the room places each collaboration."
        )
    ]
    sentences += [f"{subject.collaboration.name}: {_standing_sentence(subject, terms)}." for subject in subjects]
    return displayable_text(" ".join(sentences))


def _standing_sentence(subject: Subject, terms: Terms) -> str:
    sentence = headline(subject, terms)
    return (
        f"{sentence}; {placement_counts_clause(subject.tally, terms)}"
        if subject.tally and not subject.agreed
        else sentence
    )


def action_items(report: WorkshopReport, terms: Terms) -> tuple[ActionItem, ...]:
    """Three things to do, fewer where there are not as many; titles and texts cut to the room of the first page."""
    candidates = list(islice(_action_candidates(report, terms), 3))
    return tuple(
        ActionItem(
            number=number,
            title=shorten_text(title),
            name=shorten_text(subject.collaboration.name, _MOST_NAME),
            text=shorten_text(text),
        )
        for number, (subject, title, text) in enumerate(candidates, start=1)
    )


def _action_candidates(report: WorkshopReport, terms: Terms) -> Iterator[tuple[Subject, str, str]]:
    """Everything that could be done, the most urgent first, as collaboration, title and text.

    First the steps that the room agreed on, one of each collaboration in turn; then what to ask the other party, what
    to talk about and where to let more answer; last the first steps of ways that nobody has decided on.
    """
    subjects, at_least = report.findings.subjects, report.findings.workshop.at_least
    rounds = zip_longest(*([(subject, step) for step in subject.steps] for subject in subjects))
    for subject, step in (pair for round_steps in rounds for pair in round_steps if pair):
        yield subject, step.what, _who_and_when(step, terms)
    for subject in subjects:
        if subject.other and subject.other.win_win and subject.other.win_win.both is not True:
            yield subject, terms.say("Ask them what they want out of it"), _missing_gain(subject, terms)
    yield from _deciding_splits(subjects, terms)
    for subject in subjects:
        if subject.tally is None:
            yield subject, terms.say("Get more people to answer"), withheld_reason(subject, at_least, terms)
    for subject in subjects:
        yield from _first_steps(subject, terms)


def _missing_gain(subject: Subject, terms: Terms) -> str:
    """Why the other party should be asked what it wants."""
    one_side_gains_nothing = subject.other and subject.other.win_win and subject.other.win_win.both is False
    if one_side_gains_nothing:
        return terms.say("One side says that it gets nothing out of it.")
    return terms.say("We do not know whether both get something out of it.")


def _deciding_splits(subjects: Sequence[Subject], terms: Terms) -> Iterator[tuple[Subject, str, str]]:
    """What decides most of each collaboration that is not agreed on, the most deciding first."""
    deciding = ((subject, _deciding_split(subject, terms)) for subject in subjects)
    for subject, split in sorted(
        ((subject, split) for subject, split in deciding if split), key=lambda pair: -pair[1].share
    ):
        title = terms.say("Talk about: {item}", item=lower_first(terms.item_heading(split.item)))
        counts = as_sentence(response_counts_sentence(split.item, split.counts, terms))
        yield subject, title, f"{counts} {deciding_sentence(split, terms)}"


def _deciding_split(subject: Subject, terms: Terms) -> DecidingItem | None:
    """The most deciding item that is told of a collaboration; None where the room agreed or nothing divides it."""
    if subject.tally is None or subject.agreed:
        return None
    return next((split for split in settlement_talked_about(subject, terms).to_settle if split.counts), None)


def _first_steps(subject: Subject, terms: Terms) -> Iterator[tuple[Subject, str, str]]:
    """The first step of an agreed placement's way up, where the room did not agree on a step itself."""
    verdict = subject.agreed.verdict if subject.agreed and not subject.steps else None
    way = verdict and (verdict.way_wanted or verdict.way_up)
    if way:
        step = advice_for_way(terms, way)[0]
        yield subject, step.title, step.text


def _who_and_when(step: AgreedStep, terms: Terms) -> str:
    if step.who and step.when:
        return as_sentence(terms.say("{who}, {when}", who=step.who, when=step.when))
    who_or_when = step.who or step.when
    return as_sentence(who_or_when) if who_or_when else terms.say("Nobody has taken it on yet.")


def shorten_text(text: str, most: int = _MOST_TEXT) -> str:
    """The text on one line, cut between words and ended with an ellipsis where it is longer than `most` characters."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip('.,;: ')} …"


def workshop_overview(report: WorkshopReport, terms: Terms, anchors: Sequence[str]) -> WorkshopOverview:
    """The second page: agreed steps, what to talk about, and a line for each collaboration."""
    rows = list(zip(report.findings.subjects, anchors, strict=True))
    return WorkshopOverview(
        steps=tuple(_agreed_step_row(step, subject, anchor) for subject, anchor in rows for step in subject.steps),
        talks=tuple(_talking_points(rows, terms)),
        lines=tuple(_concordance_row(subject, anchor, terms) for subject, anchor in rows),
    )


def _agreed_step_row(step: AgreedStep, subject: Subject, anchor: str) -> AgreedStepRow:
    name = subject.collaboration.name
    return AgreedStepRow(what=step.what, who=step.who or "–", when=step.when or "–", name=name, anchor=anchor)


def _talking_points(rows: Sequence[tuple[Subject, str]], terms: Terms) -> Iterator[TalkingPoint]:
    anchors = {subject.collaboration.id: anchor for subject, anchor in rows}
    for subject, title, text in _deciding_splits([subject for subject, _ in rows], terms):
        id_, name = subject.collaboration.id, subject.collaboration.name
        yield TalkingPoint(name=name, anchor=anchors[id_], text=f"{as_sentence(title)} {text}")


def _concordance_row(subject: Subject, anchor: str, terms: Terms) -> ConcordanceRow:
    tally, concordance = subject.tally, subject.concordance
    top = top_placements(tally) if tally else ()
    return ConcordanceRow(
        name=subject.collaboration.name,
        anchor=anchor,
        raters=str(tally.raters if tally else subject.begun),
        majority=_majority_text(subject, top, terms),
        tone=tone_of(terms.instrument, top),
        figure=format_figure(concordance.ac1, terms.language) if concordance and concordance.ac1 is not None else "–",
        gut_feeling=terms.say("{same} of {all}", same=tally.as_felt, all=tally.felt) if tally and tally.felt else "–",
    )


def _majority_text(subject: Subject, top: Sequence[str], terms: Terms) -> str:
    """Where most answers lead and how many do; says so where they are too few or settle nothing."""
    tally = subject.tally
    if tally is None:
        return terms.say("Not enough answers")
    if not top:
        return terms.say("Not settled ({count} of {all})", count=tally.unsettled, all=tally.raters)
    return terms.say(
        "{placement} ({count} of {all})",
        placement=list_placements(top, terms, "numbered"),
        count=tally.placements[top[0]],
        all=tally.raters,
    )
