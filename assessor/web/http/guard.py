"""What stands in front of every page: names, origins, sizes and times are checked before anything is parsed."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

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
from assessor.web.http.form_parsing import MAX_BODY_BYTES

#: Seconds in which a form must have arrived whole.
BODY_TIMEOUT: Final = 10.0

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: Said with every answer; a page may say otherwise only of how long it is kept.
SECURITY_HEADERS: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    #: A portal that answers in our place does not know this.
    "x-assessor": "1",
}


def security_headers(deployment: Deployment) -> dict[str, str]:
    """What is said with every answer of a server that is reached in this way."""
    if deployment.audience is Audience.LOCAL_NETWORK:
        # Over plain HTTP browsers tell a form's origin only where they may tell of a page, and never with its path;
        # they do not listen to the other there, and complain.
        return {**SECURITY_HEADERS, "referrer-policy": "strict-origin"} | {"cross-origin-opener-policy": "unsafe-none"}
    if deployment.audience is Audience.HOSTED:
        return {**SECURITY_HEADERS, "strict-transport-security": "max-age=31536000"}
    return dict(SECURITY_HEADERS)


_FORM_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"


class Guard:
    """Lets through what these pages could have sent; answers the rest with `refuse`."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        deployment: Deployment,
        refuse: Callable[[Request, WebError], Response],
        body_timeout: float = BODY_TIMEOUT,
    ) -> None:
        self.app = app
        self._deployment = deployment
        self._headers = security_headers(deployment)
        self._refuse = refuse
        self._body_timeout = body_timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        if scope["type"] != "http":
            return
        request = Request(scope)
        guarded_send = _with_headers(send, self._headers)
        try:
            _check_host(request, self._deployment.host_names)
            body = await self._read_body(request, receive)
        except WebError as error:
            await self._refuse(request, error)(scope, receive, guarded_send)
            return
        await self.app(scope, _replay_body(body, receive), guarded_send)

    async def _read_body(self, request: Request, receive: Receive) -> bytes:
        if request.method in ("GET", "HEAD"):
            return b""
        if request.method != "POST":
            raise MethodNotAllowed()
        _check_origin(request, self._deployment)
        _check_form_headers(request)
        try:
            async with asyncio.timeout(self._body_timeout):
                return await _receive_body(receive)
        except TimeoutError as problem:
            raise BodyTimeout() from problem


def _check_host(request: Request, hosts: frozenset[str]) -> None:
    hosts_sent = request.headers.getlist("host")
    if len(hosts_sent) != 1 or _without_port(hosts_sent[0]) not in hosts:
        raise UnknownHost()


def _without_port(host: str) -> str:
    """The name without its port."""
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0].lower()


def _check_origin(request: Request, deployment: Deployment) -> None:
    """A browser says where a form comes from, one way or another; what says nothing is no browser of today."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    scheme = "https" if deployment.is_https else request.url.scheme
    ours = f"{scheme}://{request.headers['host']}"
    if site is not None:
        # A page without referrer sends its own forms with "Origin: null"; the browser's own word stands over it.
        if site != "same-origin" or origin not in (None, "null", ours):
            raise ForeignOrigin()
    elif origin != ours:
        raise ForeignOrigin()


def _check_form_headers(request: Request) -> None:
    headers = request.headers
    if (
        headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_MEDIA_TYPE
        or "content-encoding" in headers
    ):
        raise NotAForm()
    length = headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > MAX_BODY_BYTES:
        raise BodyTooLarge(limit=MAX_BODY_BYTES)


async def _receive_body(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyTimeout()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge(limit=MAX_BODY_BYTES)
    return bytes(body)


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """Hands the body that was read on to whoever is behind."""
    unread = [body]

    async def read() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return read


def _with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = list(message.get("headers", ()))
            names = {name for name, _value in present}
            missing = [(name.encode(), value.encode()) for name, value in headers.items() if name.encode() not in names]
            message = {**message, "headers": present + missing}
        await send(message)

    return send_with_headers
