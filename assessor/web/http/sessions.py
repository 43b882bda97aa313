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
from assessor.usecases.workshop_secrets import new_secret
from assessor.web.errors import LinkUsed, TooManyWrongSecrets
from assessor.web.http.roles import Role

#: Wrong secrets in a minute after which a further wrong one is told to wait; a right one never is.
MAX_WRONG_SECRETS: Final = 20
_MINUTE: Final = 60.0
_MAX_SESSIONS: Final = 1_000
_MAX_DONE: Final = 500


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
    done_paths: OrderedDict[str, str] = field(default_factory=OrderedDict)
    #: To be said on the next page.
    flash_messages: tuple[str, ...] = ()

    #: Who joined; None for everybody else.
    respondent: Respondent | None = None
    #: The workshop joined or led; None for everybody else.
    workshop: Workshop | None = None

    @property
    def base_path(self) -> str:
        """What the addresses of an assessment's pages begin with: whoever leads a workshop has their own."""
        return f"/w/{self.workshop.id}" if self.workshop and self.role is Role.FACILITATOR else ""

    def remember_done(self, key: str, path: str) -> None:
        """Keep where a thing done led to; the oldest is forgotten."""
        self.done_paths[key] = path
        while len(self.done_paths) > _MAX_DONE:
            self.done_paths.popitem(last=False)


class SessionStore:
    """Knows the secret that opens next, and everybody inside."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, on_new_secret: Callable[[str], None] = lambda secret: None
    ):
        self._clock = clock
        #: Told the next secret when one was used.
        self._on_new_secret = on_new_secret
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()
        self._wrong_times: deque[float] = deque(maxlen=MAX_WRONG_SECRETS)
        self._lock = Lock()
        self.secret = new_secret()

    def redeem_secret(self, secret: str, role: Role, language: str | None = None) -> str:
        """The cookie's token for a secret, which opens nothing again; raises `LinkUsed` or `TooManyTries`."""
        with self._lock:
            if not secrets.compare_digest(secret.encode(), self.secret.encode()):
                raise self._wrong_secret_error()
            self.secret = new_secret()
        self._on_new_secret(self.secret)
        return self.start_session(Session(role=role, language=language))

    def start_session(self, session: Session) -> str:
        """The token of a new session."""
        token = new_secret()
        self._sessions[_digest(token)] = session
        while len(self._sessions) > _MAX_SESSIONS:
            self._sessions.popitem(last=False)
        return token

    def session_for(self, token: str) -> Session | None:
        """Whose token it is; looked up by its digest, so that time tells nothing of it."""
        return self._sessions.get(_digest(token))

    def end_all_sessions(self) -> None:
        """Nobody is let in any more, as when the program starts anew."""
        self._sessions.clear()

    def _wrong_secret_error(self) -> LinkUsed | TooManyWrongSecrets:
        now = self._clock()
        full = len(self._wrong_times) == MAX_WRONG_SECRETS and now - self._wrong_times[0] < _MINUTE
        self._wrong_times.append(now)
        return TooManyWrongSecrets() if full else LinkUsed()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
