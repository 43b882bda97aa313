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


def show_home(visit: RequestContext) -> HandlerResult:
    """For who joined, the collaborations to respond on; for everybody else, where to type the code."""
    if visit.session.respondent:
        return _offered_page(visit)
    return _code_page(visit)


def _code_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **visit.hidden_fields(),
        "typed": visit.form.value("code"),
        "refused": visit.messages.refusal(error) if error else "",
    }
    return HtmlPage(
        template="code", title=visit.say("Join a workshop"), facts=facts, status=getattr(error, "status", 200)
    )


def find_workshop(visit: RequestContext) -> HandlerResult:
    """To the workshop of a code that was typed; nobody is counted yet."""
    typed = normalize_code(visit.form.value("code"))
    try:
        _workshop_by_code(visit, typed)
    except (NoSuchCode, TooManyWrongCodes) as error:
        return _code_page(visit, error)
    return Redirect(f"/j/{quote(typed, safe='')}")


def _workshop_by_code(visit: RequestContext, code: str) -> Workshop:
    """The workshop of a code; raises `NoSuchCode`, or `TooManyCodes` for somebody who guesses."""
    tries = visit.attempts
    if not tries.rate_limiter.allows_attempt(tries.address):
        raise TooManyWrongCodes()
    found = visit.workshops.find_by_code(code)
    if found is None:
        if tries.rate_limiter.count_wrong(tries.address):
            raise TooManyWrongCodes()
        raise NoSuchCode(code=escape_controls(code[:20]))
    return found


def _wrong_secret_error(visit: RequestContext) -> TooManyWrongCodes | NoSuchLink:
    """A secret that opens nothing, counted."""
    return TooManyWrongCodes() if visit.attempts.rate_limiter.count_wrong(visit.attempts.address) else NoSuchLink()


def show_join(visit: RequestContext) -> HandlerResult:
    """What joining means, in two lines: who sees what, and until when."""
    workshop = _workshop_by_code(visit, visit.path_params["code"])
    if workshop.locked and not workshop.closed and not _has_joined(visit, workshop):
        raise WorkshopLocked(name=escape_controls(workshop.name))
    return _join_page(visit, workshop)


def _has_joined(visit: RequestContext, workshop: Workshop) -> bool:
    return bool(visit.session.respondent and visit.session.respondent.workshop == workshop.id)


def _join_page(visit: RequestContext, workshop: Workshop, error: AssessorError | None = None, **more: Any) -> HtmlPage:
    facts = {
        **visit.hidden_fields(),
        "of": workshop,
        "action": visit.path,
        "name": visit.form.value("name"),
        "already": _has_joined(visit, workshop),
        "over": workshop.closed is not None,
        "tongues": [(each, language_tag(each), name) for each, name in LANGUAGE_NAMES.items()],
        "invited": None,
        "refused": visit.messages.refusal(error) if error else "",
        **more,
    }
    return HtmlPage(template="join", title=workshop.name, facts=facts, status=422 if error else 200)


def join_workshop(visit: RequestContext) -> HandlerResult:
    """Into the workshop, as somebody new: a cookie that was there before counts for nothing."""
    workshop = _workshop_by_code(visit, visit.path_params["code"])
    try:
        name = fit_name(visit.form.value("name"))
    except AssessorError as error:
        return _join_page(visit, workshop, error)
    _joined, token = visit.participation.join(
        workshop, name=name, language=_chosen_language(visit), key=visit.form.idempotency_key
    )
    return RedirectWithCookie("/", visit.config.deployment.cookie_name(), token, _PARTICIPANT_DAYS)


def _chosen_language(visit: RequestContext) -> str:
    chosen = visit.form.value("language")
    return chosen if chosen in LANGUAGES else visit.messages.language


def show_invitation(visit: RequestContext) -> HandlerResult:
    """What the other party is asked, and who will see it."""
    found = visit.participation.find_invitation(visit.path_params["secret"])
    if found is None:
        raise _wrong_secret_error(visit)
    return _join_page(visit, found[0], invited=found[1])


def accept_invitation(visit: RequestContext) -> HandlerResult:
    """Into the workshop from the other side, for one collaboration."""
    found = visit.participation.find_invitation(visit.path_params["secret"])
    if found is None:
        raise _wrong_secret_error(visit)
    workshop, collaboration = found
    try:
        name = fit_name(visit.form.value("name"))
    except AssessorError as error:
        return _join_page(visit, workshop, error, invited=collaboration)
    _joined, token = visit.participation.join(
        workshop,
        name=name,
        language=_chosen_language(visit),
        key=visit.form.idempotency_key,
        side="them",
        collaboration=collaboration.id,
    )
    return RedirectWithCookie("/", visit.config.deployment.cookie_name(), token, _PARTICIPANT_DAYS)


def show_phone_link(visit: RequestContext) -> HandlerResult:
    """Whether to go on with this phone instead of the one that made the link."""
    if visit.participation.respondent_of_link(visit.path_params["secret"]) is None:
        raise _wrong_secret_error(visit)
    return HtmlPage(
        template="moved",
        title=visit.say("Continue on this phone?"),
        facts={**visit.hidden_fields(), "action": visit.path},
    )


