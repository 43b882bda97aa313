"""Limits what one client address, and one person, may do: guess codes and secrets, join, and send forms.

A room of 1,000 phones may share one address (a school's network has one), and somebody in it may misuse that address.
So what comes in by a right code or link is never refused for somebody else's guesses, and the limits of an address are
wider than a room needs: they stop a program, not people. What one person sends is limited more narrowly.

- After `MAX_WRONG_PER_MINUTE` wrong codes in a minute an address counts as guessing, and further *wrong* ones are
  answered with "wait a minute". Every attempt is looked up. At 1,000 attempts a second, as many as a server answers,
  three hours find one of twenty rooms with a chance below one in a hundred; what is found is the page for joining.
- `JOINS_BY_ADDRESS`, `POSTS_BY_ADDRESS` and `POSTS_BY_PERSON` are token buckets: so much at once, then so much a
  second.
- `PAGES_BY_BROWSER` is one too, for pages that are only read. It is asked before anything is looked up, so it goes by
  the cookies as they were sent; whoever sends others each time is a stranger each time.

Kept in memory and for ten minutes only, because addresses are personal data. Several processes count separately, which
multiplies the limits by their number.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic
from typing import Final

from assessor.web.http.deployment import IPNetwork
from assessor.web.http.roles import Identity

#: Wrong attempts from one address in a minute, after which it counts as guessing.
MAX_WRONG_PER_MINUTE: Final = 20
#: Wrong codes for coming back in a minute, from everywhere, after which who sent one has to wait.
MAX_WRONG_RETURNS: Final = 60
_MINUTE: Final = 60.0
#: Seconds for which an address is remembered after its last wrong attempt, or a bucket after its last use.
_FORGET_AFTER: Final = 600.0
_MAX_ADDRESSES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How much is allowed: at once after a pause, and then lastingly."""

    at_once: int
    per_second: float


#: A room that joins within minutes, some of them twice; a loop gets no further than that.
JOINS_BY_ADDRESS: Final = Rate(1_500, 2.0)
#: A room of 1,000 that taps when it is asked to, and answers every few seconds afterwards.
POSTS_BY_ADDRESS: Final = Rate(3_000, 300.0)
#: A phone behind a bad network that sends what waited again and again; nobody answers ten times a second.
POSTS_BY_PERSON: Final = Rate(1_000, 10.0)
#: Some tabs that reload themselves, and a person who leafs through a list; a loop is stopped within seconds.
PAGES_BY_BROWSER: Final = Rate(300, 10.0)


class TokenBuckets:
    """One bucket for each key, full at first; used from one thread."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._clock = clock
        #: By key, the tokens left and when that was, the longest unused first.
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable) -> bool:
        """Take a token; False when there is none."""
        now = self._clock()
        left, at = self._buckets.pop(key, (float(self._rate.at_once), now))
        left = min(self._rate.at_once, left + (now - at) * self._rate.per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left), now
        self._forget_oldest(now)
        return allowed

    def _forget_oldest(self, now: float) -> None:
        while self._buckets:
            oldest = next(iter(self._buckets))
            if len(self._buckets) <= _MAX_ADDRESSES and now - self._buckets[oldest][1] < _FORGET_AFTER:
                return
            del self._buckets[oldest]


class PostLimits:
    """The limits for sending forms, by person and by address; one per server process, used in the store's thread.

    Strangers are not counted: all that they can send is a code, a link or a form for joining. Those have limits of
    their own, and must not be refused for what others send from the same address.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        by_address: Rate = POSTS_BY_ADDRESS,
        by_person: Rate = POSTS_BY_PERSON,
    ) -> None:
        self._by_address: Final = TokenBuckets(by_address, clock)
        self._by_person: Final = TokenBuckets(by_person, clock)

    def allows(self, person: Identity | None, address: str) -> bool:
        """Count a form of a person; False when they, or all at their address together, send too many."""
        return person is None or (self._by_person.take(person) and self._by_address.take(address))


@dataclass
class _Guesser:
    """Wrong attempts of one client address in its current minute."""

    minute_began: float
    wrong_count: int = 0
    last: float = 0.0


class RateLimiter:
    """Counts wrong attempts, and those who join, by client address; one per server process."""

    def __init__(self, clock: Callable[[], float] = monotonic, joins: Rate = JOINS_BY_ADDRESS) -> None:
        self._clock = clock
        self._guessers: OrderedDict[str, _Guesser] = OrderedDict()
        self._joins = TokenBuckets(joins, clock)
        #: When and from where wrong codes for coming back came within the last minute.
        self._wrong_returns: deque[tuple[float, str]] = deque(maxlen=_MAX_ADDRESSES)

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

    def allows_join(self, address: str) -> bool:
        """Count somebody who joins from an address; False when more join than a room has."""
        return self._joins.take(address)

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

    def may_try_to_return(self, address: str) -> bool:
        """Whether a code for coming back is looked up: past the budget of all, not from where a wrong one came.

        So nobody who types the right one is held up by others, and nobody tries out many.
        """
        self._forget_returns()
        return len(self._wrong_returns) < MAX_WRONG_RETURNS or address not in {
            where for _at, where in self._wrong_returns
        }

    def count_wrong_return(self, address: str) -> None:
        """Count a wrong code for coming back."""
        self._wrong_returns.append((self._clock(), address))

    def _forget_returns(self) -> None:
        while self._wrong_returns and self._clock() - self._wrong_returns[0][0] >= _MINUTE:
            self._wrong_returns.popleft()

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
