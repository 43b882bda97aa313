"""The interview: each step shown as a page, and its form saved.

Steps are gut feeling, mode (how much is asked), the items on the route, gains and wanted level. Which comes next is
computed from the history with every request and never stored, so several windows, the terminal and a changed bank all
continue at the right place. Where one thing is chosen, each option is a button that saves it and leads on, in every
browser alike. Values are recorded through `RequestContext.should_keep`, which keeps a page that arrives late or twice
from overwriting a newer answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessor.core.merging import conflicts
from assessor.core.months import UNTIL_FURTHER_NOTICE, is_month, parse_month
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import Mode, route
from assessor.core.wording import ItemWords
from assessor.errors import AssessorError
from assessor.language import language_tag
from assessor.presentation.asking_back import tell_asked_back
from assessor.presentation.conflicts import conflict_on
from assessor.presentation.item_help import tell_story, told_sources
from assessor.presentation.progress import full_mode_text, items_left_text, items_of_modes_texts
from assessor.presentation.terms import Terms
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.safe_text import escape_controls
from assessor.usecases.assessments import (
    GAINS,
    GOAL,
    GUT,
    WANTED,
    LoadedAssessment,
    NotAMonth,
    ends_step,
    fit_text,
    kind_and_item,
)
from assessor.web.errors import EditConflict, NoSuchPage, NothingChosen, NothingTicked
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import Given, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.note_promises import note_facts

#: Pages from which an answer can be changed, and to which the change leads back.
_BACK_PAGES = ("check", "verdict")

#: What an address and its form say where somebody answers the rest, after all that can move the placement.
REST = "rest"

#: Characters on an item's page above which it is set more tightly: then a phone still shows it whole.
_MAX_ROOMY = 380

#: Value of the tick "none of these"; angle brackets keep it apart from every gain's id.
_NO_GAIN = "<none>"

#: Value of what is asked after an item, where it is left.
_LEAVE = "<leave>"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageOption:
    """A choice on a page."""

    value: str
    label: str
    example: str = ""
    chosen: bool = False
    tone: Tone | None = None


def next_path(context: RequestContext, loaded: LoadedAssessment) -> str:
    """Address of the next step; when nothing is left, of the page that a change was begun from, or of the last one.

    That is `check`, and for a participant, who is told at once, the verdict.
    """
    mode, step = _asked_mode(context, loaded), _next_asked(context, loaded)
    if step is None:
        last = "verdict" if context.session.respondent else "check"
        return context.page_path(loaded, _requested_back_page(context) or last)
    if mode is None and step != GUT:
        return context.page_path(loaded, "mode")
    return context.step_path(loaded, step) + (f"?then={REST}" if _asks_rest(context) else "")


def _asks_rest(context: RequestContext) -> bool:
    return REST in (context.query.get("then"), context.form.value("then"))


def _asked_mode(context: RequestContext, loaded: LoadedAssessment) -> Mode | None:
    """How much is asked on this page; None while nobody has chosen."""
    return "full" if _asks_rest(context) else context.mode(loaded)


def _requested_back_page(context: RequestContext) -> str:
    """The page that a change was begun from; empty in the course of the interview."""
    requested = context.query.get("then") or context.form.value("then")
    return requested if requested in _BACK_PAGES else ""


def _requested_then(context: RequestContext) -> str:
    """What the page's form says of where it leads: a page to go back to, or that the rest is asked."""
    return REST if _asks_rest(context) else _requested_back_page(context)


def go_to_next_step(context: RequestContext) -> HandlerResult:
    """Redirect to the next step."""
    return Redirect(next_path(context, context.loaded_assessment))


def show_item(context: RequestContext) -> HandlerResult:
    """The page of one item."""
    return _item_page(context, context.loaded_assessment)


