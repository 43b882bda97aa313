"""Rows into the values that everything else speaks in; pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from assessor.core.entries import current_state
from assessor.core.responses import Assessment, Collaboration, Entry
from assessor.store.database import Row

ENTRY_KINDS: Final = ("response", "note", "gut", "wanted", "gains")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """A moment as the whole number that is kept."""
    return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND


def in_utc(given: datetime) -> datetime:
    """A moment as it will come back."""
    return from_microseconds(to_microseconds(given))


def from_microseconds(kept: int) -> datetime:
    """A kept number as the moment in UTC."""
    return _EPOCH + kept * _MICROSECOND


def entry_from_row(row: Row) -> Entry:
    """The entry of a row that begins with its assessment."""
    _, seq, kind, item, value, at = row
    return Entry(seq=seq, kind=kind, item=item, value=value, at=from_microseconds(at))


def assessment_from_row(row: Row, history: Sequence[Entry]) -> Assessment:
    """The assessment of a row and its history."""
    id_, respondent, started, collaboration_id, library, party, undertaking, name, version, digest = row
    amount = current_state(history)
    return Assessment(
        id=id_,
        collaboration=Collaboration(id=collaboration_id, library=library, party=party, undertaking=undertaking),
        instrument=name,
        version=version,
        digest=digest,
        respondent=respondent,
        responses=amount.responses,
        notes=amount.notes,
        gut=amount.gut,
        wanted=amount.wanted,
        gains=amount.gains,
        started=from_microseconds(started),
        changed=history[-1].at if history else from_microseconds(started),
        history=tuple(history),
    )
