"""What is asked right after a response: when a paper ends, which goal it serves, and whether it fits the others.

None of it is ever scored, and all may be left. What was given stays when the response turns to another option, and
counts again when it turns back, as with a response that is not on the route.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from assessor.core.conditions import items_in
from assessor.core.instrument import Instrument, Mark
from assessor.core.months import is_month, months_until
from assessor.core.responses import Responses
from assessor.core.routing import on_route
from assessor.core.scoring import is_signal


def items_of_papers(instrument: Instrument, responses: Responses) -> tuple[str, ...]:
    """The items whose response tells of a paper, in the order of the bank's `ends`."""
    return tuple(_telling(instrument.ends, on_route(instrument, responses)))


def items_of_goals(instrument: Instrument, responses: Responses) -> tuple[str, ...]:
    """The items whose response tells of a goal of the library's."""
    return tuple(_telling(instrument.serves, on_route(instrument, responses)))


def signals_asking_back(instrument: Instrument, responses: Responses) -> tuple[Mark, ...]:
    """The signals by which responses hardly fit together, in the bank's order."""
    known = on_route(instrument, responses)
    return tuple(each for each in instrument.signals if each.asks_back and is_signal(instrument, each.id, known))


def items_asked_back(signal: Mark) -> tuple[str, ...]:
    """The items whose responses a signal reads, each once."""
    return tuple(dict.fromkeys(items_in(signal.when)))


def _telling(asked: Mapping[str, tuple[str, ...]], heard: Responses) -> Iterator[str]:
    return (item for item, options in asked.items() if heard.get(item) in options)


def paper_ends(instrument: Instrument, responses: Responses, ends: Mapping[str, str]) -> dict[str, str]:
    """When the papers end that the responses tell of; without those of which nobody has said."""
    return {item: ends[item] for item in items_of_papers(instrument, responses) if item in ends}


def end_within(
    instrument: Instrument, responses: Responses, ends: Mapping[str, str], today: date, months: int = 12
) -> str | None:
    """The month of the paper that ends first, where that is at most so many months away or past; None otherwise."""
    dated = sorted(end for end in paper_ends(instrument, responses, ends).values() if is_month(end))
    return dated[0] if dated and months_until(dated[0], today) <= months else None
