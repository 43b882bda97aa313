"""The shipped instrument, and responses to it: any at all, plausible ones, and those of a strategic partnership."""

import random
from collections.abc import Iterator

import answers
from hypothesis import strategies as st

from assessor import bank
from assessor.core.responses import DONT_KNOW

DOKK1 = bank.open_bank("dokk1").instrument

SHEETS = st.fixed_dictionaries({item.id: st.sampled_from((*item.options, DONT_KNOW)) for item in DOKK1.items})

STRATEGIC = answers.STRATEGIC | {"payment": "shared"}


def partial_sheets(count: int, most_unknown: int) -> Iterator[dict[str, str]]:
    """The same for every run."""
    chance = random.Random(20)
    for _ in range(count):
        sheet = {item.id: chance.choice(item.options) for item in DOKK1.items}
        if chance.random() < 0.5:  # by chance alone nearly nothing is ever made together
            sheet |= dict(chance.sample(list(STRATEGIC.items()), chance.randint(8, 15)))
        for item in chance.sample(list(sheet), chance.randint(0, most_unknown)):
            del sheet[item]
        yield sheet
