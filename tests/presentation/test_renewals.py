"""What renewing would do, in words: which verdicts stay, move or open, and what is asked again."""

import pytest

from assessor import bank
from assessor.core.history import review_migration
from assessor.presentation.renewals import review_lines, review_summary
from assessor.presentation.terms import Terms

NOW = bank.open_bank("dokk1")
THEN = NOW.earlier("1.0")
assert THEN is not None
TERMS = [Terms("en", each.instrument, each.wording("en")) for each in (THEN, NOW)]
BOUGHT = {"creation": "ready", "contribution": "neither", "benefit": "us", "payment": "we_pay", "price": "delivery"}
TOLD = {
    "creation": "ready",
    "contribution": "both",
    "benefit": "both",
    "payment": "none",
    "citizens": "no",
    "activity": "recurring",
}
SHARED = {**TOLD, "citizens": "direct", "payment": "shared"}


def reviewed(responses):
    return review_migration(THEN.instrument, responses, NOW.migrations, NOW.instrument)


def words(item, option):
    return NOW.wording("en").items[item].options[option].short


@pytest.mark.parametrize(
    ("responses", "lines"),
    [
        (SHARED, ["A: Network cooperation, as before"]),
        (TOLD, ["A: Network cooperation becomes Outside the model"]),
        (
            {**BOUGHT, "activity": "nothing"},
            [
                "A: Supplier relation opens",
                f"    asked again: {NOW.wording('en').items['payment'].short}",
                f"        {words('payment', 'we_pay')}: Supplier relation",
                f"        {words('payment', 'gift')}: Outside the model",
            ],
        ),
    ],
    ids=["stays", "moves", "opens"],
)
def test_the_review_says_what_becomes_of_the_verdict_and_what_is_asked_again(responses, lines):
    assert list(review_lines("A", reviewed(responses), *TERMS)) == lines


def test_the_review_ends_in_how_many_stay_move_and_open():
    reviews = [reviewed(each) for each in (SHARED, TOLD, BOUGHT, BOUGHT)]

    assert review_summary(reviews, TERMS[1]) == "4 collaborations: 1 as before, 1 moved, 2 opened"
    assert review_summary(reviews[:1], TERMS[1]) == "1 collaboration: 1 as before, 0 moved, 0 opened"
