"""What a library says of itself: its goals, its logo, when it assesses next. Nothing here reads, asks or prints.

As with an assessment, only entries are stored and none is changed; the latest of a kind and item counts:

    goal      text, in the library's own words, under the goal's id; empty: it is a goal no more
    next      the month of the next assessment as 2027-06; empty: a year after the last
    figures   "yes" where figures of content may go into a nation's picture
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from assessor.core.entries import latest_values
from assessor.core.responses import Entry

#: What an entry of a library's may be.
PROFILE_KINDS: Final = ("goal", "next", "figures")

#: The kinds of pictures that a logo may be.
LogoMedia = Literal["image/png", "image/svg+xml"]
LOGO_MEDIA: Final[tuple[LogoMedia, ...]] = ("image/png", "image/svg+xml")

#: Most bytes of a logo, and most goals that may be kept.
MAX_LOGO_BYTES: Final = 200_000
MAX_GOALS: Final = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Logo:
    """A picture as it was given; whether it may be shown is measured where it is shown."""

    media: LogoMedia
    content: bytes
    #: When it was given, in UTC.
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryProfile:
    """What a library says of itself, as it stands."""

    #: By id, in the order they were first given.
    goals: Mapping[str, str] = field(default_factory=dict)
    #: As 2027-06; empty where none was chosen.
    next_month: str = ""
    shares_figures: bool = False
    logo: Logo | None = None


def library_profile(history: Iterable[Entry], logo: Logo | None = None) -> LibraryProfile:
    """The profile that these entries amount to, whose order is by `seq`."""
    entries = sorted(history, key=lambda entry: entry.seq)
    counts = latest_values(entries)
    first_given = dict.fromkeys(entry.item for entry in entries if entry.kind == "goal")
    return LibraryProfile(
        goals={goal: counts["goal", goal] for goal in first_given if ("goal", goal) in counts},
        next_month=counts.get(("next", ""), ""),
        shares_figures=counts.get(("figures", "")) == "yes",
        logo=logo,
    )
