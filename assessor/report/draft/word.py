"""Drafts as Word files from a template that people edit; the only home of docxtpl and what it brings.

A draft becomes Word's XML in three steps: `word_templates` checks the template, docxtpl fills it in within that
module's sandbox, and the result is checked again and packed anew. Everything that people have written is escaped,
also against docxtpl's own marks. The same draft and template always give the same bytes.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2 import TemplateError
from lxml import etree  # type: ignore[import-untyped]

from assessor.report.draft.clauses import Blank, Clause, Draft
from assessor.report.draft.word_templates import (
    TEMPLATE_FIELDS,
    ClauseAsText,
    NotAWordFile,
    TemplateEnvironment,
    check_template,
)
from assessor.resources import templates_folder
from assessor.safe_text import escape_controls

#: Language tags with the country that a word processor wants.
_LANGUAGE_REGIONS: Final = {"sv": "sv-SE", "en": "en-GB", "fi": "fi-FI", "da": "da-DK", "nb": "nb-NO"}

#: What docxtpl, python-docx and lxml may raise over a damaged file.
_TEMPLATE_ERRORS: Final = (etree.LxmlError, KeyError, ValueError, TypeError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class _WordRuns:
    """A clause in Word's XML: plain runs, and for each blank a highlighted field that one can type into.

    docxtpl inserts what has `__html__` as it is; a template that wants plain text asks for `text`, one that draws the
    line to write on itself for `what`.
    """

    clause: Clause

    def __html__(self) -> str:
        return "".join(map(_run_xml, self.clause.parts))

    @property
    def text(self) -> str:
        return self.clause.text

    @property
    def what(self) -> str:
        """What the first blank asks for; empty where there is none."""
        asked = next((part.what for part in self.clause.parts if isinstance(part, Blank)), "")
        return _without_template_marks(asked)


def _run_xml(part: str | Blank) -> str:
    """A part of a clause as a run, or as a content control where it is a blank."""
    if isinstance(part, str):
        return f'<w:r><w:t xml:space="preserve">{_escaped_text(part)}</w:t></w:r>'
    marked = '<w:rPr><w:highlight w:val="yellow"/><w:u w:val="single"/></w:rPr>'
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val={quoteattr(_without_template_marks(part.what)[:60])}/><w:tag w:val="blank"/>'
        f'<w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent><w:r>{marked}<w:t xml:space="preserve">'
        f"[{_escaped_text(part.text)}]</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _escaped_text(text: str) -> str:
    return escape(_without_template_marks(text))


def _without_template_marks(text: str) -> str:
    """The text without what docxtpl reads as marks: braces get a word joiner, line breaks become blanks."""
    joined = text.replace("{_", "{\u2060_").replace("_}", "_\u2060}").replace("%_", "%\u2060_")
    return re.sub(r"[\s\a\f]+", " ", joined)


@dataclass(frozen=True, slots=True)
class _WordChapter:
    heading: str
    clauses: tuple[_WordRuns, ...]


@dataclass(frozen=True, slots=True)
class _WordSignature:
    name: str
    lines: tuple[_WordRuns, ...]


def bundled_template() -> bytes:
    """The template for drafts of every kind that comes with the program."""
    return (templates_folder() / "draft" / "draft.docx").read_bytes()


def draft_docx(draft: Draft, template: bytes | None = None, name: str = "") -> bytes:
    """The draft as a Word file, filled into `template` or the bundled one; `name` is the template's, for messages.

    Raises the errors of `word_templates`, which say what is wrong with a template and where.
    """
    shown = escape_controls(name or "draft.docx")
    data = bundled_template() if template is None else template
    check_template(data, shown)
    return _pack_docx(_fill_template(data, shown, draft), draft)


class _CheckedTemplate(DocxTemplate):  # type: ignore[misc]
    """A template whose result must be what Word can read."""

    def build_xml(self, context: Mapping[str, Any], jinja_env: TemplateEnvironment) -> str:
        xml: str = super().build_xml(context, jinja_env)
        _check_readable(xml, jinja_env.file)
        return xml


def _fill_template(data: bytes, file: str, draft: Draft) -> Any:
    """The document with the draft in it. Turns whatever goes wrong into an error that names the template's file."""
    environment = TemplateEnvironment(file)
    try:
        template = _CheckedTemplate(BytesIO(data))
        template.render(_template_context(draft), environment, autoescape=True)
    except TemplateError as error:
        raise environment.template_error(error) from error
    except _TEMPLATE_ERRORS as error:
        raise NotAWordFile(file=file) from error
    return template.docx


def _template_context(draft: Draft) -> dict[str, Any]:
    """The values of a template's fields; `TEMPLATE_FIELDS` names them all."""
    return {
        **{name: getattr(draft, name) for name in TEMPLATE_FIELDS},
        "library": _without_template_marks(draft.library),
        "party": _without_template_marks(draft.party),
        "undertaking": _without_template_marks(draft.undertaking),
        "note": _without_template_marks(draft.note),
        "opening": tuple(map(_WordRuns, draft.opening)),
        "closing": tuple(map(_WordRuns, draft.closing)),
        "sections": tuple(
            _WordChapter(entry.heading, tuple(map(_WordRuns, entry.clauses))) for entry in draft.sections
        ),
        "signatures": tuple(
            _WordSignature(_without_template_marks(entry.name), tuple(map(_WordRuns, entry.lines)))
            for entry in draft.signatures
        ),
    }


def _check_readable(xml: str, file: str) -> None:
    """Raises where the filled-in XML is broken, or where a clause's tags stand in a text, which Word cannot open."""
    try:
        body = etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise NotAWordFile(file=file) from error
    if body.find(".//{*}t/*") is not None:
        raise ClauseAsText(file=file)


def _pack_docx(document: Any, draft: Draft) -> bytes:
    """The document's bytes with its language, title and date set; parts are packed anew with a fixed date."""
    made = datetime.combine(draft.made, time(12), UTC).replace(tzinfo=None)
    language = _LANGUAGE_REGIONS.get(draft.language, draft.language)
    _set_language(document, language)
    properties = document.core_properties
    properties.title, properties.author, properties.language = (
        f"{draft.title}: {draft.party}"[:250],
        draft.library[:250],
        language,
    )
    properties.subject, properties.comments, properties.keywords, properties.category = "", "", "", ""
    properties.last_modified_by, properties.revision = f"assessor {draft.program}", 1
    properties.created = properties.modified = properties.last_printed = made
    raw, out = BytesIO(), BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as unpacked, zipfile.ZipFile(out, "w") as packed:
        for part in unpacked.infolist():
            info = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, unpacked.read(part))
    return out.getvalue()


def _set_language(document: Any, language: str) -> None:
    """Sets the language of all styles, and of the defaults, for spelling checkers and screen readers."""
    styles = document.styles.element
    for element in styles.iter(qn("w:lang")):
        element.set(qn("w:val"), language)
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        element = OxmlElement("w:lang")
        element.set(qn("w:val"), language)
        defaults.append(element)
