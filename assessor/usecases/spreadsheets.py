"""A library's collaborations out to a spreadsheet and in from one.

Taking in has two halves. `plan_import` reads the whole file, refuses it with every problem in it, and compares it with
the library; `apply_plan` writes what the plan says in one transaction, and counts what it wrote. A dry run stops after
the first. A row with an id from our own export changes that assessment where it differs. A row without one fills in
what the latest assessment of its collaboration lacks; one that says otherwise is refused, unless the person wants
assessments anew, as one cell would else hide all that was answered before. An empty cell leaves what is here, so that
a half-filled sheet erases nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from assessor.bank import Bank
from assessor.core.entries import STEP_PARTS
from assessor.core.instrument import Instrument
from assessor.core.months import UNTIL_FURTHER_NOTICE
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry
from assessor.core.scoring import assess
from assessor.core.wording import Wording
from assessor.errors import N_, AssessorError
from assessor.exchange import (
    BadFile,
    collaboration_list,
    library_tables,
    list_layout,
    list_vocabulary,
    spreadsheet_reader,
)
from assessor.exchange.collaboration_list import CollaborationList, CollaborationRow
from assessor.exchange.file_problems import MOST_PROBLEMS, FileProblems, TooManyProblems
from assessor.exchange.grids import Grid
from assessor.exchange.list_layout import NOTHING_CHOSEN, ChosenColumns, sheet_cell
from assessor.language import LANGUAGES, load_translations
from assessor.problems import Problem, SheetCell
from assessor.safe_text import escape_controls, safe_excerpt
from assessor.setup.commands import typed_command
from assessor.store import LeftOut, Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import add_goal, latest_assessments, new_key
from assessor.usecases.carrying import carry_entries, earlier_banks

#: What a file's name ends in, of those that are spreadsheets.
SPREADSHEET_ENDINGS: Final = (".csv", ".ods", ".txt", ".xlsx")

#: The id of a step that a spreadsheet brought.
_STEP_ID: Final = "next"

#: What a JSON text begins with, after blanks and a byte order mark.
_JSON_STARTS: Final = (b"{", b"[")


_CONFLICTING_ID = N_(
    "the id is that of {other} here; empty the cells under id and collaboration in this row, or leave the row out"
)
_ANSWERED_OTHERWISE = N_(
    "{name} was assessed already, and {what} is {before} there and {given} here; correct the one that is wrong, or add "
    "--new-assessments to assess it anew by this list"
)
_ASSESSED_BY_OTHERS = N_(
    "{name} was assessed already, by other questions or another person; "
    "add --new-assessments to begin a new assessment beside that one"
)


class LibraryChanged(AssessorError):
    """Somebody else changed the library after the spreadsheet was compared with it."""

    template = N_("Somebody else has just changed {library}, so nothing was imported; import the file again")
    exit_code = 73


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryChange:
    """Something given anew to an assessment that is here."""

    assessment: str
    kind: str
    item: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPlan:
    """What taking a spreadsheet in would do; making it changes nothing."""

    library: str
    #: The library as it was when this was planned.
    state: "_LibraryState" = field(repr=False)
    #: New here; with an id where the file has one.
    collaborations: tuple[CollaborationRow, ...]
    #: Rows whose responses become an assessment of their own.
    assessments: tuple[CollaborationRow, ...]
    #: By row, what it gives to an assessment that is here.
    changes_by_row: tuple[tuple[CollaborationRow, tuple[EntryChange, ...]], ...]
    #: What the file has of what was erased here.
    left_out: LeftOut
    #: Columns that were left unread.
    unread_columns: tuple[str, ...]
    #: What else was left out of the list, or read as something else.
    remarks: tuple[Problem[SheetCell], ...]
    #: The sheet that was read, and others that could have been; only one is.
    sheet: str
    unread_sheets: tuple[str, ...]

    #: Whether the file was made for an earlier version, so that its answers are carried over to today's.
    carried: bool = False

    @property
    def changes(self) -> tuple[EntryChange, ...]:
        """Everything given anew to assessments that are here."""
        return tuple(change for _, changes in self.changes_by_row for change in changes)

    @property
    def count(self) -> int:
        """How many things would be new or changed; 0 when the file was taken in before."""
        return len(self.collaborations) + len(self.assessments) + len(self.changes)


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenList:
    """A list as its file has it."""

    #: The file's.
    name: str
    #: The bank, in the version that the list was made for.
    asked: Bank
    sheet: Grid
    unread_sheets: tuple[str, ...]
    rows: CollaborationList


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCounts:
    """How much was written."""

    collaborations: int
    assessments: int
    changes: int


def is_spreadsheet(data: bytes, name: str) -> bool:
    """Whether a file is a spreadsheet: by its name's ending, else by whether it begins as JSON does."""
    if name.lower().endswith((*SPREADSHEET_ENDINGS, ".json", ".jsonl")):
        return name.lower().endswith(SPREADSHEET_ENDINGS)
    return not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_JSON_STARTS)


