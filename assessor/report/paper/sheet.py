"""Papers to fill in or to cut out: values in a template of their own, with a style sheet of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessor.report.render import paper_html, paper_style


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperHead:
    """What is said about a paper as a whole."""

    #: BCP 47 tag of its words.
    language: str
    title: str
    author: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperView:
    """A paper's values and the folder of its template."""

    head: PaperHead
    folder: str
    facts: Mapping[str, Any]

    def html(self) -> str:
        """The pages, for a document that brings its own style."""
        return paper_html(self.head, self.folder, self.facts)

    def style(self) -> str:
        """The style sheet."""
        return paper_style(self.folder)
