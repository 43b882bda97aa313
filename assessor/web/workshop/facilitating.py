"""A facilitator's pages: the board's stage, revealing, agreeing, dissents and steps, people, and the end.

Each page has a handler `show_…`, a builder `_…_page` that can also show what was refused, and handlers for its forms,
which redirect when they succeed. What facilitators may see follows the board's rule: no answers before revealing. The
rules themselves, such as how many raters must have finished, are in `usecases.facilitating`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assessor import qr_codes
from assessor.bank.case import CalibrationCase
from assessor.core.course import Beat, beat_id
from assessor.core.raters import unanimous_responses
from assessor.core.responses import Collaboration
from assessor.core.settling import agreed_verdict
from assessor.core.workshop import INVITED, STAGES, Respondent, takes_responses
from assessor.errors import AssessorError
from assessor.language import LANGUAGE_NAMES, language_tag
from assessor.local_time import local_day
from assessor.presentation.advice import advice_for_way
from assessor.presentation.room_sentences import withheld_counts_sentences
from assessor.usecases.assessments import WANTED, LoadedAssessment, fit_name, fit_text
from assessor.usecases.erasing import describe_remaining_copies
from assessor.usecases.facilitating import REOPENED_WITHIN, TooFewChanged, TooFewRaters, TooLateToReopen, browser_id
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
from assessor.web.workshop import board, course_page
from assessor.web.workshop.live_updates import FACILITATOR_STREAMS
from assessor.web.workshop.room_size import typed_day


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """A participant in the facilitator's list."""

    respondent: Respondent
    #: The name that they gave, else their number.
    name: str
    #: Whether the facilitator enters their answers from paper.
    on_paper: bool
    #: The names of the listed collaborations that they have not finished.
    lacking: tuple[str, ...]


def show_home(context: RequestContext) -> HandlerResult:
    """The page to lead the room from: stages, cases and collaborations."""
    return course_page.home_page(context)


def _load_workshop(context: RequestContext) -> WorkshopProgress:
    """The led workshop with the progress of its collaborations."""
    return context.workshops.progress(context.workshop.id)


def show_board(context: RequestContext) -> HandlerResult:
    """The board itself."""
    return board.board_page(_load_workshop(context), context.config, context.messages)


