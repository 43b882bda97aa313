"""The use cases that the faces share: begin, respond, resume, list, place. Nothing here asks or prints.

Everything given is committed when a call returns. Whoever gives something hands in a key that is new for each thing
given; the same key again changes nothing, so that what was sent twice counts once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from uuid import uuid4

from assessor import bank
from assessor.core import history
from assessor.core.history import Migration, Moved
from assessor.core.instrument import Instrument, Item
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration
from assessor.core.routing import Mode, checked, items_left, next_item, route
from assessor.core.scoring import assess
from assessor.core.sides import Sides, next_asked, turned
from assessor.core.verdict import Verdict
from assessor.core.wording import Wording
from assessor.errors import N_, AssessorError
from assessor.safe_text import safe
from assessor.store import Store, storable_text
from assessor.store.errors import NotKept

#: What is asked beside the items; no bank's id looks like these.
GUT, WANTED, GAINS = "<gut>", "<wanted>", "<gains>"
_KINDS = {GUT: "gut", WANTED: "wanted", GAINS: "gains"}


def new_key() -> str:
    """A key that no other thing given has."""
    return str(uuid4())


def fit_text(text: str) -> str:
    """A note as it would be kept; raises what the store refuses."""
    return storable_text.text(text)


def fit_name(name: str) -> str:
    """A name as it would be kept, empty where there is none; raises what the store refuses."""
    return storable_text.optional_name(name)


def _kind_and_item(step: str) -> tuple[str, str]:
    return (_KINDS[step], "") if step in _KINDS else ("response", step)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that a bank asks otherwise now than when an assessment was begun."""

    #: gone, added, options, rules, other.
    kind: str
    #: The item's id; empty for rules and other.
    item: str


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An assessment with the instrument it was given under; it stays with that version."""

    assessment: Assessment
    instrument: Instrument
    #: Its words in a language, of the same version.
    words: Callable[[str], Wording] = field(compare=False)
    #: What the bank asks otherwise by now; none while it is as it was.
    differences: tuple[Difference, ...] = ()
    #: What the other party is asked, where it is the one who responds; its responses are told from its side.
    sides: Sides | None = None

    @cached_property
    def responses(self) -> dict[str, str]:
        """The responses, in the order of the first time each was given."""
        order = dict.fromkeys(entry.item for entry in self.assessment.history if entry.kind == "response")
        return {item: self.assessment.responses[item] for item in order if item in self.assessment.responses}

    @cached_property
    def verdict(self) -> Verdict:
        """Where the collaboration stands by what has been given so far."""
        wanted = self.assessment.wanted
        from_here = turned(self.sides, self.responses) if self.sides else self.responses
        return assess(self.instrument, from_here, wanted if wanted in self.instrument.levels else None)

    @property
    def begun(self) -> bool:
        """Whether anything at all was given."""
        return bool(self.assessment.history)

    def given(self, step: str) -> bool:
        """Whether a step was taken, even if "nothing" was given there."""
        kind, item = _kind_and_item(step)
        return any((entry.kind, entry.item) == (kind, item) for entry in self.assessment.history)

    def next_step(self, mode: Mode) -> str | None:
        """What to ask now: `GUT`, `WANTED`, an item's id, `GAINS`; None when nothing is left."""
        if not self.responses and not self.given(GUT):
            return GUT
        if not self.responses and self.instrument.levels and not self.given(WANTED):
            return WANTED
        item = self._next_item(mode)
        if item:
            return item.id
        return GAINS if self.instrument.gains and not self.given(GAINS) else None

    def _next_item(self, mode: Mode) -> Item | None:
        if self.sides:
            return next_asked(self.instrument, self.sides, self.responses)
        return next_item(self.instrument, self.responses, mode)

    def left(self, mode: Mode) -> int:
        """About how many items are left."""
        if self.sides:
            return len(self.unanswered())
        return items_left(self.instrument, self.responses, mode)

    def unanswered(self) -> tuple[str, ...]:
        """The ids of the items that apply, are asked of whoever responds, and have no response."""
        asked = self.sides.asked if self.sides else self.instrument.by_id
        on_route = (item.id for item in route(self.instrument, self.responses) if item.id in asked)
        return tuple(item for item in on_route if item not in self.responses)

    def trail(self) -> tuple[str, ...]:
        """The steps taken that still apply, in the order they were first taken."""
        applies = {item.id for item in route(self.instrument, self.responses)}
        items = (item for item in self.responses if item in applies)
        given = {step: step for step in (GUT, WANTED, GAINS) if self.given(step)}
        last = [given.pop(GAINS)] if GAINS in given else []
        return (*given, *items, *last)

    def step_before(self, step: str) -> str | None:
        """What was asked before; None at the beginning."""
        trail = self.trail()
        at = trail.index(step) if step in trail else len(trail)
        return trail[at - 1] if at else None

    def mode(self) -> Mode:
        """How it was asked so far, read off the responses: full when they leave no gap."""
        always = (item for item in self.instrument.items if item.when is None)
        asked = [item.id in self.responses for item in always]
        return "full" if asked == sorted(asked, reverse=True) else "short"

    @property
    def finished(self) -> bool:
        """Whether nothing that is asked is left, at least in short mode."""
        return self.next_step(self.mode()) is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A collaboration as a list shows it, with its latest assessment; None before the first."""

    collaboration: Collaboration
    opened: Opened | None


class NoWayOn(AssessorError):
    """Answers to a version from which the bank's migrations lead nowhere."""

    template = N_(
        "{name} was answered under version {before} of the questions, and nothing says how those answers go on to "
        "version {after}; assess it anew with: {command} assess --new"
    )
    exit_code = 65


