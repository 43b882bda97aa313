"""Addresses of this machine on its networks, found without sending a packet.

`serve` shows them so that a room can reach the server. The standard library has no portable list of interfaces:
`gethostbyname` often returns only the loopback address, and a package for this one need would be a dependency more.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

#: Destinations that make the system choose a sender address: the usual private networks, then the internet.
_PROBE_TARGETS: Final = ("192.168.255.254", "10.255.255.254", "172.31.255.254", "203.0.113.1")
_GET_INTERFACE_ADDRESS: Final = 0x8915  # SIOCGIFADDR


def local_addresses() -> tuple[str, ...]:
    """IPv4 addresses that other machines may reach, the likeliest first; empty without a network."""
    addresses = dict.fromkeys([*_outgoing_addresses(), *_interface_addresses()])
    return tuple(sorted(filter(_is_reachable, addresses), key=_likelihood_key))


def _outgoing_addresses() -> Iterator[str]:
    """The sender addresses that the system would choose; connecting a UDP socket sends nothing."""
    for target in _PROBE_TARGETS:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            yield probe.getsockname()[0]


def _interface_addresses() -> Iterator[str]:
    """The address of each network interface; nothing on systems that cannot be asked (Windows)."""
    try:
        from fcntl import ioctl
    except ImportError:  # Windows: only `_outgoing_addresses` works there
        return
    for _index, name in socket.if_nameindex():
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            reply = ioctl(probe.fileno(), _GET_INTERFACE_ADDRESS, struct.pack("256s", name.encode()[:15]))
            yield socket.inet_ntoa(reply[20:24])


def _is_reachable(address: str) -> bool:
    """Whether another machine could use the address."""
    parsed = ip_address(address)
    return not (parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast)


def _likelihood_key(address: str) -> tuple[bool, bool]:
    """Sorts private networks first, as rooms have them, and self-assigned (link-local) addresses last."""
    parsed = ip_address(address)
    return parsed.is_link_local, not parsed.is_private
