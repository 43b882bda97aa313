"""Laid-out sections joined to one PDF: feet, bookmarks, links, page labels and metadata.

The same sections always give the same bytes. Conforms to PDF/UA-1; with an attachment to PDF/A-3a as well. How this
leans on WeasyPrint, and what it adds to it, stands in the package's docstring.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pydyf  # type: ignore[import-untyped]
import weasyprint  # type: ignore[import-untyped]
from weasyprint.document import DocumentMetadata  # type: ignore[import-untyped]
from weasyprint.pdf.anchors import add_outlines  # type: ignore[import-untyped]

from assessor.garbage_collection import paused_garbage_collection
from assessor.report.pdf.pydyf_costs import spare_pydyf_costs
from assessor.report.pdf.renderer import FONT_CONFIG, CheckedFonts, RefusingFetcher, lay_out, refuse_addresses

if TYPE_CHECKING:
    from assessor.report.pdf.form_fields import FormSpec, ValueDrawings


spare_pydyf_costs()


def foot_position(margin: float) -> tuple[float, float, float]:
    """Where feet stand, in points: from the sheet's left edge, from its right, and the baseline."""
    return margin, margin + 0.01, 34.0


#: Pages of one section, as `lay_out` gives them.
Pages = Sequence[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bookmark:
    """Where a section begins, in the list of bookmarks; one of level 2 belongs under the level 1 before it."""

    #: The section's, which links in the document lead to.
    id: str
    title: str
    level: int
    #: Anchors within the section and their titles, in order, one level below it.
    inner: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfMetadata:
    """What the file says about the document as a whole, and what the feet bear."""

    title: str
    author: str
    subject: str
    language: str
    creator: str
    made: datetime
    #: Left in every foot.
    running: str
    #: Where the feet stand, in points: from the left edge, from the right, baseline; None for pages without.
    foot: tuple[float, float, float] | None = foot_position(51.02)
    #: Whether the feet bear the pages' numbers.
    numbered: bool = True
    #: Pages after which they are counted anew, as in 1/2 and 2/2; 0 counts them all.
    pages_per_copy: int = 0
    #: For programs that read the file back; empty where there are none.
    keywords: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file to be put inside the PDF, which makes it an archival one (PDF/A-3a)."""

    name: str
    data: bytes
    description: str


@paused_garbage_collection()
def write_pdf(
    sections: Sequence[Pages],
    bookmarks: Sequence[Bookmark],
    metadata: PdfMetadata,
    attachment: Attachment | None = None,
    form: FormSpec | None = None,
) -> bytes:
    """One PDF of the sections, in their order.

    With `form` the pages get fields: `sections` then holds the same one for each copy, of which the first is drawn.
    Raises `UrlInReport` and `WrongTypeface`, both only when pages are drawn.
    """
    pages, add_fields = _with_form(sections[0], form) if form else (list(chain.from_iterable(sections)), None)
    document = weasyprint.Document(
        list(_with_feet(pages, metadata)), _metadata(metadata, attachment), RefusingFetcher(), FONT_CONFIG, {}, None
    )
    document.fonts = CheckedFonts(form.glyphs() if form else {})
    first_pages = list(accumulate(map(len, sections[:-1]), initial=0))
    finish = partial(_finish, bookmarks=bookmarks, first_pages=first_pages, add_fields=add_fields)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its file of colours open
        pdf = bytes(document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a" if attachment else "pdf/ua-1"))
    refuse_addresses(pages)
    return pdf


def _with_form(pages: Pages, form: FormSpec) -> tuple[Pages, Callable[[Any, pydyf.PDF], None]]:
    """The pages of one copy, which draw values as they are drawn, and what then adds the fields; only forms need it."""
    from assessor.report.pdf.field_values import with_values
    from assessor.report.pdf.form_copies import add_form

    drawings: ValueDrawings = {}
    return with_values(pages, form, drawings), partial(add_form, form=form, drawings=drawings)


class _PageWithFoot(weasyprint.Page):  # type: ignore[misc]
    """A page as it was laid out, with a foot drawn upon it that is not read aloud."""

    def __init__(self, page: Any, foot: Any) -> None:
        self.__dict__.update(vars(page))
        self._page, self._foot = page, foot

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Draws the page, then the foot as an artifact, outside the tags."""
        self._page.paint(stream, scale)
        foot = stream.clone(tags=None)
        self._foot.paint(foot, scale)
        stream.begin_marked_content("Artifact")
        stream.stream.extend(foot.stream)
        stream.end_marked_content()


def _with_feet(pages: Pages, metadata: PdfMetadata) -> Iterator[Any]:
    """The pages with their feet; as they are where the document has none."""
    if metadata.foot is None:
        yield from pages
        return
    numbers = tuple(_page_number(index, metadata) for index in range(len(pages)))
    feet = _feet(metadata.running, numbers, (pages[0].width, pages[0].height), metadata.foot)
    yield from map(_PageWithFoot, pages, feet)


def _page_number(index: int, metadata: PdfMetadata) -> str:
    """The number in a page's foot: of all pages, of its copy, or empty."""
    if not metadata.numbered:
        return ""
    return (
        f"{index % metadata.pages_per_copy + 1}/{metadata.pages_per_copy}"
        if metadata.pages_per_copy
        else str(index + 1)
    )


#: A line's height is its size, of which this much is below the baseline.
_FOOT_STYLE = """
@page {{ size: {width}px {height}px; margin: 0 {right}pt 0 {left}pt }}
html {{ font: 400 8pt/1 Inter; color: #5a6675 }}
body {{ margin: 0 }}
div {{ padding-top: {top}pt; break-after: page }}
p {{ float: left; width: {room}pt; margin: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }}
i {{ float: right; font-style: normal }}
"""


@lru_cache(maxsize=8)
def _feet(
    running: str, numbers: tuple[str, ...], size: tuple[float, float], position: tuple[float, float, float]
) -> tuple[Any, ...]:
    """The feet of all pages, each as a page of its own, laid out at once and cached for the next report."""
    left, right, base = position
    room, top = size[0] * 0.75 - left - right - 40, size[1] * 0.75 - base - 6.5
    style = _FOOT_STYLE.format(width=size[0], height=size[1], left=left, right=right, room=room, top=top)
    text = escape(running)
    feet = "".join(f"<div><p>{text}</p><i>{number}</i></div>" for number in numbers)
    return lay_out(f"<html><body>{feet}</body></html>", style)


def _metadata(metadata: PdfMetadata, attachment: Attachment | None) -> DocumentMetadata:
    """The metadata for WeasyPrint; made and modified when the report was, never now, so that bytes stay the same."""
    made = metadata.made.strftime("%Y-%m-%dT%H:%M:%SZ")
    return _Metadata(
        title=metadata.title,
        authors=[metadata.author],
        description=metadata.subject,
        keywords=[metadata.keywords] if metadata.keywords else [],
        generator=metadata.creator,
        created=made,
        modified=made,
        attachments=[_attachment(attachment, metadata)] if attachment else [],
        lang=metadata.language,
    )


def _attachment(attachment: Attachment, metadata: PdfMetadata) -> Any:
    return weasyprint.Attachment(
        string=attachment.data,
        name=attachment.name,
        description=attachment.description,
        created=metadata.made,
        modified=metadata.made,
        relationship="Source",
    )


class _Metadata(DocumentMetadata):  # type: ignore[misc]
    """Says of an archival document that it conforms to PDF/UA-1 too: WeasyPrint names one standard only."""

    def include_in_pdf(self, pdf: pydyf.PDF, variant: str, version: int, conformance: str, compress: bool) -> None:
        """As WeasyPrint does, never compressed: programs look for it without unpacking."""
        super().include_in_pdf(pdf, variant, version, conformance, compress=False)

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        """WeasyPrint's metadata; of an archival document with the second standard and its schema, as PDF/A asks."""
        rdf = super().generate_rdf_metadata(variant, version, conformance)
        return bytes(rdf.replace(b"</rdf:RDF>", _ALSO_UA) if variant == "a" else rdf)


_ALSO_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates the part of ISO 14289 the document conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


def _finish(
    document: Any,
    pdf: pydyf.PDF,
    bookmarks: Sequence[Bookmark],
    first_pages: Sequence[int],
    add_fields: Callable[[Any, pydyf.PDF], None] | None,
) -> None:
    """Adds what WeasyPrint does not write: words for links, languages, fields, bookmarks and page labels."""
    inner = dict(pair for bookmark in bookmarks for pair in bookmark.inner)
    _name_links(pdf, {bookmark.id: bookmark.title for bookmark in bookmarks} | inner)
    _name_languages(document, pdf)
    if add_fields:
        add_fields(document, pdf)
    add_outlines(pdf, _outline(bookmarks, first_pages, document.pages))
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Dictionary({"S": "/D"})])})
    if len(bookmarks) > 1:
        pdf.catalog["PageMode"] = "/UseOutlines"


