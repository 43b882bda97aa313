"""How people come into a workshop, and a participant's own pages: joining, links, the list, the language.

GET never changes anything here, because link previews and prefetching open addresses too; only a form joins, moves to
another phone or uses up a link. Room codes and secrets are always looked up; the rate limit counts the wrong ones.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from assessor import qr_codes
from assessor.core.routing import Mode
from assessor.core.workshop import Workshop, takes_responses
from assessor.errors import AssessorError
from assessor.language import LANGUAGE_NAMES, LANGUAGES, language_tag
from assessor.local_time import local_day
from assessor.presentation.placements import tell_placements
from assessor.presentation.progress import items_left_text
from assessor.safe_text import escape_controls
from assessor.usecases.assessments import LoadedAssessment, fit_name
from assessor.usecases.participating import OfferedCollaboration, WorkshopLocked
from assessor.usecases.workshop_secrets import normalize_code
from assessor.web.assessment_pages import is_own_path
from assessor.web.errors import (
    NoSuchCode,
    NoSuchLink,
    NoSuchPage,
    NoSuchReturnCode,
    TooManyJoins,
    TooManyWrongCodes,
)
from assessor.web.http.hand_over import handed_over
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RedirectWithCookie, RequestContext
from assessor.web.http.roles import Role
from assessor.web.workshop import board
from assessor.web.workshop.room_size import last_day_text

#: Where somebody who has just joined goes: one page on which every collaboration is placed by gut feeling.
GUT_ROUND = "/gut"

#: Lifetime of a facilitator's cookie in days.
_FACILITATOR_DAYS = 30

#: How many days a room may go on before it is closed, at most, for a participant's cookie to last as long as answers.
_OPEN_DAYS = 60


def _cookie_days(workshop: Workshop) -> int:
    """How long a participant's cookie lasts: until the answers are erased, wherever the room is closed in time."""
    return _OPEN_DAYS + workshop.days


def show_home(context: RequestContext) -> HandlerResult:
    """The participant's list of collaborations; for everybody else, the field for the room code."""
    context.config.address_watch.hear_from(context.attempts.address)
    if context.session.respondent:
        return _offered_page(context)
    return _code_page(context)


