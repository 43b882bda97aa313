"""The ASGI application: finds the session of a request, runs the handler of its route, and builds the response.

The order matters, and each step has a reason:

1. The cookies alone are checked first (`from_cookies`), so that a stranger is refused without touching the store.
2. The form is parsed, and its idempotency key computed, before the handler runs.
3. The handler runs in the store's thread (`StoreWorker`), or at once where its route needs no store.
4. Inside that thread a workshop's session is read from the store, so it is as fresh as what the handler reads.
5. A form that was already handled is answered with the redirect of the first time. A browser that sends a form twice,
   after a lost connection or a double tap, therefore changes nothing twice.

Every `AssessorError` becomes a page in the visitor's language; any other exception is shown by its type alone, because
its message may contain what somebody typed. What a page contains is decided in the modules of handlers.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, compile_path

from assessor.bank import LatestBank
from assessor.errors import AssessorError
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.store.errors import StoreMoved
from assessor.usecases.workshop_banks import bank_of_workshop
from assessor.web.errors import MethodNotAllowed, NoSuchPage, TooManyPages, TooManyPosts, UnexpectedError, WebError
from assessor.web.http.authentication import Credentials
from assessor.web.http.deployment import Audience
from assessor.web.http.form_parsing import FormData, parse_file_form, parse_form
from assessor.web.http.guard import BODY_TIMEOUT, Guard, is_file_form
from assessor.web.http.notices import Notice
from assessor.web.http.rate_limit import ClientAttempts, client_address, is_trusted_proxy
from assessor.web.http.request_context import HandlerResult, Redirect, RedirectWithCookie, RequestContext
from assessor.web.http.roles import Role
from assessor.web.http.route import Handler, PageRoute
from assessor.web.http.sessions import Session
from assessor.web.http.shaped_routes import ShapedRoutes
from assessor.web.responses import (
    DECIDING_ROLES,
    NEW_FILE_FIELD,
    ONLY_SHOWN,
    PendingRequest,
    error_page,
    keep_members_cookies,
    page_messages,
    to_response,
)
from assessor.web.route_table import routes_for
from assessor.web.services import Services


def create_app(services: Services, body_timeout: float = BODY_TIMEOUT) -> Guard:
    """The whole application, wrapped in its guard; used by `server` and by tests.

    `body_timeout` is the number of seconds in which a form must arrive. Shutting down closes the store's thread.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        beside = [
            asyncio.create_task(work)
            for work in (services.config.address_watch.run(), services.store_worker.expire_periodically())
        ]
        yield
        for task in beside:
            task.cancel()
        services.print_queue.close()
        await services.store_worker.close()

    routes = [
        Route(page.path, _make_endpoint(services, page), methods=["GET", "POST"])
        for page in routes_for(services.deployment.audience)
    ]
    app = Starlette(
        routes=[ShapedRoutes(routes)],
        lifespan=lifespan,
        exception_handlers={
            HTTPException: partial(_http_error_page, services),
            Exception: partial(_unexpected_error_page, services),
        },
    )
    app.router.redirect_slashes = False

    def refuse(request: Request, error: AssessorError) -> Response:
        return error_page(services, PendingRequest(request, session=_session_from_cookies(services, request)), error)

    with_file = [compile_path(page.path)[0] for page in routes_for(services.deployment.audience) if page.takes_file]
    return Guard(
        app,
        deployment=services.deployment,
        refuse=refuse,
        body_timeout=body_timeout,
        takes_file=lambda path: any(pattern.match(path) for pattern in with_file),
        more_hosts=lambda: services.config.address_watch.host_names,
    )


def _make_endpoint(services: Services, page: PageRoute) -> Callable[[Request], Awaitable[Response]]:
    """A Starlette endpoint for one route, which answers every exception with a page that shows what was typed."""

    async def respond(request: Request) -> Response:
        pending = PendingRequest(request, session=_session_from_cookies(services, request))
        try:
            if pending.is_post:
                pending.form = await _read_form(page, request)
            elif not _may_read(services, request):
                return _plain_refusal(services, pending, TooManyPages())
            return await _handle_request(services, page, pending)
        except AssessorError as error:
            return error_page(services, pending, error)
        except Exception as problem:
            return _bug_page(services, pending, problem)

    async def endpoint(request: Request) -> Response:
        begun = perf_counter()
        response = await respond(request)
        services.metrics.count_request(response.status_code, perf_counter() - begun)
        return response

    return endpoint


def _may_read(services: Services, request: Request) -> bool:
    """Count a page for the browser with these cookies; a browser without any, and the owner's, is not limited."""
    cookies = request.headers.get("cookie", "")
    owner = services.deployment.audience is Audience.OWNER
    return owner or not cookies or services.page_limits.take(hash(cookies))


