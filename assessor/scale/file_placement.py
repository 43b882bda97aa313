"""A file of answers to a file of placements, batch by batch, so that memory does not grow with it.

DuckDB reads the responses as places among the options, the tables turn each batch into placements, and DuckDB writes
what comes. The columns written: what the file holds beside the responses, as it was, then

    placements   the placements possible, best level first: a list, in CSV texts parted by spaces; or a bit set
    level        the number of the level where it is certain and on one, else nothing
    most_telling the item whose response would tell most, while several placements are possible
    way_up       where asked for: the cheapest changes to the level above, as item=option parted by spaces
    way_up_cost  their effort
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.verdict import Way
from assessor.output_files import new_file
from assessor.safe_text import safe
from assessor.scale import duckdb_sandbox
from assessor.scale.answer_files import NO_RESPONSE, UNKNOWN, Source, form_of, place, source
from assessor.scale.column_placement import Codes, Tables
from assessor.scale.column_ways import Ways
from assessor.scale.errors import MOST_TOLD, BadObjects, BadRows, CannotRead, Wrong
from assessor.scale.most_informative import Telling

#: Rows of one batch.
BATCH: Final = 122_880

_FORMULA: Final = r"^[\s\x00-\x1f]*[=+\-@＝＋－＠]"
_NUMBER: Final = r"^[+\-]?[0-9]+([.,][0-9]+)?$"

Form = Literal["list", "bits"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is to be written."""

    form: Form = "list"
    #: Also the cheapest step up.
    way_up: bool = False
    overwrite: bool = False
    #: Processor cores for reading.
    threads: int = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """What became of a file."""

    rows: int
    #: Items without a column, taken as unanswered.
    absent: tuple[str, ...]


class Placer:
    """Places files by one instrument; what it has worked out for one serves the next."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.tables = Tables.of(instrument)
        self.telling = Telling(instrument)
        self.ways = Ways(instrument)

    def place(self, path: Path, target: Path, wish: Wish, told: Callable[[int], None] = lambda _: None) -> Placed:
        """Place a file's rows; nothing is written unless every response is one. `told` hears of rows done."""
        written = form_of(target)
        found = source(path, self.instrument, self.columns(wish))
        with new_file(target, overwrite=wish.overwrite) as temporary:
            rows = self._stream(found, temporary, written, wish, told)
        absent = tuple(item.id for item in self.instrument.items if item.id not in found.items)
        return Placed(rows=rows, absent=absent)

    def columns(self, wish: Wish) -> tuple[str, ...]:
        """The names of the columns that are added."""
        return ("placements", "level", "most_telling", *(("way_up", "way_up_cost") if wish.way_up else ()))

    def _stream(self, found: Source, temporary: Path, written: str, wish: Wish, told: Callable[[int], None]) -> int:
        with duckdb_sandbox.shut_in({"in": found.path}, wish.threads) as (reading, names):
            made = _Made(self, found, written, wish, told)
            try:
                batches = reading.sql(_query(found, names["in"], self.instrument)).to_arrow_reader(BATCH)
                self._write(made.all(batches), temporary, written, wish)
            except (duckdb_sandbox.Error, pa.ArrowException, _NoResponse) as error:
                # What goes wrong in a batch reaches us through the one who writes, in other words.
                raise self._told(found, made.error or error) from error
        return made.rows

    def _told(self, found: Source, error: Exception) -> Exception:
        match error:
            case _NoResponse():
                return self._wrong(found)
            case duckdb_sandbox.Error() | pa.ArrowException():
                return self._unreadable(found, error)
        return error

    def _write(self, batches: Iterator[pa.RecordBatch], temporary: Path, written: str, wish: Wish) -> None:
        first = next(batches)
        stream = pa.RecordBatchReader.from_batches(first.schema, chain((first,), batches))
        # One thread: with more, DuckDB keeps ever more rows back so as to write them in order.
        with duckdb_sandbox.shut_in({f"out.{written}": temporary}, 1) as (writing, names):
            writing.register("placed", stream)
            (out,) = names.values()
            columns = [
                _as_text(field) if written == "csv" else duckdb_sandbox.name(field.name) for field in first.schema
            ]
            writing.execute(f"COPY (SELECT {', '.join(columns)} FROM placed) TO {out} ({self._options(written, wish)})")

    def _options(self, written: str, wish: Wish) -> str:
        if written == "csv":
            return "FORMAT csv, HEADER true, USE_TMP_FILE false"
        if written == "jsonl":
            return "FORMAT json, USE_TMP_FILE false"
        legend = " ".join(f"{bit}={placement}" for placement, bit in self.tables.legend.items())
        told = f"instrument: {duckdb_sandbox.text(f'{self.instrument.id} {self.instrument.version}')}, "
        told += f"digest: {duckdb_sandbox.text(self.instrument.digest)}, placements: {duckdb_sandbox.text(legend)}"
        return f"FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, KV_METADATA {{{told}}}"

    def _unreadable(self, found: Source, error: Exception) -> Exception:
        if found.form == "jsonl":
            return BadObjects(file=safe(str(found.path)))
        torn = _torn(found) if found.form == "csv" else []
        if torn:
            return BadRows(file=str(found.path), torn=torn, offered={})
        return CannotRead(file=safe(str(found.path)), why=safe(str(error).split("\n")[0][:300]))

    def _wrong(self, found: Source) -> Exception:
        if found.form == "jsonl":
            return BadObjects(file=safe(str(found.path)))
        items = self.instrument.by_id
        offered = {item: ", ".join((*items[item].options, DONT_KNOW)) for item in found.items}
        return BadRows(file=str(found.path), wrong=_wrongs(found, self.instrument), offered=offered)