def move_to_this_phone(visit: RequestContext) -> HandlerResult:
    """From here on with this phone; the one before opens nothing any more."""
    found = visit.participation.follow_link(visit.path_params["secret"])
    if found is None:
        raise _wrong_secret_error(visit)
    return RedirectWithCookie("/", visit.config.deployment.cookie_name(), found[1], _PARTICIPANT_DAYS)


def show_facilitator_link(visit: RequestContext) -> HandlerResult:
    """Whether to lead the workshop with this browser."""
    found = visit.workshops.find_by_secret(visit.path_params["secret"])
    if found is None:
        raise _wrong_secret_error(visit)
    facts = {**visit.hidden_fields(), "of": found, "action": visit.path}
    return HtmlPage(template="leader", title=visit.say("Lead {name}", name=found.name), facts=facts)


def become_facilitator(visit: RequestContext) -> HandlerResult:
    """This browser leads from now on; the address opens nothing again."""
    found = visit.facilitation.redeem_secret(visit.path_params["secret"])
    if found is None:
        raise _wrong_secret_error(visit)
    workshop, token = found
    return RedirectWithCookie(
        f"/w/{workshop.id}/board",
        visit.config.deployment.facilitator_cookie_name(workshop.id),
        token,
        _FACILITATOR_DAYS,
    )


def show_another_phone(visit: RequestContext) -> HandlerResult:
    """How to go on with another phone."""
    return HtmlPage(
        template="phone", title=visit.say("Continue on another phone"), facts={**visit.hidden_fields(), "address": ""}
    )


def make_phone_link(visit: RequestContext) -> HandlerResult:
    """A link that opens once."""
    secret = visit.participation.new_link(visit.respondent.id)
    address = f"{visit.config.deployment.base_url}/go/{secret}"
    facts = {**visit.hidden_fields(), "address": address, "code": qr_codes.svg_path(address)}
    return HtmlPage(template="phone", title=visit.say("Continue on another phone"), facts=facts)


def _offered_page(visit: RequestContext) -> HtmlPage:
    """What to respond on, with how far each has come."""
    offered = visit.participation.offered_collaborations(visit.respondent)
    facts = {
        **visit.hidden_fields(),
        "library": visit.workshop.library,
        "offered": tuple((each, _progress_text(visit, each), _is_finished(each)) for each in offered),
        "them": visit.respondent.side == "them",
        "over": visit.workshop.closed is not None,
    }
    return HtmlPage(template="offered", title=visit.workshop.name, facts=facts)


def _is_finished(offered: OfferedCollaboration) -> bool:
    return offered.loaded is not None and offered.loaded.finished


def _progress_text(visit: RequestContext, offered: OfferedCollaboration) -> str:
    """How far it has come."""
    opened = offered.loaded
    if opened is None or not opened.begun:
        return visit.say("not started")
    if opened.finished:
        return tell_placements(opened.verdict.placements, visit.terms(opened), "sentence")
    return _questions_left(visit, opened)


def _questions_left(visit: RequestContext, opened: LoadedAssessment) -> str:
    number = opened.items_left("full")
    if not number:
        return visit.say("only the last step is left")
    return items_left_text(visit.messages, number)


def begin_assessment(visit: RequestContext) -> HandlerResult:
    """Their own assessment of it, begun or gone on with."""
    opened = visit.participation.begin(visit.respondent, visit.path_params["collaboration"])
    return Redirect(visit.step_path(opened))


def show_new_collaboration(visit: RequestContext) -> HandlerResult:
    """A collaboration that they bring along themselves."""
    return _new_collaboration_page(visit)


def _new_collaboration_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    if visit.respondent.side == "them":
        raise NoSuchPage()
    typed = {name: visit.form.value(name) for name in ("party", "undertaking")}
    facts = {**visit.hidden_fields(), "typed": typed, "refused": visit.messages.refusal(error) if error else ""}
    return HtmlPage(template="bring", title=visit.say("One of your own"), facts=facts, status=422 if error else 200)


def bring_collaboration(visit: RequestContext) -> HandlerResult:
    """Theirs alone, begun."""
    if visit.respondent.side == "them":
        raise NoSuchPage()
    try:
        found = visit.participation.bring_collaboration(
            visit.respondent, visit.form.value("party"), visit.form.value("undertaking")
        )
    except AssessorError as error:
        return _new_collaboration_page(visit, error)
    return Redirect(visit.step_path(visit.participation.begin(visit.respondent, found.id)))


def change_language(visit: RequestContext) -> HandlerResult:
    """The language of the pages from here on: kept with who joined, in a cookie of who leads."""
    language, to = visit.form.value("language"), visit.query.get("to", "")
    if language not in LANGUAGES or not is_own_path(to):
        raise NoSuchPage()
    if visit.session.respondent:
        visit.participation.set_language(visit.session.respondent.id, language)
    elif visit.session.role is Role.FACILITATOR:
        return RedirectWithCookie(to, visit.config.deployment.cookie_name("language"), language, _FACILITATOR_DAYS)
    return Redirect(to, unsent_form=visit.form)
