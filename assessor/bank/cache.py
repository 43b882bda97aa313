"""Compiled banks, kept between runs under the hash of the text they were made from.

A value is written and read by the type hints of its fields, so that a new field is kept without a word here. Nothing
here imports PyYAML: that is the point of it. A kept file is JSON under a checksum; whatever is wrong with it, it is
made again, and where it cannot be written nothing is lost but time.
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

#: Rises with every change of what is written below.
FORMAT: Final = 1

#: Files in the folder; the oldest go.
_MOST = 60

_T = TypeVar("_T")
_Decode = Callable[[Any], Any]

_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_CONDITIONS: Final = get_args(Condition)


def cache_key(kind: str, *contents: bytes) -> str:
    """What a kept thing is found by: its texts, this layout and the code that compiles."""
    told = hashlib.sha256(f"{kind} {FORMAT} {_code()}".encode())
    for content in contents:
        told.update(hashlib.sha256(content).digest())
    return told.hexdigest()


def load(key: str, hint: type[_T]) -> _T | None:
    """The value kept under a key; None when there is none, or when anything is wrong with it."""
    try:
        checksum, _, body = _file(key).read_bytes().partition(b"\n")
        if checksum.decode() != hashlib.sha256(body).hexdigest():
            return None
        found: _T = decoder(hint)(json.loads(body))
    except (*_BROKEN, RuntimeError):
        return None
    return found


def save(key: str, value: Any) -> None:
    """Write atomically and for the owner's eyes only; a folder that cannot be written is no error."""
    body = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode()
    with contextlib.suppress(OSError, RuntimeError):
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_private_file(_file(key), replace=True) as part:
            part.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        _thin_out()


def plain(value: Any) -> Any:
    """A value as lists, texts and numbers only; `decoder` of its type gives it back."""
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
    """What makes a value of a type from what `plain` gave for it."""
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
    [*others] = (hint for hint in hints if hint is not NoneType)
    of_value = _condition if len(others) > 1 else decoder(others[0])
    return lambda plain_value: None if plain_value is None else of_value(plain_value)


def _dataclass_decoder(hint: Any) -> _Decode:
    decoders = {field.name: decoder(field.type) for field in fields(hint)}
    return lambda plain_value: hint(**{name: decoders[name](part) for name, part in plain_value.items()})


def _collection_decoder(kind: Callable[[Any], Any], of_part: _Decode) -> _Decode:
    return kind if of_part is _as_it_is else lambda plain_value: kind(map(of_part, plain_value))


def _mapping_decoder(of_value: _Decode) -> _Decode:
    return lambda plain_value: {key: of_value(part) for key, part in plain_value.items()}


def _condition(plain_value: Any) -> Any:
    name, *parts = plain_value
    kind, decoders = _condition_decoders(name)
    return kind(*(decode(part) for decode, part in zip(decoders, parts, strict=True)))


@cache
def _condition_decoders(name: str) -> tuple[Callable[..., Any], tuple[_Decode, ...]]:
    kind = next(kind for kind in _CONDITIONS if kind.__name__ == name)
    return kind, tuple(decoder(field.type) for field in fields(kind))


@cache
def _code() -> str:
    """Changes when the code that reads and compiles banks does: what another code kept is never read."""
    here = Path(__file__).parent
    with contextlib.suppress(OSError):
        found = sorted([*os.scandir(here), *os.scandir(here.parent / "core")], key=lambda each: each.path)
        stats = ((each.name, each.stat()) for each in found if each.name.endswith(".py"))
        return " ".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    return ""


def _folder() -> Path:
    return paths.cache_folder() / "banks"


def _file(key: str) -> Path:
    return _folder() / f"{key}.json"


def _thin_out() -> None:
    """Leave the files written last."""
    found = sorted(_folder().glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
    for old in found[:-_MOST]:
        old.unlink(missing_ok=True)
