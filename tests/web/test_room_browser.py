"""Participants in a real browser, over plain HTTP under a name that browsers do not trust, as in a room."""

import shutil
from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from web_pages import SERVICE, Served
from web_rooms import Opened, house

from assessor.bank import open_bank
from assessor.store import Store
from assessor.store.errors import StoreBusy
from assessor.usecases.facilitating import Facilitation
from assessor.web.workshop import live_updates
from assessor.web.workshop.live_updates import WorkshopFeed

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
    found.house.store_worker.shut_down()


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
        page.set_default_timeout(20_000)  # as many as other programs on the machine may cost

    def _ask(self, request) -> None:
        self.asked.append(request.url)
        if request.method == "POST":
            self.posts.append(request.headers)
        if request.resource_type == "document":
            self.loads.append(request.url)

    def join(self, of: Opened) -> "Phone":
        self.page.goto(self.url + of.door)
        self.page.get_by_role("button", name="Join").click()
        self.page.wait_for_url(self.url + "/gut")
        return self

    def take(self, of: Opened, at: int = 0) -> None:
        """Go to one collaboration's own gut feeling, from the list."""
        self.page.locator("a.home").click()
        self.page.locator(f".offered form[action='/c/{of.collaborations[at]}/begin'] button").click()
        self.page.wait_for_url("**/a/*/gut")

    def choose(self, value: str) -> None:
        self.page.locator(f"button.tap[value='{value}']").click()

    def answer(self, of: Opened) -> list[str]:
        """Answer what is asked, and the items in the order in which they were."""
        self.take(of)
        self.choose("network")
        asked: list[str] = []
        self.page.wait_for_url("**/q/*")
        while "/q/" in self.page.url:
            asked.append(self.page.url.split("/q/")[1])
            self.choose(SERVICE[asked[-1]])
            self.page.wait_for_function("before => !location.href.endsWith(before)", arg=asked[-1])
        return asked

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
        return [dict(each.responses) for each in store.assessments_in_workshop(of.workshop.id)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_in_the_room_joins_answers_and_sees_where_it_stands(phone, room, scripts):
    one = phone(java_script_enabled=scripts)
    one.page.goto(one.url + room.door)
    before = one.page.context.cookies()
    one.join(room)
    asked = one.answer(room)
    one.page.wait_for_url("**/verdict")

    assert one.heading() == "Service-based partnership"
    assert given(room) == [{item: SERVICE[item] for item in asked}]
    assert set(SERVICE) - set(asked) != set()  # what could not move it was not asked
    assert (before, one.elsewhere(), one.complaints) == ([], [], [])
    assert {"sec-fetch-site" in headers for headers in one.posts} == {False}
    if scripts:
        assert len(one.loads) == 2  # the door twice: once to look, once to join


def test_a_phone_without_network_goes_on_says_how_much_waits_and_sends_it_in_order(phone, room):
    one = phone().join(room)
    one.take(room)
    one.choose("network")
    one.page.wait_for_url("**/q/payment")
    one.page.wait_for_timeout(3_000)  # the next questions are fetched while this one is read
    one.page.context.set_offline(True)
    for item in ("payment", "creation", "contribution"):
        one.page.wait_for_url(f"**/q/{item}")
        one.choose(SERVICE[item])
    one.page.wait_for_url("**/q/benefit")
    one.page.get_by_text("3 answers not sent yet.").wait_for()
    nothing = given(room)
    one.page.get_by_text("If the board shows another address now").wait_for(timeout=8_000)
    one.page.context.set_offline(False)
    one.page.get_by_text("Everything is saved.").wait_for()

    assert nothing == [{}]
    assert given(room) == [{item: SERVICE[item] for item in ("payment", "creation", "contribution")}]
    assert one.page.url.endswith("/q/benefit")


def test_a_phone_that_has_lost_the_address_goes_on_at_the_new_one_with_what_was_not_sent(phone, room):
    one = phone().join(room)
    one.take(room)
    one.choose("network")
    one.page.wait_for_url("**/q/payment")
    one.page.route(f"http://{NAME}:*/**", lambda route: route.abort())
    one.choose(SERVICE["payment"])
    began = monotonic()
    one.page.get_by_label("If the board shows another address now").fill(f"127.0.0.1:{one.served.port}")
    told = monotonic() - began
    one.page.get_by_role("button", name="Go on there").click()
    held = one.page.url
    one.page.get_by_role("button", name="Continue on this phone").click()
    one.page.get_by_text("Next: Example School").wait_for()
    again = one.page.context.new_page()
    again.goto(held)

    assert (told < 10, given(room)) == (True, [{"payment": SERVICE["payment"]}])
    assert "#" not in one.page.url
    assert again.locator("form[action^='/go/']").count() == 0


def test_a_network_that_hangs_is_told_of_and_gone_on_without(phone, room):
    one = phone().join(room)
    one.take(room)
    one.choose("network")
    one.page.wait_for_url("**/q/payment")
    one.page.wait_for_timeout(3_000)  # the next questions are fetched while this one is read
    held = []
    one.page.route("**/q/payment", lambda route: held.append(route) if route.request.method == "POST" else None)
    one.choose("none")
    one.page.get_by_text("Sending …").wait_for(timeout=3_000)
    one.page.wait_for_url("**/q/creation", timeout=5_000)
    with one.page.expect_response("**/q/payment"):
        held[0].continue_()
    sync_api.expect(one.page.locator("#unsent")).to_be_hidden()

    assert given(room) == [{"payment": "none"}]


def test_what_was_changed_while_it_waited_is_kept_as_it_stands_last(phone, room):
    one = phone().join(room)
    one.take(room)
    one.page.context.set_offline(True)
    one.choose("network")
    one.page.locator("#unsent:not([hidden])").wait_for()
    one.choose("strategic")
    one.page.context.set_offline(False)
    one.page.wait_for_url("**/q/payment")

    with Store.open(write=False) as store:
        assert [each.gut for each in store.assessments_in_workshop(room.workshop.id)] == ["strategic"]


def test_a_page_that_answers_in_our_place_saves_nothing(phone, room):
    one = phone().join(room)
    one.take(room)
    one.page.route("**/gut", lambda route: route.fulfill(content_type="text/html", body="<h1>Pay here</h1>"))
    one.choose("network")
    one.page.locator("#unsent:not([hidden])").wait_for()
    shown, kept = one.heading(), given(room)
    one.page.unroute("**/gut")
    one.page.wait_for_url("**/q/payment")

    assert shown == "Before the questions: where would you place it?"
    assert kept == [{}]


def test_a_note_half_typed_is_there_after_back_and_forth(phone, room):
    one = phone().join(room)
    one.take(room)
    one.choose("network")
    one.page.wait_for_url("**/q/payment")
    one.page.locator("details.more summary").click()
    one.page.fill("#note", "Half a thought")
    one.page.locator("a.back").click()
    one.page.wait_for_url(one.url + "/gut")
    one.page.go_back()
    one.page.wait_for_url("**/q/payment")
    sync_api.expect(one.page.locator("#note")).to_have_value("Half a thought")


def test_a_room_that_ends_while_somebody_types_says_so_and_keeps_the_words(phone, room, served):
    one = phone().join(room)
    one.take(room)
    one.choose("network")
    one.page.wait_for_url("**/q/payment")
    one.page.locator("details.more summary").click()
    one.page.fill("#note", "A whole thought")
    with served.house.store_worker.paused(), Store.open() as store:
        Facilitation(store, open_bank("dokk1")).close(room.workshop.id, "k" * 20)
    one.choose("none")
    one.page.get_by_role("alert").wait_for()

    assert "is over, so this was not saved" in one.page.get_by_role("alert").inner_text()
    assert one.page.input_value("#note") == "A whole thought"


@pytest.mark.parametrize(("language", "scheme", "width"), [("sv", "light", 320), ("en", "dark", 360)])
def test_axe_finds_nothing_on_a_participants_pages_and_nothing_runs_over_the_edge(
    phone, room, served, language, scheme, width
):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), {}
    with served.house.store_worker.paused(), Store.open() as store:
        invited = Facilitation(store, open_bank("dokk1")).invite_party(
            room.workshop.id, room.collaborations[0], "k" * 20
        )
    one = phone(
        locale=language,
        color_scheme=scheme,
        viewport={"width": width, "height": 740},
        reduced_motion="reduce",
        forced_colors="active" if width == 320 else "none",
    )

    def look(name: str) -> None:
        rules = [each["id"] for each in axe.run(one.page).response["violations"]]
        over = one.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if rules or over or one.page.evaluate("document.documentElement.lang") != language:
            found[name] = (rules, over)

    for path in ("/", room.door, f"/p/{invited}", "/j/AAAAAAA", f"/lead/{room.secret}"):
        one.page.goto(one.url + path)
        look(path)
    one.page.goto(one.url + room.door)
    one.page.locator(".joining button.main").click()
    one.page.wait_for_url(one.url + "/gut")
    look("gut round")
    one.page.goto(one.url)
    one.page.locator("button.entry").click()
    one.page.wait_for_url("**/a/*/gut")
    of = one.page.url.removesuffix("/gut").removeprefix(one.url)
    with served.house.store_worker.paused(), Store.open() as store:
        for item, option in SERVICE.items():
            store.record_entry(of.removeprefix("/a/"), "response", item, option)
    steps = [f"{of}/{step}" for step in ("gut", "wanted", "q/creation", "gains", "check", "verdict")]
    for path in ("/", "/new", "/phone", "/accessibility", *steps):
        one.page.goto(one.url + path)
        look(path)
    one.page.goto(f"{one.url}/phone")
    one.page.locator("main button.main").click()
    one.page.locator(".address").wait_for()
    look("address")

    assert found == {}


