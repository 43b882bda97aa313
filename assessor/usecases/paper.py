"""Paper out and paper in: forms for a library's collaborations, and filled-in ones into a store."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from unicodedata import normalize

from assessor import __version__, bank
from assessor.core.instrument import Instrument
from assessor.core.responses import Assessment, Collaboration
from assessor.errors import N_, AssessorError
from assessor.exchange.filled_forms import Filled, FormProblem, FormProblems, FormsRefused, Read, filled, read_forms
from assessor.report.paper.posters import Table
from assessor.report.paper.questionnaire import Copy, Form
from assessor.safe_text import safe
from assessor.store import Store
from assessor.usecases.reporting import today

_OTHER_VERSION = N_(
    "the form asks version {given} of {instrument}, and the questions are now version {now}, so nothing is guessed; "
    "make a new form with: assessor form, or type it in at the keyboard"
)
_OTHER_QUESTIONS = N_(
    "the form asks other questions than {instrument} {given} does now, though the version is the same; "
    "make a new form with: assessor form, or type it in at the keyboard"
)
_NO_BANK = N_("the form asks the questionnaire {instrument}, which is not here; put --bank FOLDER before the command")
_OTHER_LIBRARY = N_(
    "the form is of another library ({library}); check it, or add --other-library if it is meant, "
    "or put --library NAME before the command for the one meant"
)
_TWO_LIBRARIES = N_("the form is of {library} and not of {meant}; leave it out, or put the library meant in --library")
_WHICH_LIBRARY = N_("the form does not say which library it is of; put --library NAME before the command")
_TWO_FORMS = N_(
    "it answers otherwise than {other} does about the same collaboration; write initials on both "
    "if two people filled them in, or give the one that counts"
)


class TooManyForms(AssessorError):
    """More collaborations than one file is made for."""

    template = N_("One file holds forms for at most {most} collaborations; name those meant with --collaboration")
    exit_code = 2


#: Collaborations in one file.
MOST_COPIES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """How much of what was given is new."""

    collaborations: int
    assessments: int
    entries: int
    #: Files that brought nothing new.
    nothing_new: tuple[str, ...]
    #: Files with forms that nothing was written in.
    empty: tuple[str, ...]


def forms(bank_name: str, language: str, *, library: str = "", copies: Sequence[Copy] = ()) -> Form:
    """What a file of forms is made from; one without names where no copies are given."""
    if len(copies) > MOST_COPIES:
        raise TooManyForms(most=MOST_COPIES)
    return Form(
        instrument=bank.load(bank_name),
        wording=bank.wording(bank_name, language),
        language=language,
        library=library,
        copies=tuple(copies) or (Copy(),),
        made=today(),
        program=__version__,
    )


def table(bank_name: str, language: str, *, library: str = "", names: Sequence[tuple[str, str]] = ()) -> Table:
    """What a poster or cards are made from; `names` are parties and undertakings."""
    return Table(
        instrument=bank.load(bank_name),
        wording=bank.wording(bank_name, language),
        language=language,
        library=library,
        names=tuple(names),
        made=today(),
        program=__version__,
    )


def read(files: Sequence[tuple[str, bytes]], bank_name: str) -> tuple[tuple[Filled, ...], tuple[str, ...]]:
    """The filled-in forms of all files, and the files with none; raises `FormsRefused` with every problem in any."""
    problems = FormProblems()
    found: list[Filled] = []
    empty: list[str] = []
    now = cache(partial(_now, bank_name))
    for each in read_forms(files, problems):
        instrument = _as_asked(each, now(each.identity.instrument), problems)
        if instrument:
            forms_in = filled(each, instrument, problems)
            found += forms_in
            empty += [] if forms_in else [each.file]
    if problems.found:
        raise FormsRefused(_by_file(problems, files))
    return tuple(found), tuple(empty)


def _by_file(problems: FormProblems, files: Sequence[tuple[str, bytes]]) -> list[FormProblem]:
    order = {safe(name): at for at, (name, _) in enumerate(files)}
    return sorted(problems.found, key=lambda problem: order[problem.file])


def _as_asked(form: Read, now: Instrument | None, problems: FormProblems) -> Instrument | None:
    """The instrument as it is now if the form asks just that; a problem where it is another by now."""
    facts = {"instrument": form.identity.instrument, "given": form.identity.version}
    if now is None:
        problems.add(form.file, _NO_BANK, None, **facts)
    elif now.version != form.identity.version:
        problems.add(form.file, _OTHER_VERSION, None, **facts, now=now.version)
    elif now.digest != form.identity.digest:
        problems.add(form.file, _OTHER_QUESTIONS, None, **facts)
    else:
        return now
    return None


def _now(bank_name: str, instrument: str) -> Instrument | None:
    """The instrument of this id: of the bank meant, or of one of ours."""
    meant = bank.load(bank_name)
    if meant.id == instrument:
        return meant
    return bank.load(instrument) if instrument in bank.available() else None


def imported(
    store: Store,
    forms_in: Sequence[Filled],
    bank_name: str,
    *,
    empty: Sequence[str] = (),
    library: str | None = None,
    other_library: bool = False,
    dry_run: bool = False,
) -> Taken:
    """Keep what the forms say, all of it or nothing; what was taken in before adds nothing, a dry run nothing at all.

    Raises `FormsRefused` where it is not certain which library or which of two forms is meant.
    """
    taken: list[Taken] = []
    with suppress(_Undone), store.together():
        problems = FormProblems()
        placed = [(_library(store, form, library, other_library, problems), form) for form in forms_in]
        if problems.found:
            raise FormsRefused(problems.found)
        new = [(of, form) for of, form in placed if not _taken_before(store, of, form)]
        _refuse_disagreeing(new)
        taken.append(_kept(store, placed, new, bank_name, tuple(empty)))
        if dry_run:
            raise _Undone
    return taken[0]


class _Undone(Exception):
    """Ends what is written together so that none of it is kept."""


def _library(store: Store, form: Filled, asked: str | None, other_library: bool, problems: FormProblems) -> str:
    """The library that a form is of: the one asked for, else the one it names, else the only one there is."""
    known, named = store.libraries(), normalize("NFC", form.library)
    if asked and named and named != asked:
        problems.add(form.file, _TWO_LIBRARIES, library=named, meant=asked)
    elif asked or named:
        meant = asked or named
        if known and meant not in known and not other_library:
            problems.add(form.file, _OTHER_LIBRARY, library=meant)
        return meant
    elif len(known) == 1:
        return known[0]
    else:
        problems.add(form.file, _WHICH_LIBRARY)
    return ""


def _id(library: str, form: Filled) -> str:
    """The id of the assessment that a form is, the same whenever it is taken in, and told apart from other ids."""
    names = (library, form.party, form.undertaking, form.respondent)
    identity = form.identity
    facts = [*(normalize("NFC", name) for name in names), identity.instrument, identity.digest, identity.made]
    return f"form-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]}"


def _key(library: str, form: Filled, at: int) -> str:
    """The key of one entry: of everything that the form says, and of its place in it."""
    told = json.dumps([_id(library, form), form.entries, at])
    return f"form-{hashlib.sha256(told.encode()).hexdigest()}"


def _taken_before(store: Store, library: str, form: Filled) -> bool:
    return store.given(_id(library, form), _key(library, form, 0)) is not None


def _refuse_disagreeing(new: Iterable[tuple[str, Filled]]) -> None:
    """Refuse two forms of one assessment that say different things: which is the later one, nobody can tell."""
    first: dict[str, Filled] = {}
    problems = FormProblems()
    for library, form in new:
        other = first.setdefault(_id(library, form), form)
        if other.entries != form.entries:
            problems.add(form.file, _TWO_FORMS, other=other.file)
    if problems.found:
        raise FormsRefused(problems.found)


def _kept(
    store: Store,
    placed: Sequence[tuple[str, Filled]],
    new: Sequence[tuple[str, Filled]],
    bank_name: str,
    empty: tuple[str, ...],
) -> Taken:
    before = {each.id for library in store.libraries() for each in store.collaborations(library)}
    snapshots: dict[str, str] = {}
    counts = {id(form): _keep(store, library, form, bank_name, snapshots) for library, form in new}
    after = {each.id for library in store.libraries() for each in store.collaborations(library)}
    added = [form.file for _, form in new if counts[id(form)][1]]
    return Taken(
        collaborations=len(after - before),
        assessments=sum(begun for begun, _ in counts.values()),
        entries=sum(count for _, count in counts.values()),
        nothing_new=tuple(dict.fromkeys(form.file for _, form in placed if form.file not in added)),
        empty=empty,
    )


def _keep(store: Store, library: str, form: Filled, bank_name: str, snapshots: dict[str, str]) -> tuple[bool, int]:
    """Whether a form begins an assessment, and how many of its entries are new."""
    collaboration = store.add_collaboration(library, form.party, form.undertaking)
    id_ = _id(library, form)
    begun = id_ not in {each.id for each in store.assessments(collaboration.id)}
    if begun:
        name = form.identity.instrument
        if name not in snapshots:
            snapshots[name] = bank.snapshot(_bank_of(name, bank_name))
        store.adopt((), (_begun(id_, collaboration, form),), {id_: snapshots[name]})
    last = {(entry.kind, entry.item): entry.value for entry in store.assessment(id_).history}
    news = [(kind, item, value) for kind, item, value in form.entries if last.get((kind, item)) != value]
    for at, (kind, item, value) in enumerate(news):
        store.record(id_, kind, item, value, key=_key(library, form, at))
    return begun, len(news)


def _bank_of(instrument: str, bank_name: str) -> str:
    return bank_name if bank.load(bank_name).id == instrument else instrument


def _begun(id_: str, collaboration: Collaboration, form: Filled) -> Assessment:
    now = datetime.now(UTC)
    return Assessment(
        id=id_,
        collaboration=collaboration,
        instrument=form.identity.instrument,
        version=form.identity.version,
        digest=form.identity.digest,
        respondent=form.respondent,
        responses={},
        started=now,
        changed=now,
    )
