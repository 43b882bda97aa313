"""Makes reports and other documents for the pages: a turn to wait for, and a process that makes them.

Laying out a large library takes seconds of CPU and a lot of memory, and the layout engine may crash or hang; even a
document as a page takes a tenth of a second, in which a server would answer nobody. In a process of its own it blocks
no other page, can be killed after a timeout, and gives its memory back. A thread would do none of this. The process
runs `document_process` (`DocumentProcess`). Unpickling is safe here because the parent is the only one who writes
to that pipe.
"""

import asyncio
import os
import pickle
import subprocess
import sys
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import IO, Final, cast

from markupsafe import Markup

from assessor.platform_calls import try_lock
from assessor.presentation.report import Report
from assessor.presentation.workshop_report import WorkshopReport
from assessor.setup.commands import typed_command
from assessor.usecases.documents import PreparedDocument, lay_out, to_send
from assessor.web.errors import NeedsProgram, PrintersBusy, PrintingFailed
from assessor.web.http.metrics import Metrics

#: Seconds after which the process is killed; far more than the largest library needs.
PRINT_TIMEOUT: Final = 120.0

#: How many may wait for their turn in one server process; and on a service, where it is not one's own, how many of one
#: person's, and for how many seconds each before they are told so: less than any proxy waits.
MAX_WAITING: Final = 60
MAX_OF_ONE: Final = 5
PATIENCE: Final = 25.0

#: Seconds without a document after which the process ends, and documents after which another one takes over.
IDLE_SECONDS: Final = 30.0
MAX_MADE: Final = 50

Printable = Report | WorkshopReport | PreparedDocument


#: Seconds between two looks whether another process of the service has given up its turn.
_LOOK_AGAIN: Final = 0.05


def turns_here() -> int:
    """How many documents this machine makes at once: half of its processors are left to the pages."""
    return max(1, (os.cpu_count() or 1) // 2)


class PrintQueue:
    """Makes a few documents at a time, for all processes of a service; others wait, and pages are served meanwhile.

    Whoever wants a document waits for their `turn` before anything is read for it. A turn is the lock on one of
    `shared`, files that all processes know, so that one that dies gives its turn back. Without them, this process has
    all turns.
    """

    def __init__(
        self, shared: Sequence[Path] = (), metrics: Metrics | None = None, patience: float | None = None
    ) -> None:
        self._shared = shared
        self._turn = asyncio.Semaphore(len(shared) or turns_here())
        self._metrics = metrics or Metrics()
        self._patience = patience
        self._max_of_one = MAX_WAITING if patience is None else MAX_OF_ONE
        self._waiting = Counter[Hashable]()
        self._idle: list[DocumentProcess] = []

    @asynccontextmanager
    async def turn(self, person: Hashable = None) -> AsyncIterator[None]:
        """Wait for a turn and hold it; raises `PrintersBusy` where that is too long, or too many wait already."""
        if self._waiting.total() >= MAX_WAITING or self._waiting[person] >= self._max_of_one:
            raise PrintersBusy()
        self._waiting[person] += 1
        self._metrics.document_waits()
        try:
            async with AsyncExitStack() as held:
                await self._wait(held)
                yield
        finally:
            self._waiting[person] -= 1
            self._waiting += Counter()  # without those who wait no more
            self._metrics.document_ended()

    async def _wait(self, held: AsyncExitStack) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await held.enter_async_context(self._turn)
                await held.enter_async_context(self._shared_turn())
        except TimeoutError as problem:
            raise PrintersBusy() from problem

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

    async def print(self, printable: Printable) -> bytes:
        """The document's file, made in a turn; raises `PrintingFailed`."""
        made = await self._make(lambda: pickle.dumps((_to_send(printable), None)))
        if not made.startswith((b"%PDF", b"PK\x03\x04")):  # what Word reads is a ZIP file
            raise PrintingFailed(reason=len(made), command=typed_command())
        return made

    async def page(self, printable: Printable, bar: Markup) -> str:
        """The same as a page that the browser prints, with `bar` above it; raises as `page_to_print` does."""
        made = await self._make(lambda: pickle.dumps((_to_send(printable), bar)))
        if not made:
            raise NeedsProgram()
        return made.decode()

    async def _make(self, pack: Callable[[], bytes]) -> bytes:
        """What a process makes of a document; one that fails, or whose document is waited for no more, is ended."""
        process = self._idle.pop() if self._idle else DocumentProcess()
        try:
            made = await asyncio.to_thread(lambda: process.make(pack()))
        except BaseException:
            process.end()
            raise
        if process.keeps_going:
            self._idle.append(process)
            asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle, process, process.made)
        else:
            process.end()
        return made

    def _end_idle(self, process: "DocumentProcess", made: int) -> None:
        """End a process that has made nothing since."""
        if process in self._idle and process.made == made:
            self._idle.remove(process)
            process.end()

    def close(self) -> None:
        """End the processes that wait."""
        while self._idle:
            self._idle.pop().end()


