"""A library's workshops on a service: begun here, and led from this browser at once."""

from dataclasses import dataclass
from typing import Final

from assessor.core.membership import DEVICE_DAYS
from assessor.core.responses import Collaboration
from assessor.core.steering import people_lacking
from assessor.core.workshop import EVERYBODY, Workshop
from assessor.errors import AssessorError
from assessor.local_time import local_today
from assessor.usecases.assessments import fit_name
from assessor.usecases.facilitating import LARGE_ROOM
from assessor.web.errors import WorkshopNeedsName
from assessor.web.http.request_context import HandlerResult, HtmlPage, RedirectWithCookie, RequestContext
from assessor.web.workshop.room_size import typed_day, typed_people

#: What the form that begins one keeps when it is refused.
_TYPED: Final = ("name", "people", "until", "pasted")


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopRow:
    """A workshop in the list, and while it goes on how far it is."""

    workshop: Workshop
    joined: int = 0
    #: The last day of answering; empty where none was set.
    until: str = ""
    #: Collaborations that too few have answered to be told, and how many more have to.
    lacking: tuple[tuple[Collaboration, int], ...] = ()


def show_workshops(context: RequestContext) -> HandlerResult:
    """The library's workshops, and the form that begins one."""
    return _workshops_page(context)


def _workshops_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "workshops": [_row(context, each) for each in context.store.workshops.all() if each.library == context.library],
        "listed": context.store.collaborations(context.library),
        "ticked": context.form.values("collaboration"),
        "typed": {name: context.form.value(name) for name in _TYPED},
        "refused": context.refusal(error),
        "large": LARGE_ROOM,
        "today": local_today().isoformat(),
    }
    title = context.say("Lead a workshop")
    return HtmlPage(template="workshops", title=title, facts=facts, status=422 if error else 200)


def _row(context: RequestContext, workshop: Workshop) -> WorkshopRow:
    if workshop.closed:
        return WorkshopRow(workshop=workshop)
    progress = context.workshops.progress(workshop.id)
    counted = ((each, people_lacking(each.finished, workshop.at_least)) for each in progress.collaborations)
    return WorkshopRow(
        workshop=workshop,
        joined=sum(each.side == "us" for each in progress.respondents),
        until=workshop.until.get(EVERYBODY, ""),
        lacking=tuple((each.collaboration, number) for each, number in counted if number),
    )


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
    people, until = typed_people(context.form.value("people")), typed_day(context.form.value("until"))
    workshop, secret = context.facilitation.open(context.library, name, dict.fromkeys(chosen))
    key = context.form.idempotency_key
    if people:
        context.facilitation.expect_people(workshop.id, people, f"{key}-people")
    if until:
        context.facilitation.set_last_day(workshop.id, EVERYBODY, until, f"{key}-until")
    return workshop, secret


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
