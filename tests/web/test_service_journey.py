"""A service as its people meet it, in real browsers over HTTPS: from the host's letter to what a library takes along.

The long journey goes through nginx as it is shipped to several processes over PostgreSQL, the short one to one process.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import cluster
import psycopg
import pytest
from web_journeys import LAPTOP, PHONE, TABLET, Journey, Seat, chromium_at
from web_pages import SERVICE, Served
from web_proxy import certificate, needs_nginx, proxy_in, running_proxy
from web_rooms import HOSTED, house
from web_services import BASE, host_key, running_service

from assessor.store import Store
from assessor.usecases.library_access import Keys

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]
sync_api = pytest.importorskip("playwright.sync_api")

LIBRARIES = ("Library A", "Library B", "Library C")
#: Answers that make a collaboration a purchase.
BOUGHT = {"creation": "ready", "payment": "we_pay", "price": "delivery", "control": "one_side"}


@pytest.fixture
def short(home: Path, tmp_path: Path) -> Iterator[tuple[Journey, str]]:
    """One process over a file, and the host's address."""
    with Store.open() as store:
        address = f"/key/{Keys(store).new_host_link()}"
    found = Served(house(HOSTED), tls=certificate(tmp_path))
    found.start()
    with sync_api.sync_playwright() as playwright, chromium_at(playwright, str(CHROMIUM), found.port) as browser:
        yield Journey(browser), address
    found.stop()
    found.house.store_worker.shut_down()


def test_a_library_is_opened_on_a_laptop_and_a_phone_and_its_director_reads(short):
    journey, address = short
    host, steward, phone, director = (journey.seat(size) for size in (LAPTOP, LAPTOP, PHONE, PHONE))
    assert host.enter(address, "the host") == "/host"
    library = steward.enter(_keys(host, "Library A")["Library A"], "a library")
    steward.press("nav a[href$='/new'], main a[href$='/new']", "**/new")
    steward.press(f".library-nav a[href='{library}/people']", "form[action$='/device']")
    marked = steward.page.locator(".library-nav [aria-current]").get_attribute("href")
    steward.send("/people/device", ".address").see("the address for a phone")
    scannable = steward.page.locator(".scan svg").bounding_box()["width"]
    assert phone.enter(steward.address(), "a phone") == library
    steward.go(f"{library}/people").page.locator("#role-reader + label").click()
    steward.send("/people/invite", ".address", name="Example director")
    assert director.enter(steward.address(), "the director") == library

    assert marked == f"{library}/people"
    assert 100 < scannable < 500
    assert journey.wrong() == []


def _keys(host: Seat, *libraries: str) -> dict[str, str]:
    """Write names on the host's page; the address of each library."""
    host.see("the host's page").page.locator("#names").fill("\n".join(libraries))
    host.press("main form[action='/host'] button.main", "dl.keys").see("new keys")
    shown = zip(host.page.locator("dl.keys dt").all(), host.page.locator("dl.keys dd").all(), strict=True)
    return {name.inner_text(): address.inner_text().removeprefix(BASE) for name, address in shown}


@pytest.fixture
def long(home: Path, tmp_path: Path) -> Iterator[tuple[Journey, str, str]]:
    """nginx, two processes and PostgreSQL; the host's address, and the store's."""
    with ExitStack() as running:
        server = running.enter_context(cluster.running())
        url = server.url(server.database())
        address = host_key(ASSESSOR_STORE=url)
        proxy = running.enter_context(running_proxy(proxy_in(tmp_path / "nginx")))
        known = ("--run-by", "The example host", "--contact", "help@host.example", "--copies-days", "30")
        more = ("--port", str(proxy.service), "--workers", "2", *known)
        running.enter_context(running_service(tmp_path, *more, store=url))
        playwright = running.enter_context(sync_api.sync_playwright())
        browser = running.enter_context(chromium_at(playwright, str(CHROMIUM), proxy.https))
        yield Journey(browser), address, url


@pytest.mark.full
@needs_nginx
def test_a_library_comes_is_assessed_by_several_is_read_and_leaves_with_everything(long, tmp_path):
    journey, address, url = long
    host = journey.seat(LAPTOP)
    host.enter(address, "the host")
    keys = _keys(host, *LIBRARIES)
    host.press("main form[action='/host/letters'] button", ".letter").see("letters")
    steward = journey.seat(LAPTOP).go("/", "the front page")
    library = steward.enter(keys["Library A"], "a library")
    steward.see("a library at first")
    placed = [steward.assess(library, "Example School", "Evenings")]
    steward.go(f"{library}/people", "who may enter").send("/people/device", ".address").see("an address of one's own")
    phone = journey.seat(PHONE)
    phone.enter(steward.address(), "the steward's phone")
    placed.append(phone.assess(library, "Example Caterer", "The café", **BOUGHT))
    phone.go(library, "the list on a phone")
    colleague, director = journey.seat(TABLET), journey.seat(PHONE)
    for role, seat in (("colleague", colleague), ("reader", director)):
        steward.go(f"{library}/people").page.locator(f"#role-{role} + label").click()
        steward.send("/people/invite", ".address", name=f"Example {role}").see(f"an address for a {role}")
        seat.enter(steward.address(), f"a {role}")

    agreed = _workshop(journey, colleague, library)
    read = _read(director, library)
    verdicts = _take_along(steward, library, tmp_path)
    expired = _erase_expired(host, url)
    steward.go(f"{library}/erase", "erase the library").press("main #sure + label")
    steward.press("main form.onward button, main form button.danger", "dl.proof").see("the proof")
    left = host.go("/host", "the host at last").page.content()

    assert placed == ["Service-based partnership", "Supplier relation"]
    assert agreed == "Service-based partnership"
    assert read == (["Example Boat Club", "Example Caterer", "Example School"], b"%PDF")
    assert verdicts == {name: agreed for name in ("Example Boat Club", "Example School")} | {
        "Example Caterer": placed[1]
    }
    assert expired == ("Library A", 8, 0)
    assert "Library A" not in left
    assert b"Example Caterer" not in _dump(url)
    assert journey.wrong() == []
    logs = (tmp_path / "log", *(tmp_path / "nginx").glob("*.log"))
    said = "".join(each.read_text(encoding="utf-8") for each in logs)
    secrets = [each.rpartition("/")[2] for each in (address, library, *keys.values())]
    assert [each for each in (*secrets, "/key", "/l/", "Library A", "Example") if each in said] == []
    assert len(said.splitlines()) > 200


