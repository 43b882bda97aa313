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
from assessor.language import tag
from assessor.presentation.report import Report
from assessor.presentation.typeface import WEIGHTS, face, folder
from assessor.report.errors import NotInFace, UrlInReport
from assessor.report.library.view import View, view
from assessor.report.pdf.fragments import Piece, Widget, take
from assessor.report.pdf.two_processes import lay_out
from assessor.report.pdf.writer import Bookmark, Facts, Inside, put_together
from assessor.report.render import Document, Section, Titled, sections, shell, styles
from assessor.resources import report_templates

#: Pieces and finished reports kept for the next render in this process.
_KEPT_PIECES, _KEPT_REPORTS = 2048, 8

_pieces: OrderedDict[str, Piece] = OrderedDict()
_reports: OrderedDict[str, bytes] = OrderedDict()


def report_pdf(report: Report, *, answers: bytes | None = None) -> bytes:
    """The report as PDF/UA-1; with `answers`, a JSON text to put inside, also as PDF/A-3a."""
    key = sha256(repr((report, answers)).encode("utf-8", "surrogatepass")).hexdigest()
    if key not in _reports:
        _reports[key] = _made(report, answers)
        _trim(_reports, _KEPT_REPORTS)
    return _reports[key]


def document_pdf(document: Document) -> bytes:
    """Another document than the report as PDF/UA-1."""
    parts = document.sections
    pieces = _pieces_of(document, parts, document.kind)
    bookmarks = [Bookmark(id=part.id, title=part.title, level=part.level) for part in parts]
    return put_together([pieces[part.id] for part in parts], bookmarks, _facts_of(document))


def forget() -> None:
    """Keeps nothing of earlier reports."""
    _pieces.clear()
    _reports.clear()


def _made(report: Report, answers: bytes | None) -> bytes:
    shown = view(report)
    parts = list(sections(report.language, shown, {page.anchor: 0 for page in shown.pages}))
    pieces = _pieces_of(shown, [part for part in parts if part.id != "all"])
    parts, pieces["all"] = _table(report, shown, parts, pieces)
    bookmarks = [Bookmark(id=part.id, title=part.title, level=part.level) for part in parts]
    inside = _inside(answers, shown) if answers is not None else None
    return put_together([pieces[part.id] for part in parts], bookmarks, _facts(report, shown), inside)


def _table(
    report: Report, shown: View, parts: Sequence[Section], pieces: Mapping[str, Piece]
) -> tuple[list[Section], Piece]:
    """The sections and the table's piece once it names the right pages; its own length moves them."""
    length = 1
    while True:
        numbers = _numbers(parts, pieces, length)
        found = list(sections(report.language, shown, numbers))
        piece = _pieces_of(shown, [part for part in found if part.id == "all"])["all"]
        if len(piece.sheets) == length:
            return found, piece
        length = len(piece.sheets)


def _numbers(parts: Sequence[Section], pieces: Mapping[str, Piece], length: int) -> dict[str, int]:
    numbers, page = {}, 1
    for part in parts:
        numbers[part.id] = page
        page += length if part.id == "all" else len(pieces[part.id].sheets)
    return numbers


class _Told(Titled, Protocol):
    @property
    def running(self) -> str: ...


def _facts(report: Report, shown: View) -> Facts:
    return _said_of(shown, report.made, report.program)


def _facts_of(document: Document) -> Facts:
    return replace(_said_of(document, document.made, document.program), numbered=document.numbered)


def _said_of(shown: _Told, made: date, program: str) -> Facts:
    return Facts(
        title=shown.title,
        author=shown.author,
        subject=shown.description,
        language=tag(shown.language),
        creator=f"assessor {program}",
        producer=f"WeasyPrint {_weasyprint().VERSION}, assessor {program}",
        made=datetime.combine(made, time(12), UTC),
        running=shown.running,
    )


def _inside(answers: bytes, shown: View) -> Inside:
    profile = (files("weasyprint") / "pdf" / "sRGB2014.icc").read_bytes()
    return Inside(name="answers.json", data=answers, description=shown.description, profile=profile)


def _pieces_of(shown: Titled, parts: Sequence[Section], kind: str = "") -> dict[str, Piece]:
    """Each section's piece, laid out now unless an earlier report had the very same section."""
    texts = {part.id: shell(shown, [part.html]) for part in parts}
    keys = {name: sha256(f"{kind}\n{text}".encode()).hexdigest() for name, text in texts.items()}
    lacking = {key: texts[name] for name, key in keys.items() if key not in _pieces}
    made = lay_out(list(lacking.values()), partial(_piece_of_html, kind=kind), _load)
    _pieces.update(zip(lacking, made, strict=True))
    found = {name: _pieces[key] for name, key in keys.items()}
    _trim(_pieces, _KEPT_PIECES)
    return found


