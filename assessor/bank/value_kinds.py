"""The kinds of values in a bank's files: text, id, number, list, table; `file_format` describes the files in these.

A kind checks a node, builds its value and gives its JSON Schema. Why not pydantic: a problem needs the line and column
of its node, and what pydantic validates has neither; bringing its errors back to the nodes took more code than the
checks themselves.

- `check` adds every problem it finds and goes on, and returns whether there was none.
- `build` never fails: it takes what can be understood, so that what depends on it can be examined in the same run.
- An `InvalidNode` was reported when YAML was read; it fails a check without a second problem.
- A misspelt key is reported once, as unknown with the nearest known one, and not as missing as well.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from assessor.bank.problems import BankProblems
from assessor.bank.yaml_nodes import (
    InvalidNode,
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    as_map,
    list_parts,
    scalar_text,
)
from assessor.bank.yaml_reader import first_harmful
from assessor.core.wording import LEVEL_SENTENCES
from assessor.errors import N_

#: Words of the conditions and of the interview, which no id may take.
RESERVED: Final = ("all", "any", "not", "at_least", "of", "is", "dont_know")

#: Characters of one text.
MAX_TEXT_LENGTH: Final = 4_000

_BAD_ID = N_("{given} cannot be an id; use small letters a-z, digits and _, beginning with a letter")
_TAKEN = N_("{given} is a word of the format itself and cannot be an id; choose another")
_BAD_SOURCE = N_("{given} cannot be the id of a source; use small letters a-z, digits and _, parted by dots")
_BAD_LANGUAGE = N_("{given} is no language tag; write one as sv, en or nb")
_BAD_URL = N_("{given} is no web address; begin it with https://")
_BAD_EFFORT = N_("{given} is no whole number from 1 to 99; write one, in digits, without quotes")
_BAD_FORMAT = N_("format {given} is not read here; write format: 1, or use a newer version of this program")
_BAD_COUNT = N_("{given} is none of: down, up, none; write one of them")
_BAD_TRUTH = N_("{given} is neither true nor false; write one of them, without quotes")
_NO_TEXT = N_("a text is needed here; write one")
_CURLY_QUOTES = N_(
    "the text stands in typographic quotation marks, which YAML takes for a part of it; write straight ones instead, "
    "or straight ones round these"
)
_UNFIT = N_("the character {character} cannot stand in a text; take it out")
_LONG = N_("the text is {length} characters long; shorten it to {most}")
_UNKNOWN = N_("the key {key} is not known here; the nearest is {nearest}, out of: {known}")
_MISSING = N_("something is missing here; add: {keys}")
_TABLE = N_("keys with values are needed here; write each as `key: value`")
_LIST = N_("a list is needed here; write it as [one, two], or each part on a line of its own after a dash")
_SHORT = N_("too few parts in this list; it needs at least {least}")
_MANY = N_("too many parts in this list; it may have {most}, so leave some out or divide the bank")

#: Why a text is refused: a template and its facts.
Refusal = tuple[str, Mapping[str, object]]

#: Names under `$defs` and what stands there, filled while a schema is made.
Definitions = dict[str, Any]


# A check adds to one of these, so it is the one value of this module that changes.
@dataclass(slots=True)
class FormatFindings:
    """What a check has found in one file."""

    problems: BankProblems
    #: Tables and the keys they lack; reported last, since a lacking key may be there misspelt.
    lacking: list[tuple[Node, tuple[str, ...]]] = field(default_factory=list)

    def tell_lacking(self) -> None:
        """Add a problem for each table that lacks keys, at the table's first key."""
        for node, keys in self.lacking:
            first = next(iter(as_map(node).keys.values()), node)
            self.problems.add(first, _MISSING, keys=keys)


class Kind(Protocol):
    """A kind of value that may stand in a bank's file."""

    def check(self, node: Node, findings: FormatFindings) -> bool:
        """Whether the node is of this kind; adds a problem for everything in it that is not."""

    def build(self, node: Node | None) -> Any:
        """The value at a node; an empty one for None. Parts of another kind are left out or empty."""

    def json_schema(self, definitions: Definitions) -> dict[str, Any]:
        """The kind as JSON Schema; tables are entered in `definitions`, each once, and referred to."""


