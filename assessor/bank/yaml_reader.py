"""YAML text to nodes, on PyYAML's events: only what a bank needs of YAML, and every text as it was typed.

PyYAML's own composer and constructor are left out: they follow anchors and merge keys for ever, die on deep
nesting, let a repeated key win and turn `no` into a truth value.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import yaml
from yaml import events as ev

from assessor.bank.problems import Problems, shown
from assessor.bank.yaml_nodes import Listing, Node, Refused, Scalar, Table
from assessor.errors import N_

#: Lists and tables within each other.
DEEPEST: Final = 40

#: Texts, lists and tables in one file.
MOST_NODES: Final = 30_000

_ENCODING = N_("this is no UTF-8 text; save the file as UTF-8 and try again")
_CHARACTER = N_("the character {character} cannot stand in a bank; take it out")
_EMPTY = N_("the file is empty; write the bank into it")
_SECOND = N_("a second document begins here; take out the line with --- or put it into a file of its own")
_ALIAS = N_("anchors, aliases and merge keys (&, *, <<) are not read; write the text out in each place")
_TAG = N_("the tag {tag} is not read; take it out, and put quotes round a text that begins with !")
_DEEP = N_("lists and tables stand more than {most} deep within each other; name a part under `conditions`")
_MANY = N_("the file holds more than {most} texts, lists and tables; divide it into several banks")
_REPEATED = N_("the key {key} stands already on line {first}; take one of them out or rename it")
_KEY = N_("a single word is needed before the colon; write it as `key: value`")
_TAB = N_("a tab stands here; move lines in with blanks, and put quotes round a text that begins with a tab")
_RESERVED = N_("no bare text may begin with {character}; put quotes round it")
_COLON = N_("a colon followed by a blank within a bare text; put quotes round the whole text")
_QUOTE = N_("a quotation mark is opened and never closed; close it, or double it inside the text")
_BRACKET = N_("a bracket is opened here and not closed as it should; close it, and put commas between its parts")
_SYNTAX = N_(
    "YAML cannot be read here ({why}); look for a missing colon, quotation mark or bracket, "
    "or lines moved in unevenly, here and on the line before"
)

_SAYS = {
    "mapping values are not allowed in this context": _COLON,
    "found unexpected end of stream": _QUOTE,
    "did not find expected ',' or ']'": _BRACKET,
    "did not find expected ',' or '}'": _BRACKET,
    "did not find expected node content": _BRACKET,
}
_BREAK = re.compile("\r\n|\r|\n")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Stop(Exception):
    """The rest of the file is not read; the problem is already told."""


def read(content: bytes, problems: Problems) -> Node | None:
    """The file's one document; None when there is none to speak about. Problems are added to `problems`."""
    try:
        return _Reader(problems).document(_text(content, problems))
    except _Stop:
        return None


