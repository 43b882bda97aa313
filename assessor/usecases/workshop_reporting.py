"""What a closed workshop's report and data are made from: the room in the store. Nothing here asks or prints."""

from dataclasses import replace
from datetime import timedelta

from assessor import __version__, bank
from assessor.core.raters import Concordance, Picture, common, concordances
from assessor.core.responses import Responses
from assessor.core.scoring import assess
from assessor.core.sides import compared, shared_gains, turned, win_win
from assessor.core.workshop_findings import Agreed, Findings, Note, OtherSide, PlacedCase, Subject
from assessor.errors import N_, AssessorError
from assessor.exchange.workshop_document import Raw, workshop_bytes
from assessor.presentation.workshop_report import WorkshopReport
from assessor.safe_text import safe
from assessor.store import Store
from assessor.usecases.assessments import Opened
from assessor.usecases.reporting import carried, today
from assessor.usecases.workshops import Seen, Workshops


class StillOpen(AssessorError):
    """The report of a workshop that goes on."""

    template = N_(
        "The workshop {name} is still going on, and its report tells what it came to; "
        "close it first, on the board or with: assessor workshop close NAME"
    )
    exit_code = 2


def workshop_report(store: Store, workshop_id: str, bank_name: str, language: str) -> WorkshopReport:
    """The report of a workshop that is closed; raises `NotKept` or `StillOpen`."""
    return WorkshopReport(
        findings=_Reading(store, workshop_id, bank_name).findings(),
        cases={case.id: case.text for case in bank.calibration(bank_name, language)},
        instrument=bank.load(bank_name),
        wording=bank.wording(bank_name, language),
        language=language,
        made=today(),
        program=__version__,
    )


def workshop_json(store: Store, workshop_id: str, bank_name: str, *, raw: bool = False) -> bytes:
    """The data of a workshop that is closed, as `exchange.workshops` tells; raises `NotKept` or `StillOpen`.

    With `raw`, also what each rater gave, which tells them apart.
    """
    reading = _Reading(store, workshop_id, bank_name)
    return workshop_bytes(reading.instrument, reading.findings(), reading.raw() if raw else None)


class _Reading:
    """One reading of a workshop."""

    def __init__(self, store: Store, workshop_id: str, bank_name: str) -> None:
        self.rooms, self.bank = Workshops(store, bank_name), bank_name
        self.workshop = self.rooms.get(workshop_id)
        if self.workshop.closed is None:
            raise StillOpen(name=safe(self.workshop.name))
        self.closed = self.workshop.closed.date()
        self.instrument = bank.load(bank_name)
        self.sides = bank.sides(bank_name) if bank.has_party(bank_name) else None
        self.ways = bank.migrations(bank_name)
        self.room = self.rooms.room(workshop_id)
        self.raters = frozenset(each.id for each in self.room.respondents if each.side == "us")
        given = store.assessments_in(workshop_id)
        self.given = tuple(each for each in given if each.respondent in self.raters)

    def findings(self) -> Findings:
        """What the workshop came to."""
        kept_until = self.closed + timedelta(days=self.workshop.days)
        return Findings(
            workshop=self.workshop,
            closed=self.closed,
            kept_until=kept_until if self.room.respondents else None,
            joined=len(self.raters),
            own=self.room.own,
            subjects=self._subjects(),
            cases=self._cases(),
        )

    def raw(self) -> tuple[Raw, ...]:
        """What each rater gave; their numbers tell nothing of when they joined."""
        names = {id_: f"r{number}" for number, id_ in enumerate(sorted(self.raters), start=1)}
        each = (
            Raw(
                rater=names[given.respondent],
                collaboration=given.collaboration.id,
                responses=given.responses,
                gut=given.gut,
                gains=given.gains,
                notes=given.notes,
            )
            for given in self.given
            if given.collaboration.id in self.workshop.listed
        )
        return tuple(sorted(each, key=lambda one: (one.rater, self.workshop.listed.index(one.collaboration))))

    def _subjects(self) -> tuple[Subject, ...]:
        """The listed collaborations, in their order."""
        told = {seen.collaboration.id: self._told(seen.collaboration.id) for seen in self.room.seen}
        placed = {id_: picture.placements for id_, picture in told.items() if picture}
        found = concordances(placed, len(self.instrument.placements), self.workshop.at_least)
        return tuple(
            self._subject(seen, told[seen.collaboration.id], found.get(seen.collaboration.id))
            for seen in self.room.seen
        )

    def _told(self, subject: str) -> Picture | None:
        """What was kept of a subject when the workshop closed, or was shown before; None where too few gave it."""
        shown = self.rooms.shown(self.workshop, subject)
        return shown if shown and shown.raters >= self.workshop.at_least else None

    def _subject(self, seen: Seen, picture: Picture | None, concordance: Concordance | None) -> Subject:
        id_ = seen.collaboration.id
        agreed = self._agreed(seen.agreed) if seen.agreed and seen.agreed.responses else None
        return Subject(
            collaboration=seen.collaboration,
            begun=max(seen.begun, picture.raters if picture else 0),
            picture=picture,
            concordance=concordance,
            agreed=agreed,
            dissents=tuple(sorted(self.workshop.dissents.get(id_, ()), key=str.casefold)),
            steps=tuple(step for step in self.workshop.steps if step.collaboration == id_),
            notes=self._notes(id_) if picture else (),
            other=self._other(seen.theirs, picture, agreed) if seen.theirs else None,
        )

    def _agreed(self, opened: Opened) -> Agreed:
        """By the instrument as it is now."""
        assessment = opened.assessment
        if assessment.digest != self.instrument.digest:
            assessment = replace(assessment, responses=carried(self.instrument, opened, self.ways))
        wanted = assessment.wanted if assessment.wanted in self.instrument.levels else None
        return Agreed(assessment=assessment, verdict=assess(self.instrument, assessment.responses, wanted))

    def _notes(self, collaboration: str) -> tuple[Note, ...]:
        """What raters wrote, by what it says."""
        written = (
            Note(item=item if item in self.instrument.by_id else "", text=text)
            for each in self.given
            if each.collaboration.id == collaboration
            for item, text in each.notes.items()
        )
        return tuple(sorted(written, key=lambda note: (note.text.casefold(), note.text, note.item)))

    def _other(self, theirs: Opened, picture: Picture | None, agreed: Agreed | None) -> OtherSide | None:
        """The party's side; None where it gave nothing, or the bank does not ask it."""
        if self.sides is None or not theirs.responses:
            return None
        given = carried(self.instrument, theirs, self.ways)
        ours: Responses = agreed.assessment.responses if agreed else common(picture) if picture else {}
        from_here = turned(self.sides, given)
        return OtherSide(
            responses=from_here,
            compared=compared(self.instrument, self.sides, ours, given),
            win_win=win_win(self.instrument, self.sides, ours, given),
            gains=shared_gains(self.instrument, agreed.assessment.gains if agreed else (), theirs.assessment.gains),
            verdict=assess(self.instrument, from_here),
            agreed=agreed is not None,
        )

    def _cases(self) -> tuple[PlacedCase, ...]:
        """The written cases that anybody placed, in the round's order."""
        placed = {case for case, given in self.workshop.cases.items() if given} | self.workshop.revealed.keys()
        language = bank.languages(self.bank)[0]
        return tuple(
            PlacedCase(id=case.id, placement=case.placement, picture=self._told(case.id))
            for case in bank.calibration(self.bank, language)
            if case.id in placed
        )
