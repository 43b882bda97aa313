"""Drafts as Word files: valid, escaped, the same bytes each time; templates of people's own, and hostile ones."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from document_values import LANGUAGES, MADE, OPEN, SERVICE, STRATEGIC, UNKNOWN, a_row, a_speech
from docx.oxml.ns import qn

from assessor.errors import AssessorError
from assessor.report.draft.clauses import Blank, Draft, draft_of
from assessor.report.draft.word import bundled_template, draft_docx
from assessor.report.draft.word_templates import (
    ClauseAsText,
    NoSuchTemplateField,
    NotAllowedInTemplates,
    NotAWordFile,
    TemplateFetches,
    TemplateHasMacros,
    TemplateMistake,
    TemplateTooLarge,
)


def drafted(language: str = "en", **row) -> Draft:
    responses = row.pop("responses", SERVICE)
    kind = row.pop("kind", None)
    return draft_of(a_row(responses, **row), a_speech(language), MADE, "0.1.0", kind)


def opened(data: bytes):
    return docx.Document(io.BytesIO(data))


def texts(data: bytes) -> list[str]:
    """The paragraphs' texts, with what stands in fields."""
    body = opened(data).element.body
    return ["".join(node.text or "" for node in one.iter(qn("w:t"))) for one in body.iter(qn("w:p"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_file_says_what_the_draft_says_with_real_headings_and_its_language(language: str) -> None:
    draft = drafted(language, responses=STRATEGIC, gains=("ideas",))
    data = draft_docx(draft)
    paragraphs = opened(data).paragraphs

    headings = [one.text for one in paragraphs if one.style.name == "Heading 1"]
    assert headings == [
        *(f"{at} {section.heading}" for at, section in enumerate(draft.sections, start=1)),
        draft.signing,
    ]
    assert paragraphs[0].style.name == "Title"
    assert paragraphs[0].text == draft.title
    clauses = [clause.text for section in draft.sections for clause in section.clauses]
    assert [clause for clause in clauses if clause not in texts(data)] == []
    regions = {"sv": "sv-SE", "fi": "fi-FI", "da": "da-DK", "nb": "nb-NO", "en": "en-GB"}
    spoken = {one.get(qn("w:val")) for one in opened(data).styles.element.iter(qn("w:lang"))}
    assert spoken == {regions[language]}
    assert opened(data).core_properties.language == regions[language]


def test_every_blank_is_a_marked_field() -> None:
    draft = drafted(responses=UNKNOWN, kind="intent")
    fields = [
        one
        for one in opened(draft_docx(draft)).element.body.iter(qn("w:sdt"))
        if one.find(f".//{qn('w:tag')}") is not None
    ]

    inner = [clause for section in draft.sections for clause in section.clauses]
    parts = [part for clause in (*draft.opening, *inner, *draft.closing) for part in clause.parts]
    assert ["".join(node.text for node in one.iter(qn("w:t"))) for one in fields] == [
        f"[{part.text}]" for part in parts if isinstance(part, Blank)
    ]
    assert all(one.find(f".//{qn('w:highlight')}").get(qn("w:val")) == "yellow" for one in fields)
    assert all(one.find(f".//{qn('w:u')}").get(qn("w:val")) == "single" for one in fields)
    assert all(len(one.find(f".//{qn('w:alias')}").get(qn("w:val"))) <= 64 for one in fields)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sign_side_by_side_and_never_on_a_page_of_their_own(language: str) -> None:
    draft = drafted(language)
    document = opened(draft_docx(draft))
    (row,) = document.tables[0].rows
    named = [signature.name for signature in draft.signatures]

    assert [cell.paragraphs[0].text for cell in row.cells] == named
    assert [[line.text for line in cell.paragraphs[1:]] for cell in row.cells] == [
        [line.parts[1].what for line in signature.lines] for signature in draft.signatures
    ]
    styles = {paragraph.style.name for cell in row.cells for paragraph in cell.paragraphs[1:]}
    assert styles == {"Signature line"}
    last = [clause.text for clause in (*draft.sections[-1].clauses, *draft.closing)]
    kept = document.element.body.findall(f".//{qn('w:keepNext')}/../..")
    assert ["".join(node.text or "" for node in one.iter(qn("w:t"))) for one in kept] == last


def test_our_template_brings_nothing_but_what_it_needs() -> None:
    with zipfile.ZipFile(io.BytesIO(bundled_template())) as packed:
        assert sum(part.file_size for part in packed.infolist()) < 30_000
        assert b"<Application>assessor<" in packed.read("docProps/app.xml")


@pytest.mark.full
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["agreement", "renewal"])
def test_libreoffice_opens_and_saves_texts_tables_fields_and_styles_as_they_are(
    kind: str, language: str, tmp_path: Path
) -> None:
    data = draft_docx(drafted(language, responses=STRATEGIC, kind=kind, gains=("ideas",)))
    (tmp_path / "draft.docx").write_bytes(data)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        "saved",
        "draft.docx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)

    assert inventory((tmp_path / "saved" / "draft.docx").read_bytes()) == inventory(data)


def inventory(data: bytes) -> dict[str, object]:
    """What a person sees of a Word file: texts with their styles, tables, fields, and the foot of the page."""
    document = opened(data)
    paragraphs = [one for one in document.element.body.iter(qn("w:p")) if one.find(f".//{qn('w:t')}") is not None]
    names = {style.style_id: style.name for style in document.styles}
    style = {id(one): one.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") for one in paragraphs}
    return {
        "texts": [
            (names[style[id(one)].get(qn("w:val"))], "".join(node.text or "" for node in one.iter(qn("w:t"))))
            for one in paragraphs
        ],
        "tables": [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables],
        "fields": [
            (
                one.find(f".//{qn('w:alias')}").get(qn("w:val")),
                "".join(node.text for node in one.iter(qn("w:t"))),
            )
            for one in document.element.body.iter(qn("w:sdt"))
        ],
        "foot": [one.text.partition("\t")[0] for one in document.sections[0].footer.paragraphs],
    }


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert draft_docx(drafted()) == draft_docx(drafted())


def test_nothing_is_left_of_the_template() -> None:
    data = draft_docx(drafted(responses=OPEN))

    assert [text for text in texts(data) if "{" in text or "}" in text or "#" in text] == []
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None


@pytest.mark.parametrize(
    "name",
    [
        "<b>Skolan</b> & Co",
        "]]></w:t></w:r><w:r><w:instrText>INCLUDEPICTURE http://127.0.0.1:9/</w:instrText></w:r>",
        "{{ 7*7 }} {% for x in library %}",
        "\"'><!ENTITY x>",
        "{{r sections }}",
        "Kafé \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} \N{RIGHT-TO-LEFT OVERRIDE}abc",
    ],
)
def test_hostile_names_are_shown_letter_by_letter(name: str) -> None:
    data = draft_docx(drafted(party=name, undertaking=name, library=name))

    assert f"For {name}: [To fill in: name and role]" in texts(data)
    assert f"It is about: {name}" in texts(data)
    assert f"{name} · {name}" in texts(data)
    tags = {one.tag for one in opened(data).element.body.iter()}
    assert qn("w:instrText") not in tags


def test_characters_that_no_file_holds_are_left_out() -> None:
    data = draft_docx(drafted(party="Sko\x00l\ufffean\x0b", undertaking="a\x07b\nc"))

    assert "For Skolan: [To fill in: name and role]" in texts(data)
    assert "It is about: ab c" in texts(data)


def a_template(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_template_of_ones_own_is_filled_in() -> None:
    mine = a_template(
        "{#p a note to myself #}",
        "{{ title | upper }} – {{ party }}",
        "{%p for section in sections if section.clauses %}",
        "{{ loop.index }}. {{ section.heading }}: {{ section.clauses | length }}, {{ section.clauses[0].text }}",
        "{%p endfor %}",
        "{% if kind == 'intent' %}yes{% else %}no{% endif %}",
    )

    told = texts(draft_docx(drafted(), mine, "mine.docx"))
    assert told[0] == "LETTER OF INTENT – Byalaget"
    assert told[1] == "1. Who we are: 4, Exempelbiblioteket: [To fill in: address and contact person]"
    assert told[-1] == "yes"


def test_our_own_template_can_be_edited_and_given_back() -> None:
    document = opened(bundled_template())
    document.add_paragraph("Vasa, {{ party }}")
    out = io.BytesIO()
    document.save(out)

    assert texts(draft_docx(drafted(), out.getvalue(), "mine.docx"))[-1] == "Vasa, Byalaget"


def packed(**parts: bytes) -> bytes:
    """A Word document with more or other parts; two underscores in a name stand for a slash, one for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_template("{{ title }}"))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def types() -> bytes:
    with zipfile.ZipFile(io.BytesIO(a_template("x"))) as old:
        return old.read("[Content_Types].xml")


RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    b'Target="http://127.0.0.1:9/x.png" TargetMode="External"/></Relationships>'
)

HOSTILE: dict[str, tuple[Callable[[], bytes], type[AssessorError], str]] = {
    "no zip": (lambda: b"Dear Sir", NotAWordFile, "is not a Word document"),
    "empty": (lambda: b"", NotAWordFile, "is not a Word document"),
    "cut off": (lambda: a_template("x")[:9000], NotAWordFile, "is not a Word document"),
    "a zip of something else": (lambda: packed(**{"[Content_Types].xml": b"<x/>"}), NotAWordFile, "not a Word"),
    "macros by type": (
        lambda: packed(**{"[Content_Types].xml": types().replace(b"wordprocessingml.document.main", b"macroEnabled")}),
        TemplateHasMacros,
        "contains macros",
    ),
    "macros by part": (lambda: packed(**{"word/vbaProject.bin": b"x"}), TemplateHasMacros, "contains macros"),
    "a bomb": (lambda: packed(**{"word/media/x.bin": b"\0" * 30_000_000}), TemplateTooLarge, "is too large"),
    "many parts": (
        lambda: packed(**{f"word/media/{at}": b"" for at in range(600)}),
        TemplateTooLarge,
        "is too large",
    ),
    "an entity": (
        lambda: packed(**{"word/document.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'}),
        NotAWordFile,
        "not a Word",
    ),
    "a picture from elsewhere": (
        lambda: packed(**{"word/_rels/document.xml.rels": RELS}),
        TemplateFetches,
        "fetches something from elsewhere (image)",
    ),
    "a field that is not there": (
        lambda: a_template("Dear {{ name }}"),
        NoSuchTemplateField,
        "asks for 'name', at “Dear",
    ),
    "a part that is not there": (
        lambda: a_template("x", "{%p for section in sections %}", "{{ section.foo }}", "{%p endfor %}"),
        NoSuchTemplateField,
        "asks for 'foo', at “{{ section.foo }}",
    ),
    "an end without a beginning": (
        lambda: a_template("x", "{%p endfor %}"),
        TemplateMistake,
        "cannot be filled in, at “x {% endfor %}”: Encountered unknown tag 'endfor'; correct it there",
    ),
    "a beginning without an end": (lambda: a_template("{%p for a in sections %}"), TemplateMistake, "cannot be filled"),
    "a tag that is not closed": (lambda: a_template("{{ title"), TemplateMistake, "cannot be filled in"),
    "a filter that is not there": (
        lambda: a_template("{{ title | shout }}"),
        TemplateMistake,
        "No filter named 'shout'",
    ),
    "what Python keeps": (
        lambda: a_template("{{ title.__class__.__mro__ }}"),
        NotAllowedInTemplates,
        "uses '__mro__', at “{{ title.__class__.__mro__ }}”",
    ),
    "what Python keeps, by name": (
        lambda: a_template("{{ title['__class__'] }}"),
        NotAllowedInTemplates,
        "uses 'getitem'",
    ),
    "a call": (lambda: a_template("{{ title.format(1) }}"), NotAllowedInTemplates, "uses 'call'"),
    "a global": (lambda: a_template("{{ cycler }}"), NoSuchTemplateField, "asks for 'cycler'"),
    "a file": (lambda: a_template("{% include '/etc/hostname' %}"), NotAllowedInTemplates, "uses 'include'"),
    "a macro": (lambda: a_template("{% macro m() %}{{ m() }}{% endmacro %}"), NotAllowedInTemplates, "uses 'm'"),
    "a power": (lambda: a_template("{{ 9 ** 9 ** 9 }}"), NotAllowedInTemplates, "uses 'pow'"),
    "a long text": (lambda: a_template("{{ 'x' * 1000000000 }}"), NotAllowedInTemplates, "uses 'mul'"),
    "loops within loops": (
        lambda: a_template(
            *(f"{{%p for a{at} in sections %}}" for at in range(9)), "x", *("{%p endfor %}" for _ in range(9))
        ),
        NotAllowedInTemplates,
        "at most 3 within each other",
    ),
    "a clause as text": (
        lambda: a_template("{%p for clause in opening %}", "{{ clause }}", "{%p endfor %}"),
        ClauseAsText,
        "puts a whole clause where only text fits",
    ),
    "thousands of fields": (lambda: a_template(*["{{ title }}"] * 1200), TemplateTooLarge, "is too large"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_template_that_is_amiss_is_refused_with_what_and_where(case: str) -> None:
    make, kind, told = HOSTILE[case]
    with pytest.raises(kind) as refused:
        draft_docx(drafted(), make(), "mine.docx")

    assert str(refused.value).startswith("mine.docx ")
    assert told in str(refused.value)


def test_the_templates_name_cannot_steer_the_screen() -> None:
    with pytest.raises(NotAWordFile) as refused:
        draft_docx(drafted(), b"", "\x1b[2Jx.docx")

    assert "\x1b" not in str(refused.value)
