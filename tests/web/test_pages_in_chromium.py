"""Every page of one's own, of a room and of a service in Chromium, before axe and IBM's checker."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page_checkers import accessibility_faults
from test_pages_checked import every_page, own_pages, room_pages, service_pages
from web_pages import Person
from web_rooms import Building, house

from assessor.store import Store

__all__ = ["every_page", "own_pages", "room_pages", "service_pages"]

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM or not shutil.which("npm"), reason="needs Chromium and npm"),
]
sync_api = pytest.importorskip("playwright.sync_api")
#: How somebody may look at a page.
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}


class Shown:
    """Pages as a server gave them, shown with their style sheets and without their scripts."""

    def __init__(self, page, pages: dict[str, str], person: Person) -> None:
        self.page, self.pages, self.person = page, list(pages.values()), person
        page.route("**/*", self._give)

    def _give(self, route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/look/") and not path.endswith(".js"):
            given = self.person.get(path)
            return route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.content)
        number = path.removeprefix("/page/")
        return (
            route.fulfill(content_type="text/html", body=self.pages[int(number)]) if number != path else route.abort()
        )

    def show(self, number: int) -> None:
        self.page.goto(f"http://pages.example/page/{number}")
        self.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


@pytest.fixture
def shown(every_page: dict[str, str], tmp_path: Path) -> Iterator[object]:
    person = Building(house(open_store=partial(Store.open, tmp_path / "looks.db", create=True))).browser()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield lambda **how: Shown(browser.new_page(reduced_motion="reduce", **how), every_page, person)
        browser.close()


def test_axe_and_ibms_checker_find_nothing_on_any_page_however_it_is_looked_at(every_page, shown):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), {}
    for look, how in LOOKS.items():
        one = shown(**how)
        for number, name in enumerate(every_page):
            one.show(number)
            rules = {each["id"] for each in axe.run(one.page).response["violations"]}
            # The system chooses forced colours; axe reads `-webkit-text-fill-color`, which is not forced.
            faults = sorted(rules - ({"color-contrast"} if look == "forced" else set()))
            faults += accessibility_faults(one.page) if look == "light" else []
            if faults:
                found[look, name] = faults

    print(f"\n{len(every_page)} pages")
    assert found == {}
