"""Worked cases: the values that `case_parsing` builds from cases.yaml.

`bank check` compares their placements with the rules; a workshop shows some of them before its own collaborations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assessor.core.verdict import Verdict

#: The value of `keyed` where its author could not tell.
UNDETERMINED: Final = "undetermined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A collaboration described in words, the responses given to it, and the placements they lead to."""

    id: str
    #: By language; empty where the case is only for the check.
    text: Mapping[str, str] = field(default_factory=dict)
    #: Where the author of the case places it, a placement id; `UNDETERMINED`, or empty.
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
