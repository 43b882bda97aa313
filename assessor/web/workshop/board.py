"""The board: what everybody in the room looks at, and the values that facilitators' pages share with it.

What a board may show follows one rule: nothing of a collaboration before the facilitator has revealed it. All numbers
therefore come from what was stored at that moment (`revealed`), never from current answers, and nothing here knows who
answered what. Each stage of a workshop has one function `_…_facts`, which returns what its part of the template needs.

`board_page` is the whole page, `board_update` the part that live updates send. `facilitating` and `calibration` use the
public functions for their own pages, so that a phone, a facilitator and the board never disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessor import qr_codes
from assessor.bank.case import CalibrationCase
from assessor.core import raters
from assessor.core.disclosure import revealed_tally
from assessor.core.instrument import Instrument
from assessor.core.raters import Concordance, DisputedItem, RatingTally
from assessor.core.responses import DONT_KNOW, Collaboration
from assessor.core.workshop import Workshop
from assessor.presentation.messages import Messages
from assessor.presentation.room_sentences import (
    format_figure,
    standing_sentence,
    withheld_counts_sentences,
)
from assessor.presentation.terms import Terms, as_sentence
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.presentation.verdict_text import CitedReason
from assessor.usecases.workshops import CollaborationProgress, WorkshopProgress
from assessor.web.http.request_context import HtmlPage, ServerConfig

#: Most dots that can be counted at a glance; above this only the number is shown.
_MAX_DOTS = 20
#: Most collaborations whose whole spread fits on the board; above this only their most common placement is shown.
_MAX_SPREAD = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardChip:
    """One collaboration, drawn on a step of the terraces."""

    name: str
    #: Raters who placed it there; 0 when the room has agreed.
    count: int
    #: All raters whose placement is settled.
    total: int
    #: Whether this is its most common placement, or the agreed one.
    most_common: bool
    agreed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardPlace:
    """A step of the terraces, or a box beside them, with what stands there."""

    name: str
    line: str
    tone: Tone
    #: Whether it is a step of the terraces; False for the boxes beside them.
    level: bool
    #: Raters placed there by their answers, and by gut feeling.
    count: int = 0
    gut: int = 0
    #: Whether the instrument places a written case here, or the room agreed on it.
    here: bool = False
    chips: tuple[BoardChip, ...] = ()

    @property
    def dots(self) -> int:
        """How many dots to draw; 0 when there are too many to count at a glance."""
        return self.count if self.count <= _MAX_DOTS else 0

    @property
    def gut_dots(self) -> int:
        """The same for gut feeling."""
        return self.gut if self.gut <= _MAX_DOTS else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressRow:
    """How far the room has come with one collaboration."""

    collaboration: Collaboration
    begun: int
    finished: int
    total: int
    #: What was done with it, in a word or two; may be empty.
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionCount:
    """An option of an item, and how many raters chose it."""

    label: str
    count: int
    #: Length of the bar in percent of the longest.
    share: float
    unknown: bool
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardSplit:
    """An item on which raters gave different responses."""

    item: str
    ask: str
    short: str
    option_counts: tuple[OptionCount, ...]
    #: The response that the room agreed on; empty before.
    agreed: str = ""


def board_page(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> HtmlPage:
    """The whole board."""
    return HtmlPage(template="board", title=room.workshop.name, facts=board_facts(room, config, messages))


def board_update(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> HtmlPage:
    """The part of the board that changes, as live updates send it."""
    return HtmlPage(template="board_now", title=room.workshop.name, facts=board_facts(room, config, messages))


def board_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """What the template shows at the current stage.

    The QR code is made only for the stage that shows it: it is the costliest part of the page.
    """
    workshop = room.workshop
    of_stage = {
        "join": _join_facts,
        "case": _case_facts,
        "progress": _progress_facts,
        "talk": _talk_facts,
        "steps": _steps_facts,
    }
    more = of_stage.get(workshop.stage, _terraces_facts)(room, config, messages)
    wide, path = qr_codes.svg_path(join_url(config, workshop)) if workshop.stage == "join" else (0, "")
    return {
        "of": workshop,
        "unreachable": config.address_watch.warning(messages.gettext),
        "stage": workshop.stage,
        "address": config.deployment.base_url.partition("//")[2],
        "code": spaced_code(workshop),
        "joined": count_joined(room),
        "code_wide": wide,
        "code_path": path,
        **more,
    }


def join_url(config: ServerConfig, workshop: Workshop) -> str:
    """The address in the QR code."""
    return f"{config.deployment.base_url}/j/{workshop.code}"


def spaced_code(workshop: Workshop) -> str:
    """The room code in two groups, easier to read out."""
    return f"{workshop.code[:4]} {workshop.code[4:]}"


def count_joined(room: WorkshopProgress) -> int:
    """How many participants of the library's side are in the room."""
    return sum(respondent.side == "us" for respondent in room.respondents)


def instrument_terms(config: ServerConfig, messages: Messages) -> Terms:
    """The words of the bank's instrument in the page's language, or the nearest that the bank has."""
    bank = config.bank.get()
    return Terms(messages.language, bank.instrument, bank.nearest_wording(messages.language))


