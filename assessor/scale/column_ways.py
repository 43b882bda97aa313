"""The cheapest step up, for columns of responses: worked out once for rows that responded alike.

A way needs a search and cannot be tabulated as placements are, but millions of rows repeat a few thousand patterns of
responses. So rows are reduced to their different patterns, each pattern is asked of `core` once, and the answer is
remembered from one batch to the next.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assessor.core.instrument import Instrument
from assessor.core.routing import on_route
from assessor.core.scoring import way_up_of
from assessor.core.verdict import Way
from assessor.scale.column_placement import Codes

#: Ways cached before all are forgotten, some 100 MB; dropping everything needs no bookkeeping in the hot path.
MOST_CACHED_WAYS = 200_000


class WayUpFinder:
    """Finds for each row the cheapest set of changes to the level above the certain one."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        #: By the codes of one row as bytes; None where no change leads up.
        self._cache: dict[bytes, Way | None] = {}

    def find_ways(self, columns: Mapping[str, Codes]) -> tuple[list[Way | None], NDArray[np.intp]]:
        """The different ways, and for each row the index of its own among them.

        A way is None where the row is at the top already, or no set of changes is certain to lead up.
        """
        order = list(columns)
        rows = np.ascontiguousarray(np.column_stack([columns[item] for item in order]).astype(np.uint8))
        keys = rows.view(np.dtype((np.void, rows.shape[1]))).reshape(-1)
        patterns, pattern_of_row = np.unique(keys, return_inverse=True)
        return [self._cached_way(key.tobytes(), order) for key in patterns], pattern_of_row

    def _cached_way(self, key: bytes, order: list[str]) -> Way | None:
        """The way for one pattern of codes, in which 0 is not known."""
        if key not in self._cache:
            if len(self._cache) >= MOST_CACHED_WAYS:
                self._cache.clear()
            items = self.instrument.by_id
            responses = {item: items[item].options[code - 1] for item, code in zip(order, key, strict=True) if code}
            self._cache[key] = way_up_of(self.instrument, on_route(self.instrument, responses))
        return self._cache[key]
