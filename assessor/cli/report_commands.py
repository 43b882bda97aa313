"""The library's report, and an example of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessor.cli.batch_commands import parallel_options, write_each_report
from assessor.cli.context import Program, _, group, say
from assessor.cli.output import open_input, output_options, report_written, write_output
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.presentation.report import Report
    from assessor.store import Store


class OnlyOtherBanks(AssessorError):
    """A library whose answers were all given to another bank."""

    template = N_(
        "Nothing was answered with the questionnaire {bank} here; put --bank NAME before the command: {others}"
    )
    exit_code = 2


class EachNeedsFolder(AssessorError):
    """A report for every collaboration, without a folder or in another form."""

    template = N_("With --each the reports of one library are PDFs in a folder; name it with -o")
    exit_code = 2


def _report_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that writes a report."""
    archive = click.option(
        "--archive", is_flag=True, help=_("For keeping: PDF/A-3a, with the answers inside as answers.json.")
    )
    form = click.option("--format", "form", type=click.Choice(("pdf", "html")), default="pdf", show_default=True)
    return output_options(archive(form(command)))


@group.command(
    help=_(
        "The library's report: a PDF to put on the table. With several libraries, or files that they exported: one "
        "report over all of them, which shows none alone."
    )
)
@click.argument("libraries", nargs=-1)
@_report_options
@click.option("--each", "apart", is_flag=True, help=_("A PDF for every collaboration, into the folder named by -o."))
@parallel_options
@click.pass_obj
def report(
    program: Program,
    libraries: Sequence[str],
    output: str | None,
    archive: bool,
    form: str,
    overwrite: bool,
    apart: bool,
    jobs: int,
    scheduler: str | None,
) -> None:
    if apart:
        _write_each(program, libraries, output, archive or form != "pdf", overwrite, jobs, scheduler)
        return
    if len(libraries) > 1:
        if archive:
            raise click.UsageError(_("A report over several libraries holds no answers, so there is none to keep"))
        written = write_output(
            _consortium_bytes(program, libraries, form), output, _("libraries together"), form, overwrite
        )
    else:
        program = replace(program, library=next(iter(libraries), program.library))
        with program.open_store(write=False) as store:
            written = write_report(program, store, program.library_in(store), output, form, archive, overwrite)
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
    if output in (None, "-") or other or len(libraries) > 1:
        raise EachNeedsFolder
    from assessor.scale.pool import Execution

    program = replace(program, library=next(iter(libraries), program.library))
    with program.open_store(write=False) as store:
        write_each_report(program, store, Path(str(output)), overwrite, Execution(jobs=jobs, scheduler=scheduler))


def _consortium_bytes(program: Program, named: Sequence[str], form: str) -> bytes:
    """The report over several libraries: those kept here by their names, others by their files."""
    from assessor.report.consortium import consortium_document
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.render import document_html
    from assessor.usecases.reporting import consortium_report

    document = consortium_document(consortium_report([_load_report(program, each) for each in named]))
    return document_html(document).encode() if form == "html" else document_pdf(document)


def _load_report(program: Program, name: str) -> Report:
    """One of the libraries: what is called so here, or what the file of that name holds."""
    from assessor.usecases.reporting import exported_report, library_report
    from assessor.usecases.transfer import read_document

    if not Path(name).is_file():
        with program.open_store(write=False) as store:
            library = replace(program, library=name).library_in(store)
            return library_report(store, library, program.bank, program.lang)[0]
    with open_input(name) as stream:
        return exported_report(read_document(stream, escape_controls(name)), program.bank, program.lang)


def write_report(
    program: Program,
    store: Store,
    library: str,
    output: str | None = None,
    form: str = "pdf",
    archive: bool = False,
    overwrite: bool = False,
) -> Path | None:
    from assessor.usecases.transfer import export_assessments

    content = report_content(program, store, library)
    answers = export_assessments(store, library) if archive else None
    return write_output(_render_report(content, form, answers), output, f"{library} assessor", form, overwrite)


def report_content(program: Program, store: Store, library: str) -> Report:
    """What a library's report is made from; what is not in it, or is placed by other rules than before, is told."""
    from assessor.usecases.reporting import library_report

    content, rescored = library_report(store, library, program.bank, program.lang)
    others = _other_banks(program, store, library)
    if others and not content.rows:
        raise OnlyOtherBanks(bank=program.bank_name, others=", ".join(others))
    for name in others:
        say(_("Not in this report: what was answered with the questionnaire {bank}").format(bank=escape_controls(name)))
    for name in rescored:
        say(
            _("{name} was answered under another version of the questions and is placed by today's").format(
                name=escape_controls(name)
            )
        )
    return content


def _other_banks(program: Program, store: Store, library: str) -> list[str]:
    """The instruments other than the one meant that the library's assessments were given under."""
    given = {each.instrument for each in store.assessments(library=library)}
    return sorted(given - {program.instrument.id})


def _render_report(content: Report, form: str, answers: bytes | None) -> bytes:
    if form == "html":
        from assessor.report.render import report_html

        return report_html(content).encode()
    from assessor.report.pdf.layout import report_pdf

    return report_pdf(content, answers=answers)


@group.command(help=_("The report of an example library, from its answers."))
@_report_options
@click.pass_obj
def demo(program: Program, output: str | None, archive: bool, form: str, overwrite: bool) -> None:
    from assessor.usecases.reporting import example_answers, example_report

    content = example_report(program.bank, program.lang)
    for row in content.rows:
        names = [content.wording.placements[placement].name for placement in row.verdict.placements]
        standing = " / ".join(names) if len(names) <= 3 else _("not known yet")
        say(f"  {escape_controls(row.name)}: {standing}")
    answers = example_answers(content) if archive else None
    report_written(
        write_output(_render_report(content, form, answers), output, "assessor demo", form, overwrite or output is None)
    )