def export_spreadsheet(store: Store, library: str, bank: Bank, language: str, form: str) -> bytes:
    """The library's collaborations as `csv` or `xlsx`, each with its latest assessment by this bank."""
    instrument, wording = bank.instrument, bank.wording(language)
    lines = store.run_in_snapshot(lambda: list(_table_lines(store, library, instrument, wording)))
    if form == "csv":
        return library_tables.csv_bytes(lines, instrument)
    return library_tables.workbook_bytes(lines, instrument, wording, _table_texts(language))


def empty_template(bank: Bank, language: str) -> bytes:
    """An empty XLSX workbook to fill in."""
    return library_tables.template_bytes(bank.instrument, bank.wording(language), _table_texts(language))


def plan_import(
    store: Store,
    library: str,
    bank: Bank,
    data: bytes,
    name: str,
    language: str = "en",
    *,
    chosen: ChosenColumns = NOTHING_CHOSEN,
    new_assessments: bool = False,
) -> ImportPlan:
    """What taking the file in would do; raises `BadFile` with everything that is wrong.

    `new_assessments` lets rows begin an assessment where the collaboration has one that says otherwise.
    """
    given = read_list(data, name, bank, language, chosen)
    return plan_list(store, library, bank, given, language, new_assessments=new_assessments)


def plan_list(
    store: Store, library: str, bank: Bank, given: GivenList, language: str = "en", *, new_assessments: bool = False
) -> ImportPlan:
    """The same of a list that has been read; raises `BadFile` with what does not fit what is here."""
    asked, sheet, read = given.asked, given.sheet, given.rows
    here = _LibraryState.load(store, library)
    rows, left_out = _without_erased(store, read.rows)
    planning = _Planning(store, here, asked, bank, language, read, sheet, new_assessments)
    unknown = {(row.party, row.undertaking): row for row in reversed(rows) if here.matching_collaboration(row) is None}
    fates = [(row, planning.of_row(row)) for row in rows]
    if planning.problems.found:
        raise BadFile(name=given.name, problems=planning.problems.found, at_once=MOST_PROBLEMS)
    return ImportPlan(
        library=library,
        state=here,
        collaborations=tuple(reversed(unknown.values())),
        assessments=tuple(_carried_row(row, asked, bank) for row, changes in fates if changes is None),
        changes_by_row=tuple((row, changes) for row, changes in fates if changes),
        left_out=left_out,
        unread_columns=read.unread_headings,
        remarks=read.remarks,
        sheet=sheet.name,
        unread_sheets=given.unread_sheets,
        carried=asked is not bank,
    )


def _carried_row(row: CollaborationRow, asked: Bank, bank: Bank) -> CollaborationRow:
    """A row as today's questions understand it; `asked` is the version that its list was made for."""
    if asked is bank:
        return row
    entries = carry_entries(_row_entries(row, asked.instrument), asked.instrument, bank)
    beside = {kind: value for kind, item, value in entries if not item}
    return replace(
        row,
        responses={item: value for kind, item, value in entries if kind == "response"},
        notes={item: value for kind, item, value in entries if kind == "note"},
        ends={item: value for kind, item, value in entries if kind == "ends"},
        gut=beside.get("gut"),
        wanted=beside.get("wanted"),
        gains=tuple(beside.get("gains", "").split()),
        quoted=next((item for kind, item, value in entries if kind == "quoted"), None),
    )


