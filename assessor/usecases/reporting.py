"""What a report is made from: a library in the store, an exported file, or the example that comes with a bank.

A report compares collaborations, so all of them have to be placed by the same rules: those of the bank as it is now.
Responses given under an older version are carried over as far as migrations lead, and how the collaboration stood under
its own version is shown as history beside it. What other questionnaires asked is not in the report, and `LibraryReport`
says so. The drafts and the report over several libraries are made from the same rows; what only they need is imported
when one is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from os import environ
from typing import TYPE_CHECKING, Any

from assessor import __version__, resources
from assessor.bank import Bank, nearest_language
from assessor.core import history
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.library_profile import library_profile
from assessor.core.responses import Assessment, Collaboration, PlannedStep, Responses
from assessor.core.scoring import assess
from assessor.errors import N_, AssessorError
from assessor.language import base_language, supported_language
from assessor.local_time import local_day, local_today
from assessor.presentation.paper_ends import ending_paper
from assessor.presentation.report import EarlierAssessment, Report, ReportRow
from assessor.presentation.terms import Terms
from assessor.safe_text import escape_controls
from assessor.usecases.assessments import (
    Assessments,
    LoadedAssessment,
    has_rules_of,
    load_from_snapshot,
    responses_today,
)

if TYPE_CHECKING:
    from assessor.exchange.library_document import LibraryDocument as Export
    from assessor.report.consortium import ConsortiumReport
    from assessor.report.draft.clauses import Draft
    from assessor.store import Store


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
    #: Other questionnaires that the library answered, of which nothing is in the report.
    other_banks: tuple[str, ...]


def library_report(store: Store, library: str, bank: Bank, language: str) -> LibraryReport:
    """A library's report by the bank as it is now; without rows where nothing was answered with it.

    What was answered under another version is placed by today's rules, without responses that these do not understand;
    how it stood under its own version is history.
    """
    instrument, assessments = bank.instrument, store.assessments(library=library)
    answered_here = [each for each in assessments if each.instrument == instrument.id]
    opened = Assessments(store, library, bank).load_all(answered_here)
    report = _report_from_assessments(library, opened, bank, language)
    profile = store.profiles.get(library)
    return LibraryReport(
        report=replace(report, goals=profile.goals, logo=profile.logo, next_month=profile.next_month),
        other_banks=tuple(sorted({each.instrument for each in assessments} - {instrument.id})),
    )


def answered_library_report(store: Store, library: str, bank: Bank, language: str) -> LibraryReport:
    """A library's report; raises `OnlyOtherBanks` if only other questionnaires were answered."""
    content = library_report(store, library, bank, language)
    if content.other_banks and not content.report.rows:
        raise OnlyOtherBanks(bank=bank.name, others=", ".join(content.other_banks))
    return content


def _report_from_assessments(library: str, opened: Iterable[LoadedAssessment], bank: Bank, language: str) -> Report:
    """The report of a library by its assessments, oldest first; those of other banks are left out."""
    mine = [each for each in opened if each.assessment.instrument == bank.instrument.id]
    mine.sort(key=lambda each: _collaboration_id(each.assessment))
    grouped = [_without_empty(group) for _, group in groupby(mine, key=lambda each: _collaboration_id(each.assessment))]
    rows = [_report_row(bank, last_of_each_day(group), language) for group in grouped]
    rescored = (group[-1].assessment.collaboration.name for group in grouped if not has_rules_of(group[-1], bank))
    return replace(_make_report(library, rows, bank, language), rescored=tuple(rescored))


def _without_empty(opened: Iterable[LoadedAssessment]) -> list[LoadedAssessment]:
    """The assessments of a collaboration in which anything was given, else the last of them."""
    every = list(opened)
    return [each for each in every if each.begun] or every[-1:]


def last_of_each_day(opened: Sequence[LoadedAssessment]) -> list[LoadedAssessment]:
    """The last assessment of each day, the earliest day first: one corrected on the same day is no history."""
    by_day = {local_day(each.assessment.changed): each for each in opened}
    return [each for each in opened if by_day[local_day(each.assessment.changed)] is each]


def _collaboration_id(assessment: Assessment) -> str:
    return assessment.collaboration.id


