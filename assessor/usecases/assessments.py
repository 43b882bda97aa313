"""Assessments of one library: begin, respond, resume, list, renew. Nothing here asks or prints.

An assessment belongs to the version of the bank that it was begun under, for as long as it is kept: the same responses
must give the same verdict next year. So the store keeps the text of that version (a snapshot), and a `LoadedAssessment`
carries its own instrument and words. Where the bank still has the same rules, the open bank is used instead of reading
the snapshot again; where it has others, `differences` says what is asked otherwise by now. Today's rules apply only
when a person renews the assessment, which makes a new one and leaves the old.

Everything given is committed when a call returns. Its caller passes a key that is new for each thing given; the same
key again changes nothing, so that a form sent twice counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from uuid import uuid4

from assessor.bank import Bank, available_banks, open_bank, open_snapshot
from assessor.core.entries import STEP_PARTS, latest_values, with_history
from assessor.core.follow_ups import items_asked_back, items_of_goals, items_of_papers, signals_asking_back
from assessor.core.history import MigrationReview, migrate, review_migration
from assessor.core.instrument import Instrument, Item, Mark
from assessor.core.merging import conflicts, unreplaced_keys
from assessor.core.months import is_paper_end
from assessor.core.responses import Assessment, Collaboration, Entry, PlannedStep, Responses
from assessor.core.routing import Mode, items_left, next_item, route, usual_items_left, validated_responses
from assessor.core.scoring import assess
from assessor.core.sides import Sides, mirrored_responses, next_party_item
from assessor.core.verdict import Verdict
from assessor.core.wording import Wording
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.store import storable_text
from assessor.store.errors import NotInStore
from assessor.usecases.carrying import carry_entries, migration_path

if TYPE_CHECKING:
    from assessor.store import Store

#: What is asked beside the items; no bank's id looks like these.
GUT, WANTED, GAINS, GOAL = "<gut>", "<wanted>", "<gains>", "<goal>"
_STEP_KINDS = {GUT: "gut", WANTED: "wanted", GAINS: "gains", GOAL: "goal"}

#: What stands before an item's id in the step that asks when its paper ends.
_ENDS_PREFIX = "<ends>"


def new_key() -> str:
    """A new random key, for one thing given."""
    return str(uuid4())


def fit_text(text: str) -> str:
    """A note as it would be kept; raises what the store refuses: control characters, or too long a text."""
    return storable_text.validate_text(text)


def fit_name(name: str) -> str:
    """A name as it would be kept, empty where there is none; raises what the store refuses."""
    return storable_text.normalize_optional_name(name)


def kind_and_item(step: str) -> tuple[str, str]:
    """The kind and the item that an entry of this step has in the store; the item is empty beside the items."""
    if step.startswith(_ENDS_PREFIX):
        return "ends", item_of_paper(step)
    return (_STEP_KINDS[step], "") if step in _STEP_KINDS else ("response", step)


def ends_step(item: str) -> str:
    """The step that asks when the paper ends that the response to an item tells of."""
    return f"{_ENDS_PREFIX}{item}"


def item_of_paper(step: str) -> str:
    """The item of a step that asks when its paper ends; empty for any other step."""
    return step.removeprefix(_ENDS_PREFIX) if step.startswith(_ENDS_PREFIX) else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that a bank asks otherwise now than when an assessment was begun."""

    #: gone, added, options, rules, other.
    kind: str
    #: The item's id; empty for rules and other.
    item: str


