"""A library's collaborations out to a spreadsheet and in from one.

Taking in has two halves. `plan_import` reads the whole file, refuses it with every problem in it, and compares it with
the library; `apply_plan` writes what the plan says in one transaction. A dry run stops after the first. A row with an
id from our own export changes that assessment where it differs; a row without one begins an assessment, unless the
latest one says the same. An empty cell leaves what is here, so that a half-filled sheet erases nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
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
from assessor.exchange import BadFile, collaboration_list, library_tables, spreadsheet_reader
from assessor.exchange.collaboration_list import CollaborationList, CollaborationRow
from assessor.exchange.file_problems import MOST_PROBLEMS, FileProblems
from assessor.language import LANGUAGES, load_translations
from assessor.problems import Problem, SheetCell
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import add_goal, new_key

#: What a file's name ends in, of those that are spreadsheets.
SPREADSHEET_ENDINGS: Final = (".csv", ".ods", ".txt", ".xlsx")

#: The id of a step that a spreadsheet brought.
_STEP_ID: Final = "next"

#: What a JSON text begins with, after blanks and a byte order mark.
_JSON_STARTS: Final = (b"{", b"[")


class ConflictingId(AssessorError):
    """A row whose id is that of something else here."""

    template = N_(
        "Row {row} is about {name}, but its id belongs to {other} here, so nothing was "
        "imported; empty the cells under id and collaboration, or leave the row out"
    )
    exit_code = 65


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
    changes: tuple[EntryChange, ...]
    #: Columns that were left unread.
    unread_columns: tuple[str, ...]
    #: The sheet that was read, and others that could have been; only one is.
    sheet: str
    unread_sheets: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things would be new or changed; 0 when the file was taken in before."""
        return len(self.collaborations) + len(self.assessments) + len(self.changes)


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


def plan_import(store: Store, library: str, bank: Bank, data: bytes, name: str, language: str = "en") -> ImportPlan:
    """What taking the file in would do; raises `BadFile` with everything that is wrong, or `ConflictingId`."""
    instrument = bank.instrument
    sheet, others, read = _read_sheet(data, name, bank, language)
    here = _LibraryState.load(store, library)
    for row in read.rows:
        here.refuse_foreign_id(store, row)
    unknown = {
        (row.party, row.undertaking): row for row in reversed(read.rows) if here.matching_collaboration(row) is None
    }
    known = [(row, here.assessments.get(row.facts.get("id", ""))) for row in read.rows]
    return ImportPlan(
        library=library,
        state=here,
        collaborations=tuple(reversed(unknown.values())),
        assessments=tuple(row for row, found in known if found is None and here.begins_assessment(row, instrument)),
        changes=tuple(
            change for row, found in known if found for change in _row_changes(found, row, instrument, here.goals)
        ),
        unread_columns=read.unread_headings,
        sheet=sheet,
        unread_sheets=others,
    )


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
            {each.collaboration.id: each for each in assessments.values()},
            store.profiles.get(library).goals,
        )

    def matching_collaboration(self, row: CollaborationRow) -> Collaboration | None:
        """The collaboration here that a row is about; None for a new one."""
        return self.by_name.get((row.party, row.undertaking))

    def begins_assessment(self, row: CollaborationRow, instrument: Instrument) -> bool:
        """Whether a row becomes an assessment; only asked of rows whose id is not here."""
        if "id" in row.facts:
            return True
        collaboration = self.matching_collaboration(row)
        return row.is_assessed and not (
            collaboration and _is_unchanged(self.latest_assessments.get(collaboration.id), row, instrument, self.goals)
        )

    def refuse_foreign_id(self, store: Store, row: CollaborationRow) -> None:
        """Raise `ConflictingId` if a row's id belongs to something else anywhere in the store."""
        collaboration_id, id_ = row.facts.get("collaboration", ""), row.facts.get("id", "")
        with suppress(NotInStore):
            collaboration = store.collaboration(collaboration_id) if collaboration_id else None
            if collaboration and collaboration != self.matching_collaboration(row):
                raise ConflictingId(row=row.number, name=row.party, other=collaboration.name)
        with suppress(NotInStore):
            assessment = store.assessment(id_) if id_ else None
            if assessment and assessment.collaboration != self.matching_collaboration(row):
                raise ConflictingId(row=row.number, name=row.party, other=assessment.collaboration.name)


def apply_plan(store: Store, planned: ImportPlan, bank: Bank) -> None:
    """Do all that was planned, or nothing; raises `LibraryChanged` where the plan no longer fits the library."""
    instrument, snapshot = bank.instrument, bank.snapshot

    def write() -> None:
        store.hold_library(store.add_library(planned.library))
        if _LibraryState.load(store, planned.library) != planned.state:
            raise LibraryChanged(library=escape_controls(planned.library))
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

    store.run_in_transaction(write, harmless=False)


def _add_goals(store: Store, planned: ImportPlan) -> dict[str, str]:
    """By its words, the id of each goal that the file names; those that are new to the library are added."""
    named = [row.goal for row in planned.assessments if row.goal]
    named += [change.value for change in planned.changes if change.kind == "goal"]
    return {words: add_goal(store, planned.library, words, new_key()) for words in dict.fromkeys(named)}


