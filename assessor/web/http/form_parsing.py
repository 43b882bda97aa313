"""Parses a form's body within limits, and computes its idempotency key.

Starlette's own parser needs the package python-multipart; these pages send URL-encoded forms, whose size the guard has
checked, so the standard library's `parse_qsl` is enough. The one form that takes in a file comes in parts.

A form's identity has three parts: the page it was filled in on (`page_id`, from a random field of the page), how often
the page was sent before (`resend_number`, counted by its script), and a digest of its content and of where it is sent.
The same form sent twice therefore has the same `idempotency_key`; a corrected one, or one to another address, does not.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

from assessor.web.errors import MalformedForm

#: Bytes of a body: enough for the longest note with every character percent-encoded as UTF-8.
MAX_BODY_BYTES: Final = 96 * 1024
_MAX_FIELDS: Final = 150
_MAX_VALUE_LENGTH: Final = 20_000
_KEY_PATTERN: Final = re.compile(r"[A-Za-z0-9-]{16,64}")
_RESEND_PATTERN: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
#: Length of `page_id` within an idempotency key.
PAGE_ID_LENGTH: Final = 20


def resend_number_in(key: str) -> int:
    """The resend number in a key that `FormData.idempotency_key` made."""
    return int(key[PAGE_ID_LENGTH + 1 : PAGE_ID_LENGTH + 5])


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was chosen in a form; its name is whatever the sender says."""

    name: str
    data: bytes


@dataclass(frozen=True)
class FormData:
    """The fields of a form by name; values of one name in the order sent."""

    fields: Mapping[str, tuple[str, ...]]
    #: The path that it was sent to.
    path: str = ""
    #: By field; several where a field takes several.
    files: Mapping[str, tuple[SentFile, ...]] = field(default_factory=dict)

    def file(self, name: str) -> SentFile | None:
        """The file that was chosen in a field; None where there is none."""
        return next(iter(self.files.get(name, ())), None)

    def all_files(self, name: str) -> tuple[SentFile, ...]:
        """The files that were chosen in a field that takes several."""
        return self.files.get(name, ())

    def value(self, name: str) -> str:
        """The only value of a field, "" when it is missing; raises `MalformedForm` when there are several."""
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise MalformedForm()
        return values[0] if values else ""

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a field that can be ticked several times."""
        return self.fields.get(name, ())

    def has_field(self, name: str) -> bool:
        """Whether the form had this field at all, even an empty one."""
        return name in self.fields

    @property
    def page_id(self) -> str:
        """Identifies the page that was filled in, as the start of `idempotency_key`; raises `MalformedForm`.

        A digest, so that the store never holds what the browser sent as key.
        """
        key = self.value("key")
        if not _KEY_PATTERN.fullmatch(key):
            raise MalformedForm()
        return hashlib.sha256(key.encode()).hexdigest()[:PAGE_ID_LENGTH]

    @property
    def resend_number(self) -> int:
        """How often this page was sent before with other content; 0 where no script counts. Raises `MalformedForm`."""
        number = self.value("turn")
        if number and not _RESEND_PATTERN.fullmatch(number):
            raise MalformedForm()
        return int(number or 0)

    @cached_property
    def idempotency_key(self) -> str:
        """Identifies this form: its page, its resend number, where it was sent and its content; raises `MalformedForm`.

        The forms of one page have the same key and may have the same fields, and do different things.
        """
        content = self.path + repr([(name, values) for name, values in sorted(self.fields.items()) if name != "key"])
        sent = (each for files in self.files.values() for each in files)
        content += "".join(hashlib.sha256(each.data).hexdigest() for each in sent)
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:20]
        return f"{self.page_id}.{self.resend_number:04}.{digest}"


def parse_form(body: bytes, path: str = "") -> FormData:
    """The fields of a URL-encoded body, with line ends as `LF`; raises `MalformedForm`."""
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
    return FormData(fields, path)


#: Bytes of a form with a file, and of the headings of one part of it.
MAX_FILE_BYTES: Final = 12_000_000
_MAX_PART_HEAD: Final = 2_000
_BOUNDARY: Final = re.compile(r'multipart/form-data;\s*boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?', re.IGNORECASE)
_PART_NAME: Final = re.compile(r'content-disposition: form-data; name="([^"\r\n]{1,64})"(?:; filename="([^"\r\n]*)")?')


def parse_file_form(body: bytes, content_type: str, path: str = "") -> FormData:
    """The fields and files of a form that browsers send in parts; raises `MalformedForm`.

    Written by hand, since only what browsers make is to be read: no nesting, no encodings, each part headed once.
    """
    boundary = _BOUNDARY.fullmatch(content_type.strip())
    if boundary is None:
        raise MalformedForm()
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())
    if first or len(parts) > _MAX_FIELDS or not parts or parts.pop().rstrip(b"\r\n") != b"--":
        raise MalformedForm()
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[SentFile, ...]] = {}
    for part in parts:
        name, file_name, data = _read_part(part)
        if file_name is None:
            fields[name] = (*fields.get(name, ()), _field_text(data))
        elif file_name:
            files[name] = (*files.get(name, ()), SentFile(file_name, data))
    return FormData(fields, path, files)


def _read_part(part: bytes) -> tuple[str, str | None, bytes]:
    """Name, file name (None for a field) and content of one part."""
    head, blank, data = part.partition(b"\r\n\r\n")
    text = head.decode("utf-8", "replace")
    found = next((m for line in text.split("\r\n") if (m := _PART_NAME.match(_lower_name(line)))), None)
    if not blank or len(head) > _MAX_PART_HEAD or found is None:
        raise MalformedForm()
    return found[1], found[2], data


def _lower_name(line: str) -> str:
    """A heading with its own name in lower case, as browsers write it in either."""
    name, colon, value = line.partition(":")
    return name.lower() + colon + value


def _field_text(data: bytes) -> str:
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        raise MalformedForm() from problem
    if len(text) > _MAX_VALUE_LENGTH:
        raise MalformedForm()
    return text
