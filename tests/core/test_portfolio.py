"""Libraries beside each other: no figure rests on fewer than five of them, and none can be had by subtraction."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import scaled

from assessor import bank
from assessor.core.portfolio import (
    MIN_LIBRARIES,
    PartCount,
    Shares,
    Spread,
    compute_spread,
    disclosable_shares,
    summarize_consortium,
)
from assessor.core.scoring import assess

KINDS = ("a", "b", "c", "d")


def test_parts_that_enough_libraries_have_are_told():
    found = disclosable_shares(("a", "b"), [["a", "b", "b"]] * 5)

    assert found == Shares(
        total=15, parts={"a": PartCount(count=5, libraries=5), "b": PartCount(count=10, libraries=5)}
    )


def test_a_part_of_few_libraries_is_told_only_together_with_another():
    found = disclosable_shares(("a", "b", "c"), [["a", "b", "b"]] * 5 + [["a", "c"]] * 2)

    assert found == Shares(
        total=19,
        parts={"b": PartCount(count=10, libraries=7)},
        withheld=("a", "c"),
        rest=PartCount(count=9, libraries=7),
    )


def test_a_part_that_no_library_has_is_told_to_be_none():
    assert disclosable_shares(("a", "b"), [["a"]] * 5).parts["b"] == PartCount(count=0, libraries=0)


def test_when_nothing_may_be_told_only_the_whole_is():
    assert disclosable_shares(("a", "b"), [["a"], ["b"], ["b"], ["b"]]) == Shares(
        total=4, parts={}, withheld=("a", "b")
    )


LIBRARIES = st.lists(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6), min_size=5, max_size=20)


@given(LIBRARIES)
def test_every_figure_and_every_difference_rests_on_enough_libraries(libraries):
    found = disclosable_shares(KINDS, libraries)
    having = {kind: sum(kind in each for each in libraries) for kind in KINDS}

    assert all(part.libraries == 0 or part.libraries >= MIN_LIBRARIES for part in found.parts.values())
    assert len([kind for kind in found.withheld if having[kind]]) != 1
    assert found.rest is None or found.rest.libraries >= MIN_LIBRARIES
    assert (
        not found.withheld or sum(any(kind in found.withheld for kind in each) for each in libraries) >= MIN_LIBRARIES
    )


def test_parts_that_would_be_one_each_are_told_with_a_larger_one():
    libraries = [["a", "f", "f"], ["b", "f", "f"], ["c", "f"], ["d", "f"], ["e", "f", "g"], *[["g", "g"]] * 5]
    found = disclosable_shares(("a", "b", "c", "d", "e", "f", "g", "h"), libraries)

    assert (found.withheld, found.rest) == (("a", "b", "c", "d", "e", "f"), PartCount(count=12, libraries=5))
    assert found.parts == {"g": PartCount(count=11, libraries=10), "h": PartCount(count=0, libraries=0)}


def test_where_nothing_may_be_told_it_is_not_told_what_no_library_has():
    libraries = [["a"], ["b"], ["c"], ["d"], ["e"]]

    assert disclosable_shares(("a", "b", "c", "d", "e", "f"), libraries) == Shares(
        total=5, parts={}, withheld=("a", "b", "c", "d", "e", "f"), rest=PartCount(count=5, libraries=5)
    )


def test_how_few_libraries_have_none_is_not_told():
    libraries = [["a", "b"]] * 9 + [["b"]]

    assert disclosable_shares(("a", "b"), libraries).parts == {
        "a": PartCount(count=9, libraries=10),
        "b": PartCount(count=10, libraries=10),
    }


@given(st.lists(st.integers(0, 20), min_size=5, max_size=40))
def test_groups_from_below_are_the_groups_from_above(values):
    below = compute_spread([value / 20 for value in values])
    above = compute_spread([1 - value / 20 for value in values])
    sizes = [len(values) // len(below.groups), -(-len(values) // len(below.groups))]

    assert len(below.groups) == len(above.groups)
    assert len(below.groups) != 2 or sizes[0] == sizes[1]
    assert all(abs(low + high - 1) < 0.051 for low, high in zip(below.groups, reversed(above.groups), strict=True))


CASES = [case.responses for case in bank.open_bank("dokk1").cases]
NAMED = bank.open_bank("dokk1").instrument
#: A few answers of each worked case taken away leave something open.
VERDICTS = [
    assess(NAMED, {item: option for at, (item, option) in enumerate(case.items()) if (at + left) % 5})
    for case in CASES[:12]
    for left in range(2)
] + [assess(NAMED, case) for case in CASES]


@settings(max_examples=scaled(40), deadline=None)
@given(st.lists(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=6), min_size=5, max_size=18))
def test_no_figure_of_a_whole_report_is_about_fewer_than_five_libraries(libraries):
    found = summarize_consortium(NAMED, libraries)
    told = [*found.steps, *found.opens]
    told += [pair for each in (found.placements, *found.marks.values()) for pair in each.parts.items()]
    opened = [{verdict.open_items[0].item for verdict in each if verdict.open_items} for each in libraries]
    not_told = sum(bool(each - {item for item, _ in found.opens}) for each in opened)

    assert all(not part.count or part.libraries >= MIN_LIBRARIES for _, part in told)
    assert all(
        not len(libraries) - part.libraries or len(libraries) - part.libraries >= MIN_LIBRARIES for _, part in told
    )
    assert not found.opens or not_told == 0 or not_told >= MIN_LIBRARIES
    assert set(found.spreads) == {kind for kind, part in found.placements.parts.items() if part.count}
    assert all(len(libraries) // len(each.groups) >= MIN_LIBRARIES for each in found.spreads.values())


@given(LIBRARIES)
def test_what_is_told_adds_up(libraries):
    found = disclosable_shares(KINDS, libraries)
    counts = Counter(kind for each in libraries for kind in each)

    assert {kind: part.count for kind, part in found.parts.items()} == {
        kind: counts[kind] for kind in KINDS if kind not in found.withheld
    }
    assert sum(part.count for part in found.parts.values()) + (found.rest.count if found.rest else 0) == found.total
    assert set(found.parts) | set(found.withheld) == set(KINDS)


def test_a_spread_is_told_by_the_means_of_groups_of_five_or_more():
    assert compute_spread([0.0] * 5) == Spread(mean=0.0, groups=(0.0,))
    assert compute_spread([0.0] * 5 + [1.0] * 5) == Spread(mean=0.5, groups=(0.0, 1.0))
    assert compute_spread([0.5, 1.0, 0.0] * 5) == Spread(mean=0.5, groups=(0.0, 0.5, 1.0))


@given(st.lists(st.floats(0, 1), min_size=5, max_size=40))
def test_groups_rise_and_their_mean_lies_within(values):
    found = compute_spread(values)

    assert list(found.groups) == sorted(found.groups)
    assert found.groups[0] <= found.mean <= found.groups[-1]
    assert len(values) // len(found.groups) >= MIN_LIBRARIES
