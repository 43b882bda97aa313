"""A nation's picture: in how many libraries something is found, told so that no single one is told by it.

Only libraries that said yes are counted, each once in four quarters, together with all others that wait, five or more.
The counts get noise once (`core.noise`) and stay as they were drawn: that is a quarter's snapshot. So in the snapshots
of any four quarters a library has a part in one alone, and all of them together are at most `ODDS` times as likely
under one of its answers than under another. What people are shown is the sum of the snapshots of four quarters. Which
libraries said yes hangs on nothing that they answered.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assessor.core.instrument import Instrument
from assessor.core.noise import draw_noise, noise_margin
from assessor.core.portfolio import MIN_LIBRARIES

#: Quarters for which a library that was counted is not counted again.
QUARTERS_A_YEAR: Final = 4

#: Counts beside those of placements: libraries in which another party has answered for itself, and those in which most
#: of the parties that said whether they benefit say that they do.
PARTY_RESPONDED: Final = "party:responded"
PARTY_BENEFITS: Final = "party:benefits"
_PLACEMENT: Final = "placement:"


@dataclass(frozen=True, kw_only=True, slots=True)
class CountRange:
    """Between which numbers of libraries a count lies, but for one count in `noise.BEYOND_ONE_IN`."""

    low: int
    high: int
    libraries: int

    @property
    def is_most(self) -> bool | None:
        """Whether more than half of the libraries, or fewer; None where the noise hides which."""
        return True if 2 * self.low > self.libraries else False if 2 * self.high < self.libraries else None


@dataclass(frozen=True, kw_only=True, slots=True)
class NationSnapshot:
    """What was drawn in one quarter; it never changes."""

    #: As 2026-Q4.
    quarter: str
    day: date
    #: By whose questions and rules.
    instrument: str
    version: str
    #: How many were counted.
    libraries: int
    #: By what is counted, in how many of them it was found, with its noise; may lie below none or above all.
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class NationPicture:
    """The snapshots of four quarters added up; they count the same, by one questionnaire, each in other libraries."""

    #: The earliest first; at least one.
    snapshots: tuple[NationSnapshot, ...]

    @property
    def latest(self) -> NationSnapshot:
        """The one of the picture's own quarter."""
        return self.snapshots[-1]

    @property
    def counted(self) -> tuple[str, ...]:
        """What is counted, in order."""
        return tuple(self.latest.counts)

    @property
    def libraries(self) -> int:
        """How many are counted."""
        return sum(each.libraries for each in self.snapshots)

    def range_of(self, counted: str) -> CountRange:
        """Where a count lies, between none and all."""
        told, every = sum(each.counts[counted] for each in self.snapshots), self.libraries
        margin = noise_margin(len(self.counted), len(self.snapshots))
        low, high = (min(max(told + way * margin, 0), every) for way in (-1, 1))
        return CountRange(low=low, high=high, libraries=every)

    @property
    def tells_of_parties(self) -> bool:
        """Whether the parties' word is told: asked for, and surely of at least `MIN_LIBRARIES` libraries' parties."""
        return PARTY_RESPONDED in self.counted and self.range_of(PARTY_RESPONDED).low >= MIN_LIBRARIES


def picture_of(snapshots: Iterable[NationSnapshot]) -> NationPicture | None:
    """The picture of the latest snapshot's quarter; None without any. Earlier ones that do not fit it are left out."""
    every = sorted(snapshots, key=lambda each: each.quarter)
    fitting = (each for each in every if _fits(each, every[-1]))
    return NationPicture(snapshots=tuple(fitting)) if every else None


def _fits(earlier: NationSnapshot, latest: NationSnapshot) -> bool:
    near = quarters_between(earlier.quarter, latest.quarter) < QUARTERS_A_YEAR
    return near and (earlier.instrument, [*earlier.counts]) == (latest.instrument, [*latest.counts])


def quarter_of(day: date) -> str:
    """The quarter that a day is in, as 2026-Q4."""
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def quarters_between(one: str, other: str) -> int:
    """How many quarters lie between two, whichever is earlier; 0 for the same."""
    (year, number), (other_year, other_number) = (map(int, each.split("-Q")) for each in (one, other))
    return abs(4 * (year - other_year) + number - other_number)


def quarters_near(quarter: str) -> tuple[str, ...]:
    """All in which a library that is counted in this one may not be counted as well, this one and later ones too."""
    year, number = map(int, quarter.split("-Q"))
    near = range(4 * year + number - QUARTERS_A_YEAR, 4 * year + number + QUARTERS_A_YEAR - 1)
    return tuple(f"{each // 4:04}-Q{each % 4 + 1}" for each in near)


def counts_for(instrument: Instrument, *, asks_parties: bool) -> tuple[str, ...]:
    """What is counted with an instrument: each level, or each placement where it has no levels, and the parties' word.

    Few, as each makes the noise of all others larger.
    """
    placements = (f"{_PLACEMENT}{placement}" for placement in instrument.levels or instrument.placements)
    return (*placements, *((PARTY_RESPONDED, PARTY_BENEFITS) if asks_parties else ()))


def placement_counted(counted: str) -> str | None:
    """The placement of which something counts; None where it counts the parties' word."""
    return counted.removeprefix(_PLACEMENT) if counted.startswith(_PLACEMENT) else None


def library_part(placements: Iterable[str], party_benefits: Iterable[bool | None]) -> frozenset[str]:
    """What is found in a library: where its collaborations surely stand, and what its parties say of themselves.

    `party_benefits` has an element for each party that answered; None where it did not say.
    """
    said = tuple(party_benefits)
    told = [each for each in said if each is not None]
    parties = {PARTY_RESPONDED: bool(said), PARTY_BENEFITS: 2 * sum(told) > len(told)}
    return frozenset(
        {*(f"{_PLACEMENT}{each}" for each in placements), *(each for each, found in parties.items() if found)}
    )


def due_libraries(sharing: Iterable[str], counted: Mapping[str, Collection[str]], quarter: str) -> tuple[str, ...]:
    """Those of the sharing libraries that may be counted in a quarter; `counted` is by the quarter they were."""
    recent = {
        each for at, group in counted.items() if quarters_between(at, quarter) < QUARTERS_A_YEAR for each in group
    }
    return tuple(each for each in sharing if each not in recent)


def draw_snapshot(
    today: date,
    instrument: Instrument,
    counts: Sequence[str],
    parts: Collection[frozenset[str]],
    random_below: Callable[[int], int],
) -> NationSnapshot:
    """The snapshot of libraries that have these parts; noise is drawn with `random_below`, as `draw_noise` says."""
    noise = draw_noise(len(counts), random_below)
    return NationSnapshot(
        quarter=quarter_of(today),
        day=today,
        instrument=instrument.id,
        version=instrument.version,
        libraries=len(parts),
        counts={each: sum(each in part for part in parts) + added for each, added in zip(counts, noise, strict=True)},
    )
