"""Forms into a store: once, whole, by the library meant; and an older form never takes anything back."""

from dataclasses import replace
from unicodedata import normalize

import pytest
from papers import NAMES, a_form, fill

from assessor import bank
from assessor.bank import open_bank
from assessor.core.paper_fields import LIBRARY_FIELD, PARTY_FIELD, UNDERTAKING_FIELD
from assessor.core.scoring import assess
from assessor.exchange.filled_forms import FormsRefused
from assessor.report.paper.questionnaire import FormCopy, form_pdf
from assessor.store import Store
from assessor.usecases import paper

ANSWERS = NAMES | {"creation": "/joint", "payment": "/dont_know", "note-payment": "Oklart"}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "answers.db", create=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def answered(blank):
    return fill(blank, ANSWERS)


def take(store, *files, **asked):
    found, empty = paper.read_filled_forms([(f"{at}.pdf", data) for at, data in enumerate(files)], open_bank("dokk1"))
    return paper.import_forms(store, found, open_bank("dokk1"), empty=empty, **asked)


def kept(store):
    return [each for library in store.libraries() for each in store.assessments(library=library)]


def count(taken):
    return taken.collaborations, taken.assessments, taken.entries


def refused(store, *files, **asked):
    before = store.content_hash()
    with pytest.raises(FormsRefused) as error:
        take(store, *files, **asked)
    assert store.content_hash() == before
    return [problem.message(str) for problem in error.value.problems]


@pytest.fixture(scope="module")
def of_1_0():
    """A blank form as version 1.0 printed it."""
    then = bank.open_bank("dokk1").earlier("1.0")
    return form_pdf(replace(a_form("dokk1", "sv"), instrument=then.instrument, wording=then.wording("sv")))


BOUGHT = {"creation": "/ready", "payment": "/we_pay", "price": "/delivery", "note-payment": "Varje år"}


def test_names_in_parted_letters_or_with_other_blanks_are_those_that_are_kept(store, blank):
    given = {"creation": "/joint"}
    parted = normalize("NFD", "Åmåls  bibliotek\u200b")
    first = take(store, fill(blank, NAMES | given | {LIBRARY_FIELD: "Åmåls bibliotek"}), library=parted)
    names = {PARTY_FIELD: "Exempelko\u0308ren\u00ad", UNDERTAKING_FIELD: "Sång\u00a0 på torget", LIBRARY_FIELD: parted}
    again = take(store, fill(blank, NAMES | given | names), library="Åmåls bibliotek")

    assert (count(first), count(again)) == ((1, 1, 1), (0, 0, 0))
    assert store.libraries() == ("Åmåls bibliotek",)


def test_a_form_of_an_earlier_version_is_carried_over_and_what_hangs_on_a_reading_is_asked_again(store, of_1_0):
    filled = fill(of_1_0, NAMES | BOUGHT)
    taken = take(store, filled)
    (assessment,) = kept(store)

    assert (count(taken), taken.carried) == ((1, 1, 3), ("0.pdf",))
    assert assessment.version == open_bank("dokk1").instrument.version
    assert (assessment.responses, assessment.notes) == (
        {"creation": "ready", "price": "delivery"},
        {"payment": "Varje år"},
    )
    assert count(take(store, filled)) == (0, 0, 0)


def test_a_corrected_form_of_an_earlier_version_goes_to_the_answers_that_were_taken_in_under_it(store, of_1_0):
    then = bank.open_bank("dokk1").earlier("1.0")
    found, _ = paper.read_filled_forms([("0.pdf", fill(of_1_0, NAMES | BOUGHT))], then)
    paper.import_forms(store, found, then)
    take(store, fill(of_1_0, NAMES | BOUGHT | {"payment": "/they_pay"}))
    (assessment,) = kept(store)

    assert (assessment.version, assessment.responses["payment"]) == ("1.0", "they_pay")


def test_no_form_brings_back_what_was_erased(store, answered):
    take(store, answered)
    (assessment,) = kept(store)
    store.erase_collaboration(assessment.collaboration.id)
    again = take(store, answered)

    assert (count(again), again.left_out.assessments, kept(store)) == ((0, 0, 0), 1, [])


def test_a_form_becomes_an_assessment_with_its_history(store, answered):
    taken = take(store, answered)
    (assessment,) = kept(store)

    assert count(taken) == (1, 1, 3)
    assert assessment.id.startswith("form-")
    assert assessment.collaboration.name == "Exempelkören · Sång på torget"
    assert assessment.collaboration.library == "Exempelbiblioteket"
    assert (assessment.responses, assessment.notes) == (
        {"creation": "joint", "payment": "dont_know"},
        {"payment": "Oklart"},
    )
    assert [(each.seq, each.kind, each.item) for each in assessment.history] == [
        (1, "response", "creation"),
        (2, "response", "payment"),
        (3, "note", "payment"),
    ]


def test_the_same_form_again_adds_nothing_whatever_its_file_is_called(store, answered):
    take(store, answered)
    before = store.content_hash()
    again = take(store, answered, answered)

    assert count(again) == (0, 0, 0)
    assert again.nothing_new == ("0.pdf", "1.pdf")
    assert store.content_hash() == before


def test_a_form_that_was_changed_adds_what_is_new_to_the_same_assessment(store, blank, answered):
    take(store, answered)
    taken = take(store, fill(blank, ANSWERS | {"creation": "/ready", "track": "/no"}))
    (assessment,) = kept(store)

    assert count(taken) == (0, 0, 2)
    assert assessment.responses == {"payment": "dont_know", "creation": "ready", "track": "no"}
    assert len(assessment.history) == 5


