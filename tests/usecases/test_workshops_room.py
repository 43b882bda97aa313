"""A workshop's use cases: what leaves it is counts, never of a few; what is given counts once; what is over is over."""

from datetime import UTC, datetime, timedelta

import pytest
from workshop_uses import WorkshopUses

from assessor import bank
from assessor.core.disclosure import revealed_tally
from assessor.core.responses import DONT_KNOW
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import GAINS, GUT
from assessor.usecases.facilitating import MinimumTooLow, TooFewChanged, TooFewRaters
from assessor.usecases.participating import WorkshopLocked
from assessor.usecases.workshops import NoSuchWorkshop, WorkshopOver

CASES = {case.id: case.responses for case in bank.open_bank("dokk1").cases}


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 11, 10, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with Store.open(tmp_path / "assessor.db", create=True, clock=clock) as opened:
        yield opened


@pytest.fixture
def rooms(store):
    return WorkshopUses.of(store)


@pytest.fixture
def retention(store):
    return store.retention


@pytest.fixture
def club(store):
    return store.add_collaboration("Provbiblioteket", "Schackklubben", "")


@pytest.fixture
def room(rooms, club):
    return rooms.facilitation.open("Provbiblioteket", "Höstdagen", [club.id])[0]


def join(rooms, room, key, **more):
    return rooms.participation.join(room, name="", language="sv", key=key, **more)[0]


def give_all(rooms, room, person, collaboration, case="service", gut="service", note=""):
    """Everything that a respondent gives on a collaboration."""
    opened = rooms.participation.begin(person, collaboration)
    opened = rooms.participation.respond(room, opened, GUT, gut, f"{person.id}gut")
    for item, response in CASES[case].items():
        opened = rooms.participation.respond(room, opened, item, response, f"{person.id}{item}")
    if note:
        opened = rooms.participation.record_note(room, opened, "creation", note, f"{person.id}note")
    return rooms.participation.respond(room, opened, GAINS, "ideas", f"{person.id}gains")


def people(rooms, room, club, count, start=0, case="service"):
    """Respondents who have given everything."""
    found = [join(rooms, room, f"join{n}") for n in range(start, start + count)]
    for person in found:
        give_all(rooms, room, person, club.id, case)
    return found


# Few


def test_a_picture_of_fewer_than_the_room_asks_for_is_not_shown(rooms, room, club):
    people(rooms, room, club, 4)

    with pytest.raises(TooFewRaters) as refused:
        rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    assert refused.value.facts == {"at_least": 5, "name": "Schackklubben"}
    assert revealed_tally(rooms.workshops.get(room.id), club.id) is None


def test_nobody_shows_the_responses_of_fewer_than_three(rooms, club):
    with pytest.raises(MinimumTooLow):
        rooms.facilitation.open("Provbiblioteket", "Liten", [club.id], at_least=2)


def test_a_picture_of_enough_is_shown_in_counts_and_stays_what_was_shown(rooms, room, club):
    people(rooms, room, club, 5)
    shown = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")

    assert (shown.raters, shown.placements, shown.gut, shown.as_felt) == (5, {"service": 5}, {"service": 5}, 5)
    people(rooms, room, club, 5, start=5, case="network")
    assert revealed_tally(rooms.workshops.get(room.id), club.id) == shown
    again = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r2")
    assert again.placements == {"service": 5, "network": 5}


def test_a_picture_that_one_more_has_changed_is_not_shown_again(rooms, room, club):
    [first, *_] = people(rooms, room, club, 5)
    shown = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    people(rooms, room, club, 1, start=5)

    with pytest.raises(TooFewChanged):
        rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r2")
    rooms.facilitation.remove_respondent(room.id, first.id, "gone")
    give_all(rooms, room, join(rooms, room, "seventh"), club.id, "network")
    with pytest.raises(TooFewChanged):
        rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r3")
    assert revealed_tally(rooms.workshops.get(room.id), club.id) == shown


def test_one_changed_response_is_not_shown_even_where_no_placement_moves(rooms, room, club):
    [first, *_] = people(rooms, room, club, 5)
    rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    rooms.participation.respond(room, rooms.participation.begin(first, club.id), "track", "success", "changed")

    with pytest.raises(TooFewChanged):
        rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r2")


