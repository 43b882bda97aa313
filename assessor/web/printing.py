"""A report printed in a process of its own, which may take long, die or be ended without the pages noticing."""

import asyncio
import pickle
import sys
from dataclasses import replace
from typing import Final

from assessor.presentation.report import Report
from assessor.presentation.workshop_report import WorkshopReport
from assessor.web.errors import CannotPrint

#: Seconds for a report of any library.
PATIENCE: Final = 120.0


#: One at a time: a second click waits instead of taking the machine.
_TURN: Final = asyncio.Semaphore(1)


async def printed(report: Report | WorkshopReport) -> bytes:
    """The report as PDF; raises `CannotPrint`."""
    async with _TURN:
        return await _printed(report)


async def _printed(report: Report | WorkshopReport) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "assessor.web.printing",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, _ = await child.communicate(pickle.dumps(_bare(report)))
    except TimeoutError as problem:
        raise CannotPrint(reason=f"{PATIENCE:.0f} s") from problem
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not out.startswith(b"%PDF"):
        raise CannotPrint(reason=child.returncode)
    return out


def _bare(report: Report | WorkshopReport) -> Report | WorkshopReport:
    """Without the compiled rules, which no process could send another; a report needs only what came of them."""
    return replace(report, instrument=replace(report.instrument, kept=None))


def main() -> None:
    """Read a report that our own parent sends, write its PDF."""
    sys.stdout.buffer.write(_pdf(pickle.loads(sys.stdin.buffer.read())))  # noqa: S301 - from our own parent


def _pdf(report: Report | WorkshopReport) -> bytes:
    from assessor.report.pdf.layout import document_pdf, report_pdf
    from assessor.report.workshop.document import workshop_document

    return document_pdf(workshop_document(report)) if isinstance(report, WorkshopReport) else report_pdf(report)


if __name__ == "__main__":
    main()
