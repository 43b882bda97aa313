"""What is asked right after an answer and never scored: when a paper ends, which goal is served, whether it fits."""

from pathlib import Path

import pytest

from assessor.bank import open_bank
from assessor.core.responses import PlannedStep
from assessor.store import Store
from assessor.usecases.assessments import GAINS, GOAL, GUT, WANTED, Assessments, NotAMonth, ends_step, new_key

BEGIN = ("Example Library", "1", "Example Club", "Chess", "1")
BEFORE = ("1", "1")


@pytest.fixture
def kiosk(kiosk: Path) -> Path:
    """The small bank, which asks for the end of its paper and for the goal of what is made together."""
    more = 'ends: {paper: ["yes"]}\nserves: {making: [together]}\n'
    instrument = kiosk / "instrument.yaml"
    instrument.write_text(instrument.read_text("utf-8") + more, "utf-8")
    return kiosk


def library(kiosk: Path, store: Store) -> Assessments:
    return Assessments(store, "Example Library", open_bank(str(kiosk)))


def stored(kiosk: Path):
    with Store.open(write=False) as store:
        assessments = library(kiosk, store)
        (listed,) = assessments.list_collaborations()
        return listed.loaded, assessments.goals()


def test_both_are_asked_right_after_their_options_and_kept(sit, kiosk):
    sat = sit(*BEGIN, *BEFORE, "2", "1", "All children read", "2", "2", "1", "6/2027", "1", "1", "s")
    loaded, goals = stored(kiosk)

    assert sat.ended == "InterviewStopped"
    assert list(goals.values()) == ["All children read"]
    assert [loaded.assessment.goal] == list(goals)
    assert loaded.assessment.ends == {"paper": "2027-06"}
    assert loaded.taken_steps() == (GUT, "making", GOAL, "paying", "paper", ends_step("paper"), GAINS)
    assert "It is in writing: when does it end?" not in sat.screen
    assert "Yes: when does it end?" in sat.screen
    assert "Paper: ends: June 2027" in sat.screen


def test_both_may_be_left_and_a_month_that_is_none_is_asked_again(sit, kiosk):
    sit(*BEGIN, *BEFORE, "2", "2", "2", "2", "1", "soon", "", "1", "1", "s")
    loaded, goals = stored(kiosk)

    assert (loaded.assessment.ends, loaded.assessment.goal, goals) == ({}, None, {})
    assert loaded.finished
    assert loaded.next_step("full") is None


def test_an_assessment_is_finished_though_nobody_said_when_its_paper_ends(home, kiosk):
    with Store.open() as store:
        at = library(kiosk, store)
        opened = at.begin(at.add_collaboration("Example Club", "Chess"))
        for step, value in {GUT: "close", WANTED: "", "making": "together", "paying": "yes", "paper": "yes"}.items():
            opened = at.respond(opened, step, value, new_key())
        opened = at.respond(opened, GAINS, "", new_key())

    assert opened.finished
    assert opened.next_step("full") == ends_step("paper")


def test_an_end_or_a_goal_that_is_none_is_refused_and_nothing_is_kept(home, kiosk):
    with Store.open() as store:
        at = library(kiosk, store)
        opened = at.begin(at.add_collaboration("Example Club", "Chess"))
        with pytest.raises(NotAMonth):
            at.respond(opened, ends_step("paper"), "soon", new_key())
        with pytest.raises(Exception, match="g9"):
            at.respond(opened, GOAL, "g9", new_key())

        assert store.assessment(opened.assessment.id).history == ()


def test_neither_changes_the_placement_or_what_makes_it(home, kiosk):
    with Store.open() as store:
        at = library(kiosk, store)
        opened = at.begin(at.add_collaboration("Example Club", "Chess"))
        for step, value in {"making": "together", "paying": "yes", "paper": "yes"}.items():
            opened = at.respond(opened, step, value, new_key())
        before = opened.verdict
        opened = at.respond(opened, ends_step("paper"), "1999-01", new_key())
        opened = at.respond(opened, GOAL, at.add_goal("Read", new_key()), new_key())

    assert opened.verdict == before


def test_a_goal_in_the_same_words_is_the_same_goal(home, kiosk):
    with Store.open() as store:
        at = library(kiosk, store)

        assert at.add_goal(" All read ", new_key()) == at.add_goal("All read", new_key())
        assert list(at.goals().values()) == ["All read"]


