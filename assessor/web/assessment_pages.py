"""Pages around the interview: checking answers, the verdict, the language, accessibility, and closing the program.

Used for owners, participants and facilitators alike; what differs between them is decided by the `RequestContext`.
What the verdict page says comes from `presentation.verdict_page`, as in the terminal and the report.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessor.core.months import parse_month
from assessor.core.responses import DONT_KNOW, PlannedStep
from assessor.core.workshop import takes_responses
from assessor.language import LANGUAGES
from assessor.local_time import local_day, local_today
from assessor.presentation.advice import proposed_step
from assessor.presentation.asking_back import tell_asked_back
from assessor.presentation.both_sides import BothSides, both_sides
from assessor.presentation.conflicts import conflict_on
from assessor.presentation.paper_ends import ending_paper, tell_paper_end, tell_when
from assessor.presentation.progress import difference_texts, items_left_text
from assessor.presentation.report import EarlierAssessment, ReportRow
from assessor.presentation.rules_used import tell_rules_used
from assessor.presentation.terms import Terms
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.presentation.verdict_page import build_verdict_page
from assessor.setup.commands import typed_command
from assessor.usecases.assessments import GAINS, GOAL, GUT, WANTED, LoadedAssessment, item_of_paper, kind_and_item
from assessor.usecases.participating import OfferedCollaboration
from assessor.usecases.reporting import last_of_each_day
from assessor.usecases.workshop_reporting import sides_shown_to_party
from assessor.web.errors import NoSuchPage
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.note_promises import note_facts
from assessor.web.workshop.room_size import last_day_text


@dataclass(frozen=True, kw_only=True, slots=True)
class StepRow:
    """A step that was taken, on the page for checking answers."""

    title: str
    value: str
    note: str
    path: str
    known: bool
    #: What two copies say differently here; empty where there is nothing to settle.
    conflict: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stair:
    """A step in the small picture of the terraces beside a verdict."""

    name: str
    tone: Tone
    #: The collaboration stands here.
    here: bool
    #: It may stand here, among others.
    maybe: bool
    wanted: bool
    gut: bool


def show_responses(context: RequestContext) -> HandlerResult:
    """All answers, each with a link to change it."""
    loaded = context.loaded_assessment
    facts = {
        **context.hidden_fields(loaded),
        "collaboration": loaded.assessment.collaboration,
        "given": tuple(_step_rows(context, loaded)),
        "remarks": tell_asked_back(loaded.signals_asking_back, loaded.responses, context.terms(loaded)).remarks,
        "next": loaded.next_step(context.mode(loaded) or "full"),
        "assessment": loaded.assessment.id,
        "them": context.is_other_party,
    }
    return HtmlPage(template="check", title=context.say("Check your answers"), facts=facts)


def _step_rows(context: RequestContext, loaded: LoadedAssessment) -> Iterator[StepRow]:
    """The steps taken, in the order of the interview."""
    terms = context.terms(loaded)
    titles = {
        GUT: context.say("Gut feeling"),
        WANTED: terms.say("Wanted level"),
        GAINS: context.say("What it brings"),
        GOAL: context.say("Goal"),
    }
    for step in loaded.taken_steps():
        yield StepRow(
            title=titles.get(step) or _step_heading(terms, step),
            value=_step_value(context, terms, loaded, step),
            note=loaded.assessment.notes.get(step, ""),
            path=context.step_path(loaded, step),
            known=loaded.responses.get(step) != DONT_KNOW,
            conflict=conflict_on(loaded.assessment, *kind_and_item(step), terms),
        )


def _step_heading(terms: Terms, step: str) -> str:
    """The item's heading, also for what is asked after it."""
    paper = item_of_paper(step)
    return terms.say("{paper}: ends", paper=terms.item_heading(paper)) if paper else terms.item_heading(step)


def _step_value(context: RequestContext, terms: Terms, loaded: LoadedAssessment, step: str) -> str:
    """What was answered, in words; an option that the bank no longer has reads as "Don't know"."""
    assessment, words = loaded.assessment, terms.wording
    if step == GAINS:
        return ", ".join(words.gains.get(gain, gain) for gain in assessment.gains) or context.say("None of these")
    if step in (GUT, WANTED):
        placement = assessment.gut if step == GUT else assessment.wanted
        return (
            terms.numbered_name(placement) if placement in words.placements and placement else context.say("Don't know")
        )
    if step == GOAL:
        goals = context.assessments.goals(assessment.collaboration.library)
        return goals.get(assessment.goal or "", context.say("nothing chosen"))
    if paper := item_of_paper(step):
        end = assessment.ends.get(paper, "")
        return tell_paper_end(end, terms) if end else context.say("nothing chosen")
    response = loaded.responses[step]
    options = words.items[step].options
    return options[response].label if response in options else context.say("Don't know")


