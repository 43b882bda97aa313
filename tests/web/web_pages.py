"""What the tests of the pages share: how a page is read and filled in, and how pages are served for a browser."""

import threading
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode

import uvicorn
from starlette.testclient import TestClient

from assessor.web.http.listening import listen
from assessor.web.server import uvicorn_config as configured
from assessor.web.services import Services

LIBRARY = "The Example Library"
#: What a browser says of a form that its own page sent.
OURS = {"sec-fetch-site": "same-origin"}
#: Responses to dokk1 that make a service-based partnership, all of them known.
SERVICE = {
    "creation": "joint",
    "contribution": "both",
    "benefit": "both",
    "payment": "none",
    "control": "together",
    "respect": "both_ways",
    "vision": "spoken",
    "expectations": "both",
    "citizens": "direct",
    "activity": "recurring",
    "scope": "field",
    "agreement": "intent",
    "ownership": "unit",
    "strategy": "fits",
    "track": "some",
}


@dataclass
class Sheet(HTMLParser):
    """What a page shows, as far as tests ask."""

    forms: list[dict[str, object]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "form":
            self.forms.append({"action": given["action"], "fields": []})
        elif tag == "input" and self.forms and (given.get("type") == "hidden" or "checked" in given):
            self.forms[-1]["fields"].append((given["name"], given.get("value") or ""))

    def handle_data(self, data: str) -> None:
        self.text += data


def sheet(html: str) -> Sheet:
    found = Sheet()
    found.feed(html)
    return found


class Person:
    """Somebody at a browser, without scripts."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]], **headers: str):
        return self.client.post(
            path,
            content=urlencode(fields),
            headers={"content-type": "application/x-www-form-urlencoded", **OURS, **headers},
        )

    def fill(self, page: str, *given: tuple[str, str], action: str | None = None):
        """Fill in a form that a page shows and send it, as it is shown."""
        forms = [form for form in sheet(self.get(page).text).forms if form["action"] not in ("/language",)]
        form = next(form for form in forms if action in (None, form["action"]))
        names = {name for name, _value in given}
        kept = [(name, value) for name, value in form["fields"] if name not in names]
        return self.post(str(form["action"]), [*kept, *given])


@dataclass
class Served:
    """The pages behind a real socket, in a thread; may be taken away and put back at the same port."""

    house: Services
    port: int = 0
    #: Files of a certificate and its key, for pages over HTTPS.
    tls: tuple[Path, Path] | None = None

    def start(self) -> None:
        config = configured(self.house)
        config.ssl_certfile, config.ssl_keyfile = self.tls or (None, None)
        config.lifespan = "off"
        self.server = uvicorn.Server(config)
        self.server.capture_signals = _nothing  # signals are the main thread's
        self.thread = threading.Thread(target=self.server.run, args=([listen(self.port)],))
        self.thread.start()
        until = monotonic() + 10
        while not self.server.started and monotonic() < until:
            sleep(0.01)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_told: object) -> None: ...
