"""The board: what everybody in the room looks at, made of what was revealed and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessor import qr_codes
from assessor.bank.case import CalibrationCase
from assessor.core import raters
from assessor.core.instrument import Instrument
from assessor.core.raters import Concordance, DisputedItem, RatingTally
from assessor.core.responses import DONT_KNOW, Collaboration
from assessor.core.workshop import Workshop
from assessor.presentation.messages import Messages
from assessor.presentation.room_sentences import format_figure, standing_sentence
from assessor.presentation.terms import Terms as Terms
from assessor.presentation.terms import as_sentence
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.presentation.verdict_text import CitedReason
from assessor.usecases.workshops import CollaborationProgress, WorkshopProgress
from assessor.web.http.request_context import HtmlPage, ServerConfig

#: Dots that the eye still counts; more are a number alone.
_MAX_DOTS = 20
#: Collaborations of which the whole spread finds room beside one another; of more, where most stand.
_MAX_SPREAD = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardChip:
    """One collaboration on a step."""

    name: str
    #: How many raters placed it there; 0 when the room has agreed.
    count: int
    #: Raters whose placement is settled.
    total: int
    #: Most of the room placed it here, or all agreed on it.
    most_common: bool
    agreed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardPlace:
    """A step, or a box beside the steps, with what stands there."""

    name: str
    line: str
    tone: Tone
    level: bool
    #: Raters placed there by their answers, and by gut feeling.
    count: int = 0
    gut: int = 0
    #: Where the instrument places a written case, or the room has agreed.
    here: bool = False
    chips: tuple[BoardChip, ...] = ()

    @property
    def dots(self) -> int:
        """How many to draw."""
        return self.count if self.count <= _MAX_DOTS else 0

    @property
    def gut_dots(self) -> int:
        """How many to draw for gut feeling."""
        return self.gut if self.gut <= _MAX_DOTS else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressRow:
    """How far the room is with one collaboration."""

    collaboration: Collaboration
    begun: int
    finished: int
    total: int
    #: What has been made of it, in a word or two.
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionCount:
    """An option of an item and how many chose it."""

    label: str
    count: int
    #: Of a hundred raters.
    share: float
    unknown: bool
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardSplit:
    """An item on which the room parts."""

    item: str
    ask: str
    short: str
    option_counts: tuple[OptionCount, ...]
    #: What the room agreed on; empty before.
    agreed: str = ""


def board_page(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> HtmlPage:
    """The board as a page."""
    return HtmlPage(template="board", title=room.workshop.name, facts=board_facts(room, desk, speech))


def board_update(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> HtmlPage:
    """What of the page changes."""
    return HtmlPage(template="board_now", title=room.workshop.name, facts=board_facts(room, desk, speech))


def board_facts(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> dict[str, Any]:
    """What the board shows at its stage."""
    shop = room.workshop
    of_stage = {
        "join": _join_facts,
        "case": _case_facts,
        "progress": _progress_facts,
        "talk": _talk_facts,
        "steps": _steps_facts,
    }
    more = of_stage.get(shop.stage, _terraces_facts)(room, desk, speech)
    wide, path = qr_codes.svg_path(join_url(desk, shop)) if shop.stage == "join" else (0, "")
    return {
        "of": shop,
        "stage": shop.stage,
        "address": desk.deployment.base_url.partition("//")[2],
        "code": spaced_code(shop),
        "joined": count_joined(room),
        "code_wide": wide,
        "code_path": path,
        **more,
    }


def join_url(desk: ServerConfig, shop: Workshop) -> str:
    """The address that a phone scans."""
    return f"{desk.deployment.base_url}/j/{shop.code}"


def spaced_code(shop: Workshop) -> str:
    """The code as it is read out."""
    return f"{shop.code[:4]} {shop.code[4:]}"


def count_joined(room: WorkshopProgress) -> int:
    """How many of the library's side are in the room."""
    return sum(each.side == "us" for each in room.respondents)


def instrument_terms(desk: ServerConfig, speech: Messages) -> Terms:
    """In which terms the room's instrument is told."""
    bank = desk.bank.get()
    return Terms(speech.language, bank.instrument, bank.nearest_wording(speech.language))


def calibration_cases(desk: ServerConfig, speech: Messages) -> tuple[CalibrationCase, ...]:
    """The written cases of the calibration round."""
    bank = desk.bank.get()
    return bank.calibration_cases(bank.nearest_language(speech.language))


