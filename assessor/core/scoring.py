"""From responses to a verdict: exact questions to the compiled diagram, one after the other.

No clock, file or random number; what a response means stands in the bank, not here.
"""

from collections.abc import Mapping

from assessor.core.diagram import State, walk
from assessor.core.instrument import Instrument
from assessor.core.open_items import open_items
from assessor.core.responses import Responses
from assessor.core.routing import on_route
from assessor.core.verdict import Reason, Standing, Verdict, Way
from assessor.core.ways import SPONTANEOUS_SLIP_SIZE, way_down, way_up


def assess(instrument: Instrument, responses: Responses, wanted: str | None = None) -> Verdict:
    """Place one collaboration, and say why, what is open and what would move it.

    `responses` as `routing.validated_responses` gives them; `wanted` is the placement id of a level, or None.
    """
    known = on_route(instrument, responses)
    placements = walk(instrument.diagram.start, known).ends
    certain = certain_level(instrument, placements)
    down = _way_down(instrument, known, certain)
    return Verdict(
        instrument=instrument.id,
        version=instrument.version,
        placements=placements,
        level=instrument.level(placements[0]) if len(placements) == 1 else None,
        certain_level=certain,
        reasons=_reasons(instrument, known, placements),
        open_items=open_items(instrument, known) if len(placements) > 1 else (),
        way_up=_way_up(instrument, known, certain),
        way_wanted=_way_to_wanted(instrument, known, placements, wanted),
        way_down=down,
        fragile=down is not None and len(down.changes) == 1 and down.cost <= SPONTANEOUS_SLIP_SIZE,
        marks={mark.id: _standing(_mark_values(instrument, mark.id, known)) for mark in instrument.marks},
        signals=tuple(signal.id for signal in instrument.signals if is_signal(instrument, signal.id, known)),
    )


def is_signal(instrument: Instrument, signal: str, known: Mapping[str, str]) -> bool:
    """Whether a signal holds whatever is still unknown; `known` is what `routing.on_route` returns."""
    return _mark_values(instrument, signal, known) == (True,)


def certain_level(instrument: Instrument, placements: tuple[str, ...]) -> int | None:
    """The number of the lowest level among the placements; None when one of them has no level."""
    return instrument.level(placements[-1])


def way_up_of(instrument: Instrument, known: Mapping[str, str]) -> Way | None:
    """The `way_up` of a verdict without computing the rest; `known` is what `routing.on_route` returns."""
    placements = walk(instrument.diagram.start, known).ends
    return _way_up(instrument, known, certain_level(instrument, placements))


def sufficient_set(instrument: Instrument, known: Mapping[str, str]) -> dict[str, str]:
    """A minimal set of the responses that alone leaves the same placements possible.

    None of them can be left out. Responses are tried for leaving out from the instrument's last item to its first
    and the other way round, and the smaller set is taken, so that what is asked first is kept where either would do.
    """
    wanted = walk(instrument.diagram.start, known).ends
    ranked = sorted(known, key=instrument.positions.__getitem__)
    late_dropped, early_dropped = (
        _drop_redundant(instrument.diagram.start, known, order, wanted) for order in (ranked[::-1], ranked)
    )
    smallest = early_dropped if len(early_dropped) < len(late_dropped) else late_dropped
    return {item: smallest[item] for item in ranked if item in smallest}


def _drop_redundant(
    start: State, known: Mapping[str, str], order: list[str], wanted: tuple[str, ...]
) -> dict[str, str]:
    """The responses left after each was dropped, in this order, whose absence changes nothing."""
    kept = dict(known)
    for item in order:
        response = kept.pop(item)
        if walk(start, kept).ends != wanted:
            kept[item] = response
    return kept


def _reasons(instrument: Instrument, known: Mapping[str, str], placements: tuple[str, ...]) -> tuple[Reason, ...]:
    if len(placements) == len(instrument.placements):
        return ()  # everything is still possible, for no reason
    return tuple(
        Reason(item=item, option=option, sources=instrument.by_id[item].sources)
        for item, option in sufficient_set(instrument, known).items()
    )


def _way_up(instrument: Instrument, known: Mapping[str, str], certain: int | None) -> Way | None:
    above = len(instrument.levels) if certain is None else certain - 1
    return way_up(instrument, known, frozenset(instrument.levels[:above])) if above else None


def _way_to_wanted(
    instrument: Instrument, known: Mapping[str, str], placements: tuple[str, ...], wanted: str | None
) -> Way | None:
    level = instrument.level(wanted) if wanted else None
    if level is None or set(placements) <= set(instrument.levels[:level]):
        return None
    return way_up(instrument, known, frozenset(instrument.levels[:level]))


def _way_down(instrument: Instrument, known: Mapping[str, str], certain: int | None) -> Way | None:
    if certain is None:
        return None
    return way_down(instrument, known, frozenset(instrument.placements[certain:]))


def _mark_values(instrument: Instrument, mark: str, known: Mapping[str, str]) -> tuple[bool, ...]:
    return walk(instrument.diagram.mark_starts[mark], known).ends


def _standing(values: tuple[bool, ...]) -> Standing:
    if len(values) > 1:
        return Standing.UNKNOWN
    return Standing.MET if values[0] else Standing.UNMET
