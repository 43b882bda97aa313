"""The page of a folder of documents: a list of links, grouped by what the documents are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from assessor.presentation.messages import Messages
from assessor.presentation.report import Report
from assessor.presentation.terms import Terms
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, document_html, render_template


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexEntry:
    """A document as the page names it."""

    title: str
    #: Of its file, in the same folder.
    file: str

    @property
    def address(self) -> Markup:
        """The file as a relative address."""
        return Markup.escape("./" + quote(self.file))


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexGroup:
    """Documents for the same purpose."""

    #: As a message.
    heading: str
    entries: tuple[IndexEntry, ...]


def index_html(groups: Sequence[IndexGroup], content: Report) -> str:
    """The page, which needs nothing but itself and the files that it links."""
    say = Messages(content.language).say
    title = say("The documents of {library}", library=one_line(content.library))
    date = Terms(content.language, content.instrument, content.wording).long_date(content.made)
    html = render_template("index/index.html.j2", content.language, title=title, date=date, groups=groups)
    return document_html(
        PrintableDocument(
            kind="index",
            language=content.language,
            title=title,
            description=title,
            author=one_line(content.library),
            running=title,
            made=content.made,
            program=content.program,
            sections=(Section(id="index", title=title, level=1, html=html),),
        )
    )
