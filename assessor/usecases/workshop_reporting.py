"""What a closed workshop's report and data are made from: the room in the store. Nothing here asks or prints.

Figures come from the tallies that were stored when the workshop was closed or shown before, not from the raw responses:
those are erased after their days, and the report has to say the same then. A tally of fewer raters than were promised
is never in it. Raw responses leave only by `workshop_json` with `raw`, which the facilitator has to ask for.
"""

from dataclasses import replace
from datetime import timedelta

from assessor import __version__
from assessor.bank import Bank
from assessor.core.disclosure import revealed_tally
from assessor.core.instrument import Instrument
from assessor.core.raters import Concordance, RatingTally, concordances, most_common_responses
from assessor.core.responses import Responses
from assessor.core.scoring import assess
from assessor.core.settling import agreed_verdict
from assessor.core.sides import compare_responses, mirrored_responses, shared_gains, win_win
from assessor.core.workshop_findings import AgreedAssessment, Findings, Note, OtherSide, PlacedCase, Subject
from assessor.errors import N_, AssessorError
from assessor.exchange.workshop_document import RaterResponses, workshop_bytes
from assessor.local_time import local_day
from assessor.presentation.alphabet import in_alphabetical_order
from assessor.presentation.workshop_report import WorkshopReport
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.usecases.assessments import LoadedAssessment, responses_today
from assessor.usecases.reporting import report_date
from assessor.usecases.workshops import CollaborationProgress, Workshops


class WorkshopStillOpen(AssessorError):
    """The report of a workshop that goes on."""

    template = N_(
        "The workshop {name} is still open, and its report is about the outcome; close it "
        "first, on the board or with: {command}"
    )
    exit_code = 2


def workshop_report(store: Store, workshop_id: str, bank: Bank, language: str) -> WorkshopReport:
    """The report of a closed workshop; raises `NotInStore` or `WorkshopStillOpen`."""
    return WorkshopReport(
        findings=store.run_in_snapshot(lambda: _WorkshopReader(store, workshop_id, bank, language)).findings(),
        cases={case.id: case.text for case in bank.calibration_cases(language)},
        instrument=bank.instrument,
        wording=bank.wording(language),
        language=language,
        made=report_date(),
        program=__version__,
    )


def workshop_json(store: Store, workshop_id: str, bank: Bank, *, raw: bool = False) -> bytes:
    """The data of a closed workshop in the form of `exchange.workshop_document`.

    With `raw`, also what each rater gave, which tells them apart. Raises `NotInStore` or `WorkshopStillOpen`.
    """
    reading = store.run_in_snapshot(lambda: _WorkshopReader(store, workshop_id, bank))
    return workshop_bytes(reading.instrument, reading.findings(), reading.raw_responses() if raw else None)