def test_a_repeated_reveal_gives_what_was_first_shown(rooms, room, club):
    people(rooms, room, club, 5)
    shown = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    people(rooms, room, club, 1, start=5)

    assert rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1") == shown


def test_the_other_partys_side_is_counted_with_nobody(rooms, room, club):
    people(rooms, room, club, 4)
    party = join(rooms, room, "party", side="them", collaboration=club.id)
    give_all(rooms, room, party, club.id)

    with pytest.raises(TooFewRaters):
        rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")


def test_what_fewer_than_the_threshold_answered_is_not_in_the_picture_of_all(rooms, room, club):
    for n in range(5):
        person = join(rooms, room, f"j{n}")
        opened = rooms.participation.begin(person, club.id)
        rooms.participation.respond(room, opened, "creation", "joint", f"{n}a")
        if n < 4:
            rooms.participation.respond(room, opened, GUT, "network", f"{n}g")
        else:
            rooms.participation.respond(room, opened, "vision", "no", f"{n}b")
    shown = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")

    assert (shown.raters, shown.gut, shown.as_felt, shown.felt) == (5, {}, None, None)
    assert shown.items == {"creation": {"joint": 5}}


def test_a_count_is_told_later_once_enough_stand_behind_it(rooms, room, club):
    for n in range(5):
        opened = rooms.participation.begin(join(rooms, room, f"j{n}"), club.id)
        rooms.participation.respond(room, opened, "creation", "joint", f"{n}a")
    rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    people(rooms, room, club, 5, start=5)
    again = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r2")

    assert (again.raters, again.gut, again.items["creation"]) == (10, {"service": 5}, {"joint": 10})


def test_paper_that_the_leader_enters_is_counted_and_makes_up_no_number(rooms, room, club):
    for n in range(4):
        paper = rooms.facilitation.enrol_on_paper(room, name="", language="sv", key=f"paper{n}")
        give_all(rooms, room, paper, club.id)
    people(rooms, room, club, 1)

    with pytest.raises(TooFewRaters):
        rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    people(rooms, room, club, 4, start=1)
    shown = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r2")
    assert (shown.raters, shown.on_paper) == (9, 4)


def test_a_few_who_came_changed_or_were_removed_wait_while_enough_others_are_taken_up(rooms, room, club):
    [first, second, *_] = people(rooms, room, club, 7)
    rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    rooms.participation.respond(room, rooms.participation.begin(first, club.id), "creation", "ready", "changed")
    rooms.facilitation.remove_respondent(room.id, second.id, "gone")
    people(rooms, room, club, 6, start=7, case="network")
    again = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r2")

    assert (again.raters, again.placements) == (13, {"service": 7, "network": 6})


def test_what_an_earlier_version_told_of_a_few_is_not_told_again_and_nothing_beside_it(rooms, store, room, club):
    few = '"gut":{"service":2},"items":{"vision":{"no":1}},"as_felt":2'
    old = f'{{"raters":6,"placements":{{"service":6}},"unsettled":0,{few}}}'
    store.workshops.record_act(room.id, "revealed", club.id, "", old, key="before")
    people(rooms, room, club, 12)
    kept = revealed_tally(rooms.workshops.get(room.id), club.id)

    assert (kept.raters, kept.placements, kept.gut, kept.as_felt, kept.items) == (6, {"service": 6}, {}, None, {})
    with pytest.raises(TooFewChanged):
        rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    rooms.facilitation.close(room.id, "end")
    assert revealed_tally(rooms.workshops.get(room.id), club.id) == kept


def test_what_a_large_room_counted_is_kept_whole(rooms, store, room, club):
    for n in range(170):
        opened = rooms.participation.begin(join(rooms, room, f"j{n}"), club.id)
        rooms.participation.respond(room, opened, "creation", "joint", f"{n}a")
    rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    told = rooms.workshops.disclosure(rooms.workshops.get(room.id), club.id)

    assert len(told.counted) == 170
    assert set(told.counted.values()) == {(1,)}


