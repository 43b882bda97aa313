"""An assessment's state from its history of entries: the latest of a kind and item counts, an empty value withdraws it.

The store only adds entries and never changes one; whatever reads an assessment computes its state here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessor.core.responses import Entry, Responses


@dataclass(frozen=True, kw_only=True, slots=True)
class CurrentState:
    """Everything that counts at the end of a history; the fields are those of an `Assessment`."""

    responses: Responses
    notes: Mapping[str, str]
    gut: str | None
    wanted: str | None
    gains: tuple[str, ...]


def current_state(history: Iterable[Entry]) -> CurrentState:
    """The state at the end of a history, ordered by `seq`; within it, what was given last comes last."""
    counts = latest_values(history)
    return CurrentState(
        responses=_values_of_kind(counts, "response"),
        notes=_values_of_kind(counts, "note"),
        gut=counts.get(("gut", "")),
        wanted=counts.get(("wanted", "")),
        gains=tuple(counts.get(("gains", ""), "").split()),
    )


def latest_values(history: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """The value that counts, by kind and item; withdrawn ones are absent, what was given last comes last."""
    counts: dict[tuple[str, str], str] = {}
    for entry in sorted(history, key=lambda entry: entry.seq):
        counts.pop((entry.kind, entry.item), None)
        if entry.value:
            counts[entry.kind, entry.item] = entry.value
    return counts


def _values_of_kind(counts: Mapping[tuple[str, str], str], kind: str) -> dict[str, str]:
    return {item: value for (of, item), value in counts.items() if of == kind}