def _plain_refusal(services: Services, pending: PendingRequest, error: WebError) -> Response:
    """The error as a line of text: of what comes too often even a page would cost too much."""
    text = page_messages(services, pending).refusal(error)
    return PlainTextResponse(text, error.status, {"retry-after": str(error.retry_after)})


async def _read_form(page: PageRoute, request: Request) -> FormData:
    """The form that was sent; raises `MalformedForm`."""
    body, path = await request.body(), request.url.path
    if page.takes_file and is_file_form(request):
        return parse_file_form(body, request.headers["content-type"], path)
    return parse_form(body, path)


def _session_from_cookies(services: Services, request: Request) -> Session:
    """The session that the cookies alone show, for error pages; never raises, and has role NONE for a stranger."""
    credentials = Credentials(required_role=Role.NONE, cookies=request.cookies, path_params={})
    return services.authenticator.from_cookies(credentials) or Session(role=Role.NONE)


async def _handle_request(services: Services, page: PageRoute, pending: PendingRequest) -> Response:
    """Check the cookies, run the handler where it belongs, and build its response; raises what refuses the visitor."""
    session = services.authenticator.from_cookies(_credentials(services, page, pending.request))
    if session:
        pending.session = session
    await _look_at_bank(services)
    key = pending.form.idempotency_key if pending.is_post else ""
    if page.prepare and pending.is_post:
        pending.prepared = await _prepare(services, page, pending)
    async with await _document_turn(services, page, pending):
        answer = await _run_where_it_belongs(services, page, partial(_run_handler, services, page, pending, key))
        return keep_members_cookies(services, pending, await to_response(services, pending, answer))


async def _run_where_it_belongs(
    services: Services, page: PageRoute, act: Callable[[Store | None], HandlerResult]
) -> HandlerResult:
    """Run a handler in the store's thread, beside it, or at once."""
    if not page.needs_store:
        return act(None)
    if page.makes_document:
        return await services.store_worker.run_long(act)
    return await services.store_worker.run(act, batchable=page.batchable)


async def _look_at_bank(services: Services) -> None:
    """Have the bank as its files stand now; one that changed is compiled here, where no row is held."""
    bank = services.config.bank
    if bank.is_due:
        bank.look() if services.deployment.in_browser else await asyncio.to_thread(bank.look)


async def _document_turn(
    services: Services, page: PageRoute, pending: PendingRequest
) -> AbstractAsyncContextManager[None]:
    """The turn that a document waits for, before anything is read for it; who may not have it is refused first."""
    if not page.makes_document or services.deployment.in_browser:
        return nullcontext()
    await services.store_worker.run(partial(_admit, services, page, pending))
    return services.print_queue.turn(pending.session.identity)


async def _prepare(services: Services, page: PageRoute, pending: PendingRequest) -> object:
    """What a route makes of a form beside the store's thread, or the error of ours that it ended with.

    Who may not send it is refused first; and few are made at once, as each may take seconds of a processor.
    """
    if page.prepare is None:
        return None
    admitted = partial(_admit, services, page, pending)
    if not services.deployment.in_browser:
        await services.store_worker.run(admitted)
    language = page_messages(services, pending).language
    make = partial(page.prepare, pending.form, services.config.bank.get(), language)
    try:
        if services.deployment.in_browser:  # which has no threads
            return make()
        async with services.preparing:
            return await asyncio.to_thread(make)
    except AssessorError as error:
        return error


def _admit(services: Services, page: PageRoute, pending: PendingRequest, store: Store) -> None:
    """Find the session of a request in the store; raises what refuses it."""
    if services.deployment.audience is not Audience.OWNER:
        pending.session = services.authenticator.from_store(_credentials(services, page, pending.request), store)


def _run_handler(
    services: Services, page: PageRoute, pending: PendingRequest, key: str, store: Store | None
) -> HandlerResult:
    """The handler's result; a form that was handled before gets the redirect of the first time instead.

    Runs in the store's thread when `store` is given. The session of a workshop is read here rather than before, so that
    somebody removed a moment ago is refused.
    """
    address = _client_address(services, pending.request)
    if store and services.deployment.audience is not Audience.OWNER:
        _admit(services, page, pending, store)
        if pending.is_post and not services.post_limits.allows(pending.session.identity, address):
            raise TooManyPosts()
    new_file = _continue_in_new_file(pending, store) if store else None
    if new_file and pending.form.value(NEW_FILE_FIELD) == ONLY_SHOWN:
        return _telling_of(new_file, Redirect(pending.request.url.path))
    handler, session = _handler_for(page, pending.request.method), pending.session
    if key in session.done_paths:
        return Redirect(session.done_paths[key])
    with _recording(session, store):
        answer = handler(_request_context(services, pending, address, store))
    if isinstance(answer, Redirect | RedirectWithCookie) and answer.unsent_form:
        services.unsent_forms.save(session.identity, address, answer.path, answer.unsent_form)
    if key and isinstance(answer, Redirect | RedirectWithCookie):
        session.remember_done(key, answer.path)
    return _telling_of(new_file, answer) if new_file else answer


