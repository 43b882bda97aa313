"""The items without a known response that can still change the placement, and how much each would tell.

What an item tells is worked out in `residuals`; here it is ranked, ties in the instrument's order.
"""

from collections.abc import Mapping

from assessor.core.diagram import Diagram, walk
from assessor.core.instrument import Instrument
from assessor.core.residuals import (
    Residual,
    ResidualNodes,
    information_gains,
    reduce_diagram,
    remaining_doubt,
    tested_items,
)
from assessor.core.verdict import OpenItem


def open_items(instrument: Instrument, known: Mapping[str, str]) -> tuple[OpenItem, ...]:
    """The items that can still change the placement, most informative first, ties in the instrument's order."""
    start = instrument.diagram.start
    gains = information_gains(reduce_diagram(instrument.diagram, known))
    return tuple(
        OpenItem(
            item=item,
            information_gain=gains[item],
            leads={option: walk(start, {**known, item: option}).ends for option in instrument.by_id[item].options},
        )
        for item in _rank_items(instrument, gains)
    )


def deciding_shares(instrument: Instrument) -> dict[str, float]:
    """By item, the part of the doubt about the placement that its response alone removes, 0 to 1; the most first."""
    rest = reduce_diagram(instrument.diagram, {})
    gains = information_gains(rest)
    doubt = remaining_doubt([rest.placement_masses[rest.root]])
    return {item: gains[item] / doubt for item in _rank_items(instrument, gains)}


def open_item_ids_of_residual(
    instrument: Instrument, nodes: ResidualNodes, root: int, masses: dict[int, list[float]]
) -> tuple[str, ...]:
    """The ids of `open_items`, for a caller that has the reduced diagram already.

    `masses` is empty at first and kept by the caller for as long as a number means the same node.
    """
    return _rank_items(instrument, information_gains(Residual(instrument.diagram, nodes, root, masses)))


def deciding_item_ids(instrument: Instrument, known: Mapping[str, str], item: str) -> set[str]:
    """The items without a known response that decide whether `item` applies."""
    diagram = instrument.applicability
    return tested_items(diagram, known, diagram.marks[item]) if item in diagram.marks else set()


def expected_items_left(diagram: Diagram, known: Mapping[str, str], asked: set[str]) -> float:
    """How many more items are asked on average until the placement is certain; those in `asked` do not count.

    Weighted as entropy is here: every placement is equally likely beforehand.
    """
    rest = reduce_diagram(diagram, known)
    steps = {end: [0.0] * len(diagram.placements) for end in range(diagram.first_inner_id)}
    for number, (item, children) in rest.nodes.items():
        columns = zip(rest.placement_masses[number], *(steps[child] for child in children), strict=True)
        steps[number] = [(item not in asked) * here + sum(below) / len(children) for here, *below in columns]
    return sum(steps[rest.root]) / sum(rest.placement_masses[rest.root])


def _rank_items(instrument: Instrument, gains: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted((item.id for item in instrument.items if item.id in gains), key=lambda item: -gains[item]))
