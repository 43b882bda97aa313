"""Months as people say them: when a paper ends, when a step is to be done. Nothing here reads a clock.

A month is kept as 2027-06, which sorts as it should and is the same in every language.
"""

import calendar
import re
from datetime import date
from typing import Final

from assessor.core.responses import DONT_KNOW

#: The value of a paper's end that holds until somebody ends it.
UNTIL_FURTHER_NOTICE: Final = "open"

_TYPED_YEAR_FIRST: Final = re.compile(r"((?:19|20|21)\d\d)\s*[-./ ]\s*(\d\d?)(?:\s*[-./ ]\s*\d\d?)?", re.ASCII)
_TYPED_YEAR_LAST: Final = re.compile(r"(?:\d\d?\s*[-./ ]\s*)?(\d\d?)\s*[-./ ]\s*((?:19|20|21)\d\d)", re.ASCII)
_MONTH: Final = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)


def is_month(text: str) -> bool:
    """Whether a text is a month as it is kept."""
    return _MONTH.fullmatch(text) is not None


def is_paper_end(text: str) -> bool:
    """Whether a text says when a paper ends: a month, until further notice, or not known."""
    return text in (UNTIL_FURTHER_NOTICE, DONT_KNOW) or is_month(text)


def last_day(month: str) -> date:
    """The last day of a month as it is kept."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def months_until(month: str, today: date) -> int:
    """Whole months from today's to this one; 0 in the month itself, negative once it is over."""
    return (int(month[:4]) - today.year) * 12 + int(month[5:]) - today.month


def parse_month(text: str) -> str | None:
    """The month that a person typed: 2027-06, 6/2027, 06.2027, or a whole date, of which the day is left out.

    None where it is no month.
    """
    typed = text.strip()
    if found := _TYPED_YEAR_FIRST.fullmatch(typed):
        year, month = found.groups()
    elif found := _TYPED_YEAR_LAST.fullmatch(typed):
        month, year = found.groups()
    else:
        return None
    kept = f"{year}-{int(month):02}"
    return kept if is_month(kept) else None
