"""How somebody comes into a workshop and what they find there. Looking changes nothing; only a form sent does."""

from typing import Any
from urllib.parse import quote

from assessor import qr_codes
from assessor.core.workshop import Workshop
from assessor.errors import AssessorError
from assessor.language import LANGUAGE_NAMES, LANGUAGES, language_tag
from assessor.presentation.placements import tell_placements
from assessor.presentation.progress import items_left_text
from assessor.safe_text import escape_controls
from assessor.usecases.assessments import LoadedAssessment, fit_name
from assessor.usecases.participating import OfferedCollaboration, WorkshopLocked
from assessor.usecases.workshop_secrets import normalize_code
from assessor.web.assessment_pages import is_own_path
from assessor.web.errors import NoSuchCode, NoSuchLink, NoSuchPage, TooManyWrongCodes
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RedirectWithCookie, RequestContext
from assessor.web.http.roles import Role

#: Days for which a participant's browser is let in without being asked again; whoever leads stays longer.
_PARTICIPANT_DAYS, _FACILITATOR_DAYS = 3, 30


def show_home(context: RequestContext) -> HandlerResult:
    """For who joined, the collaborations to respond on; for everybody else, where to type the code."""
    if context.session.respondent:
        return _offered_page(context)
    return _code_page(context)


def _code_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "typed": context.form.value("code"),
        "refused": context.messages.refusal(error) if error else "",
    }
    return HtmlPage(
        template="code", title=context.say("Join a workshop"), facts=facts, status=getattr(error, "status", 200)
    )


def find_workshop(context: RequestContext) -> HandlerResult:
    """To the workshop of a code that was typed; nobody is counted yet."""
    typed = normalize_code(context.form.value("code"))
    try:
        _workshop_by_code(context, typed)
    except (NoSuchCode, TooManyWrongCodes) as error:
        return _code_page(context, error)
    return Redirect(f"/j/{quote(typed, safe='')}")


def _workshop_by_code(context: RequestContext, code: str) -> Workshop:
    """The workshop of a code; raises `NoSuchCode`, or `TooManyCodes` for somebody who guesses."""
    tries = context.attempts
    if not tries.rate_limiter.allows_attempt(tries.address):
        raise TooManyWrongCodes()
    workshop = context.workshops.find_by_code(code)
    if workshop is None:
        if tries.rate_limiter.count_wrong(tries.address):
            raise TooManyWrongCodes()
        raise NoSuchCode(code=escape_controls(code[:20]))
    return workshop


def _wrong_secret_error(context: RequestContext) -> TooManyWrongCodes | NoSuchLink:
    """A secret that opens nothing, counted."""
    return TooManyWrongCodes() if context.attempts.rate_limiter.count_wrong(context.attempts.address) else NoSuchLink()


def show_join(context: RequestContext) -> HandlerResult:
    """What joining means, in two lines: who sees what, and until when."""
    workshop = _workshop_by_code(context, context.path_params["code"])
    if workshop.locked and not workshop.closed and not _has_joined(context, workshop):
        raise WorkshopLocked(name=escape_controls(workshop.name))
    return _join_page(context, workshop)


def _has_joined(context: RequestContext, workshop: Workshop) -> bool:
    return bool(context.session.respondent and context.session.respondent.workshop == workshop.id)


def _join_page(
    context: RequestContext, workshop: Workshop, error: AssessorError | None = None, **more: Any
) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "of": workshop,
        "action": context.path,
        "name": context.form.value("name"),
        "already": _has_joined(context, workshop),
        "over": workshop.closed is not None,
        "tongues": [(code, language_tag(code), name) for code, name in LANGUAGE_NAMES.items()],
        "invited": None,
        "refused": context.messages.refusal(error) if error else "",
        **more,
    }
    return HtmlPage(template="join", title=workshop.name, facts=facts, status=422 if error else 200)


def join_workshop(context: RequestContext) -> HandlerResult:
    """Into the workshop, as somebody new: a cookie that was there before counts for nothing."""
    workshop = _workshop_by_code(context, context.path_params["code"])
    try:
        name = fit_name(context.form.value("name"))
    except AssessorError as error:
        return _join_page(context, workshop, error)
    _joined, token = context.participation.join(
        workshop, name=name, language=_chosen_language(context), key=context.form.idempotency_key
    )
    return RedirectWithCookie("/", context.config.deployment.cookie_name(), token, _PARTICIPANT_DAYS)


def _chosen_language(context: RequestContext) -> str:
    chosen = context.form.value("language")
    return chosen if chosen in LANGUAGES else context.messages.language


def show_invitation(context: RequestContext) -> HandlerResult:
    """What the other party is asked, and who will see it."""
    invitation = context.participation.find_invitation(context.path_params["secret"])
    if invitation is None:
        raise _wrong_secret_error(context)
    return _join_page(context, invitation[0], invited=invitation[1])


def accept_invitation(context: RequestContext) -> HandlerResult:
    """Into the workshop from the other side, for one collaboration."""
    invitation = context.participation.find_invitation(context.path_params["secret"])
    if invitation is None:
        raise _wrong_secret_error(context)
    workshop, collaboration = invitation
    try:
        name = fit_name(context.form.value("name"))
    except AssessorError as error:
        return _join_page(context, workshop, error, invited=collaboration)
    _joined, token = context.participation.join(
        workshop,
        name=name,
        language=_chosen_language(context),
        key=context.form.idempotency_key,
        side="them",
        collaboration=collaboration.id,
    )
    return RedirectWithCookie("/", context.config.deployment.cookie_name(), token, _PARTICIPANT_DAYS)


