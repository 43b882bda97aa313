"""Spreadsheets as rows of text: CSV as Nordic Excels write it, XLSX and ODS. Bounded before anything is parsed.

The only home of python-calamine. Numbers and dates come as the text that a person would type for them.
`collaboration_list` gives the rows a meaning.

The problem: an XLSX or ODS is a zip of XML. A file of a few kilobytes can unpack to gigabytes, repeat one long text in
a million cells, claim a cell in the last row of the last column, or define entities in entities. calamine is fast,
builds everything in memory, and has no limits.

So a file is scanned before calamine sees it. `_repack_checked` unpacks each part piece by piece against a `SizeBudget`
and feeds XML to `_PartScanner`, which counts what the reader would build: tags, characters (a shared text as often as
it is used), and the area of each sheet, empty cells included. Only parts that were scanned are packed again and passed
on; macros are refused, and pictures and other binary parts never reach calamine.

The invariant: calamine never builds more than `_PartScanner` has counted. That is why the scanner reads as strictly as
it can. Where two readings of a file are possible (two parts of one name, a cell within a cell, shared texts in an
unusual part) it refuses, because calamine might take the other one. Expat serves as the parser because it reports the
declaration of an entity before it expands one.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Final, NoReturn
from xml.parsers import expat

from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

#: Most bytes of a file, and of all that is in it when unpacked.
MOST_BYTES, MOST_UNPACKED = 10_000_000, 40_000_000
#: Most rows and columns of one sheet, and cells of all sheets, counting empty ones between others.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 400, 800_000
#: Most parts of a zip.
_MOST_ENTRIES: Final = 2_000
#: Most tags of all XML; characters of all cells, a repeated text counted each time; bytes of one tag; nesting of tags.
_MOST_TAGS, _MOST_CHARACTERS, _MOST_TOKEN, _MOST_DEPTH = 4_000_000, 20_000_000, 1_000_000, 100
#: Endings of the parts that are passed on to the reader.
_READ_SUFFIXES: Final = (".xml", ".rels")
#: The part with the texts that the sheets of an XLSX share.
_SHARED_STRINGS: Final = "xl/sharedstrings.xml"

#: How old .xls files and encrypted .xlsx files begin.
_OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0"
#: Encodings by the byte order mark at the beginning of a file.
_BYTE_ORDER_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
#: The letters å ä ö æ ø as UTF-8 writes them.
_UTF_8_LETTERS: Final = re.compile(rb"\xc3[\x84-\x86\x96\x98\xa4-\xa6\xb6\xb8]")
#: Rows kept of a file that is not read to its end, enough to find its headings.
_SAMPLE_ROWS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """One sheet: rows of text, every row as long as the longest."""

    #: Of the sheet; empty where the file has no sheets.
    name: str
    rows: tuple[tuple[str, ...], ...]
    #: Why the rows after these could not be read; None where these are all.
    cut_reason: AssessorError | None = None


class NotASheet(AssessorError):
    """A file that cannot be read as a spreadsheet; `why` is a key of `reasons`."""

    template = N_("{name} was not read: {why}")
    reasons: ClassVar[dict[str, str]] = {
        "macro": N_("it holds macros; save it as .xlsx and give that"),
        "password": N_("it is an old .xls or is locked with a password; save it as .xlsx without one and give that"),
        "broken": N_("it is damaged or not a spreadsheet; open it, save it as .xlsx or .csv and give that"),
        "entity": N_("it contains definitions that no spreadsheet needs; save it again as .xlsx and give that"),
        "encoding": N_(
            "its letters are neither UTF-8 nor those of Windows (cp1252); save it as CSV UTF-8 and give that"
        ),
        "nul": N_("it contains bytes that are not text; save it as CSV UTF-8 or .xlsx and give that"),
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


def read_grids(data: bytes, name: str) -> tuple[Grid, ...]:
    """The sheets of a file; of a CSV file one reading for each delimiter that it may have.

    Raises `NotASheet`, `SheetTooLarge`, or `UnclosedQuote` where no reading of a CSV file is complete.
    """
    if len(data) > MOST_BYTES:
        raise SheetTooLarge(name=name, what=f"{len(data) // 1_000_000} MB")
    if data.startswith(_OLE_SIGNATURE):
        raise NotASheet(name=name, why="password")
    if data.startswith(b"PK"):
        return tuple(_read_sheets(_repack_checked(data, name), name))
    text = _decode_csv(data, name)
    readings = [_parse_csv(text, delimiter, name) for delimiter in (";", ",", "\t")]
    if all(grid.cut_reason for grid in readings):
        raise next(grid.cut_reason for grid in readings if grid.cut_reason)
    return tuple(readings)


def _repack_checked(data: bytes, name: str) -> bytes:
    """A zip with only the parts that the reader needs, each scanned before the reader builds anything of it."""
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(stream, "w") as repacked:
            budget = SizeBudget(name)
            for entry in _ordered_entries(packed, name):
                content = _read_part(packed, entry, budget)
                if entry.filename.lower().endswith(_READ_SUFFIXES) or entry.filename == "mimetype":
                    repacked.writestr(entry.filename, content)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as problem:
        raise NotASheet(name=name, why="broken") from problem
    return stream.getvalue()


def _ordered_entries(packed: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The parts of a zip, shared texts first, as the sheets refer to their lengths."""
    entries = packed.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise SheetTooLarge(name=name, what=f"{len(entries)} parts")
    names = [entry.filename.lower() for entry in entries]
    if any("vbaproject" in part_name for part_name in names):
        raise NotASheet(name=name, why="macro")
    if len({*names}) < len(names):
        raise NotASheet(name=name, why="broken")  # two parts of one name: programs would read different ones
    return sorted(entries, key=lambda entry: entry.filename.lower() != _SHARED_STRINGS)


