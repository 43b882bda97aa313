"""A published folder, served by a plain static server: the whole program runs in Chromium and asks nobody else."""

import json
import shutil
import time
from pathlib import Path

import pytest
from page_checkers import markup_faults, needed
from web_pages import LIBRARY
from web_published import (
    HERE,
    PATIENCE,
    Shown,
    Static,
    browser_processes,
    needs_published,
    processor_seconds,
    slowed,
)

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
            shown.press(shown.frame.get_by_role("button", name="Until further notice"))
    right = shown.frame.get_by_role("link", name="Everything is right")
    placed = shown.frame.get_by_role("link", name="Look at and change the answers")
    right.or_(placed).first.wait_for()
    if right.count():
        right.click()
    placed.wait_for()
    return len(SHORT) + 7


def test_a_first_visit_fetches_what_was_promised(site: Path):
    packed = sum(each["packed"] for each in json.loads((site / "published" / "manifest.json").read_text())["files"])

    assert packed <= MOST_PACKED


def test_a_collaboration_is_assessed_and_reported_and_nobody_else_is_asked(visit, static: Static):
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url))
    shown = Shown(visit.new_page(), static.address).start()
    walk(shown)
    shown.frame.get_by_role("link", name="The library's report, to print").click()
    shown.page.wait_for_function(f"() => {HERE}.endsWith('/report.pdf')")
    shown.frame.get_by_text(LIBRARY).first.wait_for()
    shown.wait_until_kept()
    shown.page.close()

    assert [url for url in asked if not url.startswith((static.address, "data:", "blob:"))] == []
    assert shown.complaints == []


def visited(context, static: Static, *, first: bool = False) -> tuple[Shown, str]:
    """The pages in a tab, once they are there, and the seconds from their address: on the clock, and of processors."""
    page = context.new_page()
    began, worked = time.perf_counter(), processor_seconds()
    shown = Shown(page, static.address)
    shown.start(mine=True) if first else shown.wait()
    took = f"{time.perf_counter() - began:.1f} s ({processor_seconds() - worked:.1f} of processors)"
    shown.wait_until_kept()
    return shown, took


@pytest.mark.benchmark
def test_how_fast_it_is(launch, static: Static, tmp_path: Path):
    """In a browser as a person has it: one with a profile of its own keeps code that it has compiled."""
    asked: list[str] = []
    context = launch().browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=shutil.which("chromium"), args=["--no-sandbox"], locale="en-GB"
    )
    context.set_default_timeout(PATIENCE)
    context.on("request", lambda request: asked.append(request.url))
    shown, cold = visited(context, static, first=True)
    warm = []
    for _ in range(4):
        time.sleep(2)
        shown.page.close()
        shown, took = visited(context, static)
        warm.append(took)
    began = time.perf_counter()
    pages = walk(shown)
    page = (time.perf_counter() - began) / pages * 1000
    memory = max(each.resident_bytes for each in browser_processes() if "--type=renderer" in each.command) // 1_000_000
    time.sleep(2)
    shown.page.close()
    with slowed(4):
        slow, slow_took = visited(context, static)
        slow.page.close()
    context.close()
    others = [url for url in asked if not url.startswith((static.address, "data:", "blob:"))]
    print(f"cold {cold}, warm {', '.join(warm)}, 4 times slower {slow_took}")
    print(f"{page:.0f} ms a page, {memory} MB, {len(others)} requests to others")


def test_it_starts_again_without_a_network_and_holds_nothing_that_was_not_saved(visit, static: Static):
    visit.set_offline(True)
    shown = Shown(visit.new_page(), static.address).start()
    empty = shown.frame.get_by_label("What is your library called?").is_visible()
    shown.page.close()
    visit.set_offline(False)

    assert empty


def test_an_address_inside_leads_to_the_page_that_stays(visit, static: Static):
    shown = Shown(visit.new_page(), f"{static.address}documents")
    shown.page.locator("#question").wait_for()
    address = shown.page.url
    shown.page.close()

    assert address == static.address


def test_a_newer_folder_is_taken_when_the_person_says_so_and_nothing_is_lost(visit, static: Static, tmp_path: Path):
    newer = tmp_path / "newer"
    publish_folder(newer, open_bank("dokk1"), contact="The new help desk", language="en", runtime=None)
    shown = Shown(visit.new_page(), static.address).start(mine=True)
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


@pytest.mark.java
@pytest.mark.skipif(bool(needed()), reason=needed())
def test_the_nu_checker_finds_nothing_on_the_shell(site: Path, tmp_path: Path):
    """But for its policy, which the checker holds against the file that it is given."""
    found = markup_faults({"shell": (site / "index.html").read_text("utf-8")}, tmp_path).get("shell", [])

    assert [fault for fault in found if "Content Security Policy" not in fault] == []


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


#: A small phone, a tablet and a desk.
SIZES = ((320, 640), (810, 1080), (1280, 800))
#: Shows every part of the shell at once.
SHOW_ALL = """() => {
  for (const id of ["acts", "newer", "progress"]) document.getElementById(id).hidden = false
  document.getElementById("state").textContent = document.getElementById("kept").textContent = "x ".repeat(20)
}"""


@pytest.mark.parametrize("language", ["sv", "fi", "da", "nb", "en"])
def test_axe_finds_nothing_on_the_shell_nothing_runs_over_the_edge_and_keys_suffice(launch, static: Static, language):
    from axe_playwright_python.sync_playwright import Axe

    context = launch().new_context(locale=language, reduced_motion="reduce")
    shown = Shown(context.new_page(), static.address)
    page, found = shown.page, []
    page.set_default_timeout(PATIENCE)
    page.locator("#question").wait_for()
    for each in ("question", "everything"):
        if each == "everything":
            page.evaluate(SHOW_ALL)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            found += [rule["id"] for rule in Axe().run(page).response["violations"]]
            found += ["over the edge"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
            small = page.locator("button:visible, .button:visible").evaluate_all(
                "all => all.filter(each => each.getBoundingClientRect().height < 44).map(each => each.id)"
            )
            found += small
    page.locator("body").press("Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "shared":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#question").wait_for(state="hidden")
    tag = page.locator("html").get_attribute("lang")
    context.close()

    assert (found, tag) == ([], language)
