"""A library's report written: its bytes, its name, and the notes to show with it.

The command line and the interview both write reports by these, so that both give the same file and the same notes.
`reporting` makes the content; rendering is imported only when it is needed, as WeasyPrint is slow to import.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from assessor.bank import Bank
from assessor.errors import N_
from assessor.output_files import write_beside
from assessor.presentation.report import Report
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.usecases.document_names import document_name, document_word
from assessor.usecases.reporting import LibraryReport, answered_library_report
from assessor.usecases.transfer import export_assessments

ReportFormat = Literal["pdf", "html"]

_OTHER_BANK = N_("Not in this report: answers to the questionnaire {bank}")
_OTHER_VERSION = N_("{name} was answered under another version of the questions and is placed by today's")


def report_notes(made: LibraryReport, translate: Callable[[str], str]) -> tuple[str, ...]:
    """What is said beside a report: what is not in it, and what other rules placed than it was answered under."""
    left_out = (translate(_OTHER_BANK).format(bank=escape_controls(bank)) for bank in made.other_banks)
    rescored = (translate(_OTHER_VERSION).format(name=escape_controls(name)) for name in made.rescored)
    return (*left_out, *rescored)


def report_bytes(report: Report, form: ReportFormat = "pdf", answers: bytes | None = None) -> bytes:
    """A report as HTML or PDF; with `answers`, a PDF for keeping (PDF/A-3a) that has them attached."""
    if form == "html":
        from assessor.report.render import report_html

        return report_html(report).encode()
    from assessor.report.pdf.layout import report_pdf

    return report_pdf(report, answers=answers)


def library_report_bytes(
    store: Store, made: LibraryReport, form: ReportFormat = "pdf", *, archive: bool = False
) -> bytes:
    """A library's report as HTML or PDF; with `archive`, all its answers are exported and attached."""
    answers = export_assessments(store, made.report.library) if archive else None
    return report_bytes(made.report, form, answers)


def report_name(report: Report) -> str:
    """The name of the file of a library's report, without its ending."""
    return document_name(document_word("report", report.language), report.made, report.library)


def write_library_report(store: Store, library: str, bank: Bank, language: str) -> tuple[Path, LibraryReport]:
    """Write a library's report as PDF into the current folder; returns its path and what it holds.

    Never writes over a file: a number is added to the name. Raises `OnlyOtherBanks` or `CannotWrite`.
    """
    made = answered_library_report(store, library, bank, language)
    return write_beside(library_report_bytes(store, made), report_name(made.report), "pdf"), made