@dataclass(frozen=True, kw_only=True)
class LoadedAssessment:
    """An assessment with the instrument it was given under; it stays with that version.

    A value: nothing here reads the store again. Responding returns a new one.
    """

    assessment: Assessment
    instrument: Instrument
    #: Its words in a language, of the same version.
    wording_in: Callable[[str], Wording] = field(compare=False)
    #: What the bank asks otherwise by now; none while it is as it was.
    differences: tuple[Difference, ...] = ()
    #: What the other party is asked, where it responds; `responses` are then from its side. None for the library's.
    sides: Sides | None = None

    @cached_property
    def responses(self) -> dict[str, str]:
        """The responses in the order in which each was first given, which is the order to go back in."""
        order = dict.fromkeys(entry.item for entry in self.assessment.history if entry.kind == "response")
        return {item: self.assessment.responses[item] for item in order if item in self.assessment.responses}

    @cached_property
    def verdict(self) -> Verdict:
        """Where the collaboration stands by what has been given so far, seen from the library's side."""
        wanted = self.assessment.wanted
        levels = self.instrument.levels
        return assess(self.instrument, self._responses_from_here, wanted if wanted in levels else None)

    @property
    def _responses_from_here(self) -> dict[str, str]:
        """The responses as the library would have given them."""
        return mirrored_responses(self.sides, self.responses) if self.sides else self.responses

    @property
    def last_seq(self) -> int:
        """The number of the latest entry; 0 before the first."""
        history = self.assessment.history
        return history[-1].seq if history else 0

    @property
    def begun(self) -> bool:
        """Whether anything at all was given."""
        return bool(self.assessment.history)

    def is_step_taken(self, step: str) -> bool:
        """Whether a step was taken, even if nothing was chosen there: it is not asked again then."""
        kind, item = kind_and_item(step)
        return any((entry.kind, entry.item) == (kind, item) for entry in self.assessment.history)

    def next_step(self, mode: Mode) -> str | None:
        """What to ask now: `GUT`, an item's id or what follows it, `GAINS`, `WANTED`; None when nothing is left."""
        if not self.responses and not self.is_step_taken(GUT):
            return GUT
        asked_after = self.follow_ups(self._latest_item)
        follow_up = next((step for step in asked_after if not self.is_step_taken(step)), None)
        return follow_up or self._next_needed(mode)

    @property
    def _latest_item(self) -> str:
        """The item that was responded to last; empty before the first response."""
        given = (entry.item for entry in reversed(self.assessment.history) if entry.kind == "response")
        return next(given, "")

    def _next_needed(self, mode: Mode) -> str | None:
        """The next item, then in full mode the gains: they move no placement, and short mode asks nothing such.

        The other party, who is told no verdict, is asked last what it wants.
        """
        item = self._next_item(mode)
        if item:
            return item.id
        if mode == "full" and self.instrument.gains and not self.is_step_taken(GAINS):
            return GAINS
        asks_party = self.sides and self.instrument.levels and not self.is_step_taken(WANTED)
        return WANTED if asks_party else None

    @property
    def _is_own(self) -> bool:
        """Whether the library itself responds, and nobody as one of several or for the other party."""
        return not self.sides and not self.assessment.respondent

    @property
    def asks_what_is_wanted(self) -> bool:
        """Whether to ask what the library wants, once the verdict is told: asked before, it would colour answers."""
        return not self.sides and bool(self.instrument.levels) and not self.is_step_taken(WANTED)

    def follow_ups(self, item: str) -> tuple[str, ...]:
        """The steps asked after the response to an item; only the library itself is asked."""
        if not self._is_own:
            return ()
        ends = (ends_step(item),) if item in items_of_papers(self.instrument, self.responses) else ()
        serves = items_of_goals(self.instrument, self.responses)[:1]
        return (*ends, *((GOAL,) if item in serves else ()))

    @property
    def signals_asking_back(self) -> tuple[Mark, ...]:
        """The signals by which responses given hardly fit together."""
        return signals_asking_back(self.instrument, self._responses_from_here)

    def signals_about(self, item: str) -> tuple[Mark, ...]:
        """Those of them that the response to this item has a part in."""
        return tuple(signal for signal in self.signals_asking_back if item in items_asked_back(signal))

    def _next_item(self, mode: Mode) -> Item | None:
        if self.sides:
            return next_party_item(self.instrument, self.sides, self.responses)
        return next_item(self.instrument, self.responses, mode)

    def items_left(self, mode: Mode) -> int:
        """The most items that may still be asked."""
        if self.sides:
            return len(self.unanswered_items())
        return items_left(self.instrument, self.responses, mode)

    @property
    def usual_items_left(self) -> int:
        """About how many items short mode still asks where nothing is unknown."""
        return usual_items_left(self.instrument, self.responses)

    def unanswered_items(self) -> tuple[str, ...]:
        """The ids of the items that apply, are asked of this side, and have no response."""
        asked = self.sides.asked if self.sides else self.instrument.by_id
        on_route = (item.id for item in route(self.instrument, self.responses) if item.id in asked)
        return tuple(item for item in on_route if item not in self.responses)

    def taken_steps(self) -> tuple[str, ...]:
        """The steps taken that still apply, in the order they were first taken; the gains and what is wanted last.

        What is asked after an item stands behind it, even where it was left.
        """
        applies = {item.id for item in route(self.instrument, self.responses)}
        items = (item for item in self.responses if item in applies)
        asked = (step for item in items for step in (item, *self.follow_ups(item)))
        return (*filter(self.is_step_taken, (GUT,)), *asked, *filter(self.is_step_taken, (GAINS, WANTED)))

    def step_before(self, step: str) -> str | None:
        """What was asked before; None at the beginning."""
        trail = [taken for taken in self.taken_steps() if taken != WANTED or step == WANTED]
        position = trail.index(step) if step in trail else len(trail)
        return trail[position - 1] if position else None

    def inferred_mode(self) -> Mode | None:
        """How it was asked so far: shared for one of several; else full when the responses leave no gap.

        None while short mode would have asked the same, in the same order: then nobody knows.
        """
        if self.assessment.respondent and not self.sides:
            return "shared"
        if self.sides:
            return "full"
        always = (item for item in self.instrument.items if item.when is None)
        answered = [item.id in self.responses for item in always]
        if answered != sorted(answered, reverse=True):
            return "short"
        return "full" if all(answered) or not self._follows_short_mode() else None

    def _follows_short_mode(self) -> bool:
        """Whether short mode would have asked for the responses in the order in which they were given."""
        given: dict[str, str] = {}
        for id_, response in self.responses.items():
            item = next_item(self.instrument, given, "short")
            if item is None or item.id != id_:
                return False
            given[id_] = response
        return True

    @property
    def finished(self) -> bool:
        """Whether nothing that is asked is left, at least in short mode."""
        mode = self.inferred_mode() or "short"
        felt_only = mode == "shared" and not self.responses
        return self.begun and not felt_only and self._next_needed(mode) is None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedCollaboration:
    """A collaboration as a list shows it, with its latest assessment; None before the first."""

    collaboration: Collaboration
    loaded: LoadedAssessment | None
    #: What the bank in use makes of it where it was answered under other rules; None where these are the same.
    today: Verdict | None = None


