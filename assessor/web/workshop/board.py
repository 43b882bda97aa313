"""The board: what everybody in the room looks at, made of what was revealed and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessor import bank, qr_codes
from assessor.bank.case import CalibrationCase
from assessor.core import raters
from assessor.core.instrument import Instrument
from assessor.core.raters import Concordance, Picture, Split
from assessor.core.responses import DONT_KNOW, Collaboration
from assessor.core.workshop import Workshop
from assessor.presentation.room_sentences import figure
from assessor.presentation.terms import Speech as Terms
from assessor.presentation.terms import sentence
from assessor.presentation.tones import BESIDE, Tone, tones
from assessor.presentation.verdict_page import Why
from assessor.usecases.workshops import Room, Seen
from assessor.web.http.request_context import Desk, Shown
from assessor.web.messages import Speech

#: Dots that the eye still counts; more are a number alone.
_MOST_DOTS = 20
#: Collaborations of which the whole spread finds room beside one another; of more, where most stand.
_FEW = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """One collaboration on a step."""

    name: str
    #: How many raters placed it there; 0 when the room has agreed.
    count: int
    #: Raters whose placement is settled.
    of: int
    #: Most of the room placed it here, or all agreed on it.
    most: bool
    agreed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
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
    chips: tuple[Chip, ...] = ()

    @property
    def dots(self) -> int:
        """How many to draw."""
        return self.count if self.count <= _MOST_DOTS else 0

    @property
    def guts(self) -> int:
        """How many to draw for gut feeling."""
        return self.gut if self.gut <= _MOST_DOTS else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """How far the room is with one collaboration."""

    collaboration: Collaboration
    begun: int
    finished: int
    of: int
    #: What has been made of it, in a word or two.
    told: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """An option of an item and how many chose it."""

    label: str
    count: int
    #: Of a hundred raters.
    share: float
    unknown: bool
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """An item on which the room parts."""

    item: str
    ask: str
    short: str
    given: tuple[Given, ...]
    #: What the room agreed on; empty before.
    agreed: str = ""


def whole(room: Room, desk: Desk, speech: Speech) -> Shown:
    """The board as a page."""
    return Shown(template="board", title=room.workshop.name, facts=facts(room, desk, speech))


def part(room: Room, desk: Desk, speech: Speech) -> Shown:
    """What of the page changes."""
    return Shown(template="board_now", title=room.workshop.name, facts=facts(room, desk, speech))


def facts(room: Room, desk: Desk, speech: Speech) -> dict[str, Any]:
    """What the board shows at its stage."""
    shop = room.workshop
    of_stage = {"join": _join, "case": _case, "progress": _progress, "talk": _talk, "steps": _steps}
    more = of_stage.get(shop.stage, _terraces)(room, desk, speech)
    wide, path = qr_codes.as_path(joining(desk, shop)) if shop.stage == "join" else (0, "")
    return {
        "of": shop,
        "stage": shop.stage,
        "address": desk.setting.base.partition("//")[2],
        "code": code(shop),
        "joined": joined(room),
        "code_wide": wide,
        "code_path": path,
        **more,
    }


def joining(desk: Desk, shop: Workshop) -> str:
    """The address that a phone scans."""
    return f"{desk.setting.base}/j/{shop.code}"


def code(shop: Workshop) -> str:
    """The code as it is read out."""
    return f"{shop.code[:4]} {shop.code[4:]}"


def joined(room: Room) -> int:
    """How many of the library's side are in the room."""
    return sum(each.side == "us" for each in room.respondents)


def terms(desk: Desk, speech: Speech) -> Terms:
    """In which terms the room's instrument is told."""
    language = bank.nearest(speech.language, bank.languages(desk.bank))
    return Terms(speech.language, bank.load(desk.bank), bank.wording(desk.bank, language))


def cases(desk: Desk, speech: Speech) -> tuple[CalibrationCase, ...]:
    """The written cases of the calibration round."""
    return bank.calibration(desk.bank, bank.nearest(speech.language, bank.languages(desk.bank)))


def _join(room: Room, desk: Desk, speech: Speech) -> dict[str, Any]:
    return {}


