"""The library's report as values; templates only lay them out, every sentence stands in them already.

Used by `render` for a browser's page and by `pdf.layout`, which lays the same sections out on their own.
"""

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
    """A whole report, ready to be laid out, with rows, pages and anchors in the order of the picture."""

    language: str
    title: str
    #: What kind of document it is and of which day, for a file's properties.
    description: str
    author: str
    #: Text at the left of every foot.
    running: str
    cover: ReportCover
    summary: ReportSummary
    table: tuple[TableRow, ...]
    #: One for each collaboration, in the order of the table.
    pages: tuple[VerdictPage, ...]
    method: MethodPage


def one_line(text: str) -> str:
    """The text as the typefaces can show it, on one line with single blanks."""
    return " ".join(displayable_text(text).split())


def report_view(report: Report) -> ReportView:
    """The report's pages as values. Sorts the report; anchors are `c1`, `c2`, … in that order."""
    report = sorted_report(replace(report, library=one_line(report.library)))
    terms = Terms(report.language, report.instrument, report.wording)
    anchors = [f"c{number}" for number in range(1, len(report.rows) + 1)]
    title = terms.say("How are things at {library}?", library=report.library)
    return ReportView(
        language=report.language,
        title=title,
        description=terms.say("Self-assessment of collaborations, {date}", date=terms.long_date(report.made)),
        author=report.library,
        running=f"{report.library} · {terms.long_date(report.made)}",
        cover=build_cover(report, terms, anchors),
        summary=build_summary(report, terms, anchors),
        table=build_table(report, terms, anchors),
        pages=tuple(_collaboration_pages(report, terms, anchors)),
        method=build_method_page(report, terms),
    )


def _collaboration_pages(report: Report, terms: Terms, anchors: list[str]) -> Iterator[VerdictPage]:
    for number, (row, anchor) in enumerate(zip(report.rows, anchors, strict=True), start=1):
        yield build_verdict_page(row, number, anchor, terms)
