"""A worked case: what somebody has thought through, to hold the rules against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assessor.core.verdict import Verdict

#: What a case is keyed as when its reader could not tell.
UNDETERMINED: Final = "undetermined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A collaboration told in words, the responses given to it, and where they lead."""

    id: str
    #: By language.
    text: Mapping[str, str] = field(default_factory=dict)
    #: The placement of whoever wrote it, `UNDETERMINED`, or empty.
    keyed: str = ""
    #: What the rules give, best level first.
    placements: tuple[str, ...]
    responses: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class CalibrationCase:
    """A worked case that a room places before its own collaborations, to see how far it agrees."""

    id: str
    #: In the language asked for.
    text: str
    #: Where people who know the strategy place it, and the rules too.
    placement: str
    verdict: Verdict
