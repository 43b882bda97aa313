"""What those who join a workshop do: join, respond, go on with another phone. Nothing here asks or prints.

A respondent has no account: a token in one browser's cookie is all that identifies them, and the store holds only its
digest. There are two sides. "us" are the library's people, who respond on what is listed and on what they bring along
themselves; "them" is the other party of one collaboration, invited by a link of its own.

Each call commits before it returns. A call repeated with the same key changes nothing, also after the workshop was
closed: a phone that was offline may send once more what was saved in time, and must not be told that it was not.
"""

from dataclasses import dataclass, replace

from assessor.bank import Bank
from assessor.core.responses import Assessment, Collaboration
from assessor.core.wording import Wording
from assessor.core.workshop import Respondent, Side, Workshop
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.store.workshop_store import own_library_name
from assessor.usecases.assessments import Assessments, LoadedAssessment
from assessor.usecases.workshop_secrets import hash_secret, new_secret
from assessor.usecases.workshops import WorkshopOver, Workshops, refuse_closed


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


class Participation:
    """Takes part in the workshops of one store; new assessments are asked by one bank."""

    def __init__(self, store: Store, bank: Bank) -> None:
        self._store = store
        self._workshop_store = store.workshops
        self._bank = bank
        self._assessments = Assessments(store, "", bank)
        self._workshops = Workshops(store, bank)

    def join(
        self, workshop: Workshop, *, name: str, language: str, key: str, side: Side = "us", collaboration: str = ""
    ) -> tuple[Respondent, str]:
        """A respondent and their new token; the same key gives the same respondent, whose earlier token stops working.

        The other party joins for one `collaboration`, also while the workshop is locked. So may somebody who has joined
        before, unless the facilitator removed them. Raises `WorkshopOver` or `WorkshopLocked`.
        """
        refuse_closed(workshop)
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
        found = self.respondent_of_link(secret)
        if found is None:
            return None
        token = new_secret()
        self._workshop_store.set_token(found.id, hash_secret(token))
        return found, token

    def leave(self, respondent: str) -> None:
        """End a respondent's token and link: no browser speaks for them any more, and what they gave stays."""
        self._workshop_store.set_token(respondent, hash_secret(new_secret()))

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

    def _make_offered(
        self, collaboration: Collaboration, assessment: Assessment | None, *, own: bool = False
    ) -> OfferedCollaboration:
        loaded = self._assessments.load(assessment) if assessment else None
        return OfferedCollaboration(collaboration=collaboration, loaded=loaded, own=own)

    def bring_collaboration(self, respondent: Respondent, party: str, undertaking: str) -> Collaboration:
        """Add a collaboration of the respondent's own, which nobody else sees; raises `WorkshopOver`."""
        refuse_closed(self._workshops.get(respondent.workshop))
        return self._store.add_collaboration(own_library_name(respondent.id), party, undertaking)

    def begin(self, respondent: Respondent, collaboration: str) -> LoadedAssessment:
        """Their assessment of a collaboration, the one begun before if there is one; raises `NotInStore`.

        The other party has one from the moment it joins, and begins no other. Raises `WorkshopOver` for a new one after
        the end.
        """
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
        workshop = self._workshops.get(respondent.workshop)
        refuse_closed(workshop)
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

    def respond(
        self, workshop: Workshop, opened: LoadedAssessment, step: str, value: str, key: str
    ) -> LoadedAssessment:
        """Store what was given to a step; raises `WorkshopOver` unless it was stored before the end."""
        if workshop.closed and self._store.entry_by_key(opened.assessment.id, key) is None:
            raise WorkshopOver(name=escape_controls(workshop.name))
        return self._assessments.respond(opened, step, value, key)

    def record_note(
        self, workshop: Workshop, opened: LoadedAssessment, item: str, text: str, key: str
    ) -> LoadedAssessment:
        """Store a note; raises `WorkshopOver` unless it was stored before the end."""
        if workshop.closed and self._store.entry_by_key(opened.assessment.id, key) is None:
            raise WorkshopOver(name=escape_controls(workshop.name))
        return self._assessments.record_note(opened, item, text, key)

    def place_case(self, workshop: Workshop, respondent: str, case: str, placement: str, key: str) -> None:
        """Record where a respondent places a written case, until the room was shown it.

        Raises `CaseAlreadyRevealed` or `WorkshopOver`, unless it was recorded before.
        """
        if self._workshop_store.act_by_key(workshop.id, key) is None:
            refuse_closed(workshop)
            if case in workshop.revealed:
                raise CaseAlreadyRevealed()
        self._workshop_store.record_act(workshop.id, "case", respondent, case, placement, key=key)
