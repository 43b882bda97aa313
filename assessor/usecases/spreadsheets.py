"""A library's collaborations out to a spreadsheet and in from one: looked through whole, then taken in or not."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from assessor import bank
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry
from assessor.core.scoring import assess
from assessor.core.wording import Wording
from assessor.errors import N_, AssessorError
from assessor.exchange import BadFile, collaboration_list, library_tables, spreadsheet_reader
from assessor.exchange.collaboration_list import Listing, Row
from assessor.exchange.file_problems import MOST_PROBLEMS, Cell, Problem, Problems
from assessor.language import LANGUAGES, interface
from assessor.store import Store
from assessor.store.errors import NotKept

#: What a file's name ends in, of those that are spreadsheets.
ENDINGS: Final = (".csv", ".ods", ".txt", ".xlsx")

#: What a JSON text begins with, after blanks and a mark.
_JSON: Final = (b"{", b"[")


class AnsweredOtherwise(AssessorError):
    """A row whose id is that of something else here."""

    template = N_(
        "Row {row} is about {name}, but its id belongs to {other} here, so nothing was taken in; "
        "empty the cells under id and collaboration, or leave the row out"
    )
    exit_code = 65


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Something given anew to an assessment that is here."""

    assessment: str
    kind: str
    item: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What taking a spreadsheet in would do; nothing is done by making it."""

    library: str
    #: New here; an id where the file tells one.
    collaborations: tuple[Row, ...]
    #: Rows whose responses become an assessment of their own.
    assessments: tuple[Row, ...]
    changes: tuple[Change, ...]
    #: Columns that were left unread.
    unread: tuple[str, ...]
    #: The sheet that was read, and others that could have been; only one is.
    sheet: str
    unread_sheets: tuple[str, ...]

    @property
    def count(self) -> int:
        """Of everything that would be new; 0 when the file was taken in before."""
        return len(self.collaborations) + len(self.assessments) + len(self.changes)


def is_one(data: bytes, name: str) -> bool:
    """Whether a file is meant for a spreadsheet: by its name's ending, else by what it begins with."""
    if name.lower().endswith((*ENDINGS, ".json", ".jsonl")):
        return name.lower().endswith(ENDINGS)
    return not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_JSON)


def exported(store: Store, library: str, bank_name: str, language: str, form: str) -> bytes:
    """The library's collaborations as `csv` or `xlsx`, each with its latest assessment by this bank."""
    instrument, wording = bank.load(bank_name), bank.wording(bank_name, language)
    lines = list(_lines(store, library, instrument, wording))
    if form == "csv":
        return library_tables.csv_text(lines, instrument)
    return library_tables.workbook(lines, instrument, wording, _said(language))


def template(bank_name: str, language: str) -> bytes:
    """An empty XLSX to fill in."""
    return library_tables.template(bank.load(bank_name), bank.wording(bank_name, language), _said(language))


def plan(store: Store, library: str, bank_name: str, data: bytes, name: str, language: str = "en") -> Plan:
    """What taking the file in would do; raises `BadFile` with everything that is wrong, or why it cannot be read."""
    instrument = bank.load(bank_name)
    sheet, others, read = _read(data, name, instrument, bank_name, language)
    here = _Here.of(store, library)
    for row in read.rows:
        here.refuse_another(store, row)
    unknown = {(row.party, row.undertaking): row for row in reversed(read.rows) if here.about(row) is None}
    known = [(row, here.given.get(row.facts.get("id", ""))) for row in read.rows]
    return Plan(
        library=library,
        collaborations=tuple(reversed(unknown.values())),
        assessments=tuple(row for row, found in known if found is None and here.begins(row, instrument)),
        changes=tuple(change for row, found in known if found for change in _changes(found, row, instrument)),
        unread=read.unread,
        sheet=sheet,
        unread_sheets=others,
    )


