"""Drafts as Word files from a template that people edit; the only home of docxtpl and what it brings.

A template is hostile until read: it may come from anywhere. What it may say is a small part of Jinja2, checked before
it runs and run in a sandbox: fields, `if`, `for` to a small depth, and a few filters. Whatever comes from people is
escaped. The same draft and template always give the same bytes.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from assessor.errors import N_, AssessorError
from assessor.report.drafts import Blank, Clause, Draft
from assessor.resources import report_templates
from assessor.shown import safe

#: Bytes of a template, packed and unpacked, and its parts.
MOST_PACKED: Final = 5_000_000
_MOST_UNPACKED: Final = 20_000_000
_MOST_TEXT: Final = 1_000_000
_MOST_FIELDS: Final = 1_000
_MOST_PARTS: Final = 500

#: Loops within loops.
_DEEPEST: Final = 3

_FILTERS: Final = ("capitalize", "default", "first", "join", "last", "length", "lower", "title", "trim", "upper")
_TESTS: Final = ("defined", "equalto", "undefined")
_KNOWN: Final = tuple(field.name for field in fields(Draft) if field.name not in ("made", "program"))

_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATION: Final = re.compile(rb"<[^>]*External[^>]*>")
_RELATION_TYPE: Final = re.compile(rb"Type\s*=\s*[\"'][^\"']*/(\w+)[\"']")
_HARMLESS: Final = {b"hyperlink", b"attachedTemplate"}

#: What a word processor calls a language.
_REGIONS: Final = {"sv": "sv-SE", "en": "en-GB", "fi": "fi-FI", "da": "da-DK", "nb": "nb-NO"}


class NotAWordFile(AssessorError):
    """Something else than a Word document, or one that no word processor wrote."""

    template = N_("{file} is not a Word document that can be read; save it as .docx from a word processor")


class WithMacros(AssessorError):
    """A template with a program in it."""

    template = N_("{file} has macros in it, and a template may not; save it as .docx without macros")


class FromOutside(AssessorError):
    """A template that fetches something."""

    template = N_("{file} fetches something from elsewhere ({kind}), and a template may not; put it into the document")


class TemplateTooLarge(AssessorError):
    """A template that unpacks to more than is read."""

    template = N_("{file} is too large for a template ({size} bytes unpacked, at most {most}); take pictures out of it")


class TemplateMistake(AssessorError):
    """A template whose fields cannot be understood."""

    template = N_("{file} cannot be filled in, at “{where}”: {why}; mend it there, or begin from our own template")


class NoSuchField(AssessorError):
    """A template that asks for something a draft does not have."""

    template = N_("{file} asks for {field!r}, at “{where}”; a draft has: {known}")


class NotInTemplates(AssessorError):
    """A template that wants to do more than fill in."""

    template = N_(
        "{file} uses {what!r}, at “{where}”, which a template may not; it may use fields, if, for (at most {deepest} "
        "within each other), and: {filters}"
    )


class ClauseAsText(AssessorError):
    """A clause written where only plain text fits."""

    template = N_(
        "{file} puts a whole clause where only text fits; write it with an r and a blank after the braces, as in our "
        "own template, or ask for its text"
    )


@dataclass(frozen=True, slots=True)
class _Runs:
    """A clause as Word has it: plain runs, and for each blank a marked field that one can type into."""

    clause: Clause

    def __html__(self) -> str:
        return "".join(map(_run, self.clause.parts))

    @property
    def text(self) -> str:
        return self.clause.text


def _run(part: str | Blank) -> str:
    if isinstance(part, str):
        return f'<w:r><w:t xml:space="preserve">{_shown(part)}</w:t></w:r>'
    marked = '<w:rPr><w:highlight w:val="yellow"/><w:u w:val="single"/></w:rPr>'
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val={quoteattr(_plain(part.what)[:60])}/><w:tag w:val="blank"/>'
        f'<w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent><w:r>{marked}<w:t xml:space="preserve">'
        f"[{_shown(part.told)}]</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _shown(text: str) -> str:
    return escape(_plain(text))


def _plain(text: str) -> str:
    """The text without what docxtpl would read as its own marks: braces that it would join, and turns of the line."""
    joined = text.replace("{_", "{\u2060_").replace("_}", "_\u2060}").replace("%_", "%\u2060_")
    return re.sub(r"[\s\a\f]+", " ", joined)


@dataclass(frozen=True, slots=True)
class _Chapter:
    heading: str
    clauses: tuple[_Runs, ...]


@dataclass(frozen=True, slots=True)
class _Signature:
    name: str
    lines: tuple[_Runs, ...]


def own_template(kind: str) -> bytes:
    """The template that comes with the program."""
    return (report_templates() / "draft" / f"{kind}.docx").read_bytes()


def draft_docx(draft: Draft, template: bytes | None = None, name: str = "") -> bytes:
    """The draft as a Word file; `name` is the template's, for messages. Raises what is wrong with the template."""
    shown = safe(name or f"{draft.kind}.docx")
    data = own_template(draft.kind) if template is None else template
    _examined(data, shown)
    return _packed(_filled(data, shown, draft), draft)