def _without_erased(store: Store, rows: Sequence[CollaborationRow]) -> tuple[list[CollaborationRow], LeftOut]:
    """The rows without those whose ids belong to something erased in this store, and how many those are."""
    ids = {row.number: {row.facts.get("collaboration", ""), row.facts.get("id", "")} - {""} for row in rows}
    erased = store.erased_among(set().union(*ids.values()))
    gone = [row for row in rows if ids[row.number] & erased]
    collaborations = {row.facts.get("collaboration", "") for row in gone} & erased
    left_out = LeftOut(collaborations=len(collaborations), assessments=sum("id" in row.facts for row in gone))
    return [row for row in rows if row not in gone], left_out


@dataclass(frozen=True, slots=True)
class _LibraryState:
    """What the library holds before anything is taken in, looked up by id and by name."""

    collaborations: Mapping[str, Collaboration]
    by_name: Mapping[tuple[str, str], Collaboration]
    assessments: Mapping[str, Assessment]
    latest_assessments: Mapping[str, Assessment]
    goals: Mapping[str, str]

    @classmethod
    def load(cls, store: Store, library: str) -> "_LibraryState":
        """Read the library; empty where it is not there yet."""
        found = store.collaborations(library) if library in store.libraries() else ()
        assessments = {each.id: each for each in store.assessments(library=library)}
        return cls(
            {each.id: each for each in found},
            {(each.party, each.undertaking): each for each in found},
            assessments,
            latest_assessments(assessments.values()),
            store.profiles.get(library).goals,
        )

    def matching_collaboration(self, row: CollaborationRow) -> Collaboration | None:
        """The collaboration here that a row is about; None for a new one."""
        return self.by_name.get((row.party, row.undertaking))

    def foreign_name(self, store: Store, row: CollaborationRow) -> str:
        """The name of what a row's ids belong to anywhere in the store, where that is something else; else empty."""
        collaboration_id, id_ = row.facts.get("collaboration", ""), row.facts.get("id", "")
        owners: list[Collaboration] = []
        with suppress(NotInStore):
            owners += [store.collaboration(collaboration_id)] if collaboration_id else []
        with suppress(NotInStore):
            owners += [store.assessment(id_).collaboration] if id_ else []
        return next((owner.name for owner in owners if owner != self.matching_collaboration(row)), "")


