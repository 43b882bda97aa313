"""Answers to an older version of a bank, as its newest version understands them: the same for `renew`, forms and lists.

Nothing here writes.
"""

from collections.abc import Iterable, Iterator

from assessor.bank import Bank
from assessor.core import history
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW

#: What was given, as a history holds it: kind, item and value.
Given = tuple[str, str, str]


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

    Notes follow their items; what today's does not know is left behind.
    """
    now, way, entries = bank.instrument, migration_path(bank, then), list(given)
    beside = {kind: value for kind, item, value in entries if not item}
    responses = {item: value for kind, item, value in entries if kind == "response"}
    notes = {history.current_item_id(item, way): text for kind, item, text in entries if kind == "note"}
    gains = " ".join(gain for gain in beside.get("gains", "").split() if gain in now.gains)
    carried = [
        ("gut", "", beside.get("gut", "") if beside.get("gut") in (*now.placements, DONT_KNOW) else ""),
        ("wanted", "", beside.get("wanted", "") if beside.get("wanted") in now.levels else ""),
        *(("response", item, option) for item, option in history.migrate(responses, way, now).responses.items()),
        ("gains", "", gains),
        *(("note", item, text) for item, text in notes.items() if item in ("", *now.by_id)),
    ]
    return [entry for entry in carried if entry[2]]
