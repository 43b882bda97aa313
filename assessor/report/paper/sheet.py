"""What papers share: values in a template of their own, with a style sheet of their own, as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessor.report.render import paper_html, paper_style


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

    def html(self) -> str:
        """The HTML page, without any style."""
        return paper_html(self.head, self.folder, self.facts)

    def style(self) -> str:
        """The paper's own style sheet, which takes the place of the documents' shared one."""
        return paper_style(self.folder)
