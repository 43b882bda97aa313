"""How far raters agree is counted right, for nobody in particular, and never for a few."""

from collections import Counter
from itertools import combinations
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor import bank
from assessor.core.raters import (
    Concordance,
    DisputedItem,
    Rating,
    RatingTally,
    concordances,
    disputed_items,
    dump_tally,
    parse_tally,
    tally_ratings,
)
from assessor.core.responses import DONT_KNOW

DOKK1 = bank.open_bank("dokk1").instrument

#: Four subjects, by the placements that their raters gave; three placements in all.
FOUR = {
    "club": ["service", "service", "service", "network"],
    "choir": ["network", "network", "service", "network"],
    "shop": ["supplier", "supplier", "supplier", "supplier"],
    "school": ["service", "network"],
}

RATED = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from(DOKK1.placements), max_size=9), min_size=1, max_size=6
)
RESPONSES = st.fixed_dictionaries(
    {}, optional={item.id: st.sampled_from([*item.options, DONT_KNOW]) for item in DOKK1.items}
)
RATINGS = st.lists(
    st.tuples(RESPONSES, st.sampled_from([None, DONT_KNOW, *DOKK1.placements])).map(
        lambda drawn: Rating(rater="", responses=drawn[0], gut=drawn[1])
    ),
    max_size=8,
)


def counted(rated):
    return {subject: Counter(given) for subject, given in rated.items()}


def by_pairs(rated, categories):
    """AC1 the long way: every pair of raters is looked at, and no count is used."""
    heard = [given for given in rated.values() if given]
    shares = (
        {
            category: sum(given.count(category) / len(given) for given in heard) / len(heard)
            for category in {category for given in heard for category in given}
        }
        if heard
        else {}
    )
    chance = sum(share * (1 - share) for share in shares.values()) / (categories - 1)
    agreeing = {
        subject: sum(one == other for one, other in combinations(given, 2)) / len(list(combinations(given, 2)))
        for subject, given in rated.items()
        if len(given) > 1
    }
    return {subject: (share - chance) / (1 - chance) for subject, share in agreeing.items()}


def test_ac1_is_what_one_works_out_by_hand():
    # Pairs that agree: 3 of 6, 3 of 6, 6 of 6, 0 of 1. Shares: service and network (.75 + .25 + 0 + .5) / 4 = .375,
    # supplier 1 / 4; so chance is (2 * .375 * .625 + .25 * .75) / 2 = .328125.
    found = concordances(counted(FOUR), categories=3)

    assert found["club"] == Concordance(raters=4, observed=0.5, ac1=pytest.approx((0.5 - 0.328125) / 0.671875))
    assert found["choir"].ac1 == found["club"].ac1
    assert found["shop"] == Concordance(raters=4, observed=1.0, ac1=pytest.approx(1.0))
    assert found["school"] == Concordance(raters=2, observed=0.0, ac1=None)


@pytest.mark.parametrize(
    ("rated", "categories", "ac1"),
    [(FOUR, 3, 0.25581), (FOUR, 6, 0.42446), ({**FOUR, "alone": ["network"]}, 3, 0.27536)],
)
def test_over_all_subjects_it_is_what_another_program_gives(rated, categories, ac1):
    # irrCAC 0.4.4, CAC(raw).gwet(): whom one rater alone has placed counts for chance and not for agreement.
    found = concordances(counted(rated), categories)
    chance = 1 - (1 - found["club"].observed) / (1 - found["club"].ac1)
    observed = [one.observed for one in found.values() if one.observed is not None]

    assert (sum(observed) / len(observed) - chance) / (1 - chance) == pytest.approx(ac1, abs=5e-6)


@given(RATED)
def test_ac1_is_what_looking_at_every_pair_gives(rated):
    known = by_pairs(rated, 6)

    for subject, found in concordances(counted(rated), 6).items():
        assert found.raters == len(rated[subject])
        if found.raters >= 3:
            assert found.ac1 == pytest.approx(known[subject])


@given(RATED)
def test_a_figure_is_a_number_of_at_most_one_and_one_where_all_agree(rated):
    for subject, found in concordances(counted(rated), 6).items():
        assert found.observed is None or 0 <= found.observed <= 1
        if found.ac1 is not None:
            assert isfinite(found.ac1)
            assert found.ac1 <= 1
            assert (found.ac1 == pytest.approx(1)) == (len(set(rated[subject])) == 1)


