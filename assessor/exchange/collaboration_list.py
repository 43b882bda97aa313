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
from assessor.core.text_limits import MOST_NAME, MOST_NOTE, unfit
from assessor.core.wording import Wording
from assessor.errors import N_
from assessor.exchange.file_problems import Cell, Enough, Problems
from assessor.exchange.spreadsheet_reader import Grid, letters

#: Columns beside the items'.
FACTS: Final = ("id", "collaboration", "instrument", "version", "digest", "respondent", "started", "changed")
NAMES: Final = ("party", "undertaking")
BESIDE: Final = ("gut", "wanted", "gains", "note")

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
UNKNOWN: Final = N_("Don't know|Do not know|Not known")
#: Above what is lacking in a row.
CHECK: Final = N_("Check")
#: Behind an item's heading, for the column of its notes.
NOTE_TO: Final = N_("{item}: note")

#: Rows among which the headings are looked for.
_TOP: Final = 20

_TWICE = N_("the heading {given} stands also in {first}; take one of the columns out")
_NEAR = N_("the heading {given} is not known; the nearest is {nearest}, so mend it or call the column something else")
_NO_PARTY = N_("the other party is missing; write its name, or empty the row")
_SAME = N_(
    "the same party and undertaking stand also in row {first}; make them one row, or name the undertakings apart"
)
_NO_OPTION = N_("{given!r} is no answer here; choose one of: {known}")
_TWO_MEANINGS = N_("{given!r} means different things in different languages; write one of: {known}")
_TWO_HEADINGS = N_("the heading {given} means different things in different languages; write one of: {known}")
_NO_PLACEMENT = N_("{given!r} is no placement; choose one of: {known}")
_NO_GAIN = N_("{given!r} is nothing that it may bring; choose among: {known}")
_TOO_LONG = N_("the text has {length} characters and may have {most}; shorten it")
_UNFIT = N_("the character {character} cannot be kept; take it out")
_BREAK = N_("a name stands on one line; take the line break out")
_NO_TIME = N_("{given!r} is no moment; write it as 2026-11-22T09:30:00+00:00, or empty the cell")
_OTHER_BANK = N_(
    "this was answered with {given}, and {known} is meant; put --bank before the command, or give the JSON file"
)
_CUT = N_("there is text in a column without a heading; give it one, or empty the cell")

