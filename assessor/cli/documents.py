"""The documents beside the report: the wall, drafts to sign, the facilitator's guide."""

from __future__ import annotations

import click

from assessor.cli.output import put, to_a_file
from assessor.cli.program import Program, _, group, note
from assessor.shown import safe


@group.command(help=_("All collaborations on one A3 sheet to hang up, with the conversations that would give most."))
@click.option(
    "--managers",
    type=click.IntRange(min=1, max=1000),
    help=_("How many managers can follow a collaboration on level 1."),
)
@to_a_file
@click.pass_obj
def wall(program: Program, managers: int | None, output: str | None, overwrite: bool) -> None:
    from assessor.report.pdf import document_pdf
    from assessor.report.wall import wall_document
    from assessor.reporting import library_report

    with program.store(write=False) as store:
        library = program.library_in(store)
        content, _rescored = library_report(store, library, program.bank, program.lang)
    _told(put(document_pdf(wall_document(content, managers)), output, f"{library} wall", "pdf", overwrite))


def _told(written: object) -> None:
    if written:
        note(_("Written: {file}").format(file=safe(str(written))))
