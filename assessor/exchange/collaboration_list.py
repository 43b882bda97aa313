"""A spreadsheet of parties and undertakings, with or without responses: from rows of text to values, or every problem.

The columns, by id or by their words in any language of the bank:

    party, undertaking      who with and what; the party is needed
    <item>                  the response: an option's id or words, dont_know, or empty for no response
    <item>.note             a note to it
    gut, wanted             a placement; a level by its number too
    gains                   ids or words, parted by semicolons
    note                    a note to the whole
    id, collaboration, instrument, version, digest, respondent, started, changed
                            as `library_tables` writes them, so that an export comes back as it was

Any other column is left unread and reported. People write these lists by hand, in five languages, so what a heading or
a cell means is looked up in a vocabulary of all the bank's wordings, and a word with two meanings is refused, never
guessed. Rows come from `spreadsheet_reader` as text; storing them is the use case's part.
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

#: By these columns a list is known for an export: to add one would make every earlier export unreadable.
IDENTIFYING_COLUMNS: Final = frozenset(
    ("id", "collaboration", "instrument", "version", "digest", "respondent", "started", "changed")
)
#: Columns that only an export has; then those of every list beside the items'.
EXPORT_COLUMNS: Final = ("id", "collaboration", "instrument", "version", "digest", "respondent", "started", "changed")
NAME_COLUMNS: Final = ("party", "undertaking")
OVERALL_COLUMNS: Final = ("gut", "wanted", "gains", "note")

#: Accepted headings by column; several for one are parted by a bar.
HEADINGS: Final = {
    "party": N_("The other party|Party|Partner|Organisation"),
    "undertaking": N_("Undertaking|What we do together|Collaboration"),
    "gut": N_("Gut feeling"),
    "wanted": N_("Level wanted"),
    "gains": N_("What it brings"),
    "note": N_("Note|Notes|Comment"),
}
#: Accepted words for "don't know".
DONT_KNOW_WORDS: Final = N_("Don't know|Do not know|Not known")
#: Heading of the column in which a template says what a row lacks.
CHECK_HEADING: Final = N_("Check")
#: Heading of the column of notes to an item.
NOTE_HEADING: Final = N_("{item}: note")

#: Rows from the top among which the headings are looked for.
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
    """What headings and cells may say, as `normalize_text` makes it, and what is meant by it."""

    #: By heading, the column.
    headings: Mapping[str, str]
    #: By column, what a cell may say and the id that is meant; an exact id takes precedence over words.
    values: Mapping[str, Mapping[str, str]]
    #: By column, texts with different meanings in different languages; under the empty column, headings.
    ambiguous: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: Headings of columns that a template has and nothing is read from.
    ignored_headings: frozenset[str]
    #: By column, the texts to offer where a cell says something else.
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
    #: The columns that only an export has; empty in a list made by hand.
    facts: Mapping[str, str] = field(default_factory=dict)
    started: datetime | None = None
    changed: datetime | None = None

    @property
    def is_assessed(self) -> bool:
        """Whether the row holds more than names."""
        return bool(self.responses or self.notes or self.gut or self.wanted or self.gains)


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationList:
    """What a spreadsheet holds."""

    rows: tuple[CollaborationRow, ...]
    #: Headings of columns that were left unread.
    unread_headings: tuple[str, ...]


def normalize_text(text: str) -> str:
    """A heading or word as it is compared: NFC, case folded, single blanks, no punctuation around it."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .:*?")


def build_vocabulary(
    instrument: Instrument, wordings: Iterable[Wording], terms: Mapping[str, Iterable[str]]
) -> ListVocabulary:
    """What an instrument's columns and cells may say.

    `terms` has the interface's words by column, and those for `dont_know`, in all languages. The choices offered in an
    error are in the words of the first wording and the first of the terms.
    """
    all_wordings = list(wordings)
    unknown = list(terms.get(DONT_KNOW, ()))
    choices = _choices_by_column(instrument, all_wordings[0], unknown[0]) if all_wordings and unknown else {}
    meanings = {
        "": dict(_heading_meanings(instrument, all_wordings, terms)),
        **_value_meanings(instrument, all_wordings, unknown),
    }
    unambiguous = {
        column: {word: ids[0] for word, ids in each.items() if len(ids) == 1} for column, each in meanings.items()
    }
    ambiguous_words = {
        column: {word: ids for word, ids in each.items() if len(ids) > 1} for column, each in meanings.items()
    }
    ignored = frozenset(map(normalize_text, terms.get(CHECK_HEADING, ())))
    return ListVocabulary(
        headings=unambiguous.pop(""),
        values=unambiguous,
        ambiguous=ambiguous_words,
        ignored_headings=ignored,
        choices=choices,
    )


