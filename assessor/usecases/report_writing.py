"""A library's report written: what it holds, what it leaves out and says so, and its bytes."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from assessor.bank import Bank
from assessor.errors import N_
from assessor.output_files import write_beside
from assessor.presentation.report import Report
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.usecases.reporting import LibraryReport, answered_library_report
from assessor.usecases.transfer import export_assessments

ReportFormat = Literal["pdf", "html"]

_OTHER_BANK = N_("Not in this report: answers to the questionnaire {bank}")
_OTHER_VERSION = N_("{name} was answered under another version of the questions and is placed by today's")


def report_notes(made: LibraryReport, translate: Callable[[str], str]) -> tuple[str, ...]:
    """What is said beside a report: what is not in it, and what is placed by other rules than it was answered under."""
    left_out = (translate(_OTHER_BANK).format(bank=escape_controls(bank)) for bank in made.other_banks)
    rescored = (translate(_OTHER_VERSION).format(name=escape_controls(name)) for name in made.rescored)
    return (*left_out, *rescored)


def report_bytes(report: Report, form: ReportFormat = "pdf", answers: bytes | None = None) -> bytes:
    """A report as it is written; with `answers` a PDF for keeping that holds them."""
    if form == "html":
        from assessor.report.render import report_html

        return report_html(report).encode()
    from assessor.report.pdf.layout import report_pdf

    return report_pdf(report, answers=answers)


def library_report_bytes(
    store: Store, made: LibraryReport, form: ReportFormat = "pdf", *, archive: bool = False
) -> bytes:
    """A library's report as it is written; for an archive, with all its answers inside."""
    answers = export_assessments(store, made.report.library) if archive else None
    return report_bytes(made.report, form, answers)


def report_name(library: str) -> str:
    """What the file of a library's report is called, without its ending."""
    return f"{library} assessor"


def write_library_report(store: Store, library: str, bank: Bank, language: str) -> tuple[Path, LibraryReport]:
    """Write a library's report as PDF into the current folder, over no other file; where it lies, and what it holds.

    Raises `OnlyOtherBanks`, or `CannotWrite`.
    """
    made = answered_library_report(store, library, bank, language)
    return write_beside(library_report_bytes(store, made), report_name(library), "pdf"), made
