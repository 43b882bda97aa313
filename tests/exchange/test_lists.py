"""Lists as people have them, and files that other programs or hands have changed: taken right, told, or refused."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from assessor.bank import open_bank
from assessor.exchange import BadFile, library_tables, spreadsheet_reader
from assessor.exchange.grids import NotASheet
from assessor.exchange.list_layout import ChosenColumns
from assessor.store import Store
from assessor.usecases import spreadsheets

LIBRARY = "Example Library"

Rows = list[list[Any]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "kept.db", create=True) as opened:
        yield opened


def workbook(*sheets: Rows | Callable[[Any, Any], None]) -> bytes:
    """An XLSX with these sheets, each of rows, or as a function of the book and the sheet makes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for sheet in sheets:
            page = book.add_worksheet()
            if callable(sheet):
                sheet(book, page)
            else:
                for number, row in enumerate(sheet):
                    page.write_row(number, 0, row)
    return out.getvalue()


def csv_of(rows: Rows) -> bytes:
    return "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode()


def planned(store: Store, data: bytes, **chosen: str) -> spreadsheets.ImportPlan:
    name = "list.xlsx" if data.startswith(b"PK") else "list.csv"
    return spreadsheets.plan_import(store, LIBRARY, open_bank("dokk1"), data, name, chosen=ChosenColumns(**chosen))


def names(plan: spreadsheets.ImportPlan) -> list[str]:
    return [row.name for row in plan.collaborations]


def refusal(store: Store, data: bytes, **chosen: str) -> list[str]:
    with pytest.raises(BadFile) as caught:
        planned(store, data, **chosen)
    return str(caught.value).splitlines()[1:]


# What another program did not keep, or nobody sees


def test_a_hidden_sheet_is_never_read_and_is_told(store):
    def hidden(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Party", "Undertaking", "Note"])
        sheet.write_row(1, 0, ["Secret", "x", "y"])
        sheet.very_hidden()

    data = workbook([["Party"], ["A"]], hidden)
    assert (names(planned(store, data)), planned(store, data).unread_sheets) == (["A"], ("Sheet2",))
    assert refusal(store, workbook([["Contacts"]], hidden)) == [
        "Sheet2: the list stands on a hidden sheet; show the sheet, or copy the list to one that is seen"
    ]


def test_hidden_rows_and_columns_that_would_be_read_are_refused(store):
    def filtered(_book: Any, sheet: Any) -> None:
        for number, row in enumerate([["Party", "Note"], ["A", "seen"], ["B", "hidden"]]):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})

    assert refusal(store, workbook(filtered)) == [
        "Sheet1!B1: the column Note is hidden; show it if it is meant, or delete it",
        "Sheet1!A3: the row is hidden, by a filter perhaps; show it if it is meant, or delete it",
    ]