class Assessments:
    """One library's assessments in one store; what is begun anew is asked by one bank."""

    def __init__(self, store: Store, library: str, bank_name: str) -> None:
        self._store = store
        self.library = library
        self._bank = bank_name
        self._snapshots: dict[str, str] = {}
        #: Banks as they are now, for as long as one call takes: a list of many reads each once.
        self._now: dict[str, Instrument] = {}

    def words(self, language: str) -> Wording:
        """The words of what new assessments are asked by."""
        return _words(self._bank, bank.load(self._bank).digest, language)

    def listed(self) -> tuple[Listed, ...]:
        """The library's collaborations in the order they were begun, each with its latest assessment."""
        self._now.clear()
        latest = {found.collaboration.id: found for found in self._store.assessments(library=self.library)}
        return tuple(
            Listed(collaboration=collaboration, opened=self._opened_or_none(latest.get(collaboration.id)))
            for collaboration in self._store.collaborations(self.library)
        )

    def half_done(self) -> Opened | None:
        """The unfinished assessment that something was given to last; None when there is none."""
        opened = [listed.opened for listed in self.listed() if listed.opened and not listed.opened.finished]
        return max(opened, key=lambda found: found.assessment.changed, default=None)

    def called(self, name: str) -> Listed:
        """The collaboration of this name; raises `NotKept`."""
        for listed in self.listed():
            if listed.collaboration.name == name:
                return listed
        raise NotKept(name=safe(name))

    def add(self, party: str, undertaking: str) -> Collaboration:
        """The collaboration with this party around this undertaking, new or already there."""
        return self._store.add_collaboration(self.library, party, undertaking)

    def begin(self, collaboration: Collaboration, respondent: str = "") -> Opened:
        """A new assessment of it by the bank as it is now; earlier ones stay. The library's own without respondent."""
        instrument = bank.load(self._bank)
        id_ = self._store.begin(collaboration.id, instrument, bank.snapshot(self._bank), respondent=respondent)
        return self.opened(self._store.assessment(id_))

    def carried(self, opened: Opened, command: str = "assessor") -> Moved:
        """The responses as the bank understands them now, and those that it does not; raises `NoWayOn`."""
        now, way = bank.load(self._bank), self._way(opened)
        same = (opened.instrument.id, opened.instrument.version) == (now.id, now.version)
        if not way and not same:
            raise NoWayOn(
                name=safe(opened.assessment.collaboration.name),
                before=safe(opened.instrument.version),
                after=safe(now.version),
                command=command,
            )
        return history.moved(opened.responses, way, now)

    def _way(self, opened: Opened) -> tuple[Migration, ...]:
        if opened.instrument.id != bank.load(self._bank).id:
            return ()  # another questionnaire's versions may have the same numbers
        return history.path(bank.migrations(self._bank), opened.instrument.version, bank.load(self._bank).version)

    def renew(self, opened: Opened, command: str = "assessor") -> Opened:
        """A new assessment by the bank as it is now, with what of the earlier one it understands; that one stays."""
        carried, way = self.carried(opened, command), self._way(opened)
        before = opened.assessment
        with self._store.together():
            new = self.begin(before.collaboration, before.respondent)
            given = [("response", item, option) for item, option in carried.responses.items()]
            notes = {history.name_now(item, way): text for item, text in before.notes.items()}
            given += [("note", item, text) for item, text in notes.items() if item in ("", *new.instrument.by_id)]
            given += _beside(before, new.instrument)
            for kind, item, value in given:
                self._store.record(new.assessment.id, kind, item, value, key=new_key())
        return self.opened(self._store.assessment(new.assessment.id))

    def give(self, opened: Opened, step: str, value: str, key: str) -> Opened:
        """Keep what was given to a step; raises `NotAnItem` or `NotAnOption`."""
        kind, item = _kind_and_item(step)
        if kind == "response" and value:
            checked(opened.instrument, {item: value})
        return self._recorded(opened, kind, item, value, key)

    def note(self, opened: Opened, item: str, text: str, key: str) -> Opened:
        """Keep a note to an item, or with no item to the whole; an empty one withdraws it."""
        return self._recorded(opened, "note", item, text, key)

    def opened(self, assessment: Assessment) -> Opened:
        """An assessment with the instrument it was given under."""
        return self.all_opened((assessment,))[0]

    def all_opened(self, assessments: Iterable[Assessment]) -> tuple[Opened, ...]:
        """Each of them; those given under the same instrument share it, and what it has worked out."""
        self._now.clear()
        return tuple(map(self._opened, assessments))

    def _opened(self, assessment: Assessment) -> Opened:
        name = self._bank_of(assessment.instrument)
        now = self._loaded(name) if name else None
        if now and name and now.digest == assessment.digest:
            return Opened(assessment=assessment, instrument=now, words=partial(_words, name, now.digest))
        opened = then(assessment, self._snapshot(assessment))
        return replace(opened, differences=differences(opened.instrument, now) if now else ())

    def _opened_or_none(self, assessment: Assessment | None) -> Opened | None:
        return self._opened(assessment) if assessment else None

    def _loaded(self, name: str) -> Instrument:
        if name not in self._now:
            self._now[name] = bank.load(name)
        return self._now[name]

    def _recorded(self, opened: Opened, kind: str, item: str, value: str, key: str) -> Opened:
        self._store.record(opened.assessment.id, kind, item, value, key=key)
        return replace(opened, assessment=self._store.assessment(opened.assessment.id))

    def _bank_of(self, instrument: str) -> str | None:
        """The bank that this instrument comes from; None when it is not here any more."""
        if self._loaded(self._bank).id == instrument:
            return self._bank
        return instrument if instrument in bank.available() else None

    def _snapshot(self, assessment: Assessment) -> str:
        if assessment.digest not in self._snapshots:
            self._snapshots[assessment.digest] = self._store.snapshot_of(assessment.id)
        return self._snapshots[assessment.digest]


