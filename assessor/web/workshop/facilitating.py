"""A facilitator's pages: the board's stage, revealing, agreeing, dissents and steps, people, and the end.

Each page has a handler `show_…`, a builder `_…_page` that can also show what was refused, and handlers for its forms,
which redirect when they succeed. What facilitators may see follows the board's rule: no answers before revealing. The
rules themselves, such as how many raters must have finished, are in `usecases.facilitating`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessor import qr_codes
from assessor.bank.case import CalibrationCase
from assessor.core.raters import unanimous_responses
from assessor.core.responses import Collaboration
from assessor.core.settling import agreed_verdict
from assessor.core.workshop import STAGES, Respondent, Stage
from assessor.errors import AssessorError
from assessor.presentation.advice import advice_for_way
from assessor.presentation.room_sentences import withheld_counts_sentences
from assessor.usecases.assessments import fit_name, fit_text
from assessor.usecases.erasing import describe_remaining_copies
from assessor.usecases.facilitating import TooFewChanged, TooFewRaters, browser_id
from assessor.usecases.workshops import CollaborationProgress, WorkshopProgress
from assessor.web.errors import (
    ClosingNotConfirmed,
    EditConflict,
    ErasureNotConfirmed,
    NoSuchPage,
    NothingChosen,
    PeopleNotShown,
)
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import EventStream, Given, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.templates import render_page
from assessor.web.workshop import board
from assessor.web.workshop.live_updates import FACILITATOR_STREAMS

#: Stages with a button on the main page; the others are about one collaboration or case and are reached from there.
_GENERAL_STAGES: tuple[Stage, ...] = ("join", "progress", "terraces", "steps")


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """A written case in the facilitator's list."""

    id: str
    number: int
    text: str
    placed: int
    shown: bool
    on_board: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopListRow:
    """A collaboration in the facilitator's list."""

    row: board.ProgressRow
    on_board: bool
    shown: bool
    agreed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """A participant in the facilitator's list."""

    respondent: Respondent
    #: The name that they gave, else their number.
    name: str
    #: Whether the facilitator enters their answers from paper.
    on_paper: bool


def show_home(context: RequestContext) -> HandlerResult:
    """The page to lead the room from: stages, cases and collaborations."""
    return _home_page(context)


def _home_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The facilitator's main page, with the error of a refused form if there is one."""
    room = _load_workshop(context)
    facts = {
        **context.hidden_fields(),
        **_home_facts(context, room),
        "typed": {name: context.form.value(name) for name in ("party", "undertaking")},
        "refused": context.refusal(error),
        "base": context.base_path,
        "stages": tuple((stage, _stage_name(context, stage)) for stage in _GENERAL_STAGES),
        "due": context.workshop.days,
    }
    return HtmlPage(template="lead", title=room.workshop.name, facts=facts, status=422 if error else 200)


def _load_workshop(context: RequestContext) -> WorkshopProgress:
    """The led workshop with the progress of its collaborations."""
    return context.workshops.progress(context.workshop.id)


def _home_facts(context: RequestContext, room: WorkshopProgress) -> dict[str, Any]:
    return live_facts(room, context)


def live_facts(room: WorkshopProgress, context: RequestContext) -> dict[str, Any]:
    """The facts of the main page that live updates replace."""
    workshop = room.workshop
    rows = tuple(board.progress_rows(room, context.messages))
    listed = (
        WorkshopListRow(
            row=row,
            on_board=workshop.subject == progress.collaboration.id,
            shown=progress.revealed is not None,
            agreed=progress.agreed,
        )
        for row, progress in zip(rows, room.collaborations, strict=True)
    )
    return {
        "of": workshop,
        "unreachable": context.config.address_watch.warning(context.messages.gettext),
        "stage": workshop.stage,
        "on_board": _board_caption(context, room),
        "joined": board.count_joined(room),
        "parties": sum(respondent.side == "them" for respondent in room.respondents),
        "own": room.brought_along,
        "listed": tuple(listed),
        "cases": tuple(_case_rows(context, room)),
        "code": board.spaced_code(workshop),
        "address": context.config.deployment.base_url.partition("//")[2],
        "base": f"/w/{workshop.id}",
    }


