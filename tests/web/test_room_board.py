"""The board from the back row, and the keys that lead: in a real browser."""

import os
from itertools import product

import pytest
from test_room_browser import CHROMIUM, chromium, phone, served  # noqa: F401 - fixtures
from test_room_leading import kept, raters
from web_pages import SERVICE
from web_rooms import Opened, opened

from assessor.bank import open_bank
from assessor.core.raters import RatingTally, dump_tally
from assessor.core.responses import DONT_KNOW
from assessor.language import LANGUAGES
from assessor.store import Store
from assessor.usecases.assessments import WANTED, new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshops import Workshops

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]

BANK = open_bank("dokk1")
SIZES = ((800, 600), (1024, 768), (1280, 720), (1920, 1080))
#: What a room must read from ten metres is at least so high in a picture of 1024 x 768, in pixels.
LEAST = 33
#: What on the board wants no reading: dots beside their number, reminders of what was said, whose step it is.
BESIDE = ".dots, .small, .under, [aria-hidden]"

#: A folder in which a picture of every page is kept; empty for none.
PICTURES = os.environ.get("ROOM_PICTURES", "")

MEASURE = """(beside) => {
  const least = [], over = [];
  const texts = document.createTreeWalker(document.querySelector("#main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const within = texts.currentNode.parentElement;
    if (texts.currentNode.textContent.trim() && !within.closest(beside)) {
      least.push(parseFloat(getComputedStyle(within).fontSize));
    }
  }
  for (const each of document.querySelectorAll("#main, #main *")) {
    if (each.closest("svg") || getComputedStyle(each).display === "inline") continue;
    const box = each.getBoundingClientRect();
    if (each.scrollWidth > each.clientWidth + 1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) {
      over.push(`${each.tagName}.${each.className} ${each.scrollWidth}>${each.clientWidth} ${Math.round(box.bottom)}`);
    }
  }
  const code = document.querySelector(".come-in");
  for (const each of code ? code.parentElement.children : []) {
    const under = each.getBoundingClientRect().bottom > code.getBoundingClientRect().top;
    if (each !== code && under) over.push("under the code");
  }
  return [Math.min(...least), over];
}"""


@pytest.fixture
def talked(room: Opened) -> list[tuple[str, str]]:
    """A room that has come to the end: what its board showed, one after the other."""
    (one,) = room.collaborations
    ids = raters(room, 7, {"agreement": "none", "strategy": DONT_KNOW}, 3)
    case = BANK.calibration_cases("en")[0].id
    with Store.open() as store:
        facilitation, participation = Facilitation(store, BANK), Participation(store, BANK)
        shop = Workshops(store, BANK).get(room.workshop.id)
        for who in ids:
            participation.place_case(shop, who, case, "supplier", new_key())
        facilitation.reveal(shop, one, key=new_key())
        facilitation.add_step(shop.id, one, "Write down on one page what we both want", "The branch", "May", new_key())
        facilitation.begin_agreed(shop, one, new_key())
    return [
        ("join", ""),
        ("gut", ""),
        ("case", case),
        ("progress", ""),
        ("verdict", ""),
        ("terraces", one),
        ("talk", one),
        ("terraces", ""),
        ("steps", ""),
        ("case revealed", case),
        ("closed", ""),
    ]


def show(room: Opened, stage: str, subject: str) -> None:
    with Store.open() as store:
        facilitation, shop = Facilitation(store, BANK), Workshops(store, BANK).get(room.workshop.id)
        if stage == "case revealed":
            facilitation.reveal_case(shop, subject, "Case", key=new_key())
        facilitation.set_stage(shop.id, stage.split()[0], subject, key=new_key())


SAMPLE = [("fi", (1024, 768))]


