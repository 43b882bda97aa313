"""A library's collaborations out to a spreadsheet and in from one.

Taking in has two halves. `plan_import` reads the whole file, refuses it with every problem in it, and compares it with
the library; `apply_plan` writes what the plan says in one transaction. A dry run stops after the first. A row with an
id from our own export changes that assessment where it differs; a row without one begins an assessment, unless the
latest one says the same. An empty cell leaves what is here, so that a half-filled sheet erases nothing.

A list made for an earlier version that the bank keeps is read by that version and carried over, as `renew` would.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from assessor.bank import Bank
from assessor.core.instrument import Instrument
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
from assessor.usecases.carrying import carry_entries, earlier_banks

#: What a file's name ends in, of those that are spreadsheets.
SPREADSHEET_ENDINGS: Final = (".csv", ".ods", ".txt", ".xlsx")

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
    #: Whether the file was made for an earlier version, so that its answers are carried over to today's.
    carried: bool = False

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
    sheet = _read_by_version(data, name, bank, language)
    here, rows = _LibraryState.load(store, library), sheet.read.rows
    for row in rows:
        here.refuse_foreign_id(store, row)
    unknown = {(row.party, row.undertaking): row for row in reversed(rows) if here.matching_collaboration(row) is None}
    known = [(row, here.assessments.get(row.facts.get("id", ""))) for row in rows]
    return ImportPlan(
        library=library,
        state=here,
        collaborations=tuple(reversed(unknown.values())),
        assessments=tuple(
            sheet.carried(row, bank)
            for row, found in known
            if found is None and here.begins_assessment((row, sheet.carried(row, bank)), bank.instrument)
        ),
        changes=tuple(change for row, found in known if found for change in sheet.changes(found, row, bank)),
        unread_columns=sheet.read.unread_headings,
        sheet=sheet.name,
        unread_sheets=sheet.others,
        carried=sheet.asked.digest != bank.instrument.digest,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _ReadSheet:
    """The sheet of a file that was read, by the version of the questions that it was made for."""

    name: str
    #: The other sheets that could have been.
    others: tuple[str, ...]
    read: CollaborationList
    asked: Instrument
    known_headings: int
    problems: tuple[Problem[SheetCell], ...]

    def carried(self, row: CollaborationRow, bank: Bank) -> CollaborationRow:
        """A row as today's questions understand it."""
        if self.asked.digest == bank.instrument.digest:
            return row
        entries = carry_entries(_row_entries(row, self.asked), self.asked, bank)
        beside = {kind: value for kind, item, value in entries if not item}
        return replace(
            row,
            responses={item: value for kind, item, value in entries if kind == "response"},
            notes={item: value for kind, item, value in entries if kind == "note"},
            gut=beside.get("gut"),
            wanted=beside.get("wanted"),
            gains=tuple(beside.get("gains", "").split()),
        )

    def changes(self, found: Assessment, row: CollaborationRow, bank: Bank) -> Iterator[EntryChange]:
        """What a row says that its assessment does not, in that assessment's version."""
        if self.asked.is_known_by(found.digest):
            return _row_changes(found, row, self.asked)
        return _row_changes(found, self.carried(row, bank), bank.instrument)


@dataclass(frozen=True, slots=True)
class _LibraryState:
    """What the library holds before anything is taken in, looked up by id and by name."""

    collaborations: Mapping[str, Collaboration]
    by_name: Mapping[tuple[str, str], Collaboration]
    assessments: Mapping[str, Assessment]
    latest_assessments: Mapping[str, Assessment]

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
        )

    def matching_collaboration(self, row: CollaborationRow) -> Collaboration | None:
        """The collaboration here that a row is about; None for a new one."""
        return self.by_name.get((row.party, row.undertaking))

    def begins_assessment(self, versions: Iterable[CollaborationRow], instrument: Instrument) -> bool:
        """Whether a row becomes an assessment; only asked of rows whose id is not here.

        `versions` are the row as it stands and as it is carried over: either may be what the latest assessment says.
        """
        row, *_ = versions = tuple(versions)
        if "id" in row.facts:
            return True
        collaboration = self.matching_collaboration(row)
        latest = self.latest_assessments.get(collaboration.id) if collaboration else None
        return row.is_assessed and not any(_is_unchanged(latest, each, instrument) for each in versions)

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
        for row in planned.collaborations:
            _add_collaboration(store, planned.library, row)
        named = {(each.party, each.undertaking): each for each in store.collaborations(planned.library)}
        for row in planned.assessments:
            _begin_assessment(store, named[row.party, row.undertaking], row, instrument, snapshot)
        for change in planned.changes:
            store.record_entry(change.assessment, change.kind, change.item, change.value)

    store.run_in_transaction(write, harmless=False)


