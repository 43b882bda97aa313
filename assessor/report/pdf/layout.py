"""HTML to PDF; the only home of WeasyPrint.

Each section is laid out on its own and kept by the hash of its HTML, so that a report after one changed response lays
out only what the response touches. No URL is ever opened: fonts and styles come from the package.
"""

import logging
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache, partial
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from typing import Any, Protocol

from assessor import paths
from assessor.language import language_tag
from assessor.presentation.report import Report
from assessor.presentation.typeface import FACE_NAMES, font_face, font_folder
from assessor.report.errors import UrlInReport, WrongTypeface
from assessor.report.library.view import ReportView, report_view
from assessor.report.pdf.fragments import Fragment, Widget, read_fragment
from assessor.report.pdf.two_processes import map_in_two_processes
from assessor.report.pdf.writer import Attachment, Bookmark, PdfMetadata, write_pdf
from assessor.report.render import DocumentMetadata, PrintableDocument, Section, html_page, report_sections, style_sheet
from assessor.resources import templates_folder

#: Pieces and finished reports kept for the next render in this process.
_MOST_FRAGMENTS, _MOST_REPORTS = 2048, 8

_fragment_cache: OrderedDict[str, Fragment] = OrderedDict()
_report_cache: OrderedDict[str, bytes] = OrderedDict()


def report_pdf(report: Report, *, answers: bytes | None = None) -> bytes:
    """The report as PDF/UA-1; with `answers`, a JSON text to put inside, also as PDF/A-3a."""
    key = sha256(repr((report, answers)).encode("utf-8", "surrogatepass")).hexdigest()
    if key not in _report_cache:
        _report_cache[key] = _make_report_pdf(report, answers)
        _trim_cache(_report_cache, _MOST_REPORTS)
    return _report_cache[key]


def document_pdf(document: PrintableDocument) -> bytes:
    """Another document than the report as PDF/UA-1."""
    parts = document.sections
    pieces = _fragments_of(document, parts, document.kind)
    bookmarks = [Bookmark(id=part.id, title=part.title, level=part.level) for part in parts]
    return write_pdf([pieces[part.id] for part in parts], bookmarks, _document_metadata(document))


def clear_caches() -> None:
    """Keeps nothing of earlier reports."""
    _fragment_cache.clear()
    _report_cache.clear()


def _make_report_pdf(report: Report, answers: bytes | None) -> bytes:
    shown = report_view(report)
    parts = list(report_sections(report.language, shown, {page.anchor: 0 for page in shown.pages}))
    pieces = _fragments_of(shown, [part for part in parts if part.id != "all"])
    parts, pieces["all"] = _table_with_page_numbers(report, shown, parts, pieces)
    bookmarks = [Bookmark(id=part.id, title=part.title, level=part.level) for part in parts]
    inside = _attachment(answers, shown) if answers is not None else None
    return write_pdf([pieces[part.id] for part in parts], bookmarks, _report_metadata(report, shown), inside)


def _table_with_page_numbers(
    report: Report, shown: ReportView, parts: Sequence[Section], pieces: Mapping[str, Fragment]
) -> tuple[list[Section], Fragment]:
    """The sections and the table's piece once it names the right pages; its own length moves them."""
    length = 1
    while True:
        numbers = _page_numbers(parts, pieces, length)
        found = list(report_sections(report.language, shown, numbers))
        piece = _fragments_of(shown, [part for part in found if part.id == "all"])["all"]
        if len(piece.sheets) == length:
            return found, piece
        length = len(piece.sheets)


def _page_numbers(parts: Sequence[Section], pieces: Mapping[str, Fragment], length: int) -> dict[str, int]:
    numbers, page = {}, 1
    for part in parts:
        numbers[part.id] = page
        page += length if part.id == "all" else len(pieces[part.id].sheets)
    return numbers


class _RunningMetadata(DocumentMetadata, Protocol):
    @property
    def running(self) -> str: ...


def _report_metadata(report: Report, shown: ReportView) -> PdfMetadata:
    return _pdf_metadata(shown, report.made, report.program)


def _document_metadata(document: PrintableDocument) -> PdfMetadata:
    return replace(_pdf_metadata(document, document.made, document.program), numbered=document.numbered)


def _pdf_metadata(shown: _RunningMetadata, made: date, program: str) -> PdfMetadata:
    return PdfMetadata(
        title=shown.title,
        author=shown.author,
        subject=shown.description,
        language=language_tag(shown.language),
        creator=f"assessor {program}",
        producer=f"WeasyPrint {_weasyprint().VERSION}, assessor {program}",
        made=datetime.combine(made, time(12), UTC),
        running=shown.running,
    )


def _attachment(answers: bytes, shown: ReportView) -> Attachment:
    profile = (files("weasyprint") / "pdf" / "sRGB2014.icc").read_bytes()
    return Attachment(name="answers.json", data=answers, description=shown.description, profile=profile)


def _fragments_of(shown: DocumentMetadata, parts: Sequence[Section], kind: str = "") -> dict[str, Fragment]:
    """Each section's piece, laid out now unless an earlier report had the very same section."""
    texts = {part.id: html_page(shown, [part.html]) for part in parts}
    keys = {name: sha256(f"{kind}\n{text}".encode()).hexdigest() for name, text in texts.items()}
    lacking = {key: texts[name] for name, key in keys.items() if key not in _fragment_cache}
    made = map_in_two_processes(list(lacking.values()), partial(_fragment_of_html, kind=kind), _import_renderer)
    _fragment_cache.update(zip(lacking, made, strict=True))
    found = {name: _fragment_cache[key] for name, key in keys.items()}
    _trim_cache(_fragment_cache, _MOST_FRAGMENTS)
    return found