def show_verdict(context: RequestContext) -> HandlerResult:
    """The placement, its reasons, what is open and what would change it; the other party sees a thank-you instead."""
    loaded = context.loaded_assessment
    if context.is_other_party:
        return _thanks_page(context, loaded)
    terms, assessment = context.terms(loaded), loaded.assessment
    row = ReportRow(
        assessment=assessment,
        verdict=loaded.verdict,
        earlier=_earlier_verdicts(context, loaded),
        ending=ending_paper(loaded.instrument, assessment, loaded.responses, local_today()),
    )
    facts = {
        **context.hidden_fields(loaded),
        "collaboration": assessment.collaboration,
        "assessment": assessment.id,
        "page": build_verdict_page(row, 1, "v", terms),
        "stairs": tuple(_level_stairs(loaded, terms)),
        "aside": _stairs_beside_levels(loaded, terms),
        "opens": _open_item_paths(context, loaded),
        "split": any(signal in loaded.instrument.split_signals for signal in loaded.verdict.signals),
        "asks_wanted": loaded.asks_what_is_wanted,
        "plan": assessment.steps[0] if assessment.steps else proposed_step(terms, loaded.verdict, assessment.wanted),
        "steps": [(step, tell_when(step.when, terms)) for step in assessment.steps],
        "quotable": tuple(_quotable_notes(loaded, terms)),
        "note": assessment.notes.get("", ""),
        **note_facts(context, loaded, ""),
        "typed": context.unsent_form.value("note") or assessment.notes.get("", ""),
        "left": items_left_text(context.messages, left) if (left := loaded.items_left("full")) else "",
        "finished": loaded.finished,
        "changed": _bank_changes(loaded, context),
        "rules": _rules_used(loaded, context),
    }
    if context.session.respondent:
        return HtmlPage(
            template="phone_verdict",
            title=assessment.collaboration.name,
            facts={**facts, "next": _next_offered(context)},
        )
    return HtmlPage(template="verdict", title=assessment.collaboration.name, facts=facts)


def _next_offered(context: RequestContext) -> OfferedCollaboration | None:
    """The collaboration that this participant is led to next; None once all are finished, and after the end."""
    if context.workshop.closed:
        return None
    offered = context.participation.offered_collaborations(context.respondent)
    return next(
        (each for each in context.participation.by_need(context.respondent, offered) if not each.finished), None
    )


def _quotable_notes(loaded: LoadedAssessment, terms: Terms) -> Iterator[tuple[str, str, str, bool]]:
    """Each note: the item's id, its heading, the text, and whether it may be quoted."""
    for item, text in loaded.assessment.notes.items():
        heading = terms.item_heading(item) if item else terms.say("A note on the whole collaboration")
        yield item, heading, text, loaded.assessment.quoted.get(item, False)


def save_plan(context: RequestContext) -> HandlerResult:
    """Save the next step: what, who and when."""
    loaded, sent = context.loaded_assessment, context.form
    when = sent.value("when").strip()
    step = PlannedStep(
        id=sent.value("step") if sent.value("step") in loaded.instrument.by_id else "next",
        what=sent.value("what").strip(),
        who=sent.value("who").strip(),
        when=parse_month(when) or when,
    )
    context.assessments.plan_step(loaded, step, sent.idempotency_key)
    return Redirect(context.page_path(loaded, "verdict"))


def save_quotation(context: RequestContext) -> HandlerResult:
    """Save which note may be quoted in the report: one of them, or none."""
    loaded, chosen, key = context.loaded_assessment, context.form.value("response"), context.form.idempotency_key

    def save() -> None:
        for number, item in enumerate(loaded.assessment.notes):
            may = chosen == f"n{item}"
            if may != loaded.assessment.quoted.get(item, False):
                context.assessments.choose_quotation(loaded, item, may, f"{key}-{number}")

    context.store.run_in_transaction(save)
    return Redirect(context.page_path(loaded, "verdict"))


def _thanks_page(context: RequestContext, loaded: LoadedAssessment) -> HtmlPage:
    """Thanks for the other party, who sees no placement, but both sides' answers once the library shows them."""
    workshop, left = context.workshop, loaded.items_left("full")
    over = not takes_responses(workshop, "them", local_today())
    facts = {
        "collaboration": loaded.assessment.collaboration,
        "library": workshop.library,
        "left": left,
        "over": over,
        "closed": workshop.closed is not None,
        "until": last_day_text(context),
        # Whoever still answers is to do it unled.
        "both": _both_sides(context, loaded) if over or not left else None,
        "go_on": context.step_path(loaded),
        "check": context.page_path(loaded, "check"),
    }
    return HtmlPage(template="thanks", title=context.say("Thank you"), facts=facts)