def _text(content: bytes, problems: Problems) -> str:
    """The content as text without its byte order mark; stops at the first character that may not be there."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(_place(content[: error.start].decode("utf-8")), _ENCODING)
        raise _Stop from None
    if char := harmful(text):
        problems.add(_place(text[: text.index(char)]), _CHARACTER, character=f"U+{ord(char):04X}")
        raise _Stop
    return text


def harmful(text: str) -> str:
    """The first character that no export or terminal may be given; empty when there is none."""
    return next((char for char in text if not char.isprintable() and _harmful(char)), "")


def _harmful(char: str) -> bool:
    if char in "\n\r\t":
        return False
    return char in "\ufeff\ufffe\uffff" or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _place(before: str) -> Scalar:
    """The place after a text."""
    lines = _BREAK.split(before)
    return Scalar(len(lines), len(lines[-1]) + 1, "")


class _Reader:
    """Builds nodes from events and tells what it passes over."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.told: set[str] = set()
        self.count = 0

    def document(self, text: str) -> Node | None:
        self.lines = _BREAK.split(text)
        self.events: Iterator[ev.Event] = yaml.parse(text, Loader=_LOADER)
        try:
            return self._document()
        except yaml.YAMLError as error:
            self._syntax(error)
            raise _Stop from None

    def _document(self) -> Node | None:
        next(self.events)  # the stream's beginning
        if not isinstance(next(self.events), ev.DocumentStartEvent):
            self.problems.add(None, _EMPTY)
            return None
        node = self._node(next(self.events), 0)
        next(self.events)  # the document's end
        after = next(self.events)
        if isinstance(after, ev.DocumentStartEvent):
            self.problems.add(_at(after), _SECOND)
        return self._not_empty(node)

    def _not_empty(self, node: Node) -> Node | None:
        if isinstance(node, Scalar) and not node.text and not node.quoted:
            self.problems.add(None, _EMPTY)
            return None
        return node

    def _node(self, event: ev.Event, depth: int) -> Node:
        at = _at(event)
        self._bounds(at, depth)
        refused = self._refused(event, at)
        node = self._built(event, at, depth)  # also what is refused is read, to find what is wrong after it
        return at if refused else node

    def _built(self, event: ev.Event, at: Refused, depth: int) -> Node:
        match event:
            case ev.SequenceStartEvent():
                return self._listing(at, depth)
            case ev.MappingStartEvent():
                return self._table(at, depth)
            case ev.ScalarEvent():
                return Scalar(at.line, at.column, event.value, quoted=bool(event.style))
        return at

    def _bounds(self, at: Refused, depth: int) -> None:
        self.count += 1
        if depth > DEEPEST:
            self.problems.add(at, _DEEP, most=DEEPEST)
            raise _Stop
        if self.count > MOST_NODES:
            self.problems.add(at, _MANY, most=MOST_NODES)
            raise _Stop

    def _refused(self, event: ev.Event, at: Refused) -> bool:
        """Anchors, aliases and tags; each kind is told once a file, at its first place."""
        if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._once(at, _ALIAS)
            return True
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._once(at, _TAG, tag=tag.replace("tag:yaml.org,2002:", "!!"))
        return tag is not None

    def _once(self, at: Refused, template: str, **facts: object) -> None:
        if template not in self.told:
            self.told.add(template)
            self.problems.add(at, template, **facts)

    def _listing(self, at: Refused, depth: int) -> Listing:
        parts = []
        while not isinstance(event := next(self.events), ev.SequenceEndEvent):
            parts.append(self._node(event, depth + 1))
        return Listing(at.line, at.column, tuple(parts))

    def _table(self, at: Refused, depth: int) -> Table:
        keys: dict[str, Scalar] = {}
        values: dict[str, Node] = {}
        while not isinstance(event := next(self.events), ev.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if isinstance(key, Scalar) and self._is_key(key, keys):
                merged = key.text == "<<" and not key.quoted
                keys[key.text], values[key.text] = key, at if merged else value
            elif isinstance(key, Listing | Table):
                self.problems.add(key, _KEY)
        return Table(at.line, at.column, keys, values)

    def _is_key(self, key: Scalar, keys: dict[str, Scalar]) -> bool:
        """Whether a key is one to keep."""
        if not key.text:
            self.problems.add(key, _KEY)
        elif key.text == "<<" and not key.quoted:
            self._once(Refused(key.line, key.column), _ALIAS)
            return True
        elif key.text in keys:
            self.problems.add(key, _REPEATED, key=key.text, first=keys[key.text].line)
        else:
            return True
        return False

    def _syntax(self, error: yaml.YAMLError) -> None:
        why = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
        opened = _SAYS.get(why) in (_QUOTE, _BRACKET)
        at = self._mark(error, "context_mark" if opened else "problem_mark")
        character = self._character(at)
        if character == "\t" or " tab " in why:
            self.problems.add(at, _TAB)
        elif why == "found character that cannot start any token" and character:
            self.problems.add(at, _RESERVED, character=character)
        else:
            self.problems.add(at, _SAYS.get(why, _SYNTAX), why=shown(why))

    def _mark(self, error: yaml.YAMLError, name: str) -> Refused:
        """Where an error stands; at the end of the text when it is what lacks there."""
        mark = getattr(error, name, None) or getattr(error, "problem_mark", None)
        if mark is None:
            return Refused(1, 1)
        if mark.line >= len(self.lines):
            return Refused(len(self.lines), len(self.lines[-1]) + 1)
        return Refused(mark.line + 1, mark.column + 1)

    def _character(self, at: Refused) -> str:
        line = self.lines[at.line - 1] if at.line <= len(self.lines) else ""
        return line[at.column - 1 : at.column]


def _at(event: ev.Event) -> Refused:
    mark: Any = event.start_mark
    return Refused(mark.line + 1, mark.column + 1)
