"""What whoever leads a workshop does: what is on the board, revealed, talked about and agreed on, and the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessor import qr_codes
from assessor.core.responses import DONT_KNOW, Collaboration
from assessor.core.workshop import STAGES, Respondent, Stage
from assessor.errors import AssessorError
from assessor.presentation.advice import steps_of
from assessor.usecases.assessments import Opened, fit_name, fit_text
from assessor.usecases.workshops import Room, Seen, TooFew, TooFewSince
from assessor.web.errors import NoSuchPage, NotChosen, NotEnded, NotSure, Overtaken
from assessor.web.http.request_context import Answer, Goto, Shown, Streamed, Visit
from assessor.web.templates import laid_out
from assessor.web.workshop import board
from assessor.web.workshop.live_updates import LEADING_STREAMS, listening

#: Stages that a button on every page of who leads leads to, beside those about one collaboration or case.
_PLAIN: tuple[Stage, ...] = ("join", "progress", "terraces", "steps")


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A written case as who leads sees it."""

    id: str
    number: int
    text: str
    placed: int
    shown: bool
    on_board: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A collaboration as who leads sees it."""

    row: board.Row
    on_board: bool
    shown: bool
    agreed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Somebody:
    """One who joined, as who leads sees them."""

    respondent: Respondent
    #: As they wished to be called, or which phone it is.
    name: str
    #: Whom whoever leads answers for, from paper.
    on_paper: bool


def home(visit: Visit) -> Answer:
    """Everything that leads the room, on one page."""
    return _home(visit)


def _home(visit: Visit, error: AssessorError | None = None) -> Shown:
    room = _room(visit)
    facts = {
        **visit.sending(),
        **_now(visit, room),
        "typed": {name: visit.form.one(name) for name in ("party", "undertaking")},
        "refused": visit.speech.refusal(error) if error else "",
        "base": visit.base,
        "stages": tuple((each, _stage_name(visit, each)) for each in _PLAIN),
        "due": visit.workshop.days,
    }
    return Shown(template="lead", title=room.workshop.name, facts=facts, status=422 if error else 200)


def _room(visit: Visit) -> Room:
    return visit.workshops.room(visit.workshop.id)


def _now(visit: Visit, room: Room) -> dict[str, Any]:
    return facts_now(room, visit)


def facts_now(room: Room, visit: Visit) -> dict[str, Any]:
    """What of the page changes by itself."""
    shop = room.workshop
    rows = tuple(board.rows_of(room, visit.speech))
    listed = (
        Listed(
            row=row,
            on_board=shop.subject == seen.collaboration.id,
            shown=seen.shown is not None,
            agreed=bool(board.agreed_placement(seen)),
        )
        for row, seen in zip(rows, room.seen, strict=True)
    )
    return {
        "of": shop,
        "stage": shop.stage,
        "on_board": _on_board(visit, room),
        "joined": board.joined(room),
        "parties": sum(each.side == "them" for each in room.respondents),
        "own": room.own,
        "listed": tuple(listed),
        "cases": tuple(_cases(visit, room)),
        "code": board.code(shop),
        "address": visit.desk.setting.base.partition("//")[2],
        "base": f"/w/{shop.id}",
    }


def _cases(visit: Visit, room: Room) -> Iterator[Placed]:
    shop = room.workshop
    for number, each in enumerate(board.cases(visit.desk, visit.speech), 1):
        yield Placed(
            id=each.id,
            number=number,
            text=each.text,
            placed=len(board.placed(shop, each.id)),
            shown=each.id in shop.revealed,
            on_board=shop.stage == "case" and shop.subject == each.id,
        )


def _stage_name(visit: Visit, stage: Stage) -> str:
    return {
        "join": visit.say("How to join"),
        "case": visit.say("A written case"),
        "progress": visit.say("How far we are"),
        "terraces": visit.say("The terraces"),
        "talk": visit.say("What to talk about"),
        "steps": visit.say("What we agreed to do"),
        "closed": visit.say("The end"),
    }[stage]


def _on_board(visit: Visit, room: Room) -> str:
    """What the board shows, in words."""
    shop = room.workshop
    names = {each.collaboration.id: each.collaboration.name for each in room.seen}
    name = names.get(shop.subject, "") if shop.subject else ""
    stage = _stage_name(visit, shop.stage)
    return visit.say("{stage}: {name}", stage=stage, name=name) if name else stage


def show_board(visit: Visit) -> Answer:
    """The board itself."""
    return board.whole(_room(visit), visit.desk, visit.speech)


def live(visit: Visit) -> Answer:
    """What the board or this page shows, as it changes."""
    of_board = visit.query.get("of") == "board"
    desk, speech = visit.desk, visit.speech

    def show(room: Room) -> str:
        shown = (
            board.part(room, desk, speech)
            if of_board
            else Shown(template="lead_now", title="", facts=facts_now(room, visit))
        )
        return laid_out(shown, speech)

    kind = ("board" if of_board else "lead", speech.language)
    person = f"lead {visit.workshop.id} {visit.tries.address}"
    return Streamed(listening(person, LEADING_STREAMS, visit.workshop.id, kind, show, hurried=True))


def set_stage(visit: Visit) -> Answer:
    """Another picture on the board."""
    wished, subject = visit.form.one("stage"), visit.form.one("subject")
    stage = next((each for each in STAGES if each == wished), None)
    if stage is None or stage == "closed" or (subject and subject not in _subjects(visit)):
        raise NoSuchPage()
    visit.workshops.show(visit.workshop.id, stage, subject, key=visit.form.key)
    return Goto(_back(visit))


def _subjects(visit: Visit) -> set[str]:
    return {*visit.workshop.listed, *(each.id for each in board.cases(visit.desk, visit.speech))}


def _back(visit: Visit) -> str:
    """Where the button stood that was pressed."""
    subject = visit.form.one("subject")
    stood = visit.form.one("from") == "collaboration" and subject in visit.workshop.listed
    return f"{visit.base}/c/{subject}" if stood else visit.home


def lock(visit: Visit) -> Answer:
    """Nobody more comes in; or they do again."""
    value = "yes" if visit.form.one("lock") == "yes" else ""
    visit.workshops.do(visit.workshop.id, "locked", value=value, key=visit.form.key)
    return Goto(f"{visit.base}/people")


def add(visit: Visit) -> Answer:
    """One more collaboration for everybody."""
    try:
        visit.workshops.list_(visit.workshop, visit.form.one("party"), visit.form.one("undertaking"), visit.form.key)
    except AssessorError as error:
        return _home(visit, error)
    return Goto(visit.home, (visit.say("Added. Everybody in the room sees it now."),))


def people(visit: Visit) -> Answer:
    """Who is in the room."""
    return _people(visit)


def _people(visit: Visit, error: AssessorError | None = None) -> Shown:
    room = _room(visit)
    facts = {
        **visit.sending(),
        "of": room.workshop,
        "base": visit.base,
        "people": tuple(_somebody(visit, room)),
        "typed": visit.form.one("name"),
        "refused": visit.speech.refusal(error) if error else "",
    }
    return Shown(template="people", title=visit.say("Who is here"), facts=facts, status=422 if error else 200)


def _somebody(visit: Visit, room: Room) -> Iterator[Somebody]:
    paper = visit.workshops.on_paper(room.workshop)
    for number, each in enumerate(room.respondents, 1):
        name = each.name or visit.say("Number {number}", number=number)
        yield Somebody(respondent=each, name=name, on_paper=each.id in paper)


def remove(visit: Visit) -> Answer:
    """Somebody out of the room."""
    found = _respondent(visit)
    visit.workshops.remove(visit.workshop.id, found.id, visit.form.key)
    return Goto(f"{visit.base}/people", (visit.say("Taken out. What they answered counts no more."),))


def _respondent(visit: Visit) -> Respondent:
    """The one of the address; raises `NoSuchPage`, also for another workshop's."""
    for each in _room(visit).respondents:
        if each.id == visit.params["respondent"]:
            return each
    raise NoSuchPage()


