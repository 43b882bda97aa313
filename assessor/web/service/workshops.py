"""A library's workshops on a service: begun here, and led from this browser at once."""

from typing import Final

from assessor.core.membership import DEVICE_DAYS
from assessor.core.workshop import DEFAULT_MIN_RATERS, MIN_RATERS, Workshop
from assessor.errors import AssessorError
from assessor.usecases.assessments import fit_name
from assessor.web.errors import WorkshopNeedsName
from assessor.web.http.request_context import HandlerResult, HtmlPage, RedirectWithCookie, RequestContext

#: From how many on a room's counts are shown for the usual number, and below it for the fewest that there may be.
_USUAL_ROOM: Final = 8


def show_workshops(context: RequestContext) -> HandlerResult:
    """The library's workshops, and the form that begins one."""
    return _workshops_page(context)


def _workshops_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "workshops": [each for each in context.store.workshops.all() if each.library == context.library],
        "listed": context.store.collaborations(context.library),
        "ticked": context.form.values("collaboration"),
        "typed": {name: context.form.value(name) for name in ("name", "people", "pasted")},
        "refused": context.refusal(error),
        "usual": _USUAL_ROOM,
    }
    title = context.say("Lead a workshop")
    return HtmlPage(template="workshops", title=title, facts=facts, status=422 if error else 200)


def lead(context: RequestContext) -> HandlerResult:
    """Open a workshop on what was ticked and pasted, and lead it with this browser."""
    try:
        name = fit_name(context.form.value("name"))
        if not name:
            raise WorkshopNeedsName()
        workshop, secret = context.store.run_in_transaction(lambda: _open(context, name), harmless=False)
    except AssessorError as error:
        return _workshops_page(context, error)
    return _leading(context, workshop, secret)


def _open(context: RequestContext, name: str) -> tuple[Workshop, str]:
    own = {each.id for each in context.store.collaborations(context.library)}
    chosen = [id_ for id_ in context.form.values("collaboration") if id_ in own]
    pasted = [line.strip() for line in context.form.value("pasted").splitlines() if line.strip()]
    chosen += [_named(context, line) for line in pasted]
    people = context.form.value("people").strip()
    small = people.isdecimal() and len(people) < 6 and int(people) < _USUAL_ROOM
    at_least = MIN_RATERS if small else DEFAULT_MIN_RATERS
    return context.facilitation.open(context.library, name, dict.fromkeys(chosen), at_least=at_least)


def _named(context: RequestContext, line: str) -> str:
    """The id of a pasted collaboration, "party · undertaking", added where it is new."""
    party, _dot, undertaking = line.partition("·")
    return context.assessments.add_collaboration(party.strip(), undertaking.strip()).id


def lead_on(context: RequestContext) -> HandlerResult:
    """Lead a workshop of this library's with this browser too; raises `NotInStore` for any other."""
    workshop = context.own_workshop
    return _leading(context, workshop, context.facilitation.renew_secret(workshop.id))


def _leading(context: RequestContext, workshop: Workshop, secret: str) -> RedirectWithCookie:
    redeemed = context.facilitation.redeem_secret(secret)
    token = redeemed[1] if redeemed else ""
    cookie = context.config.deployment.facilitator_cookie_name(workshop.id)
    return RedirectWithCookie(f"/w/{workshop.id}", cookie, token, DEVICE_DAYS, lax=True)
