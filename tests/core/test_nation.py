"""A nation's picture: who is counted when, what is told, and what nobody can work out from it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import prod
from random import Random

import pytest
from nations import (
    INSTRUMENT,
    Nation,
    all_parts,
    certainties_with_one,
    nation_drawn,
    no_noise,
    odds_with_all_but_one,
)
from nations import (
    QUARTERS as DAYS,
)

from assessor.core.instrument import Instrument, Outcome
from assessor.core.nation import (
    PARTY_BENEFITS,
    PARTY_RESPONDED,
    CountRange,
    NationPicture,
    NationSnapshot,
    counts_for,
    draw_snapshot,
    due_libraries,
    library_part,
    picture_of,
    placement_counted,
    quarter_of,
    quarters_between,
    quarters_near,
)
from assessor.core.noise import ODDS, noise_margin
from assessor.exchange.nation_document import dump_snapshot, parse_snapshot

FEW = pytest.param(range(12), id="12 nations")
MANY = pytest.param(range(1000), id="1000 nations", marks=pytest.mark.campaign)


QUARTERS = [quarter_of(day) for day in DAYS]
#: Every four quarters in a row.
YEARS = [QUARTERS[at : at + 4] for at in range(len(QUARTERS) - 3)]


@pytest.mark.parametrize("seeds", [FEW, MANY])
def test_who_knows_all_other_libraries_moves_their_odds_by_three_at_most_in_any_year(seeds):
    """Whatever of five counts the library has, and whichever four quarters: exactly, from what is handed on."""
    moved = []
    for seed in seeds:
        nation = nation_drawn(Random(seed), 5)
        odds = {each: odds_with_all_but_one(nation, told) for each, told in nation.snapshots_of([*nation.told]).items()}
        for year in YEARS:
            for library in {each for parts in nation.parts.values() for each in parts}:
                moved.append(prod(odds[quarter].get(library, 1) for quarter in year if quarter in odds))

    assert len(moved) > 100 * len(seeds)
    assert max(moved) == ODDS


@pytest.mark.parametrize("seeds", [FEW, MANY])
def test_who_knows_one_library_settles_no_answer_of_another_from_two_dates(seeds):
    """By all tables of both dates and all their margins; by the same tables without noise they settle many."""
    told, exact = [], []
    for seed in seeds:
        nation, random = nation_drawn(Random(seed), 2), Random(seed)
        dates = random.sample(sorted(nation.told), min(2, len(nation.told)))
        shown = nation.snapshots_shown_in(dates)
        told += certainties_with_one(nation, shown).values()
        exact += certainties_with_one(nation, without_noise(nation, shown), no_noise).values()

    assert len(told) >= 2 * len(seeds)
    assert Fraction(1, 1 + ODDS) <= min(told) <= max(told) <= Fraction(ODDS, 1 + ODDS)
    assert sum(share in (0, 1) for share in exact) > len(seeds) / 4


def without_noise(nation: Nation, shown: Mapping[str, NationSnapshot]) -> dict[str, NationSnapshot]:
    """The same snapshots with the counts as they are."""
    sums = {
        quarter: {each: sum(each in part for part in parts.values()) for each in nation.counts}
        for quarter, parts in nation.parts.items()
    }
    return {quarter: replace(snapshot, counts=sums[quarter]) for quarter, snapshot in shown.items()}


def test_a_library_is_counted_once_in_any_four_quarters_and_never_with_fewer_than_four_others():
    for seed in range(40):
        nation = nation_drawn(Random(seed), 1)

        assert min(map(len, nation.parts.values()), default=5) >= 5
        for year in YEARS:
            counted = [each for quarter in year for each in nation.parts.get(quarter, ())]
            assert len(counted) == len(set(counted))


def test_the_quarter_of_a_day_and_how_far_two_are_apart():
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31), date(2027, 1, 1)]

    assert [quarter_of(day) for day in days] == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4", "2027-Q1"]
    assert quarters_near("2026-Q2") == tuple(
        each for each in [f"{year}-Q{n}" for year in range(2024, 2029) for n in (1, 2, 3, 4)]
        if quarters_between(each, "2026-Q2") < 4
    )  # fmt: skip
    assert (quarters_between("2026-Q4", "2027-Q1"), quarters_between("2027-Q2", "2026-Q1")) == (1, 5)


def test_who_was_counted_is_due_again_a_year_later_also_by_a_clock_that_was_put_back():
    counted = {"2026-Q1": {"a"}, "2026-Q3": {"b"}}
    due = {
        quarter: due_libraries("abc", counted, quarter)
        for quarter in ("2025-Q4", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3")
    }

    assert due == {
        "2025-Q4": ("c",),
        "2026-Q4": ("c",),
        "2027-Q1": ("a", "c"),
        "2027-Q2": ("a", "c"),
        "2027-Q3": ("a", "b", "c"),
    }


def test_a_library_has_a_part_where_a_collaboration_surely_stands_and_where_most_parties_say_that_they_benefit():
    assert library_part(["network", "network"], []) == {"placement:network"}
    assert library_part([], [None]) == {PARTY_RESPONDED}
    assert library_part([], [True, False]) == {PARTY_RESPONDED}
    assert library_part([], [True, False, True, None]) == {PARTY_RESPONDED, PARTY_BENEFITS}


def test_levels_are_counted_or_all_placements_where_there_are_none():
    outcomes = (Outcome(id="joint"), Outcome(id="outside"))
    plain = Instrument(id="demo", version="1", items=(), outcomes=outcomes)
    levelled = Instrument(id="demo", version="1", items=(), outcomes=outcomes, levels=("joint",))

    assert counts_for(plain, asks_parties=False) == ("placement:joint", "placement:outside")
    assert counts_for(levelled, asks_parties=True) == ("placement:joint", PARTY_RESPONDED, PARTY_BENEFITS)
    assert [placement_counted(each) for each in ("placement:joint", PARTY_BENEFITS)] == ["joint", None]


COUNTS = ("placement:joint", PARTY_RESPONDED, PARTY_BENEFITS)


def a_picture(joint: int, responded: int) -> NationPicture:
    """Of 61 libraries, counted by five things, so that the margin is 7."""
    counts = {
        **dict.fromkeys(("placement:a", "placement:b"), 0),
        **dict(zip(COUNTS, (joint, responded, 0), strict=True)),
    }
    snapshot = NationSnapshot(
        quarter="2026-Q4", day=date(2026, 11, 27), instrument="demo", version="1", libraries=61, counts=counts
    )
    return NationPicture(snapshots=(snapshot,))


@pytest.mark.parametrize(
    ("joint", "low", "high", "most"),
    [
        (37, 30, 44, None),
        (38, 31, 45, True),
        (23, 16, 30, False),
        (-9, 0, 0, False),
        (66, 59, 61, True),
        (75, 61, 61, True),
    ],
)
def test_a_count_is_told_as_a_range_within_what_is_possible(joint, low, high, most):
    span = a_picture(joint, 0).range_of("placement:joint")

    assert span == CountRange(low=low, high=high, libraries=61)
    assert span.is_most is most


def test_the_parties_word_is_told_only_where_they_have_surely_answered_in_five_libraries():
    assert [a_picture(0, told).tells_of_parties for told in (11, 12)] == [False, True]


def test_a_snapshot_reads_as_it_was_kept():
    (snapshot,) = a_picture(37, 12).snapshots

    assert parse_snapshot(dump_snapshot(snapshot)) == snapshot


def test_a_picture_is_the_sum_of_four_quarters_by_the_same_questions():
    days = [date(2026, 2, 1), date(2026, 5, 1), date(2026, 11, 1), date(2027, 2, 1)]
    parts = [frozenset({"placement:joint"})] * 5
    drawn = [draw_snapshot(day, INSTRUMENT, COUNTS, parts, Random(1).randrange) for day in days]
    other = draw_snapshot(date(2027, 2, 1), INSTRUMENT, COUNTS[:1], parts, Random(1).randrange)
    pictures = [picture_of(drawn[:number]) for number in (1, 2, 3, 4)] + [picture_of([*drawn[:3], other])]
    sums = sum(each.counts["placement:joint"] for each in drawn[1:])

    assert [[each.quarter for each in picture.snapshots] for picture in pictures] == [
        ["2026-Q1"],
        ["2026-Q1", "2026-Q2"],
        ["2026-Q1", "2026-Q2", "2026-Q4"],
        ["2026-Q2", "2026-Q4", "2027-Q1"],
        ["2027-Q1"],
    ]
    assert pictures[3].libraries == 15
    assert pictures[3].range_of("placement:joint").low == max(sums - noise_margin(3, 3), 0)
    assert picture_of([]) is None


def test_every_part_is_tried():
    assert len(all_parts("abcde")) == 32