def _read_part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: "SizeBudget") -> bytes:
    """The content of a part that is passed on; other parts are unpacked only to be counted, and come back empty."""
    scanner = _PartScanner(budget, entry.filename.lower()) if entry.filename.lower().endswith(_READ_SUFFIXES) else None
    content = bytearray()
    with packed.open(entry) as stream:
        while chunk := stream.read(1 << 16):
            budget.add_unpacked(len(chunk), entry.filename)
            if scanner:
                content += chunk
                scanner.feed(chunk)
            elif entry.filename == "mimetype":
                content += chunk
    if scanner:
        scanner.finish()
    return bytes(content)


class SizeBudget:
    """What a whole file amounts to so far; each method raises `SheetTooLarge` when a limit is exceeded."""

    def __init__(self, name: str) -> None:
        self.name = name
        #: The lengths of shared texts, by their index.
        self.shared_lengths: list[int] = []
        self._bytes = self._tags = self._characters = self._area = 0

    def add_unpacked(self, size: int, part: str) -> None:
        """Count unpacked bytes of a part."""
        self._bytes += size
        if self._bytes > MOST_UNPACKED:
            raise SheetTooLarge(name=self.name, what=f"{part} ({self._bytes // 1_000_000} MB)")

    def add_tags(self, count: int) -> None:
        """Count tags of XML."""
        self._tags += count
        if self._tags > _MOST_TAGS:
            raise SheetTooLarge(name=self.name, what=f"{self._tags} tags")

    def add_text(self, characters: int) -> None:
        """Count characters in cells; call it for every cell that a text stands in."""
        self._characters += characters
        if self._characters > _MOST_CHARACTERS:
            raise SheetTooLarge(name=self.name, what=f"{self._characters // 1_000_000} MB")

    def add_sheet(self, rows: int, columns: int) -> None:
        """Count the area of a sheet: the reader builds empty cells between others as well."""
        self._area += rows * columns
        if self._area > MOST_CELLS:
            raise SheetTooLarge(name=self.name, what=f"{column_letters(columns)}{rows}")