def test_a_cell_with_an_error_or_without_its_value_is_refused_and_never_empty(store):
    def computed(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Party", "Undertaking", "creation", "Note", "Sum"])
        sheet.write_row(1, 0, ["A", "x"])
        sheet.write_formula(1, 2, "=Z1", None, "")
        sheet.write_formula(1, 3, "=NA()", None, "#N/A")
        sheet.write_formula(1, 4, "=1+1", None, "")
        sheet.write_formula(2, 0, "=Z2", None, "")

    assert refusal(store, workbook(computed)) == [
        "Sheet1!C2: the cell holds a formula whose value was not kept; open the file, save it and give it again",
        "Sheet1!D2: the cell shows an error (#N/A); write what is meant, or empty it",
        "Sheet1!A3: the cell holds a formula whose value was not kept; open the file, save it and give it again",
    ]


@pytest.mark.parametrize("shown", ["#REF!", "#N/A", "#SAKNAS!", "#PUUTTUU!", "#VÆRDI!", "#I/T", "Err:502"])
def test_an_error_in_a_csv_file_is_refused_in_the_words_of_any_program(store, shown):
    assert refusal(store, csv_of([["Party", "Note"], ["A", shown]])) == [
        f"B2: the cell shows an error ({shown}); write what is meant, or empty it"
    ]


def test_text_under_no_heading_is_told_and_in_a_list_with_answers_refused(store):
    own = csv_of([["Party", "", "Undertaking"], ["A", "40", "x"], ["B", "50", "y"]])
    assert list(map(str, planned(store, own).remarks)) == [
        "B2: the column has no heading and is not read (2 cells with text)"
    ]
    assert refusal(store, csv_of([["Party", "", "creation"], ["A", "joint", ""]])) == [
        "B2: there is text in a column without a heading; give it one, or empty the cell"
    ]


def test_a_second_table_below_the_first_is_refused_and_repeated_headings_are_not_read(store):
    head = ["Party", "Undertaking"]
    assert refusal(store, csv_of([head, ["A", "x"], ["", ""], ["Partner", "Note"], ["B", "y"]])) == [
        "A4: a second table begins here; put it on a sheet or in a file of its own, or make the two tables one"
    ]
    again = planned(store, csv_of([head, ["A", "x"], head, ["B", "y"]]))
    assert (names(again), list(map(str, again.remarks))) == (
        ["A · x", "B · y"],
        ["A3: the headings are repeated here, and the row is not read"],
    )


ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style")
)


def ods(*tables: str) -> bytes:
    """An ODS with these tables; a table of style `hidden` is not seen."""
    hidden = '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
    content = (
        f'<office:document-content {ODS_NAMES} xmlns:calcext="urn:calcext" office:version="1.2">'
        f"<office:automatic-styles>{hidden}</style:style></office:automatic-styles><office:body><office:spreadsheet>"
        + "".join(tables)
        + "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", kind)
        packed.writestr("content.xml", content)
        entry = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        spoken = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        packed.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{spoken}">{entry}</m:manifest>')
    return out.getvalue()


def ods_row(*texts: str, row: str = "", **attributes: str) -> str:
    """A row; `first` are further attributes of its first cell."""
    cells = [
        f'<table:table-cell office:value-type="string" {attributes.get("first", "") if not at else ""}>'
        f"<text:p>{text}</text:p></table:table-cell>"
        for at, text in enumerate(texts)
    ]
    return f"<table:table-row {row}>{''.join(cells)}</table:table-row>"


def test_libreoffices_own_files_tell_of_hidden_merged_and_unreadable_cells_too(store):
    head = ods_row("Party", "Undertaking")
    spanned = ods_row("Club", "Chess", first='table:number-rows-spanned="2"')
    covered = '<table:table-row><table:covered-table-cell/><table:table-cell office:value-type="string">'
    covered += "<text:p>Go</text:p></table:table-cell></table:table-row>"
    error = ods_row("#N/A", "x", first='table:formula="of:=NA()" calcext:value-type="error"')
    filtered = ods_row("Hidden", "x", row='table:visibility="filter"')
    unseen = f'<table:table table:name="H" table:style-name="hidden">{ods_row("Party", "Note")}</table:table>'
    read = planned(store, ods(f'<table:table table:name="A">{head}{spanned}{covered}</table:table>', unseen))

    assert (names(read), read.unread_sheets) == (["Club · Chess", "Club · Go"], ("H",))
    assert refusal(store, ods(f'<table:table table:name="A">{head}{error}{filtered}</table:table>')) == [
        "A!A2: the cell shows an error (#N/A); write what is meant, or empty it",
        "A!A3: the row is hidden, by a filter perhaps; show it if it is meant, or delete it",
    ]


# Exports that came back otherwise


def exported(store: Store, parties: int = 3) -> Rows:
    """The rows of an export with as many answered collaborations."""
    rows = [["Party", "Undertaking", "creation", "note"], *([f"P{n}", "007", "joint", "1-2"] for n in range(parties))]
    spreadsheets.apply_plan(store, planned(store, csv_of(rows)), open_bank("dokk1"))
    data = spreadsheets.export_spreadsheet(store, LIBRARY, open_bank("dokk1"), "en", "csv")
    return [list(row) for row in spreadsheet_reader.read_grids(data, "a.csv")[0].rows]


