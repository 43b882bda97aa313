"""The other party's side of a collaboration: its responses turned round to the library's view, and what differs.

Each side responds in its own "us" and "them". Nothing here affects a verdict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from assessor.core.instrument import Instrument, Item
from assessor.core.responses import Responses
from assessor.core.routing import on_route, route


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """The item that says who benefits, in the options as the library gives them."""

    item: str
    #: Options that say that the library benefits.
    ours: tuple[str, ...]
    #: Options that say that the party benefits.
    theirs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sides:
    """What the other party is asked of an instrument, and how its responses are turned round."""

    #: Item ids, in the instrument's order.
    asked: tuple[str, ...]
    #: By item, option to the option that says the same from the other side; both ways. Others stay as they are.
    mirrors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gain: Gain | None = None
    #: Items that say whether wishes are known and shared.
    wishes: tuple[str, ...] = ()


class Match(Enum):
    """How two sides' responses to an item compare; a don't know is never a difference."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedItem:
    """One item as each side sees it, both in the library's view."""

    item: str
    match: Match
    #: An option, `DONT_KNOW`, or None when unanswered.
    ours: str | None
    theirs: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SideView:
    """Whether one side benefits: by its own word, and in the other's view; None where not known."""

    own: bool | None
    other: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WinWin:
    """Whether both benefit, by the word of each for itself."""

    library: SideView
    party: SideView

    @property
    def both(self) -> bool | None:
        """True if each says so of itself, False if one denies it, None while it is open."""
        own = (self.library.own, self.party.own)
        return False if False in own else None if None in own else True


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedGains:
    """What the cooperation brings, as each side ticked it."""

    both: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def mirrored_responses(sides: Sides, responses: Responses) -> dict[str, str]:
    """One side's responses as the other would give them to say the same; items the party is not asked are left out."""
    return {
        item: sides.mirrors.get(item, {}).get(response, response)
        for item, response in responses.items()
        if item in sides.asked
    }


def next_party_item(instrument: Instrument, sides: Sides, responses: Responses) -> Item | None:
    """The item to ask the party now; None when nothing is left to ask it."""
    on_route_items = route(instrument, responses)
    return next((item for item in on_route_items if item.id in sides.asked and item.id not in responses), None)


def compare_responses(
    instrument: Instrument, sides: Sides, ours: Responses, theirs: Responses
) -> tuple[ComparedItem, ...]:
    """Each item that applies for both, in the instrument's order; `theirs` as the party gave them."""
    turned = mirrored_responses(sides, theirs)
    known_ours, known_theirs = on_route(instrument, ours), on_route(instrument, turned)
    applies = {item.id for item in route(instrument, ours)} & {item.id for item in route(instrument, turned)}
    return tuple(
        ComparedItem(
            item=item,
            match=_compare_options(known_ours.get(item), known_theirs.get(item)),
            ours=ours.get(item),
            theirs=turned.get(item),
        )
        for item in sides.asked
        if item in applies
    )


def _compare_options(ours: str | None, theirs: str | None) -> Match:
    if ours is None or theirs is None:
        return Match.UNKNOWN
    return Match.SAME if ours == theirs else Match.DIFFERENT


def win_win(instrument: Instrument, sides: Sides, ours: Responses, theirs: Responses) -> WinWin | None:
    """Who benefits, by each side's word; None where the instrument has no item for it."""
    if sides.gain is None:
        return None
    ours_option, theirs_option = (
        on_route(instrument, responses).get(sides.gain.item) for responses in (ours, mirrored_responses(sides, theirs))
    )
    return WinWin(
        library=SideView(own=_is_among(ours_option, sides.gain.ours), other=_is_among(theirs_option, sides.gain.ours)),
        party=SideView(
            own=_is_among(theirs_option, sides.gain.theirs), other=_is_among(ours_option, sides.gain.theirs)
        ),
    )


def _is_among(response: str | None, options: tuple[str, ...]) -> bool | None:
    return None if response is None else response in options


def shared_gains(instrument: Instrument, ours: Iterable[str], theirs: Iterable[str]) -> SharedGains:
    """What both, only the library and only the party ticked, in the instrument's order."""
    our_ticks, their_ticks = set(ours), set(theirs)
    return SharedGains(
        both=tuple(gain for gain in instrument.gains if gain in our_ticks & their_ticks),
        ours=tuple(gain for gain in instrument.gains if gain in our_ticks - their_ticks),
        theirs=tuple(gain for gain in instrument.gains if gain in their_ticks - our_ticks),
    )
