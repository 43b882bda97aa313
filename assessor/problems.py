"""What is wrong in something that was given: each thing with its place, in a sentence that ends in what to do.

The readers of banks, forms, spreadsheets and JSON collect `Problem`s, so that a person sees all of them at once, and
raise an `InvalidInput` with them. A place is one of four kinds below, and knows how to write itself.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls, safe_excerpt

#: Keys and positions in a JSON document, from the whole of it inwards.
ValuePath = tuple[str | int, ...]

_LONGEST_KEY: Final = 40
_LONGEST_ERROR: Final = 300
_BARE_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Place(Protocol):
    """Where in the input a problem is."""

    def message(self, translate: Callable[[str], str]) -> str:
        """The place as a problem's line begins with it, in the language that `translate` speaks."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePosition:
    """A character in a text file."""

    #: As a person would open it from where they stand.
    file: str
    #: Counted from 1, as columns are.
    line: int = 1
    column: int = 1

    def message(self, translate: Callable[[str], str]) -> str:
        """`instrument.yaml:31:9`, which editors open."""
        return f"{escape_controls(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell of a spreadsheet."""

    #: As a spreadsheet calls it: `B7`, or `Sheet!B7`.
    name: str

    def message(self, translate: Callable[[str], str]) -> str:
        """The cell's name."""
        return safe_excerpt(self.name)


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A value in a JSON document."""

    keys: ValuePath
    #: Counted from 1; None where finding it would take too long.
    line: int | None = None

    def message(self, translate: Callable[[str], str]) -> str:
        """`$.cases[3].responses`, behind its line where that is known."""
        path = "$" + "".join(map(_format_key, self.keys))
        return path if self.line is None else translate(N_("line {line}, {path}")).format(line=self.line, path=path)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldInFile:
    """A field of a filled-in form, or the whole file."""

    file: str
    #: Counted from 1; 0 where the field stands on none.
    page: int = 0
    #: The field's whole name; empty for the file as a whole.
    name: str = ""

    def message(self, translate: Callable[[str], str]) -> str:
        """The file, and the field with its page."""
        if not self.name:
            return self.file
        place = translate(N_("page {page}, {field}")).format(page=self.page, field=self.name)
        return f"{self.file}, {place if self.page else self.name}"


P_co = TypeVar("P_co", bound=Place | None, covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem(Generic[P_co]):
    """One thing to mend."""

    #: None where the sentence itself says where.
    place: P_co
    #: A sentence with its facts as named fields, in English.
    template: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def message(self, translate: Callable[[str], str]) -> str:
        """The place and the sentence, in the language that `translate` speaks."""
        facts = {name: _translated(fact, translate) for name, fact in self.facts.items()}
        sentence = translate(self.template).format(**facts)
        return sentence if self.place is None else f"{self.place.message(translate)}: {sentence}"

    def __str__(self) -> str:
        return self.message(lambda message: message)


class InvalidInput(AssessorError):
    """Input that was refused, with everything that is wrong in it.

    A kind sets `template`, the line above the problems, and `more_template`, the line below the ones that are shown.
    """

    more_template: str = N_("… and {count} more")

    def __init__(self, *, problems: Iterable[Problem[Place | None]], shown: int, **facts: object) -> None:
        super().__init__(**facts)
        self.problems = tuple(problems)
        self.shown = shown

    def message(self, translate: Callable[[str], str]) -> str:
        """The first problems, a line each, and how many more there are."""
        lines = [super().message(translate), *(problem.message(translate) for problem in self.problems[: self.shown])]
        more = len(self.problems) - self.shown
        if more > 0:
            lines.append(translate(self.more_template).format(count=more))
        return "\n".join(lines)


def _format_key(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _BARE_KEY.fullmatch(key) and len(key) <= _LONGEST_KEY else f"['{safe_excerpt(key)}']"


def _translated(fact: object, translate: Callable[[str], str]) -> object:
    return safe_excerpt(fact.message(translate), _LONGEST_ERROR) if isinstance(fact, AssessorError) else fact
