"""A file of answers to a file of placements, batch by batch, so that memory does not grow with the file.

DuckDB reads the responses as codes, the tables turn each batch into placements, and DuckDB writes the result. Between
the two, batches travel as an Arrow stream: nothing holds more than one of them. The columns written are what the file
holds beside the responses, as it was, then

    placements   the placements possible, best level first: a list, in CSV texts parted by spaces; or a bit set
    level        the number of the level where it is certain and on one, else nothing
    most_telling the item whose response would tell most, while several placements are possible
    way_up       where asked for: the cheapest changes to the level above, as item=option parted by spaces
    way_up_cost  their effort

All or nothing: rows go to a temporary file that takes its name at the end, and the first response that is not an
option stops the run. Only then is the file read a second time, slowly, to name the rows that are wrong; a good file is
never read twice.
"""

import re
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
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

#: Rows of one batch: the size of DuckDB's own row groups, which it hands on without copying.
BATCH_ROWS: Final = 122_880

#: A text that a spreadsheet would run as a formula, and one that is merely a signed number.
_FORMULA_PATTERN: Final = r"^[\s\x00-\x1f]*[=+\-@＝＋－＠]"
_NUMBER_PATTERN: Final = r"^[+\-]?[0-9]+([.,][0-9]+)?$"

PlacementsFormat = Literal["list", "bits"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementOptions:
    """What to write, and with how many processor cores to read."""

    placements_format: PlacementsFormat = "list"
    #: Also the cheapest step up.
    way_up: bool = False
    overwrite: bool = False
    #: Processor cores for reading.
    threads: int = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementSummary:
    """How many rows were placed, and what the file had no column for."""

    rows: int
    #: Items without a column, taken as unanswered.
    absent_items: tuple[str, ...]


class FilePlacer:
    """Places files by one instrument; tables and caches worked out for one file serve the next."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.tables = PlacementTables.for_instrument(instrument)
        self.most_informative = MostInformative(instrument)
        self.way_up_finder = WayUpFinder(instrument)

    def place_file(
        self, path: Path, target: Path, options: PlacementOptions, progress: Callable[[int], None] = lambda _: None
    ) -> PlacementSummary:
        """Place the rows of a file; `progress` is called with the number of rows done after each batch.

        Raises what `inspect_file` raises, `BadRows` or `BadJsonLines` where a response is not an option, and
        `CannotWrite`; nothing is left of `target` then.
        """
        out_format = detect_format(target)
        answer_file = inspect_file(path, self.instrument, self.added_columns(options))
        with new_file(target, overwrite=options.overwrite) as temporary:
            rows = self._place_rows(answer_file, temporary, out_format, options, progress)
        absent = tuple(item.id for item in self.instrument.items if item.id not in answer_file.item_sql)
        return PlacementSummary(rows=rows, absent_items=absent)

    def added_columns(self, options: PlacementOptions) -> tuple[str, ...]:
        """Names of the columns that placing adds, in the order written."""
        return ("placements", "level", "most_telling", *(("way_up", "way_up_cost") if options.way_up else ()))

    def _place_rows(
        self,
        answer_file: AnswerFile,
        temporary: Path,
        out_format: str,
        options: PlacementOptions,
        progress: Callable[[int], None],
    ) -> int:
        """How many rows were placed; an error of either database is raised as one about the file."""
        with duckdb_sandbox.sandboxed_database({"in": answer_file.path}, options.threads) as (reading, names):
            placing = _BatchPlacer(self, answer_file, out_format, options, progress)
            try:
                batches = reading.sql(_select_sql(answer_file, names["in"], self.instrument)).to_arrow_reader(
                    BATCH_ROWS
                )
                with closing(_made_ahead(placing.place_batches(batches))) as placed:
                    self._write_batches(placed, temporary, out_format, options)
            except (duckdb_sandbox.DuckDBError, pa.ArrowException, _InvalidResponseMet) as error:
                # An exception in a batch comes back through DuckDB's writer, wrapped; `placing.error` is the original.
                raise self._explain_error(answer_file, placing.error or error) from error
        return placing.rows

    def _explain_error(self, answer_file: AnswerFile, error: Exception) -> Exception:
        """The error to show for what stopped the run; itself where it is a mistake of the program."""
        match error:
            case _InvalidResponseMet():
                return self._invalid_responses_error(answer_file)
            case duckdb_sandbox.DuckDBError() | pa.ArrowException():
                return self._unreadable_error(answer_file, error)
        return error

    def _write_batches(
        self, batches: Iterator[pa.RecordBatch], temporary: Path, out_format: str, options: PlacementOptions
    ) -> None:
        """Pull the batches through one statement; the first is needed for the schema, and there always is one."""
        first = next(batches)
        stream = pa.RecordBatchReader.from_batches(first.schema, chain((first,), batches))
        # One thread: with more, DuckDB keeps ever more rows back so as to write them in order.
        with duckdb_sandbox.sandboxed_database({f"out.{out_format}": temporary}, 1) as (writing, names):
            writing.register("placed", stream)
            (out,) = names.values()
            columns = [
                _formula_safe_sql(field) if out_format == "csv" else duckdb_sandbox.quote_name(field.name)
                for field in first.schema
            ]
            writing.execute(
                f"COPY (SELECT {', '.join(columns)} FROM placed) TO {out} ({self._copy_options(out_format, options)})"
            )

    def _copy_options(self, out_format: str, options: PlacementOptions) -> str:
        """The options of COPY; Parquet also carries which bank placed it, and what the bits mean."""
        if out_format == "csv":
            return "FORMAT csv, HEADER true, USE_TMP_FILE false"
        if out_format == "jsonl":
            return "FORMAT json, USE_TMP_FILE false"
        legend = " ".join(f"{bit}={placement}" for placement, bit in self.tables.placement_bits.items())
        metadata = f"instrument: {duckdb_sandbox.quote_text(f'{self.instrument.id} {self.instrument.version}')}, "
        digest = duckdb_sandbox.quote_text(self.instrument.digest)
        metadata += f"digest: {digest}, placements: {duckdb_sandbox.quote_text(legend)}"
        return f"FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, KV_METADATA {{{metadata}}}"

    def _unreadable_error(self, answer_file: AnswerFile, error: Exception) -> Exception:
        """For CSV, the rows that do not fit the heading, if those are what stopped DuckDB."""
        if answer_file.file_format == "jsonl":
            return BadJsonLines(file=escape_controls(str(answer_file.path)), command=typed_command())
        torn = _find_torn_rows(answer_file) if answer_file.file_format == "csv" else []
        if torn:
            return BadRows(file=str(answer_file.path), problems=torn)
        return CannotRead(
            file=escape_controls(str(answer_file.path)), why=escape_controls(str(error).split("\n")[0][:300])
        )

    def _invalid_responses_error(self, answer_file: AnswerFile) -> Exception:
        """Which responses are wrong, by row; for JSON Lines, where `place` says it better, only that some are."""
        if answer_file.file_format == "jsonl":
            return BadJsonLines(file=escape_controls(str(answer_file.path)), command=typed_command())
        return BadRows(file=str(answer_file.path), problems=_find_invalid_responses(answer_file, self.instrument))


class _InvalidResponseMet(Exception):
    """A response that is not an option was met; which one is found out in a second pass."""


class _BatchPlacer:
    """Turns the batches read into the batches to write.

    DuckDB's writer pulls them, so an exception here surfaces inside its call; `error` keeps the original.
    """

    def __init__(
        self,
        placer: FilePlacer,
        answer_file: AnswerFile,
        out_format: str,
        options: PlacementOptions,
        progress: Callable[[int], None],
    ) -> None:
        self.placer, self.answer_file, self.options, self.report_progress = placer, answer_file, options, progress
        #: Rows placed so far.
        self.rows = 0
        #: The exception that ended the batches; None while there is none.
        self.error: Exception | None = None
        self.placement_values = _placement_values(placer.tables, out_format, options.placements_format)
        self.level_values = pa.array(placer.tables.end_levels, pa.uint8())
        self.is_undecided = np.array([len(ids) > 1 for ids in placer.tables.end_placements])
        self.item_ids = pa.array([None, *(item.id for item in placer.instrument.items)], pa.string())

    def place_batches(self, batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """Each batch placed.

        An empty one at the end makes sure that there is one, which a writer needs for its columns.
        """
        empty = pa.RecordBatch.from_arrays(
            [pa.array([], field.type) for field in batches.schema], schema=batches.schema
        )
        try:
            for batch in chain(batches, (empty,)):
                yield self._place_batch(batch)
                self.rows += len(batch)
                self.report_progress(self.rows)
        except Exception as error:
            self.error = error
            raise

    def _place_batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """One batch; raises `_InvalidResponseMet`.

        Columns are found by position, as a carried one may have any name.
        """
        carried = len(self.answer_file.carried_sql)
        raw_codes = {
            item: batch.column(position).to_numpy() for position, item in enumerate(self.answer_file.item_sql, carried)
        }
        if len(batch) and max(column.max() for column in raw_codes.values()) == INVALID_CODE:
            raise _InvalidResponseMet
        if self.answer_file.malformed_sql != "false" and batch.column(batch.num_columns - 1).true_count:
            raise _InvalidResponseMet
        columns = {item: _option_codes(column) for item, column in raw_codes.items()}
        ends = self.placer.tables.find_ends(columns)
        placed = [batch.column(position) for position in range(carried)]
        placed += [
            _dictionary_array(self.placement_values, ends),
            self.level_values.take(pa.array(ends)),
            self._most_informative_items(columns, ends),
        ]
        if self.options.way_up:
            placed += (
                _way_columns(*self.placer.way_up_finder.find_ways(columns))
                if len(batch)
                else _way_columns([None], ends.astype(np.intp))
            )
        return pa.RecordBatch.from_arrays(
            placed, [*self.answer_file.carried_sql, *self.placer.added_columns(self.options)]
        )

    def _most_informative_items(self, columns: dict[str, Codes], ends: Codes) -> pa.Array:
        """For each undecided row the item that would tell most; nothing for decided rows, which are not asked about."""
        open_rows = np.flatnonzero(self.is_undecided.take(ends))
        positions = np.zeros(len(ends), np.uint16)
        if len(open_rows):
            open_columns = {item: column.take(open_rows) for item, column in columns.items()}
            positions[open_rows] = self.placer.most_informative.find_positions(open_columns) + 1
        return _dictionary_array(self.item_ids, positions)


def _made_ahead(batches: Iterator[pa.RecordBatch]) -> Generator[pa.RecordBatch, None, None]:
    """The same batches; while one is being written, a second thread makes the next one, and none beyond it."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = maker.submit(next, batches, None)
            yield batch


def _formula_safe_sql(field: pa.Field) -> str:
    """SQL for a column of CSV: text that a spreadsheet would run as a formula gets an apostrophe before it."""
    name = duckdb_sandbox.quote_name(field.name)
    if field.type != pa.string():
        return name
    formula, number = duckdb_sandbox.quote_text(_FORMULA_PATTERN), duckdb_sandbox.quote_text(_NUMBER_PATTERN)
    is_formula = f"regexp_matches({name}, {formula}) AND NOT regexp_matches({name}, {number})"
    return f"CASE WHEN {is_formula} THEN chr(39) || {name} ELSE {name} END AS {name}"


def _option_codes(codes: Codes) -> Codes:
    """Codes as the tables take them: 0 is not known, then the options from 1."""
    return np.maximum(codes, LAST_UNKNOWN_CODE) - LAST_UNKNOWN_CODE


def _dictionary_array(values: pa.Array, indices: Codes) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(indices), values)


