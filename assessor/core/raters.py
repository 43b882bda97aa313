"""Several raters on one collaboration: how they place it, how far they agree, and on which items they differ.

A `RatingTally` holds counts only, and of those only what `core.disclosure` lets be told.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from assessor.core.diagram import walk
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Responses
from assessor.core.routing import on_route, route
from assessor.core.workshop import MIN_RATERS

#: What a ballot counts beside the items; no bank's id looks like these.
PLACEMENT, GUT, FELT = "<placement>", "<gut>", "<felt>"
#: The categories of a placement that is not settled, and of gut feelings beside what the responses settle.
UNSETTLED, SAME, OTHER = "<unsettled>", "<same>", "<other>"

#: What one rater adds to each count: by item, `PLACEMENT`, `GUT` or `FELT`, the option or other category.
Ballot = Mapping[str, str]


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
    """What several raters gave to one collaboration, in counts; what is withheld is empty or None."""

    raters: int = 0
    #: Raters among them whose paper the facilitator entered.
    on_paper: int = 0
    #: Raters by the placement that is settled for them, best level first.
    placements: Mapping[str, int] = field(default_factory=dict)
    #: Raters for whom more than one placement is possible.
    unsettled: int = 0
    #: Raters by gut feeling; `DONT_KNOW` is one.
    gut: Mapping[str, int] = field(default_factory=dict)
    #: By item, raters by option, in the item's order, `DONT_KNOW` last; what is off route is not counted.
    items: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: Raters whose gut feeling was the placement that their responses settle, of those whose gut feeling named one.
    as_felt: int | None = None
    felt: int | None = None


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
    """The counts over all raters, nothing withheld."""
    return tally_from_counts(instrument, count_ballots(ballot_of(instrument, rating) for rating in ratings))


def ballot_of(instrument: Instrument, rating: Rating) -> Ballot:
    """What one rater adds to each count; what is off their route is in none."""
    possible = walk(instrument.diagram.start, on_route(instrument, rating.responses)).ends
    settled = possible[0] if len(possible) == 1 else UNSETTLED
    ballot = {
        item.id: rating.responses[item.id]
        for item in route(instrument, rating.responses)
        if item.id in rating.responses
    }
    ballot[PLACEMENT] = settled
    if rating.gut:
        ballot[GUT] = rating.gut
    if rating.gut and rating.gut != DONT_KNOW:
        ballot[FELT] = SAME if rating.gut == settled else OTHER
    return ballot


def count_ballots(ballots: Iterable[Ballot]) -> dict[str, dict[str, int]]:
    """By item or other question of the ballots, how many gave each category."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for ballot in ballots:
        for question, category in ballot.items():
            counts[question][category] += 1
    return {question: dict(found) for question, found in counts.items()}


def tally_from_counts(
    instrument: Instrument, counts: Mapping[str, Mapping[str, int]], on_paper: int = 0
) -> RatingTally:
    """The tally of what `count_ballots` counted, in the instrument's order."""
    placed, felt = counts.get(PLACEMENT, {}), counts.get(FELT)
    return RatingTally(
        raters=sum(placed.values()),
        on_paper=on_paper,
        placements=_in_order(instrument.placements, placed),
        unsettled=placed.get(UNSETTLED, 0),
        gut=_in_order((*instrument.placements, DONT_KNOW), counts.get(GUT, {})),
        items={
            item.id: _in_order((*item.options, DONT_KNOW), counts[item.id])
            for item in instrument.items
            if counts.get(item.id)
        },
        as_felt=felt.get(SAME, 0) if felt else None,
        felt=sum(felt.values()) if felt else None,
    )


def counts_in_tally(tally: RatingTally) -> dict[str, dict[str, int]]:
    """The counts that `tally_from_counts` made the tally of."""
    counts = {PLACEMENT: {**tally.placements, UNSETTLED: tally.unsettled}, GUT: dict(tally.gut)}
    if tally.felt and tally.as_felt is not None:
        counts[FELT] = {SAME: tally.as_felt, OTHER: tally.felt - tally.as_felt}
    return {**counts, **{item: dict(found) for item, found in tally.items.items()}}


def _in_order(order: Sequence[str], counts: Mapping[str, int]) -> dict[str, int]:
    return {option: counts[option] for option in order if counts.get(option)}


def not_asked(picture: RatingTally, item: str) -> int:
    """How many of those who are counted gave nothing to an item that is told.

    It could not move their placement, was off their route, or they have not come to it; none of them said "don't know".
    """
    return max(0, picture.raters - sum(picture.items[item].values())) if item in picture.items else 0


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


def unanimous_responses(picture: RatingTally, at_least: int) -> dict[str, str]:
    """The option by item where all who know gave the same one, and at least so many know beside those on paper."""
    heard = {
        item: {option: n for option, n in counts.items() if option != DONT_KNOW}
        for item, counts in picture.items.items()
    }
    return {
        item: next(iter(counts))
        for item, counts in heard.items()
        if len(counts) == 1 and sum(counts.values()) - picture.on_paper >= at_least
    }


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


def without_small_counts(picture: RatingTally, at_least: int) -> RatingTally | None:
    """The tally without what fewer raters stand behind, as an earlier version may have stored it; None for too few."""
    if picture.raters < at_least:
        return None
    return replace(
        picture,
        gut=picture.gut if sum(picture.gut.values()) >= at_least else {},
        items={item: counts for item, counts in picture.items.items() if sum(counts.values()) >= at_least},
        as_felt=picture.as_felt if (picture.felt or 0) >= at_least else None,
        felt=picture.felt if (picture.felt or 0) >= at_least else None,
    )


def dump_tally(picture: RatingTally) -> str:
    """A tally as JSON text, for the store."""
    return json.dumps(asdict(picture), separators=(",", ":"))


def parse_tally(text: str) -> RatingTally:
    """The tally in a text that `dump_tally` returned."""
    return RatingTally(**json.loads(text))
