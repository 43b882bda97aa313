"""Two whole journeys at a real terminal, as a librarian makes them."""

import subprocess
import sys
from pathlib import Path

import pytest
from screens import ENTER, LEFT, ROOT, Terminal, text

from assessor import bank
from assessor.bank import open_bank
from assessor.core.responses import DONT_KNOW
from assessor.store import Store
from assessor.usecases.assessments import Assessments, LoadedAssessment


def kept(library: str) -> LoadedAssessment:
    with Store.open(write=False) as store:
        (listed,) = Assessments(store, library, open_bank("dokk1")).list_collaborations()
    assert listed.loaded is not None
    return listed.loaded


def at_the_verdict(terminal: Terminal, last: str) -> str:
    """Read on until the last words of the verdict's menu stand there; everything told on the way."""
    for _ in range(12):
        if last in terminal.screen():
            return text(terminal.raw)
        terminal.type(" ")
        terminal.settle()
    raise AssertionError(terminal.screen())


def option(language: str, item: str, option: str) -> str:
    """The beginning of an option's label, short enough for one row."""
    return bank.open_bank("dokk1").wording(language).items[item].options[option].label[:40]


def ask(language: str, item: str) -> str:
    """The beginning of an item, short enough for one row."""
    return bank.open_bank("dokk1").wording(language).items[item].ask[:30]


@pytest.mark.full
@pytest.mark.usefixtures("home")
def test_in_swedish_with_second_thoughts_and_a_night_between():
    evening = Terminal("--lang", "sv")
    evening.until("Vad heter ert bibliotek?")
    evening.type("Exempelbiblioteket", ENTER)
    evening.until("Ändra namnet")
    evening.type("1")
    evening.until("Vad heter den andra parten?")
    evening.type("Exempelmuseet", ENTER)
    evening.until("Vad gör ni tillsammans?")
    evening.type("Sagostunder på kajen", ENTER)
    evening.until("Ändra vad ni gör tillsammans")
    evening.type("1")
    evening.choose("(nivå 3)")
    evening.choose("Allt: högst 16 frågor")
    evening.choose(option("sv", "creation", "parallel"))
    evening.until(ask("sv", "contribution"), "Sluta här")
    evening.type(LEFT)
    evening.until("ändrar ett svar", option("sv", "creation", "parallel"), "(ditt svar)")
    evening.choose(option("sv", "creation", "joint"))
    evening.choose(option("sv", "contribution", "both"))
    evening.until("högst 14 kvar")
    evening.type("a")
    evening.until("Din anteckning (")
    evening.type("Fråga Åsa på måndag", ENTER)
    evening.until("Din anteckning: Fråga Åsa på måndag")
    evening.choose("Vet inte")
    evening.until(ask("sv", "payment"))
    evening.choose("Sluta här, fortsätt senare")
    assert evening.ends() == 0
    assert "Fortsätt med: assessor --lang sv" in text(evening.raw)

    morning = Terminal("--lang", "sv")
    morning.choose("Allt: högst 13 frågor")  # short mode would have asked the same so far
    morning.until(ask("sv", "payment"), "högst 13 kvar")
    morning.choose(option("sv", "payment", "none"))
    for left in range(11, 0, -1):
        morning.until(f"högst {left} kvar", "Sluta här")
        morning.type("2")
    morning.until("Vad ger samarbetet er?", "Inget av detta")
    morning.type("1", "2", ENTER)
    morning.choose(": Vet inte")
    morning.choose(option("sv", "benefit", "both"))
    morning.choose("Allt stämmer")
    told = at_the_verdict(morning, "Vet inte än")
    morning.choose("(nivå 2)")
    told += at_the_verdict(morning, "Nästa samarbete")
    morning.choose("Sluta här, fortsätt senare")

    assert morning.ends() == 0
    opened = kept("Exempelbiblioteket")
    assert opened.assessment.notes == {"benefit": "Fråga Åsa på måndag"}
    assert [entry.value for entry in opened.assessment.history if entry.item == "benefit"][1:] == [DONT_KNOW, "both"]
    assert len(opened.assessment.gains) == 2
    placement = opened.verdict.placement
    assert placement is not None
    assert opened.wording_in("sv").placements[placement].name in told
    assert [
        word for word in ("Varför", "Kännetecken på ett gott partnerskap", "Magkänslan sade") if word not in told
    ] == []
    assert [word for word in ("Use arrow", "Your", "Back", "answer", "Cancelled", "Don't") if word in told] == []


