"""Who may ask for a page."""

from enum import Enum


class Role(Enum):
    """What a page asks of its visitor, and what a session gives."""

    #: Anybody: the page shows nothing that was answered.
    NONE = "none"
    #: Somebody who joined a room.
    PARTICIPANT = "participant"
    #: Whoever leads a room.
    FACILITATOR = "facilitator"
    #: The one whose store it is.
    OWNER = "owner"
