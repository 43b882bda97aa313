"""Values laid into templates: sections of HTML, and one HTML page that a browser prints.

The only home of Jinja2 for documents; the web has its own environment. Every value is escaped, whatever a template is
called, and every text is reduced to what the typefaces can show on its way in (`_fit_to_typeface`), so that templates
and the modules that fill them need not think of either. A missing value is an error, never an empty string.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assessor.language import language_tag
from assessor.presentation.messages import Messages
from assessor.presentation.report import Report
from assessor.presentation.typeface import displayable_text
from assessor.presentation.verdict_page import VerdictPage
from assessor.report.disk_cache import TemplateCache
from assessor.report.library.view import CollaborationGroup, ReportView, one_line, report_view
from assessor.report.print_style import Numbering, print_style
from assessor.resources import templates_folder

#: What a browser may load for a report: nothing but what stands in it.
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"

#: The folder of the library's report, as `style_sheet` takes it.
REPORT_KIND = "library"

#: The most collaborations that stand on the page of the table itself, which would be nearly empty.
_FEW = 6

#: Nothing above a document.
NO_BAR = Markup("")


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of a document that starts on a page of its own."""

    #: Anchor that links lead to, unique within a document.
    id: str
    #: In the list of bookmarks.
    title: str
    #: 2 for a section that belongs under the last one of level 1 before it.
    level: int
    html: Markup
    #: Anchors within it and their titles in the list of bookmarks, in order, one level below it.
    inner: tuple[tuple[str, str], ...] = ()


