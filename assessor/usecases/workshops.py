"""The use cases of a workshop: open, join, respond, show, talk, agree, close, erase. Nothing here asks or prints.

Everything done is committed when a call returns, and counts once however often it is sent with the same key.
What participants gave leaves here in counts alone, and never for so few that one can be told from another.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from assessor.bank import Bank
from assessor.core import raters
from assessor.core.raters import Rating, RatingTally
from assessor.core.responses import Assessment, Collaboration
from assessor.core.wording import Wording
from assessor.core.workshop import (
    DEFAULT_MIN_RATERS,
    DEFAULT_RETENTION_DAYS,
    MIN_RATERS,
    Respondent,
    Side,
    Stage,
    Workshop,
)
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.store import Erasure, Store
from assessor.store.errors import NotInStore
from assessor.store.workshop_store import own_library_name
from assessor.usecases.assessments import Assessments, LoadedAssessment, new_key

#: Letters and digits that are not taken for one another; a code is seven of them.
CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
_CODE_LENGTH: Final = 7

YES: Final = "yes"

#: A clock that is further on than this since anything was last done is not trusted to erase by itself.
_MOST_CLOCK_JUMP: Final = timedelta(days=366)


class WorkshopOver(AssessorError):
    """Something given to a workshop that was closed."""

    template = N_("The workshop {name} is over, so this was not saved; copy your text if you want to keep it")
    exit_code = 2


class WorkshopLocked(AssessorError):
    """Somebody who comes after the door was shut."""

    template = N_("The workshop {name} takes in no more; ask who leads it to open it again")
    exit_code = 2


class TooFewRaters(AssessorError):
    """A picture of so few raters that each could be told from the others."""

    template = N_(
        "Fewer than {at_least} have answered for {name}, so showing it would show who answered what; "
        "wait for more, or talk about it without the figures"
    )
    exit_code = 2


class TooFewChanged(AssessorError):
    """A picture that differs from the one shown by what a few raters gave."""

    template = N_(
        "So few answers to {name} have changed since it was shown that the change would show whose they are, "
        "so what was shown stays; wait for more"
    )
    exit_code = 2


class CaseAlreadyRevealed(AssessorError):
    """A written case placed after the room was shown how it placed it."""

    template = N_("The room has been shown this case already, so your place for it was not counted")
    exit_code = 2


class MinimumTooLow(AssessorError):
    """Fewer raters told together than are ever told."""

    template = N_("Answers of fewer than {least} are never shown together; choose {least} or more")
    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedCollaboration:
    """A collaboration that a respondent may respond on, with their assessment; None before they began."""

    collaboration: Collaboration
    loaded: LoadedAssessment | None
    #: Whether they brought it along themselves.
    own: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationProgress:
    """One listed collaboration as who leads the workshop sees it."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopProgress:
    """A workshop and everybody's progress in it, without anybody's responses."""

    workshop: Workshop
    #: Those who joined and were not removed, of either side.
    respondents: tuple[Respondent, ...]
    collaborations: tuple[CollaborationProgress, ...]
    #: Collaborations that respondents brought along themselves.
    brought_along: int


@dataclass
class RatingCache:
    """What is known of assessments by id, so that only what changed is read again."""

    #: The last thing given in it, the rating, and whether nothing is left to answer.
    ratings: dict[str, tuple[int, Rating, bool]] = field(default_factory=dict)


