"""Prints a report as PDF in a child process.

Laying out a large library takes seconds of CPU and a lot of memory, and the layout engine may crash or hang. In a
process of its own it blocks no other page, can be killed after a timeout, and gives its memory back. A thread would do
none of this. The child is this module run as a program: it reads the pickled report from stdin and writes the PDF to
stdout. Unpickling is safe here because the parent is the only one who writes to that pipe.
"""

import asyncio
import pickle
import sys
from dataclasses import replace
from typing import Final

from assessor.presentation.report import Report
from assessor.presentation.workshop_report import WorkshopReport
from assessor.setup.commands import typed_command
from assessor.web.errors import PrintingFailed

#: Seconds after which the child is killed; far more than the largest library needs.
PRINT_TIMEOUT: Final = 120.0

#: A second click waits for the first report instead of starting another process.
_ONE_AT_A_TIME: Final = asyncio.Semaphore(1)


async def print_pdf(report: Report | WorkshopReport) -> bytes:
    """The report as PDF; raises `PrintingFailed`. Waits while another report is being printed."""
    async with _ONE_AT_A_TIME:
        return await _print_in_child(report)


async def _print_in_child(report: Report | WorkshopReport) -> bytes:
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
            out, _ = await child.communicate(pickle.dumps(_without_compiled_rules(report)))
    except TimeoutError as problem:
        raise PrintingFailed(reason=f"{PRINT_TIMEOUT:.0f} s", command=typed_command()) from problem
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not out.startswith(b"%PDF"):
        raise PrintingFailed(reason=child.returncode, command=typed_command())
    return out


def _without_compiled_rules(report: Report | WorkshopReport) -> Report | WorkshopReport:
    """The report without its precompiled diagram, which cannot be pickled and is not printed."""
    return replace(report, instrument=replace(report.instrument, precompiled=None))


def report_html(report: Report) -> str:
    """The report as one HTML page, with its styles and typefaces inside."""
    from assessor.report.render import report_html as as_html

    return as_html(report)


def main() -> None:
    """Entry point of the child: read a report from stdin, write its PDF to stdout."""
    sys.stdout.buffer.write(_make_pdf(pickle.loads(sys.stdin.buffer.read())))  # noqa: S301 - from our own parent


def _make_pdf(report: Report | WorkshopReport) -> bytes:
    """The PDF of a report; imports the layout engine here, so that the server never loads it."""
    from assessor.report.pdf.layout import document_pdf, report_pdf
    from assessor.report.workshop.document import workshop_document

    return document_pdf(workshop_document(report)) if isinstance(report, WorkshopReport) else report_pdf(report)


if __name__ == "__main__":
    main()
