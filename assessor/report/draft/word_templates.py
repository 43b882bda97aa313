"""Templates of Word files, hostile until checked: what they may be, and what they may say.

A template may come from anywhere, and a Word file is a zip of XML. So it is measured before it is unpacked, and may
have no macros, no entities, and nothing that is fetched from elsewhere. What it may say is a small part of Jinja2,
checked as a syntax tree and then run in Jinja2's sandbox: fields of a draft, `if`, `for` to a small depth, a few
filters and tests. The sandbox alone is not enough: it lets loops nest as deep as a template likes.

Zip limits are checked by hand because `zipfile` has none: it unpacks whatever a file's header promises.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from io import BytesIO
from traceback import walk_tb
from types import TracebackType
from typing import Final

from jinja2 import StrictUndefined, TemplateError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assessor.errors import N_, AssessorError
from assessor.report.draft.clauses import Draft
from assessor.safe_text import escape_controls

#: Most bytes of a template as it comes; `_MAX_UNPACKED` and `_MAX_TEXT` limit all parts together and one part of XML.
MAX_PACKED: Final = 5_000_000
_MAX_UNPACKED: Final = 20_000_000
_MAX_TEXT: Final = 1_000_000
_MAX_FIELDS: Final = 1_000
_MAX_PARTS: Final = 500

#: The most loops within each other.
_MAX_LOOP_DEPTH: Final = 3

_ALLOWED_FILTERS: Final = (
    "capitalize",
    "default",
    "first",
    "join",
    "last",
    "length",
    "lower",
    "title",
    "trim",
    "upper",
)
_ALLOWED_TESTS: Final = ("defined", "equalto", "undefined")
TEMPLATE_FIELDS: Final = tuple(field.name for field in fields(Draft) if field.name not in ("made", "program"))

_MAIN_CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION: Final = re.compile(rb"<[^>]*External[^>]*>")
_RELATION_TYPE: Final = re.compile(rb"Type\s*=\s*[\"'][^\"']*/(\w+)[\"']")
_HARMLESS_RELATIONS: Final = {b"hyperlink", b"attachedTemplate"}


_ALLOWED_NODES: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem),
    *(nodes.If, nodes.For, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
    *(nodes.Filter, nodes.Test),
)


class NotAWordFile(AssessorError):
    """The file is no Word document, or is too damaged to be read as one."""

    template = N_("{file} is not a Word document that can be read; save it as .docx from a word processor")


class TemplateHasMacros(AssessorError):
    """The template has macros in it."""

    template = N_("{file} contains macros, which a template may not; save it as .docx without macros")


class TemplateFetches(AssessorError):
    """The template would load something from elsewhere when it is opened."""

    template = N_(
        "{file} fetches something from elsewhere ({kind}), which a template may not do; put it into the document"
    )


class TemplateTooLarge(AssessorError):
    """The template unpacks to more than is read."""

    template = N_("{file} is too large for a template ({size} bytes unpacked, at most {most}); take pictures out of it")


class TemplateMistake(AssessorError):
    """The template's marks are not well-formed."""

    template = N_("{file} cannot be filled in, at “{where}”: {why}; correct it there, or start from our own template")


class NoSuchTemplateField(AssessorError):
    """The template asks for a field that drafts do not have."""

    template = N_("{file} asks for {field!r}, at “{where}”; a draft has: {known}")


class NotAllowedInTemplates(AssessorError):
    """The template uses a part of Jinja2 that is not allowed."""

    template = N_(
        "{file} uses {what!r}, at “{where}”, which a template may not; it may use fields, if, for (at most {deepest} "
        "within each other), and: {filters}"
    )


class ClauseAsText(AssessorError):
    """A clause, which brings its own runs, stands where only plain text fits."""

    template = N_(
        "{file} puts a whole clause where only text fits; write it with an r and a space after "
        "the braces, as in our own template, or ask for its text"
    )


def check_template(data: bytes, file: str) -> None:
    """Raises for anything but a plain Word document of moderate size; nothing is unpacked before it is measured."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            _check_size(packed, file)
            _check_contents(packed, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, OSError, ValueError) as error:
        raise NotAWordFile(file=file) from error


def _check_size(packed: zipfile.ZipFile, file: str) -> None:
    """Raises where the sizes that the zip's directory promises are over a limit."""
    parts = packed.infolist()
    size = sum(part.file_size for part in parts)
    texts = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if size > _MAX_UNPACKED or texts > _MAX_TEXT or len(parts) > _MAX_PARTS:
        raise TemplateTooLarge(file=file, size=size, most=_MAX_UNPACKED)