def calibration_cases(config: ServerConfig, messages: Messages) -> tuple[CalibrationCase, ...]:
    """The written cases that the room places together to calibrate its judgement."""
    bank = config.bank.get()
    return bank.calibration_cases(bank.nearest_language(messages.language))


def _join_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """Nothing beyond the code and the number of participants, which every stage has."""
    return {}


def _case_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """A written case: how many have placed it; once revealed, where they did and where the instrument does."""
    workshop, cases = room.workshop, calibration_cases(config, messages)
    index = next((index for index, candidate in enumerate(cases) if candidate.id == workshop.subject), None)
    if index is None:
        return {"case": None}
    case, terms = cases[index], instrument_terms(config, messages)
    picture, agreeing = revealed_tally(workshop, case.id), case_concordance(workshop, terms.instrument, case.id)
    corrected = agreeing.ac1 if agreeing else None
    return {
        "case": case,
        "number": index + 1,
        "of_cases": len(cases),
        "placed": len(case_placements(workshop, case.id)),
        "picture": picture,
        "places": board_places(terms, picture, case.placement) if picture else (),
        "told": terms.numbered_name(case.placement),
        "why": tuple(case_.text for case_ in deciding_responses(terms, case)[:3]) if picture else (),
        "agreeing": agreeing,
        "corrected": "" if corrected is None else format_figure(corrected, messages.language),
    }


def case_placements(workshop: Workshop, case: str) -> dict[str, str]:
    """Where participants place a written case, by respondent id; without those who were removed."""
    return {who: where for who, where in workshop.cases.get(case, {}).items() if who not in workshop.removed}


def case_concordance(workshop: Workshop, instrument: Instrument, case: str) -> Concordance | None:
    """How far the room agrees on a revealed case, among all revealed ones; None before it is revealed."""
    texts = {id_: revealed_tally(workshop, id_) for id_ in workshop.cases if id_ in workshop.revealed}
    counts = {id_: picture.placements for id_, picture in texts.items() if picture}
    return raters.concordances(counts, len(instrument.placements), workshop.at_least).get(case) if counts else None


def deciding_responses(terms: Terms, case: CalibrationCase) -> tuple[CitedReason, ...]:
    """The responses that decide where the instrument places a written case."""
    words = terms.wording.items
    return tuple(
        CitedReason(text=as_sentence(words[reason.item].options[reason.option].reason), sources=())
        for reason in case.verdict.reasons
    )


def board_places(terms: Terms, picture: RatingTally, here: str = "") -> tuple[BoardPlace, ...]:
    """All steps, and those other placements that somebody chose or the instrument gives, with their counts.

    `here` marks the instrument's or the room's agreed placement.
    """
    by_level = level_tones(terms.instrument)
    return tuple(
        BoardPlace(
            name=terms.numbered_name(placement),
            line=terms.wording.placements[placement].line,
            tone=by_level.get(placement, BESIDE_TONE),
            level=placement in by_level,
            count=picture.placements.get(placement, 0),
            gut=picture.gut.get(placement, 0),
            here=placement == here,
        )
        for placement in terms.instrument.placements
        if placement in by_level or picture.placements.get(placement) or picture.gut.get(placement) or placement == here
    )


def _progress_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """How far the room has come with each collaboration; no placements."""
    rows = tuple(progress_rows(room, messages))
    return {"rows": rows, "own": room.brought_along, "finished": sum(row.finished for row in rows)}


def progress_rows(room: WorkshopProgress, messages: Messages) -> Iterator[ProgressRow]:
    """How far the room has come with each collaboration, in the order of the list."""
    for progress in room.collaborations:
        yield ProgressRow(
            collaboration=progress.collaboration,
            begun=progress.begun,
            finished=progress.finished,
            total=count_joined(room),
            status=_status_text(progress, messages),
        )


def _status_text(progress: CollaborationProgress, messages: Messages) -> str:
    """One or two words on what was done with a collaboration; empty while it is answered blind."""
    if progress.agreed_assessment:
        return messages.say("agreed on") if progress.agreed_assessment.finished else messages.say("being agreed on")
    return messages.say("shown") if progress.revealed else ""


def _terraces_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """The subject's spread over the terraces, or an overview of everything revealed when there is no subject."""
    terms = instrument_terms(config, messages)
    shown = _revealed_subject(room)
    if shown and shown.revealed:
        agreed = agreed_placement(shown)
        return {
            "one": shown.collaboration,
            "picture": shown.revealed,
            "places": board_places(terms, shown.revealed, agreed),
            "agreed": agreed,
            "settled": sum(shown.revealed.placements.values()),
            "withheld": withheld_counts_sentences(shown.revealed, room.workshop.at_least, terms),
        }
    places = tuple(_overview_places(room.collaborations, terms))
    return {
        "one": None,
        "stands": places,
        "chips": sum(len(place.chips) for place in places),
        "shown": sum(bool(progress.revealed or progress.agreed_assessment) for progress in room.collaborations),
    }