class _NoResponse(Exception):
    """A text that is no option was met."""


class _Made:
    """The batches to write, made from those read."""

    def __init__(self, placer: Placer, found: Source, written: str, wish: Wish, told: Callable[[int], None]) -> None:
        self.placer, self.found, self.written, self.wish, self.told = placer, found, written, wish, told
        self.rows = 0
        #: What went wrong in a batch.
        self.error: Exception | None = None
        self.sets = _sets(placer.tables, written, wish.form)
        self.levels = pa.array(placer.tables.levels, pa.uint8())
        self.several = np.array([len(each) > 1 for each in placer.tables.sets])
        self.items = pa.array([None, *(item.id for item in placer.instrument.items)], pa.string())

    def all(self, batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """Each batch placed; at least one, which may be empty."""
        empty = pa.RecordBatch.from_arrays([pa.array([], each.type) for each in batches.schema], schema=batches.schema)
        try:
            for batch in chain(batches, (empty,)):
                yield self._made(batch)
                self.rows += len(batch)
                self.told(self.rows)
        except Exception as error:
            self.error = error
            raise

    def _made(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        # By place: a carried column may have any name.
        carried = len(self.found.carried)
        places = {item: batch.column(at).to_numpy() for at, item in enumerate(self.found.items, carried)}
        if len(batch) and max(column.max() for column in places.values()) == NO_RESPONSE:
            raise _NoResponse
        if self.found.odd != "false" and batch.column(batch.num_columns - 1).true_count:
            raise _NoResponse
        columns = {item: _codes(column) for item, column in places.items()}
        ends = self.placer.tables.ends(columns)
        made = [batch.column(at) for at in range(carried)]
        made += [_looked_up(self.sets, ends), self.levels.take(pa.array(ends)), self._most_telling(columns, ends)]
        if self.wish.way_up:
            made += (
                _told_ways(*self.placer.ways.up(columns)) if len(batch) else _told_ways([None], ends.astype(np.intp))
            )
        return pa.RecordBatch.from_arrays(made, [*self.found.carried, *self.placer.columns(self.wish)])

    def _most_telling(self, columns: dict[str, Codes], ends: Codes) -> pa.Array:
        open_rows = np.flatnonzero(self.several.take(ends))
        places = np.zeros(len(ends), np.uint16)
        if len(open_rows):
            sub = {item: column.take(open_rows) for item, column in columns.items()}
            places[open_rows] = self.placer.telling.most(sub) + 1
        return _looked_up(self.items, places)


def _as_text(field: pa.Field) -> str:
    """A column that a spreadsheet cannot take for formulas: what begins like one begins with an apostrophe."""
    name = duckdb_sandbox.name(field.name)
    if field.type != pa.string():
        return name
    formula, number = duckdb_sandbox.text(_FORMULA), duckdb_sandbox.text(_NUMBER)
    acts = f"regexp_matches({name}, {formula}) AND NOT regexp_matches({name}, {number})"
    return f"CASE WHEN {acts} THEN chr(39) || {name} ELSE {name} END AS {name}"


def _codes(places: Codes) -> Codes:
    """0 not known, 1 and on the options."""
    return np.maximum(places, UNKNOWN) - UNKNOWN


def _looked_up(values: pa.Array, places: Codes) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places), values)


