"""Turns a handler's result into an HTTP response, and an error into a page in the visitor's language.

Handlers return plain values (`HandlerResult`); cookies, status codes, download headers and streaming are decided here
and nowhere else. Used by `app` alone.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import PurePath
from time import time
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from assessor.bank import Bank
from assessor.core.membership import DEVICE_DAYS
from assessor.errors import AssessorError
from assessor.language import LANGUAGES, preferred_languages, supported_language
from assessor.presentation.messages import Messages
from assessor.store.errors import KeyReused, NotInStore, StoreMoved
from assessor.usecases.assessments import new_key
from assessor.usecases.documents import PreparedDocument
from assessor.usecases.workshops import RemovedFromWorkshop, WorkshopOver
from assessor.web.errors import (
    EditConflict,
    FacilitatorSeesFault,
    NotJoined,
    OperatorFault,
    PrintersBusy,
    StoreFileMoved,
    WebError,
)
from assessor.web.http.authentication import write_modes
from assessor.web.http.deployment import Audience
from assessor.web.http.form_parsing import FormData
from assessor.web.http.guard import framed_by_own_pages
from assessor.web.http.hand_over import hand_over_secret
from assessor.web.http.notices import LIFETIME, Notice, open_notices, seal_notices
from assessor.web.http.operator_faults import is_operators_fault
from assessor.web.http.request_context import (
    EventStream,
    FileDownload,
    HandlerResult,
    HtmlPage,
    NoContent,
    PdfDownload,
    PlainText,
    Redirect,
    RedirectWithCookie,
    StaticFile,
)
from assessor.web.http.roles import LIBRARY_ROLES, Role
from assessor.web.http.sessions import Session
from assessor.web.own.documents import document_file_name
from assessor.web.own.library import report_file_name
from assessor.web.printing import Printable, page_to_print
from assessor.web.services import Services
from assessor.web.templates import render_page, render_part
from assessor.web.workshop.calibration import board_line

#: Fields that a person typed or chose, shown again when they could not be kept.
_TYPED_FIELDS: Final = ("party", "undertaking", "name", "note", "text", "what", "who", "when")


#: Who decides where answers are kept once the store's file was moved; others can only wait.
DECIDING_ROLES: Final = frozenset({Role.OWNER, Role.FACILITATOR})
#: The field by which they say that everything is to go on in a new file.
NEW_FILE_FIELD: Final = "new_file"
#: Its value where nothing was sent that is to be handled after that.
ONLY_SHOWN: Final = "only_shown"

_WORD_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: To send the same again would be refused again.
_NOT_RETRYABLE: Final = (EditConflict, KeyReused, WorkshopOver, RemovedFromWorkshop, NotJoined)


@dataclass
class PendingRequest:
    """One request on its way through `app`, filled in as more becomes known."""

    request: Request
    form: FormData = field(default_factory=lambda: FormData({}))
    #: Who asks, as soon as that is known.
    session: Session = field(default_factory=lambda: Session(role=Role.NONE))
    #: The bank that the visitor's workshop began with, as soon as that is known.
    held_bank: Bank | None = None
    #: What the route made of the form beforehand, or the error that this ended with.
    prepared: object = None

    @property
    def is_post(self) -> bool:
        """Whether a form was sent."""
        return self.request.method == "POST"


def page_messages(services: Services, pending: PendingRequest) -> Messages:
    """Messages in the language of the response, one that the questions are asked in too.

    The visitor's own choice comes first, then `?lang=` in the address for strangers, then what the browser prefers, and
    last the server's default. Only strangers get the address's language: a shared link must not change anybody's own.
    """
    preferred = preferred_languages(pending.request.headers.get("accept-language", ""))
    asks = pending.session.role in (Role.NONE, Role.BOARD)
    requested = pending.request.query_params.get("lang", "") if asks else ""
    wished = (pending.session.language, requested, *preferred, services.config.default_language)
    offered = offered_languages(services, pending)
    return Messages(next((language for language in wished if language in offered), offered[0]))


def offered_languages(services: Services, pending: PendingRequest) -> tuple[str, ...]:
    """The languages that the program and the bank both speak, the bank's nearest to the default first; all if none."""
    try:
        bank = pending.held_bank or services.config.bank.get()
    except AssessorError:  # a folder that is gone; the page says so in any language
        return LANGUAGES
    spoken = tuple(language for language in LANGUAGES if bank.speaks(language)) or LANGUAGES
    nearest = supported_language(bank.nearest_language(services.config.default_language))
    return tuple(sorted(spoken, key=lambda language: language != nearest))


