"""What is published for others: one HTML file in which a collaboration can be assessed, with nothing installed."""

from __future__ import annotations

from pathlib import Path

import click

from assessor.cli.context import Program, group
from assessor.cli.output import report_written
from assessor.cli.translation import option
from assessor.errors import N_


@group.command(
    help=N_(
        "One HTML file for a first try: opened by a double click, it asks about one collaboration and shows the exact "
        "placements, without a server, and sends nothing."
    )
)
@option("--page", required=True, type=click.Path(path_type=Path), help=N_("The file to write."))
@option("--overwrite", is_flag=True, help=N_("Overwrite an existing file."))
@click.pass_obj
def publish(program: Program, page: Path, overwrite: bool) -> None:
    """Write the page with the questions of the bank in every language that it has."""
    from assessor.output_files import write_new
    from assessor.report.trial_page import trial_page
    from assessor.usecases.publishing import page_wordings

    data = trial_page(program.bank.instrument, page_wordings(program.bank), program.lang)
    report_written(write_new(page, data, overwrite=overwrite))
