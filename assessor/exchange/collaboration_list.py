"""A spreadsheet of parties and undertakings, with or without responses: from rows of text to values, or every problem.

The columns, by id or by their words in any language of the bank:

    party, undertaking      who with and what; the party is needed
    <item>                  the response: an option's id or words, dont_know, or empty for no response
    <item>.note             a note to it
    gut, wanted             a placement; a level by its number too
    gains                   ids or words, parted by semicolons
    note                    a note to the whole
    id, collaboration, instrument, version, digest, respondent, started, changed
                            as `exchange.tables` writes them, so that what was exported comes back as it was

A column that is none of these is left unread, and told.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, unfit_characters
from assessor.core.wording import Wording
from assessor.errors import N_
from assessor.exchange.file_problems import FileProblems, TooManyProblems
from assessor.exchange.spreadsheet_reader import Grid, column_letters
from assessor.problems import SheetCell

#: Columns beside the items'.
EXPORT_COLUMNS: Final = ("id", "collaboration", "instrument", "version", "digest", "respondent", "started", "changed")
NAME_COLUMNS: Final = ("party", "undertaking")
OVERALL_COLUMNS: Final = ("gut", "wanted", "gains", "note")

#: What a column may be called; words for one parted by a bar.
HEADINGS: Final = {
    "party": N_("The other party|Party|Partner|Organisation"),
    "undertaking": N_("Undertaking|What we do together|Collaboration"),
    "gut": N_("Gut feeling"),
    "wanted": N_("Level wanted"),
    "gains": N_("What it brings"),
    "note": N_("Note|Notes|Comment"),
}
#: What a don't know may be written as.
DONT_KNOW_WORDS: Final = N_("Don't know|Do not know|Not known")
#: Above what is lacking in a row.
CHECK_HEADING: Final = N_("Check")
#: Behind an item's heading, for the column of its notes.
NOTE_HEADING: Final = N_("{item}: note")

#: Rows among which the headings are looked for.
_HEADING_SEARCH_ROWS: Final = 20

_DUPLICATE_HEADING = N_("the heading {given} also appears in {first}; remove one of the columns")
_SIMILAR_HEADING = N_(
    "the heading {given} is not known; the nearest is {nearest}, so correct it or give the column another name"
)
_NO_PARTY = N_("the other party is missing; write its name, or empty the row")
_DUPLICATE_ROW = N_(
    "the same party and undertaking also appear in row {first}; make them one row, or give "
    "the undertakings different names"
)
_NO_OPTION = N_("{given!r} is not an answer here; choose one of: {known}")
_AMBIGUOUS_CELL = N_("{given!r} means different things in different languages; write one of: {known}")
_AMBIGUOUS_HEADING = N_("the heading {given} means different things in different languages; write one of: {known}")
_NO_PLACEMENT = N_("{given!r} is not a placement; choose one of: {known}")
_NO_GAIN = N_("{given!r} is not one of the gains; choose from: {known}")
_TOO_LONG = N_("the text has {length} characters and may have {most}; shorten it")
_UNFIT_CHARACTER = N_("the character {character} cannot be stored; remove it")
_LINE_BREAK = N_("a name is written on one line; remove the line break")
_NOT_A_MOMENT = N_("{given!r} is not a date and time; write it as 2026-11-22T09:30:00+00:00, or empty the cell")
_OTHER_BANK = N_(
    "this was answered with {given}, and {known} is meant; put --bank before the command, or give the JSON file"
)
_NO_HEADING = N_("there is text in a column without a heading; give it one, or empty the cell")

NO_HEADING_ROW = N_(
    "no row of headings was found; write the other party's column in the first row, "
    "as in a file of {command} export --template"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListVocabulary:
    """What headings and cells may say, each as `plain` makes it, and what is meant."""

    headings: Mapping[str, str]
    #: By column, what a cell may say and the id that is meant; an id as it is spelt goes before any word.
    values: Mapping[str, Mapping[str, str]]
    #: By column, what means one thing in one language and another in another; under the empty column, headings.
    ambiguous: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: Headings of columns that we write ourselves and read nothing from.
    ignored_headings: frozenset[str]
    #: By column, what to tell somebody who wrote something else.
    choices: Mapping[str, tuple[str, ...]]


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
    #: As an export tells them; empty in a list of somebody's own.
    facts: Mapping[str, str] = field(default_factory=dict)
    started: datetime | None = None
    changed: datetime | None = None

    @property
    def is_assessed(self) -> bool:
        """Whether anything was given."""
        return bool(self.responses or self.notes or self.gut or self.wanted or self.gains)


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationList:
    """What a spreadsheet holds."""

    rows: tuple[CollaborationRow, ...]
    #: Headings of columns that were left unread.
    unread_headings: tuple[str, ...]


def normalize_text(text: str) -> str:
    """A heading or a word as it is compared: letters composed, small, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .:*?")


