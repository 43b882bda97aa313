"""What a handler is handed, and what it gives back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assessor.bank import Bank, LatestBank
from assessor.core.responses import Collaboration, Entry
from assessor.core.routing import Mode
from assessor.core.workshop import Respondent, Workshop
from assessor.presentation.messages import Messages
from assessor.presentation.report import Report
from assessor.presentation.terms import Terms as Terms
from assessor.presentation.workshop_report import WorkshopReport
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import GAINS, GUT, WANTED, Assessments, LoadedAssessment, new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshops import WorkshopProgress, Workshops
from assessor.web.errors import EditConflict, NotAuthenticated, NotJoined
from assessor.web.http.deployment import Deployment
from assessor.web.http.form_parsing import FormData, resend_number_in
from assessor.web.http.rate_limit import ClientAttempts
from assessor.web.http.roles import Role
from assessor.web.http.sessions import Session, SessionStore


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerConfig:
    """What is the same for every visit to one server."""

    #: Read anew with each request, so that who writes a bank sees what it has become.
    bank: LatestBank
    #: Spoken where neither the person nor the browser wishes for a language that is spoken here.
    default_language: str = "en"
    #: Chosen by the person when the program was started; stands over what the browser asks for.
    chosen_language: str | None = None
    #: The library meant, where several are kept.
    library: str | None = None
    #: Whom to tell of barriers, for the accessibility statement.
    contact: str = ""
    #: Ends the program; None where no page may.
    stop_server: Callable[[], None] | None = None
    #: How the pages are reached.
    deployment: Deployment = field(default_factory=Deployment)


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionCookie:
    """A cookie that a browser keeps until it is closed; no script reads it and no other site sends it."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HtmlPage:
    """A page."""

    template: str
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    #: Set along with the page.
    cookie: SessionCookie | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Somewhere else on these pages."""

    path: str
    #: Said on the next page.
    flash_messages: tuple[str, ...] = ()
    #: What stood on that page, unsent.
    unsent_form: FormData | None = None


@dataclass(frozen=True, slots=True)
class PdfDownload:
    """A report to be handed over as PDF."""

    report: Report | WorkshopReport


@dataclass(frozen=True, slots=True)
class FileDownload:
    """A file to be handed over."""

    data: bytes
    #: What it is, as browsers are told.
    media_type: str
    file_name: str


@dataclass(frozen=True, slots=True)
class RedirectWithCookie:
    """Somewhere else, with a cookie that is new."""

    path: str
    #: The cookie's name and what it holds.
    cookie_name: str
    cookie_value: str
    #: How long the browser is asked to keep it.
    days: int


@dataclass(frozen=True, slots=True)
class StaticFile:
    """Styles, a script or a typeface; a browser may keep it, as its address changes with it."""

    data: bytes
    media_type: str
    #: Whether the data is packed.
    gzipped: bool = False


@dataclass(frozen=True, slots=True)
class NoContent:
    """Nothing to be shown: a browser only looks ahead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventStream:
    """What is on show in a workshop, sent again whenever it changes, for as long as somebody listens."""

    workshop_id: str
    #: What is sent of a workshop as it is.
    render: Callable[[WorkshopProgress], str]
    #: Streams with the same key show the same, and share what is rendered.
    cache_key: tuple[str, ...]
    #: Who listens, and how many streams they may have; the oldest gives way.
    person: str
    max_streams: int
    #: Whether new numbers are sent as they come, instead of every few seconds.
    immediate: bool


