"""What a report is made from: a library in the store, or the example that comes with a bank."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from os import environ
from typing import Any

from assessor import __version__, bank, resources
from assessor.core import history
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.portfolio import AT_LEAST, consortium
from assessor.core.responses import Assessment, Collaboration, Responses
from assessor.core.scoring import assess
from assessor.errors import N_, AssessorError
from assessor.exchange.library_document import Document as Export
from assessor.language import base, spoken
from assessor.presentation.report import Earlier, Report, Row
from assessor.presentation.terms import Speech
from assessor.report.consortium import Together
from assessor.report.draft.clauses import Draft, draft_of
from assessor.safe_text import safe
from assessor.store import Store
from assessor.usecases.assessments import Assessments, Opened, then


class NoExample(AssessorError):
    """A bank without an example library."""

    template = N_("The questionnaire {bank} brings no example; take one of: {others}")
    exit_code = 2


class NothingAnswered(AssessorError):
    """A collaboration that nothing has been answered about with this bank."""

    template = N_("Nothing has been answered about {name} with this questionnaire yet, so there is nothing to draft")
    exit_code = 2


def library_report(store: Store, library: str, bank_name: str, language: str) -> tuple[Report, tuple[str, ...]]:
    """A library's report by the bank as it is now, and the names of what was answered under another version.

    Those are placed by today's rules as far as these still ask the same; how they stood under their own version is
    told as history.
    """
    instrument = bank.load(bank_name)
    kept = [each for each in store.assessments(library=library) if each.instrument == instrument.id]
    opened = Assessments(store, library, bank_name).all_opened(kept)
    report = _report_of(library, opened, bank_name, language)
    other = {each.collaboration.name for each in kept if each.digest != instrument.digest}
    return report, tuple(row.name for row in report.rows if row.name in other)


def _report_of(library: str, opened: Iterable[Opened], bank_name: str, language: str) -> Report:
    instrument, ways = bank.load(bank_name), bank.migrations(bank_name)
    mine = [each for each in opened if each.assessment.instrument == instrument.id]
    mine.sort(key=lambda each: _collaboration(each.assessment))
    by_collaboration = groupby(mine, key=lambda each: _collaboration(each.assessment))
    rows = [_row(instrument, list(group), ways, language) for _, group in by_collaboration]
    return _report(library, rows, bank_name, instrument, language)


def _collaboration(assessment: Assessment) -> str:
    return assessment.collaboration.id


def _row(instrument: Instrument, opened: list[Opened], ways: Sequence[Migration], language: str) -> Row:
    """One collaboration by its latest assessment; earlier ones, and the latest under an older version, are history."""
    *before, last = opened
    now = last.instrument.digest == instrument.digest
    then = before if now else opened
    today = last.assessment if now else replace(last.assessment, responses=carried(instrument, last, ways))
    later = [*((each.instrument, each.responses) for each in opened[1:]), (instrument, today.responses)]
    told = zip(then, later, strict=False)
    return _placed(instrument, today, tuple(_earlier(each, *after, ways, language) for each, after in told))


def carried(instrument: Instrument, opened: Opened, ways: Sequence[Migration]) -> Responses:
    """The responses as far as today's questions understand them."""
    way = history.path(ways, opened.instrument.version, instrument.version)
    return history.moved(opened.responses, way, instrument).responses


def _earlier(opened: Opened, now: Instrument, later: Responses, ways: Sequence[Migration], language: str) -> Earlier:
    way = history.path(ways, opened.instrument.version, now.version)
    shift = history.shift(opened.instrument, opened.responses, now, later, way)
    words = opened.words(language).items
    left = tuple(words[item].short for item in shift.left)
    return Earlier(on=opened.assessment.changed.date(), verdict=opened.verdict, shift=shift, left=left)


def _placed(instrument: Instrument, assessment: Assessment, earlier: tuple[Earlier, ...] = ()) -> Row:
    wanted = assessment.wanted if assessment.wanted in instrument.levels else None
    verdict = assess(instrument, assessment.responses, wanted)
    return Row(assessment=assessment, verdict=verdict, earlier=earlier)


def _report(library: str, rows: Iterable[Row], bank_name: str, instrument: Instrument, language: str) -> Report:
    wording = bank.wording(bank_name, bank.nearest(language, bank.languages(bank_name)))
    return Report(
        library=library,
        rows=tuple(rows),
        instrument=instrument,
        wording=wording,
        language=told_in(language, wording.language),
        made=today(),
        program=__version__,
    )


