"""Many at once: files of answers placed, the rules as SQL, a report for every collaboration."""

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
    """Options that only make sense for files that are written."""

    template = N_("Several files, Parquet and CSV are placed into files: add -o with a file's or a folder's name")
    exit_code = 2


def parallel_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that shares its work out."""
    jobs = option(
        "--jobs",
        type=click.IntRange(1, 256),
        default=1,
        show_default=True,
        help=N_("Number of processes on this machine."),
    )
    scheduler = option("--scheduler", help=N_("A Dask cluster instead, by its scheduler's address: tcp://…"))
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
    if output is None:
        _place_to_stdout(program.open_bank(name), files)
        return
    with _requiring_extra("scale"):
        from assessor.scale.file_placement import PlacementOptions
        from assessor.scale.pool import Execution

        wish = PlacementOptions(placements_format=form, way_up=way_up, overwrite=overwrite, threads=_core_count())
    bank, target = program.open_bank(name), Path(output)
    if len(files) == 1 and not target.is_dir() and not output.endswith(os.sep) and not scheduler:
        _place_one_file(bank, Path(files[0]), target, wish)
    else:
        _place_many_files(program, bank, files, target, ending, wish, Execution(jobs=jobs, scheduler=scheduler))


def _place_to_stdout(bank: Bank, files: tuple[str, ...]) -> None:
    from assessor.core.scoring import assess as assessed
    from assessor.exchange import stream_cases, verdict_json

    if len(files) > 1 or files[0].lower().endswith((".parquet", ".csv")):
        raise NeedsOutput
    instrument, (file,) = bank.instrument, files
    with open_input(file) as stream:
        for case in stream_cases(stream, instrument, escape_controls(file) if file != "-" else _("the standard input")):
            echo_json(verdict_json(instrument, case.id, assessed(instrument, case.responses)))


def _core_count() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _place_one_file(bank: Bank, source: Path, target: Path, wish: PlacementOptions) -> None:
    from assessor.usecases.batch import place_file

    with _ProgressLine(N_("{count} rows")) as progress:
        placed = place_file(bank, source, target, wish, progress.update)
    if placed.absent_items:
        say(_("No column, so counted as unanswered: {items}").format(items=", ".join(placed.absent_items)))
    if wish.placements_format == "bits":
        _say_bits_legend(bank)
    say(_("Written: {file} ({count} rows)").format(file=escape_controls(str(target)), count=placed.rows))


def _say_bits_legend(bank: Bank) -> None:
    for at, placement in enumerate(bank.instrument.placements):
        say(f"  {1 << at} = {placement}")


def _place_many_files(
    program: Program,
    bank: Bank,
    files: tuple[str, ...],
    folder: Path,
    ending: str,
    wish: PlacementOptions,
    where: Execution,
) -> None:
    from dataclasses import replace

    from assessor.scale.ledger import Ledger
    from assessor.usecases.batch import place_each, place_tasks

    wish = replace(wish, threads=max(1, _core_count() // where.jobs))
    tasks = place_tasks(bank, map(Path, files), folder.absolute(), ending, wish)
    ledger = Ledger.for_folder(folder.absolute())
    if wish.placements_format == "bits":
        _say_bits_legend(bank)
    with _requiring_extra("cluster"):
        _follow_outcomes(place_each(tasks, ledger, where), len(tasks), lambda task: str(task.source))


def write_each_report(program: Program, store: Store, folder: Path, overwrite: bool, where: Execution) -> None:
    """A report for every collaboration of the library meant, into a folder."""
    from assessor.scale.ledger import Ledger
    from assessor.usecases.batch import report_each, report_tasks
    from assessor.usecases.reporting import library_report

    content = library_report(store, program.library_in(store), program.bank, program.lang).report
    tasks, ledger = report_tasks(content, program.bank), Ledger.for_folder(folder.absolute())
    with _requiring_extra("cluster"):
        done = report_each(tasks, ledger, where, overwrite=overwrite)
        _follow_outcomes(done, len(tasks), lambda task: task.row.name)


def _follow_outcomes(outcomes: Iterator[TaskOutcome[Any, Any]], count: int, called: Callable[[Any], str]) -> None:
    """Follow the tasks; those that failed are named at once, and the command fails in the end."""
    from assessor.scale.errors import TasksFailed

    made = failed = 0
    with _ProgressLine(N_("{count} done")) as progress:
        for outcome in outcomes:
            if outcome.error is None:
                made += 1
                progress.update(made)
                continue
            failed += 1
            progress.clear()
            say(
                _("Not done: {what}: {why}").format(
                    what=escape_controls(called(outcome.task)), why=_failure_reason(outcome.error)
                )
            )
    say(
        _("Done now: {made}. Done before: {before}. Not done: {failed}.").format(
            made=made, before=count - made - failed, failed=failed
        )
    )
    if failed:
        raise TasksFailed(failed=failed, count=count)


def _failure_reason(error: BaseException) -> str:
    if isinstance(error, AssessorError):
        return error.message(_)
    return _("it went wrong inside the program ({kind})").format(kind=type(error).__name__)


@contextmanager
def _requiring_extra(extra: str) -> Iterator[None]:
    """What is not set up is told with the one command that fetches it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"dask", "distributed", "duckdb", "numpy", "pyarrow"}:
            raise
        from assessor.scale.errors import MissingExtra

        raise MissingExtra(command=install_extra_command(extra)) from error


class _ProgressLine:
    """How far it has come, on the standard error: in one line of a terminal, else a line now and then."""

    def __init__(self, words: str) -> None:
        self.template, self.is_terminal = words, sys.stderr.isatty()
        self.interval, self.next_update = (0.2, monotonic() + 0.5) if self.is_terminal else (10.0, monotonic() + 10.0)
        self.shown_width = 0

    def __enter__(self) -> _ProgressLine:
        return self

    def __exit__(self, *_error: object) -> None:
        self.clear()

    def update(self, count: int) -> None:
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
    from assessor.scale.rules_sql import rules_expression, select_statement

    instrument = program.open_bank(name).instrument
    click.echo(select_statement(instrument, table) if table else rules_expression(instrument, what))
