"""What a report is made from: a library in the store, or the example that comes with a bank."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from os import environ
from typing import Any

from assessor import __version__, resources
from assessor.bank import Bank, nearest_language
from assessor.core import history
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.portfolio import MIN_LIBRARIES, summarize_consortium
from assessor.core.responses import Assessment, Collaboration, Responses
from assessor.core.scoring import assess
from assessor.errors import N_, AssessorError
from assessor.exchange.library_document import LibraryDocument as Export
from assessor.language import base_language, supported_language
from assessor.presentation.report import EarlierAssessment, Report, ReportRow
from assessor.presentation.terms import Terms
from assessor.report.consortium import ConsortiumReport
from assessor.report.draft.clauses import Draft, draft_of
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.usecases.assessments import Assessments, LoadedAssessment, load_from_snapshot


class NoExample(AssessorError):
    """A bank without an example library."""

    template = N_("The questionnaire {bank} has no example; choose one of: {others}")
    exit_code = 2


class NothingAnswered(AssessorError):
    """A collaboration that nothing has been answered about with this bank."""

    template = N_("There are no answers about {name} with this questionnaire yet, so there is nothing to draft")
    exit_code = 2


class OnlyOtherBanks(AssessorError):
    """A library whose answers were all given to another bank."""

    template = N_("There are no answers to the questionnaire {bank} here; put --bank NAME before the command: {others}")
    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryReport:
    """A library's report, and what has to be said beside it."""

    report: Report
    #: Names of what was answered under another version of the questions, and is placed by today's.
    rescored: tuple[str, ...]
    #: Other questionnaires that the library answered, of which nothing is in the report.
    other_banks: tuple[str, ...]


def library_report(store: Store, library: str, bank: Bank, language: str) -> LibraryReport:
    """A library's report by the bank as it is now.

    What was answered under another version is placed by today's rules as far as these still ask the same; how it stood
    under its own version is told as history.
    """
    instrument, given = bank.instrument, store.assessments(library=library)
    kept = [each for each in given if each.instrument == instrument.id]
    opened = Assessments(store, library, bank).load_all(kept)
    report = _report_from_assessments(library, opened, bank, language)
    other = {each.assessment.collaboration.name for each in opened if each.instrument.digest != instrument.digest}
    return LibraryReport(
        report=report,
        rescored=tuple(row.name for row in report.rows if row.name in other),
        other_banks=tuple(sorted({each.instrument for each in given} - {instrument.id})),
    )


def answered_library_report(store: Store, library: str, bank: Bank, language: str) -> LibraryReport:
    """A library's report; raises `OnlyOtherBanks` where it is empty as only other questionnaires were answered."""
    made = library_report(store, library, bank, language)
    if made.other_banks and not made.report.rows:
        raise OnlyOtherBanks(bank=bank.name, others=", ".join(made.other_banks))
    return made


def _report_from_assessments(library: str, opened: Iterable[LoadedAssessment], bank: Bank, language: str) -> Report:
    instrument, ways = bank.instrument, bank.migrations
    mine = [each for each in opened if each.assessment.instrument == instrument.id]
    mine.sort(key=lambda each: _collaboration_id(each.assessment))
    by_collaboration = groupby(mine, key=lambda each: _collaboration_id(each.assessment))
    rows = [_report_row(instrument, list(group), ways, language) for _, group in by_collaboration]
    return _make_report(library, rows, bank, language)


def _collaboration_id(assessment: Assessment) -> str:
    return assessment.collaboration.id


def _report_row(
    instrument: Instrument, opened: list[LoadedAssessment], ways: Sequence[Migration], language: str
) -> ReportRow:
    """One collaboration by its latest assessment; earlier ones, and the latest under an older version, are history."""
    *before, last = opened
    now = last.instrument.digest == instrument.digest
    then = before if now else opened
    today = last.assessment if now else replace(last.assessment, responses=carry_over_responses(instrument, last, ways))
    later = [*((each.instrument, each.responses) for each in opened[1:]), (instrument, today.responses)]
    told = zip(then, later, strict=False)
    return _placed_row(
        instrument, today, tuple(_earlier_standing(each, *after, ways, language) for each, after in told)
    )


def carry_over_responses(instrument: Instrument, opened: LoadedAssessment, ways: Sequence[Migration]) -> Responses:
    """The responses as far as today's questions understand them."""
    way = history.migration_path(ways, opened.instrument.version, instrument.version)
    return history.migrate(opened.responses, way, instrument).responses


def _earlier_standing(
    opened: LoadedAssessment, now: Instrument, later: Responses, ways: Sequence[Migration], language: str
) -> EarlierAssessment:
    way = history.migration_path(ways, opened.instrument.version, now.version)
    shift = history.placement_shift(opened.instrument, opened.responses, now, later, way)
    words = opened.wording_in(language).items
    left = tuple(words[item].short for item in shift.dropped)
    return EarlierAssessment(day=opened.assessment.changed.date(), verdict=opened.verdict, shift=shift, dropped=left)


def _placed_row(
    instrument: Instrument, assessment: Assessment, earlier: tuple[EarlierAssessment, ...] = ()
) -> ReportRow:
    wanted = assessment.wanted if assessment.wanted in instrument.levels else None
    verdict = assess(instrument, assessment.responses, wanted)
    return ReportRow(assessment=assessment, verdict=verdict, earlier=earlier)


def _make_report(library: str, rows: Iterable[ReportRow], bank: Bank, language: str) -> Report:
    wording = bank.nearest_wording(language)
    return Report(
        library=library,
        rows=tuple(rows),
        instrument=bank.instrument,
        wording=wording,
        language=document_language(language, wording.language),
        made=report_date(),
        program=__version__,
    )