def build_vocabulary(
    instrument: Instrument, wordings: Iterable[Wording], said: Mapping[str, Iterable[str]]
) -> ListVocabulary:
    """What an instrument's columns and cells may say; `said` tells the interface's words by column, `dont_know` too.

    Choices are told in the words of the first wording and the first of the interface's.
    """
    known = list(wordings)
    unknown = list(said.get(DONT_KNOW, ()))
    choices = _choices_by_column(instrument, known[0], unknown[0]) if known and unknown else {}
    meant = {"": dict(_heading_meanings(instrument, known, said)), **_value_meanings(instrument, known, unknown)}
    clear = {column: {word: ids[0] for word, ids in each.items() if len(ids) == 1} for column, each in meant.items()}
    doubt = {column: {word: ids for word, ids in each.items() if len(ids) > 1} for column, each in meant.items()}
    passed = frozenset(map(normalize_text, said.get(CHECK_HEADING, ())))
    return ListVocabulary(
        headings=clear.pop(""), values=clear, ambiguous=doubt, ignored_headings=passed, choices=choices
    )


def _heading_meanings(
    instrument: Instrument, wordings: Sequence[Wording], said: Mapping[str, Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    found = [
        (text, column)
        for column, texts in said.items()
        if column in (*NAME_COLUMNS, *OVERALL_COLUMNS)
        for text in texts
    ]
    for item in instrument.by_id:
        words = [text for wording in wordings for text in (wording.items[item].ask, wording.items[item].short)]
        found += [(text, item) for text in words]
        found += [
            (note.format(item=text), f"{item}.note")
            for text in words
            for note in said.get(NOTE_HEADING, ())
            if "{item}" in note
        ]
    return _ids_by_word(
        found, (*NAME_COLUMNS, *OVERALL_COLUMNS, *instrument.by_id, *(f"{item}.note" for item in instrument.by_id))
    )


def _ids_by_word(words: Iterable[tuple[str, str]], ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By word, every id that is meant by it in one language or another."""
    found: dict[str, tuple[str, ...]] = {}
    for word, id_ in (*words, *((id_, id_) for id_ in ids)):
        if id_ not in found.setdefault(normalize_text(word), ()):
            found[normalize_text(word)] += (id_,)
    return found


def _choices_by_column(instrument: Instrument, wording: Wording, unknown: str) -> dict[str, tuple[str, ...]]:
    found = {
        item.id: (*(wording.items[item.id].options[option].short for option in item.options), unknown)
        for item in instrument.items
    }
    found["wanted"] = tuple(wording.placements[level].name for level in instrument.levels)
    found["gut"] = (*(wording.placements[each].name for each in instrument.placements), unknown)
    found["gains"] = tuple(wording.gains[gain] for gain in instrument.gains)
    return found


def _value_meanings(
    instrument: Instrument, wordings: Sequence[Wording], unknown: Sequence[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    unsure = [(word, DONT_KNOW) for word in unknown]
    found = {}
    for item in instrument.items:
        told = [(option, wording.items[item.id].options[option]) for wording in wordings for option in item.options]
        words = [(word, option) for option, each in told for word in (each.label, each.short)]
        found[item.id] = _ids_by_word((*words, *unsure), (*item.options, DONT_KNOW))
    places = [(wording.placements[each].name, each) for wording in wordings for each in instrument.placements]
    places += [(str(number), each) for number, each in enumerate(instrument.levels, start=1)]
    levels = [(word, each) for word, each in places if each in instrument.levels]
    found["wanted"] = _ids_by_word(levels, instrument.levels)
    found["gut"] = _ids_by_word((*places, *unsure), (*instrument.placements, DONT_KNOW))
    gains = [(wording.gains[gain], gain) for wording in wordings for gain in instrument.gains]
    found["gains"] = _ids_by_word(gains, instrument.gains)
    return found


def find_meaning(known: ListVocabulary, column: str, given: str) -> str | None:
    """The id that a cell means; None where it means nothing here, or one thing or another."""
    ids = known.values[column].values()
    return given.strip() if given.strip() in ids else known.values[column].get(normalize_text(given))


def find_heading_row(grid: Grid, known: ListVocabulary) -> int | None:
    """The row, from 0, that has a heading for the party; None where there is none."""
    for at, row in enumerate(grid.rows[:_HEADING_SEARCH_ROWS]):
        if any(known.headings.get(normalize_text(cell)) == "party" for cell in row):
            return at
    return None


def best_grid(grids: Sequence[Grid], known: ListVocabulary) -> Grid | None:
    """The sheet, or the way of parting a CSV file, in which most headings are known; None where none is headed."""
    counted = [
        (sum(normalize_text(cell) in known.headings for cell in grid.rows[at]), grid)
        for grid in grids
        if (at := find_heading_row(grid, known)) is not None
    ]
    return max(counted, key=lambda pair: pair[0])[1] if counted else None


def read_grid(
    grid: Grid, instrument: Instrument, known: ListVocabulary, problems: FileProblems[SheetCell]
) -> CollaborationList:
    """The rows, or as many as can be understood; whatever is wrong is added to `problems` with its cell."""
    top = find_heading_row(grid, known)
    if top is None:
        return CollaborationList(rows=(), unread_headings=())
    try:
        columns, unread = _map_columns(grid, top, known, problems)
        reading = _RowReader(grid, top, instrument, known, columns, problems)
        rows = tuple(filter(None, (reading.read_row(at) for at in range(top + 1, len(grid.rows)))))
        _check_duplicates(rows, grid, columns, problems)
    except TooManyProblems:
        return CollaborationList(rows=(), unread_headings=())
    return CollaborationList(rows=rows, unread_headings=unread)


def sheet_cell(grid: Grid, row: int, column: int) -> SheetCell:
    """A cell as a spreadsheet calls it; both counted from 0."""
    cell = f"{column_letters(column + 1)}{row + 1}"
    return SheetCell(f"{grid.name}!{cell}" if grid.name else cell)


def _map_columns(
    grid: Grid, top: int, known: ListVocabulary, problems: FileProblems[SheetCell]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """The number of each column that is read, and the headings of the others."""
    found: dict[str, int] = {}
    unread = []
    headings = grid.rows[top]
    for at, heading in enumerate(headings):
        column = _identify_column(heading, headings, known)
        if column in found:
            first = sheet_cell(grid, top, found[column]).name
            problems.add(sheet_cell(grid, top, at), _DUPLICATE_HEADING, given=heading, first=first)
        elif column:
            found[column] = at
        elif heading.strip() and normalize_text(heading) not in known.ignored_headings:
            _check_unknown_heading(grid, top, at, known, problems)
            unread.append(heading)
    return found, tuple(unread)


def _identify_column(heading: str, headings: Sequence[str], known: ListVocabulary) -> str | None:
    """What a column holds; None where it is not known.

    A list of somebody's own may have columns like "id" or "version": they are ours only in a file that we wrote.
    """
    if heading.strip() in EXPORT_COLUMNS and set(EXPORT_COLUMNS) <= {each.strip() for each in headings}:
        return heading.strip()
    return known.headings.get(normalize_text(heading))


def _check_unknown_heading(
    grid: Grid, top: int, at: int, known: ListVocabulary, problems: FileProblems[SheetCell]
) -> None:
    """Whether a heading that is not known seems to be meant for one that is."""
    heading = grid.rows[top][at]
    doubt = known.ambiguous[""].get(normalize_text(heading))
    near = difflib.get_close_matches(normalize_text(heading), known.headings, n=1, cutoff=0.85)
    if doubt:
        problems.add(sheet_cell(grid, top, at), _AMBIGUOUS_HEADING, given=heading, known=", ".join(doubt))
    elif near and normalize_text(heading) not in EXPORT_COLUMNS:
        problems.add(sheet_cell(grid, top, at), _SIMILAR_HEADING, given=heading, nearest=near[0])


def _check_duplicates(
    rows: Sequence[CollaborationRow], grid: Grid, columns: Mapping[str, int], problems: FileProblems[SheetCell]
) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        names = (row.party, row.undertaking)
        if not row.facts.get("id") and names in seen:
            problems.add(sheet_cell(grid, row.number - 1, columns["party"]), _DUPLICATE_ROW, first=seen[names])
        seen.setdefault(names, row.number)


class _RowReader:
    """One sheet being read, cell by cell."""

    def __init__(
        self,
        grid: Grid,
        top: int,
        instrument: Instrument,
        known: ListVocabulary,
        columns: Mapping[str, int],
        problems: FileProblems[SheetCell],
    ) -> None:
        #: The number of the column with the last heading.
        self.last_column = max(number for number, cell in enumerate(grid.rows[top]) if cell.strip())
        self.grid, self.instrument, self.vocabulary, self.columns, self.problems = (
            grid,
            instrument,
            known,
            columns,
            problems,
        )

    def read_row(self, at: int) -> CollaborationRow | None:
        """The row's values; None for an empty one."""
        if not any(cell.strip() for cell in self.grid.rows[at]):
            return None
        party = self._read_name(at, "party")
        if not party:
            self._add_problem(at, "party", _NO_PARTY)
        self._check_beyond_headings(at)
        facts = {
            fact: self._cell_text(at, fact).strip() for fact in EXPORT_COLUMNS if self._cell_text(at, fact).strip()
        }
        self._check_bank(at, facts)
        items = self.instrument.by_id
        return CollaborationRow(
            number=at + 1,
            party=party,
            undertaking=self._read_name(at, "undertaking"),
            responses=dict(self._read_responses(at, items)),
            notes=dict(self._read_notes(at, items)),
            gut=self._read_choice(at, "gut", _NO_PLACEMENT),
            wanted=self._read_choice(at, "wanted", _NO_PLACEMENT),
            gains=self._read_gains(at),
            facts=facts,
            started=self._read_moment(at, "started"),
            changed=self._read_moment(at, "changed"),
        )

    def _cell_text(self, at: int, column: str) -> str:
        return self.grid.rows[at][self.columns[column]] if column in self.columns else ""

    def _add_problem(self, at: int, column: str, template: str, **facts: object) -> None:
        self.problems.add(sheet_cell(self.grid, at, self.columns[column]), template, **facts)

    def _check_beyond_headings(self, at: int) -> None:
        """Text to the right of the last heading would be lost in silence."""
        for number, cell in enumerate(self.grid.rows[at][self.last_column + 1 :], start=self.last_column + 1):
            if cell.strip():
                self.problems.add(sheet_cell(self.grid, at, number), _NO_HEADING)
                return

    def _read_name(self, at: int, column: str) -> str:
        given = unicodedata.normalize("NFC", self._cell_text(at, column)).strip()
        if any(letter in given for letter in "\r\n\t"):
            self._add_problem(at, column, _LINE_BREAK)
        return self._check_text(at, column, given, MAX_NAME_LENGTH)

    def _check_text(self, at: int, column: str, given: str, most: int) -> str:
        if len(given) > most:
            self._add_problem(at, column, _TOO_LONG, length=len(given), most=most)
        if bad := unfit_characters(given):
            self._add_problem(at, column, _UNFIT_CHARACTER, character=f"U+{ord(bad[0]):04X}")
        return given

    def _read_responses(self, at: int, items: Iterable[str]) -> Iterator[tuple[str, str]]:
        for item in items:
            option = self._read_choice(at, item, _NO_OPTION)
            if option:
                yield item, option

    def _read_notes(self, at: int, items: Iterable[str]) -> Iterator[tuple[str, str]]:
        for item, column in (*((item, f"{item}.note") for item in items), ("", "note")):
            text = self._cell_text(at, column)
            if text:
                yield item, self._check_text(at, column, text, MAX_NOTE_LENGTH)

    def _read_choice(self, at: int, column: str, template: str) -> str | None:
        """What a cell means; None for an empty one."""
        given = self._cell_text(at, column)
        if not given.strip():
            return None
        meant = find_meaning(self.vocabulary, column, given)
        doubt = self.vocabulary.ambiguous[column].get(normalize_text(given), ())
        if meant is None and doubt:
            self._add_problem(at, column, _AMBIGUOUS_CELL, given=given[:60], known=", ".join(doubt))
        elif meant is None:
            self._add_problem(at, column, template, given=given[:60], known="; ".join(self.vocabulary.choices[column]))
        return meant

    def _read_gains(self, at: int) -> tuple[str, ...]:
        given = [part for part in self._cell_text(at, "gains").replace("\n", ";").split(";") if part.strip()]
        meant = {find_meaning(self.vocabulary, "gains", part): part for part in given}
        if None in meant:
            self._add_problem(
                at, "gains", _NO_GAIN, given=meant[None][:60], known="; ".join(self.vocabulary.choices["gains"])
            )
        return tuple(gain for gain in self.instrument.gains if gain in meant)

    def _read_moment(self, at: int, column: str) -> datetime | None:
        given = self._cell_text(at, column).strip()
        if not given:
            return None
        try:
            found = datetime.fromisoformat(given)
        except ValueError:
            self._add_problem(at, column, _NOT_A_MOMENT, given=given[:60])
            return None
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)

    def _check_bank(self, at: int, facts: Mapping[str, str]) -> None:
        """A response counts under the version it was given to; another version's come with their history, as JSON."""
        here = {
            "instrument": self.instrument.id,
            "version": self.instrument.version,
            "digest": self.instrument.digest,
        }
        for fact, known in here.items():
            if facts.get(fact, known) != known:
                self._add_problem(at, fact, _OTHER_BANK, given=facts[fact][:60], known=known)
                return
