"""The library's dates as a calendar file, and its logo."""

from __future__ import annotations

import click

from assessor.cli.context import Program, group, say
from assessor.cli.output import open_input, output_options, report_written, write_output
from assessor.cli.report_commands import load_answered_report
from assessor.cli.translation import _, option
from assessor.errors import N_
from assessor.safe_text import escape_controls


@group.command(
    help=N_("The library's dates as a calendar file: papers that end, agreed steps, the next assessment (-o FILE.ics).")
)
@output_options
@click.pass_obj
def calendar(program: Program, output: str | None, overwrite: bool) -> None:
    """Write the calendar of a library, and say how many agreed steps have no date to stand on."""
    from assessor.usecases.calendar import library_calendar

    with program.open_store(write=False) as store:
        library = program.library_in(store)
        made = library_calendar(load_answered_report(program, store, library).report)
    report_written(write_output(made.content, output, _("{library} dates").format(library=library), "ics", overwrite))
    if made.undated:
        say(_("Agreed steps without a month or day, which are not in the calendar: {count}").format(count=made.undated))


@group.command(help=N_("The library's logo, for its report: a PNG or SVG file. It is measured and cleaned first."))
@click.argument("file", required=False)
@option("--remove", is_flag=True, help=N_("Keep no logo any more."))
@click.pass_obj
def logo(program: Program, file: str | None, remove: bool) -> None:
    """Keep a cleaned logo in place of the one before, or none; refuses what would act, fetch or need a font."""
    from assessor.usecases.logos import keep_logo

    if (file is None) is not remove:
        raise click.UsageError(_("Name one picture, or say --remove"))
    content = None
    if file is not None:
        from assessor.core.library_profile import MAX_LOGO_BYTES

        with open_input(file) as stream:
            content = stream.read(MAX_LOGO_BYTES + 1)
    with program.open_store() as store:
        library = program.library_in(store)
        keep_logo(store, library, content)
    done = _("The logo of {library} is kept") if content else _("{library} has no logo any more")
    say(done.format(library=escape_controls(library)))
