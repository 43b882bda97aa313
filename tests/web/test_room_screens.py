"""The board on a machine of its own: let in once by a code to type, shown all that the board is, and led by nobody."""

from datetime import timedelta

from test_room_leading import kept, raters
from web_pages import sheet
from web_rooms import Building

from assessor.usecases import screens


def code_from(leader, at: str) -> str:
    shown = sheet(leader.fill(f"{at}/people", action=f"{at}/screens").text).text
    assert "room.example:8720/b" in shown
    return shown.split("room.example:8720/b")[1].split("Scan")[0].strip()


def test_a_code_typed_as_people_type_opens_the_board_once_and_leads_nothing(building: Building, room, at):
    leader, machine, late = building.leader(room), building.browser(), building.browser()
    code = code_from(leader, at)
    told = machine.fill("/b", ("code", f" {code.lower()} "))
    board = machine.get(told.headers["location"]).text
    used = late.fill("/b", ("code", code))

    assert told.status_code == 303
    assert "Join with your phone" in board
    assert "data-lead" not in board
    assert f'href="{at}"' not in board
    assert (used.status_code, "works once" in used.text) == (422, True)
    assert [machine.get(path).status_code for path in (at, f"{at}/board", f"{at}/people", "/board")] == [
        401,
        401,
        401,
        401,
    ]
    assert machine.post(f"{at}/go", [("key", "k" * 20)]).status_code == 401


def test_it_shows_what_is_revealed_and_the_end_until_it_is_withdrawn(building: Building, room, at):
    raters(room, 6)
    leader, machine = building.leader(room), building.browser()
    shown = machine.fill("/b", ("code", code_from(leader, at))).headers["location"]
    one = f"{at}/c/{room.collaborations[0]}"
    leader.fill(one, action=f"{one}/reveal")
    revealed = sheet(machine.get(shown).text).text
    leader.fill(f"{at}/people", action=f"{at}/screens/withdraw")
    withdrawn = machine.get(shown).status_code

    assert "6 have answered." in revealed
    assert (withdrawn, kept(room).screens, leader.get(at).status_code) == (401, (), 200)


def test_a_newer_code_or_an_hour_makes_one_worthless_and_another_rooms_board_stays_shut(
    building: Building, room, at, monkeypatch
):
    leader, machine = building.leader(room), building.browser()
    older, newer = code_from(leader, at), code_from(leader, at)
    monkeypatch.setattr(screens, "CODE_OPENS_FOR", timedelta(seconds=-1))
    expired = machine.fill("/b", ("code", newer)).status_code
    monkeypatch.undo()

    assert (expired, machine.fill("/b", ("code", older)).status_code) == (422, 422)
    assert machine.fill("/b", ("code", newer)).status_code == 303
    assert machine.get("/b/show/another").status_code == 401


def test_looking_at_the_address_of_a_code_opens_nothing(building: Building, room, at):
    code = code_from(building.leader(room), at).replace(" ", "")
    machine = building.browser()

    assert f'value="{code}"' in machine.get(f"/b/{code}").text
    assert machine.fill("/b", ("code", code)).status_code == 303
