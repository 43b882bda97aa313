"""Who asks: found from a browser's cookies, in memory for the one whose store it is, in the store for a room.

What the store keeps are digests, so that a room goes on after a restart, and in whichever process answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assessor.store import Store
from assessor.usecases.workshops import Workshops, code_as_typed
from assessor.web.errors import NotForYou, NotJoined, NotLeading, NotLetIn, Removed
from assessor.web.http.deployment import Setting
from assessor.web.http.roles import Role
from assessor.web.http.sessions import Doorkeeper, Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What a browser shows of itself, and for whose page it asks."""

    role: Role
    cookies: Mapping[str, str]
    #: Names in the address.
    params: Mapping[str, str]


class Doors(Protocol):
    """Finds out who asks."""

    def at_once(self, asking: Asking) -> Session | None:
        """Whose browser it is, without the store; None where only the store knows. Raises what refuses them."""
        ...

    def known(self, asking: Asking, store: Store) -> Session:
        """Whose browser it is; raises what refuses them."""
        ...


@dataclass(frozen=True)
class OwnDoors:
    """Of the pages for one person on this machine."""

    doorkeeper: Doorkeeper
    cookie: str

    def at_once(self, asking: Asking) -> Session | None:
        """Somebody unknown may see what is for all."""
        session = self.doorkeeper.who(asking.cookies.get(self.cookie, "")) or Session(role=Role.NONE)
        if asking.role is not Role.NONE and session.role is not asking.role:
            raise NotLetIn() if session.role is Role.NONE else NotForYou()
        return session

    def known(self, asking: Asking, store: Store) -> Session:
        """The same: the store knows nothing of it."""
        return self.at_once(asking) or Session(role=Role.NONE)


@dataclass(frozen=True)
class RoomDoors:
    """Of workshops; one browser may have joined one and lead several."""

    setting: Setting
    bank: str

    def at_once(self, asking: Asking) -> Session | None:
        """Nobody, where there is no cookie to be looked up."""
        if self._joined(asking) or self._leading(asking):
            return None
        if asking.role is Role.PARTICIPANT:
            raise NotJoined()
        if asking.role is Role.FACILITATOR:
            raise NotLeading()
        if asking.role is Role.OWNER:
            raise NotForYou()
        return Session(role=Role.NONE, language=self._language(asking))

    def known(self, asking: Asking, store: Store) -> Session:
        """Who leads the workshop of the address, or who joined; raises what refuses them."""
        workshops = Workshops(store, self.bank)
        if asking.role is Role.FACILITATOR:
            return self._leader(asking, workshops)
        found = self._respondent(asking, workshops)
        if found:
            return found
        if asking.role is Role.NONE:
            return self._somebody(asking, workshops)
        raise self._refusal(asking, workshops)

    def _respondent(self, asking: Asking, workshops: Workshops) -> Session | None:
        found = workshops.who(self._joined(asking)) if self._joined(asking) else None
        if found is None:
            return None
        respondent, workshop = found
        language = respondent.language or None
        return Session(role=Role.PARTICIPANT, respondent=respondent, workshop=workshop, language=language)

    def _leader(self, asking: Asking, workshops: Workshops) -> Session:
        wanted = asking.params.get("workshop", "")
        token = asking.cookies.get(self.setting.leading(wanted), "")
        led = workshops.leads(token) if token else None
        if led is None or led.id != wanted:
            raise NotForYou() if self._respondent(asking, workshops) or led else NotLeading()
        return Session(role=Role.FACILITATOR, workshop=led, language=self._language(asking))

    def _somebody(self, asking: Asking, workshops: Workshops) -> Session:
        """On a page for all: who leads something is told so, and who was removed does not come in there again."""
        code, token = asking.params.get("code", ""), self._joined(asking)
        left = workshops.removed(token) if code and token else None
        if left and left.code == code_as_typed(code):
            raise Removed()
        led = next((each for each in map(workshops.leads, self._leading(asking)) if each), None)
        role = Role.FACILITATOR if led else Role.NONE
        return Session(role=role, workshop=led, language=self._language(asking))

    def _refusal(self, asking: Asking, workshops: Workshops) -> NotForYou | NotJoined | Removed:
        token = self._joined(asking)
        if token and workshops.removed(token):
            return Removed()
        led = any(map(workshops.leads, self._leading(asking)))
        return NotForYou() if led or asking.role is Role.OWNER else NotJoined()

    def _joined(self, asking: Asking) -> str:
        return asking.cookies.get(self.setting.cookie(), "")

    def _leading(self, asking: Asking) -> list[str]:
        """The tokens of everything led, as far as anybody leads things."""
        name = self.setting.leading("")
        return [value for cookie, value in asking.cookies.items() if cookie.startswith(name)][:20]

    def _language(self, asking: Asking) -> str | None:
        return asking.cookies.get(self.setting.cookie("language"))
