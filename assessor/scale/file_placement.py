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
from assessor.problems import Problem
from assessor.safe_text import escape_controls
from assessor.scale import duckdb_sandbox
from assessor.scale.answer_files import (
    INVALID_CODE,
    LAST_UNKNOWN_CODE,
    AnswerFile,
    detect_format,
    inspect_file,
    response_code_sql,
)
from assessor.scale.column_placement import Codes, PlacementTables
from assessor.scale.column_ways import WayUpFinder
from assessor.scale.errors import MOST_SHOWN, BadJsonLines, BadRows, CannotRead, invalid_response, torn_row
from assessor.scale.most_informative import MostInformative
from assessor.setup.commands import typed_command

#: Rows of one batch.
BATCH_ROWS: Final = 122_880

_FORMULA_PATTERN: Final = r"^[\s\x00-\x1f]*[=+\-@＝＋－＠]"
_NUMBER_PATTERN: Final = r"^[+\-]?[0-9]+([.,][0-9]+)?$"

PlacementsFormat = Literal["list", "bits"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementOptions:
    """What is to be written."""

    placements_format: PlacementsFormat = "list"
    #: Also the cheapest step up.
    way_up: bool = False
    overwrite: bool = False
    #: Processor cores for reading.
    threads: int = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementSummary:
    """What became of a file."""

    rows: int
    #: Items without a column, taken as unanswered.
    absent_items: tuple[str, ...]


class FilePlacer:
    """Places files by one instrument; what it has worked out for one serves the next."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.tables = PlacementTables.for_instrument(instrument)
        self.most_informative = MostInformative(instrument)
        self.way_up_finder = WayUpFinder(instrument)

    def place_file(
        self, path: Path, target: Path, wish: PlacementOptions, told: Callable[[int], None] = lambda _: None
    ) -> PlacementSummary:
        """Place a file's rows; nothing is written unless every response is one. `told` hears of rows done."""
        written = detect_format(target)
        found = inspect_file(path, self.instrument, self.added_columns(wish))
        with new_file(target, overwrite=wish.overwrite) as temporary:
            rows = self._place_rows(found, temporary, written, wish, told)
        absent = tuple(item.id for item in self.instrument.items if item.id not in found.item_sql)
        return PlacementSummary(rows=rows, absent_items=absent)

    def added_columns(self, wish: PlacementOptions) -> tuple[str, ...]:
        """The names of the columns that are added."""
        return ("placements", "level", "most_telling", *(("way_up", "way_up_cost") if wish.way_up else ()))

    def _place_rows(
        self, found: AnswerFile, temporary: Path, written: str, wish: PlacementOptions, told: Callable[[int], None]
    ) -> int:
        with duckdb_sandbox.sandboxed_database({"in": found.path}, wish.threads) as (reading, names):
            made = _BatchPlacer(self, found, written, wish, told)
            try:
                batches = reading.sql(_select_sql(found, names["in"], self.instrument)).to_arrow_reader(BATCH_ROWS)
                self._write_batches(made.place_batches(batches), temporary, written, wish)
            except (duckdb_sandbox.DuckDBError, pa.ArrowException, _InvalidResponseMet) as error:
                # What goes wrong in a batch reaches us through the one who writes, in other words.
                raise self._explain_error(found, made.error or error) from error
        return made.rows

    def _explain_error(self, found: AnswerFile, error: Exception) -> Exception:
        match error:
            case _InvalidResponseMet():
                return self._invalid_responses_error(found)
            case duckdb_sandbox.DuckDBError() | pa.ArrowException():
                return self._unreadable_error(found, error)
        return error

    def _write_batches(
        self, batches: Iterator[pa.RecordBatch], temporary: Path, written: str, wish: PlacementOptions
    ) -> None:
        first = next(batches)
        stream = pa.RecordBatchReader.from_batches(first.schema, chain((first,), batches))
        # One thread: with more, DuckDB keeps ever more rows back so as to write them in order.
        with duckdb_sandbox.sandboxed_database({f"out.{written}": temporary}, 1) as (writing, names):
            writing.register("placed", stream)
            (out,) = names.values()
            columns = [
                _formula_safe_sql(field) if written == "csv" else duckdb_sandbox.quote_name(field.name)
                for field in first.schema
            ]
            writing.execute(
                f"COPY (SELECT {', '.join(columns)} FROM placed) TO {out} ({self._copy_options(written, wish)})"
            )

    def _copy_options(self, written: str, wish: PlacementOptions) -> str:
        if written == "csv":
            return "FORMAT csv, HEADER true, USE_TMP_FILE false"
        if written == "jsonl":
            return "FORMAT json, USE_TMP_FILE false"
        legend = " ".join(f"{bit}={placement}" for placement, bit in self.tables.placement_bits.items())
        told = f"instrument: {duckdb_sandbox.quote_text(f'{self.instrument.id} {self.instrument.version}')}, "
        digest = duckdb_sandbox.quote_text(self.instrument.digest)
        told += f"digest: {digest}, placements: {duckdb_sandbox.quote_text(legend)}"
        return f"FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, KV_METADATA {{{told}}}"

    def _unreadable_error(self, found: AnswerFile, error: Exception) -> Exception:
        if found.file_format == "jsonl":
            return BadJsonLines(file=escape_controls(str(found.path)), command=typed_command())
        torn = _find_torn_rows(found) if found.file_format == "csv" else []
        if torn:
            return BadRows(file=str(found.path), problems=torn)
        return CannotRead(file=escape_controls(str(found.path)), why=escape_controls(str(error).split("\n")[0][:300]))

    def _invalid_responses_error(self, found: AnswerFile) -> Exception:
        if found.file_format == "jsonl":
            return BadJsonLines(file=escape_controls(str(found.path)), command=typed_command())
        return BadRows(file=str(found.path), problems=_find_invalid_responses(found, self.instrument))


class _InvalidResponseMet(Exception):
    """A text that is no option was met."""


class _BatchPlacer:
    """The batches to write, made from those read."""

    def __init__(
        self, placer: FilePlacer, found: AnswerFile, written: str, wish: PlacementOptions, told: Callable[[int], None]
    ) -> None:
        self.placer, self.answer_file, self.options, self.report_progress = placer, found, wish, told
        self.rows = 0
        #: What went wrong in a batch.
        self.error: Exception | None = None
        self.placement_values = _placement_values(placer.tables, written, wish.placements_format)
        self.level_values = pa.array(placer.tables.end_levels, pa.uint8())
        self.is_undecided = np.array([len(each) > 1 for each in placer.tables.end_placements])
        self.item_ids = pa.array([None, *(item.id for item in placer.instrument.items)], pa.string())

    def place_batches(self, batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """Each batch placed; at least one, which may be empty."""
        empty = pa.RecordBatch.from_arrays([pa.array([], each.type) for each in batches.schema], schema=batches.schema)
        try:
            for batch in chain(batches, (empty,)):
                yield self._place_batch(batch)
                self.rows += len(batch)
                self.report_progress(self.rows)
        except Exception as error:
            self.error = error
            raise

    def _place_batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        # By place: a carried column may have any name.
        carried = len(self.answer_file.carried_sql)
        places = {item: batch.column(at).to_numpy() for at, item in enumerate(self.answer_file.item_sql, carried)}
        if len(batch) and max(column.max() for column in places.values()) == INVALID_CODE:
            raise _InvalidResponseMet
        if self.answer_file.malformed_sql != "false" and batch.column(batch.num_columns - 1).true_count:
            raise _InvalidResponseMet
        columns = {item: _option_codes(column) for item, column in places.items()}
        ends = self.placer.tables.find_ends(columns)
        made = [batch.column(at) for at in range(carried)]
        made += [
            _dictionary_array(self.placement_values, ends),
            self.level_values.take(pa.array(ends)),
            self._most_informative_items(columns, ends),
        ]
        if self.options.way_up:
            made += (
                _way_columns(*self.placer.way_up_finder.find_ways(columns))
                if len(batch)
                else _way_columns([None], ends.astype(np.intp))
            )
        return pa.RecordBatch.from_arrays(
            made, [*self.answer_file.carried_sql, *self.placer.added_columns(self.options)]
        )

    def _most_informative_items(self, columns: dict[str, Codes], ends: Codes) -> pa.Array:
        open_rows = np.flatnonzero(self.is_undecided.take(ends))
        places = np.zeros(len(ends), np.uint16)
        if len(open_rows):
            sub = {item: column.take(open_rows) for item, column in columns.items()}
            places[open_rows] = self.placer.most_informative.find_positions(sub) + 1
        return _dictionary_array(self.item_ids, places)


def _formula_safe_sql(field: pa.Field) -> str:
    """A column that a spreadsheet cannot take for formulas: what begins like one begins with an apostrophe."""
    name = duckdb_sandbox.quote_name(field.name)
    if field.type != pa.string():
        return name
    formula, number = duckdb_sandbox.quote_text(_FORMULA_PATTERN), duckdb_sandbox.quote_text(_NUMBER_PATTERN)
    acts = f"regexp_matches({name}, {formula}) AND NOT regexp_matches({name}, {number})"
    return f"CASE WHEN {acts} THEN chr(39) || {name} ELSE {name} END AS {name}"


def _option_codes(places: Codes) -> Codes:
    """0 not known, 1 and on the options."""
    return np.maximum(places, LAST_UNKNOWN_CODE) - LAST_UNKNOWN_CODE


def _dictionary_array(values: pa.Array, places: Codes) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places), values)


