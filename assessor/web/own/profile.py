"""What a library says of itself, on its own pages: goals, the next assessment, its logo, and its dates to download."""

from base64 import b64encode
from dataclasses import dataclass

from assessor.core.library_profile import Logo
from assessor.errors import AssessorError
from assessor.output_files import safe_file_name
from assessor.safe_pictures import clean_picture_or_none
from assessor.usecases import library_facts
from assessor.usecases.calendar import library_calendar
from assessor.usecases.logos import keep_logo
from assessor.usecases.reporting import library_report
from assessor.web.errors import NoFileSent
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import FileDownload, HandlerResult, HtmlPage, Redirect, RequestContext


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalEntry:
    """A goal in the list."""

    id: str
    text: str
    #: The names of the collaborations that serve it.
    served_by: tuple[str, ...]
    #: Whether its removal was asked for and is to be confirmed.
    going: bool = False


def show_profile(context: RequestContext) -> HandlerResult:
    """The library's goals with those that serve them, when it assesses next, and its logo."""
    return _profile_page(context)


def _profile_page(context: RequestContext, error: AssessorError | None = None, target: str = "added") -> HtmlPage:
    """The page; `target` is the field that a refusal leads to."""
    profile = context.store.profiles.get(context.library)
    served = library_facts.goal_servers(context.store, context.library)
    chosen, going = context.form.value("goal"), isinstance(error, library_facts.GoalServed)
    texts = {**profile.goals, chosen: context.form.value("words")} if chosen in profile.goals else profile.goals
    facts = {
        **context.hidden_fields(),
        "goals": tuple(
            GoalEntry(id=id_, text=text, served_by=served.get(id_, ()), going=going and id_ == chosen)
            for id_, text in texts.items()
        ),
        "added": context.form.value("added"),
        "month": context.form.value("month") or profile.next_month,
        "logo": _picture_address(profile.logo),
        "refused": context.refusal(error),
        "target": target,
    }
    title = context.say("Goals, dates and logo")
    return HtmlPage(template="profile", title=title, facts=facts, status=422 if error else 200)


def _picture_address(logo: Logo | None) -> str:
    """The picture within the page, for no address of it is served; empty where there is none to show."""
    picture = clean_picture_or_none(logo.content) if logo else None
    return f"data:{picture.media};base64,{b64encode(picture.content).decode()}" if picture else ""


def save_goal(context: RequestContext) -> HandlerResult:
    """Add a goal, or keep one in other words or no more; what is served is removed when that was shown before."""
    store, library, form = context.store, context.library, context.form
    goal, act, key = form.value("goal"), form.value("act"), form.idempotency_key
    try:
        if act == "remove":
            library_facts.remove_goal(store, library, goal, key, seen=form.value("sure") == "yes")
        elif goal:
            library_facts.reword_goal(store, library, goal, form.value("words"), key)
        else:
            context.assessments.add_goal(form.value("added"), key)
    except AssessorError as error:
        return _profile_page(context, error, f"goal-{goal}" if goal else "added")
    done = Notice.REMOVED if act == "remove" else Notice.SAVED if goal else Notice.ADDED
    return _back(context, done)


def save_next_month(context: RequestContext) -> HandlerResult:
    """Keep the month of the next assessment; an empty one is a year after the last."""
    try:
        library_facts.choose_next_month(
            context.store, context.library, context.form.value("month"), context.form.idempotency_key
        )
    except AssessorError as error:
        return _profile_page(context, error, "month")
    return _back(context, Notice.SAVED)


def save_logo(context: RequestContext) -> HandlerResult:
    """Keep a picture as the logo, cleaned, or none."""
    removed, sent = context.form.value("act") == "remove", context.form.file("file")
    try:
        if not removed and (sent is None or not sent.data):
            raise NoFileSent()
        keep_logo(context.store, context.library, None if removed or sent is None else sent.data)
    except AssessorError as error:
        return _profile_page(context, error, "file")
    return _back(context, Notice.REMOVED if removed else Notice.SAVED)


def _back(context: RequestContext, done: Notice) -> Redirect:
    return Redirect(f"{context.base_path}/profile", (done,))


def download_calendar(context: RequestContext) -> HandlerResult:
    """The library's dates as a calendar file."""
    report = library_report(context.store, context.library, context.bank, context.messages.language).report
    name = safe_file_name(context.say("{library} dates", library=context.library), ".ics")
    return FileDownload(library_calendar(report).content, "text/calendar; charset=utf-8", name)
