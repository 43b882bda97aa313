"""The pages around the interview: check your answers, the verdict, the accessibility statement, the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessor.core.responses import DONT_KNOW
from assessor.language import LANGUAGES
from assessor.presentation.progress import difference_texts
from assessor.presentation.report import EarlierAssessment, ReportRow
from assessor.presentation.terms import Terms as Terms
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.presentation.verdict_page import build_verdict_page
from assessor.setup.commands import typed_command
from assessor.usecases.assessments import GAINS, GUT, WANTED, LoadedAssessment
from assessor.web.errors import NoSuchPage
from assessor.web.http.request_context import HandlerResult, HtmlPage, Redirect, RequestContext


@dataclass(frozen=True, kw_only=True, slots=True)
class StepRow:
    """What was given to a step."""

    title: str
    value: str
    note: str
    path: str
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Stair:
    """A level in the small picture of a verdict."""

    name: str
    tone: Tone
    #: The chip stands here.
    here: bool
    #: It may stand here.
    maybe: bool
    wanted: bool
    gut: bool


def show_responses(visit: RequestContext) -> HandlerResult:
    """Everything given, to be looked over and changed."""
    opened = visit.loaded_assessment
    facts = {
        **visit.hidden_fields(opened),
        "collaboration": opened.assessment.collaboration,
        "given": tuple(_step_rows(visit, opened)),
        "next": opened.next_step(visit.mode(opened) or "full"),
        "assessment": opened.assessment.id,
    }
    return HtmlPage(template="check", title=visit.say("Check your answers"), facts=facts)


def _step_rows(visit: RequestContext, opened: LoadedAssessment) -> Iterator[StepRow]:
    titles = {
        GUT: visit.say("Gut feeling"),
        WANTED: visit.say("Wanted level"),
        GAINS: visit.say("What it brings"),
    }
    terms = visit.terms(opened)
    for step in opened.taken_steps():
        yield StepRow(
            title=titles.get(step) or terms.item_heading(step),
            value=_step_value(visit, terms, opened, step),
            note=opened.assessment.notes.get(step, ""),
            path=visit.step_path(opened, step),
            known=opened.responses.get(step) != DONT_KNOW,
        )


def _step_value(visit: RequestContext, terms: Terms, opened: LoadedAssessment, step: str) -> str:
    assessment, words = opened.assessment, terms.wording
    if step == GAINS:
        return ", ".join(words.gains.get(each, each) for each in assessment.gains) or visit.say("None of these")
    if step in (GUT, WANTED):
        placement = assessment.gut if step == GUT else assessment.wanted
        return (
            terms.numbered_name(placement) if placement in words.placements and placement else visit.say("Don't know")
        )
    response = opened.responses[step]
    options = words.items[step].options
    return options[response].label if response in options else visit.say("Don't know")


def show_verdict(visit: RequestContext) -> HandlerResult:
    """Where it stands, why, what is open, and what would move it."""
    opened = visit.loaded_assessment
    if visit.is_other_party:
        return _thanks_page(visit, opened)
    terms, assessment = visit.terms(opened), opened.assessment
    row = ReportRow(assessment=assessment, verdict=opened.verdict, earlier=_earlier_verdicts(visit, opened))
    facts = {
        **visit.hidden_fields(opened),
        "collaboration": assessment.collaboration,
        "assessment": assessment.id,
        "page": build_verdict_page(row, 1, "v", terms),
        "stairs": tuple(_level_stairs(opened, terms)),
        "aside": _stairs_beside_levels(opened, terms),
        "opens": _open_item_paths(visit, opened),
        "split": bool(opened.verdict.signals),
        "note": assessment.notes.get("", ""),
        "typed": visit.unsent_form.value("note") or assessment.notes.get("", ""),
        "left": opened.items_left("full"),
        "finished": opened.finished,
        "changed": _bank_changes(opened, visit),
    }
    return HtmlPage(template="verdict", title=assessment.collaboration.name, facts=facts)


def _thanks_page(visit: RequestContext, opened: LoadedAssessment) -> HtmlPage:
    """The other party is told no placement: its answers are set beside the library's own."""
    facts = {
        "collaboration": opened.assessment.collaboration,
        "left": opened.items_left("full"),
        "go_on": visit.step_path(opened),
        "check": visit.page_path(opened, "check"),
    }
    return HtmlPage(template="thanks", title=visit.say("Thank you"), facts=facts)


