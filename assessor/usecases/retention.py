"""How long raw responses are kept after a workshop: what is past its days is erased, unless the clock may be wrong.

A machine whose clock has jumped would erase answers that people were promised to have kept. So erasing by itself asks
`is_clock_plausible` first; a person can erase anyway. What the room agreed on and the tallies stored when the workshop
was closed remain.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from assessor.core.workshop import Workshop
from assessor.store import Erasure, Store

#: A clock further than this after the latest act is not trusted to erase by itself.
_MOST_CLOCK_JUMP: Final = timedelta(days=366)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Retention:
    """Erases the raw responses of workshops that are past their days; tests pass a `clock`."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = _utc_now) -> None:
        self._store = store
        self._clock = clock

    def due_for_erasure(self) -> tuple[Workshop, ...]:
        """Closed workshops that are past their days and still have respondents in the store."""
        now = self._clock()
        return tuple(
            each
            for each in self._store.workshops.all()
            if each.closed
            and now >= each.closed + timedelta(days=each.days)
            and self._store.workshops.respondents(each.id)
        )

    def is_clock_plausible(self) -> bool:
        """Whether the time is neither before the latest act in the store nor over a year after it."""
        newest, now = self._store.workshops.latest_activity(), self._clock()
        return newest is None or newest <= now <= newest + _MOST_CLOCK_JUMP

    def expire(self, workshops: Iterable[Workshop]) -> Erasure:
        """Erase everybody who joined them and their responses; what the rooms agreed on stays."""
        erasures = [self._store.erase_all_respondents(each.id) for each in workshops]
        return Erasure(
            count=sum(each.count for each in erasures),
            backups=tuple(dict.fromkeys(backup for each in erasures for backup in each.backups)),
            on_server=any(each.on_server for each in erasures),
        )
