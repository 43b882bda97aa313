"""Many at once: files of answers placed, the rules as SQL, a report for every collaboration.

`assessor place` has two ways. To the standard output it streams JSON through the same reader and the same engine as
everything else, with the whole verdict of each case. With `-o` it hands files to `assessor.scale`, which works on
columns and writes placements only. The second needs the extras `scale` (DuckDB, numpy, pyarrow) and, for several
machines, `cluster` (Dask); where one is lacking, the error names the command that installs it.

Runs over many files keep a ledger in the output folder, so that a run that was stopped goes on where it was. Which
tasks there are and what makes one done is decided in `usecases.batch`; this module shows the progress and counts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from assessor.cli.bank_commands import bank_group
from assessor.cli.context import Program, echo_json, group, say
from assessor.cli.output import open_input
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.setup.commands import install_extra_command

if TYPE_CHECKING:
    from assessor.bank import Bank
    from assessor.scale.file_placement import PlacementOptions
    from assessor.scale.pool import Execution, TaskOutcome
    from assessor.store import Store


class NeedsOutput(AssessorError):
    """Files that can only be placed into files, without `-o`.

    Several would run into one another on the standard output, and what is in columns comes back in columns.
    """

    template = N_("Several files, Parquet and CSV are placed into files: add -o with a file's or a folder's name")
    exit_code = 2


def parallel_options(command: Callable[..., None], hidden: bool = False) -> Callable[..., None]:
    """Add the options of a command that shares its work out: `--jobs` and `--scheduler`.

    `hidden` where few need them: they are in the documentation of large amounts, and not among a librarian's.
    """
    jobs = option(
        "--jobs",
        type=click.IntRange(1, 256),
        default=1,
        show_default=True,
        help=N_("Number of processes on this machine."),
        hidden=hidden,
    )
    scheduler = option(
        "--scheduler", hidden=hidden, help=N_("A Dask cluster instead, by its scheduler's address: tcp://…")
    )
    return jobs(scheduler(command))


@group.command(
    help=N_(
        "Places the answers in a JSON or JSON Lines file (- for the standard input), or with -o "
        "those in files of any size: Parquet, CSV (one column per question) or JSON Lines into "
        "one of these, or several into a folder."
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@option("-o", "--output", help=N_("The file to write, or the folder for several."))
@option("--overwrite", is_flag=True, help=N_("Overwrite an existing file."))
@option("--instrument", "name", help=N_("The questionnaire, by name or folder."))
@option(
    "--as", "form", type=click.Choice(("list", "bits")), default="list", show_default=True,
    help=N_("The possible placements as a list, or as a number with one bit for each."),
)  # fmt: skip
@option("--way-up", is_flag=True, help=N_("Also the cheapest step up."))
@option(
    "--to", "ending", type=click.Choice(("parquet", "csv", "jsonl")), default="parquet", show_default=True,
    help=N_("The format of files written into a folder."),
)  # fmt: skip
@parallel_options
@click.pass_obj
def place(
    program: Program,
    files: tuple[str, ...],
    output: str | None,
    overwrite: bool,
    name: str | None,
    form: Any,
    way_up: bool,
    ending: str,
    jobs: int,
    scheduler: str | None,
) -> None:
    """Place to the standard output without `-o`, else one file into one, or several into a folder.

    With a scheduler the output is always a folder, as its ledger is what a run goes on by.
    """
    if output is None:
        _place_to_stdout(program.open_bank(name), files)
        return
    with _requiring_extra("scale"):
        from assessor.scale.file_placement import PlacementOptions
        from assessor.scale.pool import Execution

        options = PlacementOptions(placements_format=form, way_up=way_up, overwrite=overwrite, threads=_core_count())
    bank, target = program.open_bank(name), Path(output)
    if len(files) == 1 and not target.is_dir() and not output.endswith(os.sep) and not scheduler:
        _place_one_file(bank, Path(files[0]), target, options)
    else:
        _place_many_files(program, bank, files, target, ending, options, Execution(jobs=jobs, scheduler=scheduler))


def _place_to_stdout(bank: Bank, files: tuple[str, ...]) -> None:
    """Stream one JSON or JSON Lines file; raises `NeedsOutput` for several files and for columns."""
    from assessor.core.scoring import assess as assessed
    from assessor.exchange import stream_cases, verdict_json

    if len(files) > 1 or files[0].lower().endswith((".parquet", ".csv")):
        raise NeedsOutput
    instrument, (file,) = bank.instrument, files
    with open_input(file) as stream:
        for case in stream_cases(stream, instrument, escape_controls(file) if file != "-" else _("the standard input")):
            echo_json(verdict_json(instrument, case.id, assessed(instrument, case.responses)))


def _core_count() -> int:
    """The cores that this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _place_one_file(bank: Bank, source: Path, target: Path, options: PlacementOptions) -> None:
    """Place one file in this process, and say which items had no column: a misspelt one looks like that."""
    from assessor.usecases.batch import place_file

    with _ProgressLine(N_("{count} rows")) as progress:
        placed = place_file(bank, source, target, options, progress.update)
    if placed.absent_items:
        say(_("No column, so counted as unanswered: {items}").format(items=", ".join(placed.absent_items)))
    if options.placements_format == "bits":
        _say_bits_legend(bank)
    say(_("Written: {file} ({count} rows)").format(file=escape_controls(str(target)), count=placed.rows))


