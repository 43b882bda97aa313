"""What lets a phone go on at another address of the machine: for its own answers, once."""

from web_pages import sheet
from web_rooms import Building, Opened

from assessor.web.http.hand_over import hand_over_secret, handed_over


def carried(page: str) -> str:
    return next(given["data-carry"] or "" for tag, given in sheet(page).tags if "data-carry" in given)


def test_only_what_this_program_sealed_names_a_cookie():
    made = hand_over_secret("a token")
    digest, _dot, seal = made.partition(".")

    assert handed_over(made) == digest
    assert [handed_over(each) for each in ("", digest, f"{digest}.", f"{'0' * 64}.{seal}", f"{made}0")] == [""] * 5


def test_a_phone_goes_on_once_and_its_former_cookie_opens_nothing(building: Building, room: Opened):
    phone, elsewhere, third = building.participant(room), building.browser(), building.browser()
    of = building.answered(phone, room.collaborations[0])
    link = f"/go/{carried(phone.get('/').text)}"
    asked = [third.get(link).status_code, elsewhere.fill(link).status_code]

    assert asked == [200, 303]
    assert (elsewhere.get(f"{of}/check").status_code, phone.get(f"{of}/check").status_code) == (200, 401)
    assert third.get(link).status_code == 404


def test_a_phone_that_has_left_hands_over_nothing_and_only_a_rooms_phones_hold_it(building: Building, room: Opened):
    phone, leader = building.participant(room), building.leader(room)
    link = f"/go/{carried(phone.get('/').text)}"
    phone.fill("/leave")

    assert building.browser().get(link).status_code == 404
    assert "data-carry" not in leader.get(f"/w/{room.workshop.id}").text
