"""How one collaboration's placement came about: a line through its assessments, and what moved it, in sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessor.core.history import PlacementShift
from assessor.core.verdict import Change
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import ReportRow
from assessor.presentation.terms import Terms, lower_first
from assessor.presentation.terraces import Sign, TextLine
from assessor.presentation.tones import tone_of
from assessor.presentation.typeface import displayable_text, font_face

#: Points: the whole, the column of names, the height of a row, and below the last row for the dates.
_WIDTH, _NAMES_WIDTH, _ROW_HEIGHT, _DATES_HEIGHT = 232.0, 112.0, 12.5, 11.0

#: Points, of names and dates.
_TEXT_SIZE = 6.8

#: Assessments drawn; earlier ones are told in the sentences alone.
_MAX_STOPS = 6


@dataclass(frozen=True, slots=True)
class Segment:
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
    segments: tuple[Segment, ...]
    signs: tuple[Sign, ...]
    lines: tuple[TextLine, ...]
    alt_text: str


@dataclass(frozen=True, slots=True)
class _TimelineStop:
    day: str
    #: As it is written beneath the line, where there is little room.
    brief_day: str
    placements: tuple[str, ...]
    #: What led here; None at the first.
    shift: PlacementShift | None


def build_timeline(row: ReportRow, speech: Terms) -> Timeline | None:
    """The line through the assessments; None where there is only one, or none with a placement to draw it to."""
    stops = _timeline_stops(row, speech)[-_MAX_STOPS:]
    rows = _placement_rows(stops, speech)
    if len(stops) < 2 or not rows:
        return None
    height = _ROW_HEIGHT * len(rows) + _DATES_HEIGHT
    return Timeline(
        width=_WIDTH,
        height=height,
        segments=tuple(_draw_segments(stops, rows)),
        signs=tuple(
            Sign(_x(at, stops), _y(stop, rows), 3.4, *_tone_and_shape(stop, speech)) for at, stop in enumerate(stops)
        ),
        lines=(*_name_lines(rows, speech), *_date_lines(stops, height)),
        alt_text=" ".join(f"{stop.day}: {_numbered(stop.placements, speech)}." for stop in stops),
    )


def placement_story(row: ReportRow, speech: Terms) -> tuple[str, ...]:
    """Each change of placement split into what the answers and what the questions did; and what could not be kept."""
    days = [stop.day for stop in _timeline_stops(row, speech)]
    told: list[str] = []
    for earlier, (since, until) in zip(row.earlier, pairwise(days), strict=True):
        if earlier.shift:
            told.append(_shift_sentence(earlier.shift, since, until, speech))
        if earlier.dropped:
            told.append(
                speech.say(
                    "Some answers from {day} have no place in today's questions: {items}.",
                    day=since,
                    items=speech.format_list(map(lower_first, earlier.dropped)),
                )
            )
    return tuple(told)


def _numbered(placements: Sequence[str], speech: Terms) -> str:
    return tell_placements(placements, speech, "numbered")


def _shift_sentence(shift: PlacementShift, since: str, until: str, speech: Terms) -> str:
    before, after = _numbered(shift.before, speech), _numbered(shift.after, speech)
    said = {"since": since, "until": until, "before": before, "after": lower_first(after)}
    changes = _changes_clause(shift.changes, speech)
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


def _changes_clause(changes: Sequence[Change], speech: Terms) -> str:
    known = [change for change in changes if change.item in speech.wording.items]
    return speech.format_list([_change_phrase(change, speech) for change in known]) if known else "-"


def _change_phrase(change: Change, speech: Terms) -> str:
    before = _response_or_unanswered(change.item, change.before, speech)
    after = lower_first(speech.short_response(change.item, change.after))
    return f"{lower_first(speech.item_heading(change.item))} ({before} → {after})"


def _response_or_unanswered(item: str, response: str | None, speech: Terms) -> str:
    return lower_first(speech.short_response(item, response) if response else speech.say("Not answered"))


def _timeline_stops(row: ReportRow, speech: Terms) -> list[_TimelineStop]:
    shifts = [None, *(earlier.shift for earlier in row.earlier)]
    days = [*(earlier.day for earlier in row.earlier), row.assessment.changed.date()]
    stood = [*(earlier.verdict.placements for earlier in row.earlier), row.verdict.placements]
    return [
        _TimelineStop(speech.long_date(day), speech.brief_date(day), placements, shift)
        for day, placements, shift in zip(days, stood, shifts, strict=True)
    ]


def _placement_rows(stops: Sequence[_TimelineStop], speech: Terms) -> list[str]:
    """The levels from the highest, and each other placement that somewhere was certain or possible."""
    levels = speech.instrument.levels
    told = [stop.placements for stop in stops if are_named(stop.placements, speech.instrument)]
    found = {placement for placements in told for placement in placements}
    return [*levels, *(each for each in speech.instrument.placements if each in found and each not in levels)]


def _x(at: int, stops: Sequence[_TimelineStop]) -> float:
    step = (_WIDTH - _NAMES_WIDTH - 12) / (len(stops) - 1)
    return round(_NAMES_WIDTH + 6 + at * step, 1)


def _y(stop: _TimelineStop, rows: Sequence[str]) -> float:
    """The middle of what is possible."""
    found = [rows.index(placement) for placement in stop.placements if placement in rows] or [0, len(rows) - 1]
    return round((min(found) + max(found)) / 2 * _ROW_HEIGHT + _ROW_HEIGHT / 2, 1)


def _tone_and_shape(stop: _TimelineStop, speech: Terms) -> tuple[str, str]:
    tone = tone_of(speech.instrument, stop.placements)
    return ("beside" if tone.name == "open" else tone.name), tone.shape


def _draw_segments(stops: Sequence[_TimelineStop], rows: Sequence[str]) -> Iterator[Segment]:
    for number in range(len(rows)):
        y = number * _ROW_HEIGHT + _ROW_HEIGHT / 2
        yield Segment(_NAMES_WIDTH, y, _WIDTH, y, "rule")
    for at, (one, next_) in enumerate(pairwise(stops)):
        by_questions = next_.shift is not None and next_.shift.cause in ("questions", "either", "both")
        kind = "dashed" if by_questions else "line"
        yield Segment(_x(at, stops), _y(one, rows), _x(at + 1, stops), _y(next_, rows), kind)


def _name_lines(rows: Sequence[str], speech: Terms) -> Iterator[TextLine]:
    for number, placement in enumerate(rows):
        name = displayable_text(speech.numbered_name(placement))
        size = min(_TEXT_SIZE, (_NAMES_WIDTH - 4) / font_face().width(name, 1))  # a long name is smaller, never cut
        yield TextLine(0, round(number * _ROW_HEIGHT + _ROW_HEIGHT / 2 + 2.4, 1), round(size, 2), 400, "ink", name)


def _date_lines(stops: Sequence[_TimelineStop], height: float) -> Iterator[TextLine]:
    """The first day and the last; those between stand in the sentences."""
    last = font_face().width(stops[-1].brief_day, _TEXT_SIZE)
    yield TextLine(_NAMES_WIDTH, round(height - 2, 1), _TEXT_SIZE, 400, "quiet", stops[0].brief_day)
    yield TextLine(round(_WIDTH - last, 1), round(height - 2, 1), _TEXT_SIZE, 400, "quiet", stops[-1].brief_day)
