"""Who asks: found from a browser's cookies, in memory for the one whose store it is, in the store for a room.

What the store keeps are digests, so that a room goes on after a restart, and in whichever process answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assessor.bank import LatestBank
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.usecases.workshop_secrets import normalize_code
from assessor.usecases.workshops import Workshops
from assessor.web.errors import NotAuthenticated, NotFacilitator, NotJoined, RemovedFromWorkshop, WrongRole
from assessor.web.http.deployment import Deployment
from assessor.web.http.roles import Role
from assessor.web.http.sessions import Session, SessionStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a browser shows of itself, and for whose page it asks."""

    required_role: Role
    cookies: Mapping[str, str]
    #: Names in the address.
    path_params: Mapping[str, str]


class Authenticator(Protocol):
    """Finds out who asks."""

    def from_cookies(self, credentials: Credentials) -> Session | None:
        """Whose browser it is, without the store; None where only the store knows. Raises what refuses them."""
        ...

    def from_store(self, credentials: Credentials, store: Store) -> Session:
        """Whose browser it is; raises what refuses them."""
        ...


@dataclass(frozen=True)
class OwnerAuthenticator:
    """Of the pages for one person on this machine."""

    sessions: SessionStore
    cookie_name: str

    def from_cookies(self, credentials: Credentials) -> Session | None:
        """Somebody unknown may see what is for all."""
        session = self.sessions.session_for(credentials.cookies.get(self.cookie_name, "")) or Session(role=Role.NONE)
        if credentials.required_role is not Role.NONE and session.role is not credentials.required_role:
            raise NotAuthenticated(command=typed_command()) if session.role is Role.NONE else WrongRole()
        return session

    def from_store(self, credentials: Credentials, store: Store) -> Session:
        """The same: the store knows nothing of it."""
        return self.from_cookies(credentials) or Session(role=Role.NONE)


@dataclass(frozen=True)
class WorkshopAuthenticator:
    """Of workshops; one browser may have joined one and lead several."""

    deployment: Deployment
    bank: LatestBank

    def from_cookies(self, credentials: Credentials) -> Session | None:
        """Nobody, where there is no cookie to be looked up."""
        if self._participant_token(credentials) or self._facilitator_tokens(credentials):
            return None
        if credentials.required_role is Role.PARTICIPANT:
            raise NotJoined()
        if credentials.required_role is Role.FACILITATOR:
            raise NotFacilitator()
        if credentials.required_role is Role.OWNER:
            raise WrongRole()
        return Session(role=Role.NONE, language=self._cookie_language(credentials))

    def from_store(self, credentials: Credentials, store: Store) -> Session:
        """Who leads the workshop of the address, or who joined; raises what refuses them."""
        workshops = Workshops(store, self.bank.get())
        if credentials.required_role is Role.FACILITATOR:
            return self._facilitator_session(credentials, workshops)
        session = self._participant_session(credentials, workshops)
        if session:
            return session
        if credentials.required_role is Role.NONE:
            return self._visitor_session(credentials, workshops)
        raise self._access_error(credentials, workshops)

    def _participant_session(self, credentials: Credentials, workshops: Workshops) -> Session | None:
        joined = (
            workshops.respondent_of_token(self._participant_token(credentials))
            if self._participant_token(credentials)
            else None
        )
        if joined is None:
            return None
        respondent, workshop = joined
        language = respondent.language or None
        return Session(role=Role.PARTICIPANT, respondent=respondent, workshop=workshop, language=language)

    def _facilitator_session(self, credentials: Credentials, workshops: Workshops) -> Session:
        workshop_id = credentials.path_params.get("workshop", "")
        token = credentials.cookies.get(self.deployment.facilitator_cookie_name(workshop_id), "")
        led = workshops.facilitated_with(token) if token else None
        if led is None or led.id != workshop_id:
            raise WrongRole() if self._participant_session(credentials, workshops) or led else NotFacilitator()
        return Session(role=Role.FACILITATOR, workshop=led, language=self._cookie_language(credentials))

    def _visitor_session(self, credentials: Credentials, workshops: Workshops) -> Session:
        """On a page for all: who leads something is told so, and who was removed does not come in there again."""
        code, token = credentials.path_params.get("code", ""), self._participant_token(credentials)
        removed_from = workshops.removed_from(token) if code and token else None
        if removed_from and removed_from.code == normalize_code(code):
            raise RemovedFromWorkshop()
        led = next(
            (each for each in map(workshops.facilitated_with, self._facilitator_tokens(credentials)) if each), None
        )
        role = Role.FACILITATOR if led else Role.NONE
        return Session(role=role, workshop=led, language=self._cookie_language(credentials))

    def _access_error(
        self, credentials: Credentials, workshops: Workshops
    ) -> WrongRole | NotJoined | RemovedFromWorkshop:
        token = self._participant_token(credentials)
        if token and workshops.removed_from(token):
            return RemovedFromWorkshop()
        led = any(map(workshops.facilitated_with, self._facilitator_tokens(credentials)))
        return WrongRole() if led or credentials.required_role is Role.OWNER else NotJoined()

    def _participant_token(self, credentials: Credentials) -> str:
        return credentials.cookies.get(self.deployment.cookie_name(), "")

    def _facilitator_tokens(self, credentials: Credentials) -> list[str]:
        """The tokens of everything led, as far as anybody leads things."""
        name = self.deployment.facilitator_cookie_name("")
        return [value for cookie, value in credentials.cookies.items() if cookie.startswith(name)][:20]

    def _cookie_language(self, credentials: Credentials) -> str | None:
        return credentials.cookies.get(self.deployment.cookie_name("language"))
