"""The walk over a compiled diagram, not knowing included, as one small table an item.

The states that a walk may be in after each item are numbered from 0; a step tells, for each state and each response,
the number of the next. Nothing here needs more than the standard library.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from assessor.core.diagram import Diagram, State


@dataclass(frozen=True, kw_only=True, slots=True)
class TransitionStep:
    """What the response to one item does."""

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
    """The steps of a diagram, in the order in which it tests its items."""
    found, states = [], [diagram.start]
    for item in diagram.order:
        rows = [tuple(_next_states(state, item, diagram.options[item])) for state in states]
        states = list({state.nodes: state for row in rows for state in row}.values())
        numbers = {state.nodes: number for number, state in enumerate(states)}
        after = tuple(tuple(numbers[state.nodes] for state in row) for row in rows)
        found.append(TransitionStep(item=item, options=diagram.options[item], next_states=after))
    return TransitionSteps(steps=tuple(found), end_placements=tuple(state.ends for state in states))


def _next_states(state: State, item: str, options: tuple[str, ...]) -> Iterator[State]:
    for response in (None, *options):
        yield state.edges[response] if state.item == item else state


@dataclass(frozen=True, kw_only=True, slots=True)
class StepGroup:
    """Steps taken together."""

    steps: tuple[TransitionStep, ...]
    #: For each state before, and for it each combination of responses with the last item's going fastest, the state
    #: after.
    next_states: tuple[int, ...]


def group_steps(found: TransitionSteps, most: int) -> tuple[StepGroup, ...]:
    """The steps taken together as far as a lot has at most `most` places; a single step may have more."""
    taken: list[list[TransitionStep]] = []
    places = most + 1
    for step in found.steps:
        places *= len(step.options) + 1
        if places > most:
            taken.append([])
            places = len(step.next_states) * (len(step.options) + 1)
        taken[-1].append(step)
    return tuple(map(_combine_steps, taken))


def _combine_steps(taken: list[TransitionStep]) -> StepGroup:
    after = tuple(range(len(taken[0].next_states)))
    for step in taken:
        after = tuple(chain.from_iterable(map(step.next_states.__getitem__, after)))
    return StepGroup(steps=tuple(taken), next_states=after)
