"""Spreadsheets as rows of text: CSV as Nordic Excels write it, XLSX and ODS. Bounded before anything is parsed.

The only home of python-calamine. Numbers and dates come as the text that a person would type for them.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final
from xml.parsers import expat

from assessor.errors import N_, AssessorError
from assessor.shown import safe

#: Bytes of a file, and unpacked of all that is in it.
MOST_BYTES, MOST_UNPACKED = 10_000_000, 40_000_000
#: Of one sheet.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 400, 1_000_000
_MOST_ENTRIES: Final = 2_000
#: Characters of one cell; more than any text that is kept.
MOST_TEXT: Final = 20_000

_OLE: Final = b"\xd0\xcf\x11\xe0"
#: What a file may begin with to tell its encoding.
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CELL: Final = re.compile(r"([A-Z]{1,4})([0-9]{1,8})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """One sheet: rows of text, every row as long as the longest."""

    #: Of the sheet; of the file where it has no sheets.
    name: str
    rows: tuple[tuple[str, ...], ...]


class NotASheet(AssessorError):
    """A file that cannot be read as a spreadsheet."""

    template = N_("{name} was not read: {why}")
    reasons: ClassVar[dict[str, str]] = {
        "macro": N_("it holds macros; save it as .xlsx and give that"),
        "password": N_("it is an old .xls or is locked with a password; save it as .xlsx without one and give that"),
        "broken": N_("it is damaged or no spreadsheet; open it, save it as .xlsx or .csv and give that"),
        "entity": N_("it holds definitions that no spreadsheet needs; save it anew as .xlsx and give that"),
        "encoding": N_(
            "its letters are neither UTF-8 nor those of Windows (cp1252); save it as CSV UTF-8 and give that"
        ),
        "nul": N_("it holds bytes that no text has; save it as CSV UTF-8 or .xlsx and give that"),
    }

    def __init__(self, *, name: str, why: str) -> None:
        super().__init__(name=safe(name), why=why)

    def told(self, translate: Callable[[str], str]) -> str:
        """With the reason in the person's language."""
        why = translate(self.reasons[str(self.facts["why"])])
        return translate(self.template).format(name=self.facts["name"], why=why)


class SheetTooLarge(AssessorError):
    """A spreadsheet beyond what is read, with the cell or the number that goes beyond."""

    template = N_(
        "{name} was not read: {what} is beyond what is read ({rows} rows, {columns} columns, {cells} cells, "
        "{megabytes} MB unpacked); take out what does not belong, or divide it"
    )

    def __init__(self, *, name: str, what: str) -> None:
        super().__init__(
            name=safe(name),
            what=safe(what),
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
            cells=MOST_CELLS,
            megabytes=MOST_UNPACKED // 1_000_000,
        )


class QuoteOpen(AssessorError):
    """A quotation mark that is opened in a CSV file and never closed."""

    template = N_(
        "{name} was not read: a quotation mark is opened in row {row} and never closed; "
        "close it, or double it where it is meant"
    )


def letters(column: int) -> str:
    """The letters of a column counted from 1."""
    told = ""
    while column:
        column, rest = divmod(column - 1, 26)
        told = chr(65 + rest) + told
    return told


def grids(data: bytes, name: str) -> tuple[Grid, ...]:
    """The sheets of a file, of CSV one for each delimiter that it may have; raises what this module defines."""
    if len(data) > MOST_BYTES:
        raise SheetTooLarge(name=name, what=f"{len(data) // 1_000_000} MB")
    if data.startswith(_OLE):
        raise NotASheet(name=name, why="password")
    if data.startswith(b"PK"):
        _measured(data, name)
        return tuple(_sheets(data, name))
    text = _text(data, name)
    return tuple(_separated(text, delimiter, name) for delimiter in (";", ",", "\t"))


