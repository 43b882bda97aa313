"""The walk over a compiled diagram, not knowing included, as one small table an item.

The states that a walk may be in after each item are numbered from 0; a step tells, for each state and each response,
the number of the next. Nothing here needs more than the standard library.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from assessor.core.diagram import Diagram, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What the response to one item does."""

    item: str
    options: tuple[str, ...]
    #: For each state before, the states after: not known first, then one an option.
    after: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """All steps, from the only state before the first item to the ends."""

    steps: tuple[Step, ...]
    #: For each state after the last item, the placements possible, best level first.
    ends: tuple[tuple[str, ...], ...]


def steps(diagram: Diagram) -> Steps:
    """The steps of a diagram, in the order in which it tests its items."""
    found, states = [], [diagram.start]
    for item in diagram.order:
        rows = [tuple(_after(state, item, diagram.options[item])) for state in states]
        states = list({state.nodes: state for row in rows for state in row}.values())
        numbers = {state.nodes: number for number, state in enumerate(states)}
        after = tuple(tuple(numbers[state.nodes] for state in row) for row in rows)
        found.append(Step(item=item, options=diagram.options[item], after=after))
    return Steps(steps=tuple(found), ends=tuple(state.ends for state in states))


def _after(state: State, item: str, options: tuple[str, ...]) -> Iterator[State]:
    for response in (None, *options):
        yield state.edges[response] if state.item == item else state


@dataclass(frozen=True, kw_only=True, slots=True)
class Lot:
    """Steps taken together."""

    steps: tuple[Step, ...]
    #: For each state before, and for it each combination of responses with the last item's going fastest, the state
    #: after.
    after: tuple[int, ...]


def lots(found: Steps, most: int) -> tuple[Lot, ...]:
    """The steps taken together as far as a lot has at most `most` places; a single step may have more."""
    taken: list[list[Step]] = []
    places = most + 1
    for step in found.steps:
        places *= len(step.options) + 1
        if places > most:
            taken.append([])
            places = len(step.after) * (len(step.options) + 1)
        taken[-1].append(step)
    return tuple(map(_lot, taken))


def _lot(taken: list[Step]) -> Lot:
    after = tuple(range(len(taken[0].after)))
    for step in taken:
        after = tuple(chain.from_iterable(map(step.after.__getitem__, after)))
    return Lot(steps=tuple(taken), after=after)
