"""The first pages of a workshop's report: the room's terraces with three things to do, and what was agreed and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from assessor.core.raters import disputed_items
from assessor.core.workshop import AgreedStep as AgreedStep
from assessor.core.workshop_findings import Subject
from assessor.presentation.advice import advice_for_way
from assessor.presentation.overview import level_terraces, side_boxes
from assessor.presentation.placements import list_placements
from assessor.presentation.room_sentences import (
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
from assessor.presentation.terraces import Box, Chip, Drawing, Frame, draw_terraces
from assessor.presentation.tones import UNSETTLED_ID, Tone, tone_of
from assessor.presentation.typeface import displayable_text
from assessor.presentation.workshop_report import WorkshopReport
from assessor.report.library.view import one_line

#: Low enough for the three things to do to stand above it on the same page.
_FRAME = Frame(max_height=400.0, min_height=330.0)

#: The most characters of what somebody wrote on the first page; the whole stands further in.
_MOST_TEXT, _MOST_NAME = 150, 110


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionItem:
    """One of three things to do."""

    number: int
    title: str
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
    majority: str
    tone: Tone
    #: Agreement beyond chance; a dash where there is no figure.
    figure: str
    #: Whose gut feeling was where their answers led.
    gut_feeling: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkingPoint:
    """What to talk about."""

    name: str
    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopOverview:
    """The second page: what was agreed, what to talk about, and how far the room agrees."""

    steps: tuple[AgreedStepRow, ...]
    talks: tuple[TalkingPoint, ...]
    lines: tuple[ConcordanceRow, ...]


def workshop_cover(report: WorkshopReport, speech: Terms) -> WorkshopCover:
    """The first page's words and figure."""
    subjects = report.findings.subjects
    drawn = _subject_chips(subjects, speech)
    boxes = [box if box.id != UNSETTLED_ID else _unsettled_box(speech) for box in side_boxes(speech)]
    picture = draw_terraces(
        level_terraces(speech), boxes, drawn, nothing=speech.say("None here"), signs=_sign_legend(speech), frame=_FRAME
    )
    return WorkshopCover(
        title=one_line(report.findings.workshop.name),
        lead=participation_summary(report.findings, speech),
        action_items=action_items(report, speech),
        picture=picture,
        alt_text=_picture_alt_text(subjects, speech),
        names=tuple((chip.number, chip.name) for chip in drawn) if picture.numbered else (),
    )


def _unsettled_box(speech: Terms) -> Box:
    return Box(
        id=UNSETTLED_ID,
        title=speech.say("Not settled"),
        line=speech.say("Left open, or not enough answers"),
        dashed=True,
    )


def _sign_legend(speech: Terms) -> list[tuple[str, str]]:
    return [
        ("up", speech.say("most gut feelings were higher")),
        ("down", speech.say("most gut feelings were lower")),
        ("across", speech.say("not agreed on: how many answers lead where stands below")),
    ]


def _subject_chips(subjects: Sequence[Subject], speech: Terms) -> list[Chip]:
    parties = Counter(subject.collaboration.party for subject in subjects)
    return [_subject_chip(subject, number, parties, speech) for number, subject in enumerate(subjects, start=1)]


def _subject_chip(subject: Subject, number: int, parties: Counter[str], speech: Terms) -> Chip:
    collaboration = subject.collaboration
    placed = subject_placements(speech.instrument, subject)
    step, box = _step_or_box(placed, speech)
    return Chip(
        name=displayable_text(collaboration.party if parties[collaboration.party] == 1 else collaboration.name),
        number=number,
        step=step,
        box=box,
        question="" if box == UNSETTLED_ID else _chip_question(subject, placed, speech),
        wanted=gut_feeling_direction(subject.tally, placed, speech.instrument),
    )


