"""What stands in front of every page: names, origins, sizes and times are checked before anything is parsed."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assessor.web.errors import FromElsewhere, NotAForm, NotThisWay, OtherHost, TooMuch, TooSlow, WebError
from assessor.web.http.deployment import Reach, Setting
from assessor.web.http.form_parsing import MOST_BYTES

#: Seconds in which a form must have arrived whole.
PATIENCE: Final = 10.0

POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: Said with every answer; a page may say otherwise only of how long it is kept.
HEADERS: Final = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    #: A portal that answers in our place does not know this.
    "x-assessor": "1",
}


def headers(setting: Setting) -> dict[str, str]:
    """What is said with every answer of a server that is reached in this way."""
    if setting.reach is Reach.ROOM:
        # Over plain HTTP browsers tell a form's origin only where they may tell of a page, and never with its path;
        # they do not listen to the other there, and complain.
        return {**HEADERS, "referrer-policy": "strict-origin"} | {"cross-origin-opener-policy": "unsafe-none"}
    if setting.reach is Reach.HOSTED:
        return {**HEADERS, "strict-transport-security": "max-age=31536000"}
    return dict(HEADERS)


_FORM: Final = "application/x-www-form-urlencoded"


class Guard:
    """Lets through what these pages could have sent; answers the rest with `refuse`."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        setting: Setting,
        refuse: Callable[[Request, WebError], Response],
        patience: float = PATIENCE,
    ) -> None:
        self._app = app
        self._setting = setting
        self._headers = headers(setting)
        self._refuse = refuse
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return
        request = Request(scope)
        sending = _with_headers(send, self._headers)
        try:
            _known_host(request, self._setting.hosts)
            body = await self._body(request, receive)
        except WebError as error:
            await self._refuse(request, error)(scope, receive, sending)
            return
        await self._app(scope, _once(body, receive), sending)

    async def _body(self, request: Request, receive: Receive) -> bytes:
        if request.method in ("GET", "HEAD"):
            return b""
        if request.method != "POST":
            raise NotThisWay()
        _from_here(request, self._setting)
        _a_form(request)
        try:
            async with asyncio.timeout(self._patience):
                return await _read(receive)
        except TimeoutError as problem:
            raise TooSlow() from problem


def _known_host(request: Request, hosts: frozenset[str]) -> None:
    named = request.headers.getlist("host")
    if len(named) != 1 or _name(named[0]) not in hosts:
        raise OtherHost()


def _name(host: str) -> str:
    """The name without its port."""
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0].lower()


def _from_here(request: Request, setting: Setting) -> None:
    """A browser says where a form comes from, one way or another; what says nothing is no browser of today."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    scheme = "https" if setting.secure else request.url.scheme
    ours = f"{scheme}://{request.headers['host']}"
    if site is not None:
        # A page without referrer sends its own forms with "Origin: null"; the browser's own word stands over it.
        if site != "same-origin" or origin not in (None, "null", ours):
            raise FromElsewhere()
    elif origin != ours:
        raise FromElsewhere()


def _a_form(request: Request) -> None:
    headers = request.headers
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM or "content-encoding" in headers:
        raise NotAForm()
    length = headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > MOST_BYTES:
        raise TooMuch(limit=MOST_BYTES)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise TooSlow()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            raise TooMuch(limit=MOST_BYTES)
    return bytes(body)


def _once(body: bytes, receive: Receive) -> Receive:
    """Hands the body that was read on to whoever is behind."""
    waiting = [body]

    async def read() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return read


def _with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            named = {name for name, _value in given}
            more = [(name.encode(), value.encode()) for name, value in headers.items() if name.encode() not in named]
            message = {**message, "headers": given + more}
        await send(message)

    return sending
