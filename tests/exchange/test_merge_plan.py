"""What is new in a document, by id; twice is nothing, what went apart is merged, and another thing is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from collected import assessment, collaboration

from assessor.core.merging import conflicts, unreplaced_keys
from assessor.core.responses import Assessment, Entry
from assessor.exchange import AssessmentDiffers, CollaborationDiffers, LibraryDocument, OtherLibrary, plan_merge

_ONE, _TWO = collaboration(1), collaboration(2)
_GIVEN = [("response", "payment", "none"), ("note", "", "a"), ("response", "payment", "shared")]


def _document(*assessments) -> LibraryDocument:
    return LibraryDocument(
        library="Example Library",
        collaborations=(_ONE, _TWO),
        assessments=assessments,
        snapshots={each.id: "text" for each in assessments},
    )


def test_an_empty_store_lacks_all_of_it(dokk1):
    first = assessment("a1", _ONE, dokk1, _GIVEN)

    found = plan_merge(_document(first), (), (), ())

    assert (found.collaborations, found.assessments, found.entries) == ((_ONE, _TWO), (first,), 3)
    assert (found.snapshots, found.count) == ({"a1": "text"}, 6)


def test_the_same_document_twice_brings_nothing(dokk1):
    first = assessment("a1", _ONE, dokk1, _GIVEN)

    found = plan_merge(_document(first), ["Example Library"], [_ONE, _TWO], [first])

    assert (found.collaborations, found.assessments, found.snapshots, found.count) == ((), (), {}, 0)


def test_an_assessment_that_went_on_elsewhere_goes_on_here(dokk1):
    here, there = assessment("a1", _ONE, dokk1, _GIVEN[:1]), assessment("a1", _ONE, dokk1, _GIVEN)

    assert plan_merge(_document(there), ["Example Library"], [_ONE, _TWO], [here]).entries == 2


def test_an_older_copy_takes_nothing_back(dokk1):
    here, there = assessment("a1", _ONE, dokk1, _GIVEN), assessment("a1", _ONE, dokk1, _GIVEN[:1])

    assert plan_merge(_document(there), ["Example Library"], [_ONE, _TWO], [here]).count == 0


def test_an_assessment_that_went_on_in_two_ways_is_merged_and_what_differs_is_told(dokk1):
    base = assessment("a1", _ONE, dokk1, _GIVEN[:1])
    here = _gone_on(base, "response", "payment", "shared", "h1")
    there = _gone_on(_gone_on(base, "response", "payment", "we_pay", "t1"), "note", "", "a", "t2")

    found = plan_merge(_document(there), ["Example Library"], [_ONE, _TWO], [here])

    (merged,) = found.conflicting
    assert (found.entries, merged.responses, merged.notes) == (2, {"payment": "we_pay"}, {"": "a"})
    assert [each.key for each in merged.history] == ["k1", "h1", "t1", "t2"]
    assert [[each.key for each in conflict.entries] for conflict in conflicts(merged.history)] == [["h1", "t1"]]
    assert plan_merge(_document(there), ["Example Library"], [_ONE, _TWO], [merged]).count == 0


def _gone_on(before: Assessment, kind: str, item: str, value: str, key: str) -> Assessment:
    """The assessment with one more thing given in one of its copies."""
    at, replaces = before.changed + timedelta(seconds=1), unreplaced_keys(before.history, kind, item)
    entry = Entry(seq=len(before.history) + 1, kind=kind, item=item, value=value, at=at, key=key, replaces=replaces)
    return replace(before, history=(*before.history, entry), changed=at)


def test_a_note_that_was_erased_in_one_of_two_copies_is_the_same_note(dokk1):
    written = [*_GIVEN[:1], ("note", "", "b")]
    here, there = assessment("a1", _ONE, dokk1, written), assessment("a1", _ONE, dokk1, [*written, ("note", "", "")])
    erased = tuple(replace(entry, value="") if entry.kind == "note" else entry for entry in there.history)

    for one, other, new in ((here, replace(there, history=erased), 1), (replace(there, history=erased), here, 0)):
        assert plan_merge(_document(other), ["Example Library"], [_ONE, _TWO], [one]).entries == new


@pytest.mark.parametrize("change", [{"version": "9"}, {"digest": "9"}, {"respondent": "R"}])
def test_an_id_that_means_something_else_here_is_refused(dokk1, change):
    there = assessment("a1", _ONE, dokk1, _GIVEN)

    with pytest.raises(AssessmentDiffers):
        plan_merge(_document(there), ["Example Library"], [_ONE, _TWO], [replace(there, **change)])


def test_a_collaboration_of_another_library_here_is_refused(dokk1):
    with pytest.raises(CollaborationDiffers):
        plan_merge(_document(), ["Example Library"], [replace(_ONE, library="Another")], [])


def test_a_collaboration_is_the_same_by_its_id_its_names_or_an_assessment_and_keeps_its_name_here(dokk1):
    renamed, twin, begun = replace(_ONE, party="Another"), replace(_TWO, id="c9"), assessment("a1", _ONE, dokk1, _GIVEN)
    cases = {
        "by id": plan_merge(_document(begun), [], [renamed, _TWO], []),
        "by names": plan_merge(_document(assessment("a2", _TWO, dokk1, _GIVEN)), [], [_ONE, twin], []),
        "by an assessment": plan_merge(
            _document(begun),
            [],
            [replace(renamed, id="c9"), _TWO],
            [replace(begun, collaboration=replace(renamed, id="c9"))],
        ),
    }

    assert {case: (each.collaborations, each.other_names) for case, each in cases.items()} == {
        "by id": ((), {"Another": "Party 1"}),
        "by names": ((), {}),
        "by an assessment": ((), {"Another": "Party 1"}),
    }
    assert [each.collaboration for each in cases["by id"].assessments] == [renamed]
    assert [each.collaboration for each in cases["by names"].assessments] == [twin]


def test_a_new_collaboration_with_the_names_of_another_gets_a_number(dokk1):
    """It was renamed in the file, and its old name given to a new one."""
    renamed, new = replace(_ONE, undertaking="Renamed"), replace(_ONE, id="c9")
    document = replace(_document(), collaborations=(renamed, new))

    found = plan_merge(document, [], [_ONE], [])

    assert [(each.id, each.name) for each in found.collaborations] == [("c9", "Party 1 · (2)")]


def test_another_library_s_document_is_taken_in_only_when_told():
    with pytest.raises(OtherLibrary):
        plan_merge(_document(), ["Home Library"], [], [])

    assert plan_merge(_document(), ["Home Library"], [], [], other_library=True).collaborations == (_ONE, _TWO)
