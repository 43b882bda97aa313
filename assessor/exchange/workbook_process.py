"""Workbooks (XLSX, ODS) as plain values, read in a process of its own; the only home of python-calamine.

The problem: an XLSX or ODS is a zip of XML. A file of a few kilobytes can unpack to gigabytes, repeat one long text in
a million cells, claim a cell in the last row of the last column, or define entities in entities. calamine is fast,
builds everything in memory, has no limits, and believes the numbers that a file declares.

So a file is scanned before calamine sees it. `_repack_checked` unpacks each part piece by piece against a `SizeBudget`
and feeds XML to `_PartScanner`, which counts what the reader would build: tags, characters (a shared text as often as
it is used), and the area of each sheet, empty cells included. Only parts that were scanned are packed again and passed
on; macros are refused, and pictures and other binary parts never reach calamine. What is still not foreseen ends this
process (`reader_process`) and not the one that holds the answers.

The invariant: calamine never builds more than `_PartScanner` has counted. That is why the scanner reads as strictly as
it can. Where two readings of a file are possible (two parts of one name, a cell within a cell, shared texts in an
unusual part) it refuses, because calamine might take the other one. Expat serves as the parser because it reports the
declaration of an entity before it expands one.

The scanner also notes what calamine does not tell: cells with an error, formulas without the value that they had,
hidden rows and columns, and merged cells.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NoReturn
from xml.parsers import expat

from assessor.exchange.grids import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_UNPACKED,
    UNCOMPUTED,
    CellKind,
    NotASheet,
    Range,
    SheetTooLarge,
    column_letters,
    is_error_text,
)
from assessor.exchange.reader_process import serve

#: Seconds of processor for one file, and bytes of memory for the process.
_CPU_SECONDS: Final = 40
_MEMORY_BYTES: Final = 1_000_000_000
#: Most parts of a zip.
_MOST_ENTRIES: Final = 2_000
#: Most tags of all XML; characters of all cells, a repeated text counted each time; bytes of one tag; nesting of tags.
_MOST_TAGS, _MOST_CHARACTERS, _MOST_TOKEN, _MOST_DEPTH = 4_000_000, 20_000_000, 1_000_000, 100
#: Most characters of a formula's value that are looked at.
_MOST_ERROR: Final = 40
#: Endings of the parts that are passed on to the reader.
_READ_SUFFIXES: Final = (".xml", ".rels")
#: The part with the texts that the sheets of an XLSX share; then those that say which part is which sheet.
_SHARED_STRINGS: Final = "xl/sharedstrings.xml"
_WORKBOOK, _WORKBOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
#: The part with all sheets of an ODS.
_ODS_CONTENT: Final = "content.xml"
#: How parts are packed by every spreadsheet program; others unpack without a bound.
_KNOWN_PACKING: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _repack_checked(data: bytes, budget: "SizeBudget", facts: "WorkbookFacts") -> bytes:
    """A zip with only the parts that the reader needs, each scanned before the reader builds anything of it."""
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(stream, "w") as repacked:
            for entry in _ordered_entries(packed):
                content = _read_part(packed, entry, budget, facts)
                if _part_name(entry.filename).endswith(_READ_SUFFIXES) or entry.filename == "mimetype":
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
        raise _refusal("broken") from problem
    return stream.getvalue()


def _ordered_entries(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts of a zip, shared texts first, as the sheets refer to their lengths."""
    entries = packed.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise SheetTooLarge(name="", what=f"{len(entries)} parts")
    names = [_part_name(entry.filename) for entry in entries]
    if why := _kind_of_zip(names):
        raise _refusal(why)
    if any(entry.compress_type not in _KNOWN_PACKING for entry in entries):
        raise _refusal("packing")
    if len({*names}) < len(names):
        raise _refusal("broken")  # two parts of one name: programs would read different ones
    return sorted(entries, key=lambda entry: _part_name(entry.filename) != _SHARED_STRINGS)


def _part_name(name: str) -> str:
    """A part's name as the most tolerant reader compares it: its case and the kind of its slashes do not count."""
    parts = name.casefold().replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def _kind_of_zip(names: Sequence[str]) -> str:
    """The reason why a zip with these parts is not to be read; empty for a workbook, or what may be one."""
    if any("vbaproject" in name for name in names):
        return "macro"
    if any(name.startswith("word/") for name in names):
        return "document"
    if any(name.endswith((".iwa", "workbook.bin")) for name in names):
        return "binary"
    if any(name.endswith(_READ_SUFFIXES) for name in names):
        return ""
    if any(name.endswith(".pdf") for name in names):
        return "forms"
    return "archive" if names else "broken"


