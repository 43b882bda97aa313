"""Rows into the values of `core`, and moments into the whole numbers that are stored; pure functions.

Moments are stored as microseconds since 1970 in UTC: SQLite has no type for them, and whole numbers sort and compare
alike in both databases.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from assessor.core.entries import with_history
from assessor.core.responses import Assessment, Collaboration, Entry
from assessor.store import storable_text
from assessor.store.database import Row

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
    _, seq, kind, item, value, at, key, replaces, who = row
    return Entry(
        seq=seq,
        kind=kind,
        item=item,
        value=value,
        at=from_microseconds(at),
        key=key,
        replaces=split_keys(replaces),
        who=who,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenEntry:
    """What is to become an entry, once its place in a history is known; None: as that place gives it."""

    kind: str
    item: str
    value: str
    key: str
    at: datetime | None = None
    replaces: tuple[str, ...] | None = None
    who: str = ""

    def as_entry(self, seq: int, latest: str | None, clock: Callable[[], datetime]) -> Entry:
        """The entry at a place of the history; `latest` is the key of the latest of its kind and item."""
        replaced = ((latest,) if latest else ()) if self.replaces is None else self.replaces
        return Entry(
            seq=seq,
            kind=self.kind,
            item=self.item,
            value=self.value,
            at=in_utc(self.at or clock()),
            key=self.key,
            replaces=replaced,
            who=self.who,
        )


def storable_entry(entry: Entry) -> Entry:
    """An entry from elsewhere as it would come back from the store; raises what `storable_text` does."""
    return replace(
        entry,
        item=storable_text.normalize_optional_name(entry.item),
        value=storable_text.validate_text(entry.value),
        key=storable_text.validate_key(entry.key),
        at=in_utc(entry.at),
    )


def entry_row(entry: Entry) -> dict[str, object]:
    """The columns of an entry by their names, but for what it belongs to."""
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "item": entry.item,
        "value": entry.value,
        "at": to_microseconds(entry.at),
        "key": entry.key,
        "replaces": join_keys(entry.replaces),
        "who": entry.who,
    }


def join_keys(keys: Iterable[str]) -> str:
    """Keys as the one text that is stored; no key has a line feed in it."""
    return "\n".join(keys)


def split_keys(text: str) -> tuple[str, ...]:
    """The keys of a stored text."""
    return tuple(text.split("\n")) if text else ()


def assessment_from_row(row: Row, history: Sequence[Entry]) -> Assessment:
    """An assessment of its row and history; its responses are computed from the history and stored nowhere."""
    id_, respondent, started, collaboration_id, library, party, undertaking, name, version, digest = row
    begun = from_microseconds(started)
    empty = Assessment(
        id=id_,
        collaboration=Collaboration(id=collaboration_id, library=library, party=party, undertaking=undertaking),
        instrument=name,
        version=version,
        digest=digest,
        respondent=respondent,
        responses={},
        started=begun,
        changed=begun,
    )
    return with_history(empty, history)
