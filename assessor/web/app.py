"""The table of pages as a server: who asks is found out, the handler runs beside the store, its answer is laid out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from assessor.assessments import new_key
from assessor.errors import AssessorError
from assessor.store import Store
from assessor.store.errors import NotKept
from assessor.web.doorkeeper import Doorkeeper, Session
from assessor.web.errors import (
    LinkUsed,
    NoSuchPage,
    NotForYou,
    NotLetIn,
    NotThisWay,
    Overtaken,
    TooManyTries,
    Unforeseen,
    WebError,
)
from assessor.web.forms import Form, form
from assessor.web.guard import PATIENCE, Guard
from assessor.web.keeper import Keeper
from assessor.web.library import report_name
from assessor.web.printing import printed
from assessor.web.render import LOOK, laid_out, look, packed
from assessor.web.roles import Role
from assessor.web.routes import ROUTES, Handler, Page
from assessor.web.speech import Speech, spoken
from assessor.web.visit import Answer, Desk, Goto, Printed, Shown, Visit

#: Host names by which a server for one person on this machine goes.
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

#: Fields that a person typed or chose, shown again when they could not be kept.
_TYPED: Final = ("party", "undertaking", "name", "note")


@dataclass(frozen=True)
class House:
    """Everything that answering needs."""

    desk: Desk
    keeper: Keeper
    doorkeeper: Doorkeeper
    #: The cookie's name: cookies are shared between ports, so it bears the port's number.
    cookie: str = "assessor"


def application(house: House, hosts: frozenset[str] = LOCAL, patience: float = PATIENCE) -> ASGIApp:
    """The pages behind their guard."""

    @asynccontextmanager
    async def alive(_app: Starlette) -> AsyncIterator[None]:
        yield
        await house.keeper.close()

    routes = [Route(page.path, _endpoint(house, page), methods=["GET", "POST"]) for page in ROUTES]
    app = Starlette(
        routes=routes,
        lifespan=alive,
        exception_handlers={HTTPException: partial(_unknown, house), Exception: partial(_broken, house)},
    )
    app.router.redirect_slashes = False
    return Guard(app, hosts=hosts, refuse=partial(_refusal, house), patience=patience)


def _endpoint(house: House, page: Page) -> Callable[[Request], Awaitable[Response]]:
    special = {"/in/{secret}": _enter, "/look/{name}": _look}

    async def answered(request: Request) -> Response:
        sent = Form({})
        try:
            if request.method == "POST":
                sent = form(await request.body())
            if page.path in special:
                return special[page.path](house, request)
            return await _answered(house, page, request, sent)
        except AssessorError as error:
            return _refusal(house, request, error, sent)

    return answered


def _session(house: House, request: Request) -> Session:
    """Who asks; somebody unknown may see what is for all."""
    return house.doorkeeper.who(request.cookies.get(house.cookie, "")) or Session(role=Role.NONE)


def _speech(house: House, request: Request, session: Session) -> Speech:
    wished = spoken(request.headers.get("accept-language", ""), house.desk.language)
    return Speech(session.language or wished)


async def _answered(house: House, page: Page, request: Request, sent: Form) -> Response:
    session = _session(house, request)
    if page.role is not Role.NONE and session.role is not page.role:
        raise NotLetIn() if session.role is Role.NONE else NotForYou()
    handler = _handler(page, request.method)
    visit = Visit(
        desk=house.desk,
        session=session,
        speech=_speech(house, request, session),
        params=request.path_params,
        query=request.query_params,
        form=sent,
        typed=_typed(session, request),
    )
    key = sent.key if request.method == "POST" else ""
    act = partial(_acted, handler, visit, key)
    answer = await house.keeper.run(act) if page.store else act(None)
    return await _response(house, request, visit.speech, session, answer)


def _typed(session: Session, request: Request) -> Form:
    """What stood on the page when its language was changed; handed over once."""
    if session.typed is None or session.typed[0] != request.url.path or request.method != "GET":
        return Form({})
    (_path, typed), session.typed = session.typed, None
    return typed


def _handler(page: Page, method: str) -> Handler:
    handler = page.post if method == "POST" else page.get
    if handler is None:
        raise NotThisWay()
    return handler


def _acted(handler: Handler, visit: Visit, key: str, store: Store | None) -> Answer:
    """What the handler answers; to the same thing sent again, the same without doing it again."""
    if key in visit.session.done:
        return Goto(visit.session.done[key])
    answer = handler(replace(visit, kept=store))
    if key and isinstance(answer, Goto):
        visit.session.remember(key, answer.path)
    return answer


async def _response(house: House, request: Request, speech: Speech, session: Session, answer: Answer) -> Response:
    match answer:
        case Goto():
            session.said = answer.said or session.said
            return RedirectResponse(answer.path, status_code=303)
        case Printed():
            data = await printed(answer.report)
            name = report_name(answer.report.library)
            return Response(data, media_type="application/pdf", headers=_attached(name))
    said, session.said = session.said, ()
    return _page(house, request, speech, session, answer, said)


def _attached(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename=report.pdf; filename*=UTF-8''{quote(name)}"}


def _page(
    house: House, request: Request, speech: Speech, session: Session, shown: Shown, said: tuple[str, ...] = ()
) -> HTMLResponse:
    facts = {
        "inside": session.role is not Role.NONE,
        "said": said,
        "here": str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
        "language_key": new_key(),
        "closes": house.desk.stop is not None,
    }
    if request.method == "POST" or request.url.path.startswith("/in/"):
        facts["here"] = ""
    return HTMLResponse(laid_out(shown, speech, **facts), status_code=shown.status)


def _enter(house: House, request: Request) -> Response:
    """A browser comes with a secret; it leaves with a cookie, and the secret opens nothing again."""
    if request.method != "GET":
        raise NotThisWay()
    session = _session(house, request)
    if request.headers.get("sec-purpose", "").startswith("prefetch"):
        return Response(status_code=204)
    speech = _speech(house, request, session)
    try:
        token = house.doorkeeper.enter(request.path_params["secret"], Role.OWNER, house.desk.wished)
    except LinkUsed:
        if session.role is Role.NONE:
            raise
        token = ""
    # A page, not a redirect: after a redirect from elsewhere a browser would not send the cookie along.
    answer = _page(house, request, speech, session, Shown(template="entered", title=speech.say("Welcome")))
    if token:
        answer.set_cookie(house.cookie, token, httponly=True, samesite="strict", path="/")
    return answer


def _look(house: House, request: Request) -> Response:
    """Styles, script and typefaces; they may be kept, as their address changes with them."""
    if request.path_params["name"] not in LOOK or request.method != "GET":
        raise NoSuchPage()
    name = request.path_params["name"]
    data, kind = look(name)
    headers = {"content-type": kind, "cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed(name), headers={**headers, "content-encoding": "gzip"})
    return Response(data, headers=headers)


def _refusal(house: House, request: Request, error: AssessorError, sent: Form | None = None) -> Response:
    """What was refused, in the person's language, with what was typed."""
    session = _session(house, request)
    speech = _speech(house, request, session)
    status = _status(error)
    fields = [(name, value) for name, values in (sent or Form({})).fields.items() for value in values]
    facts = {
        "refused": speech.refusal(error),
        "status": status,
        "typed": [value for name, value in fields if name in _TYPED and value.strip()],
        "fields": [] if isinstance(error, Overtaken) else fields,
        "action": request.url.path,
    }
    shown = Shown(template="refused", title=speech.say("That did not work"), facts=facts, status=status)
    answer = _page(house, request, speech, session, shown)
    if isinstance(error, TooManyTries):
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
    return _refusal(house, request, error)


async def _broken(house: House, request: Request, problem: Exception) -> Response:
    """What nobody foresaw; told without what it was about."""
    return _refusal(house, request, Unforeseen(what=type(problem).__name__))
