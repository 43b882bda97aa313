"""What the other documents cost: `pytest -m benchmark -s tests/benchmarks/test_documents_speed.py`.

Whole processes, from the store to the file, against headless Chromium printing the same HTML; a Word file for itself.
"""

import sys

import pytest
from measure import cpu_of, ratio, tell
from test_report_speed import CHROMIUM

from assessor import bank
from assessor.bank import open_bank
from assessor.report.draft.pages import draft_document
from assessor.report.guide import guide_document
from assessor.report.paper.posters import TableMaterial, poster_view
from assessor.report.paper.questionnaire import PaperForm, form_view
from assessor.report.render import document_html
from assessor.report.wall import wall_document
from assessor.store import Store
from assessor.usecases.reporting import example_report, library_report, make_draft, report_date

pytestmark = pytest.mark.benchmark

ASSESSOR = (sys.executable, "-m", "assessor")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A store with the example library in it, 80 collaborations in all."""
    found = tmp_path_factory.mktemp("home")
    rows = example_report(open_bank("dokk1"), "sv").rows
    with Store.open(found / "assessor.db", create=True) as store:
        snapshot, instrument = bank.open_bank("dokk1").snapshot, bank.open_bank("dokk1").instrument
        for at in range(80):
            row = rows[at % len(rows)]
            one = row.assessment.collaboration
            made = store.add_collaboration("Exempelbiblioteket", f"{one.party} {at}", one.undertaking)
            id_ = store.begin_assessment(made.id, instrument, snapshot)
            for item, given in row.assessment.responses.items():
                store.record_entry(id_, "response", item, given)
    return found


def html_of(kind, language, home):
    with Store.open(home / "assessor.db", write=False) as store:
        if kind == "wall":
            return document_html(
                wall_document(library_report(store, "Exempelbiblioteket", open_bank("dokk1"), language).report)
            )
        if kind in ("form", "poster"):
            facts = {
                "instrument": open_bank("dokk1").instrument,
                "wording": open_bank("dokk1").wording(language),
                "language": language,
                "made": report_date(),
                "program": "0.1.0",
            }
            return (form_view(PaperForm(**facts)) if kind == "form" else poster_view(TableMaterial(**facts))).page()
        if kind == "guide":
            return document_html(
                guide_document(
                    language,
                    report_date(),
                    "0.1.0",
                    open_bank("dokk1").instrument,
                    open_bank("dokk1").wording(language),
                    has_cases=True,
                )
            )
        one = store.collaborations("Exempelbiblioteket")[0]
        return document_html(
            draft_document(*make_draft(store, "Exempelbiblioteket", one, open_bank("dokk1"), language))
        )


def command(kind, language, home):
    with Store.open(home / "assessor.db", write=False) as store:
        name = store.collaborations("Exempelbiblioteket")[0].name
    return {
        "wall": (*ASSESSOR, "--lang", language, "wall"),
        **{paper: (*ASSESSOR, paper, "--lang", language) for paper in ("guide", "form", "poster")},
        "draft": (*ASSESSOR, "draft", name, "--lang", language, "--format", "pdf"),
        "word": (*ASSESSOR, "draft", name, "--lang", language),
    }[kind]


CASES = [
    *(("wall", language) for language in ("sv", "en")),
    *(("draft", language) for language in ("sv", "fi", "da", "nb", "en")),
    *((kind, language) for kind in ("guide", "form", "poster") for language in ("sv", "en")),
]


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_document_as_a_whole_process_against_chromium(kind, language, home, tmp_path):
    page, ours, theirs = tmp_path / "page.html", tmp_path / "ours.pdf", tmp_path / "theirs.pdf"
    page.write_text(html_of(kind, language, home), encoding="utf-8")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    made = (*command(kind, language, home), "--overwrite", "-o", str(ours))
    tell(
        f"{kind} in {language} / Chromium printing the same page",
        ratio(
            lambda: cpu_of(made, ASSESSOR_HOME=str(home)),
            lambda: cpu_of((*CHROMIUM, profile, f"--print-to-pdf={theirs}", page.as_uri())),
            3,
        ),
        "at most 1.5",
    )

    assert ours.read_bytes()[:5] == theirs.read_bytes()[:5] == b"%PDF-"


def test_a_word_file_against_the_same_draft_as_pages(home, tmp_path):
    word, pages = tmp_path / "ours.docx", tmp_path / "ours.pdf"
    made = (*command("word", "sv", home), "--overwrite", "-o", str(word))
    printed = (*command("draft", "sv", home), "--overwrite", "-o", str(pages))
    tell(
        "draft as Word file / the same as PDF",
        ratio(lambda: cpu_of(made, ASSESSOR_HOME=str(home)), lambda: cpu_of(printed, ASSESSOR_HOME=str(home)), 3),
        "at most 1.5",
    )

    assert word.read_bytes()[:2] == b"PK"
