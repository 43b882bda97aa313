"""A house of one's own for every test, browsers without a screen, and a way to fill in what a page shows."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from time import monotonic, sleep

import pytest
import uvicorn
from starlette.testclient import TestClient

from assessor import bank
from assessor.store import Store
from assessor.web.app import House, application
from assessor.web.doorkeeper import Doorkeeper, Session
from assessor.web.keeper import Keeper
from assessor.web.roles import Role
from assessor.web.serve import _config as configured
from assessor.web.visit import Desk

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
        from urllib.parse import urlencode

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


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which dokk1 is compiled."""
    home = tmp_path_factory.mktemp("compiled")
    before = os.environ.get("ASSESSOR_HOME")
    os.environ["ASSESSOR_HOME"] = str(home)
    try:
        bank.load("dokk1")
        for language in ("sv", "en"):
            bank.wording("dokk1", language)
    finally:
        os.environ.pop("ASSESSOR_HOME")
        if before is not None:
            os.environ["ASSESSOR_HOME"] = before
    return home


@pytest.fixture(autouse=True)
def home(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    shutil.copytree(compiled, home)
    monkeypatch.setenv("ASSESSOR_HOME", str(home))
    return home


@pytest.fixture
def house(home: Path) -> House:
    return House(Desk(bank="dokk1", contact="The example help desk"), Keeper(Store.open), Doorkeeper())


@pytest.fixture
def visitor(house: House) -> Iterator[Callable[[Role], Person]]:
    """Somebody let in with a role; `Role.NONE` is nobody."""
    with TestClient(application(house), base_url="http://localhost", raise_server_exceptions=True) as first:

        def let_in(role: Role) -> Person:
            client = TestClient(first.app, base_url="http://localhost", follow_redirects=False)
            client.portal = first.portal
            if role is not Role.NONE:
                client.cookies.set(house.cookie, house.doorkeeper.let_in(Session(role=role)), domain="localhost.local")
            return Person(client)

        yield let_in


@pytest.fixture
def owner(visitor: Callable[[Role], Person]) -> Person:
    return visitor(Role.OWNER)


@pytest.fixture
def store(home: Path) -> Callable[[], Store]:
    """The store as somebody else reads it."""
    return lambda: Store.open(write=False)


@pytest.fixture
def begun(owner: Person) -> str:
    """The address of an assessment of "Example School · Evenings", nothing answered."""
    owner.fill("/", ("name", LIBRARY))
    told = owner.fill("/new", ("party", "Example School"), ("undertaking", "Evenings"))
    return told.headers["location"]


@pytest.fixture
def answered(owner: Person, begun: str) -> str:
    """The same with every item answered."""
    owner.fill(f"{begun}/gut", ("response", "network"))
    owner.fill(f"{begun}/wanted", ("response", "service"))
    owner.fill(f"{begun}/mode", ("response", "full"))
    for item, option in SERVICE.items():
        owner.fill(f"{begun}/q/{item}", ("response", option))
    owner.fill(f"{begun}/gains", ("response", "<none>"))
    return begun


@dataclass
class Served:
    """The pages behind a real socket, in a thread; may be taken away and put back at the same port."""

    house: House
    port: int = 0

    def start(self) -> None:
        config = configured(self.house)
        config.port, config.lifespan = self.port, "off"
        self.server = uvicorn.Server(config)
        self.server.capture_signals = _nothing  # signals are the main thread's
        self.thread = threading.Thread(target=self.server.run)
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


@pytest.fixture
def served(house: House) -> Iterator[Served]:
    found = Served(house)
    found.start()
    yield found
    found.stop()
    house.keeper._thread.submit(house.keeper._let_go).result()
    house.keeper._thread.shutdown()
