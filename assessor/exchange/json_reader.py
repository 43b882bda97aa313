"""JSON from outside: text becomes plain values once, within bounds, or every problem is reported with path and line.

Refused: more than the bounds, other text than UTF-8, NaN and infinite numbers, whole numbers beyond 18 digits, repeated
keys, characters that no export of ours can hold, and anything after the end.

Why not plain `json.loads`: it accepts all of that in silence, keeps the last of two equal keys, and lets deep nesting
end in a RecursionError. Why not another library: a strict one reports the first mistake only, and we promise all of
them at once. So Python's fast decoder does the work, with hooks that leave a marker where they meet something to refuse
(`_RefusedValue`, `_ObjectWithDuplicate`). Only if a marker was left, or the text contains a sequence without which no
unfit character can occur, are the values walked in Python, and only then are lines searched for.

Bounds of size and depth are checked on the bytes before decoding: counting separators and cancelling out brackets
outside strings costs little, and the decoder then never builds what would not be used.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, NoReturn

from assessor.core.json_nesting import is_nested_deeper, outside_strings
from assessor.core.text_limits import unfit_characters
from assessor.errors import N_
from assessor.exchange import json_places
from assessor.exchange.file_problems import BadFile, FileProblems, TooBig, TooManyProblems, with_line_numbers
from assessor.problems import JsonPath, Problem, ValuePath

#: Most bytes of one document.
MOST_BYTES: Final = 10_000_000
#: Most values nested in one another.
MOST_DEPTH: Final = 20
#: Most values in a document, or one for each twelve bytes of a large one; more would take memory out of proportion.
MOST_VALUES: Final = 800_000
_MOST_DIGITS: Final = 18

_NOT_UTF8 = N_("byte {byte} is not UTF-8; save the file as UTF-8")
_EMPTY = N_("there is nothing here; give a JSON document")
_TOO_DEEP = N_("the brackets are nested more than {most} deep, or are never closed; check that this is the right file")
_TOO_MANY = N_("there are more than {most} values; divide the file, or give one object per line")
_SYNTAX = N_("the JSON goes wrong at column {column}; look for a missing or extra comma, quote or bracket")
_CUT_OFF = N_("the file ends in the middle of something, at column {column}; save or copy the whole of it again")
_CONTROL_CHARACTER = N_(
    "a line break or another control character appears unescaped in a text at column {column}; write it as \\n"
)
_TRAILING = N_("something follows after the end, at column {column}; remove it, or give one object per line")
_NOT_A_NUMBER = N_("{given} is not a number in JSON; write null or leave it out")
_TOO_LONG = N_("the number is too large to hold; write it with at most {most} digits")
_DUPLICATE_KEY = N_("the key {key!r} appears twice; remove one")
_UNFIT_CHARACTER = N_("the character {character} cannot be stored in every file; remove it")

_WHITESPACE: Final = " \t\n\r"
# Without one of these, no text holds an unfit character: the other ones are refused unless they are escaped.
_SUSPECT_SEQUENCES: Final = ("\\u", "\\b", "\\f", "\ufffe", "\uffff")


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedDocument:
    """A document's values, with what it takes to say on which line they stand."""

    name: str
    text: str
    value: Any
    #: The number of the text's first line in its file.
    first_line: int = 1

    @contextmanager
    def collecting_problems(self) -> Iterator[FileProblems[JsonPath]]:
        """A list to note problems in; where there are any, raises `BadFile` with their lines when the block ends."""
        problems = FileProblems[JsonPath]()
        with suppress(TooManyProblems):
            yield problems
        if problems.found:
            lines = json_places.find_lines(self.text, {problem.place.keys for problem in problems.found})
            raise BadFile(name=self.name, problems=with_line_numbers(problems.found, lines, self.first_line))


@dataclass(frozen=True, slots=True)
class _RefusedValue:
    """Marks a value that JSON allows or Python reads, and we refuse; says why."""

    template: str
    facts: dict[str, object]


class _ObjectWithDuplicate(dict[str, Any]):
    """An object with a key that stands twice, found by the decoder's hook."""

    duplicate_key: str