def _outline(bookmarks: Sequence[Bookmark], first_pages: Sequence[int], pages: Pages) -> list[Any]:
    """The bookmarks as the nested lists that WeasyPrint's `add_outlines` takes."""
    top, tree = pages[0].height * 0.75, list[Any]()
    for bookmark, page in zip(bookmarks, first_pages, strict=True):
        inner: list[Any] = [
            (title, (at, 0, (pages[at].height - y) * 0.75), [], "open")
            for anchor, title in bookmark.inner
            for at, y in _place_of(anchor, pages, page)
        ]
        siblings = tree if bookmark.level == 1 else tree[-1][2]
        siblings.append((bookmark.title, (page, 0, top), inner, "open"))
    return tree


def _place_of(anchor: str, pages: Pages, first: int) -> Iterator[tuple[int, float]]:
    """The page an anchor is on, from the first on, and how far down in pixels."""
    for at in range(first, len(pages)):
        if anchor in pages[at].anchors:
            yield at, pages[at].anchors[anchor][1]
            return


def _name_links(pdf: pydyf.PDF, titles: Mapping[str, str]) -> None:
    """Says of each link where it leads, in words, and that it is printed; PDF/UA asks for both."""
    for object_ in pdf.objects:
        if isinstance(object_, pydyf.Dictionary) and object_.get("Subtype") == "/Link":
            object_["Contents"] = pydyf.String(titles[object_["Dest"].string])
            object_["F"] = 4


def _name_languages(document: Any, pdf: pydyf.PDF) -> None:
    """Gives foreign words their language, which WeasyPrint does not write.

    Templates use `span` for foreign words only, so the spans among the boxes and those among the elements agree.
    """
    languages = [box.element.get("lang") for page in document.pages for box in _span_boxes(page._page_box)]
    elements = [
        object_
        for object_ in pdf.objects
        if isinstance(object_, pydyf.Dictionary)
        and object_.get("S") == "/Span"
        and not (object_["K"] and isinstance(object_["K"][0], int))
    ]
    for element, language in zip(elements, languages, strict=True):
        if language is not None:
            element["Lang"] = pydyf.String(language)


def _span_boxes(box: Any) -> Iterator[Any]:
    """The boxes of span elements; their texts, which bear the element's tag too, are not boxes of their own."""
    if box.element is not None and box.element_tag == "span" and box.children:
        yield box
    for child in box.children:
        yield from _span_boxes(child)
