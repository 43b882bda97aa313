"""A quarter's snapshot of a nation as JSON, in which it is kept and handed on, and a picture as CSV."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Final

from assessor.core.nation import NationPicture, NationSnapshot
from assessor.core.noise import BEYOND_ONE_IN, ODDS, noise_margin
from assessor.exchange.library_tables import escape_text

_FORMAT: Final = "assessor nation 1"


def dump_snapshot(snapshot: NationSnapshot) -> str:
    """The JSON text that is kept, and given out as it is kept."""
    document = {
        "format": _FORMAT,
        "quarter": snapshot.quarter,
        "day": snapshot.day.isoformat(),
        "instrument": {"name": snapshot.instrument, "version": snapshot.version},
        "libraries": snapshot.libraries,
        "noise": {
            "odds": ODDS,
            "margin": noise_margin(len(snapshot.counts), 1),
            "beyond_margin": f"1 in {BEYOND_ONE_IN}",
        },
        "counts_with_noise": dict(snapshot.counts),
    }
    return json.dumps(document, indent=1) + "\n"


def parse_snapshot(text: str) -> NationSnapshot:
    """The snapshot in a text that `dump_snapshot` returned."""
    found = json.loads(text)
    return NationSnapshot(
        quarter=found["quarter"],
        day=date.fromisoformat(found["day"]),
        instrument=found["instrument"]["name"],
        version=found["instrument"]["version"],
        libraries=found["libraries"],
        counts=found["counts_with_noise"],
    )


def picture_csv(picture: NationPicture, heads: tuple[str, str, str, str], names: Mapping[str, str]) -> str:
    """A row for each count that has a name: the least, the most, and of how many; `heads` are the columns' names."""
    written = io.StringIO()
    rows = [(name, picture.range_of(each)) for each, name in names.items()]
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(map(escape_text, heads))
    table.writerows((escape_text(name), span.low, span.high, span.libraries) for name, span in rows)
    return written.getvalue()
