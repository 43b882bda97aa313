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
from assessor.language import LANGUAGES, preferred_language
from assessor.presentation.messages import Messages
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import new_key
from assessor.usecases.workshops import WorkshopOver
from assessor.web.errors import (
    EditConflict,
    LinkUsed,
    MethodNotAllowed,
    NoSuchPage,
    NotJoined,
    RemovedFromWorkshop,
    TooManyWrongCodes,
    TooManyWrongSecrets,
    UnexpectedError,
    WebError,
)
from assessor.web.http.authentication import Authenticator, Credentials, OwnerAuthenticator, WorkshopAuthenticator
from assessor.web.http.deployment import LOCAL_HOST_NAMES, Audience, Deployment
from assessor.web.http.form_parsing import FormData, parse_form
from assessor.web.http.guard import BODY_TIMEOUT, Guard
from assessor.web.http.rate_limit import ClientAttempts, RateLimiter, client_address
from assessor.web.http.request_context import (
    EventStream,
    FileDownload,
    HandlerResult,
    HtmlPage,
    PdfDownload,
    Redirect,
    RedirectWithCookie,
    RequestContext,
    ServerConfig,
)
from assessor.web.http.roles import Role
from assessor.web.http.route import Handler, PageRoute
from assessor.web.http.sessions import Session, SessionStore
from assessor.web.http.store_worker import StoreWorker
from assessor.web.http.unsent_forms import UnsentForms
from assessor.web.own.library import report_file_name
from assessor.web.printing import print_pdf
from assessor.web.route_table import OWNER_ROUTES, WORKSHOP_ROUTES
from assessor.web.templates import STATIC_FILES, gzipped_static_file, render_page, static_file
from assessor.web.workshop.live_updates import LiveUpdates

__all__ = ["LOCAL_HOST_NAMES", "Services", "create_app"]

#: Fields that a person typed or chose, shown again when they could not be kept.
_TYPED_FIELDS: Final = ("party", "undertaking", "name", "note")


#: To send the same again would be refused again.
_NOT_RETRYABLE: Final = (EditConflict, WorkshopOver, RemovedFromWorkshop, NotJoined)


@dataclass(frozen=True)
class Services:
    """Everything that answering needs."""

    config: ServerConfig
    store_worker: StoreWorker
    sessions: SessionStore = field(default_factory=SessionStore)
    #: The cookie's name of the one whose store it is; it bears the port's number.
    owner_cookie: str = "assessor"
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    live_updates: LiveUpdates = field(default_factory=LiveUpdates)
    unsent_forms: UnsentForms = field(default_factory=UnsentForms)

    @property
    def deployment(self) -> Deployment:
        """How the pages are reached."""
        return self.config.deployment

    @property
    def routes(self) -> tuple[PageRoute, ...]:
        """The table of what can be asked for."""
        return OWNER_ROUTES if self.deployment.audience is Audience.OWNER else WORKSHOP_ROUTES

    @property
    def authenticator(self) -> Authenticator:
        """Who finds out who asks."""
        if self.deployment.audience is Audience.OWNER:
            return OwnerAuthenticator(self.sessions, self.owner_cookie)
        return WorkshopAuthenticator(self.deployment, self.config.bank)


@dataclass
class PendingRequest:
    """One request while it is answered."""

    request: Request
    form: FormData = field(default_factory=lambda: FormData({}))
    #: Who asks, as soon as that is known.
    session: Session = field(default_factory=lambda: Session(role=Role.NONE))

    @property
    def is_post(self) -> bool:
        """Whether it is a form that was sent."""
        return self.request.method == "POST"


def create_app(house: Services, patience: float = BODY_TIMEOUT) -> ASGIApp:
    """The pages behind their guard."""

    @asynccontextmanager
    async def alive(_app: Starlette) -> AsyncIterator[None]:
        yield
        await house.store_worker.close()

    routes = [Route(page.path, _make_endpoint(house, page), methods=["GET", "POST"]) for page in house.routes]
    app = Starlette(
        routes=routes,
        lifespan=alive,
        exception_handlers={
            HTTPException: partial(_http_error_page, house),
            Exception: partial(_unexpected_error_page, house),
        },
    )
    app.router.redirect_slashes = False

    def refuse(request: Request, error: AssessorError) -> Response:
        return _error_page(house, PendingRequest(request, session=_session_from_cookies(house, request)), error)

    return Guard(app, setting=house.deployment, refuse=refuse, patience=patience)


