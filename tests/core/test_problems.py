"""A problem is told with its place, whatever kind of file it stands in; the first ones, and how many more."""

import pickle

import pytest

from assessor.errors import NotAnOption
from assessor.problems import FieldInFile, FilePosition, InvalidInput, JsonPath, Problem, SheetCell


class Refused(InvalidInput):
    """Stands for any kind."""

    template = "Nothing of {name} was used:"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (FilePosition(file="bank.yaml", line=31, column=9), "bank.yaml:31:9: too long"),
        (FilePosition(file="bank.yaml"), "bank.yaml:1:1: too long"),
        (SheetCell("Sheet!B7"), "Sheet!B7: too long"),
        (JsonPath(()), "$: too long"),
        (JsonPath(("cases", 3, "a key")), "$.cases[3]['a key']: too long"),
        (JsonPath(("cases",), 12), "line 12, $.cases: too long"),
        (FieldInFile(file="1.pdf"), "1.pdf: too long"),
        (FieldInFile(file="1.pdf", page=2, name="scope"), "1.pdf, page 2, scope: too long"),
        (FieldInFile(file="1.pdf", name="scope"), "1.pdf, scope: too long"),
        (None, "too long"),
    ],
)
def test_a_problem_is_told_behind_its_place(place, told):
    assert str(Problem(place=place, template="too {what}", facts={"what": "long"})) == told


def test_no_place_steers_the_screen():
    hostile = "\x1b[2J"
    places = (FilePosition(file=hostile), SheetCell(hostile), JsonPath((hostile,)))

    assert [place.message(str) for place in places] == ["‹U+001B›[2J:1:1", "‹U+001B›[2J", "$['‹U+001B›[2J']"]


def test_an_error_within_a_problem_is_told_in_the_same_language():
    swedish = {
        NotAnOption.template: "{given} är inget svar på {item}; välj bland: {offered}",
        "mend this: {error}": "rätta det här: {error}",
    }
    refused = NotAnOption(given="x", item="price", offered="cost, mixed")
    problem = Problem(place=SheetCell("B7"), template="mend this: {error}", facts={"error": refused})

    assert problem.message(swedish.__getitem__) == (
        "B7: rätta det här: x är inget svar på price; välj bland: cost, mixed"
    )


def test_the_first_problems_are_told_and_the_others_counted():
    error = Refused(name="a.json", shown=2, problems=[_numbered(n) for n in range(5)])

    assert str(error) == "Nothing of a.json was used:\nA1: no 0\nA2: no 1\n… and 3 more"
    assert str(Refused(name="a.json", shown=2, problems=[_numbered(0)])) == "Nothing of a.json was used:\nA1: no 0"


def test_an_error_crosses_to_another_process_whole():
    error = Refused(name="a.json", shown=1, problems=[_numbered(0), _numbered(1)])
    found = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own

    assert (str(found), found.facts, found.problems) == (str(error), error.facts, error.problems)


def _numbered(n: int) -> Problem[SheetCell]:
    return Problem(place=SheetCell(f"A{n + 1}"), template="no {n}", facts={"n": n})