def _case_rows(context: RequestContext, room: WorkshopProgress) -> Iterator[CaseRow]:
    """The written cases, numbered from 1."""
    workshop = room.workshop
    for number, case in enumerate(board.calibration_cases(context.config, context.messages), 1):
        yield CaseRow(
            id=case.id,
            number=number,
            text=case.text,
            placed=len(board.case_placements(workshop, case.id)),
            shown=case.id in workshop.revealed,
            on_board=workshop.stage == "case" and workshop.subject == case.id,
        )


def _stage_name(context: RequestContext, stage: Stage) -> str:
    """A stage's name in the page's language."""
    return {
        "join": context.say("How to join"),
        "case": context.say("A written case"),
        "progress": context.say("How far we are"),
        "terraces": context.say("The terraces"),
        "talk": context.say("What to talk about"),
        "steps": context.say("What we agreed to do"),
        "closed": context.say("The end"),
    }[stage]


def _board_caption(context: RequestContext, room: WorkshopProgress) -> str:
    """What the board shows now, in words."""
    workshop = room.workshop
    names = {progress.collaboration.id: progress.collaboration.name for progress in room.collaborations}
    name = names.get(workshop.subject, "") if workshop.subject else ""
    stage = _stage_name(context, workshop.stage)
    return context.say("{stage}: {name}", stage=stage, name=name) if name else stage


def show_board(context: RequestContext) -> HandlerResult:
    """The board itself."""
    return board.board_page(_load_workshop(context), context.config, context.messages)


def stream_updates(context: RequestContext) -> HandlerResult:
    """Live updates of the board (`?of=board`) or of the main page; counted for each browser that leads."""
    of_board = context.query.get("of") == "board"
    config, messages = context.config, context.messages

    def show(room: WorkshopProgress) -> str:
        shown = (
            board.board_update(room, config, messages)
            if of_board
            else HtmlPage(template="lead_now", title="", facts=live_facts(room, context))
        )
        return render_page(shown, messages)

    kind = ("board" if of_board else "lead", messages.language)
    return EventStream(
        workshop_id=context.workshop.id,
        render=show,
        cache_key=kind,
        person=context.identity,
        address=context.attempts.address,
        may_listen=lambda room: browser_id(context.session.token) in room.workshop.browsers,
        max_streams=FACILITATOR_STREAMS,
        immediate=True,
    )


def set_stage(context: RequestContext) -> HandlerResult:
    """Show another stage on the board; raises `NoSuchPage` for a stage or subject that does not exist."""
    name, subject = context.form.value("stage"), context.form.value("subject")
    stage = next((stage for stage in STAGES if stage == name), None)
    if stage is None or stage == "closed" or (subject and subject not in _allowed_subjects(context)):
        raise NoSuchPage()
    context.facilitation.set_stage(context.workshop.id, stage, subject, key=context.form.idempotency_key)
    return Redirect(_back_path(context))


def _allowed_subjects(context: RequestContext) -> set[str]:
    """Ids that a stage can be about: listed collaborations and written cases."""
    return {*context.workshop.listed, *(case.id for case in board.calibration_cases(context.config, context.messages))}


def _back_path(context: RequestContext) -> str:
    """Address of the page on which the button was pressed."""
    subject = context.form.value("subject")
    from_collaboration = context.form.value("from") == "collaboration" and subject in context.workshop.listed
    return f"{context.base_path}/c/{subject}" if from_collaboration else context.home_path


def set_locked(context: RequestContext) -> HandlerResult:
    """Lock the workshop for newcomers, or unlock it."""
    locked = context.form.value("lock") == "yes"
    context.facilitation.set_locked(context.workshop.id, locked, context.form.idempotency_key)
    return Redirect(f"{context.base_path}/people")


def add_collaboration(context: RequestContext) -> HandlerResult:
    """Add a collaboration to everybody's list."""
    try:
        context.facilitation.add_collaboration(
            context.workshop,
            context.form.value("party"),
            context.form.value("undertaking"),
            context.form.idempotency_key,
        )
    except AssessorError as error:
        return _home_page(context, error)
    return Redirect(context.home_path, (Notice.ON_THE_LIST,))


def show_people(context: RequestContext) -> HandlerResult:
    """The list of participants, until the workshop is closed; raises `PeopleNotShown` afterwards."""
    _refuse_after_closing(context)
    return _people_page(context)


