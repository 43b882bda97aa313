"""The interview as pages: each step shown and taken. What comes next is computed, never kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.errors import AssessorError
from assessor.language import format_time, language_tag
from assessor.presentation.terms import Terms as Terms
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.usecases.assessments import GAINS, GUT, WANTED, LoadedAssessment, fit_text
from assessor.web.errors import EditConflict, NoSuchPage, NothingChosen, NothingTicked
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RequestContext

#: Where a change may lead back to.
_BACK_PAGES = ("check", "verdict")

#: Sent where a gain might be, to say that there is none.
_NO_GAIN = "<none>"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageOption:
    """Something to choose."""

    value: str
    label: str
    example: str = ""
    chosen: bool = False
    tone: Tone | None = None


def next_path(visit: RequestContext, opened: LoadedAssessment) -> str:
    """The address of what comes next, or of where the person came from when nothing is left."""
    mode = visit.mode(opened)
    step = opened.next_step(mode or "full")
    if step is None:
        back = visit.form.value("then")
        return visit.page_path(opened, back if back in _BACK_PAGES else "check")
    if mode is None and step not in (GUT, WANTED):
        return visit.page_path(opened, "mode")
    return visit.step_path(opened, step)


def go_to_next_step(visit: RequestContext) -> HandlerResult:
    """To the next step."""
    return Redirect(next_path(visit, visit.loaded_assessment))


def show_item(visit: RequestContext) -> HandlerResult:
    """One item, asked."""
    return _item_page(visit, visit.loaded_assessment)


def save_item(visit: RequestContext) -> HandlerResult:
    """Keep a response and its note, together or not at all; what the form leaves out stays as it is."""
    opened, id_, sent = visit.loaded_assessment, _item_on_route(visit, visit.loaded_assessment), visit.form
    chosen, later = sent.value("response"), sent.has_field("later")
    if not chosen and not later and id_ not in opened.responses:
        return _item_page(visit, opened, NothingChosen())
    try:
        opened = _save_response_and_note(visit, opened, id_, chosen)
    except EditConflict as error:
        return _item_page(visit, opened, error)
    except AssessorError as error:
        return _item_page(visit, opened, error, chosen)
    return Redirect(visit.home_path) if later else Redirect(next_path(visit, opened))


def _save_response_and_note(visit: RequestContext, opened: LoadedAssessment, id_: str, chosen: str) -> LoadedAssessment:
    note = _changed_note(visit, opened, id_)
    with visit.store.transaction():
        if chosen and visit.should_keep(opened, "response", id_, chosen):
            opened = visit.save_step(opened, id_, chosen, visit.form.idempotency_key)
        if note is not None and visit.should_keep(opened, "note", id_, note):
            opened = visit.save_note(opened, id_, note, f"{visit.form.idempotency_key}-note")
    return opened


def _changed_note(visit: RequestContext, opened: LoadedAssessment, id_: str) -> str | None:
    """The note to keep; None when it stays. An empty field withdraws nothing, only the tick beside it does."""
    text, kept = visit.form.value("note"), opened.assessment.notes.get(id_, "")
    if visit.form.has_field("withdraw"):
        return "" if kept else None
    return fit_text(text) if text.strip() and text != kept else None


def save_note(visit: RequestContext) -> HandlerResult:
    """Keep a note to the whole."""
    opened = visit.loaded_assessment
    text = _changed_note(visit, opened, "")
    if text is not None and visit.should_keep(opened, "note", "", text):
        visit.save_note(opened, "", text, visit.form.idempotency_key)
    return Redirect(visit.page_path(opened, "verdict"))


def _item_on_route(visit: RequestContext, opened: LoadedAssessment) -> str:
    """The item of the address; raises `NoSuchPage` when it does not apply."""
    id_ = visit.path_params["item"]
    if id_ not in {each.id for each in route(opened.instrument, opened.responses)}:
        raise NoSuchPage()
    return id_


def _item_page(
    visit: RequestContext, opened: LoadedAssessment, error: AssessorError | None = None, chosen: str = ""
) -> HtmlPage:
    id_ = _item_on_route(visit, opened)
    terms = visit.terms(opened)
    words, asked = terms.wording.items[id_], opened.instrument.by_id[id_]
    kept = chosen or visit.unsent_form.value("response") or opened.responses.get(id_, "")
    noted = opened.assessment.notes.get(id_, "")
    facts = {
        "ask": words.ask,
        "hint": words.hint,
        "choices": tuple(_item_options(visit, terms, id_, kept)),
        "note": noted,
        "typed": visit.form.value("note") if error else visit.unsent_form.value("note") or noted,
        "words_language": language_tag(words_in)
        if (words_in := terms.wording.language) != visit.messages.language
        else "",
        "sources": [opened.instrument.sources[each] for each in asked.sources if each in opened.instrument.sources],
        "ahead": _paths_ahead(visit, opened, id_),
        "instead": _unsaved_option(visit, terms, id_) if isinstance(error, EditConflict) else "",
    }
    return _step_page(visit, opened, id_, "item", words.ask, facts, error)


def _paths_ahead(visit: RequestContext, opened: LoadedAssessment, id_: str) -> list[str]:
    """The addresses of the items that come next whatever is given here, in a room; a browser may fetch them before."""
    if not visit.session.respondent:
        return []
    items = [each.id for each in opened.instrument.items if each.when is None and each.id not in opened.responses]
    return [visit.step_path(opened, each) for each in items[items.index(id_) + 1 :]] if id_ in items else []


def _unsaved_option(visit: RequestContext, terms: Terms, id_: str) -> str:
    """What was chosen and not kept."""
    sent = visit.form.value("response")
    return terms.short_response(id_, sent) if sent else ""


def _item_options(visit: RequestContext, terms: Terms, id_: str, kept: str) -> Iterator[PageOption]:
    words = terms.wording.items[id_].options
    for option in terms.instrument.by_id[id_].options:
        yield PageOption(value=option, label=words[option].label, example=words[option].example, chosen=option == kept)
    yield PageOption(value=DONT_KNOW, label=visit.say("Don't know"), chosen=kept == DONT_KNOW)


def _step_page(
    visit: RequestContext,
    opened: LoadedAssessment,
    step: str,
    template: str,
    title: str,
    facts: dict[str, Any],
    error: AssessorError | None,
) -> HtmlPage:
    """A page of the interview, with what all of them have."""
    before = opened.step_before(step)
    then = visit.query.get("then") or visit.form.value("then")
    back = then if then in _BACK_PAGES else ""
    return HtmlPage(
        template=template,
        title=title,
        status=getattr(error, "status", 422) if error else 200,
        facts={
            **visit.hidden_fields(opened),
            **facts,
            "collaboration": opened.assessment.collaboration,
            "action": visit.step_path(opened, step),
            "back": _back_path(visit, opened, back, before),
            "then": back,
            "left": opened.items_left(visit.mode(opened) or "full"),
            "saved": _last_saved(opened, visit.messages.language),
            "refused": visit.messages.refusal(error) if error else "",
        },
    )


def _back_path(visit: RequestContext, opened: LoadedAssessment, page: str, before: str | None) -> str:
    """Where Back leads: to the page that the change was begun from, the step before, or out."""
    if page:
        return visit.page_path(opened, page)
    return visit.step_path(opened, before) if before else visit.home_path


def _last_saved(opened: LoadedAssessment, language: str) -> str:
    """When something was last committed, by this machine's clock; empty before anything was."""
    history = opened.assessment.history
    return format_time(history[-1].at.astimezone().time(), language) if history else ""


