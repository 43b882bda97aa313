"""Who is let in: secrets that open once, and the sessions that come of them, in memory only.

A secret stands in an address until it is first opened and in a cookie afterwards; neither is ever written down. Both
have 128 bits and are compared in constant time.
"""

import hashlib
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final

from assessor.core.routing import Mode
from assessor.core.workshop import Respondent, Workshop
from assessor.usecases.workshops import new_secret
from assessor.web.errors import LinkUsed, TooManyTries
from assessor.web.http.roles import Role

#: Wrong secrets in a minute after which a further wrong one is told to wait; a right one never is.
TRIES: Final = 20
_MINUTE: Final = 60.0
_MOST_SESSIONS: Final = 1_000
_MOST_DONE: Final = 500


@dataclass
class Session:
    """One browser that was let in."""

    role: Role
    #: Of the pages; None until chosen, then it stands over what the browser asks for.
    language: str | None = None
    #: The library meant, where several are kept.
    library: str | None = None
    #: By assessment, how much is to be asked.
    modes: dict[str, Mode] = field(default_factory=dict)
    #: What a thing done led to, by its key and content, so that the same sent again leads there too.
    done: OrderedDict[str, str] = field(default_factory=OrderedDict)
    #: To be said on the next page.
    said: tuple[str, ...] = ()

    #: Who joined; None for everybody else.
    respondent: Respondent | None = None
    #: The workshop joined or led; None for everybody else.
    workshop: Workshop | None = None

    @property
    def base(self) -> str:
        """What the addresses of an assessment's pages begin with: whoever leads a workshop has their own."""
        return f"/w/{self.workshop.id}" if self.workshop and self.role is Role.FACILITATOR else ""

    def remember(self, key: str, path: str) -> None:
        """Keep where a thing done led to; the oldest is forgotten."""
        self.done[key] = path
        while len(self.done) > _MOST_DONE:
            self.done.popitem(last=False)


class Doorkeeper:
    """Knows the secret that opens next, and everybody inside."""

    def __init__(self, clock: Callable[[], float] = monotonic, opened: Callable[[str], None] = lambda secret: None):
        self._clock = clock
        #: Told the next secret when one was used.
        self._opened = opened
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()
        self._wrong: deque[float] = deque(maxlen=TRIES)
        self._lock = Lock()
        self.secret = new_secret()

    def enter(self, secret: str, role: Role, language: str | None = None) -> str:
        """The cookie's token for a secret, which opens nothing again; raises `LinkUsed` or `TooManyTries`."""
        with self._lock:
            if not secrets.compare_digest(secret.encode(), self.secret.encode()):
                raise self._refused()
            self.secret = new_secret()
        self._opened(self.secret)
        return self.let_in(Session(role=role, language=language))

    def let_in(self, session: Session) -> str:
        """The token of a new session."""
        token = new_secret()
        self._sessions[_digest(token)] = session
        while len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return token

    def who(self, token: str) -> Session | None:
        """Whose token it is; looked up by its digest, so that time tells nothing of it."""
        return self._sessions.get(_digest(token))

    def _refused(self) -> LinkUsed | TooManyTries:
        now = self._clock()
        full = len(self._wrong) == TRIES and now - self._wrong[0] < _MINUTE
        self._wrong.append(now)
        return TooManyTries() if full else LinkUsed()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
