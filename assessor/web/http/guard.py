"""Checks host, origin, media type, size and arrival time of every request before the application parses anything.

What it protects against, and why it is written by hand:

- **DNS rebinding**: a request whose Host header is none of the server's names is refused.
- **Cross-site requests**: a form counts only when the browser says that it comes from these pages, by
  `Sec-Fetch-Site`, else by `Origin`. Libraries for CSRF tokens need a session or a cookie before the first form;
  a participant's first form comes without any. A workshop in a room runs over plain HTTP, where browsers omit
  `Sec-Fetch-Site`, so `Origin` must do.
- **Exhaustion**: the body is read here, whole, with a limit of bytes and of seconds. Starlette limits neither.

Invariant: the application behind the guard sees only GET and HEAD without a body, and POST of a complete form that
these pages could have sent. Every response carries the security headers, refusals and error pages included.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessor.web.errors import (
    BodyTimeout,
    BodyTooLarge,
    ForeignOrigin,
    MethodNotAllowed,
    NotAForm,
    UnknownHost,
    WebError,
)
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.form_parsing import MAX_BODY_BYTES, MAX_FILE_BYTES
from assessor.web.http.written_paths import split_written_path

#: Seconds in which a form must have arrived completely.
BODY_TIMEOUT: Final = 10.0
#: The same for a form with a file, and how many of those are read at once.
FILE_TIMEOUT: Final = 60.0
FILES_AT_ONCE: Final = 3

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: Headers of every response; a response overrides only `cache-control`, for files that may be kept.
SECURITY_HEADERS: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    #: Lets the page's script notice that a captive portal answered in the server's place.
    "x-assessor": "1",
}


def framed_by_own_pages(policy: str) -> str:
    """A policy that lets pages of the same origin show what it is for in a frame."""
    return policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


def security_headers(deployment: Deployment) -> dict[str, str]:
    """The headers of every response of a server.

    Over plain HTTP, browsers send a form's `Origin` only with a referrer policy that allows it; `strict-origin` sends
    the origin and never the path. They ignore `cross-origin-opener-policy` there, with a warning in the console.
    """
    if deployment.audience is Audience.LOCAL_NETWORK:
        return {**SECURITY_HEADERS, "referrer-policy": "strict-origin"} | {"cross-origin-opener-policy": "unsafe-none"}
    if deployment.audience is Audience.HOSTED:
        return {**SECURITY_HEADERS, "strict-transport-security": "max-age=31536000"}
    if deployment.in_browser:
        return {**SECURITY_HEADERS, "content-security-policy": framed_by_own_pages(CONTENT_SECURITY_POLICY)}
    return dict(SECURITY_HEADERS)


_FORM_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"


class Guard:
    """ASGI middleware that passes on acceptable requests and answers all others with `refuse`."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        deployment: Deployment,
        refuse: Callable[[Request, WebError], Response],
        body_timeout: float = BODY_TIMEOUT,
        takes_file: Callable[[str], bool] = lambda path: False,
        more_hosts: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self.app = app
        #: Names of the server's that it has got since it started.
        self._more_hosts = more_hosts
        #: Whether the form at a path may come with a file.
        self._takes_file = takes_file
        self._file_slots = asyncio.Semaphore(FILES_AT_ONCE)
        self._deployment = deployment
        self._headers = {name.encode(): value.encode() for name, value in security_headers(deployment).items()}
        self._refuse = refuse
        self._body_timeout = body_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        if scope["type"] != "http":
            return
        written_host, path = split_written_path(scope["path"])
        scope = {**scope, "path": path, "raw_path": quote(path).encode()} if path != scope["path"] else scope
        request = Request(scope)
        guarded_send = _with_headers(send, self._headers)
        try:
            _check_host(request, self._deployment.host_names | self._more_hosts(), written_host)
            body = await self._read_body(request, receive)
        except WebError as error:
            await self._refuse(request, error)(scope, receive, guarded_send)
            return
        await self.app(scope, _replay_body(body, receive), guarded_send)

    async def _read_body(self, request: Request, receive: Receive) -> bytes:
        """The whole body of a POST, empty for GET and HEAD; raises the `WebError` that refuses the request."""
        if request.method in ("GET", "HEAD"):
            return b""
        if request.method != "POST":
            raise MethodNotAllowed()
        _check_origin(request, self._deployment)
        if is_file_form(request) and self._takes_file(request.url.path):
            return await self._read_file_form(request, receive)
        _check_form_headers(request)
        return await self._read_in_time(receive, self._body_timeout, MAX_BODY_BYTES)

    async def _read_file_form(self, request: Request, receive: Receive) -> bytes:
        """A form with a file; few are read at once, so that files of many senders do not fill the memory."""
        _check_length(request, MAX_FILE_BYTES)
        async with self._file_slots:
            return await self._read_in_time(receive, FILE_TIMEOUT, MAX_FILE_BYTES)

    async def _read_in_time(self, receive: Receive, seconds: float, most: int) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                return await _receive_body(receive, most)
        except TimeoutError as problem:
            raise BodyTimeout() from problem


def is_file_form(request: Request) -> bool:
    """Whether a form comes in parts, as browsers send one with a file."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data;")


def _check_host(request: Request, hosts: frozenset[str], written: str | None) -> None:
    """Raise `UnknownHost` unless there is exactly one Host header with one of the server's names.

    `written` is the host in the request line, which has to be one of them too.
    """
    hosts_sent = request.headers.getlist("host")
    if (
        len(hosts_sent) != 1
        or not {_without_port(host) for host in (*hosts_sent, written) if host is not None} <= hosts
    ):
        raise UnknownHost()


def _without_port(host: str) -> str:
    """The host in lower case without its port; IPv6 addresses keep their brackets."""
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0].lower()


def _check_origin(request: Request, deployment: Deployment) -> None:
    """Raise `ForeignOrigin` unless the browser says that the form comes from this server.

    Current browsers send `Sec-Fetch-Site` (over HTTPS and on the loopback) or `Origin`; a form with neither is refused.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    scheme = "https" if deployment.is_https else request.url.scheme
    ours = f"{scheme}://{request.headers['host']}"
    if site is not None:
        # With `referrer-policy: no-referrer` a page's own forms have "Origin: null"; Sec-Fetch-Site decides then.
        if site != "same-origin" or origin not in (None, "null", ours):
            raise ForeignOrigin()
    elif origin != ours:
        raise ForeignOrigin()


def _check_form_headers(request: Request) -> None:
    """Raise `NotAForm` or `BodyTooLarge` for what the headers already show."""
    headers = request.headers
    if (
        headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_MEDIA_TYPE
        or "content-encoding" in headers
    ):
        raise NotAForm()
    _check_length(request, MAX_BODY_BYTES)


def _check_length(request: Request, most: int) -> None:
    """Raise `BodyTooLarge` for what the sender says to be too long."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > most:
        raise BodyTooLarge(limit=most)


async def _receive_body(receive: Receive, most: int) -> bytes:
    """Read the body to its end; raises `BodyTooLarge` as soon as the limit is passed, `BodyTimeout` on disconnect."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyTimeout()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise BodyTooLarge(limit=most)
    return bytes(body)


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """A `receive` for the application that delivers the body read here, then passes later messages through."""
    unread = [body]

    async def read() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return read


def _with_headers(send: Send, headers: Mapping[bytes, bytes]) -> Send:
    """A `send` that adds headers to the response unless the application has set them itself."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = list(message.get("headers", ()))
            names = {name for name, _value in present}
            missing = [header for header in headers.items() if header[0] not in names]
            message = {**message, "headers": present + missing}
        await send(message)

    return send_with_headers
