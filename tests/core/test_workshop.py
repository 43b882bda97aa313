"""A workshop is what its acts amount to, in the order of their numbers and of nothing else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessor.core.workshop import ACT_KINDS, STAGES, Act, AgreedStep, workshop_from_acts

BEGAN = datetime(2026, 11, 10, 9, tzinfo=UTC)


def act(seq, kind, subject="", item="", value="yes", minutes=None):
    return Act(
        seq=seq, kind=kind, subject=subject, item=item, value=value, at=BEGAN + timedelta(minutes=minutes or seq)
    )


def standing(*acts):
    return workshop_from_acts(
        id="w", library="Provbiblioteket", name="Höstdagen", code="ABC2345", opened=BEGAN, acts=acts
    )


def test_a_workshop_without_acts_waits_for_people_to_join():
    new = standing()

    assert (new.stage, new.subject, new.locked, new.closed, new.days, new.at_least, new.seq) == (
        "join",
        "",
        False,
        None,
        90,
        5,
        0,
    )


def test_the_latest_of_a_kind_and_subject_counts_and_an_empty_value_withdraws_it():
    now = standing(
        act(1, "listed", "a"),
        act(2, "listed", "b"),
        act(3, "listed", "a", value=""),
        act(4, "locked"),
        act(5, "locked", value=""),
        act(6, "listed", "a"),
        act(7, "removed", "r1"),
        act(8, "removed", "r2"),
        act(9, "removed", "r1", value=""),
    )

    assert (now.listed, now.locked, now.removed, now.seq) == (("b", "a"), False, frozenset({"r2"}), 9)


def test_what_is_done_again_keeps_its_place_in_the_list():
    assert standing(act(1, "listed", "a"), act(2, "listed", "b"), act(3, "listed", "a")).listed == ("a", "b")


def test_the_board_shows_the_last_stage_and_its_subject():
    shown = (act(1, "stage", item="a", value="talk"), act(2, "stage", item="b", value="terraces"))

    assert (standing(*shown).stage, standing(*shown).subject) == ("terraces", "b")
    again = standing(*shown, act(3, "stage", item="a", value="talk"))
    assert (again.stage, again.subject) == ("talk", "a")


def test_a_stage_that_is_none_is_the_first():
    assert standing(act(1, "stage", value="<script>")).stage == "join"


def test_a_closed_workshop_shows_that_it_is_over_whatever_was_shown():
    over = standing(act(1, "stage", item="a", value="talk"), act(2, "closed", minutes=30))

    assert (over.stage, over.subject, over.closed) == ("closed", "", BEGAN + timedelta(minutes=30))


def test_order_follows_the_numbers_however_the_clock_jumps():
    late = act(1, "stage", value="terraces", minutes=600)

    assert standing(act(2, "stage", value="steps", minutes=1), late).stage == "steps"


def test_a_step_is_what_it_says_with_who_and_when_where_they_were_said():
    now = standing(
        act(1, "step", "a", "k1.what", "Ring dem"),
        act(2, "step", "a", "k1.who", "Filialchefen"),
        act(3, "step", "a", "k1.when", "före jul"),
        act(4, "step", "b", "k.2.what", "Skriv en rad"),
        act(5, "step", "b", "k3.who", "ingen sade vad"),
        act(6, "step", "a", "k1.who", "Chefen"),
    )

    assert now.steps == (
        AgreedStep(id="k1", collaboration="a", what="Ring dem", who="Chefen", when="före jul"),
        AgreedStep(id="k.2", collaboration="b", what="Skriv en rad", who="", when=""),
    )


def test_a_step_whose_what_is_withdrawn_is_none():
    assert standing(act(1, "step", "a", "k.what", "x"), act(2, "step", "a", "k.what", "")).steps == ()


def test_dissents_stand_beside_what_was_agreed_on():
    now = standing(
        act(1, "agreed", "a", value="x1"), act(2, "dissent", "a", "k", "Nej."), act(3, "dissent", "a", "l", "Jo.")
    )

    assert (now.agreed, now.dissents) == ({"a": "x1"}, {"a": ("Nej.", "Jo.")})


def test_everybody_places_a_case_once():
    now = standing(
        act(1, "case", "r1", "club", "network"),
        act(2, "case", "r2", "club", "service"),
        act(3, "case", "r1", "club", "supplier"),
        act(4, "case", "r1", "shop", "supplier"),
    )

    assert now.cases == {"club": {"r1": "supplier", "r2": "service"}, "shop": {"r1": "supplier"}}


def test_fewer_than_three_are_never_told_together_and_a_number_that_is_none_is_the_usual():
    assert standing(act(1, "at_least", value="1")).at_least == 3
    assert standing(act(1, "at_least", value="7")).at_least == 7
    assert standing(act(1, "at_least", value="²")).at_least == 5
    assert standing(act(1, "at_least", value="many"), act(2, "days", value="-1")).days == 90


ACTS = st.lists(
    st.tuples(
        st.sampled_from(ACT_KINDS),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["", "k.what", "k.who", "c"]),
        st.sampled_from(["", "yes", "3", "talk", "x"]),
    ),
    max_size=30,
)


@given(ACTS, st.randoms(use_true_random=False))
def test_any_acts_amount_to_a_workshop_whatever_order_they_come_in(drawn, chance):
    acts = [act(seq, *facts) for seq, facts in enumerate(drawn, start=1)]
    now = standing(*acts)

    assert now == standing(*chance.sample(acts, len(acts)))
    assert now.stage in STAGES
    assert now.at_least >= 3
    assert (now.stage == "closed") == (now.closed is not None)


@given(ACTS)
def test_the_same_acts_again_change_nothing_but_the_number(drawn):
    once = standing(*(act(1 + at, *facts) for at, facts in enumerate(drawn)))
    again = act(len(drawn) + 1, *drawn[-1]) if drawn else act(1, "locked", value="")

    assert standing(*(act(1 + at, *facts) for at, facts in enumerate(drawn)), again).listed == once.listed
