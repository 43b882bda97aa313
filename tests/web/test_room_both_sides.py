"""At the end the other party is thanked, and shown both sides where the library ticked it."""

from datetime import UTC, datetime, timedelta

import pytest
from test_room_leading import raters
from web_pages import SERVICE, Person, sheet
from web_rooms import Building, Opened

from assessor.bank import open_bank
from assessor.core.responses import DONT_KNOW
from assessor.local_time import local_day
from assessor.store import Store
from assessor.usecases.workshops import Workshops

#: What differs from the room's answers, in the party's own words: for it, "we" is the party.
OTHERWISE = {"benefit": "us"}
LATER = (local_day(datetime.now(UTC)) + timedelta(days=7)).isoformat()


def invited(building: Building, leader: Person, one: str, **how: str) -> tuple[Person, str]:
    """A browser of the other party that has joined, and the address of its answers."""
    link = "/p/" + sheet(leader.fill(f"{one}", action=f"{one}/invite").text).text.split("/p/")[1].split()[0]
    party = building.browser(**how)
    assert party.fill(link).status_code == 303
    return party, building.begun(party, one.rpartition("/")[2])


def answer(party: Person, of: str, given: dict[str, str]) -> None:
    """Give every step that the party is asked."""
    for step in ("gut", "wanted"):
        party.fill(f"{of}/{step}", ("response", "network"))
    while (at := party.get(of).headers["location"]) != f"{of}/verdict":
        step = at.rpartition("/")[2]
        party.fill(at, ("response", {**SERVICE, **given}.get(step, DONT_KNOW) if step != "gains" else "<none>"))


@pytest.fixture
def leader(building: Building, room: Opened) -> Person:
    raters(room, 6)
    return building.leader(room)


def close(leader: Person, at: str, *fields: tuple[str, str]) -> None:
    assert leader.fill(f"{at}/end", ("sure", "yes"), *fields, action=f"{at}/end").status_code == 303


def test_both_sides_stand_beside_each_other_in_the_partys_words_once_the_library_shows_them(
    building, room, at, one, leader
):
    party, of = invited(building, leader, one)
    answer(party, of, OTHERWISE)
    leader.fill(one, action=f"{one}/reveal")
    before = sheet(party.get(f"{of}/verdict").text).text
    close(leader, at, ("both", room.collaborations[0]), ("party_until", LATER))
    shown = sheet(party.get(f"{of}/verdict").text).text
    leader.post(f"{at}/both-sides", [("key", "k" * 20)])
    hidden = sheet(party.get(f"{of}/verdict").text).text

    assert "The library may show you both sides once its workshop is over." in before
    differ, alike = shown.split("Where you differ")[1].split("Where you say the same")
    assert " ".join(differ.split()).endswith("Who gets something outYou say Only usThe library says Both")
    assert "Both are put in your words" in differ
    assert len(alike) > 100
    assert not any("Where you" in text for text in (before, hidden))
    assert not any(name in text for text in (before, shown, hidden) for name in ("Service-based", "Network coop"))


def test_who_still_answers_is_shown_nothing_and_whose_last_day_has_passed_is_told(building, room, at, one, leader):
    still, of = invited(building, leader, one)
    still.fill(f"{of}/gut", ("response", "network"))
    still.fill(f"{of}/q/creation", ("response", "joint"))
    leader.fill(one, action=f"{one}/reveal")
    close(leader, at, ("both", room.collaborations[0]), ("party_until", LATER))
    meanwhile = sheet(still.get(f"{of}/verdict").text).text
    leader.fill(f"{at}/end", action=f"{at}/reopen")
    close(leader, at, ("both", room.collaborations[0]), ("party_until", "2020-01-01"))
    after = sheet(still.get(f"{of}/verdict").text).text

    assert [("Where you" in text, "The last day for answers" in text) for text in (meanwhile, after)] == [
        (False, False),
        (True, True),
    ]


def test_the_party_never_enters_the_rooms_counts(building, room, at, one, leader):
    party, of = invited(building, leader, one)
    answer(party, of, OTHERWISE)
    leader.fill(one, action=f"{one}/reveal")
    close(leader, at)
    with Store.open(write=False) as store:
        (row,) = Workshops(store, open_bank("dokk1")).progress(room.workshop.id).collaborations

    assert (row.revealed.raters, row.begun, sum(row.revealed.items["agreement"].values())) == (6, 6, 6)


def test_what_a_library_may_show_is_asked_only_where_a_party_was_invited(building, room, at, one, leader):
    question = "Show these other parties both sides"
    before = leader.get(f"{at}/end").text
    invited(building, leader, one)
    after = leader.get(f"{at}/end").text

    assert (question in before, question in after) == (False, True)
