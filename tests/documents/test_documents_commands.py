"""The commands that write documents, as whole processes."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import docx
import pypdf
import pytest
from document_values import SERVICE, SUPPLIER

from assessor import bank
from assessor.store import Store

#: What `SOURCE_DATE_EPOCH` says below.
TODAY = "2026-11-12"

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The program in a home with a library of three collaborations, one of them bought and one not begun."""
    home = tmp_path / "home"
    with Store.open(home / "assessor.db", create=True) as store:
        snapshot = bank.open_bank("dokk1").snapshot
        for party, responses in (("Example School", SERVICE), ("Example Ltd", SUPPLIER), ("Example Choir", {})):
            found = store.add_collaboration("../../Example Library", party, "Evenings")
            id_ = store.begin_assessment(found.id, bank.open_bank("dokk1").instrument, snapshot) if responses else ""
            for item, response in responses.items():
                store.record_entry(id_, "response", item, response)

    def running(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            (sys.executable, "-m", "assessor", *arguments),
            capture_output=True,
            env={
                **os.environ,
                "ASSESSOR_HOME": str(home),
                "ASSESSOR_LANG": "en",
                "SOURCE_DATE_EPOCH": "1794484800",
                **environment,
            },
            cwd=tmp_path,
            check=False,
        )

    return running


def title(data: bytes) -> str:
    return str(pypdf.PdfReader(io.BytesIO(data)).metadata.title)


def test_the_wall_is_written_beside_one_and_never_outside_or_over_another(run: Run, tmp_path: Path) -> None:
    done, again = run("wall", "--managers", "2"), run("wall")

    assert (done.returncode, again.returncode) == (0, 0)
    name = f"Example Library wall sheet {TODAY}"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name} 2.pdf", f"{name}.pdf", "home"]
    taken = run("wall", "-o", f"{name}.pdf")
    assert (taken.returncode, b"exists already" in taken.stderr) == (73, True)


def test_the_wall_goes_to_the_standard_output_when_told(run: Run) -> None:
    done = run("wall", "-o", "-")

    assert (done.returncode, done.stderr) == (0, b"")
    assert title(done.stdout) == (
        "One of two collaborations is a partnership in one field; one of them hangs on a letter of intent"
    )


def test_a_draft_comes_as_a_word_file_or_as_pages_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    word = run("draft", "example school")
    pages = run("draft", "Example School", "--lang", "fi", "--format", "pdf", "-o", "-")

    assert (word.returncode, pages.returncode) == (0, 0)
    found = tmp_path / f"Example Library Example School Letter of intent {TODAY}.docx"
    assert docx.Document(str(found)).paragraphs[0].text == "Letter of intent"
    assert title(pages.stdout) == "Aiesopimus: Example School · Evenings"


def test_a_template_of_ones_own_begins_with_ours(run: Run, tmp_path: Path) -> None:
    written = run("draft", "Example School", "--write-template", "-o", "mine.docx")
    document = docx.Document(str(tmp_path / "mine.docx"))
    document.add_paragraph("Vasa, {{ party }}")
    document.save(str(tmp_path / "mine.docx"))
    done = run("draft", "Example School", "--template", "mine.docx", "-o", "-")

    assert (written.returncode, done.returncode) == (0, 0)
    assert docx.Document(io.BytesIO(done.stdout)).paragraphs[-1].text == "Vasa, Example School"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (
            ("draft", "Example Ltd"),
            65,
            "No draft can be made for Example Ltd · Evenings: by the answers it is a supplier",
        ),
        (("draft", "Example Choir"), 2, "There are no answers about Example Choir · Evenings"),
        (("draft", "Nobody"), 2, "No collaboration is called 'Nobody'"),
        (("draft", "Example School", "--template", "lacking.docx"), 74, "lacking.docx cannot be read"),
        (("draft", "Example School", "--template", "home/assessor.db"), 65, "assessor.db is not a Word document"),
        (("draft", "Example School", "--template", "x", "--format", "pdf"), 2, "A template is for Word files"),
        (("draft", "Example School", "--lang", "xx"), 2, "'xx' is not one of"),
        (("wall", "--managers", "0"), 2, "0 is not in the range"),
        (("wall", "-o", "w.png"), 2, "w.png does not end in .pdf, which is what is written here; name it w.pdf"),
        (("guide", "-o", "guide"), 2, "guide does not end in .pdf, which is what is written here; name it guide.pdf"),
        (("draft", "Example School", "-o", "x.odt"), 2, "name it x.docx / x.pdf"),
        (("draft", "Example School", "--format", "docx", "-o", "x.PDF"), 2, "x.PDF does not end in .docx"),
        (("report", "--format", "pdf", "-o", "report.v2.html"), 2, "name it report.v2.pdf"),
        (("export", "--template", "-o", "list.csv"), 2, "list.csv does not end in .xlsx"),
        (("report", "--all-documents"), 2, "name the folder with -o"),
    ],
)
def test_what_cannot_be_made_is_told_in_a_line_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = run(*arguments)

    assert (done.returncode, done.stdout) == (code, b"")
    assert told in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_the_guide_comes_in_the_language_asked_for_and_its_base(run: Run) -> None:
    finnish, variant = run("guide", "--lang", "fi", "-o", "-"), run("guide", "--lang", "sv_FI", "-o", "-")

    assert title(finnish.stdout) == "Miltä teidän kirjastossanne näyttää?"
    assert title(variant.stdout) == "Hur ser det ut på ditt bibliotek?"
    assert "not written" not in finnish.stderr.decode() + variant.stderr.decode()


def test_the_ending_of_the_file_decides_what_is_written(run: Run, tmp_path: Path) -> None:
    done = run("draft", "Example School", "-o", "paper.PDF")

    assert (done.returncode, done.stderr) == (0, b"Written: paper.PDF\n")
    assert title((tmp_path / "paper.PDF").read_bytes()) == "Letter of intent: Example School · Evenings"


def test_all_documents_lie_in_one_folder_with_a_page_that_links_them_all(run: Run, tmp_path: Path) -> None:
    done, again = run("report", "--all-documents", "-o", "all"), run("report", "--all-documents", "-o", "all")
    folder = tmp_path / "all"
    page = (folder / "index.html").read_text("utf-8")
    linked = [unquote(address) for address in re.findall(r'href="\./([^"]+)"', page)]

    assert (done.returncode, done.stderr.decode()) == (0, "Written: all/index.html\n")
    assert (again.returncode, b"all/index.html exists already" in again.stderr) == (73, True)
    assert linked == [
        *(f"Example Library {what} {TODAY}.pdf" for what in ("report", "wall sheet")),
        "Example Library dates.ics",
        *(f"Example Library {what} {TODAY}.pdf" for what in ("guide", "poster", "cards", "form")),
        f"Example Library Example School Letter of intent {TODAY}.docx",
        "Example School · Evenings.pdf",
        "Example Ltd · Evenings.pdf",
    ]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*linked, "index.html"])
    assert {(folder / name).read_bytes()[:4] for name in linked} == {b"%PDF", b"PK\x03\x04", b"BEGI"}
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())} == {0}
