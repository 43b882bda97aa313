"""What is wrong in a file that was given, each thing with its place; nothing of such a file is used."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from assessor.errors import N_, AssessorError
from assessor.safe_text import safe

#: Keys and positions from the whole document inwards.
Path = tuple[str | int, ...]

#: Problems that are told at once; a message stays short enough to read.
TOLD: Final = 3

#: Problems after which a file is not looked into further.
MOST_PROBLEMS: Final = 100

_LONGEST_SHOWN: Final = 40
_LONGEST_FACT: Final = 200
_BARE_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Cell(str):
    """A place in a spreadsheet, as a spreadsheet calls it; stands alone in a path."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what to do."""

    path: Path
    #: Counted from 1; None where finding it would take too long.
    line: int | None = None
    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def told(self, translate: Callable[[str], str]) -> str:
        """The place and the sentence in the language that `translate` speaks."""
        said = translate(self.template).format(**{name: _said(fact, translate) for name, fact in self.facts.items()})
        place = shown_path(self.path)
        if self.line is not None:
            place = translate(N_("line {line}, {path}")).format(line=self.line, path=place)
        return f"{place}: {said}"


def _said(fact: object, translate: Callable[[str], str]) -> object:
    return brief(fact.told(translate), 300) if isinstance(fact, AssessorError) else fact


class Enough(Exception):
    """So much is wrong that looking further would only take time."""


@dataclass(slots=True)
class Problems:
    """Problems as they are met, up to a hundred."""

    found: list[Problem] = field(default_factory=list)

    def add(self, path: Path, template: str, **facts: object) -> None:
        """Keep one, text from the file made brief and safe to show; raises `Enough` after the hundredth."""
        shown = {name: brief(fact, _LONGEST_FACT) if isinstance(fact, str) else fact for name, fact in facts.items()}
        problem = Problem(path=path, template=template, facts=shown)
        if problem not in self.found:
            self.found.append(problem)
        if len(self.found) == MOST_PROBLEMS:
            raise Enough


class BadFile(AssessorError):
    """A file that was given and not taken in, with everything that is wrong in it."""

    template = N_("Nothing of {name} was used; mend this and give it again:")
    more: ClassVar[str] = N_("… and {count} more")
    many_more: ClassVar[str] = N_("… and at least {count} more")

    def __init__(self, *, name: str, problems: Iterable[Problem], at_once: int = TOLD) -> None:
        super().__init__(name=safe(name))
        self.problems = tuple(problems)
        self.at_once = at_once

    def told(self, translate: Callable[[str], str]) -> str:
        """The first problems, a line each, and how many more there are."""
        lines = [translate(self.template).format(**self.facts)]
        lines += [problem.told(translate) for problem in self.problems[: self.at_once]]
        if len(self.problems) > self.at_once:
            more = self.more if len(self.problems) < MOST_PROBLEMS else self.many_more
            lines.append(translate(more).format(count=len(self.problems) - self.at_once))
        return "\n".join(lines)


class TooBig(AssessorError):
    """A file or a line that is refused before it is read."""

    template = N_(
        "{name} holds more than {most} MB in one piece and was not read; divide it, or give one object a line"
    )


def brief(text: str, most: int = _LONGEST_SHOWN) -> str:
    """Text from a file, safe to show and cut where it is long."""
    return safe(text if len(text) <= most else text[:most] + "…")


def shown_path(path: Path) -> str:
    """The path as `$.cases[3].responses`, or the cell."""
    if path and isinstance(path[0], Cell):
        return brief(path[0])
    return "$" + "".join(map(_step, path))


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _BARE_KEY.fullmatch(step) and len(step) <= _LONGEST_SHOWN else f"['{brief(step)}']"


def with_lines(problems: Iterable[Problem], lines: Mapping[Path, int], first: int) -> tuple[Problem, ...]:
    """The problems with the lines found for their paths, in a text whose own first line is `first`."""
    return tuple(
        replace(problem, line=lines[problem.path] + first - 1) if problem.path in lines else problem
        for problem in problems
    )