def _refusal(why: str) -> NotASheet:
    """The refusal; its name is put in where the file's name is known."""
    return NotASheet(name="", why=why)


def _read_part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: "SizeBudget", facts: "WorkbookFacts") -> bytes:
    """The content of a part that is passed on; other parts are unpacked only to be counted, and come back empty."""
    name = _part_name(entry.filename)
    scanner = _PartScanner(budget, name, facts) if name.endswith(_READ_SUFFIXES) else None
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


@dataclass(slots=True)
class SheetFacts:
    """What the scanner notes of one sheet; rows and columns counted from 0."""

    #: Of errors, and of formulas without a value.
    kinds: dict[tuple[int, int], CellKind] = field(default_factory=dict)
    #: What the same cells show, which the reader leaves empty.
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[Range] = field(default_factory=list)
    hidden_columns: list[Range] = field(default_factory=list)
    merged: list[tuple[Range, Range]] = field(default_factory=list)

    def mark(self, row: int, column: int, rows: int, columns: int, kind: CellKind, shown: str) -> None:
        """Note the kind of a repeated cell that ends in this row and column, counted from 1, and what it shows."""
        for each_row in range(row - rows, row):
            for each_column in range(column - columns, column):
                self.kinds[each_row, each_column] = kind
                self.shown[each_row, each_column] = shown


@dataclass(slots=True)
class WorkbookFacts:
    """What the scanner notes of all parts, and which of them is which sheet."""

    parts: dict[str, SheetFacts] = field(default_factory=dict)
    relation_by_sheet: list[tuple[str, str]] = field(default_factory=list)
    part_by_relation: dict[str, str] = field(default_factory=dict)
    ods_sheets: list[tuple[str, SheetFacts]] = field(default_factory=list)

    def of_sheet(self, name: str) -> SheetFacts:
        """The facts of a sheet; refused as broken where it was not scanned, or two have its name."""
        named = [facts for known, facts in self.ods_sheets if known == name]
        for known, relation in self.relation_by_sheet:
            target = self.part_by_relation.get(relation, "")
            part = _part_name(target if target.startswith("/") else f"xl/{target}")
            named += [self.parts[part]] if known == name and part in self.parts else []
        if len(named) != 1:
            raise _refusal("broken")
        return named[0]


class SizeBudget:
    """What a whole file amounts to so far; each method raises `SheetTooLarge` when a limit is exceeded."""

    def __init__(self) -> None:
        #: The lengths of shared texts, by their index.
        self.shared_lengths: list[int] = []
        self._bytes = self._tags = self._characters = self._area = 0

    def add_unpacked(self, size: int, part: str) -> None:
        """Count unpacked bytes of a part."""
        self._bytes += size
        if self._bytes > MOST_UNPACKED:
            raise SheetTooLarge(name="", what=f"{part} ({self._bytes // 1_000_000} MB)")

    def add_tags(self, count: int) -> None:
        """Count tags of XML."""
        self._tags += count
        if self._tags > _MOST_TAGS:
            raise SheetTooLarge(name="", what=f"{self._tags} tags")

    def add_text(self, characters: int) -> None:
        """Count characters in cells; call it for every cell that a text stands in."""
        self._characters += characters
        if self._characters > _MOST_CHARACTERS:
            raise SheetTooLarge(name="", what=f"{self._characters // 1_000_000} MB")

    def add_sheet(self, rows: int, columns: int) -> None:
        """Count the area of a sheet: the reader builds empty cells between others as well."""
        self._area += rows * columns
        if self._area > MOST_CELLS:
            raise SheetTooLarge(name="", what=f"{column_letters(columns)}{rows}")


