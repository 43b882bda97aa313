"""The pages as a browser runs them: without threads or cookies of its own, framed by the page they came with."""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.parse import urlencode

import pytest
from web_pages import LIBRARY, sheet

from assessor import platform_calls
from assessor.bank import open_bank
from assessor.usecases.assessments import new_key
from assessor.usecases.published_folder import LIBRARIES
from assessor.web import in_browser
from assessor.web.in_browser import BrowserPages, HttpResponse, TakenIn, open_pages, warm_up


@pytest.fixture
def pages(home: Path, monkeypatch: pytest.MonkeyPatch) -> BrowserPages:
    monkeypatch.setattr(platform_calls, "is_in_browser", lambda: True)
    return open_pages("dokk1", "en", "", str(home))


def get(pages: BrowserPages, address: str) -> HttpResponse:
    return asyncio.run(pages.handle("GET", address, [], b""))


def send(pages: BrowserPages, address: str, **given: str) -> HttpResponse:
    """The first form of a page, filled in."""
    form = next(each for each in sheet(get(pages, address).body.decode()).forms if each["action"] != "/language")
    fields = {name: value for name, value in form["fields"] if name not in given} | given
    headers = [("content-type", "application/x-www-form-urlencoded")]
    return asyncio.run(pages.handle("POST", form["action"], headers, urlencode(fields).encode()))


def test_a_form_is_answered_with_its_own_redirect_and_the_next_page_knows_the_reader(pages: BrowserPages):
    told = send(pages, "/", name=LIBRARY)

    assert (told.status, dict(told.headers)["location"]) == (303, "/")
    assert LIBRARY in get(pages, "/").body.decode()


def test_pages_may_stand_in_a_frame_of_their_own_origin_and_no_other(pages: BrowserPages):
    send(pages, "/", name=LIBRARY)

    for address in ("/", "/report.pdf"):
        assert "frame-ancestors 'self'" in dict(get(pages, address).headers)["content-security-policy"]


def test_every_document_is_a_page_to_print_with_the_way_back_and_what_needs_the_program_says_so(pages: BrowserPages):
    send(pages, "/", name=LIBRARY)
    send(pages, "/new", party="Example School", undertaking="Evenings")

    documents = ("/report.pdf", *(f"/documents/{name}" for name in ("wall", "forms", "form", "poster", "cards")))
    shown = [get(pages, address).body.decode() for address in documents]
    assert all(page.startswith("<!DOCTYPE html>") and 'href="/documents"' in page for page in shown)
    assert ["Example School" in page for page in shown] == [True, True, True, False, False, True]
    assert [get(pages, each).status for each in ("/documents", "/profile", "/calendar.ics", "/answers/json")] == [
        200
    ] * 4
    refused = get(pages, "/documents/archive")
    assert refused.status == 422
    assert "make it with the installed program" in refused.body.decode()


def test_nothing_is_called_saved_that_is_not_in_a_file(pages: BrowserPages):
    send(pages, "/", name=LIBRARY)
    begun = dict(send(pages, "/new", party="Example School", undertaking="").headers)["location"]
    send(pages, f"{begun}/gut", response="network")

    for address in (
        "/",
        "/new",
        f"{begun}/gut",
        f"{begun}/mode",
        f"{begun}/check",
        f"{begun}/verdict",
        "/profile",
        "/documents",
    ):
        assert "saved" not in get(pages, address).body.decode().replace("data-saved", "")


