"""Filled-in forms taken into a workshop: each person on them becomes somebody on paper. Nothing here asks or prints.

Whose form it is follows from the name or initials on it, and without any from what the whole file says. So the same
form counts once, however often and in whichever file it comes, and a corrected form with a name changes what that
person gave. What they gave counts as paper does, which `core.disclosure` decides: towards no threshold.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assessor.bank import Bank
from assessor.core.names import canonical_name
from assessor.core.responses import Assessment, Collaboration
from assessor.core.text_limits import MAX_NAME_LENGTH
from assessor.core.workshop import Respondent, Workshop, takes_responses
from assessor.errors import N_
from assessor.exchange.filled_forms import FilledForm, FormProblems, FormsRefused
from assessor.local_time import local_day
from assessor.store import Store
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.paper import TWO_FORMS, entries_in_version, read_filled_forms
from assessor.usecases.participating import Participation
from assessor.usecases.workshops import Workshops, refuse_closed

_OTHER_LIBRARY = N_("the form is from {library} and not from {meant}; leave it out")

#: What of a form belongs to a room; goals, dates and steps are the library's own.
_ROOM_KINDS = frozenset({"response", "gut", "wanted", "gains", "note", "quoted"})


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetTakenIn:
    """One collaboration's sheet of one person."""

    person: str
    collaboration: str
    #: Entries that are new; 0 where the form was taken in before, or its person was removed.
    new: int
    #: Whether it is the other party's own view, which counts in nothing of the room's.
    party: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomFormsTakenIn:
    """What forms bring to a workshop, or brought."""

    sheets: tuple[SheetTakenIn, ...]
    #: Names of collaborations that are not on the workshop's list; their forms are left out.
    not_listed: tuple[str, ...]

    @property
    def new(self) -> int:
        """Entries that are new in all."""
        return sum(sheet.new for sheet in self.sheets)


class _LookOnly(Exception):
    """Raised within the transaction of a look, so that nothing of it is kept."""

    def __init__(self, found: RoomFormsTakenIn) -> None:
        super().__init__(found)
        self.found = found


def read_room_forms(files: Sequence[tuple[str, bytes]], bank: Bank) -> tuple[tuple[FilledForm, ...], tuple[str, ...]]:
    """As `read_filled_forms`, where several files may have the same name."""
    names = [name for name, _data in files]
    unique = (f"{number}. {name}" if names.count(name) > 1 else name for number, name in enumerate(names, 1))
    return read_filled_forms([(name, data) for name, (_name, data) in zip(unique, files, strict=True)], bank)


class RoomForms:
    """Takes filled-in forms into the workshops of one store, which one bank asks."""

    def __init__(self, store: Store, bank: Bank) -> None:
        self._store = store
        self._bank = bank
        self._workshops = Workshops(store, bank)
        self._facilitation = Facilitation(store, bank)
        self._participation = Participation(store, bank)

    def take_in(
        self, workshop: str, forms: Sequence[FilledForm], language: str, *, dry_run: bool = False
    ) -> RoomFormsTakenIn:
        """Store what the forms say, all of it or nothing; a dry run does the same and keeps nothing.

        Raises `WorkshopOver`, or `FormsRefused` for another library's form and for two that contradict each other.
        """

        def act() -> RoomFormsTakenIn:
            self._store.workshops.hold(workshop)
            now = self._workshops.get(workshop)
            _refuse_over(now, forms)
            found = self._take_in_all(now, forms, language)
            if dry_run:
                raise _LookOnly(found)
            return found

        try:
            return self._store.run_in_transaction(act)
        except _LookOnly as undone:
            return undone.found

    def _take_in_all(self, workshop: Workshop, forms: Sequence[FilledForm], language: str) -> RoomFormsTakenIn:
        _refuse_other_library(workshop, forms)
        listed = [self._store.collaboration(id_) for id_ in workshop.listed]
        matched = [(form, _listed_collaboration(form, listed), _person_key(workshop, form, forms)) for form in forms]
        _refuse_disagreeing(matched)
        sheets = tuple(
            self._take_in_form(workshop, form, collaboration, person, language)
            for form, collaboration, person in matched
            if collaboration
        )
        missing = (_name(form) for form, collaboration, _person in matched if collaboration is None)
        return RoomFormsTakenIn(sheets=sheets, not_listed=tuple(dict.fromkeys(missing)))

    def _take_in_form(
        self, workshop: Workshop, form: FilledForm, collaboration: Collaboration, person: str, language: str
    ) -> SheetTakenIn:
        name = form.respondent or form.file.removesuffix(".pdf")[:MAX_NAME_LENGTH]
        if form.identity.side == "them":
            who, _token = self._participation.join(
                workshop, name=name, language=language, key=person, side="them", collaboration=collaboration.id
            )
        else:
            who = self._facilitation.enrol_on_paper(workshop, name=name, language=language, key=person)
        new = 0 if who.id in workshop.removed else self._record(form, collaboration, who, person)
        party = who.side == "them"
        return SheetTakenIn(person=who.name, collaboration=collaboration.name, new=new, party=party)

    def _record(self, form: FilledForm, collaboration: Collaboration, who: Respondent, person: str) -> int:
        """How many entries were new; none of a form that was taken in before."""
        assessment = self._participation.begin(who, collaboration.id).assessment
        keys = [_entry_key(person, form, position) for position in range(len(form.entries))]
        if any(self._store.entry_by_key(assessment.id, key) for key in keys):
            return 0
        new = list(self._new_entries(form, self._store.assessment(assessment.id)))
        for (kind, item, value), key in zip(new, keys, strict=False):
            self._store.record_entry(assessment.id, kind, item, value, key=key)
        return len(new)

    def _new_entries(self, form: FilledForm, assessment: Assessment) -> Iterable[tuple[str, str, str]]:
        last = {(entry.kind, entry.item): entry.value for entry in assessment.history}
        for kind, item, value in entries_in_version(form, assessment, self._bank):
            if kind in _ROOM_KINDS and last.get((kind, item)) != value:
                yield kind, item, value


