"""What a server counts of itself: how many requests and how long they took, never who asked or for what.

Each of several processes writes numbers of its own into memory that all of them share, so that whichever is asked adds
up all. A process that replaces another goes on with its numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import mmap

#: Upper bounds of the classes of durations, in seconds.
_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_STATUSES: Final = ("2xx", "3xx", "4xx", "5xx")
#: Where each number of a process lies in its row.
_STATUS_AT: Final = 0
_BUCKET_AT: Final = len(_STATUSES)
_MICROSECONDS_AT: Final = _BUCKET_AT + len(_BOUNDS) + 1
_DOCUMENTS_AT: Final = _MICROSECONDS_AT + 1
_WAITING_AT: Final = _DOCUMENTS_AT + 1
_FAULTS_AT: Final = _WAITING_AT + 1
_WIDTH: Final = _FAULTS_AT + 1

Row = memoryview


def shared_rows(processes: int) -> list[Row]:
    """Numbers for so many processes, all 0, which processes forked from here share."""
    import mmap

    return _rows_in(mmap.mmap(-1, 8 * _WIDTH * processes), processes)


def _rows_in(memory: bytearray | mmap.mmap, processes: int) -> list[Row]:
    numbers = memoryview(memory).cast("q")
    return [numbers[_WIDTH * at : _WIDTH * (at + 1)] for at in range(processes)]


class Metrics:
    """The numbers of one process beside those of the others; used from the event loop alone."""

    def __init__(self, rows: Sequence[Row] | None = None, own: int = 0) -> None:
        self._rows = rows or _rows_in(bytearray(8 * _WIDTH), 1)
        self._own = self._rows[own]
        self._own[_WAITING_AT] = 0

    def count_request(self, status: int, seconds: float) -> None:
        """Count a response."""
        self._own[_STATUS_AT + min(max(status // 100 - 2, 0), len(_STATUSES) - 1)] += 1
        self._own[_BUCKET_AT + bisect_left(_BOUNDS, seconds)] += 1
        self._own[_MICROSECONDS_AT] += int(seconds * 1e6)

    def count_fault(self) -> None:
        """Count a fault that was written to the log."""
        self._own[_FAULTS_AT] += 1

    def document_waits(self) -> None:
        """Count a document that was asked for."""
        self._own[_WAITING_AT] += 1

    def document_ended(self) -> None:
        """Count it as made, or as given up."""
        self._own[_WAITING_AT] -= 1
        self._own[_DOCUMENTS_AT] += 1

    def text(self) -> str:
        """All numbers, as Prometheus reads them."""
        return "\n".join((*self._lines([sum(column) for column in zip(*self._rows, strict=True)]), ""))

    def _lines(self, sums: Sequence[int]) -> Iterator[str]:
        yield "# TYPE assessor_requests_total counter"
        for at, status in enumerate(_STATUSES):
            yield f'assessor_requests_total{{status="{status}"}} {sums[_STATUS_AT + at]}'
        yield "# TYPE assessor_request_seconds histogram"
        for at, bound in enumerate((*_BOUNDS, "+Inf")):
            yield f'assessor_request_seconds_bucket{{le="{bound}"}} {sum(sums[_BUCKET_AT : _BUCKET_AT + at + 1])}'
        yield f"assessor_request_seconds_sum {sums[_MICROSECONDS_AT] / 1e6}"
        yield f"assessor_request_seconds_count {sum(sums[_BUCKET_AT : _BUCKET_AT + len(_BOUNDS) + 1])}"
        for name, kind, at in (
            ("documents_total", "counter", _DOCUMENTS_AT),
            ("documents_waiting", "gauge", _WAITING_AT),
            ("faults_total", "counter", _FAULTS_AT),
        ):
            yield f"# TYPE assessor_{name} {kind}"
            yield f"assessor_{name} {sums[at]}"
        yield "# TYPE assessor_processes gauge"
        yield f"assessor_processes {len(self._rows)}"
