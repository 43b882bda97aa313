"""The pages of `assessor open` inside the browser of whoever reads them: Pyodide runs this in a worker.

A service worker hands over what the pages ask for (`web/browser_service.js`), the worker (`web/browser_worker.js`)
calls `BrowserPages.handle`, and nothing leaves the machine. Browsers neither let such answers set cookies nor show the
requests' own, so the one reader's cookies are held here.

Starting Python and importing all of this takes many seconds. So the worker keeps its memory as it is after `warm_up`,
when nothing of a person's is in it yet, and later visits begin there, with `open_pages`.
"""

import gc
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote, urlencode, urlsplit

from starlette.types import ASGIApp, Message

from assessor.bank import Bank, LatestBank, open_bank
from assessor.errors import N_, AssessorError
from assessor.exchange import LibraryDocument, MergePlan
from assessor.exchange.page_answers import owned_by
from assessor.presentation.messages import Messages
from assessor.safe_text import escape_controls, format_names
from assessor.store import Store
from assessor.usecases import transfer
from assessor.usecases.assessments import new_key
from assessor.web.app import create_app
from assessor.web.http.deployment import Deployment
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.roles import Role
from assessor.web.http.sessions import Session, SessionStore
from assessor.web.http.store_worker import StoreWorker
from assessor.web.services import Services
from assessor.web.templates import STATIC_FILES, static_url

_COOKIE: Final = "assessor"
#: What every request bears beside its own: the pages are asked by themselves alone.
_OWN_HEADERS: Final = ((b"host", b"localhost"), (b"sec-fetch-site", b"same-origin"))
#: Addresses in what our templates write: they quote attributes, and no text of a person's has a bare quotation mark.
_ADDRESSES: Final = {
    "text/html": re.compile(rb'(?<= )(href|src|action|formaction)="/'),
    "text/css": re.compile(rb"(url)\(/"),
}
#: What is asked before a person asks anything; of an assessment where it begins with one.
_WARM_PAGES: Final = ("/", "/new", "/documents", "/profile", "/answers/json", "/report.pdf", "/accessibility")
_WARM_STEPS: Final = ("gut", "mode", "wanted", "check", "gains", "verdict")


