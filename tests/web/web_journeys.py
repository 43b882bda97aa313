"""Whole journeys of the people of a service, each at a real browser, found by what the pages are made of.

Nothing here is found by its wording, so that the same journey is gone in every language.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from web_pages import SERVICE
from web_services import BASE

LAPTOP: Final = {"width": 1366, "height": 768}
PHONE: Final = {"width": 390, "height": 664}
TABLET: Final = {"width": 1024, "height": 768}
#: What else is answered on the way through an interview, by the last part of the address.
BESIDE: Final = {"gut": "network", "mode": "full", "wanted": "service"}


@contextmanager
def chromium_at(playwright: Any, program: str, port: int) -> Iterator[Any]:
    """A browser for which the service's name is this machine's port, and its certificate as good as any."""
    rules = f"--host-resolver-rules=MAP workshops.example:443 127.0.0.1:{port}"
    browser = playwright.chromium.launch(
        executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-quic", rules]
    )
    yield browser
    browser.close()


@dataclass
class Seat:
    """Somebody at a browser, and what was wrong with the pages that they saw."""

    page: Any
    touch: bool
    language: str
    look: Callable[["Seat", str], None] = lambda _seat, _name: None
    wrong: list[tuple[str, str]] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(60_000)
        self.page.on("console", lambda said: self._note(said.text) if said.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("request", lambda sent: self._ask(sent.url))

    def _note(self, what: str) -> None:
        self.wrong.append((self.place, what))

    def _ask(self, url: str) -> None:
        if not url.startswith((BASE, "data:image/svg+xml", "blob:")):
            self.elsewhere.append(url)

    @property
    def place(self) -> str:
        """Where they are, without what is secret or drawn by chance."""
        return re.sub(r"/[0-9a-z]{20,}|/[\w-]{22}", "/…", self.page.url.removeprefix(BASE))

    def go(self, path: str, name: str = "") -> "Seat":
        self.page.goto(BASE + path.removeprefix(BASE))
        return self.see(name) if name else self

    def see(self, name: str) -> "Seat":
        """Look at a page: nothing runs over its edge, its title is its own, and no address stands in it."""
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        facts = self.page.evaluate("[document.documentElement.lang, document.title, location.href]")
        unstyled = self.page.evaluate("[...document.styleSheets].filter(each => !each.cssRules.length).length")
        if over > 0 or facts[0] != self.language or unstyled:
            self._note(f"{name}: {over} over the edge, in {facts[0]}, {unstyled} sheets without rules")
        if "/key/" in facts[2] or "/key/" in facts[1]:
            self._note(f"{name}: the address stays in sight")
        self.look(self, name)
        return self

    def press(self, selector: str, until: str = "") -> "Seat":
        """Press something, and wait for the address it leads to, or for something on the page."""
        found = self.page.locator(selector).first
        found.tap() if self.touch else found.click()
        if until.startswith("**"):
            self.page.wait_for_url(until)
        elif until:
            self.page.locator(until).first.wait_for()
        return self

    def send(self, action: str, until: str, **given: str) -> "Seat":
        """Fill in fields of the form that is sent to an action, and press its button."""
        form = f"main form[action$='{action}']"
        for name, value in given.items():
            self.page.locator(f"{form} [name='{name}']").fill(value)
        return self.press(f"{form} button:not([name=language])", until)

    def choose(self, value: str) -> None:
        """Press an option, which is its own button."""
        self.press(f"main form.step button[name='response'][value='{value}']")

    def choose_none(self) -> None:
        """Tick, where several may be, that it is none of them."""
        self.press("main form.step input[value='<none>'] + label").press("main form.step .at-thumb button.main")

    def assess(self, base: str, party: str, undertaking: str, **otherwise: str) -> str:
        """Assess a collaboration to its verdict; the heading of that page."""
        self.go(f"{base}/new", "a new collaboration").send("/new", "**/gut", party=party, undertaking=undertaking)
        given, asked = {**SERVICE, **BESIDE, **otherwise}, ""
        for _ in range(60):
            self.page.wait_for_function("before => location.href !== before", arg=asked)
            asked = self.page.url
            step = asked.rpartition("/")[2]
            if step in ("check", "verdict"):
                break
            if asked.endswith(("/gut", "/q/creation", "/gains")) or "/ends/" in asked:
                self.see(f"asked {step}")
            if "/ends/" in asked:
                self.choose("<leave>")
            elif step == "gains":
                self.choose_none()
            else:
                self.choose(given[step])
        self.see("everything said").press("main a.button.main", "**/verdict").see("the verdict")
        return self.page.locator("h1").inner_text()

    def address(self) -> str:
        """The address that a page shows once."""
        return str(self.page.locator(".address").first.inner_text()).strip().removeprefix(BASE)

    def enter(self, address: str, name: str) -> str:
        """Open an address by the button on its page; where it led."""
        self.go(address, f"the key of {name}").press("main form[action='/key'] button", "main h1")
        self.page.wait_for_url(re.compile(r".*/(l/\w+|host)$"))
        return str(self.page.url.removeprefix(BASE))


@dataclass
class Journey:
    """Everybody who takes part, in one browser program; each in a profile of their own."""

    browser: Any
    language: str = "en"
    look: Callable[[Seat, str], None] = lambda _seat, _name: None
    seats: list[Seat] = field(default_factory=list)

    def seat(self, size: dict[str, int], **how: Any) -> Seat:
        touch = size is not LAPTOP
        context = self.browser.new_context(
            viewport=size, locale=self.language, has_touch=touch, ignore_https_errors=True, **how
        )
        self.seats.append(Seat(context.new_page(), touch, self.language, self.look))
        return self.seats[-1]

    def wrong(self) -> list[object]:
        return [each for seat in self.seats for each in (*seat.wrong, *seat.elsewhere)]
