"""What a room may be told of its own answers: which raters a telling counts, and which of its counts it holds.

Four rules. The first three never look at what was answered; the fourth treats all of a group alike.

1. Raters who were counted alike in every telling so far are a group. Nothing told tells its members apart.
2. A telling takes up a change (somebody new, a changed response, somebody removed) only where at least the threshold of
   raters of one group change in the same way, and none or at least as many of that group do not. Until then each is
   counted as before: the late, the changed and the removed wait for company.
3. Raters whose paper the facilitator enters are counted, but towards no threshold: their responses are known to one.
   Where rule 4 counts raters, as many are left out as are on paper, and not those: else what is withheld would tell
   who on paper gave what.
4. A count is told once at least the threshold of raters stand behind its total, and told anew only where the categories
   of nobody or of at least as many have changed since it was told.

So whatever is worked out from all tellings together holds of a whole group: a response is certain only where all of a
group, without those whose responses one knows anyway, gave it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from assessor.core.raters import (
    Ballot,
    RatingTally,
    count_ballots,
    counts_in_tally,
    parse_tally,
    without_small_counts,
)
from assessor.core.workshop import Workshop

#: How a rater stands to the last telling.
_AS_COUNTED, _CHANGED, _GONE = "as counted", "changed", "gone"
#: The version of a rater who is not counted.
NOT_COUNTED: Final = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class RaterVersion:
    """A rater as they are now."""

    #: Rises with everything they give; `NOT_COUNTED` where nothing of theirs counts.
    version: int
    #: Whether they answered themselves; False where the facilitator enters their paper.
    own: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomBallots:
    """What the raters of one subject gave, now and as it was counted before."""

    standings: Mapping[str, RaterVersion]
    #: By rater and version.
    ballots: Mapping[tuple[str, int], Ballot]


@dataclass(frozen=True, kw_only=True, slots=True)
class Disclosure:
    """What has been told of one subject, and whom it counted."""

    #: As `count_ballots` returns them; a question that was never told is absent.
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: By rater, the version that each telling counted.
    counted: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    #: By question, the number from 0 of the telling that its counts come from.
    told_at: Mapping[str, int] = field(default_factory=dict)


def told_of_unknown_raters(told: RatingTally) -> Disclosure:
    """What an earlier version told without keeping whom it counted; nothing can be told beside it."""
    return Disclosure(counts=counts_in_tally(told), counted={"": (1,)})


def next_disclosure(before: Disclosure, room: RoomBallots, at_least: int) -> Disclosure:
    """What may be told now, with `at_least` as the threshold; `before` itself where nothing more may be."""
    latest = {rater: versions[-1] for rater, versions in before.counted.items()}
    admitted = _admitted_versions(before, room, at_least)
    if admitted == latest or not _are_known(before.counted, admitted, room):
        return before
    telling = max(map(len, before.counted.values()), default=0)
    counted = {
        rater: (*before.counted.get(rater, (NOT_COUNTED,) * telling), version) for rater, version in admitted.items()
    }
    return _with_counts(Disclosure(counts=before.counts, counted=counted, told_at=before.told_at), room, at_least)


def _are_known(counted: Mapping[str, tuple[int, ...]], admitted: Mapping[str, int], room: RoomBallots) -> bool:
    """Whether all ballots that a telling has to compare are there; not once somebody's responses were erased."""
    pairs = ((rater, version) for rater, versions in counted.items() for version in versions)
    return all(pair in room.ballots for pair in chain(pairs, admitted.items()) if pair[1] != NOT_COUNTED)


def is_waiting(now: Disclosure, room: RoomBallots) -> bool:
    """Whether a change of anybody is not counted yet."""
    counted = {rater: versions[-1] for rater, versions in now.counted.items()}
    return any(standing.version != counted.get(rater, NOT_COUNTED) for rater, standing in room.standings.items())


def _admitted_versions(before: Disclosure, room: RoomBallots, at_least: int) -> dict[str, int]:
    """By rater, the version that a telling counts now; raters who were never counted are absent."""
    admitted = {rater: versions[-1] for rater, versions in before.counted.items()}
    for group, raters in _groups(before, room).items():
        by_change: dict[str, list[str]] = defaultdict(list)
        for rater in raters:
            by_change[_change(room.standings.get(rater), admitted.get(rater, NOT_COUNTED))].append(rater)
        for change in _accepted_changes(by_change, room, at_least, is_new=not group):
            admitted.update({rater: room.standings[rater].version for rater in by_change[change]})
    return admitted


