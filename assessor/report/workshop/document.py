"""A workshop's report as a document, ready to be printed.

Sections: the first page, and the rest, so that no page stays nearly empty: what was agreed, the collaborations one
after the other, the calibration round, where there was one, and how it was done.
"""

from collections.abc import Iterator, Mapping, Sequence

from assessor.local_time import local_day
from assessor.presentation.terms import Terms
from assessor.presentation.workshop_report import WorkshopReport
from assessor.report.library.view import one_line
from assessor.report.render import PrintableDocument, Section, render_template
from assessor.report.workshop.cover import workshop_cover, workshop_overview
from assessor.report.workshop.pages import SubjectPage, procedure_page, reported_case, subject_page

#: The most collaborations of a section.
_MAX_TOGETHER = 12


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
    pages = [
        subject_page(subject, anchor, at_least, terms)
        for subject, anchor in zip(findings.subjects, anchors, strict=True)
    ]
    cases = [reported_case(case, report.cases[case.id], at_least, terms) for case in findings.cases]
    starts = range(0, max(len(pages), 1), _MAX_TOGETHER)
    for start in starts:
        ends: dict[str, object] = {} if start else {"whole": workshop_overview(report, terms, anchors)}
        ends |= {"done": procedure_page(report, terms), "cases": cases} if start == starts[-1] else {}
        yield _rest_section(f"rest{start or ''}", pages[start : start + _MAX_TOGETHER], report, terms, ends)


def _rest_section(
    name: str, pages: Sequence[SubjectPage], report: WorkshopReport, terms: Terms, ends: Mapping[str, object]
) -> Section:
    """Collaborations one after the other, with what stands before the first and after the last, and bookmarks."""
    agreed = terms.say("What was agreed, and what to talk about")
    parts = {"cases": terms.say("How the room placed written cases"), "done": terms.say("How it was done")}
    names = [" · ".join(filter(None, (page.party, page.undertaking))) for page in pages]
    inner = [(page.anchor, f"{name}: {page.title}") for page, name in zip(pages, names, strict=True)]
    inner += [(part, title) for part, title in parts.items() if ends.get(part)]
    facts: dict[str, object] = {"id": name, "pages": pages, "whole": None, "cases": (), "done": None, **ends}
    return Section(
        id=name,
        title=one_line(agreed if ends.get("whole") else terms.say("One by one")),
        level=1,
        html=render_template("workshop/rest.html.j2", report.language, **facts),
        inner=tuple((anchor, one_line(title)) for anchor, title in inner),
    )


def _section(name: str, title: str, report: WorkshopReport, **facts: object) -> Section:
    """A section from a template of the workshop's."""
    html = render_template(f"workshop/{name}.html.j2", report.language, **facts)
    return Section(id=name, title=one_line(title), level=1, html=html)
