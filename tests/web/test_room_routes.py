"""Who may ask for what in a workshop: every address against every role, generated from the table."""

import pytest
from starlette.routing import Route
from web_rooms import Building, Opened, house, opened

from assessor.store import Store
from assessor.web.app import create_app
from assessor.web.http.roles import Role
from assessor.web.route_table import WORKSHOP_ROUTES

#: Decided here, by a person: what is for all, and what is for who joined. Under `/w/` all is for who leads.
FOR_ALL = {
    "/look/{name}",
    "/accessibility",
    "/language",
    "/",
    "/j/{code}",
    "/j/{code}/back",
    "/p/{secret}",
    "/go/{secret}",
    "/lead/{secret}",
    "/b",
    "/b/{code}",
}
FOR_WHO_JOINED = {
    "/case/{number}",
    "/live",
    "/now",
    "/leave",
    "/phone",
    "/new",
    "/board",
    "/keep",
    "/return",
    "/gut",
    "/gut/{collaboration}",
    "/c/{collaboration}/begin",
    "/a/{assessment}",
    "/a/{assessment}/gut",
    "/a/{assessment}/wanted",
    "/a/{assessment}/q/{item}",
    "/a/{assessment}/gains",
    "/a/{assessment}/check",
    "/a/{assessment}/fit/{item}",
    "/a/{assessment}/verdict",
    "/a/{assessment}/note",
}
#: For a machine that shows a board and does nothing else.
FOR_BOARDS = ["/b/show/{workshop}", "/b/show/{workshop}/live"]
#: Streams: an answer that does not end.
ENDLESS = {"/live"}
KEY = ("key", "0123456789abcdef0123")
NOTE = "A <candid> thought"


def test_the_table_is_as_classified():
    leading = {page.path for page in WORKSHOP_ROUTES if page.role is Role.FACILITATOR}

    assert {page.path for page in WORKSHOP_ROUTES if page.role is Role.NONE} == FOR_ALL
    assert {page.path for page in WORKSHOP_ROUTES if page.role is Role.PARTICIPANT} == FOR_WHO_JOINED
    assert {path for path in leading if not path.startswith("/w/{workshop}")} == set()
    assert [page.path for page in WORKSHOP_ROUTES if page.role is Role.OWNER] == []
    assert [page.path for page in WORKSHOP_ROUTES if page.role is Role.BOARD] == FOR_BOARDS
    assert len({page.path for page in WORKSHOP_ROUTES}) == len(WORKSHOP_ROUTES)


def test_nothing_is_served_that_the_table_does_not_hold():
    (shaped,) = create_app(house()).app.routes
    served = shaped.routes

    assert [route.path for route in served if isinstance(route, Route)] == [page.path for page in WORKSHOP_ROUTES]
    assert len(served) == len(WORKSHOP_ROUTES)


@pytest.fixture
def people(building: Building, room: Opened):
    """The address's names, and a browser of every role; the room's participant has answered and noted."""
    other = opened("Another example morning")
    member = building.participant(room)
    of = building.answered(member, room.collaborations[0])
    member.fill(f"{of}/verdict", ("note", NOTE), action=f"{of}/note")
    names = {
        "assessment": of.removeprefix("/a/"),
        "collaboration": room.collaborations[0],
        "item": "creation",
        "workshop": room.workshop.id,
        "code": room.workshop.code,
    }
    return names, {
        "nobody": building.browser(),
        "other participant": building.participant(other),
        "facilitator": building.leader(room),
        "other facilitator": building.leader(other),
        "participant": member,
    }


def _address(path: str, names: dict[str, str]) -> str:
    known = dict.fromkeys(("secret", "name", "respondent", "case", "number", "step", "id"), "nothing")
    return path.format_map({**known, **names})


def _told(person, address: str) -> tuple[int, int, str]:
    asked, sent = person.get(address), person.post(address, [KEY])
    return asked.status_code, sent.status_code, asked.text + sent.text


def test_a_page_is_refused_to_everybody_whose_it_is_not(people):
    names, persons = people
    allowed = {Role.PARTICIPANT: {"participant"}, Role.FACILITATOR: {"facilitator"}, Role.BOARD: set()}
    with Store.open(write=False) as store:
        before = store.content_hash()
    let_in = []
    for page in WORKSHOP_ROUTES:
        # A page of a participant's own is the other participant's too: it shows them their own.
        own = {"other participant"} if page.role is Role.PARTICIPANT and "{assessment}" not in page.path else set()
        for role in () if page.role is Role.NONE else persons.keys() - allowed[page.role] - own:
            asked, sent, text = _told(persons[role], _address(page.path, names))
            assert "candid" not in text
            assert "Service-based" not in text
            if {asked, sent} - {401, 403, 404, 405} or (405 in (asked, sent) and role == "nobody"):
                let_in.append((page.path, role, asked, sent))
    with Store.open(write=False) as store:
        assert store.content_hash() == before

    assert let_in == []


def test_a_participant_reaches_every_page_of_theirs(people):
    names, persons = people
    asked = {
        page.path: persons["participant"].get(_address(page.path, names)).status_code
        for page in WORKSHOP_ROUTES
        if page.role is Role.PARTICIPANT and page.get and page.path not in {*ENDLESS, "/case/{number}", "/keep"}
    }

    onward = {"/a/{assessment}", "/a/{assessment}/fit/{item}"}  # all that was answered fits together
    assert asked == {path: 303 if path in onward else 200 for path in asked}


def test_pages_for_all_hold_nothing_that_somebody_answered(people):
    names, persons = people
    for role in persons.keys() - {"participant"}:
        for path in FOR_ALL - {"/look/{name}"}:
            text = persons[role].get(_address(path, names)).text

            assert "candid" not in text
            assert "Service-based" not in text


def test_a_collaboration_that_is_not_listed_is_not_begun(building, room):
    other = opened("Another example morning", "Example Museum")
    member = building.participant(room)
    told = member.post(f"/c/{other.collaborations[1]}/begin", [KEY])

    assert told.status_code == 404
