"""The problems of a bank, each with file, line and column, in a sentence that ends in what to do:

    questions/dokk1/instrument.yaml:31:9: the option yes stands already on line 30; take one out

Parsers add to a `BankProblems` for each file and go on; `parsing` merges the files' lists into what an author reads.
The sentences are templates of the module that finds the problem; facts are shortened and made safe to print here, since
they quote a file that anybody may have written.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final, Protocol

from assessor.errors import N_
from assessor.problems import FilePosition, Problem
from assessor.safe_text import escape_unseen

#: Problems shown of a bank; those beyond it are counted.
MAX_REPORTED = 200

#: Problems collected in a file; one with more is not a bank with slips in it, and each costs time.
MAX_COLLECTED = 1_000

#: Problems told where a command only refuses a bank that is not what it is about.
MAX_TOLD: Final = 20

_MAX_QUOTE_LENGTH = 60
#: Parts of a list that are quoted.
_MAX_QUOTED_PARTS = 40
#: Ids that one file's slips are compared with; far beyond what any bank with slips in it takes.
_MAX_COMPARED = 20_000
_MORE_PROBLEMS = N_("and {count} more problems in this bank; mend the ones above first")


class Located(Protocol):
    """Something that knows its line and column, both counted from 1."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


BankProblem = Problem[FilePosition]
"""One thing to mend in a bank, with file, line and column."""


class BankProblems:
    """The problems of one file, gathered while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[BankProblem] = []
        #: Those beyond `MAX_COLLECTED`.
        self.uncollected = 0
        #: Ids that `nearest_id` has looked at.
        self._compared = 0

    def add(self, node: Located | None, template: str, **facts: object) -> None:
        """Add a problem at a node, or at the beginning of the file for None.

        Beyond `MAX_COLLECTED` problems are only counted.
        """
        if len(self.found) >= MAX_COLLECTED:
            self.uncollected += 1
            return
        line, column = (node.line, node.column) if node else (1, 1)
        place = FilePosition(file=self.file, line=line, column=column)
        shown = {name: format_fact(fact) for name, fact in facts.items()}
        self.found.append(Problem(place=place, template=template, facts=shown))

    def nearest_id(self, given: str, known: Collection[str]) -> str:
        """The known id that looks most like the given one; a dash where none is known, or too many were looked at."""
        self._compared += len(known)
        if len(self.found) >= MAX_COLLECTED or self._compared > _MAX_COMPARED:
            return "–"
        import difflib  # slow to import, and most banks hold

        return next(iter(difflib.get_close_matches(given[:_MAX_QUOTE_LENGTH], known, n=1, cutoff=0.0)), "–")


def format_fact(fact: object) -> str:
    """A fact as it is shown: a tuple as a list, a long text cut, what nobody sees written out."""
    if isinstance(fact, tuple):
        parts = [*map(format_fact, fact[:_MAX_QUOTED_PARTS]), *("…" for _ in fact[_MAX_QUOTED_PARTS:][:1])]
        return ", ".join(parts) or "–"
    text = str(fact)
    if len(text) > _MAX_QUOTE_LENGTH:
        text = text[: _MAX_QUOTE_LENGTH - 1] + "…"
    return text if text.isprintable() and text.isascii() else escape_unseen(text)


def merge_in_order(files: Iterable[BankProblems]) -> tuple[BankProblem, ...]:
    """The problems of several files, ordered by file and line, each once.

    Beyond `MAX_REPORTED` the last one says how many more there are.
    """
    files = tuple(files)
    ordered = [
        problem
        for problems in files
        for problem in sorted(problems.found, key=lambda problem: (problem.place.line, problem.place.column))
    ]
    distinct = list({str(problem): problem for problem in ordered}.values())
    hidden = len(distinct) - MAX_REPORTED + sum(problems.uncollected for problems in files)
    if len(distinct) <= MAX_REPORTED:
        return tuple(distinct)
    last = distinct[MAX_REPORTED - 1]
    return (*distinct[:MAX_REPORTED], replace(last, template=_MORE_PROBLEMS, facts={"count": str(hidden)}))
