"""Compiled banks on disk, under the hash of the texts and the code that they were made from.

Why: parsing and compiling a bank gives the same value at every start, and importing PyYAML to do so would delay each
first question. Nothing here imports it. Only `loading` uses this.

- A value is written and read by the type hints of its fields, so a new field of a core type needs no line here.
- The key covers the texts, `FORMAT` and the size and time of each module of `bank` and `core`; a stale file is
  therefore never found, and nothing has to be invalidated.
- A file is JSON under a checksum, not a pickle: reading it cannot run code.
- Whatever is wrong with a file, the value is made again; a folder that cannot be written costs time and nothing else.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin

from assessor import paths
from assessor.core.conditions import Condition
from assessor.core.diagram import Diagram
from assessor.private_files import new_private_file

#: Rises with every change of how `plain` writes values.
FORMAT: Final = 1

#: Files in the folder; beyond it the oldest are deleted.
MAX_FILES = 60

_T = TypeVar("_T")
_Decode = Callable[[Any], Any]

_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_CONDITIONS: Final = get_args(Condition)


def cache_key(kind: str, *contents: bytes) -> str:
    """The name under which a value is kept: a digest of its kind, its source texts, `FORMAT` and the code."""
    digest = hashlib.sha256(f"{kind} {FORMAT} {_code()}".encode())
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def load(key: str, hint: type[_T]) -> _T | None:
    """The value kept under a key; None when there is none, or when anything is wrong with the file."""
    try:
        checksum, _, body = _file(key).read_bytes().partition(b"\n")
        if checksum.decode() != hashlib.sha256(body).hexdigest():
            return None
        value: _T = decoder(hint)(json.loads(body))
    except (*_BROKEN, RuntimeError):
        return None
    return value


def save(key: str, value: Any) -> None:
    """Write a value atomically, readable by its owner only; does nothing where the folder cannot be written."""
    body = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode()
    with contextlib.suppress(OSError, RuntimeError):
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_private_file(_file(key), replace=True) as part:
            part.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        _thin_out()


def plain(value: Any) -> Any:
    """A value as lists, texts and numbers only; the `decoder` of its type gives it back.

    A condition carries its class's name, since a field of type `Condition` does not tell which of the five it is.
    """
    if isinstance(value, Diagram):
        return value.to_plain()
    if isinstance(value, _CONDITIONS):
        return [type(value).__name__, *(plain(getattr(value, field.name)) for field in fields(value))]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return sorted(value) if isinstance(value, frozenset) else value


def decoder(hint: Any) -> _Decode:
    """A function that makes a value of this type from what `plain` returned for it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Diagram:
        return Diagram.from_plain
    if hint in (Condition, "Condition"):
        return _condition
    if origin is UnionType:
        return _optional_decoder(arguments)
    if is_dataclass(hint):
        return _dataclass_decoder(hint)
    if origin in (tuple, frozenset):
        return _collection_decoder(origin, decoder(arguments[0]))
    return _mapping_decoder(decoder(arguments[1])) if origin is Mapping else _as_it_is


def _as_it_is(plain_value: Any) -> Any:
    return plain_value


def _optional_decoder(hints: tuple[Any, ...]) -> _Decode:
    """For `X | None`. A union of more than one type besides None can only be `Condition`."""
    [*others] = (hint for hint in hints if hint is not NoneType)
    of_value = _condition if len(others) > 1 else decoder(others[0])
    return lambda plain_value: None if plain_value is None else of_value(plain_value)


def _dataclass_decoder(hint: Any) -> _Decode:
    decoders = {field.name: decoder(field.type) for field in fields(hint)}
    return lambda plain_value: hint(**{name: decoders[name](part) for name, part in plain_value.items()})


def _collection_decoder(kind: Callable[[Any], Any], of_part: _Decode) -> _Decode:
    """For a tuple or a frozenset; parts that need no decoding are taken over in one call."""
    return kind if of_part is _as_it_is else lambda plain_value: kind(map(of_part, plain_value))


def _mapping_decoder(of_value: _Decode) -> _Decode:
    return lambda plain_value: {key: of_value(part) for key, part in plain_value.items()}


def _condition(plain_value: Any) -> Any:
    name, *parts = plain_value
    kind, decoders = _condition_decoders(name)
    return kind(*(decode(part) for decode, part in zip(decoders, parts, strict=True)))


@cache
def _condition_decoders(name: str) -> tuple[Callable[..., Any], tuple[_Decode, ...]]:
    """The class of a condition by its name, and the decoders of its fields."""
    kind = next(kind for kind in _CONDITIONS if kind.__name__ == name)
    return kind, tuple(decoder(field.type) for field in fields(kind))


@cache
def _code() -> str:
    """Name, size and time of each module of `bank` and `core`, so that values made by other code are never found."""
    bank_folder = Path(__file__).parent
    with contextlib.suppress(OSError):
        entries = sorted(
            [*os.scandir(bank_folder), *os.scandir(bank_folder.parent / "core")], key=lambda entry: entry.path
        )
        stats = ((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py"))
        return " ".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    return ""


def _folder() -> Path:
    return paths.cache_folder() / "banks"


def _file(key: str) -> Path:
    return _folder() / f"{key}.json"


def _thin_out() -> None:
    """Delete all but the `MAX_FILES` newest files."""
    oldest_first = sorted(_folder().glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path_to_drop in oldest_first[:-MAX_FILES]:
        path_to_drop.unlink(missing_ok=True)
