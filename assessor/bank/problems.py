"""What is wrong with a bank, each thing at its place, in words that end in what to do."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from assessor.errors import N_
from assessor.safe_text import safe

#: More problems than this are counted, not told.
MOST_TOLD = 200

#: More problems than this in one file are not even looked into: it is no bank with slips in it.
MOST_KEPT = 1_000

_LONGEST_QUOTE = 60
_MORE = N_("and {count} more problems in this bank; mend the ones above first")


class Placed(Protocol):
    """Something that knows where in its file it stands, counted from 1."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend in a bank."""

    #: As a person would open it from where they stand.
    file: str
    line: int = 1
    column: int = 1
    #: A sentence with its facts as named fields, in English.
    template: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def told(self, translate: Callable[[str], str]) -> str:
        """The line for a person, in the language that `translate` speaks."""
        return f"{safe(self.file)}:{self.line}:{self.column}: {translate(self.template).format(**self.facts)}"

    def __str__(self) -> str:
        return self.told(lambda message: message)


class Problems:
    """The problems of one file, gathered while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []
        #: Those beyond `MOST_KEPT`.
        self.beyond = 0

    def add(self, at: Placed | None, template: str, **facts: object) -> None:
        """Note a problem at a node; at the file's beginning when there is none."""
        if len(self.found) >= MOST_KEPT:
            self.beyond += 1
            return
        line, column = (at.line, at.column) if at else (1, 1)
        told = {name: shown(fact) for name, fact in facts.items()}
        self.found.append(Problem(file=self.file, line=line, column=column, template=template, facts=told))

    def nearest(self, given: str, known: Collection[str]) -> str:
        """The known id that looks most like the given one; a dash when none is known."""
        if len(self.found) >= MOST_KEPT:
            return "–"
        import difflib  # slow to import, and most banks hold

        return next(iter(difflib.get_close_matches(given[:_LONGEST_QUOTE], known, n=1, cutoff=0.0)), "–")


def shown(fact: object) -> str:
    """A fact for a problem: a text that is quoted from a bank is kept short, a tuple becomes a list."""
    if isinstance(fact, tuple):
        return ", ".join(map(shown, fact)) or "–"
    text = str(fact)
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 1] + "…"
    return text if text.isprintable() and text.isascii() else safe(text)


def in_order(files: Iterable[Problems]) -> tuple[Problem, ...]:
    """The problems of several files, in the order of the files and of their lines, each once."""
    files = tuple(files)
    ordered = [
        problem
        for problems in files
        for problem in sorted(problems.found, key=lambda found: (found.line, found.column))
    ]
    told = list({str(problem): problem for problem in ordered}.values())
    more = len(told) - MOST_TOLD + sum(problems.beyond for problems in files)
    if len(told) <= MOST_TOLD:
        return tuple(told)
    last = told[MOST_TOLD - 1]
    return (*told[:MOST_TOLD], replace(last, template=_MORE, facts={"count": str(more)}))
