"""A workshop's report as a document, ready to be printed.

Sections: the first page, what was agreed, a page for each collaboration, the calibration round where there was one,
and how it was done.
"""

from collections.abc import Iterator

from assessor.local_time import local_day
from assessor.presentation.terms import Terms
from assessor.presentation.workshop_report import WorkshopReport
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, render_template
from assessor.report.workshop.cover import workshop_cover, workshop_overview
from assessor.report.workshop.pages import procedure_page, reported_case, subject_page


def workshop_document(report: WorkshopReport) -> PrintableDocument:
    """The whole report, for `pdf.layout.document_pdf` or `render.document_html`."""
    terms = Terms(report.language, report.instrument, report.wording)
    name, library = one_line(report.findings.workshop.name), one_line(report.findings.workshop.library)
    opened = terms.long_date(local_day(report.findings.workshop.opened))
    return PrintableDocument(
        kind="workshop",
        language=report.language,
        title=name,
        description=terms.say("The outcome of a workshop on collaborations, {date}", date=opened),
        author=library,
        running=f"{library} · {name} · {opened}",
        made=report.made,
        program=report.program,
        sections=tuple(_sections(report, terms)),
    )


def _sections(report: WorkshopReport, terms: Terms) -> Iterator[Section]:
    findings = report.findings
    at_least = findings.workshop.at_least
    anchors = [f"c{number}" for number in range(1, len(findings.subjects) + 1)]
    cover = workshop_cover(report, terms)
    yield _section("cover", cover.title, report, cover=cover, library=one_line(findings.workshop.library))
    yield _section(
        "whole",
        terms.say("What was agreed, and what to talk about"),
        report,
        whole=workshop_overview(report, terms, anchors),
    )
    for subject, anchor in zip(findings.subjects, anchors, strict=True):
        page = subject_page(subject, anchor, at_least, terms)
        yield _section(f"page:{anchor}", f"{subject.collaboration.name}: {page.title}", report, level=2, page=page)
    if findings.cases:
        cases = [reported_case(case, report.cases[case.id], at_least, terms) for case in findings.cases]
        yield _section("cases", terms.say("How the room placed written cases"), report, cases=cases)
    yield _section("done", terms.say("How it was done"), report, done=procedure_page(report, terms))


def _section(name: str, title: str, report: WorkshopReport, level: int = 1, **facts: object) -> Section:
    """A section from a template of the workshop's; `name` is the template's, and the anchor's after a colon."""
    kind, _, id_ = name.partition(":")
    html = render_template(f"workshop/{kind}.html.j2", report.language, **facts)
    return Section(id=id_ or kind, title=one_line(title), level=level, html=html)
