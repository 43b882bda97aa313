"""The noise in published counts: its probabilities and its bound are exact, and it is drawn as they say."""

from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import comb

import pytest

from assessor.core.noise import BEYOND_ONE_IN, ODDS, draw_noise, noise_margin, noise_probability

ONE_IN = Fraction(1, ODDS)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_all_noises_together_have_a_probability_of_one(size):
    """Every noise with a maximum of r is alike probable, and there are (2r + 1) ** size - (2r - 1) ** size of them."""
    shells = [1, *((2 * r + 1) ** size - (2 * r - 1) ** size for r in range(1, 60))]
    within = sum(count * noise_probability((r,) * size) for r, count in enumerate(shells))

    assert 0 < 1 - within < Fraction(1, 10**20)


@pytest.mark.parametrize("size", [1, 2, pytest.param(3, marks=pytest.mark.full)])
def test_no_library_makes_any_telling_more_than_three_times_as_likely(size):
    """Exactly, for every telling near, and whatever a library may have had a part in instead."""
    parts = list(product((0, 1), repeat=size))
    odds = {
        noise_probability([t - a for t, a in zip(told, one, strict=True)])
        / noise_probability([t - b for t, b in zip(told, other, strict=True)])
        for told in product(range(-2, 4), repeat=size)
        for one, other in product(parts, parts)
    }

    assert odds == {ONE_IN, Fraction(1), Fraction(ODDS)}


@pytest.mark.parametrize("size", [4, 5, 8])
def test_the_bound_holds_for_more_counts_as_only_the_maximum_matters(size):
    """What a part adds moves the largest absolute number by at most one, so that three maxima are all there are."""
    same = {noise_probability(noise) for noise in ((7, *(0,) * (size - 1)), (-7,) * size, (3, 7, *(-1,) * (size - 2)))}
    largest = noise_probability((7,) * size)

    assert same == {largest}
    assert (noise_probability((6,) * size) / largest, largest / noise_probability((8,) * size)) == (ODDS, ODDS)


def drawn(size: int, depth: int) -> tuple[dict[tuple[int, ...] | None, Fraction], Fraction]:
    """What `draw_noise` returns for every chance there is, with exact probabilities; what was not followed to its end.

    Each number that is asked for branches; a branch is left after `depth` numbers.
    """
    ends: Counter[tuple[tuple[int, ...] | None, int]] = Counter()
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        script = waiting.pop()
        asked, one_in = _scripted(script)
        try:
            noise = draw_noise(size, asked)
        except _Asks as problem:
            if len(script) < depth:
                waiting += [(*script, number) for number in range(problem.below)]
            else:
                ends[None, one_in[0]] += 1
        else:
            ends[noise, one_in[0]] += 1
    found: dict[tuple[int, ...] | None, Fraction] = defaultdict(Fraction)
    for (noise, share), times in ends.items():
        found[noise] += Fraction(times, share)
    left = found.pop(None)
    return found, left


class _Asks(Exception):
    def __init__(self, below: int) -> None:
        super().__init__(below)
        self.below = below


def _scripted(script: tuple[int, ...]) -> tuple[Callable[[int], int], list[int]]:
    """A source that gives the numbers of a script, and once in how many times it does so."""
    rest, one_in = iter(script), [1]

    def below(bound: int) -> int:
        number = next(rest, None)
        if number is None:
            raise _Asks(bound)
        one_in[0] *= bound
        return number

    return below, one_in


def more_asked_for(size: int, numbers: int) -> Fraction:
    """How probable it is that more numbers are asked for: one for the start, one a coordinate, the rest geometric."""
    spare = numbers - 1 - size - (size + 1)
    ends = Fraction(1) - Fraction(1, ODDS)
    return 1 - sum(comb(size + more, more) * ends ** (size + 1) / ODDS**more for more in range(spare + 1))


DEEP = [pytest.param(2, 8, marks=pytest.mark.full), pytest.param(3, 8, marks=pytest.mark.full)]


@pytest.mark.parametrize(("size", "depth"), [(1, 8), (2, 6), *DEEP])
def test_noise_is_drawn_exactly_as_probable_as_it_is_said(size, depth):
    """No sampling: every branch of the drawing is followed, and what is not followed to its end bounds the rest."""
    found, left = drawn(size, depth)

    assert sum(found.values()) + left == 1
    assert left == more_asked_for(size, depth) < Fraction(5, 6)
    assert all(share <= noise_probability(noise) <= share + left for noise, share in found.items())
    assert noise_probability((0,) * size) - found[(0,) * size] < left


def test_a_margin_is_the_least_that_holds_often_enough():
    for size, margin in [(1, 3), (2, 4), (5, 7)]:
        beyond = [one_count_beyond(size, each) for each in (margin - 1, margin)]

        assert noise_margin(size, 1) == margin
        assert beyond[0] > Fraction(1, BEYOND_ONE_IN) > beyond[1]
    assert [noise_margin(5, draws) for draws in (1, 2, 3, 4)] == [7, 9, 12, 13]


def one_count_beyond(size: int, margin: int) -> Fraction:
    """How probable it is that the first count's noise lies beyond; cubes up to a radius that is hardly ever reached."""
    inner = sum(noise_probability((radius,) * size) * points_within(size, radius, margin) for radius in range(80))
    return 1 - inner


def points_within(size: int, radius: int, margin: int) -> int:
    """How many vectors have this maximum, and a first number within the margin."""

    def cube(reach: int) -> int:
        return (2 * min(reach, margin) + 1) * (2 * reach + 1) ** (size - 1) if reach >= 0 else 0

    return cube(radius) - cube(radius - 1)


def test_the_number_of_points_in_a_cube_is_a_sum_of_binomials():
    """The identity on which the drawing rests, with the numbers that it draws by."""
    type_b = {1: (1, 1), 2: (1, 6, 1), 3: (1, 23, 23, 1), 4: (1, 76, 230, 76, 1)}
    for size, numbers in type_b.items():
        for radius in range(8):
            terms = (number * comb(radius + size - at, size) for at, number in enumerate(numbers))
            assert sum(terms) == (2 * radius + 1) ** size
        assert noise_probability((0,) * size) == (1 - ONE_IN) ** size / sum(
            number * ONE_IN**at for at, number in enumerate(numbers)
        )