def _trim_cache(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


def _import_renderer() -> None:
    """Imports what every layout needs; fonts come later, as loading them starts a thread of Pango's."""
    _weasyprint()
    import_module("weasyprint.text.fonts")


class _ObjectsTaken(Exception):
    """Ends the writing of a PDF whose objects have been taken."""


class _UnembeddedFonts(dict[Any, Any]):
    """Fonts that WeasyPrint draws with and does not embed: that is done once for all sections."""

    def values(self) -> Any:
        return ()


def html_fragment(html: str, style: str) -> Fragment:
    """A whole document with a style sheet of its own, and with the places of its fields."""
    return _fragment_of_html(html, sheet=_paper_style(style), forms=True)


def renderer_name() -> str:
    """What lays out, for a document's facts."""
    return f"WeasyPrint {_weasyprint().VERSION}"


def _fragment_of_html(html: str, kind: str = "", *, sheet: Any = None, forms: bool = False) -> Fragment:
    """One section as a piece."""
    fetcher = _refusing_fetcher()
    document = _page_class()(string=html, url_fetcher=fetcher).render(
        stylesheets=[sheet or _kind_style(kind)], font_config=_font_config(), pdf_variant="pdf/ua-1", pdf_forms=forms
    )
    document.fonts = _UnembeddedFonts()
    taken: list[Fragment] = []

    def finish(document: Any, pdf: Any) -> None:
        taken.append(_fragment_of_pdf(document, pdf))
        raise _ObjectsTaken

    with suppress(_ObjectsTaken):
        document.write_pdf(finisher=finish, pdf_variant="pdf/ua-1", uncompressed_pdf=True, pdf_forms=forms)
    if fetcher.refused:
        raise UrlInReport(url=fetcher.refused[0])
    return taken[0]


def _fragment_of_pdf(document: Any, pdf: Any) -> Fragment:
    glyphs: dict[int, dict[int, str]] = {}
    names: dict[int, str] = {}
    for font in dict.values(document.fonts):
        weight = _font_weight(font)
        glyphs.setdefault(weight, {}).update(font.to_unicode)
        names[weight] = font.hash
    return read_fragment(pdf, _span_languages(document, pdf), glyphs, names, dict(_form_widgets(document)))


def _form_widgets(document: Any) -> Iterator[tuple[int, Widget]]:
    """The places to fill in, by their annotations' numbers, in the order of the pages."""
    for page in document.pages:
        for box, _ in page.forms[None]:
            told, annotation = box.element.attrib, box.widget_annotation
            left, top, right, bottom = annotation["Rect"]
            widget = Widget(name=told["name"], value=told.get("value", ""), width=right - left, height=top - bottom)
            yield annotation.number, widget


def _font_weight(font: Any) -> int:
    for weight in FACE_NAMES:
        if font.file_content == font_face(weight).data and not font.missing:
            return weight
    raise WrongTypeface(font=font.family)


def _span_languages(document: Any, pdf: Any) -> dict[int, str]:
    """The languages of foreign words, by structure element: WeasyPrint does not write them.

    Templates use `span` for foreign words only, so the spans among the boxes and those among the elements agree.
    """
    boxes = [box for page in document.pages for box in _span_boxes(page._page_box)]
    elements = [
        one.number
        for one in pdf.objects
        if hasattr(one, "get") and one.get("S") == "/Span" and not (one["K"] and isinstance(one["K"][0], int))
    ]
    languages = [box.element.get("lang") for box in boxes]
    return {number: language for number, language in zip(elements, languages, strict=True) if language is not None}


def _span_boxes(box: Any) -> Iterator[Any]:
    """The boxes of span elements; their texts, which bear the element's tag too, are not boxes of their own."""
    if box.element is not None and box.element_tag == "span" and box.children:
        yield box
    for child in box.children:
        yield from _span_boxes(child)


@cache
def _weasyprint() -> Any:
    with _own_fonts():
        import weasyprint  # type: ignore[import-untyped]
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    return weasyprint


@contextmanager
def _own_fonts() -> Iterator[None]:
    """Points fontconfig at the package's fonts, and its cache at ours, while it starts."""
    wanted = {"FONTCONFIG_FILE": str(font_folder() / "fonts.conf"), "XDG_CACHE_HOME": str(paths.cache_folder())}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@cache
def _font_config() -> Any:
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    with _own_fonts():
        return FontConfiguration()


@cache
def _page_class() -> Any:
    paper = _parse_style((templates_folder() / "shared" / "paper.css").read_text("utf-8"))

    class Page(_weasyprint().HTML):  # type: ignore[misc]
        """HTML whose elements start from our own few rules."""

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [paper]

    return Page


def _parse_style(text: str) -> Any:
    return _weasyprint().CSS(string=text, url_fetcher=_refusing_fetcher(), font_config=_font_config())


@cache
def _paper_style(text: str) -> Any:
    return _parse_style(text)


@cache
def _kind_style(kind: str) -> Any:
    return _parse_style(style_sheet(kind))


def _refusing_fetcher() -> Any:
    """A fetcher that refuses everything and remembers what was refused."""
    return _fetcher_class()()


@cache
def _fetcher_class() -> Any:
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]

    class Refusing(URLFetcher):  # type: ignore[misc,unused-ignore]
        """Opens nothing; WeasyPrint swallows most refusals, so they are remembered."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: object = None) -> Any:
            self.refused.append(url)
            raise ValueError(f"no URL is opened for a report: {url}")

    return Refusing
