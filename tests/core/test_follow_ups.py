"""What is asked after an option: which papers count, and which of them ends first."""

from datetime import date

import pytest

from assessor.core.follow_ups import end_within, items_of_goals, items_of_papers, paper_ends
from assessor.core.instrument import Instrument, Item, Outcome

INSTRUMENT = Instrument(
    id="demo",
    version="1",
    items=(Item(id="paper", options=("none", "letter", "contract")), Item(id="plan", options=("no", "goal"))),
    outcomes=(Outcome(id="outside"),),
    ends={"paper": ("letter", "contract")},
    serves={"plan": ("goal",)},
)
TODAY = date(2026, 11, 27)


def test_only_a_response_that_tells_of_a_paper_or_a_goal_has_one():
    assert items_of_papers(INSTRUMENT, {"paper": "letter"}) == ("paper",)
    assert items_of_papers(INSTRUMENT, {"paper": "dont_know", "plan": "goal"}) == ()
    assert (items_of_goals(INSTRUMENT, {"plan": "goal"}), items_of_goals(INSTRUMENT, {"plan": "no"})) == (("plan",), ())


def test_an_end_counts_only_while_its_paper_does():
    assert paper_ends(INSTRUMENT, {"paper": "letter"}, {"paper": "2027-06"}) == {"paper": "2027-06"}
    assert paper_ends(INSTRUMENT, {"paper": "none"}, {"paper": "2027-06"}) == {}


@pytest.mark.parametrize(
    ("end", "found"), [("2027-11", "2027-11"), ("2027-12", None), ("2026-06", "2026-06"), ("open", None)]
)
def test_a_paper_that_ends_within_a_year_or_has_ended_is_found(end, found):
    assert end_within(INSTRUMENT, {"paper": "contract"}, {"paper": end}, TODAY) == found