def enrol(visit: Visit) -> Answer:
    """Somebody who answers on paper."""
    try:
        name = fit_name(visit.form.one("name"))
        found = visit.workshops.enrolled(visit.workshop, name=name, language=visit.speech.language, key=visit.form.key)
    except AssessorError as error:
        return _people(visit, error)
    return Goto(f"{visit.base}/paper/{found.id}")


def paper(visit: Visit) -> Answer:
    """The collaborations that somebody answered on paper."""
    found = _on_paper(visit)
    offered = visit.workshops.offered(found)
    facts = {**visit.sending(), "offered": offered, "base": visit.base, "respondent": found}
    title = visit.say("Paper of {name}", name=found.name) if found.name else visit.say("Somebody's paper")
    return Shown(template="paper", title=title, facts=facts)


def _on_paper(visit: Visit) -> Respondent:
    found = _respondent(visit)
    if found.id not in visit.workshops.on_paper(visit.workshop):
        raise NoSuchPage()
    return found


def begin_paper(visit: Visit) -> Answer:
    """Their assessment of a collaboration, entered here."""
    return Goto(visit.at(visit.workshops.begin(_on_paper(visit), visit.params["collaboration"])))


def collaboration(visit: Visit) -> Answer:
    """One collaboration: blind, revealed, talked about, agreed on."""
    return _collaboration(visit)


