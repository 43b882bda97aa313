"""Two copies of one history that went apart, merged: nothing given in either is lost, and what differs is told.

An entry is one thing wherever it is copied to, by its key, and names by their keys those it took the place of. Entries
are put in order by cause (what was replaced comes first), then by moment, then by key: the order depends on the entries
alone, so that merging is commutative, associative and idempotent. Of a kind and item, the entries that no other
replaced stand side by side; where their values differ it is a conflict. Until a new entry replaces them all, the last
in order counts. Nothing here reads, asks or prints.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final

from assessor.core.responses import Entry
from assessor.errors import N_, AssessorError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class EntriesDiffer(AssessorError):
    """One entry that says different things in two copies: one of them was changed by hand."""

    template = N_(
        "The entry {key} says different things in the two copies, so nothing was taken in; one of them was changed "
        "by hand: export again from the other"
    )
    exit_code = 65


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """What was given to one item in two copies, before either knew of the other."""

    kind: str
    item: str
    #: Those that nothing replaced yet, in order; the last counts.
    entries: tuple[Entry, ...]


def merged_history(*histories: Iterable[Entry]) -> tuple[Entry, ...]:
    """Every entry of all copies once, in order and numbered; all of them have keys. Raises `EntriesDiffer`."""
    union: dict[str, Entry] = {}
    for entry in (entry for history in histories for entry in history):
        known = union.get(entry.key)
        union[entry.key] = _same_entry(known, entry) if known else entry
    ordered = _without_withdrawn_notes(tuple(_in_order(union)))
    return tuple(replace(entry, seq=seq) for seq, entry in enumerate(ordered, 1))


def extended_history(here: Sequence[Entry], there: Sequence[Entry]) -> tuple[Entry, ...]:
    """What the copy here becomes: as it is without anything new, else what went on there alone, else both merged."""
    keys = [entry.key for entry in here]
    merged = merged_history(here, there)
    if len(merged) == len(here):
        by_key = {entry.key: entry for entry in merged}
        return tuple(replace(by_key[entry.key], seq=entry.seq) for entry in here)
    goes_on = [entry.key for entry in there[: len(here)]] == keys and not conflicts(merged)
    if not goes_on:
        return merged
    by_key = {entry.key: entry for entry in merged}
    return tuple(replace(by_key[entry.key], seq=seq) for seq, entry in enumerate(there, 1))


def _same_entry(one: Entry, other: Entry) -> Entry:
    """One entry of its two copies: a note that was erased in one of them is erased."""
    erased = one.kind == "note" and not (one.value and other.value)
    value = "" if erased else one.value
    if (one.kind, one.item, one.at, value) != (other.kind, other.item, other.at, "" if erased else other.value):
        raise EntriesDiffer(key=one.key)
    replaced = one.replaces if one.replaces == other.replaces else tuple(sorted({*one.replaces, *other.replaces}))
    return replace(one, value=value, replaces=replaced, who=max(one.who, other.who))


def _in_order(entries: Mapping[str, Entry]) -> Iterable[Entry]:
    """By cause, then moment, then key. Causes in a circle are parted at the earliest."""
    waits_for = {key: {cause for cause in entry.replaces if cause in entries} - {key} for key, entry in entries.items()}
    effects: dict[str, list[str]] = defaultdict(list)
    for key, causes in waits_for.items():
        for cause in causes:
            effects[cause].append(key)
    ready = [(entries[key].at, key) for key, causes in waits_for.items() if not causes]
    heapify(ready)
    earliest = iter(sorted(waits_for, key=lambda key: (entries[key].at, key)))
    while waits_for:
        key = heappop(ready)[1] if ready else next(earliest)
        if waits_for.pop(key, None) is None:
            continue
        yield entries[key]
        for effect in effects[key]:
            if effect in waits_for:
                waits_for[effect].discard(key)
                if not waits_for[effect]:
                    heappush(ready, (entries[effect].at, effect))


def _without_withdrawn_notes(ordered: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries, with no text of a note that a withdrawal took the place of, in whichever copy that was."""
    withdrawn: set[str] = set()
    kept = []
    for entry in reversed(ordered):
        if entry.kind == "note" and (not entry.value or entry.key in withdrawn):
            withdrawn.update(entry.replaces)
            entry = replace(entry, value="")
        kept.append(entry)
    return tuple(reversed(kept))


def conflicts(history: Iterable[Entry]) -> tuple[Conflict, ...]:
    """What is to be settled, in the order in which it was first given."""
    given: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in sorted(history, key=lambda entry: entry.seq):
        given[entry.kind, entry.item].append(entry)
    side_by_side = ((key, _unreplaced(entries)) for key, entries in given.items() if len(entries) > 1)
    return tuple(
        Conflict(kind=kind, item=item, entries=unreplaced)
        for (kind, item), unreplaced in side_by_side
        if len({entry.value for entry in unreplaced}) > 1
    )


def unreplaced_keys(history: Iterable[Entry], kind: str, item: str) -> tuple[str, ...]:
    """The keys of what stands side by side under a kind and item: what a new entry takes the place of."""
    given = [entry for entry in history if (entry.kind, entry.item) == (kind, item)]
    return tuple(entry.key for entry in _unreplaced(given))


def _unreplaced(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Of the entries of one kind and item, those that no other replaced.

    The latest alone where some are lacking, as in a condensed history: which they replaced is not known then.
    """
    keys = {entry.key for entry in entries}
    replaced = {key for entry in entries for key in entry.replaces}
    left = tuple(entry for entry in entries if entry.key not in replaced)
    return left if left and replaced <= keys else tuple(entries[-1:])


def with_keys(assessment: str, history: Iterable[Entry], known: Iterable[Entry]) -> tuple[Entry, ...]:
    """A history in which every entry has a key: that of the same entry in `known`, else one made of its facts.

    A made key is the same wherever the entry is taken in; the entry then replaces the one before it of its kind and
    item.
    """
    held: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in known:
        held[entry.kind, entry.item, entry.at].append(entry)
    latest: dict[tuple[str, str], str] = {}
    keyed = []
    for entry in history:
        keyed.append(entry if entry.key else _with_key(assessment, entry, held, latest))
        latest[entry.kind, entry.item] = keyed[-1].key
    return tuple(keyed)


def _with_key(
    assessment: str,
    entry: Entry,
    held: Mapping[tuple[object, ...], list[Entry]],
    latest: Mapping[tuple[str, str], str],
) -> Entry:
    alike = held.get((entry.kind, entry.item, entry.at), [])
    same = next((each for each in alike if _says_the_same(each, entry)), None)
    if same:
        alike.remove(same)
        return replace(entry, key=same.key, replaces=same.replaces, who=same.who)
    before = latest.get((entry.kind, entry.item))
    return replace(entry, key=derived_key(assessment, entry), replaces=(before,) if before else ())


def _says_the_same(one: Entry, other: Entry) -> bool:
    """Whether two entries of one moment have the same value; the text of a note may be erased in one."""
    return one.value == other.value or (one.kind == "note" and not (one.value and other.value))


def derived_key(assessment: str, entry: Entry) -> str:
    """The key of an entry that came without one: the same wherever it is taken in."""
    moment = str((entry.at.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1))
    facts = (assessment, str(entry.seq), entry.kind, entry.item, entry.value, moment)
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:32]
