"""What is wrong in a file that was given, each problem with its place; nothing of such a file is used.

Readers collect problems in a `FileProblems` and raise `BadFile` at the end, so that a person can mend everything at
once. Text from the file is cut short and made safe before it is kept: it will be shown on a terminal or a page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

from assessor.errors import N_, AssessorError
from assessor.problems import InvalidInput, JsonPath, Place, Problem, ValuePath
from assessor.safe_text import escape_controls, safe_excerpt

#: Problems shown at once, so that a message stays short enough to read.
SHOWN_AT_ONCE: Final = 3

#: Problems after which reading stops.
MOST_PROBLEMS: Final = 100

#: Characters of a file's text that a problem quotes at most.
_LONGEST_FACT: Final = 200

P = TypeVar("P", bound=Place)


class TooManyProblems(Exception):
    """Ends the reading of a file in which a hundred things are wrong; never leaves `exchange`."""


@dataclass(slots=True)
class FileProblems(Generic[P]):
    """The problems met so far, without repetitions, up to a hundred."""

    found: list[Problem[P]] = field(default_factory=list)

    def add(self, place: P, template: str, **facts: object) -> None:
        """Note a problem; raises `TooManyProblems` with the hundredth."""
        shown = {
            name: safe_excerpt(fact, _LONGEST_FACT) if isinstance(fact, str) else fact for name, fact in facts.items()
        }
        problem = Problem(place=place, template=template, facts=shown)
        if problem not in self.found:
            self.found.append(problem)
        if len(self.found) == MOST_PROBLEMS:
            raise TooManyProblems


class BadFile(InvalidInput):
    """A file that was not taken in, with all that is wrong in it."""

    template = N_("Nothing in {name} was used; correct this and try again:")

    problems: tuple[Problem[Place], ...]

    def __init__(self, *, name: str, problems: Iterable[Problem[Place]], at_once: int = SHOWN_AT_ONCE) -> None:
        super().__init__(problems=problems, shown=at_once, name=escape_controls(name))
        if len(self.problems) >= MOST_PROBLEMS:
            self.more_template = N_("… and at least {count} more")


class TooBig(AssessorError):
    """A file or line that is too large, refused before it is parsed."""

    template = N_(
        "{name} holds more than {most} MB in one piece and was not read; divide it, or give one object per line"
    )


def with_line_numbers(
    problems: Iterable[Problem[JsonPath]], lines: Mapping[ValuePath, int], first: int
) -> tuple[Problem[JsonPath], ...]:
    """The problems, with a line where one was found for their path; `first` is the number of the text's first line."""
    return tuple(
        replace(problem, place=JsonPath(problem.place.keys, lines[problem.place.keys] + first - 1))
        if problem.place.keys in lines
        else problem
        for problem in problems
    )
