"""What a form sent, taken apart within limits."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from assessor.web.errors import BrokenForm

#: Of a body, before it is looked into: the longest note, every character of it written as three escapes of four bytes.
MOST_BYTES: Final = 96 * 1024
_MOST_FIELDS: Final = 60
_MOST_VALUE: Final = 20_000
_KEY: Final = re.compile(r"[A-Za-z0-9-]{16,64}")
_TURN: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
#: Letters of a page in the key of what it sent.
PAGE: Final = 20


def turn_in(key: str) -> int:
    """The turn in a key that `Form.key` made."""
    return int(key[PAGE + 1 : PAGE + 5])


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, in the order sent."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The value of a field; empty where there is none; raises `BrokenForm` where there are several."""
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise BrokenForm()
        return values[0] if values else ""

    def many(self, name: str) -> tuple[str, ...]:
        """The values of a field that may be ticked several times."""
        return self.fields.get(name, ())

    def has(self, name: str) -> bool:
        """Whether the form had such a field at all."""
        return name in self.fields

    @property
    def page(self) -> str:
        """What tells the page that was filled in from every other, as the beginning of `key`; raises `BrokenForm`."""
        given = self.one("key")
        if not _KEY.fullmatch(given):
            raise BrokenForm()
        return hashlib.sha256(given.encode()).hexdigest()[:PAGE]

    @property
    def turn(self) -> int:
        """How often the page had been sent with something else before; 0 where no script counts."""
        given = self.one("turn")
        if given and not _TURN.fullmatch(given):
            raise BrokenForm()
        return int(given or 0)

    @property
    def key(self) -> str:
        """What tells this sending from any other: its page, its turn, and what it says."""
        content = repr([(name, values) for name, values in sorted(self.fields.items()) if name != "key"])
        said = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:20]
        return f"{self.page}.{self.turn:04}.{said}"


def form(body: bytes) -> Form:
    """The fields of a body; raises `BrokenForm`."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as problem:
        raise BrokenForm() from problem
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if len(value) > _MOST_VALUE or len(name) > 64:
            raise BrokenForm()
        fields[name] = (*fields.get(name, ()), value.replace("\r\n", "\n"))
    return Form(fields)
