"""Pages of a participant's phone that follow the board: placing a written case, and a line on what the board shows.

Nothing here shows other participants' answers; a case's own placement is shown once the room has seen it.
"""

from assessor.core.responses import DONT_KNOW
from assessor.presentation.messages import Messages
from assessor.presentation.tones import BESIDE_TONE, level_tones
from assessor.usecases.participating import CaseAlreadyRevealed
from assessor.usecases.workshops import WorkshopProgress
from assessor.web.errors import NoSuchPage, NothingChosen, WebError
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import EventStream, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.interview_pages import PageOption
from assessor.web.templates import render_page
from assessor.web.workshop import board
from assessor.web.workshop.live_updates import PHONE_STREAMS


def show_case(context: RequestContext) -> HandlerResult:
    """A written case with the placements to choose from; once revealed, the instrument's placement and why."""
    return _case_page(context)


def _case_page(context: RequestContext, error: WebError | None = None) -> HtmlPage:
    """The page of a case; raises `NoSuchPage` for the other party, who takes no part in calibrating."""
    terms, workshop = board.instrument_terms(context.config, context.messages), context.workshop
    cases = board.calibration_cases(context.config, context.messages)
    number = next((index for index, placement in enumerate(cases, 1) if placement.id == context.path_params["case"]), 0)
    if not number or context.respondent.side == "them":
        raise NoSuchPage()
    case = cases[number - 1]
    chosen = board.case_placements(workshop, case.id).get(context.respondent.id, "")
    by_level = level_tones(terms.instrument)
    choices = [
        PageOption(
            value=placement,
            label=terms.numbered_name(placement),
            example=terms.wording.placements[placement].line,
            chosen=placement == chosen,
            tone=by_level.get(placement, BESIDE_TONE),
        )
        for placement in terms.instrument.placements
    ]
    revealed = case.id in workshop.revealed
    facts = {
        **context.hidden_fields(),
        "case": case,
        "number": number,
        "of_cases": len(cases),
        "action": f"/case/{case.id}",
        "steps": [placement for placement in choices if placement.tone is not BESIDE_TONE],
        "beside": [placement for placement in choices if placement.tone is BESIDE_TONE],
        "chosen": terms.numbered_name(chosen) if chosen else "",
        "revealed": revealed,
        "told": terms.numbered_name(case.placement) if revealed else "",
        "why": tuple(placement.text for placement in board.deciding_responses(terms, case)) if revealed else (),
        "refused": context.refusal(error),
    }
    title = context.say("Case {number} of {count}: where would you place it?", number=number, count=len(cases))
    return HtmlPage(template="case", title=title, facts=facts, status=error.status if error else 200)


def place_case(context: RequestContext) -> HandlerResult:
    """Record where the participant places the case; it can be changed until the case is revealed."""
    id_, chosen = context.path_params["case"], context.form.value("response")
    if (
        id_ not in {case.id for case in board.calibration_cases(context.config, context.messages)}
        or context.respondent.side == "them"
    ):
        raise NoSuchPage()
    if (
        chosen not in board.instrument_terms(context.config, context.messages).instrument.placements
        or chosen == DONT_KNOW
    ):
        return _case_page(context, NothingChosen())
    try:
        context.participation.place_case(
            context.workshop, context.respondent.id, id_, chosen, context.form.idempotency_key
        )
    except CaseAlreadyRevealed:
        return Redirect(f"/case/{id_}", (Notice.TOO_LATE_FOR_CASE,))
    return Redirect(f"/case/{id_}")


def stream_board_line(context: RequestContext) -> HandlerResult:
    """Live updates of the line about the board."""
    messages = context.messages

    def show(room: WorkshopProgress) -> str:
        return render_page(board_line(room, messages), messages)

    return EventStream(
        workshop_id=context.workshop.id,
        render=show,
        cache_key=("phone", messages.language),
        person=context.identity,
        address=context.attempts.address,
        may_listen=lambda room: context.respondent.id not in room.workshop.removed,
        max_streams=PHONE_STREAMS,
        immediate=False,
    )


def show_board_line(context: RequestContext) -> HandlerResult:
    """The same line once, for browsers without live updates."""
    return board_line(context.workshops.progress(context.workshop.id), context.messages)


def board_line(room: WorkshopProgress, messages: Messages) -> HtmlPage:
    """The stage of the board, and for a written case whether it was revealed; no answers."""
    facts = {
        "stage": room.workshop.stage,
        "subject": room.workshop.subject if room.workshop.stage == "case" else "",
        "told": room.workshop.subject in room.workshop.revealed,
    }
    return HtmlPage(template="phone_now", title=room.workshop.name, facts=facts)
