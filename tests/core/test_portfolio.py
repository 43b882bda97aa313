"""Libraries beside each other: no figure rests on fewer than five of them, and none can be had by subtraction."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assessor.core.portfolio import AT_LEAST, Part, Shares, Spread, shares, spread

KINDS = ("a", "b", "c", "d")


def test_parts_that_enough_libraries_have_are_told():
    found = shares(("a", "b"), [["a", "b", "b"]] * 5)

    assert found == Shares(total=15, parts={"a": Part(count=5, libraries=5), "b": Part(count=10, libraries=5)})


def test_a_part_of_few_libraries_is_told_only_together_with_another():
    found = shares(("a", "b", "c"), [["a", "b", "b"]] * 5 + [["a", "c"]] * 2)

    assert found == Shares(
        total=19,
        parts={"b": Part(count=10, libraries=5)},
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
    assert found.groups[0] - 1e-9 <= found.mean <= found.groups[-1] + 1e-9
    assert len(values) // len(found.groups) >= AT_LEAST
