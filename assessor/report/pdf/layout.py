"""Reports and other documents as PDF: sections are laid out, cached, and joined by `writer`.

Laying out takes nearly all of the time. Each section is laid out on its own and cached by the hash of its HTML, so that
a report after one changed response lays out only what the response touches. The table of all names page numbers, so it
is laid out last. Caches live as long as the process; both are bounded.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any, Protocol

from assessor.garbage_collection import paused_garbage_collection
from assessor.language import language_tag
from assessor.presentation.report import Report
from assessor.report.library.view import ReportView, report_view
from assessor.report.pdf.renderer import lay_out, move_page_numbers
from assessor.report.pdf.writer import Attachment, Bookmark, Pages, PdfMetadata, foot_position, write_pdf
from assessor.report.render import (
    REPORT_KIND,
    DocumentMetadata,
    PrintableDocument,
    Section,
    html_page,
    overview_section,
    report_sections,
    style_sheet,
)

#: Finished reports kept in this process, and sections kept even if the last document had fewer. A section takes some
#: 1 MB a page once it is laid out, a third of it the glyphs of its lines.
_MOST_REPORTS, _LEAST_SECTIONS = 8, 32

_section_cache: OrderedDict[str, Pages] = OrderedDict()
_report_cache: OrderedDict[str, bytes] = OrderedDict()


def report_pdf(report: Report, *, answers: bytes | None = None) -> bytes:
    """The report as PDF/UA-1; with `answers`, a JSON text to attach, also as PDF/A-3a. The same report is made once."""
    key = sha256(repr((report, answers)).encode("utf-8", "surrogatepass")).hexdigest()
    if key not in _report_cache:
        _report_cache[key] = _make_report_pdf(report, answers)
        _trim_cache(_report_cache, _MOST_REPORTS)
    return _report_cache[key]


def document_pdf(document: PrintableDocument) -> bytes:
    """A document other than the library's report as PDF/UA-1."""
    parts = document.sections
    pages = _pages_of(document, parts, document.kind)
    bookmarks = [Bookmark(id=part.id, title=part.title, level=part.level, inner=part.inner) for part in parts]
    _trim_cache(_section_cache, max(len(parts), _LEAST_SECTIONS))
    return write_pdf([pages[part.id] for part in parts], bookmarks, _document_metadata(document))


def clear_caches() -> None:
    """Forgets all finished reports and laid-out sections."""
    _section_cache.clear()
    _report_cache.clear()


@paused_garbage_collection()
def _make_report_pdf(report: Report, answers: bytes | None) -> bytes:
    """The report, its sections taken from the cache where they are the same."""
    view = report_view(report)
    parts = list(report_sections(report.language, view, {page.anchor: 0 for page in view.pages}))
    pages = _pages_of(view, [part for part in parts if part.id != "all"], REPORT_KIND)
    pages["all"] = _table_with_page_numbers(report, view, parts, pages)
    bookmarks = [Bookmark(id=part.id, title=part.title, level=part.level, inner=part.inner) for part in parts]
    _trim_cache(_section_cache, max(len(parts), _LEAST_SECTIONS))
    attachment = _attachment(answers, view) if answers is not None else None
    return write_pdf([pages[part.id] for part in parts], bookmarks, _report_metadata(report, view), attachment)


def _table_with_page_numbers(
    report: Report, view: ReportView, parts: Sequence[Section], pages: Mapping[str, Pages]
) -> Pages:
    """The table's pages: laid out as if it were one page, then the numbers moved by how much longer it is."""
    table = overview_section(report.language, view, _page_numbers(parts, pages))
    return _section_pages(html_page(view, [table.html]), REPORT_KIND, finish=_with_moved_numbers)


def _with_moved_numbers(pages: Pages) -> Pages:
    move_page_numbers(pages, len(pages) - 1)
    return pages


def _page_numbers(parts: Sequence[Section], pages: Mapping[str, Pages]) -> dict[str, int]:
    """The page of each anchor of the sections, if the table takes one page."""
    numbers: dict[str, int] = {}
    first = 1
    for part in parts:
        laid_out = () if part.id == "all" else pages[part.id]
        for page, each in enumerate(laid_out, start=first):
            for anchor in each.anchors:
                numbers.setdefault(anchor, page)
        first += len(laid_out) or 1
    return numbers


class _RunningMetadata(DocumentMetadata, Protocol):
    """What both a report's view and a document say for their feet."""

    @property
    def running(self) -> str: ...


def _report_metadata(report: Report, view: ReportView) -> PdfMetadata:
    return _pdf_metadata(view, report.made, report.program)


def _document_metadata(document: PrintableDocument) -> PdfMetadata:
    metadata = _pdf_metadata(document, document.made, document.program)
    return replace(metadata, numbered=document.numbered, foot=foot_position(document.foot_margin))


def _pdf_metadata(head: _RunningMetadata, made: date, program: str) -> PdfMetadata:
    return PdfMetadata(
        title=head.title,
        author=head.author,
        subject=head.description,
        language=language_tag(head.language),
        creator=f"assessor {program}",
        made=datetime.combine(made, time(12), UTC),
        running=head.running,
    )


def _attachment(answers: bytes, view: ReportView) -> Attachment:
    return Attachment(name="answers.json", data=answers, description=view.description)


def _pages_of(head: DocumentMetadata, parts: Sequence[Section], kind: str) -> dict[str, Pages]:
    """Each section's pages by id, from the cache where the very same HTML has been laid out before."""
    return {part.id: _section_pages(html_page(head, [part.html]), kind) for part in parts}


def _section_pages(html: str, kind: str, finish: Callable[[Pages], Pages] = tuple) -> Pages:
    """A section's pages, from the cache; `finish` is applied to them once, before they are kept."""
    key = sha256(f"{kind}\n{html}".encode()).hexdigest()
    if key not in _section_cache:
        _section_cache[key] = finish(lay_out(html, style_sheet(kind)))
    _section_cache.move_to_end(key)
    return _section_cache[key]


def _trim_cache(cache: OrderedDict[str, Any], most: int) -> None:
    """Drops what has not been used for longest, until `most` are left."""
    while len(cache) > most:
        cache.popitem(last=False)
