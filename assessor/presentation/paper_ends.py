"""When a paper ends and when a step is to be done, as it is said to people, once for every face."""

from assessor.core.months import UNTIL_FURTHER_NOTICE, is_month
from assessor.presentation.terms import Terms


def tell_paper_end(end: str, terms: Terms) -> str:
    """A kept end in words: a month and year, until further notice, or that nobody knows."""
    if is_month(end):
        return terms.month_and_year(end)
    return terms.say("Until further notice") if end == UNTIL_FURTHER_NOTICE else terms.say("Don't know")


def tell_when(when: str, terms: Terms) -> str:
    """When a step is to be done: a kept month written out, anything else as it was said."""
    return terms.month_and_year(when) if is_month(when) else when
