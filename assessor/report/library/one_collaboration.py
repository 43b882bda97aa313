"""The report of one collaboration: its page, and the page on the method.

The pages are those of the library's report, which this is not a part of: there is nothing to compare or to count.
"""

from assessor.presentation.report import Report
from assessor.presentation.terms import Terms
from assessor.presentation.verdict_page import build_method_page, build_verdict_page
from assessor.report.library.view import one_line
from assessor.report.render import REPORT_KIND, PrintableDocument, Section, page_title, render_template


def collaboration_document(report: Report) -> PrintableDocument:
    """The document of a report's first collaboration; raises `ValueError` for a report without any."""
    (row, *_) = report.rows
    library = one_line(report.library)
    terms = Terms(report.language, report.instrument, report.wording)
    name, day = one_line(row.name), terms.long_date(report.made)
    return PrintableDocument(
        kind=REPORT_KIND,
        language=report.language,
        title=name,
        description=terms.say("Self-assessment of collaborations, {date}", date=day),
        author=library,
        running=f"{library} · {day}",
        made=report.made,
        program=report.program,
        sections=_sections(report, terms),
    )


def _sections(report: Report, terms: Terms) -> tuple[Section, ...]:
    page = build_verdict_page(report.rows[0], 1, "c1", terms)
    first = render_template("library/one.html.j2", report.language, page=page)
    method = build_method_page(report, terms)
    last = render_template("library/method_alone.html.j2", report.language, method=method)
    return (
        Section(id="c1", title=page_title(page), level=1, html=first),
        Section(id="about", title=terms.say("Method, sources and limits"), level=1, html=last),
    )
