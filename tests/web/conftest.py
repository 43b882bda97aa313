"""A house of one's own for every test, and people with a role at a browser without a screen."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from web_pages import LIBRARY, SERVICE, Person, Served
from web_published import PATIENCE, Static
from web_rooms import Building, Opened, opened
from web_rooms import house as rooms

from assessor.bank import LatestBank, open_bank
from assessor.store import Store
from assessor.usecases.published_folder import RuntimeNotFetched, publish_folder
from assessor.web.app import create_app
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.roles import Role
from assessor.web.http.room_listener import RoomListener
from assessor.web.http.sessions import Session, SessionStore
from assessor.web.http.store_worker import StoreWorker
from assessor.web.services import Services


@pytest.fixture(autouse=True)
def home(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    shutil.copytree(compiled, home)
    monkeypatch.setenv("ASSESSOR_HOME", str(home))
    return home


@pytest.fixture
def house(home: Path) -> Services:
    return Services(
        ServerConfig(
            bank=LatestBank(open_bank("dokk1")),
            contact="The example help desk",
            room=RoomListener(lambda *_how: pytest.fail("no room was asked for")),
        ),
        StoreWorker(Store.open),
        SessionStore(),
    )


@pytest.fixture
def visitor(house: Services) -> Iterator[Callable[[Role], Person]]:
    """Somebody let in with a role; `Role.NONE` is nobody."""
    with TestClient(create_app(house), base_url="http://localhost", raise_server_exceptions=True) as first:

        def let_in(role: Role) -> Person:
            client = TestClient(first.app, base_url="http://localhost", follow_redirects=False)
            client.portal = first.portal
            if role is not Role.NONE:
                client.cookies.set(
                    house.owner_cookie, house.sessions.start_session(Session(role=role)), domain="localhost.local"
                )
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


@pytest.fixture
def served(house: Services) -> Iterator[Served]:
    found = Served(house)
    found.start()
    yield found
    found.stop()
    house.store_worker.shut_down()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published folder."""
    folder = tmp_path_factory.mktemp("published") / "site"
    try:
        written = publish_folder(folder, open_bank("dokk1"), contact="", language="en", runtime=None)
    except RuntimeNotFetched as problem:
        pytest.skip(str(problem))
    print(f"\na first visit fetches {written.packed_bytes:,} bytes in {written.files} files")
    return folder


@pytest.fixture(scope="module")
def static(site: Path) -> Iterator[Static]:
    """The published folder on a plain static server, in a folder of its site."""
    with Static(site, "/some/folder/").running() as found:
        yield found


@pytest.fixture(scope="module")
def launch() -> Iterator[Callable[..., object]]:
    """Starts Chromium with more arguments."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = []

        def launched(*more: str):
            arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", *more]
            started.append(playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments))
            return started[-1]

        yield launched
        for browser in started:
            browser.close()


@pytest.fixture(scope="module")
def visit(launch: Callable[..., object]):
    """A browser that has been to the published folder once its first test was."""
    context = launch().new_context(locale="en-GB", accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def room(home: Path) -> Opened:
    """A workshop that goes on."""
    return opened()


@pytest.fixture
def at(room: Opened) -> str:
    """Where whoever leads the workshop is."""
    return f"/w/{room.workshop.id}"


@pytest.fixture
def one(room: Opened, at: str) -> str:
    """Where they see its first collaboration."""
    return f"{at}/c/{room.collaborations[0]}"


@pytest.fixture
def building(room: Opened) -> Iterator[Building]:
    """The pages of workshops, in the room's own network."""
    found = Building(rooms())
    with found.first:
        yield found
