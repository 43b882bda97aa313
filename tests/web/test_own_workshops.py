"""A workshop led from `assessor open`, as whole processes: the room's pages answer at a listener of their own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
from web_pages import LIBRARY, OURS, sheet

from assessor.store import Store

KEY = ("key", "0123456789abcdef0123")


@pytest.fixture
def opened(home) -> Iterator[tuple[httpx2.Client, str]]:
    """A browser that is let in, and the address of its pages; the library has one collaboration."""
    with Store.open() as store:
        store.add_collaboration(LIBRARY, "Example School", "Evenings")
    env = {**os.environ, "ASSESSOR_LANG": "en", "LANG": "C.UTF-8"}
    command = (sys.executable, "-m", "assessor", "open", "--no-browser")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=env)
    address = process.stdout.readline().strip()
    with httpx2.Client(headers=OURS, timeout=10) as browser:
        browser.get(address)
        yield browser, address.partition("/in/")[0]
    process.terminate()
    process.communicate(timeout=10)


def fields_of(page: str, action: str) -> list[tuple[str, str]]:
    return next(form["fields"] for form in sheet(page).forms if form["action"] == action)


def posted(browser: httpx2.Client, address: str, *fields: tuple[str, str]) -> httpx2.Response:
    return browser.post(address, data=dict(fields))


def test_the_room_answers_once_a_workshop_is_led_from_ones_own_pages_and_knows_no_page_of_theirs(opened):
    browser, own = opened
    before = browser.get(f"{own}/workshops").text
    ticked = re.search('name="collaboration" id="[^"]*" value="([^"]*)"', before).group(1)
    fields = [*fields_of(before, "/workshops"), ("name", "Spring"), ("people", "4"), ("collaboration", ticked)]
    twice = [posted(browser, f"{own}/workshops", *fields) for _ in range(2)]
    page = browser.get(f"{own}/workshops").text
    (led_at,) = re.findall('class="button main" href="(http://127[^"]*)"', page)
    room = f"http://{urlsplit(led_at).netloc}"

    assert "http://127" not in before
    assert [(told.status_code, told.headers["location"]) for told in twice] == [(303, "/workshops")] * 2
    assert browser.get(led_at).status_code == 200
    assert httpx2.get(led_at).status_code == 401
    others = ("/documents", "/answers/json", "/library", "/report.pdf")
    assert {path: browser.get(f"{room}{path}").status_code for path in others} == dict.fromkeys(others, 404)
    assert httpx2.get(f"{own}/w/{led_at.rpartition('/')[2]}").status_code == 404


def test_a_phone_of_the_room_answers_while_ones_own_pages_go_on(opened, store):
    browser, own = opened
    form = fields_of(browser.get(f"{own}/workshops").text, "/workshops")
    posted(browser, f"{own}/workshops", *form, ("name", "Spring"), ("pasted", "Choir · Songs"))
    (led_at,) = re.findall('class="button main" href="(http://127[^"]*)"', browser.get(f"{own}/workshops").text)
    room = f"http://{urlsplit(led_at).netloc}"
    with store() as kept:
        code = kept.workshops.all()[0].code
    with httpx2.Client(headers=OURS, timeout=10) as phone:
        joined = posted(phone, f"{room}/j/{code}", *fields_of(phone.get(f"{room}/j/{code}").text, f"/j/{code}"))
        home = phone.get(f"{room}/").text

    assert joined.status_code == 303
    assert "Choir" in home
    assert browser.get(f"{own}/").status_code == 200
