"""The objects that live as long as one server process; `app` takes what each request needs from here.

Created once by `server` (or by a test) and never replaced. Nothing here is shared between processes except the files
that the store worker opens.
"""

from asyncio import Semaphore
from dataclasses import dataclass, field

from assessor.web.http.authentication import Authenticator, OwnerAuthenticator, WorkshopAuthenticator
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.metrics import Metrics
from assessor.web.http.operator_faults import FaultRegister
from assessor.web.http.rate_limit import PAGES_BY_BROWSER, PostLimits, RateLimiter, TokenBuckets
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.sessions import SessionStore
from assessor.web.http.store_worker import StoreWorker
from assessor.web.http.unsent_forms import UnsentForms
from assessor.web.printing import PrintQueue
from assessor.web.workshop.live_updates import LiveUpdates


@dataclass(frozen=True)
class Services:
    """What request handlers depend on; one per server process."""

    config: ServerConfig
    store_worker: StoreWorker
    sessions: SessionStore = field(default_factory=SessionStore)
    #: Name of the owner's cookie. It contains the port, because browsers share cookies between the ports of a host.
    owner_cookie: str = "assessor"
    rate_limiter: RateLimiter = field(default_factory=RateLimiter)
    post_limits: PostLimits = field(default_factory=PostLimits)
    #: By the hash of a browser's cookies; used by the event loop.
    page_limits: TokenBuckets = field(default_factory=lambda: TokenBuckets(PAGES_BY_BROWSER))
    live_updates: LiveUpdates = field(default_factory=LiveUpdates)
    faults: FaultRegister = field(default_factory=FaultRegister)
    unsent_forms: UnsentForms = field(default_factory=UnsentForms)
    metrics: Metrics = field(default_factory=Metrics)
    print_queue: PrintQueue = field(default_factory=PrintQueue)
    #: Turns for what is made of forms beside the store's thread.
    preparing: Semaphore = field(default_factory=lambda: Semaphore(2))

    @property
    def deployment(self) -> Deployment:
        """How the server is reached and what its cookies are called."""
        return self.config.deployment

    @property
    def notice_cookie(self) -> str:
        """Name of the cookie that carries notices over a redirect."""
        if self.deployment.audience is Audience.OWNER:
            return f"{self.owner_cookie}-notice"
        return self.deployment.cookie_name("notice")

    @property
    def authenticator(self) -> Authenticator:
        """Finds the session of a request: in memory for the owner, in the store for workshops."""
        if self.deployment.audience is Audience.OWNER:
            return OwnerAuthenticator(self.sessions, self.owner_cookie)
        return WorkshopAuthenticator(self.deployment, self.config.bank)