@dataclass(frozen=True, slots=True)
class _Here:
    """What the library holds before anything is taken in."""

    collaborations: Mapping[str, Collaboration]
    named: Mapping[tuple[str, str], Collaboration]
    given: Mapping[str, Assessment]
    latest: Mapping[str, Assessment]

    @classmethod
    def of(cls, store: Store, library: str) -> "_Here":
        found = store.collaborations(library) if library in store.libraries() else ()
        given = {each.id: each for each in store.assessments(library=library)}
        return cls(
            {each.id: each for each in found},
            {(each.party, each.undertaking): each for each in found},
            given,
            {each.collaboration.id: each for each in given.values()},
        )

    def about(self, row: Row) -> Collaboration | None:
        """The collaboration here that a row is about; None for a new one."""
        return self.named.get((row.party, row.undertaking))

    def begins(self, row: Row, instrument: Instrument) -> bool:
        """Whether a row's responses are an assessment of their own, which is not here yet."""
        if "id" in row.facts:
            return True
        of = self.about(row)
        return row.assessed and not (of and _same(self.latest.get(of.id), row, instrument))

    def refuse_another(self, store: Store, row: Row) -> None:
        """An id is one thing in a whole store: what it belongs to otherwise is not written to."""
        of, id_ = row.facts.get("collaboration", ""), row.facts.get("id", "")
        with suppress(NotKept):
            kept = store.collaboration(of) if of else None
            if kept and kept != self.about(row):
                raise AnsweredOtherwise(row=row.number, name=row.party, other=kept.name)
        with suppress(NotKept):
            found = store.assessment(id_) if id_ else None
            if found and found.collaboration != self.about(row):
                raise AnsweredOtherwise(row=row.number, name=row.party, other=found.collaboration.name)


def carry_out(store: Store, planned: Plan, bank_name: str) -> None:
    """All that was planned, or nothing."""
    instrument, snapshot = bank.load(bank_name), bank.snapshot(bank_name)
    with store.together():
        store.add_library(planned.library)
        for row in planned.collaborations:
            _add(store, planned.library, row)
        named = {(each.party, each.undertaking): each for each in store.collaborations(planned.library)}
        for row in planned.assessments:
            _begin(store, named[row.party, row.undertaking], row, instrument, snapshot)
        for change in planned.changes:
            store.record(change.assessment, change.kind, change.item, change.value)


def _read(
    data: bytes, name: str, instrument: Instrument, bank_name: str, language: str
) -> tuple[str, tuple[str, ...], Listing]:
    """The sheet that is read, others that could be, and what it holds; choices are told in the person's language."""
    tongues = sorted(bank.languages(bank_name), key=lambda each: each != language)
    wordings = [bank.wording(bank_name, each) for each in tongues]
    known = collaboration_list.words(instrument, wordings, dict(_spoken(language)))
    sheets = spreadsheet_reader.grids(data, name)
    sheet = collaboration_list.best(sheets, known)
    problems = Problems()
    if sheet is None:
        raise BadFile(name=name, problems=[Problem(path=(Cell("A1"),), template=collaboration_list.HEADLESS)])
    if sheet.cut:
        raise sheet.cut
    if not data.startswith(b"PK"):
        sheet = spreadsheet_reader.Grid(
            name=sheet.name, rows=tuple(tuple(map(library_tables.unmarked, row)) for row in sheet.rows)
        )
    read = collaboration_list.read(sheet, instrument, known, problems)
    if problems.found:
        raise BadFile(name=name, problems=problems.found, at_once=MOST_PROBLEMS)
    others = [
        each.name for each in sheets if each.name != sheet.name and collaboration_list.headed(each, known) is not None
    ]
    return sheet.name, tuple(others), read


def _spoken(first: str) -> Iterator[tuple[str, list[str]]]:
    """What headings, those of notes and a don't know may be called, in every language."""
    tongues = sorted(LANGUAGES, key=lambda each: each != first)
    beside = {
        DONT_KNOW: collaboration_list.UNKNOWN,
        collaboration_list.NOTE_TO: collaboration_list.NOTE_TO,
        collaboration_list.CHECK: collaboration_list.CHECK,
    }
    said = {**collaboration_list.HEADINGS, **beside}
    for column, text in said.items():
        translated = (interface(language).gettext(text) for language in tongues)
        yield column, [word for each in translated for word in each.split("|")]