def _seen(visit: Visit) -> tuple[Room, Seen]:
    """The one of the address; raises `NoSuchPage` for what is not on the list."""
    room = _room(visit)
    for each in room.seen:
        if each.collaboration.id == visit.params["collaboration"]:
            return room, each
    raise NoSuchPage()


def _collaboration(visit: Visit, error: AssessorError | None = None, **more: Any) -> Shown:
    room, seen = _seen(visit)
    said = board.terms(visit.desk, visit.speech)
    parts = board.parts(seen, said, visit.speech)
    facts = {
        **visit.sending(),
        "of": room.workshop,
        "base": visit.base,
        "here": f"{visit.base}/c/{seen.collaboration.id}",
        "seen": len(seen.agreed.assessment.history) if seen.agreed else 0,
        "collaboration": seen.collaboration,
        "begun": seen.begun,
        "finished": seen.finished,
        "joined": board.joined(room),
        "picture": seen.shown,
        "places": board.places(said, seen.shown) if seen.shown else (),
        "parts": parts,
        "left": sum(not each.agreed for each in parts),
        "alike": len(_alike(seen)),
        "agreed": _agreed(visit, seen) if seen.agreed else None,
        "dissents": _dissents(room, seen),
        "steps": tuple(each for each in room.workshop.steps if each.collaboration == seen.collaboration.id),
        "theirs": seen.theirs is not None,
        "invited": seen.collaboration.id in {each.collaboration.id for each in room.seen if each.theirs},
        "typed": {name: visit.form.one(name) for name in ("text", "what", "who", "when")},
        "refused": visit.speech.refusal(error) if error else "",
        "unready": isinstance(error, TooFew | TooFewSince),
        "on_board": (room.workshop.stage, room.workshop.subject),
        "following": _following(room, seen),
        "goes_on": visit.query.get("at") == "talk",
        **more,
    }
    return Shown(template="lead_one", title=seen.collaboration.name, facts=facts, status=422 if error else 200)


def _dissents(room: Room, seen: Seen) -> tuple[tuple[str, str], ...]:
    """By what each is withdrawn, and what it says."""
    shop, of = room.workshop, seen.collaboration.id
    return tuple(zip(shop.dissent_ids.get(of, ()), shop.dissents.get(of, ()), strict=True))


def _following(room: Room, seen: Seen) -> Collaboration | None:
    """The next on the list; None after the last."""
    ids = [each.collaboration.id for each in room.seen]
    rest = room.seen[ids.index(seen.collaboration.id) + 1 :]
    return rest[0].collaboration if rest else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreed:
    """What the room agreed on so far."""

    path: str
    finished: bool
    #: How many items it leaves to be gone through.
    left: int
    where: str
    #: What the verdict would have them do next.
    advice: tuple[str, ...]


