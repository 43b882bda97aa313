"""The report of one collaboration: its page, and the page on the method."""

from assessor.language import interface
from assessor.presentation.report import Report
from assessor.presentation.terms import Speech
from assessor.presentation.verdict_page import method, page
from assessor.report.library.view import one_line
from assessor.report.render import Document, Section, laid_out


def single_document(report: Report) -> Document:
    """The document of a report's first collaboration."""
    (row, *_) = report.rows
    library = one_line(report.library)
    speech = Speech(report.language, report.instrument, report.wording)
    name, day = one_line(row.name), speech.day(report.made)
    return Document(
        kind="",
        language=report.language,
        title=name,
        description=speech.say("Self-assessment of collaborations, {date}", date=day),
        author=library,
        running=f"{library} · {day}",
        made=report.made,
        program=report.program,
        sections=_sections(report, speech, name),
    )


def _sections(report: Report, speech: Speech, name: str) -> tuple[Section, ...]:
    said = interface(report.language, "report").gettext
    shown = page(report.rows[0], 1, "c1", speech)
    first = laid_out("library/page.html.j2", report.language, page=shown)
    last = laid_out("library/method.html.j2", report.language, method=method(report, speech), alone=True)
    return (
        Section(id="c1", title=one_line(f"{name}: {shown.title}"), level=1, html=first),
        Section(id="method", title=said("Method, sources and limits"), level=1, html=last),
    )
