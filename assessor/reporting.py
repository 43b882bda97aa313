"""What a report is made from: a library in the store, or the example that comes with a bank."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from os import environ
from typing import Any

from assessor import __version__, bank, resources
from assessor.assessments import Assessments, Opened
from assessor.core.instrument import Instrument
from assessor.core.responses import Assessment, Collaboration
from assessor.core.scoring import assess
from assessor.errors import N_, AssessorError
from assessor.report.values import Earlier, Report, Row
from assessor.store import Store


class NoExample(AssessorError):
    """A bank without an example library."""

    template = N_("The questionnaire {bank} brings no example; take one of: {others}")
    exit_code = 2


def library_report(store: Store, library: str, bank_name: str, language: str) -> tuple[Report, tuple[str, ...]]:
    """A library's report by the bank as it is now, and the names of what was answered under another version.

    Those are placed by today's rules as far as these still ask the same; how they stood under their own version is
    told as history.
    """
    kept = store.assessments(library=library)
    assessments = Assessments(store, library, bank_name)
    instrument = bank.load(bank_name)
    mine = [each for each in kept if each.instrument == instrument.id]
    opened = assessments.all_opened(sorted(mine, key=_collaboration))
    by_collaboration = groupby(opened, key=lambda each: _collaboration(each.assessment))
    rows = [_row(instrument, list(group)) for _, group in by_collaboration]
    other = {each.collaboration.name for each in mine if each.digest != instrument.digest}
    report = _report(library, rows, bank_name, instrument, language)
    return report, tuple(row.name for row in report.rows if row.name in other)


def _collaboration(assessment: Assessment) -> str:
    return assessment.collaboration.id


def _row(instrument: Instrument, opened: list[Opened]) -> Row:
    """One collaboration by its latest assessment; earlier ones, and the latest under an older version, are history."""
    *before, last = opened
    now = last.instrument.digest == instrument.digest
    then = before if now else opened
    return _placed(
        instrument,
        last.assessment if now else replace(last.assessment, responses=_still_asked(instrument, last.responses)),
        tuple(Earlier(on=each.assessment.changed.date(), verdict=each.verdict) for each in then),
    )


def _still_asked(instrument: Instrument, responses: Mapping[str, str]) -> dict[str, str]:
    items = instrument.by_id
    return {item: given for item, given in responses.items() if item in items and given in items[item].options}


def _placed(instrument: Instrument, assessment: Assessment, earlier: tuple[Earlier, ...] = ()) -> Row:
    wanted = assessment.wanted if assessment.wanted in instrument.levels else None
    verdict = assess(instrument, assessment.responses, wanted)
    return Row(assessment=assessment, verdict=verdict, earlier=earlier)


def _report(library: str, rows: Iterable[Row], bank_name: str, instrument: Instrument, language: str) -> Report:
    return Report(
        library=library,
        rows=tuple(rows),
        instrument=instrument,
        wording=bank.wording(bank_name, language),
        language=language,
        made=today(),
        program=__version__,
    )


def today() -> date:
    """The date a report bears; `SOURCE_DATE_EPOCH` fixes it, so that the same answers give the same bytes."""
    fixed = environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC).date() if fixed else datetime.now().astimezone().date()


def example_report(bank_name: str, language: str) -> Report:
    """The report of the example library that a bank brings."""
    path = resources.questions() / bank_name / "example.json"
    if not path.is_file():
        others = sorted(each.parent.name for each in resources.questions().glob("*/example.json"))
        raise NoExample(bank=bank_name, others=", ".join(others))
    example = json.loads(path.read_text(encoding="utf-8"))
    instrument = bank.load(bank_name)
    library = example["library"][language]
    rows = [
        _example_row(instrument, library, at, told, example["assessed"], language)
        for at, told in enumerate(example["collaborations"])
    ]
    return _report(library, rows, bank_name, instrument, language)


def example_answers(report: Report) -> bytes:
    """The example's responses in the form that `assessor place` reads."""
    cases = [{"id": row.name, "responses": dict(row.assessment.responses)} for row in report.rows]
    return (json.dumps(cases, ensure_ascii=False, indent=1) + "\n").encode()


def _example_row(instrument: Instrument, library: str, at: int, told: Mapping[str, Any], on: str, language: str) -> Row:
    collaboration = Collaboration(
        id=f"example-{at}", library=library, party=told["party"][language], undertaking=told["undertaking"][language]
    )
    given = {
        "notes": {item: texts[language] for item, texts in told["notes"].items()},
        "gut": told["gut"],
        "wanted": told["wanted"],
        "gains": tuple(told["gains"]),
    }
    earlier = tuple(
        Earlier(on=date.fromisoformat(each["assessed"]), verdict=assess(instrument, each["responses"]))
        for each in told.get("earlier", ())
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