def _step_or_box(placed: Sequence[str], speech: Terms) -> tuple[int | None, str]:
    """The step, or the box beside; where several are as likely, the highest step that is not the topmost of them."""
    levels = [level - 1 for placement in placed if (level := speech.instrument.level(placement))]
    if not levels:
        return None, placed[0] if len(placed) == 1 else UNSETTLED_ID
    return levels[(len(levels) - 1) // 2], ""


def _chip_question(subject: Subject, placed: Sequence[str], speech: Terms) -> str:
    """How the room is spread, where it is and nothing was agreed on; what is open, where the agreed leaves it open."""
    if subject.agreed:
        opens = subject.agreed.verdict.open_items
        return (
            speech.say("ask first: {item}", item=lower_first(speech.item_heading(opens[0].item)))
            if len(placed) > 1 and opens
            else ""
        )
    picture = subject.tally
    if picture is None or (len(picture.placements) == 1 and not picture.unsettled):
        return ""
    return placement_counts_clause(picture, speech)


def _picture_alt_text(subjects: Sequence[Subject], speech: Terms) -> str:
    """The figure's content in whole sentences, for those who cannot see it."""
    if not subjects:
        return speech.say("The model's levels as steps, the widest at the bottom; no collaboration stands on them.")
    said = [
        speech.say(
            "The model's levels as steps, the widest at the bottom, and where the room places each collaboration."
        )
    ]
    said += [f"{subject.collaboration.name}: {_standing_sentence(subject, speech)}." for subject in subjects]
    return displayable_text(" ".join(said))


def _standing_sentence(subject: Subject, speech: Terms) -> str:
    said = headline(subject, speech)
    return f"{said}; {placement_counts_clause(subject.tally, speech)}" if subject.tally and not subject.agreed else said


def action_items(report: WorkshopReport, speech: Terms) -> tuple[ActionItem, ...]:
    """Three things to do: what the room agreed on first, then what to ask, to talk about and to begin with."""
    found = list(islice(_action_candidates(report, speech), 3))
    return tuple(
        ActionItem(
            number=number,
            title=shorten_text(title),
            name=shorten_text(subject.collaboration.name, _MOST_NAME),
            text=shorten_text(text),
        )
        for number, (subject, title, text) in enumerate(found, start=1)
    )


def _action_candidates(report: WorkshopReport, speech: Terms) -> Iterator[tuple[Subject, str, str]]:
    subjects, at_least = report.findings.subjects, report.findings.workshop.at_least
    rounds = zip_longest(*([(subject, step) for step in subject.steps] for subject in subjects))
    for subject, step in (each for turn in rounds for each in turn if each):
        yield subject, step.what, _who_and_when(step, speech)
    for subject in subjects:
        if subject.other and subject.other.win_win and subject.other.win_win.both is not True:
            yield subject, speech.say("Ask them what they want out of it"), _missing_gain(subject, speech)
    yield from _widest_splits(subjects, speech)
    for subject in subjects:
        if subject.tally is None:
            yield subject, speech.say("Get more people to answer"), withheld_reason(subject, at_least, speech)
    for subject in subjects:
        yield from _first_steps(subject, speech)


def _missing_gain(subject: Subject, speech: Terms) -> str:
    known = subject.other and subject.other.win_win and subject.other.win_win.both is False
    if known:
        return speech.say("One side says that it gets nothing out of it.")
    return speech.say("We do not know whether both get something out of it.")


def _widest_splits(subjects: Sequence[Subject], speech: Terms) -> Iterator[tuple[Subject, str, str]]:
    """The widest split of each collaboration that nothing was agreed on, the widest first."""
    open_ = ((subject, disputed_items(subject.tally)) for subject in subjects if subject.tally and not subject.agreed)
    for subject, found in sorted(((s, f) for s, f in open_ if f), key=lambda pair: -pair[1][0].discordance):
        title = speech.say("Talk about: {item}", item=lower_first(speech.item_heading(found[0].item)))
        yield subject, title, as_sentence(response_counts_sentence(found[0].item, found[0].counts, speech))


def _first_steps(subject: Subject, speech: Terms) -> Iterator[tuple[Subject, str, str]]:
    """The first step of the way that was agreed on, where no step was."""
    verdict = subject.agreed.verdict if subject.agreed and not subject.steps else None
    way = verdict and (verdict.way_wanted or verdict.way_up)
    if way:
        step = advice_for_way(speech, way)[0]
        yield subject, step.title, step.text


def _who_and_when(step: AgreedStep, speech: Terms) -> str:
    if step.who and step.when:
        return as_sentence(speech.say("{who}, {when}", who=step.who, when=step.when))
    said = step.who or step.when
    return as_sentence(said) if said else speech.say("Nobody has taken it on yet.")


def shorten_text(text: str, most: int = _MOST_TEXT) -> str:
    """The text on one line, cut between words where it is long."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip('.,;: ')} …"


def workshop_overview(report: WorkshopReport, speech: Terms, anchors: Sequence[str]) -> WorkshopOverview:
    """The second page's words."""
    rows = list(zip(report.findings.subjects, anchors, strict=True))
    return WorkshopOverview(
        steps=tuple(_agreed_step_row(step, subject, anchor) for subject, anchor in rows for step in subject.steps),
        talks=tuple(_talking_points(rows, speech)),
        lines=tuple(_concordance_row(subject, anchor, speech) for subject, anchor in rows),
    )


def _agreed_step_row(step: AgreedStep, subject: Subject, anchor: str) -> AgreedStepRow:
    name = subject.collaboration.name
    return AgreedStepRow(what=step.what, who=step.who or "–", when=step.when or "–", name=name, anchor=anchor)


def _talking_points(rows: Sequence[tuple[Subject, str]], speech: Terms) -> Iterator[TalkingPoint]:
    anchors = {subject.collaboration.id: anchor for subject, anchor in rows}
    for subject, title, text in _widest_splits([subject for subject, _ in rows], speech):
        id_, name = subject.collaboration.id, subject.collaboration.name
        yield TalkingPoint(name=name, anchor=anchors[id_], text=f"{as_sentence(title)} {text}")


def _concordance_row(subject: Subject, anchor: str, speech: Terms) -> ConcordanceRow:
    picture, found = subject.tally, subject.concordance
    top = top_placements(picture) if picture else ()
    return ConcordanceRow(
        name=subject.collaboration.name,
        anchor=anchor,
        raters=str(picture.raters if picture else subject.begun),
        majority=_majority_text(subject, top, speech),
        tone=tone_of(speech.instrument, top),
        figure=format_figure(found.ac1, speech.language) if found and found.ac1 is not None else "–",
        gut_feeling=speech.say("{same} of {all}", same=picture.as_felt, all=picture.raters) if picture else "–",
    )


def _majority_text(subject: Subject, top: Sequence[str], speech: Terms) -> str:
    picture = subject.tally
    if picture is None:
        return speech.say("Not enough answers")
    if not top:
        return speech.say("Not settled ({count} of {all})", count=picture.unsettled, all=picture.raters)
    return speech.say(
        "{placement} ({count} of {all})",
        placement=list_placements(top, speech, "numbered"),
        count=picture.placements[top[0]],
        all=picture.raters,
    )
