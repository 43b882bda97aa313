"""The addresses of this machine on the networks it is in, found without sending anything to anybody."""

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

#: Where a packet would go out to, were one sent: the usual private networks, then anywhere.
_PROBE_TARGETS: Final = ("192.168.255.254", "10.255.255.254", "172.31.255.254", "203.0.113.1")
_GET_INTERFACE_ADDRESS: Final = 0x8915  # SIOCGIFADDR


def local_addresses() -> tuple[str, ...]:
    """IPv4 addresses that others may reach, the likeliest first; none where there is no network."""
    addresses = dict.fromkeys([*_outgoing_addresses(), *_interface_addresses()])
    return tuple(sorted(filter(_is_reachable, addresses), key=_likelihood_key))


def _outgoing_addresses() -> Iterator[str]:
    """The address that a packet would come from; naming where to sends nothing."""
    for target in _PROBE_TARGETS:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            yield probe.getsockname()[0]


def _interface_addresses() -> Iterator[str]:
    """What each interface goes by, where the system tells."""
    try:
        from fcntl import ioctl
    except ImportError:  # Windows: what would be sent from is what is known
        return
    for _index, name in socket.if_nameindex():
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            reply = ioctl(probe.fileno(), _GET_INTERFACE_ADDRESS, struct.pack("256s", name.encode()[:15]))
            yield socket.inet_ntoa(reply[20:24])


def _is_reachable(address: str) -> bool:
    parsed = ip_address(address)
    return not (parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast)


def _likelihood_key(address: str) -> tuple[bool, bool]:
    """Rooms have private networks; what a machine gave itself for want of a network comes last."""
    parsed = ip_address(address)
    return parsed.is_link_local, not parsed.is_private
