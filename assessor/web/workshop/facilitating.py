"""What whoever leads a workshop does: what is on the board, revealed, talked about and agreed on, and the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessor import qr_codes
from assessor.core.responses import DONT_KNOW, Collaboration
from assessor.core.workshop import STAGES, Respondent, Stage
from assessor.errors import AssessorError
from assessor.presentation.advice import advice_for_way
from assessor.presentation.room_sentences import agreed_headline, agreed_so_far_sentence
from assessor.usecases.assessments import LoadedAssessment, fit_name, fit_text
from assessor.usecases.erasing import describe_remaining_copies
from assessor.usecases.facilitating import TooFewChanged, TooFewRaters
from assessor.usecases.workshops import CollaborationProgress, WorkshopProgress
from assessor.web.errors import ClosingNotConfirmed, EditConflict, ErasureNotConfirmed, NoSuchPage, NothingChosen
from assessor.web.http.request_context import EventStream, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.templates import render_page
from assessor.web.workshop import board
from assessor.web.workshop.live_updates import FACILITATOR_STREAMS

#: Stages that a button on every page of who leads leads to, beside those about one collaboration or case.
_GENERAL_STAGES: tuple[Stage, ...] = ("join", "progress", "terraces", "steps")


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """A written case as who leads sees it."""

    id: str
    number: int
    text: str
    placed: int
    shown: bool
    on_board: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopListRow:
    """A collaboration as who leads sees it."""

    row: board.ProgressRow
    on_board: bool
    shown: bool
    agreed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """One who joined, as who leads sees them."""

    respondent: Respondent
    #: As they wished to be called, or which phone it is.
    name: str
    #: Whom whoever leads answers for, from paper.
    on_paper: bool


def show_home(visit: RequestContext) -> HandlerResult:
    """Everything that leads the room, on one page."""
    return _home_page(visit)


def _home_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    room = _load_workshop(visit)
    facts = {
        **visit.hidden_fields(),
        **_home_facts(visit, room),
        "typed": {name: visit.form.value(name) for name in ("party", "undertaking")},
        "refused": visit.messages.refusal(error) if error else "",
        "base": visit.base_path,
        "stages": tuple((each, _stage_name(visit, each)) for each in _GENERAL_STAGES),
        "due": visit.workshop.days,
    }
    return HtmlPage(template="lead", title=room.workshop.name, facts=facts, status=422 if error else 200)


def _load_workshop(visit: RequestContext) -> WorkshopProgress:
    return visit.workshops.progress(visit.workshop.id)


def _home_facts(visit: RequestContext, room: WorkshopProgress) -> dict[str, Any]:
    return live_facts(room, visit)


def live_facts(room: WorkshopProgress, visit: RequestContext) -> dict[str, Any]:
    """What of the page changes by itself."""
    shop = room.workshop
    rows = tuple(board.progress_rows(room, visit.messages))
    listed = (
        WorkshopListRow(
            row=row,
            on_board=shop.subject == seen.collaboration.id,
            shown=seen.revealed is not None,
            agreed=bool(board.agreed_placement(seen)),
        )
        for row, seen in zip(rows, room.collaborations, strict=True)
    )
    return {
        "of": shop,
        "stage": shop.stage,
        "on_board": _board_caption(visit, room),
        "joined": board.count_joined(room),
        "parties": sum(each.side == "them" for each in room.respondents),
        "own": room.brought_along,
        "listed": tuple(listed),
        "cases": tuple(_case_rows(visit, room)),
        "code": board.spaced_code(shop),
        "address": visit.config.deployment.base_url.partition("//")[2],
        "base": f"/w/{shop.id}",
    }


def _case_rows(visit: RequestContext, room: WorkshopProgress) -> Iterator[CaseRow]:
    shop = room.workshop
    for number, each in enumerate(board.calibration_cases(visit.config, visit.messages), 1):
        yield CaseRow(
            id=each.id,
            number=number,
            text=each.text,
            placed=len(board.case_placements(shop, each.id)),
            shown=each.id in shop.revealed,
            on_board=shop.stage == "case" and shop.subject == each.id,
        )


def _stage_name(visit: RequestContext, stage: Stage) -> str:
    return {
        "join": visit.say("How to join"),
        "case": visit.say("A written case"),
        "progress": visit.say("How far we are"),
        "terraces": visit.say("The terraces"),
        "talk": visit.say("What to talk about"),
        "steps": visit.say("What we agreed to do"),
        "closed": visit.say("The end"),
    }[stage]


def _board_caption(visit: RequestContext, room: WorkshopProgress) -> str:
    """What the board shows, in words."""
    shop = room.workshop
    names = {each.collaboration.id: each.collaboration.name for each in room.collaborations}
    name = names.get(shop.subject, "") if shop.subject else ""
    stage = _stage_name(visit, shop.stage)
    return visit.say("{stage}: {name}", stage=stage, name=name) if name else stage


def show_board(visit: RequestContext) -> HandlerResult:
    """The board itself."""
    return board.board_page(_load_workshop(visit), visit.config, visit.messages)


def stream_updates(visit: RequestContext) -> HandlerResult:
    """What the board or this page shows, as it changes."""
    of_board = visit.query.get("of") == "board"
    desk, speech = visit.config, visit.messages

    def show(room: WorkshopProgress) -> str:
        shown = (
            board.board_update(room, desk, speech)
            if of_board
            else HtmlPage(template="lead_now", title="", facts=live_facts(room, visit))
        )
        return render_page(shown, speech)

    kind = ("board" if of_board else "lead", speech.language)
    person = f"lead {visit.workshop.id} {visit.attempts.address}"
    return EventStream(
        workshop_id=visit.workshop.id,
        render=show,
        cache_key=kind,
        person=person,
        max_streams=FACILITATOR_STREAMS,
        immediate=True,
    )


def set_stage(visit: RequestContext) -> HandlerResult:
    """Another picture on the board."""
    wished, subject = visit.form.value("stage"), visit.form.value("subject")
    stage = next((each for each in STAGES if each == wished), None)
    if stage is None or stage == "closed" or (subject and subject not in _allowed_subjects(visit)):
        raise NoSuchPage()
    visit.facilitation.set_stage(visit.workshop.id, stage, subject, key=visit.form.idempotency_key)
    return Redirect(_back_path(visit))


def _allowed_subjects(visit: RequestContext) -> set[str]:
    return {*visit.workshop.listed, *(each.id for each in board.calibration_cases(visit.config, visit.messages))}


def _back_path(visit: RequestContext) -> str:
    """Where the button stood that was pressed."""
    subject = visit.form.value("subject")
    stood = visit.form.value("from") == "collaboration" and subject in visit.workshop.listed
    return f"{visit.base_path}/c/{subject}" if stood else visit.home_path


def set_locked(visit: RequestContext) -> HandlerResult:
    """Nobody more comes in; or they do again."""
    locked = visit.form.value("lock") == "yes"
    visit.facilitation.set_locked(visit.workshop.id, locked, visit.form.idempotency_key)
    return Redirect(f"{visit.base_path}/people")


def add_collaboration(visit: RequestContext) -> HandlerResult:
    """One more collaboration for everybody."""
    try:
        visit.facilitation.add_collaboration(
            visit.workshop, visit.form.value("party"), visit.form.value("undertaking"), visit.form.idempotency_key
        )
    except AssessorError as error:
        return _home_page(visit, error)
    return Redirect(visit.home_path, (visit.say("Added. Everybody in the room sees it now."),))


def show_people(visit: RequestContext) -> HandlerResult:
    """Who is in the room."""
    return _people_page(visit)


def _people_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    room = _load_workshop(visit)
    facts = {
        **visit.hidden_fields(),
        "of": room.workshop,
        "base": visit.base_path,
        "people": tuple(_person_rows(visit, room)),
        "typed": visit.form.value("name"),
        "refused": visit.messages.refusal(error) if error else "",
    }
    return HtmlPage(template="people", title=visit.say("Who is here"), facts=facts, status=422 if error else 200)


def _person_rows(visit: RequestContext, room: WorkshopProgress) -> Iterator[PersonRow]:
    paper = visit.workshops.on_paper(room.workshop)
    for number, each in enumerate(room.respondents, 1):
        name = each.name or visit.say("Number {number}", number=number)
        yield PersonRow(respondent=each, name=name, on_paper=each.id in paper)


def remove_respondent(visit: RequestContext) -> HandlerResult:
    """Somebody out of the room."""
    found = _find_respondent(visit)
    visit.facilitation.remove_respondent(visit.workshop.id, found.id, visit.form.idempotency_key)
    return Redirect(f"{visit.base_path}/people", (visit.say("Removed. Their answers no longer count."),))


def _find_respondent(visit: RequestContext) -> Respondent:
    """The one of the address; raises `NoSuchPage`, also for another workshop's."""
    for each in _load_workshop(visit).respondents:
        if each.id == visit.path_params["respondent"]:
            return each
    raise NoSuchPage()


