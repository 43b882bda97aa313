"""A spreadsheet of parties and undertakings, with or without responses: from rows of text to values, or every problem.

The columns, by id or by their words in any language of the bank (`list_vocabulary`):

    party, undertaking      who with and what; the party is needed
    <item>                  the response: an option's id or words, dont_know, or empty for no response
    <item>.note             a note to it
    <item>.ends             when the paper ends that the response tells of: a month, until further notice, don't know
    gut, wanted             a placement; a level by its number too
    gains                   ids or words, parted by semicolons
    goal                    the library's goal that is served, in its own words
    step, step.who, step.when
                            what is to be done next, by whom and when
    note                    a note to the whole
    quoted                  the item whose note is to be quoted in the report, or "note" for that to the whole
    id, collaboration, instrument, version, digest, respondent, started, changed
                            as `library_tables` writes them, so that an export comes back as it was

Any other column is left unread and reported (`list_layout`). A file that we wrote is taken as it is or refused; a list
of one's own may hold more than collaborations, and what is left out of it, or read as something else, is told in a
remark. Rows come from `spreadsheet_reader` as text; storing them is the use case's part.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from assessor.core.entries import STEP_PARTS
from assessor.core.instrument import Instrument
from assessor.core.months import parse_month
from assessor.core.names import canonical_name
from assessor.core.responses import DONT_KNOW
from assessor.core.text_limits import MAX_ID_LENGTH, MAX_NAME_LENGTH, MAX_NOTE_LENGTH, unfit_characters
from assessor.errors import N_
from assessor.exchange.file_problems import FileProblems, TooManyProblems
from assessor.exchange.grids import Grid
from assessor.exchange.list_layout import (
    NOTHING_CHOSEN,
    ChosenColumns,
    ListLayout,
    find_heading_row,
    map_columns,
    sheet_cell,
    unread_places,
)
from assessor.exchange.list_vocabulary import EXPORT_COLUMNS, NAME_COLUMNS, ListVocabulary, find_meaning, normalize_text
from assessor.problems import Problem, SheetCell
from assessor.safe_text import safe_excerpt

_NO_PARTY = N_("the other party is missing; write its name, or empty the row")
_NO_PARTY_BELOW = N_(
    "the other party is missing; if its cell was merged with the one above, write the name in every row, "
    "or give the file as .xlsx or .ods"
)
_DUPLICATE_ROW = N_(
    "the same party and undertaking also appear in row {first}; make them one row, or give "
    "the undertakings different names"
)
_DUPLICATE_ID = N_("the same id also appears in row {first}, so one of them would be lost; give the file as exported")
_OTHER_ID = N_("row {first} gives {other} this id; give the file as it was exported, or empty both cells")
_NO_OPTION = N_("{given!r} is not an answer here; choose one of: {known}")
_AMBIGUOUS_CELL = N_("{given!r} means different things in different languages; write one of: {known}")
_NO_PLACEMENT = N_("{given!r} is not a placement; choose one of: {known}")
_NO_GAIN = N_("{given!r} is not one of the gains; choose from: {known}")
_NO_NOTE = N_("{given!r} is none of the questions whose note may be quoted; choose one of: {known}")
_NOT_A_MONTH = N_("{given!r} is no month; write it as 2027-06 or 6/2027, or one of: {known}")
_TOO_LONG = N_("the text has {length} characters and may have {most}; shorten it")
_UNFIT_CHARACTER = N_("the character {character} cannot be stored; remove it")
_LINE_BREAK = N_("a name is written on one line; remove the line break")
_NOT_A_MOMENT = N_("{given!r} is not a date and time; write it as 2026-11-22T09:30:00+00:00, or empty the cell")
_OTHER_BANK = N_(
    "this was answered with {given}, and {known} is meant; put --bank before the command, or give the JSON file"
)
_ERROR = N_("the cell shows an error ({given}); write what is meant, or empty it")
_NO_VALUE = N_("the cell holds a formula whose value was not kept; open the file, save it and give it again")
_BECAME_NUMBER = N_(
    "{given!r} is a number here, so a text such as 007 may have been changed; "
    "format the column as text and write what is meant"
)
_BECAME_DATE = N_(
    "{given!r} is a date here, so a text such as 1-2 may have been changed; "
    "format the column as text and write what is meant"
)
_DAMAGED_ID = N_("another program has turned this id into a number; give the file as it was exported")
_HIDDEN_ROW = N_("the row is hidden, by a filter perhaps; show it if it is meant, or delete it")
_SECOND_HEADINGS = N_(
    "a second table begins here; put it on a sheet or in a file of its own, or make the two tables one"
)
# What is told of a list of one's own.
_TOTAL_ROW = N_("the row holds sums and is not read: {given}")
_NOTHING_READ = N_("nothing in this row is read")
_REPEATED_HEADINGS = N_("the headings are repeated here, and the row is not read")
_ONE_COLLABORATION = N_("this collaboration is named again in row {others}; the rows were read as one")
_NAME_ALONE = N_("{given} stands alone where other rows hold more; it is taken for a collaboration")
_LONG_NAME = N_("the text has {length} characters: it is kept as a note, and its beginning as the name")

#: Cells that say that there is nothing to say.
_NOTHING_SAID: Final = frozenset(("", "-", "–", "—", "na", "n/a", "n.a"))
#: Kinds of cells that cannot be read.
_UNREADABLE: Final = ("error", "formula")
#: Line breaks and tabs, with blanks around them.
_BREAKS: Final = re.compile(r"\s*[\r\n\t\v\f\x85\u2028\u2029]\s*")
#: How a spreadsheet writes a number that is too long for a cell.
_LONG_NUMBER: Final = re.compile(r"[0-9]+([.,][0-9]+)?E[+-]?[0-9]+")
#: Characters of a name that is made of the beginning of a description.
_SHORT_NAME: Final = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationRow:
    """One collaboration, with what was given on it."""

    #: Counted from 1, as a spreadsheet shows it.
    number: int
    party: str
    undertaking: str
    responses: Mapping[str, str] = field(default_factory=dict)
    #: By item; under the empty id, to the whole.
    notes: Mapping[str, str] = field(default_factory=dict)
    gut: str | None = None
    wanted: str | None = None
    gains: tuple[str, ...] = ()
    #: By item, when the paper ends that the response tells of.
    ends: Mapping[str, str] = field(default_factory=dict)
    #: In the library's own words.
    goal: str = ""
    #: By the parts of `entries.STEP_PARTS`; those that are there.
    step: Mapping[str, str] = field(default_factory=dict)
    #: The item whose note is to be quoted, empty for the note to the whole; None where none is chosen.
    quoted: str | None = None
    #: The columns that only an export has; empty in a list made by hand.
    facts: Mapping[str, str] = field(default_factory=dict)
    started: datetime | None = None
    changed: datetime | None = None

    @property
    def is_assessed(self) -> bool:
        """Whether the row holds more than names."""
        beside = self.gut or self.wanted or self.gains or self.ends or self.goal or self.step or self.quoted is not None
        return bool(self.responses or self.notes or beside)

    @property
    def name(self) -> str:
        """Party and undertaking, as a collaboration is named."""
        return " · ".join(filter(None, (self.party, self.undertaking)))


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationList:
    """What a spreadsheet holds."""

    rows: tuple[CollaborationRow, ...] = ()
    #: Headings of columns that were left unread.
    unread_headings: tuple[str, ...] = ()
    #: What else was left out or read as something else, each with its cell.
    remarks: tuple[Problem[SheetCell], ...] = ()
    #: The number of the row of headings and, by id, of each column; from 0.
    top: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)


def read_grid(
    grid: Grid,
    instrument: Instrument,
    known: ListVocabulary,
    problems: FileProblems[SheetCell],
    chosen: ChosenColumns = NOTHING_CHOSEN,
) -> CollaborationList:
    """The rows that can be understood; every mistake is added to `problems` with its cell."""
    top = find_heading_row(grid, known, chosen)
    if top is None:
        return CollaborationList()
    try:
        layout = map_columns(grid, top, known, chosen, problems)
        remarks = list(unread_places(grid, layout, tuple(instrument.by_id), problems))
        grid = _fill_merged_names(grid, layout)
        reading = _RowReader(grid, instrument, known, layout, problems, remarks)
        rows = tuple(filter(None, (reading.read_row(number) for number in range(top + 1, len(grid.rows)))))
        rows = _merge_duplicates(rows, grid, layout, problems, remarks)
        _check_ids(rows, grid, layout, problems)
    except TooManyProblems:
        return CollaborationList()
    return CollaborationList(
        rows=rows, unread_headings=layout.unread, remarks=tuple(remarks), top=top, columns=layout.columns
    )


def _fill_merged_names(grid: Grid, layout: ListLayout) -> Grid:
    """The sheet with each merged name in all the rows that its cell covers."""
    rows = [list(row) for row in grid.rows]
    for column in (layout.columns[name] for name in NAME_COLUMNS if name in layout.columns):
        filled = layout.top
        for (first, last), (left, right) in sorted(grid.merged):
            if left <= column <= right and first > filled:  # merged cells do not overlap, whatever a file says
                filled = min(last, len(rows) - 1)
                for row in range(first + 1, filled + 1):
                    rows[row][column] = rows[first][column]
    return replace(grid, rows=tuple(map(tuple, rows)))


def _merge_duplicates(
    rows: Sequence[CollaborationRow],
    grid: Grid,
    layout: ListLayout,
    problems: FileProblems[SheetCell],
    remarks: list[Problem[SheetCell]],
) -> tuple[CollaborationRow, ...]:
    """The rows, those of a list of one's own that name the same collaboration made one, which is told.

    Rows that answer differently are noted as a problem; an export may have several assessments of one collaboration.
    """
    merged: dict[tuple[str, ...], CollaborationRow] = {}
    others: dict[int, list[int]] = {}
    for row in rows:
        key = (row.party, row.undertaking, row.facts.get("id", ""))
        first = merged.get(key)
        if first is None or row.facts.get("id"):
            merged[(*key, str(row.number)) if first else key] = row
            continue
        united = _united(first, row)
        if united is None or layout.is_export:
            place = sheet_cell(grid, row.number - 1, layout.columns["party"])
            problems.add(place, _DUPLICATE_ROW, first=first.number)
        else:
            merged[key] = united
            others.setdefault(first.number, []).append(row.number)
    for number, repeated in others.items():
        place = sheet_cell(grid, number - 1, layout.columns["party"])
        remarks.append(_remark(place, _ONE_COLLABORATION, others=_listed(repeated)))
    return tuple(merged.values())


def _united(first: CollaborationRow, other: CollaborationRow) -> CollaborationRow | None:
    """Two rows on one collaboration as one, with the notes of both; None where they answer differently."""
    given = [
        {**row.responses, "gut": row.gut, "wanted": row.wanted, "gains": row.gains or None} for row in (first, other)
    ]
    if any(given[0].get(key) and value and given[0][key] != value for key, value in given[1].items()):
        return None
    notes = {
        item: "\n".join(dict.fromkeys(row.notes[item] for row in (first, other) if item in row.notes))
        for item in (*first.notes, *other.notes)
    }
    return replace(
        first,
        responses={**first.responses, **other.responses},
        notes=notes if all(len(note) <= MAX_NOTE_LENGTH for note in notes.values()) else first.notes,
        gut=first.gut or other.gut,
        wanted=first.wanted or other.wanted,
        gains=first.gains or other.gains,
    )


def _check_ids(
    rows: Iterable[CollaborationRow], grid: Grid, layout: ListLayout, problems: FileProblems[SheetCell]
) -> None:
    """Note assessments with one id, and collaborations that share an id or have two."""
    by_id: dict[str, CollaborationRow] = {}
    names_by_id: dict[str, CollaborationRow] = {}
    ids_by_name: dict[tuple[str, str], CollaborationRow] = {}
    for row in rows:
        id_, collaboration = row.facts.get("id"), row.facts.get("collaboration", "")
        first = by_id.setdefault(id_, row) if id_ else row
        if first is not row:
            problems.add(sheet_cell(grid, row.number - 1, layout.columns["id"]), _DUPLICATE_ID, first=first.number)
        if not collaboration:
            continue
        names = (row.party, row.undertaking)
        same_id, same_names = names_by_id.setdefault(collaboration, row), ids_by_name.setdefault(names, row)
        for other in (same_id, same_names):
            if (other.party, other.undertaking, other.facts["collaboration"]) != (*names, collaboration):
                place = sheet_cell(grid, row.number - 1, layout.columns["collaboration"])
                problems.add(place, _OTHER_ID, first=other.number, other=other.name)
                break


def _remark(place: SheetCell, template: str, **facts: object) -> Problem[SheetCell]:
    """A remark; text from the file is cut short and made safe."""
    shown = {name: safe_excerpt(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return Problem(place=place, template=template, facts=shown)


def _listed(numbers: Sequence[int]) -> str:
    """Row numbers as a message has them; the first few of many."""
    return ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")


class _RowReader:
    """Reads one sheet row by row, with what all rows have in common at hand; problems go to the shared list."""

    def __init__(
        self,
        grid: Grid,
        instrument: Instrument,
        known: ListVocabulary,
        layout: ListLayout,
        problems: FileProblems[SheetCell],
        remarks: list[Problem[SheetCell]],
    ) -> None:
        self.grid, self.instrument, self.vocabulary = grid, instrument, known
        self.layout, self.columns = layout, layout.columns
        self.problems, self.remarks = problems, remarks
        self._hidden_rows = frozenset(
            row for first, last in grid.hidden_rows for row in range(first, min(last + 1, len(grid.rows)))
        )
        self._read_columns = frozenset(layout.columns.values())
        self._headings = [normalize_text(cell) for cell in grid.rows[layout.top]]
        lengths = [sum(map(bool, map(str.strip, row))) for row in grid.rows[layout.top + 1 :]]
        #: Whether most rows hold more than one text.
        self._rows_are_wide = 2 * sum(length > 1 for length in lengths) > sum(map(bool, lengths))

    def read_row(self, row: int) -> CollaborationRow | None:
        """The values of the row with this number, from 0; None for one that is empty or not meant."""
        if not self._is_filled(row) or self._is_left_out(row):
            return None
        self._check_cells(row)
        party = self._read_name(row, "party")
        if not party:
            self._note_missing_party(row)
        facts = {fact: self._read_fact(row, fact) for fact in EXPORT_COLUMNS if self._cell_text(row, fact).strip()}
        self._check_bank(row, facts)
        items = self.instrument.by_id
        undertaking, description = self._read_undertaking(row)
        notes = dict(self._read_notes(row, items))
        if description:
            notes[""] = self._check_text(
                row, "undertaking", "\n".join(filter(None, (description, notes.get("")))), MAX_NOTE_LENGTH
            )
        return CollaborationRow(
            number=row + 1,
            party=party,
            undertaking=undertaking,
            responses=dict(self._read_responses(row, items)),
            notes=notes,
            gut=self._read_choice(row, "gut", _NO_PLACEMENT),
            wanted=self._read_wanted(row),
            gains=self._read_gains(row),
            ends=dict(self._read_ends(row)),
            goal=self._read_name(row, "goal"),
            step=dict(self._read_step(row)),
            quoted=self._read_quoted(row),
            facts=facts,
            started=self._read_moment(row, "started"),
            changed=self._read_moment(row, "changed"),
        )

    def _is_filled(self, row: int) -> bool:
        """Whether a row holds anything; a formula without a value only counts in a column that is read."""
        return any(
            cell.strip() and (column in self._read_columns or self.grid.kinds.get((row, column)) != "formula")
            for column, cell in enumerate(self.grid.rows[row])
        )

    def _is_left_out(self, row: int) -> bool:
        """Whether a row is not one of the list, which is told: headings again, sums, nothing that is read."""
        cells = self.grid.rows[row]
        if row in self._hidden_rows:
            self._add_problem(row, "party", _HIDDEN_ROW)
            return True
        if [normalize_text(cell) for cell in cells] == self._headings:
            return self._leave_out(row, _REPEATED_HEADINGS)
        meant = {self.vocabulary.headings.get(normalize_text(cell)) for cell in cells} - {None}
        if "party" in meant and len(meant) > 1 and not self.layout.is_export:
            self._add_problem(row, "party", _SECOND_HEADINGS)
            return True
        read = {column for column in self.columns if column != "party" and self._holds(row, column)}
        if read or self.layout.is_export:
            return False
        party = self._cell_text(row, "party")
        if not self._holds(row, "party"):
            return self._leave_out(row, _NOTHING_READ)
        if normalize_text(re.sub(r"[\d.,:;()%]+.*", "", party)) in self.vocabulary.totals:
            return self._leave_out(row, _TOTAL_ROW, given=party)
        if self._rows_are_wide and sum(map(bool, map(str.strip, cells))) == 1:
            self.remarks.append(_remark(self._place(row, "party"), _NAME_ALONE, given=party))
        return False

    def _leave_out(self, row: int, template: str, **facts: object) -> bool:
        self.remarks.append(_remark(self._place(row, "party"), template, **facts))
        return True

    def _holds(self, row: int, column: str) -> bool:
        """Whether a cell holds something, be it an error."""
        kind = self.grid.kinds.get((row, self.columns[column]))
        is_name = column in NAME_COLUMNS and not self.layout.is_export
        text = self._cell_text(row, column)
        return kind in _UNREADABLE or (normalize_text(text) not in _NOTHING_SAID if is_name else bool(text.strip()))

    def _note_missing_party(self, row: int) -> None:
        above = row > self.layout.top + 1 and self._cell_text(row - 1, "party").strip()
        self._add_problem(row, "party", _NO_PARTY_BELOW if above and not self.layout.is_export else _NO_PARTY)

    def _check_cells(self, row: int) -> None:
        """Note cells that cannot be read, and texts that another program made numbers or dates of."""
        for column, number in self.columns.items():
            kind = self.grid.kinds.get((row, number))
            given = self.grid.rows[row][number][:60]
            if kind == "error":
                self._add_problem(row, column, _ERROR, given=given)
            elif kind == "formula":
                self._add_problem(row, column, _NO_VALUE)
            elif kind == "number" and self._must_be_text(column, "party"):
                self._add_problem(row, column, _BECAME_NUMBER, given=given)
            elif kind == "date" and self._must_be_text(column, *NAME_COLUMNS):
                self._add_problem(row, column, _BECAME_DATE, given=given)

    def _must_be_text(self, column: str, *names: str) -> bool:
        """Whether a number or date in a column is a text that was changed: in these columns, or anywhere in an export's
        texts."""
        is_text = column in (*NAME_COLUMNS, "note", "id", "collaboration", "respondent") or column.endswith(".note")
        return column in names or (self.layout.is_export and is_text)

    def _cell_text(self, row: int, column: str) -> str:
        return self.grid.rows[row][self.columns[column]] if column in self.columns else ""

    def _place(self, row: int, column: str) -> SheetCell:
        return sheet_cell(self.grid, row, self.columns[column])

    def _add_problem(self, row: int, column: str, template: str, **facts: object) -> None:
        self.problems.add(self._place(row, column), template, **facts)

    def _read_name(self, row: int, column: str) -> str:
        """A name as the store keeps it; empty where the cell says that there is none."""
        text = self._cell_text(row, column)
        if not self.layout.is_export:
            text = "" if normalize_text(text) in _NOTHING_SAID else _BREAKS.sub(" ", text)
        name = text if unfit_characters(text) else canonical_name(text)
        return self._check_text(row, column, name, MAX_NAME_LENGTH) if column == "party" else name

    def _read_undertaking(self, row: int) -> tuple[str, str]:
        """The undertaking's name; with the description that it is the beginning of, where one stands in its place."""
        name = self._read_name(row, "undertaking")
        if len(name) <= MAX_NAME_LENGTH or self.layout.is_export:
            return self._check_text(row, "undertaking", name, MAX_NAME_LENGTH), ""
        self.remarks.append(_remark(self._place(row, "undertaking"), _LONG_NAME, length=len(name)))
        beginning = name[:_SHORT_NAME].rpartition(" ")[0] or name[:_SHORT_NAME]
        return f"{beginning.rstrip(' ,.;:')}…", unicodedata.normalize(
            "NFC", self._cell_text(row, "undertaking")
        ).strip()

    def _check_text(self, row: int, column: str, text: str, most: int) -> str:
        """The text itself; noted where it is too long or has a character that the store refuses."""
        if len(text) > most:
            self._add_problem(row, column, _TOO_LONG, length=len(text), most=most)
        if bad := unfit_characters(text):
            self._add_problem(row, column, _UNFIT_CHARACTER, character=f"U+{ord(bad[0]):04X}")
        return text

    def _read_fact(self, row: int, column: str) -> str:
        """A column that only an export has, within the limits of every other door."""
        fact = self._cell_text(row, column).strip()
        if column in ("id", "collaboration") and _LONG_NUMBER.fullmatch(fact):
            self._add_problem(row, column, _DAMAGED_ID)
        if set(fact) & set("\n\r\t"):
            self._add_problem(row, column, _LINE_BREAK)
        if column == "respondent" and not unfit_characters(fact):
            return self._check_text(row, column, canonical_name(fact), MAX_NAME_LENGTH)
        return self._check_text(row, column, fact, MAX_ID_LENGTH)

    def _read_responses(self, row: int, items: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Item and option of each response in a row; items without one are left out."""
        for item in items:
            option = self._read_choice(row, item, _NO_OPTION)
            if option:
                yield item, option

    def _read_notes(self, row: int, items: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Item and text of each note in a row; the note to the whole has the empty item."""
        for item, column in (*((item, f"{item}.note") for item in items), ("", "note")):
            text = self._cell_text(row, column)
            if text:
                yield item, self._check_text(row, column, text, MAX_NOTE_LENGTH)

    def _read_ends(self, row: int) -> Iterator[tuple[str, str]]:
        """Item and end of each paper of which a row says when it ends; a date counts for its month."""
        for item in self.instrument.ends:
            column = f"{item}.ends"
            cell = self._cell_text(row, column).strip()
            end = find_meaning(self.vocabulary, column, cell) or parse_month(cell) or parse_month(cell[:10])
            if cell and end:
                yield item, end
            elif cell:
                known = "; ".join(self.vocabulary.choices[column])
                self._add_problem(row, column, _NOT_A_MONTH, given=cell[:60], known=known)

    def _read_step(self, row: int) -> Iterator[tuple[str, str]]:
        """The parts of the next step that a row has."""
        for part, column in zip(STEP_PARTS, ("step", "step.who", "step.when"), strict=True):
            cell = self._cell_text(row, column)
            text = self._check_text(row, column, cell if self.layout.is_export else cell.strip(), MAX_NOTE_LENGTH)
            if text:
                yield part, (parse_month(text) or text) if part == "when" else text

    def _read_choice(self, row: int, column: str, template: str) -> str | None:
        """The id that a cell means; None for an empty cell, and for one that is noted as a problem."""
        cell = self._cell_text(row, column)
        if not cell.strip() or self.grid.kinds.get((row, self.columns[column])) in _UNREADABLE:
            return None
        meaning = find_meaning(self.vocabulary, column, cell)
        meanings = self.vocabulary.ambiguous[column].get(normalize_text(cell), ())
        if meaning is None and meanings:
            self._add_problem(row, column, _AMBIGUOUS_CELL, given=cell[:60], known=", ".join(meanings))
        elif meaning is None:
            self._add_problem(row, column, template, given=cell[:60], known="; ".join(self.vocabulary.choices[column]))
        return meaning

    def _read_wanted(self, row: int) -> str | None:
        """The level wanted; None for a don't know too, which the form takes as nothing given."""
        wanted = self._read_choice(row, "wanted", _NO_PLACEMENT)
        return None if wanted == DONT_KNOW else wanted

    def _read_quoted(self, row: int) -> str | None:
        """The item whose note is to be quoted; empty for the note to the whole."""
        chosen = self._read_choice(row, "quoted", _NO_NOTE)
        return "" if chosen == "note" else chosen

    def _read_gains(self, row: int) -> tuple[str, ...]:
        """The gains that a cell lists, in the instrument's order; parts that mean nothing are noted."""
        given: dict[str, None] = {}
        for part in re.split("[;\n]", self._cell_text(row, "gains")):
            meanings = self._gain_meanings(part)
            if None in meanings.values():
                wrong = next(text for text, meaning in meanings.items() if meaning is None)
                known = "; ".join(self.vocabulary.choices["gains"])
                self._add_problem(row, "gains", _NO_GAIN, given=wrong[:60], known=known)
            given |= dict.fromkeys(filter(None, meanings.values()))
        return tuple(gain for gain in self.instrument.gains if gain in given)

    def _gain_meanings(self, part: str) -> dict[str, str | None]:
        """What a part of the list means: as a whole, else parted by commas as other programs list choices."""
        find: Callable[[str], str | None] = lambda text: find_meaning(self.vocabulary, "gains", text)  # noqa: E731
        if not part.strip() or find(part):
            return {part: find(part)} if part.strip() else {}
        pieces = {piece: find(piece) for piece in part.split(",") if piece.strip()}
        return pieces if all(pieces.values()) else {part: None}

    def _read_moment(self, row: int, column: str) -> datetime | None:
        """A moment in UTC, which is assumed where the cell names no time zone; None where there is none."""
        cell = self._cell_text(row, column).strip()
        if not cell:
            return None
        try:
            moment = datetime.fromisoformat(cell)
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):  # no moment, or beyond the calendar's end in UTC
            self._add_problem(row, column, _NOT_A_MOMENT, given=cell[:60])
            return None

    def _check_bank(self, row: int, facts: Mapping[str, str]) -> None:
        """Note a row that was answered under another bank or version.

        Responses count under the version they were given to; those of another one can be taken in as JSON, with their
        history. The digest alone tells the questions: a spreadsheet program may have made 1 of a version 1.0.
        """
        same = "digest" in facts and self.instrument.is_known_by(facts["digest"])
        expected = {"instrument": self.instrument.id}
        if not same:
            expected |= {"version": self.instrument.version, "digest": self.instrument.digest}
        for fact, known in expected.items():
            if facts.get(fact, known) != known:
                self._add_problem(row, fact, _OTHER_BANK, given=facts[fact][:60], known=known)
                return