def _groups(before: Disclosure, room: RoomBallots) -> dict[tuple[object, ...], list[str]]:
    """Raters by how they were counted so far; those who never were are under the empty one."""
    groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for rater in before.counted.keys() | room.standings.keys():
        versions = before.counted.get(rater, ())
        pattern = (
            (version == NOT_COUNTED, version == earlier)
            for version, earlier in zip(versions, (NOT_COUNTED, *versions), strict=False)
        )
        groups[tuple(pattern)].append(rater)
    return groups


def _change(standing: RaterVersion | None, counted: int) -> str:
    if standing is None or standing.version == counted:
        return _AS_COUNTED
    return _GONE if standing.version == NOT_COUNTED else _CHANGED


def _accepted_changes(
    by_change: Mapping[str, list[str]], room: RoomBallots, at_least: int, *, is_new: bool
) -> tuple[str, ...]:
    """The changes of one group that enough of it made; as many of them as leave enough behind, or nobody."""
    enough = {change: _own(raters, room) >= at_least for change, raters in by_change.items()}
    changes = sorted(
        (change for change in by_change if change != _AS_COUNTED and enough[change]),
        key=lambda change: -len(by_change[change]),
    )
    for accepted in (changes, changes[:1], changes[1:]):
        left = [rater for change, raters in by_change.items() if change not in accepted for rater in raters]
        if is_new or not left or _own(left, room) >= at_least:
            return tuple(accepted)
    return ()


def _own(raters: Iterable[str], room: RoomBallots) -> int:
    """How many of these raters answered themselves."""
    return sum(room.standings[rater].own for rater in raters if rater in room.standings)


def _with_counts(now: Disclosure, room: RoomBallots, at_least: int) -> Disclosure:
    """The disclosure with each count that may be told, or told anew, by its last telling."""
    telling = max(map(len, now.counted.values())) - 1
    ballots = _ballots_at(now, room, telling)
    counts, told_at = dict(now.counts), dict(now.told_at)
    enough = at_least + len(now.counted) - _own(now.counted, room)
    for question, found in count_ballots(ballots.values()).items():
        given = {rater: ballot[question] for rater, ballot in ballots.items() if question in ballot}
        if len(given) >= enough and _may_replace(question, given, now, room, enough):
            counts[question], told_at[question] = found, telling
    return Disclosure(counts=counts, counted=now.counted, told_at=told_at)


def _may_replace(question: str, given: Mapping[str, str], now: Disclosure, room: RoomBallots, enough: int) -> bool:
    """Whether enough raters give another category than when the question was told, or it was not told yet."""
    if question not in now.told_at:
        return True
    earlier = _ballots_at(now, room, now.told_at[question])
    was = {rater: ballot[question] for rater, ballot in earlier.items() if question in ballot}
    return sum(was.get(rater) != given.get(rater) for rater in was.keys() | given.keys()) >= enough


def _ballots_at(now: Disclosure, room: RoomBallots, telling: int) -> dict[str, Ballot]:
    """By rater, what a telling counted of them."""
    return {
        rater: room.ballots[rater, versions[telling]] for rater, versions in now.counted.items() if versions[telling]
    }


def paper_counted(now: Disclosure, room: RoomBallots) -> int:
    """How many of those counted last have their paper entered by the facilitator."""
    counted = [rater for rater, versions in now.counted.items() if versions[-1]]
    return len(counted) - _own(counted, room)


def revealed_tally(workshop: Workshop, subject: str) -> RatingTally | None:
    """What has been told of a collaboration or a written case; None before, or where it was of too few."""
    text = workshop.revealed.get(subject)
    return without_small_counts(parse_tally(text), workshop.at_least) if text else None


def dump_disclosure(told: Disclosure) -> str:
    """Whom it counted and when each count was told, as JSON text for the store; the counts are in the tally."""
    return json.dumps({"counted": told.counted, "told_at": told.told_at}, separators=(",", ":"))


def parse_disclosure(text: str, told: RatingTally) -> Disclosure:
    """The disclosure in a text that `dump_disclosure` returned, with the counts of the tally that was told."""
    found = json.loads(text)
    counted = {rater: tuple(versions) for rater, versions in found["counted"].items()}
    return Disclosure(counts=counts_in_tally(told), counted=counted, told_at=found["told_at"])
