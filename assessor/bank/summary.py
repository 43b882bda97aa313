"""A bank in a few figures, for `assessor bank show`, and what of it a check has proved, for `assessor bank check`."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessor.bank.loading import Bank
from assessor.core.instrument import Instrument


@dataclass(frozen=True, kw_only=True, slots=True)
class InstrumentSummary:
    """The size of an instrument and where its combinations of responses lead."""

    items: int
    options: int
    #: Of one option for each item; don't know is not counted.
    combinations: int
    #: Of the diagram.
    nodes: int
    #: Placement id, best level first, to its part of all combinations, 0 to 1.
    shares: Mapping[str, float]


def describe(instrument: Instrument) -> InstrumentSummary:
    """The size of an instrument, and the share of all combinations of responses that each placement has."""
    diagram = instrument.diagram
    total = diagram.count_combinations()
    return InstrumentSummary(
        items=len(instrument.items),
        options=sum(len(item.options) for item in instrument.items),
        combinations=total,
        nodes=len(diagram.nodes),
        shares={placement: count / total for placement, count in diagram.counts_by_placement().items()},
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckScope:
    """What a check without problems speaks of, and what it says nothing about."""

    #: The items for which it is proved that a better response never leads to a lower level, and the others.
    rising: tuple[str, ...]
    not_rising: tuple[str, ...]
    #: Versions that a migration comes from and that the bank does not keep, so that nothing on that side was checked.
    unkept_versions: tuple[str, ...]
    #: The optional keys and files that the bank does without.
    left_out: tuple[str, ...]


def check_scope(bank: Bank) -> CheckScope:
    """What a check of a bank without problems speaks of; raises as the bank's parts do."""
    instrument = bank.instrument
    rising = tuple(item.id for item in instrument.items if item.rising and instrument.levels)
    origins = dict.fromkeys(migration.before for migration in bank.migrations)
    return CheckScope(
        rising=rising,
        not_rising=tuple(item for item in instrument.by_id if item not in rising),
        unkept_versions=tuple(version for version in origins if version not in bank.earlier_versions),
        left_out=_left_out(bank),
    )


def _left_out(bank: Bank) -> tuple[str, ...]:
    instrument, words = bank.instrument, bank.wording(bank.languages[0])
    parts = {
        "levels": instrument.levels,
        "marks": instrument.marks,
        "signals": instrument.signals,
        "gains": instrument.gains,
        "sources": instrument.sources,
        "method": words.method,
        "limits": words.limits,
        "drafts": words.drafts,
        "cases.yaml": bank.cases,
        "party/": bank.has_party_side,
    }
    return tuple(name for name, part in parts.items() if not part)
