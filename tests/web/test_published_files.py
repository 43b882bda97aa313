"""Documents and files in the tab of a published folder, in Chromium: printed, taken out and taken in."""

import shutil
from pathlib import Path

import pytest
from test_published import HERE, Shown, address, chromium, published, visit  # noqa: F401 - fixtures

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
    said = shown.frame.locator("[role=status], [role=alert], .refused, .said").first
    said.wait_for()
    return said.inner_text()


def test_spreadsheets_go_out_and_come_back_and_what_reads_them_stays_without_a_network(visit, address: str):  # noqa: F811
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url))
    shown = Shown(visit, address)
    shown.start()
    shown.begin()
    open_documents(shown)
    workbook = downloaded(shown, "A spreadsheet (XLSX)")
    assert workbook.startswith(b"PK")
    print(take_in(shown, "answers.xlsx", workbook))
    print([u for u in asked if "files.tar" in u])
    print(shown.complaints)
