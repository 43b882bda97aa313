"""Filled-in paper forms into responses: everything that is wrong in any of them is told, and nothing is guessed."""

import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from assessor.core import paper_fields
from assessor.core.instrument import Instrument
from assessor.core.paper_fields import FormField, FormIdentity
from assessor.core.responses import DONT_KNOW
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, unfit_characters
from assessor.errors import N_
from assessor.exchange import pdf_fields
from assessor.exchange.pdf_fields import PdfField, PdfForm
from assessor.problems import FieldInFile, InvalidInput, Problem
from assessor.safe_text import escape_controls, safe_excerpt
from assessor.setup.commands import typed_command

#: Bytes of one file, which hold hundreds of forms.
MOST_FORM: Final = 10_000_000

#: Seconds on the clock for one file, however slow the machine is.
SECONDS_PER_FILE: Final = 20.0

#: How the reading process begins: with our own modules, whatever lies in the folder where somebody stands.
READER_PROGRAM = (
    f"import sys; sys.path.append({str(Path(__file__).parents[2])!r}); "
    "from assessor.exchange import pdf_fields; pdf_fields.main()"
)

_REFUSAL_TEMPLATES: Final[Mapping[str, str]] = {
    pdf_fields.BROKEN: N_("this cannot be read as a PDF; fetch the file again, or type it in at the keyboard"),
    pdf_fields.ENCRYPTED: N_("the file is locked with a password; save a copy without one"),
    pdf_fields.NO_FIELDS: N_(
        "there are no fields in it: it is a scan, or was printed to a PDF; save the form itself instead, "
        "or type it in at the keyboard"
    ),
    pdf_fields.XFA: N_("this is another kind of form (XFA); fill in a form that {command} form made"),
    pdf_fields.SCRIPT: N_("there is a script or an action in it, which none of our forms has; fill in a new form"),
    pdf_fields.TOO_MUCH: N_(
        "it takes too much time or memory to read, which none of our forms does; fill in a new form"
    ),
}
_TOO_BIG = N_("the file is larger than {most} MB, which none of our forms is; check that it is the right file")
_NOT_OURS = N_("this is not a form from assessor; fill in one that {command} form made")
_CONFLICTING_IDENTITIES = N_("the file says two things about which questions it asks; fill in a new form")
_MISSING_FIELD = N_("the field is not in the file any more; fill in a new form, or type it in at the keyboard")
_UNKNOWN_FIELD = N_("none of our forms has this field; fill in a new form")
_CHANGED_FIELD_KIND = N_("the field has become another kind of field; fill in a new form")
_DUPLICATE_FIELD = N_("the field appears twice, as when two forms were put into one file; give each form by itself")
_STRAY_WIDGET = N_("a place to fill in belongs to no field, as when pages were put together; give each form by itself")
_SEVERAL_TICKED = N_("more than one answer is ticked ({given}); leave one of them ticked and save it again")
_NO_OPTION = N_("{given} is not one of the answers; choose one of: {offered}")
_UNFIT_CHARACTER = N_("the character {character} cannot be stored in every file; remove it")
_TOO_LONG = N_("the text has {length} characters; at most {most} are kept, so shorten it")
_NO_PARTY = N_("the other party has no name; write it in the form and save it again")


@dataclass(slots=True)
class FormProblems:
    """Problems as they are met in all files."""

    found: list[Problem[FieldInFile]] = field(default_factory=list)

    def add(self, file: str, template: str, at: PdfField | None = None, **facts: object) -> None:
        """Keep one, everything from the file made brief and safe to show."""
        shown = {name: safe_excerpt(fact, 120) if isinstance(fact, str) else fact for name, fact in facts.items()}
        place = FieldInFile(
            file=escape_controls(file), page=at.page if at else 0, name=safe_excerpt(at.name or "?") if at else ""
        )
        self.found.append(Problem(place=place, template=template, facts=shown))