def stream_updates(context: RequestContext) -> HandlerResult:
    """Live updates of the board (`?of=board`) or of the main page; counted for each browser that leads."""
    of_board = context.query.get("of") == "board"
    config, messages = context.config, context.messages

    def show(room: WorkshopProgress) -> str:
        shown = (
            board.board_update(room, config, messages) if of_board else course_page.live_update(room, config, messages)
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


def go_on(context: RequestContext) -> HandlerResult:
    """Do what the page's button says, or go back; where the room has moved on since, say so and do nothing."""
    place = course_page.place_in_course(_load_workshop(context), context.config, context.messages)
    back = context.form.value("back") == "yes"
    beat = place.before if back else place.next
    if beat is None or (not back and context.form.value("beat") != beat_id(beat)):
        return Redirect(context.home_path, (Notice.MOVED_ON,))
    try:
        return _do_beat(context, beat)
    except (TooFewRaters, TooFewChanged, EditConflict, NothingChosen) as error:
        return course_page.home_page(context, error)


def _do_beat(context: RequestContext, beat: Beat) -> HandlerResult:
    """What one press does; raises what `go_on` tells."""
    if beat.act == "end":
        return Redirect(f"{context.base_path}/end")
    progress = next(
        (each for each in _load_workshop(context).collaborations if each.collaboration.id == beat.subject), None
    )
    if beat.act == "reveal_case":
        number, case = _numbered_case(context, beat.subject)
        name = context.say("Case {number}", number=number)
        context.store.run_in_transaction(lambda: _reveal_case_on_board(context, case.id, name))
    elif beat.act == "reveal":
        context.store.run_in_transaction(lambda: _reveal_on_board(context, beat.subject))
    elif beat.act == "agree" and progress:
        context.store.run_in_transaction(lambda: _agree_on_board(context, progress))
    elif beat.act == "settle" and progress and progress.agreed_assessment:
        _settle(context, progress.agreed_assessment, beat.item)
    else:
        context.facilitation.set_stage(context.workshop.id, beat.stage, beat.subject, key=context.form.idempotency_key)
    from_end = context.form.value("from") == "end"
    return Redirect(f"{context.base_path}/end" if from_end else context.home_path)


def _settle(context: RequestContext, agreed: LoadedAssessment, item: str) -> None:
    """Record the chosen response to an item; raises `NothingChosen` or `EditConflict`."""
    option = context.form.value("response")
    if not option:
        raise NothingChosen()
    context.save(agreed, Given("response", item, option, context.form.idempotency_key))


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


def add_collaborations(context: RequestContext) -> HandlerResult:
    """Add collaborations to everybody's list, one a line: the other party, and behind a dot what is done together."""
    lines = [line.strip() for line in context.form.value("names").splitlines() if line.strip()]
    if not lines:
        return Redirect(context.home_path, (Notice.NOTHING_WRITTEN,))
    try:
        context.store.run_in_transaction(lambda: _add_lines(context, lines))
    except AssessorError as error:
        return course_page.home_page(context, error)
    return Redirect(context.home_path, (Notice.ON_THE_LIST,))


def _add_lines(context: RequestContext, lines: Sequence[str]) -> None:
    key = context.form.idempotency_key
    for number, line in enumerate(lines):
        party, _dot, undertaking = line.replace("\t", " · ", 1).partition(" · ")
        context.facilitation.add_collaboration(context.workshop, party, undertaking, f"{key}-{number}")


def change_list(context: RequestContext) -> HandlerResult:
    """Rename a collaboration, move it first or last, or take it off the list."""
    id_, act = _find_collaboration(context)[1].collaboration.id, context.form.value("act")
    key, path = context.form.idempotency_key, f"{context.base_path}/c/{id_}"
    try:
        if act == "off":
            context.facilitation.take_off_list(context.workshop, id_, key)
            return Redirect(context.home_path, (Notice.OFF_THE_LIST,))
        if act == "first":
            context.facilitation.move_first(context.workshop, id_, key)
            return Redirect(context.home_path, (Notice.MOVED_FIRST,))
        if act == "last":
            context.facilitation.move_last(context.workshop, id_, key)
            return Redirect(context.home_path, (Notice.MOVED_LAST,))
        context.facilitation.rename(
            context.workshop, id_, context.form.value("party"), context.form.value("undertaking")
        )
    except AssessorError as error:
        return _collaboration_page(context, error)
    return Redirect(path, (Notice.RENAMED,))


def show_people(context: RequestContext) -> HandlerResult:
    """The list of participants, until the workshop is closed; raises `PeopleNotShown` afterwards."""
    refuse_after_closing(context)
    return _people_page(context)


def refuse_after_closing(context: RequestContext) -> None:
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
        "listed": len(room.collaborations),
        "today": local_day(datetime.now(UTC)).isoformat(),
        "other_browsers": len(room.workshop.browsers) - 1,
        "typed": context.form.value("name"),
        "refused": context.refusal(error),
    }
    return HtmlPage(template="people", title=context.say("Who is here"), facts=facts, status=422 if error else 200)


def _person_rows(context: RequestContext, room: WorkshopProgress) -> Iterator[PersonRow]:
    """Participants in the order of joining, those without a name by their number."""
    on_paper = context.workshops.on_paper(room.workshop)
    for number, respondent in enumerate(room.respondents, 1):
        name = respondent.name or context.say("Number {number}", number=number)
        finished = room.finished_by.get(respondent.id, frozenset())
        listed = (each.collaboration for each in room.collaborations)
        lacking = tuple(each.name for each in listed if each.id not in finished) if respondent.side == "us" else ()
        yield PersonRow(respondent=respondent, name=name, on_paper=respondent.id in on_paper, lacking=lacking)


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
    respondent = paper_respondent(context)
    offered = context.participation.offered_collaborations(respondent)
    facts = {**context.hidden_fields(), "offered": offered, "base": context.base_path, "respondent": respondent}
    title = (
        context.say("{name}'s paper form", name=respondent.name)
        if respondent.name
        else context.say("Someone's paper form")
    )
    return HtmlPage(template="paper", title=title, facts=facts)


def paper_respondent(context: RequestContext) -> Respondent:
    """The participant on paper in the address; raises `NoSuchPage` for one who answers by phone.

    Without this check a facilitator could read or change what others answered on their own phones. Raises
    `PeopleNotShown` after the end.
    """
    refuse_after_closing(context)
    respondent = _find_respondent(context)
    if respondent.id not in context.workshops.on_paper(context.workshop):
        raise NoSuchPage()
    return respondent


def show_collaboration(context: RequestContext) -> HandlerResult:
    """One collaboration: answered blind, then revealed, talked about and agreed on."""
    return _collaboration_page(context)


