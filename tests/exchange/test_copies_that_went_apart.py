"""A store and its copy that both went on, brought together: both keep everything, agree, and say what to settle."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor.bank import open_bank
from assessor.core.merging import conflicts
from assessor.exchange import MergePlan
from assessor.store import Store
from assessor.usecases.assessments import Assessments
from assessor.usecases.transfer import export_assessments, import_assessments

_LIBRARY = "Example Library"


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[tuple[Store, Store, str]]:
    """Two stores with one assessment in both, and its id."""
    bank = open_bank("dokk1")
    with Store.open(tmp_path / "a.db", create=True) as home, Store.open(tmp_path / "b.db", create=True) as away:
        begun = home.begin_assessment(home.add_collaboration(_LIBRARY, "Party").id, bank.instrument, bank.snapshot)
        home.record_entry(begun, "response", "creation", "joint")
        home.record_entry(begun, "response", "payment", "none")
        _take_in(away, home)
        yield home, away, begun


def _take_in(store: Store, other: Store, **how: bool) -> MergePlan:
    return import_assessments(store, io.BytesIO(export_assessments(other, _LIBRARY)), "a.json", **how)


def test_both_ways_give_the_same_and_nothing_is_left_to_take_in(copies):
    home, away, begun = copies
    home.record_entry(begun, "response", "payment", "shared")
    home.record_entry(begun, "note", "", "Here")
    home.profiles.record_entry(_LIBRARY, "next", "", "2027-05")
    away.record_entry(begun, "response", "payment", "we_pay")
    away.record_entry(begun, "response", "contribution", "both")
    away.profiles.record_entry(_LIBRARY, "next", "", "2027-06")
    before = export_assessments(away, _LIBRARY)

    here = _take_in(home, away)
    there = import_assessments(away, io.BytesIO(export_assessments(home, _LIBRARY)), "a.json")
    again = import_assessments(home, io.BytesIO(before), "a.json")

    assert (here.entries, there.entries, again.count) == (2, 2, 0)
    assert export_assessments(home, _LIBRARY) == export_assessments(away, _LIBRARY)
    assert home.assessment(begun).responses == {"creation": "joint", "payment": "we_pay", "contribution": "both"}
    assert home.assessment(begun).notes == {"": "Here"}
    assert [each.item for each in conflicts(home.assessment(begun).history)] == ["payment"]
    assert home.profiles.get(_LIBRARY).next_month == "2027-06"


def test_answering_again_settles_it_here_and_in_the_other_copy(copies):
    home, away, begun = copies
    home.record_entry(begun, "response", "payment", "shared")
    away.record_entry(begun, "response", "payment", "we_pay")
    _take_in(home, away)
    assessments = Assessments(home, _LIBRARY, open_bank("dokk1"))
    opened = assessments.load(home.assessment(begun))

    settled = assessments.respond(opened, "payment", "shared", "k")
    _take_in(away, home)

    assert set(settled.assessment.history[-1].replaces) == {each.key for each in settled.assessment.history[-3:-1]}
    assert conflicts(settled.assessment.history) == conflicts(away.assessment(begun).history) == ()
    assert away.assessment(begun).responses["payment"] == "shared"


def test_a_dry_run_names_what_would_be_to_settle_and_writes_nothing(copies):
    home, away, begun = copies
    home.record_entry(begun, "response", "payment", "shared")
    away.record_entry(begun, "response", "payment", "we_pay")
    before = home.content_hash()

    planned = _take_in(home, away, dry_run=True)

    assert [[each.item for each in conflicts(found.history)] for found in planned.conflicting] == [["payment"]]
    assert home.content_hash() == before
    assert _take_in(home, away) == planned


def test_a_note_withdrawn_in_one_copy_leaves_no_text_in_the_other(copies, tmp_path):
    home, away, begun = copies
    home.record_entry(begun, "note", "", "Candid words")
    _take_in(away, home)
    away.record_entry(begun, "note", "", "")
    home.record_entry(begun, "response", "contribution", "both")
    _take_in(home, away)

    assert "Candid" not in export_assessments(home, _LIBRARY).decode()


def test_what_was_erased_here_is_named_and_comes_back_only_when_it_is_wanted(copies):
    home, away, begun = copies
    home.erase_party(_LIBRARY, "Party")

    refused = _take_in(home, away)
    taken = _take_in(home, away, take_back=True)

    assert (refused.count, refused.erased_names, refused.erased_assessments) == (0, ("Party",), 1)
    assert (taken.erased_names, home.assessment(begun).responses) == ((), {"creation": "joint", "payment": "none"})
    assert _take_in(home, away).count == 0
    assert home.leave_out(())[0].assessments == 0
