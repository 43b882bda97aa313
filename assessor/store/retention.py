"""How long raw responses are kept after a workshop: what is past its days is erased whenever a store is opened.

A machine whose clock has jumped would erase answers that people were promised to have kept. So nothing is erased by
itself unless the clock can be followed from the closing until now without a gap as long as the shortest of the periods;
what is due then waits for a person's yes. What the room agreed on and the tallies stored when the workshop was closed
remain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from assessor.core.workshop import Workshop
from assessor.errors import AssessorError
from assessor.store.backup_files import Backup
from assessor.store.errors import StoreMoved
from assessor.store.workshop_store import WorkshopStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What an erasure removed, and where copies may still lie."""

    #: The number of assessments erased; 0 when they were gone already.
    count: int
    #: Backups that still hold it, the oldest first; each knows when it expires.
    backups: tuple[Backup, ...]
    #: On a server, whose own log and backups hold the rows until its administrator removes those.
    on_server: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Expiry:
    """Workshops whose days are over."""

    workshops: tuple[Workshop, ...]
    #: What was erased of them; None where the clock may be wrong, so that it waits for a yes, or where it failed.
    erasure: Erasure | None
    #: Why erasing failed, wholly or in part; None where it did not. It never stops who opens the store.
    refusal: AssessorError | None = None


class Retention:
    """Erases the raw responses of workshops that are past their days; `Store.retention` is one."""

    def __init__(
        self,
        workshops: WorkshopStore,
        clock: Callable[[], datetime],
        erase: Callable[[Sequence[Workshop]], Erasure],
    ) -> None:
        self._workshops = workshops
        self._clock = clock
        self._erase = erase
        #: Moments at which this process found the clock plausible, one an hour at the most.
        self._seen: dict[str, datetime] = {}

    def due_for_erasure(self) -> tuple[Workshop, ...]:
        """Closed workshops that are past their days and still have respondents in the store."""
        now = self._clock()
        return tuple(
            each
            for each in self._workshops.closed_with_raw_responses()
            if each.closed and now >= each.closed + timedelta(days=each.days)
        )

    def is_clock_plausible(self, due: Sequence[Workshop]) -> bool:
        """Whether the clock came from the closing of what is due until now without a jump, as far as can be told.

        A jump is a time as long as the shortest period, in which nothing was given or done and which this process did
        not see pass; or a moment that is still to come.
        """
        now, closed = self._clock(), [each.closed for each in due if each.closed]
        if not closed:
            return True
        moments = sorted({*closed, *self._workshops.moments_since(min(closed)), *self._seen.values(), now})
        shortest = timedelta(days=min(each.days for each in due))
        return moments[-1] == now and all(after - before < shortest for before, after in pairwise(moments))

    def expire_due(self) -> Expiry | None:
        """Erase what is due, unless the clock may be wrong; None where nothing is due."""
        due = self.due_for_erasure()
        if not self.is_clock_plausible(due):
            return Expiry(workshops=due, erasure=None)
        now = self._clock()
        self._seen.setdefault(f"{now:%Y-%m-%d %H}", now)
        return self._expire_as_told(due) if due else None

    def _expire_as_told(self, due: Sequence[Workshop]) -> Expiry:
        """What was erased, or why it was not; raises only `StoreMoved`, since then nothing may be kept either."""
        try:
            return Expiry(workshops=tuple(due), erasure=self.expire(due))
        except StoreMoved:
            raise
        except AssessorError as error:
            return Expiry(workshops=tuple(due), erasure=None, refusal=error)

    def expire(self, workshops: Sequence[Workshop]) -> Erasure:
        """Erase everybody who joined them and their responses, whatever the clock says; the rest stays."""
        return self._erase(workshops)