def document_language(wish: str, words: str) -> str:
    """The language of a whole document: the one wished for, or the one of its bank's words where they have another.

    A sentence is made of both, so a document of two languages would be neither.
    """
    return wish if base_language(wish) == base_language(words) else supported_language(words) or wish


def report_date() -> date:
    """The date a report bears; `SOURCE_DATE_EPOCH` fixes it, so that the same answers give the same bytes."""
    fixed = environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC).date() if fixed else datetime.now().astimezone().date()


class TooFewLibraries(AssessorError):
    """A report over so few libraries that each could be told from the others."""

    template = N_(
        "A report over several libraries needs at least {least} of them with something answered, so that none is "
        "shown alone; here are {count}: {names}"
    )
    exit_code = 2


class LibraryTwice(AssessorError):
    """A library named more than once."""

    template = N_("The library {name} is named twice; name each one once")
    exit_code = 2


def consortium_report(libraries: Sequence[Report]) -> ConsortiumReport:
    """Several libraries together, each of its own report; raises `TooFewLibraries` or `LibraryTwice`."""
    names = [report.library for report in libraries]
    for name in names:
        if names.count(name) > 1:
            raise LibraryTwice(name=escape_controls(name))
    answered = [[row.verdict for row in report.rows if row.assessment.responses] for report in libraries]
    counted = [verdicts for verdicts in answered if verdicts]
    if len(counted) < MIN_LIBRARIES:
        raise TooFewLibraries(least=MIN_LIBRARIES, count=len(counted), names=", ".join(map(escape_controls, names)))
    one = libraries[0]
    return ConsortiumReport(
        consortium=summarize_consortium(one.instrument, counted),
        instrument=one.instrument,
        wording=one.wording,
        language=one.language,
        made=one.made,
        program=one.program,
    )


def exported_report(document: Export, bank: Bank, language: str) -> Report:
    """The report of a library from a file that it exported, by the bank as it is now."""
    opened = [load_from_snapshot(each, document.snapshots[each.id]) for each in document.assessments]
    return _report_from_assessments(document.library, opened, bank, language)


def example_report(bank: Bank, language: str) -> Report:
    """The report of the example library that a bank brings."""
    path = bank.folder / "example.json" if bank.folder else None
    if path is None or not path.is_file():
        others = sorted(each.parent.name for each in resources.questions_folder().glob("*/example.json"))
        raise NoExample(bank=bank.name, others=", ".join(others))
    example = json.loads(path.read_text(encoding="utf-8"))
    instrument = bank.instrument
    language = document_language(language, bank.nearest_language(language))
    library = _text_in(example["library"], language)
    rows = [
        _example_row(instrument, library, at, told, example["assessed"], language)
        for at, told in enumerate(example["collaborations"])
    ]
    return _make_report(library, rows, bank, language)


def _text_in(texts: Mapping[str, str], language: str) -> str:
    """A text of the example in the language, or in the nearest that it is written in."""
    return texts[nearest_language(language, tuple(texts))]


def example_answers(report: Report) -> bytes:
    """The example's responses in the form that `assessor place` reads."""
    cases = [{"id": row.name, "responses": dict(row.assessment.responses)} for row in report.rows]
    return (json.dumps(cases, ensure_ascii=False, indent=1) + "\n").encode()


def _example_row(
    instrument: Instrument, library: str, at: int, told: Mapping[str, Any], on: str, language: str
) -> ReportRow:
    collaboration = Collaboration(
        id=f"example-{at}",
        library=library,
        party=_text_in(told["party"], language),
        undertaking=_text_in(told["undertaking"], language),
    )
    given = {
        "notes": {item: _text_in(texts, language) for item, texts in told["notes"].items()},
        "gut": told["gut"],
        "wanted": told["wanted"],
        "gains": tuple(told["gains"]),
    }
    given_before = told.get("earlier", ())
    later = [*(each["responses"] for each in given_before[1:]), told["responses"]]
    earlier = tuple(
        EarlierAssessment(
            day=date.fromisoformat(each["assessed"]),
            verdict=assess(instrument, each["responses"]),
            shift=history.placement_shift(instrument, each["responses"], instrument, after),
        )
        for each, after in zip(given_before, later, strict=bool(given_before))
    )
    return _placed_row(
        instrument, _example_assessment(instrument, collaboration, told["responses"], on, given), earlier
    )


def _example_assessment(
    instrument: Instrument, collaboration: Collaboration, responses: Mapping[str, str], on: str, given: dict[str, Any]
) -> Assessment:
    when = datetime.fromisoformat(on).replace(tzinfo=UTC)
    return Assessment(
        id=collaboration.id,
        collaboration=collaboration,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        responses=responses,
        started=when,
        changed=when,
        **given,
    )


def make_draft(
    store: Store, library: str, collaboration: Collaboration, bank: Bank, language: str, kind: str | None = None
) -> tuple[Draft, Terms]:
    """The draft to sign of one collaboration, and what it is said with; raises why there is none."""
    kept = [each for each in store.assessments(library=library) if each.collaboration.id == collaboration.id]
    report = _report_from_assessments(library, Assessments(store, library, bank).load_all(kept), bank, language)
    if not report.rows:
        raise NothingAnswered(name=escape_controls(collaboration.name))
    speech = Terms(report.language, report.instrument, report.wording)
    return draft_of(report.rows[0], speech, report.made, report.program, kind), speech
