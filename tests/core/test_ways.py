"""The way up is the cheapest set of changes there is, the way down the smallest: by hand and by going through all."""

from banks import answered
from brute import Brute
from dokk1_sheets import DOKK1, STRATEGIC
from hypothesis import given

from assessor.core.instrument import Instrument
from assessor.core.routing import on_route
from assessor.core.scoring import assess
from assessor.core.verdict import Change, Way


@given(answered())
def test_the_way_up_is_the_cheapest_there_is(drawn):
    instrument, responses = drawn
    verdict, known = assess(instrument, responses), on_route(instrument, responses)
    certain = instrument.level(verdict.placements[-1])
    goal = frozenset(instrument.levels[: len(instrument.levels) if certain is None else certain - 1])
    expected = Brute(instrument).way_up(known, goal) if goal else None

    assert figures(instrument, verdict.way_up, "cost", "changes") == expected
    if verdict.way_up:
        assert goal.issuperset(verdict.way_up.leads)


@given(answered())
def test_the_way_down_is_the_smallest_there_is(drawn):
    instrument, responses = drawn
    verdict, known = assess(instrument, responses), on_route(instrument, responses)
    certain = instrument.level(verdict.placements[-1])
    lost = frozenset(instrument.placements[certain:]) if certain else frozenset()

    assert figures(instrument, verdict.way_down, "changes", "cost") == Brute(instrument).way_down(known, lost)


def figures(instrument: Instrument, way: Way | None, *sums: str) -> tuple | None:
    """A way in the form in which going through all combinations gives it."""
    if way is None:
        return None
    totals = {"cost": way.cost, "changes": len(way.changes)}
    places = tuple(instrument.sort_key(change.item, change.after) for change in way.changes)
    return (*(totals[name] for name in sums), places)


def test_way_up_of_a_network_is_one_letter_of_intent():
    network = {**STRATEGIC, "agreement": "none", "ownership": "person", "scope": "field"}
    verdict = assess(DOKK1, network, "strategic")

    assert verdict.placements == ("network",)
    assert verdict.way_up is not None
    assert verdict.way_up.changes == (Change(item="agreement", before="none", after="intent"),)
    assert verdict.way_up.leads == ("service",)
    assert verdict.way_wanted is not None
    assert verdict.way_wanted.changes == (
        Change(item="agreement", before="none", after="agreement"),
        Change(item="ownership", before="person", after="management"),
    )


def test_what_was_only_said_is_one_resignation_away_from_level_2():
    spoken = {**STRATEGIC, "vision": "spoken", "scope": "field", "track": "no"}
    verdict = assess(DOKK1, spoken)

    assert verdict.level == 1
    assert verdict.fragile
    assert verdict.way_down is not None
    assert verdict.way_down.changes == (Change(item="vision", before="spoken", after="probably"),)
    assert verdict.way_down.leads == ("service",)


def test_a_level_that_no_single_mishap_takes_is_sturdy():
    verdict = assess(DOKK1, STRATEGIC)

    assert verdict.way_down is not None
    assert (verdict.way_down.cost, verdict.fragile) == (2, False)
