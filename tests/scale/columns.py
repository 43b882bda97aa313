"""Answers as columns of codes, and what `assess` says of the same row."""

import random
import sys
from pathlib import Path

import numpy as np

from assessor.core.responses import DONT_KNOW
from assessor.core.scoring import assess

sys.path.insert(0, str(Path(__file__).parent.parent / "core"))  # the makers of random instruments


def sheets(instrument, count, unknown=0.2, seed=1):
    """Responses drawn by chance: some a don't know, some lacking, some to items that do not apply."""
    chance = random.Random(seed)

    def response(item):
        return chance.choice((None, DONT_KNOW)) if chance.random() < unknown else chance.choice(item.options)

    return [
        {item.id: given for item in instrument.items if (given := response(item)) is not None} for _ in range(count)
    ]


def columns(instrument, rows):
    """The rows as codes: 0 not known, else 1 and on in the order of the options."""
    codes = {item.id: {option: code for code, option in enumerate(item.options, 1)} for item in instrument.items}
    return {item: np.array([codes[item].get(row.get(item), 0) for row in rows], np.uint8) for item in codes}


def told(instrument, row):
    """Placements, level, most telling open item and way up, as `assess` gives them."""
    verdict = assess(instrument, row)
    most = verdict.open_items[0].item if verdict.open_items else None
    return list(verdict.placements), verdict.level, most, verdict.way_up