class _WorkshopReader:
    """Reads a closed workshop once, for its report or its data."""

    def __init__(self, store: Store, workshop_id: str, bank: Bank, language: str = "en") -> None:
        """Read the room, to be told in the alphabet of a language; raises `NotInStore` or `WorkshopStillOpen`."""
        self.workshops, self.bank, self.language = Workshops(store, bank), bank, language
        self.workshop = self.workshops.get(workshop_id)
        if self.workshop.closed is None:
            name = escape_controls(self.workshop.name)
            raise WorkshopStillOpen(name=name, command=f"{typed_command()} workshop close {name!r}")
        self.closed = local_day(self.workshop.closed)
        self.instrument = bank.instrument
        self.progress = self.workshops.progress(workshop_id)
        self.raters = frozenset(each.id for each in self.progress.respondents if each.side == "us")
        assessments = store.assessments_in_workshop(workshop_id)
        self.assessments = tuple(each for each in assessments if each.respondent in self.raters)

    def findings(self) -> Findings:
        """What the workshop came to."""
        kept_until = self.closed + timedelta(days=self.workshop.days)
        return Findings(
            workshop=self.workshop,
            closed=self.closed,
            kept_until=kept_until if self.progress.respondents else None,
            joined=len(self.raters),
            own=self.progress.brought_along,
            subjects=self._subjects(),
            cases=self._placed_cases(),
        )

    def raw_responses(self) -> tuple[RaterResponses, ...]:
        """What each rater gave; raters are numbered by their random ids, not by when they joined."""
        names = {id_: f"r{number}" for number, id_ in enumerate(sorted(self.raters), start=1)}
        responses = (
            RaterResponses(
                rater=names[given.respondent],
                collaboration=given.collaboration.id,
                responses=given.responses,
                gut=given.gut,
                gains=given.gains,
                notes={item: text for item, text in given.notes.items() if given.quoted.get(item)},
            )
            for given in self.assessments
            if given.collaboration.id in self.workshop.listed
        )
        return tuple(
            sorted(responses, key=lambda entry: (entry.rater, self.workshop.listed.index(entry.collaboration)))
        )

    def _subjects(self) -> tuple[Subject, ...]:
        """The listed collaborations in their order, with how much the raters agreed across them."""
        pictures = {
            row.collaboration.id: revealed_tally(self.workshop, row.collaboration.id)
            for row in self.progress.collaborations
        }
        placed = {id_: picture.placements for id_, picture in pictures.items() if picture}
        found = concordances(placed, len(self.instrument.placements), self.workshop.at_least)
        return tuple(
            self._make_subject(row, pictures[row.collaboration.id], found.get(row.collaboration.id))
            for row in self.progress.collaborations
        )

    def _make_subject(
        self, row: CollaborationProgress, picture: RatingTally | None, concordance: Concordance | None
    ) -> Subject:
        """All that the report says of one collaboration.

        Notes are shown only with a tally: where few answered, a note would tell who did.
        """
        id_ = row.collaboration.id
        agreed = _agreed_assessment(self.instrument, row)
        return Subject(
            collaboration=row.collaboration,
            begun=max(row.begun, picture.raters if picture else 0),
            tally=picture,
            concordance=concordance,
            settled=row.settled,
            agreed=agreed,
            dissents=in_alphabetical_order(self.workshop.dissents.get(id_, ()), self.language, str),
            steps=tuple(step for step in self.workshop.steps if step.collaboration == id_),
            notes=self._notes(id_) if picture else (),
            other=_other_side(self.bank, row.party_assessment, picture, agreed) if row.party_assessment else None,
        )

    def _notes(self, collaboration: str) -> tuple[Note, ...]:
        """What raters let be quoted, in alphabetical order, so that the order does not tell who wrote what."""
        written = (
            Note(item=item if item in self.instrument.by_id else "", text=text)
            for each in self.assessments
            if each.collaboration.id == collaboration
            for item, text in each.notes.items()
            if each.quoted.get(item)
        )
        by_item = sorted(written, key=lambda note: note.item)
        return in_alphabetical_order(by_item, self.language, lambda note: note.text)

    def _placed_cases(self) -> tuple[PlacedCase, ...]:
        """The written cases that anybody placed, in the round's order."""
        placed = {case for case, given in self.workshop.cases.items() if given} | self.workshop.revealed.keys()
        return tuple(
            PlacedCase(id=case.id, placement=case.placement, tally=revealed_tally(self.workshop, case.id))
            for case in self.bank.calibration_cases(self.bank.languages[0])
            if case.id in placed
        )


def sides_shown_to_party(store: Store, workshop_id: str, bank: Bank, theirs: LoadedAssessment) -> OtherSide | None:
    """Both sides of a collaboration as the report compares them, for the page of the party whose responses these are.

    None until the workshop is closed, and where the library does not show them.
    """
    return store.run_in_snapshot(lambda: _read_shown_sides(Workshops(store, bank), workshop_id, bank, theirs))


def _read_shown_sides(workshops: Workshops, workshop_id: str, bank: Bank, theirs: LoadedAssessment) -> OtherSide | None:
    workshop, shown = workshops.get(workshop_id), theirs.assessment.collaboration.id
    if workshop.closed is None or shown not in workshop.both_sides:
        return None
    rows = workshops.told(workshop_id).collaborations
    row = next((each for each in rows if each.collaboration.id == shown), None)
    return _other_side(bank, theirs, row.revealed, _agreed_assessment(bank.instrument, row)) if row else None


def _agreed_assessment(instrument: Instrument, row: CollaborationProgress) -> AgreedAssessment | None:
    """What the room agreed on, placed by the instrument as it is now; None where it did not agree."""
    if not row.agreed or row.agreed_assessment is None:
        return None
    assessment = replace(row.agreed_assessment.assessment, responses=row.settlement.settled)
    wanted = assessment.wanted if assessment.wanted in instrument.levels else None
    verdict = agreed_verdict(instrument, row.revealed, row.settlement, wanted)
    return AgreedAssessment(assessment=assessment, verdict=verdict)


def _other_side(
    bank: Bank, theirs: LoadedAssessment, picture: RatingTally | None, agreed: AgreedAssessment | None
) -> OtherSide | None:
    """The party's side beside ours; None where it gave nothing, or the bank does not ask it.

    Ours is what the room agreed on, else the most common responses, else nothing.
    """
    if not bank.has_party_side or not theirs.responses:
        return None
    instrument, sides, given = bank.instrument, bank.sides, responses_today(theirs, bank)
    ours: Responses = agreed.assessment.responses if agreed else most_common_responses(picture) if picture else {}
    from_here = mirrored_responses(sides, given)
    return OtherSide(
        responses=from_here,
        compared=compare_responses(instrument, sides, ours, given),
        win_win=win_win(instrument, sides, ours, given),
        gains=shared_gains(instrument, agreed.assessment.gains if agreed else (), theirs.assessment.gains),
        verdict=assess(instrument, from_here),
        agreed=agreed is not None,
    )
