"""The kinds of visitors that a page can require, and who a visitor was found to be."""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Role(Enum):
    """What a route requires, and what a session grants."""

    #: Anybody, with or without a session: the page shows no answers.
    NONE = "none"
    #: Has joined a workshop.
    PARTICIPANT = "participant"
    #: Leads the workshop in the address.
    FACILITATOR = "facilitator"
    #: Shows the board of the workshop in the address, and does nothing else.
    BOARD = "board"
    #: The person on whose machine the store is.
    OWNER = "owner"
    #: Of the library in the address: who also invites, revokes and erases; who answers and leads; who reads.
    STEWARD = "steward"
    COLLEAGUE = "colleague"
    READER = "reader"
    #: Runs the service: gives keys to libraries, and sees no answers.
    HOST = "host"


#: The roles of a library's members; each may open what those after it may.
MEMBER_ROLES: Final = (Role.STEWARD, Role.COLLEAGUE, Role.READER)
#: Who works on a library's own pages.
LIBRARY_ROLES: Final = frozenset({Role.OWNER, Role.STEWARD, Role.COLLEAGUE})


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose browser it is, once the server has verified it.

    Made from a session alone. Text that a browser sent never equals one, whatever it reads like.
    """

    role: Role
    #: The respondent's or the member's id; for other roles a digest of the session's token.
    id: str
