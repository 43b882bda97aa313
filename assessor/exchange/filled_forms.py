"""Filled-in paper forms into responses: everything that is wrong in any of them is reported, and nothing is guessed.

Three steps. `read_forms` has the fields of all files read by `pdf_fields`, in a process of its own with limits of time
and memory, as a PDF from outside can be made to exhaust either. It then tells by the form's identity which questions
were asked. `parse_filled_forms` checks a form against the instrument of that identity, which the caller looks up.
Field names are those of `core.paper_fields`, with which `report` prints the forms.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from assessor.core import paper_fields
from assessor.core.instrument import Instrument
from assessor.core.months import parse_month
from assessor.core.names import canonical_name
from assessor.core.paper_fields import FormField, FormIdentity
from assessor.core.responses import DONT_KNOW
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, unfit_characters
from assessor.errors import N_
from assessor.exchange import pdf_fields
from assessor.exchange.pdf_fields import PdfField, PdfForm
from assessor.exchange.reader_process import read_files, reader_program
from assessor.problems import FieldInFile, InvalidInput, Problem
from assessor.safe_text import escape_controls, safe_excerpt
from assessor.setup.commands import typed_command

#: Most bytes of one file; hundreds of forms fit in.
MOST_FORM: Final = 10_000_000

#: Seconds of wall-clock time for one file; the reading process itself limits its processor time.
SECONDS_PER_FILE: Final = 20.0

#: What the reading process runs.
READER_PROGRAM = reader_program("assessor.exchange.pdf_fields")

#: By the reason that `pdf_fields` gives.
_REFUSAL_TEMPLATES: Final[Mapping[str, str]] = {
    pdf_fields.BROKEN: N_("this cannot be read as a PDF; fetch the file again, or type it in at the keyboard"),
    pdf_fields.ENCRYPTED: N_(
        "the file is locked, or protected against changes, with a password; save a copy without one"
    ),
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
_SEVERAL_TEXTS = N_("it says different things in different places ({given}); write the same in each and save it again")
_UNFIT_CHARACTER = N_("the character {character} cannot be stored in every file; remove it")
_TOO_LONG = N_("the text has {length} characters; at most {most} are kept, so shorten it")
_TWO_ENDS = N_("a month ({given}) is written and an answer is ticked; leave one of them and save it again")
_NOT_A_MONTH = N_("{given} is no month; write it as 2027-06 or 6/2027 and save it again")
_NO_SUCH_NOTE = N_("{given} is not the number of a question; write one from 0 to {most} and save it again")
_NO_PARTY = N_("the other party has no name; write it in the form and save it again")


#: Problems that a program made which does not save forms as others do.
_PROBLEMS_OF_PROGRAMS: Final = frozenset(
    (
        _MISSING_FIELD,
        _UNKNOWN_FIELD,
        _CHANGED_FIELD_KIND,
        _DUPLICATE_FIELD,
        _STRAY_WIDGET,
        _SEVERAL_TICKED,
        _SEVERAL_TEXTS,
    )
)
#: Said once beneath such problems, and of a form in which nothing is found.
PROGRAMS_THAT_WORK: Final = N_(
    "Forms that were filled in and saved with Firefox, Chrome, Edge, Acrobat Reader or Document Viewer come back whole."
)


@dataclass(slots=True)
class FormProblems:
    """The problems met so far, in all files."""

    found: list[Problem[FieldInFile]] = field(default_factory=list)

    def add(self, file: str, template: str, at: PdfField | None = None, **facts: object) -> None:
        """Note a problem of a file, or of one of its fields; text from the file is cut short and made safe."""
        shown = {name: safe_excerpt(fact, 120) if isinstance(fact, str) else fact for name, fact in facts.items()}
        place = FieldInFile(
            file=escape_controls(file), page=at.page if at else 0, name=safe_excerpt(at.name or "?") if at else ""
        )
        self.found.append(Problem(place=place, template=template, facts=shown))


class FormsRefused(InvalidInput):
    """Raised where any form could not be taken in, with all that is wrong in all of them."""

    template = N_("Nothing was imported; correct this and give the forms again:")
    #: Problems shown; the rest are counted.
    most_shown: ClassVar[int] = 40

    def __init__(self, problems: Iterable[Problem[FieldInFile]]) -> None:
        super().__init__(problems=problems, shown=self.most_shown)

    def message(self, translate: Callable[[str], str]) -> str:
        """The problems, and which programs work where a program may have made them."""
        of_program = any(problem.template in _PROBLEMS_OF_PROGRAMS for problem in self.problems)
        lines = [super().message(translate), *([translate(PROGRAMS_THAT_WORK)] if of_program else [])]
        return "\n".join(lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFile:
    """One file's fields, and the identity of the instrument that it asks."""

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
    #: Kind, item and value of everything given; kinds as in an `Entry`, a goal in words, a step's part without its id.
    entries: tuple[tuple[str, str, str], ...]