def save_item(context: RequestContext) -> HandlerResult:
    """Save a response and its note, both or neither; fields that the form omits stay as they are.

    With the field `here` only the note is saved, and the page comes again.
    """
    loaded, id_, sent = context.loaded_assessment, _item_on_route(context, context.loaded_assessment), context.form
    chosen, here = sent.value("response"), sent.has_field("here")
    before = loaded.responses.get(id_)
    settled = before is not None and _next_asked(context, loaded) is None  # what was not asked opens nothing
    if not chosen and not here and id_ not in loaded.responses:
        return _item_page(context, loaded, NothingChosen())
    try:
        loaded = _save_response_and_note(context, loaded, id_, chosen)
    except EditConflict as error:
        return _item_page(context, loaded, error)
    except AssessorError as error:
        return _item_page(context, loaded, error, chosen)
    if here:
        return Redirect(context.path)
    asks_back = loaded.responses.get(id_) != before and loaded.signals_about(id_)
    opened = settled and _next_asked(context, loaded) is not None
    path = _asking_back_path(context, loaded, id_) if asks_back else next_path(context, loaded)
    return Redirect(path, (Notice.OPENED_ANOTHER,) if opened else ())


def _next_asked(context: RequestContext, loaded: LoadedAssessment) -> str | None:
    """The step that is asked next; None when nothing is left."""
    return loaded.next_step(_asked_mode(context, loaded) or "full")


def _asking_back_path(context: RequestContext, loaded: LoadedAssessment, id_: str) -> str:
    """Address of the page that asks whether the response to an item fits the others."""
    then = _requested_then(context)
    return context.page_path(loaded, f"fit/{id_}") + (f"?then={then}" if then else "")


def show_asked_back(context: RequestContext) -> HandlerResult:
    """The responses that the one to an item hardly fits; going on lets them stand."""
    loaded = context.loaded_assessment
    signals = loaded.signals_about(_item_on_route(context, loaded))
    if not signals:  # changed meanwhile
        return go_to_next_step(context)
    asked = tell_asked_back(signals, loaded.responses, context.terms(loaded))
    facts = {
        "collaboration": loaded.assessment.collaboration,
        "assessment": loaded.assessment.id,
        "remarks": asked.remarks,
        "doubted": asked.responses,
        "then": _requested_then(context),
        "onward": next_path(context, loaded),
    }
    return HtmlPage(template="asked_back", title=asked.remarks[0].title, facts=facts)


def _save_response_and_note(
    context: RequestContext, loaded: LoadedAssessment, id_: str, chosen: str
) -> LoadedAssessment:
    """Record what should be kept of both; raises `EditConflict`."""
    note, key = _changed_note(context, loaded, id_), context.form.idempotency_key
    given = [Given("response", id_, chosen, key)] if chosen else []
    given += [Given("note", id_, note, f"{key}-note")] if note is not None else []
    return context.save(loaded, *given, *_changed_quotation(context, loaded, id_, note))


def _changed_quotation(
    context: RequestContext, loaded: LoadedAssessment, id_: str, note: str | None
) -> tuple[Given, ...]:
    """Whether the note may stand in the report, where the form asks it and it is not as before; nothing for no note."""
    before, key = loaded.assessment.quoted.get(id_), f"{context.form.idempotency_key}-quoted"
    if note == "":
        return () if before is None else (Given("quoted", id_, "", key),)
    if (note is None and id_ not in loaded.assessment.notes) or not context.form.has_field("asks-quoted"):
        return ()
    chosen = context.form.value("quoted") == "yes"
    return () if chosen is before else (Given("quoted", id_, "yes" if chosen else "no", key),)


def _changed_note(context: RequestContext, loaded: LoadedAssessment, id_: str) -> str | None:
    """The note to record; None when it stays. Only the withdrawing tick removes a note, never an empty field."""
    text, stored = context.form.value("note"), loaded.assessment.notes.get(id_, "")
    if context.form.has_field("withdraw"):
        return "" if stored else None
    settles = any((each.kind, each.item) == ("note", id_) for each in conflicts(loaded.assessment.history))
    return fit_text(text) if text.strip() and (text != stored or settles) else None


def _conflicts_told(loaded: LoadedAssessment, id_: str, terms: Terms) -> tuple[str, ...]:
    """What two copies say differently on the page of an item, which is settled by saving it."""
    return tuple(filter(None, (conflict_on(loaded.assessment, kind, id_, terms) for kind in ("response", "note"))))


