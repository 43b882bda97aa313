"""How the one whose store it is comes in: by an address that opens once."""

from assessor.web.errors import LinkUsed
from assessor.web.http.request_context import HandlerResult, HtmlPage, NoContent, RequestContext, SessionCookie
from assessor.web.http.roles import Role


def redeem_link(visit: RequestContext) -> HandlerResult:
    """A browser comes with a secret; it leaves with a cookie, and the secret opens nothing again.

    A browser that is in already stays in. Raises `LinkUsed` or `TooManyWrongSecrets`.
    """
    if visit.headers.get("sec-purpose", "").startswith("prefetch"):
        return NoContent()
    try:
        secret = visit.path_params["secret"]
        token = visit.sessions.redeem_secret(secret, Role.OWNER, visit.config.chosen_language)
    except LinkUsed:
        if visit.session.role is Role.NONE:
            raise
        token = ""
    # A page, not a redirect: after a redirect from elsewhere a browser would not send the cookie along.
    cookie = SessionCookie(name=visit.owner_cookie, value=token) if token else None
    return HtmlPage(template="entered", title=visit.say("Welcome"), cookie=cookie)
