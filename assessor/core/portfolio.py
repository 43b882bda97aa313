"""Several libraries together without ranking them: what they hold, and how far it spreads.

No figure rests on fewer than `MIN_LIBRARIES`, and none that does can be had by subtracting shown figures:

- what is withheld of a whole is more than one part, and of at least five libraries together;
- how many libraries have something is shown only where at least five have it not;
- groups of libraries are formed so that they are the same ones from either end.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeVar

from assessor.core.instrument import Instrument
from assessor.core.verdict import Standing, Verdict

_Kind = TypeVar("_Kind", bound=Hashable)

#: The fewest libraries that a figure rests on.
MIN_LIBRARIES: Final = 5

#: The kind of a collaboration for which more than one placement is possible.
UNSETTLED: Final = "unsettled"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartCount:
    """A part of a whole, over all libraries."""

    count: int
    #: How many libraries have any; all libraries where fewer than `MIN_LIBRARIES` have none.
    libraries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """A whole in parts, as far as they may be shown."""

    total: int
    #: The parts that may be shown singly, by kind, in the order given.
    parts: Mapping[str, PartCount]
    #: Kinds that are shown only together, in the order given; empty where every part is shown.
    withheld: tuple[str, ...] = ()
    #: All of `withheld` together; None where even that would rest on too few libraries.
    rest: PartCount | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How a share differs between libraries: the mean of each of up to three equal groups of them, lowest first.

    Rounded to a twentieth: a sharper mean of five, four of which have none, would be the share of the fifth.
    """

    mean: float
    #: Each of five libraries or more; one alone where the libraries are too few to part.
    groups: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Consortium:
    """Several libraries together, in figures that may be shown."""

    libraries: int
    collaborations: int
    placements: Shares
    #: By kind that is shown, a placement or `UNSETTLED`: its share of a library's collaborations.
    spreads: Mapping[str, Spread]
    #: By mark: met, unmet and unknown.
    marks: Mapping[str, Shares]
    #: By item and option: how many collaborations it would bring nearer to the next level, most first.
    steps: tuple[tuple[tuple[str, str], PartCount], ...]
    #: By item: in how many collaborations it is the most informative open item, most first.
    opens: tuple[tuple[str, PartCount], ...]


def summarize_consortium(instrument: Instrument, libraries: Sequence[Sequence[Verdict]]) -> Consortium:
    """The figures of several libraries; the caller passes at least `MIN_LIBRARIES`, each with at least one verdict."""
    kinds = (*instrument.placements, UNSETTLED)
    placed = [[verdict.placement or UNSETTLED for verdict in verdicts] for verdicts in libraries]
    standings = [standing.value for standing in Standing]
    shares = disclosable_shares(kinds, placed)
    shown = [kind for kind, part in shares.parts.items() if part.count]
    return Consortium(
        libraries=len(libraries),
        collaborations=sum(map(len, libraries)),
        placements=shares,
        spreads={kind: compute_spread([library.count(kind) / len(library) for library in placed]) for kind in shown},
        marks={
            mark.id: disclosable_shares(
                standings, [[verdict.marks[mark.id].value for verdict in library] for library in libraries]
            )
            for mark in instrument.marks
        },
        steps=_most_common([[step for verdict in library for step in _upward_steps(verdict)] for library in libraries]),
        opens=_most_open_items(
            [[verdict.open_items[0].item for verdict in library if verdict.open_items] for library in libraries]
        ),
    )


def _most_open_items(libraries: Sequence[Sequence[str]]) -> tuple[tuple[str, PartCount], ...]:
    """By item, how often it is the most informative open one, most first; what is left of the total is safe to show
    too.
    """
    items = tuple(dict.fromkeys(item for library in libraries for item in library))
    parts = disclosable_shares(items, libraries).parts.items()
    return tuple(sorted(parts, key=lambda pair: pair[1].count, reverse=True))


def _upward_steps(verdict: Verdict) -> Iterable[tuple[str, str]]:
    return [(change.item, change.after) for change in verdict.way_up.changes] if verdict.way_up else []