def check_kind(kind: Kind, root: Node, problems: BankProblems) -> None:
    """Add a problem for everything in which a file differs from its description."""
    findings = FormatFindings(problems)
    kind.check(root, findings)
    findings.tell_lacking()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single text that `refuse` accepts. Numbers are texts that look like one: YAML's types are not used."""

    #: Why a text is not accepted; None if it is.
    refuse: Callable[[str, ScalarNode], Refusal | None]
    #: The same as JSON Schema.
    schema: Mapping[str, Any]

    def check(self, node: Node, findings: FormatFindings) -> bool:
        """A bare empty value, which YAML takes for null, is no text; a quoted empty one is left to `refuse`."""
        if isinstance(node, InvalidNode):
            return False
        text = scalar_text(node)
        if not isinstance(node, ScalarNode) or (not text and not node.quoted):
            findings.problems.add(node, _NO_TEXT)
            return False
        return self._accepts(text, node, findings)

    def check_key(self, key: ScalarNode, findings: FormatFindings) -> bool:
        """Whether the key of a table is of this kind, line breaks at its end included."""
        return self._accepts(key.text, key, findings)

    def _accepts(self, text: str, node: ScalarNode, findings: FormatFindings) -> bool:
        refusal = self.refuse(text, node)
        if refusal:
            findings.problems.add(node, refusal[0], **refusal[1])
        return refusal is None

    def build(self, node: Node | None) -> str:
        return scalar_text(node)

    def json_schema(self, definitions: Definitions) -> dict[str, Any]:
        return dict(self.schema)


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind, of at least `least` and at most `most` parts."""

    part: Kind
    #: The fewest parts; 0 for no limit.
    least: int = 0
    #: The most parts; None for no limit.
    most: int | None = None

    def check(self, node: Node, findings: FormatFindings) -> bool:
        """Too long a list is refused unread, as it may be huge. Too short a one is reported only if its parts hold."""
        if not isinstance(node, ListNode):
            return _refuse(node, _LIST, findings)
        if self.most is not None and len(node.parts) > self.most:
            findings.problems.add(node, _MANY, most=self.most)
            return False
        held = all([self.part.check(part, findings) for part in node.parts])
        if held and len(node.parts) < self.least:
            findings.problems.add(node, _SHORT, least=self.least)
            return False
        return held

    def build(self, node: Node | None) -> tuple[Any, ...]:
        """The values of the parts; in a list of texts, lists and tables are passed over."""
        texts_only = isinstance(self.part, Scalar)
        parts = (part for part in list_parts(node) if isinstance(part, ScalarNode) or not texts_only)
        return tuple(map(self.part.build, parts))

    def json_schema(self, definitions: Definitions) -> dict[str, Any]:
        schema = {"type": "array", "items": self.part.json_schema(definitions)}
        limits = {"minItems": self.least or None, "maxItems": self.most}
        return {**schema, **{name: limit for name, limit in limits.items() if limit is not None}}


@dataclass(frozen=True, slots=True)
class MapOf:
    """A table whose keys are ids, each with a value of the same kind."""

    key: Scalar
    value: Kind
    #: The fewest keys; 0 for no limit.
    least: int = 0

    def check(self, node: Node, findings: FormatFindings) -> bool:
        """Every key and every value is checked, then their number."""
        if not isinstance(node, MapNode):
            return _refuse(node, _TABLE, findings)
        held = all([self._check_entry(key, node, findings) for key in node.keys])
        if held and len(node.keys) < self.least:
            findings.problems.add(node, _SHORT, least=self.least)
            return False
        return held

    def _check_entry(self, key: str, node: MapNode, findings: FormatFindings) -> bool:
        value = node.values[key]
        named = isinstance(value, InvalidNode) or self.key.check_key(node.keys[key], findings)
        return self.value.check(value, findings) and named

    def build(self, node: Node | None) -> dict[str, Any]:
        return {key: self.value.build(value) for key, value in as_map(node).values.items()}

    def json_schema(self, definitions: Definitions) -> dict[str, Any]:
        value = self.value.json_schema(definitions)
        names = {"propertyNames": self.key.json_schema(definitions), "additionalProperties": value}
        return {"type": "object", **names, **({"minProperties": self.least} if self.least else {})}


@dataclass(frozen=True, slots=True)
class Key:
    """One row of a table's description: a key, what it holds, what it means, where it shows."""

    name: str
    kind: Kind
    #: One English sentence.
    about: str
    #: Where people see it, in the middle of a sentence; empty where only the rules read it.
    shows: str
    #: As it may stand after the colon, on one line.
    example: str
    required: bool = True
    #: The name of the value's field where it is not the key's own; None where the value has none.
    attribute: str | None = ""
    #: What is built where the key is missing; None: an empty value of the kind.
    absent: Callable[[], Any] | None = None

    def build(self, node: Node | None) -> Any:
        """The value of the key; where it is missing, `absent()` if there is one, else an empty value of its kind."""
        return self.absent() if node is None and self.absent else self.kind.build(node)

    def json_schema(self, definitions: Definitions) -> dict[str, Any]:
        """The schema of the kind, described by what the key means and where it shows."""
        shows = f" Shows: {self.shows}." if self.shows else ""
        return {"description": f"{self.about}{shows}", **self.kind.json_schema(definitions)}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with exactly these keys, and the function or type that its values are passed to."""

    #: As it is called under `$defs`.
    name: str
    #: One English sentence.
    about: str
    keys: tuple[Key, ...]
    #: Called with the values by their attributes' names; a core type, or `dict`.
    builds: Callable[..., Any] = dict
    #: Whether missing keys are left out instead of built empty: for words laid over others.
    sparse: bool = False

    def check(self, node: Node, findings: FormatFindings) -> bool:
        """All keys are known, all required ones there, all values of their kind.

        Missing keys are only noted here and reported at the end of the file's check.
        """
        if not isinstance(node, MapNode):
            return _refuse(node, _TABLE, findings)
        known_hold = [key.kind.check(node.values[key.name], findings) for key in self.keys if key.name in node.values]
        unknown = [key for key in node.keys if key not in self._names()]
        for key in unknown:
            self._tell_unknown(key, node, findings)
        lacking = self._lacking(node, unknown)
        if lacking:
            findings.lacking.append((node, lacking))
        return all(known_hold) and not unknown and not any(self._lacks(key, node) for key in self.keys)

    def _names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.keys)

    def _lacks(self, key: Key, node: MapNode) -> bool:
        return key.required and key.name not in node.keys

    def _tell_unknown(self, key: str, node: MapNode, findings: FormatFindings) -> None:
        if not isinstance(node.values[key], InvalidNode):
            nearest = findings.problems.nearest_id(key, self._names())
            findings.problems.add(node.keys[key], _UNKNOWN, key=key, nearest=nearest, known=self._names())

    def _lacking(self, node: MapNode, unknown: list[str]) -> tuple[str, ...]:
        """The required keys that are missing, without those that an unknown key looks like: that one was reported."""
        if any(isinstance(value, InvalidNode) for value in node.values.values()):
            return ()  # it may stand in what is refused
        misspelt = [key[:60] for key in unknown[:20]]
        lacking = [key.name for key in self.keys if self._lacks(key, node)]
        return tuple(name for name in lacking if not difflib.get_close_matches(name, misspelt, cutoff=0.6))

    def build(self, node: Node | None) -> Any:
        """What `builds` makes of the values, passed by the names of its fields."""
        values = as_map(node).values
        built = {
            key.attribute or key.name: key.build(values.get(key.name))
            for key in self.keys
            if key.attribute is not None and (key.name in values or not self.sparse)
        }
        return self.builds(**built)

    def json_schema(self, definitions: Definitions) -> dict[str, Any]:
        """A reference to the table under `$defs`, which is entered there at its first use."""
        if self.name not in definitions:
            definitions[self.name] = {}  # its place, before what stands in it
            definitions[self.name] = self.object_schema(definitions)
        return {"$ref": f"#/$defs/{self.name}"}

    def object_schema(self, definitions: Definitions) -> dict[str, Any]:
        """The schema of the table itself, for the top of a file."""
        return {
            "description": self.about,
            "type": "object",
            "properties": {key.name: key.json_schema(definitions) for key in self.keys},
            "required": [key.name for key in self.keys if key.required],
            "additionalProperties": False,
        }

    def tables(self) -> Iterator["Table"]:
        """This table and all tables in it, each once, in the order of their keys."""
        seen: dict[str, Table] = {self.name: self}
        for key in self.keys:
            for table in tables_in(key.kind):
                seen.update({inner.name: inner for inner in table.tables() if inner.name not in seen})
        yield from seen.values()


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A value that another module reads and checks; the description only has its schema."""

    name: str
    schema: Mapping[str, Any]

    def check(self, node: Node, findings: FormatFindings) -> bool:
        return True

    def build(self, node: Node | None) -> None:
        return None

    def json_schema(self, definitions: Definitions) -> dict[str, Any]:
        definitions[self.name] = dict(self.schema)
        return {"$ref": f"#/$defs/{self.name}"}


