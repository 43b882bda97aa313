"""How somebody comes into a workshop and what they find there. Looking changes nothing; only a form sent does."""

from typing import Any
from urllib.parse import quote

from assessor import qr_codes
from assessor.core.workshop import Workshop
from assessor.errors import AssessorError
from assessor.language import LANGUAGES, NAMES, tag
from assessor.safe_text import safe
from assessor.usecases.assessments import Opened, fit_name
from assessor.usecases.workshops import Offered, WorkshopLocked, code_as_typed
from assessor.web.assessment_pages import ours
from assessor.web.errors import NoSuchCode, NoSuchLink, NoSuchPage, TooManyCodes
from assessor.web.http.request_context import Answer, Goto, LetIn, Shown, Visit
from assessor.web.http.roles import Role

#: Days for which a participant's browser is let in without being asked again; whoever leads stays longer.
_DAYS, _LEADS = 3, 30


def home(visit: Visit) -> Answer:
    """For who joined, the collaborations to respond on; for everybody else, where to type the code."""
    if visit.session.respondent:
        return _offered(visit)
    return _code(visit)


def _code(visit: Visit, error: AssessorError | None = None) -> Shown:
    facts = {
        **visit.sending(),
        "typed": visit.form.one("code"),
        "refused": visit.speech.refusal(error) if error else "",
    }
    return Shown(template="code", title=visit.say("Join a workshop"), facts=facts, status=getattr(error, "status", 200))


def find(visit: Visit) -> Answer:
    """To the workshop of a code that was typed; nobody is counted yet."""
    typed = code_as_typed(visit.form.one("code"))
    try:
        _by_code(visit, typed)
    except (NoSuchCode, TooManyCodes) as error:
        return _code(visit, error)
    return Goto(f"/j/{quote(typed, safe='')}")


def _by_code(visit: Visit, code: str) -> Workshop:
    """The workshop of a code; raises `NoSuchCode`, or `TooManyCodes` for somebody who guesses."""
    tries = visit.tries
    if not tries.budget.looks(tries.address):
        raise TooManyCodes()
    found = visit.workshops.coded(code)
    if found is None:
        if tries.budget.wrong(tries.address):
            raise TooManyCodes()
        raise NoSuchCode(code=safe(code[:20]))
    return found


def _unopened(visit: Visit) -> TooManyCodes | NoSuchLink:
    """A secret that opens nothing, counted."""
    return TooManyCodes() if visit.tries.budget.wrong(visit.tries.address) else NoSuchLink()


def door(visit: Visit) -> Answer:
    """What joining means, in two lines: who sees what, and until when."""
    workshop = _by_code(visit, visit.params["code"])
    if workshop.locked and not workshop.closed and not _inside(visit, workshop):
        raise WorkshopLocked(name=safe(workshop.name))
    return _door(visit, workshop)


def _inside(visit: Visit, workshop: Workshop) -> bool:
    return bool(visit.session.respondent and visit.session.respondent.workshop == workshop.id)


def _door(visit: Visit, workshop: Workshop, error: AssessorError | None = None, **more: Any) -> Shown:
    facts = {
        **visit.sending(),
        "of": workshop,
        "action": visit.path,
        "name": visit.form.one("name"),
        "already": _inside(visit, workshop),
        "over": workshop.closed is not None,
        "tongues": [(each, tag(each), name) for each, name in NAMES.items()],
        "invited": None,
        "refused": visit.speech.refusal(error) if error else "",
        **more,
    }
    return Shown(template="join", title=workshop.name, facts=facts, status=422 if error else 200)


def join(visit: Visit) -> Answer:
    """Into the workshop, as somebody new: a cookie that was there before counts for nothing."""
    workshop = _by_code(visit, visit.params["code"])
    try:
        name = fit_name(visit.form.one("name"))
    except AssessorError as error:
        return _door(visit, workshop, error)
    _joined, token = visit.workshops.join(workshop, name=name, language=_language(visit), key=visit.form.key)
    return LetIn("/", visit.desk.setting.cookie(), token, _DAYS)


def _language(visit: Visit) -> str:
    chosen = visit.form.one("language")
    return chosen if chosen in LANGUAGES else visit.speech.language


def invitation(visit: Visit) -> Answer:
    """What the other party is asked, and who will see it."""
    found = visit.workshops.invited(visit.params["secret"])
    if found is None:
        raise _unopened(visit)
    return _door(visit, found[0], invited=found[1])


def accept(visit: Visit) -> Answer:
    """Into the workshop from the other side, for one collaboration."""
    found = visit.workshops.invited(visit.params["secret"])
    if found is None:
        raise _unopened(visit)
    workshop, collaboration = found
    try:
        name = fit_name(visit.form.one("name"))
    except AssessorError as error:
        return _door(visit, workshop, error, invited=collaboration)
    _joined, token = visit.workshops.join(
        workshop,
        name=name,
        language=_language(visit),
        key=visit.form.key,
        side="them",
        collaboration=collaboration.id,
    )
    return LetIn("/", visit.desk.setting.cookie(), token, _DAYS)


