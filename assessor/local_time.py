"""Moments are kept in UTC; people are told the day that it was where this machine stands."""

from datetime import date, datetime


def local_day(moment: datetime) -> date:
    """The day of a moment in the machine's time zone: half past midnight in Stockholm is not yesterday."""
    return moment.astimezone().date()


def local_today() -> date:
    """Today's date in the machine's time zone."""
    return datetime.now().astimezone().date()
