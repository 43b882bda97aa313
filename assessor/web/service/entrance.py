"""How somebody comes into a library's pages on a service, and out of them again: front page, keys, leaving, language.

A key is opened by a form alone: what only looks at an address, such as a preview in a mail program, spends nothing.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from assessor.core.membership import DEVICE_DAYS
from assessor.errors import AssessorError
from assessor.language import LANGUAGES
from assessor.usecases.library_access import Opening
from assessor.web.assessment_pages import is_own_path
from assessor.web.errors import KeyOpensNothing, NoSuchPage, NotSignedIn, TooManyWrongKeys
from assessor.web.http.request_context import (
    HandlerResult,
    HtmlPage,
    NoContent,
    PlainText,
    Redirect,
    RedirectWithCookie,
    RequestContext,
)
from assessor.web.workshop import joining

#: Words by which a browser and its system are told apart in a list of devices, the more telling ones first.
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "CrOS", "Mac OS X", "Linux")
_BROWSERS = ("Edg", "OPR", "Firefox", "FxiOS", "SamsungBrowser", "Chrome", "CriOS", "Safari")
_SHOWN_AS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
}


def show_front(context: RequestContext) -> HandlerResult:
    """The participant's list; for everybody else the three ways in: a room's code, a library of theirs, a new key."""
    return joining.show_home(context) if context.session.respondent else _front_page(context)


def _front_page(context: RequestContext) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "memberships": context.session.memberships,
        "contact": context.config.contact,
        "run_by": context.config.run_by,
    }
    title = context.say("Which of your collaborations are partnerships?")
    return HtmlPage(template="front", title=title, facts=facts)


def show_key_field(context: RequestContext) -> HandlerResult:
    """The field for an address that somebody was given on paper."""
    return _key_field_page(context)


def _key_field_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {**context.hidden_fields(), "refused": context.refusal(error), "contact": context.config.contact}
    title = context.say("Open your library")
    return HtmlPage(template="key_field", title=title, facts=facts, status=getattr(error, "status", 200))


def show_key(context: RequestContext) -> HandlerResult:
    """What an address opens, and the button that opens it; nothing is spent. Raises `KeyOpensNothing`.

    One that was opened leads who is in that library already to its pages.
    """
    secret = context.path_params["secret"]
    opening = context.keys.find_opening(secret)
    if opening is None:
        inside = _library_inside(context, secret)
        if inside:
            return Redirect(inside)
        raise _wrong_key_error(context)
    facts = {**context.hidden_fields(), "secret": secret, "invited": opening.member}
    return HtmlPage(template="key", title=_key_title(context, opening), facts=facts)


def _key_title(context: RequestContext, opening: Opening) -> str:
    return opening.member.library_name if opening.member else context.say("The host's page")


def open_key(context: RequestContext) -> HandlerResult:
    """Spend a key, pasted as an address or sent by its page's button, for a cookie of this browser's."""
    secret = urlsplit(context.form.value("secret").strip()).path.rpartition("/")[2]
    if _needs_signing_in(context, secret):
        return _key_field_page(context, NotSignedIn())
    opened = context.keys.open(secret, context.form.page_id, _device_label(context), context.signed_in_as)
    if opened is None:
        inside = _library_inside(context, secret)
        return Redirect(inside) if inside else _key_field_page(context, _wrong_key_error(context))
    opening, token = opened
    deployment = context.config.deployment
    if opening.member is None:
        return RedirectWithCookie("/host", deployment.cookie_name("host"), token, DEVICE_DAYS, lax=True)
    library = opening.member.library
    return RedirectWithCookie(f"/l/{library}", deployment.library_cookie_name(library), token, DEVICE_DAYS, lax=True)


def _library_inside(context: RequestContext, secret: str) -> str:
    """The pages that a spent address opened, for who is let in there by what they have; empty for everybody else."""
    library = context.keys.library_of(secret)
    return f"/l/{library}" if library in {each.library for each in context.session.memberships} else ""


def _needs_signing_in(context: RequestContext, secret: str) -> bool:
    """Whether a key lets in whom a proxy names, and it names nobody: spent now, it would let nobody in."""
    if not context.config.deployment.identity_header or context.signed_in_as:
        return False
    opening = context.keys.find_opening(secret)
    return opening is not None and opening.member is not None


def _wrong_key_error(context: RequestContext) -> AssessorError:
    """Count a key that opens nothing, and return the error to show."""
    return (
        TooManyWrongKeys() if context.attempts.rate_limiter.count_wrong(context.attempts.address) else KeyOpensNothing()
    )


def _device_label(context: RequestContext) -> str:
    """What to call this browser in a list of devices, by what it says of itself: "Firefox, Windows"."""
    agent = context.headers.get("user-agent", "")
    found = (next((word for word in words if word in agent), "") for words in (_BROWSERS, _SYSTEMS))
    return ", ".join(_SHOWN_AS.get(word, word) for word in found if word)


def show_leave(context: RequestContext) -> HandlerResult:
    """Ask whether this browser is to open the library no more."""
    title = context.say("Leave this browser?")
    return HtmlPage(template="leave_library", title=title, facts=context.hidden_fields())


def leave(context: RequestContext) -> HandlerResult:
    """End this browser's cookie at the server and in the browser; the answers stay.

    Whom a proxy names is let in by no cookie: there it is the person who is let in no more, in whichever browser.
    """
    context.keys.leave(context.credential_digest)
    deployment, member = context.config.deployment, context.session.member
    cookie = deployment.library_cookie_name(member.library) if member else deployment.cookie_name("host")
    title = context.say("This browser is signed out")
    return HtmlPage(template="left_library", title=title, ended_cookie=cookie)


def change_language(context: RequestContext) -> HandlerResult:
    """Keep the language of a member's or the host's pages in this browser; raises `NoSuchPage`."""
    language, to = context.form.value("language"), context.query.get("to", "")
    if language not in LANGUAGES or not is_own_path(to):
        raise NoSuchPage()
    cookie = context.config.deployment.cookie_name("language")
    return RedirectWithCookie(to, cookie, language, DEVICE_DAYS, lax=True, unsent_form=context.form)


def show_privacy(context: RequestContext) -> HandlerResult:
    """Who is responsible for what is kept here, what that is, and for how long."""
    config = context.config
    facts = {
        "run_by": config.run_by,
        "contact": config.contact,
        "copies_days": config.copies_days,
        "device_days": DEVICE_DAYS,
    }
    return HtmlPage(template="privacy", title=context.say("Data protection"), facts=facts)


def show_health(context: RequestContext) -> HandlerResult:
    """Nothing (204), once the store has answered; where it does not, the page is refused with 503."""
    context.store.members.admitted("")
    return NoContent()


def show_metrics(context: RequestContext) -> HandlerResult:
    """What the server counts of itself, for a program on this very machine; raises `NoSuchPage` for everybody else.

    A proxy's requests come from this machine too, and say for whom.
    """
    if "x-forwarded-for" in context.headers or not _is_this_machine(context.attempts.address):
        raise NoSuchPage()
    return PlainText(context.metrics.text(), "text/plain; version=0.0.4; charset=utf-8")


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
