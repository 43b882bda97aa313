"""How long raw responses are kept after a workshop: what is past its days is erased, unless the clock may be wrong."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from assessor.core.workshop import Workshop
from assessor.store import Erasure, Store

#: A clock that is further on than this since anything was last done is not trusted to erase by itself.
_MOST_CLOCK_JUMP: Final = timedelta(days=366)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Retention:
    """Erases the raw responses of workshops that are past their days."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = _utc_now) -> None:
        self._store = store
        self._clock = clock

    def due_for_erasure(self) -> tuple[Workshop, ...]:
        """Closed workshops whose raw responses are past their days."""
        now = self._clock()
        return tuple(
            each
            for each in self._store.workshops.all()
            if each.closed
            and now >= each.closed + timedelta(days=each.days)
            and self._store.workshops.respondents(each.id)
        )

    def is_clock_plausible(self) -> bool:
        """Whether the clock goes on from where it was: not before what was kept last, nor more than a year after."""
        newest, now = self._store.workshops.latest_activity(), self._clock()
        return newest is None or newest <= now <= newest + _MOST_CLOCK_JUMP

    def expire(self, workshops: Iterable[Workshop]) -> Erasure:
        """Erase everybody who joined them and their responses; what the rooms agreed on stays."""
        erased = [self._store.erase_all_respondents(each.id) for each in workshops]
        return Erasure(
            count=sum(each.count for each in erased),
            backups=tuple(dict.fromkeys(backup for each in erased for backup in each.backups)),
            on_server=any(each.on_server for each in erased),
        )