def test_what_is_withdrawn_is_in_no_history_that_is_read_afterwards(rooms, store, room, club):
    person = join(rooms, room, "1")
    opened = rooms.participation.record_note(room, rooms.participation.begin(person, club.id), "vision", "Hemligt", "n")
    rooms.participation.record_note(room, opened, "vision", "", "gone")
    rooms.facilitation.add_dissent(room.id, club.id, "Hemligt", "d")
    rooms.facilitation.drop_dissent(room.id, club.id, "d", "d-gone")
    rooms.facilitation.add_step(room.id, club.id, "Hemligt", "Hemlig", "hemligt", "s")
    rooms.facilitation.drop_step(room.id, club.id, "s", "s-gone")

    [given] = store.assessments_in_workshop(room.id)
    assert [entry.value for entry in given.history] == ["", ""]
    assert store.workshops.act_by_key(room.id, "d", "dissent", club.id, "d").value == ""
    parts = [
        store.workshops.act_by_key(room.id, f"s.{part}", "step", club.id, f"s.{part}")
        for part in ("what", "who", "when")
    ]
    assert [part.value for part in parts] == ["", "", ""]


# Once


def test_a_response_sent_twice_counts_once_and_a_late_retry_after_the_end_is_still_answered(rooms, room, club):
    person = join(rooms, room, "j")
    opened = rooms.participation.respond(room, rooms.participation.begin(person, club.id), "creation", "joint", "k1")
    rooms.participation.record_note(room, opened, "creation", "ord", "k2")
    rooms.facilitation.close(room.id, "end")
    over = rooms.workshops.get(room.id)

    assert rooms.participation.respond(over, opened, "creation", "joint", "k1").responses == {"creation": "joint"}
    assert rooms.participation.record_note(over, opened, "creation", "ord", "k2").assessment.notes == {
        "creation": "ord"
    }
    with pytest.raises(WorkshopOver):
        rooms.participation.respond(over, opened, "creation", "ready", "k3")
    with pytest.raises(WorkshopOver):
        rooms.participation.record_note(over, opened, "creation", "nytt", "k4")
    assert rooms.participation.begin(person, club.id).responses == {"creation": "joint"}


def test_a_case_placed_before_the_end_and_sent_again_after_it_is_still_answered(rooms, room):
    person = join(rooms, room, "j")
    rooms.participation.place_case(room, person.id, "service", "network", "k1")
    rooms.facilitation.close(room.id, "end")
    rooms.participation.place_case(rooms.workshops.get(room.id), person.id, "service", "network", "k1")

    assert rooms.workshops.get(room.id).cases == {"service": {person.id: "network"}}
    with pytest.raises(WorkshopOver):
        rooms.participation.place_case(rooms.workshops.get(room.id), person.id, "service", "service", "k2")


def test_who_has_joined_and_lost_the_reply_comes_in_although_the_room_was_locked_since(rooms, room):
    first = join(rooms, room, "lost")
    rooms.facilitation.set_locked(room.id, True, "k1")
    locked = rooms.workshops.get(room.id)

    assert join(rooms, locked, "lost") == first
    with pytest.raises(WorkshopLocked):
        join(rooms, locked, "late")
    rooms.facilitation.set_locked(room.id, False, "k2")
    assert join(rooms, rooms.workshops.get(room.id), "late") != first


def test_the_other_party_comes_in_although_the_room_is_locked(rooms, room, club):
    rooms.facilitation.set_locked(room.id, True, "k1")
    party = join(rooms, rooms.workshops.get(room.id), "party", side="them", collaboration=club.id)

    assert [each.collaboration for each in rooms.participation.offered_collaborations(party)] == [club]


def test_nobody_joins_what_is_over(rooms, room):
    rooms.facilitation.close(room.id, "end")
    with pytest.raises(WorkshopOver):
        join(rooms, rooms.workshops.get(room.id), "late")
    assert rooms.workshops.find_by_code(room.code).closed


# Who


def test_a_removed_respondent_counts_no_more_and_is_let_in_no_more(rooms, room, club):
    five = people(rooms, room, club, 5)
    person, token = rooms.participation.join(room, name="", language="sv", key="sixth")
    give_all(rooms, room, person, club.id, "network")
    rooms.facilitation.remove_respondent(room.id, person.id, "gone")

    assert rooms.workshops.respondent_of_token(token) is None
    assert rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r").placements == {"service": 5}
    assert [each.id for each in rooms.workshops.progress(room.id).respondents] == [each.id for each in five]
    with pytest.raises(WorkshopLocked):
        rooms.participation.join(rooms.workshops.get(room.id), name="", language="sv", key="sixth")
    assert len(rooms.workshops.progress(room.id).respondents) == 5