def _report_row(bank: Bank, opened: list[LoadedAssessment], language: str) -> ReportRow:
    """One collaboration by its latest assessment; earlier ones are history.

    So is the latest itself where it was given under an older version: its row shows it carried over to today's. Each
    earlier standing is paired with the responses after it, to tell how much of the move is the rules' doing.
    """
    instrument, ways = bank.instrument, bank.migrations
    *before, last = opened
    then = before if has_rules_of(last, bank) else opened
    today = replace(last.assessment, responses=responses_today(last, bank))
    later = [*((each.instrument, each.responses) for each in opened[1:]), (instrument, today.responses)]
    pairs = zip(then, later, strict=False)
    return _placed_row(
        instrument,
        today,
        report_date(),
        tuple(_earlier_standing(each, *after, ways, language) for each, after in pairs),
    )


def _earlier_standing(
    opened: LoadedAssessment, now: Instrument, later: Responses, ways: Sequence[Migration], language: str
) -> EarlierAssessment:
    """How a collaboration stood under its own version, and how the placement moved to the next."""
    way = history.migration_path(ways, opened.instrument.version, now.version)
    shift = history.placement_shift(opened.instrument, opened.responses, now, later, way)
    words = opened.wording_in(language).items
    dropped = tuple(words[item].short for item in shift.dropped)
    return EarlierAssessment(
        day=local_day(opened.assessment.changed), verdict=opened.verdict, shift=shift, dropped=dropped
    )


def _placed_row(
    instrument: Instrument, assessment: Assessment, made: date, earlier: tuple[EarlierAssessment, ...] = ()
) -> ReportRow:
    """A row with its verdict as it is told on the day `made`; a wanted level that the instrument lacks is ignored."""
    wanted = assessment.wanted if assessment.wanted in instrument.levels else None
    verdict = assess(instrument, assessment.responses, wanted)
    ending = ending_paper(instrument, assessment, assessment.responses, made)
    return ReportRow(assessment=assessment, verdict=verdict, earlier=earlier, ending=ending)


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
    """The language of a whole document: the one wished for, or that of the bank's words where it differs.

    A sentence is made of both, so a document would otherwise mix two languages.
    """
    return wish if base_language(wish) == base_language(words) else supported_language(words) or wish


def report_date() -> date:
    """The date a report bears; `SOURCE_DATE_EPOCH` fixes it, so that the same answers give the same bytes."""
    fixed = environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC).date() if fixed else local_today()


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
    """Several libraries together; raises `TooFewLibraries` or `LibraryTwice`.

    The same library twice would make a report over two libraries out of one, and show it alone.
    """
    from assessor.core.portfolio import MIN_LIBRARIES, summarize_consortium
    from assessor.report.consortium import ConsortiumReport

    names = [report.library for report in libraries]
    for name in names:
        if names.count(name) > 1:
            raise LibraryTwice(name=escape_controls(name))
    answered = [[row.verdict for row in report.rows if row.assessment.responses] for report in libraries]
    counted = [verdicts for verdicts in answered if verdicts]
    if len(counted) < MIN_LIBRARIES:
        raise TooFewLibraries(least=MIN_LIBRARIES, count=len(counted), names=", ".join(map(escape_controls, names)))
    first = libraries[0]
    return ConsortiumReport(
        consortium=summarize_consortium(first.instrument, counted),
        instrument=first.instrument,
        wording=first.wording,
        language=first.language,
        made=first.made,
        program=first.program,
    )


def exported_report(document: Export, bank: Bank, language: str) -> Report:
    """The report of a library from the file that it exported, by the bank as it is now."""
    opened = [load_from_snapshot(each, document.snapshots[each.id]) for each in document.assessments]
    report = _report_from_assessments(document.library, opened, bank, language)
    profile = library_profile(document.profile.history, document.profile.logo)
    return replace(report, goals=profile.goals, logo=profile.logo, next_month=profile.next_month)


def has_example(bank: Bank) -> bool:
    """Whether a bank brings an example library."""
    return bank.folder is not None and (bank.folder / "example.json").is_file()


