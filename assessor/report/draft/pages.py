"""A draft as pages to print and fill in by hand, for those who do not use Word."""

from assessor.presentation.terms import Terms
from assessor.report.draft.clauses import Draft
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, render_template


def draft_document(draft: Draft, terms: Terms) -> PrintableDocument:
    """The draft as a document of one section; blanks are lines to write on."""
    html = render_template("draft/draft.html.j2", draft.language, draft=draft)
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
