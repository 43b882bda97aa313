"""What a history of entries amounts to: the latest of a kind and item counts, an empty value withdraws it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessor.core.responses import Entry, Responses


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """Everything that counts at the end of a history; the fields are those of an `Assessment`."""

    responses: Responses
    notes: Mapping[str, str]
    gut: str | None
    wanted: str | None
    gains: tuple[str, ...]


def given(history: Iterable[Entry]) -> Given:
    """What counts at the end of the history, whose order is by `seq`; what was given last comes last."""
    latest: dict[tuple[str, str], str] = {}
    for entry in sorted(history, key=lambda entry: entry.seq):
        latest.pop((entry.kind, entry.item), None)
        if entry.value:
            latest[entry.kind, entry.item] = entry.value
    return Given(
        responses=_of_kind(latest, "response"),
        notes=_of_kind(latest, "note"),
        gut=latest.get(("gut", "")),
        wanted=latest.get(("wanted", "")),
        gains=tuple(latest.get(("gains", ""), "").split()),
    )


def _of_kind(latest: Mapping[tuple[str, str], str], kind: str) -> dict[str, str]:
    return {item: value for (of, item), value in latest.items() if of == kind}