def _code_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The page with the field for the room code."""
    facts = {
        **context.hidden_fields(),
        "typed": context.form.value("code"),
        "stays_in_language": True,
        "refused": context.refusal(error),
    }
    return HtmlPage(
        template="code", title=context.say("Join a workshop"), facts=facts, status=getattr(error, "status", 200)
    )


def find_workshop(context: RequestContext) -> HandlerResult:
    """Redirect to the joining page of the typed code; does not join yet."""
    typed = normalize_code(context.form.value("code"))
    try:
        _workshop_by_code(context, typed)
    except (NoSuchCode, TooManyWrongCodes) as error:
        return _code_page(context, error)
    return Redirect(f"/j/{quote(typed, safe='')}")


def _workshop_by_code(context: RequestContext, code: str) -> Workshop:
    """The workshop with a code; raises `NoSuchCode`, or `TooManyWrongCodes` for an address that guesses.

    A right code is found whatever else came from the address.
    """
    workshop = context.workshops.find_by_code(code)
    if workshop is None:
        if context.attempts.rate_limiter.count_wrong(context.attempts.address):
            raise TooManyWrongCodes()
        raise NoSuchCode(code=escape_controls(code[:20]))
    return workshop


def _count_join(context: RequestContext, workshop: Workshop) -> None:
    """Raise `TooManyJoins` for one more from an address that joins in a loop; a form sent again is not one more."""
    known = context.store.workshops.respondent_by_key(workshop.id, context.form.idempotency_key)
    if not known and not context.attempts.rate_limiter.allows_join(context.attempts.address):
        raise TooManyJoins()


def _wrong_secret_error(context: RequestContext) -> TooManyWrongCodes | NoSuchLink:
    """Count a secret that opens nothing, and return the error to raise."""
    return TooManyWrongCodes() if context.attempts.rate_limiter.count_wrong(context.attempts.address) else NoSuchLink()


def show_join(context: RequestContext) -> HandlerResult:
    """What joining means: who sees what, and until when. Raises `WorkshopLocked` for newcomers when locked."""
    context.config.address_watch.hear_from(context.attempts.address)
    workshop = _workshop_by_code(context, context.path_params["code"])
    if workshop.locked and not workshop.closed and not _has_joined(context, workshop):
        raise WorkshopLocked(name=escape_controls(workshop.name))
    return _join_page(context, workshop)


def _has_joined(context: RequestContext, workshop: Workshop) -> bool:
    """Whether this browser is a participant of the workshop already."""
    return bool(context.session.respondent and context.session.respondent.workshop == workshop.id)


def _join_page(
    context: RequestContext, workshop: Workshop, error: AssessorError | None = None, **more: Any
) -> HtmlPage:
    """The joining page, also for an invited party (`invited`), with the error of a refused form if there is one."""
    facts = {
        **context.hidden_fields(),
        "of": workshop,
        "action": context.path,
        "name": context.form.value("name"),
        "already": _has_joined(context, workshop),
        "over": not takes_responses(workshop, "them" if more.get("invited") else "us", local_day(datetime.now(UTC))),
        "language_code": context.messages.language,
        "tongues": [(code, language_tag(code), name) for code, name in LANGUAGE_NAMES.items()],
        "invited": None,
        "refused": context.refusal(error),
        **more,
    }
    return HtmlPage(template="join", title=workshop.name, facts=facts, status=422 if error else 200)


def join_workshop(context: RequestContext) -> HandlerResult:
    """Join as a new participant, whatever cookie the browser had before."""
    workshop = _workshop_by_code(context, context.path_params["code"])
    try:
        name = fit_name(context.form.value("name"))
    except AssessorError as error:
        return _join_page(context, workshop, error)
    if context.form.value("instead") and _has_joined(context, workshop):
        return _words_for_who_was_here(context)
    _count_join(context, workshop)
    _joined, token = context.participation.join(
        workshop, name=name, language=_chosen_language(context), key=context.form.idempotency_key
    )
    first = GUT_ROUND if workshop.listed else "/"
    return RedirectWithCookie(first, context.config.deployment.cookie_name(), token, _cookie_days(workshop), lax=True)


def _words_for_who_was_here(context: RequestContext) -> HtmlPage:
    """Three words for whoever is in on this phone, before somebody else is: nobody is put out without a way back."""
    facts = {
        **_new_return_words(context),
        "action": context.path,
        "name": context.form.value("name"),
        "language_code": _chosen_language(context),
    }
    return HtmlPage(template="somebody_else", title=context.say("Somebody else on this phone"), facts=facts)


def _chosen_language(context: RequestContext) -> str:
    """The language chosen in the form, else the page's."""
    chosen = context.form.value("language")
    return chosen if chosen in LANGUAGES else context.messages.language


def show_invitation(context: RequestContext) -> HandlerResult:
    """What the invited party will be asked, and who will see it; raises `NoSuchLink`."""
    invitation = context.participation.find_invitation(context.path_params["secret"])
    if invitation is None:
        raise _wrong_secret_error(context)
    return _join_page(context, invitation[0], invited=invitation[1])


def accept_invitation(context: RequestContext) -> HandlerResult:
    """Join for the other party's side of one collaboration; raises `NoSuchLink`."""
    invitation = context.participation.find_invitation(context.path_params["secret"])
    if invitation is None:
        raise _wrong_secret_error(context)
    try:
        name = fit_name(context.form.value("name"))
    except AssessorError as error:
        return _join_page(context, invitation[0], error, invited=invitation[1])
    if context.form.value("instead") and _has_joined(context, invitation[0]):
        return _words_for_who_was_here(context)
    _count_join(context, invitation[0])
    joined = context.participation.accept_invitation(
        context.path_params["secret"], name=name, language=_chosen_language(context), key=context.form.idempotency_key
    )
    if joined is None:
        raise _wrong_secret_error(context)
    return RedirectWithCookie(
        "/", context.config.deployment.cookie_name(), joined[1], _cookie_days(invitation[0]), lax=True
    )


def show_phone_link(context: RequestContext) -> HandlerResult:
    """Ask whether to go on with this phone instead of the one that made the link; raises `NoSuchLink`."""
    secret = context.path_params["secret"]
    handed = context.participation.holder_of(handed_over(secret)) is not None
    if not handed and context.participation.respondent_of_link(secret) is None:
        raise _wrong_secret_error(context)
    return HtmlPage(
        template="moved",
        title=context.say("Continue on this phone?"),
        facts={**context.hidden_fields(), "action": context.path, "handed": handed},
    )