def as_csv(rows: Rows) -> bytes:
    return csv_of([[str(cell) for cell in row] for row in rows])


def with_cells(rows: Rows, column: str, *values: str) -> Rows:
    at = rows[0].index(column)
    return [rows[0], *([*row[:at], value, *row[at + 1 :]] for row, value in zip(rows[1:], values, strict=True))]


def test_our_csv_saved_as_another_kind_of_file_is_still_the_same(store):
    rows = exported(store)

    assert planned(store, as_csv(rows)).count == planned(store, workbook(rows)).count == 0


def test_a_version_that_became_a_number_is_the_same_version(store):
    rows = exported(store)
    version = rows[0].index("version")
    for row in rows[1:]:
        row[version] = 1

    assert planned(store, workbook(rows)).count == 0


def test_ids_that_are_alike_or_damaged_are_refused_and_every_row_is_told(store):
    rows = exported(store)
    ids, collaborations = ([row[rows[0].index(column)] for row in rows[1:]] for column in ("id", "collaboration"))
    store.erase_library(LIBRARY)

    alike = refusal(store, as_csv(with_cells(rows, "id", *[ids[0]] * 3)))
    assert [line.split(":")[1] for line in alike] == [
        " the same id also appears in row 2, so one of them would be lost; give the file as exported"
    ] * 2
    same = refusal(store, as_csv(with_cells(rows, "collaboration", *[collaborations[0]] * 3)))
    assert [re.sub("^[A-Z]+", "", line) for line in same] == [
        f"{row}: row 2 gives P0 · 007 this id; give the file as it was exported, or empty both cells" for row in (3, 4)
    ]
    damaged = refusal(store, as_csv(with_cells(rows, "id", "1.2E+31", ids[1], "12345E6789")))
    assert [line.split(": ")[1] for line in damaged] == [
        "another program has turned this id into a number; give the file as it was exported"
    ] * 2


def test_a_text_of_an_export_that_became_a_number_or_a_date_is_refused(store):
    rows = exported(store, 1)
    rows[1][rows[0].index("undertaking")] = 7

    assert refusal(store, workbook(rows)) == [
        "Sheet1!B2: '7' is a number here, so a text such as 007 may have been changed; "
        "format the column as text and write what is meant"
    ]


@pytest.mark.parametrize("bad", ["x" * 101, "a\x07b"])
def test_an_id_is_held_to_the_same_limits_as_in_an_export(store, bad):
    rows = exported(store, 1)
    store.erase_library(LIBRARY)

    assert len(refusal(store, as_csv(with_cells(rows, "id", bad)))) == 1


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "tomorrow"])
def test_a_moment_beyond_the_calendar_is_refused(store, moment):
    rows = exported(store, 1)

    assert "is not a date and time" in refusal(store, as_csv(with_cells(rows, "started", moment)))[0]


def read_by_spreadsheets(text: str) -> bool:
    """Whether a program may take a text for something else: anything with digits and no word of four letters or more
    that is no month, and what begins as a formula does."""
    plain = re.sub(
        r"(?i)januar[iy]?|februar[iy]?|marts|märz|mars|april|juni|juli|august[i]?|oktober|december", "", text
    )
    return text[:1] in "=+-@" or (any(map(str.isdigit, text)) and not re.search(r"[^\W\d_]{4,}", plain))


@given(
    st.one_of(
        st.from_regex(r"\A[0-9 .,:/%-]{1,12}\Z"), st.from_regex(r"\A[0-9]{1,2}[ .-](jan|maj|okt)[ .-]?[0-9]{0,4}\Z")
    )
)
def test_no_text_that_a_spreadsheet_would_read_otherwise_stands_bare_in_our_csv(text):
    assert not read_by_spreadsheets(text) or library_tables.escape_text(text).startswith(library_tables.TEXT_MARK)