def test_a_form_that_names_another_note_to_be_quoted_puts_it_in_place_of_the_one_before(store, blank, answered):
    take(store, fill(blank, ANSWERS | {"quoted-note": "0"}))
    take(store, fill(blank, ANSWERS | {"quoted-note": "1"}))
    (assessment,) = kept(store)

    assert assessment.quoted == {"": False, "creation": True}


def test_an_older_form_given_once_more_takes_nothing_back(store, blank, answered):
    newer = fill(blank, ANSWERS | {"creation": "/ready"})
    take(store, answered)
    take(store, newer)

    assert count(take(store, answered)) == count(take(store, answered, newer)) == (0, 0, 0)
    assert kept(store)[0].responses["creation"] == "ready"


def test_a_form_taken_in_before_undoes_nothing_that_was_changed_at_the_keyboard(store, answered):
    take(store, answered)
    (assessment,) = kept(store)
    store.record_entry(assessment.id, "response", "creation", "parallel")

    assert count(take(store, answered)) == (0, 0, 0)
    assert kept(store)[0].responses["creation"] == "parallel"


def test_what_is_left_empty_on_a_changed_form_withdraws_nothing(store, blank, answered):
    take(store, answered)
    take(store, fill(blank, NAMES | {"track": "/some"}))

    assert kept(store)[0].responses == {"creation": "joint", "payment": "dont_know", "track": "some"}


def test_two_forms_of_one_collaboration_that_disagree_are_refused_as_neither_is_known_to_be_the_later(
    store, blank, answered
):
    (problem,) = refused(store, answered, fill(blank, ANSWERS | {"creation": "/ready"}))

    assert problem.startswith("1.pdf: it gives other answers than 0.pdf about the same collaboration")
    assert kept(store) == []


def test_initials_tell_two_respondents_apart(store, blank):
    one = fill(blank, ANSWERS | {"name-respondent": "A"})
    other = fill(blank, ANSWERS | {"name-respondent": "B", "creation": "/ready"})

    assert count(take(store, one, other)) == (1, 2, 6)
    assert {each.respondent: each.responses["creation"] for each in kept(store)} == {"A": "joint", "B": "ready"}


def test_a_form_made_on_a_later_day_assesses_anew(store, answered, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    take(store, answered)
    taken = take(store, fill(form_pdf(paper.form_content(open_bank("dokk1"), "sv")), ANSWERS | {"creation": "/ready"}))

    assert count(taken) == (0, 1, 3)
    assert [each.responses["creation"] for each in kept(store)] == ["joint", "ready"]


def test_one_form_that_is_refused_keeps_out_all(store, answered, blank):
    broken = fill(blank, {"creation": "/joint"})

    assert refused(store, answered, broken) == [
        "1.pdf, page 1, name-party: the other party has no name; write it in the form and save it again"
    ]
    assert kept(store) == []


def test_the_library_is_the_one_asked_for_else_the_one_named_else_the_only_one(store, blank):
    unnamed = {name: value for name, value in ANSWERS.items() if name != "name-library"}
    store.add_library("Exempelbiblioteket")
    take(store, fill(blank, unnamed))
    take(store, fill(blank, unnamed | {"name-library": "Andra biblioteket"}), other_library=True)
    take(store, fill(blank, unnamed | {"name-party": "Tredje"}), library="Andra biblioteket")

    assert {library: len(store.assessments(library=library)) for library in store.libraries()} == {
        "Exempelbiblioteket": 1,
        "Andra biblioteket": 2,
    }


def test_a_library_is_never_guessed(store, blank, answered):
    unnamed = fill(blank, {name: value for name, value in ANSWERS.items() if name != "name-library"})
    assert "does not say which library it is from" in refused(store, unnamed)[0]

    store.add_library("Hemma")
    assert "is from another library (Exempelbiblioteket)" in refused(store, answered)[0]
    assert "is from Exempelbiblioteket and not from Hemma" in refused(store, answered, library="Hemma")[0]
    store.add_library("Borta")
    assert "does not say which library it is from" in refused(store, unnamed)[0]


def test_a_form_that_nothing_is_written_in_begins_nothing(store, blank):
    taken = take(store, blank, fill(blank, NAMES))

    assert (count(taken), taken.empty) == ((0, 0, 0), ("0.pdf", "1.pdf"))
    assert store.libraries() == ()


def test_a_form_with_its_names_filled_in_finds_its_collaboration(store, made):
    there = store.add_collaboration("Exempelbiblioteket", "Exempelkören", "Sång på torget")
    taken = take(store, fill(made("forms", "dokk1", "fi"), {"1.creation": "/joint"}))

    assert count(taken) == (0, 1, 1)
    assert kept(store)[0].collaboration.id == there.id


def test_a_verdict_from_paper_is_the_verdict_from_the_keyboard(store, blank):
    instrument = bank.open_bank("dokk1").instrument
    responses = {item.id: item.options[-1] for item in instrument.items}
    take(store, fill(blank, NAMES | {item: f"/{option}" for item, option in responses.items()}))
    (assessment,) = kept(store)

    assert assess(instrument, assessment.responses) == assess(instrument, responses)


def test_a_dry_run_says_what_would_be_new_and_keeps_nothing(store, answered):
    before = store.content_hash()

    assert count(take(store, answered, dry_run=True)) == (1, 1, 3)
    assert (store.content_hash(), kept(store)) == (before, [])


def test_sixty_collaborations_are_the_most_for_one_file():
    with pytest.raises(paper.TooManyForms):
        paper.form_content(open_bank("dokk1"), "sv", copies=[FormCopy(party="A")] * 61)