def move_to_this_phone(context: RequestContext) -> HandlerResult:
    """Go on with this phone; the link, or what a page held for a new address, and the former cookie stop working."""
    secret, participation = context.path_params["secret"], context.participation
    moved = participation.hand_over(handed_over(secret)) or participation.follow_link(secret)
    if moved is None:
        raise _wrong_secret_error(context)
    return RedirectWithCookie(
        "/",
        context.config.deployment.cookie_name(),
        moved[1],
        _cookie_days(context.workshops.get(moved[0].workshop)),
        lax=True,
    )


def show_facilitator_link(context: RequestContext) -> HandlerResult:
    """Ask whether to lead the workshop with this browser; raises `NoSuchLink`."""
    workshop = context.workshops.find_by_secret(context.path_params["secret"])
    if workshop is None:
        raise _wrong_secret_error(context)
    facts = {**context.hidden_fields(), "of": workshop, "action": context.path}
    return HtmlPage(template="leader", title=context.say("Lead {name}", name=workshop.name), facts=facts)


def become_facilitator(context: RequestContext) -> HandlerResult:
    """Lead the workshop with this browser; the link stops working."""
    redeemed = context.facilitation.redeem_secret(context.path_params["secret"])
    if redeemed is None:
        raise _wrong_secret_error(context)
    workshop, token = redeemed
    return RedirectWithCookie(
        f"/w/{workshop.id}",
        context.config.deployment.facilitator_cookie_name(workshop.id),
        token,
        _FACILITATOR_DAYS,
    )


def show_another_phone(context: RequestContext) -> HandlerResult:
    """Explain how to go on with another phone."""
    return HtmlPage(
        template="phone",
        title=context.say("Continue on another phone"),
        facts={**context.hidden_fields(), "address": ""},
    )


def make_phone_link(context: RequestContext) -> HandlerResult:
    """Make a link, also as a QR code, that moves the participant to another phone once."""
    secret = context.participation.new_link(context.respondent.id)
    address = f"{context.config.base_url}/go/{secret}"
    facts = {**context.hidden_fields(), "address": address, "code": qr_codes.svg_path(address)}
    return HtmlPage(template="phone", title=context.say("Continue on another phone"), facts=facts)


def show_return_code(context: RequestContext) -> HandlerResult:
    """Explain what the three words are for, and let them be made; nothing changes yet."""
    facts = {
        **context.hidden_fields(),
        "words": "",
        "code": board.spaced_code(context.workshop),
        "of": context.workshop,
    }
    return HtmlPage(template="return_code", title=context.say("Come back later"), facts=facts)


def _new_return_words(context: RequestContext) -> dict[str, Any]:
    """What a page needs that shows three new words for the participant, and the room's code that they go with."""
    words = context.participation.new_return_code(context.respondent, context.form.idempotency_key)
    return {**context.hidden_fields(), "words": words.replace("-", " "), "code": board.spaced_code(context.workshop)}


def make_return_code(context: RequestContext) -> HandlerResult:
    """Make three words by which the participant comes back on any device; earlier ones open nothing."""
    facts = {**_new_return_words(context), "of": context.workshop}
    return HtmlPage(template="return_code", title=context.say("Come back later"), facts=facts)


def show_coming_back(context: RequestContext) -> HandlerResult:
    """The field for the three words, of the workshop whose code is in the address."""
    return _coming_back_page(context, _workshop_by_code(context, context.path_params["code"]))


def _coming_back_page(context: RequestContext, workshop: Workshop, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "of": workshop,
        "action": context.path,
        "typed": context.form.value("words"),
        "refused": context.refusal(error),
    }
    return HtmlPage(
        template="coming_back", title=context.say("I was here before"), facts=facts, status=422 if error else 200
    )


def come_back(context: RequestContext) -> HandlerResult:
    """Let somebody in again by their three words; every other device of theirs stays in."""
    workshop, limiter = _workshop_by_code(context, context.path_params["code"]), context.attempts.rate_limiter
    if not limiter.may_try_to_return(context.attempts.address):
        raise TooManyWrongCodes()
    found = context.participation.come_back(workshop, context.form.value("words"))
    if found is None:
        limiter.count_wrong_return(context.attempts.address)
        return _coming_back_page(context, workshop, NoSuchReturnCode())
    return RedirectWithCookie("/", context.config.deployment.cookie_name(), found[1], _cookie_days(workshop), lax=True)


