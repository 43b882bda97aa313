"""Who may ask for what on a service: every address against every role, generated from the table."""

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.routing import Route
from web_pages import sheet
from web_rooms import HOSTED, opened
from web_rooms import house as rooms
from web_services import Service, service

from assessor.core.nation import NationSnapshot
from assessor.exchange.nation_document import dump_snapshot
from assessor.web.app import create_app
from assessor.web.http.roles import MEMBER_ROLES, Role
from assessor.web.http.route import PageRoute
from assessor.web.route_table import OWNER_ROUTES, SERVICE_ROUTES

#: Decided here, by a person: what each member's role adds. All other pages of one's own machine are a colleague's.
READERS = {"", "/language", "/report", "/report.pdf", "/nation", "/leave"}
STEWARDS = {"/people/invite", "/people/{member}/withdraw", "/nation/share", "/erase", "/c/{collaboration}/erase"}
FOR_ALL = {
    "/key",
    "/key/{secret}",
    "/privacy",
    "/health",
    "/metrics",
    "/",
    "/look/{name}",
    "/accessibility",
    "/language",
    "/j/{code}",
    "/j/{code}/back",
}
FOR_ALL |= {"/p/{secret}", "/go/{secret}", "/lead/{secret}", "/b", "/b/{code}"}
KEY = ("key", "0123456789abcdef0123")
CANDID = "The candid party"
#: Of other libraries than these.
DRAWN = NationSnapshot(
    quarter="2026-Q1",
    day=date(2026, 2, 1),
    instrument="dokk1",
    version="1.1",
    libraries=12,
    counts={"placement:network": 7, "party:responded": 3, "party:benefits": -2},
)
#: Made in seconds; who may have them is asked all the same.
PRINTED = (".pdf", "/documents/{document}", "/draft/{ending}")


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory, compiled) -> Iterator[Service]:
    """One service for all of them: nothing that is asked here changes anything."""
    found = service(tmp_path_factory.mktemp("service") / "assessor.db")
    with found.first:
        yield found


def test_the_table_is_as_classified():
    under = {
        page.path.removeprefix("/l/{library}"): page.role for page in SERVICE_ROUTES if "/l/{library}" in page.path
    }
    own = {page.path for page in OWNER_ROUTES if page.role is Role.OWNER} - {"/", "/library", "/close"}

    assert {path for path, role in under.items() if role is Role.READER} == READERS
    assert {path for path, role in under.items() if role is Role.STEWARD} == STEWARDS
    assert own - READERS - STEWARDS <= {path for path, role in under.items() if role is Role.COLLEAGUE}
    assert {page.path for page in SERVICE_ROUTES if page.role is Role.NONE} == FOR_ALL
    assert {page.path for page in SERVICE_ROUTES if page.role is Role.HOST} == {
        page.path for page in SERVICE_ROUTES if page.path.startswith("/host")
    }
    assert [page.path for page in SERVICE_ROUTES if page.role is Role.OWNER] == []
    assert len({page.path for page in SERVICE_ROUTES}) == len(SERVICE_ROUTES)


def test_nothing_is_served_that_the_table_does_not_hold():
    (shaped,) = create_app(rooms(HOSTED)).app.routes
    served = shaped.routes

    assert [route.path for route in served if isinstance(route, Route)] == [page.path for page in SERVICE_ROUTES]


@pytest.fixture(scope="module")
def people(building: Service):
    """The address's names, and a browser of every role; the library has an assessment and a workshop."""
    steward = building.steward("Library A")
    persons = {
        "steward": steward,
        "colleague": building.invited(steward, "Library A", "Example colleague", "colleague"),
        "reader": building.invited(steward, "Library A", "Example director", "reader"),
        "steward elsewhere": building.steward("Library B"),
        "host": building.host(),
        "nobody": building.browser(),
    }
    of = building.assessed(steward, "Library A", CANDID)
    with building.house.store_worker.paused():
        room = opened(open_store=building.open_store)
        other = opened("Another example morning", open_store=building.open_store)
    persons |= {"participant": building.participant(room), "facilitator": building.leader(room)}
    persons |= {"facilitator elsewhere": building.leader(other)}
    library = building.ids["Library A"]
    with building.store() as store:
        collaboration = store.collaborations("Library A")[0].id
        colleague = store.members.all_of(library)[1].id
        store.publications.add(f"nation {DRAWN.quarter}", dump_snapshot(DRAWN), [])
    names = {
        "library": library,
        "assessment": of.rpartition("/")[2],
        "collaboration": collaboration,
        "member": colleague,
        "item": "creation",
        "workshop": room.workshop.id,
        "code": room.workshop.code,
        "quarter": DRAWN.quarter,
    }
    return names, persons


