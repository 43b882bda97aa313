"""What somebody who led a room for the first time stumbled over."""

import re
from datetime import timedelta

import pytest
from test_room_leading import kept, raters
from web_pages import sheet
from web_rooms import Building

from assessor import bank
from assessor.cli.workshop_commands import say_addresses
from assessor.store import Store
from assessor.usecases.facilitating import Facilitation, TooLateToReopen


def _link(page: str) -> str:
    return "/p/" + sheet(page).text.split("/p/")[1].split()[0]


def test_the_page_of_a_link_for_the_other_party_loaded_anew_shows_a_link_that_opens(building: Building, room, one):
    leader = building.leader(room)
    first, again = (leader.post(f"{one}/invite", [("key", "k" * 20)]) for _ in range(2))
    party = building.browser()

    assert party.get(_link(first.text)).status_code == 404
    assert party.get(_link(again.text)).status_code == 200


def test_a_phone_that_was_taken_out_does_not_come_in_again_by_the_code(building: Building, room, at):
    leader, one = building.leader(room), building.participant(room)
    who = leader.get(f"{at}/people").text.split("/people/")[1].split("/")[0]
    leader.fill(f"{at}/people", action=f"{at}/people/{who}/remove")
    code = room.workshop.code
    seen = [one.get(f"/j/{each}").status_code for each in (code, code.lower())]
    sent = one.post(room.door, [("key", "f" * 20), ("name", "")])

    assert (seen, sent.status_code) == ([403, 403], 403)
    assert "has removed this phone" in sent.text
    assert building.browser().get(room.door).status_code == 200


def test_paper_is_entered_while_the_door_is_shut(building: Building, room, at):
    leader = building.leader(room)
    leader.fill(f"{at}/people", ("lock", "yes"), action=f"{at}/lock")
    told = leader.fill(f"{at}/people", ("name", "Paper 1"), action=f"{at}/people")

    assert told.status_code == 303
    assert "Paper 1's paper form" in sheet(leader.get(told.headers["location"]).text).text
    assert building.browser().get(room.door).status_code == 422


def test_a_mistyped_dissent_is_taken_away_and_the_others_stay(building: Building, room, one):
    raters(room, 6)
    leader = building.leader(room)
    leader.fill(one, action=f"{one}/reveal")
    for text in ("The first", "The secnd", "The third"):
        leader.fill(one, ("text", text), action=f"{one}/dissent")
    of = room.collaborations[0]
    mistyped = kept(room).dissent_ids[of][1]
    leader.post(f"{one}/agree-after-all", [("key", "g" * 20), ("dissent", mistyped)])

    assert kept(room).dissents == {of: ("The first", "The third")}
    assert leader.post(f"{one}/agree-after-all", [("key", "h" * 20), ("dissent", mistyped)]).status_code == 404


def test_after_one_thing_is_agreed_the_page_goes_on_at_the_next(building: Building, room, one):
    raters(room, 6, {"agreement": "none", "strategy": "fits"}, 3)
    leader = building.leader(room)
    leader.fill(one, action=f"{one}/reveal")
    leader.fill(one, action=f"{one}/agree")
    # The second of the two, so that the first is the one that is left.
    key = [("key", "k" * 20), ("seen", "99"), ("item", "strategy"), ("response", "goal")]
    told = leader.post(f"{one}/settle", key)
    page = leader.get(told.headers["location"]).text

    assert told.headers["location"] == f"{one}?at=talk"
    assert page.count('<details class="part" open>') == 1
    assert page.count("data-spot") == 1


def test_from_one_collaboration_who_leads_goes_to_the_next(building: Building, room, at):
    leader = building.leader(room)
    leader.fill(at, ("names", "Example Club"), action=f"{at}/collaborations")
    first, second = kept(room).listed

    assert f'href="{at}/c/{second}"' in leader.get(f"{at}/c/{first}").text
    assert "Next: " not in sheet(leader.get(f"{at}/c/{second}").text).text


def test_the_other_party_who_sees_no_board_is_not_told_to_look_up(building: Building, room, at, one):
    leader, inside = building.leader(room), building.participant(room)
    party = building.browser()
    party.fill(_link(leader.fill(one, action=f"{one}/invite").text))
    leader.fill(at, ("stage", "terraces"), action=f"{at}/stage")

    assert "Look up" in sheet(inside.get("/").text).text
    assert "Look up" not in sheet(party.get("/").text).text


def test_a_phone_is_not_asked_to_place_a_case_that_was_told(building: Building, room, at):
    case = bank.open_bank("dokk1").calibration_cases("en")[0].id
    leader = building.leader(room)
    people = [building.participant(room) for _ in range(5)]
    leader.fill(at, ("stage", "case"), ("subject", case), action=f"{at}/stage")
    for each in people:
        each.fill("/case/1", ("response", "network"))
    before = people[0].get("/now").text
    leader.fill(at, action=f"{at}/go")

    asks, tells = "The case on the board", "The board shows where the case stands"
    assert asks in before
    assert [(asks in page, tells in page) for page in (people[0].get("/now").text,)] == [(False, True)]
    assert tells in people[0].get("/").text


