"""What a closed workshop found, as values for its report; `usecases` computes them.

Only the other party's responses are here one by one, since it gave them as itself. The room's are counts, and None
where too few gave them.
"""

from dataclasses import dataclass
from datetime import date

from assessor.core.raters import Concordance, RatingTally
from assessor.core.responses import Assessment, Collaboration, Responses
from assessor.core.sides import ComparedItem, SharedGains, WinWin
from assessor.core.verdict import Verdict
from assessor.core.workshop import AgreedStep, Workshop


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What a respondent wrote beside an item, or on the whole where `item` is empty."""

    item: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedAssessment:
    """What the room agreed on, and the verdict on that."""

    assessment: Assessment
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherSide:
    """What the other party responded, in the library's view."""

    responses: Responses
    compared: tuple[ComparedItem, ...]
    #: None where the instrument does not ask who gains.
    win_win: WinWin | None
    gains: SharedGains
    #: On its responses turned round; what only the library can tell is unknown.
    verdict: Verdict
    #: Whether the library's responses are those agreed on; else what most of the room gave.
    agreed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One collaboration in the room."""

    collaboration: Collaboration
    #: Respondents of the library's side who gave any response.
    begun: int
    #: None where too few responded.
    tally: RatingTally | None
    #: None where there is no tally.
    concordance: Concordance | None = None
    #: What the room settled, whether or not it came to agree; None where it did not begin to.
    settled: Responses | None = None
    agreed: AgreedAssessment | None = None
    #: Dissenting views with their reasons, sorted.
    dissents: tuple[str, ...] = ()
    steps: tuple[AgreedStep, ...] = ()
    #: Sorted by their text, so that the order does not show who wrote them.
    notes: tuple[Note, ...] = ()
    other: OtherSide | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedCase:
    """A written case of the calibration round."""

    id: str
    #: The placement it is written to have.
    placement: str
    #: None where too few placed it.
    tally: RatingTally | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """A closed workshop and what it found."""

    workshop: Workshop
    closed: date
    #: The last day on which raw responses are kept; None once they are erased.
    kept_until: date | None
    #: Respondents of the library's side, without those removed.
    joined: int
    #: Collaborations that respondents added themselves.
    own: int
    subjects: tuple[Subject, ...]
    cases: tuple[PlacedCase, ...] = ()
