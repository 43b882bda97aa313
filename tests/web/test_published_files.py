"""Documents and files in the tab of a published folder, in Chromium: printed, taken out and taken in."""

import io
from itertools import count
from pathlib import Path

import pypdf
from web_pages import LIBRARY
from web_published import HERE, Shown, Static, needs_published

from assessor.bank import open_bank
from assessor.report.paper.questionnaire import FormCopy, form_pdf
from assessor.usecases.paper import form_content

pytestmark = needs_published
_NUMBERS = count()
#: Whether what reads spreadsheets and forms is in the browser.
PART_KEPT = "async () => Boolean(await caches.match(new URL('published/files.tar', location.href)))"


def go_to(shown: Shown, path: str) -> None:
    """Show a page anew, also the one that is shown."""
    address = f"{path}?{next(_NUMBERS)}"
    shown.page.evaluate(f"() => document.getElementById('pages').contentWindow.location.assign('{address}')")
    shown.page.wait_for_function(f"() => {HERE}.endsWith('/{address}')")
    shown.frame.locator("body").wait_for()


def open_documents(shown: Shown) -> None:
    go_to(shown, "documents")
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
    said = shown.frame.locator(".said, [role=alert], main:has(h1:text('That did not work'))").first
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


def begun(visit, static: Static) -> Shown:
    shown = Shown(visit.new_page(), static.address).start()
    shown.begin()
    shown.wait_until_kept()
    return shown


def test_without_the_part_and_a_network_the_page_says_so_and_json_still_comes_in(visit, static: Static):
    shown = begun(visit, static)
    everything = shown.save()
    visit.set_offline(True)
    told = [take_in(shown, "form.pdf", a_filled_form()), take_in(shown, "answers.json", everything)]
    visit.set_offline(False)
    shown.page.close()

    assert "Connect to the network once" in told[0]
    assert "Nothing in the file was new" in told[1]


def test_spreadsheets_and_forms_come_in_with_a_part_that_the_second_visit_fetches(visit, static: Static):
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url))
    begun(visit, static).page.close()
    shown = begun(visit, static)
    for _ in range(150):
        if shown.page.evaluate(PART_KEPT):
            break
        shown.page.wait_for_timeout(200)
    visit.set_offline(True)
    open_documents(shown)
    workbook = downloaded(shown, "A spreadsheet (XLSX)")
    told = [take_in(shown, "answers.xlsx", workbook), take_in(shown, "form.pdf", a_filled_form())]
    told.append(take_in(shown, "broken.pdf", b"%PDF-1.7 broken"))
    table = "The other party\nÖstra skolan i Åre\n"
    told += [take_in(shown, f"{code}.csv", table.encode(code)) for code in ("cp1252", "cp850")]
    fetched = [url for url in asked if "files.tar" in url]
    shown.page.close()
    again = begun(visit, static)
    told.append(take_in(again, "form.pdf", a_filled_form()))
    again.page.close()
    visit.set_offline(False)

    assert workbook.startswith(b"PK")
    assert "Nothing in the file was new" in told[0]
    assert "The file was taken in" in told[1]
    assert "cannot be read as a PDF" in told[2]
    assert "The file was taken in" in told[3]
    assert "its letters may be those of Windows or of another system" in told[4]
    assert "The file was taken in" in told[5]
    assert len(fetched) == 1


def test_every_document_is_shown_to_print_and_leads_back(visit, static: Static):
    shown = begun(visit, static)
    for name in ("wall", "forms", "form", "poster", "cards"):
        go_to(shown, f"documents/{name}")
        shown.frame.get_by_role("link", name="Back").wait_for()
    shown.frame.get_by_role("link", name="Back").click()
    shown.frame.get_by_role("heading", name="Take in").wait_for()
    shown.page.close()

    assert shown.complaints == []
