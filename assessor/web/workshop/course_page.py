"""The page that leads a room: the course beside the board in small, what to say, and one button that goes on.

`core.course` says what comes next; here it is put into words. `facilitating` has the handlers of its forms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assessor.core.course import (
    Beat,
    CourseCase,
    CourseCollaboration,
    CoursePlace,
    CourseRoom,
    beat_id,
    course_minutes,
    minutes_behind,
    next_beat,
    picture_page,
)
from assessor.core.workshop import Stage, Workshop
from assessor.errors import AssessorError
from assessor.presentation.messages import Messages
from assessor.presentation.terms import Terms
from assessor.usecases.assessments import new_key
from assessor.usecases.facilitating import TooFewChanged, TooFewRaters
from assessor.usecases.workshops import CollaborationProgress, WorkshopProgress
from assessor.web.http.request_context import HtmlPage, RequestContext, ServerConfig
from assessor.web.templates import render_part
from assessor.web.workshop import board


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseLink:
    """A collaboration under the row of agreeing."""

    id: str
    #: Address of its own page.
    path: str
    name: str
    #: How far it is, in a few words.
    status: str
    on_board: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseRow:
    """One of the course's rows."""

    id: str
    minutes: str
    title: str
    #: What to do and what to say; empty where the bank has no words for it.
    do: str
    say: tuple[str, ...]
    #: The stage that its button shows; empty for the last row, which leads to the page that ends the workshop.
    stage: Stage | None
    #: What its button is about.
    subject: str
    current: bool
    links: tuple[CourseLink, ...]