def _placement_values(tables: PlacementTables, out_format: str, placements_format: PlacementsFormat) -> pa.Array:
    """For each end the value to write; CSV has no lists, so ids are parted by spaces there."""
    if placements_format == "bits":
        return pa.array(tables.end_bits, pa.uint64())
    if out_format == "csv":
        return pa.array([" ".join(ids) for ids in tables.end_placements], pa.string())
    return pa.array([list(ids) for ids in tables.end_placements], pa.list_(pa.string()))


def _way_columns(ways: list[Way | None], way_of_row: np.ndarray[Any, np.dtype[np.intp]]) -> list[pa.Array]:
    """The columns `way_up` and `way_up_cost`; both null where a row has no way up."""
    texts = [way and " ".join(f"{change.item}={change.after}" for change in way.changes) for way in ways]
    costs = [way and way.cost for way in ways]
    indices = pa.array(way_of_row)
    return [pa.array(texts, pa.string()).take(indices), pa.array(costs, pa.int64()).take(indices)]


def _select_sql(answer_file: AnswerFile, file: str, instrument: Instrument) -> str:
    """The query for one file: carried columns as they are, responses as codes, then whether the line is malformed."""
    codes = [
        response_code_sql(text_sql, instrument.by_id[item].options) for item, text_sql in answer_file.item_sql.items()
    ]
    carried = [f"{sql} AS {duckdb_sandbox.quote_name(name)}" for name, sql in answer_file.carried_sql.items()]
    malformed = [answer_file.malformed_sql] if answer_file.malformed_sql != "false" else []
    return f"SELECT {', '.join((*carried, *codes, *malformed))} FROM {answer_file.table_sql(file)}"