class DocumentProcess:
    """A process that makes one document after another, started when it is first asked; used from one thread at a time.

    Each way go eight bytes of length, and a pickled document with the bar of its page, or None for its file; back come
    the bytes. It ends when its input does, as when its parent dies.
    """

    def __init__(self) -> None:
        self.made = 0
        self._process: subprocess.Popen[bytes] | None = None
        #: Kills it, whatever it does; also when nobody knows it any more.
        self.end: Callable[[], object] = lambda: None

    @property
    def keeps_going(self) -> bool:
        """Whether it makes another document."""
        return self.made < MAX_MADE

    def make(self, packed: bytes) -> bytes:
        """What it made; empty where there is no such page. Raises `PrintingFailed` when it took too long or died."""
        process = self._process or self._start()
        self.made += 1
        timer = Timer(PRINT_TIMEOUT, process.kill)
        timer.start()
        try:
            _write_message(cast("IO[bytes]", process.stdin), packed)
            return _read_message(cast("IO[bytes]", process.stdout))
        except (OSError, EOFError) as problem:
            reason = process.wait() if timer.is_alive() else f"{PRINT_TIMEOUT:.0f} s"
            raise PrintingFailed(reason=reason, command=typed_command()) from problem
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        pipe, command = subprocess.PIPE, (sys.executable, "-m", "assessor.web.document_process")
        # In a session of its own, so that a Ctrl-C at the server is the server's alone.
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.end = weakref.finalize(self, _end_process, self._process)
        return self._process


def _end_process(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            pipe.close() if pipe else None


def _write_message(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(len(content).to_bytes(8, "big"))
    pipe.write(content)
    pipe.flush()


def _read_message(pipe: IO[bytes]) -> bytes:
    """The next message; raises `EOFError` at the end."""
    head = pipe.read(8)
    content = pipe.read(int.from_bytes(head, "big"))
    if len(head) < 8 or len(content) < int.from_bytes(head, "big"):
        raise EOFError
    return content


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


def make_documents() -> None:
    """Make the documents that come by stdin until it ends."""
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            printable, bar = pickle.loads(_read_message(sys.stdin.buffer))  # noqa: S301 - from our own parent
            _write_message(sys.stdout.buffer, _file_of(printable) if bar is None else _page_of(printable, bar))


def _page_of(printable: Printable, bar: Markup) -> bytes:
    """The document as a page; empty where it is none."""
    with suppress(NeedsProgram):
        return page_to_print(printable, bar).encode()
    return b""


def _file_of(report: Printable) -> bytes:
    """The file of a report; imports the layout engine here, so that the server never loads it.

    What was laid out is forgotten at once: an answer that is erased is not to lie here.
    """
    if isinstance(report, PreparedDocument):
        made = lay_out(report)
    else:
        from assessor.report.pdf.layout import document_pdf, report_pdf
        from assessor.report.workshop.document import workshop_document

        made = document_pdf(workshop_document(report)) if isinstance(report, WorkshopReport) else report_pdf(report)
    if layout := sys.modules.get("assessor.report.pdf.layout"):
        layout.clear_caches()
    return made
