"""A service as a host starts it: the address at a terminal, and a proxy that says who it is."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pexpect
import pytest
from web_pages import OURS, sheet
from web_services import BASE, address_in, free_port, running_service

from assessor.store import Store

HOST_KEY = ("-m", "assessor", "--lang", "en", "host-key", "--base-url", BASE)


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


def test_the_hosts_address_is_shown_at_a_terminal_and_nowhere_else(home: Path):
    piped = subprocess.run([sys.executable, *HOST_KEY], capture_output=True, text=True, check=False)
    kept_by_the_pipe = (home / "assessor.db").exists()
    first, second = host_key(), host_key()
    with Store.open() as store:
        held = [(each.kind, each.withdrawn is not None) for each in store.members.credentials("host")]

    assert (piped.returncode, piped.stdout, kept_by_the_pipe) == (2, "", False)
    assert "shown at a terminal only" in piped.stderr
    assert first != second
    assert held == [("link", True), ("link", False)]


class Browser:
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
        forms = [form for form in sheet(self.get(path).text).forms if not form["action"].endswith("/language")]
        return self.ask("POST", forms[0]["action"], {**dict(forms[0]["fields"]), **given})


@pytest.fixture
def signing_in(home: Path) -> Iterator[tuple[str, str]]:
    """The base of a service that believes what its proxy says of people, and the host's address."""
    address, free = host_key(), free_port()
    with running_service(home, "--port", str(free), "--identity-header", "X-Person"):
        yield f"http://127.0.0.1:{free}", address


def test_a_person_whom_the_proxy_names_enters_by_their_address_and_nobody_else_does(signing_in):
    base, address = signing_in
    host = Browser(base)
    host.press(address)
    key = address_in(host.press("/host", names="Library A").text).removeprefix(BASE)
    forged = Browser(base, "anna@library.example", peer="127.0.0.2").press(key).status_code
    unnamed = Browser(base).press(key).status_code
    anna = Browser(base, "Anna@library.example")
    library = anna.press(key).headers["location"]
    with_cookie = Browser(base, "bo@library.example")
    with_cookie.cookies = dict(anna.cookies)
    told = {
        "anna": anna.get(library),
        "anna, elsewhere, written otherwise": Browser(base, "anna@Library.example").get(library),
        "bo": Browser(base, "bo@library.example").get(library),
        "bo, with anna's cookie": with_cookie.get(library),
        "nobody": Browser(base).get(library),
        "anna, says a stranger": Browser(base, "anna@library.example", peer="127.0.0.2").get(library),
        "bo, with anna's address": Browser(base, "bo@library.example").get(key),
    }

    assert (forged, unnamed) == (401, 401)
    assert {who: page.status_code for who, page in told.items()} == {
        "anna": 200,
        "anna, elsewhere, written otherwise": 200,
        "bo": 401,
        "bo, with anna's cookie": 401,
        "nobody": 401,
        "anna, says a stranger": 401,
        "bo, with anna's address": 404,
    }
