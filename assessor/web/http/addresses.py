"""Addresses of this machine on its networks, found without sending a packet.

`serve` shows them so that a room can reach the server. The standard library has no portable list of interfaces:
`gethostbyname` often returns only the loopback address, and a package for this one need would be a dependency more.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

from assessor.errors import N_
from assessor.platform_calls import interface_addresses, interface_ipv6_addresses
from assessor.web.http.operator_faults import log_fault

_LOOPBACK: Final = "127.0.0.1"
#: Seconds between two looks at this machine's addresses.
WATCH_SECONDS: Final = 2.0
#: Seconds for which the board and who leads are told that phones come by another address now.
MOVED_SECONDS: Final = 600.0
#: Destinations that make the system choose a sender address: the usual private networks, then the internet.
_PROBE_TARGETS: Final = {
    socket.AF_INET: ("192.168.255.254", "10.255.255.254", "172.31.255.254", "203.0.113.1"),
    socket.AF_INET6: ("fd00::1", "2001:db8::1"),
}
#: How names of interfaces begin that lead to no room: private networks over the internet, containers, machines within.
_VIRTUAL_INTERFACES: Final = (
    *("tun", "tap", "wg", "ppp", "utun", "ipsec", "tailscale", "zt", "nordlynx", "proton"),
    *("docker", "podman", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "cni"),
)


_MOVED: Final = N_(
    "Phones can no longer reach the workshop at {old}: this machine's address is now {new}; stop the program with "
    "Ctrl-C and start it again, everything is kept"
)
_MOVED_ON: Final = N_(
    "Phones reach the workshop at {new} now, no longer at {old}: scan the code again, or type {new} on a phone that "
    "has lost it; everybody's answers are kept"
)
_MOVED_ON_BRIEFLY: Final = N_("New address: {new}. Scan the code again, or type it on a phone that has lost it.")
_NO_NETWORK: Final = N_(
    "Phones can no longer reach the workshop at {old}: this machine has lost its network; connect it again"
)


class AddressWatch:
    """Looks again and again whether this machine still has the address that phones were told.

    One that `follow`s is served at whatever address the machine gets, and tells phones the new one.
    """

    def __init__(
        self,
        address: str = "",
        on_change: Callable[["AddressWatch"], None] = lambda watch: None,
        find: Callable[[], tuple[str, ...]] | None = None,
        *,
        may_move: bool = True,
    ) -> None:
        """Watch `address`, nothing where it is empty; `on_change` is called when it is lost, moves or comes back.

        `may_move` is False for an address that somebody chose: no other is served in its place.
        """
        self.address = address
        self._on_change = on_change
        self._find = find or every_address
        self._may_move, self._port = may_move, 0
        self._listen_on: Callable[[str], bool] | None = None
        self._served: set[str] = set()
        #: The address that phones were told before this one, and until when to say so; empty where none was.
        self._moved_from, self._moved_until = "", 0.0
        #: The addresses that the machine has instead; None while it has the right one.
        self.instead: tuple[str, ...] | None = None
        #: Rises with every change.
        self.changes = 0
        #: Whether a page was asked for by another machine, as a phone in the room is.
        self.reached = False

    def hear_from(self, client: str) -> None:
        """Take note of who asked for a page: this machine by whichever of its addresses, or another."""
        if self.reached or not self.address or client in (self.address, _LOOPBACK, ""):
            return
        if client not in self._find():
            self.reached = True
            self.changes += 1

    def follow(self, served: Iterable[str], port: int, listen_on: Callable[[str], bool]) -> None:
        """From now on, serve what addresses the machine gets beside those served at a port already.

        `listen_on` begins to serve an address, and returns whether that could be done.
        """
        if self._may_move and self.address:
            self._served, self._port, self._listen_on = {*served} - {_LOOPBACK}, port, listen_on

    @property
    def host_names(self) -> frozenset[str]:
        """By what names requests may come beside those that the server began with."""
        return frozenset(map(in_url, self._served))

    @property
    def base_url(self) -> str:
        """Start of links and QR codes once the machine has moved; empty before."""
        return f"http://{in_url(self.address)}:{self._port}" if self._moved_from else ""

    def look(self) -> None:
        """Find out how it is now."""
        now = self._find()
        served = [each for each in _easiest(now) if self._serves(each)]
        if self._moved_from and time.monotonic() > self._moved_until > 0:
            self._moved_until = 0.0
            self.changes += 1
        if self.address not in now and served:
            self._moved_from, self._moved_until = self.address, time.monotonic() + MOVED_SECONDS
            self.address, self.reached = served[0], False
            self._change_to(None)
            return
        instead = None if self.address in now else now
        if instead != self.instead:
            self._change_to(instead)

    def _serves(self, address: str) -> bool:
        """Whether phones can come by an address, which is served from now on where it was not."""
        if self._listen_on and address not in self._served and self._listen_on(address):
            self._served.add(address)
        return address in self._served

    def _change_to(self, instead: tuple[str, ...] | None) -> None:
        self.instead = instead
        self.changes += 1
        self._on_change(self)

    async def run(self, pause: float = WATCH_SECONDS) -> None:
        """Look until cancelled; returns at once for a loopback address, which no machine loses."""
        if not self.address or ip_address(self.address).is_loopback:
            return
        failing = False
        while True:
            try:
                self.look()
                failing = False
            except Exception as problem:  # the next look may succeed
                if not failing:
                    log_fault("This machine's addresses cannot be found out", problem)
                failing = True
            await asyncio.sleep(pause)

    def warning(self, translate: Callable[[str], str], *, brief: bool = False) -> str:
        """What to tell the one who leads, in their language; empty while phones can reach the machine.

        Told briefly, of a new address, it fits on a board.
        """
        if self.instead is None and self._moved_until:
            template = translate(_MOVED_ON_BRIEFLY if brief else _MOVED_ON)
            return template.format(old=self._moved_from, new=f"{in_url(self.address)}:{self._port}")
        if self.instead is None:
            return ""
        template = translate(_MOVED if self.instead else _NO_NETWORK)
        return template.format(old=self.address, new=", ".join(self.instead))


def local_addresses() -> tuple[str, ...]:
    """Addresses that other machines may reach, the likeliest first; empty without a network.

    IPv6 only where there is no IPv4: people have to type the address, and four numbers are easier than eight.
    """
    return _easiest(every_address())


def _easiest(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(address for address in found if ip_address(address).version == 4) or found


def every_address() -> tuple[str, ...]:
    """All addresses that other machines may reach, those of IPv4 before those of IPv6."""
    return (
        *ranked_addresses(_outgoing_addresses(socket.AF_INET), interface_addresses()),
        *ranked_addresses(_outgoing_addresses(socket.AF_INET6), interface_ipv6_addresses()),
    )


def in_url(address: str) -> str:
    """An address as it stands in a URL: an IPv6 one in brackets."""
    return f"[{address}]" if ip_address(address).version == 6 else address


def ranked_addresses(outgoing: Iterable[str], interfaces: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Those of the addresses that others may reach, the likeliest first: `interfaces` are pairs of name and address.

    A virtual private network, or one for containers, may be where the internet is; the room is never there.
    """
    named = tuple(interfaces)
    virtual = {address for name, address in named if name.startswith(_VIRTUAL_INTERFACES)}
    found = dict.fromkeys([*outgoing, *(address for _name, address in named)])
    return tuple(sorted(filter(_is_reachable, found), key=lambda address: (address in virtual, *_distance(address))))


def _outgoing_addresses(family: socket.AddressFamily) -> Iterator[str]:
    """The sender addresses that the system would choose; connecting a UDP socket sends nothing."""
    for target in _PROBE_TARGETS[family]:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            yield probe.getsockname()[0]


def _is_reachable(address: str) -> bool:
    """Whether another machine could use the address; a link-local one of IPv6 cannot be typed into a browser."""
    parsed = ip_address(address)
    unusable = parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast
    return not (unusable or (parsed.version == 6 and parsed.is_link_local))


def _distance(address: str) -> tuple[bool, bool]:
    """Sorts private networks first, as rooms have them, and self-assigned (link-local) addresses last."""
    parsed = ip_address(address)
    return parsed.is_link_local, not parsed.is_private
