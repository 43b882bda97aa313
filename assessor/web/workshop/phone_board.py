"""What the board shows, on a participant's phone: the same figures, with their own answer beside the room's.

For whoever cannot see the board, and at the end for everybody: the room's terraces, its steps, and a page to keep.
Nothing here is more than the board has shown.
"""

from typing import Any

from assessor import output_files
from assessor.core.raters import not_asked
from assessor.presentation.placements import tell_placements
from assessor.usecases.participating import OfferedCollaboration
from assessor.usecases.workshops import WorkshopProgress
from assessor.web.errors import NoSuchPage
from assessor.web.http.request_context import FileDownload, HandlerResult, HtmlPage, RequestContext
from assessor.web.templates import render_page
from assessor.web.workshop import board


def show_board_here(context: RequestContext) -> HandlerResult:
    """The page; raises `NoSuchPage` for the other party, who may sit elsewhere and takes no part in the talk."""
    room, offered = _told_room(context)
    shown = board.board_facts(room, context.config, context.messages)
    facts = {
        **shown,
        **_own_answer(room, offered, shown.get("talk")),
        "over": room.workshop.closed is not None,
    }
    if room.workshop.closed:
        facts |= _kept_facts(context, room, offered)
    return HtmlPage(template="phone_board", title=context.say("The board"), facts=facts)


def _told_room(context: RequestContext) -> tuple[WorkshopProgress, tuple[OfferedCollaboration, ...]]:
    if context.is_other_party:
        raise NoSuchPage()
    return (
        context.workshops.told(context.workshop.id),
        context.participation.offered_collaborations(context.respondent),
    )


def _own_answer(
    room: WorkshopProgress, offered: tuple[OfferedCollaboration, ...], talk: board.BoardTalk | None
) -> dict[str, Any]:
    """The participant's response to the item that is talked about, and how many were not asked it."""
    item = talk.now.item if talk and talk.now else ""
    mine = next((each.loaded for each in offered if each.collaboration.id == room.workshop.subject), None)
    told = next((each.revealed for each in room.collaborations if each.collaboration.id == room.workshop.subject), None)
    return {
        "passed_by": mine is not None and mine.finished,
        "own": mine.responses.get(item, "") if mine and item else "",
        "not_asked": not_asked(told, item) if told and item else 0,
    }


def _kept_facts(
    context: RequestContext, room: WorkshopProgress, offered: tuple[OfferedCollaboration, ...]
) -> dict[str, Any]:
    """What somebody takes home: where the room's collaborations stand, what is to be done, and their own placements."""
    names = {each.collaboration.id: each.collaboration.name for each in room.collaborations}
    return {
        **board.terraces_facts(room, context.config, context.messages),
        "to_do": tuple((names.get(step.collaboration, ""), step) for step in room.workshop.steps),
        "mine": tuple(
            (each.collaboration.name, tell_placements(each.loaded.verdict.placements, context.terms(each.loaded)))
            for each in offered
            if each.loaded and each.finished
        ),
    }


def save_page(context: RequestContext) -> HandlerResult:
    """The same as a file of its own, to keep after the answers are erased; raises `NoSuchPage` before the end."""
    room, offered = _told_room(context)
    if room.workshop.closed is None:
        raise NoSuchPage()
    page = HtmlPage(template="kept", title=room.workshop.name, facts=_kept_facts(context, room, offered))
    name = output_files.safe_file_name(f"{room.workshop.library} {room.workshop.name}", ".html")
    text = render_page(page, context.messages, of=room.workshop)
    return FileDownload(text.encode(), "text/html; charset=utf-8", name)
