"""Filled-in forms (PDF) that people sent to who leads: chosen, looked through, and then taken into the room."""

from typing import Final

from assessor.errors import AssessorError
from assessor.exchange.filled_forms import FilledForm
from assessor.safe_text import escape_controls
from assessor.usecases.room_forms import RoomForms, RoomFormsTakenIn, read_room_forms
from assessor.web.errors import FilesNotHeld, NoFileSent
from assessor.web.http.held_values import HeldValues
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.workshop.facilitating import refuse_after_closing

#: Forms that were looked through and not taken in yet.
_HELD: Final[HeldValues[tuple[FilledForm, ...]]] = HeldValues()


def show_forms(context: RequestContext) -> HandlerResult:
    """The field for the files; raises `PeopleNotShown` after the end."""
    refuse_after_closing(context)
    return _forms_page(context)


def _forms_page(
    context: RequestContext,
    error: AssessorError | None = None,
    found: RoomFormsTakenIn | None = None,
    held: str = "",
    empty: tuple[str, ...] = (),
) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "base": context.base_path,
        "found": found,
        "people": len({sheet.person for sheet in found.sheets}) if found else 0,
        "held": held,
        "empty": empty,
        "refused": context.refusal(error),
    }
    title = context.say("Filled-in forms")
    return HtmlPage(template="room_forms", title=title, facts=facts, status=422 if error else 200)


def take_in(context: RequestContext) -> HandlerResult:
    """Look files through and say what they bring; what was looked through is taken in by a second press."""
    refuse_after_closing(context)
    try:
        return _take_in_held(context) if context.form.value("held") else _look_through(context)
    except AssessorError as error:
        return _forms_page(context, error)


def _look_through(context: RequestContext) -> HtmlPage:
    sent = [(escape_controls(each.name), each.data) for each in context.form.all_files("files") if each.data]
    if not sent:
        raise NoFileSent()
    forms, empty = read_room_forms(sent, context.bank)
    found = _forms(context).take_in(context.workshop.id, forms, context.messages.language, dry_run=True)
    held = _HELD.hold(context.identity, forms) if found.new else ""
    return _forms_page(context, None, found, held, empty)


def _take_in_held(context: RequestContext) -> Redirect:
    forms = _HELD.find(context.identity, context.form.value("held"))
    if forms is None:
        raise FilesNotHeld()
    taken = _forms(context).take_in(context.workshop.id, forms, context.messages.language)
    return Redirect(f"{context.base_path}/people", (Notice.FORMS_TAKEN_IN if taken.new else Notice.NOTHING_NEW,))


def _forms(context: RequestContext) -> RoomForms:
    return RoomForms(context.store, context.bank)
