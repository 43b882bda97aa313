"""Firefox by WebDriver BiDi, the standard that it speaks itself: no driver program stands between.

The only home of `websockets`. Playwright needs a Firefox of its own, and Selenium a geckodriver, which Debian has not.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr")
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_ELEMENT = "selector => document.querySelector(selector)"
_PREFERENCES = 'user_pref("intl.accept_languages", "{language}");\nuser_pref("remote.active-protocols", 1);\n'


class BidiError(Exception):
    """What Firefox refused."""


class Firefox:
    """A running Firefox."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self.asked("session.new", capabilities={})

    def asked(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a command; raises `BidiError`."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._connection.recv(timeout=60))
            if told.get("id") == number:
                if told["type"] == "error":
                    raise BidiError(f"{method}: {told['message']}")
                return told["result"]

    def downloads_to(self, folder: Path) -> None:
        """Have what is downloaded land in a folder, unasked."""
        self.asked(
            "browser.setDownloadBehavior", downloadBehavior={"type": "allowed", "destinationFolder": str(folder)}
        )

    def page(self, width: int, height: int, user: str = "") -> "Page":
        """A tab with cookies of its own, or those of a user context."""
        user = user or str(self.asked("browser.createUserContext")["userContext"])
        context = self.asked("browsingContext.create", type="tab", userContext=user)["context"]
        self.asked("browsingContext.setViewport", context=context, viewport={"width": width, "height": height})
        return Page(self, context, user)


class Page:
    """A tab: what is pressed and typed goes the way of a person's mouse and keys."""

    def __init__(self, firefox: Firefox, context: str, user: str) -> None:
        self._firefox = firefox
        self.context, self.user = context, user

    @property
    def frame(self) -> "Page":
        """The first frame of the page, once it has one."""
        end = monotonic() + 20
        while monotonic() < end:
            (tree,) = self._firefox.asked("browsingContext.getTree", root=self.context)["contexts"]
            if tree["children"]:
                return Page(self._firefox, tree["children"][0]["context"], self.user)
            sleep(0.05)
        raise AssertionError(f"no frame after 20 s at {self.address}")

    def close(self) -> None:
        self._firefox.asked("browsingContext.close", context=self.context)

    def goto(self, address: str) -> None:
        """Load an address."""
        self._firefox.asked("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def call(self, function: str, *given: Any) -> Any:
        """What a function of the page's returns, awaited; as JSON has it."""
        result = self._called(f"async (...all) => JSON.stringify(await ({function})(...all))", *given)
        return json.loads(result.get("value", "null"))

    def _called(self, function: str, *given: Any) -> dict[str, Any]:
        told = self._firefox.asked(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            target={"context": self.context},
            arguments=[{"type": "string", "value": each} for each in given],
        )
        if told["type"] == "exception":
            raise BidiError(told["exceptionDetails"]["text"])
        return dict(told["result"])

    def run(self, script: str) -> None:
        """Run a script in the page."""
        self._firefox.asked(
            "script.evaluate", expression=f"{script};0", awaitPromise=False, target={"context": self.context}
        )

    def until(self, holds: str, *given: Any, seconds: float = 20) -> None:
        """Wait until a function of the page's is true."""
        end = monotonic() + seconds
        while not self.call(holds, *given):
            if monotonic() > end:
                raise AssertionError(f"not so after {seconds} s at {self.address}: {holds} {given}")
            sleep(0.05)

    @property
    def address(self) -> str:
        """Where the tab is."""
        return str(self.call("() => location.href"))

    def click(self, selector: str) -> None:
        """Press an element in its middle, once it is there."""
        self.until("selector => document.querySelector(selector) !== null", selector)
        self.call("selector => { document.querySelector(selector).scrollIntoView({ block: 'center' }) }", selector)
        origin = {"type": "element", "element": {"sharedId": self._called(_ELEMENT, selector)["sharedId"]}}
        moved = {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}
        pressed = [moved, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": pressed})

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        keys = [{"type": kind, "value": each} for each in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def _act(self, source: dict[str, Any]) -> None:
        self._firefox.asked("input.performActions", context=self.context, actions=[source])


@contextmanager
def started(profile: Path, language: str = "en") -> Iterator[Firefox]:
    """Firefox without a window, with an empty profile, ended afterwards."""
    profile.mkdir()
    (profile / "user.js").write_text(_PREFERENCES.format(language=language))
    command = (FIREFOX or "", "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", str(profile))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        with connect(f"{_listening(process)}/session", max_size=None, proxy=None) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _listening(process: "subprocess.Popen[str]") -> str:
    """The address that Firefox says it listens on."""
    for line in process.stderr or ():
        if found := _LISTENING.search(line):
            return found[1]
    raise BidiError("Firefox ended before it listened")
