"""Limits guessing of room codes and secrets, per client address and over all guessing addresses together.

The aim is that a right code always gets in, also from behind an address that somebody else guesses from (a school's
network has one), while guessing stays hopeless. So there are two limits:

- after `MAX_WRONG_PER_MINUTE` wrong codes in a minute an address counts as guessing, and further *wrong* ones are
  answered with "wait a minute";
- all attempts of guessing addresses together share `GUESSERS_ATTEMPTS_PER_SECOND`, a token bucket; above it, they are
  refused unseen, right or wrong. Attempts of other addresses are never refused unseen.

Kept in memory and for ten minutes only, because addresses are personal data. Several processes count separately, which
multiplies the limits by their number; the margin allows for that.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic
from typing import Final

from assessor.web.http.deployment import IPNetwork

#: Wrong attempts from one address in a minute, after which it counts as guessing.
MAX_WRONG_PER_MINUTE: Final = 20
_MINUTE: Final = 60.0
#: Seconds for which an address is remembered after its last wrong attempt.
_FORGET_AFTER: Final = 600.0
_MAX_ADDRESSES: Final = 20_000
#: Attempts a second that are looked up for all guessing addresses together. People who share an address with somebody
#: who guesses a hundred a second still get in, and the chance to find one of twenty rooms with codes of seven letters
#: in three hours stays under one in a thousand, from however many addresses.
GUESSERS_ATTEMPTS_PER_SECOND: Final = 120.0


@dataclass
class _Guesser:
    """Wrong attempts of one client address in its current minute."""

    minute_began: float
    wrong_count: int = 0
    last: float = 0.0


class RateLimiter:
    """Counts wrong attempts by client address; one per server process."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._guessers: OrderedDict[str, _Guesser] = OrderedDict()
        self._attempts_left = GUESSERS_ATTEMPTS_PER_SECOND
        self._refilled_at = clock()

    def addresses(self) -> tuple[str, ...]:
        """The remembered addresses, the one with the latest wrong attempt last."""
        return tuple(self._guessers)

    def is_over_limit(self, address: str) -> bool:
        """Whether an address has had more wrong attempts this minute than people need."""
        guesser = self._guessers.get(address)
        return (
            guesser is not None
            and self._clock() - guesser.minute_began < _MINUTE
            and guesser.wrong_count >= MAX_WRONG_PER_MINUTE
        )

    def allows_attempt(self, address: str) -> bool:
        """Whether an attempt may be looked up at all; takes a token of the shared bucket from guessing addresses."""
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
        """Count a wrong attempt; True when the address was over its limit already."""
        over, now = self.is_over_limit(address), self._clock()
        guesser = self._guessers.pop(address, None)
        if guesser is None or now - guesser.minute_began >= _MINUTE:
            guesser = _Guesser(minute_began=now)
        guesser.wrong_count, guesser.last = guesser.wrong_count + 1, now
        self._guessers[address] = guesser
        self._forget_oldest(now)
        return over

    def _forget_oldest(self, now: float) -> None:
        """Drop addresses that are too old, or too many to remember."""
        while self._guessers:
            oldest = next(iter(self._guessers))
            if len(self._guessers) <= _MAX_ADDRESSES and now - self._guessers[oldest].last < _FORGET_AFTER:
                return
            del self._guessers[oldest]


@dataclass(frozen=True)
class ClientAttempts:
    """The client's address together with the limiter that counts its attempts."""

    address: str = ""
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)


def client_address(peer: str, forwarded: str, proxies: tuple[IPNetwork, ...]) -> str:
    """The address to count attempts for: the peer's, or the one that a trusted proxy reports.

    `forwarded` is read from the right, as everything left of a trusted proxy's entry is whatever the sender claims.
    An IPv6 address is reduced to its /64 network, because one client has all the addresses in it.
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
    """Whether an address belongs to a proxy whose forwarding header is believed."""
    parsed = _parse_address(address)
    return parsed is not None and any(parsed.version == network.version and parsed in network for network in proxies)


def _parse_address(address: str) -> IPv4Address | IPv6Address | None:
    """The parsed address, IPv4 where it is an IPv4 address mapped into IPv6; None when it is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _address_or_network(address: str) -> str:
    """The IPv4 address, the /64 network of an IPv6 one, or the text itself where it is neither."""
    parsed = _parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed) if parsed else address