def _say_bits_legend(bank: Bank) -> None:
    """Say which bit of the number stands for which placement."""
    for bit, placement in enumerate(bank.instrument.placements):
        say(f"  {1 << bit} = {placement}")


def _place_many_files(
    program: Program,
    bank: Bank,
    files: tuple[str, ...],
    folder: Path,
    ending: str,
    options: PlacementOptions,
    execution: Execution,
) -> None:
    """Place each file in a process or on a cluster; the cores are shared out among the processes."""
    from dataclasses import replace

    from assessor.scale.ledger import Ledger
    from assessor.usecases.batch import place_each, place_tasks

    options = replace(options, threads=max(1, _core_count() // execution.jobs))
    tasks = place_tasks(bank, map(Path, files), folder.absolute(), ending, options)
    ledger = Ledger.for_folder(folder.absolute())
    if options.placements_format == "bits":
        _say_bits_legend(bank)
    with _requiring_extra("cluster"):
        _follow_outcomes(place_each(tasks, ledger, execution), len(tasks), lambda task: str(task.source))


def write_each_report(program: Program, store: Store, folder: Path, overwrite: bool, execution: Execution) -> None:
    """Write a PDF for every collaboration of the library meant into `folder`; raises `TasksFailed`."""
    from assessor.scale.ledger import Ledger
    from assessor.usecases.batch import report_each, report_tasks
    from assessor.usecases.reporting import library_report

    content = library_report(store, program.library_in(store), program.bank, program.lang).report
    tasks, ledger = report_tasks(content, program.bank), Ledger.for_folder(folder.absolute())
    with _requiring_extra("cluster"):
        outcomes = report_each(tasks, ledger, execution, overwrite=overwrite)
        _follow_outcomes(outcomes, len(tasks), lambda task: task.row.name)


def _follow_outcomes(outcomes: Iterator[TaskOutcome[Any, Any]], count: int, label: Callable[[Any], str]) -> None:
    """Follow the tasks; name those that fail at once, and raise `TasksFailed` in the end if any did.

    `label` says what a task is called. Tasks that the ledger knows as done never arrive here; they are what `count` is
    more than the outcomes.
    """
    from assessor.scale.errors import TasksFailed

    done = failed = 0
    with _ProgressLine(N_("{count} done")) as progress:
        for outcome in outcomes:
            if outcome.error is None:
                done += 1
                progress.update(done)
                continue
            failed += 1
            progress.clear()
            say(
                _("Not done: {what}: {why}").format(
                    what=escape_controls(label(outcome.task)), why=_failure_reason(outcome.error)
                )
            )
    say(
        _("Done now: {made}. Done before: {before}. Not done: {failed}.").format(
            made=done, before=count - done - failed, failed=failed
        )
    )
    if failed:
        raise TasksFailed(failed=failed, count=count)


def _failure_reason(error: BaseException) -> str:
    """A task's refusal as its sentence; of any other error only its kind, as its text may hold answers."""
    if isinstance(error, AssessorError):
        return error.message(_)
    return _("it went wrong inside the program ({kind})").format(kind=type(error).__name__)


@contextmanager
def _requiring_extra(extra: str) -> Iterator[None]:
    """Turn the import error of a package that an extra brings into `MissingExtra` with the cure."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"dask", "distributed", "duckdb", "numpy", "pyarrow"}:
            raise
        from assessor.scale.errors import MissingExtra

        raise MissingExtra(command=install_extra_command(extra)) from error


class _ProgressLine:
    """A running count on the standard error: one line redrawn at a terminal, else a line now and then.

    Nothing is shown in the first half second, so that short work stays silent.
    """

    def __init__(self, words: str) -> None:
        self.template, self.is_terminal = words, sys.stderr.isatty()
        self.interval, self.next_update = (0.2, monotonic() + 0.5) if self.is_terminal else (10.0, monotonic() + 10.0)
        self.shown_width = 0

    def __enter__(self) -> _ProgressLine:
        return self

    def __exit__(self, *_error: object) -> None:
        self.clear()

    def update(self, count: int) -> None:
        """Show the count unless it was shown a moment ago."""
        if monotonic() < self.next_update:
            return
        self.next_update = monotonic() + self.interval
        line = _(self.template).format(count=count)
        if not self.is_terminal:
            say(line)
            return
        click.echo(f"\r{line.ljust(self.shown_width)}", err=True, nl=False)
        self.shown_width = len(line)

    def clear(self) -> None:
        """Wipe the line, so that a message can be printed in its place."""
        if self.shown_width:
            click.echo(f"\r{' ' * self.shown_width}\r", err=True, nl=False)
            self.shown_width = 0


@bank_group.command("sql", help=N_("The rules as one SQL expression over a table with one column per question."))
@click.argument("name", required=False)
@option(
    "--what", type=click.Choice(("placements", "level", "bits")), default="placements", show_default=True,
    help=N_("The possible placements as text, or as a number with one bit for each, or the level."),
)  # fmt: skip
@option("--from", "table", help=N_("A table's name: then a whole SELECT with placements and level."))
@click.pass_obj
def bank_sql(program: Program, name: str | None, what: Any, table: str | None) -> None:
    """Print the rules as SQL; this needs no extra, as the expression is text."""
    from assessor.scale.rules_sql import rules_expression, select_statement

    instrument = program.open_bank(name).instrument
    click.echo(select_statement(instrument, table) if table else rules_expression(instrument, what))
