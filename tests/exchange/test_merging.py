"""What is new in a document, by id; twice is nothing, and what disagrees is refused whole."""

from dataclasses import replace

import pytest
from collected import assessment, collaboration

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


def test_an_assessment_that_went_on_in_two_ways_is_refused(dokk1):
    here = assessment("a1", _ONE, dokk1, [*_GIVEN[:1], ("note", "", "b")])

    with pytest.raises(AssessmentDiffers) as refused:
        plan_merge(_document(assessment("a1", _ONE, dokk1, _GIVEN)), ["Example Library"], [_ONE, _TWO], [here])

    assert refused.value.facts == {"assessment": "a1"}


def test_a_note_that_was_erased_in_one_of_two_copies_is_the_same_note(dokk1):
    written = [*_GIVEN[:1], ("note", "", "b")]
    here, there = assessment("a1", _ONE, dokk1, written), assessment("a1", _ONE, dokk1, [*written, ("note", "", "")])
    erased = tuple(replace(entry, value="") if entry.kind == "note" else entry for entry in there.history)

    for one, other, new in ((here, replace(there, history=erased), 1), (replace(there, history=erased), here, 0)):
        assert plan_merge(_document(other), ["Example Library"], [_ONE, _TWO], [one]).entries == new


@pytest.mark.parametrize("change", [{"version": "9"}, {"digest": "9"}, {"respondent": "R"}, {"collaboration": _TWO}])
def test_an_id_that_means_something_else_here_is_refused(dokk1, change):
    there = assessment("a1", _ONE, dokk1, _GIVEN)

    with pytest.raises(AssessmentDiffers):
        plan_merge(_document(there), ["Example Library"], [_ONE, _TWO], [replace(there, **change)])


@pytest.mark.parametrize("here", [replace(_ONE, party="Another"), replace(_ONE, id="c9")])
def test_a_collaboration_that_is_another_one_here_is_refused(dokk1, here):
    with pytest.raises(CollaborationDiffers):
        plan_merge(_document(), ["Example Library"], [here], [])


def test_another_library_s_document_is_taken_in_only_when_told():
    with pytest.raises(OtherLibrary):
        plan_merge(_document(), ["Home Library"], [], [])

    assert plan_merge(_document(), ["Home Library"], [], [], other_library=True).collaborations == (_ONE, _TWO)