def _earlier_verdicts(visit: RequestContext, opened: LoadedAssessment) -> tuple[EarlierAssessment, ...]:
    """Assessments of the same collaboration that were begun before this one."""
    if opened.assessment.respondent:
        return ()  # what the library made of it before is not shown to those it asks
    found = visit.store.assessments(opened.assessment.collaboration.id)
    before = found[: [each.id for each in found].index(opened.assessment.id)]
    seen = (visit.assessments.load(each) for each in before if each.responses)
    return tuple(EarlierAssessment(day=each.assessment.changed.date(), verdict=each.verdict) for each in seen)


def _level_stairs(opened: LoadedAssessment, terms: Terms) -> Iterator[Stair]:
    placements = opened.verdict.placements
    for placement, tone in level_tones(opened.instrument).items():
        yield Stair(
            name=terms.numbered_name(placement),
            tone=tone,
            here=placements == (placement,),
            maybe=placement in placements and len(placements) > 1,
            wanted=opened.assessment.wanted == placement,
            gut=opened.assessment.gut == placement,
        )


def _stairs_beside_levels(opened: LoadedAssessment, terms: Terms) -> tuple[Stair, ...]:
    """What it is, or may be, or was felt to be, beside the levels."""
    placements = opened.verdict.placements
    told = {*placements, opened.assessment.gut} - {*opened.instrument.levels}
    return tuple(
        Stair(
            name=terms.placement_name(placement),
            tone=BESIDE_TONE,
            here=placements == (placement,),
            maybe=placement in placements and len(placements) > 1,
            wanted=False,
            gut=opened.assessment.gut == placement,
        )
        for placement in opened.instrument.placements
        if placement in told
    )


def _open_item_paths(visit: RequestContext, opened: LoadedAssessment) -> Sequence[tuple[str, str]]:
    """The address of each open item, beside what the page tells of it."""
    return [(each.item, visit.step_path(opened, each.item)) for each in opened.verdict.open_items]


def _bank_changes(opened: LoadedAssessment, visit: RequestContext) -> tuple[str, ...]:
    """What the bank asks otherwise by now."""
    if not opened.differences:
        return ()
    language = visit.messages.language
    now, then = visit.assessments.wording_in(language), opened.wording_in(language)
    return difference_texts(opened.differences, then, now, visit.messages)


def show_accessibility(visit: RequestContext) -> HandlerResult:
    """The statement, with whom to tell as the host has filled it in."""
    return HtmlPage(
        template="accessibility",
        title=visit.say("Accessibility statement"),
        facts={"contact": visit.config.contact},
    )


def change_language(visit: RequestContext) -> HandlerResult:
    """The language of the pages from here on."""
    language, to = visit.form.value("language"), visit.query.get("to", "")
    if language not in LANGUAGES or not is_own_path(to):
        raise NoSuchPage()
    visit.session.language = language
    return Redirect(to, unsent_form=visit.form)


def is_own_path(to: str) -> bool:
    """Whether it is an address of these pages and of nobody else's."""
    return to.startswith("/") and to.isascii() and not set(to) - _PATH_CHARACTERS and "//" not in to


_PATH_CHARACTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.?=")


def show_close(visit: RequestContext) -> HandlerResult:
    """Whether to end."""
    return HtmlPage(template="close", title=visit.say("Finish for today?"), facts=visit.hidden_fields())


def stop_program(visit: RequestContext) -> HandlerResult:
    """End the program; everything is kept already."""
    if visit.config.stop_server:
        visit.config.stop_server()
    return HtmlPage(template="closed", title=visit.say("You can close this window"), facts={"command": typed_command()})
