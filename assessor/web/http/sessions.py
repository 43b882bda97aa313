"""Sessions of the owner's browsers, in memory, and the one-time secret that starts them.

The program shows an address with a secret; the first browser that opens it gets a session cookie, and a new secret
replaces the used one. Neither is ever written to disk, so restarting the program ends all sessions. Both have 128 bits;
secrets are compared in constant time, and cookies are looked up by digest, so that timing reveals nothing.
Workshops use only the `Session` type from here; their cookies are kept in the store (see `authentication`).
"""

import hashlib
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final

from assessor.core.membership import Member
from assessor.core.routing import Mode
from assessor.core.workshop import Respondent, Workshop
from assessor.usecases.workshop_secrets import hash_secret, new_secret
from assessor.web.errors import LinkUsed, TooManyWrongSecrets
from assessor.web.http.roles import Identity, Role

#: Wrong secrets in a minute, after which the next wrong one is answered with "wait"; the right one always works.
MAX_WRONG_SECRETS: Final = 20
_MINUTE: Final = 60.0
_MAX_SESSIONS: Final = 1_000
_MAX_DONE: Final = 500


@dataclass
class Session:
    """What the server knows of one browser: its role, its choices, and the forms that it has sent."""

    role: Role
    #: The cookie's value by which the browser was recognised; empty for a stranger.
    token: str = field(default="", repr=False)
    #: Language chosen on a page; None before, when the browser's preference counts.
    language: str | None = None
    #: Name of the chosen library, where the store has several.
    library: str | None = None
    #: By assessment id, whether everything is asked or only what can change the placement.
    modes: dict[str, Mode] = field(default_factory=dict)
    #: By idempotency key, where the form redirected to; the same form sent again leads there too.
    done_paths: OrderedDict[str, str] = field(default_factory=OrderedDict)
    #: Details of a notice of the owner's, to show with it once; they may be long and name files.
    notice_details: tuple[str, ...] = ()

    #: The participant; None for all other roles.
    respondent: Respondent | None = None
    #: The workshop that was joined or is led; None for the owner and for strangers.
    workshop: Workshop | None = None
    #: The member whose library is in the address; None for all other roles.
    member: Member | None = None
    #: On pages for all, the libraries whose members this browser belongs to.
    memberships: tuple[Member, ...] = ()
    #: Name of the cookie whose days begin anew with this visit; empty for none.
    renewed_cookie: str = ""

    @property
    def base_path(self) -> str:
        """Prefix of all that the session's pages link to: their workshop, library or host's page; none at the root."""
        if self.member:
            return f"/l/{self.member.library}"
        if self.role is Role.HOST:
            return "/host"
        return f"/w/{self.workshop.id}" if self.workshop and self.role is Role.FACILITATOR else ""

    @property
    def identity(self) -> Identity | None:
        """Who was recognised; None for a stranger."""
        if self.respondent:
            return Identity(self.role, self.respondent.id)
        if self.member:
            return Identity(self.role, self.member.id)
        return Identity(self.role, hash_secret(self.token)) if self.token else None

    def remember_done(self, key: str, path: str) -> None:
        """Remember where a handled form redirected to; the oldest entry is dropped when there are too many."""
        self.done_paths[key] = path
        while len(self.done_paths) > _MAX_DONE:
            self.done_paths.popitem(last=False)


class SessionStore:
    """The current secret and all sessions; safe to use from the loop and from the store's thread."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, on_new_secret: Callable[[str], None] = lambda secret: None
    ):
        self._clock = clock
        #: Called with the new secret whenever one was used.
        self._on_new_secret = on_new_secret
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()
        self._wrong_times: deque[float] = deque(maxlen=MAX_WRONG_SECRETS)
        self._lock = Lock()
        self.secret = new_secret()

    def redeem_secret(self, secret: str, role: Role, language: str | None = None) -> str:
        """A new session's cookie token in exchange for the secret; raises `LinkUsed` or `TooManyWrongSecrets`.

        The secret is replaced at once, so it works once even when two browsers open it together.
        """
        with self._lock:
            if not secrets.compare_digest(secret.encode(), self.secret.encode()):
                raise self._wrong_secret_error()
            self.secret = new_secret()
        self._on_new_secret(self.secret)
        return self.start_session(Session(role=role, language=language))

    def start_session(self, session: Session) -> str:
        """The cookie token of a new session; the oldest session ends when there are too many."""
        token = session.token = new_secret()
        self._sessions[_digest(token)] = session
        while len(self._sessions) > _MAX_SESSIONS:
            self._sessions.popitem(last=False)
        return token

    def session_for(self, token: str) -> Session | None:
        """The session of a cookie token, or None; looked up by digest, so timing reveals nothing of tokens."""
        return self._sessions.get(_digest(token))

    def end_all_sessions(self) -> None:
        """Forget all sessions, as a restart of the program does."""
        self._sessions.clear()

    def _wrong_secret_error(self) -> LinkUsed | TooManyWrongSecrets:
        """Count a wrong secret; the error says so, or asks to wait after too many in a minute."""
        now = self._clock()
        full = len(self._wrong_times) == MAX_WRONG_SECRETS and now - self._wrong_times[0] < _MINUTE
        self._wrong_times.append(now)
        return TooManyWrongSecrets() if full else LinkUsed()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
