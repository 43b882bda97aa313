"""Where the pages are served and what that promises: to one person, to a room on its own network, or to the world."""

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from typing import Final

#: Host names by which a server for one person on this machine goes.
LOCAL_HOST_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

IPNetwork = IPv4Network | IPv6Network


class Audience(Enum):
    """Whom the pages are for; each promises something else, which is said on screen."""

    #: One person, on this machine.
    OWNER = "own"
    #: A room, over plain HTTP on its own network: who is on that network could listen in.
    LOCAL_NETWORK = "room"
    #: Anybody, over HTTPS behind a proxy.
    HOSTED = "hosted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """How one server is reached, and what its cookies are called."""

    audience: Audience = Audience.OWNER
    #: Host names it goes by, in small letters, without ports.
    host_names: frozenset[str] = LOCAL_HOST_NAMES
    #: Where links and codes to scan lead: scheme, host and port, without a slash at the end.
    base_url: str = ""
    #: Cookies are shared between the ports of a host, so their names bear the port.
    port: int = 0
    #: Proxies that are believed when they say who asks.
    trusted_proxies: tuple[IPNetwork, ...] = field(default=())

    @property
    def is_https(self) -> bool:
        """Whether browsers reach it by HTTPS alone."""
        return self.audience is Audience.HOSTED

    def cookie_name(self, purpose: str = "") -> str:
        """The name of a cookie; hosted, one that no other host can plant."""
        name = "-".join(part for part in ("assessor", purpose) if part)
        return f"__Host-{name}" if self.is_https else f"{name}-{self.port}"

    def facilitator_cookie_name(self, workshop: str) -> str:
        """The name of the cookie of a browser that leads a workshop; one browser may lead several."""
        return f"{self.cookie_name('lead')}-{workshop}"
