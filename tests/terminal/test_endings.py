"""However a terminal ends, looks or lies, nothing acknowledged is lost; nothing that was typed steers the screen."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from screens import DOWN, ENTER, LEFT, ROOT, Terminal, text

from assessor import bank
from assessor.bank import open_bank
from assessor.core.responses import DONT_KNOW
from assessor.store import Store
from assessor.terminal.endings import resume_command
from assessor.usecases.assessments import GUT, WANTED, Assessments, LoadedAssessment, new_key

LIBRARY = "Example Library"
#: dokk1's items in the order of the full interview.
FIRST_SIX = ("creation", "contribution", "benefit", "payment", "price", "control")
FIRST_SHORT = open_bank("dokk1").wording("en").items[FIRST_SIX[0]].short
HOSTILE = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\u202e[link=http://evil]x[/link]"


@pytest.fixture(autouse=True)
def begun(home: Path) -> str:
    """An assessment that waits for its first item; its id."""
    with Store.open() as store:
        use = Assessments(store, LIBRARY, open_bank("dokk1"))
        opened = use.begin(use.add_collaboration("Example Club", "Chess"))
        for step, value in ((GUT, "network"), (WANTED, "")):
            opened = use.respond(opened, step, value, new_key())
    return opened.assessment.id


def kept() -> LoadedAssessment:
    with Store.open(write=False) as store:
        (listed,) = Assessments(store, LIBRARY, open_bank("dokk1")).list_collaborations()
    assert listed.loaded is not None
    return listed.loaded


def at_question_seven(**given: object) -> Terminal:
    """A terminal where the sixth response was typed, after five of an earlier evening."""
    with Store.open() as store:
        use = Assessments(store, LIBRARY, open_bank("dokk1"))
        opened = use.list_collaborations()[0].loaded
        assert opened is not None
        for item in FIRST_SIX[:-1]:
            opened = use.respond(opened, item, DONT_KNOW, new_key())
    terminal = Terminal("--lang", "en", **given)  # type: ignore[arg-type]
    terminal.until("at most 11 left", "Stop here")
    terminal.type("d")
    terminal.until("at most 10 left", "Stop here")
    return terminal


def _hang_up(terminal: Terminal) -> None:
    terminal.child.kill(signal.SIGHUP)


def test_the_command_to_go_on_names_what_was_given():
    assert resume_command("assessor", "sv", plain=True) == "assessor --lang sv --plain"
    given = {"store": Path("my store.db"), "library": "Example Library", "bank": None}
    told = resume_command("assessor", "en", plain=False, **given)
    assert told == "assessor --lang en --store 'my store.db' --library 'Example Library'"


@pytest.mark.parametrize(
    ("end", "code", "told"),
    [
        (lambda terminal: terminal.type("\x03"), 130, True),
        (lambda terminal: terminal.type("\x04"), 130, True),
        (_hang_up, 130, True),
        (lambda terminal: terminal.child.kill(signal.SIGTERM), 130, True),
        (lambda terminal: terminal.child.kill(signal.SIGKILL), -9, False),
        (lambda terminal: terminal.choose("Stop here, continue later"), 0, True),
    ],
    ids=["Ctrl-C", "Ctrl-D", "SIGHUP", "SIGTERM", "kill -9", "stop"],
)
def test_six_responses_are_kept_and_question_seven_comes_next(end: Callable[[Terminal], None], code: int, told: bool):
    terminal = at_question_seven()
    end(terminal)

    assert terminal.ends() == code
    assert ("To continue: assessor --lang en" in text(terminal.raw)) is told
    assert tuple(kept().assessment.responses) == FIRST_SIX
    assert kept().next_step("full") == "respect"
    again = Terminal("--lang", "en")
    again.until("at most 10 left", bank.open_bank("dokk1").wording("en").items["respect"].ask[:30])
    again.type("\x03")
    assert again.ends() == 130


def test_a_closed_window_loses_nothing_and_ends_the_process():
    terminal = at_question_seven()
    terminal.close_window()
    _pid, status = os.waitpid(terminal.child.pid, 0)

    assert os.waitstatus_to_exitcode(status) == 130
    assert tuple(kept().assessment.responses) == FIRST_SIX


@pytest.mark.parametrize("arguments", [(), ("--no-input",), ("--plain", "--no-input")])
def test_where_nobody_can_be_asked_it_says_what_is_lacking(arguments: tuple[str, ...]):
    done = subprocess.run(
        [sys.executable, "-m", "assessor", "--lang", "en", *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert f"answers are missing for Example Club · Chess: {FIRST_SHORT}, " in " ".join(done.stderr.split())
    assert len(done.stderr.splitlines()) <= 5


def test_where_nobody_can_be_asked_and_nothing_is_kept_everything_is_lacking(home: Path):
    (home / "assessor.db").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "assessor", "--lang", "en", "--no-input"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    assert done.returncode == 2
    assert f"a collaboration needs a name and answers to: {FIRST_SHORT}, " in " ".join(done.stderr.split())
    assert not (home / "assessor.db").exists()


def test_a_pipe_is_read_as_numbered_lines_when_asked_to_and_kept_when_it_ends():
    done = subprocess.run(
        [sys.executable, "-m", "assessor", "--lang", "en", "--plain"],
        input="1\nd\nd\n", capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    assert done.returncode == 130
    assert "To continue: assessor --lang en --plain" in done.stderr
    assert dict(kept().assessment.responses) == {"creation": "dont_know", "contribution": "dont_know"}


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"ACCESSIBLE": "1"}], ids=str)
def test_plain_lines_move_no_cursor(environment: dict[str, str]):
    terminal = Terminal("--lang", "en", environment=environment)
    terminal.until("Type a number or a letter:")
    terminal.type("1", "\n")
    terminal.until(bank.open_bank("dokk1").wording("en").items["creation"].ask[:30])
    terminal.type("s", "\n")

    assert terminal.ends() == 0
    assert b"\x1b" not in terminal.raw


def test_a_small_window_shows_the_choice_pointed_at_and_takes_it():
    terminal = Terminal("--lang", "en", rows=5, columns=20)
    terminal.until("1 Everything")
    terminal.type(DOWN)
    terminal.until("» 1 Everything")
    terminal.type(ENTER)
    terminal.until("  1")
    terminal.type(DOWN, DOWN)
    terminal.until("» 2")
    terminal.type(ENTER)
    terminal.until("  1")
    terminal.type("\x03")

    assert terminal.ends() == 130
    assert dict(kept().assessment.responses) == {"creation": "ready"}
    assert b"too small" not in terminal.raw


def test_a_window_resized_at_a_prompt_wraps_anew_and_loses_nothing():
    terminal = at_question_seven()
    for rows, columns in ((8, 24), (40, 132), (24, 80)):
        terminal.resize(rows, columns)
        terminal.until("  1")
    terminal.type("2")
    terminal.until("at most 9 left")
    terminal.type("\x03")

    assert terminal.ends() == 130
    assert kept().assessment.responses["respect"] == "one_way"


def test_a_megabyte_pasted_is_refused_and_the_interview_goes_on():
    terminal = at_question_seven()
    terminal.type("n")
    terminal.until("Your note")
    terminal.child.send("\x1b[200~" + "x" * 1_000_000 + "\x1b[201~")
    terminal.until("Not pasted: the text is too long for an answer (1000000 characters).")
    terminal.type("short", ENTER)
    terminal.until("Your note: short")
    terminal.type("\x03")

    assert terminal.ends() == 130
    assert dict(kept().assessment.notes) == {"respect": "short"}


@pytest.mark.parametrize(
    ("environment", "plain"),
    [
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, False),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, True),
        ({"PYTHONIOENCODING": "cp1252"}, False),
        ({"PYTHONIOENCODING": "cp1252"}, True),
    ],
)
def test_a_terminal_that_lacks_letters_shows_others_and_text_is_kept_as_typed(environment: dict[str, str], plain: bool):
    terminal = Terminal("--lang", "sv", *(["--plain"] if plain else []), environment=environment)
    line_end = (ENTER,) if plain else ()
    terminal.until("Samma placering", "s Sluta" if not plain else "s. Sluta")
    terminal.type("1", *line_end)
    terminal.until("Skriv en anteckning")
    terminal.type("a", *line_end)
    terminal.until("anteckning (")
    letters = "Blåbär ✓".encode() if "LC_ALL" in environment else "Blåbär ".encode("cp1252")
    terminal.settle()
    terminal.child.send(letters + b"\r")
    terminal.until("Blabar" if "LC_ALL" in environment else "Bl")
    terminal.type("\x03")

    assert terminal.ends() == 130
    assert "Error" not in text(terminal.raw)
    assert kept().assessment.notes["creation"].startswith("Blåbär")


def test_no_byte_of_hostile_text_reaches_the_screen(home: Path):
    terminal = at_question_seven()
    terminal.type("n")
    terminal.until("Your note")
    terminal.type("\x1b[200~" + "a\u202eb[link=http://evil]x[/link]" + "\x1b[201~", ENTER)
    terminal.until("‹U+202E›")
    terminal.type("\x03")
    terminal.ends()
    refused = Terminal("--lang", "en", "--bank", HOSTILE)
    refused.ends()

    for raw in (terminal.raw, refused.raw):
        assert not [piece for piece in ("\u202e".encode(), b"\x1b]52", b"\x07", b"\x1b[2J", b"\x9b31m") if piece in raw]
    assert "‹U+001B›]52;c;ZXZpbA==‹U+0007›" in text(refused.raw)


def test_the_second_terminal_is_told_and_takes_over_when_the_first_is_gone():
    first = at_question_seven()
    second = Terminal("--lang", "en")
    second.until("Someone has been answering here in another window since", str(first.child.pid))
    second.choose("Just look at the saved answers")
    second.until("started, at most 10 left")
    second.type(LEFT)
    second.choose("Wait, and continue when the other window is closed")
    first.type("2")
    first.until("at most 9 left")
    first.type("\x03")
    assert first.ends() == 130
    second.until("at most 9 left")
    second.type("1")
    second.until("at most 8 left")
    second.type("\x03")

    assert second.ends() == 130
    values = [entry.value for entry in kept().assessment.history if entry.kind == "response"]
    assert values == ["dont_know"] * 6 + ["one_way", "no"]


def test_a_clock_that_jumps_changes_neither_order_nor_what_is_kept(home: Path, begun: str):
    now = datetime.now(UTC)
    moments: Iterator[datetime] = iter([now, now - timedelta(hours=2), now + timedelta(days=400)])
    with Store.open() as store:
        for value in ("ready", "parallel", "joint"):
            store.record_entry(begun, "response", "creation", value, at=next(moments))

    assert [entry.value for entry in kept().assessment.history[-3:]] == ["ready", "parallel", "joint"]
    assert dict(kept().assessment.responses) == {"creation": "joint"}


def test_no_colour_where_none_is_wanted():
    terminal = Terminal("--lang", "en", environment={"NO_COLOR": "1"})
    terminal.until("Everything")
    terminal.type("\x03")
    terminal.ends()

    assert b"\x1b[0;38;" not in terminal.raw
    assert b";38;5;" not in terminal.raw


def test_a_store_that_cannot_be_written_is_told_before_the_first_question(home: Path):
    beneath_a_file = home / "assessor.db" / "home"
    terminal = Terminal("--lang", "en", environment={"ASSESSOR_HOME": str(beneath_a_file)})

    assert terminal.ends() == 73
    assert str(beneath_a_file)[:40] in text(terminal.raw)
    assert "What is your library called?" not in text(terminal.raw)
