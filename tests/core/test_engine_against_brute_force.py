"""Every exact claim of a verdict, on small random instruments, against going through all combinations."""

from banks import answered
from brute import Brute, completions, holds
from hypothesis import given

from assessor.core.diagram import Diagram
from assessor.core.routing import on_route
from assessor.core.scoring import assess
from assessor.core.verdict import Standing


@given(answered())
def test_the_placements_are_exactly_those_of_all_completions(given_):
    instrument, responses = given_
    known = {item: option for item, option in responses.items() if option != "dont_know"}

    assert assess(instrument, responses).placements == Brute(instrument).possible(known)


@given(answered())
def test_an_item_is_open_exactly_when_some_completion_turns_on_it(given_):
    instrument, responses = given_
    verdict, brute = assess(instrument, responses), Brute(instrument)
    known = on_route(instrument, responses)

    assert {open_.item for open_ in verdict.open_items} == brute.open_ids(known)
    assert all(
        open_.leads
        == {option: brute.possible({**known, open_.item: option}) for option in instrument.by_id[open_.item].options}
        for open_ in verdict.open_items
    )


@given(answered())
def test_the_reasons_suffice_and_none_can_be_left_out(given_):
    instrument, responses = given_
    verdict, brute = assess(instrument, responses), Brute(instrument)
    reasons = {reason.item: reason.option for reason in verdict.reasons}

    assert reasons.items() <= responses.items()
    assert brute.possible(reasons) == verdict.placements
    for item in reasons:
        assert brute.possible({i: o for i, o in reasons.items() if i != item}) != verdict.placements


@given(answered())
def test_the_way_up_is_the_cheapest_there_is(given_):
    instrument, responses = given_
    verdict, known = assess(instrument, responses), on_route(instrument, responses)
    certain = instrument.level(verdict.placements[-1])
    goal = frozenset(instrument.levels[: len(instrument.levels) if certain is None else certain - 1])
    expected = Brute(instrument).way_up(known, goal) if goal else None

    assert _told(instrument, verdict.way_up, "cost", "changes") == expected
    if verdict.way_up:
        assert goal.issuperset(verdict.way_up.leads)


@given(answered())
def test_the_way_down_is_the_smallest_there_is(given_):
    instrument, responses = given_
    verdict, known = assess(instrument, responses), on_route(instrument, responses)
    certain = instrument.level(verdict.placements[-1])
    lost = frozenset(instrument.placements[certain:]) if certain else frozenset()

    assert _told(instrument, verdict.way_down, "changes", "cost") == Brute(instrument).way_down(known, lost)


@given(answered())
def test_a_mark_is_met_or_unmet_only_when_every_completion_agrees(given_):
    instrument, responses = given_
    known = {item: option for item, option in responses.items() if option != "dont_know"}
    standings = {
        frozenset((True,)): Standing.MET,
        frozenset((False,)): Standing.UNMET,
        frozenset((True, False)): Standing.UNKNOWN,
    }
    expected = {
        mark.id: standings[frozenset(holds(instrument, mark.when, full) for full in completions(instrument, known))]
        for mark in instrument.marks
    }

    assert assess(instrument, responses).marks == expected


@given(answered())
def test_the_share_counts_every_combination_once(given_):
    instrument, _ = given_
    brute = Brute(instrument)
    placed = [brute.possible(full)[0] for full in completions(instrument, {})]

    assert instrument.diagram.counts_by_placement() == {
        placement: placed.count(placement) for placement in instrument.placements
    }
    assert instrument.diagram.count_combinations() == len(placed)


@given(answered())
def test_a_kept_diagram_is_the_same_diagram(given_):
    diagram = given_[0].diagram

    assert Diagram.from_plain(diagram.to_plain()) == diagram


def _told(instrument, way, *sums):
    if way is None:
        return None
    figures = {"cost": way.cost, "changes": len(way.changes)}
    places = tuple(
        (instrument.positions[change.item], instrument.by_id[change.item].options.index(change.after))
        for change in way.changes
    )
    return (*(figures[name] for name in sums), places)