class NotAMonth(AssessorError):
    """A text that does not say when a paper ends."""

    template = N_("“{given}” is no month; write it as 2027-06 or 6/2027")
    exit_code = 65


class NoMigrationPath(AssessorError):
    """Answers to a version from which the bank's migrations lead nowhere."""

    template = N_(
        "{name} was answered under version {before} of the questions, and nothing says how to "
        "carry those answers over to version {after}; assess it again with: {command} assess "
        "--new"
    )
    exit_code = 65


class Assessments:
    """One library's assessments in one store; what is begun anew is asked by one bank."""

    def __init__(self, store: Store, library: str, bank: Bank) -> None:
        """Use `library` of the store; new assessments are begun by `bank`."""
        self._store = store
        self.library = library
        self._bank = bank
        self._snapshots: dict[str, str] = {}
        #: Other banks of ours by their name, as they stood when first needed here.
        self._others: dict[str, Bank] = {}

    def wording_in(self, language: str) -> Wording:
        """The words that new assessments are asked in."""
        return self._bank.nearest_wording(language)

    def speaks(self, language: str) -> bool:
        """Whether the bank of what is begun anew has words in this language."""
        return self._bank.speaks(language)

    def list_collaborations(self, instrument: str | None = None) -> tuple[ListedCollaboration, ...]:
        """The library's collaborations in the order they were begun, each with its latest assessment.

        With `instrument`, only what was answered with that one counts, and what was answered with others alone is out.
        """
        found = self._store.assessments(library=self.library)
        latest = latest_assessments(each for each in found if instrument in (None, each.instrument))
        others = {each.collaboration.id for each in found} - {*latest}
        return tuple(
            self._listed(collaboration, latest.get(collaboration.id))
            for collaboration in self._store.collaborations(self.library)
            if collaboration.id not in others
        )

    def _listed(self, collaboration: Collaboration, assessment: Assessment | None) -> ListedCollaboration:
        loaded = self._load_one(assessment) if assessment else None
        return ListedCollaboration(
            collaboration=collaboration, loaded=loaded, today=self.verdict_today(loaded) if loaded else None
        )

    def verdict_today(self, loaded: LoadedAssessment) -> Verdict | None:
        """What the bank in use makes of an assessment of the library's; None where it has the same rules, or is another
        questionnaire.
        """
        now = self._bank.instrument
        if loaded.instrument.id != now.id or has_rules_of(loaded, self._bank):
            return None
        return assess(now, responses_today(loaded, self._bank))

    @property
    def instrument(self) -> Instrument:
        """The instrument of what is begun anew."""
        return self._bank.instrument

    def latest_unfinished(self) -> LoadedAssessment | None:
        """The unfinished assessment that something was given to last; None when there is none."""
        return next(iter(self.unfinished()), None)

    def unfinished(self) -> tuple[LoadedAssessment, ...]:
        """The unfinished assessments, first the one that something was given to last."""
        unfinished = (
            listed.loaded for listed in self.list_collaborations() if listed.loaded and not listed.loaded.finished
        )
        return tuple(sorted(unfinished, key=lambda loaded: loaded.assessment.changed, reverse=True))

    def find_collaboration(self, id_: str) -> ListedCollaboration:
        """The collaboration with this id; raises `NotInStore`."""
        for listed in self.list_collaborations():
            if listed.collaboration.id == id_:
                return listed
        raise NotInStore(name=escape_controls(id_))

    def add_collaboration(self, party: str, undertaking: str) -> Collaboration:
        """The collaboration with this party around this undertaking, added unless it is there."""
        return self._store.add_collaboration(self.library, party, undertaking)

    def rename(self, opened: LoadedAssessment, party: str, undertaking: str) -> LoadedAssessment:
        """The assessment, whose collaboration is called otherwise now; see `change_names`."""
        if not opened.assessment.collaboration.id:
            return self.prepare(self.name_collaboration(party, undertaking))
        change_names(self._store, self.library, opened.assessment.collaboration, party, undertaking)
        return self._reload(opened)

    def prepare(self, collaboration: Collaboration) -> LoadedAssessment:
        """A new assessment of which nothing is kept, not even a new collaboration, before the first thing is given."""
        now, moment = self._bank.instrument, datetime.now(UTC)
        blank = Assessment(
            id="",
            collaboration=collaboration,
            instrument=now.id,
            version=now.version,
            digest=now.digest,
            started=moment,
            changed=moment,
            responses={},
        )
        return _loaded(blank, self._bank)

    def name_collaboration(self, party: str, undertaking: str) -> Collaboration:
        """A collaboration with these names that is not kept yet; see `prepare`."""
        return Collaboration(id="", library=self.library, party=fit_name(party), undertaking=fit_name(undertaking))

    def _begun_in_store(self, opened: LoadedAssessment) -> LoadedAssessment:
        """The assessment, begun in the store now if it was only prepared."""
        if opened.assessment.id:
            return opened
        collaboration = opened.assessment.collaboration
        if not collaboration.id:
            collaboration = self.add_collaboration(collaboration.party, collaboration.undertaking)
        return self.begin(collaboration)

    def begin(self, collaboration: Collaboration, respondent: str = "") -> LoadedAssessment:
        """A new assessment by the bank as it is now; earlier ones stay. The library's own without `respondent`."""
        id_ = self._store.begin_assessment(
            collaboration.id, self._bank.instrument, self._bank.snapshot, respondent=respondent
        )
        return self.load(self._store.assessment(id_))

    def review(self, opened: LoadedAssessment, command: str = "assessor") -> MigrationReview:
        """What renewing would do: which answers go over, and where the collaboration then stands; writes nothing.

        Raises `NoMigrationPath` where the version differs and no migration leads from it to today's.
        """
        now = self._bank.instrument
        same = (opened.instrument.id, opened.instrument.version) == (now.id, now.version)
        way = migration_path(self._bank, opened.instrument)
        if not same and not way:
            raise NoMigrationPath(
                name=escape_controls(opened.assessment.collaboration.name),
                before=escape_controls(opened.instrument.version),
                after=escape_controls(now.version),
                command=command,
            )
        return review_migration(opened.instrument, opened.responses, way, now)

    def renew(self, opened: LoadedAssessment, command: str = "assessor") -> LoadedAssessment:
        """A new assessment with what today's bank understands of the earlier one, which stays as it is.

        Notes follow their items; one to an item that is gone is left behind. Raises `NoMigrationPath`.
        """
        self.review(opened, command)
        before = opened.assessment
        given = [(kind, item, value) for (kind, item), value in latest_values(before.history).items()]

        def write() -> LoadedAssessment:
            new = self.begin(before.collaboration, before.respondent)
            for kind, item, value in carry_entries(given, opened.instrument, self._bank):
                self._store.record_entry(new.assessment.id, kind, item, value, key=new_key())
            return self.load(self._store.assessment(new.assessment.id))

        return self._store.run_in_transaction(write, harmless=False)

    def respond(self, opened: LoadedAssessment, step: str, value: str, key: str) -> LoadedAssessment:
        """Store what was given to a step, empty to withdraw it; raises `NotAnItem` or `NotAnOption`."""
        kind, item = kind_and_item(step)
        if kind == "response" and value:
            validated_responses(opened.instrument, {item: value})
        if kind == "ends" and value and not is_paper_end(value):
            raise NotAMonth(given=escape_controls(value))
        if kind == "goal" and value and value not in self.goals(opened.assessment.collaboration.library):
            raise NotInStore(name=escape_controls(value))
        return self._record_entry(opened, kind, item, value, key)

    def goals(self, library: str = "") -> Mapping[str, str]:
        """The goals of this library, or of another, in its own words, by id; none where it has said none."""
        return self._store.profiles.get(library or self.library).goals

    def add_goal(self, text: str, key: str, library: str = "") -> str:
        """The id of a goal of the library's; one that it has in the same words already is not added twice.

        Raises what the store refuses of a name.
        """
        return add_goal(self._store, library or self.library, text, key)

    def plan_step(self, opened: LoadedAssessment, step: PlannedStep, key: str) -> LoadedAssessment:
        """Store what is to be done, by whom and when, all of it or nothing; empty parts are withdrawn."""
        opened = self._begun_in_store(opened)
        parts = {part: fit_text(getattr(step, part)) for part in STEP_PARTS}
        kept = next((each for each in opened.assessment.steps if each.id == step.id), None)
        apart = {each.item for each in conflicts(opened.assessment.history) if each.kind == "step"}
        changed = {
            part: text
            for part, text in parts.items()
            if text != (getattr(kept, part) if kept else "") or f"{step.id}.{part}" in apart
        }

        def record() -> None:
            for part, text in changed.items():
                self._record_entry(opened, "step", f"{step.id}.{part}", text, f"{key}-{part}")

        self._store.run_in_transaction(record)
        return self._reload(opened)

    def choose_quotation(self, opened: LoadedAssessment, item: str, quoted: bool | None, key: str) -> LoadedAssessment:
        """Store whether the note to an item, or to the whole, may be quoted; None: nobody has chosen."""
        value = "" if quoted is None else "yes" if quoted else "no"
        return self._record_entry(opened, "quoted", item, value, key)

    def record_note(self, opened: LoadedAssessment, item: str, text: str, key: str) -> LoadedAssessment:
        """Store a note to an item, or to the whole where `item` is empty; an empty text withdraws it."""
        return self._record_entry(opened, "note", item, text, key)

    def load(self, assessment: Assessment) -> LoadedAssessment:
        """An assessment with the instrument it was given under."""
        return self.load_all((assessment,))[0]

    def load_all(self, assessments: Iterable[Assessment]) -> tuple[LoadedAssessment, ...]:
        """Each of them loaded; those given under the same instrument share it, with what it has computed."""
        return tuple(map(self._load_one, assessments))

    def _load_one(self, assessment: Assessment) -> LoadedAssessment:
        """An assessment by the open bank if that has its rules, else by the snapshot it was given under.

        The same rules under another digest happen when a bank is formatted anew, so the digests of the parsed
        instruments are compared before anything is called a difference.
        """
        now = self._bank_of(assessment.instrument)
        if now and now.instrument.is_known_by(assessment.digest):
            return _loaded(assessment, now)
        then = _open_snapshot(self._snapshot_text(assessment))
        if now is None:
            return _loaded(assessment, then)
        if then.instrument.digest == now.instrument.digest:  # the same rules in another text
            return _loaded(assessment, now)
        return replace(_loaded(assessment, then), differences=find_differences(then.instrument, now.instrument))

    def _record_entry(self, opened: LoadedAssessment, kind: str, item: str, value: str, key: str) -> LoadedAssessment:
        """Store an entry in place of all that stands side by side here: what two copies said is settled by it."""
        if not opened.assessment.id:
            return self._store.run_in_transaction(
                lambda: self._record_entry(self._begun_in_store(opened), kind, item, value, key)
            )
        replaces = unreplaced_keys(opened.assessment.history, kind, item)
        several = replaces if len(replaces) > 1 else None
        entry = self._store.record_entry(opened.assessment.id, kind, item, value, key=key, replaces=several)
        return self._with_recorded(opened, entry)

    def _with_recorded(self, opened: LoadedAssessment, entry: Entry) -> LoadedAssessment:
        """The assessment with an entry that was just stored; read anew where others came between, or were erased."""
        erased = entry.kind == "note" and not entry.value
        if erased or entry.seq != opened.last_seq + 1:
            return self._reload(opened)
        history = (*opened.assessment.history, entry)
        return replace(opened, assessment=with_history(opened.assessment, history))

    def _reload(self, opened: LoadedAssessment) -> LoadedAssessment:
        return replace(opened, assessment=self.read(opened.assessment))

    def read(self, assessment: Assessment) -> Assessment:
        """An assessment as it stands now, with its whole history; condensed, which costs little, if a rater's."""
        return self._store.assessment(assessment.id, condensed=bool(assessment.respondent))

    def _bank_of(self, instrument: str) -> Bank | None:
        """The bank that this instrument comes from; None when it is not installed any more."""
        if self._bank.instrument.id == instrument:
            return self._bank
        if instrument not in self._others and instrument in available_banks():
            self._others[instrument] = open_bank(instrument)
        return self._others.get(instrument)

    def _snapshot_text(self, assessment: Assessment) -> str:
        """The bank's text as it was; read once for all assessments of the same digest."""
        if assessment.digest not in self._snapshots:
            self._snapshots[assessment.digest] = self._store.snapshot_of(assessment.id)
        return self._snapshots[assessment.digest]


