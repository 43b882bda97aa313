"""Answers to an older version of a bank, as its newest version understands them: the same for `renew`, forms and lists.

Nothing here writes.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from assessor.bank import Bank
from assessor.core import history
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW

#: What was given, as a history holds it: kind, item and value.
Given = tuple[str, str, str]

#: The kinds in the order in which they are asked.
_ORDER: Final = ("gut", "wanted", "response", "ends", "goal", "gains", "note", "quoted", "step")


def migration_path(bank: Bank, then: Instrument) -> tuple[Migration, ...]:
    """The migrations from a version to the bank's own; none from another questionnaire."""
    if then.id != bank.instrument.id:
        return ()  # the versions of two questionnaires may have the same numbers
    return history.migration_path(bank.migrations, then.version, bank.instrument.version)


def earlier_banks(bank: Bank) -> Iterator[Bank]:
    """The versions that the bank keeps and that migrations lead on from, the latest first."""
    for version in reversed(bank.earlier_versions):
        kept = bank.earlier(version)
        if kept and migration_path(bank, kept.instrument):
            yield kept


def earlier_instrument(bank: Bank, version: str, digest: str) -> Instrument | None:
    """The version that the bank keeps under these rules and that a migration leads on from; None where it has none."""
    kept = (each.instrument for each in earlier_banks(bank))
    return next((each for each in kept if each.version == version and each.is_known_by(digest)), None)


def carry_entries(given: Iterable[Given], then: Instrument, bank: Bank) -> list[Given]:
    """What was given under an older version, as today's understands it, in the order in which it would be asked.

    What stands under an item follows it; what today's does not know is left behind.
    """
    now, way, entries = bank.instrument, migration_path(bank, then), list(given)
    responses = history.migrate(
        {item: value for kind, item, value in entries if kind == "response"}, way, now
    ).responses
    moved = [(kind, _current_place(kind, item, way), _known_part(kind, value, now)) for kind, item, value in entries]
    kept = [(kind, item, value) for kind, item, value in moved if value and _has_place(kind, item, now)]
    carried = [*kept, *(("response", item, option) for item, option in responses.items())]
    return sorted(carried, key=lambda entry: _ORDER.index(entry[0]))


def _current_place(kind: str, item: str, way: Iterable[Migration]) -> str:
    """The item, or the step and its part, that an entry stands under by now."""
    if kind != "step":
        return history.current_item_id(item, way)
    step, dot, part = item.rpartition(".")
    return f"{history.current_item_id(step, way)}{dot}{part}"


def _known_part(kind: str, value: str, now: Instrument) -> str:
    """The value without what the instrument does not know; empty for a response, which migrations carry."""
    match kind:
        case "response":
            return ""
        case "gut":
            return value if value in (*now.placements, DONT_KNOW) else ""
        case "wanted":
            return value if value in now.placements else ""
        case "gains":
            return " ".join(gain for gain in value.split() if gain in now.gains)
    return value


def _has_place(kind: str, item: str, now: Instrument) -> bool:
    """Whether what stands under an item still can."""
    return not item or kind == "step" or (item in now.ends if kind == "ends" else item in now.by_id)
