"""Several raters on one collaboration: how they place it, how far they agree, and on which items they differ.

A `RatingTally` holds counts only, so that no rater's responses can be read from it; `reveals_individuals` guards
against reading them from the difference between two tallies.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from assessor.core.diagram import walk
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Responses
from assessor.core.routing import on_route, route
from assessor.core.workshop import MIN_RATERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """One rater's responses to one collaboration."""

    #: The respondent's id; distinguishes raters and is never shown.
    rater: str
    responses: Responses
    #: A placement id, `DONT_KNOW`, or None when not given.
    gut: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RatingTally:
    """What several raters gave to one collaboration, in counts."""

    raters: int = 0
    #: Raters by the placement that is settled for them, best level first.
    placements: Mapping[str, int] = field(default_factory=dict)
    #: Raters for whom more than one placement is possible.
    unsettled: int = 0
    #: Raters by gut feeling; `DONT_KNOW` is one.
    gut: Mapping[str, int] = field(default_factory=dict)
    #: By item, raters by option, in the item's order, `DONT_KNOW` last; what is off route is not counted.
    items: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: Raters whose gut feeling was the placement that their responses settle.
    as_felt: int = 0


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
class DisputedItem:
    """An item on which the raters differ."""

    item: str
    counts: Mapping[str, int]
    #: The share of pairs of raters who gave different options, 0 to 1; a don't know is left out.
    discordance: float


def tally_ratings(instrument: Instrument, ratings: Iterable[Rating]) -> RatingTally:
    """The counts over all raters."""
    listed = list(ratings)
    ends = [walk(instrument.diagram.start, on_route(instrument, rating.responses)).ends for rating in listed]
    settled = [end[0] if len(end) == 1 else None for end in ends]
    return RatingTally(
        raters=len(listed),
        placements=_ordered_counts(instrument.placements, filter(None, settled)),
        unsettled=settled.count(None),
        gut=_ordered_counts((*instrument.placements, DONT_KNOW), (rating.gut for rating in listed if rating.gut)),
        items=_counts_by_item(instrument, listed),
        as_felt=sum(end is not None and end == rating.gut for end, rating in zip(settled, listed, strict=True)),
    )


def _counts_by_item(instrument: Instrument, ratings: Sequence[Rating]) -> dict[str, dict[str, int]]:
    """By item, how many raters gave each option, of those on whose route it is."""
    given: dict[str, list[str]] = defaultdict(list)
    for rating in ratings:
        for item in route(instrument, rating.responses):
            if item.id in rating.responses:
                given[item.id].append(rating.responses[item.id])
    return {
        item.id: _ordered_counts((*item.options, DONT_KNOW), given[item.id])
        for item in instrument.items
        if given[item.id]
    }


def _ordered_counts(order: Sequence[str], given: Iterable[str]) -> dict[str, int]:
    counts = Counter(given)
    return {option: counts[option] for option in order if counts[option]}


def disputed_items(picture: RatingTally) -> tuple[DisputedItem, ...]:
    """The items on which raters differ, the widest split first, then in the instrument's order."""
    items = (
        DisputedItem(item=item, counts=counts, discordance=_discordance(counts))
        for item, counts in picture.items.items()
    )
    return tuple(sorted((split for split in items if split.discordance), key=lambda split: -split.discordance))


def _discordance(counts: Mapping[str, int]) -> float:
    agreeing = _observed_concordance({option: count for option, count in counts.items() if option != DONT_KNOW})
    return 0.0 if agreeing is None else 1 - agreeing


def most_common_responses(picture: RatingTally) -> dict[str, str]:
    """The option that most raters gave to each item; a don't know where two options are equally frequent."""
    return {item: _majority_option(counts) for item, counts in picture.items.items()}


def _majority_option(counts: Mapping[str, int]) -> str:
    heard = {option: count for option, count in counts.items() if option != DONT_KNOW}
    most = [option for option, count in heard.items() if count == max(heard.values())]
    return most[0] if len(most) == 1 else DONT_KNOW


def concordances(
    placed: Mapping[str, Mapping[str, int]], categories: int, at_least: int = MIN_RATERS
) -> dict[str, Concordance]:
    """By subject, how far its raters agree; `placed` holds how many gave it each placement.

    Agreement by chance is estimated over the whole room: Gwet's AC1 of a subject is (pa - pe) / (1 - pe), where pa is
    the share of its pairs of raters that agree, pe = sum of p (1 - p) / (q - 1) over the q categories, and p is a
    category's share averaged over all subjects that anybody rated. None for fewer raters than `at_least`, which is
    never under three. Source: K. L. Gwet, Computing inter-rater reliability and its variance in the presence of high
    agreement, British Journal of Mathematical and Statistical Psychology 61 (2008).
    """
    expected = _expected_concordance([counts for counts in placed.values() if sum(counts.values())], categories)
    enough = max(at_least, MIN_RATERS)
    return {subject: _concordance(counts, expected, enough) for subject, counts in placed.items()}


def _expected_concordance(subjects: Sequence[Mapping[str, int]], categories: int) -> float:
    shares: dict[str, float] = defaultdict(float)
    for counts in subjects:
        for category, count in counts.items():
            shares[category] += count / sum(counts.values()) / len(subjects)
    return sum(share * (1 - share) for share in shares.values()) / max(1, categories - 1)


def _concordance(counts: Mapping[str, int], expected: float, enough: int) -> Concordance:
    raters, observed = sum(counts.values()), _observed_concordance(counts)
    corrected = (observed - expected) / (1 - expected) if observed is not None and raters >= enough else None
    return Concordance(raters=raters, observed=observed, ac1=corrected)


def _observed_concordance(counts: Mapping[str, int]) -> float | None:
    """The share of pairs that agree; None where there is no pair."""
    total = sum(counts.values())
    pairs = total * (total - 1)
    return sum(count * (count - 1) for count in counts.values()) / pairs if pairs else None


def reveals_individuals(shown: RatingTally, now: RatingTally, at_least: int) -> bool:
    """Whether so few raters explain the difference between two tallies that showing both would give them away."""
    before, after = dict(_partitions(shown)), dict(_partitions(now))
    nobody_before, nobody_now = {"": shown.raters}, {"": now.raters}
    moved = max(
        _min_raters_changed(before.get(part, nobody_before), after.get(part, nobody_now))
        for part in before.keys() | after.keys()
    )
    return 0 < moved < at_least


def _partitions(picture: RatingTally) -> Iterator[tuple[str, dict[str, int]]]:
    """Each way a tally divides its raters, with those it says nothing about under the empty id."""
    counts_by_question = {"<placements>": picture.placements, "<gut>": picture.gut, "<felt>": {"felt": picture.as_felt}}
    for part, counts in {**counts_by_question, **picture.items}.items():
        yield part, {**counts, "": picture.raters - sum(counts.values())}


def _min_raters_changed(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    """The fewest raters whose change can explain the difference between the counts."""
    steps = [after.get(option, 0) - before.get(option, 0) for option in before.keys() | after.keys()]
    return max(sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0))


def dump_tally(picture: RatingTally) -> str:
    """A tally as JSON text, for the store."""
    return json.dumps(asdict(picture), separators=(",", ":"))


def parse_tally(text: str) -> RatingTally:
    """The tally in a text that `dump_tally` returned."""
    return RatingTally(**json.loads(text))
