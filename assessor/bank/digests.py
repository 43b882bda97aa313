"""The digest by which stores, exports and printed forms know an instrument: a hash of its rules, not of its text.

A comment, a blank line or another order of keys leaves it alone, so that responses stay responses to the same rules.
Earlier versions of this program hashed the text instead, and such digests are still in use: that of the present text is
computed (`text_digest`), those of earlier texts of our own banks are listed in `_EARLIER_TEXTS`. The list is complete,
since later texts are known by the digest of their rules.

The digest covers class and field names of `core.instrument` and `core.conditions`: renaming a field there makes every
stored response a response to other rules. `tests/bank/test_bank_digests.py` holds the digests of our banks.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
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
_NOT_RULES: Final = (
    "digest",
    "levels_count",
    "text_digests",
    "ends",
    "serves",
    "followed",
    "in_force",
    "precompiled",
)


def rules_digest(instrument: Instrument) -> str:
    """SHA-256 of everything an instrument asks and decides by, in hexadecimal.

    Fields with their default value are left out, so that a new optional key does not change the digest of every bank.
    """
    told = tuple(signal for signal in instrument.signals if not signal.asks_back)  # the others only ask
    meaning = _meaning(replace(instrument, signals=told))
    rules = {name: part for name, part in meaning.items() if name not in _NOT_RULES}
    text = json.dumps(rules, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def text_digests(content: bytes, rules: str) -> tuple[str, ...]:
    """The digests of texts that stand for these rules: that of this file, then those of earlier versions of it."""
    return text_digest(content), *_EARLIER_TEXTS.get(rules, ())


def text_digest(content: bytes) -> str:
    """SHA-256 of a text, in hexadecimal, the same with or without a byte order mark and with any line ends."""
    text = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(text).hexdigest()


def _meaning(value: Any) -> Any:
    """A value as plain data under its class's name, fields at their default left out."""
    if is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value) if not _is_default(field, value)}
        return {"": type(value).__name__, **{name: _meaning(part) for name, part in parts.items()}}
    if isinstance(value, Mapping):
        return {key: _meaning(part) for key, part in value.items()}
    return [_meaning(part) for part in value] if isinstance(value, tuple) else value


def _is_default(field: Field[Any], value: Any) -> bool:
    """Whether a field has its default value; False where it has no default."""
    given = getattr(value, field.name)
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return bool(default is not MISSING and given == default)
