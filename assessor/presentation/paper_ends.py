"""When a paper ends and when a step is to be done, as it is said to people, once for every face."""

from datetime import date

from assessor.core.follow_ups import end_within, paper_ends
from assessor.core.instrument import Instrument
from assessor.core.months import UNTIL_FURTHER_NOTICE, is_month, last_day
from assessor.core.responses import Assessment, Responses
from assessor.presentation.report import EndingPaper
from assessor.presentation.terms import Terms


def tell_paper_end(end: str, terms: Terms) -> str:
    """A kept end in words: a month and year, until further notice, or that nobody knows."""
    if is_month(end):
        return terms.month_and_year(end)
    return terms.say("Until further notice") if end == UNTIL_FURTHER_NOTICE else terms.say("Don't know")


def tell_when(when: str, terms: Terms) -> str:
    """When a step is to be done: a kept month written out, anything else as it was said."""
    return terms.month_and_year(when) if is_month(when) else when


def ending_paper(
    instrument: Instrument, assessment: Assessment, responses: Responses, today: date
) -> EndingPaper | None:
    """The paper that ends first, where that is at most a year away or past; None otherwise.

    `responses` are the assessment's as the instrument understands them.
    """
    month = end_within(instrument, responses, assessment.ends, today)
    if month is None:
        return None
    item = next(item for item, end in paper_ends(instrument, responses, assessment.ends).items() if end == month)
    return EndingPaper(item=item, month=month, over=last_day(month) < today)


def tell_ending(ending: EndingPaper, terms: Terms) -> str:
    """That a paper ends in a month, or has ended, which is said where "sturdy" or "fragile" would be otherwise."""
    month = terms.month_and_year(ending.month)
    return terms.say("Ended in {month}", month=month) if ending.over else terms.say("Ends in {month}", month=month)