def show_leave(context: RequestContext) -> HandlerResult:
    """What leaving means: what ends on this phone, and what stays."""
    facts = {**context.hidden_fields(), "of": context.workshop, "action": "/leave"}
    return HtmlPage(template="leave", title=context.say("Leave this phone?"), facts=facts)


def leave_phone(context: RequestContext) -> HandlerResult:
    """End the participant's cookie at the server and in the browser; the answers stay."""
    context.participation.leave(context.session.token)
    return HtmlPage(
        template="left",
        title=context.say("This phone has left the workshop"),
        facts={"led": False},
        ended_cookie=context.config.deployment.cookie_name(),
    )


def _offered_page(context: RequestContext) -> HtmlPage:
    """The collaborations to respond on, first where this participant is needed, each with how far they have come."""
    offered = context.participation.offered_collaborations(context.respondent)
    following = next_facts(context, offered)
    facts = {
        **context.hidden_fields(),
        **following,
        "library": context.workshop.library,
        "offered": tuple((each, _progress_text(context, each)) for each in following["by_need"]),
        "them": context.respondent.side == "them",
        "over": not takes_responses(context.workshop, context.respondent.side, local_day(datetime.now(UTC))),
        "until": last_day_text(context),
        "about": _how_to_answer(context),
    }
    return HtmlPage(template="offered", title=context.workshop.name, facts=facts)


def _how_to_answer(context: RequestContext) -> str:
    """What is asked about and how to answer, as the bank says it to the participant's side."""
    bank, language = context.bank, context.messages.language
    party = context.respondent.side == "them"
    return (bank.party_wording(bank.nearest_language(language)) if party else bank.nearest_wording(language)).about


def next_facts(context: RequestContext, offered: tuple[OfferedCollaboration, ...]) -> dict[str, Any]:
    """What is offered in the order in which this participant is led to it, and which comes next; None after the end."""
    ordered = context.participation.by_need(context.respondent, offered)
    first = next((each for each in ordered if not each.finished), None)
    return {"by_need": ordered, "next": None if context.workshop.closed else first}


def _progress_text(context: RequestContext, offered: OfferedCollaboration) -> str:
    """How far the participant has come with a collaboration; once finished, its placement."""
    loaded = offered.loaded
    if loaded is None or not loaded.responses:
        return ""
    if loaded.finished:
        return tell_placements(loaded.verdict.placements, context.terms(loaded), "sentence")
    return _questions_left(context, loaded)


def _questions_left(context: RequestContext, loaded: LoadedAssessment) -> str:
    """How many questions are left, in words."""
    mode: Mode = "full" if context.is_other_party else "shared"
    items_left = loaded.items_left(mode)
    if not items_left:
        return context.say("only the last step is left")
    return items_left_text(context.messages, items_left)


def begin_assessment(context: RequestContext) -> HandlerResult:
    """Begin the participant's assessment of a collaboration, or go on with it."""
    loaded = context.participation.begin(context.respondent, context.path_params["collaboration"])
    return Redirect(context.step_path(loaded))


def show_new_collaboration(context: RequestContext) -> HandlerResult:
    """The form for a collaboration that a participant brings along."""
    return _new_collaboration_page(context)


def _new_collaboration_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The form, with the error of a refused one; raises `NoSuchPage` for the other party."""
    if context.respondent.side == "them":
        raise NoSuchPage()
    typed = {name: context.form.value(name) for name in ("party", "undertaking")}
    facts = {**context.hidden_fields(), "typed": typed, "refused": context.refusal(error)}
    return HtmlPage(template="bring", title=context.say("One of your own"), facts=facts, status=422 if error else 200)


def bring_collaboration(context: RequestContext) -> HandlerResult:
    """Add a collaboration that only this participant responds on, and begin it."""
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
    """Change the language: stored with a participant, in a cookie for a facilitator. Raises `NoSuchPage`."""
    language, to = context.form.value("language"), context.query.get("to", "")
    if language not in LANGUAGES or not is_own_path(to):
        raise NoSuchPage()
    if context.session.respondent:
        context.participation.set_language(context.session.respondent.id, language)
    elif context.session.role is Role.FACILITATOR:
        cookie = context.config.deployment.cookie_name("language")
        return RedirectWithCookie(to, cookie, language, _FACILITATOR_DAYS, unsent_form=context.form)
    return Redirect(to, unsent_form=context.form)
