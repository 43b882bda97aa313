"""The interview as numbered lines: what is asked, in which order, and what is stored however it ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessor.bank import open_bank
from assessor.presentation.messages import Messages
from assessor.presentation.terms import Terms
from assessor.store import Store
from assessor.terminal.screens import standing_line
from assessor.usecases.assessments import Assessments, LoadedAssessment

Sit = Callable[..., Any]

BEGIN = ("Example Library", "1", "Example Club", "Chess", "1")
#: Gut feeling: close; everything is asked.
BEFORE = ("1", "1")


def stored(kiosk: Path) -> LoadedAssessment:
    """The only assessment there is."""
    with Store.open(write=False) as store:
        (listed,) = Assessments(store, "Example Library", open_bank(kiosk)).list_collaborations()
    assert listed.loaded is not None
    return listed.loaded


def test_a_whole_interview_ends_in_a_verdict(sit: Sit, kiosk: Path):
    sat = sit(*BEGIN, *BEFORE, "2", "1", "1", "1", "d", "s")

    assert sat.ended == "InterviewStopped"
    assert stored(kiosk).assessment.responses == {"making": "together", "paying": "no"}
    assert stored(kiosk).assessment.gains == ("readers",)
    verdict = sat.screen[sat.screen.index("Example Club · Chess\n▲") :]
    assert [line for line in verdict.splitlines() if line] == [
        "Example Club · Chess",
        "▲ Close",
        "Level 1 of the model's 2",
        "What decides it: Both of us make it.",
        "B",
        "Every question has been answered, so nothing open can change the placement.",
        "The gut feeling said the same.",
        "Why",
        "  • Both of us make it.",
        "    Working\N{NO-BREAK SPACE}together",
        "  • Nobody pays.",
        "The way up",
        "  There is no level above this one.",
        "The way down",
        "  → If the group stops meeting, it becomes apart.",
        "    Fragile: a single change that may happen by itself is enough.",
        "Marks of a good partnership",
        "  ✓ Shared: met",
        "What to think of next",
        "  Keep it up.",
        "From: Charter of the Example Libraries",
        "Example Club · Chess",
        "What should this collaboration be?",
        "A lower level may be right, and a purchase may stay a purchase.",
        "Your answer",
        "  1. Close (level 1)",
        "       A",
        "  2. Loose (level 2)",
        "       C",
        "  3. Apart",
        "       E",
        "  d. Don't know yet",
        "  b. Back",
        "  s. Stop here, continue later",
        "Type a number or a letter: d",
        "Example Club · Chess: ▲ Close (level 1)",
        "What next?",
        "  1. The next collaboration",
        "  2. Look at and change the answers",
        "  3. Add a note on the whole collaboration",
        "  4. Assess it again (this assessment is kept)",
        "  5. Make the report",
        "  6. Back to the list of collaborations",
        "  7. Write down the next step: who and when",
        "  s. Stop here, continue later",
        "Type a number or a letter: s",
    ]


def test_an_item_is_asked_with_how_much_is_left_and_every_way_out(sit: Sit):
    sat = sit(*BEGIN, *BEFORE)

    assert sat.ended == "EOFError"
    assert sat.screen.splitlines()[-14:] == [
        "Example Club · Chess · at most 3 left",
        "Who makes it?",
        "Lending a room is not making.",
        "Your answer",
        "  1. One of us",
        "  2. Both of us",
        "       In a joint group.",
        "  d. Don't know",
        "  b. Back",
        "  ?. Help: an example, and where the question comes from",
        "  n. Add a note",
        "  m. More: answers so far, short or full, language, list",
        "  s. Stop here, continue later",
        "Type a number or a letter: ",
    ]


def test_it_resumes_at_the_first_item_without_a_response(sit: Sit):
    sit(*BEGIN, *BEFORE, "2")

    assert "at most 2 left\nDoes one pay the other?" in sit("1").screen


def test_back_asks_the_item_before_and_a_changed_response_counts(sit: Sit, kiosk: Path):
    sit(*BEGIN, *BEFORE, "2", "b", "1")

    assert stored(kiosk).assessment.responses == {"making": "alone"}
    assert [entry.value for entry in stored(kiosk).assessment.history] == ["close", "together", "alone"]


def test_enter_alone_keeps_a_response_given_before(sit: Sit, kiosk: Path):
    sat = sit(*BEGIN, *BEFORE, "2", "b", "")

    assert "Both of us (your answer)" in sat.screen
    assert stored(kiosk).assessment.responses == {"making": "together"}


def test_enter_alone_is_no_response(sit: Sit, kiosk: Path):
    sat = sit(*BEGIN, *BEFORE, "")

    assert "Type one of: 1, 2, d, b, ?, n, m, s" in sat.screen
    assert stored(kiosk).assessment.responses == {}


def test_before_the_first_question_stand_the_names(sit: Sit, kiosk: Path):
    sat = sit(*BEGIN, "b", "Example Choir", "-", "1")

    assert sat.screen.count("gut feeling say?") == 2
    assert stored(kiosk).assessment.collaboration.name == "Example Choir"


def test_help_tells_an_example_and_the_source_in_the_words_of_the_reader(sit: Sit):
    told = sit(*BEGIN, *BEFORE, "?").screen.split("Type a number or a letter: ")[-2].splitlines()

    assert told[2:6] == [
        "Making",
        "We meet and write the play.",
        "There the answer is “Both of us”. Both write.",
        "Source: “Doing it together”, in the original “Working together”, in: Charter of",
    ]


def test_help_says_so_where_the_questionnaire_has_no_more_to_say(sit: Sit):
    sat = sit(*BEGIN, *BEFORE, "1", "?")

    assert "Paying\nThe questionnaire has no more to say about this question." in sat.screen


def test_a_note_is_kept_changed_and_taken_away(sit: Sit, kiosk: Path):
    sit(*BEGIN, *BEFORE, "n", "Ask Åsa — ✓")
    kept = dict(stored(kiosk).assessment.notes)
    sit("1", "n", "")
    left = dict(stored(kiosk).assessment.notes)
    sit("1", "n", "-")

    assert (kept, left, stored(kiosk).assessment.notes) == ({"making": "Ask Åsa — ✓"}, kept, {})


def test_a_change_before_the_verdict_asks_what_it_opens(sit: Sit, kiosk: Path):
    sat = sit(*BEGIN, *BEFORE, "2", "1", "", "4", "2", "1", "1", "1", "s")

    assert "Is the price in writing?" in sat.screen
    assert stored(kiosk).assessment.responses == {"making": "together", "paying": "yes", "paper": "no"}


def test_short_mode_stops_asking_when_the_placement_is_certain(sit: Sit, kiosk: Path):
    sat = sit(*BEGIN, "d", "2", "1", "", "1", "s")

    assert sat.ended == "InterviewStopped"
    assert stored(kiosk).assessment.responses == {"making": "alone"}
    assert "◇ Apart" in sat.screen


def test_a_bank_in_one_language_is_asked_in_it_and_begins_with_its_own_name(sit: Sit):
    sat = sit(*BEGIN, "t", language="fi", language_known=False)

    assert sat.screen.lstrip().startswith("Kiosk\nYou answer questions about one collaboration at a time")
    assert "Språk" not in sat.screen


def test_only_the_languages_of_the_bank_are_offered(sit: Sit, kiosk: Path):
    words = (kiosk / "en.yaml").read_text("utf-8").replace("language: en", "language: sv")
    (kiosk / "sv.yaml").write_text(words, "utf-8")
    sat = sit("1", "t", language_known=False)

    menu = sat.screen[sat.screen.index("Språk · Kieli · Sprog · Language") :]
    assert [line.split(". ")[1] for line in menu.splitlines()[1:5] if ". " in line] == [
        "Svenska",
        "Svenska (Finland)",
        "English",
    ]


def test_the_language_can_be_switched_between_two_questions(sit: Sit):
    sat = sit(*BEGIN, *BEFORE, "m", "4", "3", "m", "4", "1", bank="dokk1")

    said = [sat.screen.index(each) for each in ("Your answer", "Which language?", "Vastauksesi", "Ditt svar")]
    assert said == sorted(said)


def test_the_other_languages_are_offered_by_their_own_names_to_who_reads_none_of_this(sit: Sit):
    sat = sit(*BEGIN, "1", "1", "1", "m", "4", "t", language="fi", bank="dokk1")

    assert "Svenska, Svenska (Finland), Dansk, Norsk bokmål, English" in sat.screen
    assert "Mikä kieli?" in sat.screen


@pytest.mark.parametrize(
    ("language", "ask", "unknown"),
    [
        ("fi", "Kuka suunnittelee sen", "En tiedä"),
        ("da", "Hvem er med til at forme det", "Ved ikke"),
        ("nb", "Hvem er med på å forme det", "Vet ikke"),
        ("sv_FI", "Vem formar det", "Vet inte"),
    ],
)
def test_a_person_is_asked_in_each_language(sit: Sit, language: str, ask: str, unknown: str):
    sat = sit(*BEGIN, "1", "1", "1", language=language, bank="dokk1")

    assert ask in sat.screen
    assert unknown in sat.screen


def test_a_name_that_is_too_long_is_refused_and_asked_again(sit: Sit, kiosk: Path):
    sat = sit("x" * 201, "Example Library", "1", "Example Club", "", "1")

    assert "The text has 201 characters and at most 200 can be kept; shorten it" in sat.screen
    assert stored(kiosk).assessment.collaboration.name == "Example Club"


def test_names_are_mended_before_they_count(sit: Sit, kiosk: Path):
    sat = sit(
        "Exampel Library", "2", "Example Library", "1",
        "", "Exampel Club", "<", "Example Club", "Ches", "3", "Chess", "b", "<", "", "Chess", "1",
    )  # fmt: skip

    assert stored(kiosk).assessment.collaboration.name == "Example Club · Chess"
    assert sat.screen.count("A name is needed.") == 1
    assert "Example Club · Chess: is this right?" in sat.screen


def test_names_that_differ_in_case_alone_are_warned_of(sit: Sit):
    sit(*BEGIN, *BEFORE, "1", "1", "1", "d", "s")
    sat = sit("n", "example club", "chess", "2", "<", "s")

    assert "! There is already one called Example Club · Chess." in sat.screen


def test_who_comes_back_is_welcomed_and_chooses_among_several(sit: Sit):
    once = sit(*BEGIN)
    second = sit("1", "1", "m", "5", "n", "Example Choir", "", "1")
    third = sit()

    assert "Welcome back" not in once.screen
    assert "Welcome back. Collaborations: 1, begun and not finished: 1." in second.screen
    told = third.screen[third.screen.index("Welcome back") :].splitlines()
    assert told[0] == "Welcome back. Collaborations: 2, begun and not finished: 2."
    assert [line for line in told if line.startswith("  1.") or line.startswith("  2.")] == [
        "  1. Example Choir",
        "  2. Example Club · Chess",
    ]


def test_a_bank_that_changed_says_what_and_asks_on_by_its_version(sit: Sit, kiosk: Path):
    sit(*BEGIN, *BEFORE, "2")
    text = (kiosk / "instrument.yaml").read_text("utf-8")
    text = text.replace('version: "1"', 'version: "2"').replace(
        "loose, when: {making: together}", 'loose, when: {paying: "no"}'
    )
    (kiosk / "instrument.yaml").write_text(text, "utf-8")
    sat = sit("1")

    assert "since you started (version 1)" in sat.screen
    assert "  • other rules for the placement" in sat.screen
    assert "Does one pay the other?" in sat.screen


def test_a_collaboration_named_is_opened_or_begun(sit: Sit, kiosk: Path):
    sit("Example Library", "1", "1", name="Example Club · Chess")

    assert stored(kiosk).assessment.collaboration.name == "Example Club · Chess"


def test_a_part_of_a_name_offers_what_it_may_mean_and_begins_nothing_by_itself(sit: Sit, kiosk: Path):
    sit(*BEGIN, *BEFORE, "1", "1", "", "1", "s")
    sat = sit(name="club")

    assert "No collaboration is called club. Which do you mean?" in sat.screen
    assert "A new collaboration: club" in sat.screen
    with Store.open(write=False) as store:
        assert [each.name for each in store.collaborations("Example Library")] == ["Example Club · Chess"]


def test_a_new_collaboration_may_have_a_name_that_is_part_of_another(sit: Sit, kiosk: Path):
    sit(*BEGIN, *BEFORE, "1", "1", "", "1", "s")
    sit("2", "1", name="Club")

    with Store.open(write=False) as store:
        assert [each.name for each in store.collaborations("Example Library")] == ["Example Club · Chess", "Club"]


@pytest.mark.parametrize("typed", ["Example Club", "example club"])
def test_the_list_shows_where_each_stands(sit: Sit, typed: str):
    sit(*BEGIN, *BEFORE, "1", "1", "", "1", "s")
    sat = sit("n", typed, "", "1", "s")

    assert "  1. Example Club · Chess\n       ◇ Apart\n" in sat.screen


def test_a_step_that_may_be_taken_already_says_so(sit: Sit):
    sat = sit(*BEGIN, *BEFORE, "2", "2", "d", "", "1", "s")

    assert "  → Write it down (if it is not so already)" in sat.screen.splitlines()


def test_a_settled_placement_tells_what_was_not_asked_only_where_it_would_be(sit: Sit, kiosk: Path, english: Messages):
    sit(*BEGIN, *BEFORE, "1", "s")
    opened = stored(kiosk)
    terms = Terms("en", opened.instrument, opened.wording_in("en"))

    assert standing_line(terms, opened, "full") == "◇ Apart, 2 questions not asked"
    assert standing_line(terms, opened, "short") == "◇ Apart"


def test_the_report_is_written_where_the_person_stands_and_never_over_another(
    sit: Sit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794484800")
    (tmp_path / "Example Library report 2026-11-12.pdf").write_bytes(b"mine")

    sat = sit(*BEGIN, *BEFORE, "2", "1", "1", "1", "d", "5", "s")

    written = tmp_path / "Example Library report 2026-11-12 2.pdf"
    assert written.read_bytes().startswith(b"%PDF")
    assert "".join(f"The report is here: {written}".split()) in "".join(sat.screen.split())


def test_a_verdict_begins_with_where_what_decides_and_the_next_step(sit: Sit):
    sat = sit(*BEGIN, *BEFORE, "2", "2", "d", "", "1", "s")
    told = sat.screen[sat.screen.index("Example Club · Chess\n◇") :].splitlines()

    assert told[1:5] == [
        "◇ Close or loose",
        "At least level 2",
        "What decides it: Is the price in writing?",
        "The next step: Write it down (if it is not so already)",
    ]
