"""What a browser sends never reads like a name that the server made."""

import pytest
from web_pages import Person
from web_rooms import Building, Opened

from assessor.store import Store
from assessor.web.http.form_parsing import FormData
from assessor.web.http.roles import Identity, Role
from assessor.web.http.unsent_forms import UnsentForms

TYPED = [("key", "k" * 20), ("language", "fi"), ("note", "Written by a stranger"), ("response", "joint")]


@pytest.mark.parametrize("cookie", ["assessor", "assessor-8720", "__Host-assessor", "assessor-lead-8720-x"])
@pytest.mark.parametrize(
    "reads_like", ["respondent {respondent}", "leading {workshop}", "{respondent}", "~{respondent}"]
)
def test_a_cookie_that_reads_like_an_internal_name_writes_nothing(
    building: Building, room: Opened, cookie: str, reads_like: str
):
    member, leader, stranger = building.participant(room), building.leader(room), building.browser()
    of = building.begun(member, room.collaborations[0])
    building.house.store_worker.release()
    with Store.open(write=False) as store:
        respondent = store.workshops.respondents(room.workshop.id)[0].id
    planted = reads_like.format(respondent=respondent, workshop=room.workshop.id)
    stranger.client.cookies.set(cookie, planted, domain="room.example")
    for page in (f"{of}/q/creation", f"/w/{room.workshop.id}"):
        stranger.post(f"/language?to={page}", TYPED)
        stranger.post(f"/w/{room.workshop.id}/language?to={page}", TYPED)

    assert "Written by a stranger" not in member.get(f"{of}/q/creation").text
    assert "Written by a stranger" not in leader.get(f"/w/{room.workshop.id}").text


def test_on_ones_own_machine_a_stranger_keeps_nothing_for_a_page(house, owner: Person, begun: str, visitor):
    stranger = visitor(Role.NONE)
    stranger.client.cookies.set(house.owner_cookie, "planted", domain="localhost.local")
    stranger.post(f"/language?to={begun}/q/creation", TYPED)

    assert house.unsent_forms.pop(Identity(Role.OWNER, "planted"), f"{begun}/q/creation") == FormData({})
    assert "Written by a stranger" not in owner.get(f"{begun}/q/creation").text


def test_two_browsers_that_lead_one_workshop_do_not_see_each_others_drafts(building: Building, room: Opened):
    from assessor.bank import open_bank
    from assessor.usecases.facilitating import Facilitation

    first = building.leader(room)
    building.house.store_worker.release()
    with Store.open() as store:
        facilitation = Facilitation(store, open_bank("dokk1"))
        secret = facilitation.renew_secret(room.workshop.id)
        agreed = facilitation.begin_agreed(room.workshop, room.collaborations[0], "k" * 20)
    second = building.browser()
    second.fill(f"/lead/{secret}")
    of = f"/w/{room.workshop.id}/a/{agreed.assessment.id}"
    first.post(
        f"/w/{room.workshop.id}/language?to={of}/q/creation",
        [("key", "m" * 20), ("language", "fi"), ("note", "A first thought")],
    )

    assert "A first thought" not in second.get(f"{of}/q/creation").text
    assert "A first thought" in first.get(f"{of}/q/creation").text


def form(note: str) -> FormData:
    return FormData({"note": (note,)})


def person(name: str) -> Identity:
    return Identity(Role.PARTICIPANT, name)


def test_many_forms_from_one_address_push_out_their_own_and_nobody_elses():
    kept = UnsentForms(max_characters=400_000)
    for at in range(30):
        kept.save(person(f"other {at}"), f"198.51.100.{at}", "/a", form("mine"))
    for at in range(5_000):
        kept.save(person(f"flood {at}"), "203.0.113.9", "/a", form("x" * 4_000))

    assert [kept.pop(person(f"other {at}"), "/a") for at in range(30)] == [form("mine")] * 30
    assert kept.pop(person("flood 0"), "/a") == FormData({})
    assert kept.pop(person("flood 4999"), "/a") == form("x" * 4_000)


def test_a_browser_has_one_form_shown_once_and_a_huge_one_is_not_kept():
    kept = UnsentForms()
    for note in ("first", "second"):
        kept.save(person("a"), "198.51.100.1", "/a?then=check", form(note))
    kept.save(person("b"), "198.51.100.1", "/a", form("x" * 100_000))
    kept.save(None, "198.51.100.1", "/a", form("nobody's"))

    assert [kept.pop(person("a"), "/a"), kept.pop(person("a"), "/a")] == [form("second"), FormData({})]
    assert [kept.pop(person("b"), "/a"), kept.pop(None, "/a")] == [FormData({}), FormData({})]
