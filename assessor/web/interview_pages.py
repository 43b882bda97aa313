"""The interview as pages: each step shown and taken. What comes next is computed, never kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.errors import AssessorError
from assessor.language import clock, tag
from assessor.presentation.terms import Speech as Terms
from assessor.presentation.tones import BESIDE, Tone, tones
from assessor.usecases.assessments import GAINS, GUT, WANTED, Opened, fit_text
from assessor.web.errors import NoSuchPage, NotChosen, NothingTicked, Overtaken
from assessor.web.http.request_context import Answer, Goto, Shown, Visit

#: Where a change may lead back to.
_BACK_TO = ("check", "verdict")

#: Sent where a gain might be, to say that there is none.
_NONE = "<none>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Something to choose."""

    value: str
    label: str
    example: str = ""
    chosen: bool = False
    tone: Tone | None = None


def onward(visit: Visit, opened: Opened) -> str:
    """The address of what comes next, or of where the person came from when nothing is left."""
    mode = visit.mode(opened)
    step = opened.next_step(mode or "full")
    if step is None:
        back = visit.form.one("then")
        return visit.page_of(opened, back if back in _BACK_TO else "check")
    if mode is None and step not in (GUT, WANTED):
        return visit.page_of(opened, "mode")
    return visit.at(opened, step)


def go_on(visit: Visit) -> Answer:
    """To the next step."""
    return Goto(onward(visit, visit.opened))


def item(visit: Visit) -> Answer:
    """One item, asked."""
    return _item_page(visit, visit.opened)


def take_item(visit: Visit) -> Answer:
    """Keep a response and its note, together or not at all; what the form leaves out stays as it is."""
    opened, id_, sent = visit.opened, _asked(visit, visit.opened), visit.form
    chosen, later = sent.one("response"), sent.has("later")
    if not chosen and not later and id_ not in opened.responses:
        return _item_page(visit, opened, NotChosen())
    try:
        opened = _kept(visit, opened, id_, chosen)
    except Overtaken as error:
        return _item_page(visit, opened, error)
    except AssessorError as error:
        return _item_page(visit, opened, error, chosen)
    return Goto(visit.home) if later else Goto(onward(visit, opened))


def _kept(visit: Visit, opened: Opened, id_: str, chosen: str) -> Opened:
    note = _note(visit, opened, id_)
    with visit.store.together():
        if chosen and visit.counts(opened, "response", id_, chosen):
            opened = visit.give(opened, id_, chosen, visit.form.key)
        if note is not None and visit.counts(opened, "note", id_, note):
            opened = visit.keep_note(opened, id_, note, f"{visit.form.key}-note")
    return opened


def _note(visit: Visit, opened: Opened, id_: str) -> str | None:
    """The note to keep; None when it stays. An empty field withdraws nothing, only the tick beside it does."""
    text, kept = visit.form.one("note"), opened.assessment.notes.get(id_, "")
    if visit.form.has("withdraw"):
        return "" if kept else None
    return fit_text(text) if text.strip() and text != kept else None


def note(visit: Visit) -> Answer:
    """Keep a note to the whole."""
    opened = visit.opened
    text = _note(visit, opened, "")
    if text is not None and visit.counts(opened, "note", "", text):
        visit.keep_note(opened, "", text, visit.form.key)
    return Goto(visit.page_of(opened, "verdict"))


def _asked(visit: Visit, opened: Opened) -> str:
    """The item of the address; raises `NoSuchPage` when it does not apply."""
    id_ = visit.params["item"]
    if id_ not in {each.id for each in route(opened.instrument, opened.responses)}:
        raise NoSuchPage()
    return id_


def _item_page(visit: Visit, opened: Opened, error: AssessorError | None = None, chosen: str = "") -> Shown:
    id_ = _asked(visit, opened)
    terms = visit.terms(opened)
    words, asked = terms.wording.items[id_], opened.instrument.by_id[id_]
    kept = chosen or visit.typed.one("response") or opened.responses.get(id_, "")
    noted = opened.assessment.notes.get(id_, "")
    facts = {
        "ask": words.ask,
        "hint": words.hint,
        "choices": tuple(_options(visit, terms, id_, kept)),
        "note": noted,
        "typed": visit.form.one("note") if error else visit.typed.one("note") or noted,
        "words_language": tag(words_in) if (words_in := terms.wording.language) != visit.speech.language else "",
        "sources": [opened.instrument.sources[each] for each in asked.sources if each in opened.instrument.sources],
        "ahead": _ahead(visit, opened, id_),
        "instead": _instead(visit, terms, id_) if isinstance(error, Overtaken) else "",
    }
    return _step(visit, opened, id_, "item", words.ask, facts, error)