def enrol_on_paper(visit: RequestContext) -> HandlerResult:
    """Somebody who answers on paper."""
    try:
        name = fit_name(visit.form.value("name"))
        found = visit.facilitation.enrol_on_paper(
            visit.workshop, name=name, language=visit.messages.language, key=visit.form.idempotency_key
        )
    except AssessorError as error:
        return _people_page(visit, error)
    return Redirect(f"{visit.base_path}/paper/{found.id}")


def show_paper(visit: RequestContext) -> HandlerResult:
    """The collaborations that somebody answered on paper."""
    found = _paper_respondent(visit)
    offered = visit.participation.offered_collaborations(found)
    facts = {**visit.hidden_fields(), "offered": offered, "base": visit.base_path, "respondent": found}
    title = visit.say("{name}'s paper form", name=found.name) if found.name else visit.say("Someone's paper form")
    return HtmlPage(template="paper", title=title, facts=facts)


def _paper_respondent(visit: RequestContext) -> Respondent:
    found = _find_respondent(visit)
    if found.id not in visit.workshops.on_paper(visit.workshop):
        raise NoSuchPage()
    return found


def begin_paper_assessment(visit: RequestContext) -> HandlerResult:
    """Their assessment of a collaboration, entered here."""
    return Redirect(
        visit.step_path(visit.participation.begin(_paper_respondent(visit), visit.path_params["collaboration"]))
    )


