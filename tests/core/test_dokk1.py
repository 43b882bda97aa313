"""What must always hold of the instrument we ship, and what may never happen to a verdict by it."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from brute import completions, place
from dokk1_sheets import DOKK1, STRATEGIC, partial_sheets

from assessor import bank
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import next_item, on_route
from assessor.core.scoring import assess
from assessor.core.verdict import Standing

#: The pilot's cases: where each was placed by key, and two readers' responses to version 1.0.
PILOT = json.loads(Path(__file__).with_name("pilot_sheets.json").read_text("utf-8"))

#: The same cases as five readers (language models) answered them to 1.1, each from one language's questions alone.
#: They had the wording before what they stumbled over was mended.
LANGUAGE_SHEETS = json.loads(Path(__file__).with_name("language_sheets.json").read_text("utf-8"))


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


@pytest.mark.parametrize("reader", ["careful", "hurried"])
def test_the_pilot_is_placed_as_keyed_in_24_of_25_and_never_misses(reader):
    placed = {name: assess(DOKK1, case[reader]).placements for name, case in PILOT.items()}

    assert len(PILOT) == 25
    assert [name for name, case in PILOT.items() if placed[name] != (case["keyed"],)] == ["v56"]
    assert PILOT["v56"]["keyed"] == bank.UNDETERMINED
    assert len(placed["v56"]) > 1


@pytest.mark.parametrize("language", LANGUAGE_SHEETS)
def test_a_reader_who_knows_one_languages_questions_alone_places_24_of_25_as_keyed(language):
    placed = {name: assess(DOKK1, sheet).placements for name, sheet in LANGUAGE_SHEETS[language].items()}

    assert [name for name, case in PILOT.items() if placed[name] != (case["keyed"],)] == ["v56"]
    assert len(placed["v56"]) > 1


def test_readers_of_five_languages_agree_on_every_item():
    """Pair agreement between the languages, over all cases; the lowest are named with their figures."""
    agreed = {item.id: round(pair_agreement(item.id), 2) for item in DOKK1.items}

    assert {item: share for item, share in agreed.items() if share < 0.95} == {"ownership": 0.94, "strategy": 0.92}


def pair_agreement(item):
    given = ([sheets[name].get(item) for sheets in LANGUAGE_SHEETS.values()] for name in PILOT)
    pairs = [one == other for responses in given for one, other in combinations(filter(None, responses), 2)]
    return sum(pairs) / len(pairs)


def equality(control, respect):
    return {**STRATEGIC, "control": control, "respect": respect}


@pytest.mark.parametrize(
    ("control", "respect", "level"),
    [
        ("together", "no", 1),
        ("together", DONT_KNOW, 1),
        ("one_side", "one_way", 1),
        (DONT_KNOW, "both_ways", 1),
        ("one_side", "no", 3),
        ("nothing", "no", 3),
    ],
)
def test_common_decision_or_ideas_taken_up_is_equality_enough(control, respect, level):
    verdict = assess(DOKK1, equality(control, respect))

    assert (verdict.level, verdict.marks["equality"]) == (level, Standing.MET if level == 1 else Standing.UNMET)


def test_a_gift_is_neither_bought_nor_an_order():
    given = {"creation": "ready", "contribution": "neither", "payment": "gift", "price": "delivery", "benefit": "them"}

    assert assess(DOKK1, {**given, "activity": "nothing"}).placements == ("outside",)
    assert not set(assess(DOKK1, given).placements) & {"supplier", "customer"}


def test_those_who_only_tell_each_other_things_are_in_contact_and_not_in_a_network():
    told = {"creation": "none", "contribution": "both", "payment": "none", "activity": "recurring"}

    assert assess(DOKK1, {**told, "citizens": "no"}).placements == ("outside",)
    assert assess(DOKK1, {**told, "citizens": "indirect"}).placements == ("network",)


@pytest.mark.parametrize("case", bank.open_bank("dokk1").cases, ids=lambda case: case.id)
def test_more_on_paper_than_a_network_has_is_said_of_networks_only(case):
    verdict = assess(DOKK1, case.responses)

    assert "informal_level" not in verdict.signals or verdict.placement == "network"


def test_nobody_is_advised_to_give_to_supply_or_to_make_nothing():
    assert {"none", "gift"}.isdisjoint(DOKK1.by_id["payment"].efforts)
    assert {"none", "ready"}.isdisjoint(DOKK1.by_id["creation"].efforts)


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


def test_short_mode_asks_two_items_of_a_plain_purchase_and_seven_on_average():
    """Over all worked cases (6.93); over the pilot's alone, which leave more unknown, 7.24."""
    asked = {case.id: _asked(case.responses) for case in bank.open_bank("dokk1").cases}
    pilot = [asked[case] for case in PILOT]

    assert min(asked.values()) == 2
    assert round(sum(asked.values()) / len(asked), 2) == 6.93
    assert round(sum(pilot) / len(pilot), 2) == 7.24


def _asked(given_):
    responses = {}
    while item := next_item(DOKK1, responses, "short"):
        responses[item.id] = given_.get(item.id, DONT_KNOW)
    return len(responses)
