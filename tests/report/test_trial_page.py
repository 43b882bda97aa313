"""The page for a first try: as Python says, in one file that asks for nothing, and its answers can be taken in."""

import json
import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from assessor.bank import open_bank
from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import next_item, on_route, route
from assessor.core.scoring import assess, sufficient_set
from assessor.report.trial_page import trial_page
from assessor.resources import templates_folder
from assessor.store import Store
from assessor.usecases.publishing import page_wordings

NODE = shutil.which("node") or shutil.which("nodejs")
needs_node = pytest.mark.skipif(not NODE, reason="needs node")

MOST_LINES, MOST_BYTES = 300, 300_000


@cache
def made() -> str:
    bank = open_bank("dokk1")
    return trial_page(bank.instrument, page_wordings(bank), "en").decode()


def data_in(html: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


def said_by_page(tmp_path: Path, cases: Iterable[dict[str, str]], what: str = "verdict") -> Iterator[object]:
    """What the page's script makes of each, in node."""
    (tmp_path / "instrument.json").write_text(json.dumps(data_in(made())["instrument"]), encoding="utf-8")
    script = templates_folder() / "web" / "first_try.js"
    program = [NODE, Path(__file__).with_name("first_try_runner.js"), script, tmp_path / "instrument.json", what]
    given = "\n".join(map(json.dumps, cases))
    done = subprocess.run(program, input=given, capture_output=True, text=True, check=True, timeout=3000)
    return map(json.loads, done.stdout.splitlines())


def said_by_python(instrument: Instrument, responses: dict[str, str]) -> dict[str, object]:
    """The parts of a verdict that the page has, without the ways up and down."""
    known, following = on_route(instrument, responses), next_item(instrument, responses, "short")
    placements = instrument.diagram.possible_placements(known)
    all_possible = len(placements) == len(instrument.placements)
    return {
        "placements": list(placements),
        "reasons": [] if all_possible else list(sufficient_set(instrument, known)),
        "next": following.id if following else None,
        "route": [item.id for item in route(instrument, responses)],
    }


def said_by_verdict(instrument: Instrument, responses: dict[str, str]) -> dict[str, object]:
    told = assess(instrument, responses)
    return said_by_python(instrument, responses) | {
        "placements": list(told.placements),
        "reasons": [reason.item for reason in told.reasons],
    }


def by_chance(instrument: Instrument, seed: int, count: int) -> list[dict[str, str]]:
    """Responses in any order and number, don't knows among them."""
    chance = random.Random(seed)
    items = [(item.id, (*item.options, DONT_KNOW)) for item in instrument.items]
    return [
        {item: chance.choice(options) for item, options in chance.sample(items, chance.randrange(len(items) + 1))}
        for _ in range(count)
    ]


@needs_node
def test_the_page_says_what_python_says_of_incomplete_responses(tmp_path):
    instrument = open_bank("dokk1").instrument
    cases = by_chance(instrument, 1, 400)
    for case, told in zip(cases, said_by_page(tmp_path, cases), strict=True):
        assert told == said_by_verdict(instrument, case), case


@needs_node
@pytest.mark.campaign
def test_the_page_says_what_python_says_of_a_million_incomplete_responses(tmp_path):
    """Fourteen minutes of one processor: six of node's, the rest Python's."""
    instrument, began = open_bank("dokk1").instrument, os.times()
    for seed in range(50):
        cases = by_chance(instrument, seed, 20_000)
        for case, told in zip(cases, said_by_page(tmp_path, cases), strict=True):
            assert told == said_by_python(instrument, case), case
    ended = os.times()
    python, node = (sum(ended[at : at + 2]) - sum(began[at : at + 2]) for at in (0, 2))
    print(
        f"\n1,000,000 alike; {python:.0f} s of Python's, {node:.0f} s of node's, {ended.elapsed - began.elapsed:.0f} s"
    )


def paths(diagram: Diagram, node: int) -> Iterator[tuple[dict[str, str], int]]:
    """Every way from a node to its ends: the responses that lead along it, and the end."""
    if node < diagram.first_inner_id:
        yield {}, node
        return
    depth, children = diagram.node(node)
    item = diagram.order[depth]
    for option, child in zip(diagram.options[item], children, strict=True):
        for rest, end in paths(diagram, child):
            yield {item: option, **rest}, end


def compare_paths(tmp_path: Path, instrument: Instrument, chosen: list[tuple[dict[str, str], int]]) -> None:
    """Each path with all other items answered by chance: every complete combination goes along just one path."""
    chance, diagram = random.Random(5), instrument.diagram
    whole = [
        ({item: path.get(item) or chance.choice(options) for item, options in diagram.options.items()}, end)
        for path, end in chosen
    ]
    placed = said_by_page(tmp_path, [responses for responses, _ in whole], "placements")
    for (responses, end), told in zip(whole, placed, strict=True):
        assert told == [diagram.placements[end]] == list(diagram.possible_placements(responses)), responses


@needs_node
def test_the_page_says_what_python_says_of_complete_responses(tmp_path):
    instrument = open_bank("dokk1").instrument
    ways = paths(instrument.diagram, instrument.diagram.root)
    compare_paths(tmp_path, instrument, [way for number, way in enumerate(ways) if number % 97 == 0][:2000])


@needs_node
@pytest.mark.campaign
def test_the_page_says_what_python_says_of_every_complete_combination(tmp_path):
    instrument = open_bank("dokk1").instrument
    ways = list(paths(instrument.diagram, instrument.diagram.root))
    print(f"\n{len(ways)} paths, {instrument.diagram.count_combinations()} combinations")
    compare_paths(tmp_path, instrument, ways)


def test_it_is_one_small_file_that_opens_no_address():
    html = made()
    script = (templates_folder() / "web" / "first_try.js").read_text("utf-8")

    assert len(html.encode()) <= MOST_BYTES
    assert len(script.splitlines()) <= MOST_LINES
    assert re.findall(r"""(?:src|href)=["'](?!#|data:,)|url\(|@import|fetch\(|XMLHttp""", html) == []
    assert sorted(data_in(html)["words"]) == ["da", "en", "fi", "nb", "sv"]


def test_every_set_of_placements_is_told():
    told = data_in(made())["words"]["en"]["told"]

    assert (len(told), told["0"], told["1 2"]) == (
        63,
        "Strategic partnership",
        "Service-based partnership or network cooperation",
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "try.html").write_text(made(), encoding="utf-8")
    opened = browser.new_page(viewport={"width": 320, "height": 640}, locale="en-GB", accept_downloads=True)
    opened.goto((tmp_path / "try.html").as_uri())
    yield opened
    opened.close()


@pytest.mark.browser
def test_a_collaboration_is_assessed_by_keyboard_on_a_narrow_page_and_taken_in(page, tmp_path, monkeypatch):
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(error))
    page.keyboard.press("Tab")
    for _ in range(3):
        page.locator("#question .tap").last.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
    page.select_option("#language", "sv")
    swedish = page.locator("#save").inner_text()
    page.select_option("#language", "en")
    page.fill("#party", "Example School")
    with page.expect_download() as saved:
        page.press("#save", "Enter")
    answers = json.loads(Path(saved.value.path()).read_text("utf-8"))
    told = page.locator("#title").inner_text()

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert Axe().run(page).response["violations"] == []
    assert (faults, [url for url in asked if not url.startswith(("file:", "blob:"))]) == ([], [])
    assert swedish
    responses = {each["item"]: each["value"] for each in answers["responses"]}
    assert len(responses) == 3
    (tmp_path / "answers.json").write_bytes(Path(saved.value.path()).read_bytes())
    taken = take_in(tmp_path, monkeypatch)
    assert taken == ("Example School", responses)
    instrument = open_bank("dokk1").instrument
    from assessor.presentation.placements import tell_placements
    from assessor.presentation.terms import Terms

    placements = instrument.diagram.possible_placements(on_route(instrument, responses))
    assert told == tell_placements(placements, Terms("en", instrument, open_bank("dokk1").nearest_wording("en")))


def take_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, str]]:
    """The party and responses that a library has once it imported the file, twice."""
    from assessor.cli import run

    monkeypatch.setenv("ASSESSOR_HOME", str(folder / "home"))
    for _ in range(2):
        assert run(["--library", "Example Library", "import", str(folder / "answers.json")]) == 0
    with Store.open(write=False) as store:
        (assessment,) = store.assessments()
    return assessment.collaboration.name, dict(assessment.responses)