def _agreed(visit: Visit, seen: Seen) -> Agreed | None:
    opened = seen.agreed
    if opened is None:
        return None
    said, verdict = visit.terms(opened), opened.verdict
    way = verdict.way_wanted or verdict.way_up
    return Agreed(
        path=visit.at(opened),
        finished=opened.finished,
        left=opened.left("full"),
        where=said.either(verdict.placements[:3]),
        advice=tuple(each.title for each in steps_of(said, way)) if way and opened.finished else (),
    )


def _alike(seen: Seen) -> dict[str, str]:
    """By item, the response that all who know gave alike."""
    counts = seen.shown.items if seen.shown else {}
    known = {item: [option for option in given if option != DONT_KNOW] for item, given in counts.items()}
    return {item: options[0] for item, options in known.items() if len(options) == 1}


def reveal(visit: Visit) -> Answer:
    """What the room makes of it, on the board."""
    seen = _seen(visit)[1]
    id_ = seen.collaboration.id
    try:
        with visit.store.together():
            visit.workshops.reveal(visit.workshop, id_, key=visit.form.key)
            visit.workshops.show(visit.workshop.id, "terraces", id_, key=f"{visit.form.key}-shown")
    except (TooFew, TooFewSince) as error:
        return _collaboration(visit, error)
    return Goto(f"{visit.base}/c/{id_}", (visit.say("On the board now."),))


def agree(visit: Visit) -> Answer:
    """Begin to agree: what all answered alike is taken over, the board shows what to talk about."""
    seen = _seen(visit)[1]
    if seen.shown is None:
        raise NoSuchPage()
    id_ = seen.collaboration.id
    with visit.store.together():
        opened = visit.workshops.agree(visit.workshop, id_, visit.form.key)
        if not opened.responses:
            for item, option in _alike(seen).items():
                opened = visit.workshops.give(visit.workshop, opened, item, option, f"{visit.form.key}-{item}")
        visit.workshops.show(visit.workshop.id, "talk", id_, key=f"{visit.form.key}-shown")
    return Goto(f"{visit.base}/c/{id_}")


def settle(visit: Visit) -> Answer:
    """What the room agreed on for one item."""
    seen = _seen(visit)[1]
    item, option = visit.form.one("item"), visit.form.one("response")
    if seen.agreed is None or item not in seen.agreed.instrument.by_id:
        raise NoSuchPage()
    if not option:
        return _collaboration(visit, NotChosen())
    try:
        _given(visit, seen.agreed, item, option)
    except Overtaken as error:
        return _collaboration(visit, error)
    return Goto(f"{visit.base}/c/{seen.collaboration.id}?at=talk")


def _given(visit: Visit, opened: Opened, item: str, option: str) -> None:
    if visit.counts(opened, "response", item, option):
        visit.give(opened, item, option, visit.form.key)


def dissent(visit: Visit) -> Answer:
    """What somebody sees otherwise, and why."""
    seen = _seen(visit)[1]
    text = visit.form.one("text")
    try:
        if fit_text(text).strip():
            visit.workshops.dissent(visit.workshop.id, seen.collaboration.id, text, visit.form.key)
    except AssessorError as error:
        return _collaboration(visit, error)
    return Goto(f"{visit.base}/c/{seen.collaboration.id}")


def drop_dissent(visit: Visit) -> Answer:
    """Mistyped, or seen alike after all."""
    room, seen = _seen(visit)
    of, id_ = seen.collaboration.id, visit.form.one("dissent")
    if id_ not in room.workshop.dissent_ids.get(of, ()):
        raise NoSuchPage()
    visit.workshops.drop_dissent(visit.workshop.id, of, id_, visit.form.key)
    return Goto(f"{visit.base}/c/{of}")