def _sets(tables: Tables, written: str, form: Form) -> pa.Array:
    if form == "bits":
        return pa.array(tables.bits, pa.uint64())
    if written == "csv":
        return pa.array([" ".join(each) for each in tables.sets], pa.string())
    return pa.array([list(each) for each in tables.sets], pa.list_(pa.string()))


def _told_ways(ways: list[Way | None], places: np.ndarray[Any, np.dtype[np.intp]]) -> list[pa.Array]:
    told = [way and " ".join(f"{change.item}={change.after}" for change in way.changes) for way in ways]
    costs = [way and way.cost for way in ways]
    at = pa.array(places)
    return [pa.array(told, pa.string()).take(at), pa.array(costs, pa.int64()).take(at)]


def _query(found: Source, file: str, instrument: Instrument) -> str:
    """Carried columns as they are, responses as places."""
    places = [place(given, instrument.by_id[item].options) for item, given in found.items.items()]
    carried = [f"{sql} AS {duckdb_sandbox.name(name)}" for name, sql in found.carried.items()]
    odd = [found.odd] if found.odd != "false" else []
    return f"SELECT {', '.join((*carried, *places, *odd))} FROM {found.sql(file)}"


def _wrongs(found: Source, instrument: Instrument) -> list[Wrong]:
    """The first responses that are no options, by row."""
    items = list(found.items)
    bad = {item: f"{place(found.items[item], instrument.by_id[item].options)} = {NO_RESPONSE}" for item in items}
    columns = ", ".join(f"CASE WHEN {bad[item]} THEN {found.items[item]} END" for item in items)
    with duckdb_sandbox.shut_in({"in": found.path}, 1) as (database, names):
        number = duckdb_sandbox.name(_free(found))
        table = f"(SELECT row_number() OVER () AS {number}, * FROM {found.sql(names['in'])})"
        most = MOST_TOLD + 1
        query = f"SELECT {number}, {columns} FROM {table} WHERE {' OR '.join(bad.values())} LIMIT {most}"
        rows = database.execute(query).fetchall()
    return [
        Wrong(row=row + found.heading, item=item, given=safe(given[:60]))
        for row, *given_row in rows
        for item, given in zip(items, given_row, strict=True)
        if given is not None
    ][: MOST_TOLD + 1]


def _free(found: Source) -> str:
    """A name that no column has."""
    return "row" + "_" * max(map(len, (*found.items, *found.carried)))


def _torn(found: Source) -> list[tuple[int, str]]:
    """The first rows of a CSV file whose cells do not fit the heading."""
    with duckdb_sandbox.shut_in({"in": found.path}, 1) as (database, names):
        try:
            more = f", store_rejects = true, rejects_limit = {MOST_TOLD + 1}"
            database.execute(f"SELECT count(*) FROM {found.sql(names['in'], more)}").fetchall()
            told = database.execute("SELECT line, error_message FROM reject_errors ORDER BY line").fetchall()
        except duckdb_sandbox.Error:
            return []
    return [(row, safe(re.sub(r"\s+", " ", str(message))[:200])) for row, message in told]
