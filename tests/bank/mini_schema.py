"""As much of JSON Schema as the schemas of a bank use, and a bank's file as plain values.

The library that does it all is not among what the tests install; what is not known here is an error.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assessor.bank.problems import BankProblems
from assessor.bank.yaml_nodes import ListNode, MapNode, Node, ScalarNode
from assessor.bank.yaml_reader import read_yaml

_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": float, "boolean": bool}
_SILENT = {"$schema", "$defs", "description"}


def plain(path: Path) -> Any:
    """A file's values; bare whole numbers and truth values are those, everything else is a text."""
    problems = BankProblems(str(path))
    root = read_yaml(path.read_bytes(), problems)
    assert root is not None
    assert not problems.found
    return _plain(root)


def _plain(node: Node) -> Any:
    match node:
        case MapNode():
            return {key: _plain(value) for key, value in node.values.items()}
        case ListNode():
            return [_plain(part) for part in node.parts]
        case ScalarNode():
            return _bare(node.text) if not node.quoted else node.text.rstrip("\n")
    raise AssertionError(node)


def _bare(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch("[0-9]+", text) else text.rstrip("\n")


def faults(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Where a value is not as the schema says."""
    for word, wanted in schema.items():
        if word not in _SILENT:
            yield from _CHECKS[word](wanted, value, root, at, schema)


def _ref(wanted: str, value: Any, root: Mapping[str, Any], at: str, _: Any) -> Iterator[str]:
    yield from faults(root["$defs"][wanted.removeprefix("#/$defs/")], value, root, at)


def _type(wanted: Any, value: Any, root: Any, at: str, _: Any) -> Iterator[str]:
    if not any(isinstance(value, _TYPES[each]) for each in ([wanted] if isinstance(wanted, str) else wanted)):
        yield f"{at}: {value!r} is no {wanted}"


def _properties(wanted: Mapping[str, Any], value: Any, root: Any, at: str, _: Any) -> Iterator[str]:
    for key in wanted.keys() & value.keys() if isinstance(value, dict) else ():
        yield from faults(wanted[key], value[key], root, f"{at}.{key}")


def _additional(wanted: Any, value: Any, root: Any, at: str, schema: Mapping[str, Any]) -> Iterator[str]:
    for key in value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else ():
        if wanted is False:
            yield f"{at}.{key} is not known"
        else:
            yield from faults(wanted, value[key], root, f"{at}.{key}")


def _names(wanted: Any, value: Any, root: Any, at: str, _: Any) -> Iterator[str]:
    for key in value if isinstance(value, dict) else ():
        yield from faults(wanted, key, root, f"{at}.{key}!")


def _items(wanted: Any, value: Any, root: Any, at: str, _: Any) -> Iterator[str]:
    for number, part in enumerate(value if isinstance(value, list) else ()):
        yield from faults(wanted, part, root, f"{at}[{number}]")


def _any_of(wanted: Any, value: Any, root: Any, at: str, _: Any) -> Iterator[str]:
    if all(any(faults(each, value, root, at)) for each in wanted):
        yield f"{at}: {value!r} is none of what it may be"


def _not(wanted: Any, value: Any, root: Any, at: str, _: Any) -> Iterator[str]:
    if not any(faults(wanted, value, root, at)):
        yield f"{at}: {value!r} is what it may not be"


def _holds(test: Any, kind: Any = object) -> Any:
    def check(wanted: Any, value: Any, root: Any, at: str, _: Any) -> Iterator[str]:
        if isinstance(value, kind) and not test(wanted, value):
            yield f"{at}: {value!r} does not fit {wanted!r}"

    return check


_CHECKS = {
    "$ref": _ref,
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "anyOf": _any_of,
    "not": _not,
    "required": _holds(lambda wanted, value: set(wanted) <= value.keys(), dict),
    "pattern": _holds(re.search, str),
    "maxLength": _holds(lambda wanted, value: len(value) <= wanted, str),
    "minItems": _holds(lambda wanted, value: len(value) >= wanted, list),
    "maxItems": _holds(lambda wanted, value: len(value) <= wanted, list),
    "minProperties": _holds(lambda wanted, value: len(value) >= wanted, dict),
    "maxProperties": _holds(lambda wanted, value: len(value) <= wanted, dict),
    "minimum": _holds(lambda wanted, value: value >= wanted, int),
    "maximum": _holds(lambda wanted, value: value <= wanted, int),
    "enum": _holds(lambda wanted, value: value in wanted),
    "const": _holds(lambda wanted, value: value == wanted),
}
