"""The walk over a compiled diagram, not knowing included, as one small table an item.

The states that a walk may be in after each item are numbered from 0; a step gives, for each state and each response,
the number of the next. `column_placement` packs these tables into numpy arrays and `rules_sql` into texts of SQL; both
take several steps together (`group_steps`), as a look-up costs about the same whether it answers one item or four.
Nothing here needs more than the standard library, so that SQL can be made without the extra.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from assessor.core.diagram import Diagram, State


@dataclass(frozen=True, kw_only=True, slots=True)
class TransitionStep:
    """What the response to one item does to the state."""

    item: str
    options: tuple[str, ...]
    #: For each state before, the states after: not known first, then one an option.
    next_states: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TransitionSteps:
    """All steps, from the only state before the first item to the ends."""

    steps: tuple[TransitionStep, ...]
    #: For each state after the last item, the placements possible, best level first.
    end_placements: tuple[tuple[str, ...], ...]


def build_steps(diagram: Diagram) -> TransitionSteps:
    """The steps of a diagram, in the order in which it tests its items; equal states after an item become one."""
    steps, states = [], [diagram.start]
    for item in diagram.order:
        rows = [tuple(_next_states(state, item, diagram.options[item])) for state in states]
        states = list({state.nodes: state for row in rows for state in row}.values())
        numbers = {state.nodes: number for number, state in enumerate(states)}
        after = tuple(tuple(numbers[state.nodes] for state in row) for row in rows)
        steps.append(TransitionStep(item=item, options=diagram.options[item], next_states=after))
    return TransitionSteps(steps=tuple(steps), end_placements=tuple(state.ends for state in states))


def _next_states(state: State, item: str, options: tuple[str, ...]) -> Iterator[State]:
    """The states after an item: not known first, then one an option; unchanged where the walk is not at this item."""
    for response in (None, *options):
        yield state.edges[response] if state.item == item else state


@dataclass(frozen=True, kw_only=True, slots=True)
class StepGroup:
    """Steps taken together, as one look-up."""

    steps: tuple[TransitionStep, ...]
    #: For each state before, and for it each combination of responses with the last item's going fastest, the state
    #: after.
    next_states: tuple[int, ...]


def group_steps(all_steps: TransitionSteps, most: int) -> tuple[StepGroup, ...]:
    """Consecutive steps taken together while a table has at most `most` entries; a single step may have more."""
    groups: list[list[TransitionStep]] = []
    entries = most + 1
    for step in all_steps.steps:
        entries *= len(step.options) + 1
        if entries > most:
            groups.append([])
            entries = len(step.next_states) * (len(step.options) + 1)
        groups[-1].append(step)
    return tuple(map(_combine_steps, groups))


def _combine_steps(steps: list[TransitionStep]) -> StepGroup:
    """One table for several steps: follow each next state through the next step's row."""
    after = tuple(range(len(steps[0].next_states)))
    for step in steps:
        after = tuple(chain.from_iterable(map(step.next_states.__getitem__, after)))
    return StepGroup(steps=tuple(steps), next_states=after)
