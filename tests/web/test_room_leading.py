"""Who leads: what the board shows and when, blind until it is revealed, agreed on in the room, closed for good."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from web_pages import SERVICE, sheet
from web_rooms import Building, Opened, house, opened

from assessor import bank
from assessor.bank import LatestBank, open_bank
from assessor.core.responses import DONT_KNOW
from assessor.local_time import local_day
from assessor.presentation.messages import Messages
from assessor.store import Store
from assessor.usecases.assessments import GAINS, GUT, WANTED, new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshop_secrets import hash_secret
from assessor.usecases.workshops import Workshops
from assessor.web.http.store_worker import StoreWorker
from assessor.web.workshop import calibration, live_updates
from assessor.web.workshop.live_updates import LiveUpdates, Subscriber
from assessor.web.workshop.wifi import wifi_text

TODAY = local_day(datetime.now(UTC))
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def raters(room: Opened, many: int, otherwise: dict[str, str] | None = None, some: int = 0) -> list[str]:
    """The ids of so many who answered everything, the first `some` of them otherwise than the rest."""
    ids = []
    with Store.open() as store:
        participation = Participation(store, open_bank("dokk1"))
        shop = Workshops(store, open_bank("dokk1")).get(room.workshop.id)
        for number in range(many):
            joined, _token = participation.join(shop, name=f"Person {number}", language="en", key=new_key())
            found = participation.begin(joined, room.collaborations[0])
            given = {**SERVICE, **((otherwise or {}) if number < some else {})}
            for step, value in ((GUT, "network"), (WANTED, "service"), *given.items(), (GAINS, "")):
                found = participation.respond(shop, found, step, value, new_key())
            ids.append(joined.id)
    return ids


@pytest.fixture
def six(room: Opened) -> list[str]:
    """Six who answered alike but for what is written, on which three see nothing."""
    return raters(room, 6, {"agreement": "none", "strategy": DONT_KNOW}, 3)


def kept(room: Opened):
    with Store.open(write=False) as store:
        return Workshops(store, open_bank("dokk1")).get(room.workshop.id)


def test_the_board_tells_how_to_join_and_how_many_are_here(six, building: Building, room, at):
    leader = building.leader(room)
    text = leader.get(f"{at}/board").text

    assert "room.example:8720" in text
    assert f"{room.workshop.code[:4]} {room.workshop.code[4:]}" in text
    assert "6 are here" in text
    assert "Person 0" not in text


def test_nothing_of_what_was_answered_is_on_the_board_before_it_is_revealed(six, building: Building, room, at, one):
    leader = building.leader(room)
    for stage in ("progress", "terraces", "talk", "steps"):
        leader.fill(at, ("stage", stage), action=f"{at}/stage")
        for page in (f"{at}/board", at, one):
            assert "stair-count" not in leader.get(page).text
            assert "gut feeling:" not in leader.get(page).text

    assert "Nothing has been shown yet" in _board(leader, at, "terraces")
    assert "6 answer sheets done" in " ".join(sheet(_board(leader, at, "progress")).text.split())


def _board(leader, at: str, stage: str) -> str:
    leader.fill(at, ("stage", stage), action=f"{at}/stage")
    return str(leader.get(f"{at}/board").text)


def test_what_the_room_makes_of_it_comes_up_with_gut_feeling_beside_the_answers(six, building, room, at, one):
    leader = building.leader(room)
    assert leader.fill(one, action=f"{one}/reveal").status_code == 303
    text = sheet(leader.get(f"{at}/board").text).text

    assert "Example School · Evenings" in text
    assert "gut feeling: 6" in text
    assert "6 have answered." in text


def test_fewer_than_the_room_was_promised_are_not_shown_and_it_is_said_kindly(building, room, at, one):
    raters(room, 4)
    leader = building.leader(room)
    told = leader.fill(one, action=f"{one}/reveal")

    assert told.status_code == 422
    assert "Fewer than 5 people have answered for" in sheet(told.text).text
    assert kept(room).revealed == {}
    assert kept(room).stage == "join"


def test_a_second_look_that_would_tell_on_one_who_came_since_is_withheld(six, building, room, one):
    leader = building.leader(room)
    leader.fill(one, action=f"{one}/reveal")
    before = kept(room).revealed
    building.house.store_worker.release()
    raters(room, 1)
    told = leader.fill(one, action=f"{one}/reveal")

    assert told.status_code == 422
    assert "So few answers about" in sheet(told.text).text
    assert kept(room).revealed == before


def test_the_room_talks_about_one_thing_at_a_time_and_agrees_with_dissent_and_steps(six, building, room, at, one):
    leader = building.leader(room)
    leader.fill(one, action=f"{one}/reveal")
    leader.fill(one, action=f"{one}/agree")
    words = bank.open_bank("dokk1").wording("en").items
    shown = leader.get(f"{at}/board").text
    assert words["agreement"].ask in shown
    assert words["strategy"].ask not in shown

    leader.fill(one, ("response", "intent"), action=f"{one}/settle")
    leader.fill(one, ("text", "The school sees an order"), action=f"{one}/dissent")
    leader.fill(one, ("what", "Write one page"), ("who", "The branch"), ("when", "by May"), action=f"{one}/step")
    shop = kept(room)
    with Store.open(write=False) as store:
        agreed = store.assessment(shop.agreed[room.collaborations[0]])

    alike = {item: option for item, option in SERVICE.items() if item != "strategy"}
    assert agreed.responses == {**alike, "agreement": "intent"}, "what three of six know is filled in for nobody"
    assert agreed.respondent == ""
    assert shop.dissents == {room.collaborations[0]: ("The school sees an order",)}
    assert [(each.what, each.who, each.when) for each in shop.steps] == [("Write one page", "The branch", "by May")]
    assert "Write one page" in _board(leader, at, "steps")


def test_who_leads_locks_takes_out_and_enters_paper(six, building, room, at):
    leader = building.leader(room)
    leader.fill(f"{at}/people", ("lock", "yes"), action=f"{at}/lock")
    assert building.browser().get(room.door).status_code != 200
    leader.fill(f"{at}/people", ("lock", "no"), action=f"{at}/lock")
    leader.fill(f"{at}/people", action=f"{at}/people/{six[0]}/remove")
    assert kept(room).removed == {six[0]}

    paper = leader.fill(f"{at}/people", ("name", "Paper 1"), action=f"{at}/people").headers["location"]
    sheet_of_one = f"{paper}/c/{room.collaborations[0]}"
    leader.fill(sheet_of_one, ("creation", "joint"), action=sheet_of_one)
    with Store.open(write=False) as store:
        kept_of = store.assessments_by_respondent(paper.rpartition("/")[2])
    assert [dict(each.responses) for each in kept_of] == [{"creation": "joint"}]


def test_what_another_phone_answers_is_not_entered_by_who_leads(six, building, room, at):
    leader = building.leader(room)
    with Store.open(write=False) as store:
        theirs = store.assessments_by_respondent(six[0])[0].id

    assert leader.get(f"{at}/a/{theirs}/verdict").status_code == 404
    assert leader.get(f"{at}/paper/{six[0]}").status_code == 404


def test_a_written_case_is_placed_by_phones_and_told_with_its_reasons(building, room, at):
    case = bank.open_bank("dokk1").calibration_cases("en")[0]
    leader = building.leader(room)
    people = [building.participant(room) for _ in range(5)]
    leader.fill(at, ("stage", "case"), ("subject", case.id), action=f"{at}/stage")
    assert case.text in leader.get(f"{at}/board").text
    assert "/case/1" in people[0].get("/").text
    for person in people:
        assert person.fill("/case/1", ("response", case.placement)).status_code == 303
    assert leader.fill(at, action=f"{at}/go").status_code == 303
    shown = sheet(leader.get(f"{at}/board").text).text

    assert "5 of 5 saw it that way." in shown
    assert case.text in shown
    assert "AC1" not in shown
    assert "Placed as" in people[0].get("/case/1").text


def test_a_case_already_shown_takes_no_more_places(building, room, at):
    case = bank.open_bank("dokk1").calibration_cases("en")[0]
    leader, late = building.leader(room), building.participant(room)
    people = [building.participant(room) for _ in range(5)]
    for person in people:
        person.fill("/case/1", ("response", "network"))
    leader.fill(at, ("stage", "case"), ("subject", case.id), action=f"{at}/stage")
    form = sheet(late.get("/case/1").text).forms[-1]
    leader.fill(at, action=f"{at}/go")
    told = late.post("/case/1", [*form["fields"], ("response", "service")])

    assert told.status_code == 303
    assert len(kept(room).cases[case.id]) == 5


def test_closing_asks_first_then_hands_over_the_data(six, building, room, at, one):
    leader = building.leader(room)
    leader.fill(one, action=f"{one}/reveal")
    assert leader.fill(f"{at}/end").status_code == 422
    assert leader.get(f"{at}/data.json").status_code != 200
    leader.fill(f"{at}/end", ("sure", "yes"))
    told = leader.get(f"{at}/data.json")
    data = json.loads(told.text)

    assert told.headers["content-disposition"].startswith("attachment; filename=assessor.json;")
    assert data["workshop"]["joined"] == 6
    assert "Thank you!" in leader.get(f"{at}/board").text
    assert leader.get(f"{at}/report.pdf").content.startswith(b"%PDF")
    assert leader.fill(f"{at}/erase", ("sure", "yes")).status_code == 200
    with Store.open(write=False) as store:
        assert store.workshops.all() == ()


def test_hostile_names_are_text_for_who_leads(building, room, at):
    building.browser().fill(room.door, ("name", HOSTILE))
    leader = building.leader(room)
    leader.fill(at, ("names", HOSTILE), action=f"{at}/collaborations")
    for page in (at, f"{at}/people", _stage(leader, at, "progress")):
        found = sheet(leader.get(page).text)

        assert HOSTILE in found.text
        assert [tag for tag, given in found.tags if tag == "script" and "src" not in given] == []
        assert [name for _tag, given in found.tags for name in given if name.startswith("on")] == []


def _stage(leader, at: str, stage: str) -> str:
    leader.fill(at, ("stage", stage), action=f"{at}/stage")
    return f"{at}/board"


def test_an_invitation_is_shown_once_and_opens_the_other_side(building, room, one):
    leader = building.leader(room)
    text = leader.fill(one, action=f"{one}/invite").text
    address = next(part for part in sheet(text).text.split() if "/p/" in part)
    secret = address.rpartition("/")[2]

    assert building.browser().get(f"/p/{secret}").status_code == 200
    with Store.open(write=False) as store:
        assert Participation(store, open_bank("dokk1")).find_invitation(secret)[1].id == room.collaborations[0]
    assert hash_secret(secret) not in leader.get(one).text


# Streams


async def _first(stream, name: bytes = b"shown") -> bytes:
    async with asyncio.timeout(5):
        async for each in stream:
            if b"event: " + name in each:
                return each
    raise AssertionError(f"no {name!r}")


def _listen(hall: LiveUpdates, keeper: StoreWorker, room: Opened, *, person: str, most: int = 2, hurried: bool = True):
    def show(found) -> str:
        return f"{found.workshop.stage} {len(found.respondents)}"

    ear = Subscriber(render=show, cache_key=("test",), immediate=hurried)
    latest = LatestBank(open_bank("dokk1"))
    return hall.stream_events(keeper, latest, room.workshop.id, person=person, max_streams=most, subscriber=ear)


def test_a_stream_begins_with_the_whole_and_tells_what_another_process_changed(room, monkeypatch):
    monkeypatch.setattr(live_updates, "POLL_SECONDS", 0.05)

    async def run() -> list[bytes]:
        keeper, hall = StoreWorker(Store.open, idle_seconds=0.05), LiveUpdates()
        stream = _listen(hall, keeper, room, person="a")
        seen = [await _first(stream)]
        await keeper.run(
            lambda store: Facilitation(store, open_bank("dokk1")).set_stage(room.workshop.id, "progress", key=new_key())
        )
        seen.append(await _first(stream))
        await stream.aclose()
        later = _listen(hall, keeper, room, person="a")
        seen.append(await _first(later))
        await later.aclose()
        await keeper.close()
        assert hall.stream_count == 0
        return [each.split(b"data: ")[1].strip() for each in seen]

    assert asyncio.run(run()) == [b"join 0", b"progress 0", b"progress 0"]


def test_the_oldest_stream_of_a_person_gives_way_and_others_stay(room):
    async def run() -> tuple[int, bytes]:
        keeper, hall = StoreWorker(Store.open), LiveUpdates()
        other = _listen(hall, keeper, room, person="other")
        await _first(other)
        mine = [_listen(hall, keeper, room, person="me") for _ in range(7)]
        for each in mine:
            await _first(each)
        told = await _first(mine[0], b"elsewhere")
        for each in (*mine, other):
            await each.aclose()
        count = hall.stream_count
        await keeper.close()
        return count, told

    count, told = asyncio.run(run())

    assert count == 0
    assert told == b"event: elsewhere\ndata: \n\n"


def test_a_thousand_streams_of_one_leave_two_open_and_the_others_told(room):
    async def run() -> int:
        keeper, hall = StoreWorker(Store.open), LiveUpdates()
        other = _listen(hall, keeper, room, person="other")
        await _first(other)
        abuse = [_listen(hall, keeper, room, person="abuser") for _ in range(1_100)]
        for each in abuse:
            await anext(each)
        most = hall.stream_count
        await keeper.run(
            lambda store: Facilitation(store, open_bank("dokk1")).set_stage(room.workshop.id, "progress", key=new_key())
        )
        assert b"progress" in await _first(other)
        for each in (*abuse, other):
            await each.aclose()
        await keeper.close()
        return most

    assert asyncio.run(run()) == 3


def test_an_erased_workshop_ends_its_streams(room, monkeypatch):
    monkeypatch.setattr(live_updates, "POLL_SECONDS", 0.05)

    async def run() -> bytes:
        keeper, hall = StoreWorker(Store.open), LiveUpdates()
        stream = _listen(hall, keeper, room, person="a")
        await _first(stream)
        await keeper.run(lambda store: Facilitation(store, open_bank("dokk1")).erase(room.workshop.id))
        told = await _first(stream, b"gone")
        await keeper.close()
        return told

    assert asyncio.run(run()) == b"event: gone\ndata: \n\n"


def test_a_phone_is_told_the_stage_and_nobodys_words(six, room):
    with Store.open() as store:
        facilitation = Facilitation(store, open_bank("dokk1"))
        facilitation.set_stage(room.workshop.id, "talk", room.collaborations[0], key=new_key())
        workshop = Workshops(store, open_bank("dokk1")).get(room.workshop.id)
        line = calibration.board_line(workshop, house().config, Messages("en"))

    assert line == calibration.BoardLine(stage="talk", number=0, told=False, tells=True, at=f"{workshop.seq}.0")


def test_a_phone_reads_along_the_question_on_the_board_beside_its_own_answer(six, building, room, at, one):
    member = building.participant(room)
    building.answered(member, room.collaborations[0])
    leader, party = building.leader(room), building.browser()
    party.fill(_invited(leader, one))
    before = sheet(member.get("/board").text).text
    leader.fill(one, action=f"{one}/reveal")
    leader.fill(one, action=f"{one}/agree")
    told = sheet(member.get("/board").text).text.split("\n")

    ask = open_bank("dokk1").wording("en").items["agreement"]
    assert ask.ask not in before
    assert ask.ask in told
    assert [line for line in told if "your answer" in line] == [
        f"4{ask.options['intent'].label} → level 2 ✓ your answer"
    ]
    assert "You were not asked this" not in building.participant(room).get("/board").text
    assert party.get("/board").status_code == 404
    assert member.get("/keep").status_code == 404


def test_at_the_end_a_phone_shows_where_all_stands_what_is_to_be_done_and_a_page_to_keep(six, building, room, at, one):
    member = building.participant(room)
    building.answered(member, room.collaborations[0])
    leader = building.leader(room)
    leader.fill(one, action=f"{one}/reveal")
    leader.fill(one, ("what", "Call the school"), action=f"{one}/step")
    leader.fill(f"{at}/end", ("sure", "yes"), action=f"{at}/end")
    page, kept = sheet(member.get("/board").text).text, member.get("/keep")

    assert [text in page for text in ("Example School", "Call the school", "Save this page")] == [True] * 3
    assert kept.headers["content-disposition"].startswith("attachment; filename=assessor.html")
    assert [text in kept.text for text in ("Example School", "Call the school", "Service-based")] == [True] * 3


def test_how_many_they_are_sets_the_threshold_until_somebody_was_told_it(building, room, at):
    leader = building.leader(room)

    def door(people: str) -> tuple[int, bool]:
        status = leader.fill(at, ("people", people), action=f"{at}/expected").status_code
        return status, "once 3 have answered" in building.browser().get(room.door).text

    told = [door(people) for people in ("2", "7", "8", "7")]
    blank = leader.post(f"{at}/expected", [("key", "k" * 20), ("people", "2")])
    assert "agree from a blank sheet" in leader.get(at).text
    building.participant(room)
    late = leader.post(f"{at}/expected", [("key", "m" * 20), ("people", "30")])

    assert told == [(303, True), (303, True), (303, False), (303, True)]
    assert (blank.status_code, late.status_code) == (303, 422)
    assert "was told that answers are shown once 3" in late.text
    assert kept(room).at_least == 3


def _invited(leader, one: str) -> str:
    return "/p/" + sheet(leader.fill(one, action=f"{one}/invite").text).text.split("/p/")[1].split()[0]


@pytest.mark.parametrize(("days", "answers"), [(7, 303), (-1, 422), (None, 422)])
def test_closing_the_room_leaves_an_invited_party_until_its_own_last_day(building, room, at, one, days, answers):
    leader, party, member = building.leader(room), building.browser(), building.participant(room)
    link = _invited(leader, one)
    party.fill(link)
    theirs, ours = (building.begun(each, room.collaborations[0]) for each in (party, member))
    until = "" if days is None else (TODAY + timedelta(days=days)).isoformat()
    leader.fill(f"{at}/end", ("sure", "yes"), ("party_until", until), action=f"{at}/end")
    fields = [("key", "k" * 20), ("response", "network")]

    assert party.post(f"{theirs}/gut", fields).status_code == answers
    assert member.post(f"{ours}/gut", fields).status_code == 422
    assert ("nobody can join it any more" in building.browser().get(link).text) == (answers == 422)


def test_phones_say_until_when_and_who_leads_sees_who_lacks_what(building, room, at):
    leader, member = building.leader(room), building.participant(room)
    building.answered(member, room.collaborations[0])
    building.participant(room)
    told = [
        leader.fill(f"{at}/people", ("until", day), action=f"{at}/until").status_code
        for day in ("soon", (TODAY + timedelta(days=400)).isoformat(), TODAY.isoformat())
    ]

    assert told == [422, 422, 303]
    assert "Answer by" in member.get("/").text
    people = sheet(leader.get(f"{at}/people").text).text
    assert ("1 of 1 done" in people, "0 of 1 done" in people) == (True, True)
    assert "Number 2: Example School · Evenings" in people
    assert "Number 1: Example School" not in people


def test_a_sheet_of_paper_is_entered_in_one_table_and_the_next_sheet_follows(building, at, home):
    of = opened("Two", "Example Museum")
    at = f"/w/{of.workshop.id}"
    leader = building.leader(of)
    sheets = leader.fill(f"{at}/people", ("name", "Sam"), action=f"{at}/people").headers["location"]
    first, second = (f"{sheets}/c/{each}" for each in of.collaborations)
    rows = [(item, SERVICE[item]) for item in list(SERVICE)[:12]]
    note = ("note-creation", "Written <beside> it")
    told = leader.fill(first, ("<gut>", "network"), *rows, note, action=first)
    wrong = leader.post(second, [("key", "k" * 20), ("seen", "0"), ("agreement", "no such answer"), ("vision", "no")])
    last = leader.fill(second, ("agreement", "intent"), action=second)
    leader.fill(first, *rows[1:], (rows[0][0], ""), action=first)
    building.house.store_worker.release()

    assert [each.status_code for each in (told, wrong, last)] == [303, 422, 303]
    assert (told.headers["location"], last.headers["location"]) == (second, sheets)
    with Store.open(write=False) as store:
        kept = {each.collaboration.id: each for each in store.assessments_in_workshop(of.workshop.id)}
    assert (kept[of.collaborations[0]].gut, dict(kept[of.collaborations[0]].responses)) == ("network", dict(rows[1:]))
    assert dict(kept[of.collaborations[1]].responses) == {"agreement": "intent"}
    assert [dict(kept[each].notes) for each in of.collaborations] == [{"creation": note[1]}, {}]


def test_the_wifi_is_a_code_that_phones_understand_and_is_kept_nowhere(building, room, at):
    leader = building.leader(room)
    page = leader.post(f"{at}/wifi", [("key", "k" * 20), ("network", "Library; guests"), ("password", "a:b")])

    assert (page.status_code, "Library; guests" in page.text, "a:b" in page.text) == (200, True, False)
    assert wifi_text("Library; guests", "a:b") == r"WIFI:T:WPA;P:a\:b;S:Library\; guests;;"
    assert wifi_text("Open", "") == "WIFI:T:nopass;S:Open;;"


def test_two_rooms_have_boards_of_their_own(building, room):
    other = opened("Another morning")
    leader = building.leader(room)

    assert leader.get(f"/w/{other.workshop.id}/board").status_code in (401, 403)
    assert leader.get(f"/w/{other.workshop.id}/live?of=board").status_code in (401, 403)
    assert leader.get(f"/w/{other.workshop.id}/data.json").status_code in (401, 403)
    assert building.participant(room).get(f"/w/{room.workshop.id}/live").status_code in (401, 403)
