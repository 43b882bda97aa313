"""The other party's responses, turned round, say the same from where the library stands."""

from hypothesis import given
from hypothesis import strategies as st

from assessor import bank
from assessor.core.responses import DONT_KNOW
from assessor.core.sides import (
    ComparedItem,
    Gain,
    Match,
    SharedGains,
    Sides,
    SideView,
    WinWin,
    compare_responses,
    mirrored_responses,
    next_party_item,
    shared_gains,
    win_win,
)

DOKK1 = bank.open_bank("dokk1").instrument
SIDES = bank.open_bank("dokk1").sides

RESPONSES = st.fixed_dictionaries(
    {},
    optional={item.id: st.sampled_from([*item.options, DONT_KNOW]) for item in DOKK1.items},
)
TWO = RESPONSES, RESPONSES


def test_us_and_them_and_who_pays_change_places_and_the_rest_stays():
    party = {"contribution": "us", "benefit": "both", "payment": "we_pay", "creation": "joint", "vision": DONT_KNOW}

    assert mirrored_responses(SIDES, party) == {
        "contribution": "them",
        "benefit": "both",
        "payment": "they_pay",
        "creation": "joint",
        "vision": DONT_KNOW,
    }


def test_what_only_the_library_can_tell_goes():
    assert mirrored_responses(SIDES, {"ownership": "management", "strategy": "goal", "scope": "several"}) == {}


@given(RESPONSES)
def test_turned_twice_is_as_it_was(responses):
    asked = {item: given for item, given in responses.items() if item in SIDES.asked}

    assert mirrored_responses(SIDES, mirrored_responses(SIDES, responses)) == asked


@given(*TWO)
def test_swapping_the_sides_swaps_what_is_said(ours, theirs):
    here = {each.item: each.match for each in compare_responses(DOKK1, SIDES, ours, theirs)}
    there = {each.item: each.match for each in compare_responses(DOKK1, SIDES, theirs, ours)}
    one, other = win_win(DOKK1, SIDES, ours, theirs), win_win(DOKK1, SIDES, theirs, ours)

    assert here == there
    assert (one.library, one.party) == (other.party, other.library)
    assert one.both == other.both


@given(RESPONSES)
def test_a_party_that_says_the_same_from_its_side_differs_in_nothing(ours):
    assert Match.DIFFERENT not in {
        each.match for each in compare_responses(DOKK1, SIDES, ours, mirrored_responses(SIDES, ours))
    }


def test_each_item_that_applies_for_both_is_the_same_different_or_unknown():
    ours = {"creation": "joint", "contribution": "us", "payment": "we_pay", "price": "cost", "vision": DONT_KNOW}
    theirs = {"creation": "parallel", "contribution": "them", "payment": "none", "price": "delivery", "vision": "no"}

    found = {each.item: each for each in compare_responses(DOKK1, SIDES, ours, theirs)}

    assert found["creation"] == ComparedItem(item="creation", match=Match.DIFFERENT, ours="joint", theirs="parallel")
    assert found["contribution"] == ComparedItem(item="contribution", match=Match.SAME, ours="us", theirs="us")
    assert found["payment"] == ComparedItem(item="payment", match=Match.DIFFERENT, ours="we_pay", theirs="none")
    assert found["vision"] == ComparedItem(item="vision", match=Match.UNKNOWN, ours=DONT_KNOW, theirs="no")
    assert found["track"] == ComparedItem(item="track", match=Match.UNKNOWN, ours=None, theirs=None)
    assert "price" not in found
    assert not {"scope", "ownership", "strategy"} & found.keys()


def test_a_gain_that_the_library_claims_for_the_party_is_held_against_the_partys_own_word():
    claimed = win_win(DOKK1, SIDES, {"benefit": "both"}, {"benefit": "them"})

    assert claimed == WinWin(library=SideView(own=True, other=True), party=SideView(own=False, other=True))
    assert claimed.both is False


def test_win_win_is_each_sides_word_for_itself_whatever_the_other_thinks():
    # Each says "only we do": they are wrong about one another, and both gain.
    found = win_win(DOKK1, SIDES, {"benefit": "us"}, {"benefit": "us"})

    assert found == WinWin(library=SideView(own=True, other=False), party=SideView(own=True, other=False))
    assert found.both is True


def test_a_dont_know_about_gains_is_never_a_no():
    assert win_win(DOKK1, SIDES, {"benefit": "both"}, {"benefit": DONT_KNOW}).both is None
    assert win_win(DOKK1, SIDES, {}, {}).both is None
    assert win_win(DOKK1, Sides(asked=("benefit",)), {"benefit": "both"}, {}) is None


def test_what_it_brings_is_told_by_who_ticked_it_in_the_instruments_order():
    assert shared_gains(DOKK1, ("ideas", "use", "groups"), ("groups", "resources", "ideas")) == SharedGains(
        both=("groups", "ideas"), ours=("use",), theirs=("resources",)
    )


@given(RESPONSES)
def test_the_party_is_asked_what_applies_and_is_its_to_tell_until_nothing_is_left(responses):
    asked, given_ = [], {item: one for item, one in responses.items() if item == "payment"}
    while item := next_party_item(DOKK1, SIDES, given_):
        asked.append(item.id)
        given_[item.id] = responses.get(item.id, item.options[0])

    assert set(asked) <= set(SIDES.asked)
    assert asked == sorted(asked, key=DOKK1.positions.__getitem__)
    assert ("price" in asked) == (given_["payment"] in ("we_pay", "they_pay", DONT_KNOW))


def test_gains_say_who_by_the_banks_own_options():
    gain = Gain(item="benefit", ours=("us", "both"), theirs=("them", "both"))

    assert SIDES.gain == gain