@pytest.mark.parametrize(("wished", "said"), [(True, "without --address"), (False, "No network was found")])
def test_an_address_of_this_machine_alone_that_was_asked_for_is_no_missing_network(room, capsys, wished, said):
    say_addresses(room.workshop, "http://127.0.0.1:8720", "secret", (), "127.0.0.1", wished=wished)
    told = capsys.readouterr()
    lines = [line for line in (told.out + told.err).splitlines() if "only this machine" in line]

    assert [said in line for line in lines] == [True]


def test_a_closing_is_undone_for_a_day_and_no_longer(building: Building, room, at):
    leader, one = building.leader(room), building.participant(room)
    leader.fill(f"{at}/end", ("sure", "yes"), action=f"{at}/end")
    ended = sheet(one.get("/").text).text
    leader.fill(f"{at}/end", action=f"{at}/reopen")

    assert "The workshop is over" in ended
    assert kept(room).closed is None
    assert "The workshop is over" not in sheet(one.get("/").text).text
    leader.fill(f"{at}/end", ("sure", "yes"), action=f"{at}/end")
    building.house.store_worker.release()
    late = kept(room).closed + timedelta(days=1, seconds=1)
    with Store.open() as store, pytest.raises(TooLateToReopen):
        Facilitation(store, bank.open_bank("dokk1")).reopen(room.workshop.id, "k" * 20, late)


def test_a_second_device_leads_by_an_address_that_opens_once_and_is_withdrawn(building: Building, room, at):
    leader, second = building.leader(room), building.browser()
    page = leader.fill(f"{at}/people", action=f"{at}/share").text
    address = "/lead/" + sheet(page).text.split("/lead/")[1].split()[0]
    second.fill(address)
    before = second.get(at).status_code
    leader.fill(f"{at}/people", action=f"{at}/withdraw")

    assert building.browser().get(address).status_code == 404
    assert (before, second.get(at).status_code, leader.get(at).status_code) == (200, 401, 200)


def test_names_pasted_one_a_line_are_listed_in_that_order(building: Building, room, at):
    leader = building.leader(room)
    names = "Example Club\r\n\r\nExample Choir · Concerts\r\nExample Firm\tEvenings"
    leader.fill(at, ("names", names), action=f"{at}/collaborations")
    building.house.store_worker.release()
    with Store.open(write=False) as store:
        listed = [store.collaboration(id_).name for id_ in kept(room).listed[1:]]

    assert listed == ["Example Club", "Example Choir · Concerts", "Example Firm · Evenings"]


def test_a_button_of_a_page_that_is_old_does_nothing_and_says_so(building: Building, room, at):
    leader = building.leader(room)
    form = next(form for form in sheet(leader.get(at).text).forms if form["action"] == f"{at}/go")
    leader.fill(at, action=f"{at}/go")
    told = leader.post(f"{at}/go", [*[pair for pair in form["fields"] if pair[0] != "key"], ("key", "o" * 20)])

    assert kept(room).stage == "gut"
    assert "has gone on since this page was shown" in sheet(leader.get(told.headers["location"]).text).text


def test_with_scripts_off_every_beat_is_a_button_to_the_close(building: Building, room, at):
    raters(room, 6, {"agreement": "none"}, 2)
    leader, stages = building.leader(room), []
    for _press in range(20):
        told = leader.fill(at, action=f"{at}/go") if stages[-1:] != ["talk"] else _settled_or_on(leader, at)
        if told.headers["location"].endswith("/end"):
            break
        stages.append(kept(room).stage)

    assert [stage for stage, before in zip(stages, ["", *stages], strict=False) if stage != before] == [
        "gut",
        "case",
        "progress",
        "verdict",
        "terraces",
        "talk",
        "terraces",
        "steps",
    ]
    assert len(kept(room).agreed) == 1


def _settled_or_on(leader, at: str):
    """What the large button of the page does while the room talks."""
    buttons = [given for tag, given in sheet(leader.get(at).text).tags if tag == "button" and "data-next" in given]
    chosen = [(buttons[0]["name"], buttons[0]["value"])] if "name" in buttons[0] else []
    return leader.fill(at, *chosen, action=f"{at}/go")


def test_a_listed_collaboration_is_renamed_moved_and_taken_off(building: Building, room, at, one):
    leader = building.leader(room)
    leader.fill(at, ("names", "Example Club"), action=f"{at}/collaborations")
    first, second = kept(room).listed
    leader.fill(one, ("party", "Example School"), ("undertaking", "Mornings"), ("act", "rename"), action=f"{one}/list")
    renamed = sheet(leader.get(one).text).text
    leader.fill(one, ("act", "last"), action=f"{one}/list")
    moved = kept(room).listed
    leader.fill(one, ("act", "first"), action=f"{one}/list")
    back = kept(room).listed
    leader.fill(one, ("act", "off"), action=f"{one}/list")

    assert "Example School · Mornings" in renamed
    assert (moved, back, kept(room).listed) == ((second, first), (first, second), (second,))


