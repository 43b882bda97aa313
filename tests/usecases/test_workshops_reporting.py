"""The report and the data of a workshop, from the first who joins to the last byte: nobody is told apart in them."""

import json
from datetime import UTC, datetime

import pytest
from workshop_uses import WorkshopUses

from assessor import bank
from assessor.bank import open_bank
from assessor.core.responses import DONT_KNOW
from assessor.core.sides import mirrored_responses
from assessor.exchange.workshop_document import FORMAT_VERSION
from assessor.store import Store
from assessor.usecases.assessments import GAINS, GUT
from assessor.usecases.workshop_reporting import WorkshopStillOpen, workshop_json, workshop_report

CASES = {case.id: case.responses for case in bank.open_bank("dokk1").cases}
MOMENT = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794000000")
    with Store.open(tmp_path / "assessor.db", create=True, clock=lambda: MOMENT) as opened:
        yield opened


@pytest.fixture
def rooms(store):
    return WorkshopUses.of(store)


def held(rooms, store, count=6, *, close=True):
    """A room of so many on two collaborations, one agreed on with dissent, a step and the party's own side."""
    club = store.add_collaboration("Provbiblioteket", "Ungdomsgården", "Poddstudion")
    choir = store.add_collaboration("Provbiblioteket", "Kören", "")
    room = rooms.facilitation.open("Provbiblioteket", "Höstdagen", [club.id, choir.id])[0]
    for n in range(count):
        person, _ = rooms.participation.join(room, name=f"Namn {n}", language="sv", key=f"join{n}")
        case = "service" if n % 3 else "network"
        opened = rooms.participation.begin(person, club.id)
        opened = rooms.participation.respond(room, opened, GUT, "strategic", f"{n}gut")
        for item, response in CASES[case].items():
            opened = rooms.participation.respond(room, opened, item, response, f"{n}{item}")
        rooms.participation.record_note(room, opened, "vision", f"{'zyxwvuts'[n % 8]} skrev {n}", f"{n}note")
        if n != 5:
            rooms.participation.choose_quotation(room, opened, "vision", True, f"{n}quoted")
        rooms.participation.place_case(room, person.id, "v63", "supplier" if n else DONT_KNOW, f"{n}case")
        if n < 2:
            second = rooms.participation.begin(person, choir.id)
            rooms.participation.respond(room, second, "creation", "joint", f"{n}choir")
        brought = rooms.participation.bring_collaboration(person, f"Eget {n}", "")
        own = rooms.participation.begin(person, brought.id)
        rooms.participation.respond(room, own, "creation", "joint", f"{n}own")
    party, _ = rooms.participation.join(room, name="", language="fi", key="party", side="them", collaboration=club.id)
    opened = rooms.participation.begin(party, club.id)
    for item in bank.open_bank("dokk1").sides.asked:
        if item in CASES["service"]:
            theirs = "us" if item == "contribution" else CASES["service"][item]
            opened = rooms.participation.respond(room, opened, item, theirs, f"party{item}")
    rooms.participation.respond(room, opened, GAINS, "ideas groups", "partygains")
    agreed = rooms.facilitation.begin_agreed(rooms.workshops.get(room.id), club.id, "agree")
    for item, response in CASES["service"].items():
        agreed = rooms.participation.respond(room, agreed, item, response, f"agreed{item}")
    rooms.participation.respond(room, agreed, GAINS, "ideas", "agreedgains")
    rooms.facilitation.add_dissent(room.id, club.id, "Nej, de bestämmer allt.", "d")
    rooms.facilitation.add_step(room.id, club.id, "Ring dem", "Filialchefen", "före jul", "s")
    if close:
        rooms.facilitation.close(room.id, "end")
    return room, club, choir


def test_a_workshop_that_goes_on_has_no_report_and_is_told_how_to_close(rooms, store):
    room, *_ = held(rooms, store, 1, close=False)

    with pytest.raises(WorkshopStillOpen) as refused:
        workshop_report(store, room.id, open_bank("dokk1"), "sv")
    assert refused.value.facts == {"name": "Höstdagen", "command": "assessor workshop close 'Höstdagen'"}
    with pytest.raises(WorkshopStillOpen):
        workshop_json(store, room.id, open_bank("dokk1"))


