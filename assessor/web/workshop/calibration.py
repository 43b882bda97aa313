"""Pages of a participant's phone that follow the board: placing a written case, and a line on what the board shows.

Nothing here shows other participants' answers; a case's own placement is shown once the room has seen it.
"""

from dataclasses import dataclass

from assessor.bank.case import CalibrationCase
from assessor.core.responses import DONT_KNOW
from assessor.core.workshop import Stage, Workshop
from assessor.presentation.messages import Messages
from assessor.presentation.tones import BESIDE_TONE, level_tones
from assessor.usecases.participating import CaseAlreadyRevealed
from assessor.usecases.workshops import WorkshopProgress
from assessor.web.errors import NoSuchPage, NothingChosen, WebError
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import (
    EventStream,
    HandlerResult,
    HtmlPage,
    Redirect,
    RequestContext,
    ServerConfig,
)
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
    cases, (number, case) = board.calibration_cases(context.config, context.messages), _numbered_case(context)
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
        "action": case_path(number),
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


def _numbered_case(context: RequestContext) -> tuple[int, CalibrationCase]:
    """The case in the address and its number: an id would tell where it belongs. Raises `NoSuchPage`."""
    cases, typed = board.calibration_cases(context.config, context.messages), context.path_params["number"]
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0
    if not 0 < number <= len(cases) or context.is_other_party:
        raise NoSuchPage()
    return number, cases[number - 1]


def case_path(number: int) -> str:
    """Address of a case's page."""
    return f"/case/{number}"


def place_case(context: RequestContext) -> HandlerResult:
    """Record where the participant places the case; it can be changed until the case is revealed."""
    (number, case), chosen = _numbered_case(context), context.form.value("response")
    if (
        chosen not in board.instrument_terms(context.config, context.messages).instrument.placements
        or chosen == DONT_KNOW
    ):
        return _case_page(context, NothingChosen())
    try:
        context.participation.place_case(
            context.workshop, context.respondent.id, case.id, chosen, context.form.idempotency_key
        )
    except CaseAlreadyRevealed:
        return Redirect(case_path(number), (Notice.TOO_LATE_FOR_CASE,))
    return Redirect(case_path(number))


def stream_board_line(context: RequestContext) -> HandlerResult:
    """Live updates of the line about the board."""
    config, messages = context.config, context.messages

    def show(room: WorkshopProgress) -> str:
        return render_page(_line_page(room.workshop, config, messages, _settled_so_far(room)), messages)

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
    room = context.workshops.told(context.workshop.id)
    return _line_page(room.workshop, context.config, context.messages, _settled_so_far(room))


def _settled_so_far(room: WorkshopProgress) -> int:
    """A number that rises with everything that the room settles."""
    return sum(each.agreed_assessment.last_seq for each in room.collaborations if each.agreed_assessment)


def _line_page(workshop: Workshop, config: ServerConfig, messages: Messages, settled: int = 0) -> HtmlPage:
    return HtmlPage(
        template="phone_now", title=workshop.name, facts={"now": board_line(workshop, config, messages, settled)}
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardLine:
    """What a phone says of the board in one line; no answers."""

    stage: Stage
    #: Of the written case on the board; 0 for none.
    number: int
    #: Whether the case was revealed.
    told: bool
    #: Whether there is anything to say.
    tells: bool
    #: Another text whenever the board may show something else, so that what follows it is fetched anew.
    at: str


def board_line(workshop: Workshop, config: ServerConfig, messages: Messages, settled: int = 0) -> BoardLine:
    """The stage of the board, and for a written case its number and whether it was revealed."""
    cases = board.calibration_cases(config, messages) if workshop.stage == "case" else ()
    number = next((index for index, case in enumerate(cases, 1) if case.id == workshop.subject), 0)
    return BoardLine(
        stage=workshop.stage,
        number=number,
        told=workshop.subject in workshop.revealed,
        tells=bool(number) or workshop.stage in ("gut", "verdict", "terraces", "talk", "steps", "closed"),
        at=f"{workshop.seq}.{settled}",
    )
