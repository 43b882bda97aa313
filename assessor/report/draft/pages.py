"""A draft as pages to print and fill in by hand, for those who do not use Word."""

from collections.abc import Iterator, Sequence

from assessor.presentation.terms import Terms
from assessor.report.draft.clauses import Blank, Clause, Draft
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, render_template


def draft_document(draft: Draft, terms: Terms) -> PrintableDocument:
    """The draft as a document of one section; blanks are lines to write on."""
    chapters = [(chapter.heading, tuple(_rows(draft, chapter.clauses))) for chapter in draft.sections]
    html = render_template("draft/draft.html.j2", draft.language, draft=draft, chapters=chapters)
    name = one_line(f"{draft.party} · {draft.undertaking}" if draft.undertaking else draft.party)
    return PrintableDocument(
        kind="draft",
        language=draft.language,
        title=f"{draft.title}: {name}",
        description=one_line(draft.note),
        author=one_line(draft.library),
        running=f"{draft.title} · {name} · {terms.long_date(draft.made)}",
        made=draft.made,
        program=draft.program,
        sections=(Section(id="draft", title=draft.title, level=1, html=html),),
    )


def _rows(draft: Draft, clauses: Sequence[Clause]) -> Iterator[tuple[Clause, ...]]:
    """Clauses one to a row; two in a row that ask for the same, of either party or from and until, side by side."""
    left = list(clauses)
    while left:
        row = tuple(left[:2]) if len(left) > 1 and _is_asked_twice(draft, left[0], left[1]) else (left[0],)
        del left[: len(row)]
        yield row


def _is_asked_twice(draft: Draft, one: Clause, other: Clause) -> bool:
    match one.parts, other.parts:
        case (str() as label, Blank() as asked), (str() as other_label, Blank() as other_asked):
            same_words = label.replace(draft.library, "", 1) == other_label.replace(draft.party, "", 1)
            return same_words or asked == other_asked
    return False
