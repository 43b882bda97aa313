"""How an instrument's rules divide all combinations of responses, in words: the same in `bank show` and in the report.

Each combination is counted once: nothing here says how libraries respond.
"""

from collections.abc import Iterator

from assessor.core.open_items import deciding_shares
from assessor.language import format_share
from assessor.presentation.terms import Terms, lower_first

#: Items that a sentence names; a longer list is not read.
_MOST_ITEMS = 5


def placement_shares(terms: Terms) -> Iterator[tuple[str, str]]:
    """Each placement by name, best level first, with its part of all combinations."""
    diagram = terms.instrument.diagram
    total = diagram.count_combinations()
    for placement, count in diagram.counts_by_placement().items():
        yield terms.placement_name(placement), format_share(count / total, terms.language)


def item_shares(terms: Terms) -> Iterator[tuple[str, str]]:
    """Each item that decides something by its short name, the most telling first, with how much it settles alone."""
    for item, share in deciding_shares(terms.instrument).items():
        yield terms.item_heading(item), format_share(share, terms.language)


def rules_paragraph(terms: Terms) -> str:
    """Where all combinations lead, and what decides most."""
    shares = (f"{lower_first(name)} {share}" for name, share in placement_shares(terms))
    items = [lower_first(name) for name, _ in item_shares(terms)]
    return terms.say(
        "Counted once each, which says nothing of how libraries answer, all combinations of answers lead to: {shares}. "
        "Most is decided by: {items}.",
        shares="; ".join(shares),
        items="; ".join(items[:_MOST_ITEMS]),
    )