def _find_collaboration(context: RequestContext) -> tuple[WorkshopProgress, CollaborationProgress]:
    """The room, and the collaboration in the address or chosen in the form; raises `NoSuchPage` for an unknown one."""
    room, wished = _load_workshop(context), context.path_params.get("collaboration") or context.form.value("subject")
    for progress in room.collaborations:
        if progress.collaboration.id == wished:
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
        "named": {
            "party": context.form.value("party") or progress.collaboration.party,
            "undertaking": context.form.value("undertaking") or progress.collaboration.undertaking,
        },
        "refused": context.refusal(error),
        "unready": isinstance(error, TooFewRaters | TooFewChanged),
        "on_board": (room.workshop.stage, room.workshop.subject),
        "following": _next_collaboration(room, progress),
        "spot": context.query.get("at", ""),
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


def set_wanted(context: RequestContext) -> HandlerResult:
    """Record where the room wishes a collaboration to be that it talks about or has agreed on."""
    agreed, wanted = _find_collaboration(context)[1].agreed_assessment, context.form.value("response")
    if agreed is None or wanted not in agreed.instrument.levels:
        raise NoSuchPage()
    try:
        context.participation.respond(context.workshop, agreed, WANTED, wanted, context.form.idempotency_key)
    except AssessorError as error:
        return course_page.home_page(context, error)
    return Redirect(context.home_path, (Notice.ADDED,))


def add_dissent(context: RequestContext) -> HandlerResult:
    """Record what somebody sees differently, and why; an empty text records nothing."""
    progress = _find_collaboration(context)[1]
    path, text = _page_of_form(context, progress, "dissents"), context.form.value("text")
    try:
        if not fit_text(text).strip():
            return Redirect(path, (Notice.NOTHING_WRITTEN,))
        context.facilitation.add_dissent(
            context.workshop.id, progress.collaboration.id, text, context.form.idempotency_key
        )
    except AssessorError as error:
        return _refused_page(context, error)
    return Redirect(path, (Notice.ADDED,))


def _page_of_form(context: RequestContext, progress: CollaborationProgress, spot: str) -> str:
    """The page on which a form was sent: the course, or the collaboration's own where it goes on."""
    own = f"{context.base_path}/c/{progress.collaboration.id}"
    return context.home_path if context.form.value("from") == "course" else f"{own}?at={spot}"


def _refused_page(context: RequestContext, error: AssessorError) -> HtmlPage:
    """The page on which a form was sent, with why it was refused and what was typed."""
    return (
        course_page.home_page(context, error)
        if context.form.value("from") == "course"
        else _collaboration_page(context, error)
    )


def drop_dissent(context: RequestContext) -> HandlerResult:
    """Withdraw a dissent; raises `NoSuchPage` for an unknown one."""
    room, progress = _find_collaboration(context)
    collaboration_id, dissent_id = progress.collaboration.id, context.form.value("dissent")
    if dissent_id not in room.workshop.dissent_ids.get(collaboration_id, ()):
        raise NoSuchPage()
    context.facilitation.drop_dissent(context.workshop.id, collaboration_id, dissent_id, context.form.idempotency_key)
    return Redirect(f"{context.base_path}/c/{collaboration_id}?at=dissents", (Notice.REMOVED,))


def add_step(context: RequestContext) -> HandlerResult:
    """Record a step to take, by whom and when; an empty text records nothing."""
    progress = _find_collaboration(context)[1]
    path = _page_of_form(context, progress, "steps")
    what, who, when = (context.form.value(name) for name in ("what", "who", "when"))
    try:
        if not fit_text(what).strip():
            return Redirect(path, (Notice.NOTHING_WRITTEN,))
        context.facilitation.add_step(
            context.workshop.id, progress.collaboration.id, what, who, when, context.form.idempotency_key
        )
    except AssessorError as error:
        return _refused_page(context, error)
    return Redirect(path, (Notice.ADDED,))


def drop_step(context: RequestContext) -> HandlerResult:
    """Withdraw a step; raises `NoSuchPage` for an unknown one."""
    progress = _find_collaboration(context)[1]
    workshop_id, step_id = context.workshop.id, context.form.value("step")
    if step_id not in {step.id for step in context.workshop.steps}:
        raise NoSuchPage()
    context.facilitation.drop_step(workshop_id, progress.collaboration.id, step_id, context.form.idempotency_key)
    return Redirect(f"{context.base_path}/c/{progress.collaboration.id}?at=steps", (Notice.REMOVED,))


def invite_party(context: RequestContext) -> HandlerResult:
    """Make an invitation for the collaboration's other party, as a link and a QR code. Earlier ones stop working."""
    progress = _find_collaboration(context)[1]
    secret = context.facilitation.invite_party(
        context.workshop.id, progress.collaboration.id, context.form.idempotency_key
    )
    address = f"{context.config.base_url}/p/{secret}"
    wide, path = qr_codes.svg_path(address)
    facts = {
        "collaboration": progress.collaboration,
        "address": address,
        "code_wide": wide,
        "code_path": path,
        "back": f"{context.base_path}/c/{progress.collaboration.id}",
        "form": f"{context.base_path}/c/{progress.collaboration.id}/form.pdf" if context.bank.has_party_side else "",
        "tongues": [(code, language_tag(code), name) for code, name in LANGUAGE_NAMES.items()],
    }
    return HtmlPage(template="invite", title=context.say("The other party's own view"), facts=facts)


