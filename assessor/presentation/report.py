"""What a report is made of; nothing here reads, asks or writes."""

from dataclasses import dataclass
from datetime import date

from assessor.core.history import PlacementShift
from assessor.core.instrument import Instrument
from assessor.core.responses import Assessment
from assessor.core.verdict import Verdict
from assessor.core.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierAssessment:
    """What an earlier assessment of the same collaboration gave."""

    day: date
    verdict: Verdict
    #: From it to the next assessment.
    shift: PlacementShift | None = None
    #: What of it the next version of the questions does not understand, in its own version's words.
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRow:
    """One collaboration as it stands now."""

    assessment: Assessment
    verdict: Verdict
    #: Oldest first.
    earlier: tuple[EarlierAssessment, ...] = ()

    @property
    def name(self) -> str:
        """How the collaboration is called in lists."""
        return self.assessment.collaboration.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that a report tells; the same report always gives the same pages."""

    library: str
    rows: tuple[ReportRow, ...]
    instrument: Instrument
    wording: Wording
    #: BCP 47 tag of the interface's words; the instrument's stand in `wording`.
    language: str
    #: The date that the report bears.
    made: date
    #: Version of the program, for the last page.
    program: str
