"""Entries in JSON: as a line, and read back. An assessment's history and a library's profile are written alike."""

import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final

from assessor.core.responses import Entry
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH
from assessor.errors import N_
from assessor.exchange.json_values import LocatedValue

_UNKNOWN_KIND = N_("{given!r} is not a kind of entry; choose one of: {known}")
_NOT_NUMBERED = N_("the entries are not numbered 1, 2, 3 …; export again")
_KEY_TWICE = N_("the key {given!r} stands twice in this history; export again")

_KEYS: Final = ("seq", "kind", "item", "value", "at")
#: What form 1 did not have.
_LATER_KEYS: Final = ("key", "replaces", "who")


def compact_json(value: object) -> str:
    """A value on one line, without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def json_list(parts: Iterable[str]) -> str:
    """A list with each element on a line of its own, so that a line number in an error is of use."""
    return "[" + ",".join(f"\n{part}" for part in parts) + "]"


def utc_stamp(moment: datetime) -> str:
    """A moment in UTC, always to the microsecond, so that equal moments are written alike."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def entry_json(entry: Entry) -> str:
    """An entry as an object on one line."""
    facts = {"seq": entry.seq, "kind": entry.kind, "item": entry.item, "value": entry.value, "at": utc_stamp(entry.at)}
    return compact_json({**facts, "key": entry.key, "replaces": list(entry.replaces), "who": entry.who})


def numbered_entries(located: LocatedValue, form: int) -> list[LocatedValue]:
    """The entries of a history; a gap or disorder in their numbers and a key that stands twice are noted."""
    keys = (*_KEYS, *(_LATER_KEYS if form > 1 else ()))
    parts = [part for part in located.elements() if part.has_exact_keys(*keys)]
    if [part.member("seq").as_whole_number() for part in parts] != list(range(1, len(parts) + 1)):
        located.add_problem(_NOT_NUMBERED)
    if form > 1:
        _refuse_repeated_keys(parts)
    return parts


def _refuse_repeated_keys(parts: Iterable[LocatedValue]) -> None:
    seen: set[object] = set()
    for part in parts:
        key = part.member("key").as_text(MAX_NAME_LENGTH)
        if key and key in seen:
            part.member("key").add_problem(_KEY_TWICE, given=key)
        seen.add(key)


def read_entry(located: LocatedValue, kinds: Collection[str]) -> Entry:
    """An entry of one of these kinds; those of form 1 have no key and replace nothing."""
    later = "key" in located.value
    entry = Entry(
        seq=located.member("seq").as_whole_number(),
        kind=located.member("kind").as_text(),
        item=located.member("item").as_text(MAX_NAME_LENGTH, empty=True),
        value=located.member("value").as_text(MAX_NOTE_LENGTH, empty=True),
        at=located.member("at").as_moment(),
        key=located.member("key").as_text(MAX_NAME_LENGTH) if later else "",
        replaces=_read_replaced(located.member("replaces")) if later else (),
        who=located.member("who").as_name(MAX_NAME_LENGTH, empty=True) if later else "",
    )
    if entry.kind and entry.kind not in kinds:
        located.member("kind").add_problem(_UNKNOWN_KIND, given=entry.kind, known=", ".join(kinds))
    return entry


def _read_replaced(located: LocatedValue) -> tuple[str, ...]:
    return tuple(part.as_name(MAX_NAME_LENGTH) for part in located.elements())
