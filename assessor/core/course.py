"""A workshop's course: what comes now, what before and what next, by what the store holds of the room.

Nine rows with minutes, and in them beats: what the board shows, and what one press of the facilitator's does. Nothing
is stored of the course itself: whoever jumps about, or leads from another browser, is where the board is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from assessor.core.workshop import Stage

#: The rows with the minutes at which each begins and ends.
_MINUTES: Final[Mapping[str, tuple[int, int]]] = {
    "welcome": (0, 5),
    "gut": (5, 10),
    "cases": (10, 20),
    "questions": (20, 45),
    "verdict": (45, 50),
    "agree": (50, 70),
    "picture": (70, 78),
    "steps": (78, 87),
    "close": (87, 90),
}

COURSE_ROWS: Final = tuple(_MINUTES)

#: In which row a stage of the board stands; the terraces of one collaboration belong to `agree`.
_ROW_OF_STAGE: Final[Mapping[Stage, str]] = {
    "join": "welcome",
    "gut": "gut",
    "case": "cases",
    "progress": "questions",
    "verdict": "verdict",
    "talk": "agree",
    "terraces": "picture",
    "steps": "steps",
    "closed": "close",
}

#: Most collaborations on one page of the whole picture, so that all can be read from the back row; and most that have
#: room beside the steps at the end.
PICTURE_SIZE: Final = 6
END_SIZE: Final = 3
_PAGE: Final = "page-"

#: What a press does: show a stage, reveal a written case or a collaboration, begin to agree, settle an item, go to the
#: page that ends the workshop.
Act = Literal["show", "reveal_case", "reveal", "agree", "settle", "end"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Beat:
    """One step of the course: what a press does, and what the board then shows."""

    act: Act
    stage: Stage
    #: The id of the collaboration or written case that it is about; empty for none.
    subject: str = ""
    #: The item to settle; empty for all other acts.
    item: str = ""

    @property
    def row(self) -> str:
        """The row that it stands in."""
        return row_of(self.stage, self.subject)


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseCase:
    """A written case as far as the course asks."""

    id: str
    revealed: bool
    #: Whether enough people have placed it for it to be revealed.
    enough: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseCollaboration:
    """A collaboration as far as the course asks."""

    id: str
    revealed: bool
    #: Whether the room has begun to settle it.
    begun: bool
    #: The item that decides most now; empty where nothing is left to settle.
    next_item: str
    agreed: bool
    #: Whether enough people may have answered for it to be revealed.
    enough: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseRoom:
    """A room as far as the course asks."""

    stage: Stage
    subject: str
    cases: tuple[CourseCase, ...]
    collaborations: tuple[CourseCollaboration, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CoursePlace:
    """Where a room is in the course."""

    row: str
    #: What the board showed before; None at the beginning.
    before: Beat | None
    #: What the next press does; None once the workshop is over.
    next: Beat | None


def beat_id(beat: Beat) -> str:
    """What a page's button bears, so that a page that is old does nothing else than it says."""
    return " ".join((beat.act, beat.stage, beat.subject, beat.item)).rstrip()


def course_minutes(*, has_cases: bool) -> dict[str, tuple[int, int]]:
    """By row, when it begins and ends; without written cases their minutes go to the questions."""
    if has_cases:
        return dict(_MINUTES)
    rest = {row: minutes for row, minutes in _MINUTES.items() if row != "cases"}
    return {**rest, "questions": (_MINUTES["cases"][0], _MINUTES["questions"][1])}


