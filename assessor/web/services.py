"""What the answers of one server are made with: its settings, its store, and what it remembers between requests."""

from dataclasses import dataclass, field

from assessor.web.http.authentication import Authenticator, OwnerAuthenticator, WorkshopAuthenticator
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.rate_limit import RateLimiter
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.sessions import SessionStore
from assessor.web.http.store_worker import StoreWorker
from assessor.web.http.unsent_forms import UnsentForms
from assessor.web.workshop.live_updates import LiveUpdates


@dataclass(frozen=True)
class Services:
    """What request handlers depend on; one per server process."""

    config: ServerConfig
    store_worker: StoreWorker
    sessions: SessionStore = field(default_factory=SessionStore)
    #: The cookie's name of the one whose store it is; it bears the port's number.
    owner_cookie: str = "assessor"
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    live_updates: LiveUpdates = field(default_factory=LiveUpdates)
    unsent_forms: UnsentForms = field(default_factory=UnsentForms)

    @property
    def deployment(self) -> Deployment:
        """How the pages are reached."""
        return self.config.deployment

    @property
    def authenticator(self) -> Authenticator:
        """Who finds out who asks."""
        if self.deployment.audience is Audience.OWNER:
            return OwnerAuthenticator(self.sessions, self.owner_cookie)
        return WorkshopAuthenticator(self.deployment, self.config.bank)
