"""The kinds of visitors that a page can require."""

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
