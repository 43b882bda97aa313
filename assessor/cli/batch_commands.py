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

from assessor.cli.bank_commands import bank_
from assessor.cli.context import Program, _, group, note, told
from assessor.cli.output import opened
from assessor.errors import N_, AssessorError
from assessor.safe_text import safe

if TYPE_CHECKING:
    from assessor.core.instrument import Instrument
    from assessor.scale.file_placement import Wish
    from assessor.scale.pool import Outcome, Place
    from assessor.store import Store


class NeedsOutput(AssessorError):
    """Options that only make sense for files that are written."""

    template = N_("Several files, Parquet and CSV are placed into files: add -o with a file's or a folder's name")
    exit_code = 2


def shared_out(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that shares its work out."""
    jobs = click.option(
        "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help=_("Processes on this machine.")
    )
    scheduler = click.option("--scheduler", help=_("A Dask cluster instead, by its scheduler's address: tcp://…"))
    return jobs(scheduler(command))


@group.command(
    help=_(
        "Placements of the answers in a JSON or JSON Lines file (- for the standard input), or with -o of files of "
        "any size: Parquet, CSV (a column a question) or JSON Lines into one of these, or several into a folder."
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", help=_("The file to write, or the folder for several."))
@click.option("--overwrite", is_flag=True, help=_("Write over a file that is there."))
@click.option("--instrument", "name", help=_("The questionnaire, by name or folder."))
@click.option(
    "--as", "form", type=click.Choice(("list", "bits")), default="list", show_default=True,
    help=_("The possible placements as a list, or as a number in which each has a bit."),
)  # fmt: skip
@click.option("--way-up", is_flag=True, help=_("Also the cheapest step up."))
@click.option(
    "--to", "ending", type=click.Choice(("parquet", "csv", "jsonl")), default="parquet", show_default=True,
    help=_("What is written into a folder."),
)  # fmt: skip
@shared_out
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
        _to_the_screen(name or program.bank, files)
        return
    with _needing(program, "scale"):
        from assessor.scale.file_placement import Wish
        from assessor.scale.pool import Place

        wish = Wish(form=form, way_up=way_up, overwrite=overwrite, threads=_cores())
    bank_name, target = _bank_named(name or program.bank), Path(output)
    if len(files) == 1 and not target.is_dir() and not output.endswith(os.sep) and not scheduler:
        _one_file(bank_name, Path(files[0]), target, wish)
    else:
        _many_files(program, bank_name, files, target, ending, wish, Place(jobs=jobs, scheduler=scheduler))


def _to_the_screen(name: str, files: tuple[str, ...]) -> None:
    from assessor import bank
    from assessor.core.scoring import assess as assessed
    from assessor.exchange import stream_cases, verdict_json

    if len(files) > 1 or files[0].lower().endswith((".parquet", ".csv")):
        raise NeedsOutput
    instrument, (file,) = bank.load(name), files
    with opened(file) as stream:
        for case in stream_cases(stream, instrument, safe(file) if file != "-" else _("the standard input")):
            told(verdict_json(instrument, case.id, assessed(instrument, case.responses)))


def _bank_named(name: str) -> str:
    """A bank's name, or the whole path of its folder, which means the same in another process."""
    return str(Path(name).absolute()) if os.sep in name else name


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _one_file(bank_name: str, source: Path, target: Path, wish: Wish) -> None:
    from assessor.usecases.batch import place_file

    with _Progress(N_("{count} rows")) as progress:
        placed = place_file(bank_name, source, target, wish, progress.at)
    if placed.absent:
        note(_("Without a column, and taken as unanswered: {items}").format(items=", ".join(placed.absent)))
    if wish.form == "bits":
        _tell_legend(bank_name)
    note(_("Written: {file} ({count} rows)").format(file=safe(str(target)), count=placed.rows))


def _tell_legend(bank_name: str) -> None:
    from assessor import bank

    for at, placement in enumerate(bank.load(bank_name).placements):
        note(f"  {1 << at} = {placement}")


def _many_files(
    program: Program,
    bank_name: str,
    files: tuple[str, ...],
    folder: Path,
    ending: str,
    wish: Wish,
    where: Place,
) -> None:
    from dataclasses import replace

    from assessor.scale.ledger import Ledger
    from assessor.usecases.batch import place_each, place_tasks

    wish = replace(wish, threads=max(1, _cores() // where.jobs))
    tasks = place_tasks(bank_name, map(Path, files), folder.absolute(), ending, wish)
    ledger = Ledger.of(folder.absolute())
    if wish.form == "bits":
        _tell_legend(bank_name)
    with _needing(program, "cluster"):
        _go_through(place_each(bank_name, tasks, ledger, where), len(tasks), lambda task: str(task.source))


def each_report(program: Program, store: Store, folder: Path, overwrite: bool, where: Place) -> None:
    """A report for every collaboration of the library meant, into a folder."""
    from assessor.scale.ledger import Ledger
    from assessor.usecases.batch import report_each, report_tasks
    from assessor.usecases.reporting import library_report

    content, _rescored = library_report(store, program.library_in(store), program.bank, program.lang)
    tasks, ledger = report_tasks(content, _bank_named(program.bank)), Ledger.of(folder.absolute())
    with _needing(program, "cluster"):
        done = report_each(tasks, ledger, where, overwrite=overwrite)
        _go_through(done, len(tasks), lambda task: task.row.name)


def _go_through(outcomes: Iterator[Outcome[Any, Any]], count: int, called: Callable[[Any], str]) -> None:
    """Follow the tasks; those that failed are named at once, and the command fails in the end."""
    from assessor.scale.errors import Failed

    made = failed = 0
    with _Progress(N_("{count} done")) as progress:
        for outcome in outcomes:
            if outcome.error is None:
                made += 1
                progress.at(made)
                continue
            failed += 1
            progress.clear()
            note(_("Not done: {what}: {why}").format(what=safe(called(outcome.task)), why=_why(outcome.error)))
    note(
        _("Done now: {made}. Done before: {before}. Not done: {failed}.").format(
            made=made, before=count - made - failed, failed=failed
        )
    )
    if failed:
        raise Failed(failed=failed, count=count)


def _why(error: BaseException) -> str:
    if isinstance(error, AssessorError):
        return error.told(_)
    return _("it went wrong inside the program ({kind})").format(kind=type(error).__name__)


@contextmanager
def _needing(program: Program, extra: str) -> Iterator[None]:
    """What is not set up is told with the one command that fetches it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"dask", "distributed", "duckdb", "numpy", "pyarrow"}:
            raise
        from assessor.scale.errors import ExtraLacking

        raise ExtraLacking(command=_fetching(program.command, extra)) from error


def _fetching(command: str, extra: str) -> str:
    return f"{command} --group {extra} doctor" if command.startswith("sh ") else f"pip install 'assessor[{extra}]'"


class _Progress:
    """How far it has come, on the standard error: in one line of a terminal, else a line now and then."""

    def __init__(self, words: str) -> None:
        self.words, self.here = words, sys.stderr.isatty()
        self.every, self.next = (0.2, monotonic() + 0.5) if self.here else (10.0, monotonic() + 10.0)
        self.shown = 0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        self.clear()

    def at(self, count: int) -> None:
        if monotonic() < self.next:
            return
        self.next = monotonic() + self.every
        line = _(self.words).format(count=count)
        if not self.here:
            note(line)
            return
        click.echo(f"\r{line.ljust(self.shown)}", err=True, nl=False)
        self.shown = len(line)

    def clear(self) -> None:
        if self.shown:
            click.echo(f"\r{' ' * self.shown}\r", err=True, nl=False)
            self.shown = 0


@bank_.command("sql", help=_("The rules as one SQL expression over a table with a column a question."))
@click.argument("name", required=False)
@click.option(
    "--what", type=click.Choice(("placements", "level", "bits")), default="placements", show_default=True,
    help=_("The possible placements as text or as a number in which each has a bit, or the level."),
)  # fmt: skip
@click.option("--from", "table", help=_("A table's name: then a whole SELECT with placements and level."))
@click.pass_obj
def bank_sql(program: Program, name: str | None, what: Any, table: str | None) -> None:
    from assessor import bank
    from assessor.scale.rules_sql import expression, select

    instrument: Instrument = bank.load(name or program.bank)
    click.echo(select(instrument, table) if table else expression(instrument, what))
