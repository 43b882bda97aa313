"""Who may ask for what on a service: every address against every role, generated from the table."""

from collections.abc import Iterator

import pytest
from starlette.routing import Route
from web_rooms import HOSTED, opened
from web_rooms import house as rooms
from web_services import Service, service

from assessor.web.app import create_app
from assessor.web.http.roles import MEMBER_ROLES, Role
from assessor.web.route_table import OWNER_ROUTES, SERVICE_ROUTES

#: Decided here, by a person: what each member's role adds. All other pages of one's own machine are a colleague's.
READERS = {"", "/language", "/report", "/report.pdf", "/leave"}
STEWARDS = {"/people/invite", "/people/{member}/withdraw", "/erase", "/c/{collaboration}/erase"}
FOR_ALL = {
    "/key",
    "/key/{secret}",
    "/privacy",
    "/health",
    "/",
    "/look/{name}",
    "/accessibility",
    "/language",
    "/j/{code}",
}
FOR_ALL |= {"/p/{secret}", "/go/{secret}", "/lead/{secret}"}
KEY = ("key", "0123456789abcdef0123")
CANDID = "The candid party"
#: Made in seconds; who may have them is asked all the same.
PRINTED = (".pdf", "/documents/{document}", "/draft/{ending}")


@pytest.fixture
def building(home) -> Iterator[Service]:
    found = service()
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
    served = create_app(rooms(HOSTED)).app.routes

    assert [route.path for route in served if isinstance(route, Route)] == [page.path for page in SERVICE_ROUTES]


@pytest.fixture
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
        room, other = opened(), opened("Another example morning")
    persons |= {"participant": building.participant(room), "facilitator": building.leader(room)}
    persons |= {"facilitator elsewhere": building.leader(other)}
    library = building.ids["Library A"]
    with building.store() as store:
        collaboration = store.collaborations("Library A")[0].id
        colleague = store.members.all_of(library)[1].id
    names = {
        "library": library,
        "assessment": of.rpartition("/")[2],
        "collaboration": collaboration,
        "member": colleague,
        "item": "creation",
        "workshop": room.workshop.id,
        "code": room.workshop.code,
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
    return {Role.HOST: "host", Role.FACILITATOR: "facilitator", Role.PARTICIPANT: "participant"}[role] == person


def test_a_page_is_refused_to_everybody_whose_it_is_not(people, building):
    names, persons = people
    with building.store() as store:
        before = store.content_hash()
    asked_for, let_in = 0, []
    for page in SERVICE_ROUTES:
        for person in () if page.role is Role.NONE else persons:
            if may_open(page.role, person):
                continue
            to = address(page.path, names)
            got, sent = persons[person].get(to), persons[person].post(to, [KEY])
            asked_for += 1
            assert CANDID not in got.text + sent.text
            if not {got.status_code, sent.status_code} <= {401, 403}:
                let_in.append((page.path, person, got.status_code, sent.status_code))
    with building.store() as store:
        assert store.content_hash() == before

    assert let_in == []
    assert asked_for > 500


def test_members_and_the_host_reach_every_page_of_theirs(people):
    names, persons = people
    refused = [
        (page.path, person, found.status_code)
        for page in SERVICE_ROUTES
        if page.get and page.role in {*MEMBER_ROLES, Role.HOST} and not page.path.endswith(PRINTED)
        for person in ("steward", "colleague", "reader", "host")
        if may_open(page.role, person)
        if (found := persons[person].get(address(page.path, names))).status_code not in (200, 303)
    ]

    off_route = ("/l/{library}/a/{assessment}/ends/{item}", "/l/{library}/a/{assessment}/goal")
    assert sorted(refused) == sorted((path, each, 404) for path in off_route for each in ("steward", "colleague"))
    assert "candid" not in "".join(
        persons["host"].get(address(page.path, names)).text
        for page in SERVICE_ROUTES
        if page.role is Role.HOST and page.get
    )


def test_every_address_on_a_librarys_pages_is_the_librarys(people, building):
    """A page that forgets its prefix leads out of the library, to somebody else's page or to none."""
    from web_pages import sheet

    names, persons = people
    base, beside = (
        f"/l/{names['library']}",
        ("/look/", "/accessibility", "/privacy", "/language", "#", "data:", "?lang="),
    )
    leading_out = set()
    for page in SERVICE_ROUTES:
        if not (page.path.startswith("/l/") and page.get) or page.path.endswith(
            (*PRINTED, "/report", "{ending}", "/template")
        ):
            continue
        for _tag, given in sheet(persons["steward"].get(address(page.path, names)).text).tags:
            for name in ("href", "action", "formaction", "src", "data-live", "data-again"):
                to = given.get(name) or base
                if to != base and not to.startswith((f"{base}/", *beside)):
                    leading_out.add((page.path, to))

    assert leading_out == set()
