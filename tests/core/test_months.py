"""Months as people type them, and how far away they are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.months import is_month, is_paper_end, last_day, months_until, parse_month


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2027-06", "2027-06"),
        ("2027-6", "2027-06"),
        (" 6/2027 ", "2027-06"),
        ("06.2027", "2027-06"),
        ("6 2027", "2027-06"),
        ("30.6.2027", "2027-06"),
        ("2027-06-30", "2027-06"),
        ("13/2027", None),
        ("0/2027", None),
        ("2027", None),
        ("next June", None),
        ("6/27", None),
        ("", None),
    ],
)
def test_a_typed_month_is_kept_in_one_way_or_refused(typed, kept):
    assert parse_month(typed) == kept


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)), st.dates(min_value=date(1990, 1, 1)))
def test_every_month_is_read_as_it_is_written_and_its_last_day_is_its_own(day, today):
    month = f"{day.year}-{day.month:02}"

    assert is_month(month)
    assert is_paper_end(month)
    assert parse_month(month) == parse_month(f"{day.month}/{day.year}") == parse_month(day.isoformat()) == month
    assert (last_day(month).year, last_day(month).month) == (day.year, day.month)
    assert (months_until(month, today) < 0) == (last_day(month) < today.replace(day=1))