HEADLESS = N_(
    "no row of headings was found; write the other party's column in the first row, "
    "as in a file of assessor export --template"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What headings and cells may say, each as `plain` makes it, and what is meant."""

    headings: Mapping[str, str]
    #: By column, what a cell may say and the id that is meant; an id as it is spelt goes before any word.
    values: Mapping[str, Mapping[str, str]]
    #: By column, what means one thing in one language and another in another; under the empty column, headings.
    doubtful: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: Headings of columns that we write ourselves and read nothing from.
    passed: frozenset[str]
    #: By column, what to tell somebody who wrote something else.
    choices: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
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
    def assessed(self) -> bool:
        """Whether anything was given."""
        return bool(self.responses or self.notes or self.gut or self.wanted or self.gains)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What a spreadsheet holds."""

    rows: tuple[Row, ...]
    #: Headings of columns that were left unread.
    unread: tuple[str, ...]


def plain(text: str) -> str:
    """A heading or a word as it is compared: letters composed, small, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .:*?")


def words(instrument: Instrument, wordings: Iterable[Wording], said: Mapping[str, Iterable[str]]) -> Words:
    """What an instrument's columns and cells may say; `said` tells the interface's words by column, `dont_know` too.

    Choices are told in the words of the first wording and the first of the interface's.
    """
    known = list(wordings)
    unknown = list(said.get(DONT_KNOW, ()))
    choices = _choices(instrument, known[0], unknown[0]) if known and unknown else {}
    meant = {"": dict(_headings(instrument, known, said)), **_values(instrument, known, unknown)}
    clear = {column: {word: ids[0] for word, ids in each.items() if len(ids) == 1} for column, each in meant.items()}
    doubt = {column: {word: ids for word, ids in each.items() if len(ids) > 1} for column, each in meant.items()}
    passed = frozenset(map(plain, said.get(CHECK, ())))
    return Words(headings=clear.pop(""), values=clear, doubtful=doubt, passed=passed, choices=choices)


def _headings(
    instrument: Instrument, wordings: Sequence[Wording], said: Mapping[str, Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    found = [(text, column) for column, texts in said.items() if column in (*NAMES, *BESIDE) for text in texts]
    for item in instrument.by_id:
        words = [text for wording in wordings for text in (wording.items[item].ask, wording.items[item].short)]
        found += [(text, item) for text in words]
        found += [
            (note.format(item=text), f"{item}.note")
            for text in words
            for note in said.get(NOTE_TO, ())
            if "{item}" in note
        ]
    return _meant(found, (*NAMES, *BESIDE, *instrument.by_id, *(f"{item}.note" for item in instrument.by_id)))


def _meant(words: Iterable[tuple[str, str]], ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By word, every id that is meant by it in one language or another."""
    found: dict[str, tuple[str, ...]] = {}
    for word, id_ in (*words, *((id_, id_) for id_ in ids)):
        if id_ not in found.setdefault(plain(word), ()):
            found[plain(word)] += (id_,)
    return found


def _choices(instrument: Instrument, wording: Wording, unknown: str) -> dict[str, tuple[str, ...]]:
    found = {
        item.id: (*(wording.items[item.id].options[option].short for option in item.options), unknown)
        for item in instrument.items
    }
    found["wanted"] = tuple(wording.placements[level].name for level in instrument.levels)
    found["gut"] = (*(wording.placements[each].name for each in instrument.placements), unknown)
    found["gains"] = tuple(wording.gains[gain] for gain in instrument.gains)
    return found


def _values(
    instrument: Instrument, wordings: Sequence[Wording], unknown: Sequence[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    unsure = [(word, DONT_KNOW) for word in unknown]
    found = {}
    for item in instrument.items:
        told = [(option, wording.items[item.id].options[option]) for wording in wordings for option in item.options]
        words = [(word, option) for option, each in told for word in (each.label, each.short)]
        found[item.id] = _meant((*words, *unsure), (*item.options, DONT_KNOW))
    places = [(wording.placements[each].name, each) for wording in wordings for each in instrument.placements]
    places += [(str(number), each) for number, each in enumerate(instrument.levels, start=1)]
    levels = [(word, each) for word, each in places if each in instrument.levels]
    found["wanted"] = _meant(levels, instrument.levels)
    found["gut"] = _meant((*places, *unsure), (*instrument.placements, DONT_KNOW))
    gains = [(wording.gains[gain], gain) for wording in wordings for gain in instrument.gains]
    found["gains"] = _meant(gains, instrument.gains)
    return found


def understood(known: Words, column: str, given: str) -> str | None:
    """The id that a cell means; None where it means nothing here, or one thing or another."""
    ids = known.values[column].values()
    return given.strip() if given.strip() in ids else known.values[column].get(plain(given))


def headed(grid: Grid, known: Words) -> int | None:
    """The row, from 0, that has a heading for the party; None where there is none."""
    for at, row in enumerate(grid.rows[:_TOP]):
        if any(known.headings.get(plain(cell)) == "party" for cell in row):
            return at
    return None


def best(grids: Sequence[Grid], known: Words) -> Grid | None:
    """The sheet, or the way of parting a CSV file, in which most headings are known; None where none is headed."""
    counted = [
        (sum(plain(cell) in known.headings for cell in grid.rows[at]), grid)
        for grid in grids
        if (at := headed(grid, known)) is not None
    ]
    return max(counted, key=lambda pair: pair[0])[1] if counted else None


def read(grid: Grid, instrument: Instrument, known: Words, problems: Problems) -> Listing:
    """The rows, or as many as can be understood; whatever is wrong is added to `problems` with its cell."""
    top = headed(grid, known)
    if top is None:
        return Listing(rows=(), unread=())
    try:
        columns, unread = _columns(grid, top, known, problems)
        reading = _Reading(grid, top, instrument, known, columns, problems)
        rows = tuple(filter(None, (reading.row(at) for at in range(top + 1, len(grid.rows)))))
        _told_twice(rows, grid, columns, problems)
    except Enough:
        return Listing(rows=(), unread=())
    return Listing(rows=rows, unread=unread)


def place(grid: Grid, row: int, column: int) -> tuple[Cell]:
    """A cell as a spreadsheet calls it; both counted from 0."""
    cell = f"{letters(column + 1)}{row + 1}"
    return (Cell(f"{grid.name}!{cell}" if grid.name else cell),)


def _columns(grid: Grid, top: int, known: Words, problems: Problems) -> tuple[dict[str, int], tuple[str, ...]]:
    """The number of each column that is read, and the headings of the others."""
    found: dict[str, int] = {}
    unread = []
    headings = grid.rows[top]
    for at, heading in enumerate(headings):
        column = _column(heading, headings, known)
        if column in found:
            first = place(grid, top, found[column])[0]
            problems.add(place(grid, top, at), _TWICE, given=heading, first=first)
        elif column:
            found[column] = at
        elif heading.strip() and plain(heading) not in known.passed:
            _strange(grid, top, at, known, problems)
            unread.append(heading)
    return found, tuple(unread)


def _column(heading: str, headings: Sequence[str], known: Words) -> str | None:
    """What a column holds; None where it is not known.

    A list of somebody's own may have columns like "id" or "version": they are ours only in a file that we wrote.
    """
    if heading.strip() in FACTS and set(FACTS) <= {each.strip() for each in headings}:
        return heading.strip()
    return known.headings.get(plain(heading))


def _strange(grid: Grid, top: int, at: int, known: Words, problems: Problems) -> None:
    """Whether a heading that is not known seems to be meant for one that is."""
    heading = grid.rows[top][at]
    doubt = known.doubtful[""].get(plain(heading))
    near = difflib.get_close_matches(plain(heading), known.headings, n=1, cutoff=0.85)
    if doubt:
        problems.add(place(grid, top, at), _TWO_HEADINGS, given=heading, known=", ".join(doubt))
    elif near and plain(heading) not in FACTS:
        problems.add(place(grid, top, at), _NEAR, given=heading, nearest=near[0])


def _told_twice(rows: Sequence[Row], grid: Grid, columns: Mapping[str, int], problems: Problems) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        names = (row.party, row.undertaking)
        if not row.facts.get("id") and names in seen:
            problems.add(place(grid, row.number - 1, columns["party"]), _SAME, first=seen[names])
        seen.setdefault(names, row.number)


class _Reading:
    """One sheet being read, cell by cell."""

    def __init__(
        self,
        grid: Grid,
        top: int,
        instrument: Instrument,
        known: Words,
        columns: Mapping[str, int],
        problems: Problems,
    ) -> None:
        #: The number of the column with the last heading.
        self.last = max(number for number, cell in enumerate(grid.rows[top]) if cell.strip())
        self.grid, self.instrument, self.known, self.columns, self.problems = grid, instrument, known, columns, problems

    def row(self, at: int) -> Row | None:
        """The row's values; None for an empty one."""
        if not any(cell.strip() for cell in self.grid.rows[at]):
            return None
        party = self._name(at, "party")
        if not party:
            self._problem(at, "party", _NO_PARTY)
        self._beyond(at)
        facts = {fact: self._cell(at, fact).strip() for fact in FACTS if self._cell(at, fact).strip()}
        self._same_bank(at, facts)
        items = self.instrument.by_id
        return Row(
            number=at + 1,
            party=party,
            undertaking=self._name(at, "undertaking"),
            responses=dict(self._given(at, items)),
            notes=dict(self._notes(at, items)),
            gut=self._one(at, "gut", _NO_PLACEMENT),
            wanted=self._one(at, "wanted", _NO_PLACEMENT),
            gains=self._gains(at),
            facts=facts,
            started=self._moment(at, "started"),
            changed=self._moment(at, "changed"),
        )

    def _cell(self, at: int, column: str) -> str:
        return self.grid.rows[at][self.columns[column]] if column in self.columns else ""

    def _problem(self, at: int, column: str, template: str, **facts: object) -> None:
        self.problems.add(place(self.grid, at, self.columns[column]), template, **facts)

    def _beyond(self, at: int) -> None:
        """Text to the right of the last heading would be lost in silence."""
        for number, cell in enumerate(self.grid.rows[at][self.last + 1 :], start=self.last + 1):
            if cell.strip():
                self.problems.add(place(self.grid, at, number), _CUT)
                return

    def _name(self, at: int, column: str) -> str:
        given = unicodedata.normalize("NFC", self._cell(at, column)).strip()
        if any(letter in given for letter in "\r\n\t"):
            self._problem(at, column, _BREAK)
        return self._fit(at, column, given, MOST_NAME)

    def _fit(self, at: int, column: str, given: str, most: int) -> str:
        if len(given) > most:
            self._problem(at, column, _TOO_LONG, length=len(given), most=most)
        if bad := unfit(given):
            self._problem(at, column, _UNFIT, character=f"U+{ord(bad[0]):04X}")
        return given

    def _given(self, at: int, items: Iterable[str]) -> Iterator[tuple[str, str]]:
        for item in items:
            option = self._one(at, item, _NO_OPTION)
            if option:
                yield item, option

    def _notes(self, at: int, items: Iterable[str]) -> Iterator[tuple[str, str]]:
        for item, column in (*((item, f"{item}.note") for item in items), ("", "note")):
            text = self._cell(at, column)
            if text:
                yield item, self._fit(at, column, text, MOST_NOTE)

    def _one(self, at: int, column: str, template: str) -> str | None:
        """What a cell means; None for an empty one."""
        given = self._cell(at, column)
        if not given.strip():
            return None
        meant = understood(self.known, column, given)
        doubt = self.known.doubtful[column].get(plain(given), ())
        if meant is None and doubt:
            self._problem(at, column, _TWO_MEANINGS, given=given[:60], known=", ".join(doubt))
        elif meant is None:
            self._problem(at, column, template, given=given[:60], known="; ".join(self.known.choices[column]))
        return meant

    def _gains(self, at: int) -> tuple[str, ...]:
        given = [part for part in self._cell(at, "gains").replace("\n", ";").split(";") if part.strip()]
        meant = {understood(self.known, "gains", part): part for part in given}
        if None in meant:
            self._problem(at, "gains", _NO_GAIN, given=meant[None][:60], known="; ".join(self.known.choices["gains"]))
        return tuple(gain for gain in self.instrument.gains if gain in meant)

    def _moment(self, at: int, column: str) -> datetime | None:
        given = self._cell(at, column).strip()
        if not given:
            return None
        try:
            found = datetime.fromisoformat(given)
        except ValueError:
            self._problem(at, column, _NO_TIME, given=given[:60])
            return None
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)

    def _same_bank(self, at: int, facts: Mapping[str, str]) -> None:
        """A response counts under the version it was given to; another version's come with their history, as JSON."""
        here = {
            "instrument": self.instrument.id,
            "version": self.instrument.version,
            "digest": self.instrument.digest,
        }
        for fact, known in here.items():
            if facts.get(fact, known) != known:
                self._problem(at, fact, _OTHER_BANK, given=facts[fact][:60], known=known)
                return
