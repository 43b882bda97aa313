"""To which collaboration somebody in a room goes next, so that as many as can be are answered by enough people.

Nothing here looks at what was answered, only at how many answer.
"""

from collections.abc import Collection, Mapping, Sequence


def people_lacking(answering: int, at_least: int) -> int:
    """How many more have to answer before anything of a collaboration may be told."""
    return max(0, at_least - answering)


def steering_order(
    listed: Sequence[str],
    answering: Mapping[str, int],
    at_least: int,
    *,
    begun: Collection[str] = (),
    joined_before: int = 0,
) -> tuple[str, ...]:
    """The listed collaborations in the order in which one respondent is led to them.

    First what they have begun; then where people are lacking, the fewest first, so that one after the other becomes
    enough; then where the fewest answer. Those who joined together, as many as are enough, begin at the same one and
    the next at the next: a room that starts at once does not all start at the first.
    """
    shift = joined_before // max(1, at_least)

    def rank(place: int) -> tuple[bool, bool, int, int]:
        count = answering.get(listed[place], 0)
        lacking = people_lacking(count, at_least)
        return listed[place] not in begun, not lacking, lacking or count, (place - shift) % len(listed)

    return tuple(listed[place] for place in sorted(range(len(listed)), key=rank))
