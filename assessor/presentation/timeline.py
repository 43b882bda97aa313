"""How one collaboration's placement came about: a line through its assessments, and what moved it, in sentences.

The figure shows levels as rows and as points those of the last few assessments that settled a placement: what was not
settled stood nowhere, so nothing is drawn for it and no line leads to it. The sentences say for every change how much
is due to changed answers and how much to changed questions. `core.history` finds that out; here it is only put into
words and places. Shapes and lines are those of `terraces`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessor.core.history import PlacementShift
from assessor.core.verdict import Change
from assessor.local_time import local_day
from assessor.presentation.placements import tell_placements
from assessor.presentation.report import ReportRow
from assessor.presentation.terms import Terms, lower_first
from assessor.presentation.terraces import Sign, TextLine
from assessor.presentation.tones import tone_of
from assessor.presentation.typeface import displayable_text, font_face

#: Points: the whole, the column of names, the height of a row, and below the last row for the dates.
_WIDTH, _NAMES_WIDTH, _ROW_HEIGHT, _DATES_HEIGHT = 232.0, 124.0, 14.0, 13.0

#: Points, of names and dates.
_TEXT_SIZE = 8.0

#: The most assessments drawn, the latest; earlier ones stand in the sentences alone.
_MAX_STOPS = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """A stroke from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float
    #: `line`; `dashed` where the questions changed; `rule` for the thin line of a row.
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """What is to be drawn, in points, and the same in words."""

    width: float
    height: float
    segments: tuple[Segment, ...]
    signs: tuple[Sign, ...]
    lines: tuple[TextLine, ...]
    alt_text: str


@dataclass(frozen=True, slots=True)
class _TimelineStop:
    """One assessment on the line."""

    day: str
    #: The same date, short enough to stand below the line.
    brief_day: str
    placements: tuple[str, ...]
    #: What led here; None at the first.
    shift: PlacementShift | None

    def settled_on(self, rows: Sequence[str]) -> int | None:
        """The index of the row that it was settled on; None where it was not settled."""
        return rows.index(self.placements[0]) if len(self.placements) == 1 and self.placements[0] in rows else None


def build_timeline(row: ReportRow, terms: Terms) -> Timeline | None:
    """The line through the assessments; None where fewer than two settled a placement."""
    stops = _timeline_stops(row, terms)[-_MAX_STOPS:]
    rows = _placement_rows(stops, terms)
    if sum(stop.settled_on(rows) is not None for stop in stops) < 2:
        return None
    height = _ROW_HEIGHT * len(rows) + _DATES_HEIGHT
    return Timeline(
        width=_WIDTH,
        height=height,
        segments=tuple(_draw_segments(stops, rows)),
        signs=tuple(
            Sign(_x(index, stops), _y(stop, rows), 3.4, *_tone_and_shape(stop, terms))
            for index, stop in enumerate(stops)
            if stop.settled_on(rows) is not None
        ),
        lines=(*_name_lines(rows, terms), *_date_lines(stops, height)),
        alt_text=" ".join(f"{stop.day}: {_numbered(stop.placements, terms)}." for stop in stops),
    )


def placement_story(row: ReportRow, terms: Terms) -> tuple[str, ...]:
    """A sentence for each change of placement, and one for the responses that later questions could not take over."""
    days = [stop.day for stop in _timeline_stops(row, terms)]
    sentences: list[str] = []
    for earlier, (since, until) in zip(row.earlier, pairwise(days), strict=True):
        if earlier.shift:
            sentences.append(_shift_sentence(earlier.shift, since, until, terms))
        if earlier.dropped:
            sentences.append(
                terms.say(
                    "Some answers from {day} have no place in today's questions: {items}.",
                    day=since,
                    items=terms.format_list(map(lower_first, earlier.dropped)),
                )
            )
    return tuple(sentences)


def _numbered(placements: Sequence[str], terms: Terms) -> str:
    return tell_placements(placements, terms, "numbered")


def _shift_sentence(shift: PlacementShift, since: str, until: str, terms: Terms) -> str:
    """What moved the placement between two assessments; one whole sentence a cause, so that each can be translated."""
    before, after = _numbered(shift.before, terms), _numbered(shift.after, terms)
    facts = {"since": since, "until": until, "before": before, "after": lower_first(after)}
    changes = _changes_clause(shift.changes, terms)
    match shift.cause:
        case "nothing":
            return terms.say("{since} to {until}: the same placement, {after}.", **facts)
        case "answers":
            return terms.say(
                "{since} to {until}: {before} became {after} because the answers changed: {changes}.",
                **facts,
                changes=changes,
            )
        case "questions":
            return terms.say(
                "{since} to {until}: {before} became {after} because the questions changed; "
                "the earlier answers would be placed so by the later questions.",
                **facts,
            )
        case "either":
            return terms.say(
                "{since} to {until}: {before} became {after}. Both the answers and the questions changed, "
                "and either alone would have led there.",
                **facts,
            )
        case "both":
            return terms.say(
                "{since} to {until}: {before} became {after}. The answers and the questions changed it together; "
                "neither alone would have. The answers that count: {changes}.",
                **facts,
                changes=changes,
            )