async def to_response(services: Services, pending: PendingRequest, result: HandlerResult) -> Response:
    """The response for a handler's result; raises `PrintingFailed` for a report that cannot be printed.

    A redirect carries what the next page is to say, its own or what it was itself meant to show.
    """
    match result:
        case Redirect():
            return _redirect(services, pending, result)
        case RedirectWithCookie():
            return _redirect_with_cookie(services, result)
        case EventStream():
            events = services.live_updates.events(result, services.store_worker, services.config.bank)
            return StreamingResponse(events, media_type="text/event-stream")
        case PdfDownload() if services.deployment.in_browser or result.as_page:
            return await _page_to_print(services, pending, result)
        case PdfDownload():
            data = await services.print_queue.print(result.report)
            name = printed_file_name(result.report)
            media_type = "application/pdf" if name.endswith(".pdf") else _WORD_MEDIA_TYPE
            return Response(data, media_type=media_type, headers=_attachment_headers(name))
        case FileDownload():
            return Response(result.data, media_type=result.media_type, headers=_attachment_headers(result.file_name))
        case PlainText():
            return Response(result.text, media_type=result.media_type)
        case StaticFile():
            return Response(result.data, headers=_static_file_headers(result))
        case NoContent():
            return Response(status_code=204)
    return _page_with_notices(services, pending, result)


async def _page_to_print(services: Services, pending: PendingRequest, asked: PdfDownload) -> HTMLResponse:
    """A document as a page of its own, with the way back above it on the screen.

    On a service a process makes it: others' pages do not wait for it. One's own are waited for by oneself alone.
    """
    facts = {"back": pending.session.base_path + asked.back or "/", "in_browser": services.deployment.in_browser}
    bar = render_part(HtmlPage(template="print_bar", title="", facts=facts), page_messages(services, pending))
    hosted = services.deployment.audience is Audience.HOSTED
    html = await services.print_queue.page(asked.report, bar) if hosted else page_to_print(asked.report, bar)
    policy = document_policy(html)
    shown = framed_by_own_pages(policy) if services.deployment.in_browser else policy
    return HTMLResponse(html, headers={"content-security-policy": shown})


def printed_file_name(printable: Printable) -> str:
    """The file's name of a report or another document."""
    if isinstance(printable, PreparedDocument):
        return document_file_name(printable)
    return report_file_name(printable)


def _redirect(services: Services, pending: PendingRequest, result: Redirect) -> Response:
    """The redirect, with its notices, or those that were meant for the page that redirects, in a cookie."""
    session = pending.session
    response = RedirectResponse(result.path, status_code=303)
    notices = result.notices or _notices_for(services, pending)
    if result.notice_details and session.role is Role.OWNER:
        session.notice_details = (*session.notice_details, *result.notice_details)
    if notices and session.token:
        sealed = seal_notices(notices, result.path.partition("?")[0], session.token, time())
        _set_cookie(services, response, services.notice_cookie, sealed, LIFETIME)
    return response


def _notices_for(services: Services, pending: PendingRequest) -> tuple[Notice, ...]:
    """What the page of this request is to say of what was done before; nothing for a form."""
    sealed = pending.request.cookies.get(services.notice_cookie, "")
    if not sealed or pending.is_post:
        return ()
    return open_notices(sealed, pending.request.url.path, pending.session.token, time())


def _page_with_notices(services: Services, pending: PendingRequest, page: HtmlPage) -> HTMLResponse:
    """The page with its notices, which are then spent."""
    if page.ended_cookie:
        return _farewell_page(services, pending, page)
    notices, session = _notices_for(services, pending), pending.session
    messages = page_messages(services, pending)
    said = tuple(messages.say(notice.value) for notice in notices)
    if session.notice_details:
        said, session.notice_details = (*said, *session.notice_details), ()
    response = _page_response(services, pending, page, said)
    if notices:
        _delete_cookie(services, response, services.notice_cookie)
    return response


def _farewell_page(services: Services, pending: PendingRequest, page: HtmlPage) -> HTMLResponse:
    """The last page of a session that has ended: shown as to a stranger, and nothing of it stays in the browser."""
    services.unsent_forms.forget(pending.session.identity)
    pending.session = Session(role=Role.NONE, language=page_messages(services, pending).language)
    response = _page_response(services, pending, page)
    for name in (page.ended_cookie, services.notice_cookie):
        _delete_cookie(services, response, name)
    return response


def _redirect_with_cookie(services: Services, result: RedirectWithCookie) -> Response:
    """A redirect that sets a cookie which no script can read."""
    response = RedirectResponse(result.path, status_code=303)
    _set_cookie(services, response, result.cookie_name, result.cookie_value, result.days * 86_400, lax=result.lax)
    return response


def keep_members_cookies(services: Services, pending: PendingRequest, response: Response) -> Response:
    """The response with a member's cookies: the key's, whose days begin anew, and how much is asked."""
    session, cookies = pending.session, pending.request.cookies
    if session.member is None:
        return response
    if session.renewed_cookie:
        _set_cookie(services, response, session.renewed_cookie, session.token, DEVICE_DAYS * 86_400, lax=True)
    name, modes = services.deployment.cookie_name("modes"), write_modes(session.modes)
    if modes != cookies.get(name, ""):
        _set_cookie(services, response, name, modes, DEVICE_DAYS * 86_400, lax=True)
    return response