def save_note(context: RequestContext) -> HandlerResult:
    """Save the note on the whole assessment."""
    loaded = context.loaded_assessment
    text = _changed_note(context, loaded, "")
    given = () if text is None else (Given("note", "", text, context.form.idempotency_key),)
    context.save(loaded, *given, *_changed_quotation(context, loaded, "", text))
    notices = () if text is None else (_note_added(context) if text else Notice.NOTE_REMOVED,)
    return Redirect(context.page_path(loaded, "verdict"), notices)


def _note_added(context: RequestContext) -> Notice:
    """What is said of a note that was given: in a browser that runs the pages, only a file is called saved."""
    return Notice.ADDED if context.config.deployment.in_browser else Notice.NOTE_SAVED


def _item_on_route(context: RequestContext, loaded: LoadedAssessment) -> str:
    """Id of the item in the address; raises `NoSuchPage` when the item does not apply."""
    id_ = context.path_params["item"]
    if id_ not in {item.id for item in route(loaded.instrument, loaded.responses)}:
        raise NoSuchPage()
    return id_


def _item_page(
    context: RequestContext, loaded: LoadedAssessment, error: AssessorError | None = None, chosen: str = ""
) -> HtmlPage:
    """The page of the item in the address; after an error, with what was chosen and typed."""
    id_ = _item_on_route(context, loaded)
    terms = context.terms(loaded)
    words, item = terms.wording.items[id_], loaded.instrument.by_id[id_]
    chosen_option = chosen or loaded.responses.get(id_, "")
    stored_note = loaded.assessment.notes.get(id_, "")
    facts = {
        "ask": words.ask,
        "hint": words.hint,
        "choices": tuple(_item_options(context, terms, id_, chosen_option)),
        "dense": sum(map(len, _shown_texts(words))) > _MAX_ROOMY,
        "note": stored_note,
        "conflicts": _conflicts_told(loaded, id_, terms),
        **note_facts(context, loaded, id_),
        "typed": context.form.value("note") if error else context.unsent_form.value("note") or stored_note,
        "words_language": language_tag(wording_language)
        if (wording_language := terms.wording.language) != context.messages.language
        else "",
        "story": tell_story(id_, terms),
        "sources": tuple(told_sources(item.sources, terms)),
        "ahead": _paths_ahead(context, loaded, id_),
        "instead": _unsaved_option(context, terms, id_) if isinstance(error, EditConflict) else "",
    }
    return _step_page(context, loaded, id_, "tap_item", words.ask, facts, error)


def _shown_texts(words: ItemWords) -> Iterator[str]:
    """All that the page of an item has to hold."""
    yield from (words.ask, words.hint)
    for option in words.options.values():
        yield from (option.label, option.example)


def _paths_ahead(context: RequestContext, loaded: LoadedAssessment, id_: str) -> list[str]:
    """Addresses of unconditional items still to come, for a participant's browser to prefetch; else empty."""
    if not context.session.respondent:
        return []
    order = loaded.instrument.telling_order if context.mode(loaded) == "shared" else loaded.instrument.by_id
    unconditional = [
        item for item in order if loaded.instrument.by_id[item].when is None and item not in loaded.responses
    ]
    return (
        [context.step_path(loaded, item) for item in unconditional[unconditional.index(id_) + 1 :]]
        if id_ in unconditional
        else []
    )


def _unsaved_option(context: RequestContext, terms: Terms, id_: str) -> str:
    """The chosen option that was not saved because of a conflict, in words."""
    sent = context.form.value("response")
    return terms.short_response(id_, sent) if sent else ""


def _item_options(context: RequestContext, terms: Terms, id_: str, chosen_option: str) -> Iterator[PageOption]:
    """The item's options and "Don't know"."""
    words = terms.wording.items[id_].options
    for option in terms.instrument.by_id[id_].options:
        yield PageOption(
            value=option, label=words[option].label, example=words[option].example, chosen=option == chosen_option
        )
    yield PageOption(value=DONT_KNOW, label=context.say("Don't know"), chosen=chosen_option == DONT_KNOW)


