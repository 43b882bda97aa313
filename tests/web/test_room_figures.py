"""A whole room led by one key in real browsers, and what it costs: presses, seconds, the least text on the board.

Run with `-m benchmark`; `ROOM_PICTURES=FOLDER` keeps a picture of every beat of the three kinds of screen.
"""

import json
import os
from itertools import chain, repeat
from pathlib import Path

import pytest
from test_room_board import BANK, BESIDE, MEASURE
from test_room_browser import CHROMIUM, Phone, chromium, phone, served  # noqa: F401 - fixtures
from web_pages import LIBRARY
from web_rooms import Opened

from assessor.core.responses import DONT_KNOW
from assessor.language import LANGUAGES
from assessor.store import Store
from assessor.usecases.assessments import GUT, WANTED, new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshops import Workshops

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]

ROOMS = json.loads((Path(__file__).parents[1] / "core" / "room_answers.json").read_text())
PICTURES = os.environ.get("ROOM_PICTURES", "")
#: Presses in which five collaborations are led, from the door to the page that ends the workshop.
MOST_PRESSES = 40


@pytest.fixture
def room(home: Path) -> Opened:
    with Store.open() as store:
        store.add_library(LIBRARY)
        listed = tuple(store.add_collaboration(LIBRARY, each["party"], each["undertaking"]).id for each in ROOMS)
        workshop, secret = Facilitation(store, BANK).open(LIBRARY, "Vårmöte", listed)
    return Opened(workshop, secret, listed)


def answered(room: Opened) -> None:
    """Twelve people, who answer as the rooms did, as far as there are as many of them."""
    with Store.open() as store:
        participation, shop = Participation(store, BANK), Workshops(store, BANK).get(room.workshop.id)
        people = [participation.join(shop, name="", language="sv", key=new_key())[0] for _ in range(12)]
        for answers, collaboration in zip(ROOMS, room.collaborations, strict=True):
            columns = {item: list(_spread(counts)) for item, counts in answers["given"].items()}
            for number, who in enumerate(people[: answers["raters"]]):
                found = participation.begin(who, collaboration)
                steps = {
                    GUT: "service",
                    **{item: given[number] for item, given in columns.items() if number < len(given)},
                }
                for step, value in {**steps, WANTED: "strategic"}.items():
                    found = participation.respond(shop, found, step, value, new_key())


def _spread(counts: dict[str, int]) -> chain[str]:
    return chain.from_iterable(repeat(option, count) for option, count in counts.items() if option != DONT_KNOW)


GONE_ON = "before => location.href.endsWith('/end') || document.querySelector('#go')?.dataset.stamp !== before"


class Pictures:
    def __init__(self) -> None:
        self.number = 0

    def take(self, name: str, page) -> None:
        if PICTURES:
            page.wait_for_timeout(2600 if name.startswith("board") else 300)
            page.screenshot(path=f"{PICTURES}/{self.number:02}-{name}.png")

    def beat(self) -> None:
        self.number += 1


@pytest.mark.benchmark
@pytest.mark.parametrize("language", [language for language in LANGUAGES if "_" not in language])
def test_a_room_of_five_collaborations_is_led_by_one_key(phone, served, room, language, capsys):  # noqa: F811
    lead = phone(viewport={"width": 1024, "height": 768}, has_touch=False, locale=language)
    lead.page.goto(f"{lead.url}/lead/{room.secret}")
    lead.page.wait_for_url("**/w/*")
    base = lead.page.url
    board, pictures = lead.page.context.new_page(), Pictures()
    board.goto(f"{base}/board")
    people = [phone(viewport={"width": 390, "height": 664}, locale=language) for _ in range(3)]
    for each in people:
        each.page.goto(each.url + room.door)
        pictures.take("phone-join", each.page)
        each.page.locator(".joining button.main").click()
        each.page.wait_for_url(each.url + "/gut")
    with served.house.store_worker.paused():
        answered(room)
    lead.page.goto(base)
    presses, least, scrolls = 0, {}, []
    while "/end" not in lead.page.url and presses < 80:
        beat = lead.page.locator("#go").get_attribute("data-stamp")
        board.goto(f"{base}/board")
        stage = str(board.locator("#main").get_attribute("class")).split("stage-")[1]
        smallest, over = board.evaluate(MEASURE, BESIDE)
        least[stage] = min(smallest, least.get(stage, 999))
        scrolls += [f"{presses} {stage} {each}" for each in over]
        if lead.page.evaluate("document.documentElement.scrollHeight > innerHeight + 1"):
            scrolls.append(f"{presses} {stage}: who leads has to scroll")
        pictures.take(f"board-{stage}", board)
        pictures.take(f"lead-{stage}", lead.page)
        people[0].page.goto(f"{people[0].url}/board")
        pictures.take(f"phone-{stage}", people[0].page)
        pictures.beat()
        lead.page.keyboard.press("ArrowRight")
        presses += 1
        lead.page.wait_for_function(GONE_ON, arg=beat, timeout=25_000)
    pictures.take("lead-end", lead.page)
    with capsys.disabled():
        print(f"\n{language}: {presses} presses; least text by stage: {least}")

    assert (scrolls, presses <= MOST_PRESSES) == ([], True)