def document_policy(html: str) -> str:
    """What a document on its own may load: its own styles, by their digest, and what lies inside it.

    Sizes and places on a paper are attributes, which only templates write.
    """
    style = html.partition("<style")[2].partition("</style>")[0].partition(">")[2]  # typefaces too: fast, as it is long
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; style-src-attr 'unsafe-inline'; "
        "font-src data:; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )


def _set_cookie(
    services: Services, response: Response, name: str, value: str, seconds: int, *, lax: bool = False
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=services.deployment.is_https,
        httponly=True,
        samesite="lax" if lax else "strict",
    )


def _delete_cookie(services: Services, response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=services.deployment.is_https, httponly=True, samesite="strict")


def _attachment_headers(name: str) -> dict[str, str]:
    plain = f"assessor{PurePath(name).suffix}"
    return {"content-disposition": f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"}


def _static_file_headers(file: StaticFile) -> dict[str, str]:
    kept = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    packed = {"content-encoding": "gzip"} if file.gzipped else {}
    return {"content-type": file.media_type, **kept, **packed}


def _page_response(
    services: Services, pending: PendingRequest, page: HtmlPage, said: tuple[str, ...] = ()
) -> HTMLResponse:
    request, session = pending.request, pending.session
    facts = {
        "inside": session.role is not Role.NONE,
        "role": Role.OWNER.value if session.role in LIBRARY_ROLES else session.role.value,
        "member": session.member,
        "reach": services.deployment.audience.value,
        "base": session.base_path,
        # The other party may sit elsewhere, and sees no board.
        "now": board_line(session.workshop, services.config, page_messages(services, pending))
        if session.workshop and session.respondent and session.respondent.side == "us"
        else None,
        "said": said,
        "carry": _carried(services, session),
        "here": str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
        "language_key": new_key(),
        "offered": offered_languages(services, pending),
        "closes": services.config.stop_server is not None,
        "in_browser": services.deployment.in_browser,
    }
    stays = page.facts.get("stays_in_language", False)  # a refused form of a stranger on a page that can be asked for
    if (pending.is_post and not stays) or request.url.path.startswith(("/in/", "/p/", "/go/", "/lead/", "/key")):
        facts["here"] = ""
    response = HTMLResponse(render_page(page, page_messages(services, pending), **facts), status_code=page.status)
    if page.cookie:
        response.set_cookie(page.cookie.name, page.cookie.value, httponly=True, samesite="strict", path="/")
    return response


def _carried(services: Services, session: Session) -> str:
    """What lets a participant's phone go on where this machine gets another address; empty for all others."""
    in_room = services.deployment.audience is Audience.LOCAL_NETWORK and session.role is Role.PARTICIPANT
    return hand_over_secret(session.token) if in_room else ""


def error_page(services: Services, pending: PendingRequest, error: AssessorError) -> Response:
    """A page that says what was refused and how to go on, with what was typed so that it is not lost.

    Its form sends everything again, except after errors where the same form would be refused again. What only the
    operator can mend is told to visitors as a number.
    """
    messages = page_messages(services, pending)
    asks = isinstance(error, StoreMoved) and pending.session.role in DECIDING_ROLES
    if asks and pending.session.role is Role.FACILITATOR:
        error = StoreFileMoved()  # where the file was is the operator's matter
    status = 409 if asks else _http_status(error)  # which scripts show; what is 503 they send again
    fault = is_operators_fault(error) and not asks
    if fault and services.deployment.audience is not Audience.OWNER:
        leading = pending.request.url.path.startswith(("/w/", "/l/", "/host"))  # by the address: the store may not tell
        told = FacilitatorSeesFault if leading else OperatorFault
        services.metrics.count_fault()
        error = told(number=services.faults.number(error), status=status)
    fields = [(name, value) for name, values in pending.form.fields.items() for value in values]
    query = pending.request.url.query
    facts = {
        "refused": messages.refusal(error),
        "status": status,
        "typed": [value for name, value in fields if name in _TYPED_FIELDS and value.strip()],
        "fields": [] if isinstance(error, _NOT_RETRYABLE) else fields,
        "action": pending.request.url.path + (f"?{query}" if query and not pending.is_post else ""),
        "again": (fault or isinstance(error, PrintersBusy)) and not pending.is_post,
        "new_file": (),
    }
    if asks:
        facts["new_file"] = (NEW_FILE_FIELD, "yes" if pending.is_post else ONLY_SHOWN)
        facts["fields"] = fields or [("key", new_key())]
    page = HtmlPage(template="refused", title=messages.say("That did not work"), facts=facts, status=status)
    result = _page_response(services, pending, page)
    if isinstance(error, WebError) and error.retry_after:
        result.headers["retry-after"] = str(error.retry_after)
    return result


def _http_status(error: AssessorError) -> int:
    """The status for an error: its own where a page raised it, else derived from the exit code of its kind."""
    if isinstance(error, WebError):
        return error.status
    if isinstance(error, NotInStore):
        return 404
    if isinstance(error, RemovedFromWorkshop):
        return 403
    if isinstance(error, KeyReused):
        return 409
    return {65: 422, 2: 422, 69: 503, 73: 503, 74: 503}.get(error.exit_code, 500)