class _PartScanner:
    """Counts what the reader would build of one part of XML; refuses broken XML and any declaration.

    Elements are told apart by their local names, as prefixes are free to choose.
    """

    def __init__(self, budget: SizeBudget, part: str) -> None:
        self._budget, self._part = budget, part
        # The cell that is being read and the sheet's size so far, both counted from 1.
        self._row = self._column = self._rows = self._columns = self._row_repeats = 0
        self._depth = self._bytes_fed = self._repeats = 0
        # Whether the cell holds the index of a shared text, and whether text is being listened to.
        self._is_shared = self._listening = False
        # The numbers of columns by their letters: working them out takes longer than all else about a cell.
        self._known_columns: dict[str, int] = {}
        # The index of a shared text, of which expat may pass on a part at a time.
        self._index = ""
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.EntityDeclHandler = self._refuse_definition
        self._parser.StartDoctypeDeclHandler = self._refuse_definition
        self._parser.StartElementHandler = self._start_element
        self._parser.EndElementHandler = self._end_element
        self._handlers = {kind: getattr(self, method) for kind, method in _ELEMENT_HANDLERS.items()}

    def feed(self, chunk: bytes) -> None:
        """Scan the next piece; raises `SheetTooLarge` or `NotASheet` as soon as there is a reason."""
        self._bytes_fed += len(chunk)
        self._budget.add_tags(chunk.count(b"<"))
        self._parse(chunk, False)
        if self._bytes_fed - self._parser.CurrentByteIndex > _MOST_TOKEN:
            self._refuse_broken()

    def finish(self) -> None:
        """Scan the end of the part, and count its last sheet."""
        self._parse(b"", True)
        self._budget.add_sheet(self._rows, self._columns)

    def _parse(self, chunk: bytes, last: bool) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as problem:
            raise NotASheet(name=self._budget.name, why="broken") from problem

    def _refuse_broken(self) -> NoReturn:
        raise NotASheet(name=self._budget.name, why="broken")

    def _refuse_definition(self, *_facts: object) -> None:
        """Refuse a DOCTYPE or entity, as no spreadsheet needs one and expansion is how XML explodes."""
        raise NotASheet(name=self._budget.name, why="entity")

    def _start_element(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            self._refuse_broken()
        handler = self._handlers.get(tag if ":" not in tag else tag.rpartition(":")[2])
        if handler:
            handler(attributes)

    def _end_element(self, tag: str) -> None:
        self._depth -= 1
        if self._listening and tag.rpartition(":")[2] in _TEXT_ELEMENTS:
            self._set_text_handler(None)
            if self._index:
                self._count_shared_text(self._index)
                self._index = ""

    def _set_text_handler(self, listener: Callable[[str], None] | None) -> None:
        """Pass text to `listener` from here on, or ignore it where that is None; faster than testing at each text."""
        self._listening = listener is not None
        self._parser.CharacterDataHandler = listener

    # XLSX

    def _sheet_row(self, attributes: dict[str, str]) -> None:
        self._row = _parse_number(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0

    def _sheet_cell(self, attributes: dict[str, str]) -> None:
        """A cell of XLSX, by its reference; one without stands right of the one before."""
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            if letters not in self._known_columns:
                self._known_columns[letters] = _column_number(letters)
            self._column, self._row = self._known_columns[letters], _parse_number(reference[len(letters) :])
        self._is_shared = attributes.get("t") == "s"
        self._extend_to(self._column, self._row)

    def _sheet_value(self, _told: dict[str, str]) -> None:
        if self._is_shared:
            self._set_text_handler(self._append_index)

    def _append_index(self, text: str) -> None:
        self._index += text

    def _count_shared_text(self, index: str) -> None:
        number = _parse_number(index.strip())
        self._budget.add_text(self._budget.shared_lengths[number] if number < len(self._budget.shared_lengths) else 0)

    def _shared_text(self, _told: dict[str, str]) -> None:
        if self._part != _SHARED_STRINGS:
            self._refuse_broken()
        self._budget.shared_lengths.append(0)
        self._set_text_handler(self._add_shared_length)

    def _add_shared_length(self, text: str) -> None:
        self._budget.shared_lengths[-1] += len(text)

    # ODS

    def _table(self, _told: dict[str, str]) -> None:
        self._budget.add_sheet(self._rows, self._columns)
        self._row = self._rows = self._columns = 0

    def _table_row(self, attributes: dict[str, str]) -> None:
        self._row_repeats = _repeat_count(attributes, "table:number-rows-repeated")
        self._row += self._row_repeats
        self._column = 0

    def _table_cell(self, attributes: dict[str, str]) -> None:
        """A cell of ODS, with its repetitions; a million empty ones, as programs write at the end, are not counted."""
        times = _repeat_count(attributes, "table:number-columns-repeated")
        self._column += times
        if any(
            attribute.startswith(("office:", "calcext:")) or attribute == "table:formula" for attribute in attributes
        ):
            self._extend_to(self._column, self._row)
            if self._listening:
                self._refuse_broken()  # a cell within a cell
            self._repeats = times * self._row_repeats
            self._budget.add_text(self._repeats * max(map(len, attributes.values())))
            self._set_text_handler(self._count_repeated_text)

    def _count_repeated_text(self, text: str) -> None:
        self._budget.add_text(self._repeats * len(text))

    def _blanks(self, attributes: dict[str, str]) -> None:
        self._budget.add_text(max(self._repeats, 1) * _repeat_count(attributes, "text:c"))

    def _extend_to(self, column: int, row: int) -> None:
        """Extend the sheet's area to a cell; raises `SheetTooLarge` beyond its last row or column."""
        self._rows, self._columns = max(self._rows, row), max(self._columns, column)
        if column > MOST_COLUMNS or row > MOST_ROWS:
            raise SheetTooLarge(name=self._budget.name, what=f"{column_letters(column)}{row}")


#: Methods by local name of an element; no other element makes a cell.
_ELEMENT_HANDLERS: Final = {
    "row": "_sheet_row",
    "c": "_sheet_cell",
    "v": "_sheet_value",
    "si": "_shared_text",
    "table": "_table",
    "table-row": "_table_row",
    "table-cell": "_table_cell",
    "covered-table-cell": "_table_cell",
    "s": "_blanks",
}
#: Elements at whose end the counted text ends.
_TEXT_ELEMENTS: Final = ("v", "si", "table-cell", "covered-table-cell")


def _column_number(letters: str) -> int:
    """The number of a column by its letters; a number beyond every limit where they are none."""
    if not re.fullmatch("[A-Za-z]{1,3}", letters):
        return MOST_UNPACKED
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def _parse_number(text: str) -> int:
    """A whole number; one beyond every limit where the text is none, or has too many digits to be meant."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else MOST_UNPACKED


def _repeat_count(attributes: dict[str, str], name: str) -> int:
    return max(_parse_number(attributes.get(name, "1").strip()), 1)


def _read_sheets(data: bytes, name: str) -> Iterator[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook  # slow to import

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            yield _make_grid(sheet, [[_as_typed(cell) for cell in row] for row in rows])
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as problem:
        raise NotASheet(name=name, why="broken") from problem


def _as_typed(cell: object) -> str:
    """A cell's value as a person would type it: no decimals for whole numbers, no time for dates."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
        case date() | time() | timedelta():
            return str(cell)
    return str(cell)


def _make_grid(name: str, rows: Sequence[Sequence[str]], cut_reason: AssessorError | None = None) -> Grid:
    """A sheet without empty rows at its end, all rows as long as the longest."""
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    width = max(map(len, rows), default=0)
    return Grid(name=name, rows=tuple((*row, *[""] * (width - len(row))) for row in rows), cut_reason=cut_reason)


def _decode_csv(data: bytes, name: str) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with a byte order mark, or else Windows-1252.

    Raises `NotASheet`. Windows-1252 accepts nearly any bytes, so it is tried only where no letter is written in UTF-8.
    """
    marked_encodings = [encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if data.startswith(mark)]
    # Letters of UTF-8 in a file that is not UTF-8: two encodings in one file, and no reading of it would be right.
    likely_encodings = ["utf-8"] if _UTF_8_LETTERS.search(data) else ["utf-8", "cp1252"]
    for each in marked_encodings or likely_encodings:
        try:
            text = data.decode(each)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise NotASheet(name=name, why="nul")
        return text
    raise NotASheet(name=name, why="encoding")


def _parse_csv(text: str, delimiter: str, name: str) -> Grid:
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
                return _make_grid(
                    "", rows[:_SAMPLE_ROWS], SheetTooLarge(name=name, what=f"{column_letters(width)}{len(rows)}")
                )
    except csv.Error as problem:
        if "unexpected end" in str(problem):
            return _make_grid("", rows[:_SAMPLE_ROWS], UnclosedQuote(name=name, row=len(rows) + 1))
        return Grid(name="", rows=())  # a quotation mark within bare text: the delimiter is another one
    return _make_grid("", rows)
