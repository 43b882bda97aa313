"""The cheapest step up, for columns of responses: worked out once for rows that responded alike."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assessor.core.instrument import Instrument
from assessor.core.routing import on_route
from assessor.core.scoring import way_up_of
from assessor.core.verdict import Way
from assessor.scale.column_placement import Codes

#: Ways kept before all are forgotten: some 100 MB.
MOST_CACHED_WAYS = 200_000


class WayUpFinder:
    """Finds for each row the cheapest set of changes to the level above the certain one."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._cache: dict[bytes, Way | None] = {}

    def find_ways(self, columns: Mapping[str, Codes]) -> tuple[list[Way | None], NDArray[np.intp]]:
        """The different ways there are, and for each row the place of its own among them."""
        order = list(columns)
        rows = np.ascontiguousarray(np.column_stack([columns[item] for item in order]).astype(np.uint8))
        keys = rows.view(np.dtype((np.void, rows.shape[1]))).reshape(-1)
        different, back = np.unique(keys, return_inverse=True)
        return [self._cached_way(key.tobytes(), order) for key in different], back

    def _cached_way(self, key: bytes, order: list[str]) -> Way | None:
        if key not in self._cache:
            if len(self._cache) >= MOST_CACHED_WAYS:
                self._cache.clear()
            options = self.instrument.by_id
            given = {item: options[item].options[code - 1] for item, code in zip(order, key, strict=True) if code}
            self._cache[key] = way_up_of(self.instrument, on_route(self.instrument, given))
        return self._cache[key]
