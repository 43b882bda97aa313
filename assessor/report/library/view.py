"""The library's report as values; templates only lay them out, every sentence stands in them already.

Used by `render` for a browser's page and by `pdf.layout`, which lays the same sections out on their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from assessor.presentation.overview import (
    GoalsPicture,
    ReportCover,
    TableRow,
    build_cover,
    build_goals,
    build_table,
    cover_figures,
    gut_feelings_sentence,
    sorted_report,
)
from assessor.presentation.report import Report
from assessor.presentation.response_table import ResponseTable, build_response_table
from assessor.presentation.terms import Terms, as_sentence
from assessor.presentation.tones import Tone, tone_of
from assessor.presentation.typeface import displayable_text
from assessor.presentation.verdict_page import MethodPage, VerdictPage, build_method_page, build_verdict_page
from assessor.report.library.first_page import first_page_frame
from assessor.safe_pictures import CleanPicture, clean_picture_or_none

#: The most collaborations of a section: a change lays out its section anew, and pages are filled within one.
_MAX_TOGETHER = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationGroup:
    """Collaborations with the same placement, under a heading; what is advised for all of them is said once."""

    heading: str
    advice: str
    tone: Tone
    pages: tuple[VerdictPage, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotation:
    """A note that the library has chosen to be quoted, and about what."""

    text: str
    name: str


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
    day: str
    logo: CleanPicture | None
    cover: ReportCover
    table: tuple[TableRow, ...]
    #: None where the library has told of no goals.
    goals: GoalsPicture | None
    #: None where no note is chosen.
    quotation: Quotation | None
    #: How gut feelings compare with placements; empty where nobody gave one.
    beliefs: str
    #: One for each collaboration, in the order of the table.
    pages: tuple[VerdictPage, ...]
    #: The same by placement, in parts that are laid out together.
    parts: tuple[tuple[CollaborationGroup, ...], ...]
    answers: ResponseTable
    #: Number and name of a collaboration, an item's heading, and the note that stands nowhere else.
    notes: tuple[tuple[int, str, str, str], ...]
    method: MethodPage


def one_line(text: str) -> str:
    """The text as the typefaces can show it, on one line with single blanks."""
    return " ".join(displayable_text(text).split())


def report_view(report: Report) -> ReportView:
    """The report's pages as values. Sorts the report; anchors are `c1`, `c2`, … in that order."""
    report = sorted_report(replace(report, library=one_line(report.library)))
    terms = Terms(report.language, report.instrument, report.wording)
    anchors = [f"c{number}" for number in range(1, len(report.rows) + 1)]
    pages = tuple(_collaboration_pages(report, terms, anchors))
    logo = clean_picture_or_none(report.logo.content) if report.logo else None
    frame_beside = partial(first_page_frame, cover_figures(report, terms), terms, logo=logo is not None)
    cover, day = build_cover(report, terms, anchors, frame_beside), terms.long_date(report.made)
    quoted = next((page for page in pages if page.quotation), None)
    shown = tuple(replace(page, quotation="") if page is quoted else page for page in pages)
    return ReportView(
        language=report.language,
        title=cover.title,
        description=terms.say("Self-assessment of collaborations, {date}", date=day),
        author=report.library,
        running=f"{report.library} · {day}",
        day=day,
        logo=logo,
        cover=cover,
        table=build_table(report, terms, anchors),
        goals=build_goals(report, terms, anchors),
        quotation=Quotation(text=quoted.quotation, name=_page_name(quoted)) if quoted else None,
        beliefs=gut_feelings_sentence(report, terms),
        pages=shown,
        parts=tuple(_parts(report, shown, terms)),
        answers=build_response_table(report, terms),
        notes=tuple(
            (page.number, _page_name(page), heading, text) for page in pages for heading, text in page.other_notes
        ),
        method=build_method_page(report, terms),
    )


def _page_name(page: VerdictPage) -> str:
    return f"{page.party} · {page.undertaking}" if page.undertaking else page.party


def _collaboration_pages(report: Report, terms: Terms, anchors: list[str]) -> Iterator[VerdictPage]:
    for number, (row, anchor) in enumerate(zip(report.rows, anchors, strict=True), start=1):
        yield build_verdict_page(row, number, anchor, terms)


def _parts(report: Report, pages: tuple[VerdictPage, ...], terms: Terms) -> Iterator[tuple[CollaborationGroup, ...]]:
    """The collaborations in groups by placement, cut into parts of at most `_MAX_TOGETHER`."""
    for start in range(0, len(pages), _MAX_TOGETHER):
        cut = slice(start, start + _MAX_TOGETHER)
        pairs = zip(report.rows[cut], pages[cut], strict=True)
        yield tuple(
            _group(placement, tuple(page for _, page in group), terms)
            for placement, group in groupby(pairs, key=lambda pair: pair[0].verdict.placement or "")
        )


def _group(placement: str, pages: tuple[VerdictPage, ...], terms: Terms) -> CollaborationGroup:
    """Those with a placement; an empty one stands for what is not settled."""
    if not placement:
        tone = tone_of(terms.instrument, ())
        return CollaborationGroup(heading=terms.say("Not settled yet"), advice="", tone=tone, pages=pages)
    number = terms.instrument.level_number(placement)
    words = terms.wording.placements[placement]
    heading = terms.say("{number} {name}", number=number, name=words.plural) if number else words.plural
    return CollaborationGroup(
        heading=heading,
        advice=as_sentence(words.advice),
        tone=tone_of(terms.instrument, (placement,)),
        pages=pages,
    )
