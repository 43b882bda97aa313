"""What follows where a response may be read in several ways, as an older version of an instrument leaves it.

A reading of an item is one of the options that the response may mean by now. An item that is not named may be anything,
as an unanswered one may.
"""

from collections.abc import Mapping, Sequence

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW

#: Item id to the options that its response may mean.
Readings = Mapping[str, Sequence[str]]

_Node = tuple[str, tuple[int, ...]]


def parting_items(instrument: Instrument, readings: Readings) -> frozenset[str]:
    """The items of several readings on which the placement still depends, whatever the others are read as."""
    _, inner = _reachable(instrument, readings)
    return frozenset(item for item, _ in inner.values() if len(readings.get(item, ())) > 1)


def placements_within(instrument: Instrument, readings: Readings) -> tuple[str, ...]:
    """The placements that some choice of readings reaches, best level first."""
    ends, _ = _reachable(instrument, readings)
    return tuple(instrument.diagram.placements[end] for end in sorted(ends))


def _reachable(instrument: Instrument, readings: Readings) -> tuple[set[int], dict[int, _Node]]:
    """The ends that the readings lead to, and the nodes passed on the way, of the diagram reduced to the readings."""
    diagram = instrument.diagram
    root, nodes = _reduce(instrument, readings)
    ends: set[int] = set()
    passed: dict[int, _Node] = {}
    waiting = [root]
    while waiting:
        number = waiting.pop()
        if number < diagram.first_inner_id:
            ends.add(number)
        elif number not in passed:
            passed[number] = nodes[number]
            waiting.extend(nodes[number][1])
    return ends, passed


def _reduce(instrument: Instrument, readings: Readings) -> tuple[int, dict[int, _Node]]:
    """The root and the nodes left where each item is only what it may be read as; equal nodes are one."""
    diagram = instrument.diagram
    reduced = {end: end for end in range(diagram.first_inner_id)}
    number_of: dict[_Node, int] = {}
    for number, (depth, children) in enumerate(diagram.nodes, start=diagram.first_inner_id):
        item = diagram.order[depth]
        allowed = [option for option in readings.get(item, ()) if option != DONT_KNOW] or diagram.options[item]
        pairs = zip(diagram.options[item], children, strict=True)
        left = tuple(reduced[child] for option, child in pairs if option in allowed)
        is_same = left.count(left[0]) == len(left)
        reduced[number] = left[0] if is_same else number_of.setdefault((item, left), number)
    return reduced[diagram.root], {number: node for node, number in number_of.items()}
