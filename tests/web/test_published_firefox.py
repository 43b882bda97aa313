"""A published folder in Firefox: it opens, a collaboration is assessed, kept, saved as a file and there again."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from web_pages import LIBRARY, SERVICE
from web_published import PATIENCE, Static, needs_published

pytest.importorskip("websockets")
from firefox import FIREFOX, Firefox, Page, started

pytestmark = [*needs_published, pytest.mark.skipif(not FIREFOX, reason="Firefox is not installed")]
_SHOWN = "id => !document.getElementById(id).hidden"
_SAYS = "text => document.body && document.body.innerText.includes(text)"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with started(tmp_path_factory.mktemp("firefox") / "profile") as found:
        yield found


def pages_of(shell: Page) -> Page:
    """The frame with the pages, once it shows one."""
    shell.until(_SHOWN, "pages", seconds=PATIENCE / 1000)
    frame = shell.frame
    frame.until("() => document.querySelector('h1') !== null", seconds=PATIENCE / 1000)
    return frame


def press(frame: Page, selector: str) -> None:
    """Press what leads to another page, and wait for that page."""
    before = frame.address
    frame.click(selector)
    frame.until("before => location.href !== before && document.querySelector('h1') !== null", before)


def assess(frame: Page) -> None:
    """From the name of the library to the verdict."""
    frame.click("#name")
    frame.type(LIBRARY)
    frame.click("main button.main")
    frame.until("() => document.querySelector('a[href$=\"/new\"]') !== null")
    press(frame, "a[href$='/new']")
    frame.click("#party")
    frame.type("Example School")
    press(frame, "main button.main")
    press(frame, "button[value=network]")
    press(frame, "button[value=short]")
    while "/q/" in frame.address or "/ends/" in frame.address:
        item = frame.address.rpartition("/")[2].partition("?")[0]
        press(frame, f"button[value={'open' if '/ends/' in frame.address else SERVICE[item]}]")
    press(frame, "main a.button.main")


def violations(page: Page, frame: Page | None = None) -> list[str]:
    """What axe finds on a page, and in its frame."""
    from axe_playwright_python.sync_playwright import Axe

    for each in filter(None, (frame, page)):
        each.run(Axe().axe_script)
    return list(page.call("async () => (await axe.run()).violations.map(each => each.id)"))


def saved(shell: Page, folder: Path) -> dict[str, object]:
    """The file that is downloaded, once it is whole."""
    shell.click("#save")
    end = monotonic() + 20
    while not list(folder.glob("*.json")) or list(folder.glob("*.part")):
        assert monotonic() < end
        sleep(0.05)
    return dict(json.loads(next(folder.glob("*.json")).read_bytes()))


def test_a_collaboration_is_assessed_kept_saved_and_there_in_the_next_tab(firefox, static: Static, tmp_path: Path):
    firefox.downloads_to(tmp_path)
    shell = firefox.page(1280, 800)
    shell.goto(static.address)
    shell.until(_SHOWN, "question", seconds=PATIENCE / 1000)
    found = violations(shell)
    shell.click("#mine")
    frame = pages_of(shell)
    assess(frame)
    verdict = frame.call("() => document.querySelector('h1').innerText")
    found += violations(shell, frame)
    kept = shell.call("() => document.getElementById('kept').textContent")
    data = saved(shell, tmp_path)
    shell.until("() => document.getElementById('state').textContent === ''")
    shell.until("() => document.body.dataset.memory === 'kept'", seconds=PATIENCE / 1000)
    shell.close()
    again = firefox.page(1280, 800, shell.user)
    again.goto(static.address)
    pages_of(again).until(_SAYS, "Example School")
    again.close()

    assert (verdict, kept) == ("Service-based partnership", "Kept in this browser.")
    assert data["library"] == LIBRARY
    assert found == []
