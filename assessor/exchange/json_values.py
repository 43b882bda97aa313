"""A plain value together with its path, read as what it should be; whatever it is not becomes a problem.

Readers of documents are written straight on with these: each method returns a value of its type in any case (an empty
text, 0, nothing to iterate), and notes the problem on the way. So one pass finds all problems, and nothing that was
read is used once there is one. A value that is absent is noted once, where its key is missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from assessor.core.names import canonical_name
from assessor.errors import N_
from assessor.exchange.file_problems import FileProblems
from assessor.problems import JsonPath, ValuePath

#: Stands for the value of a key that is missing, which has been noted already.
_ABSENT: Final = object()
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)

_MISSING_KEY = N_("{key!r} is missing; add it")
_UNKNOWN_KEY = N_("the key {key!r} is not known here; remove it")
_NOT_TEXT = N_("this is not text; put it in quotes")
_NOT_WHOLE = N_("this is not a whole number; write one from 0 up, without quotes")
_NOT_LIST = N_("this is not a list; put it in [ ]")
_NOT_OBJECT = N_("this is not an object; write it as {{ … }}")
_NOT_MOMENT = N_("this is not a date and time; write it in UTC as 2026-01-31T09:30:00.000000Z")
_EMPTY = N_("this may not be empty; fill it in")
_TOO_LONG = N_("this is {length} characters long; shorten it to {most}")


@dataclass(frozen=True, slots=True)
class LocatedValue:
    """A value of a document, its path, and where to note problems."""

    value: Any
    path: ValuePath
    problems: FileProblems[JsonPath]

    def add_problem(self, template: str, **facts: object) -> None:
        """Note a problem with this value; raises `TooManyProblems` with the hundredth."""
        self.problems.add(JsonPath(self.path), template, **facts)

    def is_object(self) -> bool:
        """Whether it is an object; a problem is noted if not."""
        if isinstance(self.value, dict):
            return True
        self.add_problem(_NOT_OBJECT)
        return False

    def has_exact_keys(self, *keys: str) -> bool:
        """Whether it is an object with exactly these keys; missing and unknown ones are noted."""
        if not self.is_object():
            return False
        for key in self.value:
            if key not in keys:
                self.add_problem(_UNKNOWN_KEY, key=key)
        for key in keys:
            if key not in self.value:
                self.add_problem(_MISSING_KEY, key=key)
        return set(self.value) == set(keys)

    def member(self, key: str) -> "LocatedValue":
        """The value of a key of an object; a missing key is noted."""
        if key not in self.value:
            self.add_problem(_MISSING_KEY, key=key)
        return LocatedValue(self.value.get(key, _ABSENT), (*self.path, key), self.problems)

    def elements(self) -> Iterator["LocatedValue"]:
        """The elements of a list; none where it is not one, which is noted."""
        if isinstance(self.value, list):
            return (
                LocatedValue(part, (*self.path, position), self.problems) for position, part in enumerate(self.value)
            )
        if self.value is not _ABSENT:
            self.add_problem(_NOT_LIST)
        return iter(())

    def members(self) -> Iterator[tuple[str, "LocatedValue"]]:
        """The members of an object with their keys; none where it is not one, which is noted."""
        if self.value is not _ABSENT and self.is_object():
            return ((key, LocatedValue(part, (*self.path, key), self.problems)) for key, part in self.value.items())
        return iter(())

    def as_text(self, most: int | None = None, *, empty: bool = False) -> str:
        """A text of at most `most` characters, as it stands; "" where it is not a text."""
        if not isinstance(self.value, str):
            if self.value is not _ABSENT:
                self.add_problem(_NOT_TEXT)
            return ""
        if most is not None and len(self.value) > most:
            self.add_problem(_TOO_LONG, length=len(self.value), most=most)
        if not empty and not self.value:
            self.add_problem(_EMPTY)
        return self.value

    def as_name(self, most: int, *, empty: bool = False) -> str:
        """A name as the store keeps it, of at most `most` characters."""
        name = canonical_name(self.as_text(empty=True))
        if len(name) > most:
            self.add_problem(_TOO_LONG, length=len(name), most=most)
        if not (name or empty) and isinstance(self.value, str):
            self.add_problem(_EMPTY)
        return name

    def as_whole_number(self) -> int:
        """A whole number from 0; 0 where it is none, and `true` is none."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= 0:
            return self.value
        if self.value is not _ABSENT:
            self.add_problem(_NOT_WHOLE)
        return 0

    def as_moment(self) -> datetime:
        """A moment in UTC to the microsecond; the earliest possible where it is none."""
        try:
            if _MOMENT.fullmatch(self.value):
                return datetime.fromisoformat(self.value)
        except (TypeError, ValueError):  # no text, or the 30th of February
            pass
        self.add_problem(_NOT_MOMENT)
        return datetime.min.replace(tzinfo=UTC)