def test_the_report_holds_what_was_given_in_counts(rooms, store):
    room, club, choir = held(rooms, store)
    report = workshop_report(store, room.id, open_bank("dokk1"), "sv")
    first, second = report.findings.subjects

    assert (report.findings.joined, report.findings.own, report.language) == (6, 6, "sv")
    assert (first.collaboration, second.collaboration) == (club, choir)
    assert (first.tally.raters, first.tally.placements) == (6, {"service": 4, "network": 2})
    assert first.tally.gut == {"strategic": 6}
    assert first.concordance.raters == 6
    assert first.concordance.observed == pytest.approx((4 * 3 + 2 * 1) / (6 * 5))
    assert first.agreed.verdict.placement == "service"
    assert first.dissents == ("Nej, de bestämmer allt.",)
    assert [(step.what, step.who, step.when) for step in first.steps] == [("Ring dem", "Filialchefen", "före jul")]
    assert report.findings.kept_until.isoformat() == "2027-02-08"
    assert set(report.cases) == {"service", "v63", "service_network_one_shapes"}


def test_what_too_few_gave_is_withheld(rooms, store):
    room, _club, choir = held(rooms, store)
    report = workshop_report(store, room.id, open_bank("dokk1"), "sv")
    second = report.findings.subjects[1]

    assert (second.collaboration, second.begun) == (choir, 2)
    assert (second.tally, second.concordance, second.notes) == (None, None, ())


def test_notes_stand_by_what_they_say_and_not_by_when_they_came(rooms, store):
    room, *_ = held(rooms, store)
    notes = workshop_report(store, room.id, open_bank("dokk1"), "sv").findings.subjects[0].notes

    assert [note.text for note in notes] == sorted(note.text for note in notes)
    assert [note.text[-1] for note in notes] == ["4", "3", "2", "1", "0"], "the sixth did not let theirs be quoted"


def test_the_partys_side_is_turned_round_and_compared_with_what_was_agreed_on(rooms, store):
    room, *_ = held(rooms, store)
    other = workshop_report(store, room.id, open_bank("dokk1"), "sv").findings.subjects[0].other

    assert other.responses == mirrored_responses(
        bank.open_bank("dokk1").sides,
        {
            **{i: o for i, o in CASES["service"].items() if i in bank.open_bank("dokk1").sides.asked},
            "contribution": "us",
        },
    )
    assert [(each.item, each.ours, each.theirs) for each in other.compared if each.match.value == "different"] == [
        ("contribution", "both", "them")
    ]
    assert other.win_win.both is True
    assert (other.gains.both, other.gains.ours, other.gains.theirs) == (("ideas",), (), ("groups",))
    assert other.agreed


def test_the_calibration_round_is_told_where_enough_placed_a_case(rooms, store):
    room, *_ = held(rooms, store)
    [case] = workshop_report(store, room.id, open_bank("dokk1"), "sv").findings.cases

    assert (case.id, case.placement) == ("v63", "supplier")
    assert (case.tally.raters, case.tally.placements, case.tally.unsettled) == (6, {"supplier": 5}, 1)


def test_two_reports_are_the_same_whatever_is_tried_between_them(rooms, store):
    room, *_ = held(rooms, store)
    before = workshop_report(store, room.id, open_bank("dokk1"), "sv")
    data = workshop_json(store, room.id, open_bank("dokk1"))
    first, *_ = rooms.workshops.progress(room.id).respondents
    for attempt in (
        lambda: rooms.participation.join(rooms.workshops.get(room.id), name="", language="sv", key="late"),
        lambda: rooms.facilitation.remove_respondent(room.id, first.id, "gone"),
    ):
        with pytest.raises(Exception, match="is over"):
            attempt()
    rooms.facilitation.close(room.id, "again")

    assert workshop_report(store, room.id, open_bank("dokk1"), "sv") == before
    assert workshop_json(store, room.id, open_bank("dokk1")) == data


def test_when_raw_responses_have_expired_the_report_is_made_of_what_was_kept(rooms, store):
    room, *_ = held(rooms, store)
    before = workshop_report(store, room.id, open_bank("dokk1"), "sv").findings
    store.retention.expire([rooms.workshops.get(room.id)])
    after = workshop_report(store, room.id, open_bank("dokk1"), "sv").findings

    assert after.kept_until is None
    assert [each.tally for each in after.subjects] == [each.tally for each in before.subjects]
    assert after.subjects[0].agreed == before.subjects[0].agreed
    assert after.cases == before.cases
    assert (after.subjects[0].notes, after.subjects[0].other) == ((), None)