def _read_by_version(data: bytes, name: str, bank: Bank, language: str) -> _ReadSheet:
    """The sheet by today's questions, or by the earlier ones that it was made for; raises `BadFile`.

    Where today's leave something unread, the version that knows most of the headings is the one that was asked.
    """
    today = _read_sheet(data, name, bank, language)
    whole = not today.problems and not today.read.unread_headings
    earlier = [] if whole else [_read_sheet(data, name, each, language) for each in earlier_banks(bank)]
    best = max((today, *earlier), key=lambda sheet: (sheet.known_headings, not sheet.problems))
    if best.problems:
        raise BadFile(name=name, problems=best.problems, at_once=MOST_PROBLEMS)
    return best


def _read_sheet(data: bytes, name: str, bank: Bank, language: str) -> _ReadSheet:
    """The sheet by this bank's questions, with what is wrong in its rows; raises `BadFile` where there are none.

    Headings and options are understood in every language of the bank; choices are listed in the person's.
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
    others = [
        each.name
        for each in sheets
        if each.name != sheet.name and collaboration_list.find_heading_row(each, known) is not None
    ]
    return _ReadSheet(
        name=sheet.name,
        others=tuple(others),
        read=read,
        asked=bank.instrument,
        known_headings=collaboration_list.count_known_headings(sheet, known),
        problems=tuple(problems.found),
    )


def column_names(first: str) -> Iterator[tuple[str, list[str]]]:
    """Each column with the headings it may have in every language, those of `first` before the others."""
    languages = sorted(LANGUAGES, key=lambda each: each != first)
    beside = {
        DONT_KNOW: collaboration_list.DONT_KNOW_WORDS,
        collaboration_list.NOTE_HEADING: collaboration_list.NOTE_HEADING,
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
    )


def _table_lines(
    store: Store, library: str, instrument: Instrument, wording: Wording
) -> Iterator[library_tables.LibraryTableRow]:
    """A row for each collaboration, with its latest assessment by these very questions, if any."""
    latest: dict[str, Assessment] = {}
    for each in store.assessments(library=library):
        if each.instrument == instrument.id and instrument.is_known_by(each.digest):
            latest[each.collaboration.id] = each
    for collaboration in store.collaborations(library):
        found = latest.get(collaboration.id)
        yield library_tables.LibraryTableRow(
            collaboration=collaboration,
            assessment=found,
            standing=_standing_text(found, instrument, wording) if found else "",
        )


def _standing_text(assessment: Assessment, instrument: Instrument, wording: Wording) -> str:
    """The placements that are possible, by name; empty where nothing is answered or more than three are."""
    placements = assess(instrument, assessment.responses).placements if assessment.responses else ()
    return " / ".join(wording.placements[each].name for each in placements) if len(placements) <= 3 else ""


def _row_entries(row: CollaborationRow, instrument: Instrument) -> list[tuple[str, str, str]]:
    """Everything given in a row, in the order in which it would have been asked; empty cells left out."""
    entries = [("gut", "", row.gut or ""), ("wanted", "", row.wanted or "")]
    entries += [("response", item.id, row.responses.get(item.id, "")) for item in instrument.items]
    entries += [("gains", "", " ".join(row.gains))]
    entries += [("note", item, text) for item, text in row.notes.items()]
    return [entry for entry in entries if entry[2]]


def _current_values(found: Assessment) -> dict[tuple[str, str], str]:
    held = {("response", item): option for item, option in found.responses.items()}
    held |= {("note", item): text for item, text in found.notes.items()}
    beside = (("gut", found.gut), ("wanted", found.wanted), ("gains", " ".join(found.gains)))
    return held | {(kind, ""): value for kind, value in beside if value}


def _row_changes(known: Assessment, row: CollaborationRow, instrument: Instrument) -> Iterator[EntryChange]:
    """What a row says that the assessment does not; gains in another order are the same."""
    held = _current_values(known)
    for kind, item, value in _row_entries(row, instrument):
        before = held.get((kind, item), "")
        if before != value and not (kind == "gains" and set(before.split()) == set(value.split())):
            yield EntryChange(assessment=known.id, kind=kind, item=item, value=value)


def _is_unchanged(found: Assessment | None, row: CollaborationRow, instrument: Instrument) -> bool:
    """Whether an assessment says just what the row does; False for None."""
    if found is None:
        return False
    values = {(kind, item): value for kind, item, value in _row_entries(row, instrument)}
    return values.keys() == _current_values(found).keys() and not any(_row_changes(found, row, instrument))


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
            store.record_entry(id_, kind, item, value, at=row.changed or now)
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


def _numbered_entries(entries: Iterable[tuple[str, str, str]], moment: datetime) -> tuple[Entry, ...]:
    """Entries in their order, all given at the same moment: a spreadsheet knows no other."""
    return tuple(
        Entry(seq=seq, kind=kind, item=item, value=value, at=moment)
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
