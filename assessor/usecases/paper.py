"""Paper out and paper in: forms for a library's collaborations, and filled-in ones into a store.

A form carries the identity of its questions (instrument, version, digest) in a hidden field, and is taken in only when
the bank asks exactly that or keeps the version that did: then it becomes answers to today's questions as `renew` would
make them, and what hangs on a new reading is left to be asked again. The id of the assessment that a form becomes, and
the keys of its entries, are digests of what the form says. So the same file adds nothing when it is taken in again, in
this store or another, and a corrected form adds only its corrections. All files are checked before the first is
written, since a person with forty forms wants all problems at once.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial

from assessor import __version__
from assessor.bank import Bank, available_banks, open_bank
from assessor.core.instrument import Instrument
from assessor.core.months import parse_month
from assessor.core.names import canonical_name
from assessor.core.responses import Assessment, Collaboration
from assessor.errors import N_, AssessorError
from assessor.exchange.filled_forms import (
    FilledForm,
    FormFile,
    FormProblems,
    FormsRefused,
    parse_filled_forms,
    read_forms,
)
from assessor.presentation.terms import Terms
from assessor.problems import FieldInFile, Problem
from assessor.report.paper.posters import TableMaterial
from assessor.report.paper.questionnaire import FormCopy, PaperForm
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command
from assessor.store import LeftOut, Store
from assessor.usecases.assessments import add_goal, new_key
from assessor.usecases.carrying import Given, carry_entries, earlier_instrument
from assessor.usecases.reporting import report_date

_OTHER_VERSION = N_(
    "the form asks version {given} of {instrument}, and the questions are now version {now}, so nothing is guessed; "
    "make a new form with: {command} form, or type it in at the keyboard"
)
_OTHER_QUESTIONS = N_(
    "the form asks other questions than {instrument} {given} does now, though the version is the same; "
    "make a new form with: {command} form, or type it in at the keyboard"
)
_NO_BANK = N_("the form asks the questionnaire {instrument}, which is not here; put --bank FOLDER before the command")
_OTHER_LIBRARY = N_(
    "the form is from another library ({library}); check it, add --other-library if you mean "
    "it, or put --library NAME before the command for the right one"
)
_TWO_LIBRARIES = N_(
    "the form is from {library} and not from {meant}; leave it out, or name the right library with --library"
)
_OTHER_PARTYS = N_("the form has the other party's own view; take it in where the workshop is led, under Who is here")
_FOR_THE_LIBRARY = N_("For the library alone: leave this one out.")
_WHICH_LIBRARY = N_("the form does not say which library it is from; put --library NAME before the command")
TWO_FORMS = N_(
    "it gives other answers than {other} about the same collaboration; write initials on both "
    "if two people filled them in, or give the one that counts"
)


class TooManyForms(AssessorError):
    """More collaborations than one file is made for."""

    template = N_("One file can hold forms for at most {most} collaborations; choose which with --collaboration")
    exit_code = 2


#: Collaborations in one file.
MOST_COPIES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class FormsImport:
    """How much of the forms is new, and which files brought nothing."""

    collaborations: int
    assessments: int
    entries: int
    #: What the files have of what was erased here.
    left_out: LeftOut
    #: Files that brought nothing new.
    nothing_new: tuple[str, ...]
    #: Files with forms that nothing was written in.
    empty: tuple[str, ...]
    #: Files made for an earlier version, whose answers were carried over to today's.
    carried: tuple[str, ...] = ()


def form_content(bank: Bank, language: str, *, library: str = "", copies: Sequence[FormCopy] = ()) -> PaperForm:
    """What a file of forms is made from; a blank form where no copies are given. Raises `TooManyForms`."""
    if len(copies) > MOST_COPIES:
        raise TooManyForms(most=MOST_COPIES)
    return PaperForm(
        instrument=bank.instrument,
        wording=bank.wording(language),
        language=language,
        library=library,
        copies=tuple(copies) or (FormCopy(),),
        made=report_date(),
        program=__version__,
        command=bank.command,
    )


def party_form_content(bank: Bank, language: str, collaboration: Collaboration) -> PaperForm:
    """The form for the other party of a collaboration, in its own words; raises `NoPartySide`."""
    copies = [FormCopy(party=collaboration.party, undertaking=collaboration.undertaking)]
    form = form_content(bank, language, library=collaboration.library, copies=copies)
    wording = bank.party_wording(language)
    terms = Terms(language, form.instrument, wording)
    skipped = terms.say(_FOR_THE_LIBRARY)
    items = {
        item: words if item in bank.sides.asked else replace(words, ask=skipped, hint="")
        for item, words in wording.items.items()
    }
    return replace(form, wording=replace(wording, items=items), side="them")


def table_content(
    bank: Bank, language: str, *, library: str = "", names: Sequence[tuple[str, str]] = ()
) -> TableMaterial:
    """What a poster or cards are made from; `names` are pairs of party and undertaking."""
    return TableMaterial(
        instrument=bank.instrument,
        wording=bank.wording(language),
        language=language,
        library=library,
        names=tuple(names),
        made=report_date(),
        program=__version__,
    )


def read_filled_forms(files: Sequence[tuple[str, bytes]], bank: Bank) -> tuple[tuple[FilledForm, ...], tuple[str, ...]]:
    """The filled-in forms of all files, and the names of the files that nothing was written in.

    `files` are pairs of name and content. Raises `FormsRefused` with every problem in any of them.
    """
    problems = FormProblems()
    filled: list[FilledForm] = []
    empty: list[str] = []
    bank_of = cache(partial(_bank_of, bank))
    for file in read_forms(files, problems):
        instrument = _instrument_asked(file, bank_of(file.identity.instrument), problems)
        if instrument:
            forms_in = parse_filled_forms(file, instrument, problems)
            filled += forms_in
            empty += [] if forms_in else [file.file]
    if problems.found:
        raise FormsRefused(_sorted_by_file(problems, files))
    return tuple(filled), tuple(empty)


def _sorted_by_file(problems: FormProblems, files: Sequence[tuple[str, bytes]]) -> list[Problem[FieldInFile]]:
    """The problems in the order in which the files were given."""
    order = {escape_controls(name): position for position, (name, _) in enumerate(files)}
    return sorted(problems.found, key=lambda problem: order[problem.place.file])


def _instrument_asked(form: FormFile, bank: Bank | None, problems: FormProblems) -> Instrument | None:
    """The instrument, of today or kept, that asks exactly what the form does; else None, and a problem is added."""
    facts = {
        "instrument": form.identity.instrument,
        "given": form.identity.version,
        "command": typed_command(),
    }
    now = bank.instrument if bank else None
    then = earlier_instrument(bank, form.identity.version, form.identity.digest) if bank else None
    if now is None:
        problems.add(form.file, _NO_BANK, None, **facts)
    elif then:
        return then
    elif now.version != form.identity.version:
        problems.add(form.file, _OTHER_VERSION, None, **facts, now=now.version)
    elif not now.is_known_by(form.identity.digest):
        problems.add(form.file, _OTHER_QUESTIONS, None, **facts)
    else:
        return now
    return None


def _bank_of(bank: Bank, instrument: str) -> Bank | None:
    """The bank of this instrument: the one that is open, or one of those installed; None where it is neither."""
    if bank.instrument.id == instrument:
        return bank
    return open_bank(instrument) if instrument in available_banks() else None


def import_forms(
    store: Store,
    forms_in: Sequence[FilledForm],
    bank: Bank,
    *,
    empty: Sequence[str] = (),
    library: str | None = None,
    other_library: bool = False,
    dry_run: bool = False,
) -> FormsImport:
    """Store what the forms say, all of it or nothing; forms taken in before add nothing, nor does a dry run.

    A dry run does everything and rolls back, so that it counts what a real one would. Raises `FormsRefused` where it is
    not certain which library or which of two forms is meant.
    """

    def take_in() -> FormsImport:
        problems = FormProblems()
        for form in forms_in:
            if form.identity.side == "them":
                problems.add(form.file, _OTHER_PARTYS)
        placed = [(_library_of(store, form, library, other_library, problems), form) for form in forms_in]
        if problems.found:
            raise FormsRefused(problems.found)
        erased = store.erased_among(_assessment_id(name, form) for name, form in placed)
        new = [
            (name, form)
            for name, form in placed
            if _assessment_id(name, form) not in erased and not _is_imported(store, name, form)
        ]
        _refuse_disagreeing(new)
        taken_in = _import_all(store, placed, new, bank, tuple(empty), LeftOut(assessments=len(erased)))
        if dry_run:
            raise _Rollback(taken_in)
        return taken_in

    try:
        return store.run_in_transaction(take_in)
    except _Rollback as undone:
        return undone.taken_in


class _Rollback(Exception):
    """Raised within the transaction of a dry run, so that nothing of it is kept."""

    def __init__(self, taken_in: FormsImport) -> None:
        super().__init__(taken_in)
        self.taken_in = taken_in


def _library_of(store: Store, form: FilledForm, wanted: str | None, other_library: bool, problems: FormProblems) -> str:
    """The library of a form: the one asked for, else the one it names, else the only one there is.

    Empty, with a problem added, where that is not certain: names that disagree, a library that is new here, or several.
    """
    known, named, wanted = store.libraries(), form.library, canonical_name(wanted or "")
    if wanted and named and named != wanted:
        problems.add(form.file, _TWO_LIBRARIES, library=named, meant=wanted)
    elif wanted or named:
        meant = wanted or named
        if known and meant not in known and not other_library:
            problems.add(form.file, _OTHER_LIBRARY, library=meant)
        return meant
    elif len(known) == 1:
        return known[0]
    else:
        problems.add(form.file, _WHICH_LIBRARY)
    return ""


def _assessment_id(library: str, form: FilledForm) -> str:
    """The id of the assessment that a form becomes: the same whenever and wherever it is taken in."""
    names = (library, form.party, form.undertaking, form.respondent)
    identity = form.identity
    facts = [*(canonical_name(name) for name in names), identity.instrument, identity.digest, identity.made]
    return f"form-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]}"


def _entry_key(library: str, form: FilledForm, position: int) -> str:
    """The key of the entry at a position: of everything that the form says, so a corrected form has others."""
    identity = json.dumps([_assessment_id(library, form), form.entries, position])
    return f"form-{hashlib.sha256(identity.encode()).hexdigest()}"


def _is_imported(store: Store, library: str, form: FilledForm) -> bool:
    """Whether this very form was taken in before; its first entry is enough, as all are written together."""
    return store.entry_by_key(_assessment_id(library, form), _entry_key(library, form, 0)) is not None


def _refuse_disagreeing(new: Iterable[tuple[str, FilledForm]]) -> None:
    """Refuse two forms of one assessment that differ, as neither says which is the later."""
    first: dict[str, FilledForm] = {}
    problems = FormProblems()
    for library, form in new:
        other = first.setdefault(_assessment_id(library, form), form)
        if other.entries != form.entries:
            problems.add(form.file, TWO_FORMS, other=other.file)
    if problems.found:
        raise FormsRefused(problems.found)


def _import_all(
    store: Store,
    placed: Sequence[tuple[str, FilledForm]],
    new: Sequence[tuple[str, FilledForm]],
    bank: Bank,
    empty: tuple[str, ...],
    left_out: LeftOut,
) -> FormsImport:
    """Store the new forms and count what each of them added."""
    before = {each.id for library in store.libraries() for each in store.collaborations(library)}
    bank_of = cache(partial(_bank_of, bank))
    counts = {id(form): _import_form(store, library, form, bank_of) for library, form in new}
    after = {each.id for library in store.libraries() for each in store.collaborations(library)}
    added = [form.file for _, form in new if counts[id(form)][1]]
    return FormsImport(
        collaborations=len(after - before),
        assessments=sum(begun for begun, _ in counts.values()),
        entries=sum(count for _, count in counts.values()),
        left_out=left_out,
        nothing_new=tuple(dict.fromkeys(form.file for _, form in placed if form.file not in added)),
        empty=empty,
        carried=tuple(dict.fromkeys(form.file for _, form in new if _is_earlier(form, bank_of))),
    )


def _is_earlier(form: FilledForm, bank_of: Callable[[str], Bank | None]) -> bool:
    bank = bank_of(form.identity.instrument)
    return bank is not None and not bank.instrument.is_known_by(form.identity.digest)


def _import_form(
    store: Store, library: str, form: FilledForm, bank_of: Callable[[str], Bank | None]
) -> tuple[bool, int]:
    """Store a form; whether it begins an assessment, and how many of its entries are new."""
    collaboration = store.add_collaboration(library, form.party, form.undertaking)
    id_ = _assessment_id(library, form)
    begun = id_ not in {each.id for each in store.assessments(collaboration.id)}
    form_bank = bank_of(form.identity.instrument)
    if begun and form_bank:
        new = _new_assessment(id_, collaboration, form, form_bank.instrument)
        store.import_assessments((), (new,), {id_: form_bank.snapshot})
    assessment = store.assessment(id_)
    last = {(entry.kind, entry.item): entry.value for entry in assessment.history}
    entries = entries_in_version(form, assessment, form_bank)
    given = [*_replaced_quotation(assessment, entries), *(_as_stored(store, library, entry) for entry in entries)]
    new_entries = [(kind, item, value) for kind, item, value in given if last.get((kind, item)) != value]
    for position, (kind, item, value) in enumerate(new_entries):
        store.record_entry(id_, kind, item, value, key=_entry_key(library, form, position))
    return begun, len(new_entries)


def _replaced_quotation(assessment: Assessment, entries: Iterable[Given]) -> Iterator[Given]:
    """That the note quoted so far is so no more, where a form names another: only one is quoted."""
    chosen = {item for kind, item, _value in entries if kind == "quoted"}
    for item, quoted in assessment.quoted.items():
        if chosen and quoted and item not in chosen:
            yield "quoted", item, "no"


def _as_stored(store: Store, library: str, entry: tuple[str, str, str]) -> tuple[str, str, str]:
    """An entry of a form as the store keeps it: a goal by its id, a step under an id, a month as it is kept."""
    kind, item, value = entry
    if kind == "goal":
        return kind, item, add_goal(store, library, value, new_key())
    if kind == "step":
        return kind, f"next.{item}", (parse_month(value) or value) if item == "when" else value
    return entry


def entries_in_version(form: FilledForm, assessment: Assessment, bank: Bank | None) -> Sequence[Given]:
    """What a form says, in the version of the assessment that it goes to: a form may be older than that."""
    identity = form.identity
    then = earlier_instrument(bank, identity.version, identity.digest) if bank else None
    if bank is None or then is None or then.is_known_by(assessment.digest):
        return form.entries
    return carry_entries(form.entries, then, bank)


def _new_assessment(id_: str, collaboration: Collaboration, form: FilledForm, instrument: Instrument) -> Assessment:
    now = datetime.now(UTC)
    return Assessment(
        id=id_,
        collaboration=collaboration,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        respondent=form.respondent,
        responses={},
        started=now,
        changed=now,
    )
