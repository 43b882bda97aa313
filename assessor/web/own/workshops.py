"""A library's workshops: the form that begins one on its collaborations, and on one's own machine the way to the room.

On one's own machine these pages answer here alone, and those of the room at a listener of its own (`room_listener`),
which this browser leads by a cookie: browsers share cookies between the ports of a machine.
"""

from dataclasses import dataclass
from typing import Any, Final

from assessor.core.membership import DEVICE_DAYS
from assessor.core.responses import Collaboration
from assessor.core.steering import people_lacking
from assessor.core.workshop import EVERYBODY, Workshop
from assessor.errors import AssessorError
from assessor.local_time import local_today
from assessor.usecases.assessments import fit_name
from assessor.usecases.facilitating import LARGE_ROOM
from assessor.web.errors import NoSuchPage, WorkshopNeedsName
from assessor.web.http.request_context import HandlerResult, HtmlPage, RedirectWithCookie, RequestContext
from assessor.web.http.room_listener import RoomListener
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


def workshops_page(context: RequestContext, error: AssessorError | None = None, **more: Any) -> HtmlPage:
    """The library's workshops, and the form that begins one."""
    facts = {
        **context.hidden_fields(),
        "workshops": [_row(context, each) for each in context.store.workshops.all() if each.library == context.library],
        "listed": context.store.collaborations(context.library),
        "ticked": context.form.values("collaboration"),
        "typed": {name: context.form.value(name) for name in _TYPED},
        "refused": context.refusal(error),
        "large": LARGE_ROOM,
        "today": local_today().isoformat(),
        "led_at": {},
        **more,
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


def open_workshop(context: RequestContext) -> tuple[Workshop, str]:
    """A workshop on what was ticked and pasted, and the secret that leads it; raises `WorkshopNeedsName`."""
    name = fit_name(context.form.value("name"))
    if not name:
        raise WorkshopNeedsName()
    return context.store.run_in_transaction(lambda: _open(context, name), harmless=False)


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


def show_workshops(context: RequestContext) -> HandlerResult:
    """The workshops and the form; those that this browser leads, with the way to their room."""
    return _own_page(context)


def _own_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    room = _room(context)
    cookies = context.headers.get("cookie", "")
    ongoing = [each for each in context.store.workshops.all() if room.deployment and not each.closed]
    led_at = {
        each.id: f"{room.own_address}/w/{each.id}"
        for each in ongoing
        if room.deployment and f"{room.deployment.facilitator_cookie_name(each.id)}=" in cookies
    }
    return workshops_page(context, error, led_at=led_at)


def _room(context: RequestContext) -> RoomListener:
    """The listener of this machine; raises `NoSuchPage` where the pages run in a browser."""
    if context.config.room is None:
        raise NoSuchPage()
    return context.config.room


def lead(context: RequestContext) -> HandlerResult:
    """Open a workshop, let the room's phones come in, and lead it with this browser."""
    room = _room(context)
    try:
        workshop, secret = open_workshop(context)
    except AssessorError as error:
        return _own_page(context, error)
    return _led(context, room, workshop, secret)


def lead_on(context: RequestContext) -> HandlerResult:
    """Go on with a workshop of this library's; raises `NotInStore` for any other."""
    workshop = context.own_workshop
    return _led(context, _room(context), workshop, context.facilitation.renew_secret(workshop.id))


def _led(context: RequestContext, room: RoomListener, workshop: Workshop, secret: str) -> RedirectWithCookie:
    deployment = room.start()
    redeemed = context.facilitation.redeem_secret(secret)
    return RedirectWithCookie(
        f"{context.base_path}/workshops",
        deployment.facilitator_cookie_name(workshop.id),
        redeemed[1] if redeemed else "",
        DEVICE_DAYS,
        lax=True,
    )