def change_names(store: Store, library: str, collaboration: Collaboration, party: str, undertaking: str) -> None:
    """Rename party and undertaking, both or neither; the party is renamed in all its collaborations."""
    with store.transaction():
        if fit_name(party) != collaboration.party:
            store.rename_party(library, collaboration.party, party)
        store.rename_undertaking(collaboration.id, undertaking)


def add_goal(store: Store, library: str, text: str, key: str) -> str:
    """The id of a goal of a library's, new or known by the same words; raises what the store refuses of a name."""
    from assessor.store.store import new_id

    words = storable_text.normalize_name(text)
    store.add_library(library)
    known = next((id_ for id_, said in store.profiles.get(library).goals.items() if said == words), "")
    return known or store.profiles.record_entry(library, "goal", new_id(), words, key=key).item


def load_from_snapshot(assessment: Assessment, snapshot: str) -> LoadedAssessment:
    """An assessment with the instrument in the snapshot of its bank."""
    return _loaded(assessment, _open_snapshot(snapshot))


def _loaded(assessment: Assessment, bank: Bank) -> LoadedAssessment:
    """An assessment with the instrument and words of this bank, and no differences."""
    return LoadedAssessment(assessment=assessment, instrument=bank.instrument, wording_in=bank.nearest_wording)


