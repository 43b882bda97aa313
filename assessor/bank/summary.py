"""An instrument in a few figures, for `assessor bank show`."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessor.core.instrument import Instrument


@dataclass(frozen=True, kw_only=True, slots=True)
class InstrumentSummary:
    """The size of an instrument and where its combinations of responses lead."""

    items: int
    options: int
    #: Of one option for each item; don't know is not counted.
    combinations: int
    #: Of the diagram.
    nodes: int
    #: Placement id, best level first, to its part of all combinations, 0 to 1.
    shares: Mapping[str, float]


def describe(instrument: Instrument) -> InstrumentSummary:
    """The size of an instrument, and the share of all combinations of responses that each placement has."""
    diagram = instrument.diagram
    total = diagram.count_combinations()
    return InstrumentSummary(
        items=len(instrument.items),
        options=sum(len(item.options) for item in instrument.items),
        combinations=total,
        nodes=len(diagram.nodes),
        shares={placement: count / total for placement, count in diagram.counts_by_placement().items()},
    )