def tables_in(kind: Kind) -> Iterator[Table]:
    """The tables directly in a kind: itself, or those of its parts."""
    match kind:
        case Table():
            yield kind
        case ListOf():
            yield from tables_in(kind.part)
        case MapOf():
            yield from tables_in(kind.value)


def _refuse(node: Node, template: str, findings: FormatFindings) -> bool:
    """False, after a problem that the node is of another kind; an `InvalidNode` gets none, it has one."""
    if not isinstance(node, InvalidNode):
        findings.problems.add(node, template)
    return False


_ID_PATTERN = "[a-z][a-z0-9_]{0,63}"
_SOURCE_PATTERN = rf"{_ID_PATTERN}(\.{_ID_PATTERN})*"
_LANGUAGE_PATTERN = "[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*"
_URL_PATTERN = "https?://[^\\s<>\"']+"
#: A text within one pair of typographic quotation marks, as a word processor writes them in any of our languages.
_IN_CURLY_QUOTES = re.compile(r"[“”„«»‘’][^“”„«»‘]*[“”«»’]")
_EFFORT_PATTERN = re.compile(r"[1-9][0-9]?")
#: What `first_harmful` finds, as JSON Schema says it.
_HARMLESS_PATTERN = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]*"


def _pattern_scalar(pattern: str, template: str) -> Scalar:
    """Texts that match a pattern as a whole; others are refused by this template."""
    compiled = re.compile(pattern)
    return Scalar(
        lambda text, _: None if compiled.fullmatch(text) else (template, {"given": text}),
        {"type": "string", "pattern": f"^({pattern})$"},
    )


