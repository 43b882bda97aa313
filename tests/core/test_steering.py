"""To which collaboration people in a room are led, so that as many as can be are answered by enough."""

import pytest

from assessor.core.steering import people_lacking, steering_order

FIVE = ("a", "b", "c", "d", "e")


def led(people: int, rounds: int, at_least: int) -> list[int]:
    """How many answer each of five, when everybody follows where they are led and all go on at the same pace."""
    answering = dict.fromkeys(FIVE, 0)
    finished = [set() for _ in range(people)]
    for _ in range(rounds):
        for joined, done in enumerate(finished):
            order = steering_order(FIVE, answering, at_least, joined_before=joined)
            chosen = next(each for each in order if each not in done)
            answering[chosen] += 1
            done.add(chosen)
    return list(answering.values())


@pytest.mark.parametrize(("people", "enough"), [(3, 0), (5, 2), (8, 3), (12, 4), (30, 5)])
def test_two_answers_each_make_as_many_collaborations_enough_as_can_be(people, enough):
    assert sum(not people_lacking(count, 5) for count in led(people, 2, 5)) == enough


def test_a_room_that_starts_at_once_does_not_all_start_at_the_first():
    firsts = [steering_order(FIVE, {}, 5, joined_before=joined)[0] for joined in range(12)]

    assert firsts == ["a"] * 5 + ["b"] * 5 + ["c"] * 2


def test_what_was_begun_comes_before_all_else_and_what_has_enough_comes_last():
    order = steering_order(FIVE, {"a": 9, "b": 4, "c": 1, "d": 7}, 5, begun={"d"})

    assert order == ("d", "b", "c", "e", "a")