def read_forms(files: Sequence[tuple[str, bytes]], problems: FormProblems) -> tuple[FormFile, ...]:
    """The files that hold forms of ours, of any version; problems of the others are added to `problems`."""
    acceptable = [(name, data) for name, data in files if len(data) <= MOST_FORM]
    for name, data in files:
        if len(data) > MOST_FORM:
            problems.add(name, _TOO_BIG, most=MOST_FORM // 1_000_000)
    pdf_forms = read_pdfs([data for _, data in acceptable])
    form_files = [
        _identify_form(name, pdf_form, problems) for (name, _), pdf_form in zip(acceptable, pdf_forms, strict=True)
    ]
    return tuple(form_file for form_file in form_files if form_file)


def read_pdfs(files: Sequence[bytes]) -> list[PdfForm]:
    """The fields of each file; one that ends the reading process takes too much, and spoils no other."""
    replies = read_files(READER_PROGRAM, pdf_fields.read_plain, files, SECONDS_PER_FILE)
    return [pdf_fields.parse_reply(reply) for reply in replies]


def _identify_form(file: str, pdf_form: PdfForm, problems: FormProblems) -> FormFile | None:
    """The file with the identity that its form states; None where it is not a form of ours, or states two."""
    if pdf_form.refused:
        problems.add(file, _REFUSAL_TEMPLATES[pdf_form.refused], command=typed_command())
        return None
    stated = [
        value
        for pdf_field in pdf_form.fields
        if pdf_field.name == paper_fields.IDENTITY_FIELD
        for value in pdf_field.values
    ]
    identities = {identity for text in (*stated, pdf_form.identity) if (identity := paper_fields.parse_identity(text))}
    if len(identities) != 1:
        problems.add(file, _CONFLICTING_IDENTITIES if identities else _NOT_OURS, command=typed_command())
        return None
    for name in pdf_form.strays:
        problems.add(file, _STRAY_WIDGET, PdfField(name=name, kind="other", values=[], page=0))
    return FormFile(file=file, identity=identities.pop(), fields=tuple(pdf_form.fields))


def parse_filled_forms(form_file: FormFile, instrument: Instrument, problems: FormProblems) -> tuple[FilledForm, ...]:
    """The forms of a file that have more in them than names, checked against the instrument.

    A file may hold several copies of a form; unused ones are skipped. What is wrong is added to `problems`.
    """
    form_fields = {field.name: field for field in paper_fields.collaboration_fields(instrument)}
    by_copy: dict[int, dict[str, PdfField]] = {number: {} for number in range(1, form_file.identity.copies + 1)}
    for pdf_field in form_file.fields:
        copy, name = paper_fields.split_field_name(pdf_field.name, form_file.identity.copies)
        if pdf_field.name == paper_fields.IDENTITY_FIELD:
            continue
        if not copy or name not in form_fields:
            problems.add(form_file.file, _UNKNOWN_FIELD, pdf_field)
        elif name in by_copy[copy]:
            problems.add(form_file.file, _DUPLICATE_FIELD, pdf_field)
        else:
            by_copy[copy][name] = pdf_field
    forms = [_parse_copy(form_file, copy, form_fields, in_copy, problems) for copy, in_copy in by_copy.items()]
    return tuple(form for form in forms if form)


def _parse_copy(
    form_file: FormFile,
    copy: int,
    form_fields: Mapping[str, FormField],
    pdf_fields_by_name: Mapping[str, PdfField],
    problems: FormProblems,
) -> FilledForm | None:
    """One copy of the form; None where nothing was written in it besides names."""
    problems_before = len(problems.found)
    for name in form_fields:
        if name not in pdf_fields_by_name and not form_fields[name].optional:
            full_name = paper_fields.field_name_in_copy(name, copy, form_file.identity.copies)
            problems.add(form_file.file, _MISSING_FIELD, PdfField(name=full_name, kind="other", values=[], page=0))
    values = {
        name: _field_value(form_file.file, form_fields[name], pdf_fields_by_name[name], problems)
        for name in form_fields
        if name in pdf_fields_by_name
    }
    entries = (
        *_iter_entries(values),
        *_paper_ends(form_file.file, values, pdf_fields_by_name, problems),
        *_quotation(form_file.file, values, pdf_fields_by_name, problems),
    )
    if not entries:
        return None
    if not values.get(paper_fields.PARTY_FIELD) and len(problems.found) == problems_before:
        problems.add(form_file.file, _NO_PARTY, pdf_fields_by_name[paper_fields.PARTY_FIELD])
    party, undertaking, library, respondent = (values.get(name, "") for name in paper_fields.NAME_FIELDS)
    return FilledForm(
        file=form_file.file,
        identity=form_file.identity,
        party=party,
        undertaking=undertaking,
        library=library,
        respondent=respondent,
        entries=entries,
    )


def _field_value(file: str, form_field: FormField, pdf_field: PdfField, problems: FormProblems) -> str:
    """What a field says; empty where nothing stands in it, or a problem was noted."""
    if pdf_field.kind != form_field.kind:
        problems.add(file, _CHANGED_FIELD_KIND, pdf_field)
        return ""
    if form_field.kind == "text":
        return _text_value(file, form_field, pdf_field, problems)
    if len(pdf_field.values) > 1:
        problems.add(file, _SEVERAL_TICKED, pdf_field, given=", ".join(pdf_field.values))
    elif pdf_field.values and pdf_field.values[0] not in form_field.options:
        problems.add(file, _NO_OPTION, pdf_field, given=pdf_field.values[0], offered=", ".join(form_field.options))
    elif pdf_field.values:
        return pdf_field.values[0]
    return ""


def _text_value(file: str, form_field: FormField, pdf_field: PdfField, problems: FormProblems) -> str:
    """A text with single line breaks; a name on one line. Empty where the store would refuse it."""
    if len(pdf_field.values) > 1:
        problems.add(file, _SEVERAL_TEXTS, pdf_field, given=", ".join(repr(text) for text in pdf_field.values))
        return ""
    text = "".join(pdf_field.values).replace("\r\n", "\n").replace("\r", "\n").strip()
    is_name = form_field.name in (*paper_fields.NAME_FIELDS, paper_fields.GOAL_FIELD)
    if is_name and not unfit_characters(text):
        text = canonical_name(text)
    most = MAX_NAME_LENGTH if is_name else MAX_NOTE_LENGTH
    if bad := unfit_characters(text):
        problems.add(file, _UNFIT_CHARACTER, pdf_field, character=f"U+{ord(bad[0]):04X}")
    elif len(text) > most:
        problems.add(file, _TOO_LONG, pdf_field, length=len(text), most=most)
    else:
        return text
    return ""


def _iter_entries(values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Kind, item and value of everything given except names; the gains last, as one entry."""
    gains = [
        name.removeprefix(paper_fields.GAIN_PREFIX)
        for name in values
        if name.startswith(paper_fields.GAIN_PREFIX) and values[name]
    ]
    for name, value in values.items():
        elsewhere = (paper_fields.GAIN_PREFIX, paper_fields.ENDS_PREFIX)
        if not value or name in (*paper_fields.NAME_FIELDS, paper_fields.QUOTED_FIELD) or name.startswith(elsewhere):
            continue
        if name == paper_fields.GUT_FIELD:
            yield "gut", "", value
        elif name == paper_fields.WANTED_FIELD:
            yield "wanted", "", "" if value == DONT_KNOW else value
        elif name == paper_fields.GOAL_FIELD:
            yield "goal", "", value
        elif name.startswith(paper_fields.STEP_PREFIX):
            yield "step", name.removeprefix(paper_fields.STEP_PREFIX), value
        elif name.startswith(paper_fields.NOTE_PREFIX):
            yield "note", name.removeprefix(paper_fields.NOTE_PREFIX), value
        else:
            yield "response", name, value
    if gains:
        yield "gains", "", " ".join(gains)


def _quotation(
    file: str, values: Mapping[str, str], pdf_fields_by_name: Mapping[str, PdfField], problems: FormProblems
) -> Iterator[tuple[str, str, str]]:
    """The note that may be quoted, by the number of its item on the page; a number of none is noted."""
    written = values.get(paper_fields.QUOTED_FIELD, "")
    notes = [name for name in values if name.startswith(paper_fields.NOTE_PREFIX)]
    items = ["", *(name.removeprefix(paper_fields.NOTE_PREFIX) for name in notes if name != paper_fields.NOTE_PREFIX)]
    if written and not (written.isascii() and written.isdigit() and int(written[:9]) < len(items)):
        field = pdf_fields_by_name[paper_fields.QUOTED_FIELD]
        problems.add(file, _NO_SUCH_NOTE, field, given=written, most=len(items) - 1)
    elif written:
        yield "quoted", items[int(written)], "yes"


def _paper_ends(
    file: str, values: Mapping[str, str], pdf_fields_by_name: Mapping[str, PdfField], problems: FormProblems
) -> Iterator[tuple[str, str, str]]:
    """When papers end: a tick or a month that is written; both, or what is no month, is noted."""
    for name, tick in values.items():
        if not name.startswith(paper_fields.ENDS_PREFIX) or name.startswith(paper_fields.END_MONTH_PREFIX):
            continue
        item = name.removeprefix(paper_fields.ENDS_PREFIX)
        written = values.get(paper_fields.END_MONTH_PREFIX + item, "")
        month = parse_month(written)
        if written and tick:
            problems.add(file, _TWO_ENDS, pdf_fields_by_name[name], given=written)
        elif written and not month:
            problems.add(file, _NOT_A_MONTH, pdf_fields_by_name[paper_fields.END_MONTH_PREFIX + item], given=written)
        elif month or tick:
            yield "ends", item, month or tick
