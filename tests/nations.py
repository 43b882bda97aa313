"""Nations that share figures over some years, and somebody who works out from all that is told what one library has.

The inference is exact. What is told is read from the text that is kept, as anybody has it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations
from random import Random

from assessor.core.instrument import Instrument, Outcome
from assessor.core.nation import NationSnapshot, draw_snapshot, due_libraries, picture_of, quarter_of
from assessor.core.noise import noise_probability
from assessor.core.portfolio import MIN_LIBRARIES
from assessor.exchange.nation_document import dump_snapshot, parse_snapshot

INSTRUMENT = Instrument(id="demo", version="1", items=(), outcomes=(Outcome(id="outside"),))
QUARTERS = [date(year, month, 15) for year in (2026, 2027, 2028) for month in (2, 5, 8, 11)]
Part = frozenset[str]


@dataclass
class Nation:
    """What is told of a nation, and what really is."""

    #: What is counted.
    counts: tuple[str, ...]
    #: By quarter, the text that is kept; quarters without a picture are absent.
    told: dict[str, str] = field(default_factory=dict)
    #: By quarter in which a group was counted, the part of each of its libraries.
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)

    def snapshots_of(self, quarters: Sequence[str]) -> dict[str, NationSnapshot]:
        """By quarter, what is told of these."""
        return {each: parse_snapshot(self.told[each]) for each in quarters if each in self.told}

    def snapshots_shown_in(self, quarters: Sequence[str]) -> dict[str, NationSnapshot]:
        """By quarter, all that the pictures of these are the sums of, with what was drawn in the year before."""
        pictures = [
            picture_of(self.snapshots_of([each for each in self.told if each <= last]).values()) for last in quarters
        ]
        return {each.quarter: each for picture in pictures if picture for each in picture.snapshots}


def nation_drawn(random: Random, counts: int) -> Nation:
    """Three years of a nation in which libraries come, change, say no again and come back."""
    nation = Nation(tuple(f"placement:{number}" for number in range(counts)))
    libraries = [f"library {number}" for number in range(random.randint(MIN_LIBRARIES, 30))]
    likely = [random.random() for _ in nation.counts]
    sharing = {each for each in libraries if random.random() < 0.6}
    for today in QUARTERS:
        sharing ^= {each for each in libraries if random.random() < 0.12}
        parts = {each: _part(random, nation.counts, likely) for each in libraries}
        quarter = quarter_of(today)
        due = due_libraries(sorted(sharing), nation.parts, quarter)
        if len(due) >= MIN_LIBRARIES and random.random() < 0.9:
            counted = [parts[each] for each in due]
            drawn = draw_snapshot(today, INSTRUMENT, nation.counts, counted, random.randrange)
            nation.told[quarter], nation.parts[quarter] = dump_snapshot(drawn), {each: parts[each] for each in due}
    return nation


def _part(random: Random, counts: Sequence[str], likely: Sequence[float]) -> Part:
    return frozenset(each for each, chance in zip(counts, likely, strict=True) if random.random() < chance)


def all_parts(counts: Sequence[str]) -> list[Part]:
    """Every part that a library can have."""
    return [frozenset(some) for size in range(len(counts) + 1) for some in combinations(counts, size)]


def odds_with_all_but_one(nation: Nation, snapshot: NationSnapshot) -> dict[str, Fraction]:
    """By library, how many times as likely a snapshot's counts are under one part of it than under another, at most.

    The attacker has the parts of all others that are counted there.
    """
    parts = nation.parts[snapshot.quarter]
    sums = {each: sum(each in part for part in parts.values()) for each in nation.counts}
    noises = {each: snapshot.counts[each] - sums[each] for each in nation.counts}
    likely = {part: _odds(noises, part) for part in set(parts.values())}
    return {library: likely[part] for library, part in parts.items()}


def _odds(noises: Mapping[str, int], own: Part) -> Fraction:
    """The most that one part instead of another changes, where the true part of the library is `own`."""
    likely = [
        noise_probability([noise + (each in own) - (each in part) for each, noise in noises.items()])
        for part in all_parts(tuple(noises))
    ]
    return max(likely) / min(likely)


def certainties_with_one(
    nation: Nation,
    snapshots: Mapping[str, NationSnapshot],
    noise: Callable[[Sequence[int]], Fraction] = noise_probability,
) -> dict[tuple[str, str], Fraction]:
    """By quarter and count, how probable it is to the attacker that a library which was counted is in it.

    The attacker has the part of the first library, takes every part of the others for equally likely
    before, and of the others all are alike to them.
    """
    found = {}
    for quarter, snapshot in snapshots.items():
        (_own, known), *others = nation.parts[quarter].items()
        rest = _sums(len(others) - 1, nation.counts)
        for each in nation.counts:
            likely = {True: Fraction(0), False: Fraction(0)}
            for part in all_parts(nation.counts):
                told = [snapshot.counts[name] - (name in known) - (name in part) for name in nation.counts]
                likely[each in part] += sum(
                    ways * noise([one - other for one, other in zip(told, sums, strict=True)])
                    for sums, ways in rest.items()
                )
            found[quarter, each] = likely[True] / (likely[True] + likely[False])
    return found


def _sums(libraries: int, counts: Sequence[str]) -> Counter[tuple[int, ...]]:
    """In how many ways this many libraries come to each counts together."""
    sums: Counter[tuple[int, ...]] = Counter({(0,) * len(counts): 1})
    for _ in range(libraries):
        more: Counter[tuple[int, ...]] = Counter()
        for before, ways in sums.items():
            for part in all_parts(counts):
                more[tuple(value + (name in part) for value, name in zip(before, counts, strict=True))] += ways
        sums = more
    return sums


def no_noise(noise: Sequence[int]) -> Fraction:
    """As if the counts were told as they are."""
    return Fraction(not any(noise))
