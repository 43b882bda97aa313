"""Pages speak the languages that their bank speaks, and offer no other: no question stands in a foreign frame."""

import re
import shutil

import pytest
from starlette.testclient import TestClient
from web_pages import LIBRARY, Person
from web_rooms import Building

from assessor import resources
from assessor.bank import LatestBank, open_bank
from assessor.store import Store
from assessor.usecases.opening import WorkshopRequest, open_or_resume
from assessor.web.app import create_app
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.roles import Role
from assessor.web.http.sessions import Session
from assessor.web.services import Services


@pytest.fixture
def finnish(tmp_path):
    """A bank with words in Finnish alone."""
    folder = tmp_path / "finnish"
    other = shutil.ignore_patterns("sv*", "da.yaml", "nb.yaml", "en.yaml", "cases.yaml")
    shutil.copytree(resources.questions_folder() / "winwin", folder, ignore=other)
    return open_bank(folder)


def languages(page: str) -> tuple[str, list[str]]:
    """The language of a page, and those that it offers."""
    return re.search('<html lang="(.*?)"', page).group(1), re.findall('hreflang="(.*?)"|name="language" value="', page)


def test_ones_own_pages_are_in_the_banks_only_language_and_ask_for_no_other(house, finnish):
    other = Services(ServerConfig(bank=LatestBank(finnish), default_language="sv"), house.store_worker, house.sessions)
    with TestClient(create_app(other), base_url="http://localhost", follow_redirects=False) as client:
        session = house.sessions.start_session(Session(role=Role.OWNER))
        client.cookies.set(other.owner_cookie, session, domain="localhost.local")
        owner = Person(client)
        welcome = owner.get("/").text
        owner.fill("/", ("name", LIBRARY))
        begun = owner.fill("/new", ("party", "Example School")).headers["location"]
        pages = [owner.get(path, headers={"accept-language": "sv"}).text for path in ("/", f"{begun}/gut")]

    assert [languages(page) for page in pages] == [("fi", [])] * 2
    assert 'class="languages"' not in "".join(pages)
    assert f"<h1>{finnish.wording('fi').name}</h1>" in welcome


def test_a_phone_is_spoken_to_in_a_language_of_its_workshops_bank(building: Building, room, finnish):
    with Store.open() as store:
        request = WorkshopRequest(name="Toinen aamu", library=room.workshop.library, all_collaborations=True)
        led = open_or_resume(store, finnish, request)
    phone = building.browser(**{"accept-language": "sv"})
    phone.fill(f"/j/{led.workshop.code}", action=f"/j/{led.workshop.code}")
    begun = phone.fill("/", action=f"/c/{led.workshop.listed[0]}/begin").headers["location"]

    assert languages(phone.get(f"{begun}/gut").text)[0] == "fi"
    assert languages(building.browser(**{"accept-language": "sv"}).get(room.door).text)[0] == "sv"
