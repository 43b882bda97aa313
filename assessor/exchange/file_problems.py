"""What is wrong in a file that was given, each thing with its place; nothing of such a file is used."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

#: Keys and positions from the whole document inwards.
ValuePath = tuple[str | int, ...]

#: Problems that are told at once; a message stays short enough to read.
SHOWN_AT_ONCE: Final = 3

#: Problems after which a file is not looked into further.
MOST_PROBLEMS: Final = 100

_LONGEST_SHOWN: Final = 40
_LONGEST_FACT: Final = 200
_BARE_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class CellAddress(str):
    """A place in a spreadsheet, as a spreadsheet calls it; stands alone in a path."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileProblem:
    """One thing that is wrong, where, and what to do."""

    path: ValuePath
    #: Counted from 1; None where finding it would take too long.
    line: int | None = None
    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def message(self, translate: Callable[[str], str]) -> str:
        """The place and the sentence in the language that `translate` speaks."""
        said = translate(self.template).format(
            **{name: _translate_fact(fact, translate) for name, fact in self.facts.items()}
        )
        place = format_path(self.path)
        if self.line is not None:
            place = translate(N_("line {line}, {path}")).format(line=self.line, path=place)
        return f"{place}: {said}"


def _translate_fact(fact: object, translate: Callable[[str], str]) -> object:
    return safe_excerpt(fact.message(translate), 300) if isinstance(fact, AssessorError) else fact


class TooManyProblems(Exception):
    """So much is wrong that looking further would only take time."""


@dataclass(slots=True)
class FileProblems:
    """Problems as they are met, up to a hundred."""

    found: list[FileProblem] = field(default_factory=list)

    def add(self, path: ValuePath, template: str, **facts: object) -> None:
        """Keep one, text from the file made brief and safe to show; raises `Enough` after the hundredth."""
        shown = {
            name: safe_excerpt(fact, _LONGEST_FACT) if isinstance(fact, str) else fact for name, fact in facts.items()
        }
        problem = FileProblem(path=path, template=template, facts=shown)
        if problem not in self.found:
            self.found.append(problem)
        if len(self.found) == MOST_PROBLEMS:
            raise TooManyProblems


class BadFile(AssessorError):
    """A file that was given and not taken in, with everything that is wrong in it."""

    template = N_("Nothing of {name} was used; mend this and give it again:")
    more_template: ClassVar[str] = N_("… and {count} more")
    many_more_template: ClassVar[str] = N_("… and at least {count} more")

    def __init__(self, *, name: str, problems: Iterable[FileProblem], at_once: int = SHOWN_AT_ONCE) -> None:
        super().__init__(name=escape_controls(name))
        self.problems = tuple(problems)
        self.shown_at_once = at_once

    def message(self, translate: Callable[[str], str]) -> str:
        """The first problems, a line each, and how many more there are."""
        lines = [translate(self.template).format(**self.facts)]
        lines += [problem.message(translate) for problem in self.problems[: self.shown_at_once]]
        if len(self.problems) > self.shown_at_once:
            more = self.more_template if len(self.problems) < MOST_PROBLEMS else self.many_more_template
            lines.append(translate(more).format(count=len(self.problems) - self.shown_at_once))
        return "\n".join(lines)


class TooBig(AssessorError):
    """A file or a line that is refused before it is read."""

    template = N_(
        "{name} holds more than {most} MB in one piece and was not read; divide it, or give one object a line"
    )


def safe_excerpt(text: str, most: int = _LONGEST_SHOWN) -> str:
    """Text from a file, safe to show and cut where it is long."""
    return escape_controls(text if len(text) <= most else text[:most] + "…")


def format_path(path: ValuePath) -> str:
    """The path as `$.cases[3].responses`, or the cell."""
    if path and isinstance(path[0], CellAddress):
        return safe_excerpt(path[0])
    return "$" + "".join(map(_format_step, path))


def _format_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _BARE_KEY.fullmatch(step) and len(step) <= _LONGEST_SHOWN else f"['{safe_excerpt(step)}']"


def with_line_numbers(
    problems: Iterable[FileProblem], lines: Mapping[ValuePath, int], first: int
) -> tuple[FileProblem, ...]:
    """The problems with the lines found for their paths, in a text whose own first line is `first`."""
    return tuple(
        replace(problem, line=lines[problem.path] + first - 1) if problem.path in lines else problem
        for problem in problems
    )
