"""Documents and files in the tab of a published folder, in Chromium: printed, taken out and taken in."""

import io
import shutil
from pathlib import Path

import pypdf
import pytest
from test_published import HERE, Shown, address, chromium, published, visit  # noqa: F401 - fixtures
from web_pages import LIBRARY

from assessor.bank import open_bank
from assessor.report.paper.questionnaire import FormCopy, form_pdf
from assessor.usecases.paper import form_content

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM or not shutil.which("npm"), reason="needs Chromium and npm"),
]


def open_documents(shown: Shown) -> None:
    shown.page.evaluate("document.getElementById('pages').contentWindow.location.assign('/documents')")
    shown.frame.get_by_role("heading", name="Take in").wait_for()


def downloaded(shown: Shown, link: str) -> bytes:
    with shown.page.expect_download() as loading:
        shown.frame.get_by_role("link", name=link, exact=True).click()
    return Path(loading.value.path()).read_bytes()


def take_in(shown: Shown, name: str, data: bytes) -> str:
    """What the page says of a file."""
    open_documents(shown)
    shown.frame.locator("#file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    shown.frame.get_by_role("button", name="Take in").click()
    said = shown.frame.locator(".said, [role=alert]").first
    said.wait_for()
    return said.inner_text()


def a_filled_form() -> bytes:
    """A form of the program's with one answer, as pypdf fills it in."""
    content = form_content(open_bank("dokk1"), "en", library=LIBRARY, copies=[FormCopy(party="Example Choir")])
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(form_pdf(content))), io.BytesIO()
    for sheet in writer.pages:
        writer.update_page_form_field_values(sheet, {"creation": "/joint"}, auto_regenerate=False)
    writer.write(out)
    return out.getvalue()


def test_spreadsheets_and_forms_come_in_with_a_part_that_is_fetched_once_and_then_there_without_a_network(
    visit,  # noqa: F811
    address: str,  # noqa: F811
):
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url))
    shown = Shown(visit, address)
    shown.start()
    shown.begin()
    open_documents(shown)
    assert not [url for url in asked if "files.tar" in url]
    workbook = downloaded(shown, "A spreadsheet (XLSX)")
    assert workbook.startswith(b"PK")
    assert "Nothing in the file was new" in take_in(shown, "answers.xlsx", workbook)
    assert "taken in" in take_in(shown, "form.pdf", a_filled_form())
    assert shown.frame.get_by_text("Example Choir").count()
    assert "cannot be read" in take_in(shown, "broken.pdf", b"%PDF-1.7 broken")

    visit.set_offline(True)
    shown.page.goto(address)
    shown.start()
    shown.begin()
    assert "taken in" in take_in(shown, "form.pdf", a_filled_form())
    assert len([url for url in asked if "files.tar" in url]) == 1
    assert shown.complaints == []


def test_without_the_part_and_a_network_the_page_says_so_and_json_still_comes_in(visit, address: str):  # noqa: F811
    shown = Shown(visit, address)
    shown.start()
    shown.begin()
    everything = shown.save()
    visit.set_offline(True)
    assert "Connect to the network once" in take_in(shown, "form.pdf", a_filled_form())
    assert "Nothing in the file was new" in take_in(shown, "answers.json", everything)


@pytest.mark.parametrize("name", ["wall", "forms", "form", "poster", "cards"])
def test_a_document_is_shown_to_print_with_its_places_and_sizes(visit, address: str, name: str):  # noqa: F811
    shown = Shown(visit, address)
    shown.start()
    shown.begin()
    shown.page.evaluate(f"document.getElementById('pages').contentWindow.location.assign('/documents/{name}')")
    shown.page.wait_for_function(f"() => {HERE}.endsWith('/documents/{name}')")
    shown.frame.get_by_role("link", name="Back").wait_for()
    assert shown.complaints == []
