"""What is published for others: one HTML file for a first try, or a folder with which a browser runs the program."""

from __future__ import annotations

from pathlib import Path

import click

from assessor.cli.context import Program, group, say
from assessor.cli.output import report_written
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls


class OneOfTwo(AssessorError):
    """Both a page and a folder were named, or neither."""

    template = N_("Name either a folder, or a file with --page")
    exit_code = 2


@group.command(
    help=N_(
        "The whole program as a folder that any HTTPS site can serve: it runs in the reader's browser and sends "
        "nothing. With --page, one HTML file for a first try, opened by a double click."
    )
)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@option("--page", type=click.Path(path_type=Path), help=N_("The file to write."))
@option("--overwrite", is_flag=True, help=N_("Overwrite an existing file."))
@option("--contact", default="", help=N_("Where to report barriers: shown on the accessibility page."))
@option(
    "--pyodide",
    type=click.Path(path_type=Path),
    help=N_("The npm package pyodide as a file; without it, npm fetches it."),
)
@click.pass_obj
def publish(
    program: Program, folder: Path | None, page: Path | None, overwrite: bool, contact: str, pyodide: Path | None
) -> None:
    """Write the page with the questions of the bank in every language that it has, or the folder."""
    if page and not folder:
        _publish_page(program, page, overwrite)
    elif folder and not page:
        _publish_folder(program, folder, contact, pyodide)
    else:
        raise OneOfTwo()


def _publish_page(program: Program, page: Path, overwrite: bool) -> None:
    from assessor.output_files import write_new
    from assessor.report.trial_page import trial_page
    from assessor.usecases.publishing import page_wordings

    data = trial_page(program.bank.instrument, page_wordings(program.bank), program.lang)
    report_written(write_new(page, data, overwrite=overwrite))


def _publish_folder(program: Program, folder: Path, contact: str, pyodide: Path | None) -> None:
    from assessor.usecases.browser_wheels import WHEEL
    from assessor.usecases.published_folder import publish_folder

    written = publish_folder(folder, program.bank, contact=contact, language=program.lang, runtime=pyodide)
    say(
        _("Written to {folder}; a first visit fetches {size} MB. Serve it over HTTPS.").format(
            folder=escape_controls(str(folder)), size=f"{written.packed_bytes / 1e6:.1f}"
        )
    )
    if not written.reads_workbooks:
        say(
            _(
                "Of spreadsheets it reads CSV alone: pip could not fetch {wheel}, and it does not lie beside the file "
                "given with --pyodide."
            ).format(wheel=WHEEL)
        )