def _refuse_over(workshop: Workshop, forms: Iterable[FilledForm]) -> None:
    """Raise `WorkshopOver` unless forms of each side that is among them may still be taken in."""
    today = local_day(datetime.now(UTC))
    for side in {"us"} if not forms else {form.identity.side for form in forms}:
        if not takes_responses(workshop, "them" if side == "them" else "us", today):
            refuse_closed(workshop)


def _refuse_other_library(workshop: Workshop, forms: Iterable[FilledForm]) -> None:
    problems = FormProblems()
    for form in forms:
        if form.library and canonical_name(form.library) != canonical_name(workshop.library):
            problems.add(form.file, _OTHER_LIBRARY, library=form.library, meant=workshop.library)
    if problems.found:
        raise FormsRefused(problems.found)


def _refuse_disagreeing(matched: Iterable[tuple[FilledForm, Collaboration | None, str]]) -> None:
    """Refuse two forms of one person about one collaboration that differ, as neither says which is the later."""
    first: dict[tuple[str, str], FilledForm] = {}
    problems = FormProblems()
    for form, collaboration, person in matched:
        other = first.setdefault((person, collaboration.id if collaboration else _name(form)), form)
        if other.entries != form.entries:
            problems.add(form.file, TWO_FORMS, other=other.file)
    if problems.found:
        raise FormsRefused(problems.found)


def _listed_collaboration(form: FilledForm, listed: Sequence[Collaboration]) -> Collaboration | None:
    """The listed collaboration that a form is about: by both names, else by the party where that leaves one."""
    party, undertaking = canonical_name(form.party), canonical_name(form.undertaking)
    of_party = [each for each in listed if canonical_name(each.party) == party]
    same = [each for each in of_party if canonical_name(each.undertaking) == undertaking]
    found = same or ([] if undertaking else of_party)
    return found[0] if len(found) == 1 else None


def _person_key(workshop: Workshop, form: FilledForm, forms: Iterable[FilledForm]) -> str:
    """What names the person of a form in this workshop, as the key under which they are enrolled."""
    whole = [] if form.respondent else [(each.party, each.entries) for each in forms if each.file == form.file]
    facts = json.dumps([workshop.id, canonical_name(form.respondent).casefold(), whole])
    if form.identity.side == "them":  # one view of each party, whoever wrote it
        facts = json.dumps([workshop.id, "them", canonical_name(form.party), canonical_name(form.undertaking)])
    return f"form-{hashlib.sha256(facts.encode()).hexdigest()}"


def _entry_key(person: str, form: FilledForm, position: int) -> str:
    facts = json.dumps([person, form.party, form.undertaking, form.entries, position])
    return f"form-{hashlib.sha256(facts.encode()).hexdigest()}"


def _name(form: FilledForm) -> str:
    return " · ".join(filter(None, (form.party, form.undertaking)))
