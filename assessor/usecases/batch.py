"""Thousands at once: files of answers placed, and a report for every collaboration.

A task is what is sent to another process or machine: plain values, the address of a bank and the digest of its rules.
The worker opens the bank at that address itself and refuses when its digest is another, so that one run never mixes two
versions. The bank is not sent along, as a worker opens it once for all of its tasks.

The ledger in the output folder is what makes a run go on. A task is done when its output is there as it was written and
the key it was noted under is still the same; the key covers everything the output is made from. Outputs that a person
changed are not written over unless they say so.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assessor.bank import Bank, LatestBank, open_bank
from assessor.core.instrument import Instrument
from assessor.errors import N_, AssessorError
from assessor.output_files import safe_file_name, write_new
from assessor.presentation.report import Report, ReportRow
from assessor.safe_text import escape_controls
from assessor.scale.ledger import Ledger
from assessor.scale.pool import Execution, TaskOutcome, run_tasks

if TYPE_CHECKING:
    from datetime import date

    from assessor.scale.file_placement import FilePlacer, PlacementOptions, PlacementSummary


class BankDiffers(AssessorError):
    """A worker whose bank is not the one that the task means."""

    template = N_("The questionnaire {bank} is another version on the worker; install the same assessor on both")
    exit_code = 69


class SameOutputName(AssessorError):
    """Two files whose outputs would have the same name."""

    template = N_("{first} and {second} would both be written as {name}; give one of them another name")
    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceTask:
    """A file to be placed."""

    #: Its name or folder, which means the same in another process.
    bank: str
    #: Of the rules that the task means.
    digest: str
    source: Path
    target: Path
    options: "PlacementOptions"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportTask:
    """A report to be made of one collaboration."""

    #: Its name or folder, which means the same in another process.
    bank: str
    digest: str
    library: str
    row: ReportRow
    language: str
    made: "date"
    program: str
    #: Of the file in the output folder.
    name: str


def place_file(
    bank: Bank, source: Path, target: Path, wish: "PlacementOptions", progress: Callable[[int], None] = lambda _: None
) -> "PlacementSummary":
    """Place one file in this process; `progress` is called with the number of rows done."""
    return _place_strictly(_cached_placer(bank.address, bank.instrument.digest), source, target, wish, progress)


def place_each(tasks: Iterable[PlaceTask], ledger: Ledger, place: Execution) -> Iterator[TaskOutcome[Any, Any]]:
    """Place the files that are not done yet, and note each when it is; outcomes come as they finish.

    An output that this ledger wrote and nobody changed is written over, as its source or its options did change.
    """
    waiting = [task for task in tasks if not ledger.is_done(task.target.name, _place_key(task))]
    again = [
        replace(task, options=replace(task.options, overwrite=True)) if ledger.is_unchanged(task.target.name) else task
        for task in waiting
    ]
    for outcome in run_tasks(_run_place_task, again, place):
        if outcome.error is None:
            ledger.mark_done(outcome.task.target.name, _place_key(outcome.task))
        yield outcome


def place_tasks(
    bank: Bank, sources: Iterable[Path], folder: Path, ending: str, wish: "PlacementOptions"
) -> list[PlaceTask]:
    """A task for each file, its output in the folder under the same name; raises `SameOutputName`.

    Names that differ only in case count as the same, as they are on many disks.
    """
    address, digest = bank.address, bank.instrument.digest
    tasks: dict[str, PlaceTask] = {}
    for source in sources:
        name = f"{source.stem}.{ending}"
        if name.casefold() in tasks:
            other = tasks[name.casefold()].source
            raise SameOutputName(
                first=escape_controls(str(other)), second=escape_controls(str(source)), name=escape_controls(name)
            )
        task = PlaceTask(bank=address, digest=digest, source=source.absolute(), target=folder / name, options=wish)
        tasks[name.casefold()] = task
    return list(tasks.values())


def _place_key(task: PlaceTask) -> str:
    """A digest of what the output is made from: the file by size and time, the rules, and the options.

    Threads are no part of it, as they change nothing in the output.
    """
    facts: tuple[object, ...] = ()
    with suppress(OSError):
        stat = task.source.stat()
        facts = (stat.st_size, stat.st_mtime_ns)
    return _facts_digest(str(task.source), *facts, task.digest, task.options.placements_format, task.options.way_up)


def _run_place_task(task: PlaceTask) -> "PlacementSummary":
    """What a worker runs; a function of the module, so that it can be sent by its name."""
    return _place_strictly(
        _cached_placer(task.bank, task.digest), task.source, task.target, task.options, lambda _: None
    )


def _place_strictly(
    placer: "FilePlacer", source: Path, target: Path, wish: "PlacementOptions", progress: Callable[[int], None]
) -> "PlacementSummary":
    """Place a file; bad JSON is read again by the strict reader, for its line and path.

    The fast reader only knows that something is wrong. Raises `BadJsonLines` should the strict one find nothing.
    """
    from assessor.scale.errors import BadJsonLines

    try:
        return placer.place_file(source, target, wish, progress)
    except BadJsonLines:
        _raise_strict_error(source, placer.instrument)
        raise


def _raise_strict_error(source: Path, instrument: Instrument) -> None:
    """Raise what the strict reader of JSON finds wrong, with lines and paths."""
    from assessor.exchange import stream_cases

    with suppress(OSError), source.open("rb") as stream:
        for _case in stream_cases(stream, instrument, escape_controls(str(source))):
            pass


@lru_cache(maxsize=4)
def _cached_placer(address: str, digest: str) -> "FilePlacer":
    """The tables of a bank, compiled once in each worker."""
    from assessor.scale.file_placement import FilePlacer

    return FilePlacer(_exact_bank(address, digest).instrument)


def _exact_bank(address: str, digest: str) -> Bank:
    """The bank at this address; raises `BankDiffers` unless its rules have this digest."""
    latest = _latest_bank(address)
    latest.look()
    bank = latest.get()
    if bank.instrument.digest != digest:
        raise BankDiffers(bank=escape_controls(address))
    return bank


@lru_cache(maxsize=4)
def _latest_bank(address: str) -> LatestBank:
    """A bank that is looked at again when its files change; a run may be longer than an edit."""
    return LatestBank(open_bank(address))


def report_tasks(content: Report, bank: Bank) -> list[ReportTask]:
    """A task for each collaboration of a report, each with a file name of its own."""
    names = _file_names([row.assessment for row in content.rows])
    return [
        ReportTask(
            bank=bank.address,
            digest=content.instrument.digest,
            library=content.library,
            row=row,
            language=content.language,
            made=content.made,
            program=content.program,
            name=names[row.assessment.collaboration.id],
        )
        for row in content.rows
    ]


def _file_names(assessments: Iterable[Any]) -> dict[str, str]:
    """By id, a plain file name; names that would be the same on some disk get a part of the id's digest."""
    plain = {
        assessment.collaboration.id: safe_file_name(assessment.collaboration.name, ".pdf") for assessment in assessments
    }
    folded = [name.casefold() for name in plain.values()]
    shared = {name for name in folded if folded.count(name) > 1} if len(set(folded)) < len(folded) else set()
    return {
        id_: safe_file_name(name.removesuffix(".pdf")[:60], f" {_facts_digest(id_)[:12]}.pdf")
        if name.casefold() in shared
        else name
        for id_, name in plain.items()
    }


