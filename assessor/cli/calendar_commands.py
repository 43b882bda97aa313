"""The library's dates as a calendar file, its goals and its logo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assessor.cli.context import Program, confirm, group, say
from assessor.cli.output import open_input, output_options, report_written, write_output
from assessor.cli.report_commands import load_answered_report
from assessor.cli.translation import _, option
from assessor.errors import N_
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command

if TYPE_CHECKING:
    from assessor.store import Store


@group.command(
    help=N_("The library's dates as a calendar file: papers that end, agreed steps, the next assessment (-o FILE.ics).")
)
@option(
    "--next",
    "month",
    metavar="MONTH",
    help=N_("Keep this as the month of the next assessment, such as 2027-06; an empty one: a year after the last."),
)
@output_options
@click.pass_obj
def calendar(program: Program, output: str | None, overwrite: bool, month: str | None) -> None:
    """Write the calendar of a library, and say how many agreed steps have no date to stand on."""
    from assessor.usecases.assessments import new_key
    from assessor.usecases.calendar import library_calendar
    from assessor.usecases.library_facts import choose_next_month

    with program.open_store(write=month is not None) as store:
        library = program.library_in(store)
        if month is not None:
            choose_next_month(store, library, month, new_key())
        made = library_calendar(load_answered_report(program, store, library).report)
    report_written(write_output(made.content, output, _("{library} dates").format(library=library), "ics", overwrite))
    if made.undated:
        say(_("Agreed steps without a month or day, which are not in the calendar: {count}").format(count=made.undated))


@group.command(
    help=N_("The library's goals, numbered, each with those that serve it; one is added, reworded or removed.")
)
@option("--add", metavar="TEXT", help=N_("A goal in the library's own words."))
@option("--reword", nargs=2, metavar="NUMBER TEXT", help=N_("Other words for a goal; who serves it serves it still."))
@option("--remove", metavar="NUMBER", help=N_("Keep this goal no more; by what it is served is said before."))
@option("--yes", is_flag=True, help=N_("Do not ask for confirmation."))
@click.pass_obj
def goals(program: Program, add: str | None, reword: tuple[str, str] | None, remove: str | None, yes: bool) -> None:
    """Do what is asked, if anything, and list the goals as they stand then."""
    from assessor.usecases import library_facts
    from assessor.usecases.assessments import add_goal, new_key

    asked = [each for each in (add, reword, remove) if each is not None]
    if len(asked) > 1:
        raise click.UsageError(_("Say one of --add, --reword and --remove at a time"))
    with program.open_store(write=bool(asked)) as store:
        library = program.library_in(store)
        if add is not None:
            add_goal(store, library, add, new_key())
        elif reword is not None:
            library_facts.reword_goal(store, library, _goal_numbered(store, library, reword[0]), reword[1], new_key())
        elif remove is not None:
            _remove_goal(program, store, library, _goal_numbered(store, library, remove), yes)
        _list_goals(store, library)


def _goal_numbered(store: Store, library: str, number: str) -> str:
    """The id of the goal with this number in the list."""
    known = list(store.profiles.get(library).goals)
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:9]) <= len(known):
        raise click.UsageError(
            _("{number} is not the number of a goal; see them with: {command}").format(
                number=escape_controls(number), command=f"{typed_command()} goals"
            )
        )
    return known[int(number[:9]) - 1]


def _remove_goal(program: Program, store: Store, library: str, goal: str, yes: bool) -> None:
    """Remove a goal; one that is served only after it was said by what."""
    from assessor.usecases.assessments import new_key
    from assessor.usecases.library_facts import GoalServed, remove_goal

    try:
        remove_goal(store, library, goal, new_key())
    except GoalServed as served:
        say(served.message(_))
        confirm(program, yes, _("Remove this goal?"))
        remove_goal(store, library, goal, new_key(), seen=True)


def _list_goals(store: Store, library: str) -> None:
    """Print each goal with its number and who serves it."""
    from assessor.usecases.library_facts import goal_servers

    served = goal_servers(store, library)
    known = store.profiles.get(library).goals
    for number, (goal, text) in enumerate(known.items(), 1):
        names = ", ".join(served.get(goal, ()))
        told = _("Served by {names}").format(names=names) if names else _("No collaboration serves it")
        click.echo(f"{number}  {escape_controls(text)}\n   {escape_controls(told)}")
    if not known:
        say(_("{library} has no goals yet").format(library=escape_controls(library)))


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
