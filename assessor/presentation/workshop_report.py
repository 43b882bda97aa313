"""The values that a workshop's report is made of; nothing here reads, asks or writes.

`core` has already withheld from the findings what would reveal a single participant's responses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
from assessor.core.workshop_findings import Findings


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopReport:
    """Everything that a workshop's report tells; the same report always gives the same pages."""

    findings: Findings
    #: By id, the written cases of the calibration round, in `language`.
    cases: Mapping[str, str] = field(default_factory=dict)
    instrument: Instrument
    wording: Wording
    #: BCP 47 tag of the interface's words; the instrument's stand in `wording`.
    language: str
    #: The date that the report bears.
    made: date
    #: Version of the program.
    program: str