def test_nobody_is_removed_from_what_is_over_so_that_no_two_reports_differ_by_one(rooms, room, club):
    [first, *_] = people(rooms, room, club, 6)
    rooms.facilitation.close(room.id, "end")

    with pytest.raises(WorkshopOver):
        rooms.facilitation.remove_respondent(room.id, first.id, "gone")


def test_everybody_sees_what_is_listed_and_their_own_and_nobody_elses(rooms, room, club):
    one, other = join(rooms, room, "1"), join(rooms, room, "2")
    brought = rooms.participation.bring_collaboration(one, "Kören", "")

    assert [(each.collaboration, each.own) for each in rooms.participation.offered_collaborations(one)] == [
        (club, False),
        (brought, True),
    ]
    assert [each.collaboration for each in rooms.participation.offered_collaborations(other)] == [club]
    with pytest.raises(NotInStore):
        rooms.participation.begin(other, brought.id)
    mine = rooms.participation.begin(one, brought.id)
    with pytest.raises(NotInStore):
        rooms.participation.load_own(other, mine.assessment.id)


def test_the_other_party_sees_its_own_collaboration_alone(rooms, store, room, club):
    other = store.add_collaboration("Provbiblioteket", "Kören", "")
    rooms.facilitation.put_on_list(room, [other.id])
    party = join(rooms, room, "party", side="them", collaboration=club.id)

    assert [each.collaboration for each in rooms.participation.offered_collaborations(party)] == [club]
    with pytest.raises(NotInStore):
        rooms.participation.begin(party, other.id)
    assert rooms.participation.begin(party, club.id).assessment.collaboration == club


def test_a_collaboration_of_another_library_is_not_begun_here(rooms, store, room):
    other = store.add_collaboration("Grannbiblioteket", "Kören", "")
    with pytest.raises(NotInStore):
        rooms.participation.begin(join(rooms, room, "1"), other.id)


def test_paper_is_somebody_whom_no_phone_can_be(rooms, room, club):
    paper = rooms.facilitation.enrol_on_paper(room, name="Papper 1", language="sv", key="paper")
    give_all(rooms, room, paper, club.id)

    assert rooms.workshops.progress(room.id).collaborations[0].begun == 1
    assert rooms.workshops.respondent_of_token("") is None


def test_the_secret_leads_and_a_new_one_takes_its_place(rooms, club):
    opened, secret = rooms.facilitation.open("Provbiblioteket", "Dagen", [club.id])
    assert rooms.workshops.find_by_secret(secret) == opened
    second = rooms.facilitation.renew_secret(opened.id)

    assert (rooms.workshops.find_by_secret(secret), rooms.workshops.find_by_secret(second)) == (None, opened)


def test_the_last_link_to_the_other_party_opens_and_an_earlier_one_does_not(rooms, room, club):
    first = rooms.facilitation.invite_party(room.id, club.id, "1")
    second = rooms.facilitation.invite_party(room.id, club.id, "2")

    assert rooms.participation.find_invitation(first) is None
    assert rooms.participation.find_invitation(second) == (rooms.workshops.get(room.id), club)


def test_the_board_sees_progress_and_no_responses(rooms, room, club):
    people(rooms, room, club, 2)
    begun = join(rooms, room, "half")
    rooms.participation.respond(room, rooms.participation.begin(begun, club.id), "creation", "joint", "k")
    looked = join(rooms, room, "looked")
    rooms.participation.begin(looked, club.id)

    [seen] = rooms.workshops.progress(room.id).collaborations
    assert (seen.begun, seen.finished, seen.revealed, seen.agreed_assessment, seen.party_assessment) == (
        3,
        2,
        None,
        None,
        None,
    )


# The end


def test_closing_keeps_what_the_report_may_tell_so_that_it_is_the_same_ever_after(rooms, room, club, retention):
    people(rooms, room, club, 6)
    rooms.facilitation.close(room.id, "end")

    kept = revealed_tally(rooms.workshops.get(room.id), club.id)
    assert (kept.raters, kept.placements) == (6, {"service": 6})
    retention.expire([rooms.workshops.get(room.id)])
    assert revealed_tally(rooms.workshops.get(room.id), club.id) == kept


