"""Lays out a report or another document in a child process.

Laying out a large library takes seconds of CPU and a lot of memory, and the layout engine may crash or hang. In a
process of its own it blocks no other page, can be killed after a timeout, and gives its memory back. A thread would do
none of this. The child is this module run as a program: it reads the pickled report from stdin and writes the PDF to
stdout. Unpickling is safe here because the parent is the only one who writes to that pipe.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from markupsafe import Markup

from assessor.platform_calls import try_lock
from assessor.presentation.report import Report
from assessor.presentation.workshop_report import WorkshopReport
from assessor.setup.commands import typed_command
from assessor.usecases.documents import PreparedDocument, lay_out, to_send
from assessor.web.errors import NeedsProgram, PrintersBusy, PrintingFailed
from assessor.web.http.metrics import Metrics

#: Seconds after which the child is killed; far more than the largest library needs.
PRINT_TIMEOUT: Final = 120.0

#: How many may wait for their turn in one server process.
MAX_WAITING: Final = 60

Printable = Report | WorkshopReport | PreparedDocument


#: Seconds between two looks whether another process of the service has given up its turn.
_LOOK_AGAIN: Final = 0.05


def turns_here() -> int:
    """How many documents this machine lays out at once: half of its processors are left to the pages."""
    return max(1, (os.cpu_count() or 1) // 2)


class PrintQueue:
    """Lays out a few documents at a time, for all processes of a service; others wait, and pages are served meanwhile.

    A turn is the lock on one of `shared`, files that all processes know, so that one that dies gives its turn back.
    Without them, this process has all turns.
    """

    def __init__(self, shared: Sequence[Path] = (), metrics: Metrics | None = None) -> None:
        self._shared = shared
        self._turn = asyncio.Semaphore(len(shared) or turns_here())
        self._metrics = metrics or Metrics()
        self._waiting = 0

    async def print(self, printable: Printable) -> bytes:
        """The document's bytes; raises `PrintingFailed`, or `PrintersBusy` where too many wait already."""
        if self._waiting >= MAX_WAITING:
            raise PrintersBusy()
        self._waiting += 1
        self._metrics.document_waits()
        try:
            async with self._turn, self._shared_turn():
                return await _print_in_child(printable)
        finally:
            self._waiting -= 1
            self._metrics.document_ended()

    @asynccontextmanager
    async def _shared_turn(self) -> AsyncIterator[None]:
        held = self._take_turn()
        while self._shared and held is None:
            await asyncio.sleep(_LOOK_AGAIN)
            held = self._take_turn()
        try:
            yield
        finally:
            if held is not None:
                os.close(held)

    def _take_turn(self) -> int | None:
        locked = (try_lock(path) for path in self._shared)
        return next((each for each in locked if each is not None), None)


async def _print_in_child(report: Printable) -> bytes:
    """Run the child and return its output; raises `PrintingFailed` on a timeout, a crash or output that is no PDF."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "assessor.web.printing",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PRINT_TIMEOUT):
            out, _ = await child.communicate(pickle.dumps(_to_send(report)))
    except TimeoutError as problem:
        raise PrintingFailed(reason=f"{PRINT_TIMEOUT:.0f} s", command=typed_command()) from problem
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not out.startswith((b"%PDF", b"PK\x03\x04")):  # what Word reads is a ZIP file
        raise PrintingFailed(reason=child.returncode, command=typed_command())
    return out


def _to_send(report: Printable) -> Printable:
    """The report without its precompiled diagram, which cannot be pickled and is not printed."""
    if isinstance(report, PreparedDocument):
        return to_send(report)
    return replace(report, instrument=replace(report.instrument, precompiled=None))


def page_to_print(printable: Printable, bar: Markup) -> str:
    """A document as a page that the browser itself prints, with `bar` above it; raises `NeedsProgram` for what is none.

    It loads nothing: its styles and typefaces lie inside it.
    """
    from assessor.report.draft.pages import draft_document
    from assessor.report.paper.posters import cards_view, poster_view
    from assessor.report.paper.questionnaire import form_page
    from assessor.report.render import document_html, report_html
    from assessor.report.wall import wall_document
    from assessor.report.workshop.document import workshop_document

    match printable:
        case Report():
            return report_html(printable, bar)
        case WorkshopReport():
            return document_html(workshop_document(printable), bar)
        case PreparedDocument(kind="wall", content=(report,)):
            return document_html(wall_document(report), bar)
        case PreparedDocument(kind="form", content=(form,)):
            return form_page(form, bar)
        case PreparedDocument(kind="poster", content=(material,)):
            return poster_view(material).page(bar)
        case PreparedDocument(kind="cards", content=(material,)):
            return cards_view(material).page(bar)
        case PreparedDocument(kind="draft pdf", content=(draft, terms)):
            return document_html(draft_document(draft, terms), bar)
    raise NeedsProgram()


def main() -> None:
    """Entry point of the child: read a report from stdin, write its PDF to stdout; pages of the server go first."""
    if hasattr(os, "nice"):
        os.nice(10)
    sys.stdout.buffer.write(_make_pdf(pickle.loads(sys.stdin.buffer.read())))  # noqa: S301 - from our own parent


def _make_pdf(report: Printable) -> bytes:
    """The PDF of a report; imports the layout engine here, so that the server never loads it."""
    if isinstance(report, PreparedDocument):
        return lay_out(report)
    from assessor.report.pdf.layout import document_pdf, report_pdf
    from assessor.report.workshop.document import workshop_document

    return document_pdf(workshop_document(report)) if isinstance(report, WorkshopReport) else report_pdf(report)


if __name__ == "__main__":
    main()