@given(RATED, st.integers(0, 9))
def test_no_figure_for_fewer_than_asked_and_never_for_fewer_than_three(rated, at_least):
    for found in concordances(counted(rated), 6, at_least).values():
        assert (found.ac1 is not None) == (found.raters >= max(3, at_least))


@given(RATED, st.randoms(use_true_random=False))
def test_neither_the_order_of_raters_nor_of_subjects_counts(rated, chance):
    shuffled = {subject: chance.sample(rated[subject], len(rated[subject])) for subject in sorted(rated, reverse=True)}

    assert concordances(counted(shuffled), 6) == {
        subject: Concordance(raters=found.raters, observed=found.observed, ac1=found.ac1 and pytest.approx(found.ac1))
        for subject, found in concordances(counted(rated), 6).items()
    }


def test_nobody_nothing_and_a_single_category_give_no_figure_and_no_error():
    assert concordances({}, 6) == {}
    assert concordances({"none": {}}, 6) == {"none": Concordance(raters=0, observed=None, ac1=None)}
    assert concordances({"one": {"network": 1}}, 6) == {"one": Concordance(raters=1, observed=None, ac1=None)}
    assert concordances({"all": {"only": 4}}, 1) == {"all": Concordance(raters=4, observed=1.0, ac1=1.0)}


SERVICE = next(case.responses for case in bank.open_bank("dokk1").cases if case.id == "service")


def test_a_picture_counts_placements_gut_feelings_and_responses_and_names_nobody():
    said = tally_ratings(
        DOKK1,
        [
            Rating(rater="a", responses=SERVICE, gut="service"),
            Rating(rater="b", responses={**SERVICE, "agreement": "none"}, gut="service"),
            Rating(rater="c", responses={"creation": "joint", "vision": DONT_KNOW}, gut=DONT_KNOW),
        ],
    )

    assert (said.raters, said.placements, said.unsettled) == (3, {"service": 1, "network": 1}, 1)
    assert (said.gut, said.as_felt) == ({"service": 2, DONT_KNOW: 1}, 1)
    assert said.items["creation"] == {"joint": 3}
    assert said.items["agreement"] == {"none": 1, "intent": 1}
    assert list(said.items["vision"])[-1] == DONT_KNOW
    assert "price" not in said.items, "off route for everybody"


@given(RATINGS, st.randoms(use_true_random=False))
def test_a_picture_hangs_on_what_was_given_not_on_by_whom_or_in_which_order(ratings, chance):
    renamed = [
        Rating(rater=f"other {at}", responses=one.responses, gut=one.gut)
        for at, one in enumerate(chance.sample(ratings, len(ratings)))
    ]

    assert dump_tally(tally_ratings(DOKK1, renamed)) == dump_tally(tally_ratings(DOKK1, ratings))


@given(RATINGS)
def test_a_picture_adds_up_and_comes_back_from_its_text(ratings):
    said = tally_ratings(DOKK1, ratings)

    assert sum(said.placements.values()) + said.unsettled == said.raters == len(ratings)
    assert all(0 < sum(counts.values()) <= said.raters for counts in said.items.values())
    kept = parse_tally(dump_tally(said))
    assert kept == said
    assert (list(kept.items), list(kept.gut), list(kept.placements)) == (
        list(said.items),
        list(said.gut),
        list(said.placements),
    ), "in its order"


@given(RATINGS)
def test_splits_come_widest_first_and_a_dont_know_is_no_view(ratings):
    said = tally_ratings(DOKK1, ratings)
    found = disputed_items(said)

    assert [split.discordance for split in found] == sorted((split.discordance for split in found), reverse=True)
    assert {split.item for split in found} == {
        item for item, counts in said.items.items() if len(counts.keys() - {DONT_KNOW}) > 1
    }


def test_a_split_is_as_wide_as_its_share_of_pairs_that_differ():
    said = RatingTally(
        raters=4,
        items={
            "vision": {"no": 1, "spoken": 3},
            "creation": {"ready": 2, "joint": 2},
            "track": {"no": 4},
            "scope": {"event": 1, DONT_KNOW: 3},
            "respect": {"no": 2, "both_ways": 2},
        },
    )

    assert disputed_items(said) == (
        DisputedItem(item="creation", counts={"ready": 2, "joint": 2}, discordance=pytest.approx(2 / 3)),
        DisputedItem(item="respect", counts={"no": 2, "both_ways": 2}, discordance=pytest.approx(2 / 3)),
        DisputedItem(item="vision", counts={"no": 1, "spoken": 3}, discordance=pytest.approx(1 / 2)),
    )