def _examined(data: bytes, file: str) -> None:
    """Raises for anything but a plain Word document of a fair size; nothing is unpacked before it is measured."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            _measured(packed, file)
            _plain_document(packed, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, OSError, ValueError) as error:
        raise NotAWordFile(file=file) from error


def _measured(packed: zipfile.ZipFile, file: str) -> None:
    parts = packed.infolist()
    size = sum(part.file_size for part in parts)
    texts = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if size > _MOST_UNPACKED or texts > _MOST_TEXT or len(parts) > _MOST_PARTS:
        raise TemplateTooLarge(file=file, size=size, most=_MOST_UNPACKED)


def _plain_document(packed: zipfile.ZipFile, file: str) -> None:
    names = packed.namelist()
    types = packed.read("[Content_Types].xml")
    if b"macroEnabled" in types or any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise WithMacros(file=file)
    if _MAIN.encode() not in types or len(set(names)) < len(names):
        raise NotAWordFile(file=file)
    for name in names:
        if name.endswith((".xml", ".rels")):
            text = packed.read(name).replace(b"\0", b"")  # also where it is written in two bytes a letter
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise NotAWordFile(file=file)
            if text.count(b"{") > _MOST_FIELDS:
                raise TemplateTooLarge(file=file, size=len(text), most=_MOST_TEXT)
            for relation in _RELATION.findall(text) if name.endswith(".rels") else ():
                found = _RELATION_TYPE.search(relation)
                if not found or found[1] not in _HARMLESS:
                    raise FromOutside(file=file, kind=safe(found[1].decode("ascii", "replace") if found else "?"))


def _filled(data: bytes, file: str, draft: Draft) -> Any:
    """The document with the draft in it."""
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]
    from jinja2 import TemplateError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    class Template(DocxTemplate):  # type: ignore[misc]
        """A template whose result must be what Word can read."""

        def build_xml(self, context: Mapping[str, Any], jinja_env: Any = None) -> str:
            xml: str = super().build_xml(context, jinja_env)
            _readable(xml, file)
            return xml

    environment = _environment(file)
    try:
        template = Template(BytesIO(data))
        template.render(_context(draft), environment, autoescape=True)
    except TemplateError as error:
        raise _mistake(error, environment, file) from error
    except (LxmlError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise NotAWordFile(file=file) from error
    return template.docx


def _context(draft: Draft) -> dict[str, Any]:
    return {
        **{name: getattr(draft, name) for name in _KNOWN},
        "library": _plain(draft.library),
        "party": _plain(draft.party),
        "undertaking": _plain(draft.undertaking),
        "note": _plain(draft.note),
        "opening": tuple(map(_Runs, draft.opening)),
        "closing": tuple(map(_Runs, draft.closing)),
        "sections": tuple(_Chapter(one.heading, tuple(map(_Runs, one.clauses))) for one in draft.sections),
        "signatures": tuple(_Signature(_plain(one.name), tuple(map(_Runs, one.lines))) for one in draft.signatures),
    }


def _readable(xml: str, file: str) -> None:
    """Raises where tags were filled in so that Word could not read the document."""
    from lxml import etree  # type: ignore[import-untyped]

    try:
        body = etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise NotAWordFile(file=file) from error
    if body.find(".//{*}t/*") is not None:
        raise ClauseAsText(file=file)


def _environment(file: str) -> Any:
    environment = _class()(file)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


@cache
def _class() -> Any:
    from jinja2 import StrictUndefined, nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    allowed = (
        *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.If),
        *(nodes.For, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Filter),
        *(nodes.Test, nodes.Getitem),
    )

    class Environment(ImmutableSandboxedEnvironment):
        """Reads the small part of Jinja2 that templates may use."""

        def __init__(self, file: str) -> None:
            super().__init__(autoescape=True, undefined=StrictUndefined)
            self.file = file
            self.source = ""

        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            self.source = source
            tree = super()._parse(source, name, filename)
            for node, depth in _walked(tree, 0):
                if not isinstance(node, allowed) or depth > _DEEPEST or _hidden(node):
                    self._refuse(node)
            self._known(tree)
            return tree

        def _refuse(self, node: nodes.Node) -> None:
            what = getattr(node, "attr", None) or getattr(node, "name", None) or type(node).__name__.lower()
            raise NotInTemplates(
                file=self.file,
                what=safe(str(what)),
                where=_line(self.source, node.lineno),
                deepest=_DEEPEST,
                filters=", ".join(_FILTERS),
            )

        def _known(self, tree: nodes.Template) -> None:
            names = list(tree.find_all(nodes.Name))
            given = {*_KNOWN, "loop", *(one.name for one in names if one.ctx == "store")}
            for one in names:
                if one.name not in given:
                    where = _line(self.source, one.lineno)
                    raise NoSuchField(file=self.file, field=safe(one.name), where=where, known=", ".join(_KNOWN))

    def _walked(node: nodes.Node, depth: int) -> Iterator[tuple[nodes.Node, int]]:
        yield node, depth
        for child in node.iter_child_nodes():
            yield from _walked(child, depth + isinstance(child, nodes.For))

    def _hidden(node: nodes.Node) -> bool:
        """Whether it asks for what Python keeps for itself, or repeats itself within itself."""
        if isinstance(node, nodes.Getattr):
            return node.attr.startswith("_")
        if isinstance(node, nodes.Getitem):
            return not (isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int))
        if isinstance(node, nodes.For):
            return node.recursive
        return False

    return Environment


def _mistake(error: Any, environment: Any, file: str) -> AssessorError:
    """What Jinja2 says, at the words of the template where it happened."""
    from jinja2 import UndefinedError

    number = getattr(error, "lineno", None) or _number(error.__traceback__)
    where = _line(environment.source, number)
    why = safe(str(getattr(error, "message", None) or error)).rstrip(".")
    if isinstance(error, UndefinedError):
        field = re.search(r"attribute '([^']*)'", why)
        return NoSuchField(file=file, field=field[1] if field else why, where=where, known=", ".join(_KNOWN))
    return TemplateMistake(file=file, where=where, why=why)


def _number(traceback: TracebackType | None) -> int | None:
    found = [line for frame, line in walk_tb(traceback) if frame.f_code.co_filename == "<template>"]
    return found[-1] if found else None


def _line(source: str, number: int | None) -> str:
    """The words of a paragraph of the template."""
    lines = source.splitlines()
    text = lines[number - 1] if number and number <= len(lines) else ""
    words = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return safe(words if len(words) <= 80 else words[:79] + "…")


def _packed(document: Any, draft: Draft) -> bytes:
    """The document with its language, title and date, packed so that the same gives the same bytes."""
    made = datetime.combine(draft.made, time(12), UTC).replace(tzinfo=None)
    language = _REGIONS.get(draft.language, draft.language)
    _speak(document, language)
    told = document.core_properties
    told.title, told.author, told.language = f"{draft.title}: {draft.party}"[:250], draft.library[:250], language
    told.subject, told.comments, told.keywords, told.category = "", "", "", ""
    told.last_modified_by, told.revision = f"assessor {draft.program}", 1
    told.created = told.modified = told.last_printed = made
    raw, out = BytesIO(), BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(part))
    return out.getvalue()


def _speak(document: Any, language: str) -> None:
    """Sets the language that spelling checkers and screen readers go by."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    styles = document.styles.element
    for found in styles.iter(qn("w:lang")):
        found.set(qn("w:val"), language)
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        found = OxmlElement("w:lang")
        found.set(qn("w:val"), language)
        defaults.append(found)