def hash_secret(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """128 bits that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """A room code; not a secret."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(_CODE_LENGTH))


def normalize_code(typed: str) -> str:
    """A code as it was meant: without blanks and hyphens, in capitals."""
    return "".join(letter for letter in typed.upper() if letter not in " -–")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Workshops:
    """The workshops in one store; what is begun in them is asked by one bank."""

    def __init__(self, store: Store, bank: Bank, clock: Callable[[], datetime] = _utc_now) -> None:
        self._store = store
        self._workshop_store = store.workshops
        self._bank = bank
        self._clock = clock
        self._assessments = Assessments(store, "", bank)

    # What who leads it does

    def open(
        self,
        library: str,
        name: str,
        collaborations: Iterable[str] = (),
        *,
        days: int = DEFAULT_RETENTION_DAYS,
        at_least: int = DEFAULT_MIN_RATERS,
    ) -> tuple[Workshop, str]:
        """A new workshop of a library with some of its collaborations, and the secret of who leads it."""
        if at_least < MIN_RATERS:
            raise MinimumTooLow(least=MIN_RATERS)
        secret = new_secret()
        with self._store.transaction():
            self._store.add_library(library)
            opened = self._workshop_store.add(library, name, new_code(), hash_secret(secret))
            self.record_act(opened.id, "days", value=str(days))
            self.record_act(opened.id, "at_least", value=str(at_least))
            for collaboration in collaborations:
                self.record_act(opened.id, "listed", collaboration)
        return self.get(opened.id), secret

    def list_all(self) -> tuple[Workshop, ...]:
        """In the order they were opened."""
        return self._workshop_store.all()

    def get(self, id_: str) -> Workshop:
        """One as it stands; raises `NotKept`."""
        return self._workshop_store.get(id_)

    def find_by_name(self, name: str) -> Workshop:
        """The latest of this name; raises `NotKept`."""
        for each in reversed(self.list_all()):
            if each.name == name:
                return each
        raise NotInStore(name=escape_controls(name))

    def find_open_by_code(self, typed: str) -> Workshop | None:
        """The one with this code, if it goes on."""
        found = self.find_by_code(typed)
        return found if found and not found.closed else None

    def find_by_code(self, typed: str) -> Workshop | None:
        """The one with this code, also when it is over."""
        return self._workshop_store.find_by_code(normalize_code(typed))

    def find_by_secret(self, secret: str) -> Workshop | None:
        """The one that this secret leads."""
        return self._workshop_store.find_by_secret(hash_secret(secret))

    def renew_secret(self, workshop: str) -> str:
        """Another secret for who leads it; the one before opens nothing."""
        secret = new_secret()
        self._workshop_store.set_secret(workshop, hash_secret(secret))
        return secret

    def redeem_secret(self, secret: str) -> tuple[Workshop, str] | None:
        """The workshop of a secret, which opens nothing again, and the token of the browser that leads it from now on.

        Other browsers go on leading it. None for a secret that opens nothing.
        """
        found = self.find_by_secret(secret)
        if found is None:
            return None
        token = new_secret()
        with self._store.transaction():
            self.record_act(found.id, "led", item=hash_secret(token)[:16], value=hash_secret(token))
            self._workshop_store.set_secret(found.id, hash_secret(new_secret()))
        return found, token

    def facilitated_with(self, token: str) -> Workshop | None:
        """The workshop that a browser with this token leads; None for a token that opens nothing."""
        return self._workshop_store.find_by_facilitator_token(hash_secret(token))

    def record_act(
        self, workshop: str, kind: str, subject: str = "", item: str = "", value: str = YES, key: str = ""
    ) -> None:
        """Keep one act; an empty value withdraws what was done before."""
        self._workshop_store.record_act(workshop, kind, subject, item, value, key=key or new_key())

    def add_collaboration(self, workshop: Workshop, party: str, undertaking: str, key: str) -> Collaboration:
        """A collaboration of the library for everybody in the room, new or already there."""
        with self._store.transaction():
            found = self._store.add_collaboration(workshop.library, party, undertaking)
            self.record_act(workshop.id, "listed", found.id, key=key)
        return found

    def set_stage(self, workshop: str, stage: Stage, subject: str = "", *, key: str) -> None:
        """What the board shows from now on; `subject` is a collaboration or a written case."""
        self.record_act(workshop, "stage", item=subject, value=stage, key=key)

    def reveal(self, workshop: Workshop, collaboration: str, *, key: str) -> RatingTally:
        """Show what the room makes of a collaboration, as it is now; raises `TooFew` or `TooFewSince`."""
        name = self._store.collaboration(collaboration).name
        return self._reveal_subject(
            workshop, collaboration, self.collaboration_picture(workshop, collaboration), name, key
        )

    def reveal_case(self, workshop: Workshop, case: str, name: str, *, key: str) -> RatingTally:
        """Show where the room places a written case, told by `name`; raises `TooFew` or `TooFewSince`."""
        return self._reveal_subject(workshop, case, self.case_picture(workshop, case), name, key)

    def _reveal_subject(self, workshop: Workshop, subject: str, now: RatingTally, name: str, key: str) -> RatingTally:
        before = self._workshop_store.act_by_key(workshop.id, key)
        if before:
            return raters.parse_tally(before.value)
        if now.raters < workshop.at_least:
            raise TooFewRaters(at_least=workshop.at_least, name=escape_controls(name))
        shown = self.revealed_picture(workshop, subject)
        if shown and raters.reveals_individuals(shown, now, workshop.at_least):
            raise TooFewChanged(name=escape_controls(name))
        self.record_act(workshop.id, "revealed", subject, value=raters.dump_tally(now), key=key)
        return now

    def revealed_picture(self, workshop: Workshop, subject: str) -> RatingTally | None:
        """What was shown of a collaboration or a written case; None before."""
        text = workshop.revealed.get(subject)
        return raters.parse_tally(text) if text else None

    def begin_agreed(self, workshop: Workshop, collaboration: str, key: str) -> LoadedAssessment:
        """The assessment that holds what the room agrees on, begun where there is none; it is the library's own."""
        if collaboration in workshop.agreed:
            return self._assessments.load(self._store.assessment(workshop.agreed[collaboration]))
        with self._store.transaction():
            opened = self._assessments.begin(self._store.collaboration(collaboration))
            self.record_act(workshop.id, "agreed", collaboration, value=opened.assessment.id, key=key)
        return opened

    def add_dissent(self, workshop: str, collaboration: str, text: str, key: str) -> None:
        """What somebody sees otherwise than the room agreed, and why."""
        self.record_act(workshop, "dissent", collaboration, key, text, key)

    def drop_dissent(self, workshop: str, collaboration: str, dissent: str, key: str) -> None:
        """What was kept as a dissent counts no more."""
        self.record_act(workshop, "dissent", collaboration, dissent, "", key)

    def add_step(self, workshop: str, collaboration: str, what: str, who: str, when: str, key: str) -> None:
        """Something to be done about a collaboration, by whom and when."""
        with self._store.transaction():
            for part, text in (("what", what), ("who", who), ("when", when)):
                self.record_act(workshop, "step", collaboration, f"{key}.{part}", text, f"{key}.{part}")

    def invite_party(self, workshop: str, collaboration: str, key: str) -> str:
        """The secret of a link for the collaboration's other party; an earlier link opens nothing any more."""
        secret = new_secret()
        # A page sent again shows another secret: it is that one that has to open, as the first is not known any more.
        key = new_key() if self._workshop_store.act_by_key(workshop, key) else key
        self.record_act(workshop, "invited", collaboration, value=hash_secret(secret), key=key)
        return secret

    def remove_respondent(self, workshop: str, respondent: str, key: str) -> None:
        """Somebody's responses count no more, and they are let in no more; not when it is over."""
        self._refuse_closed(self.get(workshop))
        self.record_act(workshop, "removed", respondent, key=key)

    def close(self, workshop: str, key: str) -> None:
        """Nothing more is taken; the report can be made.

        What it may tell in counts is kept as it is now: it outlives the raw responses, and no two reports differ.
        """
        now = self.get(workshop)
        if now.closed:
            return
        with self._store.transaction():
            for subject, told in self._final_pictures(now):
                self.record_act(workshop, "revealed", subject, value=raters.dump_tally(told))
            self.record_act(workshop, "closed", key=key)

    def _final_pictures(self, workshop: Workshop) -> Iterator[tuple[str, RatingTally]]:
        """By collaboration or written case, what is of enough raters and differs by enough from what was shown."""
        pictures = chain(
            ((each, self.collaboration_picture(workshop, each)) for each in workshop.listed),
            ((each, self.case_picture(workshop, each)) for each in workshop.cases),
        )
        for subject, now in pictures:
            shown = self.revealed_picture(workshop, subject)
            few_since = shown is not None and raters.reveals_individuals(shown, now, workshop.at_least)
            if now.raters >= workshop.at_least and not few_since:
                yield subject, now

    def erase(self, workshop: str) -> Erasure:
        """Everything of a workshop, what was agreed on in it included; the library's collaborations stay."""
        return self._store.erase_workshop(workshop)

    def due_for_erasure(self) -> tuple[Workshop, ...]:
        """Closed workshops whose raw responses are past their days."""
        now = self._clock()
        return tuple(
            each
            for each in self.list_all()
            if each.closed
            and now >= each.closed + timedelta(days=each.days)
            and self._workshop_store.respondents(each.id)
        )

    def is_clock_plausible(self) -> bool:
        """Whether the clock goes on from where it was: not before what was kept last, nor more than a year after."""
        newest, now = self._workshop_store.latest_activity(), self._clock()
        return newest is None or newest <= now <= newest + _MOST_CLOCK_JUMP

    def expire(self, workshop: str) -> Erasure:
        """Everybody who joined and their responses; what the room agreed on stays."""
        return self._store.erase_all_respondents(workshop)

    # What those who join do

    def join(
        self, workshop: Workshop, *, name: str, language: str, key: str, side: Side = "us", collaboration: str = ""
    ) -> tuple[Respondent, str]:
        """A respondent and their token; with the same key the same respondent, whose token before is dead.

        The other party joins for one `collaboration`, also when the room is locked. Who has joined already comes in
        then too, unless who leads it has removed them.
        """
        self._refuse_closed(workshop)
        known = self._workshop_store.respondent_id_by_key(workshop.id, key)
        if known in workshop.removed or (workshop.locked and side == "us" and not known):
            raise WorkshopLocked(name=escape_controls(workshop.name))
        token = new_secret()
        with self._store.transaction():
            joined = self._workshop_store.join(
                workshop.id, name=name, side=side, language=language, token=hash_secret(token), key=key
            )
            if collaboration and self._begun_before(joined, collaboration) is None:
                self._begin_new(joined, collaboration)
        return joined, token

    def enrol_on_paper(self, workshop: Workshop, *, name: str, language: str, key: str) -> Respondent:
        """Somebody who answers on paper, entered by who leads the workshop, also when it is locked."""
        self._refuse_closed(workshop)
        joined = self._workshop_store.join(workshop.id, name=name, side="us", language=language, token="", key=key)
        self._workshop_store.set_token(joined.id, "")
        return joined

    def respondent_of_token(self, token: str) -> tuple[Respondent, Workshop] | None:
        """Whose token it is, and of which workshop; None for a token that opens nothing."""
        found = self._workshop_store.respondent_by_token(hash_secret(token))
        workshop = self.get(found.workshop) if found else None
        return (found, workshop) if found and workshop and found.id not in workshop.removed else None

    def removed_from(self, token: str) -> Workshop | None:
        """The workshop that somebody with this token was removed from by who leads it; None for all others."""
        found = self._workshop_store.respondent_by_token(hash_secret(token))
        workshop = self.get(found.workshop) if found else None
        return workshop if found and workshop and found.id in workshop.removed else None

    def new_link(self, respondent: str) -> str:
        """The secret of a link by which they go on with another phone, once."""
        secret = new_secret()
        self._workshop_store.set_link(respondent, hash_secret(secret))
        return secret

    def respondent_of_link(self, secret: str) -> Respondent | None:
        """Whose link it is; looking changes nothing. None for a link that opens nothing."""
        found = self._workshop_store.respondent_by_link(hash_secret(secret))
        return found if found and found.id not in self.get(found.workshop).removed else None

    def follow_link(self, secret: str) -> tuple[Respondent, str] | None:
        """The respondent of a link and a new token; the token before and the link are dead."""
        found = self.respondent_of_link(secret)
        if found is None:
            return None
        token = new_secret()
        self._workshop_store.set_token(found.id, hash_secret(token))
        return found, token

    def find_invitation(self, secret: str) -> tuple[Workshop, Collaboration] | None:
        """The workshop and the collaboration that a link invites the other party to."""
        found = self._workshop_store.find_invitation(hash_secret(secret))
        return (found[0], self._store.collaboration(found[1])) if found else None

    def set_language(self, respondent: str, language: str) -> None:
        """The language of their pages."""
        self._workshop_store.set_language(respondent, language)

    def offered_collaborations(self, respondent: Respondent) -> tuple[OfferedCollaboration, ...]:
        """What they may respond on: what is listed, then what they brought along; the other party only their own."""
        mine = {each.collaboration.id: each for each in self._store.assessments_by_respondent(respondent.id)}
        if respondent.side == "them":
            opened = (self._assessments.load(each) for each in mine.values())
            theirs = (self._from_their_side(respondent, each) for each in opened)
            return tuple(
                OfferedCollaboration(collaboration=each.assessment.collaboration, loaded=each) for each in theirs
            )
        listed = [self._store.collaboration(id_) for id_ in self.get(respondent.workshop).listed]
        own = self._store.collaborations(own_library_name(respondent.id))
        return (
            *(self._make_offered(each, mine.get(each.id)) for each in listed),
            *(self._make_offered(each, mine.get(each.id), own=True) for each in own),
        )

    def _make_offered(
        self, collaboration: Collaboration, given: Assessment | None, *, own: bool = False
    ) -> OfferedCollaboration:
        opened = self._assessments.load(given) if given else None
        return OfferedCollaboration(collaboration=collaboration, loaded=opened, own=own)

    def bring_collaboration(self, respondent: Respondent, party: str, undertaking: str) -> Collaboration:
        """A collaboration of their own; nobody else in the room sees it."""
        self._refuse_closed(self.get(respondent.workshop))
        return self._store.add_collaboration(own_library_name(respondent.id), party, undertaking)

    def begin(self, respondent: Respondent, collaboration: str) -> LoadedAssessment:
        """Their assessment of a collaboration, the one begun before if there is one; raises `NotKept`.

        The other party has one from the moment it joins, and begins no other.
        """
        before = self._begun_before(respondent, collaboration)
        if before is None and respondent.side == "them":
            raise NotInStore(name=escape_controls(collaboration))
        return before or self._begin_new(respondent, collaboration)

    def _begun_before(self, respondent: Respondent, collaboration: str) -> LoadedAssessment | None:
        given = self._store.assessments_by_respondent(respondent.id)
        found = next((each for each in given if each.collaboration.id == collaboration), None)
        return self._from_their_side(respondent, self._assessments.load(found)) if found else None

    def _from_their_side(self, respondent: Respondent, opened: LoadedAssessment) -> LoadedAssessment:
        """The other party is asked what it can tell, in words from its side, where the bank has them."""
        if respondent.side == "us" or not self._bank.has_party_side:
            return opened
        if opened.instrument.digest != self._bank.instrument.digest:
            return opened
        return replace(opened, sides=self._bank.sides, wording_in=self._party_wording)

    def _party_wording(self, language: str) -> Wording:
        return self._bank.party_wording(self._bank.nearest_language(language))

    def _begin_new(self, respondent: Respondent, collaboration: str) -> LoadedAssessment:
        workshop = self.get(respondent.workshop)
        self._refuse_closed(workshop)
        found = self._store.collaboration(collaboration)
        own = found.library == own_library_name(respondent.id)
        if not own and (found.id not in workshop.listed or found.library != workshop.library):
            raise NotInStore(name=escape_controls(collaboration))
        return self._assessments.begin(found, respondent.id)

    def load_own(self, respondent: Respondent, assessment: str) -> LoadedAssessment:
        """One of their own assessments; raises `NotKept`, also for another's."""
        found = self._store.assessment(assessment)
        if found.respondent != respondent.id:
            raise NotInStore(name=escape_controls(assessment))
        return self._from_their_side(respondent, self._assessments.load(found))

    def load_entered(self, workshop: Workshop, assessment: str) -> LoadedAssessment:
        """What whoever leads a workshop enters: what the room agrees on, and paper; raises `NotKept` for all else."""
        found = self._store.assessment(assessment)
        if found.id not in workshop.agreed.values() and found.respondent not in self.on_paper(workshop):
            raise NotInStore(name=escape_controls(assessment))
        return self._assessments.load(found)

    def on_paper(self, workshop: Workshop) -> frozenset[str]:
        """Those who never had a phone of their own here."""
        return self._workshop_store.paper_respondent_ids(workshop.id) - workshop.removed

    def respond(
        self, workshop: Workshop, opened: LoadedAssessment, step: str, value: str, key: str
    ) -> LoadedAssessment:
        """Keep what was given to a step; raises `WorkshopOver` unless it was kept before the end."""
        if workshop.closed and self._store.entry_by_key(opened.assessment.id, key) is None:
            raise WorkshopOver(name=escape_controls(workshop.name))
        return self._assessments.respond(opened, step, value, key)

    def record_note(
        self, workshop: Workshop, opened: LoadedAssessment, item: str, text: str, key: str
    ) -> LoadedAssessment:
        """Keep a note; raises `WorkshopOver` unless it was kept before the end."""
        if workshop.closed and self._store.entry_by_key(opened.assessment.id, key) is None:
            raise WorkshopOver(name=escape_controls(workshop.name))
        return self._assessments.record_note(opened, item, text, key)

    def place_case(self, workshop: Workshop, respondent: str, case: str, placement: str, key: str) -> None:
        """Where a respondent would place a written case, until the room was shown it.

        Raises `CaseShown` or `WorkshopOver` unless it was kept before.
        """
        if self._workshop_store.act_by_key(workshop.id, key) is None:
            self._refuse_closed(workshop)
            if case in workshop.revealed:
                raise CaseAlreadyRevealed()
        self.record_act(workshop.id, "case", respondent, case, placement, key)

    def _refuse_closed(self, workshop: Workshop) -> None:
        if workshop.closed:
            raise WorkshopOver(name=escape_controls(workshop.name))

    # What is seen of the room

    def progress(self, id_: str, known: RatingCache | None = None) -> WorkshopProgress:
        """A workshop and everybody's progress; with `known`, only what changed since is read."""
        workshop = self.get(id_)
        respondents = tuple(each for each in self._workshop_store.respondents(id_) if each.id not in workshop.removed)
        sides = {each.id: each.side for each in respondents}
        progress = self._progress_rows(workshop, known or RatingCache(), sides)
        listed = tuple(self._collaboration_progress(workshop, each, progress, sides) for each in workshop.listed)
        own = {of for of, _who, _done, _id in progress if of not in workshop.listed}
        return WorkshopProgress(
            workshop=workshop, respondents=respondents, collaborations=listed, brought_along=len(own)
        )

    def _progress_rows(
        self, workshop: Workshop, known: RatingCache, sides: Mapping[str, Side]
    ) -> list[tuple[str, str, bool, str]]:
        """Collaboration, respondent, whether finished, and assessment, for each in which something was given."""
        begun = [each for each in self._workshop_store.entry_counts(workshop.id) if each[3] and each[2] in sides]
        self._refresh_ratings(known, {id_: seq for id_, _of, _who, seq in begun})
        return [(of, who, known.ratings[id_][2], id_) for id_, of, who, _seq in begun]

    def _refresh_ratings(self, known: RatingCache, last: Mapping[str, int]) -> None:
        """Read those again in which something was given since; `last` is by assessment."""
        stale = [id_ for id_, seq in last.items() if id_ not in known.ratings or known.ratings[id_][0] != seq]
        for opened in self._assessments.load_all(map(self._store.assessment, stale)):
            id_ = opened.assessment.id
            known.ratings[id_] = (last[id_], _rating_of(opened), opened.finished)

    def _collaboration_progress(
        self,
        workshop: Workshop,
        collaboration: str,
        progress: Iterable[tuple[str, str, bool, str]],
        sides: Mapping[str, Side],
    ) -> CollaborationProgress:
        here = [each for each in progress if each[0] == collaboration]
        ours = [done for _of, who, done, _id in here if sides[who] == "us"]
        theirs = [id_ for _of, who, _done, id_ in here if sides[who] == "them"]
        return CollaborationProgress(
            collaboration=self._store.collaboration(collaboration),
            begun=len(ours),
            finished=sum(ours),
            revealed=self.revealed_picture(workshop, collaboration),
            agreed_assessment=self._load_optional(workshop.agreed.get(collaboration)),
            party_assessment=self._load_optional(theirs[-1] if theirs else None),
        )

    def _load_optional(self, assessment: str | None) -> LoadedAssessment | None:
        return self._assessments.load(self._store.assessment(assessment)) if assessment else None

    def ratings(self, workshop: Workshop, collaboration: str) -> tuple[Rating, ...]:
        """What each of the library's side gave on a collaboration; for counting, never for showing."""
        counted = {
            each.id for each in self._workshop_store.respondents(workshop.id) if each.side == "us"
        } - workshop.removed
        given = self._store.assessments_in_workshop(workshop.id)
        mine = (
            each
            for each in given
            if each.collaboration.id == collaboration and each.respondent in counted and each.responses
        )
        return tuple(map(_rating_of, self._assessments.load_all(mine)))

    def case_picture(self, workshop: Workshop, case: str) -> RatingTally:
        """Where the room places a written case now, in counts."""
        given = [placement for who, placement in workshop.cases.get(case, {}).items() if who not in workshop.removed]
        counts = {each: given.count(each) for each in self._bank.instrument.placements if each in given}
        return RatingTally(raters=len(given), placements=counts, unsettled=len(given) - sum(counts.values()))

    def collaboration_picture(self, workshop: Workshop, collaboration: str) -> RatingTally:
        """What the room makes of a collaboration now, in counts, by the bank as it is now."""
        return raters.tally_ratings(self._bank.instrument, self.ratings(workshop, collaboration))


def _rating_of(opened: LoadedAssessment) -> Rating:
    given = opened.assessment
    return Rating(rater=given.respondent, responses=opened.responses, gut=given.gut)
