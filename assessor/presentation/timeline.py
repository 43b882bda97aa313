"""How one collaboration's placement came about: a line through its assessments, and what moved it, in sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessor.core.history import Shift
from assessor.core.verdict import Change
from assessor.presentation.report import Row
from assessor.presentation.terms import Speech, low
from assessor.presentation.terraces import Line, Sign
from assessor.presentation.tones import tone_of
from assessor.presentation.typeface import face

#: Points: the whole, the column of names, the height of a row, and below the last row for the dates.
_WIDTH, _NAMES, _ROW, _DATES = 232.0, 112.0, 12.5, 11.0

#: Points, of names and dates.
_SIZE = 6.8

#: Assessments drawn; earlier ones are told in the sentences alone.
_MOST = 6

#: Placements named of a range; more are still open.
_WIDEST = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one point to another: dashed where the questions changed, a thin rule where nothing is said of it."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """What is to be drawn, and the same in words."""

    width: float
    height: float
    stretches: tuple[Stretch, ...]
    signs: tuple[Sign, ...]
    lines: tuple[Line, ...]
    told: str


@dataclass(frozen=True, slots=True)
class _Stop:
    day: str
    #: As it is written beneath the line, where there is little room.
    brief: str
    placements: tuple[str, ...]
    #: What led here; None at the first.
    shift: Shift | None


def timeline(row: Row, speech: Speech) -> Timeline | None:
    """The line through the assessments; None where there is only one, or none with a placement to draw it to."""
    stops = _stops(row, speech)[-_MOST:]
    rows = _rows(stops, speech)
    if len(stops) < 2 or not rows:
        return None
    height = _ROW * len(rows) + _DATES
    return Timeline(
        width=_WIDTH,
        height=height,
        stretches=tuple(_stretches(stops, rows)),
        signs=tuple(Sign(_x(at, stops), _y(stop, rows), 3.4, *_look(stop, speech)) for at, stop in enumerate(stops)),
        lines=(*_names(rows, speech), *_days(stops, height)),
        told=" ".join(f"{stop.day}: {placed(stop.placements, speech)}." for stop in stops),
    )


def story(row: Row, speech: Speech) -> tuple[str, ...]:
    """Each change of placement split into what the answers and what the questions did; and what could not be kept."""
    days = [stop.day for stop in _stops(row, speech)]
    told: list[str] = []
    for earlier, (since, until) in zip(row.earlier, pairwise(days), strict=True):
        if earlier.shift:
            told.append(_moved(earlier.shift, since, until, speech))
        if earlier.left:
            told.append(
                speech.say(
                    "Of the answers of {day}, today's questions do not understand: {items}.",
                    day=since,
                    items=speech.listed(map(low, earlier.left)),
                )
            )
    return tuple(told)


def _moved(shift: Shift, since: str, until: str, speech: Speech) -> str:
    before, after = placed(shift.before, speech), placed(shift.after, speech)
    said = {"since": since, "until": until, "before": before, "after": low(after)}
    changes = _changes(shift.changes, speech)
    match shift.cause:
        case "nothing":
            return speech.say("{since} to {until}: the same placement, {after}.", **said)
        case "answers":
            return speech.say(
                "{since} to {until}: {before} became {after} because the answers changed: {changes}.",
                **said,
                changes=changes,
            )
        case "questions":
            return speech.say(
                "{since} to {until}: {before} became {after} because the questions changed; "
                "the earlier answers would be placed so by the later questions.",
                **said,
            )
        case "either":
            return speech.say(
                "{since} to {until}: {before} became {after}. Both the answers and the questions changed, "
                "and either alone would have led there.",
                **said,
            )
        case "both":
            return speech.say(
                "{since} to {until}: {before} became {after}. The answers and the questions changed it together; "
                "neither alone would have. The answers that count: {changes}.",
                **said,
                changes=changes,
            )


def _changes(changes: Sequence[Change], speech: Speech) -> str:
    known = [change for change in changes if change.item in speech.wording.items]
    told = [
        f"{low(speech.item(change.item))} ({_response(change.item, change.before, speech)} → "
        f"{low(speech.response(change.item, change.after))})"
        for change in known
    ]
    return speech.listed(told) if told else "-"


def _response(item: str, response: str | None, speech: Speech) -> str:
    return low(speech.response(item, response) if response else speech.say("Not answered"))


def _stops(row: Row, speech: Speech) -> list[_Stop]:
    shifts = [None, *(earlier.shift for earlier in row.earlier)]
    days = [*(earlier.on for earlier in row.earlier), row.assessment.changed.date()]
    stood = [*(earlier.verdict.placements for earlier in row.earlier), row.verdict.placements]
    return [
        _Stop(speech.day(day), speech.brief_day(day), placements, shift)
        for day, placements, shift in zip(days, stood, shifts, strict=True)
    ]


def _rows(stops: Sequence[_Stop], speech: Speech) -> list[str]:
    """The levels from the highest, and each other placement that somewhere was certain or possible."""
    levels = speech.instrument.levels
    found = {placement for stop in stops for placement in stop.placements if len(stop.placements) <= _WIDEST}
    return [*levels, *(each for each in speech.instrument.placements if each in found and each not in levels)]


def _x(at: int, stops: Sequence[_Stop]) -> float:
    step = (_WIDTH - _NAMES - 12) / (len(stops) - 1)
    return round(_NAMES + 6 + at * step, 1)


def _y(stop: _Stop, rows: Sequence[str]) -> float:
    """The middle of what is possible."""
    found = [rows.index(placement) for placement in stop.placements if placement in rows] or [0, len(rows) - 1]
    return round((min(found) + max(found)) / 2 * _ROW + _ROW / 2, 1)


def _look(stop: _Stop, speech: Speech) -> tuple[str, str]:
    tone = tone_of(speech.instrument, stop.placements)
    return ("beside" if tone.name == "open" else tone.name), tone.shape


def _stretches(stops: Sequence[_Stop], rows: Sequence[str]) -> Iterator[Stretch]:
    for number in range(len(rows)):
        y = number * _ROW + _ROW / 2
        yield Stretch(_NAMES, y, _WIDTH, y, "rule")
    for at, (one, next_) in enumerate(pairwise(stops)):
        by_questions = next_.shift is not None and next_.shift.cause in ("questions", "either", "both")
        kind = "dashed" if by_questions else "line"
        yield Stretch(_x(at, stops), _y(one, rows), _x(at + 1, stops), _y(next_, rows), kind)


def _names(rows: Sequence[str], speech: Speech) -> Iterator[Line]:
    for number, placement in enumerate(rows):
        name = speech.level(placement)
        size = min(_SIZE, (_NAMES - 4) / face().width(name, 1))  # a long name is smaller, never cut
        yield Line(0, round(number * _ROW + _ROW / 2 + 2.4, 1), round(size, 2), 400, "ink", name)


def _days(stops: Sequence[_Stop], height: float) -> Iterator[Line]:
    """The first day and the last; those between stand in the sentences."""
    last = face().width(stops[-1].brief, _SIZE)
    yield Line(_NAMES, round(height - 2, 1), _SIZE, 400, "quiet", stops[0].brief)
    yield Line(round(_WIDTH - last, 1), round(height - 2, 1), _SIZE, 400, "quiet", stops[-1].brief)


def placed(placements: Sequence[str], speech: Speech) -> str:
    """Placements of any version of the questions, by name; those of today's stand with their level."""
    known = [placement for placement in placements if placement in speech.wording.placements]
    if not placements or len(placements) > _WIDEST:
        return speech.say("Not settled yet")
    names = [speech.level(placement) for placement in known]
    if len(known) < len(placements):
        names.append(speech.say("A placement that today's questions do not have"))
    return speech.listed([names[0], *map(low, names[1:])], last=speech.say("or"))