def _refuse_id(text: str, node: ScalarNode) -> Refusal | None:
    return (_TAKEN, {"given": text}) if text in RESERVED else RESPONSE.refuse(text, node)


def _refuse_effort(text: str, node: ScalarNode) -> Refusal | None:
    """Only one or two plain digits: a quoted number is a text, and tools disagree about 1e2, 0x3, 03 and +3."""
    if node.quoted:
        return _BAD_EFFORT, {"given": f'"{text}"'}
    return None if _EFFORT_PATTERN.fullmatch(text) else (_BAD_EFFORT, {"given": text})


def _refuse_format(text: str, node: ScalarNode) -> Refusal | None:
    return None if text == "1" and not node.quoted else (_BAD_FORMAT, {"given": text})


def _refuse_truth(text: str, node: ScalarNode) -> Refusal | None:
    return None if text in ("true", "false") and not node.quoted else (_BAD_TRUTH, {"given": text})


def _refuse_text_or_empty(text: str, node: ScalarNode) -> Refusal | None:
    if not node.quoted and _IN_CURLY_QUOTES.fullmatch(text):
        return _CURLY_QUOTES, {}
    if unfit := first_harmful(text):
        return _UNFIT, {"character": f"U+{ord(unfit):04X}"}
    if len(text) > MAX_TEXT_LENGTH:
        return _LONG, {"length": len(text), "most": MAX_TEXT_LENGTH}
    return None


def _refuse_text(text: str, node: ScalarNode) -> Refusal | None:
    return _refuse_text_or_empty(text, node) or (None if text.strip() else (_NO_TEXT, {}))


def _text_schema(pattern: str) -> Mapping[str, Any]:
    """The schema of a text. An unquoted number or truth value is a text as well, taken as it is typed."""
    return {"type": ["string", "number", "boolean"], "pattern": pattern, "maxLength": MAX_TEXT_LENGTH}


#: A response in a worked case: dont_know is one.
RESPONSE: Final = _pattern_scalar(_ID_PATTERN, _BAD_ID)
ID: Final = Scalar(_refuse_id, {**RESPONSE.schema, "not": {"enum": list(RESERVED)}})
SOURCE_ID: Final = _pattern_scalar(_SOURCE_PATTERN, _BAD_SOURCE)
#: One of the program's own sentences about levels; `wording_parsing` tells the nearest where it is none.
LEVEL_SENTENCE: Final = Scalar(lambda _text, _position: None, {"enum": list(LEVEL_SENTENCES)})
LANGUAGE: Final = _pattern_scalar(_LANGUAGE_PATTERN, _BAD_LANGUAGE)
URL: Final = _pattern_scalar(_URL_PATTERN, _BAD_URL)
EFFORT: Final = Scalar(_refuse_effort, {"type": "integer", "minimum": 1, "maximum": 99})
FORMAT: Final = Scalar(_refuse_format, {"const": 1})
LEVELS_COUNT: Final = Scalar(
    lambda text, _: None if text in ("down", "up", "none") else (_BAD_COUNT, {"given": text}),
    {"enum": ["down", "up", "none"]},
)
TRUTH: Final = Scalar(_refuse_truth, {"type": "boolean"})
TEXT_OR_EMPTY: Final = Scalar(_refuse_text_or_empty, _text_schema(f"^{_HARMLESS_PATTERN}$"))
TEXT: Final = Scalar(_refuse_text, _text_schema(rf"^(?=[\s\S]*\S){_HARMLESS_PATTERN}$"))