def disclosable_shares(kinds: Sequence[str], libraries: Sequence[Sequence[str]]) -> Shares:
    """The parts of a whole over all libraries, with those withheld that would rest on fewer than `MIN_LIBRARIES`."""
    parts = {kind: _count_part(kind, libraries) for kind in kinds}
    hidden = _withheld_kinds(kinds, libraries)
    among = _count_libraries_having(hidden, libraries)
    rest = PartCount(count=sum(parts[kind].count for kind in hidden), libraries=among)
    return Shares(
        total=sum(map(len, libraries)),
        parts={kind: _coarsen(part, len(libraries)) for kind, part in parts.items() if kind not in hidden},
        withheld=tuple(kind for kind in kinds if kind in hidden),
        rest=_coarsen(rest, len(libraries)) if hidden and among >= MIN_LIBRARIES else None,
    )


def _coarsen(part: PartCount, libraries: int) -> PartCount:
    """The part, its number of libraries replaced by all of them where fewer than `MIN_LIBRARIES` have none."""
    few = part.count and libraries - part.libraries < MIN_LIBRARIES
    return replace(part, libraries=libraries) if few else part


def _count_part(kind: _Kind, libraries: Sequence[Sequence[_Kind]]) -> PartCount:
    return PartCount(
        count=sum(library.count(kind) for library in libraries), libraries=sum(kind in library for library in libraries)
    )


def _withheld_kinds(kinds: Sequence[str], libraries: Sequence[Sequence[str]]) -> set[str]:
    """The parts that may not be shown singly: too few libraries have them, or they would give those away."""
    parts = {kind: _count_part(kind, libraries) for kind in kinds}
    hidden = {kind for kind, part in parts.items() if 0 < part.libraries < MIN_LIBRARIES}
    rest = sorted((kind for kind in kinds if parts[kind].count and kind not in hidden), key=lambda k: parts[k].count)
    while hidden and rest and _would_disclose(hidden, parts, libraries):
        hidden.add(rest.pop(0))
    return set(kinds) if hidden and not rest else hidden


def _would_disclose(hidden: set[str], parts: Mapping[str, PartCount], libraries: Sequence[Sequence[str]]) -> bool:
    """Whether what is withheld could still be inferred: five parts that come to five together are one each."""
    count = sum(parts[kind].count for kind in hidden)
    return len(hidden) < 2 or _count_libraries_having(hidden, libraries) < MIN_LIBRARIES or count < 2 * len(hidden)


def _count_libraries_having(kinds: set[str], libraries: Sequence[Sequence[str]]) -> int:
    return sum(any(kind in kinds for kind in library) for library in libraries)


def compute_spread(values: Sequence[float]) -> Spread:
    """The mean of at least `MIN_LIBRARIES` values, and of each of up to three equal groups of them.

    The groups from below are as large as those from above: of two kinds that make up the whole, the lowest of the one
    are the highest of the other, and unequal groups would show the library in which they differ.
    """
    ranked, count = sorted(values), min(3, len(values) // MIN_LIBRARIES)
    count = 1 if count == 2 and len(ranked) % 2 else count
    cuts = [round(at * len(ranked) / count) for at in range(count + 1)]
    groups = [ranked[begin:end] for begin, end in pairwise(cuts)]
    return Spread(mean=_rounded_mean(ranked), groups=tuple(map(_rounded_mean, groups)))


def _rounded_mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values) * 20) / 20


def _most_common(libraries: Sequence[Sequence[_Kind]]) -> tuple[tuple[_Kind, PartCount], ...]:
    """What enough libraries have, most first; of equals, the one met first."""
    counts = Counter(kind for library in libraries for kind in library)
    parts = ((kind, _count_part(kind, libraries)) for kind, _count in counts.most_common())
    return tuple((kind, _coarsen(part, len(libraries))) for kind, part in parts if part.libraries >= MIN_LIBRARIES)
