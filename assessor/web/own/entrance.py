"""How the owner's browser gets its session: by an address that works once."""

from assessor.web.errors import LinkUsed
from assessor.web.http.request_context import HandlerResult, HtmlPage, NoContent, RequestContext, SessionCookie
from assessor.web.http.roles import Role


def redeem_link(context: RequestContext) -> HandlerResult:
    """Exchange the secret in the address for a session cookie; the secret then stops working.

    A browser that has a session keeps it. A prefetch gets an empty response, so that it does not use up the secret.
    Raises `LinkUsed` or `TooManyWrongSecrets`.
    """
    if context.headers.get("sec-purpose", "").startswith("prefetch"):
        return NoContent()
    try:
        secret = context.path_params["secret"]
        token = context.sessions.redeem_secret(secret, Role.OWNER, context.config.chosen_language)
    except LinkUsed:
        if context.session.role is Role.NONE:
            raise
        token = ""
    # A page, not a redirect: after one that began outside, browsers would not send a SameSite=Strict cookie.
    cookie = SessionCookie(name=context.owner_cookie, value=token) if token else None
    return HtmlPage(template="entered", title=context.say("Welcome"), cookie=cookie)
