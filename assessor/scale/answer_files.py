"""What a file of answers holds, found out before it is read: its columns and how DuckDB is to read them."""

import codecs
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.errors import N_
from assessor.safe_text import escape_controls, safe_excerpt
from assessor.scale import duckdb_sandbox
from assessor.scale.errors import BadHeading, BadJsonLines, CannotRead, UnknownFileFormat, UnsupportedEncoding
from assessor.setup.commands import typed_command

#: How a file says that a response is not known; nothing at all is NULL.
_UNKNOWN_TEXTS: Final = ("", DONT_KNOW)
LAST_UNKNOWN_CODE: Final = 1 + len(_UNKNOWN_TEXTS)

#: The place of a text that is no response; an item has far fewer options.
INVALID_CODE: Final = 255

#: Columns of one file, and bytes of a CSV file's heading or of one line of JSON.
MOST_COLUMNS: Final = 1_000
MOST_LINE: Final = 1_000_000

_FORMATS: Final = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
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
        """The table in SQL; `more` are further options of the function that reads it."""
        before, after, end = self.table_parts
        return f"{before}{file}{after}{more}{end}"


def detect_format(path: Path) -> str:
    """Parquet, CSV or JSON Lines by the name's ending."""
    if path.suffix.lower() not in _FORMATS:
        raise UnknownFileFormat(file=escape_controls(str(path)))
    return _FORMATS[path.suffix.lower()]


def inspect_file(path: Path, instrument: Instrument, taken: Sequence[str]) -> AnswerFile:
    """How a file is read; `taken` are the names of the columns that will be added."""
    form = detect_format(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(MOST_LINE + 1)
    except OSError as error:
        raise CannotRead(file=escape_controls(str(path)), why=error.strerror or type(error).__name__) from error
    found = {"parquet": _inspect_parquet, "csv": _inspect_csv, "jsonl": _inspect_jsonl}[form](path, head, instrument)
    _check_columns(path, found, instrument, taken)
    return found


def response_code_sql(expression: str, options: Sequence[str]) -> str:
    """The SQL of the place of a response: to `UNKNOWN` not known, then the options, else `NO_RESPONSE`."""
    # One look-up and nothing around it: where a column has a dictionary, DuckDB does that once for each of its texts.
    places = ", ".join(("NULL", *map(duckdb_sandbox.quote_text, (*_UNKNOWN_TEXTS, *options))))
    return f"coalesce(list_position([{places}], {expression})::UTINYINT, {INVALID_CODE}::UTINYINT)"


def bad_heading(path: Path, template: str, **facts: object) -> BadHeading:
    """A heading that cannot be used, in the words of `template`."""
    shown = {name: safe_excerpt(fact, 200) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return BadHeading(file=escape_controls(str(path)), why=template.format(**shown))


def _check_columns(path: Path, found: AnswerFile, instrument: Instrument, taken: Sequence[str]) -> None:
    names = [name.casefold() for name in (*found.item_sql, *found.carried_sql)]
    for name in (*found.item_sql, *found.carried_sql):
        if names.count(name.casefold()) > 1:
            raise bad_heading(path, _DUPLICATE_COLUMN, column=name)
    for name in found.carried_sql:
        if name.casefold() in {each.casefold() for each in taken}:
            raise bad_heading(path, _NAME_TAKEN, column=name)
    if len(names) > MOST_COLUMNS:
        raise bad_heading(path, _TOO_MANY_COLUMNS, most=MOST_COLUMNS)
    if not found.item_sql:
        raise bad_heading(path, _NO_ITEM_COLUMN, instrument=instrument.id, heading=", ".join(found.carried_sql))


def _inspect_parquet(path: Path, head: bytes, instrument: Instrument) -> AnswerFile:
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
    encoding = _detect_encoding(path, head)
    heading = head.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace")
    if not heading.strip():
        raise bad_heading(path, _EMPTY)
    delimiter = max(_DELIMITERS, key=lambda each: len(set(_split_heading(heading, each)) & instrument.by_id.keys()))
    if not set(_split_heading(heading, delimiter)) & instrument.by_id.keys():
        delimiter = max(_DELIMITERS, key=lambda each: len(_split_heading(heading, each)))
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
    folded = [cell.casefold() for cell in cells]
    for cell in cells:
        if folded.count(cell.casefold()) > 1:
            raise bad_heading(path, _DUPLICATE_COLUMN, column=cell)


def _csv_table_parts(cells: list[str], delimiter: str) -> tuple[str, str, str]:
    columns = ", ".join(f"{duckdb_sandbox.quote_text(cell)}: 'VARCHAR'" for cell in cells)
    options = (
        f", auto_detect = false, header = true, delim = '{delimiter}', quote = '\"', escape = '\"', nullstr = '', "
        f"strict_mode = true, columns = {{{columns}}}"
    )
    return "read_csv(", options, ")"


def _split_heading(heading: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(heading.splitlines(keepends=True), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _detect_encoding(path: Path, head: bytes) -> str:
    """UTF-8, or what the file looks to be written in instead."""
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
    line = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
    try:
        first: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
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
        item_sql={item: f"given[{at}]" for at, item in enumerate(items, 1)},
        carried_sql={key: f"json_extract_string(json, {duckdb_sandbox.quote_text(_json_path(key))})" for key in others},
        malformed_sql=_malformed_object_sql(items),
    )


def _malformed_object_sql(items: list[str]) -> str:
    """SQL for an object that is not as it should be: its keys, twice or unknown, or no object at all."""
    keys, all_keys = "json_keys(json, '$.responses')", "json_keys(json)"
    return (
        f"coalesce(strlen(json::VARCHAR) > {MOST_LINE} OR json_type(json, '$.responses') <> 'OBJECT' "
        f"OR json_type(json, '$.id') NOT IN ('VARCHAR', 'UBIGINT', "
        f"'BIGINT') OR NOT list_has_all({duckdb_sandbox.quote_texts(items)}, {keys}) OR "
        f"len(list_distinct({keys})) <> len({keys}) OR len(list_distinct({all_keys})) <> len({all_keys}), true)"
    )


def _json_path(*keys: str) -> str:
    return "$" + "".join('."' + key.replace('"', '\\"') + '"' for key in keys)


def _json_paths(outer: str, keys: list[str]) -> str:
    return duckdb_sandbox.quote_texts([_json_path(outer, key) for key in keys])
