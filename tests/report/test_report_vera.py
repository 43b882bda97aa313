"""What real veraPDF says of a whole report."""

import io
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pytest
import verapdf
from PIL import Image

from assessor.core.library_profile import Logo
from assessor.presentation.report import Report
from assessor.report.pdf.layout import report_pdf

pytestmark = pytest.mark.java


@pytest.mark.parametrize("language", ["sv_FI", "fi"])
def test_a_report_conforms_to_pdf_ua_1(mixed: Callable[[str], Report], language: str) -> None:
    assert verapdf.failures(report_pdf(mixed(language)), "ua1") == []


def test_an_archival_report_with_a_logo_conforms_to_pdf_ua_1_and_pdf_a_3a(mixed: Callable[[str], Report]) -> None:
    out, report = io.BytesIO(), mixed("en")
    Image.new("RGBA", (60, 30), (20, 90, 120, 128)).save(out, "PNG")
    logo = Logo(media="image/png", content=out.getvalue(), at=report.rows[0].assessment.changed)
    data = report_pdf(replace(report, logo=logo), answers=b"[]")

    assert (verapdf.failures(data, "ua1"), verapdf.failures(data, "3a")) == ([], [])


def test_verapdf_would_have_said_so() -> None:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(90, 90)
    writer.write(out)

    assert verapdf.failures(out.getvalue(), "ua1") != []
