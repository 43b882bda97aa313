"""What was given to the items, and the assessment it belongs to.

Responses are keyed by item and never by place in the interview, so that going back, another order of items and a route
that changes need no special case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

#: The response of a respondent who cannot tell. Never counts as a no.
DONT_KNOW: Final = "dont_know"

#: Item id to option id or `DONT_KNOW`, in the order given; an unanswered item is absent.
Responses = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Collaboration:
    """The library and one party around one undertaking."""

    id: str
    library: str
    party: str
    #: May be empty: the party's name then stands for the whole.
    undertaking: str

    @property
    def name(self) -> str:
        """How it is called in lists."""
        return f"{self.party} · {self.undertaking}" if self.undertaking else self.party


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing given at one moment; the latest of a kind and item counts."""

    #: Rises by one within the assessment; order is by it, never by the clock.
    seq: int
    #: One of `entries.ENTRY_KINDS`.
    kind: str
    #: The item's id for what concerns one, a step's id and part for a step; empty for what concerns the whole.
    item: str
    #: As `entries` says for each kind; empty: withdrawn.
    value: str
    #: In UTC.
    at: datetime
    #: Its identity, which it keeps in every copy; unique within the assessment. Empty: none has been given yet.
    key: str = ""
    #: The keys of the entries that it takes the place of: those of its kind and item that counted where it was given.
    replaces: tuple[str, ...] = ()
    #: The id of the member of the library who gave it; empty where there is only one person.
    who: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedStep:
    """Something that the library means to do about a collaboration."""

    #: The id of the item that it would change, where it changes one.
    id: str
    what: str
    who: str
    #: A month as 2027-06, a day as 2027-06-30, or words.
    when: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """One respondent's responses on one collaboration with one instrument version."""

    id: str
    collaboration: Collaboration
    instrument: str
    version: str
    #: Of the instrument's content, so that a version edited in place is noticed.
    digest: str
    #: Distinguishes the respondents where several respond; empty where only one does.
    respondent: str = ""
    responses: Responses
    #: By item id; under the empty id, a note to the whole.
    notes: Mapping[str, str] = field(default_factory=dict)
    #: Where the respondent would have placed it: a placement id, `DONT_KNOW`, or None when not asked.
    gut: str | None = None
    #: The placement id that the library wants, or None.
    wanted: str | None = None
    gains: tuple[str, ...] = ()
    #: By the id of the item that tells of a paper, when that ends, as `entries` says.
    ends: Mapping[str, str] = field(default_factory=dict)
    #: The id of the library's goal that it serves, or None.
    goal: str | None = None
    steps: tuple[PlannedStep, ...] = ()
    #: By item id, whether the note to it may be quoted; absent where nobody has chosen.
    quoted: Mapping[str, bool] = field(default_factory=dict)
    started: datetime
    changed: datetime
    #: Everything given, in order.
    history: tuple[Entry, ...] = ()
