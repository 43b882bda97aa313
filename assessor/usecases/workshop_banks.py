"""The bank that a workshop began with, and holds on to: whatever is named later, and whatever an author changes.

Its folder, version and digest are told by acts; its whole text lies in the store, once for all workshops that began
with it. A workshop of an earlier version of this program, which kept none of it, goes by what was answered in it.
"""

from collections.abc import Callable
from typing import Final

from assessor.bank import Bank, open_bank, open_snapshot
from assessor.core.workshop import Workshop
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.store import Store

#: By the id of their text, which is a hash of it.
_opened: Final[dict[str, Bank]] = {}


class BeganWithAnotherBank(AssessorError):
    """Another bank named for a workshop than it began with."""

    template = N_(
        "The workshop {name} began with {bank} {version} and goes on with it; leave --bank out, or give a new workshop "
        "another name"
    )
    exit_code = 2


def bank_acts(store: Store, bank: Bank) -> dict[str, str]:
    """What a new workshop keeps of its bank, whose text is kept in the store; raises `BankRefused`."""
    instrument = bank.instrument
    return {
        "folder": bank.address,
        "version": instrument.version,
        "digest": instrument.digest,
        "text": store.keep_bank(instrument, bank.whole_snapshot),
    }


def bank_of_workshop(store: Store, workshop: Workshop, in_use: Callable[[], Bank]) -> Bank:
    """The bank that a workshop began with; the one in use where that was not kept and nothing says otherwise.

    Its rules are compiled, so that nobody waits for that who holds the workshop's row.
    """
    text = workshop.bank.get("text")
    if not text:
        return _bank_of_answers(store, workshop, in_use())
    if text not in _opened:
        opened = open_snapshot(store.kept_bank(text))
        opened.require_instrument()
        _opened[text] = opened
    return _opened[text]


def _bank_of_answers(store: Store, workshop: Workshop, in_use: Bank) -> Bank:
    """The bank in use, or that of what was answered in the workshop if it was another questionnaire."""
    answered = next(iter(store.assessments_in_workshop(workshop.id)), None)
    if answered is None or answered.instrument == in_use.instrument.id:
        return in_use
    return open_snapshot(store.snapshot_of(answered.id))


def require_same_bank(workshop: Workshop, named: Bank) -> None:
    """Raise `BeganWithAnotherBank` where somebody names another bank than the workshop began with."""
    began = workshop.bank
    if began and named.address != began["folder"] and not named.instrument.is_known_by(began["digest"]):
        raise BeganWithAnotherBank(
            name=escape_controls(workshop.name),
            bank=escape_controls(began["folder"]),
            version=escape_controls(began["version"]),
        )


def has_bank_changed(workshop: Workshop) -> bool:
    """Whether the folder that the workshop's bank came from has other rules by now, does not hold, or is gone."""
    began = workshop.bank
    if not began:
        return False
    try:
        return not open_bank(began["folder"]).instrument.is_known_by(began["digest"])
    except AssessorError:
        return True
