"""What an instrument is known by: a digest of its rules as they were understood, not of the text they stand in.

A comment, a blank line or another order of keys leaves the digest alone, so that responses stay responses to the same
rules. Until then it was the digest of the text, and stores, exports and printed forms still hold such digests: that
of the text as it stands is known at once, those of earlier texts of our own banks are listed here.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Final

from assessor.core.instrument import Instrument

#: By a digest of the rules, the digests of the texts that they stood in before.
_EARLIER_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    # dokk1 1.0
    "44438fa27cf532d232659ad704f86dd04259059b47a33bcd1abc0ec373a62949": (
        "b36919d459399b6c20b48faf9d6bf947c76c5599142b37145632bd262d3f3078",
    ),
    # winwin 1.0
    "ffcdb5ff3a7fa2a130cbd2c8ec7e579db11776e3171edc730cf9387eaa9091e3": (
        "252c5b8debafcba3575fbbba679f7a2fa36b4cb6abe363a560bad9b966b185ea",
    ),
}

#: Fields of an instrument that say nothing about its rules.
_NOT_RULES: Final = ("digest", "text_digests", "precompiled")


def rules_digest(instrument: Instrument) -> str:
    """SHA-256 of everything an instrument asks and decides by, in hexadecimal.

    What is as it is by default is left out, so that a new optional key does not make all rules other rules.
    """
    rules = {name: part for name, part in _meaning(instrument).items() if name not in _NOT_RULES}
    text = json.dumps(rules, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def text_digests(content: bytes, of_rules: str) -> tuple[str, ...]:
    """The digests by which these rules were known by their text: that of this file, and of earlier ones."""
    return text_digest(content), *_EARLIER_TEXTS.get(of_rules, ())


def text_digest(content: bytes) -> str:
    """SHA-256 of a text, whatever its byte order mark and line ends."""
    text = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(text).hexdigest()


def _meaning(value: Any) -> Any:
    if is_dataclass(value):
        told = {each.name: getattr(value, each.name) for each in fields(value) if not _is_default(each, value)}
        return {"": type(value).__name__, **{name: _meaning(part) for name, part in told.items()}}
    if isinstance(value, Mapping):
        return {key: _meaning(part) for key, part in value.items()}
    return [_meaning(part) for part in value] if isinstance(value, tuple) else value


def _is_default(each: Field[Any], value: Any) -> bool:
    given = getattr(value, each.name)
    made = each.default_factory() if each.default_factory is not MISSING else each.default
    return bool(made is not MISSING and given == made)