def show_gut(visit: RequestContext) -> HandlerResult:
    """Where the person would place it, before the first item."""
    return _gut_page(visit, visit.loaded_assessment)


def _gut_page(visit: RequestContext, opened: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    choices = _placement_options(
        visit, opened, opened.instrument.placements, visit.unsent_form.value("response") or opened.assessment.gut
    )
    title = visit.say("Before the questions: where would you place it?")
    return _terraces_page(visit, opened, GUT, title, choices, visit.say("Don't know"), error)


def show_wanted(visit: RequestContext) -> HandlerResult:
    """The level that the library wants."""
    return _wanted_page(visit, visit.loaded_assessment)


def _wanted_page(visit: RequestContext, opened: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    kept = opened.assessment.wanted or (DONT_KNOW if opened.is_step_taken(WANTED) else None)
    kept = visit.unsent_form.value("response") or kept
    choices = _placement_options(visit, opened, opened.instrument.levels, kept)
    title = (
        visit.say("Which level do you want for this collaboration?")
        if visit.is_other_party
        else visit.say("Which level does the library want for this collaboration?")
    )
    return _terraces_page(visit, opened, WANTED, title, choices, visit.say("Don't know yet"), error)


def _placement_options(
    visit: RequestContext, opened: LoadedAssessment, placements: Iterable[str], kept: str | None
) -> list[PageOption]:
    terms, by_level = visit.terms(opened), level_tones(opened.instrument)
    return [
        PageOption(
            value=each,
            label=terms.numbered_name(each),
            example=terms.wording.placements[each].line,
            chosen=each == kept,
            tone=by_level.get(each, BESIDE_TONE),
        )
        for each in placements
    ]


def _terraces_page(
    visit: RequestContext,
    opened: LoadedAssessment,
    step: str,
    title: str,
    choices: list[PageOption],
    unknown: str,
    error: AssessorError | None,
) -> HtmlPage:
    kept = visit.unsent_form.value("response") or (opened.assessment.gut if step == GUT else opened.assessment.wanted)
    none = kept == DONT_KNOW or (step == WANTED and kept is None and opened.is_step_taken(WANTED))
    facts = {
        "ask": title,
        "gut": step == GUT,
        "steps": [each for each in choices if each.tone is not BESIDE_TONE],
        "beside": [each for each in choices if each.tone is BESIDE_TONE],
        "unknown": PageOption(value=DONT_KNOW, label=unknown, chosen=none),
    }
    return _step_page(visit, opened, step, "terraces", title, facts, error)


def save_gut(visit: RequestContext) -> HandlerResult:
    """Keep the gut feeling."""
    opened, chosen = visit.loaded_assessment, visit.form.value("response")
    if not chosen and visit.form.has_field("later"):
        return Redirect(visit.home_path)
    if chosen not in (*opened.instrument.placements, DONT_KNOW):
        return _gut_page(visit, opened, NothingChosen())
    return _save_step(visit, opened, GUT, chosen)


def save_wanted(visit: RequestContext) -> HandlerResult:
    """Keep the level that the library wants."""
    opened, chosen = visit.loaded_assessment, visit.form.value("response")
    if not chosen and visit.form.has_field("later"):
        return Redirect(visit.home_path)
    if chosen not in (*opened.instrument.levels, DONT_KNOW):
        return _wanted_page(visit, opened, NothingChosen())
    return _save_step(visit, opened, WANTED, "" if chosen == DONT_KNOW else chosen)


def _save_step(visit: RequestContext, opened: LoadedAssessment, step: str, value: str) -> Redirect:
    if visit.should_keep(opened, step.strip("<>"), "", value):
        opened = visit.save_step(opened, step, value, visit.form.idempotency_key)
    return Redirect(visit.home_path) if visit.form.has_field("later") else Redirect(next_path(visit, opened))


def show_mode(visit: RequestContext) -> HandlerResult:
    """How much is to be asked."""
    return _mode_page(visit, visit.loaded_assessment)


def _mode_page(visit: RequestContext, opened: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    left = visit.messages.count
    full, short = (
        left("about {number} question left", "about {number} questions left", opened.items_left(mode))
        for mode in ("full", "short")
    )
    chosen = visit.unsent_form.value("response") or visit.mode(opened)
    choices = (
        PageOption(
            value="full",
            label=visit.say("Everything: {count}", count=full),
            example=visit.say("Gives the placement, all the marks and the best advice."),
            chosen=chosen == "full",
        ),
        PageOption(
            value="short",
            label=visit.say("Only what can change the placement: {count}", count=short),
            example=visit.say("Gives the same placement in a few minutes."),
            chosen=chosen == "short",
        ),
    )
    title = visit.say("How much do you want to answer?")
    facts = {
        "ask": title,
        "hint": visit.say("You can answer the rest afterwards."),
        "choices": choices,
        "action": visit.page_path(opened, "mode"),
        "back": visit.step_path(opened, WANTED if opened.is_step_taken(WANTED) else GUT),
    }
    page = _step_page(visit, opened, "<mode>", "choose", title, {}, error)
    return HtmlPage(template=page.template, title=title, status=page.status, facts={**page.facts, **facts})


def save_mode(visit: RequestContext) -> HandlerResult:
    """Remember how much is to be asked; also from the verdict, to answer the rest."""
    opened, chosen = visit.loaded_assessment, visit.form.value("response")
    if chosen not in ("full", "short"):
        return _mode_page(visit, opened, NothingChosen())
    visit.session.modes[opened.assessment.id] = "full" if chosen == "full" else "short"
    return Redirect(next_path(visit, opened))


def show_gains(visit: RequestContext) -> HandlerResult:
    """What the cooperation brings."""
    return _gains_page(visit, visit.loaded_assessment)


def _gains_page(visit: RequestContext, opened: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    words, kept = visit.terms(opened).wording, visit.unsent_form.values("response") or opened.assessment.gains
    choices = [
        PageOption(value=each, label=words.gains.get(each, each), chosen=each in kept)
        for each in opened.instrument.gains
    ]
    none = PageOption(
        value=_NO_GAIN,
        label=visit.say("None of these"),
        chosen=_NO_GAIN in kept or (opened.is_step_taken(GAINS) and not kept),
    )
    title = visit.say("What does the cooperation bring you?")
    return _step_page(visit, opened, GAINS, "gains", title, {"ask": title, "choices": choices, "nothing": none}, error)


def save_gains(visit: RequestContext) -> HandlerResult:
    """Keep what was ticked; nothing ticked says nothing."""
    opened, ticked = visit.loaded_assessment, visit.form.values("response")
    given = [each for each in opened.instrument.gains if each in ticked]
    if not ticked or set(ticked) - {*opened.instrument.gains, _NO_GAIN} or (given and _NO_GAIN in ticked):
        return _gains_page(visit, opened, NothingTicked())
    return _save_step(visit, opened, GAINS, " ".join(given))
