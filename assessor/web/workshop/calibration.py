"""A written case on a participant's phone: where would you place it? And what the board shows, told in a line."""

from assessor.core.responses import DONT_KNOW
from assessor.presentation.messages import Messages
from assessor.presentation.tones import BESIDE_TONE, level_tones
from assessor.usecases.participating import CaseAlreadyRevealed
from assessor.usecases.workshops import WorkshopProgress
from assessor.web.errors import NoSuchPage, NothingChosen, WebError
from assessor.web.http.request_context import EventStream, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.interview_pages import PageOption
from assessor.web.templates import render_page
from assessor.web.workshop import board
from assessor.web.workshop.live_updates import PHONE_STREAMS


def show_case(visit: RequestContext) -> HandlerResult:
    """The case and the terraces; once the room was shown it, where the instrument places it and why."""
    return _case_page(visit)


def _case_page(visit: RequestContext, error: WebError | None = None) -> HtmlPage:
    said, shop = board.instrument_terms(visit.config, visit.messages), visit.workshop
    all_ = board.calibration_cases(visit.config, visit.messages)
    number = next((index for index, each in enumerate(all_, 1) if each.id == visit.path_params["case"]), 0)
    if not number or visit.respondent.side == "them":
        raise NoSuchPage()
    found = all_[number - 1]
    chosen = board.case_placements(shop, found.id).get(visit.respondent.id, "")
    by_level = level_tones(said.instrument)
    choices = [
        PageOption(
            value=each,
            label=said.numbered_name(each),
            example=said.wording.placements[each].line,
            chosen=each == chosen,
            tone=by_level.get(each, BESIDE_TONE),
        )
        for each in said.instrument.placements
    ]
    revealed = found.id in shop.revealed
    facts = {
        **visit.hidden_fields(),
        "case": found,
        "number": number,
        "of_cases": len(all_),
        "action": f"/case/{found.id}",
        "steps": [each for each in choices if each.tone is not BESIDE_TONE],
        "beside": [each for each in choices if each.tone is BESIDE_TONE],
        "chosen": said.numbered_name(chosen) if chosen else "",
        "revealed": revealed,
        "told": said.numbered_name(found.placement) if revealed else "",
        "why": tuple(each.text for each in board.deciding_responses(said, found)) if revealed else (),
        "refused": visit.messages.refusal(error) if error else "",
    }
    title = visit.say("Case {number} of {count}: where would you place it?", number=number, count=len(all_))
    return HtmlPage(template="case", title=title, facts=facts, status=error.status if error else 200)


def place_case(visit: RequestContext) -> HandlerResult:
    """Keep where they place it; they may change it until the room is shown it."""
    id_, chosen = visit.path_params["case"], visit.form.value("response")
    if (
        id_ not in {each.id for each in board.calibration_cases(visit.config, visit.messages)}
        or visit.respondent.side == "them"
    ):
        raise NoSuchPage()
    if chosen not in board.instrument_terms(visit.config, visit.messages).instrument.placements or chosen == DONT_KNOW:
        return _case_page(visit, NothingChosen())
    try:
        visit.participation.place_case(visit.workshop, visit.respondent.id, id_, chosen, visit.form.idempotency_key)
    except CaseAlreadyRevealed as error:
        return Redirect(f"/case/{id_}", (visit.messages.refusal(error),))
    return Redirect(f"/case/{id_}")


def stream_board_line(visit: RequestContext) -> HandlerResult:
    """What the board shows, without a word of anybody's."""
    speech = visit.messages

    def show(room: WorkshopProgress) -> str:
        return render_page(board_line(room, speech), speech)

    return EventStream(
        workshop_id=visit.workshop.id,
        render=show,
        cache_key=("phone", speech.language),
        person=visit.respondent.id,
        max_streams=PHONE_STREAMS,
        immediate=False,
    )


def show_board_line(visit: RequestContext) -> HandlerResult:
    """The same, asked for once."""
    return board_line(visit.workshops.progress(visit.workshop.id), visit.messages)


def board_line(room: WorkshopProgress, speech: Messages) -> HtmlPage:
    """The stage, and of a written case whether it was told where it stands."""
    facts = {
        "stage": room.workshop.stage,
        "subject": room.workshop.subject if room.workshop.stage == "case" else "",
        "told": room.workshop.subject in room.workshop.revealed,
    }
    return HtmlPage(template="phone_now", title=room.workshop.name, facts=facts)