def latest_assessments(assessments: Iterable[Assessment]) -> dict[str, Assessment]:
    """By collaboration id, the last in which anything was given, else the last begun, of assessments in their order.

    One that was begun and left empty does not hide what was answered before.
    """
    latest: dict[str, Assessment] = {}
    for each in assessments:
        before = latest.get(each.collaboration.id)
        if each.history or not (before and before.history):
            latest[each.collaboration.id] = each
    return latest


def has_rules_of(loaded: LoadedAssessment, bank: Bank) -> bool:
    """Whether a bank has the rules that an assessment was answered under, and so places it as it stands."""
    return loaded.instrument.digest == bank.instrument.digest


def responses_today(loaded: LoadedAssessment, bank: Bank) -> Responses:
    """The responses as a bank places them: as they are under the same rules, else what goes over to its version.

    Every comparison of several collaborations is made of these; one alone goes by the rules it was answered under.
    """
    if has_rules_of(loaded, bank):
        return loaded.assessment.responses
    return migrate(loaded.responses, migration_path(bank, loaded.instrument), bank.instrument).responses


def find_differences(then: Instrument, now: Instrument) -> tuple[Difference, ...]:
    """What an instrument asks otherwise than it did.

    One of kind "other" when neither items, options, levels nor rules differ: then only its advice or marks are new.
    """
    gone = (Difference(kind="gone", item=item.id) for item in then.items if item.id not in now.by_id)
    added = (Difference(kind="added", item=item.id) for item in now.items if item.id not in then.by_id)
    common = (item for item in then.items if item.id in now.by_id)
    other = (Difference(kind="options", item=item.id) for item in common if item.options != now.by_id[item.id].options)
    rules = then.outcomes != now.outcomes or then.levels != now.levels
    differences = (*gone, *added, *other, *((Difference(kind="rules", item=""),) if rules else ()))
    return differences or (Difference(kind="other", item=""),)


@lru_cache(maxsize=16)
def _open_snapshot(text: str) -> Bank:
    """The bank in a snapshot; kept, since a list opens the same few again and again."""
    return open_snapshot(text)
