"""Participants in a real browser, over plain HTTP under a name that browsers do not trust, as in a room."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from web_pages import SERVICE, Served
from web_rooms import Opened, house

from assessor.store import Store

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]

sync_api = pytest.importorskip("playwright.sync_api")
PHONE = {"width": 360, "height": 740}
NAME = "room.example"


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture
def served(room: Opened) -> Iterator[Served]:
    found = Served(house())
    found.start()
    yield found
    found.stop()
    found.house.keeper._thread.submit(found.house.keeper._let_go).result()
    found.house.keeper._thread.shutdown()


class Phone:
    """A browser of a participant, and what it asked for and complained of."""

    def __init__(self, page, served: Served) -> None:
        self.page, self.served = page, served
        self.url = f"http://{NAME}:{served.port}"
        self.asked: list[str] = []
        self.posts: list[dict[str, str]] = []
        self.loads: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._ask)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.set_default_timeout(8_000)

    def _ask(self, request) -> None:
        self.asked.append(request.url)
        if request.method == "POST":
            self.posts.append(request.all_headers() if False else request.headers)
        if request.resource_type == "document":
            self.loads.append(request.url)

    def join(self, of: Opened) -> "Phone":
        self.page.goto(self.url + of.door)
        self.page.get_by_role("button", name="Join").click()
        self.page.wait_for_url(self.url + "/")
        return self

    def take(self, of: Opened, at: int = 0) -> None:
        self.page.locator(f"form[action='/c/{of.collaborations[at]}/begin'] button").click()
        self.page.wait_for_url("**/gut")

    def choose(self, value: str) -> None:
        self.page.locator(f"input[value='{value}'] + label").click()
        self.page.get_by_role("button", name="Go on", exact=True).click()

    def answer(self, of: Opened, items: dict[str, str] = SERVICE) -> None:
        self.take(of)
        for ending, value in (("gut", "network"), ("wanted", "service")):
            self.page.wait_for_url(f"**/{ending}")
            self.choose(value)
        for item, option in items.items():
            self.page.wait_for_url(f"**/q/{item}")
            self.choose(option)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def elsewhere(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.url, "data:image/svg+xml"))]


@pytest.fixture
def phone(chromium, served: Served) -> Iterator[Callable[..., Phone]]:
    contexts = []

    def held(**how) -> Phone:
        context = chromium.new_context(**{"viewport": PHONE, "locale": "en-GB", "has_touch": True, **how})
        contexts.append(context)
        return Phone(context.new_page(), served)

    yield held
    for context in contexts:
        context.close()


def given(of: Opened) -> list[dict[str, str]]:
    """What each participant has given, as the store holds it."""
    with Store.open(write=False) as store:
        return [dict(each.responses) for each in store.assessments_in(of.workshop.id)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_in_the_room_joins_answers_and_sees_where_it_stands(phone, room, scripts):
    one = phone(java_script_enabled=scripts)
    one.page.goto(one.url + room.door)
    before = one.page.context.cookies()
    one.join(room)
    one.answer(room)
    one.page.wait_for_url("**/gains")
    one.page.get_by_label("None of these").check()
    one.page.get_by_role("button", name="Go on", exact=True).click()
    one.page.wait_for_url("**/check")
    one.page.get_by_role("link", name="Everything is right").click()
    one.page.wait_for_url("**/verdict")

    assert one.heading() == "Service-based partnership"
    assert given(room) == [SERVICE]
    assert (before, one.elsewhere(), one.complaints) == ([], [], [])
    assert {"sec-fetch-site" in headers for headers in one.posts} == {False}
    if scripts:
        assert len(one.loads) == 2  # the door twice: once to look, once to join
