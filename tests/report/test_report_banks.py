"""Any bank's report: with five levels, and with none."""

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest
from report_values import a_row

from assessor import bank
from assessor.presentation.report import Report
from assessor.report.pdf.layout import report_pdf

FIVE = Path(__file__).parents[1] / "bank" / "banks" / "five_levels"


@pytest.mark.parametrize("name", ["winwin", FIVE], ids=["no levels", "five levels"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_worked_case_of_another_bank_has_its_page(name, language):
    instrument, words = bank.open_bank(name).instrument, bank.open_bank(name).wording(language)
    cases = bank.open_bank(name).cases
    rows = tuple(a_row(instrument, case.responses, party=f"Part {case.id}") for case in cases)
    report = Report(
        library="Exempelbiblioteket",
        rows=rows,
        instrument=instrument,
        wording=words,
        language=language,
        made=date(2026, 11, 22),
        program="0",
    )

    pages = pypdf.PdfReader(io.BytesIO(report_pdf(report))).pages
    text = "".join("".join(page.extract_text().split()) for page in pages).casefold()

    certain = {case.placements[0] for case in cases if len(case.placements) == 1}
    told = [words.placements[placement].name for placement in certain] + [f"Part {case.id}" for case in cases]
    assert [each for each in told if "".join(each.split()).casefold() not in text] == []
