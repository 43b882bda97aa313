"""What a file of answers holds, found out before it is read: its columns, and how DuckDB is to read them.

`inspect_file` looks at the beginning of a file only (of CSV, also at its encoding throughout) and returns an
`AnswerFile`; `file_placement` runs the SQL in it. Three formats, one way of reading:

- Parquet: DuckDB describes the columns; a response is text, or an ENUM cast to text.
- CSV: the heading is read here with Python's `csv`, and DuckDB gets the columns, the delimiter and the quotes spelled
  out. Its own detection is switched off, because it looks at a sample: a file could be read in one way on one day and
  in another way on the next, and an id like 007 would become a number.
- JSON Lines: DuckDB takes each line as one JSON value; the responses are drawn out by path in one call for all items.

The invariant: the SQL of an item gives its response as text or NULL, whatever the format, and `response_code_sql`
turns that text into a small number. Column names and texts of a file reach SQL through `duckdb_sandbox.quote_…` only.
"""

import codecs
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assessor.core.instrument import Instrument
from assessor.core.json_nesting import is_nested_deeper
from assessor.core.responses import DONT_KNOW
from assessor.errors import N_
from assessor.safe_text import escape_controls, safe_excerpt
from assessor.scale import duckdb_sandbox
from assessor.scale.errors import BadHeading, BadJsonLines, CannotRead, UnknownFileFormat, UnsupportedEncoding
from assessor.setup.commands import typed_command

#: Texts by which a file says that a response is not known; an absent value is NULL.
_UNKNOWN_TEXTS: Final = ("", DONT_KNOW)
#: Codes from 1 to this one mean "not known": NULL is 1, then come the texts above.
LAST_UNKNOWN_CODE: Final = 1 + len(_UNKNOWN_TEXTS)

#: The code of a text that is not an option; the largest that a byte holds, as an item has far fewer options.
INVALID_CODE: Final = 255

#: Columns of one file, and bytes of a CSV file's heading or of one line of JSON.
MOST_COLUMNS: Final = 1_000
MOST_LINE: Final = 1_000_000

_FORMATS: Final = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
#: Delimiters that a CSV file may have.
#: Most values nested in one another in the first line of JSON lines.
_MOST_DEPTH: Final = 20
_DELIMITERS: Final = ",;\t|"

_DUPLICATE_COLUMN = N_("the column {column} appears twice in the heading (upper and lower case are the same)")
_NAME_TAKEN = N_("the column {column} has the same name as one that is written; give it another name")
_NO_ITEM_COLUMN = N_("no column is named as an item of {instrument}; the heading reads: {heading}")
_NOT_TEXT = N_("the column {column} holds {type}, and a response is the id of an option, as text")
_NAMELESS_COLUMN = N_("column {number} has no name; give it one")
_TOO_MANY_COLUMNS = N_("there are more than {most} columns")
_LONG_HEADING = N_("the heading does not end within {most} characters")
_NUL_BYTE = N_("there is a NUL byte in it; save it again as text")
_EMPTY = N_("it is empty; it needs a heading with the ids of the items")


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerFile:
    """A file and how it is read."""

    path: Path
    file_format: str
    #: The SQL of the table that it holds: before the file's name, after it, and its end.
    table_parts: tuple[str, str, str]
    #: By item id, the SQL of the response as text.
    item_sql: dict[str, str]
    #: By the name of each other column, its SQL.
    carried_sql: dict[str, str]
    #: SQL that holds for a row whose shape is wrong.
    malformed_sql: str = "false"
    #: Rows above the first one, as a spreadsheet counts them.
    heading_rows: int = 0

    def table_sql(self, file: str, more: str = "") -> str:
        """SQL of the table in `file`, a quoted name; `more` adds options to the function that reads it."""
        before, after, end = self.table_parts
        return f"{before}{file}{after}{more}{end}"


def detect_format(path: Path) -> str:
    """`parquet`, `csv` or `jsonl`, by the ending of the name; raises `UnknownFileFormat`."""
    if path.suffix.lower() not in _FORMATS:
        raise UnknownFileFormat(file=escape_controls(str(path)))
    return _FORMATS[path.suffix.lower()]


