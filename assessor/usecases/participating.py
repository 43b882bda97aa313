"""What those who join a workshop do: join, respond, go on with another phone. Nothing here asks or prints.

A respondent has no account: a token in one browser's cookie is all that identifies them, and the store holds only its
digest. There are two sides. "us" are the library's people, who respond on what is listed and on what they bring along
themselves; "them" is the other party of one collaboration, invited by a link of its own.

Each call commits before it returns, and decides within the transaction in which it writes: what is told as saved was
saved before the workshop was closed. A call repeated with the same key changes nothing, also after the workshop was
closed: a phone that was offline may send once more what was saved in time, and must not be told that it was not.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assessor.bank import Bank
from assessor.core.responses import Assessment, Collaboration
from assessor.core.steering import people_lacking, steering_order
from assessor.core.wording import Wording
from assessor.core.workshop import Respondent, Side, Workshop, takes_responses
from assessor.errors import N_, AssessorError
from assessor.local_time import local_day
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.store.errors import KeyReused, NotInStore
from assessor.store.workshop_store import own_library_name
from assessor.usecases.assessments import Assessments, LoadedAssessment, new_key
from assessor.usecases.one_transaction import in_one_transaction
from assessor.usecases.workshop_secrets import (
    hash_return_code,
    hash_secret,
    new_return_code,
    new_secret,
    normalize_return_code,
)
from assessor.usecases.workshops import RemovedFromWorkshop, WorkshopOver, Workshops


class WorkshopLocked(AssessorError):
    """Somebody new who joins after the workshop was locked."""

    template = N_("The workshop {name} is not letting anyone else in; ask the workshop leader to open the door again")
    exit_code = 2


class CaseAlreadyRevealed(AssessorError):
    """A written case placed after the room was shown how it placed it."""

    template = N_("The room has already seen where this case stands, so your placement was not counted")
    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedCollaboration:
    """A collaboration that a respondent may respond on, with their assessment; None before they began."""

    collaboration: Collaboration
    loaded: LoadedAssessment | None
    #: Whether they brought it along themselves.
    own: bool = False
    #: How many more people have to answer before the room may be told anything of it; 0 for one of their own.
    lacking: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing that can move its placement is left to answer."""
        return self.loaded is not None and self.loaded.finished

    @property
    def answering(self) -> bool:
        """Whether any question was answered, and not all that can move its placement."""
        return self.loaded is not None and bool(self.loaded.responses) and not self.finished


def _refuse_over(workshop: Workshop, side: Side) -> None:
    """Raise `WorkshopOver` where a side may answer no more."""
    if not takes_responses(workshop, side, local_day(datetime.now(UTC))):
        raise WorkshopOver(name=escape_controls(workshop.name))


