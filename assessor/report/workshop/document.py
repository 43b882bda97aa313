"""A workshop's report as a document, ready to be printed."""

from collections.abc import Iterator

from assessor.presentation.terms import Terms
from assessor.presentation.workshop_report import WorkshopReport
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, render_template
from assessor.report.workshop.cover import workshop_cover, workshop_overview
from assessor.report.workshop.pages import procedure_page, reported_case, subject_page


def workshop_document(report: WorkshopReport) -> PrintableDocument:
    """The whole report: `pdf.document_pdf` and `render.document_html` print it."""
    speech = Terms(report.language, report.instrument, report.wording)
    name, library = one_line(report.findings.workshop.name), one_line(report.findings.workshop.library)
    held = speech.long_date(report.findings.workshop.opened.date())
    return PrintableDocument(
        kind="workshop",
        language=report.language,
        title=name,
        description=speech.say("The outcome of a workshop on collaborations, {date}", date=held),
        author=library,
        running=f"{library} · {name} · {held}",
        made=report.made,
        program=report.program,
        sections=tuple(_sections(report, speech)),
    )


def _sections(report: WorkshopReport, speech: Terms) -> Iterator[Section]:
    findings = report.findings
    at_least = findings.workshop.at_least
    anchors = [f"c{number}" for number in range(1, len(findings.subjects) + 1)]
    first = workshop_cover(report, speech)
    yield _section("cover", first.title, report, cover=first, library=one_line(findings.workshop.library))
    yield _section(
        "whole",
        speech.say("What was agreed, and what to talk about"),
        report,
        whole=workshop_overview(report, speech, anchors),
    )
    for subject, anchor in zip(findings.subjects, anchors, strict=True):
        made = subject_page(subject, anchor, at_least, speech)
        yield _section(f"page:{anchor}", f"{subject.collaboration.name}: {made.title}", report, level=2, page=made)
    if findings.cases:
        cases = [reported_case(each, report.cases[each.id], at_least, speech) for each in findings.cases]
        yield _section("cases", speech.say("How the room placed written cases"), report, cases=cases)
    yield _section("done", speech.say("How it was done"), report, done=procedure_page(report, speech))


def _section(name: str, title: str, report: WorkshopReport, level: int = 1, **facts: object) -> Section:
    kind, _, id_ = name.partition(":")
    html = render_template(f"workshop/{kind}.html.j2", report.language, **facts)
    return Section(id=id_ or kind, title=one_line(title), level=level, html=html)
