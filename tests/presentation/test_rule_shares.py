"""How the rules divide all combinations of responses, and what decides most, as the report and `bank show` say it."""

import re

import pytest

from assessor import bank
from assessor.core.open_items import deciding_shares
from assessor.presentation.rule_shares import item_shares, placement_shares, rules_paragraph
from assessor.presentation.terms import Terms

WINWIN = bank.open_bank("winwin")
DOKK1 = bank.open_bank("dokk1")


def test_the_shares_of_placements_and_items_are_said_by_name_the_most_first():
    terms = Terms("en", DOKK1.instrument, DOKK1.wording("en"))
    names = DOKK1.wording("en")

    assert list(placement_shares(terms))[:3] == [
        ("Strategic partnership", "0.004%"),
        ("Service-based partnership", "0.103%"),
        ("Network cooperation", "21.318%"),
    ]
    assert [name for name, _ in item_shares(terms)][:2] == [names.items[item].short for item in ("payment", "creation")]
    assert rules_paragraph(terms).endswith("who gets something out; what is in writing.")


@pytest.mark.parametrize("opened", [DOKK1, WINWIN], ids=["dokk1", "winwin"])
def test_what_one_answer_settles_is_a_part_of_the_doubt(opened):
    shares = deciding_shares(opened.instrument)

    assert all(0 <= share <= 1 for share in shares.values())
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


@pytest.mark.parametrize("language", DOKK1.languages)
def test_the_method_text_says_how_many_combinations_were_placed(language):
    count = str(DOKK1.instrument.diagram.count_combinations())

    assert any(re.sub(r"[\s.,]", "", text).find(count) >= 0 for text in DOKK1.wording(language).figures)
