"""What people typed is what usage lines, hints and messages name."""

import re
import sys
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from assessor import help_page
from assessor.setup import commands

PACKAGE = Path(help_page.__file__).parent
STARTED = {"ASSESSOR_COMMAND": "sh assessor/start.sh"}


@pytest.mark.parametrize("typed", ["assessor", "sh assessor/start.sh"])
def test_a_usage_line_and_its_hint_name_what_was_typed(assessor, typed):
    refused = assessor("erase", "--no-such", ASSESSOR_COMMAND=typed)

    assert refused.returncode == 2
    assert refused.stderr.splitlines()[:2] == [
        f"Usage: {typed} erase [OPTIONS]",
        f"Try '{typed} erase --help' for help.",
    ]


def test_a_commands_help_names_what_was_typed(assessor):
    assert "you lead: sh assessor/start.sh workshop NAME opens a" in " ".join(
        assessor("workshop", "--help", **STARTED).stdout.split()
    )


def test_the_help_page_says_what_assessor_stands_for_where_something_else_was_typed(assessor):
    plain = assessor("--help").stdout
    started = assessor("--help", **STARTED).stdout

    assert started == plain + "Here assessor stands for what you typed: sh assessor/start.sh\n"


def test_no_message_names_a_command_by_another_word_than_what_was_typed():
    names = "|".join(re.findall(r"^  assessor ([a-z]+)", help_page.PAGE, re.MULTILINE))
    said = (
        text for _, _, text, _, _ in extract_from_dir(PACKAGE, [("**.py", "python")], keywords={"N_": None, "_": None})
    )
    named = [text for text in said if text != help_page.PAGE and re.search(rf"\bassessor ({names}|import)\b", text)]

    assert named == []


def test_an_extra_is_installed_by_what_was_typed_in_a_checkout(monkeypatch):
    monkeypatch.setenv("ASSESSOR_COMMAND", "assessor")

    assert commands.install_extra_command("scale") == "assessor --group scale doctor"


def test_an_extra_is_installed_by_the_checkouts_start_where_it_was_not_started_by_it(monkeypatch):
    monkeypatch.delenv("ASSESSOR_COMMAND", raising=False)
    start = PACKAGE / "start.sh"

    assert commands.install_extra_command("scale") == f"sh {start} --group scale doctor"


def test_an_extra_of_an_installed_program_is_installed_by_its_own_pip(monkeypatch):
    monkeypatch.setattr(commands, "checkout_folder", lambda: None)
    monkeypatch.setattr("importlib.metadata.requires", lambda _: ["click>=8", 'duckdb>=2; extra == "scale"'])

    assert commands.install_extra_command("scale") == f"{sys.executable} -m pip install 'duckdb>=2'"
