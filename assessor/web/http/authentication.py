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

    def from_cookies(self, asking: Credentials) -> Session | None:
        """Whose browser it is, without the store; None where only the store knows. Raises what refuses them."""
        ...

    def from_store(self, asking: Credentials, store: Store) -> Session:
        """Whose browser it is; raises what refuses them."""
        ...


@dataclass(frozen=True)
class OwnerAuthenticator:
    """Of the pages for one person on this machine."""

    sessions: SessionStore
    cookie_name: str

    def from_cookies(self, asking: Credentials) -> Session | None:
        """Somebody unknown may see what is for all."""
        session = self.sessions.session_for(asking.cookies.get(self.cookie_name, "")) or Session(role=Role.NONE)
        if asking.required_role is not Role.NONE and session.role is not asking.required_role:
            raise NotAuthenticated(command=typed_command()) if session.role is Role.NONE else WrongRole()
        return session

    def from_store(self, asking: Credentials, store: Store) -> Session:
        """The same: the store knows nothing of it."""
        return self.from_cookies(asking) or Session(role=Role.NONE)


@dataclass(frozen=True)
class WorkshopAuthenticator:
    """Of workshops; one browser may have joined one and lead several."""

    deployment: Deployment
    bank: LatestBank

    def from_cookies(self, asking: Credentials) -> Session | None:
        """Nobody, where there is no cookie to be looked up."""
        if self._participant_token(asking) or self._facilitator_tokens(asking):
            return None
        if asking.required_role is Role.PARTICIPANT:
            raise NotJoined()
        if asking.required_role is Role.FACILITATOR:
            raise NotFacilitator()
        if asking.required_role is Role.OWNER:
            raise WrongRole()
        return Session(role=Role.NONE, language=self._cookie_language(asking))

    def from_store(self, asking: Credentials, store: Store) -> Session:
        """Who leads the workshop of the address, or who joined; raises what refuses them."""
        workshops = Workshops(store, self.bank.get())
        if asking.required_role is Role.FACILITATOR:
            return self._facilitator_session(asking, workshops)
        found = self._participant_session(asking, workshops)
        if found:
            return found
        if asking.required_role is Role.NONE:
            return self._visitor_session(asking, workshops)
        raise self._access_error(asking, workshops)

    def _participant_session(self, asking: Credentials, workshops: Workshops) -> Session | None:
        found = (
            workshops.respondent_of_token(self._participant_token(asking)) if self._participant_token(asking) else None
        )
        if found is None:
            return None
        respondent, workshop = found
        language = respondent.language or None
        return Session(role=Role.PARTICIPANT, respondent=respondent, workshop=workshop, language=language)

    def _facilitator_session(self, asking: Credentials, workshops: Workshops) -> Session:
        wanted = asking.path_params.get("workshop", "")
        token = asking.cookies.get(self.deployment.facilitator_cookie_name(wanted), "")
        led = workshops.facilitated_with(token) if token else None
        if led is None or led.id != wanted:
            raise WrongRole() if self._participant_session(asking, workshops) or led else NotFacilitator()
        return Session(role=Role.FACILITATOR, workshop=led, language=self._cookie_language(asking))

    def _visitor_session(self, asking: Credentials, workshops: Workshops) -> Session:
        """On a page for all: who leads something is told so, and who was removed does not come in there again."""
        code, token = asking.path_params.get("code", ""), self._participant_token(asking)
        left = workshops.removed_from(token) if code and token else None
        if left and left.code == normalize_code(code):
            raise RemovedFromWorkshop()
        led = next((each for each in map(workshops.facilitated_with, self._facilitator_tokens(asking)) if each), None)
        role = Role.FACILITATOR if led else Role.NONE
        return Session(role=role, workshop=led, language=self._cookie_language(asking))

    def _access_error(self, asking: Credentials, workshops: Workshops) -> WrongRole | NotJoined | RemovedFromWorkshop:
        token = self._participant_token(asking)
        if token and workshops.removed_from(token):
            return RemovedFromWorkshop()
        led = any(map(workshops.facilitated_with, self._facilitator_tokens(asking)))
        return WrongRole() if led or asking.required_role is Role.OWNER else NotJoined()

    def _participant_token(self, asking: Credentials) -> str:
        return asking.cookies.get(self.deployment.cookie_name(), "")

    def _facilitator_tokens(self, asking: Credentials) -> list[str]:
        """The tokens of everything led, as far as anybody leads things."""
        name = self.deployment.facilitator_cookie_name("")
        return [value for cookie, value in asking.cookies.items() if cookie.startswith(name)][:20]

    def _cookie_language(self, asking: Credentials) -> str | None:
        return asking.cookies.get(self.deployment.cookie_name("language"))