def _case(room: Room, desk: Desk, speech: Speech) -> dict[str, Any]:
    shop, all_ = room.workshop, cases(desk, speech)
    at = next((index for index, each in enumerate(all_) if each.id == shop.subject), None)
    if at is None:
        return {"case": None}
    case, said = all_[at], terms(desk, speech)
    picture, agreeing = shown(shop, case.id), case_concordance(shop, said.instrument, case.id)
    corrected = agreeing.ac1 if agreeing else None
    return {
        "case": case,
        "number": at + 1,
        "of_cases": len(all_),
        "placed": len(placed(shop, case.id)),
        "picture": picture,
        "places": places(said, picture, case.placement) if picture else (),
        "told": said.level(case.placement),
        "why": tuple(each.text for each in why(said, case)[:3]) if picture else (),
        "agreeing": agreeing,
        "corrected": "" if corrected is None else figure(corrected, speech.language),
    }


def placed(shop: Workshop, case: str) -> dict[str, str]:
    """By respondent who was not removed, where they place a written case."""
    return {who: where for who, where in shop.cases.get(case, {}).items() if who not in shop.removed}


def case_concordance(shop: Workshop, instrument: Instrument, case: str) -> Concordance | None:
    """How far the room agrees on a written case that was revealed; None before."""
    texts = {id_: shown(shop, id_) for id_ in shop.cases if id_ in shop.revealed}
    counts = {id_: picture.placements for id_, picture in texts.items() if picture}
    return raters.concordances(counts, len(instrument.placements), shop.at_least).get(case) if counts else None


def shown(shop: Workshop, subject: str) -> Picture | None:
    """What was revealed of a collaboration or a written case; None before."""
    text = shop.revealed.get(subject)
    return raters.from_text(text) if text else None


def why(said: Terms, case: CalibrationCase) -> tuple[Why, ...]:
    """The responses that decide where the instrument places a written case."""
    words = said.wording.items
    return tuple(
        Why(text=sentence(words[each.item].options[each.option].reason), sources=()) for each in case.verdict.reasons
    )


def places(said: Terms, picture: Picture, here: str = "") -> tuple[Place, ...]:
    """Every step, and what else anybody placed it as, with how many did."""
    by_level = tones(said.instrument)
    return tuple(
        Place(
            name=said.level(each),
            line=said.wording.placements[each].line,
            tone=by_level.get(each, BESIDE),
            level=each in by_level,
            count=picture.placements.get(each, 0),
            gut=picture.gut.get(each, 0),
            here=each == here,
        )
        for each in said.instrument.placements
        if each in by_level or picture.placements.get(each) or picture.gut.get(each) or each == here
    )


def _progress(room: Room, desk: Desk, speech: Speech) -> dict[str, Any]:
    rows = tuple(rows_of(room, speech))
    return {"rows": rows, "own": room.own, "finished": sum(row.finished for row in rows)}


def rows_of(room: Room, speech: Speech) -> Iterator[Row]:
    """How far the room is with each collaboration."""
    for each in room.seen:
        yield Row(
            collaboration=each.collaboration,
            begun=each.begun,
            finished=each.finished,
            of=joined(room),
            told=_told(each, speech),
        )


def _told(seen: Seen, speech: Speech) -> str:
    if seen.agreed:
        return speech.say("agreed on") if seen.agreed.finished else speech.say("being agreed on")
    return speech.say("shown") if seen.shown else ""


def _terraces(room: Room, desk: Desk, speech: Speech) -> dict[str, Any]:
    said, subject = terms(desk, speech), room.workshop.subject
    one = next((each for each in room.seen if each.collaboration.id == subject and each.shown), None)
    if one and one.shown:
        agreed = agreed_placement(one)
        return {
            "one": one.collaboration,
            "picture": one.shown,
            "places": places(said, one.shown, agreed),
            "agreed": agreed,
            "settled": sum(one.shown.placements.values()),
            "guts": sum(one.shown.gut.values()),
        }
    stands = tuple(_stands(room.seen, said))
    return {
        "one": None,
        "stands": stands,
        "chips": sum(len(each.chips) for each in stands),
        "shown": sum(bool(each.shown or each.agreed) for each in room.seen),
    }


