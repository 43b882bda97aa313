"""YAML text to `yaml_nodes`, on PyYAML's events: the part of YAML that a bank needs, each text as it was typed.

Why not PyYAML's own composer and constructor: they expand anchors and merge keys without bound, fail on deep nesting,
let a repeated key win silently and turn `no` into a truth value. A bank may come from anybody, so size, depth and
number of nodes are bounded while reading, and anchors, aliases, merge keys and tags are refused.

Reading stops at a syntax error, at text that is not UTF-8 or holds control characters, and beyond the bounds. All else
is reported, and reading goes on. Messages for the commonest syntax errors replace PyYAML's, which name the parser's
state rather than the mistake.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

import yaml
from yaml import events as ev

from assessor.bank.problems import BankProblems, format_fact
from assessor.bank.yaml_nodes import InvalidNode, ListNode, MapNode, Node, ScalarNode
from assessor.errors import N_

#: Lists and tables nested in each other; the reader recurses, so this also bounds its stack.
MAX_DEPTH: Final = 40

#: Texts, lists and tables in one file.
MAX_NODES: Final = 30_000

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

_TEMPLATE_BY_ERROR = {
    "mapping values are not allowed in this context": _COLON,
    "found unexpected end of stream": _QUOTE,
    "did not find expected ',' or ']'": _BRACKET,
    "did not find expected ',' or '}'": _BRACKET,
    "did not find expected node content": _BRACKET,
}
_LINE_BREAK = re.compile("\r\n|\r|\n")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StopReading(Exception):
    """The rest of the file is not read; the problem has been added."""


def read_yaml(content: bytes, problems: BankProblems) -> Node | None:
    """The file's document as a node; None where there is none or reading had to stop. Adds a problem for each fault."""
    try:
        return _NodeBuilder(problems).build_document(_decode_text(content, problems))
    except _StopReading:
        return None