def _both_sides(context: RequestContext, loaded: LoadedAssessment) -> BothSides | None:
    """Both sides in the party's words; None where the library does not show them."""
    bank = context.bank
    other = sides_shown_to_party(context.store, context.workshop.id, bank, loaded)
    if other is None:
        return None
    language = bank.nearest_language(context.messages.language)
    return both_sides(
        other, bank.sides, Terms(context.messages.language, bank.instrument, bank.party_wording(language))
    )


def _earlier_verdicts(context: RequestContext, loaded: LoadedAssessment) -> tuple[EarlierAssessment, ...]:
    """Earlier assessments of the same collaboration, for comparison; none for workshop participants."""
    if loaded.assessment.respondent:
        return ()  # what the library made of it before is not shown to those it asks
    assessments = context.store.assessments(loaded.assessment.collaboration.id)
    before = assessments[: [assessment.id for assessment in assessments].index(loaded.assessment.id)]
    today = local_day(loaded.assessment.changed)
    loaded_before = last_of_each_day(
        [context.assessments.load(each) for each in before if each.responses and local_day(each.changed) != today]
    )
    return tuple(
        EarlierAssessment(day=local_day(earlier.assessment.changed), verdict=earlier.verdict)
        for earlier in loaded_before
    )


def _level_stairs(loaded: LoadedAssessment, terms: Terms) -> Iterator[Stair]:
    """The levels of the terraces, with where the collaboration stands or may stand."""
    placements = loaded.verdict.placements
    for placement, tone in level_tones(loaded.instrument).items():
        yield Stair(
            name=terms.numbered_name(placement),
            tone=tone,
            here=placements == (placement,),
            maybe=placement in placements and len(placements) > 1,
            wanted=loaded.assessment.wanted == placement,
            gut=loaded.assessment.gut == placement,
        )


def _stairs_beside_levels(loaded: LoadedAssessment, terms: Terms) -> tuple[Stair, ...]:
    """Placements beside the levels that apply, may apply or were felt to apply."""
    placements = loaded.verdict.placements
    relevant = {*placements, loaded.assessment.gut} - {*loaded.instrument.levels}
    return tuple(
        Stair(
            name=terms.placement_name(placement),
            tone=BESIDE_TONE,
            here=placements == (placement,),
            maybe=placement in placements and len(placements) > 1,
            wanted=False,
            gut=loaded.assessment.gut == placement,
        )
        for placement in loaded.instrument.placements
        if placement in relevant
    )


def _open_item_paths(context: RequestContext, loaded: LoadedAssessment) -> Sequence[tuple[str, str]]:
    """The address of each open item, in the order in which the page lists them."""
    return [(open_item.item, context.step_path(loaded, open_item.item)) for open_item in loaded.verdict.open_items]


def _bank_changes(loaded: LoadedAssessment, context: RequestContext) -> tuple[str, ...]:
    """What the current bank asks differently since these answers were given; empty for nothing."""
    if not loaded.differences:
        return ()
    language = context.messages.language
    now, then = context.assessments.wording_in(language), loaded.wording_in(language)
    return difference_texts(loaded.differences, then, now, context.messages)


def _rules_used(loaded: LoadedAssessment, context: RequestContext) -> str:
    """By which rules the verdict is told, where those of the bank in use are others; empty where they are the same."""
    today = context.assessments.verdict_today(loaded)
    if today is None or loaded.sides:
        return ""
    language = context.messages.language
    now = Terms(language, context.assessments.instrument, context.assessments.wording_in(language))
    return tell_rules_used(loaded.assessment.version, loaded.verdict, today, now)


def show_accessibility(context: RequestContext) -> HandlerResult:
    """The accessibility statement, with the host's contact."""
    return HtmlPage(
        template="accessibility",
        title=context.say("Accessibility statement"),
        facts={"contact": context.config.contact},
    )


def change_language(context: RequestContext) -> HandlerResult:
    """Change the language of the session; raises `NoSuchPage` for an unknown one or a foreign address."""
    language, to = context.form.value("language"), context.query.get("to", "")
    if language not in LANGUAGES or not is_own_path(to):
        raise NoSuchPage()
    context.session.language = language
    return Redirect(to, unsent_form=context.form)


def is_own_path(to: str) -> bool:
    """Whether a path is safe to redirect to: on this server, and not a `//host` address of another."""
    return to.startswith("/") and to.isascii() and not set(to) - _PATH_CHARACTERS and "//" not in to


_PATH_CHARACTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.?=")


def show_close(context: RequestContext) -> HandlerResult:
    """Ask whether to end the program."""
    room = context.config.room
    facts = {**context.hidden_fields(), "has_room": bool(room and room.deployment)}
    return HtmlPage(template="close", title=context.say("Finish for today?"), facts=facts)


def stop_program(context: RequestContext) -> HandlerResult:
    """End the program; everything is saved already."""
    if context.config.stop_server:
        context.config.stop_server()
    return HtmlPage(
        template="closed", title=context.say("You can close this window"), facts={"command": typed_command()}
    )