def _refuse_after_closing(context: RequestContext) -> None:
    """Raise `PeopleNotShown` once the workshop is closed: what was said of people was for leading the room."""
    if context.workshop.closed:
        raise PeopleNotShown()


def _people_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    room = _load_workshop(context)
    facts = {
        **context.hidden_fields(),
        "of": room.workshop,
        "base": context.base_path,
        "people": tuple(_person_rows(context, room)),
        "typed": context.form.value("name"),
        "refused": context.refusal(error),
    }
    return HtmlPage(template="people", title=context.say("Who is here"), facts=facts, status=422 if error else 200)


def _person_rows(context: RequestContext, room: WorkshopProgress) -> Iterator[PersonRow]:
    """Participants in the order of joining, those without a name by their number."""
    on_paper = context.workshops.on_paper(room.workshop)
    for number, respondent in enumerate(room.respondents, 1):
        name = respondent.name or context.say("Number {number}", number=number)
        yield PersonRow(respondent=respondent, name=name, on_paper=respondent.id in on_paper)


def remove_respondent(context: RequestContext) -> HandlerResult:
    """Remove a participant; their answers no longer count."""
    respondent = _find_respondent(context)
    context.facilitation.remove_respondent(context.workshop.id, respondent.id, context.form.idempotency_key)
    return Redirect(f"{context.base_path}/people", (Notice.PERSON_REMOVED,))


def _find_respondent(context: RequestContext) -> Respondent:
    """The participant in the address; raises `NoSuchPage`, also for another workshop's."""
    for respondent in _load_workshop(context).respondents:
        if respondent.id == context.path_params["respondent"]:
            return respondent
    raise NoSuchPage()


def enrol_on_paper(context: RequestContext) -> HandlerResult:
    """Add a participant who answers on paper, for whom the facilitator enters the answers."""
    try:
        name = fit_name(context.form.value("name"))
        respondent = context.facilitation.enrol_on_paper(
            context.workshop, name=name, language=context.messages.language, key=context.form.idempotency_key
        )
    except AssessorError as error:
        return _people_page(context, error)
    return Redirect(f"{context.base_path}/paper/{respondent.id}")


def show_paper(context: RequestContext) -> HandlerResult:
    """The collaborations to enter for a participant on paper."""
    respondent = _paper_respondent(context)
    offered = context.participation.offered_collaborations(respondent)
    facts = {**context.hidden_fields(), "offered": offered, "base": context.base_path, "respondent": respondent}
    title = (
        context.say("{name}'s paper form", name=respondent.name)
        if respondent.name
        else context.say("Someone's paper form")
    )
    return HtmlPage(template="paper", title=title, facts=facts)


def _paper_respondent(context: RequestContext) -> Respondent:
    """The participant on paper in the address; raises `NoSuchPage` for one who answers by phone.

    Without this check a facilitator could read or change what others answered on their own phones. Raises
    `PeopleNotShown` after the end.
    """
    _refuse_after_closing(context)
    respondent = _find_respondent(context)
    if respondent.id not in context.workshops.on_paper(context.workshop):
        raise NoSuchPage()
    return respondent


def begin_paper_assessment(context: RequestContext) -> HandlerResult:
    """Begin, or go on with, entering a paper participant's answers on a collaboration."""
    return Redirect(
        context.step_path(context.participation.begin(_paper_respondent(context), context.path_params["collaboration"]))
    )


def show_collaboration(context: RequestContext) -> HandlerResult:
    """One collaboration: answered blind, then revealed, talked about and agreed on."""
    return _collaboration_page(context)


def _find_collaboration(context: RequestContext) -> tuple[WorkshopProgress, CollaborationProgress]:
    """The room, and the collaboration in the address; raises `NoSuchPage` when it is not on the list."""
    room = _load_workshop(context)
    for progress in room.collaborations:
        if progress.collaboration.id == context.path_params["collaboration"]:
            return room, progress
    raise NoSuchPage()


