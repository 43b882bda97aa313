"""What a room has settled of one collaboration, and what is left to talk about, asked of the diagram.

An item that the room has settled has one option; one that nobody's telling covers, or that was left open by name, may
have any; every other has the options that somebody gave. An item decides where swapping one option for another that was
given moves the placement for some combination of the others, and the share of such swaps says how much. The room has
agreed once nothing decides any more that it has neither settled nor left open by name: whoever is right about the rest,
the placement is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument
from assessor.core.open_items import deciding_item_ids
from assessor.core.raters import DisputedItem, RatingTally, disputed_items
from assessor.core.responses import DONT_KNOW, Responses
from assessor.core.scoring import assess
from assessor.core.verdict import Verdict

#: By item, the options that it may have.
_Domains = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidingItem:
    """An item that can still move the placement, and where each option leads."""

    item: str
    #: Raters by option, as far as that was told.
    counts: Mapping[str, int]
    #: The part of the swaps of two of its options that move the placement, above 0 and at most 1.
    share: float
    #: By option that somebody gave (any where that was not told), the placements that are possible, best level first.
    leads: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomSettlement:
    """How far the room has come with one collaboration."""

    #: What the room has settled, `DONT_KNOW` where it left an item open; only items and options of the instrument.
    settled: Responses
    #: The items to talk about, the most deciding first.
    to_settle: tuple[DecidingItem, ...]
    #: Items on which raters differ without moving anything, the widest split first.
    folded: tuple[DisputedItem, ...]
    #: Items left open by name that can still move the placement, in the instrument's order.
    left_open: tuple[str, ...]
    #: The placements possible, best level first.
    placements: tuple[str, ...]
    #: Whether the room has begun to settle, and nothing is left.
    agreed: bool


def settle_room(instrument: Instrument, told: RatingTally | None, settled: Responses | None) -> RoomSettlement:
    """What is settled and what is left, by what was told of the raters; `settled` is None before the room has begun."""
    given = told or RatingTally()
    known = _understood(instrument, settled or {})
    domains = _domains(instrument, given, known)
    shares = {item.id: _deciding_share(instrument.diagram, domains, item.id) for item in instrument.items}
    to_settle = _in_talking_order(instrument, given, domains, shares, known)
    return RoomSettlement(
        settled=known,
        to_settle=to_settle,
        folded=tuple(each for each in disputed_items(given) if each.item not in known and not shares.get(each.item)),
        left_open=tuple(item for item, share in shares.items() if share and known.get(item) == DONT_KNOW),
        placements=_possible_placements(instrument.diagram, domains),
        agreed=settled is not None and not to_settle,
    )


def agreed_verdict(
    instrument: Instrument, told: RatingTally | None, settlement: RoomSettlement, wanted: str | None = None
) -> Verdict:
    """The verdict on what a room has agreed.

    What it left undiscussed counts as most gave it, which moves nothing; only what it settled is named as a reason.
    """
    verdict = assess(instrument, {**_most_given(instrument, told), **settlement.settled}, wanted)
    return replace(verdict, reasons=tuple(reason for reason in verdict.reasons if reason.item in settlement.settled))


def _most_given_option(instrument: Instrument, item: str, counts: Mapping[str, int]) -> str | None:
    """The option that most gave, the first of them where several are level; None where nobody gave any."""
    given = [option for option in instrument.by_id[item].options if counts.get(option)]
    return max(given, key=lambda option: counts[option], default=None)


def _most_given(instrument: Instrument, told: RatingTally | None) -> dict[str, str]:
    counts = told.items if told else {}
    most = {item.id: _most_given_option(instrument, item.id, counts.get(item.id, {})) for item in instrument.items}
    return {item: option for item, option in most.items() if option}


def _understood(instrument: Instrument, settled: Responses) -> dict[str, str]:
    """The responses whose item and option the instrument has."""
    return {
        item: option
        for item, option in settled.items()
        if item in instrument.by_id and option in (*instrument.by_id[item].options, DONT_KNOW)
    }


def _domains(instrument: Instrument, given: RatingTally, known: Responses) -> dict[str, tuple[str, ...]]:
    """By item, the options that it may have."""
    domains = {}
    for item in instrument.items:
        told = tuple(option for option in item.options if given.items.get(item.id, {}).get(option))
        response = known.get(item.id)
        if response == DONT_KNOW:
            domains[item.id] = item.options
        else:
            domains[item.id] = (response,) if response else told or item.options
    return domains


def _in_talking_order(
    instrument: Instrument,
    given: RatingTally,
    domains: _Domains,
    shares: Mapping[str, float],
    known: Responses,
) -> tuple[DecidingItem, ...]:
    """The items to settle, the most deciding first; the widest split where they are level, then the instrument's order.

    An item comes after those that decide whether it applies.
    """
    width = {each.item: each.discordance for each in disputed_items(given)}
    ranked = sorted(
        (item for item, share in shares.items() if share and item not in known),
        key=lambda item: (-shares[item], -width.get(item, 0.0), instrument.positions[item]),
    )
    return tuple(
        DecidingItem(
            item=item,
            counts=given.items.get(item, {}),
            share=shares[item],
            leads={
                option: _possible_placements(instrument.diagram, {**domains, item: (option,)})
                for option in domains[item]
            },
        )
        for item in _after_their_gates(instrument, ranked, known)
    )


def _after_their_gates(instrument: Instrument, ranked: Iterable[str], known: Responses) -> Iterable[str]:
    """The items in their order, each after those of them that decide whether it applies."""
    waiting = list(ranked)
    heard = {item: option for item, option in known.items() if option != DONT_KNOW}
    gates = {item: deciding_item_ids(instrument, heard, item) for item in waiting}
    while waiting:
        ready = next((item for item in waiting if not gates[item].intersection(waiting)), waiting[0])
        waiting.remove(ready)
        yield ready


def _deciding_share(diagram: Diagram, domains: _Domains, item: str) -> float:
    """The part of the swaps of two options of an item that move the placement, over all combinations of the others."""
    pairs = list(combinations(domains[item], 2))
    return sum(_moved_share(diagram, domains, item, pair) for pair in pairs) / len(pairs) if pairs else 0.0


def _moved_share(diagram: Diagram, domains: _Domains, item: str, swapped: tuple[str, str]) -> float:
    """The part of the combinations of the other items for which two options of one lead to different placements."""
    at = diagram.order.index(item)
    first, second = (diagram.options[item].index(option) for option in swapped)
    known: dict[tuple[int, int], float] = {}

    def moved(one: int, other: int) -> float:
        depth = min(diagram.depth(one), diagram.depth(other))
        if depth == len(diagram.order) or (one == other and depth > at):
            return float(one != other)
        if (one, other) not in known:
            known[one, other] = follow(depth, one, other)
        return known[one, other]

    def follow(depth: int, one: int, other: int) -> float:
        if depth == at:
            return moved(_child(diagram, one, depth, first), _child(diagram, other, depth, second))
        tested = diagram.order[depth]
        indices = [diagram.options[tested].index(option) for option in domains[tested]]
        steps = ((_child(diagram, one, depth, index), _child(diagram, other, depth, index)) for index in indices)
        return sum(moved(*step) for step in steps) / len(indices)

    return moved(diagram.root, diagram.root)


def _child(diagram: Diagram, node: int, depth: int, index: int) -> int:
    """Where a node leads for an option of the item at this depth; itself where it does not test that item."""
    return diagram.node(node)[1][index] if diagram.depth(node) == depth else node


def _possible_placements(diagram: Diagram, domains: _Domains) -> tuple[str, ...]:
    """The placements that some combination of these options leads to, best level first."""
    found, waiting = set(), [diagram.root]
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        if node >= diagram.first_inner_id:
            depth, children = diagram.node(node)
            tested = diagram.order[depth]
            waiting.extend(children[diagram.options[tested].index(option)] for option in domains[tested])
    return tuple(placement for end, placement in enumerate(diagram.placements) if end in found)
