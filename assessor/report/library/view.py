"""A report as values that a template only has to lay out; every sentence is made here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assessor.presentation.overview import Cover, Summary, TableRow, cover, summary, table
from assessor.presentation.report import Report, Row
from assessor.presentation.terms import Speech
from assessor.presentation.typeface import fitting
from assessor.presentation.verdict_page import Method, Page, method, page


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A whole report, ready to be laid out."""

    language: str
    title: str
    description: str
    author: str
    running: str
    cover: Cover
    summary: Summary
    table: tuple[TableRow, ...]
    pages: tuple[Page, ...]
    method: Method


def ordered(report: Report) -> Report:
    """The same with its rows in the order of the picture: best possible placement first, then by name."""
    order = report.instrument.placements

    def place(row: Row) -> tuple[int, int, str]:
        stands = row.verdict.placements
        return order.index(stands[0]), len(stands), row.name.casefold()

    settled = [row for row in report.rows if row.verdict.placement]
    rest = [row for row in report.rows if not row.verdict.placement]
    return replace(report, rows=(*sorted(settled, key=place), *sorted(rest, key=place)))


def one_line(text: str) -> str:
    """A name as it can be shown, on one line."""
    return " ".join(fitting(text).split())


def view(report: Report) -> View:
    """The report's pages as values."""
    report = ordered(replace(report, library=one_line(report.library)))
    speech = Speech(report.language, report.instrument, report.wording)
    anchors = [f"c{number}" for number in range(1, len(report.rows) + 1)]
    title = speech.say("How do things stand at {library}?", library=report.library)
    return View(
        language=report.language,
        title=title,
        description=speech.say("Self-assessment of collaborations, {date}", date=speech.day(report.made)),
        author=report.library,
        running=f"{report.library} · {speech.day(report.made)}",
        cover=cover(report, speech, anchors),
        summary=summary(report, speech, anchors),
        table=table(report, speech, anchors),
        pages=tuple(_pages(report, speech, anchors)),
        method=method(report, speech),
    )


def _pages(report: Report, speech: Speech, anchors: list[str]) -> Iterator[Page]:
    for number, (row, anchor) in enumerate(zip(report.rows, anchors, strict=True), start=1):
        yield page(row, number, anchor, speech)
