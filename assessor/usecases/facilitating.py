"""What the facilitator of a workshop does: open, lead, show, agree, close, erase. Nothing here asks or prints.

Everything done is committed when a call returns, and counts once however often it is sent with the same key.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from assessor.core import raters
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
from assessor.safe_text import escape_controls
from assessor.store import Erasure, Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import Assessments, LoadedAssessment, new_key
from assessor.usecases.workshop_secrets import hash_secret, new_code, new_secret
from assessor.usecases.workshops import Workshops, refuse_closed

YES: Final = "yes"


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


class MinimumTooLow(AssessorError):
    """Fewer raters told together than are ever told."""

    template = N_("Answers of fewer than {least} are never shown together; choose {least} or more")
    exit_code = 2


class Facilitation:
    """Leading the workshops of one store; what is begun in them is asked by one bank."""

    def __init__(self, store: Store, bank_name: str) -> None:
        self._store = store
        self._workshop_store = store.workshops
        self._bank_name = bank_name
        self._assessments = Assessments(store, "", bank_name)
        self._workshops = Workshops(store, bank_name)

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
        return self._workshops.get(opened.id), secret

    def renew_secret(self, workshop: str) -> str:
        """Another secret for who leads it; the one before opens nothing."""
        secret = new_secret()
        self._workshop_store.set_secret(workshop, hash_secret(secret))
        return secret

    def redeem_secret(self, secret: str) -> tuple[Workshop, str] | None:
        """The workshop of a secret, which opens nothing again, and the token of the browser that leads it from now on.

        Other browsers go on leading it. None for a secret that opens nothing.
        """
        found = self._workshops.find_by_secret(secret)
        if found is None:
            return None
        token = new_secret()
        with self._store.transaction():
            self.record_act(found.id, "led", item=hash_secret(token)[:16], value=hash_secret(token))
            self._workshop_store.set_secret(found.id, hash_secret(new_secret()))
        return found, token

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
            workshop, collaboration, self._workshops.collaboration_picture(workshop, collaboration), name, key
        )

    def reveal_case(self, workshop: Workshop, case: str, name: str, *, key: str) -> RatingTally:
        """Show where the room places a written case, told by `name`; raises `TooFew` or `TooFewSince`."""
        return self._reveal_subject(workshop, case, self._workshops.case_picture(workshop, case), name, key)

    def _reveal_subject(self, workshop: Workshop, subject: str, now: RatingTally, name: str, key: str) -> RatingTally:
        before = self._workshop_store.act_by_key(workshop.id, key)
        if before:
            return raters.parse_tally(before.value)
        if now.raters < workshop.at_least:
            raise TooFewRaters(at_least=workshop.at_least, name=escape_controls(name))
        shown = self._workshops.revealed_picture(workshop, subject)
        if shown and raters.reveals_individuals(shown, now, workshop.at_least):
            raise TooFewChanged(name=escape_controls(name))
        self.record_act(workshop.id, "revealed", subject, value=raters.dump_tally(now), key=key)
        return now

    def begin_agreed(self, workshop: Workshop, collaboration: str, key: str) -> LoadedAssessment:
        """The assessment that holds what the room agrees on, begun where there is none; it is the library's own."""
        if collaboration in workshop.agreed:
            return self._assessments.load(self._store.assessment(workshop.agreed[collaboration]))
        with self._store.transaction():
            opened = self._assessments.begin(self._store.collaboration(collaboration))
            self.record_act(workshop.id, "agreed", collaboration, value=opened.assessment.id, key=key)
        return opened

    def load_entered(self, workshop: Workshop, assessment: str) -> LoadedAssessment:
        """What whoever leads a workshop enters: what the room agrees on, and paper; raises `NotKept` for all else."""
        found = self._store.assessment(assessment)
        if found.id not in workshop.agreed.values() and found.respondent not in self._workshops.on_paper(workshop):
            raise NotInStore(name=escape_controls(assessment))
        return self._assessments.load(found)

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

    def drop_step(self, workshop: str, collaboration: str, step: str, key: str) -> None:
        """A step is not to be taken after all."""
        self.record_act(workshop, "step", collaboration, f"{step}.what", "", key)

    def invite_party(self, workshop: str, collaboration: str, key: str) -> str:
        """The secret of a link for the collaboration's other party; an earlier link opens nothing any more."""
        secret = new_secret()
        # A page sent again shows another secret: it is that one that has to open, as the first is not known any more.
        key = new_key() if self._workshop_store.act_by_key(workshop, key) else key
        self.record_act(workshop, "invited", collaboration, value=hash_secret(secret), key=key)
        return secret

    def set_locked(self, workshop: str, locked: bool, key: str) -> None:
        """Let in nobody new, or let them in again."""
        self.record_act(workshop, "locked", value=YES if locked else "", key=key)

    def enrol_on_paper(self, workshop: Workshop, *, name: str, language: str, key: str) -> Respondent:
        """Somebody who answers on paper, entered by who leads the workshop, also when it is locked."""
        refuse_closed(workshop)
        joined = self._workshop_store.join(workshop.id, name=name, side="us", language=language, token="", key=key)
        self._workshop_store.set_token(joined.id, "")
        return joined

    def remove_respondent(self, workshop: str, respondent: str, key: str) -> None:
        """Somebody's responses count no more, and they are let in no more; not when it is over."""
        refuse_closed(self._workshops.get(workshop))
        self.record_act(workshop, "removed", respondent, key=key)

    def close(self, workshop: str, key: str) -> None:
        """Nothing more is taken; the report can be made.

        What it may tell in counts is kept as it is now: it outlives the raw responses, and no two reports differ.
        """
        now = self._workshops.get(workshop)
        if now.closed:
            return
        with self._store.transaction():
            for subject, told in self._final_pictures(now):
                self.record_act(workshop, "revealed", subject, value=raters.dump_tally(told))
            self.record_act(workshop, "closed", key=key)

    def _final_pictures(self, workshop: Workshop) -> Iterator[tuple[str, RatingTally]]:
        """By collaboration or written case, what is of enough raters and differs by enough from what was shown."""
        pictures = chain(
            ((each, self._workshops.collaboration_picture(workshop, each)) for each in workshop.listed),
            ((each, self._workshops.case_picture(workshop, each)) for each in workshop.cases),
        )
        for subject, now in pictures:
            shown = self._workshops.revealed_picture(workshop, subject)
            few_since = shown is not None and raters.reveals_individuals(shown, now, workshop.at_least)
            if now.raters >= workshop.at_least and not few_since:
                yield subject, now

    def erase(self, workshop: str) -> Erasure:
        """Everything of a workshop, what was agreed on in it included; the library's collaborations stay."""
        return self._store.erase_workshop(workshop)
