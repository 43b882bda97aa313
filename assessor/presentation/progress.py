"""How far an assessment has come, and what its bank asks otherwise by now, in words."""

from collections.abc import Iterable
from typing import Protocol

from assessor.core.wording import Wording
from assessor.presentation.messages import Messages


class BankDifference(Protocol):
    """One thing that a bank asks otherwise now than when an assessment was begun."""

    @property
    def kind(self) -> str: ...
    @property
    def item(self) -> str: ...


def items_left_text(messages: Messages, number: int) -> str:
    """How many items are left, roughly."""
    return messages.count("about {number} question left", "about {number} questions left", number)


def difference_texts(
    differences: Iterable[BankDifference], earlier_wording: Wording, current_wording: Wording, messages: Messages
) -> tuple[str, ...]:
    """What is asked otherwise, in the words of the version that asks it."""
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
    return wording.items[item].short if item in wording.items else item