class _PartScanner:
    """Counts what the reader would build of one part of XML; refuses broken XML and any declaration.

    Elements are told apart by their local names, as prefixes are free to choose.
    """

    def __init__(self, budget: SizeBudget, part: str, facts: "WorkbookFacts") -> None:
        self._budget, self._part, self._workbook = budget, part, facts
        # Of the sheet that is being read; a part that is none fills one that is never asked for.
        self._facts = facts.parts[part] = SheetFacts()
        # What is known of the cell so far: whether it is a formula, its value's first letters, and its kind.
        self._is_formula = False
        self._value, self._kind = "", ""
        # The cell that is being read and the sheet's size so far, both counted from 1.
        self._row = self._column = self._rows = self._columns = self._row_repeats = 0
        self._depth = self._bytes_fed = self._repeats = 0
        # Whether the cell holds the index of a shared text, and whether text is being listened to.
        self._is_shared = self._listening = False
        # How many rows and columns an ODS repeats the cell in, and how many columns it has told of.
        self._marked_rows = self._marked_columns = 1
        self._table_columns = 0
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
            raise _refusal("broken") from problem

    def _refuse_broken(self) -> NoReturn:
        raise _refusal("broken")

    def _refuse_definition(self, *_facts: object) -> None:
        """Refuse a DOCTYPE or entity, as no spreadsheet needs one and expansion is how XML explodes."""
        raise _refusal("entity")

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
        if self._is_formula or self._kind:
            self._end_marked_cell(tag.rpartition(":")[2])

    def _end_marked_cell(self, element: str) -> None:
        """Note what a cell with an error or a formula holds, at its end."""
        if element not in _CELL_ELEMENTS:
            return
        shows_error = self._is_formula and is_error_text(self._value)
        kind: CellKind | None = "error" if self._kind == "error" or shows_error else None
        if kind is None and self._is_formula and not self._value and self._kind != "text":
            kind = "formula"
        if kind:
            shown = self._value.strip() or "#?" if kind == "error" else UNCOMPUTED
            self._facts.mark(self._row, self._column, self._marked_rows, self._marked_columns, kind, shown)
        self._is_formula, self._kind, self._value = False, "", ""

    def _set_text_handler(self, listener: Callable[[str], None] | None) -> None:
        """Pass text to `listener` from here on, or ignore it where that is None; faster than testing at each text."""
        self._listening = listener is not None
        self._parser.CharacterDataHandler = listener

    # XLSX

    def _sheet_row(self, attributes: dict[str, str]) -> None:
        self._row = _parse_number(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0
        if attributes.get("hidden") in _TRUE:
            self._facts.hidden_rows.append((self._row - 1, self._row - 1))

    def _sheet_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE:
            self._count_range(self._facts.hidden_columns)
            first, last = (_parse_number(attributes.get(end, "")) for end in ("min", "max"))
            self._facts.hidden_columns.append((first - 1, last - 1))

    def _merged_cells(self, attributes: dict[str, str]) -> None:
        corners = re.fullmatch(r"([A-Za-z]+)([0-9]+):([A-Za-z]+)([0-9]+)", attributes.get("ref", ""))
        if corners:
            self._count_range(self._facts.merged)
            left, top, right, bottom = corners.groups()
            rows, columns = (_parse_number(top), _parse_number(bottom)), (_column_number(left), _column_number(right))
            self._facts.merged.append(((rows[0] - 1, rows[1] - 1), (columns[0] - 1, columns[1] - 1)))

    def _sheet_entry(self, attributes: dict[str, str]) -> None:
        """A sheet in the workbook's own list: its name, and the relation by which its part is found."""
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if self._part == _WORKBOOK and "name" in attributes:
            self._workbook.relation_by_sheet.append((attributes["name"], relation))

    def _relation(self, attributes: dict[str, str]) -> None:
        if self._part == _WORKBOOK_RELATIONS:
            self._workbook.part_by_relation[attributes.get("Id", "")] = attributes.get("Target", "")

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
        type_ = attributes.get("t")
        self._is_shared = type_ == "s"
        self._is_formula, self._value = False, ""
        self._kind = "error" if type_ == "e" else "text" if type_ == "str" else ""
        self._marked_rows = self._marked_columns = 1
        self._extend_to(self._column, self._row)

    def _sheet_value(self, _told: dict[str, str]) -> None:
        if self._is_shared:
            self._set_text_handler(self._append_index)
        elif self._is_formula or self._kind == "error":
            self._set_text_handler(self._append_value)

    def _sheet_formula(self, _attributes: dict[str, str]) -> None:
        self._is_formula = True

    def _append_value(self, text: str) -> None:
        self._value = (self._value + text)[:_MOST_ERROR]

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

    def _table(self, attributes: dict[str, str]) -> None:
        self._budget.add_sheet(self._rows, self._columns)
        self._row = self._rows = self._columns = self._table_columns = 0
        if self._part == _ODS_CONTENT:
            self._facts = SheetFacts()
            self._workbook.ods_sheets.append((attributes.get("table:name", ""), self._facts))

    def _table_column(self, attributes: dict[str, str]) -> None:
        first, times = self._table_columns, _repeat_count(attributes, "table:number-columns-repeated")
        self._table_columns += times
        if attributes.get("table:visibility", "visible") != "visible":
            self._count_range(self._facts.hidden_columns)
            self._facts.hidden_columns.append((first, first + times - 1))

    def _table_row(self, attributes: dict[str, str]) -> None:
        self._row_repeats = _repeat_count(attributes, "table:number-rows-repeated")
        if attributes.get("table:visibility", "visible") != "visible":
            self._facts.hidden_rows.append((self._row, self._row + self._row_repeats - 1))
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
            self._note_ods_kind(attributes, times)

    def _note_ods_kind(self, attributes: dict[str, str], times: int) -> None:
        """Note what the attributes of a cell say of its kind, and of the cells that it is merged with."""
        self._is_formula, self._value = "table:formula" in attributes, ""
        self._marked_rows, self._marked_columns = self._row_repeats, times
        has_value = "office:value-type" in attributes
        self._kind = "error" if attributes.get("calcext:value-type") == "error" else "text" if has_value else ""
        spans = [_repeat_count(attributes, f"table:number-{way}-spanned") for way in ("rows", "columns")]
        if spans != [1, 1]:
            self._count_range(self._facts.merged)
            top, left = self._row - self._row_repeats, self._column - times
            self._facts.merged.append(((top, top + spans[0] - 1), (left, left + spans[1] - 1)))

    def _count_repeated_text(self, text: str) -> None:
        self._budget.add_text(self._repeats * len(text))
        if self._is_formula:
            self._append_value(text)

    def _blanks(self, attributes: dict[str, str]) -> None:
        self._budget.add_text(max(self._repeats, 1) * _repeat_count(attributes, "text:c"))

    def _count_range(self, noted: list[Any]) -> None:
        """Raise `SheetTooLarge` for more ranges than a sheet has rows, as each is walked through."""
        if len(noted) >= MOST_ROWS:
            raise SheetTooLarge(name="", what=f"{len(noted) + 1} ranges")

    def _extend_to(self, column: int, row: int) -> None:
        """Extend the sheet's area to a cell; raises `SheetTooLarge` beyond its last row or column."""
        self._rows, self._columns = max(self._rows, row), max(self._columns, column)
        if column > MOST_COLUMNS or row > MOST_ROWS:
            raise SheetTooLarge(name="", what=f"{column_letters(column)}{row}")


#: Methods by local name of an element; no other element makes a cell.
_ELEMENT_HANDLERS: Final = {
    "row": "_sheet_row",
    "c": "_sheet_cell",
    "v": "_sheet_value",
    "f": "_sheet_formula",
    "col": "_sheet_column",
    "mergeCell": "_merged_cells",
    "sheet": "_sheet_entry",
    "Relationship": "_relation",
    "si": "_shared_text",
    "table": "_table",
    "table-column": "_table_column",
    "table-row": "_table_row",
    "table-cell": "_table_cell",
    "covered-table-cell": "_table_cell",
    "s": "_blanks",
}
#: Elements at whose end the counted text ends.
_TEXT_ELEMENTS: Final = ("v", "si", "table-cell", "covered-table-cell")
_CELL_ELEMENTS: Final = ("c", "table-cell", "covered-table-cell")
#: How XML writes a truth value that holds.
_TRUE: Final = ("1", "true")


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


def read(data: bytes) -> dict[str, Any]:
    """The sheets of a workbook as `spreadsheet_reader` takes them, or its refusal by kind and facts."""
    try:
        facts = WorkbookFacts()
        return {"sheets": list(_read_sheets(_repack_checked(data, SizeBudget(), facts), facts))}
    except SheetTooLarge as refusal:
        return {"too_large": refusal.facts["what"]}
    except NotASheet as refusal:
        return {"refused": refusal.facts["why"]}
    except MemoryError:
        return {"refused": "too_much"}


def _read_sheets(data: bytes, facts: WorkbookFacts) -> Iterator[dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # slow to import

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheets_metadata:
            rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            scanned = facts.of_sheet(sheet.name)
            kinds = {**_kinds_of_values(rows), **scanned.kinds}
            yield {
                "name": sheet.name,
                "rows": _with_shown([[_as_typed(cell) for cell in row] for row in rows], scanned.shown),
                "kinds": [(row, column, kind) for (row, column), kind in kinds.items()],
                "visible": sheet.visible == SheetVisibleEnum.Visible,
                "hidden_rows": scanned.hidden_rows,
                "hidden_columns": scanned.hidden_columns,
                "merged": scanned.merged,
            }
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as problem:
        raise _refusal("broken") from problem


def _with_shown(rows: list[list[str]], shown: dict[tuple[int, int], str]) -> list[list[str]]:
    """The rows with what else their cells show; longer where that stands beyond the last text."""
    for (row, column), text in shown.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text
    return rows


def _kinds_of_values(rows: list[list[Any]]) -> dict[tuple[int, int], CellKind]:
    """By row and column, the kind of each cell that is no text."""
    return {
        (row, column): "date" if isinstance(cell, date | time | timedelta) else "number"
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if not isinstance(cell, str)
    }


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


def main() -> None:
    """Read workbooks from standard input and print the sheets of each, as `reader_process` has it."""
    serve(read, cpu_seconds=_CPU_SECONDS, memory_bytes=_MEMORY_BYTES)
