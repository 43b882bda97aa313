"""Rows into the values of `core`, and moments into the whole numbers that are stored; pure functions.

Moments are stored as microseconds since 1970 in UTC: SQLite has no type for them, and whole numbers sort and compare
alike in both databases.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from assessor.core.entries import current_state
from assessor.core.responses import Assessment, Collaboration, Entry
from assessor.store.database import Row

#: Kinds of entries that an assessment may have.
ENTRY_KINDS: Final = ("response", "note", "gut", "wanted", "gains")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """A moment as the whole number that is stored."""
    return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND


def in_utc(moment: datetime) -> datetime:
    """A moment as it will come back from the store."""
    return from_microseconds(to_microseconds(moment))


def from_microseconds(number: int) -> datetime:
    """A stored number as the moment in UTC."""
    return _EPOCH + number * _MICROSECOND


def entry_from_row(row: Row) -> Entry:
    """The entry of a row whose first column is its assessment."""
    _, seq, kind, item, value, at = row
    return Entry(seq=seq, kind=kind, item=item, value=value, at=from_microseconds(at))


def assessment_from_row(row: Row, history: Sequence[Entry]) -> Assessment:
    """An assessment of its row and history; its responses are computed from the history and stored nowhere."""
    id_, respondent, started, collaboration_id, library, party, undertaking, name, version, digest = row
    state = current_state(history)
    return Assessment(
        id=id_,
        collaboration=Collaboration(id=collaboration_id, library=library, party=party, undertaking=undertaking),
        instrument=name,
        version=version,
        digest=digest,
        respondent=respondent,
        responses=state.responses,
        notes=state.notes,
        gut=state.gut,
        wanted=state.wanted,
        gains=state.gains,
        started=from_microseconds(started),
        changed=history[-1].at if history else from_microseconds(started),
        history=tuple(history),
    )
