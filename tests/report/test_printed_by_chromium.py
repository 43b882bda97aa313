"""The pages to print as Chromium prints them: as many sheets as the PDFs have, whole, tagged, and what veraPDF misses.

They are not promised to be PDF/UA; the pages say what is lacking, and these tests that nothing else is.
"""

import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pypdf
import pytest
import verapdf

from assessor.bank import open_bank
from assessor.presentation.terms import Terms
from assessor.report.draft.clauses import draft_of
from assessor.report.draft.pages import draft_document
from assessor.report.paper.posters import cards_view, poster_view
from assessor.report.paper.questionnaire import FormCopy, form_page, form_view
from assessor.report.render import document_html, report_html
from assessor.report.wall import wall_document
from assessor.usecases.paper import form_content, table_content
from assessor.usecases.reporting import example_report

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")]
sync_api = pytest.importorskip("playwright.sync_api")

BANK = open_bank("dokk1")
LANGUAGES = ("da", "en", "fi", "nb", "sv")
A4, A3 = (595, 842), (1191, 842)
#: A name that fits on no line of a form.
LONG = FormCopy(party="Ö" * 190 + " end", undertaking="A very long name " * 9)
#: What veraPDF misses in a PDF of Chromium's, and the pages say: what the file is, and what its links lead to; then
#: drawings without a tag, and rows of a table that do not fill it.
MISSED = {"7.1-8", "7.18.1-2", "7.18.5-2", "7.1-3", "7.2-43"}


def pages_to_print(language: str) -> dict[str, str]:
    report = example_report(BANK, language)
    terms = Terms(report.language, report.instrument, report.wording)
    names = [(row.assessment.collaboration.party, row.assessment.collaboration.undertaking) for row in report.rows]
    table = table_content(BANK, language, library=report.library, names=names)
    copies = [FormCopy(party=party, undertaking=undertaking) for party, undertaking in names[:2]]
    draft = draft_of(report.rows[0], terms, report.made, report.program, None, {})
    return {
        "report": report_html(report),
        "wall": document_html(wall_document(report)),
        "poster": poster_view(table).page(),
        "cards": cards_view(table).page(),
        "form": form_page(form_content(BANK, language, library=report.library)),
        "forms": form_page(form_content(BANK, language, library=report.library, copies=[*copies, LONG])),
        "draft": document_html(draft_document(draft, terms)),
    }


@pytest.fixture(scope="module")
def printed() -> Iterator[Callable[[str], bytes]]:
    """Print HTML as the browser's own print does."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(java_script_enabled=False)

        def as_pdf(html: str) -> bytes:
            page.set_content(html)
            return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)

        yield as_pdf
        browser.close()


class _Words(HTMLParser):
    """The words of a page, but for those of its head."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.hidden = "", False

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.hidden = self.hidden or tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = self.hidden and tag not in ("style", "title")

    def handle_data(self, data: str) -> None:
        self.text += "" if self.hidden else f" {data}"


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def lost_words(html: str, pdf: bytes) -> list[str]:
    """Words of the page that are not in the PDF, as `pdftotext` reads it; those broken at an edge count as there."""
    reader = _Words()
    reader.feed(html)
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    joined = re.sub(r"\s", "", text.casefold())
    return [word for word in words(reader.text) - words(text) if word not in joined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_are_as_many_and_as_large_as_those_of_the_pdfs_and_no_word_is_lost(printed, language: str) -> None:
    sheets = {}
    for kind, html in pages_to_print(language).items():
        pdf = printed(html)
        read = pypdf.PdfReader(io.BytesIO(pdf))
        sheets[kind] = [(round(page.mediabox.width), round(page.mediabox.height)) for page in read.pages]
        assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert read.trailer["/Root"]["/Lang"]
        assert lost_words(html, pdf) == []

    assert sheets["wall"] == sheets["poster"] == [A3]
    of_a_form = len(form_view(form_content(BANK, language)).facts["form"].pages)
    assert (sheets["form"], sheets["forms"]) == ([A4] * of_a_form, [A4] * of_a_form * 3)
    assert set(sheets["cards"]) == {A4}
    assert (set(sheets["report"]), set(sheets["draft"])) == ({A4}, {A4})
    assert (len(sheets["report"]), len(sheets["draft"])) <= (9, 4)


@pytest.mark.java
def test_verapdf_misses_no_more_than_the_pages_say(printed) -> None:
    pdfs = {kind: printed(html) for kind, html in pages_to_print("en").items()}
    found = {
        kind: {failure.partition(":")[0] for failure in verapdf.failures(pdf, "ua1")} for kind, pdf in pdfs.items()
    }

    assert all("7.1-8" in missed for missed in found.values())
    assert set().union(*found.values()) <= MISSED
