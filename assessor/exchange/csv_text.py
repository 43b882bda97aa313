"""CSV files as rows of text: letters are checked, not guessed, and each delimiter that may be meant gives a reading."""

import csv
import io
import re
from dataclasses import dataclass, replace
from typing import Final

from assessor.exchange.grids import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    NotASheet,
    SheetTooLarge,
    UnclosedQuote,
    column_letters,
    is_error_text,
    make_grid,
)
from assessor.exchange.list_vocabulary import IDENTIFYING_COLUMNS

#: Encodings by the byte order mark at the beginning of a file.
_BYTE_ORDER_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: The letters å ä ö æ ø as UTF-8 writes them.
_UTF_8_LETTERS: Final = re.compile(rb"\xc3[\x84-\x86\x96\x98\xa4-\xa6\xb6\xb8]")
#: The same read as Windows-1252 and written as UTF-8 once more; and the sign for a letter that was lost.
_LOST_LETTERS: Final = re.compile(
    "\u00c3[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\ufffd"
)
#: Encodings of one byte a letter that programs here have written: Windows, old Macs, DOS.
_OLD_ENCODINGS: Final = ("cp1252", "mac_roman", "cp850")
#: Letters of our languages beyond ASCII, and other letters that names in them have.
_OUR_LETTERS: Final = frozenset("åäöæøéüÅÄÖÆØÉÜ")
_NAME_LETTERS: Final = frozenset("áàâãçèêëíìîïñóòôõúùûýÿðþšžßÁÀÂÃÇÈÊËÍÌÎÏÑÓÒÔÕÚÙÛÝÐÞŠŽ")
#: Rows kept of a file that is not read to its end, enough to find its headings.
_SAMPLE_ROWS: Final = 20


def read_csv(data: bytes, name: str) -> tuple[Grid, ...]:
    """One reading for each delimiter; raises as `spreadsheet_reader.read_grids`."""
    text = _decode(data, name)
    readings = [_parse(text, delimiter, name) for delimiter in (";", ",", "\t")]
    if all(grid.cut_reason for grid in readings):
        raise next(grid.cut_reason for grid in readings if grid.cut_reason)
    return tuple(readings)


def _decode(data: bytes, name: str) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with a byte order mark, or an older encoding that fits and no other does.

    Raises `NotASheet`. Older encodings accept nearly any bytes, so they are tried only where no letter is written in
    UTF-8, and what comes out has to look like names.
    """
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if data.startswith(mark)]
    try:
        text = data.decode(marked[0] if marked else "utf-8")
    except UnicodeDecodeError:
        if marked or _UTF_8_LETTERS.search(data):
            raise NotASheet(name=name, why="encoding") from None
        text = _decode_old(data, name)
    if "\0" in text:
        raise NotASheet(name=name, why="nul")
    if _LOST_LETTERS.search(text) and not _is_own_export(text):
        raise NotASheet(name=name, why="lost")
    return text.lstrip("\ufeff")


def _is_own_export(text: str) -> bool:
    """Whether the headings are those of our export, which says letter by letter what was once typed."""
    headings = re.split("[;,\t]", text.lstrip("\ufeff").partition("\n")[0].replace('"', "").strip())
    return set(headings) >= IDENTIFYING_COLUMNS


def _decode_old(data: bytes, name: str) -> str:
    """The reading in an encoding of one byte a letter in which no letter is out of place.

    Windows' counts before others, unless another fits as well and shows more letters of our languages.
    """
    readings = {encoding: reading for encoding in _OLD_ENCODINGS if (reading := _read_as(data, encoding))}
    fitting = {encoding: reading for encoding, reading in readings.items() if not reading.misplaced}
    windows = readings.get("cp1252")
    if windows and windows.ours > 5 * windows.misplaced and not fitting:
        return windows.text  # a few odd signs in a long text
    if windows and not windows.misplaced and windows.ours == max(each.ours for each in fitting.values()):
        return windows.text
    texts = {reading.text for reading in fitting.values()}
    if "cp1252" in fitting or len(texts) != 1:
        raise NotASheet(name=name, why="unsure" if windows or fitting else "encoding")
    return texts.pop()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as one encoding has it."""

    text: str
    #: Letters that stand where no writer puts them, and letters of our languages.
    misplaced: int
    ours: int


def _read_as(data: bytes, encoding: str) -> _Reading | None:
    """The reading in an encoding; None where it has no letter for one of the bytes."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return _Reading(text, _count_misplaced(text), sum(letter in _OUR_LETTERS for letter in text))


def _count_misplaced(text: str) -> int:
    """How many characters beyond ASCII stand where no writer puts them: signs in words, capitals in small letters."""
    return sum(
        _is_misplaced(before, letter, after)
        for before, letter, after in zip(f" {text[:-1]}", text, f"{text[1:]} ", strict=True)
        if not letter.isascii()
    )


def _is_misplaced(before: str, letter: str, after: str) -> bool:
    if letter not in _OUR_LETTERS and letter not in _NAME_LETTERS:
        return letter.isalpha() or (before.isalpha() and after.isalpha() and letter not in "’‘´·–-\u00ad\u00a0")
    return letter.isupper() and before.islower()


def _parse(text: str, delimiter: str, name: str) -> Grid:
    """The reading of a CSV file with one delimiter; empty where quotes show that it is another one.

    A reading that hits a limit, or ends inside quotes, is cut to its first rows, with the reason.
    """
    rows: list[list[str]] = []
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width = 0
    try:
        for row in reader:
            rows.append(row)
            width = max(width, len(row))
            if width > MOST_COLUMNS or len(rows) > MOST_ROWS or width * len(rows) > MOST_CELLS:
                return make_grid(
                    "", rows[:_SAMPLE_ROWS], SheetTooLarge(name=name, what=f"{column_letters(width)}{len(rows)}")
                )
    except csv.Error as problem:
        if "unexpected end" in str(problem):
            return make_grid("", rows[:_SAMPLE_ROWS], UnclosedQuote(name=name, row=len(rows) + 1))
        return Grid(name="", rows=())  # a quotation mark within bare text: the delimiter is another one
    grid = make_grid("", rows)
    return replace(
        grid,
        kinds={
            (row, column): "error"
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
            if cell and is_error_text(cell)
        },
    )