# Files that are something else


def packed_otherwise(data: bytes, method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), method if name.endswith("styles.xml") else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def declaring(data: bytes, count: int) -> bytes:
    """A workbook whose shared texts are said to be so many."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'uniqueCount="\d+"', b'uniqueCount="%d"' % count, old.read(name)))
    return out.getvalue()


def zip_of(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, b"<a/>")
    return out.getvalue()


ONE = workbook([["Party"], ["A"]])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (packed_otherwise(ONE, zipfile.ZIP_BZIP2), "packing"),
        (packed_otherwise(ONE, zipfile.ZIP_LZMA), "packing"),
        (declaring(ONE, 2**32 - 1), "too_much"),
        (declaring(ONE, 2**64 - 1), "too_much"),
        (zip_of("xl/a.xml", "xl\\A.xml"), "broken"),
        (zip_of("xl/a.xml", "xl//./a.xml"), "broken"),
        (zip_of("word/document.xml"), "document"),
        (zip_of("one.pdf", "two.pdf"), "forms"),
        (zip_of("Index/Document.iwa"), "binary"),
        (zip_of("a.txt"), "archive"),
        (b"%FDF-1.2", "form_values"),
        (b'<?xml version="1.0"?><xfdf xmlns="x">', "form_values"),
        (b"<html><table><tr><td>Party", "web_page"),
        (b'<?xml version="1.0"?><office:document>', "xml"),
        (b"PAR1", "parquet"),
        ("Party;x\r\nBj\u00c3\u00b6rk;y".encode(), "lost"),
        ("Party;x\r\nBj\ufffdrk;y".encode(), "lost"),
        ("Party;x\r\nšakki;y".encode("cp1252"), "unsure"),
        ("Party;x\r\nBjörk;y".encode("mac_roman"), "unsure"),
    ],
)
def test_a_file_that_is_something_else_is_told_by_what_it_is(data, why):
    with pytest.raises(NotASheet) as caught:
        spreadsheet_reader.read_grids(data, "list.xlsx")

    assert caught.value.facts["why"] == why
    assert str(caught.value).startswith("list.xlsx was not read: ")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Party;Undertaking\rBjörkskolan;Läsning på ö\r", "mac_roman"),
        ("Party;Undertaking\r\nÉva – “Café” ½;Ørsted på Åland\r\n", "cp1252"),
        ("Party;Undertaking\r\nKÖPING;Peña\r\n", "cp1252"),
    ],
)
def test_letters_of_old_encodings_are_read_where_only_one_fits(text, encoding):
    assert [list(row) for row in spreadsheet_reader.read_grids(text.encode(encoding), "list.csv")[0].rows] == [
        line.split(";") for line in text.splitlines()
    ]


# Nine lists after those that libraries and their towns publish

CLUBS = [["Nr", "Organisations", "Phone"], ["1", "Example Choir", "040"], ["2", "Example Chess Club", "050"]]
CONTACTS = [
    ["Organization", "Contact", "E-mail"],
    ["Example Club", "Anna", "a@example.org"],
    ["Example Club", "Ben", "b@example.org"],
    ["Example School", "Cia", "c@example.org"],
]
COURSES = [
    ["Organiser", "Course", "Starts"],
    ["Example Club", "Chess for all", "2026-09-01"],
    ["Example Club", "Go for all", "2026-10-01"],
]
SEVERAL = [["What we do together", "Cooperation partners"], ["Reading week", "Example Club; Example School"]]
BROKEN = [["Partner", "Project"], ["Example\nFolk High School", "Digital\r\nguidance"]]
LONG = [["Partners", "Project"], ["Example Club", "We meet every week to read aloud together. " * 8]]
TOTALS = [
    ["Partner", "Visits", "Year"],
    ["SCHOOLS", "", ""],
    ["Example School", "12", "2025"],
    ["Example College", "8", "2025"],
    ["Example Academy", "8", "2025"],
    ["NA", "", ""],
    ["Total", "28", ""],
]
TITLED = [
    ["Example town: cooperation 2026", "", ""],
    ["", "", ""],
    ["Name", "Kind", "Theme"],
    ["Example Club", "Partner", "Chess"],
    ["Example Firm", "Supplier", "Systems"],
]


def merged(_book: Any, sheet: Any) -> None:
    """A party's name in one cell over all its undertakings."""
    sheet.write_row(0, 0, ["The other party", "Undertaking"])
    sheet.merge_range(1, 0, 2, 0, "Example Club")
    sheet.write_column(1, 1, ["Chess", "Go"])
    sheet.write_row(3, 0, ["Example School", "Reading"])


