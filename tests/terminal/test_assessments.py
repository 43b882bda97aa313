"""The use cases that the faces share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessor.bank import open_bank
from assessor.errors import NotAnOption
from assessor.store import Store
from assessor.usecases.assessments import GAINS, GUT, WANTED, Assessments, Difference, LoadedAssessment, new_key
from assessor.usecases.reporting import library_report


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store.open() as opened:
        yield opened


@pytest.fixture
def at(store: Store, kiosk: Path) -> Assessments:
    return Assessments(store, "Example Library", open_bank(kiosk))


def begun(at: Assessments, **given: str) -> LoadedAssessment:
    opened = at.begin(at.add_collaboration("Example Club", "Chess"))
    for step, value in {GUT: "close", WANTED: "loose", **given}.items():
        opened = at.respond(opened, step, value, key=step)
    return opened


def test_the_steps_come_in_order_and_end(at: Assessments):
    opened = at.begin(at.add_collaboration("Example Club", "Chess"))
    steps = []
    for value in ("close", "together", "yes", "dont_know", "readers"):
        steps.append(opened.next_step("full"))
        opened = at.respond(opened, steps[-1], value, key=steps[-1])

    assert steps == [GUT, "making", "paying", "paper", GAINS]
    assert opened.asks_what_is_wanted
    assert opened.next_step("full") is None
    assert opened.assessment.responses == {"making": "together", "paying": "yes", "paper": "dont_know"}
    assert (opened.assessment.gut, opened.assessment.wanted) == ("close", None)


def test_the_same_key_counts_once(at: Assessments):
    opened = begun(at)
    once = at.respond(opened, "making", "together", key="k")
    twice = at.respond(once, "making", "alone", key="k")

    assert twice.assessment == once.assessment


def test_a_response_that_is_no_option_is_refused_and_nothing_is_kept(at: Assessments, store: Store):
    opened = begun(at)
    with pytest.raises(NotAnOption):
        at.respond(opened, "making", "never", key="k")

    assert store.assessment(opened.assessment.id) == opened.assessment


def test_the_follow_up_leaves_the_route_and_is_restored_by_going_back(at: Assessments):
    priced = begun(at, making="together", paying="yes", paper="no")
    unpaid = at.respond(priced, "paying", "no", key="2")
    again = at.respond(unpaid, "paying", "yes", key="3")

    assert [each.verdict.placement for each in (priced, unpaid, again)] == ["loose", "close", "loose"]
    assert again.next_step("full") == GAINS


def test_the_step_before_is_what_was_first_asked_before(at: Assessments):
    opened = begun(at, making="together", paying="no")
    changed = at.respond(opened, "making", "alone", key="2")

    assert changed.taken_steps() == (GUT, "making", "paying", WANTED)
    assert [changed.step_before(step) for step in (GAINS, "paying", "making", WANTED, GUT)] == [
        "paying",
        "making",
        GUT,
        "paying",
        None,
    ]


@pytest.mark.parametrize(
    ("given", "mode"),
    [
        ({}, None),
        ({"making": "together"}, None),  # short mode begins with it too
        ({"paying": "no"}, "short"),
        ({"making": "alone", "paying": "yes"}, "full"),
    ],
)
def test_how_much_is_asked_is_read_off_the_responses(at: Assessments, given: dict[str, str], mode: str | None):
    assert begun(at, **given).inferred_mode() == mode


def test_an_assessment_of_last_year_stays_beside_the_new_one(at: Assessments, store: Store):
    first = begun(at, making="alone", paying="no")
    second = at.respond(at.begin(first.assessment.collaboration), "making", "together", new_key())

    assert [each.id for each in store.assessments()] == [first.assessment.id, second.assessment.id]
    assert at.list_collaborations()[0].loaded == second


def test_the_half_done_one_is_found_and_a_finished_one_is_not(at: Assessments):
    begun(at, making="alone", paying="no", **{GAINS: ""})
    half = at.begin(at.add_collaboration("Example Choir", ""))

    assert at.latest_unfinished() == half


def test_a_changed_bank_leaves_the_assessment_with_its_version(at: Assessments, store: Store, kiosk: Path):
    opened = begun(at, making="together", paying="yes")
    instrument, wording = kiosk / "instrument.yaml", kiosk / "en.yaml"
    later = instrument.read_text("utf-8").replace("paper", "contract").replace('version: "1"', 'version: "2"')
    instrument.write_text(
        later.replace('["no", "yes"]\n  - id: contract', '["no", "yes", maybe]\n  - id: contract'), "utf-8"
    )
    words = wording.read_text("utf-8").replace("  paper:\n", "  contract:\n")
    maybe = '      maybe: {label: "Maybe", short: "Maybe", reason: "It varies"}\n'
    wording.write_text(words.replace("  contract:\n", f"{maybe}  contract:\n"), "utf-8")
    resumed = Assessments(store, "Example Library", open_bank(kiosk)).list_collaborations()[0].loaded

    assert resumed is not None
    assert resumed.assessment == opened.assessment
    assert resumed.instrument == opened.instrument
    assert resumed.next_step("full") == "paper"
    assert resumed.wording_in("en").items["paper"].ask == "Is the price in writing?"
    assert resumed.differences == (
        Difference(kind="gone", item="paper"),
        Difference(kind="added", item="contract"),
        Difference(kind="options", item="paying"),
        Difference(kind="rules", item=""),
    )
    assert (
        Assessments(store, "Example Library", open_bank(kiosk))
        .begin(opened.assessment.collaboration)
        .instrument.version
        == "2"
    )


def test_a_language_that_the_bank_lacks_gives_one_that_it_has(at: Assessments):
    assert begun(at).wording_in("sv").language == "en"


def test_nothing_is_kept_of_a_name_before_its_first_answer(sit, kiosk, home):
    with Store.open(create=True) as store:
        store.add_collaboration("Example Library", "Example Club", "Chess")
    sit(name="Example Choir · Songs")
    with Store.open(write=False) as store:
        before = [each.name for each in store.collaborations("Example Library")]
    sit("1", name="Example Choir · Songs")
    with Store.open(write=False) as store:
        after = [each.name for each in store.collaborations("Example Library")]
        [assessment] = store.assessments()

    assert (before, after) == (["Example Club · Chess"], ["Example Club · Chess", "Example Choir · Songs"])
    assert (assessment.collaboration.name, assessment.gut) == ("Example Choir · Songs", "close")


def test_one_begun_anew_and_left_empty_does_not_hide_what_was_answered(kiosk, home):
    with Store.open(create=True) as store:
        at = Assessments(store, "Example Library", open_bank(kiosk))
        club = at.add_collaboration("Example Club", "Chess")
        answered = at.respond(at.begin(club), "making", "together", new_key())
        at.begin(club)

        assert at.list_collaborations()[0].loaded == answered
        [row] = library_report(store, "Example Library", open_bank(kiosk), "en").report.rows
        assert (row.assessment.id, row.earlier) == (answered.assessment.id, ())
        later = at.respond(at.begin(club), "paying", "no", new_key())
        assert at.list_collaborations()[0].loaded == later
