"""What must always hold of the instrument we ship, and what may never happen to a verdict by it."""

import re

import pytest
from brute import completions, place
from dokk1_sheets import DOKK1, STRATEGIC, partial_sheets

from assessor import bank
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import next_item, on_route
from assessor.core.scoring import assess


def ranked(placements):
    return tuple(sorted(placements, key=DOKK1.placements.index))


@pytest.mark.parametrize(("count", "most_unknown"), [(2_000, 3), pytest.param(10_000, 5, marks=pytest.mark.full)])
def test_random_partial_responses_are_placed_as_by_going_through_all_completions(count, most_unknown):
    for sheet in partial_sheets(count, most_unknown):
        expected = ranked({place(DOKK1, full) for full in completions(DOKK1, sheet)})

        assert assess(DOKK1, sheet).placements == expected, sheet


@pytest.mark.parametrize("case", bank.open_bank("dokk1").cases, ids=lambda case: case.id)
def test_a_worked_case_is_placed_as_it_says(case):
    assert assess(DOKK1, case.responses).placements == case.placements


def test_the_pilot_is_placed_as_keyed_in_22_of_25_and_never_misses():
    pilot = [case for case in bank.open_bank("dokk1").cases if re.fullmatch(r"v\d\d", case.id)]
    placed = [(case.keyed, assess(DOKK1, case.responses).placements) for case in pilot]

    assert len(pilot) == 25
    assert sum(placements == (keyed,) for keyed, placements in placed) == 22
    assert all(
        keyed in placements or (keyed == bank.UNDETERMINED and len(placements) > 1) for keyed, placements in placed
    )


def test_no_better_response_ever_gives_a_lower_level():
    worst = len(DOKK1.levels) + 1

    def rank(sheet):
        return DOKK1.level(DOKK1.diagram.possible_placements(sheet)[0]) or worst

    for sheet in partial_sheets(2_000, 0):
        for item in DOKK1.items:
            for chain in item.rising:
                ranks = [rank({**sheet, item.id: option}) for option in chain]
                assert ranks == sorted(ranks, reverse=True), (sheet, item.id)


def test_a_price_kept_from_before_counts_for_nothing_and_counts_again_when_payment_comes_back():
    kept = {**STRATEGIC, "creation": "parallel", "price": "delivery", "payment": "none"}

    assert assess(DOKK1, kept).placements == ("network",)
    assert assess(DOKK1, {**kept, "payment": "we_pay"}).placements == ("supplier",)
    assert assess(DOKK1, {**kept, "payment": "we_pay"}).placements == ("supplier",)
    assert "price" not in on_route(DOKK1, kept)


def test_payment_alone_never_makes_a_supplier():
    together = {**STRATEGIC, "payment": "we_pay", "price": "delivery"}

    assert assess(DOKK1, together).placements == ("strategic",)


def test_points_never_buy_a_purchase_into_a_partnership():
    bought = {**STRATEGIC, "creation": "parallel", "payment": "we_pay", "price": "mixed"}

    assert assess(DOKK1, bought).placements == ("supplier",)


def test_a_letter_of_intent_alone_does_not_part_levels_2_and_3():
    letter = {**STRATEGIC, "agreement": "intent", "ownership": "unit"}

    assert assess(DOKK1, letter).placements == ("service",)
    assert assess(DOKK1, {**letter, "scope": "event"}).placements == ("network",)


def test_short_mode_asks_two_items_of_a_plain_purchase_and_about_half_on_average():
    asked = [_asked(case.responses) for case in bank.open_bank("dokk1").cases if re.fullmatch(r"v\d\d", case.id)]

    assert min(asked) == 2
    assert sum(asked) / len(asked) < 8


def _asked(given_):
    responses = {}
    while item := next_item(DOKK1, responses, "short"):
        responses[item.id] = given_.get(item.id, DONT_KNOW)
    return len(responses)