def told_in(wish: str, words: str) -> str:
    """The language of a whole document: the one wished for, or the one of its bank's words where they have another.

    A sentence is made of both, so a document of two languages would be neither.
    """
    return wish if base(wish) == base(words) else spoken(words) or wish


def today() -> date:
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

    template = N_("The library {name} is named twice; name each once")
    exit_code = 2


def consortium_report(libraries: Sequence[Report]) -> Together:
    """Several libraries together, each of its own report; raises `TooFewLibraries` or `LibraryTwice`."""
    names = [report.library for report in libraries]
    for name in names:
        if names.count(name) > 1:
            raise LibraryTwice(name=safe(name))
    answered = [[row.verdict for row in report.rows if row.assessment.responses] for report in libraries]
    counted = [verdicts for verdicts in answered if verdicts]
    if len(counted) < AT_LEAST:
        raise TooFewLibraries(least=AT_LEAST, count=len(counted), names=", ".join(map(safe, names)))
    one = libraries[0]
    return Together(
        consortium=consortium(one.instrument, counted),
        instrument=one.instrument,
        wording=one.wording,
        language=one.language,
        made=one.made,
        program=one.program,
    )


def exported_report(document: Export, bank_name: str, language: str) -> Report:
    """The report of a library from a file that it exported, by the bank as it is now."""
    opened = [then(each, document.snapshots[each.id]) for each in document.assessments]
    return _report_of(document.library, opened, bank_name, language)


def example_report(bank_name: str, language: str) -> Report:
    """The report of the example library that a bank brings."""
    path = resources.questions() / bank_name / "example.json"
    if not path.is_file():
        others = sorted(each.parent.name for each in resources.questions().glob("*/example.json"))
        raise NoExample(bank=bank_name, others=", ".join(others))
    example = json.loads(path.read_text(encoding="utf-8"))
    instrument = bank.load(bank_name)
    language = told_in(language, bank.nearest(language, bank.languages(bank_name)))
    library = _in(example["library"], language)
    rows = [
        _example_row(instrument, library, at, told, example["assessed"], language)
        for at, told in enumerate(example["collaborations"])
    ]
    return _report(library, rows, bank_name, instrument, language)


def _in(texts: Mapping[str, str], language: str) -> str:
    """A text of the example in the language, or in the nearest that it is written in."""
    return texts[bank.nearest(language, tuple(texts))]


def example_answers(report: Report) -> bytes:
    """The example's responses in the form that `assessor place` reads."""
    cases = [{"id": row.name, "responses": dict(row.assessment.responses)} for row in report.rows]
    return (json.dumps(cases, ensure_ascii=False, indent=1) + "\n").encode()


def _example_row(instrument: Instrument, library: str, at: int, told: Mapping[str, Any], on: str, language: str) -> Row:
    collaboration = Collaboration(
        id=f"example-{at}",
        library=library,
        party=_in(told["party"], language),
        undertaking=_in(told["undertaking"], language),
    )
    given = {
        "notes": {item: _in(texts, language) for item, texts in told["notes"].items()},
        "gut": told["gut"],
        "wanted": told["wanted"],
        "gains": tuple(told["gains"]),
    }
    given_before = told.get("earlier", ())
    later = [*(each["responses"] for each in given_before[1:]), told["responses"]]
    earlier = tuple(
        Earlier(
            on=date.fromisoformat(each["assessed"]),
            verdict=assess(instrument, each["responses"]),
            shift=history.shift(instrument, each["responses"], instrument, after),
        )
        for each, after in zip(given_before, later, strict=bool(given_before))
    )
    return _placed(instrument, _example(instrument, collaboration, told["responses"], on, given), earlier)


def _example(
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


def draft(
    store: Store, library: str, collaboration: Collaboration, bank_name: str, language: str, kind: str | None = None
) -> tuple[Draft, Speech]:
    """The draft to sign of one collaboration, and what it is said with; raises why there is none."""
    kept = [each for each in store.assessments(library=library) if each.collaboration.id == collaboration.id]
    report = _report_of(library, Assessments(store, library, bank_name).all_opened(kept), bank_name, language)
    if not report.rows:
        raise NothingAnswered(name=safe(collaboration.name))
    speech = Speech(report.language, report.instrument, report.wording)
    return draft_of(report.rows[0], speech, report.made, report.program, kind), speech
