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
from assessor.safe_text import safe
from assessor.scale import duckdb_sandbox
from assessor.scale.errors import BadHeading, BadObjects, CannotRead, OldEncoding, UnknownForm

#: How a file says that a response is not known; nothing at all is NULL.
_UNKNOWN: Final = ("", DONT_KNOW)
UNKNOWN: Final = 1 + len(_UNKNOWN)

#: The place of a text that is no response; an item has far fewer options.
NO_RESPONSE: Final = 255

#: Columns of one file, and bytes of a CSV file's heading or of one line of JSON.
MOST_COLUMNS: Final = 1_000
MOST_LINE: Final = 1_000_000

_FORMS: Final = {".parquet": "parquet", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_DELIMITERS: Final = ",;\t|"

_TWICE = N_("the column {column} stands twice in the heading (upper and lower case are the same)")
_TAKEN = N_("the column {column} has the name of one that is written; name it otherwise")
_NOTHING = N_("no column is named as an item of {instrument}; the heading reads: {heading}")
_NOT_TEXT = N_("the column {column} holds {type}, and a response is the id of an option, as text")
_NAMELESS = N_("column {number} has no name; give it one")
_TOO_WIDE = N_("there are more than {most} columns")
_LONG_HEADING = N_("the heading does not end within {most} characters")
_NUL = N_("there is a NUL byte in it; save it anew as text")
_EMPTY = N_("it is empty; it needs a heading with the ids of the items")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file and how it is read."""

    path: Path
    form: str
    #: The SQL of the table that it holds: before the file's name, after it, and its end.
    table: tuple[str, str, str]
    #: By item id, the SQL of the response as text.
    items: dict[str, str]
    #: By the name of each other column, its SQL.
    carried: dict[str, str]
    #: SQL that holds for a row whose shape is wrong.
    odd: str = "false"
    #: Rows above the first one, as a spreadsheet counts them.
    heading: int = 0

    def sql(self, file: str, more: str = "") -> str:
        """The table in SQL; `more` are further options of the function that reads it."""
        before, after, end = self.table
        return f"{before}{file}{after}{more}{end}"


def form_of(path: Path) -> str:
    """Parquet, CSV or JSON Lines by the name's ending."""
    if path.suffix.lower() not in _FORMS:
        raise UnknownForm(file=safe(str(path)))
    return _FORMS[path.suffix.lower()]


def source(path: Path, instrument: Instrument, taken: Sequence[str]) -> Source:
    """How a file is read; `taken` are the names of the columns that will be added."""
    form = form_of(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(MOST_LINE + 1)
    except OSError as error:
        raise CannotRead(file=safe(str(path)), why=error.strerror or type(error).__name__) from error
    found = {"parquet": _parquet, "csv": _csv, "jsonl": _jsonl}[form](path, head, instrument)
    _fit(path, found, instrument, taken)
    return found


def place(expression: str, options: Sequence[str]) -> str:
    """The SQL of the place of a response: to `UNKNOWN` not known, then the options, else `NO_RESPONSE`."""
    # One look-up and nothing around it: where a column has a dictionary, DuckDB does that once for each of its texts.
    places = ", ".join(("NULL", *map(duckdb_sandbox.text, (*_UNKNOWN, *options))))
    return f"coalesce(list_position([{places}], {expression})::UTINYINT, {NO_RESPONSE}::UTINYINT)"


def refuse(path: Path, template: str, **facts: object) -> BadHeading:
    """A heading that cannot be used, in the words of `template`."""
    shown = {name: _brief(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return BadHeading(file=safe(str(path)), why=template.format(**shown))


def _brief(value: str) -> str:
    return safe(value if len(value) <= 200 else value[:200] + "…")


def _fit(path: Path, found: Source, instrument: Instrument, taken: Sequence[str]) -> None:
    names = [name.casefold() for name in (*found.items, *found.carried)]
    for name in (*found.items, *found.carried):
        if names.count(name.casefold()) > 1:
            raise refuse(path, _TWICE, column=name)
    for name in found.carried:
        if name.casefold() in {each.casefold() for each in taken}:
            raise refuse(path, _TAKEN, column=name)
    if len(names) > MOST_COLUMNS:
        raise refuse(path, _TOO_WIDE, most=MOST_COLUMNS)
    if not found.items:
        raise refuse(path, _NOTHING, instrument=instrument.id, heading=", ".join(found.carried))


def _parquet(path: Path, head: bytes, instrument: Instrument) -> Source:
    table = ("read_parquet(", ", hive_partitioning = false", ")")
    with duckdb_sandbox.shut_in({"in": path}, 1) as (database, names):
        try:
            file = names["in"].join((table[0], table[1] + table[2]))
            described = database.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
        except duckdb_sandbox.Error as error:
            raise CannotRead(file=safe(str(path)), why=_brief(str(error).split("\n")[0])) from error
    items = {}
    for column, kind, *_ in described:
        if column in instrument.by_id:
            if kind != "VARCHAR" and not kind.startswith("ENUM") and kind != '"NULL"':
                raise refuse(path, _NOT_TEXT, column=column, type=kind)
            items[column] = (
                duckdb_sandbox.name(column) if kind == "VARCHAR" else f"{duckdb_sandbox.name(column)}::VARCHAR"
            )
    carried = {column: duckdb_sandbox.name(column) for column, *_ in described if column not in items}
    return Source(path=path, form="parquet", table=table, items=items, carried=carried)


def _csv(path: Path, head: bytes, instrument: Instrument) -> Source:
    encoding = _encoding(path, head)
    heading = head.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace")
    if not heading.strip():
        raise refuse(path, _EMPTY)
    delimiter = max(_DELIMITERS, key=lambda each: len(set(_cells(heading, each)) & instrument.by_id.keys()))
    if not set(_cells(heading, delimiter)) & instrument.by_id.keys():
        delimiter = max(_DELIMITERS, key=lambda each: len(_cells(heading, each)))
    cells = _cells(heading, delimiter)
    if encoding != "utf-8" or heading.startswith("\ufeff"):
        raise OldEncoding(file=safe(str(path)), encoding=encoding, delimiter=delimiter)
    for number, cell in enumerate(cells, 1):
        if not cell:
            raise refuse(path, _NAMELESS, number=number)
    if len("".join(cells)) + len(cells) > MOST_LINE // 2:
        raise refuse(path, _LONG_HEADING, most=MOST_LINE // 2)
    _refuse_repeated(path, cells)
    return Source(
        path=path,
        form="csv",
        table=_csv_table(cells, delimiter),
        items={cell: duckdb_sandbox.name(cell) for cell in cells if cell in instrument.by_id},
        carried={cell: duckdb_sandbox.name(cell) for cell in cells if cell not in instrument.by_id},
        heading=1,
    )


def _refuse_repeated(path: Path, cells: list[str]) -> None:
    folded = [cell.casefold() for cell in cells]
    for cell in cells:
        if folded.count(cell.casefold()) > 1:
            raise refuse(path, _TWICE, column=cell)


def _csv_table(cells: list[str], delimiter: str) -> tuple[str, str, str]:
    columns = ", ".join(f"{duckdb_sandbox.text(cell)}: 'VARCHAR'" for cell in cells)
    options = (
        f", auto_detect = false, header = true, delim = '{delimiter}', quote = '\"', escape = '\"', nullstr = '', "
        f"strict_mode = true, columns = {{{columns}}}"
    )
    return "read_csv(", options, ")"


def _cells(heading: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(heading.splitlines(keepends=True), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _encoding(path: Path, head: bytes) -> str:
    """UTF-8, or what the file looks to be written in instead."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            if b"\0" in block:
                raise refuse(path, _NUL)
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return "cp1252"
    return "utf-8" if not decoder.getstate()[0] else "cp1252"


def _jsonl(path: Path, head: bytes, instrument: Instrument) -> Source:
    line = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
    try:
        first: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadObjects(file=safe(str(path))) from error
    if not isinstance(first, dict) or not isinstance(first.get("responses"), dict):
        raise BadObjects(file=safe(str(path)))
    items = list(instrument.by_id)
    others = [key for key in first if key != "responses"]
    return Source(
        path=path,
        form="jsonl",
        table=(
            f"(SELECT json, json_extract_string(json, {_paths('responses', items)}) AS given FROM read_ndjson_objects(",
            f", maximum_object_size = {MOST_LINE}",
            "))",
        ),
        items={item: f"given[{at}]" for at, item in enumerate(items, 1)},
        carried={key: f"json_extract_string(json, {duckdb_sandbox.text(_path(key))})" for key in others},
        odd=_odd(items),
    )


def _odd(items: list[str]) -> str:
    """SQL for an object that is not as it should be: its keys, twice or unknown, or no object at all."""
    keys, all_keys = "json_keys(json, '$.responses')", "json_keys(json)"
    return (
        f"coalesce(strlen(json::VARCHAR) > {MOST_LINE} OR json_type(json, '$.responses') <> 'OBJECT' "
        f"OR json_type(json, '$.id') NOT IN ('VARCHAR', 'UBIGINT', "
        f"'BIGINT') OR NOT list_has_all({duckdb_sandbox.texts(items)}, {keys}) OR "
        f"len(list_distinct({keys})) <> len({keys}) OR len(list_distinct({all_keys})) <> len({all_keys}), true)"
    )


def _path(*keys: str) -> str:
    return "$" + "".join('."' + key.replace('"', '\\"') + '"' for key in keys)


def _paths(outer: str, keys: list[str]) -> str:
    return duckdb_sandbox.texts([_path(outer, key) for key in keys])
