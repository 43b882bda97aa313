"""The workshops in a store: how one is found, and what is seen of its room. Nothing here writes, asks or prints.

Participants' responses leave here as ballots to be counted; what may be told of the counts, `core.disclosure` decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assessor.bank import Bank
from assessor.core.disclosure import (
    NOT_COUNTED,
    Disclosure,
    RaterVersion,
    RoomBallots,
    parse_disclosure,
    revealed_tally,
    told_of_unknown_raters,
)
from assessor.core.entries import current_state
from assessor.core.instrument import Instrument
from assessor.core.names import canonical_name
from assessor.core.raters import PLACEMENT, UNSETTLED, Ballot, Rating, RatingTally, ballot_of, parse_tally
from assessor.core.responses import Assessment, Collaboration, Responses
from assessor.core.settling import RoomSettlement, settle_room
from assessor.core.workshop import Respondent, Side, Workshop
from assessor.errors import N_, AssessorError
from assessor.local_time import local_day
from assessor.safe_text import escape_controls, format_names
from assessor.store import Store
from assessor.usecases.assessments import Assessments, LoadedAssessment, responses_today
from assessor.usecases.workshop_secrets import hash_secret, normalize_code


class WorkshopOver(AssessorError):
    """Something sent to a workshop that was closed."""

    template = N_("The workshop {name} is over, so this was not saved; copy your text if you want to keep it")
    exit_code = 2


class RemovedFromWorkshop(AssessorError):
    """Something sent by a respondent whom the facilitator has removed."""

    template = N_("The workshop leader has removed this phone; ask them if that was a mistake")
    exit_code = 2


class NoSuchWorkshop(AssessorError):
    """A name that no workshop has."""

    template = N_("No workshop is called {name!r} here; there is: {known}")
    exit_code = 2


class AmbiguousWorkshop(AssessorError):
    """A name that several workshops have, where one of them is to be erased."""

    template = N_("Several workshops are called {name!r}; give the code of the one that you mean: {known}")
    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class CollaborationProgress:
    """One listed collaboration as the facilitator sees it."""

    collaboration: Collaboration
    #: Respondents of the library's side who began, and who have nothing left to answer.
    begun: int
    finished: int
    #: What was shown of it; None before.
    revealed: RatingTally | None
    #: What the room agreed on; None before it began to.
    agreed_assessment: LoadedAssessment | None
    #: The party's own side; None before they began.
    party_assessment: LoadedAssessment | None
    #: What the room has settled, in the instrument's present version; None before it began to.
    settled: Responses | None
    instrument: Instrument

    @cached_property
    def settlement(self) -> RoomSettlement:
        """What is settled and what is left to talk about: the one truth about it for every page and document."""
        return settle_room(self.instrument, self.revealed, self.settled)

    @property
    def agreed(self) -> bool:
        """Whether the room has agreed."""
        return self.settlement.agreed


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopProgress:
    """A workshop and everybody's progress in it, without anybody's responses."""

    workshop: Workshop
    #: Those who joined and were not removed, of either side.
    respondents: tuple[Respondent, ...]
    collaborations: tuple[CollaborationProgress, ...]
    #: Collaborations that respondents brought along themselves.
    brought_along: int
    #: By respondent, the ids of the collaborations that they have finished.
    finished_by: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass
class RatingCache:
    """What is known of assessments by id, so that only those that changed are read again.

    A board asks for the progress again and again while a whole room answers; each caller has a cache of its own.
    """

    #: The last thing given in it, the rating, and whether nothing is left to answer.
    ratings: dict[str, tuple[int, Rating, bool]] = field(default_factory=dict)


class Workshops:
    """Reads the workshops of one store; tallies are made by one bank."""

    def __init__(self, store: Store, bank: Bank) -> None:
        self._store = store
        self._workshop_store = store.workshops
        self._bank = bank
        self._assessments = Assessments(store, "", bank)

    def list_all(self) -> tuple[Workshop, ...]:
        """All workshops, in the order they were opened."""
        return self._workshop_store.all()

    def get(self, id_: str) -> Workshop:
        """The workshop of an id, as it is now; raises `NotInStore`."""
        return self._workshop_store.get(id_)

    def find_by_name(self, name: str) -> Workshop | None:
        """The latest workshop of this name; None where there is none."""
        meant = canonical_name(name)
        return next((each for each in reversed(self.list_all()) if each.name == meant), None)

    def get_by_name(self, name: str) -> Workshop:
        """The latest workshop of this name; raises `NoSuchWorkshop`."""
        found = self.find_by_name(name)
        if found is None:
            raise NoSuchWorkshop(
                name=escape_controls(name), known=format_names([each.name for each in self.list_all()])
            )
        return found

    def get_named(self, name: str) -> Workshop:
        """The only workshop of this name, or the one with this code; for what erases.

        Raises `NoSuchWorkshop`, or `AmbiguousWorkshop` where several have the name.
        """
        meant = canonical_name(name)
        same = [each for each in self.list_all() if each.name == meant]
        if len(same) > 1:
            known = [f"{local_day(each.opened).isoformat()}: {each.code}" for each in same]
            raise AmbiguousWorkshop(name=escape_controls(name), known=", ".join(known))
        by_code = None if same else self.find_by_code(name)
        return by_code or self.get_by_name(name)

    def find_by_code(self, typed: str) -> Workshop | None:
        """The workshop with this code, as somebody typed it, also a closed one; None for an unknown code."""
        return self._workshop_store.find_by_code(normalize_code(typed))

    def find_by_secret(self, secret: str) -> Workshop | None:
        """The workshop whose unspent facilitator's secret this is; None for an unknown or spent one."""
        return self._workshop_store.find_by_secret(hash_secret(secret))

    def facilitated_with(self, token: str) -> Workshop | None:
        """The workshop that a browser with this token leads; None for an unknown token."""
        return self._workshop_store.find_by_facilitator_token(hash_secret(token))

    def shown_with(self, token: str) -> Workshop | None:
        """The workshop whose board a machine with this token shows; None for an unknown or withdrawn token."""
        return self._workshop_store.find_by_screen_token(hash_secret(token))

    def respondent_of_token(self, token: str) -> tuple[Respondent, Workshop] | None:
        """The respondent with this token and their workshop; None for an unknown token, or one who was removed."""
        found = self._workshop_store.respondent_by_token(hash_secret(token))
        workshop = self.get(found.workshop) if found else None
        return (found, workshop) if found and workshop and found.id not in workshop.removed else None

    def removed_from(self, token: str) -> Workshop | None:
        """The workshop that the respondent with this token was removed from; None for all others."""
        found = self._workshop_store.respondent_by_token(hash_secret(token))
        workshop = self.get(found.workshop) if found else None
        return workshop if found and workshop and found.id in workshop.removed else None

    def on_paper(self, workshop: Workshop) -> frozenset[str]:
        """The ids of respondents who answer on paper."""
        return self._workshop_store.paper_respondent_ids(workshop.id) - workshop.removed

    def progress(self, id_: str, known: RatingCache | None = None) -> WorkshopProgress:
        """A workshop and everybody's progress; with `known`, only what changed since it was filled is read."""
        workshop = self.get(id_)
        respondents = tuple(each for each in self._workshop_store.respondents(id_) if each.id not in workshop.removed)
        sides = {each.id: each.side for each in respondents}
        progress = self._progress_rows(workshop, known or RatingCache(), sides)
        listed = tuple(self._collaboration_progress(workshop, each, progress, sides) for each in workshop.listed)
        own = {of for of, _who, _done, _id in progress if of not in workshop.listed}
        finished_by: dict[str, frozenset[str]] = defaultdict(frozenset)
        for of, who, done, _id in progress:
            finished_by[who] |= {of} if done else set()
        return WorkshopProgress(
            workshop=workshop,
            respondents=respondents,
            collaborations=listed,
            brought_along=len(own),
            finished_by=finished_by,
        )

    def told(self, id_: str) -> WorkshopProgress:
        """A workshop as its board shows it, without who is in it or how far they are: it reads nobody's responses."""
        workshop = self.get(id_)
        listed = tuple(self._collaboration_progress(workshop, each, (), {}) for each in workshop.listed)
        return WorkshopProgress(workshop=workshop, respondents=(), collaborations=listed, brought_along=0)

    def _progress_rows(
        self, workshop: Workshop, known: RatingCache, sides: Mapping[str, Side]
    ) -> list[tuple[str, str, bool, str]]:
        """Collaboration, respondent, whether finished, and assessment, for each in which something was given."""
        begun = [each for each in self._workshop_store.entry_counts(workshop.id) if each[3] and each[2] in sides]
        self._refresh_ratings(known, {id_: seq for id_, _of, _who, seq in begun})
        return [(collaboration, who, known.ratings[id_][2], id_) for id_, collaboration, who, _seq in begun]

    def _refresh_ratings(self, known: RatingCache, last: Mapping[str, int]) -> None:
        """Read the assessments again whose last entry is another; `last` is its number, by assessment."""
        stale = [id_ for id_, seq in last.items() if id_ not in known.ratings or known.ratings[id_][0] != seq]
        for opened in self._assessments.load_all(self._store.assessment(id_, condensed=True) for id_ in stale):
            id_ = opened.assessment.id
            known.ratings[id_] = (last[id_], _rating_of(opened), opened.finished)

    def _collaboration_progress(
        self,
        workshop: Workshop,
        collaboration: str,
        progress: Iterable[tuple[str, str, bool, str]],
        sides: Mapping[str, Side],
    ) -> CollaborationProgress:
        """Count one collaboration's rows by side; of several by the party, the latest stands."""
        here = [each for each in progress if each[0] == collaboration]
        ours = [done for _of, who, done, _id in here if sides[who] == "us"]
        theirs = [id_ for _of, who, _done, id_ in here if sides[who] == "them"]
        agreed = self._load_optional(workshop.agreed.get(collaboration))
        return CollaborationProgress(
            collaboration=self._store.collaboration(collaboration),
            begun=len(ours),
            finished=sum(ours),
            revealed=revealed_tally(workshop, collaboration),
            agreed_assessment=agreed,
            party_assessment=self._load_optional(theirs[-1] if theirs else None),
            settled=responses_today(agreed, self._bank) if agreed else None,
            instrument=self._bank.instrument,
        )

    def _load_optional(self, assessment: str | None) -> LoadedAssessment | None:
        return self._assessments.load(self._store.assessment(assessment, condensed=True)) if assessment else None

    def disclosure(self, workshop: Workshop, subject: str) -> Disclosure:
        """What has been told of a collaboration or a written case, and whom it counted."""
        if subject not in workshop.revealed:
            return Disclosure()
        act, told = self._workshop_store.latest_act(workshop.id, "counted", subject), workshop.revealed[subject]
        return parse_disclosure(act.value, parse_tally(told)) if act else told_of_unknown_raters(parse_tally(told))

    def collaboration_ballots(self, workshop: Workshop, collaboration: str, told: Disclosure) -> RoomBallots:
        """What the library's side gave on a collaboration, now and as `told` counted it; for counting, never shown."""
        given: dict[str, Assessment] = {}
        for each in self._store.assessments_in_workshop(workshop.id):
            if each.collaboration.id == collaboration:
                given.setdefault(each.respondent, each)
        histories = {
            who: self._ballots_by_version(each, told.counted.get(rater_label(who), ())) for who, each in given.items()
        }
        return self._room_ballots(workshop, histories)

    def _ballots_by_version(self, assessment: Assessment, counted: Iterable[int]) -> dict[int, Ballot]:
        """The ballots of one assessment as it is now and as it was counted; empty where nothing was responded."""
        entries = [entry for entry in assessment.history if entry.kind in ("response", "gut")]
        last = max((entry.seq for entry in entries), default=NOT_COUNTED)
        states = {
            version: current_state(entry for entry in entries if entry.seq <= version) for version in {last, *counted}
        }
        return {
            version: ballot_of(self._bank.instrument, Rating(rater="", responses=state.responses, gut=state.gut))
            if state.responses
            else {}
            for version, state in states.items()
            if version != NOT_COUNTED
        }

    def case_ballots(self, workshop: Workshop, case: str) -> RoomBallots:
        """Where the room placed a written case; "don't know" counts as unsettled."""
        categories = (*self._bank.instrument.placements, UNSETTLED)
        placed = workshop.cases.get(case, {}).items()
        found = {who: placement if placement in categories else UNSETTLED for who, placement in placed}
        histories = {who: {categories.index(category) + 1: {PLACEMENT: category}} for who, category in found.items()}
        return self._room_ballots(workshop, histories)

    def _room_ballots(self, workshop: Workshop, histories: Mapping[str, Mapping[int, Ballot]]) -> RoomBallots:
        """Ballots by rater and version, of those who are on the library's side; the last version is the present one."""
        on_paper = self._workshop_store.paper_respondent_ids(workshop.id)
        ours = [each.id for each in self._workshop_store.respondents(workshop.id) if each.side == "us"]
        standings, ballots = {}, {}
        for who in ours:
            found, rater = histories.get(who, {}), rater_label(who)
            last = max(found, default=NOT_COUNTED)
            counts = who not in workshop.removed and bool(found.get(last))
            standings[rater] = RaterVersion(version=last if counts else NOT_COUNTED, own=who not in on_paper)
            ballots.update({(rater, version): ballot for version, ballot in found.items()})
        return RoomBallots(standings=standings, ballots=ballots)


def rater_label(respondent: str) -> str:
    """What stands for a respondent in what a telling counted; it leads nowhere once the respondent is erased."""
    return hash_secret(respondent)[:16]


def refuse_closed(workshop: Workshop) -> None:
    """Raise `WorkshopOver` for a closed workshop."""
    if workshop.closed:
        raise WorkshopOver(name=escape_controls(workshop.name))


def _rating_of(loaded: LoadedAssessment) -> Rating:
    assessment = loaded.assessment
    return Rating(rater=assessment.respondent, responses=loaded.responses, gut=assessment.gut)
