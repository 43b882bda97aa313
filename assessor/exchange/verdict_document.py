"""A verdict as plain JSON, the same wherever a program gets one: from `place`, a list of collaborations, a workshop.

Ids only, no words of a language, so that it stays the same when wordings change.

The keys of the object, always all of them and in this order:

    id             that of the case, unchanged
    instrument     {"name": …, "version": …}
    placements     ids of the placements still possible, best level first; one when it is certain
    level          the number of the level when certain and on one (1 is the highest), else null
    certain_level  the lowest level still possible; null while a placement without a level is possible
    reasons        [{"item", "option", "sources": [ids]}]: a sufficient set of responses
    open_items     [{"item", "tells": bits of doubt it removes, "leads": {option: [placements]}}], most telling first
    way_up         {"changes": [{"item", "before": option or null, "after"}], "leads": [placements], "cost"}, or null
    way_wanted     likewise, to the level that the library wants
    way_down       likewise, the smallest change that may lose the level
    fragile        true when one change that may come by itself loses the level
    marks          {mark: "met", "unmet" or "unknown"}
    signals        ids of the remarks shown beside the placement
"""

import json
from typing import Any

from assessor.core.instrument import Instrument
from assessor.core.verdict import OpenItem, Verdict, Way


def verdict_json(instrument: Instrument, case_id: str | int, verdict: Verdict) -> dict[str, Any]:
    """The verdict in plain values, with the keys of the module's table in their order."""
    return {
        "id": case_id,
        "instrument": {"name": instrument.id, "version": instrument.version},
        "placements": list(verdict.placements),
        "level": verdict.level,
        "certain_level": verdict.certain_level,
        "reasons": [
            {"item": reason.item, "option": reason.option, "sources": list(reason.sources)}
            for reason in verdict.reasons
        ],
        "open_items": [_open_item_json(open_item) for open_item in verdict.open_items],
        "way_up": _way_json(verdict.way_up),
        "way_wanted": _way_json(verdict.way_wanted),
        "way_down": _way_json(verdict.way_down),
        "fragile": verdict.fragile,
        "marks": {mark: standing.value for mark, standing in verdict.marks.items()},
        "signals": list(verdict.signals),
    }


def json_line(value: object) -> str:
    """One line of JSON in ASCII, which every console and pipe can carry."""
    return json.dumps(value, separators=(", ", ": "), allow_nan=False)


def _open_item_json(open_item: OpenItem) -> dict[str, Any]:
    leads = {option: list(placements) for option, placements in open_item.leads.items()}
    # Six decimals; beyond them, machines may differ.
    return {"item": open_item.item, "tells": round(open_item.information_gain, 6), "leads": leads}


def _way_json(way: Way | None) -> dict[str, Any] | None:
    """The changes, where they lead and what they cost; None where there is no way."""
    if way is None:
        return None
    changes = [{"item": change.item, "before": change.before, "after": change.after} for change in way.changes]
    return {"changes": changes, "leads": list(way.leads), "cost": way.cost}
