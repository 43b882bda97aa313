"""How far an assessment has come, and how its bank has changed since it was begun, in words.

Used while answering, in the terminal and on the web; documents are about verdicts and do not need it.
"""

from collections.abc import Iterable
from typing import Protocol

from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
from assessor.presentation.messages import Messages


class BankDifference(Protocol):
    """One difference between the bank as it is and as it was when an assessment was begun.

    Structural, so that this package need not import the use case that finds differences.
    """

    @property
    def kind(self) -> str: ...
    @property
    def item(self) -> str: ...


def items_left_text(messages: Messages, number: int) -> str:
    """How many items are left at most: a response may close others, and never opens one that was not counted."""
    return messages.count("at most {number} left", "at most {number} left", number)


def items_of_modes_texts(messages: Messages, most: int, usual: int) -> tuple[str, str]:
    """How much full mode and short mode ask, to choose between them."""
    full = messages.count("at most {number} question", "at most {number} questions", most)
    short = messages.count("about {number} question", "about {number} questions", usual)
    return (
        messages.say("Everything: {count}", count=full),
        messages.say("Only what can change the placement: {count}", count=short),
    )


def full_mode_text(messages: Messages, instrument: Instrument) -> str:
    """What answering everything gives; a bank may have no marks."""
    if instrument.marks:
        return messages.say("Gives the placement, all the marks and the best advice.")
    return messages.say("Gives the placement and the best advice.")


def responses_and_notes_text(messages: Messages, responses: int, notes: int) -> str:
    """How much was given, as "17 answers, 1 note"."""
    given = messages.count("{number} answer", "{number} answers", responses)
    written = messages.count("{number} note", "{number} notes", notes)
    return f"{given}, {written}" if notes else given


def difference_texts(
    differences: Iterable[BankDifference], earlier_wording: Wording, current_wording: Wording, messages: Messages
) -> tuple[str, ...]:
    """Each difference as a phrase; an item is named as the version that asks it names it."""
    templates = {
        "gone": messages.say("no longer asked: {item}"),
        "added": messages.say("newly asked: {item}"),
        "options": messages.say("other answers to choose from: {item}"),
        "rules": messages.say("other rules for the placement"),
        "other": messages.say("not what is asked, but its marks, advice or version"),
    }
    return tuple(
        templates[difference.kind].format(
            item=_item_heading(difference.item, current_wording if difference.kind == "added" else earlier_wording)
        )
        for difference in differences
    )


def _item_heading(item: str, wording: Wording) -> str:
    """The item's short name; its id where the wording lacks it."""
    return wording.items[item].short if item in wording.items else item