def link(visit: Visit) -> Answer:
    """Whether to go on with this phone instead of the one that made the link."""
    if visit.workshops.linked(visit.params["secret"]) is None:
        raise _unopened(visit)
    return Shown(
        template="moved", title=visit.say("Go on with this phone?"), facts={**visit.sending(), "action": visit.path}
    )


def follow(visit: Visit) -> Answer:
    """From here on with this phone; the one before opens nothing any more."""
    found = visit.workshops.follow(visit.params["secret"])
    if found is None:
        raise _unopened(visit)
    return LetIn("/", visit.desk.setting.cookie(), found[1], _DAYS)


def leader(visit: Visit) -> Answer:
    """Whether to lead the workshop with this browser."""
    found = visit.workshops.led_by(visit.params["secret"])
    if found is None:
        raise _unopened(visit)
    facts = {**visit.sending(), "of": found, "action": visit.path}
    return Shown(template="leader", title=visit.say("Lead {name}", name=found.name), facts=facts)


def lead(visit: Visit) -> Answer:
    """This browser leads from now on; the address opens nothing again."""
    found = visit.workshops.lead(visit.params["secret"])
    if found is None:
        raise _unopened(visit)
    workshop, token = found
    return LetIn(f"/w/{workshop.id}/board", visit.desk.setting.leading(workshop.id), token, _LEADS)


def phone(visit: Visit) -> Answer:
    """How to go on with another phone."""
    return Shown(
        template="phone", title=visit.say("Go on with another phone"), facts={**visit.sending(), "address": ""}
    )


def another_phone(visit: Visit) -> Answer:
    """A link that opens once."""
    secret = visit.workshops.link(visit.respondent.id)
    address = f"{visit.desk.setting.base}/go/{secret}"
    facts = {**visit.sending(), "address": address, "code": qr_codes.as_path(address)}
    return Shown(template="phone", title=visit.say("Go on with another phone"), facts=facts)


def _offered(visit: Visit) -> Shown:
    """What to respond on, with how far each has come."""
    offered = visit.workshops.offered(visit.respondent)
    facts = {
        **visit.sending(),
        "library": visit.workshop.library,
        "offered": tuple((each, _told(visit, each), _finished(each)) for each in offered),
        "them": visit.respondent.side == "them",
        "over": visit.workshop.closed is not None,
    }
    return Shown(template="offered", title=visit.workshop.name, facts=facts)


def _finished(offered: Offered) -> bool:
    return offered.opened is not None and offered.opened.finished


def _told(visit: Visit, offered: Offered) -> str:
    """How far it has come."""
    opened = offered.opened
    if opened is None or not opened.begun:
        return visit.say("not begun")
    if opened.finished:
        return visit.terms(opened).either(opened.verdict.placements[:3])
    return _left(visit, opened)


def _left(visit: Visit, opened: Opened) -> str:
    number = opened.left("full")
    if not number:
        return visit.say("only the last step is left")
    return visit.speech.count("about {number} question left", "about {number} questions left", number)


def begin(visit: Visit) -> Answer:
    """Their own assessment of it, begun or gone on with."""
    opened = visit.workshops.begin(visit.respondent, visit.params["collaboration"])
    return Goto(visit.at(opened))


def new(visit: Visit) -> Answer:
    """A collaboration that they bring along themselves."""
    return _new(visit)


def _new(visit: Visit, error: AssessorError | None = None) -> Shown:
    if visit.respondent.side == "them":
        raise NoSuchPage()
    typed = {name: visit.form.one(name) for name in ("party", "undertaking")}
    facts = {**visit.sending(), "typed": typed, "refused": visit.speech.refusal(error) if error else ""}
    return Shown(template="bring", title=visit.say("One of your own"), facts=facts, status=422 if error else 200)


def bring(visit: Visit) -> Answer:
    """Theirs alone, begun."""
    if visit.respondent.side == "them":
        raise NoSuchPage()
    try:
        found = visit.workshops.bring(visit.respondent, visit.form.one("party"), visit.form.one("undertaking"))
    except AssessorError as error:
        return _new(visit, error)
    return Goto(visit.at(visit.workshops.begin(visit.respondent, found.id)))


def speak(visit: Visit) -> Answer:
    """The language of the pages from here on: kept with who joined, in a cookie of who leads."""
    language, to = visit.form.one("language"), visit.query.get("to", "")
    if language not in LANGUAGES or not ours(to):
        raise NoSuchPage()
    if visit.session.respondent:
        visit.workshops.speak(visit.session.respondent.id, language)
    elif visit.session.role is Role.FACILITATOR:
        return LetIn(to, visit.desk.setting.cookie("language"), language, _LEADS)
    return Goto(to, typed=visit.form)
