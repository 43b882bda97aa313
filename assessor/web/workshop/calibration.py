"""A written case on a participant's phone: where would you place it? And what the board shows, told in a line."""

from assessor.core.responses import DONT_KNOW
from assessor.presentation.tones import BESIDE, tones
from assessor.usecases.workshops import CaseShown, Room
from assessor.web.errors import NoSuchPage, NotChosen, WebError
from assessor.web.http.request_context import Answer, Goto, Shown, Streamed, Visit
from assessor.web.interview_pages import Choice
from assessor.web.messages import Speech
from assessor.web.templates import laid_out
from assessor.web.workshop import board
from assessor.web.workshop.live_updates import PHONE_STREAMS, listening


def case(visit: Visit) -> Answer:
    """The case and the terraces; once the room was shown it, where the instrument places it and why."""
    return _case(visit)


def _case(visit: Visit, error: WebError | None = None) -> Shown:
    said, shop = board.terms(visit.desk, visit.speech), visit.workshop
    all_ = board.cases(visit.desk, visit.speech)
    number = next((index for index, each in enumerate(all_, 1) if each.id == visit.params["case"]), 0)
    if not number or visit.respondent.side == "them":
        raise NoSuchPage()
    found = all_[number - 1]
    chosen = board.placed(shop, found.id).get(visit.respondent.id, "")
    by_level = tones(said.instrument)
    choices = [
        Choice(
            value=each,
            label=said.level(each),
            example=said.wording.placements[each].line,
            chosen=each == chosen,
            tone=by_level.get(each, BESIDE),
        )
        for each in said.instrument.placements
    ]
    revealed = found.id in shop.revealed
    facts = {
        **visit.sending(),
        "case": found,
        "number": number,
        "of_cases": len(all_),
        "action": f"/case/{found.id}",
        "steps": [each for each in choices if each.tone is not BESIDE],
        "beside": [each for each in choices if each.tone is BESIDE],
        "chosen": said.level(chosen) if chosen else "",
        "revealed": revealed,
        "told": said.level(found.placement) if revealed else "",
        "why": tuple(each.text for each in board.why(said, found)) if revealed else (),
        "refused": visit.speech.refusal(error) if error else "",
    }
    title = visit.say("Case {number} of {count}: where would you place it?", number=number, count=len(all_))
    return Shown(template="case", title=title, facts=facts, status=error.status if error else 200)


def place(visit: Visit) -> Answer:
    """Keep where they place it; they may change it until the room is shown it."""
    id_, chosen = visit.params["case"], visit.form.one("response")
    if id_ not in {each.id for each in board.cases(visit.desk, visit.speech)} or visit.respondent.side == "them":
        raise NoSuchPage()
    if chosen not in board.terms(visit.desk, visit.speech).instrument.placements or chosen == DONT_KNOW:
        return _case(visit, NotChosen())
    try:
        visit.workshops.place_case(visit.workshop, visit.respondent.id, id_, chosen, visit.form.key)
    except CaseShown as error:
        return Goto(f"/case/{id_}", (visit.speech.refusal(error),))
    return Goto(f"/case/{id_}")


def live(visit: Visit) -> Answer:
    """What the board shows, without a word of anybody's."""
    speech = visit.speech

    def show(room: Room) -> str:
        return laid_out(now(room, speech), speech)

    person, shop = visit.respondent.id, visit.workshop.id
    return Streamed(listening(person, PHONE_STREAMS, shop, ("phone", speech.language), show, hurried=False))


def now_(visit: Visit) -> Answer:
    """The same, asked for once."""
    return now(visit.workshops.room(visit.workshop.id), visit.speech)


def now(room: Room, speech: Speech) -> Shown:
    """The stage, and of a written case whether it was told where it stands."""
    facts = {
        "stage": room.workshop.stage,
        "subject": room.workshop.subject if room.workshop.stage == "case" else "",
        "told": room.workshop.subject in room.workshop.revealed,
    }
    return Shown(template="phone_now", title=room.workshop.name, facts=facts)