HandlerResult = (
    HtmlPage | Redirect | RedirectWithCookie | PdfDownload | FileDownload | StaticFile | NoContent | EventStream
)


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """One request, seen from a handler: who asks, what was sent, and the store."""

    config: ServerConfig
    session: Session
    messages: Messages
    #: None on a page that needs none.
    optional_store: Store | None = None
    #: From the address.
    path_params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: FormData = field(default_factory=lambda: FormData({}))
    #: What stood on this page, unsent, when its language was changed.
    unsent_form: FormData = field(default_factory=lambda: FormData({}))
    #: The address itself, without its query.
    path: str = "/"
    #: What whoever asks has guessed so far.
    attempts: ClientAttempts = field(default_factory=ClientAttempts)
    #: Lets in the one whose store it is, whose cookie has this name.
    sessions: SessionStore = field(default_factory=SessionStore)
    owner_cookie: str = "assessor"

    @cached_property
    def bank(self) -> Bank:
        """The bank as its files stand while this request is answered."""
        return self.config.bank.get()

    @property
    def store(self) -> Store:
        """The store; raises `NotLetIn` on a page that needs none."""
        if self.optional_store is None:
            raise NotAuthenticated(command=typed_command())
        return self.optional_store

    @cached_property
    def library(self) -> str:
        """The library meant; raises `NotKept` before one is chosen."""
        if self.session.workshop:
            return self.session.workshop.library
        libraries = self.store.libraries()
        wished = self.session.library or self.config.library
        if wished in libraries and wished:
            return wished
        if len(libraries) != 1:
            raise NotInStore(name="-")
        return libraries[0]

    @cached_property
    def assessments(self) -> Assessments:
        """The use cases, for the library meant."""
        return Assessments(self.store, self.library, self.bank)

    @cached_property
    def collaboration(self) -> Collaboration:
        """The one of the address; raises `NotKept`, also for another library's."""
        return self.find_collaboration(self.path_params["collaboration"])

    def find_collaboration(self, id_: str) -> Collaboration:
        """One of this library's collaborations; raises `NotKept`."""
        found = self.store.collaboration(id_)
        if found.library != self.library:
            raise NotInStore(name=found.id)
        return found

    @cached_property
    def workshops(self) -> Workshops:
        """The workshops in the store, to be looked at."""
        return Workshops(self.store, self.bank)

    @cached_property
    def facilitation(self) -> Facilitation:
        """The use cases of who leads a workshop."""
        return Facilitation(self.store, self.bank)

    @cached_property
    def participation(self) -> Participation:
        """The use cases of who joins a workshop."""
        return Participation(self.store, self.bank)

    @property
    def workshop(self) -> Workshop:
        """The workshop that was joined or is led; raises `NotJoined` where there is none."""
        if self.session.workshop is None:
            raise NotJoined()
        return self.session.workshop

    @property
    def respondent(self) -> Respondent:
        """Who joined; raises `NotJoined`."""
        if self.session.respondent is None:
            raise NotJoined()
        return self.session.respondent

    @property
    def is_other_party(self) -> bool:
        """Whether the other party responds, from their side."""
        return self.session.respondent is not None and self.session.respondent.side == "them"

    @property
    def base_path(self) -> str:
        """What the addresses of an assessment's pages begin with: whoever leads a workshop has their own."""
        return self.session.base_path

    @property
    def home_path(self) -> str:
        """Where everything begins for whoever asks."""
        return self.base_path or "/"

    def step_path(self, opened: LoadedAssessment, step: str = "") -> str:
        """The address of an assessment's step, or of whichever comes next."""
        names = {GUT: "gut", WANTED: "wanted", GAINS: "gains"}
        return f"{self.base_path}/a/{opened.assessment.id}" + (f"/{names.get(step) or f'q/{step}'}" if step else "")

    def page_path(self, opened: LoadedAssessment, page: str) -> str:
        """The address of one of an assessment's other pages: `check`, `verdict`, `mode`, `note`."""
        return f"{self.base_path}/a/{opened.assessment.id}/{page}"

    @cached_property
    def loaded_assessment(self) -> LoadedAssessment:
        """The assessment of the address; raises `NotKept`, also for one that is not of whoever asks."""
        id_ = self.path_params["assessment"]
        if self.session.role is Role.PARTICIPANT:
            return self.participation.load_own(self.respondent, id_)
        if self.session.role is Role.FACILITATOR:
            return self.facilitation.load_entered(self.workshop, id_)
        found = self.store.assessment(id_)
        if found.collaboration.library != self.library:
            raise NotInStore(name=found.id)
        return self.assessments.load(found)

    def save_step(self, opened: LoadedAssessment, step: str, value: str, key: str) -> LoadedAssessment:
        """Keep what was given to a step; raises `WorkshopOver` in a workshop that is."""
        if self.session.workshop:
            return self.participation.respond(self.session.workshop, opened, step, value, key)
        return self.assessments.respond(opened, step, value, key)

    def save_note(self, opened: LoadedAssessment, item: str, text: str, key: str) -> LoadedAssessment:
        """Keep a note; raises `WorkshopOver` in a workshop that is."""
        if self.session.workshop:
            return self.participation.record_note(self.session.workshop, opened, item, text, key)
        return self.assessments.record_note(opened, item, text, key)

    def latest_assessment(self, collaboration: str) -> LoadedAssessment | None:
        """The latest assessment of a collaboration; None before the first."""
        found = self.store.assessments(collaboration)
        return self.assessments.load(found[-1]) if found else None

    def terms(self, opened: LoadedAssessment) -> Terms:
        """In which terms an assessment is told: the one place to choose between the library's and the party's words."""
        language = self.messages.language
        return Terms(language, opened.instrument, opened.wording_in(language))

    def mode(self, opened: LoadedAssessment) -> Mode | None:
        """How much is to be asked; None while nobody has said and nothing was answered."""
        if self.session.workshop:
            return "full"  # a room is compared item by item
        chosen = self.session.modes.get(opened.assessment.id)
        return chosen or (opened.inferred_mode() if opened.responses else None)

    def say(self, message: str, **facts: object) -> str:
        """The pages' words."""
        return self.messages.say(message, **facts)

    def hidden_fields(self, opened: LoadedAssessment | None = None) -> dict[str, Any]:
        """What every form carries: a key of its own, and how far the assessment had come when it was shown."""
        came = len(opened.assessment.history) if opened else 0
        return {"key": new_key(), "seen": self.unsent_form.value("seen") or came}

    def should_keep(self, opened: LoadedAssessment, kind: str, item: str, value: str) -> bool:
        """Whether what was sent is to be kept: not when the same page has sent something later that came first.

        Raises `Overtaken` when something else was given here, from another page, since this one was shown.
        """
        last = [entry for entry in self._entries_since_shown(opened) if (entry.kind, entry.item) == (kind, item)][-1:]
        if not last:
            return True
        sent = self.store.entries_by_key_prefix(opened.assessment.id, f"{self.form.page_id}.")
        ours = {entry.seq: resend_number_in(key) for entry, key in sent if (entry.kind, entry.item) == (kind, item)}
        if last[0].seq not in ours and last[0].value != value:
            raise EditConflict()
        return self.form.resend_number >= max(ours.values(), default=0)

    def _entries_since_shown(self, opened: LoadedAssessment) -> Iterator[Entry]:
        """What was given since the page was shown."""
        seen = self.form.value("seen")
        told = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        return (entry for entry in opened.assessment.history if entry.seq > told)