def show_collaboration(visit: RequestContext) -> HandlerResult:
    """One collaboration: blind, revealed, talked about, agreed on."""
    return _collaboration_page(visit)


def _find_collaboration(visit: RequestContext) -> tuple[WorkshopProgress, CollaborationProgress]:
    """The one of the address; raises `NoSuchPage` for what is not on the list."""
    room = _load_workshop(visit)
    for each in room.collaborations:
        if each.collaboration.id == visit.path_params["collaboration"]:
            return room, each
    raise NoSuchPage()


def _collaboration_page(visit: RequestContext, error: AssessorError | None = None, **more: Any) -> HtmlPage:
    room, seen = _find_collaboration(visit)
    said = board.instrument_terms(visit.config, visit.messages)
    parts = board.board_splits(seen, said, visit.messages)
    facts = {
        **visit.hidden_fields(),
        "of": room.workshop,
        "base": visit.base_path,
        "here": f"{visit.base_path}/c/{seen.collaboration.id}",
        "seen": len(seen.agreed_assessment.assessment.history) if seen.agreed_assessment else 0,
        "collaboration": seen.collaboration,
        "begun": seen.begun,
        "finished": seen.finished,
        "joined": board.count_joined(room),
        "picture": seen.revealed,
        "places": board.board_places(said, seen.revealed) if seen.revealed else (),
        "parts": parts,
        "left": sum(not each.agreed for each in parts),
        "alike": len(_unanimous_responses(seen)),
        "agreed": _agreed_so_far(visit, seen) if seen.agreed_assessment else None,
        "dissents": _dissents_by_id(room, seen),
        "steps": tuple(each for each in room.workshop.steps if each.collaboration == seen.collaboration.id),
        "theirs": seen.party_assessment is not None,
        "invited": seen.collaboration.id
        in {each.collaboration.id for each in room.collaborations if each.party_assessment},
        "typed": {name: visit.form.value(name) for name in ("text", "what", "who", "when")},
        "refused": visit.messages.refusal(error) if error else "",
        "unready": isinstance(error, TooFewRaters | TooFewChanged),
        "on_board": (room.workshop.stage, room.workshop.subject),
        "following": _next_collaboration(room, seen),
        "goes_on": visit.query.get("at") == "talk",
        **more,
    }
    return HtmlPage(template="lead_one", title=seen.collaboration.name, facts=facts, status=422 if error else 200)


def _dissents_by_id(room: WorkshopProgress, seen: CollaborationProgress) -> tuple[tuple[str, str], ...]:
    """By what each is withdrawn, and what it says."""
    shop, of = room.workshop, seen.collaboration.id
    return tuple(zip(shop.dissent_ids.get(of, ()), shop.dissents.get(of, ()), strict=True))


def _next_collaboration(room: WorkshopProgress, seen: CollaborationProgress) -> Collaboration | None:
    """The next on the list; None after the last."""
    ids = [each.collaboration.id for each in room.collaborations]
    rest = room.collaborations[ids.index(seen.collaboration.id) + 1 :]
    return rest[0].collaboration if rest else None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedSoFar:
    """What the room agreed on so far."""

    path: str
    finished: bool
    #: How many items it leaves to be gone through.
    items_left: int
    placement_text: str
    #: What the verdict would have them do next.
    advice: tuple[str, ...]


