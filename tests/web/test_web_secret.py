"""The secret in the address: opens once, then stands in a cookie only, and nowhere else."""

import logging
import sys

import pytest
from starlette.testclient import TestClient
from web_pages import Person

from assessor.web.app import create_app
from assessor.web.errors import LinkUsed, TooManyWrongSecrets
from assessor.web.http.roles import Role
from assessor.web.http.sessions import MAX_WRONG_SECRETS, SessionStore


@pytest.fixture
def stranger(visitor) -> Person:
    return visitor(Role.NONE)


def test_the_address_lets_a_browser_in_once(house, stranger, visitor):
    address = f"/in/{house.sessions.secret}"
    first, again = stranger.get(address), visitor(Role.NONE).get(address)
    cookie = first.headers["set-cookie"]

    assert (first.status_code, again.status_code) == (200, 403)
    assert "set-cookie" not in again.headers
    assert sorted(part.strip() for part in cookie.split(";")[1:]) == ["HttpOnly", "Path=/", "SameSite=strict"]
    assert stranger.get("/").status_code == 200


def test_a_page_that_was_left_open_is_still_let_in_by_its_cookie(house, stranger):
    address = f"/in/{house.sessions.secret}"
    stranger.get(address)

    assert stranger.get(address).status_code == 200


def test_looking_ahead_opens_nothing(house, stranger):
    address = f"/in/{house.sessions.secret}"
    looks = [
        stranger.get(address, headers={"sec-purpose": "prefetch;prerender"}),
        stranger.client.head(address),
        stranger.post(address, [("key", "0123456789abcdef0123")]),
    ]

    assert [look.status_code for look in looks] == [204, 405, 405]
    assert [name for look in looks for name in look.headers if name == "set-cookie"] == []
    assert stranger.get(address).status_code == 200


def test_each_use_makes_the_next_address(house):
    told: list[str] = []
    doorkeeper = SessionStore(on_new_secret=told.append)
    first = doorkeeper.secret
    doorkeeper.redeem_secret(first, Role.OWNER)

    assert told == [doorkeeper.secret]
    assert first != doorkeeper.secret
    assert len(first) == 22  # 128 bits in base64


def test_guessing_is_told_to_wait_and_a_right_secret_never_is():
    now = [0.0]
    doorkeeper = SessionStore(clock=lambda: now[0])
    told = []
    for guess in range(1_000):
        with pytest.raises((LinkUsed, TooManyWrongSecrets)) as refused:
            doorkeeper.redeem_secret(f"{guess}", Role.OWNER)
        told.append(refused.type)

    assert told == [LinkUsed] * MAX_WRONG_SECRETS + [TooManyWrongSecrets] * (1_000 - MAX_WRONG_SECRETS)
    assert doorkeeper.session_for(doorkeeper.redeem_secret(doorkeeper.secret, Role.OWNER)).role is Role.OWNER
    now[0] += 61
    with pytest.raises(LinkUsed):
        doorkeeper.redeem_secret("later", Role.OWNER)


def test_who_guesses_over_the_wire_is_told_when_to_come_back(stranger):
    told = [stranger.get(f"/in/{guess}") for guess in range(MAX_WRONG_SECRETS + 1)]

    assert {each.status_code for each in told[:-1]} == {403}
    assert (told[-1].status_code, told[-1].headers["retry-after"]) == (429, "60")


def test_a_planted_cookie_is_nobodys(house, stranger):
    stranger.client.cookies.set(house.owner_cookie, "planted", domain="localhost.local")
    refused = stranger.get("/")
    stranger.get(f"/in/{house.sessions.secret}")

    assert refused.status_code == 401
    assert house.sessions.session_for("planted") is None


def test_nobody_gets_a_cookie_for_looking(stranger):
    told = [stranger.get(path) for path in ("/", "/accessibility", "/look/pages.css", "/nothing", "/in/wrong")]

    assert [each.headers.get("set-cookie") for each in told] == [None] * 5


def test_the_secrets_are_in_no_page_title_or_log(house, stranger, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    secret = house.sessions.secret
    pages = [stranger.get(f"/in/{secret}"), stranger.get("/"), stranger.get(f"/in/{secret}"), stranger.get("/nothing")]
    token = stranger.client.cookies[house.owner_cookie]
    said = "".join(page.text for page in pages) + "".join(capfd.readouterr())
    logged = [each.getMessage() for each in caplog.records if not each.name.startswith("httpx")]  # the test's client

    assert secret not in said
    assert token not in said
    assert [each for each in logged if secret in each or token in each] == []


def test_a_crash_tells_neither_secret_nor_answers(house, monkeypatch, visitor):
    from assessor.web.own import library

    def broken(_visit):
        raise RuntimeError("a name that somebody typed")

    page = next(page for page in sys.modules["assessor.web.route_table"].OWNER_ROUTES if page.path == "/new")
    object.__setattr__(page, "get", broken)
    try:
        client = TestClient(create_app(house), base_url="http://localhost", raise_server_exceptions=False)
        client.cookies.set(house.owner_cookie, house.sessions.start_session(_owner()), domain="localhost.local")
        told = client.get("/new")
    finally:
        object.__setattr__(page, "get", library.show_new_collaboration)

    assert told.status_code == 500
    assert "a name that somebody typed" not in told.text


def _owner():
    from assessor.web.http.sessions import Session

    return Session(role=Role.OWNER)
