"""What is wrong in a file that was given, each thing with its place; nothing of such a file is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

from assessor.errors import N_, AssessorError
from assessor.problems import InvalidInput, JsonPath, Place, Problem, ValuePath
from assessor.safe_text import escape_controls, safe_excerpt

#: Problems that are told at once; a message stays short enough to read.
SHOWN_AT_ONCE: Final = 3

#: Problems after which a file is not looked into further.
MOST_PROBLEMS: Final = 100

_LONGEST_FACT: Final = 200

P = TypeVar("P", bound=Place)


class TooManyProblems(Exception):
    """So much is wrong that looking further would only take time."""


@dataclass(slots=True)
class FileProblems(Generic[P]):
    """Problems as they are met, up to a hundred."""

    found: list[Problem[P]] = field(default_factory=list)

    def add(self, place: P, template: str, **facts: object) -> None:
        """Keep one, text from the file made brief and safe to show; raises `TooManyProblems` after the hundredth."""
        shown = {
            name: safe_excerpt(fact, _LONGEST_FACT) if isinstance(fact, str) else fact for name, fact in facts.items()
        }
        problem = Problem(place=place, template=template, facts=shown)
        if problem not in self.found:
            self.found.append(problem)
        if len(self.found) == MOST_PROBLEMS:
            raise TooManyProblems


class BadFile(InvalidInput):
    """A file that was given and not taken in, with everything that is wrong in it."""

    template = N_("Nothing in {name} was used; correct this and try again:")

    problems: tuple[Problem[Place], ...]

    def __init__(self, *, name: str, problems: Iterable[Problem[Place]], at_once: int = SHOWN_AT_ONCE) -> None:
        super().__init__(problems=problems, shown=at_once, name=escape_controls(name))
        if len(self.problems) >= MOST_PROBLEMS:
            self.more_template = N_("… and at least {count} more")


class TooBig(AssessorError):
    """A file or a line that is refused before it is read."""

    template = N_(
        "{name} holds more than {most} MB in one piece and was not read; divide it, or give one object per line"
    )


def with_line_numbers(
    problems: Iterable[Problem[JsonPath]], lines: Mapping[ValuePath, int], first: int
) -> tuple[Problem[JsonPath], ...]:
    """The problems with the lines found for their paths, in a text whose own first line is `first`."""
    return tuple(
        replace(problem, place=JsonPath(problem.place.keys, lines[problem.place.keys] + first - 1))
        if problem.place.keys in lines
        else problem
        for problem in problems
    )
