"""What a form sent, taken apart within limits."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from assessor.web.errors import MalformedForm

#: Of a body, before it is looked into: the longest note, every character of it written as three escapes of four bytes.
MAX_BODY_BYTES: Final = 96 * 1024
_MAX_FIELDS: Final = 60
_MAX_VALUE_LENGTH: Final = 20_000
_KEY_PATTERN: Final = re.compile(r"[A-Za-z0-9-]{16,64}")
_RESEND_PATTERN: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
#: Letters of a page in the key of what it sent.
PAGE_ID_LENGTH: Final = 20


def resend_number_in(key: str) -> int:
    """The turn in a key that `Form.key` made."""
    return int(key[PAGE_ID_LENGTH + 1 : PAGE_ID_LENGTH + 5])


@dataclass(frozen=True, slots=True)
class FormData:
    """Fields by name, in the order sent."""

    fields: Mapping[str, tuple[str, ...]]

    def value(self, name: str) -> str:
        """The value of a field; empty where there is none; raises `BrokenForm` where there are several."""
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise MalformedForm()
        return values[0] if values else ""

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a field that may be ticked several times."""
        return self.fields.get(name, ())

    def has_field(self, name: str) -> bool:
        """Whether the form had such a field at all."""
        return name in self.fields

    @property
    def page_id(self) -> str:
        """What tells the page that was filled in from every other, as the beginning of `key`; raises `BrokenForm`."""
        key = self.value("key")
        if not _KEY_PATTERN.fullmatch(key):
            raise MalformedForm()
        return hashlib.sha256(key.encode()).hexdigest()[:PAGE_ID_LENGTH]

    @property
    def resend_number(self) -> int:
        """How often the page had been sent with something else before; 0 where no script counts."""
        number = self.value("turn")
        if number and not _RESEND_PATTERN.fullmatch(number):
            raise MalformedForm()
        return int(number or 0)

    @property
    def idempotency_key(self) -> str:
        """What tells this sending from any other: its page, its turn, and what it says."""
        content = repr([(name, values) for name, values in sorted(self.fields.items()) if name != "key"])
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:20]
        return f"{self.page_id}.{self.resend_number:04}.{digest}"


def parse_form(body: bytes) -> FormData:
    """The fields of a body; raises `BrokenForm`."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError as problem:
        raise MalformedForm() from problem
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if len(value) > _MAX_VALUE_LENGTH or len(name) > 64:
            raise MalformedForm()
        fields[name] = (*fields.get(name, ()), value.replace("\r\n", "\n"))
    return FormData(fields)