def test_the_first_page_is_small(phone, room, served):
    import httpx2

    with httpx2.Client(headers={"accept-encoding": "gzip", "host": NAME}) as client:
        page = client.get(f"http://127.0.0.1:{served.port}{room.door}")
        sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
        style = client.get(f"http://127.0.0.1:{served.port}{sheet}")

    assert page.num_bytes_downloaded + style.num_bytes_downloaded < 40_000


#: Words read in 20 seconds, at 220 a minute.
WORDS_IN_20_S = 73
READ = r"at => [...document.querySelectorAll(at)].map(each => each.innerText).join(' ').split(/\s+/)"
WORDS = READ + r".filter(word => /[\p{L}\d]/u.test(word)).length"
LOWEST = "at => Math.max(...[...document.querySelectorAll(at)].map(each => each.getBoundingClientRect().bottom))"
BAR = "document.querySelector('.at-thumb').getBoundingClientRect().top"


@pytest.mark.parametrize(
    "language", ["sv", *(pytest.param(code, marks=pytest.mark.campaign) for code in ("fi", "da", "nb", "en"))]
)
def test_a_phone_is_led_by_one_tap_a_question_and_scrolls_nowhere(phone, room, language, capsys):
    one = phone(viewport={"width": 390, "height": 664}, locale=language)
    one.page.goto(one.url + room.door)
    join = one.page.evaluate(LOWEST, ".joining button.main")
    words = one.page.evaluate(WORDS, "main > p, h1, .joining > .onward")
    one.page.locator(".joining button.main").click()
    one.page.wait_for_url(one.url + "/gut")
    words += one.page.evaluate(WORDS, "h1, .legend, .gut-rows > li:first-child")
    first_question = one.page.evaluate(LOWEST, ".gut-rows > li:first-child")
    one.page.locator("#g1-2").tap()
    one.page.locator("#g1-2[aria-pressed=true]").wait_for()
    taps, over, read = 2, [], 0
    one.page.locator(".at-thumb button").tap()
    one.page.wait_for_url("**/q/*")
    asked = 1  # the gut feeling
    while "/q/" in one.page.url:
        item = one.page.url.split("/q/")[1]
        read += one.page.evaluate(WORDS, "main")
        if one.page.evaluate(LOWEST, "main .tap") > one.page.evaluate(BAR):
            over.append(item)
        one.page.locator(f"button.tap[value='{SERVICE[item]}']").tap()
        asked, taps = asked + 1, taps + 1
        one.page.wait_for_function("before => !location.href.endsWith(before)", arg=item)
    read += one.page.evaluate(WORDS, "main")
    with capsys.disabled():
        print(f"\n{language}: link to first question 1 tap, {words} words, {words / 220 * 60:.0f} s;", end=" ")
        print(f"a collaboration {asked} questions, {taps} taps, {read} words, {read / 220 * 60:.0f} s", end=" ")

    assert (join <= 400, first_question <= 664, words <= WORDS_IN_20_S) == (True, True, True)
    assert (over, taps <= asked + 2) == ([], True)
    assert one.page.evaluate(LOWEST, "main > .more > summary") <= one.page.evaluate(BAR)  # the verdict is one screen
    assert one.page.locator(".why.brief li").count() <= 3


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_that_was_left_shows_nothing_with_the_back_button(phone, room, scripts):
    one = phone(java_script_enabled=scripts).join(room)
    one.take(room)
    one.choose("network")
    one.page.wait_for_url("**/q/payment")
    one.page.get_by_role("link", name="Leave this phone").click()
    one.page.get_by_role("button", name="Leave this phone").click()
    one.page.get_by_role("heading", name="This phone has left the workshop").wait_for()
    cookies = one.page.context.cookies()
    shown = []
    for _step in range(3):
        one.page.go_back()
        one.page.wait_for_timeout(500)
        shown.append(one.page.locator("main").inner_text())

    assert cookies == []
    assert [text for text in shown if "Example School" in text or "wanted" in text] == []