def _step_page(
    context: RequestContext,
    loaded: LoadedAssessment,
    step: str,
    template: str,
    title: str,
    facts: dict[str, Any],
    error: AssessorError | None,
) -> HtmlPage:
    """A page of the interview with the facts that all its steps share.

    Facts of the step in `facts` come after the form's hidden fields and before the shared facts, which take precedence.
    """
    before = loaded.step_before(step)
    back_page, left = _requested_back_page(context), loaded.items_left(_asked_mode(context, loaded) or "full")
    return HtmlPage(
        template=template,
        title=title,
        status=getattr(error, "status", 422) if error else 200,
        facts={
            **context.hidden_fields(loaded),
            **facts,
            "collaboration": loaded.assessment.collaboration,
            "action": context.step_path(loaded, step),
            "back": _back_path(context, loaded, back_page, before),
            "then": _requested_then(context),
            "left": items_left_text(context.messages, left) if left else "",
            "refused": context.refusal(error),
        },
    )


def _back_path(context: RequestContext, loaded: LoadedAssessment, page: str, before: str | None) -> str:
    """Where Back leads: the page that the change was begun from, else the step before, else out of the interview."""
    if page:
        return context.page_path(loaded, page)
    if before in (GUT, None) and context.is_in_gut_round:
        return "/gut"
    return context.step_path(loaded, before) if before else context.home_path


def show_gut(context: RequestContext) -> HandlerResult:
    """Where the person would place it by gut feeling, before the first item."""
    return _gut_page(context, context.loaded_assessment)


