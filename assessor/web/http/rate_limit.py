"""How many wrong codes and secrets are borne: from one address, and in all from those who guess.

Who has the right one is let in however much others guess; only guessing faster than people type is cut short.
Addresses are kept in memory alone, and for ten minutes.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic
from typing import Final

from assessor.web.http.deployment import Network

#: Wrong ones from one address in a minute after which a further one is told to wait.
WRONG: Final = 20
_MINUTE: Final = 60.0
#: Seconds for which an address is known to have guessed.
_REMEMBERED: Final = 600.0
_MOST_ADDRESSES: Final = 20_000
#: Tries a second, by all addresses together that are over their budget, that are looked at at all: a room of people
#: behind the address of somebody who guesses a hundred a second gets in, and a guesser finds one of twenty rooms of
#: seven letters in three hours with a chance under one in a thousand, from however many addresses.
LOOKED_AT: Final = 120.0


@dataclass
class _Guesser:
    """The wrong ones of one address in the current minute."""

    since: float
    wrong: int = 0
    last: float = 0.0


class Budget:
    """What is borne of every address."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._guessers: OrderedDict[str, _Guesser] = OrderedDict()
        self._left = LOOKED_AT
        self._at = clock()

    def over(self, address: str) -> bool:
        """Whether an address has had more wrong ones this minute than people have."""
        found = self._guessers.get(address)
        return found is not None and self._clock() - found.since < _MINUTE and found.wrong >= WRONG

    def looks(self, address: str) -> bool:
        """Whether a try is looked at; one of somebody who does not guess always is."""
        if not self.over(address):
            return True
        now = self._clock()
        self._left = min(LOOKED_AT, self._left + (now - self._at) * LOOKED_AT)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def wrong(self, address: str) -> bool:
        """Count a wrong one; whether it was over the budget."""
        over, now = self.over(address), self._clock()
        found = self._guessers.pop(address, None)
        if found is None or now - found.since >= _MINUTE:
            found = _Guesser(since=now)
        found.wrong, found.last = found.wrong + 1, now
        self._guessers[address] = found
        self._forget(now)
        return over

    def _forget(self, now: float) -> None:
        while self._guessers:
            oldest = next(iter(self._guessers))
            if len(self._guessers) <= _MOST_ADDRESSES and now - self._guessers[oldest].last < _REMEMBERED:
                return
            del self._guessers[oldest]


@dataclass(frozen=True)
class Tries:
    """What one address has tried."""

    address: str = ""
    budget: Budget = field(default_factory=Budget)


def whose(peer: str, forwarded: str, proxies: tuple[Network, ...]) -> str:
    """The address that counts: the peer's, or the last that a believed proxy did not add itself.

    Counted from the right, as everything further left is what the sender claims; of an IPv6 address its network,
    as whoever has one address there has all of it.
    """
    found = peer
    for told in reversed([each.strip() for each in forwarded.split(",")[-20:]]):
        if not believed(found, proxies):
            break
        if _parsed(told) is None:
            break
        found = told
    return _counted(found)


def believed(address: str, proxies: tuple[Network, ...]) -> bool:
    """Whether an address is a proxy's that may say for whom it asks."""
    parsed = _parsed(address)
    return parsed is not None and any(parsed.version == each.version and parsed in each for each in proxies)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _counted(address: str) -> str:
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed) if parsed else address