def _ahead(visit: Visit, opened: Opened, id_: str) -> list[str]:
    """The addresses of the items that come next whatever is given here, in a room; a browser may fetch them before."""
    if not visit.session.respondent:
        return []
    items = [each.id for each in opened.instrument.items if each.when is None and each.id not in opened.responses]
    return [visit.at(opened, each) for each in items[items.index(id_) + 1 :]] if id_ in items else []


def _instead(visit: Visit, terms: Terms, id_: str) -> str:
    """What was chosen and not kept."""
    sent = visit.form.one("response")
    return terms.response(id_, sent) if sent else ""


def _options(visit: Visit, terms: Terms, id_: str, kept: str) -> Iterator[Choice]:
    words = terms.wording.items[id_].options
    for option in terms.instrument.by_id[id_].options:
        yield Choice(value=option, label=words[option].label, example=words[option].example, chosen=option == kept)
    yield Choice(value=DONT_KNOW, label=visit.say("Don't know"), chosen=kept == DONT_KNOW)


def _step(
    visit: Visit,
    opened: Opened,
    step: str,
    template: str,
    title: str,
    facts: dict[str, Any],
    error: AssessorError | None,
) -> Shown:
    """A page of the interview, with what all of them have."""
    before = opened.step_before(step)
    then = visit.query.get("then") or visit.form.one("then")
    back = then if then in _BACK_TO else ""
    return Shown(
        template=template,
        title=title,
        status=getattr(error, "status", 422) if error else 200,
        facts={
            **visit.sending(opened),
            **facts,
            "collaboration": opened.assessment.collaboration,
            "action": visit.at(opened, step),
            "back": _back(visit, opened, back, before),
            "then": back,
            "left": opened.left(visit.mode(opened) or "full"),
            "saved": _saved(opened, visit.speech.language),
            "refused": visit.speech.refusal(error) if error else "",
        },
    )


def _back(visit: Visit, opened: Opened, page: str, before: str | None) -> str:
    """Where Back leads: to the page that the change was begun from, the step before, or out."""
    if page:
        return visit.page_of(opened, page)
    return visit.at(opened, before) if before else visit.home


def _saved(opened: Opened, language: str) -> str:
    """When something was last committed, by this machine's clock; empty before anything was."""
    history = opened.assessment.history
    return clock(history[-1].at.astimezone().time(), language) if history else ""


def gut(visit: Visit) -> Answer:
    """Where the person would place it, before the first item."""
    return _gut_page(visit, visit.opened)


def _gut_page(visit: Visit, opened: Opened, error: AssessorError | None = None) -> Shown:
    choices = _placements(
        visit, opened, opened.instrument.placements, visit.typed.one("response") or opened.assessment.gut
    )
    title = visit.say("Before the questions: where would you place it?")
    return _terraces_page(visit, opened, GUT, title, choices, visit.say("Don't know"), error)


def wanted(visit: Visit) -> Answer:
    """The level that the library wants."""
    return _wanted_page(visit, visit.opened)


def _wanted_page(visit: Visit, opened: Opened, error: AssessorError | None = None) -> Shown:
    kept = opened.assessment.wanted or (DONT_KNOW if opened.given(WANTED) else None)
    kept = visit.typed.one("response") or kept
    choices = _placements(visit, opened, opened.instrument.levels, kept)
    title = (
        visit.say("Which level do you want for this collaboration?")
        if visit.theirs
        else visit.say("Which level does the library want for this collaboration?")
    )
    return _terraces_page(visit, opened, WANTED, title, choices, visit.say("Don't know yet"), error)


def _placements(visit: Visit, opened: Opened, placements: Iterable[str], kept: str | None) -> list[Choice]:
    terms, by_level = visit.terms(opened), tones(opened.instrument)
    return [
        Choice(
            value=each,
            label=terms.level(each),
            example=terms.wording.placements[each].line,
            chosen=each == kept,
            tone=by_level.get(each, BESIDE),
        )
        for each in placements
    ]


