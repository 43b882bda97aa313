"""The nation's picture on a service: who shares figures, counting once a quarter, and how far the libraries are.

What is told of content comes from `core.nation` alone, and is kept as it was drawn. Beside it the store remembers which
libraries were counted, so that none is counted twice in four quarters, whatever became of it in between.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assessor.bank import Bank
from assessor.core.diagram import walk
from assessor.core.history import migrate
from assessor.core.nation import (
    QUARTERS_A_YEAR,
    NationPicture,
    NationSnapshot,
    counts_for,
    draw_snapshot,
    due_libraries,
    library_part,
    picture_of,
    quarter_of,
    quarters_between,
    quarters_near,
)
from assessor.core.portfolio import MIN_LIBRARIES
from assessor.core.responses import Responses
from assessor.core.routing import next_item, on_route
from assessor.core.sides import win_win
from assessor.core.workshop import Workshop
from assessor.errors import N_, AssessorError
from assessor.exchange.nation_document import dump_snapshot, parse_snapshot
from assessor.local_time import local_day
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.store.store import LatestResponses
from assessor.usecases.assessments import Assessments, LoadedAssessment, latest_assessments, responses_today
from assessor.usecases.one_transaction import in_one_transaction

#: What the text of a quarter is kept under, before its name.
_SNAPSHOT: Final = "nation "


class CountedThisQuarter(AssessorError):
    """A second snapshot of one quarter, or of an earlier one."""

    template = N_("The picture of {quarter} has been drawn, and is not drawn again; the next quarter has the next one")
    exit_code = 65


class TooFewToCount(AssessorError):
    """Fewer libraries that wait to be counted than are counted together."""

    template = N_("{count} libraries wait to be counted; they are counted once there are {least}")
    exit_code = 65


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What a library said last of whether its figures may be shared."""

    given: bool
    at: datetime
    #: The member who said it, by name; empty where that is not known.
    who: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NationStanding:
    """How far the picture of a quarter is."""

    quarter: str
    #: Libraries that said yes, and those of them that are to be counted next.
    sharing: int
    due: int
    #: Whether this quarter's snapshot was drawn.
    drawn: bool

    @property
    def can_count(self) -> bool:
        """Whether a picture can be drawn now."""
        return not self.drawn and self.due >= MIN_LIBRARIES


@dataclass(frozen=True, kw_only=True, slots=True)
class NationProgress:
    """How many libraries there are, have begun to answer, and have answered all that is asked of all they listed."""

    libraries: int
    begun: int
    done: int


