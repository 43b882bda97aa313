"""A whole room in real browsers: one who leads and eight phones, and what the data say at the end."""

import json
from collections import Counter
from dataclasses import dataclass, field

import pytest
from test_room_browser import CHROMIUM, Phone, chromium, phone, served  # noqa: F401  (fixtures)
from web_pages import SERVICE
from web_rooms import Opened

from assessor import bank
from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.assessments import GAINS, GUT, WANTED, new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshops import Workshops

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]

HOSTILE = '"><script>document.title="run"</script><img src=x onerror=document.title="run">'
#: What phone 2 thinks at first, and what others see otherwise; the last three stop half-way.
FIRST = "parallel"
OTHERWISE = {3: {"agreement": "none"}, 4: {"agreement": "none"}, 5: {"benefit": "dont_know"}, 6: {"creation": "ready"}}


@dataclass
class Somebody:
    """One of the eight, what they mean to say, and what the server said it has."""

    phone: Phone
    means: dict[str, str]
    acknowledged: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)

    def watch(self) -> None:
        self.phone.page.on("response", self._heard)

    def _heard(self, response) -> None:
        request = response.request
        if request.method == "POST" and "/q/" in request.url and response.status == 303:
            fields = dict(part.split("=", 1) for part in (request.post_data or "").split("&"))
            if "response" in fields:
                self.acknowledged[request.url.rpartition("/")[2].partition("?")[0]] = fields["response"]

    def answer(self, most: int = 99, *, hearing: tuple[int, int] = (99, 99), first: str = "") -> None:
        """Answer what is asked, at most so many; without a network from one question to another."""
        page, done = self.phone.page, 0
        page.wait_for_url("**/q/*")
        while "/q/" in page.url and done < most:
            item = page.url.rpartition("/")[2]
            if done == hearing[0]:
                page.wait_for_timeout(2_500)  # the next questions are fetched while this one is read
                page.context.set_offline(True)
            if done == hearing[1]:
                page.context.set_offline(False)
                page.get_by_text("Everything is saved.").wait_for()
            self.phone.choose(first if first and item == "creation" else self.means[item])
            self.given[item] = self.means[item]
            page.wait_for_function("before => !location.href.endsWith(before)", arg=f"/{item}")
            done += 1


def _lead(phone, room: Opened, served) -> Phone:  # noqa: F811
    led = phone(viewport={"width": 1024, "height": 768}, has_touch=False)
    led.page.goto(f"{led.url}/lead/{room.secret}")
    led.page.wait_for_url(f"**/w/{room.workshop.id}")
    led.page.goto(f"{led.page.url}/board")
    return led


def test_a_room_of_eight_phones_ends_with_exactly_what_was_acknowledged(phone, room, served):  # noqa: F811
    board = _lead(phone, room, served)
    board.page.get_by_text("Nobody is here yet").wait_for()
    people = []
    for number in range(8):
        how = {"java_script_enabled": False} if number == 0 else {}
        people.append(Somebody(phone(**how), {**SERVICE, **OTHERWISE.get(number, {})}))
        people[-1].watch()
        people[-1].phone.join(room).take(room)
    board.page.get_by_text("8 are here").wait_for()
    for number, each in enumerate(people):
        each.phone.choose("network")
        each.answer(
            6 if number > 4 else 99,
            hearing=(2, 4) if number == 1 else (99, 99),
            first=FIRST if number == 2 else "",
        )
    change = people[2].phone.page
    change.wait_for_url("**/verdict")
    change.goto(change.url.replace("/verdict", "/check"))
    change.locator("a[href*='/q/creation']").click()
    change.wait_for_url("**/q/creation?then=check")
    people[2].phone.choose("joint")
    change.wait_for_url(lambda url: "creation" not in url)
    people[2].answer() if "/q/" in change.url else None

    lead = board.page.context.new_page()
    base = f"{board.url}/w/{room.workshop.id}"
    lead.goto(f"{base}/c/{room.collaborations[0]}")
    lead.get_by_role("button", name="Show it on the board").click()
    board.page.get_by_text("8 have answered.").wait_for()
    lead.get_by_role("button", name="Start agreeing").click()
    board.page.locator("h1.ask").wait_for()
    lead.goto(f"{base}/end")
    lead.get_by_label("Yes, we are done").check()
    lead.get_by_role("button", name="Close the workshop").click()
    board.page.get_by_text("Thank you!").wait_for()
    people[3].phone.page.get_by_text("The workshop is over. Thank you!").wait_for()
    with lead.expect_download() as download:
        lead.get_by_role("link", name="The data (JSON)").click()
    told = json.loads(download.value.path().read_text())["collaborations"][0]["told"]
    with Store.open(write=False) as store:
        kept = [dict(each.responses) for each in store.assessments_in_workshop(room.workshop.id)]

    assert kept == [each.given for each in people]
    assert [each.acknowledged for each in people] == kept
    assert told["raters"] == 8
    heard = {item: Counter(each.given[item] for each in people if item in each.given) for item in SERVICE}
    assert told["items"] == {item: dict(found) for item, found in heard.items() if found.total() >= 5}
    assert [each.phone.elsewhere() + each.phone.complaints for each in people if each is not people[1]] == [[]] * 7
    assert board.elsewhere() + board.complaints == []