class _Planning:
    """Decides what becomes of each row; rows that must not be taken in are noted as problems."""

    def __init__(
        self,
        store: Store,
        here: _LibraryState,
        asked: Bank,
        bank: Bank,
        language: str,
        read: CollaborationList,
        sheet: Grid,
        new_assessments: bool,
    ) -> None:
        self.problems = FileProblems[SheetCell]()
        self._store, self._here, self._read, self._sheet = store, here, read, sheet
        self._asked, self._bank, self._language = asked, bank, language
        self._new_assessments = new_assessments

    def of_row(self, row: CollaborationRow) -> tuple[EntryChange, ...] | None:
        """What a row gives to the assessment that is here; None where it begins one, as its collaboration has none."""
        if other := self._here.foreign_name(self._store, row):
            self._add_problem(row, "collaboration", _CONFLICTING_ID, other=other)
            return ()
        if "id" in row.facts:
            found = self._here.assessments.get(row.facts["id"])
            return self._changes(found, row) if found else None
        collaboration = self._here.matching_collaboration(row)
        latest = self._here.latest_assessments.get(collaboration.id) if collaboration else None
        if not row.is_assessed or latest is None:
            return None if row.is_assessed else ()
        return self._of_assessed(row, latest)

    def _of_assessed(self, row: CollaborationRow, latest: Assessment) -> tuple[EntryChange, ...] | None:
        """What a row fills in of the latest assessment; where it says otherwise, a new assessment or a problem."""
        instrument = self._bank_of(latest).instrument
        is_same_kind = instrument.is_known_by(latest.digest) and latest.instrument == instrument.id
        if not is_same_kind or latest.respondent != row.facts.get("respondent", ""):
            if not self._new_assessments:
                self._add_problem(row, "party", _ASSESSED_BY_OTHERS, name=row.name)
            return None
        changes = self._changes(latest, row)
        held = _current_values(latest, self._here.goals)
        contradicted = [change for change in changes if held.get(_row_key(change))]
        if contradicted and not self._new_assessments:
            first = contradicted[0]
            column = _column_of(first)
            heading = self._sheet.rows[self._read.top][self._read.columns[column]]
            words = self._bank_of(latest)
            before = self._in_words(words, first.kind, first.item, held[_row_key(first)])
            given = self._in_words(words, first.kind, first.item, first.value)
            self._add_problem(
                row, column, _ANSWERED_OTHERWISE, name=row.name, what=heading, before=repr(before), given=repr(given)
            )
        return None if contradicted else changes

    def _bank_of(self, found: Assessment) -> Bank:
        """The version that an assessment here is to be compared in: its own where the list was made for that."""
        return self._asked if self._asked.instrument.is_known_by(found.digest) else self._bank

    def _changes(self, found: Assessment, row: CollaborationRow) -> tuple[EntryChange, ...]:
        """What a row says that an assessment here does not, in the version of that assessment."""
        version = self._bank_of(found)
        carried = _carried_row(row, self._asked, version)
        return tuple(_row_changes(found, carried, version.instrument, self._here.goals))

    def _in_words(self, bank: Bank, kind: str, item: str, value: str) -> str:
        """A value as a person would say it; a long note by its beginning."""
        wording = bank.nearest_wording(self._language)
        if kind == "response" and value in bank.instrument.by_id[item].options:
            return wording.items[item].options[value].short
        if kind in ("gut", "wanted") and value in wording.placements:
            return wording.placements[value].name
        if kind == "quoted":
            translate = load_translations(self._language).gettext
            whole = translate(list_vocabulary.HEADINGS["note"]).split("|")[0]
            heading = wording.items[item].short if item else whole
            return heading if value == "yes" else translate(N_("another note"))
        if kind == "gains":
            return "; ".join(wording.gains.get(gain, gain) for gain in value.split())
        return _unknown_word(self._language) if value == DONT_KNOW else safe_excerpt(value)

    def _add_problem(self, row: CollaborationRow, column: str, template: str, **facts: object) -> None:
        with suppress(TooManyProblems):
            self.problems.add(sheet_cell(self._sheet, row.number - 1, self._read.columns[column]), template, **facts)


def _row_key(change: EntryChange) -> tuple[str, str]:
    """The kind and item of a change as a row has them: a part of a step without the step's id."""
    return change.kind, change.item.rpartition(".")[2] if change.kind == "step" else change.item


def _column_of(change: EntryChange) -> str:
    """The id of the column that a change comes from."""
    kind, item = _row_key(change)
    if kind == "step":
        return "step" if item == "what" else f"step.{item}"
    if kind == "quoted":
        return kind
    if item and kind in ("note", "ends"):
        return f"{item}.{kind}"
    return item or kind


def _unknown_word(language: str) -> str:
    """The word for a don't know in a list."""
    return load_translations(language).gettext(list_vocabulary.DONT_KNOW_WORDS).split("|")[0]