def _join_facts(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> dict[str, Any]:
    return {}


def _case_facts(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> dict[str, Any]:
    shop, all_ = room.workshop, calibration_cases(desk, speech)
    at = next((index for index, each in enumerate(all_) if each.id == shop.subject), None)
    if at is None:
        return {"case": None}
    case, said = all_[at], instrument_terms(desk, speech)
    picture, agreeing = revealed_picture(shop, case.id), case_concordance(shop, said.instrument, case.id)
    corrected = agreeing.ac1 if agreeing else None
    return {
        "case": case,
        "number": at + 1,
        "of_cases": len(all_),
        "placed": len(case_placements(shop, case.id)),
        "picture": picture,
        "places": board_places(said, picture, case.placement) if picture else (),
        "told": said.numbered_name(case.placement),
        "why": tuple(each.text for each in deciding_responses(said, case)[:3]) if picture else (),
        "agreeing": agreeing,
        "corrected": "" if corrected is None else format_figure(corrected, speech.language),
    }


def case_placements(shop: Workshop, case: str) -> dict[str, str]:
    """By respondent who was not removed, where they place a written case."""
    return {who: where for who, where in shop.cases.get(case, {}).items() if who not in shop.removed}


def case_concordance(shop: Workshop, instrument: Instrument, case: str) -> Concordance | None:
    """How far the room agrees on a written case that was revealed; None before."""
    texts = {id_: revealed_picture(shop, id_) for id_ in shop.cases if id_ in shop.revealed}
    counts = {id_: picture.placements for id_, picture in texts.items() if picture}
    return raters.concordances(counts, len(instrument.placements), shop.at_least).get(case) if counts else None


def revealed_picture(shop: Workshop, subject: str) -> RatingTally | None:
    """What was revealed of a collaboration or a written case; None before."""
    text = shop.revealed.get(subject)
    return raters.parse_tally(text) if text else None


def deciding_responses(said: Terms, case: CalibrationCase) -> tuple[CitedReason, ...]:
    """The responses that decide where the instrument places a written case."""
    words = said.wording.items
    return tuple(
        CitedReason(text=as_sentence(words[each.item].options[each.option].reason), sources=())
        for each in case.verdict.reasons
    )


def board_places(said: Terms, picture: RatingTally, here: str = "") -> tuple[BoardPlace, ...]:
    """Every step, and what else anybody placed it as, with how many did."""
    by_level = level_tones(said.instrument)
    return tuple(
        BoardPlace(
            name=said.numbered_name(each),
            line=said.wording.placements[each].line,
            tone=by_level.get(each, BESIDE_TONE),
            level=each in by_level,
            count=picture.placements.get(each, 0),
            gut=picture.gut.get(each, 0),
            here=each == here,
        )
        for each in said.instrument.placements
        if each in by_level or picture.placements.get(each) or picture.gut.get(each) or each == here
    )


def _progress_facts(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> dict[str, Any]:
    rows = tuple(progress_rows(room, speech))
    return {"rows": rows, "own": room.brought_along, "finished": sum(row.finished for row in rows)}


def progress_rows(room: WorkshopProgress, speech: Messages) -> Iterator[ProgressRow]:
    """How far the room is with each collaboration."""
    for each in room.collaborations:
        yield ProgressRow(
            collaboration=each.collaboration,
            begun=each.begun,
            finished=each.finished,
            total=count_joined(room),
            status=_status_text(each, speech),
        )


def _status_text(seen: CollaborationProgress, speech: Messages) -> str:
    if seen.agreed_assessment:
        return speech.say("agreed on") if seen.agreed_assessment.finished else speech.say("being agreed on")
    return speech.say("shown") if seen.revealed else ""


def _terraces_facts(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> dict[str, Any]:
    said, subject = instrument_terms(desk, speech), room.workshop.subject
    one = next((each for each in room.collaborations if each.collaboration.id == subject and each.revealed), None)
    if one and one.revealed:
        agreed = agreed_placement(one)
        return {
            "one": one.collaboration,
            "picture": one.revealed,
            "places": board_places(said, one.revealed, agreed),
            "agreed": agreed,
            "settled": sum(one.revealed.placements.values()),
            "guts": sum(one.revealed.gut.values()),
        }
    stands = tuple(_overview_places(room.collaborations, said))
    return {
        "one": None,
        "stands": stands,
        "chips": sum(len(each.chips) for each in stands),
        "shown": sum(bool(each.revealed or each.agreed_assessment) for each in room.collaborations),
    }


def agreed_placement(seen: CollaborationProgress) -> str:
    """The placement that the room agreed on; empty while there is none, or it is not settled."""
    return (
        (seen.agreed_assessment.verdict.placement or "")
        if seen.agreed_assessment and seen.agreed_assessment.finished
        else ""
    )


def _overview_places(seen: Sequence[CollaborationProgress], said: Terms) -> Iterator[BoardPlace]:
    by_level, names = level_tones(said.instrument), _short_names(seen)
    whole = sum(bool(each.revealed) for each in seen) <= _MAX_SPREAD
    for each in said.instrument.placements:
        chips = tuple(chip for one in seen for chip in _board_chips(one, each, names) if chip.most_common or whole)
        if chips or each in by_level:
            yield BoardPlace(
                name=said.numbered_name(each),
                line=said.wording.placements[each].line,
                tone=by_level.get(each, BESIDE_TONE),
                level=each in by_level,
                chips=chips,
            )


def _short_names(seen: Sequence[CollaborationProgress]) -> dict[str, str]:
    """By id, the party's name alone where that tells collaborations apart."""
    of = [each.collaboration for each in seen]
    parties = [each.party for each in of]
    return {each.id: each.name if parties.count(each.party) > 1 else each.party for each in of}


def _board_chips(seen: CollaborationProgress, placement: str, names: Mapping[str, str]) -> Iterator[BoardChip]:
    """What of a collaboration stands at a placement: once when agreed on, else wherever anybody placed it."""
    agreed = agreed_placement(seen)
    if agreed:
        if agreed == placement:
            yield BoardChip(name=names[seen.collaboration.id], count=0, total=0, most_common=True, agreed=True)
    elif seen.revealed and placement in seen.revealed.placements:
        counts = seen.revealed.placements
        of, most = sum(counts.values()), counts[placement] == max(counts.values())
        yield BoardChip(name=names[seen.collaboration.id], count=counts[placement], total=of, most_common=most)


def _talk_facts(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> dict[str, Any]:
    said = instrument_terms(desk, speech)
    one = next(
        (each for each in room.collaborations if each.collaboration.id == room.workshop.subject and each.revealed), None
    )
    if one is None or one.revealed is None:
        return {"one": None}
    found = board_splits(one, said, speech)
    left = [each for each in found if not each.agreed]
    return {
        "one": one.collaboration,
        "places": board_places(said, one.revealed, agreed_placement(one)),
        "now": left[0] if left else None,
        "then": tuple(each.short for each in left[1:4]),
        "more": max(0, len(left) - 4),
        "talked": len(found) - len(left),
        "split": len(found),
        "where": standing_sentence(one.agreed_assessment.verdict.placements, said)
        if one.agreed_assessment and one.agreed_assessment.responses
        else "",
        "dissents": len(room.workshop.dissents.get(one.collaboration.id, ())),
    }


def board_splits(seen: CollaborationProgress, said: Terms, speech: Messages) -> tuple[BoardSplit, ...]:
    """The items on which the raters of a collaboration that was revealed part, widest first."""
    agreed: Mapping[str, str] = seen.agreed_assessment.responses if seen.agreed_assessment else {}
    found = raters.disputed_items(seen.revealed) if seen.revealed else ()
    return tuple(
        BoardSplit(
            item=each.item,
            ask=said.wording.items[each.item].ask,
            short=said.item_heading(each.item),
            option_counts=tuple(_option_counts(each, said, speech)),
            agreed=agreed.get(each.item, ""),
        )
        for each in found
        if each.item in said.instrument.by_id
    )


def _option_counts(split: DisputedItem, said: Terms, speech: Messages) -> Iterator[OptionCount]:
    most, words = max(split.counts.values()), said.wording.items[split.item].options
    for option in (*said.instrument.by_id[split.item].options, DONT_KNOW):
        count = split.counts.get(option, 0)
        yield OptionCount(
            label=words[option].label if option in words else speech.say("Don't know"),
            count=count,
            share=round(100 * count / most, 1),
            unknown=option == DONT_KNOW,
            value=option,
        )


def _steps_facts(room: WorkshopProgress, desk: ServerConfig, speech: Messages) -> dict[str, Any]:
    names = {each.collaboration.id: each.collaboration.name for each in room.collaborations}
    return {"steps": tuple((names.get(each.collaboration, ""), each) for each in room.workshop.steps)}
