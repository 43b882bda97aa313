"""A report as values that a template only has to lay out; every sentence is made here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assessor.presentation.overview import (
    ReportCover,
    ReportSummary,
    TableRow,
    build_cover,
    build_summary,
    build_table,
    sorted_report,
)
from assessor.presentation.report import Report
from assessor.presentation.terms import Terms
from assessor.presentation.typeface import displayable_text
from assessor.presentation.verdict_page import MethodPage, VerdictPage, build_method_page, build_verdict_page


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """A whole report, ready to be laid out."""

    language: str
    title: str
    description: str
    author: str
    running: str
    cover: ReportCover
    summary: ReportSummary
    table: tuple[TableRow, ...]
    pages: tuple[VerdictPage, ...]
    method: MethodPage


def one_line(text: str) -> str:
    """A name as it can be shown, on one line."""
    return " ".join(displayable_text(text).split())


def report_view(report: Report) -> ReportView:
    """The report's pages as values."""
    report = sorted_report(replace(report, library=one_line(report.library)))
    speech = Terms(report.language, report.instrument, report.wording)
    anchors = [f"c{number}" for number in range(1, len(report.rows) + 1)]
    title = speech.say("How are things at {library}?", library=report.library)
    return ReportView(
        language=report.language,
        title=title,
        description=speech.say("Self-assessment of collaborations, {date}", date=speech.long_date(report.made)),
        author=report.library,
        running=f"{report.library} · {speech.long_date(report.made)}",
        cover=build_cover(report, speech, anchors),
        summary=build_summary(report, speech, anchors),
        table=build_table(report, speech, anchors),
        pages=tuple(_collaboration_pages(report, speech, anchors)),
        method=build_method_page(report, speech),
    )


def _collaboration_pages(report: Report, speech: Terms, anchors: list[str]) -> Iterator[VerdictPage]:
    for number, (row, anchor) in enumerate(zip(report.rows, anchors, strict=True), start=1):
        yield build_verdict_page(row, number, anchor, speech)