def _heading_meanings(
    instrument: Instrument, wordings: Sequence[Wording], terms: Mapping[str, Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    """By heading, the columns that it may mean, in any language; ids stand for themselves."""
    meanings = [
        (text, column)
        for column, texts in terms.items()
        if column in (*NAME_COLUMNS, *OVERALL_COLUMNS)
        for text in texts
    ]
    for item in instrument.by_id:
        words = [text for wording in wordings for text in (wording.items[item].ask, wording.items[item].short)]
        meanings += [(text, item) for text in words]
        meanings += [
            (note.format(item=text), f"{item}.note")
            for text in words
            for note in terms.get(NOTE_HEADING, ())
            if "{item}" in note
        ]
    return _ids_by_word(
        meanings, (*NAME_COLUMNS, *OVERALL_COLUMNS, *instrument.by_id, *(f"{item}.note" for item in instrument.by_id))
    )


def _ids_by_word(words: Iterable[tuple[str, str]], ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By word, every id that is meant by it in one language or another."""
    meanings: dict[str, tuple[str, ...]] = {}
    for word, id_ in (*words, *((id_, id_) for id_ in ids)):
        if id_ not in meanings.setdefault(normalize_text(word), ()):
            meanings[normalize_text(word)] += (id_,)
    return meanings


def _choices_by_column(instrument: Instrument, wording: Wording, unknown: str) -> dict[str, tuple[str, ...]]:
    """By column, the short words of what may stand there, for an error to offer."""
    choices = {
        item.id: (*(wording.items[item.id].options[option].short for option in item.options), unknown)
        for item in instrument.items
    }
    choices["wanted"] = tuple(wording.placements[level].name for level in instrument.levels)
    choices["gut"] = (*(wording.placements[placement].name for placement in instrument.placements), unknown)
    choices["gains"] = tuple(wording.gains[gain] for gain in instrument.gains)
    return choices


def _value_meanings(
    instrument: Instrument, wordings: Sequence[Wording], unknown: Sequence[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """By column, the ids that each word may mean, in any of the wordings; ids stand for themselves."""
    unknown_words = [(word, DONT_KNOW) for word in unknown]
    meanings = {}
    for item in instrument.items:
        option_words = [
            (option, wording.items[item.id].options[option]) for wording in wordings for option in item.options
        ]
        words = [(word, option) for option, each in option_words for word in (each.label, each.short)]
        meanings[item.id] = _ids_by_word((*words, *unknown_words), (*item.options, DONT_KNOW))
    places = [(wording.placements[each].name, each) for wording in wordings for each in instrument.placements]
    places += [(str(number), each) for number, each in enumerate(instrument.levels, start=1)]
    levels = [(word, each) for word, each in places if each in instrument.levels]
    meanings["wanted"] = _ids_by_word(levels, instrument.levels)
    meanings["gut"] = _ids_by_word((*places, *unknown_words), (*instrument.placements, DONT_KNOW))
    gains = [(wording.gains[gain], gain) for wording in wordings for gain in instrument.gains]
    meanings["gains"] = _ids_by_word(gains, instrument.gains)
    return meanings


def find_meaning(known: ListVocabulary, column: str, cell: str) -> str | None:
    """The id that a cell means; None where the cell is ambiguous or means nothing in this column."""
    ids = known.values[column].values()
    return cell.strip() if cell.strip() in ids else known.values[column].get(normalize_text(cell))


def find_heading_row(grid: Grid, known: ListVocabulary) -> int | None:
    """The number, from 0, of the row with a heading for the party; None where there is none."""
    for number, row in enumerate(grid.rows[:_HEADING_SEARCH_ROWS]):
        if any(known.headings.get(normalize_text(cell)) == "party" for cell in row):
            return number
    return None


def best_grid(grids: Sequence[Grid], known: ListVocabulary) -> Grid | None:
    """The sheet, or the reading of a CSV file, in which most headings are known; None where none has a heading row."""
    with_headings = [grid for grid in grids if find_heading_row(grid, known) is not None]
    return max(with_headings, key=lambda grid: count_known_headings(grid, known), default=None)


def count_known_headings(grid: Grid, known: ListVocabulary) -> int:
    """How many cells of the heading row are known; 0 where there is no such row."""
    top = find_heading_row(grid, known)
    return 0 if top is None else sum(normalize_text(cell) in known.headings for cell in grid.rows[top])


def read_grid(
    grid: Grid, instrument: Instrument, known: ListVocabulary, problems: FileProblems[SheetCell]
) -> CollaborationList:
    """The rows that can be understood; every mistake is added to `problems` with its cell."""
    top = find_heading_row(grid, known)
    if top is None:
        return CollaborationList(rows=(), unread_headings=())
    try:
        columns, unread = _map_columns(grid, top, known, problems)
        reading = _RowReader(grid, top, instrument, known, columns, problems)
        rows = tuple(filter(None, (reading.read_row(number) for number in range(top + 1, len(grid.rows)))))
        _check_duplicates(rows, grid, columns, problems)
    except TooManyProblems:
        return CollaborationList(rows=(), unread_headings=())
    return CollaborationList(rows=rows, unread_headings=unread)


def sheet_cell(grid: Grid, row: int, column: int) -> SheetCell:
    """A cell by its spreadsheet name, as Sheet1!B3; row and column are counted from 0."""
    cell = f"{column_letters(column + 1)}{row + 1}"
    return SheetCell(f"{grid.name}!{cell}" if grid.name else cell)


def _map_columns(
    grid: Grid, top: int, known: ListVocabulary, problems: FileProblems[SheetCell]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """The number of each column that is read, and the headings of the others; notes headings that stand twice."""
    columns: dict[str, int] = {}
    unread = []
    headings = grid.rows[top]
    for number, heading in enumerate(headings):
        column = _identify_column(heading, headings, known)
        if column in columns:
            first = sheet_cell(grid, top, columns[column]).name
            problems.add(sheet_cell(grid, top, number), _DUPLICATE_HEADING, given=heading, first=first)
        elif column:
            columns[column] = number
        elif heading.strip() and normalize_text(heading) not in known.ignored_headings:
            _check_unknown_heading(grid, top, number, known, problems)
            unread.append(heading)
    return columns, tuple(unread)


def _identify_column(heading: str, headings: Sequence[str], known: ListVocabulary) -> str | None:
    """The id of what a column holds; None where it is not known.

    A list made by hand may have columns like "id" or "version": they count as ours only where all of an export's are
    there.
    """
    if heading.strip() in EXPORT_COLUMNS and {other.strip() for other in headings} >= IDENTIFYING_COLUMNS:
        return heading.strip()
    return known.headings.get(normalize_text(heading))


def _check_unknown_heading(
    grid: Grid, top: int, column: int, known: ListVocabulary, problems: FileProblems[SheetCell]
) -> None:
    """Note a heading that is ambiguous, or so near to a known one that it is probably a typing error."""
    heading = grid.rows[top][column]
    meanings = known.ambiguous[""].get(normalize_text(heading))
    nearest = difflib.get_close_matches(normalize_text(heading), known.headings, n=1, cutoff=0.85)
    if meanings:
        problems.add(sheet_cell(grid, top, column), _AMBIGUOUS_HEADING, given=heading, known=", ".join(meanings))
    elif nearest and normalize_text(heading) not in EXPORT_COLUMNS:
        problems.add(sheet_cell(grid, top, column), _SIMILAR_HEADING, given=heading, nearest=nearest[0])


def _check_duplicates(
    rows: Sequence[CollaborationRow], grid: Grid, columns: Mapping[str, int], problems: FileProblems[SheetCell]
) -> None:
    """Note rows with the same party and undertaking; an export may have several assessments of one collaboration."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        names = (row.party, row.undertaking)
        if not row.facts.get("id") and names in seen:
            problems.add(sheet_cell(grid, row.number - 1, columns["party"]), _DUPLICATE_ROW, first=seen[names])
        seen.setdefault(names, row.number)


class _RowReader:
    """Reads one sheet row by row, with what all rows have in common at hand; problems go to the shared list."""

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

    def read_row(self, row: int) -> CollaborationRow | None:
        """The values of the row with this number, from 0; None for an empty row."""
        if not any(cell.strip() for cell in self.grid.rows[row]):
            return None
        party = self._read_name(row, "party")
        if not party:
            self._add_problem(row, "party", _NO_PARTY)
        self._check_beyond_headings(row)
        facts = {
            fact: self._cell_text(row, fact).strip() for fact in EXPORT_COLUMNS if self._cell_text(row, fact).strip()
        }
        self._check_bank(row, facts)
        items = self.instrument.by_id
        return CollaborationRow(
            number=row + 1,
            party=party,
            undertaking=self._read_name(row, "undertaking"),
            responses=dict(self._read_responses(row, items)),
            notes=dict(self._read_notes(row, items)),
            gut=self._read_choice(row, "gut", _NO_PLACEMENT),
            wanted=self._read_choice(row, "wanted", _NO_PLACEMENT),
            gains=self._read_gains(row),
            facts=facts,
            started=self._read_moment(row, "started"),
            changed=self._read_moment(row, "changed"),
        )

    def _cell_text(self, row: int, column: str) -> str:
        return self.grid.rows[row][self.columns[column]] if column in self.columns else ""

    def _add_problem(self, row: int, column: str, template: str, **facts: object) -> None:
        self.problems.add(sheet_cell(self.grid, row, self.columns[column]), template, **facts)

    def _check_beyond_headings(self, row: int) -> None:
        """Note text to the right of the last heading, which would otherwise be lost in silence."""
        for number, cell in enumerate(self.grid.rows[row][self.last_column + 1 :], start=self.last_column + 1):
            if cell.strip():
                self.problems.add(sheet_cell(self.grid, row, number), _NO_HEADING)
                return

    def _read_name(self, row: int, column: str) -> str:
        """A name in NFC without blanks around it; a line break in it is noted."""
        name = unicodedata.normalize("NFC", self._cell_text(row, column)).strip()
        if any(letter in name for letter in "\r\n\t"):
            self._add_problem(row, column, _LINE_BREAK)
        return self._check_text(row, column, name, MAX_NAME_LENGTH)

    def _check_text(self, row: int, column: str, text: str, most: int) -> str:
        """The text itself; noted where it is too long or has a character that the store refuses."""
        if len(text) > most:
            self._add_problem(row, column, _TOO_LONG, length=len(text), most=most)
        if bad := unfit_characters(text):
            self._add_problem(row, column, _UNFIT_CHARACTER, character=f"U+{ord(bad[0]):04X}")
        return text

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

    def _read_choice(self, row: int, column: str, template: str) -> str | None:
        """The id that a cell means; None for an empty cell, and for one that is noted as a problem."""
        cell = self._cell_text(row, column)
        if not cell.strip():
            return None
        meaning = find_meaning(self.vocabulary, column, cell)
        meanings = self.vocabulary.ambiguous[column].get(normalize_text(cell), ())
        if meaning is None and meanings:
            self._add_problem(row, column, _AMBIGUOUS_CELL, given=cell[:60], known=", ".join(meanings))
        elif meaning is None:
            self._add_problem(row, column, template, given=cell[:60], known="; ".join(self.vocabulary.choices[column]))
        return meaning

    def _read_gains(self, row: int) -> tuple[str, ...]:
        """The gains that a cell lists, in the instrument's order; parts that mean nothing are noted."""
        parts = [part for part in self._cell_text(row, "gains").replace("\n", ";").split(";") if part.strip()]
        part_by_gain = {find_meaning(self.vocabulary, "gains", part): part for part in parts}
        if None in part_by_gain:
            self._add_problem(
                row, "gains", _NO_GAIN, given=part_by_gain[None][:60], known="; ".join(self.vocabulary.choices["gains"])
            )
        return tuple(gain for gain in self.instrument.gains if gain in part_by_gain)

    def _read_moment(self, row: int, column: str) -> datetime | None:
        """A moment in UTC, which is assumed where the cell names no time zone; None where there is none."""
        cell = self._cell_text(row, column).strip()
        if not cell:
            return None
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError:
            self._add_problem(row, column, _NOT_A_MOMENT, given=cell[:60])
            return None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)

    def _check_bank(self, row: int, facts: Mapping[str, str]) -> None:
        """Note a row that was answered under another bank or version.

        Responses count under the version they were given to; those of another one can be taken in as JSON, with their
        history.
        """
        expected = {
            "instrument": self.instrument.id,
            "version": self.instrument.version,
            "digest": self.instrument.digest,
        }
        for fact, known in expected.items():
            if facts.get(fact, known) != known:
                self._add_problem(row, fact, _OTHER_BANK, given=facts[fact][:60], known=known)
                return