def _measured(data: bytes, name: str) -> None:
    """Refuses by what is really unpacked, sheet by sheet, before anything builds it up in memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if len(entries) > _MOST_ENTRIES:
                raise SheetTooLarge(name=name, what=f"{len(entries)} parts")
            if any("vbaproject" in entry.filename.lower() for entry in entries):
                raise NotASheet(name=name, why="macro")
            left = MOST_UNPACKED
            for entry in entries:
                left -= _part(packed, entry, left, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as problem:
        raise NotASheet(name=name, why="broken") from problem


def _part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, name: str) -> int:
    """The bytes of one part, read and thrown away but for what is counted in a sheet."""
    measure = _Measure(name) if entry.filename.lower().endswith(".xml") else None
    size = 0
    with packed.open(entry) as stream:
        while chunk := stream.read(1 << 16):
            size += len(chunk)
            if size > left:
                raise SheetTooLarge(name=name, what=f"{entry.filename} ({size // 1_000_000} MB)")
            if measure:
                measure.feed(chunk)
    return size


class _Measure:
    """Counts rows and cells of a sheet's XML, and refuses definitions in it; broken XML is left to the reader."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._row = self._column = self._cells = 0
        self._parser = expat.ParserCreate()
        self._parser.EntityDeclHandler = self._entity
        self._parser.StartDoctypeDeclHandler = self._entity
        self._parser.StartElementHandler = self._start
        self._over = False

    def feed(self, chunk: bytes) -> None:
        """Raises as soon as something is beyond the limits."""
        if self._over:
            return
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            self._over = True

    def _entity(self, *_facts: object) -> None:
        raise NotASheet(name=self._name, why="entity")

    def _start(self, tag: str, told: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self._row = int(told["r"]) if told.get("r", "").isdecimal() else self._row + 1
                self._column = 0
            case "table-row":
                self._row += _times(told, "table:number-rows-repeated")
                self._column = 0
            case "c":
                self._column = _column(told["r"]) if "r" in told else self._column + 1
                self._cell(told.get("r", ""))
            case "table-cell":
                # Programs end sheets and rows with a million repeated empty cells: those are not counted.
                self._column += _times(told, "table:number-columns-repeated")
                if "office:value-type" in told or "table:formula" in told:
                    self._cell("")

    def _cell(self, place: str) -> None:
        self._cells += 1
        if self._column > MOST_COLUMNS or self._row > MOST_ROWS:
            raise SheetTooLarge(name=self._name, what=place[:12] or f"{letters(self._column)}{self._row}")
        if self._cells > MOST_CELLS:
            raise SheetTooLarge(name=self._name, what=str(self._cells))


def _column(place: str) -> int:
    """The number of a cell's column; beyond every limit where it is no cell's place."""
    found = _CELL.fullmatch(place.upper())
    if not found:
        return MOST_COLUMNS + 1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column


def _times(told: dict[str, str], repeated: str) -> int:
    times = told.get(repeated, "1")
    return int(times) if times.isdecimal() and len(times) < 9 else 1


def _sheets(data: bytes, name: str) -> Iterator[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook  # slow to import

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            yield _grid(sheet, [[_as_typed(cell) for cell in row] for row in rows])
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as problem:
        raise NotASheet(name=name, why="broken") from problem


def _as_typed(cell: object) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
        case date() | time() | timedelta():
            return str(cell)
    return str(cell)


def _grid(name: str, rows: Sequence[Sequence[str]]) -> Grid:
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    wide = max(map(len, rows), default=0)
    return Grid(name=name, rows=tuple((*row, *[""] * (wide - len(row))) for row in rows))


def _text(data: bytes, name: str) -> str:
    """The letters of a CSV file: UTF-8 with or without a mark, UTF-16 with one, else those of Windows."""
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), "utf-8")
    for each in (encoding, "cp1252"):
        try:
            text = data.decode(each)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise NotASheet(name=name, why="nul")
        return text
    raise NotASheet(name=name, why="encoding")


def _separated(text: str, delimiter: str, name: str) -> Grid:
    rows: list[list[str]] = []
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(row) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                raise SheetTooLarge(name=name, what=f"{letters(len(row))}{len(rows)}")
    except csv.Error as problem:
        if "unexpected end" in str(problem):
            raise QuoteOpen(name=name, row=len(rows) + 1) from problem
        return Grid(name="", rows=())  # a quotation mark within bare text: not with this delimiter
    return _grid("", rows)