class FormsRefused(InvalidInput):
    """Forms of which something could not be taken in, with everything that is wrong in any of them."""

    template = N_("Nothing was imported; correct this and give the forms again:")
    #: Problems told; the rest are counted.
    most_shown: ClassVar[int] = 40

    def __init__(self, problems: Iterable[Problem[FieldInFile]]) -> None:
        super().__init__(problems=problems, shown=self.most_shown)


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFile:
    """One file's fields, and which questions it asks."""

    file: str
    identity: FormIdentity
    fields: tuple[PdfField, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledForm:
    """One collaboration's form as it was filled in, every response checked against its instrument."""

    file: str
    identity: FormIdentity
    party: str
    undertaking: str
    library: str
    respondent: str
    #: Kind, item and value of everything given, in the order of the page; the kinds are those of an `Entry`.
    entries: tuple[tuple[str, str, str], ...]


def read_forms(files: Sequence[tuple[str, bytes]], problems: FormProblems) -> tuple[FormFile, ...]:
    """The files that hold forms of ours, of any version; what is wrong with the others is added to the problems."""
    small = [(name, data) for name, data in files if len(data) <= MOST_FORM]
    for name, data in files:
        if len(data) > MOST_FORM:
            problems.add(name, _TOO_BIG, most=MOST_FORM // 1_000_000)
    raws = read_pdfs([data for _, data in small])
    read = [_identify_form(name, raw, problems) for (name, _), raw in zip(small, raws, strict=True)]
    return tuple(each for each in read if each)


def read_pdfs(files: Sequence[bytes]) -> list[PdfForm]:
    """What stands in the fields of each file, read by a process that may end on any of them."""
    found: list[PdfForm] = []
    while len(found) < len(files):
        found += _run_pdf_reader(files[len(found) :])
    return found


def _run_pdf_reader(files: Sequence[bytes]) -> list[PdfForm]:
    """What the reading process told of the first files, at least of one: it may end within a file."""
    given = b"".join(len(data).to_bytes(8, "big") + data for data in files)
    try:
        done = subprocess.run(  # noqa: S603 - our own Python and our own module
            (sys.executable, "-P", "-c", READER_PROGRAM),
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_PER_FILE * len(files),
            check=False,
        )
        told = done.stdout
    except subprocess.TimeoutExpired as late:
        told = late.stdout or b""
    lines = [line for line in told.decode("ascii", "replace").splitlines(keepends=True) if line.endswith("\n")]
    found = [pdf_fields.parse_reply(line) for line in lines]
    return found if len(found) == len(files) else [*found, PdfForm(refused=pdf_fields.TOO_MUCH)]


def _identify_form(file: str, raw: PdfForm, problems: FormProblems) -> FormFile | None:
    if raw.refused:
        problems.add(file, _REFUSAL_TEMPLATES[raw.refused], command=typed_command())
        return None
    told = [value for held in raw.fields if held.name == paper_fields.IDENTITY_FIELD for value in held.values]
    heard = {identity for text in (*told, raw.identity) if (identity := paper_fields.parse_identity(text))}
    if len(heard) != 1:
        problems.add(file, _CONFLICTING_IDENTITIES if heard else _NOT_OURS, command=typed_command())
        return None
    for name in raw.strays:
        problems.add(file, _STRAY_WIDGET, PdfField(name=name, kind="other", values=[], page=0))
    return FormFile(file=file, identity=heard.pop(), fields=tuple(raw.fields))


def parse_filled_forms(read: FormFile, instrument: Instrument, problems: FormProblems) -> tuple[FilledForm, ...]:
    """The forms of a file that something was written in besides names, against the instrument that they ask."""
    asked = {field.name: field for field in paper_fields.collaboration_fields(instrument)}
    by_copy: dict[int, dict[str, PdfField]] = {at: {} for at in range(1, read.identity.copies + 1)}
    for held in read.fields:
        copy, name = paper_fields.split_field_name(held.name, read.identity.copies)
        if held.name == paper_fields.IDENTITY_FIELD:
            continue
        if not copy or name not in asked:
            problems.add(read.file, _UNKNOWN_FIELD, held)
        elif name in by_copy[copy]:
            problems.add(read.file, _DUPLICATE_FIELD, held)
        else:
            by_copy[copy][name] = held
    found = [_parse_copy(read, copy, asked, held, problems) for copy, held in by_copy.items()]
    return tuple(each for each in found if each)


def _parse_copy(
    read: FormFile, copy: int, asked: Mapping[str, FormField], held: Mapping[str, PdfField], problems: FormProblems
) -> FilledForm | None:
    count = len(problems.found)
    for name in asked:
        if name not in held:
            whole = paper_fields.field_name_in_copy(name, copy, read.identity.copies)
            problems.add(read.file, _MISSING_FIELD, PdfField(name=whole, kind="other", values=[], page=0))
    given = {name: _field_value(read.file, asked[name], held[name], problems) for name in asked if name in held}
    entries = tuple(_iter_entries(given))
    if not entries:
        return None
    if not given.get(paper_fields.PARTY_FIELD) and len(problems.found) == count:
        problems.add(read.file, _NO_PARTY, held[paper_fields.PARTY_FIELD])
    party, undertaking, library, respondent = (given.get(name, "") for name in paper_fields.NAME_FIELDS)
    return FilledForm(
        file=read.file,
        identity=read.identity,
        party=party,
        undertaking=undertaking,
        library=library,
        respondent=respondent,
        entries=entries,
    )


def _field_value(file: str, field: FormField, held: PdfField, problems: FormProblems) -> str:
    """What stands in a field; empty where nothing does, or nothing that could be used."""
    if held.kind != field.kind:
        problems.add(file, _CHANGED_FIELD_KIND, held)
        return ""
    if field.kind == "text":
        return _text_value(file, field, held, problems)
    if len(held.values) > 1:
        problems.add(file, _SEVERAL_TICKED, held, given=", ".join(held.values))
    elif held.values and held.values[0] not in field.options:
        problems.add(file, _NO_OPTION, held, given=held.values[0], offered=", ".join(field.options))
    elif held.values:
        return held.values[0]
    return ""


def _text_value(file: str, field: FormField, held: PdfField, problems: FormProblems) -> str:
    text = "".join(held.values).replace("\r\n", "\n").replace("\r", "\n").strip()
    is_name = field.name in paper_fields.NAME_FIELDS
    if is_name:
        text = " ".join(text.split())
    most = MAX_NAME_LENGTH if is_name else MAX_NOTE_LENGTH
    if bad := unfit_characters(text):
        problems.add(file, _UNFIT_CHARACTER, held, character=f"U+{ord(bad[0]):04X}")
    elif len(text) > most:
        problems.add(file, _TOO_LONG, held, length=len(text), most=most)
    else:
        return text
    return ""


def _iter_entries(given: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Everything given but the names."""
    gains = [
        name.removeprefix(paper_fields.GAIN_PREFIX)
        for name in given
        if name.startswith(paper_fields.GAIN_PREFIX) and given[name]
    ]
    for name, value in given.items():
        if not value or name in paper_fields.NAME_FIELDS or name.startswith(paper_fields.GAIN_PREFIX):
            continue
        if name == paper_fields.GUT_FIELD:
            yield "gut", "", value
        elif name == paper_fields.WANTED_FIELD:
            yield "wanted", "", "" if value == DONT_KNOW else value
        elif name.startswith(paper_fields.NOTE_PREFIX):
            yield "note", name.removeprefix(paper_fields.NOTE_PREFIX), value
        else:
            yield "response", name, value
    if gains:
        yield "gains", "", " ".join(gains)