def test_under_a_folder_every_address_of_a_page_begins_with_it(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(platform_calls, "is_in_browser", lambda: True)
    pages = open_pages("dokk1", "en", "", str(home), "/some/folder")
    get(pages, "/some/folder/")
    form = [("content-type", "application/x-www-form-urlencoded")]
    told = asyncio.run(
        pages.handle(
            "POST", "/some/folder/library", form, urlencode({"key": new_key(), "name": 'a href="/x"'}).encode()
        )
    )
    page, style = get(pages, "/some/folder/").body.decode(), get(pages, "/some/folder/look/pages.css").body.decode()

    assert dict(told.headers)["location"] == "/some/folder/"
    addresses = re.findall(r'(?:href|src|action)="([^"#]*)"', page) + re.findall(r"url\((/[^)]*)", style)
    assert len(addresses) > 10
    assert [each for each in addresses if not each.startswith(("/some/folder/", "data:"))] == []
    assert "a href=&#34;/x&#34;" in page


def test_everything_that_is_imported_is_published():
    """No library that a folder lacks is imported before somebody asks for what needs it."""
    script = (
        "import sys; before = set(sys.modules); import assessor.web.in_browser; "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    imported = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    published = {
        name for name, owners in packages_distributions().items() if {each.lower() for each in owners} & set(LIBRARIES)
    }

    assert set(imported) - set(sys.stdlib_module_names) - published == {"assessor"}


def test_what_is_made_ready_holds_nothing_and_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(platform_calls, "is_in_browser", lambda: True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asyncio.run(warm_up("dokk1"))
    pages = open_pages("dokk1", "en", "", str(home))

    assert asyncio.run(pages.file_of_library()) == b""
    assert list(tmp_path.iterdir()) == [home]


def taken_in(pages: BrowserPages, data: bytes) -> TakenIn:
    return asyncio.run(pages.take_in(memoryview(data), "answers.json", "en"))


def another(tmp_path: Path) -> BrowserPages:
    """The pages in another browser, in which nothing was said yet."""
    return open_pages("dokk1", "en", "", str(tmp_path / "another"))


def test_the_file_of_one_browser_is_taken_in_by_another(pages: BrowserPages, tmp_path: Path):
    send(pages, "/", name=LIBRARY)
    send(pages, "/new", party="Example School", undertaking="Evenings")
    data = asyncio.run(pages.file_of_library())
    other = another(tmp_path)

    assert asyncio.run(other.file_of_library()) == b""
    assert taken_in(other, data).count > 0
    assert taken_in(other, data) == TakenIn()
    assert "Example School" in get(other, "/").body.decode()


def test_a_library_without_collaborations_comes_back_with_its_name(pages: BrowserPages, tmp_path: Path):
    send(pages, "/", name=LIBRARY)
    data = asyncio.run(pages.file_of_library())
    other = another(tmp_path)

    assert taken_in(other, data) == TakenIn()
    assert LIBRARY in get(other, "/").body.decode()


def test_a_file_that_cannot_be_taken_in_says_what_it_is(pages: BrowserPages):
    send(pages, "/", name=LIBRARY)
    data = asyncio.run(pages.file_of_library())
    files = (b"", data[: len(data) // 2], b"{}")

    assert [taken_in(pages, each).refused.partition("$")[2] for each in files] == [
        ": there is nothing here; give a JSON document",
        ".goals: the file ends in the middle of something, at column 1; save or copy the whole of it again",
        ": this is not an export from assessor; give a file that assessor export wrote",
    ]
    assert "is of another library than" in taken_in(pages, data.replace(LIBRARY.encode(), b"Another Library")).refused


def test_what_was_erased_and_comes_back_in_a_file_is_told_and_stays_out(pages: BrowserPages):
    send(pages, "/", name=LIBRARY)
    send(pages, "/new", party="Example School", undertaking="")
    data = asyncio.run(pages.file_of_library())
    (collaboration,) = json.loads(data)["collaborations"]
    told = send(pages, f"/c/{collaboration['id']}/erase", sure="yes")

    assert told.status == 303
    assert taken_in(pages, data).left_out.startswith("Left out, because it was erased here: 'Example School'.")
    assert "Example School" not in get(pages, "/").body.decode()


def answers_of_trial_page() -> bytes:
    bank = open_bank("dokk1")
    known = {"instrument": "dokk1", "version": bank.instrument.version, "digest": bank.instrument.digest}
    answers = {
        "assessor": {"page": 1, "version": "0.2.0"},
        "bank": known,
        "id": "tried0123456789abcde",
        "party": "Example Choir",
        "undertaking": "",
        "started": "2026-10-01T09:00:00.000000Z",
        "responses": [{"item": "creation", "value": "joint", "at": "2026-10-01T09:01:00.000000Z"}],
    }
    return json.dumps(answers, separators=(",", ":")).encode()


def test_what_a_page_for_a_first_try_saved_opens_once_the_library_has_a_name(pages: BrowserPages):
    refused = taken_in(pages, answers_of_trial_page()).refused
    send(pages, "/", name=LIBRARY)

    assert refused.startswith("These answers bear no library's name")
    assert taken_in(pages, answers_of_trial_page()).count > 0
    assert taken_in(pages, answers_of_trial_page()) == TakenIn()
    assert "Example Choir" in get(pages, "/").body.decode()


def test_it_is_taken_in_on_the_page_of_documents_too(pages: BrowserPages):
    send(pages, "/", name=LIBRARY)
    parts = ("key", "", new_key().encode()), ("file", '; filename="a.json"', answers_of_trial_page())
    named = (
        b'--x\r\ncontent-disposition: form-data; name="%s"%s\r\n\r\n' % (name.encode(), more.encode()) + value
        for name, more, value in parts
    )
    body = b"\r\n".join((*named, b"--x--\r\n"))
    sent = pages.handle("POST", "/answers", [("content-type", "multipart/form-data; boundary=x")], body)

    assert asyncio.run(sent).status == 303
    assert "Example Choir" in get(pages, "/").body.decode()


def test_a_part_is_asked_for_only_where_a_file_needs_what_is_not_there(pages: BrowserPages, monkeypatch):
    needing = ("/answers", "/answers/xlsx", "/template", "/answers/json", "/answers/csv", "/", "/documents")

    assert [pages.part_needed(address) for address in needing] == [""] * 7
    monkeypatch.setattr(in_browser, "find_spec", lambda _name: None)
    assert [pages.part_needed(address) for address in needing] == ["files.tar"] * 3 + [""] * 4


def test_a_part_that_could_not_be_fetched_is_told_with_the_way_round(pages: BrowserPages, monkeypatch):
    send(pages, "/", name=LIBRARY)
    for library in ("xlsxwriter", "python_calamine", "pypdf"):
        monkeypatch.setitem(sys.modules, library, None)

    told = [get(pages, address) for address in ("/answers/xlsx", "/template")]
    assert [page.status for page in told] == [503, 503]
    assert all("Connect to the network once" in page.body.decode() for page in told)
    assert get(pages, "/answers/csv").status == 200
