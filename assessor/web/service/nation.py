"""The nation's picture: the host's page, the same picture in every library that shares, and a steward's yes or no."""

from typing import Any

from assessor.core.nation import NationPicture
from assessor.core.noise import BEYOND_ONE_IN, ODDS
from assessor.core.portfolio import MIN_LIBRARIES
from assessor.errors import AssessorError
from assessor.exchange.nation_document import picture_csv
from assessor.local_time import local_day
from assessor.presentation.nation_page import count_names, nation_page, quarter_name
from assessor.presentation.terms import Terms
from assessor.web.errors import NoSuchPage
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import FileDownload, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.http.roles import Role


def show_to_host(context: RequestContext) -> HandlerResult:
    """How far the picture is, the latest one, and the way to the others."""
    return _host_page(context)


def _host_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    standing, terms = context.nation.standing(), _terms(context)
    facts = {
        **context.hidden_fields(),
        **_picture_facts(context, context.nation.picture()),
        "standing": standing,
        "this_quarter": quarter_name(standing.quarter, terms),
        "earlier": [(each, quarter_name(each, terms)) for each in context.nation.quarters()[1:]],
        "refused": context.refusal(error),
    }
    title = context.say("The picture over all libraries")
    return HtmlPage(template="nation_host", title=title, facts=facts, status=422 if error else 200)


def _terms(context: RequestContext) -> Terms:
    language = context.messages.language
    return Terms(language, context.bank.instrument, context.bank.nearest_wording(language))


def _picture_facts(context: RequestContext, picture: NationPicture | None) -> dict[str, Any]:
    """What the picture's part of a page needs; the same for the host and for every library."""
    return {
        "picture": nation_page(picture, _terms(context)) if picture else None,
        "quarter": picture.latest.quarter if picture else "",
        "least": MIN_LIBRARIES,
        "odds": ODDS,
        "one_in": BEYOND_ONE_IN,
    }


def draw_snapshot(context: RequestContext) -> HandlerResult:
    """Count the libraries that wait, for this quarter, which nobody can do again."""
    try:
        context.nation.draw_snapshot()
    except AssessorError as error:
        return _host_page(context, error)
    return Redirect("/host/nation", (Notice.SAVED,))


def show_quarter(context: RequestContext) -> HandlerResult:
    """The picture of an earlier quarter; raises `NotInStore`."""
    picture = context.nation.picture(context.path_params["quarter"])
    title = context.say("The picture over all libraries")
    return HtmlPage(template="nation_quarter", title=title, facts=_picture_facts(context, picture))


def download_picture(context: RequestContext) -> HandlerResult:
    """A quarter's snapshot as it is kept (JSON), or its picture as a table (CSV); raises `NotInStore`, `NoSuchPage`."""
    quarter, ending = context.path_params["quarter"], context.path_params["ending"]
    picture = context.nation.picture(quarter)
    if ending == "json":
        text = context.nation.snapshot_text(quarter)
        return FileDownload(text.encode(), "application/json", f"nation {quarter}.json")
    if ending != "csv" or picture is None:
        raise NoSuchPage()
    say = context.say
    heads = (say("Found in a library"), say("At least"), say("At most"), say("Of libraries"))
    table = picture_csv(picture, heads, count_names(picture, _terms(context)))
    return FileDownload(table.encode("utf-8-sig"), "text/csv; charset=utf-8", f"nation {quarter}.csv")


def show_to_library(context: RequestContext) -> HandlerResult:
    """The latest picture, in a library that shares; else what it would see, and who can say so."""
    shares = context.nation.shares(context.library)
    facts = {
        **_picture_facts(context, context.nation.picture() if shares else None),
        "shares": shares,
        "steward": context.session.role is Role.STEWARD,
    }
    return HtmlPage(template="nation_library", title=context.say("The picture over all libraries"), facts=facts)


def show_sharing(context: RequestContext) -> HandlerResult:
    """What is shared, with whom and when, and a yes or a no to it."""
    consent = context.nation.consent(context.library)
    facts = {
        **context.hidden_fields(),
        **_picture_facts(context, None),
        "consent": consent,
        "day": local_day(consent.at) if consent else "",
        "run_by": context.config.run_by,
    }
    return HtmlPage(template="nation_share", title=context.say("Share figures with all libraries?"), facts=facts)


def choose_sharing(context: RequestContext) -> HandlerResult:
    """Keep the steward's yes, or take it back; what is neither is a no."""
    share = context.form.value("share") == "yes"
    context.nation.choose_sharing(context.library, share=share, key=context.form.idempotency_key)
    return Redirect(f"{context.base_path}/nation/share", (Notice.SHARING if share else Notice.NOT_SHARING,))