def _gut_page(context: RequestContext, loaded: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    """The page for gut feeling, with the error of a refused form if there is one."""
    choices = _placement_options(context, loaded, loaded.instrument.placements, loaded.assessment.gut)
    title = context.say("Before the questions: where would you place it?")
    return _terraces_page(context, loaded, GUT, title, choices, context.say("Don't know"), error)


def show_wanted(context: RequestContext) -> HandlerResult:
    """The level that the library, or the other party, wants."""
    return _wanted_page(context, context.loaded_assessment)


def _wanted_page(context: RequestContext, loaded: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    """The page for the wanted level, with the error of a refused form if there is one."""
    chosen = loaded.assessment.wanted or (DONT_KNOW if loaded.is_step_taken(WANTED) else None)
    choices = _placement_options(context, loaded, loaded.instrument.placements, chosen)
    title = (
        context.say("Which level do you want for this collaboration?")
        if context.is_other_party
        else context.say("What should this collaboration be?")
    )
    return _terraces_page(context, loaded, WANTED, title, choices, context.say("Don't know yet"), error)


def _placement_options(
    context: RequestContext, loaded: LoadedAssessment, placements: Iterable[str], chosen: str | None
) -> list[PageOption]:
    """Placements as options, each in the colour of its level."""
    terms, by_level = context.terms(loaded), level_tones(loaded.instrument)
    return [
        PageOption(
            value=placement,
            label=terms.numbered_name(placement),
            example=terms.wording.placements[placement].line,
            chosen=placement == chosen,
            tone=by_level.get(placement, BESIDE_TONE),
        )
        for placement in placements
    ]


def _terraces_page(
    context: RequestContext,
    loaded: LoadedAssessment,
    step: str,
    title: str,
    choices: list[PageOption],
    unknown: str,
    error: AssessorError | None,
) -> HtmlPage:
    """A page to choose a placement on the terraces, for gut feeling or the wanted level."""
    chosen = loaded.assessment.gut if step == GUT else loaded.assessment.wanted
    unknown_chosen = chosen == DONT_KNOW or (step == WANTED and chosen is None and loaded.is_step_taken(WANTED))
    facts = {
        "ask": title,
        "gut": step == GUT,
        "steps": [choice for choice in choices if choice.tone is not BESIDE_TONE],
        "beside": [choice for choice in choices if choice.tone is BESIDE_TONE],
        "unknown": PageOption(value=DONT_KNOW, label=unknown, chosen=unknown_chosen),
    }
    return _step_page(context, loaded, step, "tap_terraces", title, facts, error)


def save_gut(context: RequestContext) -> HandlerResult:
    """Save the gut feeling."""
    loaded, chosen = context.loaded_assessment, context.form.value("response")
    if chosen not in (*loaded.instrument.placements, DONT_KNOW):
        return _gut_page(context, loaded, NothingChosen())
    return _save_step(context, loaded, GUT, chosen)


def save_wanted(context: RequestContext) -> HandlerResult:
    """Save the wanted level; "don't know yet" is recorded as an empty value."""
    loaded, chosen = context.loaded_assessment, context.form.value("response")
    if chosen not in (*loaded.instrument.placements, DONT_KNOW):
        return _wanted_page(context, loaded, NothingChosen())
    return _save_step(context, loaded, WANTED, "" if chosen == DONT_KNOW else chosen)


def _save_step(context: RequestContext, loaded: LoadedAssessment, step: str, value: str) -> Redirect:
    """Record a step's value if it should be kept, and go on."""
    kind, item = kind_and_item(step)
    loaded = context.save(loaded, Given(kind, item, value, context.form.idempotency_key))
    return Redirect(next_path(context, loaded))


def show_paper_end(context: RequestContext) -> HandlerResult:
    """When the paper ends that the response to an item tells of."""
    return _paper_end_page(context, context.loaded_assessment)


def _paper_of(context: RequestContext, loaded: LoadedAssessment) -> str:
    """The item in the address; raises `NoSuchPage` where its response tells of no paper."""
    item = context.path_params["item"]
    if ends_step(item) not in loaded.follow_ups(item):
        raise NoSuchPage()
    return item


def _paper_end_page(context: RequestContext, loaded: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    """The page, with what was chosen and typed."""
    item, terms = _paper_of(context, loaded), context.terms(loaded)
    kept = loaded.assessment.ends.get(item, "")
    month = kept if is_month(kept) else ""
    typed = (context.form if error else context.unsent_form).value("typed") or month
    chosen = "" if typed else kept
    labels = {
        UNTIL_FURTHER_NOTICE: context.say("Until further notice"),
        DONT_KNOW: context.say("Don't know"),
        _LEAVE: context.say("Leave it"),
    }
    told = terms.short_response(item, loaded.responses[item])
    title = context.say("{paper}: when does it end?", paper=told)
    facts = {
        "ask": title,
        "hint": context.say("You can leave it. This never changes the placement."),
        "choices": _labelled_options(labels, chosen),
        "label": context.say("Month and year, such as 6/2027"),
        "typed": typed,
    }
    return _step_page(context, loaded, ends_step(item), "follow_up", title, facts, error)


def _labelled_options(labels: Mapping[str, str], chosen: str) -> tuple[PageOption, ...]:
    return tuple(PageOption(value=value, label=label, chosen=value == chosen) for value, label in labels.items())


def save_paper_end(context: RequestContext) -> HandlerResult:
    """Save when the paper ends; a month that is typed counts as chosen, and leaving it is an answer too."""
    loaded, typed = context.loaded_assessment, context.form.value("typed").strip()
    item, chosen = _paper_of(context, loaded), context.form.value("response")
    if not chosen and typed:
        chosen = parse_month(typed) or ""
    if chosen not in (UNTIL_FURTHER_NOTICE, DONT_KNOW, _LEAVE) and not is_month(chosen):
        refusal = NotAMonth(given=escape_controls(typed)) if typed else NothingChosen()
        return _paper_end_page(context, loaded, refusal)
    return _save_step(context, loaded, ends_step(item), "" if chosen == _LEAVE else chosen)


def show_goal(context: RequestContext) -> HandlerResult:
    """Which of the library's goals is served."""
    return _goal_page(context, context.loaded_assessment)


def _goal_page(context: RequestContext, loaded: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    """The page with the library's goals, and a field for one that is not there yet."""
    if not any(GOAL in loaded.follow_ups(item) for item in loaded.responses):
        raise NoSuchPage()
    goals = context.assessments.goals(loaded.assessment.collaboration.library)
    typed = (context.form if error else context.unsent_form).value("typed")
    chosen = loaded.assessment.goal or ""
    title = context.say("Which of the library's goals does it serve?")
    facts = {
        "ask": title,
        "hint": context.say("In your own words; they are kept for the whole library. You can leave it."),
        "choices": _labelled_options({**goals, _LEAVE: context.say("Leave it")}, chosen),
        "label": context.say("Another goal") if goals else context.say("Write down a goal"),
        "typed": typed,
    }
    return _step_page(context, loaded, GOAL, "follow_up", title, facts, error)


def save_goal(context: RequestContext) -> HandlerResult:
    """Save the goal that is served; one that is typed is added to the library's."""
    loaded, typed, chosen = context.loaded_assessment, context.form.value("typed"), context.form.value("response")
    library, key = loaded.assessment.collaboration.library, context.form.idempotency_key
    try:
        if not chosen and typed.strip():
            return context.store.run_in_transaction(
                lambda: _save_step(context, loaded, GOAL, context.assessments.add_goal(typed, f"{key}-goal", library))
            )
        if chosen != _LEAVE and chosen not in context.assessments.goals(library):
            return _goal_page(context, loaded, NothingChosen())
        return _save_step(context, loaded, GOAL, "" if chosen == _LEAVE else chosen)
    except EditConflict:
        raise
    except AssessorError as error:
        return _goal_page(context, loaded, error)


def show_mode(context: RequestContext) -> HandlerResult:
    """The choice between all questions and only those that can change the placement."""
    return _mode_page(context, context.loaded_assessment)


def _mode_page(context: RequestContext, loaded: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    """The page for the mode, which counts the questions of both; the mode is kept in the session, not in the store."""
    full, short = items_of_modes_texts(context.messages, loaded.items_left("full"), loaded.usual_items_left)
    chosen = context.mode(loaded)
    choices = (
        PageOption(
            value="full",
            label=full,
            example=full_mode_text(context.messages, loaded.instrument),
            chosen=chosen == "full",
        ),
        PageOption(
            value="short",
            label=short,
            example=context.say("Gives the same placement in a few minutes."),
            chosen=chosen == "short",
        ),
    )
    title = context.say("How much do you want to answer?")
    facts = {
        "ask": title,
        "about": context.terms(loaded).wording.about,
        "hint": context.say("You can answer the rest afterwards."),
        "choices": choices,
        "action": context.page_path(loaded, "mode"),
        "back": context.step_path(loaded, WANTED if loaded.is_step_taken(WANTED) else GUT),
    }
    page = _step_page(context, loaded, "<mode>", "tap_mode", title, {}, error)
    return HtmlPage(template=page.template, title=title, status=page.status, facts={**page.facts, **facts})


def save_mode(context: RequestContext) -> HandlerResult:
    """Remember how much is asked; also reached from the verdict, to answer the rest."""
    loaded, chosen = context.loaded_assessment, context.form.value("response")
    if chosen not in ("full", "short"):
        return _mode_page(context, loaded, NothingChosen())
    context.session.modes[loaded.assessment.id] = "full" if chosen == "full" else "short"
    return Redirect(next_path(context, loaded))


def show_gains(context: RequestContext) -> HandlerResult:
    """What the cooperation brings the library."""
    return _gains_page(context, context.loaded_assessment)


def _gains_page(context: RequestContext, loaded: LoadedAssessment, error: AssessorError | None = None) -> HtmlPage:
    """The page for gains, with the error of a refused form if there is one."""
    words, ticked = context.terms(loaded).wording, context.unsent_form.values("response") or loaded.assessment.gains
    choices = [
        PageOption(value=gain, label=words.gains.get(gain, gain), chosen=gain in ticked)
        for gain in loaded.instrument.gains
    ]
    no_gain = PageOption(
        value=_NO_GAIN,
        label=context.say("None of these"),
        chosen=_NO_GAIN in ticked or (loaded.is_step_taken(GAINS) and not ticked),
    )
    title = context.say("What does the cooperation bring you?")
    return _step_page(
        context, loaded, GAINS, "gains", title, {"ask": title, "choices": choices, "nothing": no_gain}, error
    )


def save_gains(context: RequestContext) -> HandlerResult:
    """Save the ticked gains; "none of these" must be ticked alone, and a form without a tick is refused."""
    loaded, ticked = context.loaded_assessment, context.form.values("response")
    gains = [gain for gain in loaded.instrument.gains if gain in ticked]
    if not ticked or set(ticked) - {*loaded.instrument.gains, _NO_GAIN} or (gains and _NO_GAIN in ticked):
        return _gains_page(context, loaded, NothingTicked())
    return _save_step(context, loaded, GAINS, " ".join(gains))