class Nation:
    """The picture of all libraries of one store, by one bank."""

    def __init__(self, store: Store, bank: Bank) -> None:
        self._store = store
        self._bank = bank

    def consent(self, library: str) -> Consent | None:
        """What the library of this name said last; None where it never said anything."""
        entries = [each for each in self._store.profiles.history(library) if each.kind == "figures"]
        if not entries:
            return None
        who = self._store.profiles.members(library).get(entries[-1].who, "")
        return Consent(given=self.shares(library), at=entries[-1].at, who=who)

    def shares(self, library: str) -> bool:
        """Whether a library's yes stands."""
        return self._store.profiles.get(library).shares_figures

    def choose_sharing(self, library: str, *, share: bool, key: str) -> None:
        """Keep a library's yes, or take it back; what was counted stays counted."""
        self._store.profiles.record_entry(library, "figures", "", "yes" if share else "", key=key)

    def standing(self) -> NationStanding:
        """How far this quarter's picture is."""
        quarter, sharing = self._quarter(), self._store.profiles.sharing()
        return NationStanding(
            quarter=quarter,
            sharing=len(sharing),
            due=len(self._due([id_ for id_, _name in sharing], quarter)),
            drawn=quarter <= max(self.quarters(), default="")
            or self._store.publications.was_added(f"{_SNAPSHOT}{quarter}"),
        )

    def _quarter(self) -> str:
        return quarter_of(local_day(self._store.members.now()))

    def quarters(self) -> tuple[str, ...]:
        """Those that have a snapshot, the latest first."""
        found = (each.removeprefix(_SNAPSHOT) for each in self._store.publications.ids() if each.startswith(_SNAPSHOT))
        return tuple(sorted(found, reverse=True))

    def snapshot_text(self, quarter: str) -> str:
        """The snapshot of a quarter, as it is kept; raises `NotInStore`."""
        text = self._store.publications.get(f"{_SNAPSHOT}{quarter}")
        if text is None:
            raise NotInStore(name=escape_controls(quarter))
        return text

    def picture(self, quarter: str = "") -> NationPicture | None:
        """The picture of a quarter, of the latest by default; None before the first. Raises `NotInStore`."""
        quarters = self.quarters()
        last = quarter or max(quarters, default="")
        if quarter and quarter not in quarters:
            raise NotInStore(name=escape_controls(quarter))
        near = (each for each in quarters if each <= last and quarters_between(each, last) < QUARTERS_A_YEAR)
        return picture_of(parse_snapshot(self.snapshot_text(each)) for each in near)

    @in_one_transaction
    def draw_snapshot(self) -> NationSnapshot:
        """Count the libraries that wait, and keep that as this quarter's snapshot.

        Raises `CountedThisQuarter` or `TooFewToCount`. Of two who ask at once, one draws: the other finds it drawn.
        """
        every = self._store.members.libraries()
        if every:
            self._store.members.hold_library(every[0][0])
        standing, names = self.standing(), dict(self._store.profiles.sharing())
        if standing.drawn:
            raise CountedThisQuarter(quarter=standing.quarter)
        if not standing.can_count:
            raise TooFewToCount(count=standing.due, least=MIN_LIBRARIES)
        due = self._due(list(names), standing.quarter)
        rooms = self._rooms_by_library()
        snapshot = draw_snapshot(
            local_day(self._store.members.now()),
            self._bank.instrument,
            counts_for(self._bank.instrument, asks_parties=self._has_parties),
            [self._part_of(names[each], rooms[names[each]]) for each in due],
            secrets.randbelow,
        )
        self._store.publications.add(f"{_SNAPSHOT}{standing.quarter}", dump_snapshot(snapshot), due)
        return snapshot

    def _due(self, sharing: Sequence[str], quarter: str) -> tuple[str, ...]:
        """The ids of the libraries to count in a quarter."""
        names = {f"{_SNAPSHOT}{each}": each for each in quarters_near(quarter)}
        counted = self._store.publications.counted_among(names, sharing)
        return due_libraries(sharing, {names[each]: libraries for each, libraries in counted.items()}, quarter)

    @property
    def _has_parties(self) -> bool:
        return self._bank.has_party_side and self._bank.sides.gain is not None

    def _rooms_by_library(self) -> Mapping[str, list[Workshop]]:
        rooms: defaultdict[str, list[Workshop]] = defaultdict(list)
        for room in self._store.workshops.all() if self._has_parties else ():
            rooms[room.library].append(room)
        return rooms

    def _part_of(self, library: str, rooms: Sequence[Workshop]) -> frozenset[str]:
        """What is found in one library, by its latest answers to this bank and those of its parties that are kept."""
        benefits = [each for room in rooms for each in self._party_benefits(library, room)]
        return library_part(self._placements(library), benefits)

    def _placements(self, library: str) -> Iterator[str]:
        """Where the library's collaborations surely stand, by the rules of today."""
        for each in self._latest(library):
            if each.instrument.id == self._bank.instrument.id:
                given = on_route(self._bank.instrument, responses_today(each, self._bank))
                ends = walk(self._bank.instrument.diagram.start, given).ends
                yield from ends if len(ends) == 1 else ()

    def _latest(self, library: str) -> tuple[LoadedAssessment, ...]:
        found = latest_assessments(self._store.assessments(library=library))
        return Assessments(self._store, library, self._bank).load_all(found.values())

    def _party_benefits(self, library: str, room: Workshop) -> Iterator[bool | None]:
        """Of each party that answered in a workshop, whether it says that it gets something out of it."""
        for each in self._store.workshops.respondents(room.id):
            if each.side == "them" and each.id not in room.removed:
                given = self._store.assessments_by_respondent(each.id, condensed=True)
                for loaded in Assessments(self._store, library, self._bank).load_all(given):
                    if loaded.responses and loaded.instrument.id == self._bank.instrument.id:
                        yield self._benefits(loaded)

    def _benefits(self, theirs: LoadedAssessment) -> bool | None:
        found = win_win(self._bank.instrument, self._bank.sides, {}, responses_today(theirs, self._bank))
        return found.party.own if found else None

    def progress(self) -> NationProgress:
        """How many libraries have begun and are done."""
        libraries = {id_ for id_, _name in self._store.members.libraries()}
        listed = self._store.collaboration_counts()
        latest = [each for each in self._store.latest_responses() if each.library in libraries]
        finished = Counter(each.library for each in latest if self._is_finished(each))
        return NationProgress(
            libraries=len(libraries),
            begun=len({each.library for each in latest}),
            done=sum(finished[library] == listed[library] for library in finished),
        )

    def _is_finished(self, latest: LatestResponses) -> bool:
        """Whether short mode asks nothing more, today."""
        instrument = self._bank.instrument
        given: Responses = {item: option for item, option in latest.responses.items() if option}
        if not instrument.is_known_by(latest.digest):
            given = migrate(given, (), instrument).responses
        return latest.instrument == instrument.id and next_item(instrument, given, "short") is None
