"""Noise that hides what a single library adds to counts, drawn in whole numbers. Nothing here has chance of its own.

Counts are told with a whole number added to each. The numbers z are drawn together, each vector of them with a
probability proportional to ODDS ** -max|z|. A library has a part of at most one in each count, so that whatever it
answered instead moves max|z| by at most one: no counts that are told are more than `ODDS` times as likely under one of
its answers than under another (differential privacy with epsilon = ln 3; the K-norm mechanism of Hardt and Talwar,
2010, for the maximum norm). Drawn together, the noises are about half as large as they would be one by one.

A vector within max|z| = r lies in all cubes from radius r on. So a radius is drawn first, by the number of points that
its cube has, then a point of the cube. The number of points (2r + 1) ** size is a sum of binomial coefficients with
Eulerian numbers of type B (Brenti, 1994), which makes the radius a small number plus geometric ones. Only whole numbers
below small bounds are asked for, so that none of the attacks on noise in floating point applies (Mironov, 2012).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Final

#: How many times as likely a telling may be under one of a library's answers than under another.
ODDS: Final = 3

#: A noise may lie beyond its margin in one telling of this many.
BEYOND_ONE_IN: Final = 20

#: Larger radii come less than once in 10 ** 18 tellings of twenty counts; for margins alone, never for drawing.
_FARTHEST: Final = 120


def draw_noise(size: int, random_below: Callable[[int], int]) -> tuple[int, ...]:
    """A number for each of `size` counts; `random_below(n)` returns each whole number from 0 below n alike often."""
    weights = [number * ODDS ** (size - start) for start, number in enumerate(_eulerian_numbers(size))]
    drawn = random_below(sum(weights))
    radius = next(start for start, bound in enumerate(accumulate(weights)) if drawn < bound)
    radius += sum(_geometric(random_below) for _ in range(size + 1))
    return tuple(random_below(2 * radius + 1) - radius for _ in range(size))


def _geometric(random_below: Callable[[int], int]) -> int:
    """A number that is one more once in `ODDS` times."""
    number = 0
    while random_below(ODDS) == 0:
        number += 1
    return number


def noise_probability(noise: Sequence[int]) -> Fraction:
    """The exact probability with which `draw_noise` returns these numbers."""
    return Fraction(1, ODDS) ** max(map(abs, noise)) * (1 - Fraction(1, ODDS)) ** len(noise) / _weight(len(noise))


@cache
def _weight(size: int) -> Fraction:
    """The sum of what the cubes weigh, but for a power of 1 - 1 / ODDS."""
    return sum(
        (number * Fraction(1, ODDS) ** start for start, number in enumerate(_eulerian_numbers(size))), Fraction()
    )


@cache
def _eulerian_numbers(size: int) -> tuple[int, ...]:
    """Type B: (2r + 1) ** size is the sum over j of the j-th of them times the binomial of r + size - j over size."""
    if size == 0:
        return (1,)
    before = (0, *_eulerian_numbers(size - 1), 0)
    return tuple((2 * at + 1) * before[at + 1] + (2 * (size - at) + 1) * before[at] for at in range(size + 1))


@cache
def noise_margin(size: int, draws: int) -> int:
    """How far from a count its noise may lead, but for one telling in `BEYOND_ONE_IN`.

    `draws` is the number of counts that were told apart, each with noise of `size` counts, and are added up.
    """
    single = _single_count_noise(size)
    found = single
    for _ in range(draws - 1):
        found = _added(found, single)
    middle = len(found) // 2
    within = accumulate((found[middle], *(2 * each for each in found[middle + 1 :])))
    return next(margin for margin, share in enumerate(within) if share >= 1 - 1 / BEYOND_ONE_IN)


def _single_count_noise(size: int) -> list[float]:
    """The probability of each noise of one count, from the lowest to the highest."""
    weight = float(_weight(size) / (1 - Fraction(1, ODDS)) ** (size + 1))
    by_radius = [(2 * radius + 1) ** (size - 1) / ODDS**radius / weight for radius in range(_FARTHEST + 1)]
    from_radius = list(accumulate(reversed(by_radius)))[::-1]
    return [*reversed(from_radius[1:]), *from_radius]


def _added(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The probabilities of the sums of two noises."""
    sums = [0.0] * (len(one) + len(other) - 1)
    for at, share in enumerate(one):
        for behind, factor in enumerate(other):
            sums[at + behind] += share * factor
    return sums