@pytest.mark.parametrize("who", ["phone", "party"])
def test_a_phone_is_asked_about_answers_that_hardly_fit_and_goes_on(building: Building, room, one, who):
    leader = building.leader(room)
    person = building.participant(room) if who == "phone" else building.browser()
    if who == "party":
        person.fill(_link(leader.post(f"{one}/invite", [("key", "k" * 20)]).text))
    of = building.begun(person, room.collaborations[0])
    person.fill(f"{of}/q/creation", ("response", "joint"))
    told = person.fill(f"{of}/q/contribution", ("response", "us"))
    asked = person.get(told.headers["location"])

    assert told.headers["location"] == f"{of}/fit/contribution"
    assert "Both shape it, but only one puts anything in?" in asked.text
    onward = re.search('href="(.*?)">Keep these answers as they are', asked.text)
    assert person.get(onward.group(1)).status_code == 200


def test_who_leads_sees_how_far_each_is_and_not_what_they_gave(building: Building, room, at):
    raters(room, 1)
    leader, one = building.leader(room), building.participant(room)
    building.begun(one, room.collaborations[0])
    people = [" ".join(sheet(part).text.split()) for part in leader.get(f"{at}/people").text.split("<li>")[1:3]]

    assert ["1 of 1 done" in each for each in people] == [True, False]
    assert not any("partnership" in each for each in people)


def test_the_whole_picture_of_many_collaborations_goes_on_to_its_next_page(building: Building, room, at):
    leader = building.leader(room)
    leader.fill(at, ("names", "\n".join(f"Example Club {n}" for n in range(8))), action=f"{at}/collaborations")
    leader.fill(at, ("stage", "terraces"), action=f"{at}/stage")
    first = sheet(leader.get(f"{at}/board").text).text
    leader.fill(at, action=f"{at}/go")
    second = sheet(leader.get(f"{at}/board").text).text
    leader.fill(at, action=f"{at}/go")

    assert ("1/2" in first, "2/2" in second, kept(room).stage) == (True, True, "steps")


def test_the_level_that_the_room_wants_is_an_arrow_on_board_and_phone(building: Building, room, at, one):
    raters(room, 6)
    leader, phone = building.leader(room), building.participant(room)
    leader.fill(one, action=f"{one}/reveal")
    leader.fill(one, action=f"{one}/agree")
    leader.fill(at, ("subject", room.collaborations[0]), ("response", "strategic"), action=f"{at}/wanted")
    leader.fill(at, ("stage", "terraces"), action=f"{at}/stage")
    board, own = sheet(leader.get(f"{at}/board").text).text, sheet(phone.get("/board").text).text

    assert "Example School ✓ agreed ↑ Level 1" in " ".join(board.split())
    assert "✓ agreed · wanted: ↑ Level 1" in own


def test_the_end_of_many_collaborations_goes_on_by_the_same_press_and_opened_again_stands_at_its_steps(
    building: Building, room, at
):
    leader = building.leader(room)
    leader.fill(at, ("names", "\n".join(f"Example Club {n}" for n in range(8))), action=f"{at}/collaborations")
    leader.fill(f"{at}/end", ("sure", "yes"), action=f"{at}/end")
    pages = [sheet(leader.get(f"{at}/board").text).text]
    for _press in range(2):
        leader.fill(f"{at}/end", action=f"{at}/go")
        pages.append(sheet(leader.get(f"{at}/board").text).text)
    last = leader.get(f"{at}/end").text
    leader.fill(f"{at}/end", action=f"{at}/reopen")

    assert [("Thank you!" in page, "1/2" in page, "2/2" in page) for page in pages] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert "Show the next page" not in last
    assert kept(room).stage == "steps"


def test_on_the_page_of_a_wrong_code_the_language_can_still_be_chosen(building: Building):
    told = building.browser().fill("/", ("code", "AAAAAAA"))

    assert told.status_code == 404
    assert 'href="?lang=sv"' in told.text


def test_what_only_has_to_wait_is_said_without_the_colour_of_a_mistake(building: Building, room, at, one):
    leader = building.leader(room)
    refused = [leader.fill(one, action=f"{one}/reveal"), leader.fill(one, ("party", ""), action=f"{one}/list")]

    assert [each.status_code for each in refused] == [422, 422]
    assert ['<div class="problem"' in each.text for each in refused] == [False, True]


def test_before_a_reveal_the_course_says_what_is_still_coming(building: Building, room, at, one):
    raters(room, 6)
    leader, late = building.leader(room), building.participant(room)
    of = building.begun(late, room.collaborations[0])
    late.fill(f"{of}/q/creation", ("response", "joint"))
    leader.fill(at, ("stage", "verdict"), action=f"{at}/stage")

    assert "1 is still answering: wait, or show it without them." in sheet(leader.get(at).text).text