def _make_endpoint(house: Services, page: PageRoute) -> Callable[[Request], Awaitable[Response]]:
    special = {"/in/{secret}": _redeem_link, "/look/{name}": _serve_static_file}

    async def answered(request: Request) -> Response:
        asked = PendingRequest(request, session=_session_from_cookies(house, request))
        try:
            if asked.is_post:
                asked.form = parse_form(await request.body())
            if page.path in special:
                return special[page.path](house, asked)
            return await _handle_request(house, page, asked)
        except AssessorError as error:
            return _error_page(house, asked, error)

    return answered


def _session_from_cookies(house: Services, request: Request) -> Session:
    """Who asks, as far as that is known without the store; nobody where it is not."""
    asking = Credentials(required_role=Role.NONE, cookies=request.cookies, path_params={})
    return house.authenticator.from_cookies(asking) or Session(role=Role.NONE)


def _page_messages(house: Services, asked: PendingRequest) -> Messages:
    wished = preferred_language(asked.request.headers.get("accept-language", ""), house.config.default_language)
    own = asked.session.language
    asking = asked.request.query_params.get("lang", "") if asked.session.role is Role.NONE else ""
    return Messages(next((each for each in (own, asking) if each in LANGUAGES), wished))


async def _handle_request(house: Services, page: PageRoute, asked: PendingRequest) -> Response:
    asking = Credentials(required_role=page.role, cookies=asked.request.cookies, path_params=asked.request.path_params)
    session = house.authenticator.from_cookies(asking)
    if session:
        asked.session = session
    key = asked.form.idempotency_key if asked.is_post else ""
    act = partial(_run_handler, house, page, asked, key)
    answer = await house.store_worker.run(act, together=page.batchable) if page.needs_store else act(None)
    return await _to_response(house, asked, answer)


def _run_handler(
    house: Services, page: PageRoute, asked: PendingRequest, key: str, store: Store | None
) -> HandlerResult:
    """What the handler answers; to the same thing sent again, the same without doing it again."""
    asking = Credentials(required_role=page.role, cookies=asked.request.cookies, path_params=asked.request.path_params)
    if store and house.deployment.audience is not Audience.OWNER:
        asked.session = house.authenticator.from_store(asking, store)
    handler, session = _handler_for(page, asked.request.method), asked.session
    if key in session.done_paths:
        return Redirect(session.done_paths[key])
    answer = handler(_request_context(house, asked, store))
    if isinstance(answer, Redirect) and answer.unsent_form:
        house.unsent_forms.save(_unsent_form_owner(house, asked), answer.path, answer.unsent_form)
    if key and isinstance(answer, Redirect):
        session.remember_done(key, answer.path)
    return answer


def _request_context(house: Services, asked: PendingRequest, store: Store | None) -> RequestContext:
    return RequestContext(
        config=house.config,
        session=asked.session,
        messages=_page_messages(house, asked),
        optional_store=store,
        path_params=asked.request.path_params,
        query=asked.request.query_params,
        form=asked.form,
        path=asked.request.url.path,
        attempts=ClientAttempts(_client_address(house, asked.request), house.rate_limiter),
        unsent_form=_take_unsent_form(house, asked),
    )


def _client_address(house: Services, request: Request) -> str:
    peer = request.client.host if request.client else ""
    return client_address(peer, ",".join(request.headers.getlist("x-forwarded-for")), house.deployment.trusted_proxies)


def _take_unsent_form(house: Services, asked: PendingRequest) -> FormData:
    """What stood on the page when its language was changed; handed over once."""
    return (
        FormData({})
        if asked.is_post
        else house.unsent_forms.pop(_unsent_form_owner(house, asked), asked.request.url.path)
    )


def _unsent_form_owner(house: Services, asked: PendingRequest) -> str:
    """Whom unsent text belongs to."""
    session = asked.session
    if session.respondent:
        return f"respondent {session.respondent.id}"
    return f"leading {session.workshop.id}" if session.workshop else asked.request.cookies.get(house.owner_cookie, "")


def _handler_for(page: PageRoute, method: str) -> Handler:
    handler = page.post if method == "POST" else page.get
    if handler is None:
        raise MethodNotAllowed()
    return handler


async def _to_response(house: Services, asked: PendingRequest, answer: HandlerResult) -> Response:
    session = asked.session
    match answer:
        case Redirect():
            session.flash_messages = answer.flash_messages or session.flash_messages
            return RedirectResponse(answer.path, status_code=303)
        case RedirectWithCookie():
            return _redirect_with_cookie(house, answer)
        case EventStream():
            return StreamingResponse(answer.events(house), media_type="text/event-stream")
        case PdfDownload():
            data = await print_pdf(answer.report)
            return Response(
                data, media_type="application/pdf", headers=_attachment_headers(report_file_name(answer.report))
            )
        case FileDownload():
            return Response(answer.data, media_type=answer.media_type, headers=_attachment_headers(answer.file_name))
    said, session.flash_messages = session.flash_messages, ()
    return _page_response(house, asked, answer, said)