def test_a_room_of_two_tells_nothing_of_either(rooms, store):
    room, *_ = held(rooms, store, 2)
    told = json.loads(workshop_json(store, room.id, open_bank("dokk1")))

    assert [each["told"] for each in told["collaborations"]] == [None, None]
    assert [each["notes"] for each in told["collaborations"]] == [[], []]
    assert [case["told"] for case in told["cases"]] == [None]


def test_the_data_are_what_the_form_says_and_no_rater_is_in_them(rooms, store):
    room, club, _choir = held(rooms, store)
    data = workshop_json(store, room.id, open_bank("dokk1"))
    told = json.loads(data)

    assert list(told) == ["assessor", "workshop", "instrument", "collaborations", "cases"]
    assert told["assessor"] == {"workshop": FORMAT_VERSION}
    assert told["workshop"] == {
        "id": room.id,
        "name": "Höstdagen",
        "library": "Provbiblioteket",
        "held": "2026-11-10",
        "closed": "2026-11-10",
        "at_least": 5,
        "kept_until": "2027-02-08",
        "joined": 6,
        "own": 6,
    }
    first = told["collaborations"][0]
    assert list(first) == [
        *("id", "party", "undertaking", "begun", "told", "concordance", "agreed", "dissents", "steps", "notes"),
        "other_side",
    ]
    assert (first["id"], first["told"]["raters"], first["told"]["items"]["agreement"]) == (
        club.id,
        6,
        {"none": 2, "intent": 4},
    )
    assert first["agreed"]["verdict"]["placements"] == ["service"]
    assert first["other_side"]["win_win"] == {
        "library": {"own": True, "other": True},
        "party": {"own": True, "other": True},
        "both": True,
    }
    for person in rooms.workshops.progress(room.id).respondents:
        assert person.id not in data.decode()
    assert "Namn" not in data.decode()


def test_raters_are_told_apart_only_when_asked_for_and_without_a_name_or_a_time(rooms, store):
    room, club, _choir = held(rooms, store)
    data = workshop_json(store, room.id, open_bank("dokk1"), raw=True)
    raw = json.loads(data)["raw"]

    assert sorted(each["rater"] for each in raw if each["collaboration"] == club.id) == [f"r{n}" for n in range(1, 7)]
    assert {tuple(each) for each in raw} == {("rater", "collaboration", "responses", "gut", "gains", "notes")}
    assert sorted(each["responses"]["agreement"] for each in raw if "agreement" in each["responses"]) == [
        *["intent"] * 4,
        *["none"] * 2,
    ]
    assert not any(
        name in data.decode()
        for name in ("Namn", "Eget", *(p.id for p in rooms.workshops.progress(room.id).respondents))
    )
    assert workshop_json(store, room.id, open_bank("dokk1"), raw=True) == data


def test_a_workshop_of_nobody_and_nothing_has_a_report_too(rooms, store):
    room = rooms.facilitation.open("Provbiblioteket", "Tom")[0]
    rooms.facilitation.close(room.id, "end")
    report = workshop_report(store, room.id, open_bank("dokk1"), "en")

    assert (report.findings.joined, report.findings.subjects, report.findings.cases) == (0, (), ())
    assert json.loads(workshop_json(store, room.id, open_bank("dokk1")))["collaborations"] == []


def test_a_bank_without_a_partys_side_tells_none(rooms, store):
    others = WorkshopUses.of(store, "winwin")
    club = store.add_collaboration("Provbiblioteket", "Kören", "")
    room = others.facilitation.open("Provbiblioteket", "Dagen", [club.id])[0]
    party, _ = others.participation.join(room, name="", language="sv", key="p", side="them", collaboration=club.id)
    first = bank.open_bank("winwin").instrument.items[0]
    others.participation.respond(room, others.participation.begin(party, club.id), first.id, first.options[0], "k")
    others.facilitation.close(room.id, "end")

    assert workshop_report(store, room.id, open_bank("winwin"), "sv").findings.subjects[0].other is None
