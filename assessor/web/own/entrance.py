"""How the one whose store it is comes in: by an address that opens once."""

from assessor.web.errors import LinkUsed
from assessor.web.http.request_context import HandlerResult, HtmlPage, NoContent, RequestContext, SessionCookie
from assessor.web.http.roles import Role


def redeem_link(context: RequestContext) -> HandlerResult:
    """A browser comes with a secret; it leaves with a cookie, and the secret opens nothing again.

    A browser that is in already stays in. Raises `LinkUsed` or `TooManyWrongSecrets`.
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
    # A page, not a redirect: after a redirect from elsewhere a browser would not send the cookie along.
    cookie = SessionCookie(name=context.owner_cookie, value=token) if token else None
    return HtmlPage(template="entered", title=context.say("Welcome"), cookie=cookie)
