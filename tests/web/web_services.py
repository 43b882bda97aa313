"""What the tests of a service share: libraries with their people, at browsers without a screen."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pexpect
from web_pages import OURS, SERVICE, Person, sheet
from web_rooms import HOSTED, Building, house

from assessor.core.membership import MemberRole
from assessor.store import Store
from assessor.usecases.library_access import Keys

BASE = HOSTED.base_url
HOST_KEY = ("-m", "assessor", "--lang", "en", "host-key", "--base-url", BASE)


@dataclass
class Service(Building):
    """A service over the store of this test; people enter as they do, by an address that opens once."""

    open_store: Callable[[], Store] = Store.open
    ids: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, while the service lets go of it."""
        with self.house.store_worker.paused(), self.open_store() as store:
            yield store

    def host(self) -> Person:
        with self.store() as store:
            secret = Keys(store).new_host_link()
        return self.entered(f"/key/{secret}")

    def entered(self, address: str, **headers: str) -> Person:
        person = self.browser(**headers)
        assert person.fill(address.removeprefix(BASE)).status_code == 303
        return person

    def steward(self, library: str) -> Person:
        """The first steward of a library, who has opened the host's letter."""
        with self.store() as store:
            (given,) = Keys(store).give_keys([library])
        self.ids[library] = given.library
        return self.entered(f"/key/{given.secret}")

    def invited(self, steward: Person, library: str, name: str, role: MemberRole) -> Person:
        page = steward.fill(
            f"/l/{self.ids[library]}/people",
            ("name", name),
            ("role", role),
            action=f"/l/{self.ids[library]}/people/invite",
        )
        return self.entered(address_in(page.text))

    def assessed(self, person: Person, library: str, party: str, **given: str) -> str:
        """The address of an assessment that a member has answered whole."""
        base = f"/l/{self.ids[library]}"
        of = str(person.fill(f"{base}/new", ("party", party)).headers["location"])
        person.fill(f"{of}/gut", ("response", "network"))
        person.fill(f"{of}/mode", ("response", "full"))
        for item, option in {**SERVICE, **given}.items():
            person.fill(f"{of}/q/{item}", ("response", option))
        person.fill(f"{of}/gains", ("response", "<none>"))
        return of


def _now() -> datetime:
    return datetime.now(UTC)


def service(file: Path | None = None, clock: Callable[[], datetime] = _now) -> Service:
    """A service over the person's own store, or over a file of its own, which outlives a test's folders."""
    open_store = partial(Store.open, file, create=True, clock=clock)
    return Service(house(HOSTED, open_store), open_store)


def address_in(html: str) -> str:
    """The one-time address that a page shows."""
    return str(re.findall(rf"{BASE}/key/[\w-]{{22}}", sheet(html).text)[0])


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def running_service(folder: Path, *options: str, store: str = "") -> Iterator[subprocess.Popen[str]]:
    """`assessor serve` as a process of its own, once it serves; what it says goes to `log` in the folder."""
    kept = ("--store", store) if store else ()
    command = (sys.executable, "-m", "assessor", "--lang", "en", *kept, "serve", "--base-url", BASE, *options)
    with (folder / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, text=True)
        try:
            until = monotonic() + 180
            while "Serving " not in (folder / "log").read_text(encoding="utf-8"):
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
                assert monotonic() < until
                sleep(0.05)
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def health(process: subprocess.Popen[str], port: int) -> int:
    """The status of the page that says whether a service is well, once it answers; 0 when it never did."""
    until = monotonic() + 90
    while process.poll() is None and monotonic() < until:
        try:
            return ProxiedBrowser(f"http://127.0.0.1:{port}").get("/health").status_code
        except httpx2.TransportError:
            sleep(0.2)
    return 0


def host_key(**environment: str) -> str:
    """The address that the command shows at a terminal."""
    child = pexpect.spawn(
        sys.executable, list(HOST_KEY), env={**os.environ, **environment}, encoding="utf-8", timeout=60
    )
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before
    (address,) = re.findall(rf"{BASE}/key/[\w-]{{22}}(?=\r\n)", child.before)
    return address.removeprefix(BASE)


class ProxiedBrowser:
    """Behind a proxy that names a person, or names nobody; `peer` is the proxy's own address."""

    def __init__(self, base: str, person: str = "", peer: str = "127.0.0.1") -> None:
        self.base, self.peer = base, peer
        self.named = {"x-person": person} if person else {}
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> httpx2.Response:
        """By hand, as cookies that are for HTTPS alone are not sent over what stands between proxy and service."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"host": "workshops.example", "accept-language": "en", "cookie": cookie, **OURS, **self.named}
        transport = httpx2.HTTPTransport(local_address=self.peer, verify=False)
        with httpx2.Client(base_url=self.base, transport=transport, timeout=30) as client:
            told = client.request(method, path, headers=headers, data=fields)
        for kept in told.headers.get_list("set-cookie"):
            name, _is, value = kept.partition(";")[0].partition("=")
            self.cookies[name] = value
        return told

    def get(self, path: str) -> httpx2.Response:
        return self.ask("GET", path)

    def press(self, path: str, **given: str) -> httpx2.Response:
        """Send the form that a page shows, other than the one for its language."""
        page = self.get(path)
        forms = [form for form in sheet(page.text).forms if not form["action"].endswith("/language")]
        assert forms, (page.status_code, sheet(page.text).text)
        return self.ask("POST", forms[0]["action"], {**dict(forms[0]["fields"]), **given})
