"""The kinds of visitors that a page can require, and who a visitor was found to be."""

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a route requires, and what a session grants."""

    #: Anybody, with or without a session: the page shows no answers.
    NONE = "none"
    #: Has joined a workshop.
    PARTICIPANT = "participant"
    #: Leads the workshop in the address.
    FACILITATOR = "facilitator"
    #: The person on whose machine the store is.
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose browser it is, once the server has verified it.

    Made from a session alone. Text that a browser sent never equals one, whatever it reads like.
    """

    role: Role
    #: The respondent's id; for other roles a digest of the session's token.
    id: str
