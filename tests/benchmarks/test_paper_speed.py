"""What paper costs: `pytest -m benchmark -s tests/benchmarks/test_paper_speed.py`.

Whole processes against headless Chromium printing the same pages, and forms read back.
"""

import sys
from dataclasses import replace
from datetime import date

import pytest
from measure import cpu_here, cpu_of, ratio, tell

from assessor import __version__, bank
from assessor.exchange import pdf_fields
from assessor.report.paper.posters import TableMaterial, cards_view, poster_view
from assessor.report.paper.questionnaire import FormCopy, PaperForm, form_pdf, form_view

pytestmark = pytest.mark.benchmark

CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer"),
)
LANGUAGES = ("da", "en", "fi", "nb", "sv")


def html(kind: str, language: str) -> str:
    """The pages with their style, in whatever typeface the browser has."""
    facts = {
        "instrument": bank.open_bank("dokk1").instrument,
        "wording": bank.open_bank("dokk1").wording(language),
        "language": language,
        "made": date(2026, 11, 22),
        "program": __version__,
    }
    if kind == "form":
        view = form_view(PaperForm(**facts))
    else:
        view = (poster_view if kind == "poster" else cards_view)(TableMaterial(**facts))
    return view.html().replace("</head>", f"<style>{view.style()}</style></head>")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["form", "poster", "cards"])
def test_each_kind_in_each_language_as_a_whole_process_against_chromium(kind, language, tmp_path):
    page, ours, theirs = tmp_path / "page.html", tmp_path / "ours.pdf", tmp_path / "theirs.pdf"
    page.write_text(html(kind, language), encoding="utf-8")
    command = (sys.executable, "-m", "assessor", kind, "--lang", language, "--overwrite", "-o", str(ours))
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    home = str(tmp_path / "home")
    tell(
        f"{kind} {language} / Chromium printing the same page",
        ratio(
            lambda: cpu_of(command, ASSESSOR_HOME=home),
            lambda: cpu_of((*CHROMIUM, profile, f"--print-to-pdf={theirs}", page.as_uri())),
            3,
        ),
        "at most 1.5",
    )

    assert ours.read_bytes()[:5] == theirs.read_bytes()[:5] == b"%PDF-"


def test_sixty_collaborations_made_and_read_against_one():
    form = PaperForm(
        instrument=bank.open_bank("dokk1").instrument,
        wording=bank.open_bank("dokk1").wording("sv"),
        language="sv",
        made=date(2026, 11, 22),
        program=__version__,
    )
    copies = tuple(FormCopy(party=f"Exempel {number}") for number in range(60))
    many = replace(form, copies=copies)
    data, all_data = form_pdf(form), form_pdf(many)
    sys.stdout.write(f"\none form {len(data)} bytes, sixty {len(all_data)} bytes")
    made = ratio(lambda: cpu_here(lambda: form_pdf(many)), lambda: cpu_here(lambda: form_pdf(form)), 3)
    tell("sixty made / one", made, "at most 60")
    read = ratio(
        lambda: cpu_here(lambda: pdf_fields.read(all_data)), lambda: cpu_here(lambda: pdf_fields.read(data)), 3
    )
    tell("sixty read / one", read, "at most 60")

    assert len(pdf_fields.read(all_data).fields) == 60 * 44 + 1
