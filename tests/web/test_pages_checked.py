"""Every page of one's own, of a room and of a service, before the Nu Html Checker."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from page_checkers import markup_faults, needed
from test_room_both_sides import LATER, answer, close, invited
from web_pages import LIBRARY, SERVICE, Person, sheet
from web_rooms import Building, Opened, house, opened
from web_services import service

from assessor.store import Store

pytestmark = [
    pytest.mark.full,
    pytest.mark.java,
    pytest.mark.skipif(bool(needed()), reason=needed()),
]

#: What is printed or taken out, and is no page.
NOT_PAGES = re.compile(
    r"\.pdf|\.ics|/documents/|/draft/|/answers/|/template|/example|/report$|/look/|/live|/keep$|/key/"
)
#: Ids in addresses: one page of a kind is enough.
ID = re.compile(r"/(?:[a-z0-9]{10}|[A-Z0-9]{7}|[\w-]{22})(?=/|$)")
#: Pages that differ in their words alone.
ALIKE = re.compile(r"/(q|ends|case)/[^/]+$")


def walked(person: Person, *starts: str) -> dict[str, str]:
    """The pages that links lead to from these, one of each kind, by their kinds."""
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        kind = ALIKE.sub(r"/\1/…", ID.sub("/…", path.partition("?")[0]))
        if kind in found or NOT_PAGES.search(path):
            continue
        told = person.get(path, follow_redirects=True)
        if told.status_code >= 500 or not told.headers.get("content-type", "").startswith("text/html"):
            continue
        found[kind] = told.text
        links = [urljoin(str(told.url), given.get("href") or "") for tag, given in sheet(told.text).tags if tag == "a"]
        here = urlsplit(str(told.url)).netloc
        waiting += [urlsplit(each).path for each in links if urlsplit(each).netloc == here]
    return found


def named(part: str, pages: dict[str, str]) -> dict[str, str]:
    return {f"{part} {kind}": html for kind, html in pages.items()}


@pytest.fixture
def own_pages(owner: Person) -> dict[str, str]:
    first = walked(owner, "/")
    owner.fill("/", ("name", LIBRARY))
    of = str(owner.fill("/new", ("party", "Example School"), ("undertaking", "Evenings")).headers["location"])
    owner.fill(f"{of}/gut", ("response", "network"))
    for item, option in SERVICE.items():
        owner.fill(f"{of}/q/{item}", ("response", option))
    refused = owner.fill(f"{of}/gains").text
    begun = str(owner.fill("/new", ("party", "Example Choir")).headers["location"])
    steps = [f"{of}/{step}" for step in ("gut", "wanted", "mode", "q/creation", "ends/agreement", "gains", "check")]
    pages = walked(owner, "/", f"{of}/verdict", *steps, begun, "/library", "/nothing")
    pages["refused"] = owner.post("/profile/next", [("key", "0" * 20), ("month", "soon")]).text
    return named("own", {**pages, "welcome": first["/"], "gains refused": refused})


@pytest.fixture
def room_pages(tmp_path: Path) -> dict[str, str]:
    open_store = partial(Store.open, tmp_path / "room.db", create=True)
    room, building = opened(open_store=open_store), Building(house(open_store=open_store))
    with building.first:
        return named("room", walked_in(room, building))


def walked_in(room: Opened, building: Building) -> dict[str, str]:
    phone, leader, stranger = building.participant(room), building.leader(room), building.browser()
    of = building.answered(phone, room.collaborations[0])
    at = f"/w/{room.workshop.id}"
    pages = walked(stranger, "/", room.door, "/j/AAAAAAA", f"{room.door}/back")
    pages |= walked(phone, "/", f"{of}/gut", f"{of}/q/creation", f"{of}/gains", f"{of}/verdict", "/case/1", "/board")
    pages |= walked(leader, at, f"{at}/board", f"{at}/people")
    return pages | of_the_other_party(room, building, leader, at)


def of_the_other_party(room: Opened, building: Building, leader: Person, at: str) -> dict[str, str]:
    """What who leads and the other party see of its invitation, before the closing and after it."""
    one = f"{at}/c/{room.collaborations[0]}"
    party, of = invited(building, leader, one)
    answer(party, of, {"benefit": "us"})
    pages = {"invitation": leader.fill(one, action=f"{one}/invite").text, "thanks": party.get(f"{of}/verdict").text}
    pages |= {"somebody else": building.participant(room).fill(room.door, action=room.door).text}
    pages["closing"] = leader.get(f"{at}/end").text
    close(leader, at, ("both", room.collaborations[0]), ("party_until", LATER))
    return pages | {"closed": leader.get(f"{at}/end").text, "both sides": party.get(f"{of}/verdict").text}


@pytest.fixture
def service_pages(tmp_path: Path) -> Iterator[dict[str, str]]:
    held = service(tmp_path / "service.db")
    with held.first:
        steward, host = held.steward("The Example Library"), held.host()
        reader = held.invited(steward, "The Example Library", "An example reader", "reader")
        of = held.assessed(steward, "The Example Library", "Example School")
        base = f"/l/{held.ids['The Example Library']}"
        pages = walked(held.browser(), "/", "/key", "/privacy", "/accessibility")
        pages |= walked(host, "/host", "/host/leave")
        pages |= walked(steward, base, f"{of}/q/creation", f"{of}/verdict", f"{base}/erase", f"{base}/leave")
        pages["reader"] = reader.get(base).text
        yield named("service", pages)


@pytest.fixture
def every_page(own_pages, room_pages, service_pages) -> dict[str, str]:
    return {**own_pages, **room_pages, **service_pages}


def test_the_markup_of_every_page_is_as_the_standard_has_it(every_page, tmp_path: Path):
    print(f"\n{len(every_page)} pages")

    assert len(every_page) > 50
    assert markup_faults(every_page, tmp_path) == {}
