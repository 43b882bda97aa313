"""Days for a calendar as iCalendar text (RFC 5545), as every calendar program reads it.

Only whole days with a text and, where one is wanted, a reminder: no times, so no time zones. Texts are escaped and
lines folded at 75 bytes between characters, which is all that a file of this kind can be spoilt by.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assessor.safe_text import escape_controls

_MAX_BYTES = 75


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarDay:
    """Something on one day."""

    #: Unique and the same each time, so that a program replaces an earlier copy instead of showing it twice.
    id: str
    day: date
    title: str
    text: str = ""
    #: How many days before it is to be remembered; 0 for no reminder.
    days_before: int = 0


def calendar_text(days: Iterable[CalendarDay], name: str, made: date, program: str) -> bytes:
    """The whole calendar; the same days and date of making give the same bytes."""
    stamp = datetime.combine(made, time(12), UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//assessor//assessor {_escape(program)}//EN",
        f"X-WR-CALNAME:{_escape(name)}",
        *(line for each in days for line in _event_lines(each, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _event_lines(each: CalendarDay, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escape(each.id)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{each.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escape(each.title)}"
    if each.text:
        yield f"DESCRIPTION:{_escape(each.text)}"
    yield "TRANSP:TRANSPARENT"
    if each.days_before:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"TRIGGER:-P{each.days_before}D"
        yield f"DESCRIPTION:{_escape(each.title)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _escape(text: str) -> str:
    """The text as a value: its own signs escaped, line breaks as the format writes them, other controls shown."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    marked = "\n".join(map(escape_controls, lines)).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return marked.replace("\n", "\\n")


def _fold(line: str) -> str:
    """The line in pieces of at most 75 bytes, each further one begun with a blank; no character is cut."""
    pieces, size = [""], 0
    for char in line:
        length = len(char.encode())
        if size + length > _MAX_BYTES:
            pieces.append("")
            size = 1  # the blank before it
        pieces[-1] += char
        size += length
    return "\r\n ".join(pieces)