class Participation:
    """Takes part in the workshops of one store; new assessments are asked by one bank."""

    def __init__(self, store: Store, bank: Bank) -> None:
        self._store = store
        self._workshop_store = store.workshops
        self._bank = bank
        self._assessments = Assessments(store, "", bank)
        self._workshops = Workshops(store, bank)

    @in_one_transaction
    def join(
        self, workshop: Workshop, *, name: str, language: str, key: str, side: Side = "us", collaboration: str = ""
    ) -> tuple[Respondent, str]:
        """A respondent and their new token; the same key gives the same respondent, whose earlier token stops working.

        The other party joins for one `collaboration`, also while the workshop is locked. So may somebody who has joined
        before, unless the facilitator removed them. Raises `WorkshopOver` or `WorkshopLocked`.
        """
        self._workshop_store.hold(workshop.id)
        workshop = self._workshops.get(workshop.id)
        _refuse_over(workshop, side)
        known = self._workshop_store.respondent_by_key(workshop.id, key)
        if (known and known.id in workshop.removed) or (workshop.locked and side == "us" and not known):
            raise WorkshopLocked(name=escape_controls(workshop.name))
        token = new_secret()
        joined = self._workshop_store.join(
            workshop.id, name=name, side=side, language=language, token=hash_secret(token), key=key
        )
        if collaboration and self._begun_before(joined, collaboration) is None:
            if known:
                raise KeyReused()  # they joined for another collaboration
            self._begin_new(joined, collaboration)
        return joined, token

    @in_one_transaction
    def accept_invitation(self, secret: str, *, name: str, language: str, key: str) -> tuple[Respondent, str] | None:
        """Join for the other party that a link invites, as `join`; None for an unknown or replaced link."""
        invitation = self._workshop_store.find_invitation(hash_secret(secret))
        if invitation is None:
            return None
        self._workshop_store.hold(invitation[0].id)  # and look again, as it may have been replaced meanwhile
        if self._workshop_store.find_invitation(hash_secret(secret)) is None:
            return None
        workshop, collaboration = invitation
        return self.join(workshop, name=name, language=language, key=key, side="them", collaboration=collaboration)

    def new_link(self, respondent: str) -> str:
        """The secret of a link by which a respondent goes on with another phone, once."""
        secret = new_secret()
        self._workshop_store.set_link(respondent, hash_secret(secret))
        return secret

    def respondent_of_link(self, secret: str) -> Respondent | None:
        """The respondent a link belongs to; None for a link that opens nothing."""
        found = self._workshop_store.respondent_by_link(hash_secret(secret))
        return found if found and found.id not in self._workshops.get(found.workshop).removed else None

    def follow_link(self, secret: str) -> tuple[Respondent, str] | None:
        """Spend a link: its respondent and a new token; the earlier token stops working. None for an unknown link."""
        token = new_secret()

        def follow() -> Respondent | None:
            found = self._workshop_store.respondent_by_token(hash_secret(token))  # where this is run again
            if found or self.respondent_of_link(secret) is None:
                return found
            return self._workshop_store.spend_link(hash_secret(secret), hash_secret(token))

        found = self._store.run_in_transaction(follow)
        return (found, token) if found else None

    def holder_of(self, digest: str) -> Respondent | None:
        """The respondent in one of whose browsers the token with this digest is; None for an unknown or ended one."""
        found = self._workshop_store.respondent_by_token(digest) if digest else None
        return found if found and found.id not in self._workshops.get(found.workshop).removed else None

    @in_one_transaction
    def hand_over(self, digest: str) -> tuple[Respondent, str] | None:
        """A respondent and a new token in place of the one with this digest; None as `holder_of`, and again."""
        known = self.holder_of(digest)
        if known:
            self._workshop_store.hold(known.workshop)  # and look again: of two who come at once, one goes on
        found = self.holder_of(digest)
        if found is None:
            return None
        self._end_token(found, digest)
        return found, self._let_in_one_more(found)

    def _end_token(self, respondent: Respondent, digest: str) -> None:
        self._workshop_store.record_act(respondent.workshop, "device", respondent.id, digest[:16], "", key=new_key())
        self._workshop_store.replace_token(digest, hash_secret(new_secret()))

    def _let_in_one_more(self, respondent: Respondent) -> str:
        """A token for one browser more; the others stay."""
        token = new_secret()
        digest = hash_secret(token)
        self._workshop_store.record_act(
            respondent.workshop, "device", respondent.id, digest[:16], digest, key=new_key()
        )
        return token

    def leave(self, token: str) -> None:
        """End the token of one browser, and a link that was made: what its respondent gave stays.

        One who has gone on with another phone meanwhile stays there.
        """
        digest = hash_secret(token)
        found = self._workshop_store.respondent_by_token(digest)
        if found:
            self._workshop_store.record_act(found.workshop, "device", found.id, digest[:16], "", key=new_key())
        self._workshop_store.replace_token(digest, hash_secret(new_secret()))

    @in_one_transaction
    def new_return_code(self, respondent: Respondent, key: str) -> str:
        """Three words by which a respondent comes back on any device; earlier ones open nothing."""
        self._workshop_store.hold(respondent.workshop)
        code = new_return_code()
        known = self._workshop_store.act_by_key(respondent.workshop, key, "returning", respondent.id)
        digest = hash_return_code(respondent.workshop, code)
        self._workshop_store.record_act(
            respondent.workshop, "returning", respondent.id, "", digest, key=new_key() if known else key
        )
        return code

    @in_one_transaction
    def come_back(self, workshop: Workshop, typed: str) -> tuple[Respondent, str] | None:
        """The respondent of a return code and a token for one device more, the others stay; None for a wrong code."""
        code = normalize_return_code(typed)
        self._workshop_store.hold(workshop.id)
        found = self._workshop_store.respondent_by_return_code(hash_return_code(workshop.id, code))
        if found is None or found.id in self._workshops.get(workshop.id).removed:
            return None
        return found, self._let_in_one_more(found)

    def find_invitation(self, secret: str) -> tuple[Workshop, Collaboration] | None:
        """The workshop and the collaboration that a link invites the other party to; None for an unknown link."""
        invitation = self._workshop_store.find_invitation(hash_secret(secret))
        return (invitation[0], self._store.collaboration(invitation[1])) if invitation else None

    def set_language(self, respondent: str, language: str) -> None:
        """Set the language of a respondent's pages."""
        self._workshop_store.set_language(respondent, language)

    def offered_collaborations(self, respondent: Respondent) -> tuple[OfferedCollaboration, ...]:
        """What a respondent may respond on: what is listed, then what they brought along.

        The other party is offered only the collaboration that it was invited for.
        """
        mine = {
            each.collaboration.id: each for each in self._store.assessments_by_respondent(respondent.id, condensed=True)
        }
        if respondent.side == "them":
            opened = (self._assessments.load(each) for each in mine.values())
            theirs = (self._from_their_side(respondent, each) for each in opened)
            return tuple(
                OfferedCollaboration(collaboration=each.assessment.collaboration, loaded=each) for each in theirs
            )
        listed = [self._store.collaboration(id_) for id_ in self._workshops.get(respondent.workshop).listed]
        own = self._store.collaborations(own_library_name(respondent.id))
        return (
            *(self._make_offered(each, mine.get(each.id)) for each in listed),
            *(self._make_offered(each, mine.get(each.id), own=True) for each in own),
        )

    def by_need(
        self, respondent: Respondent, offered: tuple[OfferedCollaboration, ...]
    ) -> tuple[OfferedCollaboration, ...]:
        """What is offered, in the order in which this respondent is led to it, what they have finished last.

        Their own comes after what the room answers together.
        """
        if respondent.side == "them":
            return offered
        listed = {each.collaboration.id: each for each in offered if not each.own}
        at_least = self._workshops.get(respondent.workshop).at_least
        answering = self._workshop_store.answering_counts(respondent.workshop)
        order = steering_order(
            tuple(listed),
            answering,
            at_least,
            begun={id_ for id_, each in listed.items() if each.answering},
            joined_before=self._workshop_store.joined_before(respondent.id),
        )
        told = (replace(listed[id_], lacking=people_lacking(answering.get(id_, 0), at_least)) for id_ in order)
        own = (each for each in offered if each.own)
        return tuple(sorted((*told, *own), key=lambda each: each.finished))

    def _make_offered(
        self, collaboration: Collaboration, assessment: Assessment | None, *, own: bool = False
    ) -> OfferedCollaboration:
        loaded = self._assessments.load(assessment) if assessment else None
        return OfferedCollaboration(collaboration=collaboration, loaded=loaded, own=own)

    @in_one_transaction
    def bring_collaboration(self, respondent: Respondent, party: str, undertaking: str) -> Collaboration:
        """Add a collaboration of the respondent's own, which nobody else sees; raises `WorkshopOver`."""
        self._share_open(respondent.workshop, respondent.id)
        return self._store.add_collaboration(own_library_name(respondent.id), party, undertaking)

    @in_one_transaction
    def begin(self, respondent: Respondent, collaboration: str) -> LoadedAssessment:
        """Their assessment of a collaboration, the one begun before if there is one; raises `NotInStore`.

        The other party has one from the moment it joins, and begins no other. Raises `WorkshopOver` for a new one after
        the end.
        """
        before = self._begun_before(respondent, collaboration)
        if before is None:  # hold the one who begins, and look again: a form sent twice begins one assessment
            self._workshop_store.share(respondent.workshop)
            self._workshop_store.hold_respondent(respondent.id)
            before = self._begun_before(respondent, collaboration)
        if before is None and respondent.side == "them":
            raise NotInStore(name=escape_controls(collaboration))
        return before or self._begin_new(respondent, collaboration)

    def _begun_before(self, respondent: Respondent, collaboration: str) -> LoadedAssessment | None:
        """Their assessment of this collaboration; None before they began one."""
        given = self._store.assessments_by_respondent(respondent.id, condensed=True)
        found = next((each for each in given if each.collaboration.id == collaboration), None)
        return self._from_their_side(respondent, self._assessments.load(found)) if found else None

    def _from_their_side(self, respondent: Respondent, opened: LoadedAssessment) -> LoadedAssessment:
        """The assessment with the other party's items and words, where the bank has them.

        An assessment of another version is left as it is: the party's items are those of today's bank only.
        """
        if respondent.side == "us" or not self._bank.has_party_side:
            return opened
        if opened.instrument.digest != self._bank.instrument.digest:
            return opened
        return replace(opened, sides=self._bank.sides, wording_in=self._party_wording)

    def _party_wording(self, language: str) -> Wording:
        return self._bank.party_wording(self._bank.nearest_language(language))

    def _begin_new(self, respondent: Respondent, collaboration: str) -> LoadedAssessment:
        """Begin on what is listed or their own; raises `NotInStore` for others, as ids come from a form."""
        self._share_open(respondent.workshop, respondent.id)
        workshop = self._workshops.get(respondent.workshop)
        found = self._store.collaboration(collaboration)
        own = found.library == own_library_name(respondent.id)
        if not own and (found.id not in workshop.listed or found.library != workshop.library):
            raise NotInStore(name=escape_controls(collaboration))
        return self._assessments.begin(found, respondent.id)

    def load_own(self, respondent: Respondent, assessment: str) -> LoadedAssessment:
        """One of their own assessments; raises `NotInStore`, also for another's."""
        found = self._store.assessment(assessment, condensed=True)
        if found.respondent != respondent.id:
            raise NotInStore(name=escape_controls(assessment))
        return self._from_their_side(respondent, self._assessments.load(found))

    @in_one_transaction
    def respond(
        self, workshop: Workshop, opened: LoadedAssessment, step: str, value: str, key: str
    ) -> LoadedAssessment:
        """Store what was given to a step.

        Raises `WorkshopOver` or `RemovedFromWorkshop` unless it was stored before.
        """
        self._share_open_for(workshop, opened.assessment, key)
        return self._assessments.respond(opened, step, value, key)

    @in_one_transaction
    def record_note(
        self, workshop: Workshop, opened: LoadedAssessment, item: str, text: str, key: str
    ) -> LoadedAssessment:
        """Store a note; raises as `respond`."""
        self._share_open_for(workshop, opened.assessment, key)
        return self._assessments.record_note(opened, item, text, key)

    @in_one_transaction
    def choose_quotation(
        self, workshop: Workshop, opened: LoadedAssessment, item: str, quoted: bool | None, key: str
    ) -> LoadedAssessment:
        """Store whether a note may stand in the workshop's report; raises as `respond`."""
        self._share_open_for(workshop, opened.assessment, key)
        return self._assessments.choose_quotation(opened, item, quoted, key)

    def _share_open_for(self, workshop: Workshop, assessment: Assessment, key: str) -> None:
        """As `_share_open`, but what was stored under the key before may be sent again."""
        try:
            self._share_open(workshop.id, assessment.respondent)
        except (WorkshopOver, RemovedFromWorkshop):
            if self._store.entry_by_key(assessment.id, key) is None:
                raise

    def _share_open(self, workshop: str, respondent: str) -> None:
        """Until the transaction ends, the workshop is neither closed nor the respondent removed; others share it too.

        Raises `WorkshopOver` or `RemovedFromWorkshop`.
        """
        self._workshop_store.share(workshop)
        ended = self._workshop_store.ending_acts(workshop, respondent=respondent)
        if "closed" in ended:
            _refuse_over(self._workshops.get(workshop), self._workshop_store.respondent(respondent).side)
        if "removed" in ended:
            raise RemovedFromWorkshop()

    @in_one_transaction
    def place_case(self, workshop: Workshop, respondent: str, case: str, placement: str, key: str) -> None:
        """Record where a respondent places a written case, until the room was shown it.

        Raises `WorkshopOver`, `RemovedFromWorkshop` or `CaseAlreadyRevealed`, unless it was recorded before.
        """
        self._workshop_store.hold(workshop.id)
        if self._workshop_store.act_by_key(workshop.id, key, "case", respondent, case) is None:
            self._share_open(workshop.id, respondent)
            if "revealed" in self._workshop_store.ending_acts(workshop.id, case=case):
                raise CaseAlreadyRevealed()
        self._workshop_store.record_act(workshop.id, "case", respondent, case, placement, key=key)
