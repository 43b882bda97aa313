"""The journeys of Chromium in Firefox: a phone, who leads, and one's own pages; axe finds nothing on any page."""

from collections.abc import Iterator

import pytest
from web_pages import LIBRARY, SERVICE, Served
from web_rooms import Opened
from web_rooms import house as rooms

from assessor.store import Store

pytest.importorskip("websockets")
from firefox import FIREFOX, Firefox, Page, started

pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed"),
]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with started(tmp_path_factory.mktemp("firefox") / "profile") as found:
        yield found


@pytest.fixture
def served_room(room: Opened) -> Iterator[Served]:
    found = Served(rooms())
    found.start()
    yield found
    found.stop()
    found.house.store_worker.shut_down()


class Checked:
    """A tab in which every page that is looked at is checked by axe."""

    def __init__(self, page: Page) -> None:
        from axe_playwright_python.sync_playwright import Axe

        self.page = page
        self._axe = Axe().axe_script
        self.found: dict[str, list[str]] = {}

    def check(self) -> None:
        self.page.run(self._axe)
        rules = self.page.call("async () => (await axe.run()).violations.map(each => each.id)")
        if rules:
            self.found[self.page.address] = rules

    def press(self, selector: str) -> None:
        """Press what leads to another page, and check that page."""
        before = self.page.address
        self.page.click(selector)
        self.page.until("before => location.href !== before", before)
        self.check()

    def answer(self) -> None:
        """Answer what is asked until nothing is."""
        while "/q/" in self.page.address or "/ends/" in self.page.address:
            item = self.page.address.rpartition("/")[2].partition("?")[0]
            self.press(f"button[value={'open' if '/ends/' in self.page.address else SERVICE[item]}]")

    @property
    def heading(self) -> str:
        return str(self.page.call("() => document.querySelector('h1').innerText"))


def test_a_phone_joins_answers_and_sees_where_it_stands(firefox, served_room, room):
    one = Checked(firefox.page(390, 664))
    one.page.goto(served_room.url + room.door)
    one.check()
    one.press("main form button.main")
    one.press("a.home")
    one.press(f".offered form[action='/c/{room.collaborations[0]}/begin'] button")
    one.press("button[value=network]")
    one.answer()

    assert one.heading == "Service-based partnership"
    assert one.found == {}
    with Store.open(write=False) as store:
        (kept,) = store.assessments_in_workshop(room.workshop.id)
    assert set(kept.responses.items()) <= set(SERVICE.items())


def test_who_leads_goes_on_by_one_button_and_the_board_follows(firefox, served_room, room):
    one = Checked(firefox.page(1024, 768))
    one.page.goto(f"{served_room.url}/lead/{room.secret}")  # which a room's pages send on by themselves
    one.page.until("() => document.querySelector('.go') !== null")
    one.check()
    board = Checked(one.page)
    before = one.page.call("() => document.querySelector('.go').innerText")
    one.page.click(".go")
    one.page.until("before => document.querySelector('.go').innerText !== before", before)
    one.check()
    board.page.goto(f"{served_room.url}/w/{room.workshop.id}/board")
    board.check()

    assert (one.found, board.found) == ({}, {})


def test_ones_own_collaboration_is_assessed_from_the_name_of_the_library_to_the_picture(firefox, served):
    one = Checked(firefox.page(1280, 800))
    one.page.goto(f"{served.url}/in/{served.house.sessions.secret}")
    one.page.until("() => document.querySelector('#name') !== null")
    one.check()
    one.page.click("#name")
    one.page.type(LIBRARY)
    one.page.click("main button.main")
    one.page.until("() => document.querySelector('a[href=\"/new\"]') !== null")
    one.press("a[href='/new']")
    one.page.click("#party")
    one.page.type("Example School")
    one.press("main button.main")
    one.press("button[value=network]")
    one.press("button[value=short]")
    one.answer()
    one.press("main a.button.main")
    verdict = one.heading
    one.press("a.home")
    one.press(".whole-picture a")

    assert (verdict, one.heading) == ("Service-based partnership",) * 2
    assert one.found == {}