def _numbered_case(context: RequestContext, id_: str) -> tuple[int, CalibrationCase]:
    """A written case with its number from 1; raises `NoSuchPage`."""
    for number, case in enumerate(board.calibration_cases(context.config, context.messages), 1):
        if case.id == id_:
            return number, case
    raise NoSuchPage()


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
    following = course_page.place_in_course(room, context.config, context.messages).next
    facts = {
        **context.hidden_fields(),
        "of": room.workshop,
        "base": context.base_path,
        "joined": board.count_joined(room),
        "unfinished": sum(progress.begun - progress.finished for progress in room.collaborations),
        "agreed": sum(progress.agreed for progress in room.collaborations),
        "not_agreed": tuple(progress.collaboration.name for progress in room.collaborations if not progress.agreed),
        "listed": len(room.collaborations),
        "reopens": room.workshop.closed is not None and datetime.now(UTC) - room.workshop.closed <= REOPENED_WITHIN,
        "beat": beat_id(following) if room.workshop.closed and following else "",
        "invited": _invited_parties(context, room),
        "takes_forms": takes_responses(room.workshop, "them", local_day(datetime.now(UTC))),
        "refused": context.refusal(error),
    }
    title = context.say("The workshop is over") if room.workshop.closed else context.say("Close the workshop?")
    return HtmlPage(template="ending", title=title, facts=facts, status=422 if error else 200)


def _invited_parties(context: RequestContext, room: WorkshopProgress) -> tuple[tuple[Collaboration, bool], ...]:
    """The listed collaborations whose other party was invited, and whether it is to see both sides."""
    ticked = {*context.form.values("both")} if context.form.fields else room.workshop.both_sides
    listed = (each.collaboration for each in room.collaborations if each.collaboration.id in room.workshop.invited)
    return tuple((each, each.id in ticked) for each in listed)


def close_workshop(context: RequestContext) -> HandlerResult:
    """Close the workshop; no answers are accepted afterwards. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _ending_page(context, ClosingNotConfirmed())
    try:
        context.store.run_in_transaction(lambda: _close(context))
    except AssessorError as error:
        return _ending_page(context, error)
    return Redirect(f"{context.base_path}/end")


def _close(context: RequestContext) -> None:
    """Close the room; invitations stay open until the day that was typed, if there is one."""
    key, day = context.form.idempotency_key, typed_day(context.form.value("party_until"))
    if day:
        context.facilitation.set_last_day(context.workshop.id, INVITED, day, f"{key}-party")
    _show_both_sides(context)
    context.facilitation.close(context.workshop.id, key, context.session.token)


def choose_both_sides(context: RequestContext) -> HandlerResult:
    """Choose after the end which invited parties see both sides."""
    _show_both_sides(context)
    return Redirect(f"{context.base_path}/end", (Notice.SAVED,))


def _show_both_sides(context: RequestContext) -> None:
    ticked = context.form.values("both")
    context.facilitation.show_both_sides(context.workshop.id, ticked, f"{context.form.idempotency_key}-both")


def reopen_workshop(context: RequestContext) -> HandlerResult:
    """Undo the closing, which is possible for a day."""
    try:
        context.facilitation.reopen(context.workshop.id, context.form.idempotency_key, datetime.now(UTC))
    except TooLateToReopen as error:
        return _ending_page(context, error)
    return Redirect(context.home_path, (Notice.REOPENED,))


def share_leading(context: RequestContext) -> HandlerResult:
    """An address by which one more browser comes to lead, once, with its QR code; an earlier one stops working."""
    refuse_after_closing(context)
    address = f"{context.config.base_url}/lead/{context.facilitation.renew_secret(context.workshop.id)}"
    wide, path = qr_codes.svg_path(address)
    facts = {"address": address, "code_wide": wide, "code_path": path, "back": f"{context.base_path}/people"}
    return HtmlPage(template="share_leading", title=context.say("Lead from one more device"), facts=facts)


def withdraw_other_browsers(context: RequestContext) -> HandlerResult:
    """End every other browser's leading."""
    context.facilitation.withdraw_other_browsers(context.workshop.id, context.session.token)
    return Redirect(f"{context.base_path}/people", (Notice.OTHERS_WITHDRAWN,))


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