def test_the_next_step_and_a_quotation_are_kept_changed_and_withdrawn(home, kiosk):
    with Store.open() as store:
        at = library(kiosk, store)
        opened = at.begin(at.add_collaboration("Example Club", "Chess"))
        opened = at.record_note(opened, "making", "They sing.", new_key())
        step = PlannedStep(id="paper", what="Write it down", who="Åsa", when="2027-06")
        opened = at.plan_step(opened, step, "k1")
        again = at.plan_step(opened, step, "k1")
        later = at.plan_step(again, PlannedStep(id="paper", what="Write it down", who="", when="soon"), "k2")
        quoted = at.choose_quotation(later, "making", True, "k3")

    assert (opened.assessment.steps, again.assessment.history) == ((step,), opened.assessment.history)
    assert later.assessment.steps == (PlannedStep(id="paper", what="Write it down", who="", when="soon"),)
    assert quoted.assessment.quoted == {"making": True}


def test_all_of_it_goes_over_to_a_renewed_assessment(home, kiosk):
    with Store.open() as store:
        at = library(kiosk, store)
        opened = at.begin(at.add_collaboration("Example Club", "Chess"))
        for step, value in {"making": "together", "paying": "yes", "paper": "yes", WANTED: "apart"}.items():
            opened = at.respond(opened, step, value, new_key())
        opened = at.respond(opened, ends_step("paper"), "2027-06", new_key())
        opened = at.respond(opened, GOAL, at.add_goal("Read", new_key()), new_key())
        opened = at.plan_step(opened, PlannedStep(id="paper", what="a", who="b", when="c"), new_key())
        opened = at.choose_quotation(at.record_note(opened, "making", "x", new_key()), "making", True, new_key())
        renewed = at.renew(opened).assessment

    kept = opened.assessment
    assert (renewed.ends, renewed.goal, renewed.steps) == (kept.ends, kept.goal, kept.steps)
    assert (renewed.quoted, renewed.wanted, renewed.notes) == (kept.quoted, "apart", kept.notes)


def test_where_a_purchase_is_to_stay_one_no_way_up_is_told(sit, kiosk):
    sat = sit(*BEGIN, "3", "1", "1", "1", "1", "1", "3", "s")

    assert sat.screen.index("Why") < sat.screen.index("What should this collaboration be?")
    assert "The library wants it exactly where it is." in sat.screen
    told_again = sat.screen.rpartition("What should this collaboration be?")[2]
    assert "If you want to make something together" not in told_again


@pytest.fixture
def asking(kiosk: Path) -> Path:
    """The same bank, which asks back where one of them makes it alone and yet is paid."""
    signal = 'signals:\n  - {id: odd, when: {all: [{making: alone}, {paying: "yes"}]}, asks_back: true}\n'
    words = 'signals:\n  odd: {name: "Alone and paid?", about: "One makes it, and one pays."}\n'
    for name, text in (("instrument.yaml", signal), ("en.yaml", words)):
        (kiosk / name).write_text((kiosk / name).read_text("utf-8") + text, "utf-8")
    return kiosk


ASKED = """\
Alone and paid?
One makes it, and one pays.
Is that how it is?
  1. Keep these answers as they are
  2. Change Making: One
  3. Change Paying: Yes
  b. Back
  s. Stop here, continue later
"""


def test_answers_that_hardly_fit_are_asked_about_at_once_and_stand_if_the_person_says_so(sit, asking):
    sat = sit(*BEGIN, *BEFORE, "1", "2", "1", "1", "1", "1", "1", "s")
    loaded, _goals = stored(asking)

    assert ASKED in sat.screen
    assert sat.screen.index("Is that how it is?") < sat.screen.index("Is the price in writing?")
    assert loaded.responses == {"making": "alone", "paying": "yes", "paper": "no"}
    checked = sat.screen[sat.screen.index("Check your answers") :]
    assert "Alone and paid?\nOne makes it, and one pays.\n" in checked
    assert sat.screen.count("Is that how it is?") == 1


def test_one_of_them_is_changed_from_there_and_nothing_more_is_asked(sit, asking):
    sat = sit(*BEGIN, *BEFORE, "1", "2", "3", "1", "1", "1", "s")
    loaded, _goals = stored(asking)

    assert loaded.responses == {"making": "alone", "paying": "no"}
    assert "Alone and paid?" not in sat.screen[sat.screen.index("Check your answers") :]


def test_a_change_that_fits_as_little_is_asked_about_again_and_the_same_answer_is_not(sit, asking):
    sat = sit(*BEGIN, *BEFORE, "1", "2", "3", "2", "1", "1", "1", "1", "s")

    assert sat.screen.count("Is that how it is?") == 1
