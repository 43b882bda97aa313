"""Libraries beside each other: no figure rests on fewer than five of them, and none can be had by subtraction."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from assessor import bank
from assessor.core.portfolio import AT_LEAST, Part, Shares, Spread, consortium, shares, spread
from assessor.core.scoring import assess

KINDS = ("a", "b", "c", "d")


def test_parts_that_enough_libraries_have_are_told():
    found = shares(("a", "b"), [["a", "b", "b"]] * 5)

    assert found == Shares(total=15, parts={"a": Part(count=5, libraries=5), "b": Part(count=10, libraries=5)})


def test_a_part_of_few_libraries_is_told_only_together_with_another():
    found = shares(("a", "b", "c"), [["a", "b", "b"]] * 5 + [["a", "c"]] * 2)

    assert found == Shares(
        total=19,
        parts={"b": Part(count=10, libraries=7)},
        together=("a", "c"),
        rest=Part(count=9, libraries=7),
    )


def test_a_part_that_no_library_has_is_told_to_be_none():
    assert shares(("a", "b"), [["a"]] * 5).parts["b"] == Part(count=0, libraries=0)


def test_when_nothing_may_be_told_only_the_whole_is():
    assert shares(("a", "b"), [["a"], ["b"], ["b"], ["b"]]) == Shares(total=4, parts={}, together=("a", "b"))


LIBRARIES = st.lists(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6), min_size=5, max_size=20)


@given(LIBRARIES)
def test_every_figure_and_every_difference_rests_on_enough_libraries(libraries):
    found = shares(KINDS, libraries)
    having = {kind: sum(kind in each for each in libraries) for kind in KINDS}

    assert all(part.libraries == 0 or part.libraries >= AT_LEAST for part in found.parts.values())
    assert len([kind for kind in found.together if having[kind]]) != 1
    assert found.rest is None or found.rest.libraries >= AT_LEAST
    assert not found.together or sum(any(kind in found.together for kind in each) for each in libraries) >= AT_LEAST


def test_parts_that_would_be_one_each_are_told_with_a_larger_one():
    libraries = [["a", "f", "f"], ["b", "f", "f"], ["c", "f"], ["d", "f"], ["e", "f", "g"], *[["g", "g"]] * 5]
    found = shares(("a", "b", "c", "d", "e", "f", "g", "h"), libraries)

    assert (found.together, found.rest) == (("a", "b", "c", "d", "e", "f"), Part(count=12, libraries=5))
    assert found.parts == {"g": Part(count=11, libraries=10), "h": Part(count=0, libraries=0)}


def test_where_nothing_may_be_told_it_is_not_told_what_no_library_has():
    libraries = [["a"], ["b"], ["c"], ["d"], ["e"]]

    assert shares(("a", "b", "c", "d", "e", "f"), libraries) == Shares(
        total=5, parts={}, together=("a", "b", "c", "d", "e", "f"), rest=Part(count=5, libraries=5)
    )


def test_how_few_libraries_have_none_is_not_told():
    libraries = [["a", "b"]] * 9 + [["b"]]

    assert shares(("a", "b"), libraries).parts == {
        "a": Part(count=9, libraries=10),
        "b": Part(count=10, libraries=10),
    }


@given(st.lists(st.integers(0, 20), min_size=5, max_size=40))
def test_groups_from_below_are_the_groups_from_above(values):
    below = spread([value / 20 for value in values])
    above = spread([1 - value / 20 for value in values])
    sizes = [len(values) // len(below.groups), -(-len(values) // len(below.groups))]

    assert len(below.groups) == len(above.groups)
    assert len(below.groups) != 2 or sizes[0] == sizes[1]
    assert all(abs(low + high - 1) < 0.051 for low, high in zip(below.groups, reversed(above.groups), strict=True))


CASES = [case.responses for case in bank.cases("dokk1")]
NAMED = bank.load("dokk1")
#: A few answers of each worked case taken away leave something open.
VERDICTS = [
    assess(NAMED, {item: option for at, (item, option) in enumerate(case.items()) if (at + left) % 5})
    for case in CASES[:12]
    for left in range(2)
] + [assess(NAMED, case) for case in CASES]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=6), min_size=5, max_size=18))
def test_no_figure_of_a_whole_report_is_about_fewer_than_five_libraries(libraries):
    found = consortium(NAMED, libraries)
    told = [*found.steps, *found.opens]
    told += [pair for each in (found.placements, *found.marks.values()) for pair in each.parts.items()]
    opened = [{verdict.open_items[0].item for verdict in each if verdict.open_items} for each in libraries]
    not_told = sum(bool(each - {item for item, _ in found.opens}) for each in opened)

    assert all(not part.count or part.libraries >= AT_LEAST for _, part in told)
    assert all(not len(libraries) - part.libraries or len(libraries) - part.libraries >= AT_LEAST for _, part in told)
    assert not found.opens or not_told == 0 or not_told >= AT_LEAST
    assert set(found.spreads) == {kind for kind, part in found.placements.parts.items() if part.count}
    assert all(len(libraries) // len(each.groups) >= AT_LEAST for each in found.spreads.values())


@given(LIBRARIES)
def test_what_is_told_adds_up(libraries):
    found = shares(KINDS, libraries)
    counts = Counter(kind for each in libraries for kind in each)

    assert {kind: part.count for kind, part in found.parts.items()} == {
        kind: counts[kind] for kind in KINDS if kind not in found.together
    }
    assert sum(part.count for part in found.parts.values()) + (found.rest.count if found.rest else 0) == found.total
    assert set(found.parts) | set(found.together) == set(KINDS)


def test_a_spread_is_told_by_the_means_of_groups_of_five_or_more():
    assert spread([0.0] * 5) == Spread(mean=0.0, groups=(0.0,))
    assert spread([0.0] * 5 + [1.0] * 5) == Spread(mean=0.5, groups=(0.0, 1.0))
    assert spread([0.5, 1.0, 0.0] * 5) == Spread(mean=0.5, groups=(0.0, 0.5, 1.0))


@given(st.lists(st.floats(0, 1), min_size=5, max_size=40))
def test_groups_rise_and_their_mean_lies_within(values):
    found = spread(values)

    assert list(found.groups) == sorted(found.groups)
    assert found.groups[0] <= found.mean <= found.groups[-1]
    assert len(values) // len(found.groups) >= AT_LEAST