def _placement_values(tables: PlacementTables, written: str, form: PlacementsFormat) -> pa.Array:
    if form == "bits":
        return pa.array(tables.end_bits, pa.uint64())
    if written == "csv":
        return pa.array([" ".join(each) for each in tables.end_placements], pa.string())
    return pa.array([list(each) for each in tables.end_placements], pa.list_(pa.string()))


def _way_columns(ways: list[Way | None], places: np.ndarray[Any, np.dtype[np.intp]]) -> list[pa.Array]:
    told = [way and " ".join(f"{change.item}={change.after}" for change in way.changes) for way in ways]
    costs = [way and way.cost for way in ways]
    at = pa.array(places)
    return [pa.array(told, pa.string()).take(at), pa.array(costs, pa.int64()).take(at)]


def _select_sql(found: AnswerFile, file: str, instrument: Instrument) -> str:
    """Carried columns as they are, responses as places."""
    places = [response_code_sql(given, instrument.by_id[item].options) for item, given in found.item_sql.items()]
    carried = [f"{sql} AS {duckdb_sandbox.quote_name(name)}" for name, sql in found.carried_sql.items()]
    odd = [found.malformed_sql] if found.malformed_sql != "false" else []
    return f"SELECT {', '.join((*carried, *places, *odd))} FROM {found.table_sql(file)}"


