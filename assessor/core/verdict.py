"""What `assess` returns: where a collaboration stands, why, what is open and what would move it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Standing(Enum):
    """How a mark stands. A don't know is never a no."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One response of a sufficient set, with where the criterion comes from."""

    item: str
    option: str
    #: Ids of headings in the instrument's sources.
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenItem:
    """An item without a known response that still matters."""

    item: str
    #: Bits of doubt about the placement that its response removes on average.
    information_gain: float
    #: For each option, the placements still possible after it, best level first.
    leads: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A response that becomes another; `before` is None when it was not known."""

    item: str
    before: str | None
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """The cheapest set of changes to somewhere, in the instrument's order."""

    changes: tuple[Change, ...]
    #: The placements possible once the changes are made, best level first.
    leads: tuple[str, ...]
    #: Up: the sum of the instrument's efforts. Down: the sum of its slips.
    cost: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Where a collaboration stands under one version of an instrument."""

    instrument: str
    version: str
    #: Still possible, best level first; one when certain.
    placements: tuple[str, ...]
    #: The number of the level when certain and on one.
    level: int | None
    #: The lowest level still possible, None while a placement without a level is possible: "level 2 for certain".
    certain_level: int | None
    reasons: tuple[Reason, ...]
    #: Most telling first.
    open_items: tuple[OpenItem, ...]
    #: To the level above the certain one; None at the highest, or where no advised change reaches it.
    way_up: Way | None
    #: To the wanted level; None where none is wanted, it is reached, or it cannot be advised.
    way_wanted: Way | None
    #: The smallest change that may lose the certain level; None where there is no level to lose.
    way_down: Way | None
    #: One change that may come by itself loses the level.
    fragile: bool
    marks: Mapping[str, Standing]
    #: Signals that hold for certain.
    signals: tuple[str, ...]

    @property
    def placement(self) -> str | None:
        """The placement when only one is possible."""
        return self.placements[0] if len(self.placements) == 1 else None