def _read_sheet(data: bytes, name: str, bank: Bank, language: str) -> tuple[str, tuple[str, ...], CollaborationList]:
    """The name of the sheet that was read, the other sheets that could have been, and its rows.

    Raises `BadFile`. Headings and options are understood in every language of the bank; choices are listed in the
    person's.
    """
    tongues = sorted(bank.languages, key=lambda each: each != language)
    wordings = [bank.wording(each) for each in tongues]
    known = collaboration_list.build_vocabulary(bank.instrument, wordings, dict(column_names(language)))
    sheets = spreadsheet_reader.read_grids(data, name)
    sheet = collaboration_list.best_grid(sheets, known)
    problems = FileProblems[SheetCell]()
    if sheet is None:
        facts = {"command": typed_command()}
        missing = Problem(place=SheetCell("A1"), template=collaboration_list.NO_HEADING_ROW, facts=facts)
        raise BadFile(name=name, problems=[missing])
    if sheet.cut_reason:
        raise sheet.cut_reason
    if not data.startswith(b"PK"):
        sheet = spreadsheet_reader.Grid(
            name=sheet.name, rows=tuple(tuple(map(library_tables.unescape_formula, row)) for row in sheet.rows)
        )
    read = collaboration_list.read_grid(sheet, bank.instrument, known, problems)
    if problems.found:
        raise BadFile(name=name, problems=problems.found, at_once=MOST_PROBLEMS)
    others = [
        each.name
        for each in sheets
        if each.name != sheet.name and collaboration_list.find_heading_row(each, known) is not None
    ]
    return sheet.name, tuple(others), read


def column_names(first: str) -> Iterator[tuple[str, list[str]]]:
    """Each column with the headings it may have in every language, those of `first` before the others."""
    languages = sorted(LANGUAGES, key=lambda each: each != first)
    beside = {
        DONT_KNOW: collaboration_list.DONT_KNOW_WORDS,
        UNTIL_FURTHER_NOTICE: collaboration_list.UNTIL_FURTHER_NOTICE_WORDS,
        collaboration_list.NOTE_HEADING: collaboration_list.NOTE_HEADING,
        collaboration_list.ENDS_HEADING: collaboration_list.ENDS_HEADING,
        collaboration_list.CHECK_HEADING: collaboration_list.CHECK_HEADING,
    }
    headings = {**collaboration_list.HEADINGS, **beside}
    for column, text in headings.items():
        translated = (load_translations(language).gettext(text) for language in languages)
        yield column, [word for each in translated for word in each.split("|")]


def _table_texts(language: str) -> library_tables.SheetTexts:
    """The headings and the words that a workbook is written with, in one language."""
    translate = load_translations(language).gettext
    return library_tables.SheetTexts(
        headings={column: translate(text).split("|")[0] for column, text in collaboration_list.HEADINGS.items()},
        reading_sheet=translate(N_("Collaborations")),
        computing_sheet=translate(N_("Data")),
        options_sheet=translate(N_("Answers")),
        standing=translate(N_("Where it stands")),
        check=translate(collaboration_list.CHECK_HEADING),
        party_missing=translate(N_("the other party is missing")),
        unanswered=translate(N_("not answered")),
        complete=translate(N_("complete")),
        dont_know=translate(collaboration_list.DONT_KNOW_WORDS).split("|")[0],
        until_further_notice=translate(collaboration_list.UNTIL_FURTHER_NOTICE_WORDS).split("|")[0],
        ends=translate(collaboration_list.ENDS_HEADING),
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
    return [entry for entry in entries if entry[2]]


def _current_values(found: Assessment, goals: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What an assessment holds, as a row would say it; `goals` are the library's by id."""
    held = {("response", item): option for item, option in found.responses.items()}
    held |= {("note", item): text for item, text in found.notes.items()}
    held |= {("ends", item): end for item, end in found.ends.items()}
    parts = ((part, getattr(step, part)) for step in found.steps[:1] for part in STEP_PARTS)
    held |= {("step", part): text for part, text in parts if text}
    goal = goals.get(found.goal or "")
    beside = (("gut", found.gut), ("wanted", found.wanted), ("gains", " ".join(found.gains)), ("goal", goal))
    return held | {(kind, ""): value for kind, value in beside if value}


def _row_changes(
    known: Assessment, row: CollaborationRow, instrument: Instrument, goals: Mapping[str, str]
) -> Iterator[EntryChange]:
    """What a row says that the assessment does not; gains in another order are the same."""
    held = _current_values(known, goals)
    for kind, item, value in _row_entries(row, instrument):
        before = held.get((kind, item), "")
        if before != value and not (kind == "gains" and set(before.split()) == set(value.split())):
            item = f"{known.steps[0].id if known.steps else _STEP_ID}.{item}" if kind == "step" else item
            yield EntryChange(assessment=known.id, kind=kind, item=item, value=value)


def _is_unchanged(
    found: Assessment | None, row: CollaborationRow, instrument: Instrument, goals: Mapping[str, str]
) -> bool:
    """Whether an assessment says just what the row does; False for None."""
    if found is None:
        return False
    values = {(kind, item): value for kind, item, value in _row_entries(row, instrument)}
    same = values.keys() == _current_values(found, goals).keys()
    return same and not any(_row_changes(found, row, instrument, goals))


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