def _terraces_page(
    visit: Visit,
    opened: Opened,
    step: str,
    title: str,
    choices: list[Choice],
    unknown: str,
    error: AssessorError | None,
) -> Shown:
    kept = visit.typed.one("response") or (opened.assessment.gut if step == GUT else opened.assessment.wanted)
    none = kept == DONT_KNOW or (step == WANTED and kept is None and opened.given(WANTED))
    facts = {
        "ask": title,
        "gut": step == GUT,
        "steps": [each for each in choices if each.tone is not BESIDE],
        "beside": [each for each in choices if each.tone is BESIDE],
        "unknown": Choice(value=DONT_KNOW, label=unknown, chosen=none),
    }
    return _step(visit, opened, step, "terraces", title, facts, error)


def take_gut(visit: Visit) -> Answer:
    """Keep the gut feeling."""
    opened, chosen = visit.opened, visit.form.one("response")
    if not chosen and visit.form.has("later"):
        return Goto(visit.home)
    if chosen not in (*opened.instrument.placements, DONT_KNOW):
        return _gut_page(visit, opened, NotChosen())
    return _taken(visit, opened, GUT, chosen)


def take_wanted(visit: Visit) -> Answer:
    """Keep the level that the library wants."""
    opened, chosen = visit.opened, visit.form.one("response")
    if not chosen and visit.form.has("later"):
        return Goto(visit.home)
    if chosen not in (*opened.instrument.levels, DONT_KNOW):
        return _wanted_page(visit, opened, NotChosen())
    return _taken(visit, opened, WANTED, "" if chosen == DONT_KNOW else chosen)


def _taken(visit: Visit, opened: Opened, step: str, value: str) -> Goto:
    if visit.counts(opened, step.strip("<>"), "", value):
        opened = visit.give(opened, step, value, visit.form.key)
    return Goto(visit.home) if visit.form.has("later") else Goto(onward(visit, opened))


def mode(visit: Visit) -> Answer:
    """How much is to be asked."""
    return _mode_page(visit, visit.opened)


def _mode_page(visit: Visit, opened: Opened, error: AssessorError | None = None) -> Shown:
    left = visit.speech.count
    full, short = (
        left("about {number} question left", "about {number} questions left", opened.left(mode))
        for mode in ("full", "short")
    )
    chosen = visit.typed.one("response") or visit.mode(opened)
    choices = (
        Choice(
            value="full",
            label=visit.say("Everything: {count}", count=full),
            example=visit.say("Gives the placement, all the marks and the best advice."),
            chosen=chosen == "full",
        ),
        Choice(
            value="short",
            label=visit.say("Only what can change the placement: {count}", count=short),
            example=visit.say("The same placement, in a few minutes."),
            chosen=chosen == "short",
        ),
    )
    title = visit.say("How much shall be asked?")
    facts = {
        "ask": title,
        "hint": visit.say("You can answer the rest afterwards."),
        "choices": choices,
        "action": visit.page_of(opened, "mode"),
        "back": visit.at(opened, WANTED if opened.given(WANTED) else GUT),
    }
    page = _step(visit, opened, "<mode>", "choose", title, {}, error)
    return Shown(template=page.template, title=title, status=page.status, facts={**page.facts, **facts})


def take_mode(visit: Visit) -> Answer:
    """Remember how much is to be asked; also from the verdict, to answer the rest."""
    opened, chosen = visit.opened, visit.form.one("response")
    if chosen not in ("full", "short"):
        return _mode_page(visit, opened, NotChosen())
    visit.session.modes[opened.assessment.id] = "full" if chosen == "full" else "short"
    return Goto(onward(visit, opened))


def gains(visit: Visit) -> Answer:
    """What the cooperation brings."""
    return _gains_page(visit, visit.opened)


def _gains_page(visit: Visit, opened: Opened, error: AssessorError | None = None) -> Shown:
    words, kept = visit.terms(opened).wording, visit.typed.many("response") or opened.assessment.gains
    choices = [
        Choice(value=each, label=words.gains.get(each, each), chosen=each in kept) for each in opened.instrument.gains
    ]
    none = Choice(
        value=_NONE, label=visit.say("None of these"), chosen=_NONE in kept or (opened.given(GAINS) and not kept)
    )
    title = visit.say("What does the cooperation bring you?")
    return _step(visit, opened, GAINS, "gains", title, {"ask": title, "choices": choices, "nothing": none}, error)


def take_gains(visit: Visit) -> Answer:
    """Keep what was ticked; nothing ticked says nothing."""
    opened, ticked = visit.opened, visit.form.many("response")
    given = [each for each in opened.instrument.gains if each in ticked]
    if not ticked or set(ticked) - {*opened.instrument.gains, _NONE} or (given and _NONE in ticked):
        return _gains_page(visit, opened, NothingTicked())
    return _taken(visit, opened, GAINS, " ".join(given))