def _agreed_so_far(visit: RequestContext, seen: CollaborationProgress) -> AgreedSoFar | None:
    opened = seen.agreed_assessment
    if opened is None:
        return None
    said, verdict = visit.terms(opened), opened.verdict
    headline = agreed_headline if opened.finished else agreed_so_far_sentence
    way = verdict.way_wanted or verdict.way_up
    return AgreedSoFar(
        path=visit.step_path(opened),
        finished=opened.finished,
        items_left=opened.items_left("full"),
        placement_text=headline(verdict.placements, said),
        advice=tuple(each.title for each in advice_for_way(said, way)) if way and opened.finished else (),
    )


def _unanimous_responses(seen: CollaborationProgress) -> dict[str, str]:
    """By item, the response that all who know gave alike."""
    counts = seen.revealed.items if seen.revealed else {}
    known = {item: [option for option in given if option != DONT_KNOW] for item, given in counts.items()}
    return {item: options[0] for item, options in known.items() if len(options) == 1}


def reveal_collaboration(visit: RequestContext) -> HandlerResult:
    """What the room makes of it, on the board."""
    seen = _find_collaboration(visit)[1]
    id_ = seen.collaboration.id
    try:
        with visit.store.transaction():
            visit.facilitation.reveal(visit.workshop, id_, key=visit.form.idempotency_key)
            visit.facilitation.set_stage(visit.workshop.id, "terraces", id_, key=f"{visit.form.idempotency_key}-shown")
    except (TooFewRaters, TooFewChanged) as error:
        return _collaboration_page(visit, error)
    return Redirect(f"{visit.base_path}/c/{id_}", (visit.say("On the board now."),))


def begin_agreeing(visit: RequestContext) -> HandlerResult:
    """Begin to agree: what all answered alike is taken over, the board shows what to talk about."""
    seen = _find_collaboration(visit)[1]
    if seen.revealed is None:
        raise NoSuchPage()
    id_ = seen.collaboration.id
    with visit.store.transaction():
        opened = visit.facilitation.begin_agreed(visit.workshop, id_, visit.form.idempotency_key)
        if not opened.responses:
            for item, option in _unanimous_responses(seen).items():
                opened = visit.participation.respond(
                    visit.workshop, opened, item, option, f"{visit.form.idempotency_key}-{item}"
                )
        visit.facilitation.set_stage(visit.workshop.id, "talk", id_, key=f"{visit.form.idempotency_key}-shown")
    return Redirect(f"{visit.base_path}/c/{id_}")


def save_agreed_response(visit: RequestContext) -> HandlerResult:
    """What the room agreed on for one item."""
    seen = _find_collaboration(visit)[1]
    item, option = visit.form.value("item"), visit.form.value("response")
    if seen.agreed_assessment is None or item not in seen.agreed_assessment.instrument.by_id:
        raise NoSuchPage()
    if not option:
        return _collaboration_page(visit, NothingChosen())
    try:
        _save_response(visit, seen.agreed_assessment, item, option)
    except EditConflict as error:
        return _collaboration_page(visit, error)
    return Redirect(f"{visit.base_path}/c/{seen.collaboration.id}?at=talk")


def _save_response(visit: RequestContext, opened: LoadedAssessment, item: str, option: str) -> None:
    if visit.should_keep(opened, "response", item, option):
        visit.save_step(opened, item, option, visit.form.idempotency_key)


def add_dissent(visit: RequestContext) -> HandlerResult:
    """What somebody sees otherwise, and why."""
    seen = _find_collaboration(visit)[1]
    text = visit.form.value("text")
    try:
        if fit_text(text).strip():
            visit.facilitation.add_dissent(visit.workshop.id, seen.collaboration.id, text, visit.form.idempotency_key)
    except AssessorError as error:
        return _collaboration_page(visit, error)
    return Redirect(f"{visit.base_path}/c/{seen.collaboration.id}")


def drop_dissent(visit: RequestContext) -> HandlerResult:
    """Mistyped, or seen alike after all."""
    room, seen = _find_collaboration(visit)
    of, id_ = seen.collaboration.id, visit.form.value("dissent")
    if id_ not in room.workshop.dissent_ids.get(of, ()):
        raise NoSuchPage()
    visit.facilitation.drop_dissent(visit.workshop.id, of, id_, visit.form.idempotency_key)
    return Redirect(f"{visit.base_path}/c/{of}")