@pytest.mark.parametrize(
    ("language", "size"),
    [
        pytest.param(*each, marks=[] if each in SAMPLE else pytest.mark.full)
        for each in product([language for language in LANGUAGES if "_" not in language], SIZES)
    ],
)
def test_at_every_beat_nothing_is_outside_its_box_and_nothing_to_be_read_is_small(
    phone,  # noqa: F811
    served,  # noqa: F811
    room,
    talked,
    language,
    size,
):
    width, height = size
    board = phone(viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce")
    board.page.goto(f"{board.url}/lead/{room.secret}")
    board.page.wait_for_url("**/w/*")
    found, base = {}, board.page.url
    for stage, subject in talked:
        if stage == "closed":
            board.page.goto(f"{base}/end")
            board.page.check("#sure")
            board.page.locator("main form:has(#sure) button.main").click()
            board.page.locator("a[href$='report.pdf']").wait_for()
        else:
            with served.house.store_worker.paused():
                show(room, stage, subject)
        board.page.goto(f"{base}/board")
        least, over = board.page.evaluate(MEASURE, BESIDE)
        scale = min(width / 1024, height / 768)
        if over or least < LEAST * scale:
            found[stage, subject] = (least, over)

    assert found == {}


#: What five rooms said of one collaboration each: as wide as answers spread.
SPREAD = {"strategic": 5, "service": 4, "network": 3, "supplier": 3}
NAMES = ("Fyrens folkhögskola", "Norrviks kommunala yrkesskola", "Södra Skogens byalag", "IT-pensionärerna", "Kajen")


@pytest.fixture
def crowded(home) -> Opened:
    """A room whose fourteen collaborations are shown, half of them agreed on and wanted higher, with three steps."""
    parties = [f"{name} {number}" for number in range(3) for name in NAMES][:13]
    found = opened("A full room", *parties)
    told = dump_tally(RatingTally(raters=15, placements=SPREAD))
    with Store.open() as store:
        facilitation, shop = Facilitation(store, BANK), found.workshop.id
        participation = Participation(store, BANK)
        for number, each in enumerate(found.collaborations):
            store.workshops.record_act(shop, "revealed", each, "", told, key=new_key())
            if number % 2:
                agreed = facilitation.begin_agreed(found.workshop, each, new_key())
                for step, value in {**SERVICE, WANTED: "strategic"}.items():
                    agreed = participation.respond(found.workshop, agreed, step, value, new_key())
            if number < 3:
                what = "Write down on one page what we both want, and who says so"
                facilitation.add_step(shop, each, what, "The head of the branch", "In May", new_key())
    return found


@pytest.mark.parametrize(
    ("language", "size"),
    [
        pytest.param(*each, marks=[] if each in SAMPLE else pytest.mark.full)
        for each in product([language for language in LANGUAGES if "_" not in language], SIZES)
    ],
)
def test_of_many_collaborations_every_page_can_be_read_from_the_back_row(phone, served, crowded, language, size):  # noqa: F811
    width, height = size
    board = phone(viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce")
    board.page.goto(f"{board.url}/lead/{crowded.secret}")
    board.page.wait_for_url("**/w/*")
    found, base = {}, board.page.url
    pages = [("terraces", f"page-{number}") for number in (1, 2, 3)]
    for stage, subject in [*pages, ("steps", ""), *(("closed", each) for _stage, each in [*pages, ("", "page-4")])]:
        with served.house.store_worker.paused(), Store.open() as store:
            facilitation = Facilitation(store, BANK)
            if stage == "closed":
                store.workshops.record_act(crowded.workshop.id, "closed", "", "", "yes", key="closed" * 4)
            facilitation.set_stage(crowded.workshop.id, stage, subject, key=new_key())
        board.page.goto(f"{base}/board")
        least, over = board.page.evaluate(MEASURE, BESIDE)
        if PICTURES:
            board.page.screenshot(path=f"{PICTURES}/{language}-{width}-{stage}-{subject}.png")
        if over or least < LEAST * min(width / 1024, height / 768):
            found[stage, subject] = (least, over)

    assert found == {}


def test_keys_lead_in_either_window_and_rest_while_somebody_types(phone, served, room):  # noqa: F811
    lead = phone(viewport={"width": 1024, "height": 768}, has_touch=False)
    lead.page.goto(f"{lead.url}/lead/{room.secret}")
    lead.page.wait_for_url("**/w/*")
    go = lead.page.locator("[data-next]")
    fits = lead.page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    lead.page.keyboard.press("ArrowRight")
    go.get_by_text("Show case 1").wait_for()
    lead.page.keyboard.press("d")
    lead.page.keyboard.type("The school bought it →")
    lead.page.keyboard.press("PageDown")
    typed_into = lead.page.input_value("#text")
    stage = kept_stage(served, room)
    lead.page.locator("[data-next]").click()
    go.get_by_text("Show case 2").wait_for()
    after = lead.page.input_value("#text")
    board = lead.page.context.new_page()
    board.goto(f"{lead.page.url}/board")
    board.keyboard.press("b")
    black = board.locator("#over-black").is_visible()
    board.keyboard.press("b")
    board.keyboard.press("ArrowLeft")
    board.get_by_role("heading", name="By gut feeling").wait_for()

    assert fits, "the page that leads needs no scrolling"
    assert (typed_into, stage, after) == ("The school bought it →", "gut", "The school bought it →")
    assert (black, board.locator("#over-black").is_visible()) == (True, False)
    assert lead.complaints == []


def kept_stage(served, room: Opened) -> str:  # noqa: F811
    with served.house.store_worker.paused():
        return str(kept(room).stage)
