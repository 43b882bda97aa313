"""An assessment's state from its history of entries: the latest of a kind and item counts, an empty value withdraws it.

The store only adds entries and never changes one; whatever reads an assessment computes its state here. What an entry
of each kind holds, and which item it stands under:

    response   option id or `DONT_KNOW`, under the item
    note       text, under the item; under the empty id, to the whole
    gut        placement id or `DONT_KNOW`
    wanted     placement id
    gains      gain ids joined by a blank
    ends       when the paper ends that the response to the item tells of: as `months.is_paper_end`
               has it, under the item
    goal       the id of the library's goal that the collaboration serves
    step       text, under the step's id, a dot, and the part of `STEP_PARTS` that it is
    quoted     yes or no: whether the note under this item may be quoted
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from assessor.core.responses import Assessment, Entry, PlannedStep, Responses

#: What an entry of an assessment may be.
ENTRY_KINDS: Final = ("response", "note", "gut", "wanted", "gains", "ends", "goal", "step", "quoted")

#: The parts of a step, each an entry of its own.
STEP_PARTS: Final = ("what", "who", "when")


@dataclass(frozen=True, kw_only=True, slots=True)
class CurrentState:
    """Everything that counts at the end of a history; the fields are those of an `Assessment`."""

    responses: Responses
    notes: Mapping[str, str]
    gut: str | None
    wanted: str | None
    gains: tuple[str, ...]
    ends: Mapping[str, str] = field(default_factory=dict)
    goal: str | None = None
    steps: tuple[PlannedStep, ...] = ()
    quoted: Mapping[str, bool] = field(default_factory=dict)


def current_state(history: Iterable[Entry]) -> CurrentState:
    """The state at the end of a history, ordered by `seq`; within it, what was given last comes last."""
    counts = latest_values(history)
    return CurrentState(
        responses=_values_of_kind(counts, "response"),
        notes=_values_of_kind(counts, "note"),
        gut=counts.get(("gut", "")),
        wanted=counts.get(("wanted", "")),
        gains=tuple(counts.get(("gains", ""), "").split()),
        ends=_values_of_kind(counts, "ends"),
        goal=counts.get(("goal", "")),
        steps=steps_from_parts(_values_of_kind(counts, "step")),
        quoted={item: value == "yes" for item, value in _values_of_kind(counts, "quoted").items()},
    )


def with_history(assessment: Assessment, history: Sequence[Entry]) -> Assessment:
    """The assessment at the end of another history, ordered by `seq`."""
    state = current_state(history)
    return replace(
        assessment,
        responses=state.responses,
        notes=state.notes,
        gut=state.gut,
        wanted=state.wanted,
        gains=state.gains,
        ends=state.ends,
        goal=state.goal,
        steps=state.steps,
        quoted=state.quoted,
        changed=history[-1].at if history else assessment.started,
        history=tuple(history),
    )


def latest_values(history: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """The value that counts, by kind and item; withdrawn ones are absent, what was given last comes last."""
    counts: dict[tuple[str, str], str] = {}
    for entry in sorted(history, key=lambda entry: entry.seq):
        counts.pop((entry.kind, entry.item), None)
        if entry.value:
            counts[entry.kind, entry.item] = entry.value
    return counts


def steps_from_parts(parts: Mapping[str, str]) -> tuple[PlannedStep, ...]:
    """The steps of their parts, sorted by their ids, whichever part was given first."""
    steps: dict[str, dict[str, str]] = {}
    for item, value in parts.items():
        id_, _dot, part = item.rpartition(".")
        steps.setdefault(id_, {})[part] = value
    return tuple(
        PlannedStep(id=id_, what=given.get("what", ""), who=given.get("who", ""), when=given.get("when", ""))
        for id_, given in sorted(steps.items())
    )


def _values_of_kind(counts: Mapping[tuple[str, str], str], kind: str) -> dict[str, str]:
    return {item: value for (of, item), value in counts.items() if of == kind}