def parse_json(data: bytes, name: str, *, most: int = MOST_BYTES, first_line: int = 1) -> ParsedDocument:
    """The values of one document; raises `TooBig`, or `BadFile` with all problems.

    `name` is the file's, for messages.
    """
    if len(data) > most:
        raise TooBig(name=name, most=most // 1_000_000)
    text = _decode_utf8(data, name, first_line)
    _refuse_unbounded(data, name, first_line)
    _decoder_state.odd = False
    parsed = ParsedDocument(name=name, text=text, value=_decode_values(text, name, first_line), first_line=first_line)
    if _decoder_state.odd or any(part in text for part in _SUSPECT_SEQUENCES):
        with parsed.collecting_problems() as problems:
            _collect_problems(parsed.value, (), problems)
    return parsed


def _decode_utf8(data: bytes, name: str, first_line: int) -> str:
    """The text without a byte order mark; refuses a byte that is not UTF-8, and a document that is empty."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        _refuse_document(name, line, _NOT_UTF8, byte=f"0x{data[error.start]:02X}")
    if not text.strip(_WHITESPACE):
        _refuse_document(name, first_line, _EMPTY)
    return text


def _refuse_document(name: str, line: int, template: str, path: ValuePath = (), **facts: object) -> NoReturn:
    """Raise `BadFile` with the one problem that keeps the document from being read at all."""
    raise BadFile(name=name, problems=[Problem(place=JsonPath(path, line), template=template, facts=facts)])


def _refuse_unbounded(data: bytes, name: str, line: int) -> None:
    """Raise `BadFile` for too many values or too much nesting, before anything is decoded.

    A rough count comes first, which is enough for nearly every file; only a suspicious one has its strings cut out.
    """
    values = max(MOST_VALUES, len(data) // 12)
    opening = data.count(b"[") + data.count(b"{")
    if opening + data.count(b",") > values and sum(_count_separators(data)) > values:
        _refuse_document(name, line, _TOO_MANY, most=values)
    if is_nested_deeper(data, MOST_DEPTH):
        _refuse_document(name, line, _TOO_DEEP, most=MOST_DEPTH)


def _count_separators(data: bytes) -> Iterator[int]:
    """The number of values in the data, piece by piece, with strings cut out."""
    for outside in outside_strings(data):
        yield outside.count(b"[") + outside.count(b"{") + outside.count(b",")


def _decode_values(text: str, name: str, first_line: int) -> Any:
    """The values of the text; refuses wrong syntax, with its place, and anything after the end."""
    try:
        value, end = _DECODER.raw_decode(text, len(text) - len(text.lstrip(_WHITESPACE)))
    except json.JSONDecodeError as error:
        path = json_places.path_at(text, error.pos)
        _refuse_document(name, first_line + error.lineno - 1, _syntax_template(error), path, column=error.colno)
    rest = text[end:].lstrip(_WHITESPACE)
    if rest:
        trailing = json.JSONDecodeError("", text, len(text) - len(rest))
        _refuse_document(name, first_line + trailing.lineno - 1, _TRAILING, column=trailing.colno)
    return value


def _syntax_template(error: json.JSONDecodeError) -> str:
    """What is said of wrong syntax: a file that was cut off, a control character, or anything else."""
    if error.msg.startswith("Unterminated string") or not error.doc[error.pos :].strip(_WHITESPACE):
        return _CUT_OFF
    return _CONTROL_CHARACTER if error.msg.startswith("Invalid control") else _SYNTAX


def _mark_refused(template: str, **facts: object) -> Any:
    """A marker to stand in place of a value, and a note that there is one."""
    _decoder_state.odd = True
    return _RefusedValue(template, facts)


def _parse_constant(token: str) -> Any:
    return _mark_refused(_NOT_A_NUMBER, given=token)


def _parse_float(token: str) -> Any:
    value = float(token)
    return value if isfinite(value) else _mark_refused(_TOO_LONG, most=_MOST_DIGITS)


def _parse_int(token: str) -> Any:
    return int(token) if len(token.removeprefix("-")) <= _MOST_DIGITS else _mark_refused(_TOO_LONG, most=_MOST_DIGITS)


def _object_from_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one with a repeated key is marked, and keeps the last value of it."""
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    _decoder_state.odd = True
    doubled = _ObjectWithDuplicate(value)
    doubled.duplicate_key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return doubled


# Reads on past what we refuse and leaves a marker in its place, so that all of it can be reported.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object_from_pairs, parse_float=_parse_float, parse_int=_parse_int, parse_constant=_parse_constant
)
# Whether the decoder met something to refuse. The decoder is shared, as making one takes as long as reading a line.
_decoder_state = threading.local()


def _collect_problems(value: Any, path: ValuePath, problems: FileProblems[JsonPath]) -> None:
    """Note every marker and every unfit character below a value."""
    match value:
        case str():
            _check_characters(value, path, problems)
        case list():
            for position, part in enumerate(value):
                _collect_problems(part, (*path, position), problems)
        case dict():
            if isinstance(value, _ObjectWithDuplicate):
                problems.add(JsonPath((*path, value.duplicate_key)), _DUPLICATE_KEY, key=value.duplicate_key)
            for key, part in value.items():
                _check_characters(key, path, problems)
                _collect_problems(part, (*path, key), problems)
        case _RefusedValue():
            problems.add(JsonPath(path), value.template, **value.facts)


def _check_characters(text: str, path: ValuePath, problems: FileProblems[JsonPath]) -> None:
    """Note the first character of a text that cannot be in every export; one a text is enough."""
    for character in unfit_characters(text)[:1]:
        problems.add(JsonPath(path), _UNFIT_CHARACTER, character=f"U+{ord(character):04X}")