def _revealed_subject(room: WorkshopProgress) -> CollaborationProgress | None:
    """The collaboration that the stage is about; None when it is about none, or about one not yet revealed."""
    subject = room.workshop.subject
    return next(
        (progress for progress in room.collaborations if progress.collaboration.id == subject and progress.revealed),
        None,
    )


def agreed_placement(progress: CollaborationProgress) -> str:
    """The placement that the room has agreed on; empty while it is unfinished or not settled."""
    return (
        (progress.agreed_assessment.verdict.placement or "")
        if progress.agreed_assessment and progress.agreed_assessment.finished
        else ""
    )


def _overview_places(collaborations: Sequence[CollaborationProgress], terms: Terms) -> Iterator[BoardPlace]:
    """The terraces with all revealed collaborations.

    With many collaborations only the most common placement of each is drawn, as whole spreads would not fit on a board.
    """
    by_level, names = level_tones(terms.instrument), _short_names(collaborations)
    whole_spread = sum(bool(progress.revealed) for progress in collaborations) <= _MAX_SPREAD
    for placement in terms.instrument.placements:
        chips = tuple(
            chip
            for progress in collaborations
            for chip in _board_chips(progress, placement, names)
            if chip.most_common or whole_spread
        )
        if chips or placement in by_level:
            yield BoardPlace(
                name=terms.numbered_name(placement),
                line=terms.wording.placements[placement].line,
                tone=by_level.get(placement, BESIDE_TONE),
                level=placement in by_level,
                chips=chips,
            )


def _short_names(collaborations: Sequence[CollaborationProgress]) -> dict[str, str]:
    """Names by collaboration id: the party alone where it has one collaboration, else the full name."""
    listed = [progress.collaboration for progress in collaborations]
    parties = [collaboration.party for collaboration in listed]
    return {
        collaboration.id: collaboration.name if parties.count(collaboration.party) > 1 else collaboration.party
        for collaboration in listed
    }


def _board_chips(progress: CollaborationProgress, placement: str, names: Mapping[str, str]) -> Iterator[BoardChip]:
    """The chip of a collaboration at a placement, if any: one when agreed, else one wherever it was placed."""
    agreed = agreed_placement(progress)
    if agreed:
        if agreed == placement:
            yield BoardChip(name=names[progress.collaboration.id], count=0, total=0, most_common=True, agreed=True)
    elif progress.revealed and placement in progress.revealed.placements:
        counts = progress.revealed.placements
        total, most = sum(counts.values()), counts[placement] == max(counts.values())
        yield BoardChip(name=names[progress.collaboration.id], count=counts[placement], total=total, most_common=most)


def _talk_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """The next item to talk about, the ones after it, and what the room has agreed on so far."""
    terms = instrument_terms(config, messages)
    subject = _revealed_subject(room)
    if subject is None or subject.revealed is None:
        return {"one": None}
    splits = board_splits(subject, terms, messages)
    undecided = [progress for progress in splits if not progress.agreed]
    return {
        "one": subject.collaboration,
        "places": board_places(terms, subject.revealed, agreed_placement(subject)),
        "now": undecided[0] if undecided else None,
        "then": tuple(progress.short for progress in undecided[1:4]),
        "more": max(0, len(undecided) - 4),
        "talked": len(splits) - len(undecided),
        "split": len(splits),
        "withheld": withheld_counts_sentences(subject.revealed, room.workshop.at_least, terms),
        "where": standing_sentence(subject.agreed_assessment.verdict.placements, terms)
        if subject.agreed_assessment and subject.agreed_assessment.responses
        else "",
        "dissents": len(room.workshop.dissents.get(subject.collaboration.id, ())),
    }


def board_splits(progress: CollaborationProgress, terms: Terms, messages: Messages) -> tuple[BoardSplit, ...]:
    """The items on which raters of a revealed collaboration differ, widest first; empty before it is revealed."""
    agreed: Mapping[str, str] = progress.agreed_assessment.responses if progress.agreed_assessment else {}
    disputed = raters.disputed_items(progress.revealed) if progress.revealed else ()
    return tuple(
        BoardSplit(
            item=split.item,
            ask=terms.wording.items[split.item].ask,
            short=terms.item_heading(split.item),
            option_counts=tuple(_option_counts(split, terms, messages)),
            agreed=agreed.get(split.item, ""),
        )
        for split in disputed
        if split.item in terms.instrument.by_id
    )


def _option_counts(split: DisputedItem, terms: Terms, messages: Messages) -> Iterator[OptionCount]:
    """All options of an item with their counts, "Don't know" last; bars are relative to the longest."""
    most, words = max(split.counts.values()), terms.wording.items[split.item].options
    for option in (*terms.instrument.by_id[split.item].options, DONT_KNOW):
        count = split.counts.get(option, 0)
        yield OptionCount(
            label=words[option].label if option in words else messages.say("Don't know"),
            count=count,
            share=round(100 * count / most, 1),
            unknown=option == DONT_KNOW,
            value=option,
        )


def _steps_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """The steps that were agreed on, each with the name of its collaboration."""
    names = {step.collaboration.id: step.collaboration.name for step in room.collaborations}
    return {"steps": tuple((names.get(step.collaboration, ""), step) for step in room.workshop.steps)}
