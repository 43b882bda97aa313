"""What only the operator can mend: phones see a number and a way on, the log has the rest, and nobody's answers."""

import logging
import re
from collections.abc import Iterator

import pytest
from web_pages import sheet
from web_rooms import Building, Opened

from assessor.errors import AssessorError
from assessor.store import Store
from assessor.store.errors import (
    NotInStore,
    OutcomeUnknown,
    ServerConnectionLost,
    ServerUnreachable,
    StoreDiskError,
    StoreFull,
)
from assessor.usecases.assessments import new_key
from assessor.web.errors import UnexpectedError
from assessor.web.http.operator_faults import FaultRegister, is_operators_fault

WHERE = "/srv/keep/assessor.db"
NOTE = "A <candid> thought"
AWAY = [
    ServerUnreachable(path="postgresql://keeper@db.example/assessor", reason="connection refused"),
    ServerConnectionLost(path="postgresql://keeper@db.example/assessor"),
    OutcomeUnknown(path="postgresql://keeper@db.example/assessor"),
    StoreFull(path=WHERE),
    StoreDiskError(path=WHERE),
]
TOLD = re.compile(r"tell the workshop leader this number: ([23456789A-Y]{6})\.")


def kinds(of: type[AssessorError] = AssessorError) -> Iterator[type[AssessorError]]:
    yield of
    for each in of.__subclasses__():
        yield from kinds(each)


def test_every_error_that_names_a_place_of_the_machine_is_the_operators():
    """By the fields of its sentence: where something is kept, or what another program said."""
    of_the_store = [kind for kind in kinds() if kind.__module__.startswith(("assessor.store", "assessor.web"))]
    naming = {kind for kind in of_the_store if re.search(r"\{(path|reason|problem|backup|what)\}", kind.template)}
    told = {kind for kind in naming if not is_operators_fault(_made(kind))}

    assert {kind.__name__ for kind in told} <= {
        "ServerKeepsBackups",
        "StoreRefused",
        "WebError",
    }  # of commands, and bases


def _made(kind: type[AssessorError]) -> AssessorError:
    return kind(**{name: "" for name in re.findall(r"\{(\w+)", kind.template)})


@pytest.fixture
def broken(building: Building, monkeypatch: pytest.MonkeyPatch):
    """Makes every write to the store raise an error, and takes it back."""

    def breaking(error: Exception) -> None:
        def raising(*_args, **_facts):
            raise error

        for name in ("record_entry", "add_collaboration"):
            monkeypatch.setattr(Store, name, raising)

    return breaking


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_a_phone_sees_a_number_and_keeps_what_was_typed(building: Building, room: Opened, broken, caplog, error):
    member = building.participant(room)
    of = building.begun(member, room.collaborations[0])
    broken(error)
    for path, fields in (
        (f"{of}/q/creation", [("seen", "0"), ("response", "joint"), ("note", NOTE)]),
        (f"{of}/note", [("seen", "0"), ("note", NOTE)]),
        ("/new", [("party", "Example Choir"), ("undertaking", NOTE)]),
    ):
        answer = member.post(path, [("key", new_key()), *fields])
        number = TOLD.search(answer.text)

        assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5")
        assert "A &lt;candid&gt; thought" in answer.text
        assert dict(sheet(answer.text).forms[-1]["fields"]).items() >= dict(fields).items()
        assert number
        assert [word for word in ("keeper", "db.example", "/srv", "refused", "disk") if word in answer.text] == []
        assert number[1] in caplog.text
    assert str(error) in caplog.text
    assert "candid" not in caplog.text


def test_what_was_typed_is_saved_once_by_sending_it_again(building: Building, room: Opened, monkeypatch):
    member = building.participant(room)
    of = building.begun(member, room.collaborations[0])
    with monkeypatch.context() as away:
        away.setattr(Store, "record_entry", _raise(AWAY[0]))
        answer = member.post(f"{of}/note", [("key", new_key()), ("seen", "0"), ("note", NOTE)])
    again = sheet(answer.text).forms[-1]
    statuses = [member.post(str(again["action"]), again["fields"]).status_code for _twice in range(2)]
    building.house.store_worker.release()

    assert statuses == [303, 303]
    with Store.open(write=False) as store:
        (kept,) = store.assessments_in_workshop(room.workshop.id)
    assert [(entry.kind, entry.value) for entry in kept.history] == [("note", NOTE)]


def _raise(error: Exception):
    def raising(*_args, **_facts):
        raise error

    return raising


def test_a_page_that_cannot_be_read_offers_to_try_again(building: Building, room: Opened, monkeypatch):
    member = building.participant(room)
    monkeypatch.setattr(Store, "collaboration", _raise(AWAY[0]))
    answer = member.get("/")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert '<a class="button main" href="/">Try again</a>' in answer.text


def test_a_leader_on_a_phone_sees_no_place_either(building: Building, room: Opened, broken):
    leader = building.leader(room)
    broken(StoreFull(path=WHERE))
    answer = leader.post(f"/w/{room.workshop.id}/collaborations", [("key", new_key()), ("names", "A")])

    assert (answer.status_code, WHERE in answer.text) == (503, False)
    assert re.search(r"give whoever runs the server this number: [23456789A-Y]{6}\.", answer.text)


def test_the_same_fault_has_one_number_for_a_minute_and_one_line(caplog):
    now = [0.0]
    faults = FaultRegister(clock=lambda: now[0])
    with caplog.at_level(logging.ERROR):
        numbers = [faults.number(AWAY[0]) for _phone in range(1_000)]
        other = faults.number(AWAY[3])
        now[0] = 61.0
        later = faults.number(AWAY[0])

    assert (len({*numbers}), len({numbers[0], other, later}), len(caplog.records)) == (1, 3, 3)


def test_a_bug_is_logged_by_kind_and_place_and_never_by_its_message(caplog):
    try:
        raise ValueError(NOTE)
    except ValueError as problem:
        error = UnexpectedError(what="ValueError")
        error.__cause__ = problem
    number = FaultRegister().number(error)

    assert (number in caplog.text, "ValueError" in caplog.text, "test_operator_faults.py" in caplog.text) == (True,) * 3
    assert "candid" not in caplog.text


def test_on_ones_own_machine_the_sentence_is_shown_as_it_is(owner, begun: str, monkeypatch):
    monkeypatch.setattr(Store, "record_entry", _raise(StoreFull(path=WHERE)))
    answer = owner.post(f"{begun}/note", [("key", new_key()), ("seen", "0"), ("note", NOTE)])

    assert (answer.status_code, WHERE in answer.text) == (503, True)


def test_what_a_person_can_mend_is_still_told_as_it_is(building: Building, room: Opened):
    answer = building.participant(room).post("/new", [("key", new_key()), ("party", " "), ("undertaking", "")])

    assert (answer.status_code, "A name is needed" in answer.text) == (422, True)
    assert not is_operators_fault(NotInStore(name="x"))