def address(path: str, names: dict[str, str]) -> str:
    known = dict.fromkeys(("secret", "name", "respondent", "case", "number", "step", "id", "document"), "nothing")
    known["ending"] = "csv"
    return path.format_map({**known, **names})


def may_open(role: Role, person: str) -> bool:
    """What the table means, said a second time."""
    if role in MEMBER_ROLES:
        return person in ("steward", "colleague", "reader")[: MEMBER_ROLES.index(role) + 1]
    return {Role.HOST: "host", Role.FACILITATOR: "facilitator", Role.PARTICIPANT: "participant"}.get(role) == person


#: Of those whom a page is refused to, every third asks for it, another third for the next page; with `--full` all do.
SHARES = [pytest.param(3, id="a third"), pytest.param(1, id="all", marks=pytest.mark.full)]


@pytest.mark.parametrize("share", SHARES)
def test_a_page_is_refused_to_everybody_whose_it_is_not(people, building, share):
    names, persons = people
    with building.store() as store:
        before = store.content_hash()
    asked_for, let_in = 0, []
    for number, page in enumerate(page for page in SERVICE_ROUTES if page.role is not Role.NONE):
        refused = [person for person in persons if not may_open(page.role, person)]
        for person in refused[number % share :: share]:
            to = address(page.path, names)
            got, sent = persons[person].get(to), persons[person].post(to, [KEY])
            asked_for += 1
            assert CANDID not in got.text + sent.text
            if not {got.status_code, sent.status_code} <= {401, 403}:
                let_in.append((page.path, person, got.status_code, sent.status_code))
    with building.store() as store:
        assert store.content_hash() == before

    assert let_in == []
    assert asked_for > 500 / share


#: What is asked on the way to a page decides who sees it; what a steward sees is looked at below, page by page.
READING = [
    pytest.param(("reader", "host"), id="reader and host"),
    pytest.param(("colleague",), id="colleague", marks=pytest.mark.full),
]


@pytest.mark.parametrize("reading", READING)
def test_members_and_the_host_reach_every_page_of_theirs(people, reading):
    names, persons = people
    reached = {
        (page.path, person): persons[person].get(address(page.path, names))
        for page in pages_of(*reading)
        for person in reading
        if may_open(page.role, person)
    }

    refused = {path for (path, _person), found in reached.items() if found.status_code not in (200, 303)}
    assert refused == (OFF_ROUTE if "colleague" in reading else set())
    assert "candid" not in "".join(found.text for (_path, person), found in reached.items() if person == "host")


#: Pages of items that the answers given leave out.
OFF_ROUTE = {"/l/{library}/a/{assessment}/ends/{item}", "/l/{library}/a/{assessment}/goal"}
#: Files, and a page that is a document: there is nothing to follow in them.
FILES = (*PRINTED, "/report", "{ending}", "/template")


def pages_of(*persons: str) -> list[PageRoute]:
    return [
        page
        for page in SERVICE_ROUTES
        if page.get and page.role in {*MEMBER_ROLES, Role.HOST} and not page.path.endswith(PRINTED)
        if any(may_open(page.role, person) for person in persons)
    ]


def test_a_steward_reaches_every_page_and_every_address_on_it_is_the_librarys(people):
    """A page that forgets its prefix leads out of the library, to somebody else's page or to none."""
    names, persons = people
    base = f"/l/{names['library']}"
    beside = ("/look/", "/accessibility", "/privacy", "/language", "#", "data:", "?lang=")
    refused, leading_out = set(), set()
    for page in pages_of("steward"):
        found = persons["steward"].get(address(page.path, names))
        if found.status_code not in (200, 303):
            refused.add(page.path)
        for _tag, given in () if page.path.endswith(FILES) else sheet(found.text).tags:
            for name in ("href", "action", "formaction", "src", "data-live", "data-again"):
                to = given.get(name) or base
                if to != base and not to.startswith((f"{base}/", *beside)):
                    leading_out.add((page.path, to))

    assert leading_out == set()
    assert refused == OFF_ROUTE


def test_every_answer_of_a_service_asks_for_https_from_then_on(people, building):
    _names, persons = people
    told = [persons["nobody"].get(path).headers for path in ("/", "/key", "/host", "/nothing", "/health")]

    assert [each["strict-transport-security"] for each in told] == ["max-age=31536000"] * 5
    assert [name for each in told for name in each if name.startswith("access-control-")] == []
