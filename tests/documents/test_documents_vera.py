"""What real veraPDF says of one document of each kind."""

import sys
from pathlib import Path

import pytest
from document_values import LONG, LONGER, MADE, STRATEGIC, UNKNOWN, a_guide, a_report, a_row, a_speech, many

from assessor.report.draft.clauses import draft_of
from assessor.report.draft.pages import draft_document
from assessor.report.pdf.layout import document_pdf
from assessor.report.wall import wall_document

sys.path.append(str(Path(__file__).parents[1] / "report"))  # its veraPDF, when these tests run alone
import verapdf

pytestmark = pytest.mark.java

KINDS = {
    "wall": lambda: wall_document(a_report(many(24, LONG, LONGER), "fi"), 3),
    "agreement": lambda: draft_document(draft_of(a_row(STRATEGIC), a_speech("sv"), MADE, "0.1.0"), a_speech("sv")),
    "intent": lambda: draft_document(draft_of(a_row(UNKNOWN), a_speech("nb"), MADE, "0.1.0", "intent"), a_speech("nb")),
    "guide": lambda: a_guide("sv"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_conforms_to_pdf_ua_1(kind: str) -> None:
    assert verapdf.failures(document_pdf(KINDS[kind]()), "ua1") == []