def example_report(bank: Bank, language: str) -> Report:
    """The report of the example library that a bank brings; raises `NoExample`."""
    if bank.folder is None or not has_example(bank):
        others = sorted(each.parent.name for each in resources.questions_folder().glob("*/example.json"))
        raise NoExample(bank=bank.name, others=", ".join(others))
    example = json.loads((bank.folder / "example.json").read_text(encoding="utf-8"))
    instrument = bank.instrument
    language = document_language(language, bank.nearest_language(language))
    library = _text_in(example["library"], language)
    rows = [
        _example_row(instrument, library, position, collaboration, example["assessed"], language)
        for position, collaboration in enumerate(example["collaborations"])
    ]
    goals = {goal: _text_in(texts, language) for goal, texts in example.get("goals", {}).items()}
    return replace(_make_report(library, rows, bank, language), goals=goals)


def _text_in(texts: Mapping[str, str], language: str) -> str:
    """A text of the example in this language, or in the nearest that it is written in."""
    return texts[nearest_language(language, tuple(texts))]


def example_answers(report: Report) -> bytes:
    """The example's responses in the form that `assessor place` reads."""
    cases = [{"id": row.name, "responses": dict(row.assessment.responses)} for row in report.rows]
    return (json.dumps(cases, ensure_ascii=False, indent=1) + "\n").encode()


def _example_row(
    instrument: Instrument, library: str, position: int, example: Mapping[str, Any], assessed: str, language: str
) -> ReportRow:
    """A collaboration of the example file, with its earlier assessments as history.

    `position` gives it an id and `assessed` is the day of the example, an ISO date.
    """
    collaboration = Collaboration(
        id=f"example-{position}",
        library=library,
        party=_text_in(example["party"], language),
        undertaking=_text_in(example["undertaking"], language),
    )
    answers = {
        "notes": {item: _text_in(texts, language) for item, texts in example["notes"].items()},
        "gut": example["gut"],
        "wanted": example["wanted"],
        "gains": tuple(example["gains"]),
        "ends": example.get("ends", {}),
        "goal": example.get("goal"),
        "steps": tuple(_example_step(step, language) for step in example.get("steps", ())),
        "quoted": dict.fromkeys(example.get("quoted", ()), True),
    }
    given_before = example.get("earlier", ())
    later = [*(each["responses"] for each in given_before[1:]), example["responses"]]
    earlier = tuple(
        EarlierAssessment(
            day=date.fromisoformat(each["assessed"]),
            verdict=assess(instrument, each["responses"]),
            shift=history.placement_shift(instrument, each["responses"], instrument, after),
        )
        for each, after in zip(given_before, later, strict=bool(given_before))
    )
    assessment = _example_assessment(instrument, collaboration, example["responses"], assessed, answers)
    return _placed_row(instrument, assessment, date.fromisoformat(assessed), earlier)


def _example_step(step: Mapping[str, Any], language: str) -> PlannedStep:
    return PlannedStep(
        id=step["id"], what=_text_in(step["what"], language), who=_text_in(step["who"], language), when=step["when"]
    )


def _example_assessment(
    instrument: Instrument,
    collaboration: Collaboration,
    responses: Mapping[str, str],
    assessed: str,
    answers: dict[str, Any],
) -> Assessment:
    """An assessment as if it had been given as the example's day began here."""
    moment = datetime.fromisoformat(assessed).astimezone(UTC)
    return Assessment(
        id=collaboration.id,
        collaboration=collaboration,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        responses=responses,
        started=moment,
        changed=moment,
        **answers,
    )


def make_draft(
    store: Store, library: str, collaboration: Collaboration, bank: Bank, language: str, kind: str | None = None
) -> tuple[Draft, Terms]:
    """The draft to sign of one collaboration, and the terms it is written in; raises `NothingAnswered`.

    `kind` is one of `report.draft.clauses.KINDS`; the one that goes on from what they have when None.
    """
    from assessor.report.draft.clauses import draft_of

    assessments = [each for each in store.assessments(library=library) if each.collaboration.id == collaboration.id]
    report = _report_from_assessments(library, Assessments(store, library, bank).load_all(assessments), bank, language)
    if not report.rows:
        raise NothingAnswered(name=escape_controls(collaboration.name))
    terms = Terms(report.language, report.instrument, report.wording)
    goals = store.profiles.get(library).goals
    return draft_of(report.rows[0], terms, report.made, report.program, kind, goals), terms
