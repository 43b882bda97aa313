"""Workshops on a server: what is refused before anything listens, and how many connections one address has."""

import html
import socket
from contextlib import ExitStack
from functools import partial

import pytest
from web_pages import Served
from web_rooms import HOSTED, ROOM, Building, house

from assessor.cli import run
from assessor.cli.serve_commands import hosted_deployment
from assessor.web.http import connections
from assessor.web.http.deployment import Audience

BASE = "https://workshops.example"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--base-url", BASE, "--workers", "2"], "Several processes need a database that allows several writers"),
        (["--base-url", "http://workshops.example"], "is not an address that phones can open safely"),
        (["--base-url", "https://workshops.example/path"], "is not an address that phones can open safely"),
        (["--base-url", BASE, "--trusted-proxy", "all"], "is not an IP address or network"),
        (["--base-url", BASE, "--bind", "everywhere"], "is not an IP address or network"),
    ],
)
def test_what_would_not_be_safe_is_refused_before_anything_listens(home, capsys, arguments, told):
    assert run(["--lang", "en", "serve", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_server_goes_by_the_names_it_was_given():
    found = hosted_deployment(f"{BASE}:8443/", ("Other.Example",), ("127.0.0.1", "10.0.0.0/8"))

    assert (found.audience, found.base_url, found.host_names) == (
        Audience.HOSTED,
        f"{BASE}:8443",
        frozenset({"workshops.example", "other.example"}),
    )
    assert [str(each) for each in found.trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8"]
    assert (found.cookie_name(), found.facilitator_cookie_name("abc")) == (
        "__Host-assessor",
        "__Host-assessor-lead-abc",
    )


def _asked(line: socket.socket) -> bytes:
    line.sendall(b"GET / HTTP/1.1\r\nHost: room.example\r\n\r\n")
    return line.recv(12)


def _closed(line: socket.socket) -> bool:
    line.settimeout(3)
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


@pytest.fixture
def few(room, monkeypatch):
    """A server that gives one address three connections, each silent for half a second at most."""
    monkeypatch.setattr(connections, "connection_class", partial(connections.connection_class, limit=3))
    monkeypatch.setattr(connections, "HEAD_TIMEOUT", 0.5)
    found = Served(house())
    found.start()
    yield found
    found.stop()
    found.house.store_worker.shut_down()


def test_who_opens_one_connection_too_many_loses_their_own_oldest(few):
    with ExitStack() as held:
        open_ = [held.enter_context(socket.create_connection(("127.0.0.1", few.port))) for _ in range(3)]
        first = [_asked(each) for each in open_]
        fourth = held.enter_context(socket.create_connection(("127.0.0.1", few.port)))

        assert first == [b"HTTP/1.1 200"] * 3
        assert _asked(fourth) == b"HTTP/1.1 200"
        open_[0].settimeout(3)
        while open_[0].recv(1 << 16):
            pass


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: room"])
def test_a_connection_that_asks_nothing_is_closed(few, sent):
    with socket.create_connection(("127.0.0.1", few.port)) as line:
        line.sendall(sent)

        assert _closed(line)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (ROOM, "sent over the room's network without encryption: others on it could listen in."),
        (HOSTED, "These pages are encrypted in transit."),
    ],
)
def test_every_page_says_how_it_is_carried(room, setting, said):
    building = Building(house(setting))
    with building.first:
        pages = [building.browser().get(path).text for path in ("/", room.door, "/accessibility", "/gone")]

    assert [said in html.unescape(page) for page in pages] == [True] * 4