def inspect_file(path: Path, instrument: Instrument, taken: Sequence[str]) -> AnswerFile:
    """How to read a file; `taken` are the names of the columns that will be added to its own.

    Raises `CannotRead`, `BadHeading`, `UnsupportedEncoding` or `BadJsonLines`.
    """
    file_format = detect_format(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(MOST_LINE + 1)
    except OSError as error:
        raise CannotRead(file=escape_controls(str(path)), why=error.strerror or type(error).__name__) from error
    answer_file = {"parquet": _inspect_parquet, "csv": _inspect_csv, "jsonl": _inspect_jsonl}[file_format](
        path, head, instrument
    )
    _check_columns(path, answer_file, instrument, taken)
    return answer_file


def response_code_sql(expression: str, options: Sequence[str]) -> str:
    """SQL for the code of a response: up to `LAST_UNKNOWN_CODE` not known, then the options, else `INVALID_CODE`."""
    # One look-up and nothing around it: where a column has a dictionary, DuckDB does that once for each of its texts.
    places = ", ".join(("NULL", *map(duckdb_sandbox.quote_text, (*_UNKNOWN_TEXTS, *options))))
    return f"coalesce(list_position([{places}], {expression})::UTINYINT, {INVALID_CODE}::UTINYINT)"


def bad_heading(path: Path, template: str, **facts: object) -> BadHeading:
    """The error for a heading that cannot be used; texts from the file are cut short and made safe to show."""
    shown = {name: safe_excerpt(fact, 200) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return BadHeading(file=escape_controls(str(path)), why=template.format(**shown))


def _check_columns(path: Path, answer_file: AnswerFile, instrument: Instrument, taken: Sequence[str]) -> None:
    """Raise `BadHeading` for columns that cannot be told apart, that clash with those to be added, or are too many.

    Case is ignored, as DuckDB ignores it in names.
    """
    names = [name.casefold() for name in (*answer_file.item_sql, *answer_file.carried_sql)]
    for name in (*answer_file.item_sql, *answer_file.carried_sql):
        if names.count(name.casefold()) > 1:
            raise bad_heading(path, _DUPLICATE_COLUMN, column=name)
    for name in answer_file.carried_sql:
        if name.casefold() in {added.casefold() for added in taken}:
            raise bad_heading(path, _NAME_TAKEN, column=name)
    if len(names) > MOST_COLUMNS:
        raise bad_heading(path, _TOO_MANY_COLUMNS, most=MOST_COLUMNS)
    if not answer_file.item_sql:
        raise bad_heading(path, _NO_ITEM_COLUMN, instrument=instrument.id, heading=", ".join(answer_file.carried_sql))


def _inspect_parquet(path: Path, head: bytes, instrument: Instrument) -> AnswerFile:
    """DuckDB itself describes the columns; `head` is not needed, as Parquet's description stands at the end."""
    table = ("read_parquet(", ", hive_partitioning = false", ")")
    with duckdb_sandbox.sandboxed_database({"in": path}, 1) as (database, names):
        try:
            file = names["in"].join((table[0], table[1] + table[2]))
            described = database.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
        except duckdb_sandbox.DuckDBError as error:
            raise CannotRead(
                file=escape_controls(str(path)), why=safe_excerpt(str(error).split("\n")[0], 200)
            ) from error
    items = {}
    for column, kind, *_ in described:
        if column in instrument.by_id:
            if kind != "VARCHAR" and not kind.startswith("ENUM") and kind != '"NULL"':
                raise bad_heading(path, _NOT_TEXT, column=column, type=kind)
            items[column] = (
                duckdb_sandbox.quote_name(column)
                if kind == "VARCHAR"
                else f"{duckdb_sandbox.quote_name(column)}::VARCHAR"
            )
    carried = {column: duckdb_sandbox.quote_name(column) for column, *_ in described if column not in items}
    return AnswerFile(path=path, file_format="parquet", table_parts=table, item_sql=items, carried_sql=carried)


def _inspect_csv(path: Path, head: bytes, instrument: Instrument) -> AnswerFile:
    """Finds the delimiter by which most columns are items; where none is, the one that parts the heading most.

    The second rule serves the error message, which then shows the columns as their author sees them.
    """
    encoding = _detect_encoding(path, head)
    heading = head.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace")
    if not heading.strip():
        raise bad_heading(path, _EMPTY)
    delimiter = max(
        _DELIMITERS, key=lambda candidate: len(set(_split_heading(heading, candidate)) & instrument.by_id.keys())
    )
    if not set(_split_heading(heading, delimiter)) & instrument.by_id.keys():
        delimiter = max(_DELIMITERS, key=lambda candidate: len(_split_heading(heading, candidate)))
    cells = _split_heading(heading, delimiter)
    if encoding != "utf-8" or heading.startswith("\ufeff"):
        raise UnsupportedEncoding(file=escape_controls(str(path)), encoding=encoding, delimiter=delimiter)
    for number, cell in enumerate(cells, 1):
        if not cell:
            raise bad_heading(path, _NAMELESS_COLUMN, number=number)
    if len("".join(cells)) + len(cells) > MOST_LINE // 2:
        raise bad_heading(path, _LONG_HEADING, most=MOST_LINE // 2)
    _refuse_repeated(path, cells)
    return AnswerFile(
        path=path,
        file_format="csv",
        table_parts=_csv_table_parts(cells, delimiter),
        item_sql={cell: duckdb_sandbox.quote_name(cell) for cell in cells if cell in instrument.by_id},
        carried_sql={cell: duckdb_sandbox.quote_name(cell) for cell in cells if cell not in instrument.by_id},
        heading_rows=1,
    )


def _refuse_repeated(path: Path, cells: list[str]) -> None:
    """Raise `BadHeading` for a name that stands twice: as a dictionary, the columns would lose one in silence."""
    folded = [cell.casefold() for cell in cells]
    for cell in cells:
        if folded.count(cell.casefold()) > 1:
            raise bad_heading(path, _DUPLICATE_COLUMN, column=cell)


def _csv_table_parts(cells: list[str], delimiter: str) -> tuple[str, str, str]:
    """The call of `read_csv` with everything spelled out, so that nothing is left to DuckDB's sampling."""
    columns = ", ".join(f"{duckdb_sandbox.quote_text(cell)}: 'VARCHAR'" for cell in cells)
    options = (
        f", auto_detect = false, header = true, delim = '{delimiter}', quote = '\"', escape = '\"', nullstr = '', "
        f"strict_mode = true, columns = {{{columns}}}"
    )
    return "read_csv(", options, ")"


def _split_heading(heading: str, delimiter: str) -> list[str]:
    """The cells of the first line; none where it cannot be parted in this way."""
    try:
        return next(csv.reader(heading.splitlines(keepends=True), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _detect_encoding(path: Path, head: bytes) -> str:
    """The encoding of the whole file: `utf-8`, or the likeliest other one, which the caller refuses by name.

    Reads all of it, as the first letter beyond ASCII may stand in the last row. Raises `BadHeading` for a NUL byte.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            if b"\0" in block:
                raise bad_heading(path, _NUL_BYTE)
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return "cp1252"
    return "utf-8" if not decoder.getstate()[0] else "cp1252"


def _inspect_jsonl(path: Path, head: bytes, instrument: Instrument) -> AnswerFile:
    """Takes the first line as the pattern: its keys beside `responses` become the columns that are carried along."""
    line = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
    try:
        first: Any = None if is_nested_deeper(line, _MOST_DEPTH) else json.loads(line)
    except ValueError as error:
        raise BadJsonLines(file=escape_controls(str(path)), command=typed_command()) from error
    if not isinstance(first, dict) or not isinstance(first.get("responses"), dict):
        raise BadJsonLines(file=escape_controls(str(path)), command=typed_command())
    items = list(instrument.by_id)
    others = [key for key in first if key != "responses"]
    return AnswerFile(
        path=path,
        file_format="jsonl",
        table_parts=(
            f"(SELECT json, json_extract_string(json, {_json_paths('responses', items)}) AS given "
            "FROM read_ndjson_objects(",
            f", maximum_object_size = {MOST_LINE}",
            "))",
        ),
        item_sql={item: f"given[{position}]" for position, item in enumerate(items, 1)},
        carried_sql={key: f"json_extract_string(json, {duckdb_sandbox.quote_text(_json_path(key))})" for key in others},
        malformed_sql=_malformed_object_sql(items),
    )


def _malformed_object_sql(items: list[str]) -> str:
    """SQL that holds for a line that is no object, lacks a key, has one twice, or names an unknown item.

    DuckDB would take the last of two equal keys and pass over unknown ones; here both are mistakes of the file.
    """
    keys, all_keys = "json_keys(json, '$.responses')", "json_keys(json)"
    return (
        f"coalesce(strlen(json::VARCHAR) > {MOST_LINE} OR json_type(json, '$.responses') <> 'OBJECT' "
        f"OR json_type(json, '$.id') NOT IN ('VARCHAR', 'UBIGINT', "
        f"'BIGINT') OR NOT list_has_all({duckdb_sandbox.quote_texts(items)}, {keys}) OR "
        f"len(list_distinct({keys})) <> len({keys}) OR len(list_distinct({all_keys})) <> len({all_keys}), true)"
    )


def _json_path(*keys: str) -> str:
    """A path in DuckDB's JSON functions; quotes inside a key are escaped."""
    return "$" + "".join('."' + key.replace('"', '\\"') + '"' for key in keys)


def _json_paths(outer: str, keys: list[str]) -> str:
    return duckdb_sandbox.quote_texts([_json_path(outer, key) for key in keys])