def apply_plan(store: Store, planned: ImportPlan, bank: Bank) -> ImportCounts:
    """Do all that was planned, or nothing, and count in the store what was written.

    Raises `LibraryChanged` where the plan no longer fits the library.
    """
    instrument, snapshot = bank.instrument, bank.snapshot

    def write() -> ImportCounts:
        store.hold_library(store.add_library(planned.library))
        if _LibraryState.load(store, planned.library) != planned.state:
            raise LibraryChanged(library=escape_controls(planned.library))
        before = _count(store, planned.library)
        goals = _add_goals(store, planned)
        for row in planned.collaborations:
            _add_collaboration(store, planned.library, row)
        named = {(each.party, each.undertaking): each for each in store.collaborations(planned.library)}
        for row in planned.assessments:
            row_with_goal = replace(row, goal=goals.get(row.goal, ""))
            _begin_assessment(store, named[row.party, row.undertaking], row_with_goal, instrument, snapshot)
        for change in planned.changes:
            value = goals[change.value] if change.kind == "goal" else change.value
            store.record_entry(change.assessment, change.kind, change.item, value)
        after = _count(store, planned.library)
        return ImportCounts(
            collaborations=after[0] - before[0], assessments=after[1] - before[1], changes=len(planned.changes)
        )

    return store.run_in_transaction(write, harmless=False)


def _add_goals(store: Store, planned: ImportPlan) -> dict[str, str]:
    """By its words, the id of each goal that the file names; those that are new to the library are added."""
    named = [row.goal for row in planned.assessments if row.goal]
    named += [change.value for change in planned.changes if change.kind == "goal"]
    return {words: add_goal(store, planned.library, words, new_key()) for words in dict.fromkeys(named)}


def _count(store: Store, library: str) -> tuple[int, int]:
    """The library's collaborations and assessments."""
    return len(store.collaborations(library)), len(store.assessments(library=library))


def read_list(
    data: bytes, name: str, bank: Bank, language: str = "en", chosen: ChosenColumns = NOTHING_CHOSEN
) -> GivenList:
    """What a file has, before it is compared with any store; raises `BadFile`.

    Where today's questions leave something unread, it is the version that knows most of the headings.
    """
    readings = [(bank, *_read_sheet(data, name, bank, language, chosen))]
    _, _, _, read, problems = readings[0]
    if problems or read.unread_headings:
        readings += [(each, *_read_sheet(data, name, each, language, chosen)) for each in earlier_banks(bank)]
    asked, sheet, others, read, problems = max(readings, key=lambda reading: (len(reading[3].columns), not reading[4]))
    if problems:
        raise BadFile(name=name, problems=problems, at_once=MOST_PROBLEMS)
    return GivenList(name=name, asked=asked, sheet=sheet, unread_sheets=others, rows=read)


def _read_sheet(
    data: bytes, name: str, bank: Bank, language: str, chosen: ChosenColumns
) -> tuple[Grid, tuple[str, ...], CollaborationList, list[Problem[SheetCell]]]:
    """The sheet that was read, the names of others with something in them, its rows, and what is wrong in them.

    Raises `BadFile`. Headings and options are understood in every language of the bank; choices are listed in the
    person's.
    """
    tongues = sorted(bank.languages, key=lambda each: each != language)
    wordings = [bank.wording(each) for each in tongues]
    known = list_vocabulary.build_vocabulary(bank.instrument, wordings, dict(column_names(language)))
    sheets = spreadsheet_reader.read_grids(data, name)
    sheet = list_layout.choose_grid(sheets, known, chosen)
    if sheet is None:
        raise BadFile(name=name, problems=[list_layout.why_no_grid(sheets, known, chosen, typed_command())])
    if sheet.cut_reason:
        raise sheet.cut_reason
    sheet = replace(sheet, rows=tuple(tuple(map(library_tables.unescape_text, row)) for row in sheet.rows))
    problems = FileProblems[SheetCell]()
    read = collaboration_list.read_grid(sheet, bank.instrument, known, problems, chosen)
    others = [
        each.name
        for each in sheets
        if each.name != sheet.name
        and (each.rows if each.visible else list_layout.find_heading_row(each, known, chosen) is not None)
    ]
    return sheet, tuple(others), read, problems.found


