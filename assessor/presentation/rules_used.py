"""By which rules a placement is told, where those it was answered under are not those of the bank in use.

A single collaboration stands by the rules it was answered under; what compares several goes by today's. Both say so
in these words.
"""

from collections.abc import Sequence

from assessor.core.verdict import Verdict
from assessor.presentation.messages import Messages
from assessor.presentation.placements import tell_placements
from assessor.presentation.terms import Terms

#: The most collaborations that are named in one sentence.
_MOST_NAMED = 5


def tell_rules_used(version: str, own: Verdict, today: Verdict, now: Terms) -> str:
    """That a placement goes by the rules it was answered under, and what today's give; `now` has today's words."""
    if version == now.instrument.version:  # the author of the bank forgot to raise it
        used = now.say("Placed by the rules it was answered under; they were changed later, under the same version.")
    else:
        used = now.say("Placed by the rules of version {version}, under which it was answered.", version=version)
    if own.placements == today.placements:
        leads = now.say("By the rules of today it stands there too.")
    else:
        leads = now.say("By the rules of today: {placement}.", placement=tell_placements(today.placements, now))
    return f"{used} {leads}"


def tell_rescored(names: Sequence[str], version: str, messages: Messages) -> str:
    """That some of what is compared goes by today's rules, which it was not answered under; empty for none."""
    if not names:
        return ""
    return messages.count(
        "{number} collaboration was answered under other rules and is placed by those of today (version {version}).",
        "{number} collaborations were answered under other rules and are placed by those of today (version {version}).",
        len(names),
        version=version,
    )


def name_rescored(names: Sequence[str], messages: Messages) -> str:
    """The first few of those names."""
    listed, more = " · ".join(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    return messages.say("{names} and {number} more", names=listed, number=more) if more > 0 else listed
