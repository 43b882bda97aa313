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

from assessor.web.http.deployment import IPNetwork

#: Wrong ones from one address in a minute after which a further one is told to wait.
MAX_WRONG_PER_MINUTE: Final = 20
_MINUTE: Final = 60.0
#: Seconds for which an address is known to have guessed.
_FORGET_AFTER: Final = 600.0
_MAX_ADDRESSES: Final = 20_000
#: Tries a second, by all addresses together that are over their budget, that are looked at at all: a room of people
#: behind the address of somebody who guesses a hundred a second gets in, and a guesser finds one of twenty rooms of
#: seven letters in three hours with a chance under one in a thousand, from however many addresses.
GUESSERS_ATTEMPTS_PER_SECOND: Final = 120.0


@dataclass
class _Guesser:
    """The wrong ones of one address in the current minute."""

    minute_began: float
    wrong_count: int = 0
    last: float = 0.0


class RateLimiter:
    """What is borne of every address."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._guessers: OrderedDict[str, _Guesser] = OrderedDict()
        self._attempts_left = GUESSERS_ATTEMPTS_PER_SECOND
        self._refilled_at = clock()

    def addresses(self) -> tuple[str, ...]:
        """The addresses that are remembered, the one that guessed last at the end."""
        return tuple(self._guessers)

    def is_over_limit(self, address: str) -> bool:
        """Whether an address has had more wrong ones this minute than people have."""
        guesser = self._guessers.get(address)
        return (
            guesser is not None
            and self._clock() - guesser.minute_began < _MINUTE
            and guesser.wrong_count >= MAX_WRONG_PER_MINUTE
        )

    def allows_attempt(self, address: str) -> bool:
        """Whether a try is looked at; one of somebody who does not guess always is."""
        if not self.is_over_limit(address):
            return True
        now = self._clock()
        self._attempts_left = min(
            GUESSERS_ATTEMPTS_PER_SECOND, self._attempts_left + (now - self._refilled_at) * GUESSERS_ATTEMPTS_PER_SECOND
        )
        self._refilled_at = now
        if self._attempts_left < 1:
            return False
        self._attempts_left -= 1
        return True

    def count_wrong(self, address: str) -> bool:
        """Count a wrong one; whether it was over the budget."""
        over, now = self.is_over_limit(address), self._clock()
        guesser = self._guessers.pop(address, None)
        if guesser is None or now - guesser.minute_began >= _MINUTE:
            guesser = _Guesser(minute_began=now)
        guesser.wrong_count, guesser.last = guesser.wrong_count + 1, now
        self._guessers[address] = guesser
        self._forget_oldest(now)
        return over

    def _forget_oldest(self, now: float) -> None:
        while self._guessers:
            oldest = next(iter(self._guessers))
            if len(self._guessers) <= _MAX_ADDRESSES and now - self._guessers[oldest].last < _FORGET_AFTER:
                return
            del self._guessers[oldest]


@dataclass(frozen=True)
class ClientAttempts:
    """What one address has tried."""

    address: str = ""
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)


def client_address(peer: str, forwarded: str, proxies: tuple[IPNetwork, ...]) -> str:
    """The address that counts: the peer's, or the last that a believed proxy did not add itself.

    Counted from the right, as everything further left is what the sender claims; of an IPv6 address its network,
    as whoever has one address there has all of it.
    """
    client = peer
    for hop in reversed([part.strip() for part in forwarded.split(",")[-20:]]):
        if not is_trusted_proxy(client, proxies):
            break
        if _parse_address(hop) is None:
            break
        client = hop
    return _address_or_network(client)


def is_trusted_proxy(address: str, proxies: tuple[IPNetwork, ...]) -> bool:
    """Whether an address is a proxy's that may say for whom it asks."""
    parsed = _parse_address(address)
    return parsed is not None and any(parsed.version == network.version and parsed in network for network in proxies)


def _parse_address(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _address_or_network(address: str) -> str:
    parsed = _parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed) if parsed else address
