"""What a handler receives (`RequestContext`) and what it may return (`HandlerResult`).

These types are the border between pages and HTTP: `app` builds the context, `responses` interprets the result, and no
handler sees Starlette. The context also answers the questions that every page has, such as which library is meant,
which assessment is in the address and which addresses lead on, so that owner, participant and facilitator share the
same interview pages. Everything from the store is read lazily, within the transaction of the handler.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from assessor.bank import Bank, LatestBank
from assessor.core.membership import Member
from assessor.core.responses import Collaboration, Entry
from assessor.core.routing import Mode
from assessor.core.workshop import Respondent, Workshop
from assessor.errors import AssessorError
from assessor.presentation.messages import Messages
from assessor.presentation.report import Report
from assessor.presentation.terms import Terms
from assessor.presentation.workshop_report import WorkshopReport
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import (
    GAINS,
    GOAL,
    GUT,
    WANTED,
    Assessments,
    LoadedAssessment,
    item_of_paper,
    latest_assessments,
    new_key,
)
from assessor.usecases.documents import PreparedDocument
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.library_access import Keys, identity_digest
from assessor.usecases.nation import Nation
from assessor.usecases.participating import Participation
from assessor.usecases.workshop_secrets import hash_secret
from assessor.usecases.workshops import WorkshopProgress, Workshops
from assessor.web.errors import EditConflict, NotAuthenticated, NotJoined, NotMember
from assessor.web.http.addresses import AddressWatch
from assessor.web.http.deployment import Deployment
from assessor.web.http.form_parsing import FormData, resend_number_in
from assessor.web.http.metrics import Metrics
from assessor.web.http.notices import Notice
from assessor.web.http.operator_faults import is_operators_fault
from assessor.web.http.rate_limit import ClientAttempts
from assessor.web.http.roles import Identity, Role
from assessor.web.http.room_listener import RoomListener
from assessor.web.http.sessions import Session, SessionStore


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerConfig:
    """Settings that are the same for every request to a server."""

    #: Read anew with each request, so that the author of a bank sees changes at once.
    bank: LatestBank
    #: Used where neither the visitor nor the browser prefers one of the product's languages.
    default_language: str = "en"
    #: Chosen on the command line; takes precedence over the browser's preference.
    chosen_language: str | None = None
    #: Name of the library to open, where the store has several.
    library: str | None = None
    #: Where to report accessibility barriers, for the accessibility statement; on a service, whom to ask for a key.
    contact: str = ""
    #: Who runs a service, by name; empty where the host has not said.
    run_by: str = ""
    #: Days for which copies that the host makes of a service's database live; None where the host has not said.
    copies_days: int | None = None
    #: Ends the program; None where no page may do so.
    stop_server: Callable[[], None] | None = None
    #: Serves a room beside one's own pages; None where that cannot be.
    room: RoomListener | None = None
    #: How the server is reached.
    deployment: Deployment = field(default_factory=Deployment)
    #: Whether it still is.
    address_watch: AddressWatch = field(default_factory=AddressWatch)

    @property
    def base_url(self) -> str:
        """Start of links and QR codes: where phones reach the server now."""
        return self.address_watch.base_url or self.deployment.base_url


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionCookie:
    """A cookie that the browser keeps until it is closed; no script reads it and no other site sends it."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HtmlPage:
    """A page to render from a template."""

    template: str
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    #: Cookie to set with the page; None for none.
    cookie: SessionCookie | None = None
    #: Cookie to delete with the page, whose session has just ended; empty for none.
    ended_cookie: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go to another of these pages (303)."""

    path: str
    #: What that page says once of what was just done.
    notices: tuple[Notice, ...] = ()
    #: Details to show with them, to the owner only: a session in the store keeps none.
    notice_details: tuple[str, ...] = ()
    #: What was typed on that page but not sent; the page shows it again.
    unsent_form: FormData | None = None


@dataclass(frozen=True, slots=True)
class PdfDownload:
    """A report or document to lay out and send; `responses` does so outside the store's thread.

    Where the pages run in a browser, and where a page was asked for, it is a page that the browser prints.
    """

    report: Report | WorkshopReport | PreparedDocument
    as_page: bool = False
    #: Where such a page leads back to, below the library's own address.
    back: str = "/documents"


@dataclass(frozen=True, slots=True)
class FileDownload:
    """A file to save."""

    data: bytes
    media_type: str
    file_name: str


@dataclass(frozen=True, slots=True)
class PlainText:
    """Text for a program to read."""

    text: str
    media_type: str


@dataclass(frozen=True, slots=True)
class RedirectWithCookie:
    """Go to another page, with a new cookie that lasts."""

    path: str
    cookie_name: str
    cookie_value: str
    #: How long the browser should keep the cookie.
    days: int
    #: Whether the browser also sends it where a link on another site, or in a mail, led here.
    lax: bool = False
    #: As in `Redirect`.
    unsent_form: FormData | None = None


@dataclass(frozen=True, slots=True)
class StaticFile:
    """Styles, a script or a typeface; browsers may keep it, as its address changes with its content."""

    data: bytes
    media_type: str
    #: Whether `data` is compressed already.
    gzipped: bool = False


@dataclass(frozen=True, slots=True)
class NoContent:
    """An empty response (204), for a browser that only prefetches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventStream:
    """Server-sent events of a workshop, sent again whenever it changes, as long as the browser listens."""

    workshop_id: str
    #: Renders the workshop's current state as HTML.
    render: Callable[[WorkshopProgress], str]
    #: Streams with the same key show the same and share one rendering.
    cache_key: tuple[str, ...]
    #: The listener, who may have `max_streams` open; the oldest is closed for a new one.
    person: Identity
    max_streams: int
    #: Whether new numbers are sent at once, instead of every few seconds.
    immediate: bool
    #: The client address, whose streams are limited too.
    address: str
    #: Whether the listener may still see the workshop; the stream ends when not.
    may_listen: Callable[[WorkshopProgress], bool]


