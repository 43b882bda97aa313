"""A verdict is exact: its placements, reasons and marks are those of going through all completions."""

from banks import answered, instruments
from brute import Brute, completions, holds
from dokk1_sheets import DOKK1, SHEETS, STRATEGIC
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import on_route
from assessor.core.scoring import assess, way_up_of
from assessor.core.verdict import Standing


@given(answered())
def test_the_placements_are_exactly_those_of_all_completions(drawn):
    instrument, responses = drawn
    known = {item: option for item, option in responses.items() if option != "dont_know"}

    assert assess(instrument, responses).placements == Brute(instrument).possible(known)


@given(answered())
def test_the_reasons_suffice_and_none_can_be_left_out(drawn):
    instrument, responses = drawn
    verdict, brute = assess(instrument, responses), Brute(instrument)
    reasons = {reason.item: reason.option for reason in verdict.reasons}

    assert reasons.items() <= responses.items()
    assert brute.possible(reasons) == verdict.placements
    for item in reasons:
        assert brute.possible({i: o for i, o in reasons.items() if i != item}) != verdict.placements


@given(answered())
def test_a_mark_is_met_or_unmet_only_when_every_completion_agrees(drawn):
    instrument, responses = drawn
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
def test_the_way_up_by_itself_is_that_of_the_verdict(drawn):
    instrument, responses = drawn

    assert way_up_of(instrument, on_route(instrument, responses)) == assess(instrument, responses).way_up


@given(instruments(), st.data())
def test_the_order_of_responses_never_changes_a_verdict(instrument, data):
    responses = {item.id: data.draw(st.sampled_from((*item.options, DONT_KNOW))) for item in instrument.items}
    turned = dict(data.draw(st.permutations(list(responses.items()))))

    assert assess(instrument, turned) == assess(instrument, responses)


@given(instruments(), st.data())
def test_a_dont_know_is_the_same_as_no_response(instrument, data):
    responses = {item.id: data.draw(st.sampled_from((*item.options, DONT_KNOW))) for item in instrument.items}
    known = {item: option for item, option in responses.items() if option != DONT_KNOW}

    assert assess(instrument, responses) == assess(instrument, known)


@given(SHEETS, st.sampled_from([item.id for item in DOKK1.items]))
def test_a_dont_know_only_widens_what_is_possible(sheet, item):
    assert set(assess(DOKK1, sheet).placements) <= set(assess(DOKK1, {**sheet, item: DONT_KNOW}).placements)


def test_a_verdict_names_its_instruments_version():
    verdict = assess(DOKK1, STRATEGIC)

    assert (verdict.instrument, verdict.version) == ("dokk1", "1.1")
