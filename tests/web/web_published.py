"""What the tests of a published folder share: a plain static server, and the shell in a tab."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from web_pages import LIBRARY

#: Marks of the tests that need a published folder in Chromium.
needs_published = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium") or not shutil.which("npm"), reason="needs Chromium and npm"),
]
#: Where the frame is.
HERE = "document.getElementById('pages').contentWindow.location.href"
#: Milliseconds that a first visit may take on a machine that is busy with other tests.
PATIENCE = 180_000


@dataclass(frozen=True)
class BrowserProcess:
    """One process of a browser that was started here."""

    pid: int
    command: str
    #: Of processors, so far.
    seconds: float
    resident_bytes: int


def browser_processes() -> list[BrowserProcess]:
    """Every process of the browsers that this one started."""
    found, parents = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            facts = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text().replace("\0", " ")
            seconds = (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
            pid, parents[int(folder.name)] = int(folder.name), int(facts[1])
            found[pid] = BrowserProcess(pid, command, seconds, int(facts[21]) * os.sysconf("SC_PAGE_SIZE"))

    def is_ours(pid: int) -> bool:
        return pid == os.getpid() or (pid in parents and is_ours(parents[pid]))

    return [each for pid, each in found.items() if "chromium" in each.command.partition(" ")[0] and is_ours(pid)]


def processor_seconds() -> float:
    return sum(each.seconds for each in browser_processes())


def _signal_all(processes: list[BrowserProcess], number: signal.Signals) -> None:
    for each in processes:
        with suppress(ProcessLookupError):
            os.kill(each.pid, number)


@contextmanager
def slowed(times: int) -> Iterator[None]:
    """Browsers that were started here run but one part of the time."""
    over = threading.Event()

    def stop_and_go() -> None:
        went = monotonic()
        while not over.is_set():
            running = browser_processes()
            _signal_all(running, signal.SIGSTOP)
            sleep((monotonic() - went) * (times - 1))
            _signal_all(running, signal.SIGCONT)
            went = monotonic()
            sleep(0.02)

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Static:
    """A plain static server with the site under a path; `folder` may be exchanged while it runs."""

    def __init__(self, folder: Path, path: str) -> None:
        self.folder, self.path = folder, path
        handler = partial(_Handler, static=self)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}{path}"

    @contextmanager
    def running(self) -> Iterator["Static"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        yield self
        self._server.shutdown()
        self._server.server_close()
        thread.join()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *given: Any, static: Static) -> None:
        self._static = static
        super().__init__(*given)

    def translate_path(self, path: str) -> str:
        plain = path.partition("?")[0]
        if not plain.startswith(self._static.path):
            return str(self._static.folder / "not there")
        name = plain.removeprefix(self._static.path)
        return str(self._static.folder / name) if name else f"{self._static.folder}/"

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


class Shown:
    """The shell in a tab, and what the tab asked for and complained of."""

    def __init__(self, page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.address = address
        self.page.goto(address)

    @property
    def frame(self):
        return self.page.frame_locator("#pages")

    def start(self, *, mine: bool = False) -> "Shown":
        self.page.locator("#mine" if mine else "#shared").click()
        return self.wait()

    def wait(self) -> "Shown":
        """Wait for the pages."""
        self.frame.locator("h1").first.wait_for()
        return self

    def wait_until_kept(self) -> None:
        """Wait until the program's memory is kept for later visits."""
        self.page.wait_for_function("() => document.body.dataset.memory")

    def said(self, name: str) -> str:
        return self.page.locator(f"#{name}").inner_text()

    def go_on(self) -> None:
        """Press "Continue", and wait for the page that follows."""
        self.press(self.frame.get_by_role("button", name="Continue", exact=True))

    def press(self, button) -> None:
        """Press a button, and wait for the page that follows."""
        before = self.page.evaluate(HERE)
        button.click()
        self.page.wait_for_function(f"before => {HERE} !== before", arg=before)

    def begin(self, party: str = "Example School") -> None:
        """A library, where there is none yet, and a collaboration."""
        name = self.frame.get_by_label("What is your library called?")
        new = self.frame.get_by_role("link", name="A new collaboration")
        name.or_(new).first.wait_for()
        if name.count():
            name.fill(LIBRARY)
            self.frame.get_by_role("button", name="Begin").click()
        new.click()
        self.frame.get_by_label("What is the other party called?").fill(party)
        self.go_on()

    def choose(self, value: str) -> None:
        self.press(self.frame.locator(f"button[value={value}]"))

    def save(self) -> bytes:
        """What the library's file holds, as it is downloaded."""
        self.page.evaluate("delete window.showSaveFilePicker")
        with self.page.expect_download() as loading:
            self.page.locator("#save").click()
        return Path(loading.value.path()).read_bytes()

    def open(self, data: bytes) -> None:
        """Open a file without a picker."""
        self.page.evaluate("delete window.showOpenFilePicker")
        self.page.locator("#file").set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": data})
