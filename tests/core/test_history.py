"""From one assessment to the next: what moved a placement, and how responses go to a newer version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.conditions import AllOf, ItemIs
from assessor.core.history import (
    MigratedResponses,
    Migration,
    Move,
    PlacementShift,
    migrate,
    migrate_back,
    migration_path,
    placement_shift,
)
from assessor.core.instrument import Instrument, Item, Outcome
from assessor.core.verdict import Change


def instrument(version: str, *items: Item, close: AllOf | ItemIs) -> Instrument:
    outcomes = (Outcome(id="close", when=close), Outcome(id="outside"))
    return Instrument(id="demo", version=version, digest=version, items=items, outcomes=outcomes, levels=("close",))


PAPER = Item(id="paper", options=("none", "intent", "agreement"))
FOLLOWED = Item(id="followed", options=("nobody", "unit", "management"))
AGREED = ItemIs(item="paper", options=("agreement",))
THEN = instrument("1", PAPER, FOLLOWED, close=AGREED)
#: Asks for more than `THEN` did.
STRICT = instrument("2", PAPER, FOLLOWED, close=AllOf(parts=(AGREED, ItemIs(item="followed", options=("management",)))))


def test_a_change_of_answers_alone_is_the_answers_change():
    found = placement_shift(
        THEN, {"paper": "intent", "followed": "unit"}, THEN, {"paper": "agreement", "followed": "nobody"}
    )

    assert found == PlacementShift(
        before=("outside",),
        after=("close",),
        cause="answers",
        changes=(Change(item="paper", before="intent", after="agreement"),),
        dropped={},
    )


def test_the_same_answers_placed_otherwise_by_a_new_version_is_the_questions_change():
    given = {"paper": "agreement", "followed": "unit"}
    found = placement_shift(THEN, given, STRICT, given)

    assert (found.before, found.after, found.cause, found.changes) == (("close",), ("outside",), "questions", ())


def test_answers_that_would_have_led_there_in_either_version_beside_questions_that_do_too():
    found = placement_shift(
        THEN, {"paper": "agreement", "followed": "unit"}, STRICT, {"paper": "none", "followed": "unit"}
    )

    assert (found.before, found.after, found.cause) == (("close",), ("outside",), "either")


def test_what_neither_would_have_done_alone_was_done_by_both():
    after = Item(id="paper", options=("none", "intent", "agreement", "renewed"))
    now = instrument("2", after, FOLLOWED, close=ItemIs(item="paper", options=("intent",)))
    found = placement_shift(THEN, {"paper": "none", "followed": "unit"}, now, {"paper": "intent", "followed": "unit"})

    assert (found.before, found.after, found.cause) == (("outside",), ("close",), "both")
    assert found.changes == (Change(item="paper", before="none", after="intent"),)


def test_the_same_placement_is_no_change_whatever_else_changed():
    found = placement_shift(THEN, {"paper": "agreement"}, STRICT, {"paper": "agreement", "followed": "management"})

    assert (found.before, found.after, found.cause) == (("close",), ("close",), "nothing")


UNCLEAR = Migration(before="1", after="2", readings={"paper": {"agreement": ("agreement", "none"), "none": ("none",)}})


def test_an_answer_that_picks_one_reading_of_the_earlier_one_is_the_questions_change():
    given = {"paper": "agreement", "followed": "management"}
    found = placement_shift(THEN, given, STRICT, {**given, "paper": "none"}, (UNCLEAR,))

    assert (found.before, found.after, found.cause, found.changes) == (("close",), ("outside",), "questions", ())


def test_a_reading_goes_back_to_the_only_option_that_held_it():
    gift = Migration(
        before="1", after="2", readings={"paper": {"none": ("none", "gift"), "intent": ("intent", "lease")}}
    )
    both = Migration(
        before="1", after="2", readings={"paper": {"none": ("none", "gift"), "intent": ("intent", "gift")}}
    )

    assert migrate_back({"paper": "gift"}, (gift,), THEN) == {"paper": "none"}
    assert migrate_back({"paper": "intent"}, (gift,), THEN) == {"paper": "intent"}
    assert migrate_back({"paper": "gift"}, (both,), THEN) == {}


def test_readings_go_through_two_versions_and_through_a_move_that_may_hold():
    three = instrument("3", Item(id="paper", options=("none", "intent", "agreement", "lease")), FOLLOWED, close=AGREED)
    onward = Migration(
        before="2",
        after="3",
        moves=(Move(when={"paper": "none"}, gives={"followed": "nobody"}),),
        readings={"paper": {"none": ("none", "lease")}},
    )
    went = migrate({"paper": "agreement", "followed": "unit"}, (UNCLEAR, onward), three)

    assert went == MigratedResponses(
        responses={"followed": "unit"}, dropped={}, asked_again={"paper": ("agreement", "none", "lease")}
    )


SPLIT = Item(id="text", options=("no", "yes"))
FORCE = Item(id="force", options=("no", "yes"))
LEADS = Item(id="leads", options=("nobody", "unit", "management"))
NEWER = instrument("2", SPLIT, FORCE, LEADS, close=ItemIs(item="force", options=("yes",)))
WAY = Migration(
    before="1",
    after="2",
    renamed={"followed": "leads"},
    moves=(
        Move(when={"paper": "agreement"}, gives={"text": "yes", "force": "yes"}),
        Move(when={"paper": "intent"}, gives={"text": "yes"}),
    ),
)


@pytest.mark.parametrize(
    ("given", "went"),
    [
        ({"paper": "agreement"}, MigratedResponses(responses={"text": "yes", "force": "yes"}, dropped={})),
        ({"paper": "intent"}, MigratedResponses(responses={"text": "yes"}, dropped={})),
        (
            {"paper": "none", "followed": "unit"},
            MigratedResponses(responses={"leads": "unit"}, dropped={"paper": "none"}),
        ),
        ({"followed": "dont_know"}, MigratedResponses(responses={"leads": "dont_know"}, dropped={})),
        ({"paper": "dont_know"}, MigratedResponses(responses={}, dropped={"paper": "dont_know"})),
    ],
)
def test_responses_go_on_as_the_migration_says_and_what_cannot_is_told(given, went):
    assert migrate(given, (WAY,), NEWER) == went


def test_two_old_items_merge_into_one_only_together():
    merged = instrument("2", Item(id="held", options=("no", "yes")), close=ItemIs(item="held", options=("yes",)))
    way = Migration(
        before="1", after="2", moves=(Move(when={"paper": "agreement", "followed": "unit"}, gives={"held": "yes"}),)
    )

    assert migrate({"paper": "agreement", "followed": "unit"}, (way,), merged) == MigratedResponses(
        responses={"held": "yes"}, dropped={}
    )
    assert migrate({"paper": "agreement"}, (way,), merged) == MigratedResponses(
        responses={}, dropped={"paper": "agreement"}
    )


def test_an_item_asked_anew_takes_nothing_over():
    way = Migration(before="1", after="2", asked_anew=frozenset({"paper"}))

    assert migrate({"paper": "intent", "followed": "unit"}, (way,), STRICT) == MigratedResponses(
        responses={"followed": "unit"}, dropped={"paper": "intent"}
    )


@pytest.mark.parametrize("order", [("paper", "followed"), ("followed", "paper")])
def test_an_item_whose_name_another_one_takes_goes_nowhere_in_whatever_order(order):
    way = Migration(before="1", after="2", renamed={"followed": "paper"})
    given = {"paper": "intent", "followed": "agreement"}

    assert migrate({item: given[item] for item in order}, (way,), STRICT) == MigratedResponses(
        responses={"paper": "agreement"}, dropped={"paper": "intent"}
    )


def test_two_items_that_change_names_come_back_as_they_were():
    way = Migration(before="1", after="2", renamed={"followed": "paper", "paper": "followed"})
    there = migrate({"paper": "dont_know", "followed": "intent"}, (way,), STRICT).responses

    assert there == {"paper": "intent", "followed": "dont_know"}
    assert migrate_back({"paper": "dont_know"}, (way,), STRICT) == {"followed": "dont_know"}


def test_a_new_item_that_takes_an_old_ones_name_is_not_turned_back_to_it():
    way = Migration(before="1", after="2", renamed={"paper": "written"})

    assert migrate_back({"paper": "intent", "followed": "unit"}, (way,), THEN) == {"followed": "unit"}


def test_an_option_that_is_gone_does_not_go_over():
    now = instrument("2", Item(id="paper", options=("none", "agreement")), close=AGREED)

    assert migrate({"paper": "intent"}, (), now) == MigratedResponses(responses={}, dropped={"paper": "intent"})


def test_versions_are_followed_one_after_the_other():
    one, two = Migration(before="1", after="2"), Migration(before="2", after="3")

    assert migration_path((two, one), "1", "3") == (one, two)
    assert migration_path((two, one), "3", "3") == ()
    assert migration_path((two, one), "0", "3") == ()
    assert migration_path((one, Migration(before="2", after="1")), "1", "3") == ()


def test_what_went_through_two_versions_is_told_by_its_first_name():
    to = instrument("3", Item(id="z", options=("none", "agreement")), close=ItemIs(item="z", options=("agreement",)))
    way = (
        Migration(before="1", after="2", renamed={"paper": "y"}),
        Migration(before="2", after="3", renamed={"y": "z"}),
    )

    assert migrate({"paper": "agreement", "followed": "unit"}, way, to) == MigratedResponses(
        responses={"z": "agreement"}, dropped={"followed": "unit"}
    )
    assert migrate_back({"z": "agreement"}, way, THEN) == {"paper": "agreement"}


RESPONSES = st.fixed_dictionaries(
    {},
    optional={
        "paper": st.sampled_from((*PAPER.options, "dont_know")),
        "followed": st.sampled_from((*FOLLOWED.options, "dont_know")),
    },
)


@given(RESPONSES, RESPONSES)
def test_with_the_same_questions_only_the_answers_can_change_anything(earlier, later):
    found = placement_shift(STRICT, earlier, STRICT, later)

    assert found.cause == ("nothing" if found.before == found.after else "answers")
    assert found.dropped == {}


@given(RESPONSES)
def test_with_the_same_answers_only_the_questions_can_change_anything(given):
    found = placement_shift(THEN, given, STRICT, given)

    assert found.cause in ("nothing", "questions")
    assert found.changes == ()


@given(RESPONSES)
def test_every_response_goes_over_or_is_told(given):
    went = migrate(given, (WAY,), NEWER)
    of = {"text": "paper", "force": "paper", "leads": "followed"}

    assert {of[item] for item in went.responses} | set(went.dropped) == set(given)
    assert not {of[item] for item in went.responses} & set(went.dropped)