def show_phone_link(context: RequestContext) -> HandlerResult:
    """Whether to go on with this phone instead of the one that made the link."""
    if context.participation.respondent_of_link(context.path_params["secret"]) is None:
        raise _wrong_secret_error(context)
    return HtmlPage(
        template="moved",
        title=context.say("Go on with this phone?"),
        facts={**context.hidden_fields(), "action": context.path},
    )


def move_to_this_phone(context: RequestContext) -> HandlerResult:
    """From here on with this phone; the one before opens nothing any more."""
    moved = context.participation.follow_link(context.path_params["secret"])
    if moved is None:
        raise _wrong_secret_error(context)
    return RedirectWithCookie("/", context.config.deployment.cookie_name(), moved[1], _PARTICIPANT_DAYS)


def show_facilitator_link(context: RequestContext) -> HandlerResult:
    """Whether to lead the workshop with this browser."""
    workshop = context.workshops.find_by_secret(context.path_params["secret"])
    if workshop is None:
        raise _wrong_secret_error(context)
    facts = {**context.hidden_fields(), "of": workshop, "action": context.path}
    return HtmlPage(template="leader", title=context.say("Lead {name}", name=workshop.name), facts=facts)


def become_facilitator(context: RequestContext) -> HandlerResult:
    """This browser leads from now on; the address opens nothing again."""
    redeemed = context.facilitation.redeem_secret(context.path_params["secret"])
    if redeemed is None:
        raise _wrong_secret_error(context)
    workshop, token = redeemed
    return RedirectWithCookie(
        f"/w/{workshop.id}/board",
        context.config.deployment.facilitator_cookie_name(workshop.id),
        token,
        _FACILITATOR_DAYS,
    )


def show_another_phone(context: RequestContext) -> HandlerResult:
    """How to go on with another phone."""
    return HtmlPage(
        template="phone",
        title=context.say("Go on with another phone"),
        facts={**context.hidden_fields(), "address": ""},
    )


def make_phone_link(context: RequestContext) -> HandlerResult:
    """A link that opens once."""
    secret = context.participation.new_link(context.respondent.id)
    address = f"{context.config.deployment.base_url}/go/{secret}"
    facts = {**context.hidden_fields(), "address": address, "code": qr_codes.svg_path(address)}
    return HtmlPage(template="phone", title=context.say("Go on with another phone"), facts=facts)


def _offered_page(context: RequestContext) -> HtmlPage:
    """What to respond on, with how far each has come."""
    offered = context.participation.offered_collaborations(context.respondent)
    facts = {
        **context.hidden_fields(),
        "library": context.workshop.library,
        "offered": tuple(
            (collaboration, _progress_text(context, collaboration), _is_finished(collaboration))
            for collaboration in offered
        ),
        "them": context.respondent.side == "them",
        "over": context.workshop.closed is not None,
    }
    return HtmlPage(template="offered", title=context.workshop.name, facts=facts)


def _is_finished(offered: OfferedCollaboration) -> bool:
    return offered.loaded is not None and offered.loaded.finished


def _progress_text(context: RequestContext, offered: OfferedCollaboration) -> str:
    """How far it has come."""
    loaded = offered.loaded
    if loaded is None or not loaded.begun:
        return context.say("not begun")
    if loaded.finished:
        return tell_placements(loaded.verdict.placements, context.terms(loaded), "sentence")
    return _questions_left(context, loaded)


def _questions_left(context: RequestContext, loaded: LoadedAssessment) -> str:
    items_left = loaded.items_left("full")
    if not items_left:
        return context.say("only the last step is left")
    return items_left_text(context.messages, items_left)


def begin_assessment(context: RequestContext) -> HandlerResult:
    """Their own assessment of it, begun or gone on with."""
    loaded = context.participation.begin(context.respondent, context.path_params["collaboration"])
    return Redirect(context.step_path(loaded))


def show_new_collaboration(context: RequestContext) -> HandlerResult:
    """A collaboration that they bring along themselves."""
    return _new_collaboration_page(context)


def _new_collaboration_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    if context.respondent.side == "them":
        raise NoSuchPage()
    typed = {name: context.form.value(name) for name in ("party", "undertaking")}
    facts = {**context.hidden_fields(), "typed": typed, "refused": context.messages.refusal(error) if error else ""}
    return HtmlPage(template="bring", title=context.say("One of your own"), facts=facts, status=422 if error else 200)


def bring_collaboration(context: RequestContext) -> HandlerResult:
    """Theirs alone, begun."""
    if context.respondent.side == "them":
        raise NoSuchPage()
    try:
        collaboration = context.participation.bring_collaboration(
            context.respondent, context.form.value("party"), context.form.value("undertaking")
        )
    except AssessorError as error:
        return _new_collaboration_page(context, error)
    return Redirect(context.step_path(context.participation.begin(context.respondent, collaboration.id)))


def change_language(context: RequestContext) -> HandlerResult:
    """The language of the pages from here on: kept with who joined, in a cookie of who leads."""
    language, to = context.form.value("language"), context.query.get("to", "")
    if language not in LANGUAGES or not is_own_path(to):
        raise NoSuchPage()
    if context.session.respondent:
        context.participation.set_language(context.session.respondent.id, language)
    elif context.session.role is Role.FACILITATOR:
        return RedirectWithCookie(to, context.config.deployment.cookie_name("language"), language, _FACILITATOR_DAYS)
    return Redirect(to, unsent_form=context.form)