def _collaboration_page(context: RequestContext, error: AssessorError | None = None, **more: Any) -> HtmlPage:
    """The page of a collaboration, with the error of a refused form if there is one."""
    room, progress = _find_collaboration(context)
    terms = board.instrument_terms(context.config, context.messages)
    facts = {
        **context.hidden_fields(),
        "of": room.workshop,
        "base": context.base_path,
        "here": f"{context.base_path}/c/{progress.collaboration.id}",
        "seen": progress.agreed_assessment.last_seq if progress.agreed_assessment else 0,
        "collaboration": progress.collaboration,
        "begun": progress.begun,
        "finished": progress.finished,
        "joined": board.count_joined(room),
        "picture": progress.revealed,
        "places": board.board_places(terms, progress.revealed) if progress.revealed else (),
        "withheld": withheld_counts_sentences(progress.revealed, room.workshop.at_least, terms)
        if progress.revealed
        else (),
        "talk": board.board_talk(progress, terms, context.workshop.at_least),
        "alike": len(_unanimous_responses(context, progress)),
        "agreed": _agreed_so_far(context, progress),
        "dissents": _dissents_by_id(room, progress),
        "steps": tuple(each for each in room.workshop.steps if each.collaboration == progress.collaboration.id),
        "theirs": progress.party_assessment is not None,
        "invited": progress.collaboration.id
        in {each.collaboration.id for each in room.collaborations if each.party_assessment},
        "typed": {name: context.form.value(name) for name in ("text", "what", "who", "when")},
        "refused": context.refusal(error),
        "unready": isinstance(error, TooFewRaters | TooFewChanged),
        "on_board": (room.workshop.stage, room.workshop.subject),
        "following": _next_collaboration(room, progress),
        "goes_on": context.query.get("at") == "talk",
        **more,
    }
    return HtmlPage(template="lead_one", title=progress.collaboration.name, facts=facts, status=422 if error else 200)


def _dissents_by_id(room: WorkshopProgress, progress: CollaborationProgress) -> tuple[tuple[str, str], ...]:
    """Dissents as pairs of id, which withdraws it, and text."""
    workshop, collaboration_id = room.workshop, progress.collaboration.id
    return tuple(
        zip(workshop.dissent_ids.get(collaboration_id, ()), workshop.dissents.get(collaboration_id, ()), strict=True)
    )


def _next_collaboration(room: WorkshopProgress, progress: CollaborationProgress) -> Collaboration | None:
    """The next collaboration on the list; None after the last."""
    ids = [other.collaboration.id for other in room.collaborations]
    rest = room.collaborations[ids.index(progress.collaboration.id) + 1 :]
    return rest[0].collaboration if rest else None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedSoFar:
    """What the room has agreed on so far."""

    path: str
    #: Titles of what to do next; empty before the room has agreed.
    advice: tuple[str, ...]


def _agreed_so_far(context: RequestContext, progress: CollaborationProgress) -> AgreedSoFar | None:
    """Where to go through all that the room settled, and what to do next; None before agreeing has begun."""
    loaded = progress.agreed_assessment
    if loaded is None:
        return None
    terms = board.instrument_terms(context.config, context.messages)
    verdict = agreed_verdict(progress.instrument, progress.revealed, progress.settlement, loaded.assessment.wanted)
    way = verdict.way_wanted or verdict.way_up
    return AgreedSoFar(
        path=context.step_path(loaded),
        advice=tuple(advice.title for advice in advice_for_way(terms, way)) if way and progress.agreed else (),
    )


def _unanimous_responses(context: RequestContext, progress: CollaborationProgress) -> dict[str, str]:
    """Responses by item where all who know gave the same one; none before revealing."""
    return unanimous_responses(progress.revealed, context.workshop.at_least) if progress.revealed else {}


def reveal_collaboration(context: RequestContext) -> HandlerResult:
    """Reveal the room's placements and show them on the board, in one transaction."""
    progress = _find_collaboration(context)[1]
    id_ = progress.collaboration.id
    try:
        context.store.run_in_transaction(lambda: _reveal_on_board(context, id_))
    except (TooFewRaters, TooFewChanged) as error:
        return _collaboration_page(context, error)
    return Redirect(f"{context.base_path}/c/{id_}", (Notice.ON_THE_BOARD,))


def _reveal_on_board(context: RequestContext, collaboration: str) -> None:
    key = context.form.idempotency_key
    context.facilitation.reveal(context.workshop, collaboration, key=key)
    context.facilitation.set_stage(context.workshop.id, "terraces", collaboration, key=f"{key}-shown")


