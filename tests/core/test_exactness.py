"""Every claim of a verdict where most items may not apply, against going through all completions.

Possible is what some completion of the unknown responses gives, each completion read with the items on its own route.
A hundred examples of each claim; a thousand with `HYPOTHESIS_PROFILE=long`.
"""

from brute import Brute
from gated_banks import gated_responses, responses_to
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessor.core.conditions import AnyOf, ItemIs, Not
from assessor.core.history import placement_shift
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.core.portfolio import UNSETTLED, summarize_consortium
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import items_left, next_item, on_route, route
from assessor.core.scoring import assess
from assessor.core.verdict import Standing

many = settings(max_examples=max(100, settings.default.max_examples))

STANDINGS = {(True,): Standing.MET, (False,): Standing.UNMET, (False, True): Standing.UNKNOWN}

CROSSED = Instrument(
    id="crossed",
    version="1",
    items=(
        Item(id="i0", options=("a", "b")),
        Item(id="i1", options=("a", "b"), when=ItemIs("i0", ("a",))),
        Item(id="i4", options=("a", "b"), when=Not(AnyOf((ItemIs("i0", ("a",)), ItemIs("i1", ("a",)))))),
    ),
    outcomes=(
        Outcome(id="p0", when=AnyOf((ItemIs("i0", ("a",)), ItemIs("i4", ("a",))))),
        Outcome(id="otherwise"),
    ),
)


def test_a_response_to_an_item_that_may_not_apply_rules_no_other_item_out():
    kept = {"i1": "a", "i4": "a"}

    assert assess(CROSSED, {**kept, "i0": "a"}).placements == ("p0",)
    assert assess(CROSSED, {**kept, "i0": "b"}).placements == ("p0",)
    assert assess(CROSSED, {**kept, "i0": DONT_KNOW}).placements == ("p0",)
    assert assess(CROSSED, kept).placements == ("p0",)
    assert on_route(CROSSED, kept) == kept


def test_an_item_that_applies_in_no_completion_is_off_the_route_however_little_is_known():
    either = AnyOf((ItemIs("second", ("yes",)), ItemIs("third", ("yes",))))
    instrument = Instrument(
        id="apart",
        version="1",
        items=(
            Item(id="first", options=("no", "yes")),
            Item(id="second", options=("no", "yes"), when=ItemIs("first", ("yes",))),
            Item(id="third", options=("no", "yes"), when=Not(ItemIs("first", ("yes",)))),
            Item(id="fourth", options=("no", "yes"), when=either),
            Item(id="fifth", options=("no", "yes"), when=Not(either)),
        ),
        outcomes=(Outcome(id="outside"),),
    )
    sure = {"second": "yes", "third": "yes"}

    assert [item.id for item in route(instrument, sure)] == ["first", "second", "third", "fourth"]


def test_short_asks_neither_what_does_not_apply_nor_what_no_longer_decides_whether_another_does():
    first, second = ItemIs("first", ("yes",)), ItemIs("second", ("yes",))
    instrument = Instrument(
        id="short",
        version="1",
        items=(
            Item(id="first", options=("no", "yes")),
            Item(id="second", options=("no", "yes"), when=Not(first)),
            Item(id="third", options=("no", "yes"), when=AnyOf((first, second))),
        ),
        outcomes=(Outcome(id="in", when=ItemIs("third", ("yes",))), Outcome(id="out")),
    )
    asked = next_item(instrument, {"first": "yes"}, "short")

    assert asked == instrument.by_id["third"]


@many
@given(gated_responses())
def test_the_placements_are_those_of_all_completions(given_):
    instrument, responses = given_
    known = {item: option for item, option in responses.items() if option != DONT_KNOW}
    verdict, expected = assess(instrument, responses), Brute(instrument).possible(known)
    level = instrument.level(expected[0]) if len(expected) == 1 else None
    certain = None if set(expected) - set(instrument.levels) else max(map(instrument.level, expected))

    assert (verdict.placements, verdict.level, verdict.certain_level) == (expected, level, certain)


@many
@given(gated_responses())
def test_the_route_is_what_applies_in_some_completion(given_):
    instrument, responses = given_
    brute = Brute(instrument)

    assert [item.id for item in route(instrument, responses)] == brute.route(responses)
    assert on_route(instrument, responses) == brute.on_route(responses)


@many
@given(gated_responses())
def test_a_mark_stands_and_a_signal_is_told_only_where_all_completions_agree(given_):
    instrument, responses = given_
    verdict, brute = assess(instrument, responses), Brute(instrument)
    known = brute.on_route(responses)
    truths = {
        each.id: tuple(sorted(brute.truths(each.when, known))) for each in (*instrument.marks, *instrument.signals)
    }

    assert verdict.marks == {"mark": STANDINGS[truths["mark"]]}
    assert verdict.signals == (("signal",) if truths["signal"] == (True,) else ())


@many
@given(gated_responses())
def test_the_reasons_suffice_and_none_of_them_can_be_left_out(given_):
    instrument, responses = given_
    verdict, brute = assess(instrument, responses), Brute(instrument)
    reasons = {reason.item: reason.option for reason in verdict.reasons}
    fewer = [{i: o for i, o in reasons.items() if i != item} for item in reasons]

    assert reasons.items() <= brute.on_route(responses).items()
    assert brute.possible(reasons) == verdict.placements
    assert verdict.placements not in [brute.possible(each) for each in fewer]


