"""The values that a library's report is made of; nothing here reads, asks or writes.

`usecases` fills them from the store and the bank; `verdict_text`, `overview` and the documents in `report` read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assessor.core.history import PlacementShift
from assessor.core.instrument import Instrument
from assessor.core.library_profile import Logo
from assessor.core.responses import Assessment
from assessor.core.verdict import Verdict
from assessor.core.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierAssessment:
    """An earlier assessment of the same collaboration, and what has happened since."""

    day: date
    verdict: Verdict
    #: What moved the placement from this assessment to the next; None where the two cannot be compared.
    shift: PlacementShift | None = None
    #: Responses that the next version of the questions cannot take over, in the words of their own version.
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EndingPaper:
    """A paper that ends within a year of the day it is told of, or has ended."""

    #: The id of the item that tells of the paper.
    item: str
    #: As 2027-06.
    month: str
    #: The month is over.
    over: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRow:
    """One collaboration as it stands now, with its earlier assessments."""

    assessment: Assessment
    verdict: Verdict
    #: Oldest first.
    earlier: tuple[EarlierAssessment, ...] = ()
    #: The paper that ends first, where that is over or within a year.
    ending: EndingPaper | None = None

    @property
    def name(self) -> str:
        """The collaboration's name in lists."""
        return self.assessment.collaboration.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that a report says. A value without clock or chance: equal reports give the same bytes."""

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
    #: The library's own goals, in its own words, by id.
    goals: Mapping[str, str] = field(default_factory=dict)
    #: As it was given; it is measured where it is shown.
    logo: Logo | None = None
    #: The month of the next assessment, as 2027-06; empty: a year after the last.
    next_month: str = ""
    #: Names of what was answered under other rules than those of `instrument`, by which everything here is placed.
    rescored: tuple[str, ...] = ()