def begin_agreeing(context: RequestContext) -> HandlerResult:
    """Begin the agreed assessment and show on the board what to talk about.

    Unanimous responses are taken over, so that the room talks only about what it sees differently.
    """
    progress = _find_collaboration(context)[1]
    context.store.run_in_transaction(lambda: _agree_on_board(context, progress))
    return Redirect(f"{context.base_path}/c/{progress.collaboration.id}")


def _agree_on_board(context: RequestContext, progress: CollaborationProgress) -> None:
    id_, key = progress.collaboration.id, context.form.idempotency_key
    loaded = context.facilitation.begin_agreed(context.workshop, id_, key)
    if not loaded.responses:
        for item, option in _unanimous_responses(context, progress).items():
            loaded = context.participation.respond(context.workshop, loaded, item, option, f"{key}-{item}")
    context.facilitation.set_stage(context.workshop.id, "talk", id_, key=f"{key}-shown")


def save_agreed_response(context: RequestContext) -> HandlerResult:
    """Record the response that the room agreed on for an item."""
    progress = _find_collaboration(context)[1]
    item, option = context.form.value("item"), context.form.value("response")
    if progress.agreed_assessment is None or item not in progress.agreed_assessment.instrument.by_id:
        raise NoSuchPage()
    if not option:
        return _collaboration_page(context, NothingChosen())
    try:
        context.save(progress.agreed_assessment, Given("response", item, option, context.form.idempotency_key))
    except EditConflict as error:
        return _collaboration_page(context, error)
    return Redirect(f"{context.base_path}/c/{progress.collaboration.id}?at=talk")


def add_dissent(context: RequestContext) -> HandlerResult:
    """Record what somebody sees differently, and why; an empty text records nothing."""
    progress = _find_collaboration(context)[1]
    path, text = f"{context.base_path}/c/{progress.collaboration.id}", context.form.value("text")
    try:
        if not fit_text(text).strip():
            return Redirect(path, (Notice.NOTHING_WRITTEN,))
        context.facilitation.add_dissent(
            context.workshop.id, progress.collaboration.id, text, context.form.idempotency_key
        )
    except AssessorError as error:
        return _collaboration_page(context, error)
    return Redirect(path, (Notice.ADDED,))


def drop_dissent(context: RequestContext) -> HandlerResult:
    """Withdraw a dissent; raises `NoSuchPage` for an unknown one."""
    room, progress = _find_collaboration(context)
    collaboration_id, dissent_id = progress.collaboration.id, context.form.value("dissent")
    if dissent_id not in room.workshop.dissent_ids.get(collaboration_id, ()):
        raise NoSuchPage()
    context.facilitation.drop_dissent(context.workshop.id, collaboration_id, dissent_id, context.form.idempotency_key)
    return Redirect(f"{context.base_path}/c/{collaboration_id}", (Notice.REMOVED,))


def add_step(context: RequestContext) -> HandlerResult:
    """Record a step to take, by whom and when; an empty text records nothing."""
    progress = _find_collaboration(context)[1]
    path = f"{context.base_path}/c/{progress.collaboration.id}"
    what, who, when = (context.form.value(name) for name in ("what", "who", "when"))
    try:
        if not fit_text(what).strip():
            return Redirect(path, (Notice.NOTHING_WRITTEN,))
        context.facilitation.add_step(
            context.workshop.id, progress.collaboration.id, what, who, when, context.form.idempotency_key
        )
    except AssessorError as error:
        return _collaboration_page(context, error)
    return Redirect(path, (Notice.ADDED,))


def drop_step(context: RequestContext) -> HandlerResult:
    """Withdraw a step; raises `NoSuchPage` for an unknown one."""
    progress = _find_collaboration(context)[1]
    workshop_id, step_id = context.workshop.id, context.form.value("step")
    if step_id not in {step.id for step in context.workshop.steps}:
        raise NoSuchPage()
    context.facilitation.drop_step(workshop_id, progress.collaboration.id, step_id, context.form.idempotency_key)
    return Redirect(f"{context.base_path}/c/{progress.collaboration.id}", (Notice.REMOVED,))


