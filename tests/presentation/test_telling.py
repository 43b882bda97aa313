"""How placements and marks are told: by name or by number, and in one word for each standing."""

import pytest

from assessor.core.responses import DONT_KNOW
from assessor.core.scoring import assess
from assessor.presentation.marks import mark_states
from assessor.presentation.placements import tell_placements
from assessor.presentation.terms import Terms

#: What of dokk1 decides whether a collaboration is written down.
WRITTEN = "agreement"


@pytest.mark.parametrize(
    ("placements", "told"),
    [
        (("supplier",), "Supplier relation"),
        (("strategic", "service"), "Strategic partnership or service-based partnership"),
        (
            ("strategic", "service", "network"),
            "Strategic partnership, service-based partnership or network cooperation",
        ),
        (("strategic", "service", "network", "outside"), "Not settled yet: 4 placements are possible"),
        ((), "Not settled yet"),
    ],
)
def test_few_placements_are_named_and_of_more_it_is_said_how_many(terms: Terms, placements, told):
    assert tell_placements(placements, terms) == told


@pytest.mark.parametrize(
    ("naming", "told"),
    [
        ("bare", "Service-based partnership or outside the model"),
        ("numbered", "2 Service-based partnership or outside the model"),
        ("levelled", "Service-based partnership (level 2) or outside the model"),
        ("sentence", "a service-based partnership or something outside the model"),
    ],
)
def test_a_name_stands_with_its_level_before_it_behind_it_or_in_a_sentence(terms: Terms, naming, told):
    assert tell_placements(("service", "outside"), terms, naming) == told


def test_within_a_sentence_the_number_goes_on_in_small_letters(terms: Terms):
    assert (
        tell_placements(terms.instrument.placements, terms, "sentence") == "not settled yet: 6 placements are possible"
    )


@pytest.mark.parametrize(
    ("responses", "state"),
    [
        ({WRITTEN: "agreement"}, "met"),
        ({WRITTEN: "none"}, "unmet"),
        ({}, "unasked"),
        ({WRITTEN: DONT_KNOW}, "unknown"),
    ],
)
def test_a_mark_that_nobody_asked_about_is_not_one_that_somebody_did_not_know(terms: Terms, responses, state):
    verdict = assess(terms.instrument, responses)

    assert mark_states(verdict, responses, terms.instrument)["written_down"] == state


def test_with_a_dont_know_to_everything_no_mark_is_unasked(terms: Terms):
    responses = dict.fromkeys(terms.instrument.by_id, DONT_KNOW)
    states = mark_states(assess(terms.instrument, responses), responses, terms.instrument)

    assert set(states.values()) == {"unknown"}
