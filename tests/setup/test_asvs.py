"""The table of the OWASP ASVS 5.0.0: level 1 whole, and every row with a test that is there, or a reason."""

import tomllib
from pathlib import Path

import promises

REQUIREMENTS = tomllib.loads((Path(__file__).parent / "asvs.toml").read_text(encoding="utf-8"))["requirement"]
#: Every requirement of level 1, by its section: which of its numbers.
LEVEL_1 = {
    "1.2": "12345", "1.3": "12", "1.5": "1", "2.1": "1", "2.2": "12", "2.3": "1", "3.2": "12", "3.3": "1", "3.4": "12",
    "3.5": "123", "4.1": "1", "4.4": "1", "5.2": "12", "5.3": "12", "6.1": "1", "6.2": "12345678", "6.3": "12",
    "6.4": "12", "7.2": "1234", "7.4": "12", "8.1": "1", "8.2": "12", "8.3": "1", "9.1": "123", "9.2": "1",
    "10.4": "12345", "11.3": "12", "11.4": "1", "12.1": "1", "12.2": "12", "13.4": "1", "14.2": "1", "14.3": "1",
    "15.1": "1", "15.2": "1", "15.3": "1",
}  # fmt: skip


def test_level_1_is_there_whole_and_once():
    every = [f"v5.0.0-{section}.{number}" for section, numbers in LEVEL_1.items() for number in numbers]

    assert [each["id"] for each in REQUIREMENTS if each["level"] == 1] == every
    assert len({each["id"] for each in REQUIREMENTS}) == len(REQUIREMENTS)


def test_each_row_is_held_by_tests_that_are_there_or_says_why_not():
    told = [[key for key in ("tests", "why", "lacks") if each.get(key)] for each in REQUIREMENTS]
    named = {test for each in REQUIREMENTS for test in each.get("tests", ())}
    there = {
        f"{path}::{name}" for path in {each.partition("::")[0] for each in named} for name in promises.tests_in(path)
    }

    assert [each for each in told if len(each) != 1] == []
    assert sorted(named - there) == []