def add_step(visit: RequestContext) -> HandlerResult:
    """Something to be done, by whom and when."""
    seen = _find_collaboration(visit)[1]
    what, who, when = (visit.form.value(name) for name in ("what", "who", "when"))
    try:
        if fit_text(what).strip():
            visit.facilitation.add_step(
                visit.workshop.id, seen.collaboration.id, what, who, when, visit.form.idempotency_key
            )
    except AssessorError as error:
        return _collaboration_page(visit, error)
    return Redirect(f"{visit.base_path}/c/{seen.collaboration.id}")


def drop_step(visit: RequestContext) -> HandlerResult:
    """Not to be done after all."""
    seen = _find_collaboration(visit)[1]
    of, id_ = visit.workshop.id, visit.form.value("step")
    if id_ not in {each.id for each in visit.workshop.steps}:
        raise NoSuchPage()
    visit.facilitation.drop_step(of, seen.collaboration.id, id_, visit.form.idempotency_key)
    return Redirect(f"{visit.base_path}/c/{seen.collaboration.id}")


def invite_party(visit: RequestContext) -> HandlerResult:
    """A link for the collaboration's other party, and the same as a code to scan."""
    seen = _find_collaboration(visit)[1]
    secret = visit.facilitation.invite_party(visit.workshop.id, seen.collaboration.id, visit.form.idempotency_key)
    address = f"{visit.config.deployment.base_url}/p/{secret}"
    wide, path = qr_codes.svg_path(address)
    facts = {
        "collaboration": seen.collaboration,
        "address": address,
        "code_wide": wide,
        "code_path": path,
        "back": f"{visit.base_path}/c/{seen.collaboration.id}",
    }
    return HtmlPage(template="invite", title=visit.say("The other party's own view"), facts=facts)


def reveal_case(visit: RequestContext) -> HandlerResult:
    """Where the room places a written case, and where the instrument does, on the board."""
    found = [
        each
        for each in enumerate(board.calibration_cases(visit.config, visit.messages), 1)
        if each[1].id == visit.path_params["case"]
    ]
    if not found:
        raise NoSuchPage()
    number, case = found[0]
    name = visit.say("Case {number}", number=number)
    try:
        with visit.store.transaction():
            visit.facilitation.reveal_case(visit.workshop, case.id, name, key=visit.form.idempotency_key)
            visit.facilitation.set_stage(visit.workshop.id, "case", case.id, key=f"{visit.form.idempotency_key}-shown")
    except (TooFewRaters, TooFewChanged) as error:
        return _home_page(visit, error)
    return Redirect(visit.home_path)


def show_ending(visit: RequestContext) -> HandlerResult:
    """What closing means; afterwards, the report and the data."""
    return _ending_page(visit)


def _ending_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    room = _load_workshop(visit)
    facts = {
        **visit.hidden_fields(),
        "of": room.workshop,
        "base": visit.base_path,
        "joined": board.count_joined(room),
        "unfinished": sum(each.begun - each.finished for each in room.collaborations),
        "agreed": sum(bool(board.agreed_placement(each)) for each in room.collaborations),
        "listed": len(room.collaborations),
        "refused": visit.messages.refusal(error) if error else "",
    }
    title = visit.say("The workshop is over") if room.workshop.closed else visit.say("Close the workshop?")
    return HtmlPage(template="ending", title=title, facts=facts, status=422 if error else 200)


def close_workshop(visit: RequestContext) -> HandlerResult:
    """Nothing more is taken."""
    if visit.form.value("sure") != "yes":
        return _ending_page(visit, ClosingNotConfirmed())
    visit.facilitation.close(visit.workshop.id, visit.form.idempotency_key)
    return Redirect(f"{visit.base_path}/end")


def show_erase(visit: RequestContext) -> HandlerResult:
    """What would be gone for good."""
    return _erase_page(visit)


def _erase_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **visit.hidden_fields(),
        "of": visit.workshop,
        "base": visit.base_path,
        "refused": visit.messages.refusal(error) if error else "",
    }
    title = visit.say("Erase {name}?", name=visit.workshop.name)
    return HtmlPage(template="erase_room", title=title, facts=facts, status=422 if error else 200)


def erase_workshop(visit: RequestContext) -> HandlerResult:
    """Gone, and told where copies still lie."""
    if visit.form.value("sure") != "yes":
        return _erase_page(visit, ErasureNotConfirmed())
    gone = visit.facilitation.erase(visit.workshop.id)
    copies = describe_remaining_copies(gone, visit.messages.gettext)
    return HtmlPage(template="erased_room", title=visit.say("Erased for good."), facts={"copies": copies})