def _changes_clause(changes: Sequence[Change], terms: Terms) -> str:
    """The changed answers as a list; those on items that today's wording lacks are left out, "-" where none is left."""
    known = [change for change in changes if change.item in terms.wording.items]
    return terms.format_list([_change_phrase(change, terms) for change in known]) if known else "-"


def _change_phrase(change: Change, terms: Terms) -> str:
    before = lower_first(terms.response_or_not_asked(change.item, change.before))
    after = lower_first(terms.short_response(change.item, change.after))
    return f"{lower_first(terms.item_heading(change.item))} ({before} → {after})"


def _timeline_stops(row: ReportRow, terms: Terms) -> list[_TimelineStop]:
    """Every assessment, the earliest first and the present one last."""
    shifts = [None, *(earlier.shift for earlier in row.earlier)]
    days = [*(earlier.day for earlier in row.earlier), local_day(row.assessment.changed)]
    placements_by_day = [*(earlier.verdict.placements for earlier in row.earlier), row.verdict.placements]
    return [
        _TimelineStop(terms.long_date(day), terms.brief_date(day), placements, shift)
        for day, placements, shift in zip(days, placements_by_day, shifts, strict=True)
    ]


def _placement_rows(stops: Sequence[_TimelineStop], terms: Terms) -> list[str]:
    """The levels from the highest, and each other placement that somewhere was certain."""
    levels = terms.instrument.levels
    named = {stop.placements[0] for stop in stops if len(stop.placements) == 1}
    return [
        *levels,
        *(placement for placement in terms.instrument.placements if placement in named and placement not in levels),
    ]


def _x(index: int, stops: Sequence[_TimelineStop]) -> float:
    """How far right the point of an assessment is; the points are equally far apart, whatever the dates."""
    step = (_WIDTH - _NAMES_WIDTH - 12) / (len(stops) - 1)
    return round(_NAMES_WIDTH + 6 + index * step, 1)


def _y(stop: _TimelineStop, rows: Sequence[str]) -> float:
    """How far down the point of a settled assessment is."""
    return round((stop.settled_on(rows) or 0) * _ROW_HEIGHT + _ROW_HEIGHT / 2, 1)


def _tone_and_shape(stop: _TimelineStop, terms: Terms) -> tuple[str, str]:
    tone = tone_of(terms.instrument, stop.placements)
    return ("beside" if tone.name == "open" else tone.name), tone.shape


def _draw_segments(stops: Sequence[_TimelineStop], rows: Sequence[str]) -> Iterator[Segment]:
    """The rules of the rows, then the strokes from each settled assessment to the next where that is settled too."""
    for number in range(len(rows)):
        y = number * _ROW_HEIGHT + _ROW_HEIGHT / 2
        yield Segment(_NAMES_WIDTH, y, _WIDTH, y, "rule")
    for index, (start, end) in enumerate(pairwise(stops)):
        if start.settled_on(rows) is None or end.settled_on(rows) is None:
            continue
        by_questions = end.shift is not None and end.shift.cause in ("questions", "either", "both")
        kind = "dashed" if by_questions else "line"
        yield Segment(_x(index, stops), _y(start, rows), _x(index + 1, stops), _y(end, rows), kind)


def _name_lines(rows: Sequence[str], terms: Terms) -> Iterator[TextLine]:
    for number, placement in enumerate(rows):
        name = displayable_text(terms.numbered_name(placement))
        size = min(_TEXT_SIZE, (_NAMES_WIDTH - 4) / font_face().width(name, 1))  # a long name is smaller, never cut
        yield TextLine(0, round(number * _ROW_HEIGHT + _ROW_HEIGHT / 2 + 2.4, 1), round(size, 2), 400, "ink", name)


def _date_lines(stops: Sequence[_TimelineStop], height: float) -> Iterator[TextLine]:
    """The first day and the last; those between stand in the sentences."""
    last = font_face().width(stops[-1].brief_day, _TEXT_SIZE)
    yield TextLine(_NAMES_WIDTH, round(height - 2, 1), _TEXT_SIZE, 400, "quiet", stops[0].brief_day)
    yield TextLine(round(_WIDTH - last, 1), round(height - 2, 1), _TEXT_SIZE, 400, "quiet", stops[-1].brief_day)
