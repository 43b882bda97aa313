"""A service as a host starts it: the address at a terminal, and a proxy that says who it is."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_services import BASE, HOST_KEY, ProxiedBrowser, address_in, free_port, host_key, running_service

from assessor.store import Store


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


@pytest.fixture
def signing_in(home: Path) -> Iterator[tuple[str, str]]:
    """The base of a service that believes what its proxy says of people, and the host's address."""
    address, free = host_key(), free_port()
    with running_service(home, "--port", str(free), "--identity-header", "X-Person"):
        yield f"http://127.0.0.1:{free}", address


def test_a_person_whom_the_proxy_names_enters_by_their_address_and_nobody_else_does(signing_in, home):
    base, address = signing_in
    host = ProxiedBrowser(base)
    host.press(address)
    key = address_in(host.press("/host", names="Library A").text).removeprefix(BASE)
    forged = ProxiedBrowser(base, "anna@library.example", peer="127.0.0.2").press(key).status_code
    unnamed = ProxiedBrowser(base).press(key).status_code
    anna = ProxiedBrowser(base, "Anna@library.example")
    library = anna.press(key).headers["location"]
    with_cookie = ProxiedBrowser(base, "bo@library.example")
    with_cookie.cookies = dict(anna.cookies)
    told = {
        "anna": anna.get(library),
        "anna, elsewhere, written otherwise": ProxiedBrowser(base, "anna@Library.example").get(library),
        "bo": ProxiedBrowser(base, "bo@library.example").get(library),
        "bo, with anna's cookie": with_cookie.get(library),
        "nobody": ProxiedBrowser(base).get(library),
        "anna, says a stranger": ProxiedBrowser(base, "anna@library.example", peer="127.0.0.2").get(library),
        "bo, with anna's address": ProxiedBrowser(base, "bo@library.example").get(key),
    }

    fronts = [f'href="{library}"' in each.get("/").text for each in (anna, ProxiedBrowser(base, "bo@library.example"))]
    again = [anna.get(key).headers["location"], anna.press("/key", secret=key).headers["location"]]
    left = [anna.press(f"{library}/leave").status_code, anna.get(library).status_code]
    said = (home / "log").read_text(encoding="utf-8")

    assert (forged, unnamed) == (401, 401)
    assert (fronts, again) == ([True, False], [library, library])
    assert left == [200, 401]
    assert [each for each in (address, key, library, "@library.example") if each in said] == []
    assert {who: page.status_code for who, page in told.items()} == {
        "anna": 200,
        "anna, elsewhere, written otherwise": 200,
        "bo": 401,
        "bo, with anna's cookie": 401,
        "nobody": 401,
        "anna, says a stranger": 401,
        "bo, with anna's address": 404,
    }
