"""SECURITY.md says what tests hold: no sentence of it without a test, and no test that is not there."""

import promises
import pytest
from house import ROOT

SENTENCES = promises.sentences((ROOT / "SECURITY.md").read_text(encoding="utf-8"))
HELD = promises.promises()


def test_every_promise_is_held_by_a_test():
    told = "write the sentence and its tests into tests/setup/promises.toml"
    assert sorted([*HELD, *promises.advice()]) == sorted(SENTENCES), told
    assert [each for each, tests in HELD.items() if not tests] == []


@pytest.mark.parametrize("path", sorted({test.partition("::")[0] for tests in HELD.values() for test in tests}))
def test_every_test_of_the_table_is_there(path):
    named = {test.partition("::")[2] for tests in HELD.values() for test in tests if test.startswith(f"{path}::")}

    assert named - promises.tests_in(path) == set()


def test_a_sentence_a_row_and_what_stands_under_another_heading_are_told_apart():
    text = (
        "# Security\n\n## Who can do what\n\n**Nobody.** Reads (`a.b`) one\npage. Sees nothing.\n\n"
        "- A bullet, in\n  two lines.\n- Another.\n\n| head | a |\n| --- | --- |\n| row | b |\n\n"
        "## What is not\n\nA promise."
    )

    assert promises.sentences(text) == [
        "**Nobody.** Reads (`a.b`) one page.",
        "Sees nothing.",
        "A bullet, in two lines.",
        "Another.",
        "| head | a |",
        "| row | b |",
    ]