def _find_invalid_responses(answer_file: AnswerFile, instrument: Instrument) -> list[Problem[None]]:
    """The first responses that are not options, by row.

    Read anew with row numbers, which the fast pass goes without.
    """
    items = list(answer_file.item_sql)
    offered = {item: ", ".join((*instrument.by_id[item].options, DONT_KNOW)) for item in items}
    is_invalid = {
        item: f"{response_code_sql(answer_file.item_sql[item], instrument.by_id[item].options)} = {INVALID_CODE}"
        for item in items
    }
    columns = ", ".join(f"CASE WHEN {is_invalid[item]} THEN {answer_file.item_sql[item]} END" for item in items)
    with duckdb_sandbox.sandboxed_database({"in": answer_file.path}, 1) as (database, names):
        number = duckdb_sandbox.quote_name(_unused_name(answer_file))
        table = f"(SELECT row_number() OVER () AS {number}, * FROM {answer_file.table_sql(names['in'])})"
        most = MOST_SHOWN + 1
        query = f"SELECT {number}, {columns} FROM {table} WHERE {' OR '.join(is_invalid.values())} LIMIT {most}"
        rows = database.execute(query).fetchall()
    return [
        invalid_response(row + answer_file.heading_rows, item, escape_controls(text[:60]), offered[item])
        for row, *row_texts in rows
        for item, text in zip(items, row_texts, strict=True)
        if text is not None
    ][: MOST_SHOWN + 1]


def _unused_name(answer_file: AnswerFile) -> str:
    """A column name that the file does not have: longer than all of its own."""
    return "row" + "_" * max(map(len, (*answer_file.item_sql, *answer_file.carried_sql)))


def _find_torn_rows(answer_file: AnswerFile) -> list[Problem[None]]:
    """The first rows of a CSV file whose cells do not fit the heading; none where DuckDB cannot say."""
    with duckdb_sandbox.sandboxed_database({"in": answer_file.path}, 1) as (database, names):
        try:
            more = f", store_rejects = true, rejects_limit = {MOST_SHOWN + 1}"
            database.execute(f"SELECT count(*) FROM {answer_file.table_sql(names['in'], more)}").fetchall()
            rejected = database.execute("SELECT line, error_message FROM reject_errors ORDER BY line").fetchall()
        except duckdb_sandbox.DuckDBError:
            return []
    return [torn_row(row, escape_controls(re.sub(r"\s+", " ", str(message))[:200])) for row, message in rejected]
