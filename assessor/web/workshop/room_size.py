"""What a facilitator says of a room beforehand: how many they are, and until when they may answer.

How many sets how many must have answered before anything is shown together.
"""

from datetime import date

from assessor.core.workshop import EVERYBODY, INVITED
from assessor.safe_text import escape_controls
from assessor.web.errors import NotADay, NotANumber
from assessor.web.http.request_context import HandlerResult, Redirect, RequestContext
from assessor.web.workshop import board

#: The most digits of a number of people.
_MAX_DIGITS = 4


def set_expected(context: RequestContext) -> HandlerResult:
    """Record the number; raises `NotANumber`, or `ThresholdPromised` once somebody has joined."""
    people = typed_people(context.form.value("people"))
    if people is None:
        raise NotANumber(given="")
    context.facilitation.expect_people(context.workshop.id, people, context.form.idempotency_key)
    return Redirect(context.home_path)


def typed_people(text: str) -> int | None:
    """The number of people in a field, None for an empty one; raises `NotANumber`."""
    typed = text.strip()
    if not typed:
        return None
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= _MAX_DIGITS
    if not is_number or not int(typed):
        raise NotANumber(given=escape_controls(typed[:20]))
    return int(typed)


def set_until(context: RequestContext) -> HandlerResult:
    """Record until when everybody may answer, which their phones show; raises `NotADay` or `DayTooLate`."""
    day = typed_day(context.form.value("until"))
    if day is None:
        raise NotADay(given="")
    context.facilitation.set_last_day(context.workshop.id, EVERYBODY, day, context.form.idempotency_key)
    return Redirect(f"{context.base_path}/people")


def typed_day(text: str) -> date | None:
    """The day in a field, None for an empty one; raises `NotADay`."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as problem:
        raise NotADay(given=escape_controls(text[:20])) from problem


def last_day_text(context: RequestContext) -> str:
    """Until when this participant may answer, as it is written out; empty where nobody has said."""
    day = context.workshop.until.get(INVITED if context.is_other_party else EVERYBODY, "")
    return board.instrument_terms(context.config, context.messages).long_date(date.fromisoformat(day)) if day else ""
