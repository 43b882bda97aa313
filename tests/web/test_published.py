"""A published folder, served by a plain static server: the whole program runs in Chromium and asks nobody else."""

import subprocess
import time
from pathlib import Path

import pytest
from web_pages import LIBRARY
from web_published import HERE, PATIENCE, Shown, Static, needs_published

from assessor.bank import open_bank
from assessor.usecases.published_folder import publish_folder

pytestmark = needs_published

MOST_PACKED = 9_000_000
#: What places it in short mode, in the order in which it is asked.
SHORT = ("joint", "both", "both", "intent", "field", "together", "recurring", "direct", "fits")


def walk(shown: Shown) -> int:
    """A library's first collaboration in short, to its verdict; how many pages it took."""
    shown.begin()
    for option in ("network", "short", *SHORT):
        shown.choose(option)
        if option == "intent":
            shown.frame.get_by_label("Until further notice").check()
            shown.go_on()
    right = shown.frame.get_by_role("link", name="Everything is right")
    placed = shown.frame.get_by_role("link", name="Look at and change the answers")
    right.or_(placed).first.wait_for()
    if right.count():
        right.click()
    placed.wait_for()
    return len(SHORT) + 7


def memory_of(visit) -> int:
    """Megabytes of the largest process of the browser, that of the tab."""
    shown = subprocess.run(["ps", "-eo", "rss=,args="], capture_output=True, text=True, check=True).stdout
    return max(int(line.split()[0]) for line in shown.splitlines() if "--type=renderer" in line) // 1024


def test_a_first_visit_fetches_what_was_promised(site: Path):
    packed = sum(each.stat().st_size for each in (site / "published").glob("*.gz"))

    assert packed <= MOST_PACKED


def test_a_collaboration_is_assessed_and_reported_and_nobody_else_is_asked(visit, static: Static):
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url))
    began = time.perf_counter()
    shown = Shown(visit, static.address).start()
    cold, began = time.perf_counter() - began, time.perf_counter()
    pages = walk(shown)
    walked = (time.perf_counter() - began) / pages * 1000
    verdict = shown.frame.locator("h1").first.inner_text()
    shown.frame.get_by_role("link", name="The library's report, to print").click()
    shown.page.wait_for_function(f"() => {HERE}.endsWith('/report.pdf')")
    shown.frame.get_by_text(LIBRARY).first.wait_for()
    others = [url for url in asked if not url.startswith((static.address, "data:", "blob:"))]
    print(
        f"cold {cold:.1f} s, {walked:.0f} ms a page, {memory_of(visit)} MB: {verdict}; asked of others: {len(others)}"
    )
    shown.wait_until_kept()
    shown.page.close()

    assert others == []
    assert shown.complaints == []


def test_it_starts_again_without_a_network_and_holds_nothing_that_was_not_saved(visit, static: Static):
    visit.set_offline(True)
    began = time.perf_counter()
    shown = Shown(visit, static.address).start()
    print(f"warm, without a network {time.perf_counter() - began:.1f} s")
    empty = shown.frame.get_by_label("What is your library called?").is_visible()
    shown.page.close()
    visit.set_offline(False)

    assert empty


def test_an_address_inside_leads_to_the_page_that_stays(visit, static: Static):
    shown = Shown(visit, f"{static.address}documents")
    shown.page.locator("#question").wait_for()
    address = shown.page.url
    shown.page.close()

    assert address == static.address


def test_a_newer_folder_is_taken_when_the_person_says_so_and_nothing_is_lost(visit, static: Static, tmp_path: Path):
    newer = tmp_path / "newer"
    publish_folder(newer, open_bank("dokk1"), contact="The new help desk", language="en", runtime=None)
    shown = Shown(visit, static.address).start(mine=True)
    shown.begin("Older Folder School")
    static.folder = newer
    shown.page.reload()
    shown.wait()
    shown.page.goto(f"{static.address}")
    shown.wait()
    told = [shown.frame.get_by_text("Older Folder School").first.is_visible()]
    shown.page.evaluate("() => document.getElementById('pages').contentWindow.location.assign('accessibility')")
    shown.frame.get_by_text("WCAG").first.wait_for()
    told.append(shown.frame.get_by_text("The new help desk").count() == 0)
    shown.page.locator("#newer").click()
    shown.frame.get_by_text("Older Folder School").first.wait_for()
    shown.page.evaluate("() => document.getElementById('pages').contentWindow.location.assign('accessibility')")
    shown.frame.get_by_text("The new help desk").first.wait_for()
    offered = shown.page.locator("#newer").is_visible()
    caches = shown.page.evaluate("() => caches.keys()")
    shown.page.close()

    assert (told, offered, len(caches)) == ([True, True], False, 1)
    assert shown.complaints == []


@pytest.fixture(scope="module")
def poor(launch):
    """A browser of a machine with little memory, to which another name leads here without HTTPS."""
    return launch("--js-flags=--wasm-max-mem-pages=200", "--host-resolver-rules=MAP library.example 127.0.0.1")


def test_too_little_memory_is_told(poor, static: Static):
    page = poor.new_page(locale="en-GB")
    page.set_default_timeout(PATIENCE)
    page.goto(static.address)

    page.get_by_text("This device has too little memory").wait_for()


def test_elsewhere_than_over_https_the_page_says_why_not(poor, static: Static):
    page = poor.new_page(locale="en-GB")
    page.goto(static.address.replace("127.0.0.1", "library.example"))

    page.get_by_text("These pages work over HTTPS only").wait_for()
    assert not page.locator("#question").is_visible()


@pytest.mark.parametrize("opened", ["scripts off", "as a file"])
def test_where_no_script_runs_the_page_says_what_to_do_in_every_language(poor, static: Static, site: Path, opened: str):
    page = poor.new_page(java_script_enabled=opened != "scripts off")
    page.goto(static.address if opened == "scripts off" else f"{site.as_uri()}/index.html")
    page.locator("#without p").last.wait_for()

    assert page.locator("#without p").evaluate_all("all => all.map(each => each.lang)") == [
        "sv",
        "fi",
        "da",
        "nb",
        "en",
    ]
