"""Finds the session of a request from the browser's cookies.

There are two kinds of servers and so two authenticators. On one's own machine sessions live in memory
(`OwnerAuthenticator`), and the program lets a browser in by a secret in an address. In a workshop they live in the
store (`WorkshopAuthenticator`), as digests of the cookies' tokens: a room goes on after a restart, any of several
processes can answer, and a copied store lets nobody in.

Each check has two halves. `from_cookies` runs before the store is touched and refuses strangers cheaply; `from_store`
runs in the store's thread, where the handler runs too, and has the last word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from assessor.bank import LatestBank
from assessor.core.membership import Credential, Member
from assessor.core.routing import Mode
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.usecases.library_access import Keys
from assessor.usecases.workshop_secrets import normalize_code
from assessor.usecases.workshops import RemovedFromWorkshop, Workshops
from assessor.web.errors import NotAuthenticated, NotBoard, NotFacilitator, NotHost, NotJoined, NotMember, WrongRole
from assessor.web.http.deployment import Deployment
from assessor.web.http.roles import MEMBER_ROLES, Role
from assessor.web.http.sessions import Session, SessionStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """The cookies of a request, and the role that its page requires."""

    required_role: Role
    cookies: Mapping[str, str]
    #: Parts of the address that the route names, such as `workshop` or `code`.
    path_params: Mapping[str, str]
    #: The person whom a trusted proxy has signed in; empty for nobody.
    identity: str = ""


class Authenticator(Protocol):
    """Finds the session of a request, or refuses it."""

    def from_cookies(self, credentials: Credentials) -> Session | None:
        """The session, where cookies are enough to tell; None where the store must be asked. Raises what refuses it."""
        ...

    def from_store(self, credentials: Credentials, store: Store) -> Session:
        """The session; raises the error that refuses the browser."""
        ...


@dataclass(frozen=True)
class OwnerAuthenticator:
    """Authenticates the one person whose store this is."""

    sessions: SessionStore
    cookie_name: str

    def from_cookies(self, credentials: Credentials) -> Session | None:
        """The session of the cookie; a stranger gets one of role NONE on pages that are for all, else is refused."""
        session = self.sessions.session_for(credentials.cookies.get(self.cookie_name, "")) or Session(role=Role.NONE)
        if credentials.required_role is not Role.NONE and session.role is not credentials.required_role:
            raise NotAuthenticated(command=typed_command()) if session.role is Role.NONE else WrongRole()
        return session

    def from_store(self, credentials: Credentials, store: Store) -> Session:
        """The same as from cookies: these sessions are not in the store."""
        return self.from_cookies(credentials) or Session(role=Role.NONE)


@dataclass(frozen=True)
class WorkshopAuthenticator:
    """Authenticates participants, facilitators, and on a service members of libraries and the host.

    One browser may have joined one workshop, lead several and belong to several libraries.
    """

    deployment: Deployment
    bank: LatestBank

    def from_cookies(self, credentials: Credentials) -> Session | None:
        """A session of role NONE when there is no cookie to look up; None when there is one, for the store to tell."""
        if self._participant_token(credentials) or self._facilitator_tokens(credentials):
            return None
        if self._host_token(credentials) or self._library_tokens(credentials) or credentials.identity:
            return None
        if credentials.required_role is Role.BOARD:
            if self._board_token(credentials):
                return None
            raise NotBoard()
        if credentials.required_role in MEMBER_ROLES:
            raise NotMember()
        if credentials.required_role is Role.HOST:
            raise NotHost(command=typed_command())
        if credentials.required_role is Role.PARTICIPANT:
            raise NotJoined()
        if credentials.required_role is Role.FACILITATOR:
            raise NotFacilitator()
        if credentials.required_role is Role.OWNER:
            raise WrongRole()
        return Session(role=Role.NONE, language=self._cookie_language(credentials))

    def from_store(self, credentials: Credentials, store: Store) -> Session:
        """The facilitator of the workshop in the address, or the participant; raises what refuses the browser."""
        workshops = Workshops(store, self.bank.get())
        if credentials.required_role is Role.FACILITATOR:
            return self._facilitator_session(credentials, workshops)
        if credentials.required_role in MEMBER_ROLES:
            return self._member_session(credentials, Keys(store))
        if credentials.required_role is Role.HOST:
            return self._host_session(credentials, Keys(store))
        if credentials.required_role is Role.BOARD:
            return self._board_session(credentials, workshops)
        session = self._participant_session(credentials, workshops)
        if credentials.required_role is Role.NONE:
            session = session or self._visitor_session(credentials, workshops)
            session.memberships = self._memberships(credentials, Keys(store))
        if session:
            return session
        raise self._access_error(credentials, workshops)

    def _participant_session(self, credentials: Credentials, workshops: Workshops) -> Session | None:
        """The participant's session; None when the cookie is missing, unknown, or its holder was removed."""
        token = self._participant_token(credentials)
        joined = workshops.respondent_of_token(token) if token else None
        if joined is None:
            return None
        respondent, workshop = joined
        language = respondent.language or None
        return Session(role=Role.PARTICIPANT, token=token, respondent=respondent, workshop=workshop, language=language)

    def _facilitator_session(self, credentials: Credentials, workshops: Workshops) -> Session:
        """The facilitator's session for the workshop in the address; raises `WrongRole` or `NotFacilitator`."""
        workshop_id = credentials.path_params.get("workshop", "")
        token = credentials.cookies.get(self.deployment.facilitator_cookie_name(workshop_id), "")
        led = workshops.facilitated_with(token) if token else None
        if led is None or led.id != workshop_id:
            raise WrongRole() if self._participant_session(credentials, workshops) or led else NotFacilitator()
        return Session(role=Role.FACILITATOR, token=token, workshop=led, language=self._cookie_language(credentials))

    def _board_session(self, credentials: Credentials, workshops: Workshops) -> Session:
        """The session of a machine that shows the board of the workshop in the address; raises `NotBoard`."""
        token = self._board_token(credentials)
        shown = workshops.shown_with(token) if token else None
        if shown is None or shown.id != credentials.path_params.get("workshop", ""):
            raise NotBoard()
        return Session(role=Role.BOARD, token=token, workshop=shown, language=self._cookie_language(credentials))

    def _member_session(self, credentials: Credentials, keys: Keys) -> Session:
        """The session of a member of the library in the address; raises `WrongRole` or `NotMember`."""
        library = credentials.path_params.get("library", "")
        cookie = self.deployment.library_cookie_name(library)
        token = credentials.cookies.get(cookie, "")
        found = self._find_member(credentials, keys, token, library)
        if found is None:
            raise NotMember()
        member, held = found
        role = Role(member.role)
        if MEMBER_ROLES.index(role) > MEMBER_ROLES.index(credentials.required_role):
            raise WrongRole()
        keys.note_use(held)
        return Session(
            role=role,
            token=token or held.digest,
            member=member,
            library=member.library_name,
            language=self._cookie_language(credentials),
            modes=parse_modes(credentials.cookies.get(self.deployment.cookie_name("modes"), "")),
            renewed_cookie=cookie if token else "",
        )

    def _find_member(
        self, credentials: Credentials, keys: Keys, token: str, library: str
    ) -> tuple[Member, Credential] | None:
        """By the cookie; where a proxy signs people in, by the person that it names and by nothing else."""
        if self.deployment.identity_header:
            return keys.member_known_as(credentials.identity, library) if credentials.identity else None
        return keys.member_with(token, library)

    def _host_session(self, credentials: Credentials, keys: Keys) -> Session:
        """The host's session; raises `NotHost`."""
        token = self._host_token(credentials)
        if not keys.is_host(token):
            raise NotHost(command=typed_command())
        return Session(role=Role.HOST, token=token, language=self._cookie_language(credentials))

    def _memberships(self, credentials: Credentials, keys: Keys) -> tuple[Member, ...]:
        """The libraries that this browser may enter, or the person whom a proxy names."""
        if self.deployment.identity_header:
            return keys.memberships_of(credentials.identity) if credentials.identity else ()
        name = self.deployment.library_cookie_name("")
        found = (
            keys.member_with(token, cookie.removeprefix(name)) for cookie, token in self._library_tokens(credentials)
        )
        return tuple(each[0] for each in found if each)

    def _visitor_session(self, credentials: Credentials, workshops: Workshops) -> Session:
        """The session on a page for all, where a facilitator is recognised.

        Raises `RemovedFromWorkshop` on the joining page of the workshop that the browser was removed from.
        """
        code, token = credentials.path_params.get("code", ""), self._participant_token(credentials)
        removed_from = workshops.removed_from(token) if code and token else None
        if removed_from and removed_from.code == normalize_code(code):
            raise RemovedFromWorkshop()
        language = self._cookie_language(credentials)
        for led_with in self._facilitator_tokens(credentials):
            led = workshops.facilitated_with(led_with)
            if led:
                return Session(role=Role.FACILITATOR, token=led_with, workshop=led, language=language)
        return Session(role=Role.NONE, language=language)

    def _access_error(
        self, credentials: Credentials, workshops: Workshops
    ) -> WrongRole | NotJoined | RemovedFromWorkshop:
        """The error that tells a browser without a participant's session why: removed, another role, or not joined."""
        token = self._participant_token(credentials)
        if token and workshops.removed_from(token):
            return RemovedFromWorkshop()
        led = any(map(workshops.facilitated_with, self._facilitator_tokens(credentials)))
        return WrongRole() if led or credentials.required_role is Role.OWNER else NotJoined()

    def _participant_token(self, credentials: Credentials) -> str:
        return credentials.cookies.get(self.deployment.cookie_name(), "")

    def _facilitator_tokens(self, credentials: Credentials) -> list[str]:
        """Tokens of all workshops that the browser leads; 20 at most, so that forged cookies cost no more look-ups."""
        name = self.deployment.facilitator_cookie_name("")
        return [value for cookie, value in credentials.cookies.items() if cookie.startswith(name)][:20]

    def _board_token(self, credentials: Credentials) -> str:
        workshop = credentials.path_params.get("workshop", "")
        return credentials.cookies.get(self.deployment.board_cookie_name(workshop), "")

    def _host_token(self, credentials: Credentials) -> str:
        return credentials.cookies.get(self.deployment.cookie_name("host"), "")

    def _library_tokens(self, credentials: Credentials) -> list[tuple[str, str]]:
        """Cookie and token of every library; 20 at most, likewise."""
        name = self.deployment.library_cookie_name("")
        return [(cookie, token) for cookie, token in credentials.cookies.items() if cookie.startswith(name)][:20]

    def _cookie_language(self, credentials: Credentials) -> str | None:
        return credentials.cookies.get(self.deployment.cookie_name("language"))


def parse_modes(cookie: str) -> dict[str, Mode]:
    """By assessment, how much is asked of it, from the cookie that `write_modes` made; what is odd is left out."""
    parts = (part.partition(":") for part in cookie.split(".")[:_MAX_MODES])
    return {id_: "full" if mode == "f" else "short" for id_, _colon, mode in parts if id_ and mode in ("f", "s")}


def write_modes(modes: Mapping[str, Mode]) -> str:
    """The cookie's value that keeps how much is asked, of the latest assessments."""
    return ".".join(f"{id_}:{'f' if mode == 'full' else 's'}" for id_, mode in list(modes.items())[-_MAX_MODES:])


#: Assessments whose mode a cookie keeps; of one that was begun, the responses tell it.
_MAX_MODES: Final = 20
