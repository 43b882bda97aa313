"""Responses that hardly fit together are told beside the placement, certain or not at all, and never change it."""

import answers
import pytest
from dokk1_sheets import DOKK1

from assessor.core.follow_ups import items_asked_back, signals_asking_back
from assessor.core.responses import DONT_KNOW

ASKING = {signal.id: items_asked_back(signal) for signal in DOKK1.signals if signal.asks_back}
PAIRS = [
    ({"activity": "nothing", "scope": "several"}, "going_on_or_not"),
    ({"activity": "recurring", "scope": "nothing"}, "going_on_or_not"),
    ({"creation": "parallel", "contribution": "neither"}, "made_by_nobody"),
    ({"creation": "joint", "contribution": "neither"}, "made_by_nobody"),
    ({"creation": "joint", "contribution": "us"}, "made_by_one"),
    ({"creation": "joint", "contribution": "them"}, "made_by_one"),
    ({"creation": "none", "citizens": "direct"}, "used_but_not_made"),
    ({"creation": "parallel", "citizens": "no"}, "made_but_not_used"),
    ({"creation": "joint", "citizens": "no"}, "made_but_not_used"),
    ({"creation": "joint", "control": "nothing"}, "nothing_to_settle"),
]
FITTING = [
    {"activity": "nothing", "scope": "nothing"},
    {"activity": "planned", "scope": "event"},
    {"creation": "parallel", "contribution": "us"},
    {"creation": "ready", "citizens": "no"},
    {"creation": "none", "citizens": "indirect"},
    {"creation": "parallel", "control": "nothing"},
]


def asked_back(responses):
    return tuple(signal.id for signal in signals_asking_back(DOKK1, responses))


@pytest.mark.parametrize(("responses", "signal"), PAIRS)
def test_two_responses_that_hardly_fit_are_asked_about_once_both_are_known(responses, signal):
    (first, one), (second, other) = responses.items()

    assert asked_back(responses) == (signal,)
    assert ASKING[signal] in ((first, second), (second, first))
    assert asked_back({first: one, second: DONT_KNOW}) == asked_back({second: other}) == ()


@pytest.mark.parametrize("responses", [*FITTING, answers.STRATEGIC, answers.SUPPLIER])
def test_responses_that_fit_are_not_asked_about(responses):
    assert asked_back(responses) == ()