def _decode_text(content: bytes, problems: BankProblems) -> str:
    """The content as text without a byte order mark; stops at bytes that are no UTF-8 and at harmful characters."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.add(_position_after(content[: error.start].decode("utf-8")), _ENCODING)
        raise _StopReading from None
    if char := first_harmful(text):
        problems.add(_position_after(text[: text.index(char)]), _CHARACTER, character=f"U+{ord(char):04X}")
        raise _StopReading
    return text


def first_harmful(text: str) -> str:
    """The first character that no export or terminal should get, such as a control code; empty if there is none."""
    return next((char for char in text if not char.isprintable() and _is_harmful(char)), "")


def _is_harmful(char: str) -> bool:
    if char in "\n\r\t":
        return False
    return char in "\ufeff\ufffe\uffff" or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _position_after(before: str) -> ScalarNode:
    """The place directly after a text, as an empty scalar."""
    lines = _LINE_BREAK.split(before)
    return ScalarNode(len(lines), len(lines[-1]) + 1, "")


class _NodeBuilder:
    """Builds nodes from PyYAML's events and adds a problem for each thing it refuses."""

    def __init__(self, problems: BankProblems) -> None:
        self.problems = problems
        #: Templates that are reported once a file only.
        self.reported_templates: set[str] = set()
        self.node_count = 0

    def build_document(self, text: str) -> Node | None:
        """The node of the document; None for an empty file. Stops at a syntax error."""
        self.lines = _LINE_BREAK.split(text)
        self.events: Iterator[ev.Event] = yaml.parse(text, Loader=_LOADER)
        try:
            return self._build_document()
        except yaml.YAMLError as error:
            self._report_syntax_error(error)
            raise _StopReading from None

    def _build_document(self) -> Node | None:
        """The first document; a second one is a problem, as is a file without any."""
        next(self.events)  # the stream's beginning
        if not isinstance(next(self.events), ev.DocumentStartEvent):
            self.problems.add(None, _EMPTY)
            return None
        node = self._build_node(next(self.events), 0)
        next(self.events)  # the document's end
        after = next(self.events)
        if isinstance(after, ev.DocumentStartEvent):
            self.problems.add(_event_position(after), _SECOND)
        return self._not_empty(node)

    def _not_empty(self, node: Node) -> Node | None:
        if isinstance(node, ScalarNode) and not node.text and not node.quoted:
            self.problems.add(None, _EMPTY)
            return None
        return node

    def _build_node(self, event: ev.Event, depth: int) -> Node:
        """The node that begins with an event. A refused one is read too, for problems within and after it."""
        position = _event_position(event)
        self._check_bounds(position, depth)
        refused = self._is_refused(event, position)
        # A refused node is read as well, for the problems in it and after it.
        node = self._build_by_kind(event, position, depth)
        return position if refused else node

    def _build_by_kind(self, event: ev.Event, position: InvalidNode, depth: int) -> Node:
        """A list, table or text; an alias, which has been refused, is only a place."""
        match event:
            case ev.SequenceStartEvent():
                return self._build_list(position, depth)
            case ev.MappingStartEvent():
                return self._build_map(position, depth)
            case ev.ScalarEvent():
                return ScalarNode(position.line, position.column, event.value, quoted=bool(event.style))
        return position

    def _check_bounds(self, position: InvalidNode, depth: int) -> None:
        """Count a node; stops where the file is nested too deep or has too many."""
        self.node_count += 1
        if depth > MAX_DEPTH:
            self.problems.add(position, _DEEP, most=MAX_DEPTH)
            raise _StopReading
        if self.node_count > MAX_NODES:
            self.problems.add(position, _MANY, most=MAX_NODES)
            raise _StopReading

    def _is_refused(self, event: ev.Event, position: InvalidNode) -> bool:
        """Whether an event has an anchor, alias or tag; each kind is reported once a file, at its first place."""
        if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._report_once(position, _ALIAS)
            return True
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._report_once(position, _TAG, tag=tag.replace("tag:yaml.org,2002:", "!!"))
        return tag is not None

    def _report_once(self, position: InvalidNode, template: str, **facts: object) -> None:
        if template not in self.reported_templates:
            self.reported_templates.add(template)
            self.problems.add(position, template, **facts)

    def _build_list(self, position: InvalidNode, depth: int) -> ListNode:
        parts = []
        while not isinstance(event := next(self.events), ev.SequenceEndEvent):
            parts.append(self._build_node(event, depth + 1))
        return ListNode(position.line, position.column, tuple(parts))

    def _build_map(self, position: InvalidNode, depth: int) -> MapNode:
        """A table without its refused keys; the value of a merge key is an `InvalidNode`."""
        keys: dict[str, ScalarNode] = {}
        values: dict[str, Node] = {}
        while not isinstance(event := next(self.events), ev.MappingEndEvent):
            key = self._build_node(event, depth + 1)
            value = self._build_node(next(self.events), depth + 1)
            if isinstance(key, ScalarNode) and self._is_key(key, keys):
                merged = key.text == "<<" and not key.quoted
                keys[key.text], values[key.text] = key, position if merged else value
            elif isinstance(key, ListNode | MapNode):
                self.problems.add(key, _KEY)
        return MapNode(position.line, position.column, keys, values)

    def _is_key(self, key: ScalarNode, keys: dict[str, ScalarNode]) -> bool:
        """Whether a key is entered in the table; adds a problem for one that is empty, repeated or a merge key."""
        if not key.text:
            self.problems.add(key, _KEY)
        elif key.text == "<<" and not key.quoted:
            self._report_once(InvalidNode(key.line, key.column), _ALIAS)
            return True
        elif key.text in keys:
            self.problems.add(key, _REPEATED, key=key.text, first=keys[key.text].line)
        else:
            return True
        return False

    def _report_syntax_error(self, error: yaml.YAMLError) -> None:
        """Add a problem for an error of PyYAML's, with a message of our own for the commonest mistakes."""
        why = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
        opened = _TEMPLATE_BY_ERROR.get(why) in (_QUOTE, _BRACKET)
        position = self._error_position(error, "context_mark" if opened else "problem_mark")
        character = self._character_at(position)
        if character == "\t" or " tab " in why:
            self.problems.add(position, _TAB)
        elif why == "found character that cannot start any token" and character:
            self.problems.add(position, _RESERVED, character=character)
        else:
            self.problems.add(position, _TEMPLATE_BY_ERROR.get(why, _SYNTAX), why=format_fact(why))

    def _error_position(self, error: yaml.YAMLError, name: str) -> InvalidNode:
        """Where an error stands; at the end of the text where something is missing there."""
        mark = getattr(error, name, None) or getattr(error, "problem_mark", None)
        if mark is None:
            return InvalidNode(1, 1)
        if mark.line >= len(self.lines):
            return InvalidNode(len(self.lines), len(self.lines[-1]) + 1)
        return InvalidNode(mark.line + 1, mark.column + 1)

    def _character_at(self, position: InvalidNode) -> str:
        line = self.lines[position.line - 1] if position.line <= len(self.lines) else ""
        return line[position.column - 1 : position.column]


def _event_position(event: ev.Event) -> InvalidNode:
    mark: Any = event.start_mark
    return InvalidNode(mark.line + 1, mark.column + 1)