class DocumentMetadata(Protocol):
    """What an HTML page says about itself; documents, reports and papers all do."""

    @property
    def language(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def author(self) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintableDocument:
    """A document other than the library's report, ready for `document_html` or `pdf.layout.document_pdf`."""

    #: Its folder of templates, whose `style.css` comes after the shared style.
    kind: str
    #: BCP 47 tag of the words.
    language: str
    title: str
    #: What kind of document it is and of which day, for a file's properties.
    description: str
    #: The library, or the program where none is known.
    author: str
    #: Text at the left of every foot.
    running: str
    #: Whether the feet bear the pages' numbers.
    numbered: bool = True
    #: Where the feet begin and end, in points from the sheet's edges.
    foot_margin: float = 51.02
    #: The date that the document bears.
    made: date
    #: Version of the program.
    program: str
    sections: tuple[Section, ...]


def document_html(document: PrintableDocument, bar: Markup = NO_BAR) -> str:
    """The whole document as one HTML page that loads nothing, fonts included, to print from a browser."""
    numbering: Numbering = "page" if document.numbered else "none"
    style = print_style(style_sheet(document.kind), document.kind, document.running, numbering)
    parts = [bar, *(part.html for part in document.sections)]
    return html_page(document, parts, style=style, policy=CONTENT_POLICY)


def render_template(template: str, language: str, **facts: Any) -> Markup:
    """The HTML of a template, with `facts` as its variables and `_` for messages in the language."""
    compiled = _jinja_environment().get_template(template)
    return Markup(compiled.render(_=Messages(language).say, **facts))  # noqa: S704 - the template has escaped it


def report_html(report: Report, bar: Markup = NO_BAR) -> str:
    """The whole report as one HTML page that loads nothing, to print from a browser."""
    view = report_view(report)
    parts = [bar, *(part.html for part in report_sections(report.language, view))]
    style = print_style(style_sheet(REPORT_KIND), REPORT_KIND, view.running, "page")
    return html_page(view, parts, style=style, policy=CONTENT_POLICY)


def report_sections(language: str, view: ReportView, pages: Mapping[str, int] | None = None) -> Iterator[Section]:
    """The report's sections, in order; the table names page numbers where `pages` gives them by anchor."""
    messages, section = Messages(language), partial(_report_section, language)
    logo_data = b64encode(view.logo.content).decode("ascii") if view.logo else ""
    yield section("cover", view.title, cover=view.cover, day=view.day, logo=view.logo, logo_data=logo_data)
    yield overview_section(language, view, pages)
    for number, groups in enumerate(() if _is_short(view) else view.parts, start=1):
        anchor, title = f"part{number}", messages.say("One by one")
        yield section(anchor, title, template="collaborations", inner=_inner_anchors(groups), id=anchor, groups=groups)
    yield section(
        "answers",
        messages.say("All answers"),
        template="appendix",
        inner=(("method", one_line(messages.say("Method, sources and limits"))),),
        answers=view.answers,
        notes=view.notes,
        method=view.method,
    )


def overview_section(language: str, view: ReportView, pages: Mapping[str, int] | None) -> Section:
    """The section with the table of all, which a PDF lays out anew once the page numbers are known.

    A few collaborations stand below their table, which then needs no page numbers.
    """
    groups = view.parts[0] if _is_short(view) else ()
    return _report_section(
        language,
        "all",
        Messages(language).say("All collaborations"),
        template="overview",
        inner=_inner_anchors(groups),
        table=view.table,
        groups=groups,
        goals=view.goals,
        quotation=view.quotation,
        beliefs=view.beliefs,
        paged=pages is not None and not groups,
        numbers=pages or {},
    )


def _is_short(view: ReportView) -> bool:
    return 0 < len(view.pages) <= _FEW


def _inner_anchors(groups: Sequence[CollaborationGroup]) -> tuple[tuple[str, str], ...]:
    return tuple((page.anchor, page_title(page)) for group in groups for page in group.pages)


def _report_section(
    language: str, anchor: str, title: str, *, template: str = "", inner: tuple[tuple[str, str], ...] = (), **facts: Any
) -> Section:
    html = render_template(f"library/{template or anchor}.html.j2", language, **facts)
    return Section(id=anchor, title=one_line(title), level=1, html=html, inner=inner)


def page_title(page: VerdictPage) -> str:
    """A collaboration in a list of bookmarks: its name and where it stands."""
    name = f"{page.party} · {page.undertaking}" if page.undertaking else page.party
    return one_line(f"{name}: {page.title}")


def paper_html(head: DocumentMetadata, folder: str, facts: Mapping[str, Any]) -> str:
    """A paper's HTML page, without a style sheet: the template in its folder within a whole page."""
    return html_page(head, [paper_section(head, folder, facts)])


def paper_section(head: DocumentMetadata, folder: str, facts: Mapping[str, Any]) -> Markup:
    """What stands on a paper: the template in its folder."""
    return render_template(f"{folder}/page.html.j2", head.language, **facts)


@cache
def paper_style(folder: str) -> str:
    """The style sheet of a paper of its own kind."""
    return (templates_folder() / folder / "page.css").read_text("utf-8")


def html_page(head: DocumentMetadata, parts: list[Markup], *, style: str = "", policy: str = "") -> str:
    """A whole HTML page around sections; `policy` becomes its content security policy."""
    template = _jinja_environment().get_template("shared/base.html.j2")
    return template.render(view=head, language=language_tag(head.language), sections=parts, style=style, policy=policy)


@cache
def style_sheet(kind: str = "") -> str:
    """The style sheet of a kind of document: the shared one, then that of the kind; "" is the shared one alone."""
    folder = templates_folder()
    shared = (folder / "shared" / "report.css").read_text("utf-8")
    return shared + (folder / kind / "style.css").read_text("utf-8") if kind else shared


@cache
def _jinja_environment() -> Environment:
    """The environment of all templates, made once; templates are never reloaded."""
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,  # not `select_autoescape`, which leaves .j2 as it is
        undefined=StrictUndefined,
        finalize=_fit_to_typeface,
        trim_blocks=False,
        cache_size=-1,
        auto_reload=False,
        bytecode_cache=TemplateCache(),
    )


def _fit_to_typeface(value: object) -> object:
    """Text as the typefaces can show it; HTML that a template has made stays as it is."""
    return displayable_text(value) if type(value) is str else value
