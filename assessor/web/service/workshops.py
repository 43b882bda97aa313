"""A library's workshops on a service: begun here, and led from this browser at once."""

from assessor.core.membership import DEVICE_DAYS
from assessor.core.workshop import Workshop
from assessor.errors import AssessorError
from assessor.web.http.request_context import HandlerResult, RedirectWithCookie, RequestContext
from assessor.web.own.workshops import open_workshop, workshops_page


def show_workshops(context: RequestContext) -> HandlerResult:
    """The library's workshops, and the form that begins one."""
    return workshops_page(context)


def lead(context: RequestContext) -> HandlerResult:
    """Open a workshop on what was ticked and pasted, and lead it with this browser."""
    try:
        workshop, secret = open_workshop(context)
    except AssessorError as error:
        return workshops_page(context, error)
    return _leading(context, workshop, secret)


def lead_on(context: RequestContext) -> HandlerResult:
    """Lead a workshop of this library's with this browser too; raises `NotInStore` for any other."""
    workshop = context.own_workshop
    return _leading(context, workshop, context.facilitation.renew_secret(workshop.id))


def _leading(context: RequestContext, workshop: Workshop, secret: str) -> RedirectWithCookie:
    redeemed = context.facilitation.redeem_secret(secret)
    token = redeemed[1] if redeemed else ""
    cookie = context.config.deployment.facilitator_cookie_name(workshop.id)
    return RedirectWithCookie(f"/w/{workshop.id}", cookie, token, DEVICE_DAYS, lax=True)