def column_names(first: str) -> Iterator[tuple[str, list[str]]]:
    """Each column with the headings it may have in every language, those of `first` before the others."""
    languages = sorted(LANGUAGES, key=lambda each: each != first)
    beside = {
        DONT_KNOW: list_vocabulary.DONT_KNOW_WORDS,
        UNTIL_FURTHER_NOTICE: list_vocabulary.UNTIL_FURTHER_NOTICE_WORDS,
        list_vocabulary.ENDS_HEADING: list_vocabulary.ENDS_HEADING,
        list_vocabulary.NOTE_HEADING: list_vocabulary.NOTE_HEADING,
        list_vocabulary.CHECK_HEADING: list_vocabulary.CHECK_HEADING,
        list_vocabulary.TOTAL_WORDS: list_vocabulary.TOTAL_WORDS,
    }
    weak = {f"weak.{column}": text for column, text in list_vocabulary.WEAK_HEADINGS.items()}
    for column, text in {**list_vocabulary.HEADINGS, **beside, **weak}.items():
        texts = [text, *filter(None, [list_vocabulary.MORE_HEADINGS.get(column)])]
        translated = (load_translations(language).gettext(each) for each in texts for language in languages)
        yield column, [word for each in translated for word in each.split("|")]


def _table_texts(language: str) -> library_tables.SheetTexts:
    """The headings and the words that a workbook is written with, in one language."""
    translate = load_translations(language).gettext
    return library_tables.SheetTexts(
        headings={column: translate(text).split("|")[0] for column, text in list_vocabulary.HEADINGS.items()},
        reading_sheet=translate(N_("Collaborations")),
        computing_sheet=translate(N_("Data")),
        options_sheet=translate(N_("Answers")),
        standing=translate(N_("Where it stands")),
        check=translate(list_vocabulary.CHECK_HEADING),
        party_missing=translate(N_("the other party is missing")),
        unanswered=translate(N_("not answered")),
        complete=translate(N_("complete")),
        dont_know=translate(list_vocabulary.DONT_KNOW_WORDS).split("|")[0],
        until_further_notice=translate(list_vocabulary.UNTIL_FURTHER_NOTICE_WORDS).split("|")[0],
        ends=translate(list_vocabulary.ENDS_HEADING),
    )


def _table_lines(
    store: Store, library: str, instrument: Instrument, wording: Wording
) -> Iterator[library_tables.LibraryTableRow]:
    """A row for each collaboration, with its latest assessment by these very questions, if any."""
    latest: dict[str, Assessment] = {}
    for each in store.assessments(library=library):
        if each.instrument == instrument.id and instrument.is_known_by(each.digest):
            latest[each.collaboration.id] = each
    goals = store.profiles.get(library).goals
    for collaboration in store.collaborations(library):
        found = latest.get(collaboration.id)
        yield library_tables.LibraryTableRow(
            collaboration=collaboration,
            assessment=found,
            standing=_standing_text(found, instrument, wording) if found else "",
            goal=goals.get(found.goal or "", "") if found else "",
        )


def _standing_text(assessment: Assessment, instrument: Instrument, wording: Wording) -> str:
    """The placements that are possible, by name; empty where nothing is answered or more than three are."""
    placements = assess(instrument, assessment.responses).placements if assessment.responses else ()
    return " / ".join(wording.placements[each].name for each in placements) if len(placements) <= 3 else ""


def _row_entries(row: CollaborationRow, instrument: Instrument) -> list[tuple[str, str, str]]:
    """Everything given in a row, in the order in which it would have been asked; empty cells left out.

    A goal is in the library's words and a part of a step without the step's id, until it is stored.
    """
    entries = [("gut", "", row.gut or ""), ("wanted", "", row.wanted or "")]
    entries += [("response", item.id, row.responses.get(item.id, "")) for item in instrument.items]
    entries += [("ends", item, end) for item, end in row.ends.items()]
    entries += [("gains", "", " ".join(row.gains)), ("goal", "", row.goal)]
    entries += [("step", part, text) for part, text in row.step.items()]
    entries += [("note", item, text) for item, text in row.notes.items()]
    entries += [] if row.quoted is None else [("quoted", row.quoted, "yes")]
    return [entry for entry in entries if entry[2]]


