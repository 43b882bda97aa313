"""How a server is reached: by one person, by a room on its own network, or by anybody over HTTPS.

Guard, cookies, links and the sentences on screen about who can listen in all follow from this one value.
"""

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from typing import Final

#: Names by which a server on the loopback interface is addressed.
LOCAL_HOST_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

IPNetwork = IPv4Network | IPv6Network


class Audience(Enum):
    """Who can reach the pages. Each case protects differently, and the pages say so."""

    #: One person, on this machine, over the loopback interface.
    OWNER = "own"
    #: A room, over plain HTTP on its own network: anybody on that network could listen in.
    LOCAL_NETWORK = "room"
    #: Anybody, over HTTPS behind a proxy.
    HOSTED = "hosted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """How one server is reached, and what its cookies are called."""

    audience: Audience = Audience.OWNER
    #: Accepted values of the Host header, in lower case and without ports.
    host_names: frozenset[str] = LOCAL_HOST_NAMES
    #: Start of links and QR codes: scheme, host and port, without a trailing slash.
    base_url: str = ""
    #: Cookies are shared between the ports of a host, so their names bear the port.
    port: int = 0
    #: Proxies whose `X-Forwarded-For` header is believed.
    trusted_proxies: tuple[IPNetwork, ...] = field(default=())
    #: Header in which those proxies name the person that they have signed in; empty where they sign in nobody.
    identity_header: str = ""
    #: Whether the pages run in their reader's own browser, in a frame of a page that is published with them.
    in_browser: bool = False

    @property
    def is_https(self) -> bool:
        """Whether browsers reach it over HTTPS alone."""
        return self.audience is Audience.HOSTED

    def cookie_name(self, purpose: str = "") -> str:
        """Name of a cookie. Hosted ones start with `__Host-`, which no other host or subdomain can set."""
        name = f"assessor-{purpose}" if purpose else "assessor"
        return f"__Host-{name}" if self.is_https else f"{name}-{self.port}"

    def facilitator_cookie_name(self, workshop: str) -> str:
        """Name of the cookie for leading one workshop; a browser may lead several."""
        return f"{self.cookie_name('lead')}-{workshop}"

    def board_cookie_name(self, workshop: str) -> str:
        """Name of the cookie of a machine that shows one workshop's board."""
        return f"{self.cookie_name('board')}-{workshop}"

    def library_cookie_name(self, library: str) -> str:
        """Name of the cookie for one library's pages; a browser may belong to members of several."""
        return f"{self.cookie_name('library')}-{library}"
