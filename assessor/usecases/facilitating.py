"""What the facilitator of a workshop does: open it, lead it, reveal, agree, close, erase. Nothing here asks or prints.

A workshop in the store is a list of acts (listed, revealed, agreed, locked …), and its state follows from the latest
act of each kind and subject; an empty value withdraws. Each call commits before it returns. A call repeated with the
same key changes nothing. Whoever decides by the state of a workshop holds it first, so that it is the state in which
the act falls: nothing that was called saved is missing from what a closing or a reveal shows.

Revealing is where respondents are protected: what is told, and told again, is decided by `core.disclosure` alone.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from assessor.bank import Bank
from assessor.core import raters
from assessor.core.disclosure import (
    Disclosure,
    RoomBallots,
    dump_disclosure,
    is_waiting,
    next_disclosure,
    paper_counted,
)
from assessor.core.raters import RatingTally
from assessor.core.responses import Collaboration
from assessor.core.workshop import (
    DEFAULT_MIN_RATERS,
    DEFAULT_RETENTION_DAYS,
    MIN_RATERS,
    Respondent,
    Stage,
    Workshop,
)
from assessor.errors import N_, AssessorError
from assessor.local_time import local_day
from assessor.safe_text import escape_controls
from assessor.store import Erasure, Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import Assessments, LoadedAssessment, change_names, new_key
from assessor.usecases.one_transaction import in_one_transaction
from assessor.usecases.workshop_banks import bank_acts
from assessor.usecases.workshop_secrets import hash_secret, new_code, new_secret
from assessor.usecases.workshops import Workshops, refuse_closed

#: How long after it a closing can be undone.
REOPENED_WITHIN: Final = timedelta(days=1)

#: The value of an act that has none of its own.
YES: Final = "yes"


class TooFewRaters(AssessorError):
    """A tally of so few raters that it would reveal who answered what."""

    template = N_(
        "Fewer than {at_least} people have answered for {name} themselves (paper that you enter "
        "does not count), so showing the answers would reveal who answered what; wait for more, "
        "or talk about it without the figures"
    )
    exit_code = 2


class TooFewChanged(AssessorError):
    """A tally that differs from the revealed one by the responses of too few raters."""

    template = N_(
        "So few answers about {name} have changed since it was shown that an update would "
        "reveal whose they are, so the picture stays as it was; wait for more"
    )
    exit_code = 2


class MinimumTooLow(AssessorError):
    """A minimum of raters below the one that always holds."""

    template = N_("Answers from fewer than {least} people are never shown; choose {least} or more")
    exit_code = 2


class ThresholdPromised(AssessorError):
    """A number of people said after somebody was told how many must have answered."""

    template = N_(
        "Somebody has joined and was told that answers are shown once {at_least} people have answered, "
        "so that number can change no more"
    )
    exit_code = 2


class DayTooLate(AssessorError):
    """A last day of answering after which answers may be gone."""

    template = N_("By then answers may be erased; choose a day no later than {latest}")
    exit_code = 2


#: From how many people on a room can spare those who do not answer something, and still hide who gave what.
LARGE_ROOM: Final = 8


def threshold_for(people: int) -> int:
    """The fewest whose answers a room of so many is shown together; never under `MIN_RATERS`."""
    return DEFAULT_MIN_RATERS if people >= LARGE_ROOM else MIN_RATERS


class TooLateToReopen(AssessorError):
    """A workshop that was closed too long ago."""

    template = N_("{name} was closed more than a day ago, so it stays closed; open a new workshop instead")
    exit_code = 2


class Facilitation:
    """Leads the workshops of one store; new assessments are asked by one bank."""

    def __init__(self, store: Store, bank: Bank) -> None:
        self._store = store
        self._workshop_store = store.workshops
        self._bank = bank
        self._assessments = Assessments(store, "", bank)
        self._workshops = Workshops(store, bank)

    def open(
        self,
        library: str,
        name: str,
        collaborations: Iterable[str] = (),
        *,
        days: int = DEFAULT_RETENTION_DAYS,
        at_least: int = DEFAULT_MIN_RATERS,
    ) -> tuple[Workshop, str]:
        """A new workshop on these collaborations, and the secret by which one browser comes to lead it.

        Raises `MinimumTooLow`. `days` and `at_least` are promises to those who join, and never change afterwards.
        """
        if at_least < MIN_RATERS:
            raise MinimumTooLow(least=MIN_RATERS)
        secret = new_secret()
        with self._store.transaction():
            self._store.add_library(library)
            opened = self._workshop_store.add(library, name, new_code(), hash_secret(secret))
            self._record_act(opened.id, "days", value=str(days))
            self._record_act(opened.id, "at_least", value=str(at_least))
            for fact, value in bank_acts(self._store, self._bank).items():
                self._record_act(opened.id, "bank", item=fact, value=value)
            for collaboration in collaborations:
                self._record_act(opened.id, "listed", collaboration)
        return self._workshops.get(opened.id), secret

    def renew_secret(self, workshop: str) -> str:
        """Replace the facilitator's secret and return the new one; the old one opens nothing."""
        secret = new_secret()
        self._workshop_store.set_secret(workshop, hash_secret(secret))
        return secret

    def redeem_secret(self, secret: str) -> tuple[Workshop, str] | None:
        """Spend a secret: its workshop, and a token for the browser that may lead it now too.

        None for a secret that is unknown or spent. Only digests of both are stored.
        """
        token, next_secret, key = new_secret(), new_secret(), new_key()

        def redeem() -> Workshop | None:
            workshop = self._workshop_store.spend_secret(hash_secret(secret), hash_secret(next_secret))
            if workshop:
                self._record_act(workshop.id, "led", item=browser_id(token), value=hash_secret(token), key=key)
            return workshop

        workshop = self._store.run_in_transaction(redeem)
        return (workshop, token) if workshop else None

    def _hold(self, workshop: str) -> Workshop:
        """The workshop as it is and stays until the transaction ends; raises `NotInStore`."""
        self._workshop_store.hold(workshop)
        return self._workshops.get(workshop)

    def _record_act(
        self, workshop: str, kind: str, subject: str = "", item: str = "", value: str = YES, key: str = ""
    ) -> None:
        """Store one act; an empty value withdraws an earlier one."""
        self._workshop_store.record_act(workshop, kind, subject, item, value, key=key or new_key())

    @in_one_transaction
    def put_on_list(self, workshop: Workshop, collaborations: Iterable[str]) -> None:
        """List more of the library's collaborations, for everybody in the workshop to respond on."""
        listed = self._hold(workshop.id).listed
        for collaboration in collaborations:
            if collaboration not in listed:
                self._record_act(workshop.id, "listed", collaboration)

    @in_one_transaction
    def add_collaboration(self, workshop: Workshop, party: str, undertaking: str, key: str) -> Collaboration:
        """List a collaboration with this party, which is added to the library if it is new."""
        self._workshop_store.hold(workshop.id)
        collaboration = self._store.add_collaboration(workshop.library, party, undertaking)
        self._record_act(workshop.id, "listed", collaboration.id, key=key)
        return collaboration

    @in_one_transaction
    def expect_people(self, workshop: str, people: int, key: str) -> None:
        """Record how many are expected, which sets the threshold; raises `ThresholdPromised` once somebody joined."""
        now = self._hold(workshop)
        refuse_closed(now)
        on_paper = self._workshops.on_paper(now)
        if any(each.id not in on_paper for each in self._workshop_store.respondents(workshop)):
            raise ThresholdPromised(at_least=now.at_least)
        self._record_act(workshop, "expected", value=str(people), key=key)
        self._record_act(workshop, "at_least", value=str(threshold_for(people)), key=f"{key}-at-least")

    @in_one_transaction
    def set_last_day(self, workshop: str, whose: str, day: date, key: str) -> None:
        """Record until when everybody, or the invited parties (`INVITED`), may answer; phones show the day.

        Raises `DayTooLate` for a day on which answers may be erased already.
        """
        now = self._hold(workshop)
        latest = local_day(datetime.now(UTC)) + timedelta(days=now.days - 1)
        if day > latest:
            raise DayTooLate(latest=latest.isoformat())
        self._record_act(workshop, "until", item=whose, value=day.isoformat(), key=key)

    @in_one_transaction
    def rename(self, workshop: Workshop, collaboration: str, party: str, undertaking: str) -> None:
        """Rename a listed collaboration of the library's, for everybody."""
        self._workshop_store.hold(workshop.id)
        change_names(self._store, workshop.library, self._store.collaboration(collaboration), party, undertaking)

    @in_one_transaction
    def take_off_list(self, workshop: Workshop, collaboration: str, key: str) -> None:
        """List a collaboration no more; what was given on it is kept, and counts again once it is listed again."""
        if collaboration in self._hold(workshop.id).listed:
            self._record_act(workshop.id, "listed", collaboration, value="", key=key)

    @in_one_transaction
    def move_last(self, workshop: Workshop, collaboration: str, key: str) -> None:
        """Put a listed collaboration at the end of the list."""
        if collaboration in self._hold(workshop.id).listed:
            self._list_last(workshop.id, collaboration, key)

    @in_one_transaction
    def move_first(self, workshop: Workshop, collaboration: str, key: str) -> None:
        """Put a listed collaboration at the head of the list: all others go behind it, in their order."""
        listed = self._hold(workshop.id).listed
        for other in listed if collaboration in listed else ():
            if other != collaboration:
                self._list_last(workshop.id, other, f"{key}-{other}")

    def _list_last(self, workshop: str, collaboration: str, key: str) -> None:
        self._record_act(workshop, "listed", collaboration, value="", key=f"{key}-off")
        self._record_act(workshop, "listed", collaboration, key=key)

    def set_stage(self, workshop: str, stage: Stage, subject: str = "", *, key: str) -> None:
        """Choose what the board shows; `subject` is the id of a collaboration or a written case."""
        self._record_act(workshop, "stage", item=subject, value=stage, key=key)

    @in_one_transaction
    def reveal(self, workshop: Workshop, collaboration: str, *, key: str) -> RatingTally:
        """Reveal how the room places a collaboration now; raises `TooFewRaters` or `TooFewChanged`."""
        workshop = self._hold(workshop.id)
        before = self._workshops.disclosure(workshop, collaboration)
        room = self._workshops.collaboration_ballots(workshop, collaboration, before)
        return self._reveal_subject(workshop, collaboration, before, room, key)

    @in_one_transaction
    def reveal_case(self, workshop: Workshop, case: str, name: str, *, key: str) -> RatingTally:
        """Reveal where the room places a written case, called `name`; raises `TooFewRaters` or `TooFewChanged`."""
        workshop = self._hold(workshop.id)
        before = self._workshops.disclosure(workshop, case)
        return self._reveal_subject(workshop, case, before, self._workshops.case_ballots(workshop, case), key, name)

    def _reveal_subject(
        self, workshop: Workshop, subject: str, before: Disclosure, room: RoomBallots, key: str, name: str = ""
    ) -> RatingTally:
        """Reveal a tally, or return the one that was revealed under the same key before."""
        known = self._workshop_store.act_by_key(workshop.id, key, "revealed", subject)
        if known:
            return raters.parse_tally(known.value)
        now = next_disclosure(before, room, workshop.at_least)
        if not now.counted:
            raise TooFewRaters(at_least=workshop.at_least, name=self._escaped_name(subject, name))
        if now == before and is_waiting(now, room):
            raise TooFewChanged(name=self._escaped_name(subject, name))
        return self._record_disclosure(workshop, subject, now, room, key)

    def _escaped_name(self, subject: str, name: str) -> str:
        return escape_controls(name or self._store.collaboration(subject).name)

    def _record_disclosure(
        self, workshop: Workshop, subject: str, told: Disclosure, room: RoomBallots, key: str
    ) -> RatingTally:
        """Store what is told of a subject, and whom it counts."""
        tally = raters.tally_from_counts(self._bank.instrument, told.counts, paper_counted(told, room))
        self._record_act(workshop.id, "counted", subject, value=dump_disclosure(told), key=f"{key}-counted")
        self._record_act(workshop.id, "revealed", subject, value=raters.dump_tally(tally), key=key)
        return tally

    @in_one_transaction
    def begin_agreed(self, workshop: Workshop, collaboration: str, key: str) -> LoadedAssessment:
        """The assessment that records what the room agrees on, begun if needed; it is the library's own."""
        agreed = self._hold(workshop.id).agreed
        if collaboration in agreed:
            return self._assessments.load(self._store.assessment(agreed[collaboration], condensed=True))
        opened = self._assessments.begin(self._store.collaboration(collaboration))
        self._record_act(workshop.id, "agreed", collaboration, value=opened.assessment.id, key=key)
        return opened

    def load_entered(self, workshop: Workshop, assessment: str) -> LoadedAssessment:
        """An assessment that the facilitator enters: what is agreed on, or paper; raises `NotInStore` for others.

        Paper only until the end: it is somebody's own answers.
        """
        entered = self._store.assessment(assessment, condensed=True)
        on_paper = () if workshop.closed else self._workshops.on_paper(workshop)
        if entered.id not in workshop.agreed.values() and entered.respondent not in on_paper:
            raise NotInStore(name=escape_controls(assessment))
        return self._assessments.load(entered)

    def add_dissent(self, workshop: str, collaboration: str, text: str, key: str) -> None:
        """Record how somebody disagrees with what the room agreed on, and why."""
        self._record_act(workshop, "dissent", collaboration, key, text, key)

    def drop_dissent(self, workshop: str, collaboration: str, dissent: str, key: str) -> None:
        """Withdraw a dissent."""
        self._record_act(workshop, "dissent", collaboration, dissent, "", key)

    @in_one_transaction
    def add_step(self, workshop: str, collaboration: str, what: str, who: str, when: str, key: str) -> None:
        """Record something to be done about a collaboration, by whom and when."""
        for part, text in (("what", what), ("who", who), ("when", when)):
            self._record_act(workshop, "step", collaboration, f"{key}.{part}", text, f"{key}.{part}")

    @in_one_transaction
    def drop_step(self, workshop: str, collaboration: str, step: str, key: str) -> None:
        """Withdraw a step, in all its parts."""
        self._record_act(workshop, "step", collaboration, f"{step}.what", "", key)
        for part in ("who", "when"):
            self._record_act(workshop, "step", collaboration, f"{step}.{part}", "", f"{key}.{part}")

    @in_one_transaction
    def invite_party(self, workshop: str, collaboration: str, key: str) -> str:
        """The secret of a new link for the collaboration's other party; earlier links stop working."""
        self._workshop_store.hold(workshop)
        secret = new_secret()
        # A form sent twice shows a second secret, and only that one is known: it has to be the one that works.
        key = new_key() if self._workshop_store.act_by_key(workshop, key, "invited", collaboration) else key
        self._record_act(workshop, "invited", collaboration, value=hash_secret(secret), key=key)
        return secret

    @in_one_transaction
    def show_both_sides(self, workshop: str, collaborations: Collection[str], key: str) -> None:
        """Choose which of the invited parties are shown both sides' responses after the end, and which are not."""
        now = self._hold(workshop)
        for collaboration in sorted(now.invited & {*collaborations} ^ now.both_sides):
            shown = YES if collaboration in collaborations else ""
            self._record_act(workshop, "both_sides", collaboration, value=shown, key=f"{key}-{collaboration}")

    def set_locked(self, workshop: str, locked: bool, key: str) -> None:
        """Lock the workshop for newcomers, or unlock it; those who have joined may always come back."""
        self._record_act(workshop, "locked", value=YES if locked else "", key=key)

    @in_one_transaction
    def enrol_on_paper(self, workshop: Workshop, *, name: str, language: str, key: str) -> Respondent:
        """Add a respondent who answers on paper, also while the workshop is locked; raises `WorkshopOver`."""
        refuse_closed(self._hold(workshop.id))
        return self._workshop_store.join(workshop.id, name=name, side="us", language=language, token="", key=key)

    @in_one_transaction
    def remove_respondent(self, workshop: str, respondent: str, key: str) -> None:
        """Stop counting a respondent's responses and lock them out; raises `WorkshopOver`."""
        refuse_closed(self._hold(workshop))
        self._record_act(workshop, "removed", respondent, key=key)

    def stop_leading(self, workshop: str, token: str) -> None:
        """End the token of one browser that leads; others go on."""
        self._record_act(workshop, "led", item=browser_id(token), value="")

    def _withdraw_browsers(self, workshop: Workshop, but: str) -> None:
        """End all that lets somebody lead: the unspent secret, and every browser's token except the one `but`."""
        self._workshop_store.set_secret(workshop.id, hash_secret(new_secret()))
        for browser in workshop.browsers:
            if browser != (browser_id(but) if but else ""):
                self._record_act(workshop.id, "led", item=browser, value="")

    @in_one_transaction
    def close(self, workshop: str, key: str, token: str = "") -> None:
        """Close the workshop: it takes no more responses, and its report can be made.

        The tallies that the report may show are stored now: they outlive the raw responses, and every report is alike.
        Of the browsers that led it, only the one with `token` still reaches it, for the report and to erase it.
        """
        now = self._hold(workshop)
        if now.closed:
            return
        self._tell_finally(now)
        self._record_act(workshop, "closed", key=key)
        self._withdraw_browsers(now, but=token)

    @in_one_transaction
    def reopen(self, workshop: str, key: str, now: datetime) -> None:
        """Undo the closing within a day of it; raises `TooLateToReopen`.

        What was told stays told, and is told anew by the same rules only. Browsers that were withdrawn stay so.
        """
        held = self._hold(workshop)
        if held.closed is None:
            return
        if now - held.closed > REOPENED_WITHIN:
            raise TooLateToReopen(name=escape_controls(held.name))
        self._record_act(workshop, "closed", value="", key=key)

    @in_one_transaction
    def withdraw_other_browsers(self, workshop: str, token: str) -> None:
        """End every other browser's leading, and the unspent address; the one with `token` goes on."""
        self._withdraw_browsers(self._hold(workshop), but=token)

    def _tell_finally(self, workshop: Workshop) -> None:
        """Store what may be told of every subject at the end.

        What the room agreed on by a picture stays beside that picture: a late response would undo the agreement.
        """
        seen = self._workshops.progress(workshop.id).collaborations
        agreed = {each.collaboration.id for each in seen if each.agreed and each.revealed}
        for subject in (*workshop.listed, *workshop.cases):
            if subject in agreed:
                continue
            before = self._workshops.disclosure(workshop, subject)
            room = (
                self._workshops.case_ballots(workshop, subject)
                if subject in workshop.cases
                else self._workshops.collaboration_ballots(workshop, subject, before)
            )
            now = next_disclosure(before, room, workshop.at_least)
            if now != before:
                self._record_disclosure(workshop, subject, now, room, new_key())

    def erase(self, workshop: str) -> Erasure:
        """Erase a workshop with all that was agreed on in it; the library's collaborations stay."""
        return self._store.erase_workshop(workshop)


def browser_id(token: str) -> str:
    """What names a browser that leads: the start of its token's digest."""
    return hash_secret(token)[:16]