def report_each(
    tasks: Iterable[ReportTask], ledger: Ledger, place: Execution, *, overwrite: bool = False
) -> Iterator[TaskOutcome[Any, Any]]:
    """Make the reports that are not done yet; workers render, this process writes and notes them.

    Writing here keeps the folder local to one machine. A report that cannot be written is a failed outcome, and the
    rest go on.
    """
    for outcome in run_tasks(
        render_report, [task for task in tasks if not ledger.is_done(task.name, _report_key(task))], place
    ):
        if outcome.result is None:
            yield outcome
            continue
        try:
            _write_report(outcome.task, outcome.result, ledger, overwrite)
            yield replace(outcome, result=None)
        except AssessorError as error:
            yield TaskOutcome(task=outcome.task, error=error)


def _write_report(task: ReportTask, pdf: bytes, ledger: Ledger, overwrite: bool) -> None:
    """Write a report, over one that this ledger wrote; raises `OutputExists` for any other file."""
    write_new(ledger.folder / task.name, pdf, overwrite=overwrite or ledger.is_unchanged(task.name))
    ledger.mark_done(task.name, _report_key(task))


def _report_key(task: ReportTask) -> str:
    """A digest of what a report is made from; not the day, so that a run goes on the day after."""
    words = _facts_digest(_exact_bank(task.bank, task.digest).wording(task.language))
    return _facts_digest(task.digest, task.library, task.row, task.language, task.program, words)


def render_report(task: ReportTask) -> bytes:
    """The report of one collaboration as PDF."""
    from assessor.report.library.one_collaboration import collaboration_document
    from assessor.report.pdf.layout import document_pdf

    return document_pdf(collaboration_document(report_content(task)))


def report_content(task: ReportTask) -> Report:
    """What the report of one collaboration says."""
    bank = _exact_bank(task.bank, task.digest)
    return Report(
        library=task.library,
        rows=(task.row,),
        instrument=bank.instrument,
        wording=bank.wording(task.language),
        language=task.language,
        made=task.made,
        program=task.program,
    )


def _facts_digest(*facts: object) -> str:
    """A digest of values by their `repr`; lone surrogates, which some paths contain, are kept apart."""
    return sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()
