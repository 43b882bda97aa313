"""What renewing answers would do, in words: which verdicts stay, move or open, and what is asked again."""

from collections.abc import Iterable, Iterator

from assessor.core.history import MigrationReview
from assessor.presentation.placements import tell_placements
from assessor.presentation.terms import Terms


def review_lines(name: str, review: MigrationReview, then: Terms, now: Terms) -> Iterator[str]:
    """A line on the verdict of a collaboration, then one for each answer that does not simply go over.

    `then` and `now` hold the words of the version that was answered and of today's.
    """
    yield f"{name}: {_verdict_text(review, then, now)}"
    for item, leads in review.readings.items():
        yield "    " + now.say("asked again: {item}", item=now.item_heading(item))
        for option, placements in leads.items():
            answer = now.short_response(item, option)
            yield "        " + now.say(
                "{answer}: {placements}", answer=answer, placements=tell_placements(placements, now)
            )
    for item in review.carried.dropped:
        yield "    " + now.say("not carried over: {item}", item=then.item_heading(item))


def _verdict_text(review: MigrationReview, then: Terms, now: Terms) -> str:
    before = tell_placements(review.before, then)
    match _kind(review):
        case "opened":
            return now.say("{before} opens", before=before)
        case "same":
            return now.say("{before}, as before", before=before)
    return now.say("{before} becomes {after}", before=before, after=tell_placements(review.after, now))


def review_summary(reviews: Iterable[MigrationReview], terms: Terms) -> str:
    """How many verdicts stay, move and open."""
    kinds = [_kind(review) for review in reviews]
    return terms.count(
        "{number} collaboration: {same} as before, {moved} moved, {opened} opened",
        "{number} collaborations: {same} as before, {moved} moved, {opened} opened",
        len(kinds),
        same=kinds.count("same"),
        moved=kinds.count("moved"),
        opened=kinds.count("opened"),
    )


def _kind(review: MigrationReview) -> str:
    if review.readings:
        return "opened"
    return "same" if review.before == review.after else "moved"