def _trim(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)


def _load() -> None:
    """Imports what every layout needs; fonts come later, as loading them starts a thread of Pango's."""
    _weasyprint()
    import_module("weasyprint.text.fonts")


class _Taken(Exception):
    """Ends the writing of a PDF whose objects have been taken."""


class _Hidden(dict[Any, Any]):
    """Fonts that WeasyPrint draws with and does not embed: that is done once for all sections."""

    def values(self) -> Any:
        return ()


def piece(html: str, style: str) -> Piece:
    """A whole document with a style sheet of its own, and with the places of its fields."""
    return _piece_of_html(html, sheet=_own_sheet(style), forms=True)


def renderer() -> str:
    """What lays out, for a document's facts."""
    return f"WeasyPrint {_weasyprint().VERSION}"


def _piece_of_html(html: str, kind: str = "", *, sheet: Any = None, forms: bool = False) -> Piece:
    """One section as a piece."""
    fetcher = _fetcher()
    document = _page_class()(string=html, url_fetcher=fetcher).render(
        stylesheets=[sheet or _styles(kind)], font_config=_fonts(), pdf_variant="pdf/ua-1", pdf_forms=forms
    )
    document.fonts = _Hidden()
    taken: list[Piece] = []

    def finish(document: Any, pdf: Any) -> None:
        taken.append(_taken(document, pdf))
        raise _Taken

    with suppress(_Taken):
        document.write_pdf(finisher=finish, pdf_variant="pdf/ua-1", uncompressed_pdf=True, pdf_forms=forms)
    if fetcher.refused:
        raise UrlInReport(url=fetcher.refused[0])
    return taken[0]


def _taken(document: Any, pdf: Any) -> Piece:
    glyphs: dict[int, dict[int, str]] = {}
    names: dict[int, str] = {}
    for font in dict.values(document.fonts):
        weight = _weight(font)
        glyphs.setdefault(weight, {}).update(font.to_unicode)
        names[weight] = font.hash
    return take(pdf, _languages(document, pdf), glyphs, names, dict(_widgets(document)))


def _widgets(document: Any) -> Iterator[tuple[int, Widget]]:
    """The places to fill in, by their annotations' numbers, in the order of the pages."""
    for page in document.pages:
        for box, _ in page.forms[None]:
            told, annotation = box.element.attrib, box.widget_annotation
            left, top, right, bottom = annotation["Rect"]
            widget = Widget(name=told["name"], value=told.get("value", ""), width=right - left, height=top - bottom)
            yield annotation.number, widget


def _weight(font: Any) -> int:
    for weight in WEIGHTS:
        if font.file_content == face(weight).data and not font.missing:
            return weight
    raise NotInFace(font=font.family)


def _languages(document: Any, pdf: Any) -> dict[int, str]:
    """The languages of foreign words, by structure element: WeasyPrint does not write them.

    Templates use `span` for foreign words only, so the spans among the boxes and those among the elements agree.
    """
    boxes = [box for page in document.pages for box in _spans(page._page_box)]
    elements = [
        one.number
        for one in pdf.objects
        if hasattr(one, "get") and one.get("S") == "/Span" and not (one["K"] and isinstance(one["K"][0], int))
    ]
    languages = [box.element.get("lang") for box in boxes]
    return {number: language for number, language in zip(elements, languages, strict=True) if language is not None}


def _spans(box: Any) -> Iterator[Any]:
    """The boxes of span elements; their texts, which bear the element's tag too, are not boxes of their own."""
    if box.element is not None and box.element_tag == "span" and box.children:
        yield box
    for child in box.children:
        yield from _spans(child)


@cache
def _weasyprint() -> Any:
    with _own_fonts():
        import weasyprint  # type: ignore[import-untyped]
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    return weasyprint


@contextmanager
def _own_fonts() -> Iterator[None]:
    """Points fontconfig at the package's fonts, and its cache at ours, while it starts."""
    wanted = {"FONTCONFIG_FILE": str(folder() / "fonts.conf"), "XDG_CACHE_HOME": str(paths.cache())}
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
def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    with _own_fonts():
        return FontConfiguration()


@cache
def _page_class() -> Any:
    paper = _sheet((report_templates() / "shared" / "paper.css").read_text("utf-8"))

    class Page(_weasyprint().HTML):  # type: ignore[misc]
        """HTML whose elements start from our own few rules."""

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [paper]

    return Page


def _sheet(text: str) -> Any:
    return _weasyprint().CSS(string=text, url_fetcher=_fetcher(), font_config=_fonts())


@cache
def _own_sheet(text: str) -> Any:
    return _sheet(text)


@cache
def _styles(kind: str) -> Any:
    return _sheet(styles(kind))


def _fetcher() -> Any:
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
