"""What a library has on a service beside its own pages: the reader's page, and erasures with proof."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assessor.core.membership import LINK_DAYS
from assessor.local_time import local_day
from assessor.store import Erasure
from assessor.usecases.reporting import library_report
from assessor.web.errors import ErasureNotConfirmed
from assessor.web.http.request_context import HandlerResult, HtmlPage, PdfDownload, Redirect, RequestContext
from assessor.web.http.roles import Role
from assessor.web.own import library
from assessor.web.service.erasure_proof import proof_facts


def show_home(context: RequestContext) -> HandlerResult:
    """The list of collaborations; for a reader the page that leads to the report."""
    if context.session.role is Role.READER:
        return _reader_page(context)
    page = library.show_home(context)
    if not isinstance(page, HtmlPage) or page.template != "home":
        return page
    return replace(page, template="home_library", facts={**page.facts, "news": _news(context), "several": False})


def _news(context: RequestContext) -> tuple[str, ...]:
    """That the host has given another key lately: whoever opened it is in, too."""
    later = context.keys.keys_given(context.member.library)[1:]
    return tuple(
        context.say("The host gave this library another key on {day}.", day=local_day(moment))
        for moment in later[-1:]
        if datetime.now(UTC) - moment < timedelta(days=LINK_DAYS)
    )


def _reader_page(context: RequestContext) -> HtmlPage:
    report = library_report(context.store, context.library, context.bank, context.messages.language).report
    facts = {
        "cover": library.linked_cover(report, context.base_path)[0],
        "library": context.library,
        "shares": context.nation.shares(context.library),
    }
    title = context.say("The report of {library}", library=context.library)
    return HtmlPage(template="reader", title=title, facts=facts)


def show_report(context: RequestContext) -> HandlerResult:
    """The library's report as a page."""
    report = library_report(context.store, context.library, context.bank, context.messages.language).report
    return PdfDownload(report, as_page=True, back="")


def erase_collaboration(context: RequestContext) -> HandlerResult:
    """Erase as on one's own pages, and show the proof of it."""
    name, before = context.collaboration.name, len(context.store.assessments(context.collaboration.id))
    done = library.erase_collaboration(context)
    if not isinstance(done, Redirect):
        return done
    count = 1 if context.form.value("what") == "assessment" else before
    return _proof_page(context, name, Erasure(count=count, backups=(), on_server=context.store.path is None))


def show_erase_library(context: RequestContext) -> HandlerResult:
    """Ask whether all of the library is to be erased."""
    return _erase_library_page(context)


def _erase_library_page(context: RequestContext, error: ErasureNotConfirmed | None = None) -> HtmlPage:
    facts = {**context.hidden_fields(), "refused": context.refusal(error), "library": context.library}
    title = context.say("Erase {name}?", name=context.library)
    return HtmlPage(template="erase_library", title=title, facts=facts, status=422 if error else 200)


def erase_library(context: RequestContext) -> HandlerResult:
    """Erase everything of the library, its members and keys included, and show the proof. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _erase_library_page(context, ErasureNotConfirmed())
    name = context.library
    return _proof_page(context, name, context.keys.erase_library(context.member.library), all_of_it=True)


def _proof_page(context: RequestContext, name: str, erasure: Erasure, *, all_of_it: bool = False) -> HtmlPage:
    cookie = context.config.deployment.library_cookie_name(context.member.library) if all_of_it else ""
    facts = {**proof_facts(context, [name], erasure), **({"back": "/"} if all_of_it else {})}
    return HtmlPage(template="erasure_proof", title=context.say("Erased"), facts=facts, ended_cookie=cookie)
