"""Where the pages are served and what that promises: to one person, to a room on its own network, or to the world."""

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from typing import Final

#: Host names by which a server for one person on this machine goes.
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

Network = IPv4Network | IPv6Network


class Reach(Enum):
    """Whom the pages are for; each promises something else, which is said on screen."""

    #: One person, on this machine.
    OWN = "own"
    #: A room, over plain HTTP on its own network: who is on that network could listen in.
    ROOM = "room"
    #: Anybody, over HTTPS behind a proxy.
    HOSTED = "hosted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How one server is reached, and what its cookies are called."""

    reach: Reach = Reach.OWN
    #: Host names it goes by, in small letters, without ports.
    hosts: frozenset[str] = LOCAL
    #: Where links and codes to scan lead: scheme, host and port, without a slash at the end.
    base: str = ""
    #: Cookies are shared between the ports of a host, so their names bear the port.
    port: int = 0
    #: Proxies that are believed when they say who asks.
    proxies: tuple[Network, ...] = field(default=())

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by HTTPS alone."""
        return self.reach is Reach.HOSTED

    def cookie(self, what: str = "") -> str:
        """The name of a cookie; hosted, one that no other host can plant."""
        name = "-".join(part for part in ("assessor", what) if part)
        return f"__Host-{name}" if self.secure else f"{name}-{self.port}"

    def leading(self, workshop: str) -> str:
        """The name of the cookie of a browser that leads a workshop; one browser may lead several."""
        return f"{self.cookie('lead')}-{workshop}"
