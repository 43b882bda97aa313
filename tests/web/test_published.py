"""A published folder, served by a plain static server: the whole program runs in Chromium and asks nobody else."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from web_pages import LIBRARY

from assessor.bank import open_bank
from assessor.usecases.published_folder import RuntimeNotFetched, publish_folder

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM or not shutil.which("npm"), reason="needs Chromium and npm"),
]
sync_api = pytest.importorskip("playwright.sync_api")

MOST_PACKED = 9_000_000
#: Where the frame is.
HERE = "document.getElementById('pages').contentWindow.location.href"
#: What places it in short mode, in the order in which it is asked.
SHORT = ("joint", "both", "both", "intent", "field", "together", "recurring", "direct", "fits")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "site"
    try:
        written = publish_folder(folder, open_bank("dokk1"), contact="", language="en", runtime=None)
    except RuntimeNotFetched as problem:
        pytest.skip(str(problem))
    print(f"\na first visit fetches {written.packed_bytes:,} bytes in {written.files} files")
    assert written.packed_bytes < MOST_PACKED
    return folder


@pytest.fixture(scope="module")
def address(published: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=published)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium) -> Iterator[object]:
    context = chromium.new_context(locale="en-GB", accept_downloads=True)
    context.set_default_timeout(90_000)
    yield context
    context.close()


class Shown:
    """The shell in a tab, and what the tab asked for and complained of."""

    def __init__(self, visit, address: str) -> None:
        self.page = visit.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.address = address
        self.page.goto(address)

    @property
    def frame(self):
        return self.page.frame_locator("#pages")

    def start(self, *, mine: bool = False) -> None:
        self.page.locator("#mine" if mine else "#shared").click()
        self.frame.locator("h1").first.wait_for()

    def go_on(self) -> None:
        """Press "Continue", and wait for the page that follows."""
        self.press(self.frame.get_by_role("button", name="Continue", exact=True))

    def press(self, button) -> None:
        before = self.page.evaluate(f"{HERE}")
        button.click()
        self.page.wait_for_function(f"before => {HERE} !== before", arg=before)

    def begin(self) -> None:
        """A library and its first collaboration."""
        self.frame.get_by_label("What is your library called?").fill(LIBRARY)
        self.frame.get_by_role("button", name="Begin").click()
        self.frame.get_by_role("link", name="A new collaboration").click()
        self.frame.get_by_label("What is the other party called?").fill("Example School")
        self.go_on()

    def walk(self) -> None:
        """A library's first collaboration in short, to its verdict."""
        self.begin()
        self.choose("network")
        self.choose("short")
        for option in SHORT:
            self.choose(option)
            if option == "intent":
                self.press(self.frame.get_by_role("button", name="Until further notice"))
        right = self.frame.get_by_role("link", name="Everything is right")
        placed = self.frame.get_by_role("link", name="Look at and change the answers")
        right.or_(placed).first.wait_for()
        if right.count():
            right.click()
        placed.wait_for()

    def choose(self, value: str) -> None:
        self.press(self.frame.locator(f"button[value={value}]"))

    def save(self) -> bytes:
        """What the library's file holds, as it is downloaded."""
        self.page.evaluate("delete window.showSaveFilePicker")
        with self.page.expect_download() as loading:
            self.page.locator("#save").click()
        return Path(loading.value.path()).read_bytes()


def test_a_collaboration_is_assessed_and_reported_and_nobody_else_is_asked(visit, address: str):
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url))
    began = time.perf_counter()
    shown = Shown(visit, address)
    shown.start()
    cold, began = time.perf_counter() - began, time.perf_counter()
    shown.walk()
    verdict, walked = shown.frame.locator("h1").first.inner_text(), time.perf_counter() - began
    shown.frame.get_by_role("link", name="The library's report, to print").click()
    shown.page.wait_for_function(f"() => {HERE}.endsWith('/report.pdf')")
    shown.frame.get_by_text(LIBRARY).first.wait_for()
    print(f"cold {cold:.1f} s, a short interview to its verdict {walked:.1f} s: {verdict}")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert shown.complaints == []


def test_it_starts_again_without_a_network_and_holds_nothing_that_was_not_saved(visit, address: str):
    shown = Shown(visit, address)
    shown.start()
    shown.begin()
    assert shown.page.locator("#kept").inner_text() == "Nothing is kept in this browser."
    data = shown.save()
    shown.page.wait_for_function("() => localStorage.getItem('assessor-compiled')")
    visit.set_offline(True)
    began = time.perf_counter()
    shown.page.goto(address)
    shown.start()
    print(f"warm, without a network {time.perf_counter() - began:.1f} s")
    assert shown.frame.get_by_label("What is your library called?").is_visible()
    shown.page.locator("#file").set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": data})
    shown.frame.get_by_text("Example School").first.wait_for()
    assert json.loads(data)["library"] == LIBRARY


def test_what_is_kept_in_ones_own_browser_is_there_after_the_tab_was_closed(visit, address: str):
    shown = Shown(visit, address)
    shown.start(mine=True)
    shown.begin()
    assert shown.page.locator("#kept").inner_text() == "Kept in this browser."
    shown.page.close()
    again = Shown(visit, address)
    again.frame.get_by_text("Example School").first.wait_for()
    assert again.complaints == []


def test_the_second_tab_says_that_another_writes(visit, address: str):
    first = Shown(visit, address)
    first.page.locator("#question").wait_for()
    second = Shown(visit, address)
    second.page.get_by_text("assessor is open in another window or tab").wait_for()
    assert not second.page.locator("#question").is_visible()