def then(assessment: Assessment, snapshot: str) -> Opened:
    """An assessment with the instrument in the snapshot of its bank."""
    words = partial(_words_in_snapshot, snapshot)
    return Opened(assessment=assessment, instrument=bank.from_snapshot(snapshot), words=words)


def _beside(before: Assessment, now: Instrument) -> list[tuple[str, str, str]]:
    """What was given beside the items, as far as it is still asked."""
    gains = " ".join(gain for gain in before.gains if gain in now.gains)
    gut = before.gut if before.gut in (*now.placements, DONT_KNOW) else None
    wanted = before.wanted if before.wanted in now.levels else None
    found = (("gut", gut), ("wanted", wanted), ("gains", gains))
    return [(kind, "", value) for kind, value in found if value]


def differences(then: Instrument, now: Instrument) -> tuple[Difference, ...]:
    """What an instrument asks otherwise than it did; one of kind "other" when only its advice or marks are new."""
    gone = (Difference(kind="gone", item=item.id) for item in then.items if item.id not in now.by_id)
    added = (Difference(kind="added", item=item.id) for item in now.items if item.id not in then.by_id)
    kept = (item for item in then.items if item.id in now.by_id)
    other = (Difference(kind="options", item=item.id) for item in kept if item.options != now.by_id[item.id].options)
    rules = then.outcomes != now.outcomes or then.levels != now.levels
    found = (*gone, *added, *other, *((Difference(kind="rules", item=""),) if rules else ()))
    return found or (Difference(kind="other", item=""),)


@cache
def _words(name: str, _digest: str, language: str) -> Wording:
    return bank.wording(name, bank.nearest(language, bank.languages(name)))


@cache
def _words_in_snapshot(text: str, language: str) -> Wording:
    return bank.wording_from_snapshot(text, bank.nearest(language, bank.languages_in_snapshot(text)))