def _workshop(journey: Journey, leader: Seat, library: str) -> str:
    """Eight phones answer on one collaboration, the room agrees; where the library then has it."""
    leader.go(f"{library}/workshops", "lead a workshop").page.locator("#pasted").fill("Example Boat Club · Rowing")
    leader.send("/workshops", "**/w/*", name="The example morning", people="8").see("who leads")
    code = leader.page.locator(".lead-strip .code").inner_text().replace(" ", "").replace("\xa0", "")
    phones = [journey.seat(PHONE) for _ in range(8)]
    for phone in phones:
        phone.go("/").page.locator("#code").fill(code)
        phone.press("main form[action='/'] button", "form.joining").press("form.joining button.main", "**/gut")
        phone.press("#g1-2", "#g1-2[aria-pressed=true]").press(".at-thumb button", "**/q/*")
    for phone in phones:
        while "/q/" in phone.page.url:
            before = phone.page.url
            phone.press(f"button.tap[value='{SERVICE[before.rpartition('/')[2]]}']")
            phone.page.wait_for_function("before => location.href !== before", arg=before)
        phone.see("a participant's verdict")
    base = re.sub(r"[?#].*", "", leader.page.url)
    for _ in range(60):
        if not leader.page.locator("#go [data-next]").count():
            break
        stamp = leader.page.locator("#go").get_attribute("data-stamp")
        leader.press("#go [data-next]")
        leader.page.wait_for_function("before => document.querySelector('#go')?.dataset.stamp !== before", arg=stamp)
    leader.see("who leads, at the end").go(f"{base}/end", "the end")
    leader.press("main #sure + label").press("main .onward button.main", "main a[href$='/data.json']").see("closed")
    leader.go(library, "the list after the workshop").press(
        ".whole-picture a[aria-label*='Example Boat Club']", "**/verdict"
    )
    return leader.page.locator("h1").inner_text()


def _read(director: Seat, library: str) -> tuple[list[str], bytes]:
    """The names in the report that the director reads, and how its PDF begins."""
    director.go(library, "the reader's page").press(f"a[href='{library}/report']", "**/report")
    text = director.page.locator("body").inner_text()
    names = [name for name in ("Example Boat Club", "Example Caterer", "Example School") if name in text]
    director.see("the report").go(library)
    with director.page.expect_download(timeout=120_000) as printed:
        director.press(f"a[href='{library}/report.pdf']")
    return names, printed.value.path().read_bytes()[:4]


def _take_along(steward: Seat, library: str, folder: Path) -> dict[str, str]:
    """Where each collaboration stands on a machine of the library's own, which was given its JSON."""
    steward.go(f"{library}/documents", "documents and files")
    steward.press("a[href$='/answers/json']", "**/answers/json").see("take everything out")
    with steward.page.expect_download() as taken:
        steward.press("main button")
    file = folder / "answers.json"
    file.write_bytes(taken.value.path().read_bytes())
    home = {**os.environ, "ASSESSOR_HOME": str(folder / "own"), "ASSESSOR_LANG": "en"}
    own = partial(subprocess.run, env=home, check=True, capture_output=True, text=True)
    own((sys.executable, "-m", "assessor", "import", str(file)))
    listed = own((sys.executable, "-m", "assessor", "list")).stdout
    return dict(re.findall(r"^(.+?) · .+\n +\S (.+?)(?: \(level \d\))?$", listed, re.MULTILINE))


def _erase_expired(host: Seat, url: str) -> tuple[str, int, int]:
    """Three months on: of which library the host erases what is past its days, and how many people that was."""
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("UPDATE act SET at = at - 91 * 86400000000::bigint WHERE kind = 'closed'")
        before = database.execute("SELECT count(*) FROM respondent").fetchone()
        host.go("/host", "the host, with what is past its days").press("a[href='/host/expired']", "main #sure")
        host.see("what is past its days").press("main #sure + label").press("main .onward button", "dl.proof")
        after = database.execute("SELECT count(*) FROM respondent").fetchone()
    return host.see("its proof").page.locator(".proof bdi").first.inner_text(), before[0], after[0]


def _dump(url: str) -> bytes:
    return subprocess.run(("pg_dump", url), check=True, capture_output=True).stdout
