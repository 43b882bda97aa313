"""What real veraPDF says of one document of each kind, and in the full lane of every kind in every language."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import test_documents_looking as looking
from document_values import LANGUAGES, LONG, LONGER, MADE, STRATEGIC, UNKNOWN, a_guide, a_report, a_row, a_speech, many
from PIL import Image

from assessor.core.library_profile import Logo
from assessor.report.draft.clauses import draft_of
from assessor.report.draft.pages import draft_document
from assessor.report.pdf.layout import document_pdf, report_pdf
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


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", looking.KINDS)
def test_every_kind_conforms_to_pdf_ua_1_in_every_language(kind: str, language: str) -> None:
    assert verapdf.failures(looking.KINDS[kind](language, 3), "ua1") == []


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_archival_report_with_a_logo_conforms_to_both_in_every_language(language: str) -> None:
    out, report = io.BytesIO(), a_report(many(12), language)
    Image.new("RGBA", (60, 30), (20, 90, 120, 128)).save(out, "PNG")
    logo = Logo(media="image/png", content=out.getvalue(), at=report.rows[0].assessment.changed)
    data = report_pdf(replace(report, logo=logo), answers=b"[]")

    assert (verapdf.failures(data, "ua1"), verapdf.failures(data, "3a")) == ([], [])
