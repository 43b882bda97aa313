"""Phones that answer while a room is closed, shown, locked and thinned: what was told as saved is what is kept."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import cluster
import pytest
from room_races import processes
from workshop_uses import WorkshopUses

from assessor.bank import open_bank
from assessor.store import Store
from assessor.store.errors import KeyReused
from assessor.usecases import spreadsheets, transfer
from assessor.usecases.opening import WorkshopRequest, open_or_resume


@pytest.fixture(scope="module")
def server() -> Iterator[cluster.Cluster]:
    with cluster.running() as started:
        yield started


@pytest.fixture(params=["a file", "several processes"])
def racing(request: pytest.FixtureRequest, tmp_path, compiled) -> Iterator:
    if request.param == "a file":
        with processes(str(tmp_path / "assessor.db"), 1, str(compiled)) as one:
            yield one
        return
    running = request.getfixturevalue("server")
    number = 4 if request.node.get_closest_marker("campaign") else 2
    with processes(running.url(running.database()), number, str(compiled)) as several:
        yield several


def test_what_phones_are_told_is_kept_shown_and_in_the_report_whatever_the_leader_does_meanwhile(racing):
    assert [racing.race(seed, phones=20) for seed in range(2)] == [[]] * 2


@pytest.mark.campaign
def test_a_hundred_phones_through_a_thousand_rounds(racing, capsys):
    began = time.monotonic()
    found = {seed: differences for seed in range(1_000) if (differences := racing.race(seed, phones=100))}
    with capsys.disabled():
        print(f"\n1,000 rounds of 100 phones: {len(found)} with differences, {time.monotonic() - began:.0f} s")

    assert found == {}


@pytest.fixture
def store(server):
    with Store.open(server.url(server.database())) as opened:
        yield opened


@pytest.fixture
def uses(store):
    return WorkshopUses.of(store)


def at_once(work, times=12):
    """What `work` returns for each number, begun in as many threads at the same moment; each has a connection."""
    together = threading.Barrier(times)

    def one(number):
        together.wait(10)
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_a_leaders_secret_that_twelve_browsers_send_at_once_opens_once(store, uses):
    store.add_library("Library")
    for number in range(8):
        room, secret = uses.facilitation.open("Library", f"Room {number}")
        found = [each for each in at_once(lambda _n, secret=secret: uses.facilitation.redeem_secret(secret)) if each]

        assert [workshop.id for workshop, _token in found] == [room.id]
        assert uses.workshops.facilitated_with(found[0][1]).id == room.id
        assert uses.workshops.find_by_secret(secret) is None


def test_a_link_to_another_phone_that_twelve_follow_at_once_opens_once(store, uses):
    store.add_library("Library")
    room, _secret = uses.facilitation.open("Library", "Room")
    for number in range(8):
        person, _token = uses.participation.join(room, name="", language="en", key=f"j{number}")
        link = uses.participation.new_link(person.id)
        found = [each for each in at_once(lambda _n, link=link: uses.participation.follow_link(link)) if each]

        assert [moved.id for moved, _token in found] == [person.id]
        assert uses.workshops.respondent_of_token(found[0][1])[0] == person


def test_what_twelve_begin_at_once_is_begun_once(store, uses):
    collaboration = store.add_collaboration("Library", "School")
    room, _secret = uses.facilitation.open("Library", "Room", [collaboration.id])
    person, _token = uses.participation.join(room, name="", language="en", key="j")
    begun = at_once(lambda _n: uses.participation.begin(person, collaboration.id).assessment.id)
    agreed = at_once(lambda n: uses.facilitation.begin_agreed(room, collaboration.id, f"a{n}").assessment.id)
    opened = at_once(lambda _n: open_or_resume(store, open_bank("dokk1"), WorkshopRequest(name="Other")).workshop.id)

    assert (len(set(begun)), len(set(agreed)), len(set(opened))) == (1, 1, 1)
    assert [each.name for each in uses.workshops.list_all()] == ["Room", "Other"]


def test_a_form_of_which_one_key_is_sent_with_two_acts_is_done_or_refused_and_never_called_done(store, uses):
    collaboration = store.add_collaboration("Library", "School")
    room, _secret = uses.facilitation.open("Library", "Room", [collaboration.id])
    person, _token = uses.participation.join(room, name="", language="en", key="j")
    uses.facilitation.set_stage(room.id, "progress", key="k")

    for act in (
        lambda: uses.facilitation.reveal(room, collaboration.id, key="k"),
        lambda: uses.facilitation.close(room.id, "k"),
        lambda: uses.facilitation.remove_respondent(room.id, person.id, "k"),
        lambda: uses.participation.place_case(room, person.id, "service", "network", "k"),
        lambda: uses.facilitation.set_locked(room.id, True, "k"),
        lambda: uses.facilitation.begin_agreed(room, collaboration.id, "k"),
        lambda: uses.facilitation.invite_party(room.id, collaboration.id, "k"),
        lambda: uses.facilitation.set_stage(room.id, "talk", collaboration.id, key="k"),
    ):
        with pytest.raises(KeyReused):
            act()
    now = uses.workshops.get(room.id)
    assert (now.closed, now.removed, now.cases, now.agreed, now.stage) == (None, frozenset(), {}, {}, "progress")
    assert store.assessments() == ()


def test_a_spreadsheet_planned_before_somebody_else_took_it_in_changes_nothing(store):
    bank, data = open_bank("dokk1"), b"party,creation\nSchool,joint\n"
    plans = [spreadsheets.plan_import(store, "Library", bank, data, "list.csv") for _ in range(2)]
    spreadsheets.apply_plan(store, plans[0], bank)

    with pytest.raises(spreadsheets.LibraryChanged, match="import the file again"):
        spreadsheets.apply_plan(store, plans[1], bank)
    assert len(store.assessments()) == 1
    assert spreadsheets.plan_import(store, "Library", bank, data, "list.csv").count == 0


def test_an_export_is_of_one_moment_while_others_write(store):
    bank, done = open_bank("dokk1"), threading.Event()
    store.add_library("Library")

    def write():
        number = 0
        while not done.is_set():
            collaboration = store.add_collaboration("Library", "Party", f"{number}")
            store.begin_assessment(collaboration.id, bank.instrument, bank.snapshot)
            if number >= 20:
                store.erase_collaboration(store.collaborations("Library")[0].id)
            number += 1

    writing = threading.Thread(target=write)
    writing.start()
    try:
        exports = [json.loads(transfer.export_assessments(store, "Library")) for _ in range(15)]
    finally:
        done.set()
        writing.join()

    for export in exports:
        listed = {each["id"] for each in export["collaborations"]}
        assessed = {each["collaboration"] for each in export["assessments"]}
        assert assessed <= listed
        assert len(listed - assessed) <= 1  # that which is added just then
