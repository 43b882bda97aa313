"""What papers share: values in a template of their own, with a style sheet of their own, as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from assessor.report.print_style import Numbering, print_style
from assessor.report.render import CONTENT_POLICY, NO_BAR, html_page, paper_html, paper_section, paper_style


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperHead:
    """What is said about a paper as a whole; a `render.DocumentMetadata`."""

    #: BCP 47 tag of its words.
    language: str
    title: str
    author: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperView:
    """A paper's values and the folder of its template, ready to become HTML."""

    head: PaperHead
    folder: str
    #: The template's variables.
    facts: Mapping[str, Any]
    #: What a browser's print has in the feet of pages, as the PDF has it.
    running: str = ""
    numbering: Numbering = "none"

    def html(self) -> str:
        """The HTML page, without any style."""
        return paper_html(self.head, self.folder, self.facts)

    def style(self) -> str:
        """The paper's own style sheet, which takes the place of the documents' shared one."""
        return paper_style(self.folder)

    def page(self, bar: Markup = NO_BAR, copies: Sequence[Mapping[str, Any]] = ()) -> str:
        """The paper, or a copy with each of these values, as a page that a browser prints and that loads nothing."""
        sections = [paper_section(self.head, self.folder, facts) for facts in copies or (self.facts,)]
        style = print_style(self.style(), self.folder, self.running, self.numbering)
        return html_page(self.head, [bar, *sections], style=style, policy=CONTENT_POLICY)
