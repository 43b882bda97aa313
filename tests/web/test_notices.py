"""What is said to a person of what they did: on the next page, once, to them alone, whichever process answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_pages import sheet
from web_rooms import Building, house

from assessor.bank import open_bank
from assessor.usecases.assessments import new_key
from assessor.web.http.notices import LIFETIME, Notice, open_notices, seal_notices


def said(page) -> str:
    """What the page says of what was just done."""
    text = page.text.partition('<div class="said" role="status">')[2].partition("</div>")[0]
    return " ".join(text.replace("<p>", "").split("</p>")).strip()


@pytest.fixture
def leader(building, room):
    return building.leader(room)


def sent(person, path: str, *given: tuple[str, str]) -> str:
    """The page that a form leads to."""
    answer = person.post(path, [("key", new_key()), *given])
    assert answer.status_code == 303
    return answer.headers["location"]


ACTS = [
    ("/collaborations", [("names", "Example Choir")], "Added. Everybody in the room sees it now."),
    ("/c/{of}/dissent", [("text", "Nobody asked us")], "Added."),
    ("/c/{of}/dissent", [("text", " ")], "Nothing was written, so nothing was added."),
    ("/c/{of}/step", [("what", "Write it down"), ("who", ""), ("when", "")], "Added."),
    ("/c/{of}/step", [("what", ""), ("who", "Sam"), ("when", "")], "Nothing was written, so nothing was added."),
]


@pytest.mark.parametrize(("path", "fields", "told"), ACTS)
def test_the_next_page_says_what_was_done_and_says_it_once(leader, room, path, fields, told):
    base = f"/w/{room.workshop.id}"
    next_page = sent(leader, base + path.format(of=room.collaborations[0]), *fields)

    assert [said(leader.get(next_page)), said(leader.get(next_page))] == [told, ""]


def test_removing_a_person_a_dissent_and_a_step_is_said(building, room, leader):
    building.participant(room)
    base = f"/w/{room.workshop.id}"
    page = f"{base}/c/{room.collaborations[0]}"
    for path, field in ((f"{page}/dissent", "text"), (f"{page}/step", "what")):
        leader.get(sent(leader, path, (field, "Something")))
    removals = [form["action"] for form in sheet(leader.get(f"{base}/people").text).forms if "remove" in form["action"]]
    html = leader.get(page).text
    dissent = html.partition('name="dissent" value="')[2].partition('"')[0]
    step = html.partition('name="step" value="')[2].partition('"')[0]

    told = [
        said(leader.get(sent(leader, path, *given)))
        for path, given in (
            (removals[0], ()),
            (f"{page}/agree-after-all", [("dissent", dissent)]),
            (f"{page}/undo", [("step", step)]),
        )
    ]
    assert told == ["Removed. Their answers no longer count.", "Removed.", "Removed."]


def test_who_is_too_late_is_told_so_and_not_as_if_it_was_saved(building, room, leader):
    phones = [building.participant(room) for _each in range(6)]
    at, case = f"/w/{room.workshop.id}", open_bank("dokk1").calibration_cases("en")[0].id
    leader.post(f"{at}/stage", [("key", new_key()), ("stage", "case"), ("subject", case)])
    for phone in phones[:5]:
        phone.fill("/case/1", ("response", "network"))
    leader.fill(at, action=f"{at}/go")
    next_page = sent(phones[5], "/case/1", ("response", "network"))

    assert said(phones[5].get(next_page)) == (
        "The room has already seen where this case stands, so your placement was not counted."
    )


def test_another_process_says_it_too_and_in_the_language_of_the_page(building, room, leader):
    path = sent(leader, f"/w/{room.workshop.id}/collaborations", ("names", "Example Choir"))
    building.house.store_worker.release()  # a store in a file is one process's at a time
    with Building(house()).first as another:
        another.cookies.update(leader.client.cookies)
        page = another.get(path, headers={"accept-language": "en"})

    assert said(page) == "Added. Everybody in the room sees it now."


def test_nobody_else_and_no_other_page_is_told(building, room, leader):
    other = building.participant(room)
    path = sent(leader, f"/w/{room.workshop.id}/collaborations", ("names", "Example Choir"))
    planted = leader.client.cookies["assessor-notice-8720"]
    other.client.cookies.set("assessor-notice-8720", planted, domain="room.example")

    assert [said(other.get("/")), said(other.get("/phone")), said(leader.get(f"{path}/people"))] == ["", "", ""]
    assert said(leader.get(path)) == "Added. Everybody in the room sees it now."


def test_a_page_that_leads_on_takes_the_notice_along(owner):
    owner.fill("/", ("name", "The Example Library"))
    owner.fill("/new", ("party", "Example School"), ("undertaking", ""))
    first = owner.fill("/new", ("party", "Example School"), ("undertaking", "")).headers["location"]
    second = owner.get(first).headers["location"]
    third = owner.get(second).headers["location"]

    assert said(owner.get(third)) == "This one is already in the list."


@given(value=st.text(), path=st.sampled_from(["/", "/a/b"]), token=st.text(max_size=30))
@settings(max_examples=200)
def test_what_was_not_sealed_says_nothing(value, path, token):
    assert open_notices(value, path, token, 0.0) == ()


@given(
    notices=st.lists(st.sampled_from(Notice), min_size=1, max_size=3).map(tuple),
    token=st.text(min_size=1, max_size=30),
    other=st.text(max_size=30),
    now=st.integers(0, 2**40),
)
def test_a_sealed_notice_is_read_by_its_session_on_its_page_for_a_minute(notices, token, other, now):
    sealed = seal_notices(notices, "/a", token, now)

    assert open_notices(sealed, "/a", token, now + LIFETIME) == notices
    assert open_notices(sealed, "/a", token, now + LIFETIME + 1) == ()
    assert open_notices(sealed, "/b", token, now) == ()
    assert token == other or open_notices(sealed, "/a", other, now) == ()
