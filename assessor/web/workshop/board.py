"""The board: what everybody in the room looks at, and the values that facilitators' pages share with it.

What a board may show follows one rule: nothing of a collaboration before the facilitator has revealed it. All numbers
therefore come from what was stored at that moment (`revealed`), never from current answers, and nothing here knows who
answered what. Each stage of a workshop has one function `_…_facts`, which returns what its part of the template needs.

`board_page` is the whole page, `board_update` the part that live updates send. `facilitating` and `calibration` use the
public functions for their own pages, so that a phone, a facilitator and the board never disagree.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from assessor import qr_codes
from assessor.bank.case import CalibrationCase
from assessor.core import raters
from assessor.core.course import END_SIZE, PICTURE_SIZE, picture_page, picture_pages
from assessor.core.disclosure import revealed_tally
from assessor.core.raters import RatingTally
from assessor.core.responses import DONT_KNOW, Collaboration
from assessor.core.settling import DecidingItem, RoomSettlement
from assessor.core.workshop import Stage, Workshop
from assessor.presentation.messages import Messages
from assessor.presentation.placements import list_placements
from assessor.presentation.room_sentences import (
    deciding_sentence,
    folded_sentence,
    settlement_sentence,
    wanted_label,
    withheld_counts_sentences,
)
from assessor.presentation.terms import Terms, as_sentence
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.presentation.verdict_text import CitedReason
from assessor.usecases.workshops import CollaborationProgress, WorkshopProgress
from assessor.web.http.request_context import HtmlPage, ServerConfig

#: While the board shows these, people may still come, and the code stands in a corner.
_STAGES_WITH_CODE: Final[frozenset[Stage]] = frozenset({"gut", "case", "progress"})
#: Most steps that stand beside the terraces at the end.
_MAX_STEPS_AT_END = 3
#: Most collaborations that are named as lacking answers.
_MAX_LACKING = 3
#: Most dots that can be counted at a glance; above this only the number is shown.
_MAX_DOTS = 20
#: Most placements of collaborations that fit on the board; above this only the most common of each is shown.
_MAX_SPREAD = 6


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
    #: Where the room wishes it to be, with an arrow; empty where nobody said, or it is there.
    wanted: str = ""


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
    """An option of an item, how many raters chose it, and where it leads."""

    label: str
    #: The label in a few words, for a board that is read from the back row.
    short: str
    count: int
    #: Length of the bar in percent of the longest.
    share: float
    unknown: bool
    value: str
    #: The placements that it leaves possible, in a few words; empty where it tells nothing apart.
    leads: str = ""
    #: The levels' tones from the highest down, each with whether the option leaves that level possible.
    lit: tuple[tuple[Tone, bool], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardSplit:
    """An item that the room has to settle, or has settled."""

    item: str
    ask: str
    short: str
    option_counts: tuple[OptionCount, ...]
    #: Where each response leads, in a sentence; empty once it is settled, or where it moves nothing.
    decides: str = ""
    #: The response that the room settled; empty before.
    agreed: str = ""
    #: The response that most gave, which a facilitator is offered first; don't know where none leads.
    most_given: str = DONT_KNOW


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardTalk:
    """What the room talks about of one collaboration: the same on the board, the facilitator's page and the phones."""

    #: What still decides, the most deciding first.
    to_settle: tuple[BoardSplit, ...]
    #: What was talked about and settled, in that order.
    settled: tuple[BoardSplit, ...]
    #: What differs without moving anything, and that in a sentence; empty where nothing does.
    folded: tuple[BoardSplit, ...]
    folded_text: str
    #: Where it stands, in a sentence.
    standing: str
    #: The levels' tones from the highest down, each with whether it is still possible.
    lit: tuple[tuple[Tone, bool], ...]
    #: Whether the room has agreed.
    agreed: bool

    @property
    def now(self) -> BoardSplit | None:
        """What to talk about now; None once nothing decides any more."""
        return self.to_settle[0] if self.to_settle else None

    @property
    def number(self) -> int:
        """The number of what is talked about now, from 1."""
        return len(self.settled) + 1

    @property
    def count(self) -> int:
        """How many items there are to talk about, those that are settled included."""
        return len(self.settled) + len(self.to_settle)