def step(visit: Visit) -> Answer:
    """Something to be done, by whom and when."""
    seen = _seen(visit)[1]
    what, who, when = (visit.form.one(name) for name in ("what", "who", "when"))
    try:
        if fit_text(what).strip():
            visit.workshops.step(visit.workshop.id, seen.collaboration.id, what, who, when, visit.form.key)
    except AssessorError as error:
        return _collaboration(visit, error)
    return Goto(f"{visit.base}/c/{seen.collaboration.id}")


def drop_step(visit: Visit) -> Answer:
    """Not to be done after all."""
    seen = _seen(visit)[1]
    of, id_ = visit.workshop.id, visit.form.one("step")
    if id_ not in {each.id for each in visit.workshop.steps}:
        raise NoSuchPage()
    visit.workshops.do(of, "step", seen.collaboration.id, f"{id_}.what", "", visit.form.key)
    return Goto(f"{visit.base}/c/{seen.collaboration.id}")


def invite(visit: Visit) -> Answer:
    """A link for the collaboration's other party, and the same as a code to scan."""
    seen = _seen(visit)[1]
    secret = visit.workshops.invite(visit.workshop.id, seen.collaboration.id, visit.form.key)
    address = f"{visit.desk.setting.base}/p/{secret}"
    wide, path = qr_codes.as_path(address)
    facts = {
        "collaboration": seen.collaboration,
        "address": address,
        "code_wide": wide,
        "code_path": path,
        "back": f"{visit.base}/c/{seen.collaboration.id}",
    }
    return Shown(template="invite", title=visit.say("The other party's own side"), facts=facts)


def reveal_case(visit: Visit) -> Answer:
    """Where the room places a written case, and where the instrument does, on the board."""
    found = [each for each in enumerate(board.cases(visit.desk, visit.speech), 1) if each[1].id == visit.params["case"]]
    if not found:
        raise NoSuchPage()
    number, case = found[0]
    name = visit.say("Case {number}", number=number)
    try:
        with visit.store.together():
            visit.workshops.reveal_case(visit.workshop, case.id, name, key=visit.form.key)
            visit.workshops.show(visit.workshop.id, "case", case.id, key=f"{visit.form.key}-shown")
    except (TooFew, TooFewSince) as error:
        return _home(visit, error)
    return Goto(visit.home)


def ending(visit: Visit) -> Answer:
    """What closing means; afterwards, the report and the data."""
    return _ending(visit)


def _ending(visit: Visit, error: AssessorError | None = None) -> Shown:
    room = _room(visit)
    facts = {
        **visit.sending(),
        "of": room.workshop,
        "base": visit.base,
        "joined": board.joined(room),
        "unfinished": sum(each.begun - each.finished for each in room.seen),
        "agreed": sum(bool(board.agreed_placement(each)) for each in room.seen),
        "listed": len(room.seen),
        "refused": visit.speech.refusal(error) if error else "",
    }
    title = visit.say("The workshop is over") if room.workshop.closed else visit.say("Close the workshop?")
    return Shown(template="ending", title=title, facts=facts, status=422 if error else 200)


def end(visit: Visit) -> Answer:
    """Nothing more is taken."""
    if visit.form.one("sure") != "yes":
        return _ending(visit, NotEnded())
    visit.workshops.close(visit.workshop.id, visit.form.key)
    return Goto(f"{visit.base}/end")


def erase(visit: Visit) -> Answer:
    """What would be gone for good."""
    return _erase(visit)


def _erase(visit: Visit, error: AssessorError | None = None) -> Shown:
    facts = {
        **visit.sending(),
        "of": visit.workshop,
        "base": visit.base,
        "refused": visit.speech.refusal(error) if error else "",
    }
    title = visit.say("Erase {name}?", name=visit.workshop.name)
    return Shown(template="erase_room", title=title, facts=facts, status=422 if error else 200)


def erased(visit: Visit) -> Answer:
    """Gone, and told where copies still lie."""
    if visit.form.one("sure") != "yes":
        return _erase(visit, NotSure())
    gone = visit.workshops.erase(visit.workshop.id)
    said = [visit.say("A backup still holds it: {name}", name=copy.path.name) for copy in gone.backups]
    return Shown(template="erased_room", title=visit.say("Erased for good."), facts={"copies": said})
