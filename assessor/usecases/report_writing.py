"""A library's report written: its bytes, its name, and the notes to show with it.

The command line and the interview both write reports by these, so that both give the same file and the same notes.
`reporting` makes the content; rendering is imported only when it is needed, as WeasyPrint is slow to import.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assessor.bank import Bank
from assessor.errors import N_
from assessor.language import LANGUAGE_NAMES, base_language
from assessor.output_files import write_beside
from assessor.presentation.messages import Messages
from assessor.presentation.report import Report
from assessor.presentation.rules_used import name_rescored, tell_rescored
from assessor.safe_text import escape_controls
from assessor.usecases.document_names import document_name, document_word
from assessor.usecases.reporting import LibraryReport, answered_library_report

if TYPE_CHECKING:
    from assessor.store import Store

ReportFormat = Literal["pdf", "html"]

_OTHER_LANGUAGE = N_("The questionnaire has no words in {wish}, so the report is in {chosen}")
_OTHER_BANK = N_("Not in this report: answers to the questionnaire {bank}")


def report_notes(made: LibraryReport, messages: Messages) -> tuple[str, ...]:
    """What is said beside a report: what is not in it, and what other rules placed than it was answered under."""
    unspoken = _language_note(made.report, messages)
    left_out = (messages.say(_OTHER_BANK, bank=escape_controls(bank)) for bank in made.other_banks)
    return (*unspoken, *left_out, *rescored_notes(made.report, messages))


def _language_note(report: Report, messages: Messages) -> tuple[str, ...]:
    """That a report is in another language than was wished, where the questionnaire does not speak that one."""
    if base_language(report.language) == base_language(messages.language):
        return ()
    names = {"wish": LANGUAGE_NAMES[messages.language], "chosen": LANGUAGE_NAMES.get(report.language, report.language)}
    return (messages.say(_OTHER_LANGUAGE, **names),)


def rescored_notes(report: Report, messages: Messages) -> tuple[str, ...]:
    """That some of a report was answered under other rules, with a few of the names; empty for none."""
    names = tuple(map(escape_controls, report.rescored))
    if not names:
        return ()
    return (f"{tell_rescored(names, report.instrument.version, messages)} {name_rescored(names, messages)}",)


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
    answers = None
    if archive:
        from assessor.usecases.transfer import export_assessments

        answers = export_assessments(store, made.report.library)
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