def invite_party(context: RequestContext) -> HandlerResult:
    """Make an invitation for the collaboration's other party, as a link and a QR code. Earlier ones stop working."""
    progress = _find_collaboration(context)[1]
    secret = context.facilitation.invite_party(
        context.workshop.id, progress.collaboration.id, context.form.idempotency_key
    )
    address = f"{context.config.deployment.base_url}/p/{secret}"
    wide, path = qr_codes.svg_path(address)
    facts = {
        "collaboration": progress.collaboration,
        "address": address,
        "code_wide": wide,
        "code_path": path,
        "back": f"{context.base_path}/c/{progress.collaboration.id}",
    }
    return HtmlPage(template="invite", title=context.say("The other party's own view"), facts=facts)


def _find_case(context: RequestContext) -> tuple[int, CalibrationCase]:
    """The written case in the address, with its number from 1; raises `NoSuchPage`."""
    for number, case in enumerate(board.calibration_cases(context.config, context.messages), 1):
        if case.id == context.path_params["case"]:
            return number, case
    raise NoSuchPage()


def reveal_case(context: RequestContext) -> HandlerResult:
    """Reveal where the room and the instrument place a written case, and show it on the board."""
    number, case = _find_case(context)
    name = context.say("Case {number}", number=number)
    try:
        context.store.run_in_transaction(lambda: _reveal_case_on_board(context, case.id, name))
    except (TooFewRaters, TooFewChanged) as error:
        return _home_page(context, error)
    return Redirect(context.home_path)


def _reveal_case_on_board(context: RequestContext, case: str, name: str) -> None:
    key = context.form.idempotency_key
    context.facilitation.reveal_case(context.workshop, case, name, key=key)
    context.facilitation.set_stage(context.workshop.id, "case", case, key=f"{key}-shown")


def show_stop_leading(context: RequestContext) -> HandlerResult:
    """What it means to stop leading with this browser."""
    action = f"{context.base_path}/leave"
    facts = {**context.hidden_fields(), "of": context.workshop, "action": action}
    return HtmlPage(template="leave", title=context.say("Stop leading here?"), facts=facts)


def stop_leading(context: RequestContext) -> HandlerResult:
    """End this browser's cookie at the server and in the browser; the workshop goes on."""
    context.facilitation.stop_leading(context.workshop.id, context.session.token)
    return HtmlPage(
        template="left",
        title=context.say("This browser has stopped leading"),
        facts={"led": True},
        ended_cookie=context.config.deployment.facilitator_cookie_name(context.workshop.id),
    )


def show_ending(context: RequestContext) -> HandlerResult:
    """Before closing, what closing means; afterwards, the report and the data."""
    return _ending_page(context)


def _ending_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    room = _load_workshop(context)
    facts = {
        **context.hidden_fields(),
        "of": room.workshop,
        "base": context.base_path,
        "joined": board.count_joined(room),
        "unfinished": sum(progress.begun - progress.finished for progress in room.collaborations),
        "agreed": sum(progress.agreed for progress in room.collaborations),
        "not_agreed": tuple(progress.collaboration.name for progress in room.collaborations if not progress.agreed),
        "listed": len(room.collaborations),
        "refused": context.refusal(error),
    }
    title = context.say("The workshop is over") if room.workshop.closed else context.say("Close the workshop?")
    return HtmlPage(template="ending", title=title, facts=facts, status=422 if error else 200)


def close_workshop(context: RequestContext) -> HandlerResult:
    """Close the workshop; no answers are accepted afterwards. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _ending_page(context, ClosingNotConfirmed())
    context.facilitation.close(context.workshop.id, context.form.idempotency_key, context.session.token)
    return Redirect(f"{context.base_path}/end")


def show_erase(context: RequestContext) -> HandlerResult:
    """What erasing the workshop would remove."""
    return _erase_page(context)


def _erase_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "of": context.workshop,
        "base": context.base_path,
        "refused": context.refusal(error),
    }
    title = context.say("Erase {name}?", name=context.workshop.name)
    return HtmlPage(template="erase_room", title=title, facts=facts, status=422 if error else 200)


def erase_workshop(context: RequestContext) -> HandlerResult:
    """Erase the workshop and say where copies may remain. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _erase_page(context, ErasureNotConfirmed())
    erased = context.facilitation.erase(context.workshop.id)
    copies = describe_remaining_copies(erased, context.messages.gettext)
    return HtmlPage(template="erased_room", title=context.say("Erased for good."), facts={"copies": copies})