def minutes_behind(began: datetime, now: datetime, minutes: tuple[int, int]) -> int:
    """How many minutes a room is behind the plan, below 0 where it is ahead and 0 within a row's own minutes."""
    elapsed = int((now - began).total_seconds() // 60)
    first, last = minutes
    return elapsed - last if elapsed > last else min(0, elapsed - first)


def row_of(stage: Stage, subject: str) -> str:
    """The row that what the board shows stands in."""
    is_of_one = stage == "terraces" and subject and not subject.startswith(_PAGE)
    return "agree" if is_of_one else _ROW_OF_STAGE[stage]


def picture_page(subject: str) -> int:
    """The page of the whole picture that a board's subject names, from 1."""
    number = subject.removeprefix(_PAGE)
    return int(number) if subject.startswith(_PAGE) and number.isdecimal() else 1


def picture_pages(collaborations: int) -> int:
    """How many pages the whole picture of so many collaborations has."""
    return max(1, -(-collaborations // PICTURE_SIZE))


def end_pages(collaborations: int) -> int:
    """How many pages the end has: one with all on it, or the steps first and then the whole picture."""
    return 1 if collaborations <= END_SIZE else 1 + picture_pages(collaborations)


def next_beat(room: CourseRoom) -> CoursePlace:
    """Where a room is, by what its board shows."""
    return CoursePlace(row=row_of(room.stage, room.subject), before=_before(room), next=_next(room))


def _next(room: CourseRoom) -> Beat | None:
    match room.stage:
        case "join":
            return _show("gut")
        case "gut":
            return _case_after(room, -1)
        case "case":
            return _next_of_case(room)
        case "progress":
            return _show("verdict")
        case "verdict":
            return _collaboration_after(room, -1)
        case "terraces" if _place(room) >= 0:
            return _show("talk", room.subject) if _here(room).begun else _agree(room.subject)
        case "talk" if _place(room) >= 0:
            return _next_of_talk(room)
        case "talk" | "terraces":
            return _next_of_picture(room)
        case "steps":
            return Beat(act="end", stage="closed")
        case "closed":
            return _next_of_end(room)


def _show(stage: Stage, subject: str = "") -> Beat:
    return Beat(act="show", stage=stage, subject=subject)


def _agree(subject: str) -> Beat:
    return Beat(act="agree", stage="talk", subject=subject)


def _case_after(room: CourseRoom, at: int) -> Beat:
    """The next written case, else the questions."""
    ids = [case.id for case in room.cases]
    return _show("case", ids[at + 1]) if at + 1 < len(ids) else _show("progress")


def _next_of_case(room: CourseRoom) -> Beat:
    """To reveal the case that is on the board once enough have placed it, else the next one."""
    at = next((at for at, case in enumerate(room.cases) if case.id == room.subject), len(room.cases))
    if at < len(room.cases) and room.cases[at].enough and not room.cases[at].revealed:
        return Beat(act="reveal_case", stage="case", subject=room.subject)
    return _case_after(room, at)


def _place(room: CourseRoom) -> int:
    ids = [each.id for each in room.collaborations]
    return ids.index(room.subject) if room.subject in ids else -1


def _here(room: CourseRoom) -> CourseCollaboration:
    return room.collaborations[_place(room)]


def _next_of_talk(room: CourseRoom) -> Beat:
    """To settle what decides most, then the next collaboration."""
    here = _here(room)
    if not here.begun:
        return _agree(here.id)
    if here.next_item:
        return Beat(act="settle", stage="talk", subject=here.id, item=here.next_item)
    return _collaboration_after(room, _place(room))


def _collaboration_after(room: CourseRoom, at: int) -> Beat:
    """The next collaboration that is not agreed on, first those with enough answers; else the whole picture."""
    waiting = [each for each in room.collaborations[at + 1 :] if not each.agreed]
    following = next((each for each in waiting if each.revealed or each.enough), None) or next(iter(waiting), None)
    if following is None:
        return _show("terraces")
    if following.revealed:
        return _show("terraces", following.id)
    if following.enough:
        return Beat(act="reveal", stage="terraces", subject=following.id)
    return _show("talk", following.id) if following.begun else _agree(following.id)


def _picture(page: int, stage: Stage = "terraces") -> Beat:
    return _show(stage, f"{_PAGE}{page}" if page > 1 else "")


def _next_of_end(room: CourseRoom) -> Beat | None:
    """The next page of what the room made; None after the last."""
    page = picture_page(room.subject) + 1
    return _picture(page, "closed") if page <= end_pages(len(room.collaborations)) else None


def _next_of_picture(room: CourseRoom) -> Beat:
    """The next page of the whole picture, else the steps."""
    page = picture_page(room.subject) + 1
    return _picture(page) if page <= picture_pages(len(room.collaborations)) else _show("steps")


def _before(room: CourseRoom) -> Beat | None:
    """What stands before what the board shows; going back undoes nothing."""
    if room.stage == "closed":
        page = picture_page(room.subject)
        return _picture(page - 1, "closed") if page > 1 else None
    shown = _shown_so_far(room)
    here = _show(room.stage, room.subject)
    if here in shown:
        at = shown.index(here)
        return shown[at - 1] if at else None
    return shown[-1]


def _shown_so_far(room: CourseRoom) -> list[Beat]:
    """What the board can go back to, in order."""
    talked = (
        beat
        for each in room.collaborations
        for beat in (
            *((_show("terraces", each.id),) if each.revealed else ()),
            *((_show("talk", each.id),) if each.begun else ()),
        )
    )
    cases = (_show("case", case.id) for case in room.cases)
    pages = (_picture(page + 1) for page in range(picture_pages(len(room.collaborations))))
    opening = (_show("join"), _show("gut"), *cases, _show("progress"), _show("verdict"))
    return [*opening, *talked, *pages, _show("steps")]
