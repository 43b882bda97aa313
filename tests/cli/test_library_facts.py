"""What a library says of itself, at the command line: its goals and when it assesses next."""

import pytest

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.assessments import add_goal


@pytest.fixture
def library(home):
    """A library with two goals, the first of which a collaboration serves."""
    with Store.open(home / "assessor.db", create=True) as store:
        found = store.add_collaboration("Example Library", "Example School", "Evenings")
        bank = open_bank("dokk1")
        id_ = store.begin_assessment(found.id, bank.instrument, bank.snapshot)
        goal = add_goal(store, "Example Library", "All children read", "a")
        add_goal(store, "Example Library", "Nobody is alone", "b")
        store.record_entry(id_, "goal", "", goal)
    return home


@pytest.fixture
def run(library, assessor):
    def done(*arguments: str) -> tuple[int, str, str]:
        given = assessor(*arguments)
        return given.returncode, given.stdout, given.stderr

    return done


def test_goals_are_added_reworded_and_removed_and_a_served_one_says_by_what_first(run):
    listed = run("goals")
    reworded = run("goals", "--reword", "1", "Every child reads")
    twice = run("goals", "--reword", "2", "Every child reads")
    refused = run("--no-input", "goals", "--remove", "1")
    free = run("goals", "--remove", "2")
    wrong = run("goals", "--remove", "7")
    gone = run("goals", "--remove", "1", "--yes")
    added = run("goals", "--add", "More languages")

    assert listed == (
        0,
        "1  All children read\n   Served by Example School · Evenings\n"
        "2  Nobody is alone\n   No collaboration serves it\n",
        "",
    )
    assert reworded[1].startswith("1  Every child reads\n   Served by Example School · Evenings\n")
    assert (twice[0], "is a goal already" in twice[2]) == (65, True)
    assert refused[0] != 0
    assert "“Every child reads” is served by Example School · Evenings." in refused[2]
    assert free == (0, "1  Every child reads\n   Served by Example School · Evenings\n", "")
    assert (wrong[0], "7 is not the number of a goal" in wrong[2]) == (2, True)
    assert (gone[0], gone[1]) == (0, "")
    assert added[:2] == (0, "1  More languages\n   No collaboration serves it\n")


def test_the_month_of_the_next_assessment_is_kept_with_the_calendar(run, library, tmp_path):
    wrong = run("calendar", "--next", "soon", "-o", str(tmp_path / "a.ics"))
    kept = run("calendar", "--next", "6/2027", "-o", str(tmp_path / "b.ics"))
    with Store.open(library / "assessor.db", write=False) as store:
        month = store.profiles.get("Example Library").next_month

    assert (wrong[0], (tmp_path / "a.ics").exists()) == (65, False)
    assert kept[0] == 0
    assert month == "2027-06"
