"""A library's report says beside itself what it leaves out."""

import shutil

import pytest

from assessor import resources
from assessor.bank import open_bank
from assessor.presentation.messages import Messages
from assessor.store import Store
from assessor.usecases.assessments import Assessments
from assessor.usecases.report_writing import report_notes
from assessor.usecases.reporting import OnlyOtherBanks, answered_library_report, library_report


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "assessor.db", create=True) as opened:
        yield opened


def respond(store, bank_name, party):
    assessments = Assessments(store, "Provbiblioteket", open_bank(bank_name))
    opened = assessments.begin(assessments.add_collaboration(party, ""))
    item = opened.instrument.items[0]
    assessments.respond(opened, item.id, item.options[0], f"{bank_name} {party}")


def test_what_was_answered_with_another_questionnaire_is_left_out_and_said(store):
    respond(store, "dokk1", "Kören")
    respond(store, "winwin", "Museet")
    made = answered_library_report(store, "Provbiblioteket", open_bank("dokk1"), "en")

    assert [row.name for row in made.report.rows] == ["Kören"]
    assert (made.report.rescored, made.other_banks) == ((), ("winwin",))
    assert report_notes(made, Messages("en")) == ("Not in this report: answers to the questionnaire winwin",)


def test_a_library_that_answered_other_questionnaires_alone_has_no_report_and_is_told_which(store):
    respond(store, "winwin", "Museet")

    with pytest.raises(OnlyOtherBanks) as refused:
        answered_library_report(store, "Provbiblioteket", open_bank("dokk1"), "sv")
    assert refused.value.facts == {"bank": "dokk1", "others": "winwin"}
    assert library_report(store, "Provbiblioteket", open_bank("dokk1"), "sv").report.rows == ()


def test_a_list_by_one_questionnaire_holds_what_was_answered_with_it_and_what_was_not_begun(store):
    for bank, party in (("winwin", "Museet"), ("dokk1", "Kören"), ("winwin", "Kören")):
        respond(store, bank, party)
    at = Assessments(store, "Provbiblioteket", open_bank("dokk1"))
    at.add_collaboration("Skolan", "")

    def listed(instrument):
        found = at.list_collaborations(instrument)
        return [(each.collaboration.name, each.loaded and each.loaded.instrument.id) for each in found]

    assert listed(None) == [("Museet", "winwin"), ("Kören", "winwin"), ("Skolan", None)]
    assert listed("dokk1") == [("Kören", "dokk1"), ("Skolan", None)]


def test_a_report_in_another_language_than_was_wished_says_so(store, tmp_path):
    other = shutil.ignore_patterns("sv*", "da.yaml", "nb.yaml", "en.yaml", "cases.yaml")
    shutil.copytree(resources.questions_folder() / "winwin", tmp_path / "own", ignore=other)
    respond(store, tmp_path / "own", "Kören")
    made = answered_library_report(store, "Provbiblioteket", open_bank(tmp_path / "own"), "sv")

    assert made.report.language == "fi"
    [note] = report_notes(made, Messages("sv"))
    assert "Svenska" in note
    assert "Suomi" in note
