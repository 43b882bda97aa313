"""The table of pages as a server: who asks is found out, the handler runs beside the store, its answer is laid out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from assessor.errors import AssessorError
from assessor.language import LANGUAGES
from assessor.store import Store
from assessor.store.errors import NotKept
from assessor.usecases.assessments import new_key
from assessor.usecases.workshops import WorkshopOver
from assessor.web.errors import (
    LinkUsed,
    NoSuchPage,
    NotJoined,
    NotThisWay,
    Overtaken,
    Removed,
    TooManyCodes,
    TooManyTries,
    Unforeseen,
    WebError,
)
from assessor.web.http.authentication import Asking, Doors, OwnDoors, RoomDoors
from assessor.web.http.deployment import LOCAL, Reach, Setting
from assessor.web.http.form_parsing import Form, form
from assessor.web.http.guard import PATIENCE, Guard
from assessor.web.http.rate_limit import Budget, Tries, whose
from assessor.web.http.request_context import Answer, Desk, Goto, Handed, LetIn, Printed, Shown, Streamed, Visit
from assessor.web.http.roles import Role
from assessor.web.http.route import Handler, Page
from assessor.web.http.sessions import Doorkeeper, Session
from assessor.web.http.store_worker import Keeper
from assessor.web.http.unsent_forms import Unsent
from assessor.web.messages import Speech, spoken
from assessor.web.own.library import report_name
from assessor.web.printing import printed
from assessor.web.route_table import ROOM, ROUTES
from assessor.web.templates import LOOK, laid_out, look, packed
from assessor.web.workshop.live_updates import Live

__all__ = ["LOCAL", "House", "application"]

#: Fields that a person typed or chose, shown again when they could not be kept.
_TYPED: Final = ("party", "undertaking", "name", "note")


#: To send the same again would be refused again.
_FINAL: Final = (Overtaken, WorkshopOver, Removed, NotJoined)


@dataclass(frozen=True)
class House:
    """Everything that answering needs."""

    desk: Desk
    keeper: Keeper
    doorkeeper: Doorkeeper = field(default_factory=Doorkeeper)
    #: The cookie's name of the one whose store it is; it bears the port's number.
    cookie: str = "assessor"
    budget: Budget = field(default_factory=Budget)
    live: Live = field(default_factory=Live)
    unsent: Unsent = field(default_factory=Unsent)

    @property
    def setting(self) -> Setting:
        """How the pages are reached."""
        return self.desk.setting

    @property
    def pages(self) -> tuple[Page, ...]:
        """The table of what can be asked for."""
        return ROUTES if self.setting.reach is Reach.OWN else ROOM

    @property
    def doors(self) -> Doors:
        """Who finds out who asks."""
        if self.setting.reach is Reach.OWN:
            return OwnDoors(self.doorkeeper, self.cookie)
        return RoomDoors(self.setting, self.desk.bank)


@dataclass
class Asked:
    """One request while it is answered."""

    request: Request
    sent: Form = field(default_factory=lambda: Form({}))
    #: Who asks, as soon as that is known.
    session: Session = field(default_factory=lambda: Session(role=Role.NONE))

    @property
    def posted(self) -> bool:
        """Whether it is a form that was sent."""
        return self.request.method == "POST"


def application(house: House, patience: float = PATIENCE) -> ASGIApp:
    """The pages behind their guard."""

    @asynccontextmanager
    async def alive(_app: Starlette) -> AsyncIterator[None]:
        yield
        await house.keeper.close()

    routes = [Route(page.path, _endpoint(house, page), methods=["GET", "POST"]) for page in house.pages]
    app = Starlette(
        routes=routes,
        lifespan=alive,
        exception_handlers={HTTPException: partial(_unknown, house), Exception: partial(_broken, house)},
    )
    app.router.redirect_slashes = False

    def refuse(request: Request, error: AssessorError) -> Response:
        return _refusal(house, Asked(request, session=_at_once(house, request)), error)

    return Guard(app, setting=house.setting, refuse=refuse, patience=patience)


def _endpoint(house: House, page: Page) -> Callable[[Request], Awaitable[Response]]:
    special = {"/in/{secret}": _enter, "/look/{name}": _look}

    async def answered(request: Request) -> Response:
        asked = Asked(request, session=_at_once(house, request))
        try:
            if asked.posted:
                asked.sent = form(await request.body())
            if page.path in special:
                return special[page.path](house, asked)
            return await _answered(house, page, asked)
        except AssessorError as error:
            return _refusal(house, asked, error)

    return answered


def _at_once(house: House, request: Request) -> Session:
    """Who asks, as far as that is known without the store; nobody where it is not."""
    asking = Asking(role=Role.NONE, cookies=request.cookies, params={})
    return house.doors.at_once(asking) or Session(role=Role.NONE)


def _speech(house: House, asked: Asked) -> Speech:
    wished = spoken(asked.request.headers.get("accept-language", ""), house.desk.language)
    own = asked.session.language
    asking = asked.request.query_params.get("lang", "") if asked.session.role is Role.NONE else ""
    return Speech(next((each for each in (own, asking) if each in LANGUAGES), wished))


async def _answered(house: House, page: Page, asked: Asked) -> Response:
    asking = Asking(role=page.role, cookies=asked.request.cookies, params=asked.request.path_params)
    session = house.doors.at_once(asking)
    if session:
        asked.session = session
    key = asked.sent.key if asked.posted else ""
    act = partial(_acted, house, page, asked, key)
    answer = await house.keeper.run(act, together=page.together) if page.store else act(None)
    return await _response(house, asked, answer)


def _acted(house: House, page: Page, asked: Asked, key: str, store: Store | None) -> Answer:
    """What the handler answers; to the same thing sent again, the same without doing it again."""
    asking = Asking(role=page.role, cookies=asked.request.cookies, params=asked.request.path_params)
    if store and house.setting.reach is not Reach.OWN:
        asked.session = house.doors.known(asking, store)
    handler, session = _handler(page, asked.request.method), asked.session
    if key in session.done:
        return Goto(session.done[key])
    answer = handler(_visit(house, asked, store))
    if isinstance(answer, Goto) and answer.typed:
        house.unsent.keep(_who(house, asked), answer.path, answer.typed)
    if key and isinstance(answer, Goto):
        session.remember(key, answer.path)
    return answer


def _visit(house: House, asked: Asked, store: Store | None) -> Visit:
    return Visit(
        desk=house.desk,
        session=asked.session,
        speech=_speech(house, asked),
        kept=store,
        params=asked.request.path_params,
        query=asked.request.query_params,
        form=asked.sent,
        path=asked.request.url.path,
        tries=Tries(_address(house, asked.request), house.budget),
        typed=_typed(house, asked),
    )


def _address(house: House, request: Request) -> str:
    peer = request.client.host if request.client else ""
    return whose(peer, ",".join(request.headers.getlist("x-forwarded-for")), house.setting.proxies)


def _typed(house: House, asked: Asked) -> Form:
    """What stood on the page when its language was changed; handed over once."""
    return Form({}) if asked.posted else house.unsent.take(_who(house, asked), asked.request.url.path)


def _who(house: House, asked: Asked) -> str:
    """Whom unsent text belongs to."""
    session = asked.session
    if session.respondent:
        return f"respondent {session.respondent.id}"
    return f"leading {session.workshop.id}" if session.workshop else asked.request.cookies.get(house.cookie, "")


def _handler(page: Page, method: str) -> Handler:
    handler = page.post if method == "POST" else page.get
    if handler is None:
        raise NotThisWay()
    return handler


async def _response(house: House, asked: Asked, answer: Answer) -> Response:
    session = asked.session
    match answer:
        case Goto():
            session.said = answer.said or session.said
            return RedirectResponse(answer.path, status_code=303)
        case LetIn():
            return _let_in(house, answer)
        case Streamed():
            return StreamingResponse(answer.events(house), media_type="text/event-stream")
        case Printed():
            data = await printed(answer.report)
            return Response(data, media_type="application/pdf", headers=_attached(report_name(answer.report)))
        case Handed():
            return Response(answer.data, media_type=answer.kind, headers=_attached(answer.name))
    said, session.said = session.said, ()
    return _page(house, asked, answer, said)


def _let_in(house: House, answer: LetIn) -> Response:
    """Elsewhere with a cookie that no script reads and no other site sends."""
    response = RedirectResponse(answer.path, status_code=303)
    response.set_cookie(
        answer.cookie,
        answer.token,
        max_age=answer.days * 86_400,
        path="/",
        secure=house.setting.secure,
        httponly=True,
        samesite="strict",
    )
    return response


def _attached(name: str) -> dict[str, str]:
    plain = f"assessor{PurePath(name).suffix}"
    return {"content-disposition": f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"}


def _page(house: House, asked: Asked, shown: Shown, said: tuple[str, ...] = ()) -> HTMLResponse:
    request, session = asked.request, asked.session
    facts = {
        "inside": session.role is not Role.NONE,
        "role": session.role.value,
        "reach": house.setting.reach.value,
        "base": session.base,
        # The other party may sit elsewhere, and sees no board.
        "now": session.workshop if session.respondent and session.respondent.side == "us" else None,
        "said": said,
        "here": str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
        "language_key": new_key(),
        "closes": house.desk.stop is not None,
    }
    if asked.posted or request.url.path.startswith(("/in/", "/p/", "/go/", "/lead/")):
        facts["here"] = ""
    return HTMLResponse(laid_out(shown, _speech(house, asked), **facts), status_code=shown.status)


def _enter(house: House, asked: Asked) -> Response:
    """A browser comes with a secret; it leaves with a cookie, and the secret opens nothing again."""
    request, session = asked.request, asked.session
    if request.method != "GET":
        raise NotThisWay()
    if request.headers.get("sec-purpose", "").startswith("prefetch"):
        return Response(status_code=204)
    speech = _speech(house, asked)
    try:
        token = house.doorkeeper.enter(request.path_params["secret"], Role.OWNER, house.desk.wished)
    except LinkUsed:
        if session.role is Role.NONE:
            raise
        token = ""
    # A page, not a redirect: after a redirect from elsewhere a browser would not send the cookie along.
    answer = _page(house, asked, Shown(template="entered", title=speech.say("Welcome")))
    if token:
        answer.set_cookie(house.cookie, token, httponly=True, samesite="strict", path="/")
    return answer


def _look(house: House, asked: Asked) -> Response:
    """Styles, script and typefaces; they may be kept, as their address changes with them."""
    request = asked.request
    if request.path_params["name"] not in LOOK or request.method != "GET":
        raise NoSuchPage()
    name = request.path_params["name"]
    data, kind = look(name)
    headers = {"content-type": kind, "cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed(name), headers={**headers, "content-encoding": "gzip"})
    return Response(data, headers=headers)


def _refusal(house: House, asked: Asked, error: AssessorError) -> Response:
    """What was refused, in the person's language, with what was typed."""
    speech = _speech(house, asked)
    status = _status(error)
    fields = [(name, value) for name, values in asked.sent.fields.items() for value in values]
    facts = {
        "refused": speech.refusal(error),
        "status": status,
        "typed": [value for name, value in fields if name in _TYPED and value.strip()],
        "fields": [] if isinstance(error, _FINAL) else fields,
        "action": asked.request.url.path,
    }
    shown = Shown(template="refused", title=speech.say("That did not work"), facts=facts, status=status)
    answer = _page(house, asked, shown)
    if isinstance(error, TooManyTries | TooManyCodes):
        answer.headers["retry-after"] = "60"
    return answer


def _status(error: AssessorError) -> int:
    if isinstance(error, WebError):
        return error.status
    if isinstance(error, NotKept):
        return 404
    return {65: 422, 2: 422, 73: 503, 74: 503}.get(error.exit_code, 500)


async def _unknown(house: House, request: Request, problem: Exception) -> Response:
    error = NotThisWay() if isinstance(problem, HTTPException) and problem.status_code == 405 else NoSuchPage()
    return _refusal(house, Asked(request, session=_at_once(house, request)), error)


async def _broken(house: House, request: Request, problem: Exception) -> Response:
    """What nobody foresaw; told without what it was about."""
    asked = Asked(request, session=_at_once(house, request))
    return _refusal(house, asked, Unforeseen(what=type(problem).__name__))