def _find_invalid_responses(found: AnswerFile, instrument: Instrument) -> list[Problem[None]]:
    """The first responses that are no options, by row."""
    items = list(found.item_sql)
    offered = {item: ", ".join((*instrument.by_id[item].options, DONT_KNOW)) for item in items}
    bad = {
        item: f"{response_code_sql(found.item_sql[item], instrument.by_id[item].options)} = {INVALID_CODE}"
        for item in items
    }
    columns = ", ".join(f"CASE WHEN {bad[item]} THEN {found.item_sql[item]} END" for item in items)
    with duckdb_sandbox.sandboxed_database({"in": found.path}, 1) as (database, names):
        number = duckdb_sandbox.quote_name(_unused_name(found))
        table = f"(SELECT row_number() OVER () AS {number}, * FROM {found.table_sql(names['in'])})"
        most = MOST_SHOWN + 1
        query = f"SELECT {number}, {columns} FROM {table} WHERE {' OR '.join(bad.values())} LIMIT {most}"
        rows = database.execute(query).fetchall()
    return [
        invalid_response(row + found.heading_rows, item, escape_controls(given[:60]), offered[item])
        for row, *given_row in rows
        for item, given in zip(items, given_row, strict=True)
        if given is not None
    ][: MOST_SHOWN + 1]


def _unused_name(found: AnswerFile) -> str:
    """A name that no column has."""
    return "row" + "_" * max(map(len, (*found.item_sql, *found.carried_sql)))


def _find_torn_rows(found: AnswerFile) -> list[Problem[None]]:
    """The first rows of a CSV file whose cells do not fit the heading."""
    with duckdb_sandbox.sandboxed_database({"in": found.path}, 1) as (database, names):
        try:
            more = f", store_rejects = true, rejects_limit = {MOST_SHOWN + 1}"
            database.execute(f"SELECT count(*) FROM {found.table_sql(names['in'], more)}").fetchall()
            told = database.execute("SELECT line, error_message FROM reject_errors ORDER BY line").fetchall()
        except duckdb_sandbox.DuckDBError:
            return []
    return [torn_row(row, escape_controls(re.sub(r"\s+", " ", str(message))[:200])) for row, message in told]
