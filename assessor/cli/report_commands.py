"""The library's report, over one library or several, and an example of one.

`usecases.reporting` makes the content and `usecases.report_writing` its bytes, for this face and for the interview's
"Make the report". A report over several libraries takes libraries of this store by name and others as the files that
they exported; it never shows one alone, so there are no answers to put inside it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessor.cli.batch_commands import parallel_options, write_each_report
from assessor.cli.context import Program, group, say
from assessor.cli.output import (
    FORMAT_HELP,
    chosen_format,
    open_input,
    output_options,
    report_written,
    write_output,
)
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.presentation.report import Report
    from assessor.store import Store
    from assessor.usecases.report_writing import ReportFormat
    from assessor.usecases.reporting import LibraryReport


class EachNeedsFolder(AssessorError):
    """Several documents of one library, without a folder or in another form than they have."""

    template = N_("With --all-documents, one library's documents go into a folder; name the folder with -o")
    exit_code = 2


def _report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that writes a report: `--archive`, `--format` and those of an output."""
    archive = option(
        "--archive", is_flag=True, help=N_("For archiving: PDF/A-3a, with the answers inside as answers.json.")
    )
    form = option("--format", "form", type=click.Choice(("pdf", "html")), help=N_(FORMAT_HELP))
    return output_options(archive(form(command)))


@group.command(
    help=N_(
        "The library's report: a PDF to put on the table. With several libraries, or files they "
        "have exported: one report on all of them, in which no library is shown alone."
    )
)
@click.argument("libraries", nargs=-1)
@_report_options
@option(
    "--all-documents",
    "whole",
    is_flag=True,
    help=N_(
        "Everything that can be made of the answers, and a PDF for every collaboration, into the folder named by -o, "
        "with a page that links them."
    ),
)
@option("--each", "apart", is_flag=True, hidden=True, help=N_("A PDF for every collaboration alone, in the folder."))
@partial(parallel_options, hidden=True)
@click.pass_obj
def report(
    program: Program,
    libraries: Sequence[str],
    output: str | None,
    archive: bool,
    form: ReportFormat | None,
    overwrite: bool,
    whole: bool,
    apart: bool,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Write one library's report, one over several, or with `--all-documents` everything there is of one.

    `--each` writes the documents of the single collaborations alone, for very many of them.
    """
    if whole or apart:
        gc.enable()  # many documents: what each leaves is searched before the next
        folder = _output_folder(libraries, output, archive or form is not None)
        program = replace(program, library=next(iter(libraries), program.library))
        if whole:
            _write_all(program, folder, overwrite)
        else:
            _write_each(program, folder, overwrite, jobs, scheduler)
        return
    chosen: ReportFormat = "html" if chosen_format(output, form, "pdf", "html") == "html" else "pdf"
    if len(libraries) > 1:
        if archive:
            raise click.UsageError(
                _("A report on several libraries contains no answers, so there is nothing to archive")
            )
        data, name = _consortium_bytes(program, libraries, chosen)
    else:
        program = replace(program, library=next(iter(libraries), program.library))
        data, name = _library_bytes(program, chosen, archive=archive)
    report_written(write_output(data, output, name, chosen, overwrite))


def _library_bytes(program: Program, form: ReportFormat, *, archive: bool) -> tuple[bytes, str]:
    """The report of the library meant, and what its file is called."""
    from assessor.usecases.report_writing import library_report_bytes, report_name

    with program.open_store(write=False) as store:
        made = load_answered_report(program, store, program.library_in(store))
        return library_report_bytes(store, made, form, archive=archive), report_name(made.report)


def _output_folder(libraries: Sequence[str], output: str | None, other: bool) -> Path:
    """The folder that several documents go into; raises `EachNeedsFolder`.

    `other` says that another form than the documents' own was asked for, which is not made for several.
    """
    if output in (None, "-") or other or len(libraries) > 1:
        raise EachNeedsFolder
    return Path(str(output))


def _write_all(program: Program, folder: Path, overwrite: bool) -> None:
    """Write every document of the library meant into the folder, and last the page that links them."""
    from assessor.output_files import OutputExists, make_folder, write_new
    from assessor.usecases.all_documents import INDEX_NAME, all_documents, documents_index

    index = folder / INDEX_NAME
    if index.exists() and not overwrite:
        raise OutputExists(path=escape_controls(str(index)))
    with program.open_store(write=False) as store:
        made = load_answered_report(program, store, program.library_in(store))
        documents = all_documents(store, made, program.bank)
        make_folder(folder)
        for document in documents:
            write_new(folder / document.name, document.make(), overwrite=overwrite)
    report_written(write_new(index, documents_index(documents, made.report), overwrite=overwrite))


def _write_each(program: Program, folder: Path, overwrite: bool, jobs: int, scheduler: str | None) -> None:
    """Write a PDF for every collaboration into the folder."""
    from assessor.scale.pool import Execution

    with program.open_store(write=False) as store:
        write_each_report(program, store, folder, overwrite, Execution(jobs=jobs, scheduler=scheduler))


def _consortium_bytes(program: Program, names: Sequence[str], form: str) -> tuple[bytes, str]:
    """The report over several libraries, those kept here by their names, others by their files; and its file's name."""
    from assessor.presentation.messages import Messages
    from assessor.report.consortium import consortium_document
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.render import document_html
    from assessor.usecases.document_names import document_name, document_word
    from assessor.usecases.report_writing import rescored_notes
    from assessor.usecases.reporting import consortium_report

    reports = [_load_report(program, name) for name in names]
    document = consortium_document(consortium_report(reports))
    for report in reports:
        for note in rescored_notes(report, Messages(program.lang)):
            say(f"{escape_controls(report.library)}: {note}")
    name = document_name(document_word("together", program.lang), document.made)
    return document_html(document).encode() if form == "html" else document_pdf(document), name


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
def demo(program: Program, output: str | None, archive: bool, form: ReportFormat | None, overwrite: bool) -> None:
    """Write the example library's report, over an earlier one of the same name, and say each placement."""
    from assessor.presentation.placements import tell_placements
    from assessor.presentation.terms import Terms
    from assessor.usecases.report_writing import report_bytes
    from assessor.usecases.reporting import example_answers, example_report

    chosen: ReportFormat = "html" if chosen_format(output, form, "pdf", "html") == "html" else "pdf"
    content = example_report(program.bank, program.lang)
    terms = Terms(content.language, content.instrument, content.wording)
    for row in content.rows:
        say(f"  {escape_controls(row.name)}: {tell_placements(row.verdict.placements, terms)}")
    answers = example_answers(content) if archive else None
    data = report_bytes(content, chosen, answers)
    report_written(write_output(data, output, "assessor demo", chosen, overwrite or output is None))
