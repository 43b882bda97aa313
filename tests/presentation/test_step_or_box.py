"""Where the picture puts a collaboration: on a step, across the edge of one, or in a box beside."""

import pytest

from assessor.core.instrument import Instrument, Item, Outcome
from assessor.presentation.overview import step_or_box
from assessor.presentation.tones import UNSETTLED_ID

INSTRUMENT = Instrument(
    id="demo",
    version="1",
    items=(Item(id="one", options=("a", "b")),),
    outcomes=tuple(Outcome(id=id_) for id_ in ("customer", "first", "second", "third", "outside")),
    levels=("first", "second", "third"),
)


@pytest.mark.parametrize(
    ("placements", "stands"),
    [
        (("second",), (1, "")),
        (("customer",), (None, "customer")),
        (("first", "second"), (0, "")),
        (("first", "second", "third"), (1, "")),
        (("third", "outside"), (2, "")),
        (("second", "third", "outside"), (2, "")),
        (("first", "customer"), (None, UNSETTLED_ID)),
        (("second", "outside"), (None, UNSETTLED_ID)),
        (("customer", "outside"), (None, UNSETTLED_ID)),
    ],
)
def test_it_straddles_no_edge_where_it_cannot_stand(placements, stands):
    assert step_or_box(placements, INSTRUMENT) == stands
