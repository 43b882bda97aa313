"""Several raters on one collaboration: how far they agree, and on which items they part."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Responses
from assessor.core.routing import route
from assessor.core.workshop import NEVER_UNDER


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """What one rater made of one collaboration."""

    #: The respondent's id; for telling raters apart, never for showing.
    rater: str
    #: Still possible by the rater's responses, best level first.
    placements: tuple[str, ...]
    responses: Responses
    #: A placement id, `DONT_KNOW`, or None when not given.
    gut: str | None = None

    @property
    def placement(self) -> str | None:
        """The placement when only one is possible."""
        return self.placements[0] if len(self.placements) == 1 else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Concordance:
    """How far the raters of one subject agree on its placement."""

    #: Raters whose placement is settled.
    raters: int
    #: The share of pairs of raters who agree, 0 to 1; None for fewer than two.
    observed: float | None
    #: Gwet's AC1, corrected for chance, at most 1; None for too few raters.
    ac1: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """An item on which the raters part."""

    item: str
    #: How many gave each option, in the item's order; `DONT_KNOW` last. Options that nobody gave are absent.
    counts: Mapping[str, int]
    #: The share of pairs of raters who gave different options, 0 to 1; a don't know is not a view.
    width: float


def concordances(
    placed: Mapping[str, Sequence[str]], categories: int, at_least: int = NEVER_UNDER
) -> dict[str, Concordance]:
    """By subject, how far its raters agree, from the placements that they gave it.

    Chance is what the room as a whole makes of it: Gwet's AC1 of a subject is (pa - pe) / (1 - pe), where pa is the
    share of its pairs that agree, pe = sum of p (1 - p) / (q - 1) over the q categories, and p is a category's share
    averaged over all subjects with two raters or more. Source: K. L. Gwet, Computing inter-rater reliability and its
    variance in the presence of high agreement, British Journal of Mathematical and Statistical Psychology 61 (2008).
    """
    expected = _by_chance([Counter(given) for given in placed.values() if len(given) > 1], categories)
    return {
        subject: _concordance(Counter(given), expected, max(at_least, NEVER_UNDER)) for subject, given in placed.items()
    }


def _by_chance(subjects: Sequence[Counter[str]], categories: int) -> float:
    shares: dict[str, float] = defaultdict(float)
    for counts in subjects:
        for category, count in counts.items():
            shares[category] += count / counts.total() / len(subjects)
    return sum(share * (1 - share) for share in shares.values()) / (categories - 1)


def _concordance(counts: Counter[str], expected: float, at_least: int) -> Concordance:
    observed = _pairs_agreeing(counts)
    enough = observed is not None and counts.total() >= at_least
    ac1 = (observed - expected) / (1 - expected) if observed is not None and enough else None
    return Concordance(raters=counts.total(), observed=observed, ac1=ac1)


def _pairs_agreeing(counts: Counter[str]) -> float | None:
    total = counts.total()
    if total < 2:
        return None
    return sum(count * (count - 1) for count in counts.values()) / (total * (total - 1))


def splits(instrument: Instrument, ratings: Iterable[Rating]) -> tuple[Split, ...]:
    """The items that split the raters, widest first, then in the instrument's order; what is off route is unheard."""
    heard = [_applying(instrument, rating.responses) for rating in ratings]
    found = (
        _split(item.id, item.options, [each[item.id] for each in heard if item.id in each]) for item in instrument.items
    )
    return tuple(sorted((split for split in found if split.width), key=lambda split: -split.width))


def _applying(instrument: Instrument, responses: Responses) -> dict[str, str]:
    return {item.id: responses[item.id] for item in route(instrument, responses) if item.id in responses}


def _split(item: str, options: Sequence[str], given: Sequence[str]) -> Split:
    counts = Counter(given)
    agreeing = _pairs_agreeing(Counter({option: counts[option] for option in options if counts[option]}))
    told = {option: counts[option] for option in (*options, DONT_KNOW) if counts[option]}
    return Split(item=item, counts=told, width=0.0 if agreeing is None else 1 - agreeing)