def _current_values(found: Assessment, goals: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What an assessment holds, as a row would say it; `goals` are the library's by id."""
    held = {("response", item): option for item, option in found.responses.items()}
    held |= {("note", item): text for item, text in found.notes.items()}
    held |= {("ends", item): end for item, end in found.ends.items()}
    parts = ((part, getattr(step, part)) for step in found.steps[:1] for part in STEP_PARTS)
    held |= {("step", part): text for part, text in parts if text}
    quoted = library_tables.chosen_quotation(found)
    held |= {} if quoted is None else {("quoted", quoted): "yes"}
    goal = goals.get(found.goal or "")
    beside = (("gut", found.gut), ("wanted", found.wanted), ("gains", " ".join(found.gains)), ("goal", goal))
    return held | {(kind, ""): value for kind, value in beside if value}


def _row_changes(
    known: Assessment, row: CollaborationRow, instrument: Instrument, goals: Mapping[str, str]
) -> Iterator[EntryChange]:
    """What a row says that the assessment does not; gains in another order are the same.

    Only one note is quoted: another than the one so far takes its place.
    """
    held = _current_values(known, goals)
    quoted = library_tables.chosen_quotation(known)
    if quoted is not None and row.quoted not in (None, quoted):
        yield EntryChange(assessment=known.id, kind="quoted", item=quoted, value="no")
    for kind, item, value in _row_entries(row, instrument):
        before = held.get((kind, item), "")
        if before != value and not (kind == "gains" and set(before.split()) == set(value.split())):
            item = f"{known.steps[0].id if known.steps else _STEP_ID}.{item}" if kind == "step" else item
            yield EntryChange(assessment=known.id, kind=kind, item=item, value=value)


def _add_collaboration(store: Store, library: str, row: CollaborationRow) -> None:
    """Add a row's collaboration with the id in the file, so that the same file finds it again."""
    id_ = row.facts.get("collaboration", "")
    if not id_:
        store.add_collaboration(library, row.party, row.undertaking)
        return
    new = Collaboration(id=id_, library=library, party=row.party, undertaking=row.undertaking)
    store.import_assessments([new], [], {})


def _begin_assessment(
    store: Store, collaboration: Collaboration, row: CollaborationRow, instrument: Instrument, snapshot: str
) -> None:
    """Store a row as a new assessment, under the file's id where it has one.

    A row without an id goes through the same calls as typed responses; one with an id is imported whole.
    """
    now = datetime.now(UTC)
    started = row.started or row.changed or now
    entries = _row_entries(row, instrument)
    if "id" not in row.facts:
        id_ = store.begin_assessment(collaboration.id, instrument, snapshot, started=started)
        for kind, item, value in entries:
            store.record_entry(id_, kind, _stored_item(kind, item), value, at=row.changed or now)
        return
    store.import_assessments(
        [],
        [
            _adopted_assessment(
                row, collaboration, instrument, started, _numbered_entries(entries, row.changed or started)
            )
        ],
        {row.facts["id"]: snapshot},
    )


def _stored_item(kind: str, item: str) -> str:
    """What an entry of a row stands under in the store."""
    return f"{_STEP_ID}.{item}" if kind == "step" else item


def _numbered_entries(entries: Iterable[tuple[str, str, str]], moment: datetime) -> tuple[Entry, ...]:
    """Entries in their order, all given at the same moment: a spreadsheet knows no other."""
    return tuple(
        Entry(seq=seq, kind=kind, item=_stored_item(kind, item), value=value, at=moment)
        for seq, (kind, item, value) in enumerate(entries, start=1)
    )


def _adopted_assessment(
    row: CollaborationRow,
    collaboration: Collaboration,
    instrument: Instrument,
    started: datetime,
    history: tuple[Entry, ...],
) -> Assessment:
    return Assessment(
        id=row.facts["id"],
        collaboration=collaboration,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        respondent=row.facts.get("respondent", ""),
        responses=row.responses,
        started=started,
        changed=row.changed or started,
        history=history,
    )
