"""The library's report, over one library or several, and an example of one.

`usecases.reporting` makes the content and `usecases.report_writing` its bytes, for this face and for the interview's
"Make the report". A report over several libraries takes libraries of this store by name and others as the files that
they exported; it never shows one alone, so there are no answers to put inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessor.cli.batch_commands import parallel_options, write_each_report
from assessor.cli.context import Program, group, say
from assessor.cli.output import open_input, output_options, report_written, write_output
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.presentation.report import Report
    from assessor.store import Store
    from assessor.usecases.report_writing import ReportFormat
    from assessor.usecases.reporting import LibraryReport


class EachNeedsFolder(AssessorError):
    """A report for every collaboration, without a folder or in another form than the plain PDF."""

    template = N_("With --each, one library's reports are PDFs in a folder; name the folder with -o")
    exit_code = 2


def _report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that writes a report: `--archive`, `--format` and those of an output."""
    archive = option(
        "--archive", is_flag=True, help=N_("For archiving: PDF/A-3a, with the answers inside as answers.json.")
    )
    form = option("--format", "form", type=click.Choice(("pdf", "html")), default="pdf", show_default=True)
    return output_options(archive(form(command)))


@group.command(
    help=N_(
        "The library's report: a PDF to put on the table. With several libraries, or files they "
        "have exported: one report on all of them, in which no library is shown alone."
    )
)
@click.argument("libraries", nargs=-1)
@_report_options
@option("--each", "apart", is_flag=True, help=N_("A PDF for every collaboration, into the folder named by -o."))
@partial(parallel_options, hidden=True)
@click.pass_obj
def report(
    program: Program,
    libraries: Sequence[str],
    output: str | None,
    archive: bool,
    form: ReportFormat,
    overwrite: bool,
    apart: bool,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Write one library's report, one over several, or with `--each` one for every collaboration."""
    from assessor.usecases.report_writing import library_report_bytes, report_name

    if apart:
        _write_each(program, libraries, output, archive or form != "pdf", overwrite, jobs, scheduler)
        return
    if len(libraries) > 1:
        if archive:
            raise click.UsageError(
                _("A report on several libraries contains no answers, so there is nothing to archive")
            )
        written = write_output(
            _consortium_bytes(program, libraries, form), output, _("libraries together"), form, overwrite
        )
    else:
        program = replace(program, library=next(iter(libraries), program.library))
        with program.open_store(write=False) as store:
            made = load_answered_report(program, store, program.library_in(store))
            data = library_report_bytes(store, made, form, archive=archive)
        written = write_output(data, output, report_name(made.report.library), form, overwrite)
    report_written(written)


def _write_each(
    program: Program,
    libraries: Sequence[str],
    output: str | None,
    other: bool,
    overwrite: bool,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Write a PDF for every collaboration into the folder; raises `EachNeedsFolder`.

    `other` says that another form than the plain PDF was asked for, which is not made for each.
    """
    if output in (None, "-") or other or len(libraries) > 1:
        raise EachNeedsFolder
    from assessor.scale.pool import Execution

    program = replace(program, library=next(iter(libraries), program.library))
    with program.open_store(write=False) as store:
        write_each_report(program, store, Path(str(output)), overwrite, Execution(jobs=jobs, scheduler=scheduler))


def _consortium_bytes(program: Program, names: Sequence[str], form: str) -> bytes:
    """The report over several libraries: those kept here by their names, others by their files."""
    from assessor.presentation.messages import Messages
    from assessor.report.consortium import consortium_document
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.render import document_html
    from assessor.usecases.report_writing import rescored_notes
    from assessor.usecases.reporting import consortium_report

    reports = [_load_report(program, name) for name in names]
    document = consortium_document(consortium_report(reports))
    for report in reports:
        for note in rescored_notes(report, Messages(program.lang)):
            say(f"{escape_controls(report.library)}: {note}")
    return document_html(document).encode() if form == "html" else document_pdf(document)


def _load_report(program: Program, name: str) -> Report:
    """The report of one of the libraries: of the file with that name, else of the library of that name here."""
    from assessor.usecases.reporting import exported_report, library_report
    from assessor.usecases.transfer import read_document

    if not Path(name).is_file():
        with program.open_store(write=False) as store:
            library = replace(program, library=name).library_in(store)
            return library_report(store, library, program.bank, program.lang).report
    with open_input(name) as stream:
        return exported_report(read_document(stream, escape_controls(name)), program.bank, program.lang)


def load_answered_report(program: Program, store: Store, library: str) -> LibraryReport:
    """What a library's report is made from; raises `OnlyOtherBanks`.

    Says what is left out of it, and what is placed by other rules than it was answered under.
    """
    from assessor.presentation.messages import Messages
    from assessor.usecases.report_writing import report_notes
    from assessor.usecases.reporting import answered_library_report

    content = answered_library_report(store, library, program.bank, program.lang)
    for note in report_notes(content, Messages(program.lang)):
        say(note)
    return content


@group.command(help=N_("The report of an example library, made from its answers."))
@_report_options
@click.pass_obj
def demo(program: Program, output: str | None, archive: bool, form: ReportFormat, overwrite: bool) -> None:
    """Write the example library's report, over an earlier one of the same name, and say each placement."""
    from assessor.presentation.placements import tell_placements
    from assessor.presentation.terms import Terms
    from assessor.usecases.report_writing import report_bytes
    from assessor.usecases.reporting import example_answers, example_report

    content = example_report(program.bank, program.lang)
    terms = Terms(content.language, content.instrument, content.wording)
    for row in content.rows:
        say(f"  {escape_controls(row.name)}: {tell_placements(row.verdict.placements, terms)}")
    answers = example_answers(content) if archive else None
    report_written(
        write_output(report_bytes(content, form, answers), output, "assessor demo", form, overwrite or output is None)
    )
