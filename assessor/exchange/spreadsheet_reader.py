"""Spreadsheets as rows of text: CSV as Nordic Excels write it, XLSX and ODS. Bounded before anything is parsed.

Numbers and dates come as the text that a person would type for them; what a cell holds besides text is told beside the
rows. CSV is read here (`csv_text`), a workbook in a process of its own (`workbook_process`).
"""

from typing import Any, Final

from assessor.exchange import workbook_process
from assessor.exchange.csv_text import read_csv
from assessor.exchange.grids import MOST_BYTES, Grid, NotASheet, SheetTooLarge, make_grid
from assessor.exchange.reader_process import read_files, reader_program

#: Seconds of wall-clock time for one workbook; the reading process itself limits its processor time.
SECONDS_PER_FILE: Final = 120.0
#: What the reading process runs.
READER_PROGRAM = reader_program("assessor.exchange.workbook_process")

#: How files begin that are no spreadsheets of a kind that is read, and the reason for each.
_FOREIGN_STARTS: Final = {
    b"\xd0\xcf\x11\xe0": "password",  # old .xls files and encrypted .xlsx files
    b"%FDF": "form_values",
    b"PAR1": "parquet",
}
#: What the first kilobyte of a text file holds, in small letters, that is no CSV; the first that fits counts.
_FOREIGN_MARKUP: Final = {b"<xfdf": "form_values", b"<html": "web_page", b"<!doctype html": "web_page", b"<?xml": "xml"}


def read_grids(data: bytes, name: str) -> tuple[Grid, ...]:
    """The sheets of a file; of a CSV file one reading for each delimiter that it may have.

    Raises `NotASheet`, `SheetTooLarge`, or `UnclosedQuote` where no reading of a CSV file is complete.
    """
    if len(data) > MOST_BYTES:
        raise SheetTooLarge(name=name, what=f"{len(data) // 1_000_000} MB")
    if why := _foreign_kind(data):
        raise NotASheet(name=name, why=why)
    return _read_workbook(data, name) if data.startswith(b"PK") else read_csv(data, name)


def _foreign_kind(data: bytes) -> str:
    """The reason why a file that begins so is not to be read; empty for a CSV file or a zip."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    by_start = (why for mark, why in _FOREIGN_STARTS.items() if data.startswith(mark))
    by_markup = (why for mark, why in _FOREIGN_MARKUP.items() if start.startswith(b"<") and mark in start)
    return next(by_start, "") or next(by_markup, "")


def _read_workbook(data: bytes, name: str) -> tuple[Grid, ...]:
    (reply,) = read_files(READER_PROGRAM, workbook_process.read, [data], SECONDS_PER_FILE)
    if reply is None:
        raise NotASheet(name=name, why="too_much")
    if "too_large" in reply:
        raise SheetTooLarge(name=name, what=reply["too_large"])
    if "refused" in reply:
        raise NotASheet(name=name, why=reply["refused"])
    return tuple(map(_grid_from_reply, reply["sheets"]))


def _grid_from_reply(sheet: dict[str, Any]) -> Grid:
    """A sheet as the reading process gives it."""
    plain = make_grid(sheet["name"], sheet["rows"])
    return Grid(
        name=plain.name,
        rows=plain.rows,
        kinds={(row, column): kind for row, column, kind in sheet["kinds"]},
        visible=sheet["visible"],
        hidden_rows=tuple((first, last) for first, last in sheet["hidden_rows"]),
        hidden_columns=tuple((first, last) for first, last in sheet["hidden_columns"]),
        merged=tuple(((top, bottom), (left, right)) for (top, bottom), (left, right) in sheet["merged"]),
    )
