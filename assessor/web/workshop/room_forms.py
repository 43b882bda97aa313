"""Filled-in forms (PDF) that people sent to who leads: chosen, looked through, and then taken into the room."""

from typing import Final, cast

from assessor.bank import Bank
from assessor.core.workshop import takes_responses
from assessor.errors import AssessorError
from assessor.exchange.filled_forms import FilledForm
from assessor.local_time import local_today
from assessor.safe_text import escape_controls
from assessor.usecases.room_forms import RoomForms, RoomFormsTakenIn, read_room_forms
from assessor.web.errors import FilesNotHeld, NoFileSent
from assessor.web.http.form_parsing import FormData
from assessor.web.http.held_values import HeldValues
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.workshop.facilitating import refuse_after_closing

Forms = tuple[FilledForm, ...]
#: Forms, and the names of files that nothing is written in.
Read = tuple[Forms, tuple[str, ...]]

#: Forms that were looked through and not taken in yet.
_HELD: Final[HeldValues[Forms]] = HeldValues()


def show_forms(context: RequestContext) -> HandlerResult:
    """The field for the files; raises `PeopleNotShown` once nobody's answers are taken any more."""
    _refuse_over(context)
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
        "of": context.workshop,
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
    _refuse_over(context)
    try:
        return _take_in_held(context) if context.form.value("held") else _look_through(context)
    except AssessorError as error:
        return _forms_page(context, error)


def _refuse_over(context: RequestContext) -> None:
    """After the end, only invited parties' forms are taken in, until their last day."""
    if not takes_responses(context.workshop, "them", local_today()):
        refuse_after_closing(context)


def read_sent(form: FormData, bank: Bank, language: str) -> Read | None:
    """What is in the files of a form; None for the press that takes in what was read before. Raises `NoFileSent`."""
    if form.value("held"):
        return None
    sent = [(escape_controls(each.name), each.data) for each in form.all_files("files") if each.data]
    if not sent:
        raise NoFileSent()
    return read_room_forms(sent, bank)


def _look_through(context: RequestContext) -> HtmlPage:
    """What the forms would bring, without keeping anything of it."""
    if isinstance(context.prepared, AssessorError):
        raise context.prepared
    forms, empty = cast("Read", context.prepared)
    found = _forms(context).take_in(context.workshop.id, forms, context.messages.language, dry_run=True)
    held = _HELD.hold(context.identity, forms) if found.new else ""
    return _forms_page(context, None, found, held, empty)


def _take_in_held(context: RequestContext) -> Redirect:
    forms = _HELD.find(context.identity, context.form.value("held"))
    if forms is None:
        raise FilesNotHeld()
    taken = _forms(context).take_in(context.workshop.id, forms, context.messages.language)
    if context.workshop.closed:
        return Redirect(f"{context.base_path}/end", (Notice.TAKEN_IN if taken.new else Notice.NOTHING_NEW,))
    return Redirect(f"{context.base_path}/people", (Notice.FORMS_TAKEN_IN if taken.new else Notice.NOTHING_NEW,))


def _forms(context: RequestContext) -> RoomForms:
    return RoomForms(context.store, context.bank)