def test_closing_keeps_nothing_of_fewer_than_the_room_asks_for(rooms, room, club):
    people(rooms, room, club, 4)
    rooms.facilitation.close(room.id, "end")

    assert rooms.workshops.get(room.id).revealed == {}


def test_closing_leaves_what_was_shown_where_a_few_have_changed_it_since(rooms, room, club):
    people(rooms, room, club, 5)
    shown = rooms.facilitation.reveal(rooms.workshops.get(room.id), club.id, key="r1")
    people(rooms, room, club, 2, start=5)
    rooms.facilitation.close(room.id, "end")

    assert revealed_tally(rooms.workshops.get(room.id), club.id) == shown


def test_closing_keeps_how_the_room_placed_the_written_cases(rooms, room):
    for n in range(5):
        person = join(rooms, room, f"j{n}")
        rooms.participation.place_case(room, person.id, "service", "service" if n else DONT_KNOW, f"a{n}")
        if n:
            rooms.participation.place_case(room, person.id, "v63", "supplier", f"b{n}")
    rooms.facilitation.close(room.id, "end")

    now = rooms.workshops.get(room.id)
    kept = revealed_tally(now, "service")
    assert (kept.raters, kept.placements, kept.unsettled) == (5, {"service": 4}, 1)
    assert revealed_tally(now, "v63") is None, "four are too few"


def test_it_is_closed_once_and_the_days_are_counted_from_then(rooms, room, club, clock, retention):
    people(rooms, room, club, 1)
    rooms.facilitation.close(room.id, "end")
    clock.now += timedelta(days=80)
    rooms.facilitation.close(room.id, "again")

    assert retention.due_for_erasure() == ()
    clock.now += timedelta(days=10)
    assert [each.id for each in retention.due_for_erasure()] == [room.id]


def test_raw_responses_are_due_when_their_days_are_over_and_once(rooms, club, clock, retention):
    room, _ = rooms.facilitation.open("Provbiblioteket", "Kort", [club.id], days=7)
    people(rooms, room, club, 3)
    clock.now += timedelta(days=400)
    assert retention.due_for_erasure() == (), "it goes on"
    rooms.facilitation.close(room.id, "end")
    clock.now += timedelta(days=6, hours=23)
    assert retention.due_for_erasure() == ()
    clock.now += timedelta(hours=1)

    [due] = retention.due_for_erasure()
    assert retention.expire([due]).count == 3
    assert retention.due_for_erasure() == ()
    assert rooms.workshops.progress(room.id).respondents == ()


def test_what_was_agreed_on_outlives_the_raw_responses(rooms, store, room, club, retention):
    people(rooms, room, club, 3)
    agreed = rooms.facilitation.begin_agreed(rooms.workshops.get(room.id), club.id, "agree")
    rooms.participation.respond(rooms.workshops.get(room.id), agreed, "creation", "joint", "k")
    rooms.facilitation.close(room.id, "end")
    retention.expire([rooms.workshops.get(room.id)])

    [seen] = rooms.workshops.progress(room.id).collaborations
    assert seen.agreed_assessment.responses == {"creation": "joint"}
    assert [each.id for each in store.assessments()] == [agreed.assessment.id]


def test_agreeing_twice_is_agreeing_on_one_thing(rooms, store, room, club):
    first = rooms.facilitation.begin_agreed(rooms.workshops.get(room.id), club.id, "a")
    second = rooms.facilitation.begin_agreed(rooms.workshops.get(room.id), club.id, "b")

    assert first.assessment.id == second.assessment.id
    assert len(store.assessments()) == 1


def test_erasing_takes_all_of_it_and_leaves_the_librarys_collaborations(rooms, store, room, club):
    people(rooms, room, club, 3)
    rooms.facilitation.begin_agreed(rooms.workshops.get(room.id), club.id, "a")

    assert rooms.facilitation.erase(room.id).count == 4
    assert (rooms.workshops.list_all(), store.assessments(), store.collaborations("Provbiblioteket")) == (
        (),
        (),
        (club,),
    )
    assert rooms.workshops.find_by_name("Höstdagen") is None
    with pytest.raises(NoSuchWorkshop) as refused:
        rooms.workshops.get_by_name("Höstdagen")
    assert refused.value.facts == {"name": "Höstdagen", "known": "-"}