def home_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The page, with the error of a refused form if there is one."""
    room = context.workshops.progress(context.workshop.id)
    facts = {
        **context.hidden_fields(),
        **live_facts(room, context.config, context.messages),
        "typed": {name: context.form.value(name) for name in ("names", "text", "what", "who", "when")},
        "refused": context.refusal(error),
        "waits": isinstance(error, TooFewRaters | TooFewChanged),
    }
    return HtmlPage(template="lead", title=room.workshop.name, facts=facts, status=422 if error else 200)


def live_update(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> HtmlPage:
    """The parts that change, as live updates send them."""
    return HtmlPage(template="lead_now", title="", facts=live_facts(room, config, messages))


def live_facts(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> dict[str, Any]:
    """Everything that live updates replace."""
    workshop, place = room.workshop, place_in_course(room, config, messages)
    has_cases = bool(board.calibration_cases(config, messages))
    minutes = course_minutes(has_cases=has_cases)[place.row]
    subject = _on_board(room)
    return {
        "of": workshop,
        "base": f"/w/{workshop.id}",
        "go_key": new_key(),
        "stamp": workshop.seq
        + sum(each.agreed_assessment.last_seq for each in room.collaborations if each.agreed_assessment),
        "unreachable": config.address_watch.warning(messages.gettext),
        "watch": config.address_watch,
        "joined": board.count_joined(room),
        "parties": sum(respondent.side == "them" for respondent in room.respondents),
        "finished": sum(each.finished for each in room.collaborations),
        "answering": sum(each.begun - each.finished for each in room.collaborations),
        "own": room.brought_along,
        "settled": tuple(each.collaboration for each in room.collaborations if each.agreed_assessment),
        "levels": _levels(board.instrument_terms(config, messages)),
        "listed": tuple(_collaboration_links(room, f"/w/{workshop.id}", messages)),
        "code": board.spaced_code(workshop),
        "address": config.base_url.partition("//")[2],
        "rows": tuple(_course_rows(room, place, config, messages)),
        "clock": _clock_sentence(workshop, minutes, messages),
        "picture": render_part(board.small_board(room, config, messages), messages),
        "before": place.before,
        "beat": beat_id(place.next) if place.next else "",
        "next": place.next,
        "goes_on": _label(place.next, room, config, messages) if place.next else "",
        "one": subject.collaboration if subject else None,
        "still_answering": _still_answering(place.next, room, messages),
        "seen": _seen(place.next, room),
        "to_settle": _split_to_settle(place.next, room, config, messages),
        "said_so_far": board.board_talk(subject, board.instrument_terms(config, messages), workshop.at_least).standing
        if subject and subject.agreed_assessment
        else "",
    }


def _levels(terms: Terms) -> tuple[tuple[str, str], ...]:
    """Every level with its number and name."""
    return tuple((level, terms.numbered_name(level)) for level in terms.instrument.levels)


def place_in_course(room: WorkshopProgress, config: ServerConfig, messages: Messages) -> CoursePlace:
    """What comes before and next."""
    workshop = room.workshop
    return next_beat(
        CourseRoom(
            stage=workshop.stage,
            subject=workshop.subject,
            cases=tuple(
                CourseCase(
                    id=case.id,
                    revealed=case.id in workshop.revealed,
                    enough=len(board.case_placements(workshop, case.id)) >= workshop.at_least,
                )
                for case in board.calibration_cases(config, messages)
            ),
            collaborations=tuple(_as_course_asks(each, workshop.at_least) for each in room.collaborations),
        )
    )


def _as_course_asks(progress: CollaborationProgress, at_least: int) -> CourseCollaboration:
    to_settle = progress.settlement.to_settle if progress.agreed_assessment else ()
    return CourseCollaboration(
        id=progress.collaboration.id,
        revealed=progress.revealed is not None,
        begun=progress.agreed_assessment is not None,
        next_item=to_settle[0].item if to_settle else "",
        agreed=progress.agreed,
        enough=progress.begun >= at_least,
    )


def _on_board(room: WorkshopProgress) -> CollaborationProgress | None:
    """The collaboration on the board; None where it shows none."""
    return next((each for each in room.collaborations if each.collaboration.id == room.workshop.subject), None)


def _clock_sentence(workshop: Workshop, minutes: tuple[int, int], messages: Messages) -> str:
    """How the room stands to the plan; empty before it has begun and once it is over."""
    if workshop.began is None or workshop.closed:
        return ""
    behind = minutes_behind(workshop.began, datetime.now(UTC), minutes)
    if behind > 0:
        return messages.count("{number} minute behind the plan", "{number} minutes behind the plan", behind)
    if behind < 0:
        return messages.count("{number} minute ahead of the plan", "{number} minutes ahead of the plan", -behind)
    return messages.say("as planned")


def _course_rows(
    room: WorkshopProgress, place: CoursePlace, config: ServerConfig, messages: Messages
) -> Iterator[CourseRow]:
    """The rows with their minutes, the current one with what it is about."""
    words = board.instrument_terms(config, messages).wording.course or {}
    cases = board.calibration_cases(config, messages)
    for row, (begin, end) in course_minutes(has_cases=bool(cases)).items():
        found, stage = words.get(row), _STAGE_OF_ROW.get(row)
        yield CourseRow(
            id=row,
            minutes=f"{begin}–{end}",
            title=found.title if found else _row_name(row, messages),
            do=found.do if found else "",
            say=found.say if found else (),
            stage=stage,
            subject=cases[0].id if row == "cases" else "",
            current=row == place.row,
            links=tuple(_collaboration_links(room, f"/w/{room.workshop.id}", messages)) if row == "agree" else (),
        )


#: What the button of a row shows; `agree` has a link to each collaboration instead.
_STAGE_OF_ROW: dict[str, Stage] = {
    "welcome": "join",
    "gut": "gut",
    "cases": "case",
    "questions": "progress",
    "verdict": "verdict",
    "picture": "terraces",
    "steps": "steps",
}


def _row_name(row: str, messages: Messages) -> str:
    """The name of a row that the bank has no words for."""
    stage = _STAGE_OF_ROW.get(row)
    if stage:
        return stage_name(stage, messages)
    return messages.say("Talk and agree") if row == "agree" else stage_name("closed", messages)


def stage_name(stage: Stage, messages: Messages) -> str:
    """What the board shows at a stage."""
    return {
        "join": messages.say("How to join"),
        "gut": messages.say("Gut feeling"),
        "case": messages.say("A written case"),
        "progress": messages.say("How far we are"),
        "verdict": messages.say("Everyone reads their own verdict"),
        "terraces": messages.say("The terraces"),
        "talk": messages.say("What to talk about"),
        "steps": messages.say("What we agreed to do"),
        "closed": messages.say("The end"),
    }[stage]


def _collaboration_links(room: WorkshopProgress, base: str, messages: Messages) -> Iterator[CourseLink]:
    for each, row in zip(room.collaborations, board.progress_rows(room, messages), strict=True):
        done = messages.count("{number} done", "{number} done", each.finished)
        yield CourseLink(
            id=each.collaboration.id,
            path=f"{base}/c/{each.collaboration.id}",
            name=each.collaboration.name,
            status=row.status or done,
            on_board=room.workshop.subject == each.collaboration.id,
        )


def _label(beat: Beat, room: WorkshopProgress, config: ServerConfig, messages: Messages) -> str:
    """What the button says that it will do."""
    names = {each.collaboration.id: each.collaboration.name for each in room.collaborations}
    cases = [case.id for case in board.calibration_cases(config, messages)]
    case = cases.index(beat.subject) + 1 if beat.subject in cases else 0
    if picture_page(beat.subject) > 1:
        return messages.say("Show the next page")
    match beat.act:
        case "reveal_case":
            return messages.say("Show where case {number} stands", number=case)
        case "reveal":
            return messages.say("Show the answers for {name}", name=names[beat.subject])
        case "agree":
            return messages.say("Start agreeing on {name}", name=names[beat.subject])
        case "settle":
            return messages.say("Agreed")
        case "end":
            return messages.say("Go to the close")
    if case:
        return messages.say("Show case {number}", number=case)
    stage = stage_name(beat.stage, messages)
    if beat.subject in names:
        return messages.say("Show {name}: {what}", name=names[beat.subject], what=stage)
    return messages.say("Show: {what}", what=stage)


def _subject_of(beat: Beat | None, room: WorkshopProgress) -> CollaborationProgress | None:
    """The collaboration of an item that is to be settled."""
    if beat is None or beat.act != "settle":
        return None
    return next(each for each in room.collaborations if each.collaboration.id == beat.subject)


def _still_answering(beat: Beat | None, room: WorkshopProgress, messages: Messages) -> str:
    """How many still answer what the next press reveals, who are counted later only together; empty for nobody."""
    subject = next((each for each in room.collaborations if beat and each.collaboration.id == beat.subject), None)
    if beat is None or beat.act != "reveal" or subject is None or subject.begun == subject.finished:
        return ""
    return messages.count(
        "{number} is still answering: wait, or show it without them. "
        "After that they are counted only together with enough others.",
        "{number} are still answering: wait, or show it without them. "
        "After that they are counted only together with enough others.",
        subject.begun - subject.finished,
    )


def _seen(beat: Beat | None, room: WorkshopProgress) -> int:
    """How much of what was settled the page has seen."""
    subject = _subject_of(beat, room)
    return subject.agreed_assessment.last_seq if subject and subject.agreed_assessment else 0


def _split_to_settle(
    beat: Beat | None, room: WorkshopProgress, config: ServerConfig, messages: Messages
) -> board.BoardSplit | None:
    """The item that the next press settles; None where it does something else."""
    subject = _subject_of(beat, room)
    if subject is None:
        return None
    return board.board_talk(subject, board.instrument_terms(config, messages), room.workshop.at_least).now