def _redirect_with_cookie(house: Services, answer: RedirectWithCookie) -> Response:
    """Elsewhere with a cookie that no script reads and no other site sends."""
    response = RedirectResponse(answer.path, status_code=303)
    response.set_cookie(
        answer.cookie_name,
        answer.cookie_value,
        max_age=answer.days * 86_400,
        path="/",
        secure=house.deployment.is_https,
        httponly=True,
        samesite="strict",
    )
    return response


def _attachment_headers(name: str) -> dict[str, str]:
    plain = f"assessor{PurePath(name).suffix}"
    return {"content-disposition": f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"}


def _page_response(house: Services, asked: PendingRequest, shown: HtmlPage, said: tuple[str, ...] = ()) -> HTMLResponse:
    request, session = asked.request, asked.session
    facts = {
        "inside": session.role is not Role.NONE,
        "role": session.role.value,
        "reach": house.deployment.audience.value,
        "base": session.base_path,
        # The other party may sit elsewhere, and sees no board.
        "now": session.workshop if session.respondent and session.respondent.side == "us" else None,
        "said": said,
        "here": str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
        "language_key": new_key(),
        "closes": house.config.stop_server is not None,
    }
    if asked.is_post or request.url.path.startswith(("/in/", "/p/", "/go/", "/lead/")):
        facts["here"] = ""
    return HTMLResponse(render_page(shown, _page_messages(house, asked), **facts), status_code=shown.status)


def _redeem_link(house: Services, asked: PendingRequest) -> Response:
    """A browser comes with a secret; it leaves with a cookie, and the secret opens nothing again."""
    request, session = asked.request, asked.session
    if request.method != "GET":
        raise MethodNotAllowed()
    if request.headers.get("sec-purpose", "").startswith("prefetch"):
        return Response(status_code=204)
    speech = _page_messages(house, asked)
    try:
        token = house.sessions.redeem_secret(request.path_params["secret"], Role.OWNER, house.config.chosen_language)
    except LinkUsed:
        if session.role is Role.NONE:
            raise
        token = ""
    # A page, not a redirect: after a redirect from elsewhere a browser would not send the cookie along.
    answer = _page_response(house, asked, HtmlPage(template="entered", title=speech.say("Welcome")))
    if token:
        answer.set_cookie(house.owner_cookie, token, httponly=True, samesite="strict", path="/")
    return answer


def _serve_static_file(house: Services, asked: PendingRequest) -> Response:
    """Styles, script and typefaces; they may be kept, as their address changes with them."""
    request = asked.request
    if request.path_params["name"] not in STATIC_FILES or request.method != "GET":
        raise NoSuchPage()
    name = request.path_params["name"]
    data, kind = static_file(name)
    headers = {"content-type": kind, "cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(gzipped_static_file(name), headers={**headers, "content-encoding": "gzip"})
    return Response(data, headers=headers)


def _error_page(house: Services, asked: PendingRequest, error: AssessorError) -> Response:
    """What was refused, in the person's language, with what was typed."""
    speech = _page_messages(house, asked)
    status = _http_status(error)
    fields = [(name, value) for name, values in asked.form.fields.items() for value in values]
    facts = {
        "refused": speech.refusal(error),
        "status": status,
        "typed": [value for name, value in fields if name in _TYPED_FIELDS and value.strip()],
        "fields": [] if isinstance(error, _NOT_RETRYABLE) else fields,
        "action": asked.request.url.path,
    }
    shown = HtmlPage(template="refused", title=speech.say("That did not work"), facts=facts, status=status)
    answer = _page_response(house, asked, shown)
    if isinstance(error, TooManyWrongSecrets | TooManyWrongCodes):
        answer.headers["retry-after"] = "60"
    return answer


def _http_status(error: AssessorError) -> int:
    if isinstance(error, WebError):
        return error.status
    if isinstance(error, NotInStore):
        return 404
    return {65: 422, 2: 422, 73: 503, 74: 503}.get(error.exit_code, 500)


async def _http_error_page(house: Services, request: Request, problem: Exception) -> Response:
    error = MethodNotAllowed() if isinstance(problem, HTTPException) and problem.status_code == 405 else NoSuchPage()
    return _error_page(house, PendingRequest(request, session=_session_from_cookies(house, request)), error)


async def _unexpected_error_page(house: Services, request: Request, problem: Exception) -> Response:
    """What nobody foresaw; told without what it was about."""
    asked = PendingRequest(request, session=_session_from_cookies(house, request))
    return _error_page(house, asked, UnexpectedError(what=type(problem).__name__))
