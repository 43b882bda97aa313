"""The board on a machine of its own, such as the room's: let in by a code to type, without any power to lead.

A short address for the hand (`/b`), a page that shows the board and its live updates, and what the facilitator does
about it: make a code, withdraw all machines.
"""

from assessor import qr_codes
from assessor.errors import AssessorError
from assessor.usecases.facilitating import browser_id
from assessor.usecases.screens import Screens
from assessor.usecases.workshops import WorkshopProgress
from assessor.web.errors import NoSuchBoardCode, TooManyWrongCodes
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import (
    EventStream,
    HandlerResult,
    HtmlPage,
    Redirect,
    RedirectWithCookie,
    RequestContext,
)
from assessor.web.templates import render_page
from assessor.web.workshop import board
from assessor.web.workshop.live_updates import FACILITATOR_STREAMS

#: Lifetime of the cookie in days: a workshop may go on for weeks.
_DAYS = 30


def show_door(context: RequestContext) -> HandlerResult:
    """The field for the code; one in the address is filled in, and opens nothing by being looked at."""
    return _door_page(context, context.path_params.get("code", ""))


def _door_page(context: RequestContext, typed: str, error: AssessorError | None = None) -> HtmlPage:
    facts = {**context.hidden_fields(), "typed": typed, "stays_in_language": True, "refused": context.refusal(error)}
    title = context.say("Show the board on this machine")
    return HtmlPage(template="board_door", title=title, facts=facts, status=getattr(error, "status", 200))


def open_board(context: RequestContext) -> HandlerResult:
    """Let this machine show the board that the code opens; the code opens nothing any more."""
    typed = context.form.value("code")
    redeemed = Screens(context.store).redeem_code(typed)
    if redeemed is None:
        too_many = context.attempts.rate_limiter.count_wrong(context.attempts.address)
        return _door_page(context, typed, TooManyWrongCodes() if too_many else NoSuchBoardCode())
    workshop, token = redeemed
    cookie = context.config.deployment.board_cookie_name(workshop.id)
    shown = f"/b/show/{workshop.id}?lang={context.messages.language}"
    return RedirectWithCookie(shown, cookie, token, _DAYS)


def show_screen(context: RequestContext) -> HandlerResult:
    """The board, without what leads."""
    room = context.workshops.progress(context.workshop.id)
    page = board.board_page(room, context.config, context.messages)
    facts = {**page.facts, "screen": f"/b/show/{context.workshop.id}", "spoken_here": context.messages.language}
    return HtmlPage(template=page.template, title=page.title, facts=facts)


def stream_screen(context: RequestContext) -> HandlerResult:
    """Live updates of it."""
    config, messages = context.config, context.messages

    def show(room: WorkshopProgress) -> str:
        return render_page(board.board_update(room, config, messages), messages)

    return EventStream(
        workshop_id=context.workshop.id,
        render=show,
        cache_key=("board", messages.language),
        person=context.identity,
        address=context.attempts.address,
        may_listen=lambda room: browser_id(context.session.token) in room.workshop.screens,
        max_streams=FACILITATOR_STREAMS,
        immediate=True,
    )


def share_board(context: RequestContext) -> HandlerResult:
    """A code, once, by which another machine shows the board, with the short address at which it is typed."""
    code, base = Screens(context.store).new_code(context.workshop.id), context.config.base_url
    wide, path = qr_codes.svg_path(f"{base}/b/{code}")
    facts = {
        "address": f"{base.partition('//')[2]}/b",
        "code": f"{code[:4]} {code[4:]}",
        "code_wide": wide,
        "code_path": path,
        "back": context.home_path,
    }
    return HtmlPage(template="share_board", title=context.say("The board on another machine"), facts=facts)


def withdraw_screens(context: RequestContext) -> HandlerResult:
    """End the showing of every other machine."""
    Screens(context.store).withdraw_all(context.workshop.id)
    return Redirect(f"{context.base_path}/people", (Notice.SCREENS_WITHDRAWN,))