def _check_contents(packed: zipfile.ZipFile, file: str) -> None:
    """Raises for macros, entities, relations to elsewhere, too many braces, and names that occur twice."""
    names = packed.namelist()
    types = packed.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise TemplateHasMacros(file=file)
    if _MAIN_CONTENT_TYPE.encode() not in types or len(set(names)) < len(names):
        raise NotAWordFile(file=file)
    for name in names:
        if name.endswith((".xml", ".rels")):
            text = packed.read(name).replace(b"\0", b"")  # also where it is written in two bytes a letter
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise NotAWordFile(file=file)
            if len(text.split(b"{")) > _MAX_FIELDS:
                raise TemplateTooLarge(file=file, size=len(text), most=_MAX_TEXT)
            for relation in _RELATION.findall(text) if name.endswith(".rels") else ():
                relation_type = _RELATION_TYPE.search(relation)
                if not relation_type or relation_type[1] not in _HARMLESS_RELATIONS:
                    raise TemplateFetches(
                        file=file,
                        kind=escape_controls(relation_type[1].decode("ascii", "replace") if relation_type else "?"),
                    )


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox that reads only the small part of Jinja2 that templates may use.

    Refuses by what a syntax tree may hold, not by what it must not, so a new version of Jinja2 adds nothing.
    """

    def __init__(self, file: str) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        #: The template's name, for messages.
        self.file = file
        #: What was read last, in which a mistake is.
        self.source = ""
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _ALLOWED_FILTERS}
        self.tests = {name: self.tests[name] for name in _ALLOWED_TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The syntax tree of a part, after every node and name in it has been allowed."""
        self.source = source
        tree = super()._parse(source, name, filename)
        for node, depth in _walk_nodes(tree, 0):
            if not isinstance(node, _ALLOWED_NODES) or depth > _MAX_LOOP_DEPTH or _is_forbidden(node):
                raise self._refusal(node)
        self._check_names(tree)
        return tree

    def _refusal(self, node: nodes.Node) -> AssessorError:
        """The error for a node that is not allowed, at the words around it."""
        what = getattr(node, "attr", None) or getattr(node, "name", None) or type(node).__name__.lower()
        return NotAllowedInTemplates(
            file=self.file,
            what=escape_controls(str(what)),
            where=_line_words(self.source, node.lineno),
            deepest=_MAX_LOOP_DEPTH,
            filters=", ".join(_ALLOWED_FILTERS),
        )

    def _check_names(self, tree: nodes.Template) -> None:
        """Raises for a name that is neither a field of drafts nor set by the template's own loops."""
        names = list(tree.find_all(nodes.Name))
        known_names = {*TEMPLATE_FIELDS, "loop", *(name.name for name in names if name.ctx == "store")}
        for name in names:
            if name.name not in known_names:
                where = _line_words(self.source, name.lineno)
                raise NoSuchTemplateField(
                    file=self.file, field=escape_controls(name.name), where=where, known=", ".join(TEMPLATE_FIELDS)
                )

    def template_error(self, error: TemplateError) -> AssessorError:
        """Jinja2's error as one of ours, with the template's words where it happened."""
        where = _line_words(self.source, getattr(error, "lineno", None) or _template_line_number(error.__traceback__))
        why = escape_controls(str(error.message or error)).rstrip(".")
        if isinstance(error, UndefinedError):
            field = re.search(r"attribute '([^']*)'", why)
            return NoSuchTemplateField(
                file=self.file, field=field[1] if field else why, where=where, known=", ".join(TEMPLATE_FIELDS)
            )
        return TemplateMistake(file=self.file, where=where, why=why)


def _walk_nodes(node: nodes.Node, depth: int) -> Iterator[tuple[nodes.Node, int]]:
    """Every node below and including this one, with the number of loops around it."""
    yield node, depth
    for child in node.iter_child_nodes():
        yield from _walk_nodes(child, depth + isinstance(child, nodes.For))


def _is_forbidden(node: nodes.Node) -> bool:
    """Whether an allowed kind of node is used to reach Python's internals, to index by name, or to recurse."""
    match node:
        case nodes.Getattr():
            return node.attr.startswith("_")
        case nodes.Getitem():
            return not (isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int))
        case nodes.For():
            return node.recursive
    return False


def _template_line_number(traceback: TracebackType | None) -> int | None:
    """The line of the template in which an error was raised; None where it was raised before any ran."""
    line_numbers = [line for frame, line in walk_tb(traceback) if frame.f_code.co_filename == "<template>"]
    return line_numbers[-1] if line_numbers else None


def _line_words(source: str, number: int | None) -> str:
    """A template's line without its XML, shortened to 80 characters, for messages."""
    lines = source.splitlines()
    text = lines[number - 1] if number and number <= len(lines) else ""
    words = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return escape_controls(words if len(words) <= 80 else words[:79] + "…")
