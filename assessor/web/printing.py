"""A report printed in a process of its own, which may take long, die or be ended without the pages noticing."""

import asyncio
import pickle
import sys
from dataclasses import replace
from typing import Final

from assessor.presentation.report import Report
from assessor.presentation.workshop_report import WorkshopReport
from assessor.setup.commands import typed_command
from assessor.web.errors import PrintingFailed

#: Seconds for a report of any library.
PRINT_TIMEOUT: Final = 120.0


#: One at a time: a second click waits instead of taking the machine.
_ONE_AT_A_TIME: Final = asyncio.Semaphore(1)


async def print_pdf(report: Report | WorkshopReport) -> bytes:
    """The report as PDF; raises `CannotPrint`."""
    async with _ONE_AT_A_TIME:
        return await _print_in_child(report)


async def _print_in_child(report: Report | WorkshopReport) -> bytes:
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
    """Without the compiled rules, which no process could send another; a report needs only what came of them."""
    return replace(report, instrument=replace(report.instrument, precompiled=None))


def main() -> None:
    """Read a report that our own parent sends, write its PDF."""
    sys.stdout.buffer.write(_make_pdf(pickle.loads(sys.stdin.buffer.read())))  # noqa: S301 - from our own parent


def _make_pdf(report: Report | WorkshopReport) -> bytes:
    from assessor.report.pdf.layout import document_pdf, report_pdf
    from assessor.report.workshop.document import workshop_document

    return document_pdf(workshop_document(report)) if isinstance(report, WorkshopReport) else report_pdf(report)


if __name__ == "__main__":
    main()