#: The part of the program that addresses with this first word need beside what a first visit fetches, but for JSON and
#: CSV; and a library by which it is known to be there.
_PART: Final = "files.tar"
_PART_PATHS: Final = frozenset({"answers", "template"})
_WITHOUT_PART: Final = frozenset({"/answers/json", "/answers/csv"})
_PART_LIBRARY: Final = "xlsxwriter"


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpResponse:
    """A response as a worker passes it on; cookies are not in it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenIn:
    """What became of a file that was opened."""

    #: How much was new.
    count: int = 0
    #: Why nothing of it was taken in; empty where it was.
    refused: str = ""
    #: What of it was erased here before, and stayed out.
    left_out: str = ""


class NoLibraryYet(AssessorError):
    """Answers of no library, given to a tab that has none."""

    template = N_("These answers bear no library's name: say what your library is called, then open the file again.")
    exit_code = 65


_LEFT_OUT: Final = N_(
    "Left out, because it was erased here: {names}. To have it again, take the file in under “Documents and files”."
)


class BrowserPages:
    """The application for its one reader, over a store in this process's own files."""

    def __init__(
        self, app: ASGIApp, worker: StoreWorker, cookies: Mapping[str, str], bank: Bank, folder: str = ""
    ) -> None:
        self._app = app
        self._bank = bank
        self._worker = worker
        self._cookies = dict(cookies)
        #: The path under which the site lies, without a slash at its end.
        self._folder = folder

    async def handle(self, method: str, address: str, headers: Iterable[tuple[str, str]], body: bytes) -> HttpResponse:
        """The response to a request, once what it changed is committed."""
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(self._scope(method, address, headers), receive, send)
        return self._gathered(sent)

    def _scope(self, method: str, address: str, headers: Iterable[tuple[str, str]]) -> dict[str, object]:
        parts = urlsplit(address.removeprefix(self._folder))
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        own = [*_OWN_HEADERS, (b"cookie", cookies.encode())]
        taken = {name for name, _ in own} | {b"origin", b"accept-encoding"}
        given = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode("latin-1", "replace"),
            "query_string": parts.query.encode("latin-1", "replace"),
            "root_path": "",
            "headers": [*own, *((name, value) for name, value in given if name not in taken)],
            "client": ("127.0.0.1", 0),
            "server": ("localhost", 80),
        }

    def _gathered(self, sent: Iterable[Message]) -> HttpResponse:
        """One response of the messages of an application; its cookies are kept."""
        start, *rest = sent
        headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"]]
        for name, value in headers:
            if name == "set-cookie":
                self._keep_cookies(value)
        body = b"".join(message.get("body", b"") for message in rest)
        return HttpResponse(
            status=start["status"],
            headers=[
                (name, self._folder + value if name == "location" else value)
                for name, value in headers
                if name not in ("set-cookie", "content-length")
            ],
            body=self._moved(body, dict(headers)),
        )

    def _moved(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """A page or style whose addresses begin with the site's folder."""
        addresses = _ADDRESSES.get(headers.get("content-type", "").partition(";")[0])
        if not self._folder or not addresses:
            return body
        folder = self._folder.encode()
        return addresses.sub(lambda found: found[0][:-1] + folder + b"/", body)

    def _keep_cookies(self, header: str) -> None:
        for name, morsel in SimpleCookie(header).items():
            if morsel["max-age"] == "0":
                self._cookies.pop(name, None)
            else:
                self._cookies[name] = morsel.coded_value

    def part_needed(self, address: str) -> str:
        """The name of the part to fetch before the address is asked for; empty where all is there."""
        path = urlsplit(address.removeprefix(self._folder)).path
        needed = path.split("/")[1] in _PART_PATHS and path not in _WITHOUT_PART
        return _PART if needed and find_spec(_PART_LIBRARY) is None else ""

    def close(self) -> None:
        """Close the store."""
        self._worker.shut_down()

    async def file_of_library(self) -> bytes:
        """Everything of the library as `export` writes it; empty where there is none yet."""
        return await self._worker.run(_exported)

    async def take_in(self, data: bytes | memoryview, name: str, language: str) -> TakenIn:
        """Take in a file that was saved here or by a page for a first try; what is said of it is in `language`.

        A worker passes on its bytes as a view.
        """
        name, say = escape_controls(name), Messages(language).say
        try:
            document = await self._worker.run(lambda _store: transfer.read_saved(bytes(data), name, lambda: self._bank))
            new = await self._worker.run(lambda store: _taken_in(store, document, name))
        except AssessorError as refused:
            return TakenIn(refused=refused.message(say))
        left_out = say(_LEFT_OUT, names=format_names(new.erased_names)) if new.erased_names else ""
        return TakenIn(count=new.count, left_out=left_out)


def _taken_in(store: Store, document: LibraryDocument, name: str) -> MergePlan:
    """What was new; where there is no library yet, the file's is begun, even one that has nothing."""
    libraries = store.libraries()
    if libraries:
        return transfer.import_own_document(store, libraries[0], owned_by(document, libraries[0]), name)
    if not document.library:
        raise NoLibraryYet()

    def begin() -> MergePlan:
        store.add_library(document.library)
        return transfer.merge_document(store, document)

    return store.run_in_transaction(begin)


def _exported(store: Store) -> bytes:
    libraries = store.libraries()
    return transfer.export_assessments(store, libraries[0]) if libraries else b""


@cache
def _opened(bank: str) -> Bank:
    """The bank with all that pages read of it; once in this process's memory, which may be kept."""
    opened = open_bank(bank)
    opened.require_instrument()
    for language in opened.languages:
        opened.nearest_wording(language)
    return opened


def open_pages(bank: str, language: str, contact: str, home: str, folder: str = "") -> BrowserPages:
    """The pages over the store in `home`, which is begun where there is none; `folder` is where the site lies."""
    os.environ["ASSESSOR_HOME"] = home
    Store.open().close()
    sessions = SessionStore()
    token = sessions.start_session(Session(role=Role.OWNER))
    config = ServerConfig(
        bank=LatestBank(_opened(bank)),
        default_language=language,
        contact=contact,
        deployment=Deployment(in_browser=True),
    )
    worker = StoreWorker(lambda: Store.open(create=False), idle_seconds=None)
    services = Services(config, worker, sessions, _COOKIE)
    return BrowserPages(create_app(services), worker, {_COOKIE: token}, _opened(bank), folder)


async def warm_up(bank: str) -> None:
    """Have everything read, imported and compiled that pages need, over a store that is gone afterwards."""
    _opened(bank)  # from what was compiled with the program, before it is looked for in another folder
    with TemporaryDirectory() as home:
        pages = open_pages(bank, "en", "", home)
        await _post(pages, "/library", name="-")
        begun = await _post(pages, "/new", party="-", undertaking="")
        first = f"q/{_opened(bank).instrument.items[0].id}"
        steps = [f"{begun}/{step}" for step in (*_WARM_STEPS, first)]
        for address in (*_WARM_PAGES, *steps, *map(static_url, STATIC_FILES)):
            await pages.handle("GET", address, (), b"")
        pages.close()
    gc.collect()


async def _post(pages: BrowserPages, address: str, **fields: str) -> str:
    """Send a form; the address that it leads to."""
    headers = [("content-type", "application/x-www-form-urlencoded")]
    told = await pages.handle("POST", address, headers, urlencode({"key": new_key(), **fields}).encode())
    return dict(told.headers).get("location", "/")