def _answered(room: Opened, many: int) -> None:
    with Store.open() as store:
        participation = Participation(store, open_bank("dokk1"))
        shop = Workshops(store, open_bank("dokk1")).get(room.workshop.id)
        for number in range(many):
            joined, _token = participation.join(shop, name=HOSTILE, language="en", key=new_key())
            found = participation.begin(joined, room.collaborations[0])
            given = {**SERVICE, "agreement": "none" if number < 2 else "intent"}
            for step, value in ((GUT, "network"), (WANTED, "service"), *given.items(), (GAINS, "")):
                found = participation.respond(shop, found, step, value, new_key())
            participation.place_case(
                shop, joined.id, bank.open_bank("dokk1").calibration_cases("en")[0].id, "service", new_key()
            )


@pytest.mark.parametrize(("language", "scheme"), [("sv", "light"), pytest.param("en", "dark", marks=pytest.mark.full)])
def test_axe_finds_nothing_on_the_board_or_at_who_leads_and_no_name_runs(
    phone,  # noqa: F811
    room,
    served,  # noqa: F811
    language,
    scheme,
):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), {}
    _answered(room, 6)
    with Store.open() as store:
        facilitation = Facilitation(store, open_bank("dokk1"))
        shop = Workshops(store, open_bank("dokk1")).get(room.workshop.id)
        facilitation.add_collaboration(shop, HOSTILE, HOSTILE, new_key())
        facilitation.reveal(shop, room.collaborations[0], key=new_key())
        facilitation.reveal_case(shop, bank.open_bank("dokk1").calibration_cases("en")[0].id, "Case", key=new_key())
        facilitation.add_step(shop.id, room.collaborations[0], HOSTILE, HOSTILE, HOSTILE, new_key())
        facilitation.add_dissent(shop.id, room.collaborations[0], HOSTILE, new_key())
    leader = phone(
        viewport={"width": 1024, "height": 768}, locale=language, color_scheme=scheme, reduced_motion="reduce"
    )
    leader.page.goto(f"{leader.url}/lead/{room.secret}")
    leader.page.wait_for_url("**/w/*")
    base, one = f"{leader.url}/w/{room.workshop.id}", room.collaborations[0]

    def look(name: str) -> None:
        rules = [each["id"] for each in axe.run(leader.page).response["violations"]]
        over = leader.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if rules or over or leader.page.title() == "run":
            found[name] = (rules, over)

    case = bank.open_bank("dokk1").calibration_cases("en")[0].id
    stages = (
        ("join", ""),
        ("gut", ""),
        ("progress", ""),
        ("verdict", ""),
        ("terraces", ""),
        ("terraces", one),
        ("talk", one),
        ("steps", ""),
    )
    for stage, subject in (*stages, ("case", case)):
        with served.house.store_worker.paused(), Store.open() as store:
            Facilitation(store, open_bank("dokk1")).set_stage(room.workshop.id, stage, subject, key=new_key())
        leader.page.goto(f"{base}/board")
        look(f"{stage} {bool(subject)}")
    for width in (1280, 320):
        leader.page.set_viewport_size({"width": width, "height": 800})
        for path in ("", f"/c/{one}", "/people", "/end", "/erase"):
            leader.page.goto(base + path)
            look(f"{path} {width}")

    assert (found, leader.complaints, leader.elsewhere()) == ({}, [], [])
