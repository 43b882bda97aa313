"""Use cases of thousands: files of answers placed, and a report for every collaboration.

What is sent to another process or machine is a task: plain values and the name of a bank. Whoever does it reads the
bank there and refuses when it is not the one that was meant.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assessor import bank
from assessor.core.instrument import Instrument
from assessor.errors import N_, AssessorError
from assessor.output_files import safe_name, write_new
from assessor.presentation.report import Report, Row
from assessor.safe_text import safe
from assessor.scale.ledger import Ledger
from assessor.scale.pool import Outcome, Place, each

if TYPE_CHECKING:
    from datetime import date

    from assessor.scale.file_placement import Placed, Placer, Wish


class BankDiffers(AssessorError):
    """A worker whose bank is not the one that the task means."""

    template = N_("The questionnaire {bank} is another version on the worker; install the same assessor on both")
    exit_code = 69


class SameName(AssessorError):
    """Two files whose outputs would have the same name."""

    template = N_("{first} and {second} would both be written as {name}; name one of them otherwise")
    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceTask:
    """A file to be placed."""

    bank: str
    digest: str
    source: Path
    target: Path
    wish: "Wish"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportTask:
    """A report to be made of one collaboration."""

    bank: str
    digest: str
    library: str
    row: Row
    language: str
    made: "date"
    program: str
    #: Of the file.
    name: str


def place_file(
    bank_name: str, source: Path, target: Path, wish: "Wish", told: Callable[[int], None] = lambda _: None
) -> "Placed":
    """Place one file in this process; `told` hears of the rows done."""
    return _strictly(_placer(bank_name, bank.load(bank_name).digest), source, target, wish, told)


def place_each(bank_name: str, tasks: Iterable[PlaceTask], ledger: Ledger, place: Place) -> Iterator[Outcome[Any, Any]]:
    """Place the files that are not done yet, and note each when it is."""
    waiting = [task for task in tasks if not ledger.done(task.target.name, _place_key(task))]
    again = [
        replace(task, wish=replace(task.wish, overwrite=True)) if ledger.ours(task.target.name) else task
        for task in waiting
    ]
    for outcome in each(_place, again, place):
        if outcome.error is None:
            ledger.add(outcome.task.target.name, _place_key(outcome.task))
        yield outcome


def place_tasks(bank_name: str, sources: Iterable[Path], folder: Path, ending: str, wish: "Wish") -> list[PlaceTask]:
    """A task for each file, its output in the folder under the same name; raises `SameName`."""
    digest = bank.load(bank_name).digest
    found: dict[str, PlaceTask] = {}
    for source in sources:
        name = f"{source.stem}.{ending}"
        if name.casefold() in found:
            other = found[name.casefold()].source
            raise SameName(first=safe(str(other)), second=safe(str(source)), name=safe(name))
        task = PlaceTask(bank=bank_name, digest=digest, source=source.absolute(), target=folder / name, wish=wish)
        found[name.casefold()] = task
    return list(found.values())


def _place_key(task: PlaceTask) -> str:
    """What the output of a task is made from: the file as it stands, the rules, and what is wished for."""
    facts: tuple[object, ...] = ()
    with suppress(OSError):
        stat = task.source.stat()
        facts = (stat.st_size, stat.st_mtime_ns)
    return _key(str(task.source), *facts, task.digest, task.wish.form, task.wish.way_up)


def _place(task: PlaceTask) -> "Placed":
    return _strictly(_placer(task.bank, task.digest), task.source, task.target, task.wish, lambda _: None)


def _strictly(placer: "Placer", source: Path, target: Path, wish: "Wish", told: Callable[[int], None]) -> "Placed":
    from assessor.scale.errors import BadObjects

    try:
        return placer.place(source, target, wish, told)
    except BadObjects:
        _tell_wrong(source, placer.instrument)
        raise


def _tell_wrong(source: Path, instrument: Instrument) -> None:
    """Raise what the strict reader of JSON finds wrong, with lines and paths."""
    from assessor.exchange import stream_cases

    with suppress(OSError), source.open("rb") as stream:
        for _case in stream_cases(stream, instrument, safe(str(source))):
            pass


@lru_cache(maxsize=4)
def _placer(bank_name: str, digest: str) -> "Placer":
    from assessor.scale.file_placement import Placer

    return Placer(_meant(bank_name, digest))


def _meant(bank_name: str, digest: str) -> Instrument:
    instrument = bank.load(bank_name)
    if instrument.digest != digest:
        raise BankDiffers(bank=safe(bank_name))
    return instrument


def report_tasks(content: Report, bank_name: str) -> list[ReportTask]:
    """A task for each collaboration of a report, each with a file name of its own."""
    names = _file_names([row.assessment for row in content.rows])
    return [
        ReportTask(
            bank=bank_name,
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
    """By id, a plain file name; of those that would be the same, each with a part of its id."""
    plain = {each.collaboration.id: safe_name(each.collaboration.name, ".pdf") for each in assessments}
    folded = [name.casefold() for name in plain.values()]
    shared = {name for name in folded if folded.count(name) > 1} if len(set(folded)) < len(folded) else set()
    return {
        id_: safe_name(name.removesuffix(".pdf")[:60], f" {_key(id_)[:12]}.pdf") if name.casefold() in shared else name
        for id_, name in plain.items()
    }


def report_each(
    tasks: Iterable[ReportTask], ledger: Ledger, place: Place, *, overwrite: bool = False
) -> Iterator[Outcome[Any, Any]]:
    """Make the reports that are not done yet; each is written whole, here, and then noted."""
    for outcome in each(render, [task for task in tasks if not ledger.done(task.name, _report_key(task))], place):
        if outcome.result is None:
            yield outcome
            continue
        try:
            _keep(outcome.task, outcome.result, ledger, overwrite)
            yield replace(outcome, result=None)
        except AssessorError as error:
            yield Outcome(task=outcome.task, error=error)


def _keep(task: ReportTask, pdf: bytes, ledger: Ledger, overwrite: bool) -> None:
    write_new(ledger.folder / task.name, pdf, overwrite=overwrite or ledger.ours(task.name))
    ledger.add(task.name, _report_key(task))


def _report_key(task: ReportTask) -> str:
    """What a report is made from; not the day, so that a run goes on the day after."""
    words = _words(task.bank, task.digest, task.language)
    return _key(task.digest, task.library, task.row, task.language, task.program, words)


@lru_cache(maxsize=8)
def _words(bank_name: str, _digest: str, language: str) -> str:
    return _key(bank.wording(bank_name, language))


def render(task: ReportTask) -> bytes:
    """The report of one collaboration as PDF."""
    from assessor.report.library.one_collaboration import single_document
    from assessor.report.pdf.layout import document_pdf

    return document_pdf(single_document(_content(task)))


def _content(task: ReportTask) -> Report:
    return Report(
        library=task.library,
        rows=(task.row,),
        instrument=_meant_once(task.bank, task.digest),
        wording=bank.wording(task.bank, task.language),
        language=task.language,
        made=task.made,
        program=task.program,
    )


@lru_cache(maxsize=4)
def _meant_once(bank_name: str, digest: str) -> Instrument:
    return _meant(bank_name, digest)


def _key(*facts: object) -> str:
    return sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()