def board_page(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> HtmlPage:
    """The whole board."""
    return HtmlPage(template="board", title=room.workshop.name, facts=board_facts(room, config, messages))


def board_update(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> HtmlPage:
    """The part of the board that changes, as live updates send it."""
    return HtmlPage(template="board_now", title=room.workshop.name, facts=board_facts(room, config, messages))


def small_board(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> HtmlPage:
    """The same picture, to be laid out small beside what leads it."""
    facts = {**board_facts(room, config, messages), "small": True}
    return HtmlPage(template="board_now", title="", facts=facts)


def board_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """What the template shows at the current stage."""
    workshop = room.workshop
    of_stage: Mapping[Stage, Callable[[WorkshopProgress, ServerConfig, Messages], dict[str, Any]]] = {
        "join": _no_facts,
        "gut": _progress_facts,
        "case": _case_facts,
        "progress": _progress_facts,
        "verdict": _no_facts,
        "talk": _talk_facts,
        "steps": _steps_facts,
        "closed": _end_facts,
    }
    more = of_stage.get(workshop.stage, terraces_facts)(room, config, messages)
    wide, path = _join_code(join_url(config, workshop))
    return {
        "of": workshop,
        "unreachable": config.address_watch.warning(messages.gettext, brief=True),
        "stage": workshop.stage,
        "address": config.base_url.partition("//")[2],
        "may_join": not workshop.locked
        and workshop.stage in _STAGES_WITH_CODE
        and workshop.subject not in workshop.revealed,
        "code": spaced_code(workshop),
        "joined": count_joined(room),
        "code_wide": wide,
        "code_path": path,
        **more,
    }


@lru_cache(maxsize=64)
def _join_code(address: str) -> tuple[int, str]:
    """The QR code of an address, made once: it is the costliest part of the page."""
    return qr_codes.svg_path(address)


def join_url(config: ServerConfig, workshop: Workshop) -> str:
    """The address in the QR code."""
    return f"{config.base_url}/j/{workshop.code}"


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


def _no_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """Nothing beyond the code and the number of participants, which every stage has."""
    return {}


def _end_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """What the room made: its terraces, and the first steps that it agreed on; in pages where they are many."""
    terms, page = instrument_terms(config, messages), picture_page(room.workshop.subject)
    together = len(room.collaborations) <= END_SIZE
    on_page = room.collaborations if together else _page_of(room.collaborations, page - 1)
    places = tuple(_overview_places(on_page, terms)) if on_page else ()
    steps = _steps_facts(room, config, messages)["steps"] if page == 1 else ()
    return {
        "stands": places,
        "chips": sum(len(place.chips) for place in places),
        "steps": steps[:_MAX_STEPS_AT_END],
        "page": "" if page == 1 else f"{page - 1}/{picture_pages(len(room.collaborations))}",
    }


def _page_of(collaborations: Sequence[CollaborationProgress], page: int) -> Sequence[CollaborationProgress]:
    """Those on a page of the whole picture, from 1; none on page 0."""
    return collaborations[(page - 1) * PICTURE_SIZE : page * PICTURE_SIZE] if page else ()


def _case_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """A written case: how many have placed it; once revealed, where they did and where the instrument does."""
    workshop, cases = room.workshop, calibration_cases(config, messages)
    index = next((index for index, candidate in enumerate(cases) if candidate.id == workshop.subject), None)
    if index is None:
        return {"case": None}
    case, terms = cases[index], instrument_terms(config, messages)
    picture = revealed_tally(workshop, case.id)
    return {
        "case": case,
        "number": index + 1,
        "of_cases": len(cases),
        "placed": len(case_placements(workshop, case.id)),
        "picture": picture,
        "places": board_places(terms, picture, (case.placement,)) if picture else (),
        "told": terms.numbered_name(case.placement),
        "why": tuple(case_.text for case_ in deciding_responses(terms, case)[:3]) if picture else (),
        "as_told": picture.placements.get(case.placement, 0) if picture else 0,
    }


def case_placements(workshop: Workshop, case: str) -> dict[str, str]:
    """Where participants place a written case, by respondent id; without those who were removed."""
    return {who: where for who, where in workshop.cases.get(case, {}).items() if who not in workshop.removed}


def deciding_responses(terms: Terms, case: CalibrationCase) -> tuple[CitedReason, ...]:
    """The responses that decide where the instrument places a written case."""
    words = terms.wording.items
    return tuple(
        CitedReason(text=as_sentence(words[reason.item].options[reason.option].reason), sources=())
        for reason in case.verdict.reasons
    )


def board_places(terms: Terms, picture: RatingTally, here: Collection[str] = ()) -> tuple[BoardPlace, ...]:
    """All steps, and those other placements that somebody chose or the instrument gives, with their counts.

    `here` are the instrument's placement, or those that the room agreed on.
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
            here=placement in here,
        )
        for placement in terms.instrument.placements
        if placement in by_level or picture.placements.get(placement) or picture.gut.get(placement) or placement in here
    )


def _progress_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """How far the room has come with each collaboration; no placements."""
    rows = tuple(progress_rows(room, messages))
    lacking = (row for row in rows if row.begun < room.workshop.at_least)
    return {
        "rows": rows,
        "own": room.brought_along,
        "finished": sum(row.finished for row in rows),
        "answering": sum(row.begun - row.finished for row in rows),
        "lacking": tuple(row.collaboration.party for row in lacking)[:_MAX_LACKING],
    }


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
        return messages.say("agreed on") if progress.agreed else messages.say("being agreed on")
    return messages.say("shown") if progress.revealed else ""


def terraces_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """The subject's spread over the terraces, or an overview of everything revealed when there is no subject."""
    terms = instrument_terms(config, messages)
    shown = _revealed_subject(room)
    if shown and shown.revealed:
        agreed = agreed_placements(shown)
        return {
            "one": shown.collaboration,
            "picture": shown.revealed,
            "places": board_places(terms, shown.revealed, agreed),
            "agreed": bool(agreed),
            "settled": sum(shown.revealed.placements.values()),
            "surprised": _surprised_sentence(shown.revealed, terms),
            "withheld": withheld_counts_sentences(shown.revealed, room.workshop.at_least, terms),
        }
    page, pages = picture_page(room.workshop.subject), picture_pages(len(room.collaborations))
    on_page = room.collaborations if room.workshop.closed else _page_of(room.collaborations, page)
    places = tuple(_overview_places(on_page, terms))
    return {
        "one": None,
        "page": f"{page}/{pages}" if pages > 1 else "",
        "stands": places,
        "chips": sum(len(place.chips) for place in places),
        "shown": sum(bool(progress.revealed or progress.agreed_assessment) for progress in room.collaborations),
    }


def _surprised_sentence(tally: RatingTally, terms: Terms) -> str:
    """For how many the responses led elsewhere than their gut feeling; empty where that is withheld."""
    if tally.felt is None or tally.as_felt is None:
        return ""
    return terms.count(
        "{other} of {number} landed elsewhere than by gut feeling.",
        "{other} of {number} landed elsewhere than by gut feeling.",
        tally.felt,
        other=tally.felt - tally.as_felt,
    )


def _revealed_subject(room: WorkshopProgress) -> CollaborationProgress | None:
    """The collaboration that the stage is about; None when it is about none, or about one not yet revealed."""
    subject = room.workshop.subject
    return next(
        (progress for progress in room.collaborations if progress.collaboration.id == subject and progress.revealed),
        None,
    )


def agreed_placements(progress: CollaborationProgress) -> tuple[str, ...]:
    """The placements that what the room agreed on leaves possible; none before it has agreed."""
    return progress.settlement.placements if progress.agreed else ()


def _overview_places(collaborations: Sequence[CollaborationProgress], terms: Terms) -> Iterator[BoardPlace]:
    """The terraces with all revealed collaborations.

    With many collaborations only the most common placement of each is drawn, as whole spreads would not fit on a board.
    """
    by_level, names = level_tones(terms.instrument), _short_names(collaborations)
    whole_spread = sum(_count_chips(progress) for progress in collaborations) <= _MAX_SPREAD
    for placement in terms.instrument.placements:
        chips = tuple(
            chip
            for progress in collaborations
            for chip in _board_chips(progress, placement, names, terms)
            if chip.most_common or chip.agreed or whole_spread
        )
        if chips or placement in by_level:
            yield BoardPlace(
                name=terms.numbered_name(placement),
                line=terms.wording.placements[placement].line,
                tone=by_level.get(placement, BESIDE_TONE),
                level=placement in by_level,
                chips=chips,
            )


def _count_chips(progress: CollaborationProgress) -> int:
    """At how many placements a collaboration would be drawn whole."""
    if agreed := agreed_placements(progress):
        return len(agreed)
    return len(progress.revealed.placements) if progress.revealed else 0


def _short_names(collaborations: Sequence[CollaborationProgress]) -> dict[str, str]:
    """Names by collaboration id: the party alone where it has one collaboration, else the full name."""
    listed = [progress.collaboration for progress in collaborations]
    parties = [collaboration.party for collaboration in listed]
    return {
        collaboration.id: collaboration.name if parties.count(collaboration.party) > 1 else collaboration.party
        for collaboration in listed
    }


def _board_chips(
    progress: CollaborationProgress, placement: str, names: Mapping[str, str], terms: Terms
) -> Iterator[BoardChip]:
    """The chip of a collaboration at a placement, if any: where it may be as agreed, else wherever it was placed."""
    agreed = agreed_placements(progress)
    if agreed:
        if placement in agreed:
            name, alone = names[progress.collaboration.id], len(agreed) == 1
            wanted = wanted_label(_wanted_level(progress), agreed, terms)
            yield BoardChip(name=name, count=0, total=0, most_common=alone, agreed=True, wanted=wanted)
    elif progress.revealed and placement in progress.revealed.placements:
        counts = progress.revealed.placements
        total, most = sum(counts.values()), counts[placement] == max(counts.values())
        yield BoardChip(name=names[progress.collaboration.id], count=counts[placement], total=total, most_common=most)


def _wanted_level(progress: CollaborationProgress) -> str | None:
    return progress.agreed_assessment.assessment.wanted if progress.agreed_assessment else None


def _talk_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """What decides most now, what comes after it, and where it stands by what the room has settled so far."""
    terms = instrument_terms(config, messages)
    subject = _talked_about(room)
    if subject is None:
        return {"one": None}
    picture = subject.revealed or RatingTally()
    return {
        "one": subject.collaboration,
        "picture": subject.revealed,
        "talk": board_talk(subject, terms, room.workshop.at_least),
        "places": board_places(terms, picture, agreed_placements(subject)),
        "withheld": withheld_counts_sentences(picture, room.workshop.at_least, terms) if subject.revealed else (),
        "dissents": len(room.workshop.dissents.get(subject.collaboration.id, ())),
    }


def _talked_about(room: WorkshopProgress) -> CollaborationProgress | None:
    """The collaboration that the room talks about; None where nothing of it may be shown."""
    return next(
        (
            progress
            for progress in room.collaborations
            if progress.collaboration.id == room.workshop.subject and (progress.revealed or progress.agreed_assessment)
        ),
        None,
    )


def board_talk(progress: CollaborationProgress, terms: Terms, at_least: int) -> BoardTalk:
    """What the room talks about of a collaboration that was revealed, or that it settles from a blank sheet."""
    settlement, told = progress.settlement, progress.revealed or RatingTally()
    shared = raters.unanimous_responses(told, at_least)
    talked = (item for item in settlement.settled if item not in shared)
    return BoardTalk(
        to_settle=tuple(_deciding_split(split, terms) for split in settlement.to_settle),
        settled=tuple(_settled_split(item, settlement, told, terms) for item in talked),
        folded=tuple(_split(split.item, split.counts, terms) for split in settlement.folded),
        folded_text=folded_sentence(settlement, terms),
        standing=settlement_sentence(settlement, terms),
        lit=_lit_levels(settlement.placements, terms),
        agreed=settlement.agreed,
    )


def _deciding_split(split: DecidingItem, terms: Terms) -> BoardSplit:
    """An item that still decides, with where each option leads unless all lead to the same."""
    alike = len(set(split.leads.values())) == 1
    return _split(split.item, split.counts, terms, {} if alike else split.leads, deciding_sentence(split, terms))


def _settled_split(item: str, settlement: RoomSettlement, told: RatingTally, terms: Terms) -> BoardSplit:
    return replace(_split(item, told.items.get(item, {}), terms), agreed=settlement.settled[item])


def _split(
    item: str,
    counts: Mapping[str, int],
    terms: Terms,
    leads: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    decides: str = "",
) -> BoardSplit:
    known = {option: count for option, count in counts.items() if option != DONT_KNOW}
    most = [option for option, count in known.items() if count == max(known.values())]
    return BoardSplit(
        item=item,
        ask=terms.wording.items[item].ask,
        short=terms.item_heading(item),
        option_counts=tuple(_option_counts(item, counts, leads, terms)),
        decides=decides,
        most_given=most[0] if len(most) == 1 else DONT_KNOW,
    )


def _option_counts(
    item: str, counts: Mapping[str, int], leads: Mapping[str, tuple[str, ...]], terms: Terms
) -> Iterator[OptionCount]:
    """All options of an item with their counts, "Don't know" last; bars are relative to the longest."""
    most, words = max(counts.values(), default=1), terms.wording.items[item].options
    for option in (*terms.instrument.by_id[item].options, DONT_KNOW):
        count, placements = counts.get(option, 0), leads.get(option, ())
        yield OptionCount(
            label=words[option].label if option in words else terms.say("Don't know"),
            short=terms.short_response(item, option),
            count=count,
            share=round(100 * count / most, 1),
            unknown=option == DONT_KNOW,
            value=option,
            leads=list_placements(placements, terms, "brief") if placements else "",
            lit=_lit_levels(placements, terms) if placements else (),
        )


def _lit_levels(placements: Collection[str], terms: Terms) -> tuple[tuple[Tone, bool], ...]:
    return tuple((tone, placement in placements) for placement, tone in level_tones(terms.instrument).items())


def _steps_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """The steps that were agreed on, each with the name of its collaboration."""
    names = {step.collaboration.id: step.collaboration.name for step in room.collaborations}
    return {"steps": tuple((names.get(step.collaboration, ""), step) for step in room.workshop.steps)}