def agreed_placement(seen: Seen) -> str:
    """The placement that the room agreed on; empty while there is none, or it is not settled."""
    return (seen.agreed.verdict.placement or "") if seen.agreed and seen.agreed.finished else ""


def _stands(seen: Sequence[Seen], said: Terms) -> Iterator[Place]:
    by_level, names = tones(said.instrument), _short(seen)
    whole = sum(bool(each.shown) for each in seen) <= _FEW
    for each in said.instrument.placements:
        chips = tuple(chip for one in seen for chip in _chips(one, each, names) if chip.most or whole)
        if chips or each in by_level:
            yield Place(
                name=said.level(each),
                line=said.wording.placements[each].line,
                tone=by_level.get(each, BESIDE),
                level=each in by_level,
                chips=chips,
            )


def _short(seen: Sequence[Seen]) -> dict[str, str]:
    """By id, the party's name alone where that tells collaborations apart."""
    of = [each.collaboration for each in seen]
    parties = [each.party for each in of]
    return {each.id: each.name if parties.count(each.party) > 1 else each.party for each in of}


def _chips(seen: Seen, placement: str, names: Mapping[str, str]) -> Iterator[Chip]:
    """What of a collaboration stands at a placement: once when agreed on, else wherever anybody placed it."""
    agreed = agreed_placement(seen)
    if agreed:
        if agreed == placement:
            yield Chip(name=names[seen.collaboration.id], count=0, of=0, most=True, agreed=True)
    elif seen.shown and placement in seen.shown.placements:
        counts = seen.shown.placements
        of, most = sum(counts.values()), counts[placement] == max(counts.values())
        yield Chip(name=names[seen.collaboration.id], count=counts[placement], of=of, most=most)


def _talk(room: Room, desk: Desk, speech: Speech) -> dict[str, Any]:
    said = terms(desk, speech)
    one = next((each for each in room.seen if each.collaboration.id == room.workshop.subject and each.shown), None)
    if one is None or one.shown is None:
        return {"one": None}
    found = parts(one, said, speech)
    left = [each for each in found if not each.agreed]
    return {
        "one": one.collaboration,
        "places": places(said, one.shown, agreed_placement(one)),
        "now": left[0] if left else None,
        "then": tuple(each.short for each in left[1:4]),
        "more": max(0, len(left) - 4),
        "talked": len(found) - len(left),
        "split": len(found),
        "where": said.either(one.agreed.verdict.placements[:3]) if one.agreed and one.agreed.responses else "",
        "dissents": len(room.workshop.dissents.get(one.collaboration.id, ())),
    }


def parts(seen: Seen, said: Terms, speech: Speech) -> tuple[Part, ...]:
    """The items on which the raters of a collaboration that was revealed part, widest first."""
    agreed: Mapping[str, str] = seen.agreed.responses if seen.agreed else {}
    found = raters.splits(seen.shown) if seen.shown else ()
    return tuple(
        Part(
            item=each.item,
            ask=said.wording.items[each.item].ask,
            short=said.item(each.item),
            given=tuple(_given(each, said, speech)),
            agreed=agreed.get(each.item, ""),
        )
        for each in found
        if each.item in said.instrument.by_id
    )


def _given(split: Split, said: Terms, speech: Speech) -> Iterator[Given]:
    most, words = max(split.counts.values()), said.wording.items[split.item].options
    for option in (*said.instrument.by_id[split.item].options, DONT_KNOW):
        count = split.counts.get(option, 0)
        yield Given(
            label=words[option].label if option in words else speech.say("Don't know"),
            count=count,
            share=round(100 * count / most, 1),
            unknown=option == DONT_KNOW,
            value=option,
        )


def _steps(room: Room, desk: Desk, speech: Speech) -> dict[str, Any]:
    names = {each.collaboration.id: each.collaboration.name for each in room.seen}
    return {"steps": tuple((names.get(each.collaboration, ""), each) for each in room.workshop.steps)}