def _recording(session: Session, store: Store | None) -> AbstractContextManager[None]:
    """While a member's request is handled, everything that is recorded bears their id."""
    return store.recording_as(session.member.id) if store and session.member else nullcontext()


def _credentials(services: Services, page: PageRoute, request: Request) -> Credentials:
    return Credentials(
        required_role=page.role,
        cookies=request.cookies,
        path_params=request.path_params,
        identity=_signed_in_as(services, request),
    )


def _signed_in_as(services: Services, request: Request) -> str:
    """The person whom the proxy has signed in; only a trusted proxy is believed, and one that names one person."""
    header, peer = services.deployment.identity_header, request.client.host if request.client else ""
    if not header or not is_trusted_proxy(peer, services.deployment.trusted_proxies):
        return ""
    named = request.headers.getlist(header)
    return named[0].strip() if len(named) == 1 else ""


def _telling_of(new_file: Path, answer: HandlerResult) -> HandlerResult:
    """A redirect that says besides where everything is now; the path is for the owner alone."""
    if not isinstance(answer, Redirect):
        return answer
    return replace(
        answer,
        notices=(*answer.notices, Notice.IN_A_NEW_FILE),
        notice_details=(*answer.notice_details, escape_controls(str(new_file))),
    )


def _continue_in_new_file(pending: PendingRequest, store: Store) -> Path | None:
    """Continue in a new file where the store's was moved and whoever decides about it wants that; its path.

    Raises `StoreMoved` where they have not been asked yet.
    """
    if pending.session.role not in DECIDING_ROLES:
        return None
    try:
        store.require_in_place()
    except StoreMoved:
        if not pending.form.value(NEW_FILE_FIELD):
            raise
        return store.continue_in_new_file()
    return None


def _request_context(services: Services, pending: PendingRequest, address: str, store: Store | None) -> RequestContext:
    """What a handler may know of a request, gathered from Starlette and from the services."""
    config = services.config
    if pending.session.workshop and store:
        pending.held_bank = bank_of_workshop(store, pending.session.workshop, config.bank.get)
        config = replace(config, bank=LatestBank(pending.held_bank))
    return RequestContext(
        config=config,
        session=pending.session,
        messages=page_messages(services, pending),
        optional_store=store,
        path_params=pending.request.path_params,
        query=pending.request.query_params,
        headers=pending.request.headers,
        form=pending.form,
        path=pending.request.url.path,
        attempts=ClientAttempts(address, services.rate_limiter),
        unsent_form=_take_unsent_form(services, pending),
        sessions=services.sessions,
        owner_cookie=services.owner_cookie,
        signed_in_as=_signed_in_as(services, pending.request),
        prepared=pending.prepared,
        metrics=services.metrics,
    )


def _client_address(services: Services, request: Request) -> str:
    """The address that attempts are counted for; proxies that are trusted are looked through."""
    peer = request.client.host if request.client else ""
    return client_address(
        peer, ",".join(request.headers.getlist("x-forwarded-for")), services.deployment.trusted_proxies
    )


def _take_unsent_form(services: Services, pending: PendingRequest) -> FormData:
    """The form that was on this page when its language was changed; removed, so it is shown once."""
    if pending.is_post:
        return FormData({})
    return services.unsent_forms.pop(pending.session.identity, pending.request.url.path)


def _handler_for(page: PageRoute, method: str) -> Handler:
    """The handler of a route for a method; raises `MethodNotAllowed`.

    HEAD is refused where opening the address has an effect: link previews send HEAD and would use up a secret.
    """
    handler = page.post if method == "POST" else page.get
    if handler is None or (method == "HEAD" and not page.answers_head):
        raise MethodNotAllowed()
    return handler


async def _http_error_page(services: Services, request: Request, problem: Exception) -> Response:
    """Starlette's own 404 and 405 as pages in the visitor's language."""
    error = MethodNotAllowed() if isinstance(problem, HTTPException) and problem.status_code == 405 else NoSuchPage()
    return error_page(services, PendingRequest(request, session=_session_from_cookies(services, request)), error)


async def _unexpected_error_page(services: Services, request: Request, problem: Exception) -> Response:
    """The page for a bug outside of the endpoints, where no form is at hand."""
    return _bug_page(services, PendingRequest(request, session=_session_from_cookies(services, request)), problem)


def _bug_page(services: Services, pending: PendingRequest, problem: Exception) -> Response:
    """The page for a bug; it names the exception's type at most, as its message may contain what was typed."""
    error = UnexpectedError(what=type(problem).__name__)
    error.__cause__ = problem
    return error_page(services, pending, error)