def _said(language: str) -> library_tables.Said:
    said = interface(language).gettext
    return library_tables.Said(
        headings={column: said(text).split("|")[0] for column, text in collaboration_list.HEADINGS.items()},
        read=said(N_("Collaborations")),
        compute=said(N_("Data")),
        options=said(N_("Answers")),
        stands=said(N_("Where it stands")),
        check=said(collaboration_list.CHECK),
        party_missing=said(N_("the other party is missing")),
        unanswered=said(N_("not answered")),
        complete=said(N_("complete")),
        dont_know=said(collaboration_list.UNKNOWN).split("|")[0],
    )


def _lines(store: Store, library: str, instrument: Instrument, wording: Wording) -> Iterator[library_tables.Line]:
    latest: dict[str, Assessment] = {}
    for each in store.assessments(library=library):
        if each.digest == instrument.digest:
            latest[each.collaboration.id] = each
    for collaboration in store.collaborations(library):
        found = latest.get(collaboration.id)
        yield library_tables.Line(
            collaboration=collaboration, assessment=found, stands=_stands(found, instrument, wording) if found else ""
        )


def _stands(found: Assessment, instrument: Instrument, wording: Wording) -> str:
    placements = assess(instrument, found.responses).placements if found.responses else ()
    return " / ".join(wording.placements[each].name for each in placements) if len(placements) <= 3 else ""


def _entries(row: Row, instrument: Instrument) -> list[tuple[str, str, str]]:
    """Everything given in a row, in the order it would have been asked."""
    told = [("gut", "", row.gut or ""), ("wanted", "", row.wanted or "")]
    told += [("response", item.id, row.responses.get(item.id, "")) for item in instrument.items]
    told += [("gains", "", " ".join(row.gains))]
    told += [("note", item, text) for item, text in row.notes.items()]
    return [each for each in told if each[2]]


def _held(found: Assessment) -> dict[tuple[str, str], str]:
    held = {("response", item): option for item, option in found.responses.items()}
    held |= {("note", item): text for item, text in found.notes.items()}
    beside = (("gut", found.gut), ("wanted", found.wanted), ("gains", " ".join(found.gains)))
    return held | {(kind, ""): value for kind, value in beside if value}


def _changes(known: Assessment, row: Row, instrument: Instrument) -> Iterator[Change]:
    """What a row says otherwise than the assessment; an empty cell leaves what is here."""
    held = _held(known)
    for kind, item, value in _entries(row, instrument):
        before = held.get((kind, item), "")
        if before != value and not (kind == "gains" and set(before.split()) == set(value.split())):
            yield Change(assessment=known.id, kind=kind, item=item, value=value)


def _same(found: Assessment | None, row: Row, instrument: Instrument) -> bool:
    if found is None:
        return False
    told = {(kind, item): value for kind, item, value in _entries(row, instrument)}
    return told.keys() == _held(found).keys() and not any(_changes(found, row, instrument))


def _add(store: Store, library: str, row: Row) -> None:
    """With the id that the file tells, so that the same file finds it again."""
    id_ = row.facts.get("collaboration", "")
    if not id_:
        store.add_collaboration(library, row.party, row.undertaking)
        return
    new = Collaboration(id=id_, library=library, party=row.party, undertaking=row.undertaking)
    store.adopt([new], [], {})


def _begin(store: Store, of: Collaboration, row: Row, instrument: Instrument, snapshot: str) -> None:
    now = datetime.now(UTC)
    started = row.started or row.changed or now
    given = _entries(row, instrument)
    if "id" not in row.facts:
        id_ = store.begin(of.id, instrument, snapshot, started=started)
        for kind, item, value in given:
            store.record(id_, kind, item, value, at=row.changed or now)
        return
    store.adopt(
        [],
        [_adopted(row, of, instrument, started, _numbered(given, row.changed or started))],
        {row.facts["id"]: snapshot},
    )


def _numbered(given: Iterable[tuple[str, str, str]], at: datetime) -> tuple[Entry, ...]:
    return tuple(
        Entry(seq=seq, kind=kind, item=item, value=value, at=at)
        for seq, (kind, item, value) in enumerate(given, start=1)
    )


def _adopted(
    row: Row, of: Collaboration, instrument: Instrument, started: datetime, history: tuple[Entry, ...]
) -> Assessment:
    return Assessment(
        id=row.facts["id"],
        collaboration=of,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        respondent=row.facts.get("respondent", ""),
        responses=row.responses,
        started=started,
        changed=row.changed or started,
        history=history,
    )