HandlerResult = (
    HtmlPage
    | Redirect
    | RedirectWithCookie
    | PdfDownload
    | PlainText
    | FileDownload
    | StaticFile
    | NoContent
    | EventStream
)


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that a form gives to an assessment."""

    #: As entries have it.
    kind: str
    #: Empty beside the items.
    item: str
    value: str
    key: str

    @property
    def step(self) -> str:
        """The step of the interview that it was given at."""
        return self.item if self.kind == "response" else f"<{self.kind}>{self.item}"


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """One request as a handler sees it: the session, what was sent, and the store."""

    config: ServerConfig
    session: Session
    messages: Messages
    #: None on a route that does not need it; handlers use `store`.
    optional_store: Store | None = None
    #: Parts of the address that the route names, such as `assessment` or `item`.
    path_params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: FormData = field(default_factory=lambda: FormData({}))
    #: What was typed on this page, unsent, when its language was changed.
    unsent_form: FormData = field(default_factory=lambda: FormData({}))
    #: Path of the address, without the query.
    path: str = "/"
    #: The client's wrong codes and secrets so far.
    attempts: ClientAttempts = field(default_factory=ClientAttempts)
    #: The owner's sessions, and the name of their cookie.
    sessions: SessionStore = field(default_factory=SessionStore)
    owner_cookie: str = "assessor"
    #: The person whom a trusted proxy has signed in; empty for nobody.
    signed_in_as: str = ""
    #: What the route made of the form beforehand, or the `AssessorError` that this ended with.
    prepared: object = None
    #: What the server counts of itself.
    metrics: Metrics = field(default_factory=Metrics)

    @cached_property
    def bank(self) -> Bank:
        """The bank as its files stand now; the same value throughout this request."""
        return self.config.bank.get()

    @property
    def store(self) -> Store:
        """The store; raises `NotAuthenticated` on a route that does not need it."""
        if self.optional_store is None:
            raise NotAuthenticated(command=typed_command())
        return self.optional_store

    @cached_property
    def library(self) -> str:
        """Name of the library; raises `NotInStore` while several are kept and none is chosen."""
        if self.session.workshop:
            return self.session.workshop.library
        if self.session.member:
            return self.session.member.library_name
        libraries = self.store.libraries()
        preferred = self.session.library or self.config.library
        if preferred in libraries and preferred:
            return preferred
        if len(libraries) != 1:
            raise NotInStore(name="-")
        return libraries[0]

    @cached_property
    def assessments(self) -> Assessments:
        """Use cases on this library's assessments."""
        return Assessments(self.store, self.library, self.bank)

    @cached_property
    def collaboration(self) -> Collaboration:
        """The collaboration in the address; raises `NotInStore`, also when it belongs to another library."""
        return self.find_collaboration(self.path_params["collaboration"])

    def find_collaboration(self, id_: str) -> Collaboration:
        """A collaboration of this library by id; raises `NotInStore`."""
        collaboration = self.store.collaboration(id_)
        if collaboration.library != self.library:
            raise NotInStore(name=collaboration.id)
        return collaboration

    @cached_property
    def workshops(self) -> Workshops:
        """Read access to the workshops in the store."""
        return Workshops(self.store, self.bank)

    @cached_property
    def facilitation(self) -> Facilitation:
        """Use cases of a facilitator."""
        return Facilitation(self.store, self.bank)

    @cached_property
    def participation(self) -> Participation:
        """Use cases of a participant."""
        return Participation(self.store, self.bank)

    @property
    def workshop(self) -> Workshop:
        """The workshop that was joined or is led; raises `NotJoined`."""
        if self.session.workshop is None:
            raise NotJoined()
        return self.session.workshop

    @property
    def member(self) -> Member:
        """The member of a library who sent the request; raises `NotMember`."""
        if self.session.member is None:
            raise NotMember()
        return self.session.member

    @property
    def credential_digest(self) -> str:
        """The digest of what let the member, or the host, in."""
        if self.config.deployment.identity_header and self.session.member:
            return identity_digest(self.signed_in_as, self.session.member.library)
        return hash_secret(self.session.token)

    @property
    def own_workshop(self) -> Workshop:
        """The workshop in the address; raises `NotInStore`, also when it is another library's."""
        workshop = self.store.workshops.get(self.path_params["workshop"])
        if workshop.library != self.library:
            raise NotInStore(name=workshop.id)
        return workshop

    def find_member(self, id_: str) -> Member:
        """A member of this library by id; raises `NotInStore`."""
        found = next((each for each, _held in self.keys.members(self.member.library) if each.id == id_), None)
        if found is None:
            raise NotInStore(name=escape_controls(id_))
        return found

    @cached_property
    def keys(self) -> Keys:
        """Use cases of who may enter which library."""
        return Keys(self.store)

    @cached_property
    def nation(self) -> Nation:
        """Use cases of the picture over all libraries."""
        return Nation(self.store, self.bank)

    @property
    def respondent(self) -> Respondent:
        """The participant who sent the request; raises `NotJoined`."""
        if self.session.respondent is None:
            raise NotJoined()
        return self.session.respondent

    @property
    def identity(self) -> Identity:
        """Who sent the request; raises `NotJoined` for a stranger."""
        if self.session.identity is None:
            raise NotJoined()
        return self.session.identity

    @property
    def is_other_party(self) -> bool:
        """Whether a participant answers for the other party of a collaboration."""
        return self.session.respondent is not None and self.session.respondent.side == "them"

    @property
    def is_in_gut_round(self) -> bool:
        """Whether a participant gives all gut feelings on one page; the other party is asked of one collaboration."""
        return self.session.respondent is not None and not self.is_other_party

    @property
    def base_path(self) -> str:
        """Prefix of assessment addresses: a facilitator's are under their workshop."""
        return self.session.base_path

    @property
    def home_path(self) -> str:
        """Address of the page that this visitor starts from."""
        return self.base_path or "/"

    def step_path(self, loaded: LoadedAssessment, step: str = "") -> str:
        """Address of a step of an assessment; without `step`, of whichever comes next."""
        names = {GUT: "gut", WANTED: "wanted", GAINS: "gains", GOAL: "goal"}
        paper = item_of_paper(step)
        name = f"ends/{paper}" if paper else names.get(step) or f"q/{step}"
        return f"{self.base_path}/a/{loaded.assessment.id}" + (f"/{name}" if step else "")

    def page_path(self, loaded: LoadedAssessment, page: str) -> str:
        """Address of another page of an assessment: `check`, `verdict`, `mode` or `note`."""
        return f"{self.base_path}/a/{loaded.assessment.id}/{page}"

    @cached_property
    def loaded_assessment(self) -> LoadedAssessment:
        """The assessment in the address; raises `NotInStore`, also when the visitor may not see it."""
        id_ = self.path_params["assessment"]
        if self.session.role is Role.PARTICIPANT:
            return self.participation.load_own(self.respondent, id_)
        if self.session.role is Role.FACILITATOR:
            return self.facilitation.load_entered(self.workshop, id_)
        assessment = self.store.assessment(id_)
        if assessment.collaboration.library != self.library or not self.store.is_own(assessment):
            raise NotInStore(name=assessment.id)
        return self.assessments.load(assessment)

    def save(self, loaded: LoadedAssessment, *given: Given) -> LoadedAssessment:
        """Record what should be kept of all that a form gives, or nothing of it.

        Nobody else gives anything to the assessment meanwhile. Raises `EditConflict`, and `WorkshopOver` after the
        workshop was closed.
        """
        return self.store.run_in_transaction(lambda: self._save_all(loaded, given))

    def _save_all(self, loaded: LoadedAssessment, given: Iterable[Given]) -> LoadedAssessment:
        if self.session.workshop:
            self.store.workshops.share(self.session.workshop.id)  # before the assessment, as everybody does
        if self.store.hold_assessment(loaded.assessment.id) != loaded.last_seq:
            loaded = replace(loaded, assessment=self.assessments.read(loaded.assessment))
        for each in given:
            if self._should_keep(loaded, each):
                loaded = self._record(loaded, each)
        return loaded

    def _record(self, loaded: LoadedAssessment, given: Given) -> LoadedAssessment:
        workshop = self.session.workshop
        if workshop and given.kind == "note":
            return self.participation.record_note(workshop, loaded, given.item, given.value, given.key)
        if workshop and given.kind == "quoted":
            quoted = given.value == "yes" if given.value else None
            return self.participation.choose_quotation(workshop, loaded, given.item, quoted, given.key)
        if workshop:
            return self.participation.respond(workshop, loaded, given.step, given.value, given.key)
        if given.kind == "note":
            return self.assessments.record_note(loaded, given.item, given.value, given.key)
        return self.assessments.respond(loaded, given.step, given.value, given.key)

    def latest_assessment(self, collaboration: str) -> LoadedAssessment | None:
        """The latest assessment of a collaboration, as `latest_assessments` finds it; None before the first."""
        latest = latest_assessments(self.store.assessments(collaboration)).get(collaboration)
        return self.assessments.load(latest) if latest else None

    def terms(self, loaded: LoadedAssessment) -> Terms:
        """The words for an assessment; the one place to choose between the library's and the other party's wording."""
        language = self.messages.language
        return Terms(language, loaded.instrument, loaded.wording_in(language))

    def mode(self, loaded: LoadedAssessment) -> Mode | None:
        """How much is asked; None while nobody has chosen and nothing was answered."""
        if self.session.workshop:
            return "shared" if self.session.respondent and not self.is_other_party else "full"
        chosen = self.session.modes.get(loaded.assessment.id)
        return chosen or (loaded.inferred_mode() if loaded.responses else None)

    def say(self, message: str, **facts: object) -> str:
        """A message in the language of the response."""
        return self.messages.say(message, **facts)

    def refusal(self, error: AssessorError | None) -> str:
        """What a form says of why it was refused; empty without an error.

        Raises the error again where filling in the form otherwise would not help.
        """
        if error and is_operators_fault(error):
            raise error
        return self.messages.refusal(error) if error else ""

    def hidden_fields(self, loaded: LoadedAssessment | None = None) -> dict[str, Any]:
        """Facts for hidden fields of a form: its random key, and the last entry's number when the page was shown."""
        last = loaded.last_seq if loaded else 0
        return {"key": new_key(), "seen": self.unsent_form.value("seen") or last}

    def _should_keep(self, loaded: LoadedAssessment, given: Given) -> bool:
        """Whether a sent value should be recorded; False when the same page sent a later one that arrived first.

        Raises `EditConflict` when another page has recorded something else here since this page was shown. Over a bad
        connection a page may be sent several times, changed; the resend number in each key says which was meant last.
        """
        last = self._latest_since_shown(loaded, given)
        if last is None:
            return True
        if not last.key.startswith(f"{self.form.page_id}."):
            if last.value != given.value:
                raise EditConflict()
            return True
        return self.form.resend_number >= resend_number_in(last.key)

    def _latest_since_shown(self, loaded: LoadedAssessment, given: Given) -> Entry | None:
        """The latest entry of the same kind and item recorded after this page was shown, by the hidden field `seen`."""
        seen = self.form.value("seen")
        shown_seq = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        history = reversed(loaded.assessment.history)
        alike = (entry for entry in history if (entry.kind, entry.item) == (given.kind, given.item))
        return next((entry for entry in alike if entry.seq > shown_seq), None)
