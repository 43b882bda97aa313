"""A plain value together with where it stands, asked for what it should be; whatever it is not becomes a problem."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from assessor.errors import N_
from assessor.exchange.file_problems import Path, Problems

_LACKING: Final = object()
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)

_LACKS = N_("{key!r} is lacking; add it")
_UNKNOWN = N_("the key {key!r} is not known here; take it out")
_NOT_TEXT = N_("this is no text; put it in quotes")
_NOT_WHOLE = N_("this is no whole number; write one from 0 up, without quotes")
_NOT_LIST = N_("this is no list; put it in [ ]")
_NOT_OBJECT = N_("this is no object; write it as {{ … }}")
_NOT_MOMENT = N_("this is no moment; write it in UTC as 2026-01-31T09:30:00.000000Z")
_EMPTY = N_("this may not be empty; fill it in")
_LONG = N_("this is {length} characters long; shorten it to {most}")
_LINES = N_("a name stands on one line; take out the line breaks and tabs")


@dataclass(frozen=True, slots=True)
class At:
    """A value of a document and its path."""

    value: Any
    path: Path
    problems: Problems

    def refuse(self, template: str, **facts: object) -> None:
        """Note what is wrong with it."""
        self.problems.add(self.path, template, **facts)

    def is_object(self) -> bool:
        """Whether it is an object; noted if not."""
        if isinstance(self.value, dict):
            return True
        self.refuse(_NOT_OBJECT)
        return False

    def only(self, *keys: str) -> bool:
        """Whether it is an object with just these keys; what is lacking or unknown is noted."""
        if not self.is_object():
            return False
        for key in self.value:
            if key not in keys:
                self.refuse(_UNKNOWN, key=key)
        for key in keys:
            if key not in self.value:
                self.refuse(_LACKS, key=key)
        return set(self.value) == set(keys)

    def part(self, key: str) -> "At":
        """What stands under a key of an object; noted when it is lacking."""
        if key not in self.value:
            self.refuse(_LACKS, key=key)
        return At(self.value.get(key, _LACKING), (*self.path, key), self.problems)

    def parts(self) -> Iterator["At"]:
        """What stands in a list."""
        if isinstance(self.value, list):
            return (At(part, (*self.path, position), self.problems) for position, part in enumerate(self.value))
        if self.value is not _LACKING:
            self.refuse(_NOT_LIST)
        return iter(())

    def members(self) -> Iterator[tuple[str, "At"]]:
        """What stands in an object, by key."""
        if self.value is not _LACKING and self.is_object():
            return ((key, At(part, (*self.path, key), self.problems)) for key, part in self.value.items())
        return iter(())

    def text(self, most: int | None = None, *, empty: bool = False) -> str:
        """A text of at most so many characters; empty text when it is none."""
        if not isinstance(self.value, str):
            if self.value is not _LACKING:
                self.refuse(_NOT_TEXT)
            return ""
        if most is not None and len(self.value) > most:
            self.refuse(_LONG, length=len(self.value), most=most)
        if not empty and not self.value:
            self.refuse(_EMPTY)
        return self.value

    def name(self, most: int, *, empty: bool = False) -> str:
        """A text on one line, composed and without blanks around it, as names are kept."""
        name = unicodedata.normalize("NFC", self.text(most, empty=empty)).strip()
        if set(name) & set("\n\r\t"):
            self.refuse(_LINES)
        return name

    def whole(self) -> int:
        """A whole number from 0; 0 when it is none."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= 0:
            return self.value
        if self.value is not _LACKING:
            self.refuse(_NOT_WHOLE)
        return 0

    def moment(self) -> datetime:
        """A moment in UTC to the microsecond; the first of all when it is none."""
        try:
            if _MOMENT.fullmatch(self.value):
                return datetime.fromisoformat(self.value)
        except (TypeError, ValueError):  # no text, or the 30th of February
            pass
        self.refuse(_NOT_MOMENT)
        return datetime.min.replace(tzinfo=UTC)
