"""What a spreadsheet comes to: rows of text, with what else is known of their cells; and why a file is none.

Made by `csv_text` and `workbook_process`, given out by `spreadsheet_reader`; `collaboration_list` gives the rows a
meaning.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

#: Most bytes of a file, and of all that is in it when unpacked.
MOST_BYTES, MOST_UNPACKED = 10_000_000, 40_000_000
#: Most rows and columns of one sheet, and cells of all sheets, counting empty ones between others.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 400, 800_000

#: What a cell holds that is no text: a number (or a truth value), a date or time, an error, or a formula without the
#: value that it had.
CellKind = Literal["number", "date", "error", "formula"]
#: How spreadsheet programs in our languages, and in German, show an error.
_ERROR: Final = re.compile(r"#[A-ZÅÄÖÆØ/0_]{2,}[!?]|#N/A|#I/T|#NV|#GETTING_DATA|(Err|Fel|Virhe|Fejl|Feil):[0-9]{3}")
#: Stands in a cell whose formula has no value.
UNCOMPUTED: Final = "="
#: First and last, counted from 0.
Range = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """One sheet: rows of text, every row as long as the longest. Rows and columns are counted from 0."""

    #: Of the sheet; empty where the file has no sheets.
    name: str
    rows: tuple[tuple[str, ...], ...]
    #: Why the rows after these could not be read; None where these are all.
    cut_reason: AssessorError | None = None
    #: By row and column, of the cells that hold something other than text.
    kinds: Mapping[tuple[int, int], CellKind] = field(default_factory=dict)
    #: Whether a person who opens the file sees the sheet.
    visible: bool = True
    hidden_rows: tuple[Range, ...] = ()
    hidden_columns: tuple[Range, ...] = ()
    #: Merged cells: their rows and their columns.
    merged: tuple[tuple[Range, Range], ...] = ()


class NotASheet(AssessorError):
    """A file that cannot be read as a spreadsheet; `why` is a key of `reasons`."""

    template = N_("{name} was not read: {why}")
    reasons: ClassVar[dict[str, str]] = {
        "macro": N_("it holds macros; save it as .xlsx and give that"),
        "password": N_("it is an old .xls or is locked with a password; save it as .xlsx without one and give that"),
        "broken": N_("it is damaged or not a spreadsheet; open it, save it as .xlsx or .csv and give that"),
        "packing": N_(
            "it is packed in a way that no spreadsheet program uses; open it, save it as .xlsx and give that"
        ),
        "too_much": N_(
            "it takes too much time or memory to read, which no list does; copy the list alone into a new file, "
            "save that as .xlsx or .csv and give it"
        ),
        "entity": N_("it contains definitions that no spreadsheet needs; save it again as .xlsx and give that"),
        "encoding": N_(
            "its letters are neither UTF-8 nor those of Windows (cp1252); save it as CSV UTF-8 and give that"
        ),
        "unsure": N_(
            "its letters may be those of Windows or of another system, and names would come out wrong; "
            "save it as CSV UTF-8 or .xlsx and give that"
        ),
        "lost": N_(
            "letters were lost when it was saved (they read as \u00c3\u00a5 or \ufffd now); save it again from the "
            "original, as CSV UTF-8 or .xlsx, and give that"
        ),
        "nul": N_("it contains bytes that are not text; save it as CSV UTF-8 or .xlsx and give that"),
        "form_values": N_(
            "it holds what a form says without the form (FDF); save the form itself as PDF and give that"
        ),
        "web_page": N_("it is a web page, whatever its name says; open it, save it as .xlsx or .csv and give that"),
        "xml": N_("it is XML, as .fods and old .xml spreadsheets are; open it, save it as .xlsx or .csv and give that"),
        "document": N_("it is a text document; copy its table into a spreadsheet, save that as .xlsx and give it"),
        "forms": N_("it is a ZIP with PDF files; unpack it and give the PDF files"),
        "archive": N_("it is a ZIP with other files; unpack it and give the file that is meant"),
        "binary": N_("it is a spreadsheet of another kind (.xlsb or Numbers); save it as .xlsx and give that"),
        "parquet": N_("it is a Parquet file, which `place` reads and `import` does not"),
    }

    def __init__(self, *, name: str, why: str) -> None:
        super().__init__(name=escape_controls(name), why=why)

    def message(self, translate: Callable[[str], str]) -> str:
        """The sentence with its reason, both translated."""
        why = translate(self.reasons[str(self.facts["why"])])
        return translate(self.template).format(name=self.facts["name"], why=why)


class SheetTooLarge(AssessorError):
    """A spreadsheet beyond the limits; `what` is the cell, part or amount that exceeds them."""

    template = N_(
        "{name} was not read: {what} is more than can be read ({rows} rows, {columns} columns, "
        "{cells} cells, {megabytes} MB unpacked); remove what does not belong, or divide it"
    )

    def __init__(self, *, name: str, what: str) -> None:
        super().__init__(
            name=escape_controls(name),
            what=escape_controls(what),
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
            cells=MOST_CELLS,
            megabytes=MOST_UNPACKED // 1_000_000,
        )


class UnclosedQuote(AssessorError):
    """A quotation mark that is opened in a CSV file and never closed."""

    template = N_(
        "{name} was not read: a quotation mark is opened in row {row} and never closed; "
        "close it, or double it where it is meant"
    )


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: A, B, … Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_error_text(text: str) -> bool:
    """Whether a cell shows that it could not be computed, as #N/A."""
    return _ERROR.fullmatch(text.strip()) is not None


def make_grid(name: str, rows: Sequence[Sequence[str]], cut_reason: AssessorError | None = None) -> Grid:
    """A sheet without empty rows at its end, all rows as long as the longest."""
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    width = max(map(len, rows), default=0)
    return Grid(name=name, rows=tuple((*row, *[""] * (width - len(row))) for row in rows), cut_reason=cut_reason)
