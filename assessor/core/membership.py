"""Who may enter a library's pages on a service, and by what. Nothing here reads, asks or prints.

A library's key is a one-time address. The browser that opens it gets a cookie; address and cookie are credentials of
the same member, and only digests of them are kept. The host has credentials of the same kinds, and is no member.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

#: Who also invites, revokes and erases; who answers and leads; who reads the report and nothing else.
MemberRole = Literal["steward", "colleague", "reader"]
#: Each may do what those after it may.
MEMBER_ROLES: Final[tuple[MemberRole, ...]] = ("steward", "colleague", "reader")

#: A one-time address; the cookie of a browser; a name that a trusted proxy vouches for.
CredentialKind = Literal["link", "device", "identity"]
CREDENTIAL_KINDS: Final[tuple[CredentialKind, ...]] = ("link", "device", "identity")

#: Whose the host's credentials are; no member's id has this form.
HOST: Final = "host"

#: Days in which an address must be opened, and for which a browser that does not come back is known.
LINK_DAYS: Final = 30
DEVICE_DAYS: Final = 180


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody who may enter the pages of one library."""

    id: str
    #: The library's id, which stands in addresses, and its name.
    library: str
    library_name: str
    #: As whoever invited them wrote it; empty for the library's first steward.
    name: str
    role: MemberRole
    added: datetime
    #: When somebody ended it; None while they may enter.
    withdrawn: datetime | None = None

    def may_act_as(self, role: MemberRole) -> bool:
        """Whether the member may do what this role does."""
        return MEMBER_ROLES.index(self.role) <= MEMBER_ROLES.index(role)


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """A digest that lets somebody in, and what became of it."""

    digest: str
    kind: CredentialKind
    #: A member's id, or `HOST`.
    subject: str
    #: What a device is called in a list.
    label: str
    #: Who made it: a member's id, or `HOST`.
    maker: str
    made: datetime
    opened: datetime | None
    #: When it was last used, to the hour.
    seen: datetime | None
    expires: datetime
    withdrawn: datetime | None

    def admits_at(self, now: datetime) -> bool:
        """Whether it lets anybody in: neither withdrawn nor expired, nor an address that was opened."""
        spent = self.kind == "link" and self.opened is not None
        return self.withdrawn is None and now < self.expires and not spent