async def _away(_act: object, *, batchable: bool = False) -> None:
    raise StoreBusy(path="/srv/answers")


def test_while_the_database_is_away_nothing_typed_is_lost_and_no_phone_loads_anew(phone, room, served, monkeypatch):
    one = phone().join(room)
    one.take(room)
    one.choose("network")
    one.page.wait_for_url("**/q/payment")
    one.page.locator("details.more summary").click()
    one.page.fill("#note", "A whole thought")
    loads = len(one.loads)
    with monkeypatch.context() as away:
        away.setattr(served.house.store_worker, "run", _away)
        one.choose("none")
        said = one.page.locator("#unsent")
        sync_api.expect(said).to_have_text(
            "The server is away for a moment. What you typed is kept here. Trying again …"
        )
        one.page.get_by_role("link", name="The workshop").click()
        one.page.wait_for_timeout(2_500)
        sync_api.expect(said).to_be_visible()
    sync_api.expect(said).to_have_text("Everything is saved.", timeout=10_000)

    assert given(room) == [{"payment": "none"}]
    assert len(one.loads) == loads
    assert "/srv/answers" not in one.page.content()


def test_a_picture_whose_reading_fails_is_called_old_though_its_connection_is_open(phone, room, monkeypatch):
    monkeypatch.setattr(live_updates, "BOARD_HEARTBEAT_SECONDS", 0.2)
    leader = phone(viewport={"width": 1280, "height": 800})
    leader.page.goto(f"{leader.url}/lead/{room.secret}")
    leader.page.wait_for_url("**/w/*")
    for page in (leader.page.url, f"{leader.page.url}/board"):
        leader.page.goto(page)
        old = leader.page.locator("#stale")
        leader.page.wait_for_timeout(1_000)
        sync_api.expect(old).to_be_hidden()
        with monkeypatch.context() as failing:
            failing.setattr(WorkshopFeed, "age_seconds", 16.0)
            sync_api.expect(old).to_have_text("This picture may be out of date: reconnecting …")
            sync_api.expect(old).to_be_visible()
        sync_api.expect(old).to_be_hidden()


def test_phones_of_an_erased_workshop_do_not_come_back_as_one(phone, room, served):
    phones = [phone().join(room) for _ in range(4)]
    for each in phones:
        each.page.locator("a.home").click()
        each.page.wait_for_url(each.url + "/")
    came: list[float] = []
    for each in phones:
        each.page.on("request", lambda asked: came.append(monotonic()) if asked.is_navigation_request() else None)
    with served.house.store_worker.paused(), Store.open() as store:
        Facilitation(store, open_bank("dokk1")).erase(room.workshop.id)
    for each in phones:
        sync_api.expect(each.page.get_by_role("heading", level=1)).to_have_text("Join a workshop", timeout=15_000)

    assert max(came) - min(came) > 0.3