LISTS: dict[str, tuple[bytes, dict[str, str], list[str]]] = {
    "plural headings": (workbook(CLUBS), {}, ["Example Choir", "Example Chess Club"]),
    "a contact a row": (workbook(CONTACTS), {}, ["Example Club", "Example School"]),
    "a course a row": (
        workbook(COURSES),
        {"party": "Organiser", "undertaking": "Course"},
        ["Example Club · Chess for all", "Example Club · Go for all"],
    ),
    "several partners in a cell": (workbook(SEVERAL), {}, ["Example Club; Example School · Reading week"]),
    "line breaks": (workbook(BROKEN), {}, ["Example Folk High School · Digital guidance"]),
    "long descriptions": (
        workbook(LONG),
        {},
        ["Example Club · We meet every week to read aloud together. We meet every week to read aloud…"],
    ),
    "merged cells": (workbook(merged), {}, ["Example Club · Chess", "Example Club · Go", "Example School · Reading"]),
    "sums and sections": (
        workbook(TOTALS),
        {},
        ["SCHOOLS", "Example School", "Example College", "Example Academy"],
    ),
    "a title above": (csv_of(TITLED), {}, ["Example Club", "Example Firm"]),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_as_people_have_it_comes_in(store, kind):
    data, chosen, collaborations = LISTS[kind]

    assert names(planned(store, data, **chosen)) == collaborations


def test_what_a_list_holds_besides_collaborations_is_told(store):
    assert [str(remark) for remark in planned(store, workbook(TOTALS)).remarks] == [
        "Sheet1!A2: SCHOOLS stands alone where other rows hold more; it is taken for a collaboration",
        "Sheet1!A6: nothing in this row is read",
        "Sheet1!A7: the row holds sums and is not read: Total",
    ]
    (long,) = planned(store, workbook(LONG)).assessments
    assert long.notes[""] == LONG[1][1].strip()


def test_a_data_cell_is_never_taken_for_the_headings_and_the_words_that_would_do_are_told(store):
    data = "titel,kategori\nFolkets Hus,Partner\nKulturskolan,Leverantör\n".encode()

    assert refusal(store, data) == [
        "A1: no row of headings was found; call the other party's column one of: The other party, Party, Partner, "
        "Organisation; or say which column it is: assessor import --party COLUMN FILE. The columns here: titel, "
        "kategori"
    ]
    assert (
        names(planned(store, data, party="titel"))
        == names(planned(store, data, party="a"))
        == [
            "Folkets Hus",
            "Kulturskolan",
        ]
    )
    assert refusal(store, data, party="namn") == ["A1: there is no column namn; the columns here: titel, kategori"]


def test_gains_may_be_parted_by_commas_and_the_level_wanted_may_be_unknown(store):
    words = open_bank("dokk1").wording("en").gains
    given = ", ".join(words[gain] for gain in open_bank("dokk1").instrument.gains[:2])
    (row,) = planned(store, csv_of([["Party", "gains", "wanted"], ["A", given, "Don't know"]])).assessments

    assert (row.gains, row.wanted) == (open_bank("dokk1").instrument.gains[:2], None)
