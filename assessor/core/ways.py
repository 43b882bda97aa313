"""What would move a placement: the cheapest way up and the smallest way down.

Both are cheapest paths on the compiled diagram. A way up must hold whatever the unknown responses turn out to be,
so it is sought among sets of nodes; a way down is found as soon as one completion falls, so it is sought among nodes.
Costs are tuples compared in order: what it takes, how many changes, and last the changes' places in the instrument,
so that ties are always broken alike.
"""

from collections.abc import Mapping
from heapq import heappop, heappush
from itertools import count

from assessor.core.diagram import State, walk
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.verdict import Change, Way

#: The size of a slip that the bank does not name: it does not come by itself.
UNLISTED_SLIP_SIZE = 9

#: The size of a slip that may come by itself any day.
SPONTANEOUS_SLIP_SIZE = 1

#: Places of the changed item and its new option in the instrument, sorted.
_SortKeys = tuple[tuple[int, int], ...]
_Cost = tuple[int, int, _SortKeys]


def way_up(instrument: Instrument, known: Mapping[str, str], goal: frozenset[str]) -> Way | None:
    """The changes of least effort after which only placements in `goal` are possible; None if no advised changes do it.

    Dijkstra over states: sets of nodes, so that the result holds whatever the unknown responses turn out to be.
    """
    order = count()
    diagram = instrument.diagram
    lost = {end for end, placement in enumerate(diagram.placements) if placement not in goal}
    queue: list[tuple[_Cost, int, State]] = []
    if lost.isdisjoint(diagram.start.nodes):
        queue.append(((0, 0, ()), next(order), diagram.start))
    settled: set[frozenset[int]] = set()
    while queue:
        (effort, _, places), _, state = heappop(queue)
        if state.nodes in settled:
            continue
        settled.add(state.nodes)
        if state.item is None:
            return _build_way(instrument, known, places, effort)
        now = known.get(state.item)
        for response, more, place in ((now or DONT_KNOW, 0, None), *instrument.advised_options[state.item]):
            after = state.edges[response]
            # An end stays possible whatever comes after it, so a state with a lost one leads nowhere.
            if after.nodes in settled or not lost.isdisjoint(after.nodes) or (place and response == now):
                continue
            added = tuple(sorted((*places, place))) if place else places
            heappush(queue, ((effort + more, len(added), added), next(order), after))
    return None


def way_down(instrument: Instrument, known: Mapping[str, str], lost: frozenset[str]) -> Way | None:
    """The fewest changes, then the smallest slips, after which a placement in `lost` is possible; None if never.

    Cheapest path over single nodes, each computed once: one bad completion of the unknown responses is enough.
    """
    diagram = instrument.diagram
    ends = {diagram.placements.index(placement) for placement in lost}
    costs: dict[int, _Cost | None] = {
        end: ((0, 0, ()) if end in ends else None) for end in range(diagram.first_inner_id)
    }

    def cost(number: int) -> _Cost | None:
        if number not in costs:
            depth, children = diagram.node(number)
            costs[number] = cheapest(diagram.order[depth], children)
        return costs[number]

    def cheapest(name: str, children: tuple[int, ...]) -> _Cost | None:
        now, best = known.get(name), None
        for option, child in zip(diagram.options[name], children, strict=True):
            below = cost(child)
            if below is None:
                continue
            if now is not None and option != now:
                size = instrument.by_id[name].slips.get(now, {}).get(option, UNLISTED_SLIP_SIZE)
                place = instrument.sort_key(name, option)
                below = (below[0] + 1, below[1] + size, tuple(sorted((*below[2], place))))
            if best is None or below < best:
                best = below
        return best

    least = cost(diagram.root)
    return None if least is None else _build_way(instrument, known, least[2], least[1])


def _build_way(instrument: Instrument, known: Mapping[str, str], places: _SortKeys, cost: int) -> Way:
    """The way with these changes, and the placements possible after them."""
    items = instrument.items
    changes = tuple(
        Change(item=items[at].id, before=known.get(items[at].id), after=items[at].options[option])
        for at, option in places
    )
    after = {**known, **{change.item: change.after for change in changes}}
    return Way(changes=changes, leads=walk(instrument.diagram.start, after).ends, cost=cost)