@pytest.mark.usefixtures("home")
def test_in_english_and_short_from_the_first_screen_to_the_verdict():
    terminal = Terminal("--lang", "en")
    terminal.until("What is your library called?")
    terminal.type("Example Library", ENTER)
    terminal.until("Yes, go on")
    terminal.type("1")
    terminal.until("What is the other party called?")
    terminal.type("Example Systems", ENTER)
    terminal.until("What do you do together?")
    terminal.type("\x1b[Z")
    terminal.until("What is the other party called? Example Systems")
    terminal.type(ENTER)
    terminal.until("What do you do together?")
    terminal.type(ENTER)
    terminal.until("Example Systems: is this right?")
    terminal.type("1")
    terminal.choose(bank.open_bank("dokk1").wording("en").placements["supplier"].name)
    terminal.choose("Only what can change the placement")
    terminal.choose(option("en", "creation", "ready"))
    terminal.until("at most")
    terminal.choose(option("en", "payment", "we_pay"))
    terminal.until("Check your answers")
    assert "Choose as many as apply" not in text(terminal.raw)
    terminal.choose("Everything is right")
    told = at_the_verdict(terminal, "Don't know yet")
    terminal.choose("Don't know yet")
    terminal.until("The next collaboration")
    terminal.type("\x03")

    assert terminal.ends() == 130
    opened = kept("Example Library")
    assert opened.verdict.placement == "supplier"
    assert tuple(opened.assessment.responses) == ("creation", "payment")
    assert "The gut feeling said the same" in told


@pytest.mark.usefixtures("home")
def test_the_language_is_asked_once_and_nothing_is_said_to_be_kept_before_it():
    hasty = Terminal()
    hasty.until("Språk · Kieli")
    hasty.type("\x03")
    assert hasty.ends() == 130
    assert "Nothing was answered. To begin: assessor" in text(hasty.raw)
    assert "--lang" not in text(hasty.raw)

    first = Terminal()
    first.until("Språk · Kieli")
    first.type("1")
    first.until("Vad heter ert bibliotek?")
    first.type("\x03")
    assert first.ends() == 130

    second = Terminal()
    second.until("Vad heter ert bibliotek?")
    second.type("\x03")
    assert second.ends() == 130


def test_what_is_written_lies_under_the_home_alone(home: Path, tmp_path: Path):
    before = {path for path in tmp_path.rglob("*") if home not in path.parents}
    terminal = Terminal("--lang", "en")
    terminal.until("What is your library called?")
    terminal.type("Example Library", ENTER)
    terminal.until("Yes, go on")
    terminal.type("1")
    terminal.until("What is the other party called?")
    terminal.type("\x03")
    terminal.ends()

    assert {path for path in tmp_path.rglob("*") if home not in path.parents} == before


@pytest.mark.usefixtures("home")
def test_nothing_slow_is_imported_before_the_first_question():
    told = subprocess.run(
        [sys.executable, "-c", _FIRST_QUESTION], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()

    slow = {"sqlalchemy", "alembic", "pydantic", "yaml", "babel", "jinja2", "weasyprint", "numpy"}
    assert slow & set(told) == set()
    assert "questionary" in told


#: Asks the first question of a new store and prints what is imported by then.
_FIRST_QUESTION = """
import sys
from prompt_toolkit.input.defaults import create_pipe_input
from prompt_toolkit.output import DummyOutput
from assessor.bank import open_bank
from assessor.terminal.prompt_face import PromptFace
from assessor.terminal.run import InterviewOptions, run_interview
from assessor.presentation.messages import Messages
with create_pipe_input() as keys:
    keys.send_text("\\x03")
    try:
        run_interview(PromptFace(Messages("sv"), keys, DummyOutput()), InterviewOptions(bank=open_bank("dokk1")))
    except KeyboardInterrupt:
        print(*sys.modules)
"""