@many
@given(gated_responses())
def test_the_open_items_are_those_on_which_some_completion_turns_most_telling_first(given_):
    instrument, responses = given_
    opened, brute = assess(instrument, responses).open_items, Brute(instrument)
    known = brute.on_route(responses)
    tells = {each.item: each.information_gain for each in opened}

    assert tells.keys() == brute.open_ids(known)
    assert all(abs(gain - brute.information_gain(item, known)) < 1e-6 for item, gain in tells.items())
    assert list(tells) == sorted(tells, key=lambda item: (-tells[item], instrument.positions[item]))
    assert [each.leads for each in opened] == [
        {option: brute.possible({**known, item: option}) for option in instrument.by_id[item].options} for item in tells
    ]


@many
@given(gated_responses())
def test_the_ways_are_the_cheapest_there_are_and_lead_where_they_say(given_):
    instrument, responses = given_
    wanted = instrument.levels[0] if instrument.levels else None
    verdict, brute = assess(instrument, responses, wanted), Brute(instrument)
    known, certain = brute.on_route(responses), verdict.certain_level
    goal = frozenset(instrument.levels[: len(instrument.levels) if certain is None else certain - 1])
    lost = frozenset(instrument.placements[certain:]) if certain else frozenset()
    best = frozenset(instrument.levels[:1])
    up, down, to_wanted = verdict.way_up, verdict.way_down, verdict.way_wanted

    assert (up and (up.cost, *_moves(instrument, up))) == (brute.way_up(known, goal) if goal else None)
    assert (down and (len(down.changes), down.cost, _moves(instrument, down)[1])) == brute.way_down(known, lost)
    assert (to_wanted and (to_wanted.cost, *_moves(instrument, to_wanted))) == (
        None if best.issuperset(verdict.placements) else brute.way_up(known, best)
    )
    assert verdict.fragile == (down is not None and len(down.changes) == 1 and down.cost == 1)
    for way in filter(None, (up, down, to_wanted)):
        assert all(change.before == known.get(change.item) for change in way.changes)
        assert way.leads == brute.possible({**known, **{change.item: change.after for change in way.changes}})


@many
@given(gated_responses())
def test_full_asks_the_first_item_without_a_response_that_may_apply(given_):
    instrument, responses = given_
    left = [item for item in Brute(instrument).route(responses) if item not in responses]
    asked = next_item(instrument, responses, "full")

    assert (asked.id if asked else None) == (left[0] if left else None)
    assert items_left(instrument, responses, "full") == len(left)


@many
@given(gated_responses())
def test_short_asks_what_settles_most_after_what_can_change_it_too_and_decides_whether_it_applies(given_):
    instrument, responses = given_
    brute = Brute(instrument)
    known = brute.on_route(responses)
    left = [each.item for each in assess(instrument, responses).open_items if each.item not in responses]
    asked = next_item(instrument, responses, "short")

    assert (asked is None) == (items_left(instrument, responses, "short") == 0) == (not left)
    if asked:
        first = min(left, key=lambda item: _left_open(instrument, known, item))
        assert asked.id == _first_to_ask(brute, known, first, left)
        assert brute.deciding(asked.id, known).isdisjoint(left)


@many
@given(gated_responses(), st.sampled_from(("full", "short")))
def test_an_interview_ends_with_the_verdict_of_all_responses(given_, mode):
    instrument, heard = given_
    responses = {}
    while item := next_item(instrument, responses, mode):
        responses[item.id] = heard.get(item.id, DONT_KNOW)

    assert assess(instrument, responses).placements == assess(instrument, heard).placements


@many
@given(gated_responses(), st.integers(0, 5))
def test_libraries_together_count_the_placements_and_marks_of_all_completions(given_, count):
    instrument, responses = given_
    brute = Brute(instrument)
    sheets = [dict(list(responses.items())[:most]) for most in range(count + 1)]
    known = [brute.on_route(sheet) for sheet in sheets]
    placed = [brute.possible(each) for each in known]
    kinds = [each[0] if len(each) == 1 else UNSETTLED for each in placed]
    stands = [STANDINGS[tuple(sorted(brute.truths(instrument.marks[0].when, each)))].value for each in known]
    together = summarize_consortium(instrument, [[assess(instrument, sheet) for sheet in sheets]] * 5)

    assert {kind: part.count for kind, part in together.placements.parts.items() if part.count} == {
        kind: 5 * kinds.count(kind) for kind in kinds
    }
    assert {kind: part.count for kind, part in together.marks["mark"].parts.items() if part.count} == {
        stand: 5 * stands.count(stand) for stand in stands
    }


@many
@given(gated_responses(), st.data())
def test_no_change_that_moved_a_placement_can_be_undone_without_moving_it(given_, data):
    instrument, earlier = given_
    later = data.draw(responses_to(instrument))
    shift, brute = placement_shift(instrument, earlier, instrument, later), Brute(instrument)
    assume(shift.before != shift.after)
    told = {change.item: change.before for change in shift.changes}
    kept = dict(later)
    for item in brute.route(later):
        if item in later and item not in told:
            kept = _with_response(kept, item, earlier.get(item))

    assert brute.possible(brute.on_route(kept)) == shift.after
    for item, before in told.items():
        assert brute.possible(brute.on_route(_with_response(kept, item, before))) != shift.after


def _with_response(responses, item, response):
    others = {other: given_ for other, given_ in responses.items() if other != item}
    return others if response is None else {**others, item: response}


def _moves(instrument, way):
    places = tuple(instrument.sort_key(change.item, change.after) for change in way.changes)
    return len(places), places


def _left_open(instrument, known, item):
    """The part of the item's options that settle nothing, the items then open on average, and the item's position."""
    options = instrument.by_id[item].options
    after = [len(assess(instrument, {**known, item: option}).open_items) for option in options]
    return sum(map(bool, after)) / len(after), sum(after) / len(after), instrument.positions[item]


def _first_to_ask(brute, known, item, left):
    deciding = [other for other in brute.ids if other in brute.deciding(item, known) and other in left]
    return _first_to_ask(brute, known, deciding[0], left) if deciding else item
