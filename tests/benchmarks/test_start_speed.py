"""How soon something is on the screen: `pytest -m benchmark -s tests/benchmarks/test_start_speed.py`.

Whole processes, against a bare Python and against the library that asks.
"""

import shutil
import sys

import pytest
from measure import cpu_of, cpu_until, ratio, tell

pytestmark = pytest.mark.benchmark

PYTHON = (sys.executable,)
ASSESSOR = (sys.executable, "-m", "assessor")


def process(*command, **environment):
    return lambda: cpu_of(command, **environment)


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_the_first_words(flag):
    tell(
        f"assessor {flag} / python -c pass",
        ratio(process(*ASSESSOR, flag), process(*PYTHON, "-c", "pass"), 15),
        "at most 4",
    )


def first_question(home):
    """A new library's first question, at a real terminal."""
    return lambda: cpu_until(
        "called?", (*ASSESSOR, "--lang", "en"), ASSESSOR_HOME=str(home), TERM="xterm", LANG="C.UTF-8"
    )


def test_the_first_question_with_a_kept_bank(tmp_path):
    tell(
        "first question / import questionary",
        ratio(first_question(tmp_path), process(*PYTHON, "-c", "import questionary")),
        "at most 2",
    )


def test_the_first_question_ever(tmp_path):
    def anew():
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        return first_question(tmp_path)()

    against = process(*PYTHON, "-c", "import questionary")
    tell("first question ever / import questionary", ratio(anew, against), "at most 5")
