"""The dates of a library: papers that end, agreed steps, the next assessment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assessor.core.follow_ups import paper_ends
from assessor.core.months import is_month, last_day
from assessor.core.responses import PlannedStep
from assessor.errors import N_
from assessor.exchange.calendar_file import CalendarDay, calendar_text
from assessor.local_time import local_day
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms

_PAPER_ENDS = N_("The paper ends: {name}")
_AGAIN = N_("Assess the collaborations of {library} again")

#: Days before a paper ends at which it is time to decide.
_DAYS_TO_DECIDE = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryCalendar:
    """The file, and what it leaves out."""

    content: bytes
    days: int
    #: Agreed steps without a date.
    undated: int


def library_calendar(report: Report) -> LibraryCalendar:
    """The calendar of a library; steps whose time is told in words alone are counted and left out."""
    terms = Terms(report.language, report.instrument, report.wording)
    steps = [step for row in report.rows for step in row.assessment.steps if step.what]
    days = [day for row in report.rows for day in (*_papers(row, terms), *_steps(row, terms))]
    if again := _next_assessment(report):
        days.append(
            CalendarDay(
                id=f"{report.library}-again@assessor",
                day=again,
                title=terms.say(_AGAIN, library=report.library),
            )
        )
    days.sort(key=lambda each: (each.day, each.id))
    return LibraryCalendar(
        content=calendar_text(days, report.library, report.made, report.program),
        days=len(days),
        undated=sum(_day_of(step) is None for step in steps),
    )


def _papers(row: ReportRow, terms: Terms) -> Iterator[CalendarDay]:
    assessment = row.assessment
    for item, end in paper_ends(terms.instrument, assessment.responses, assessment.ends).items():
        if is_month(end):
            yield CalendarDay(
                id=f"{assessment.collaboration.id}-{item}-ends@assessor",
                day=last_day(end),
                title=terms.say(_PAPER_ENDS, name=row.name),
                text=assessment.notes.get(item, ""),
                days_before=_DAYS_TO_DECIDE,
            )


def _steps(row: ReportRow, terms: Terms) -> Iterator[CalendarDay]:
    for step in row.assessment.steps:
        if step.what and (day := _day_of(step)):
            yield CalendarDay(
                id=f"{row.assessment.collaboration.id}-{step.id}-step@assessor",
                day=day,
                title=f"{step.what} ({step.who})" if step.who else step.what,
                text=row.name,
            )


def _day_of(step: PlannedStep) -> date | None:
    """The day by which a step is to be done; None where its time is told in words, or not at all."""
    if is_month(step.when):
        return last_day(step.when)
    try:
        return date.fromisoformat(step.when)
    except ValueError:
        return None


def _next_assessment(report: Report) -> date | None:
    """The first of the month chosen, else a year after the last assessment; None without any."""
    if is_month(report.next_month):
        return date(int(report.next_month[:4]), int(report.next_month[5:]), 1)
    if not report.rows:
        return None
    last = max(local_day(row.assessment.changed) for row in report.rows)
    return date(last.year + 1, last.month, min(last.day, 28))
