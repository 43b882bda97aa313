"""The gut round: one page on which a participant places every listed collaboration before any question is asked.

Each placement is a button of its own, so one tap saves it, with and without scripts. The feeling is kept in the
participant's assessment of that collaboration, which is begun by it.
"""

from dataclasses import dataclass

from assessor.core.responses import DONT_KNOW
from assessor.presentation.tones import BESIDE_TONE, level_tones
from assessor.usecases.assessments import GUT, kind_and_item
from assessor.usecases.participating import OfferedCollaboration
from assessor.web.errors import NoSuchPage, NothingChosen
from assessor.web.http.request_context import Given, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.interview_pages import PageOption
from assessor.web.workshop import board
from assessor.web.workshop.joining import GUT_ROUND, next_facts


@dataclass(frozen=True, kw_only=True, slots=True)
class GutRow:
    """One collaboration on the page, with where it was felt to belong."""

    offered: OfferedCollaboration
    #: The last entry's number when the page was shown.
    seen: int
    levels: tuple[PageOption, ...]
    beside: tuple[PageOption, ...]
    unknown: PageOption


def show_gut_round(context: RequestContext) -> HandlerResult:
    """The page; raises `NoSuchPage` for the other party, which is asked about one collaboration only."""
    if context.is_other_party:
        raise NoSuchPage()
    return _round_page(context)


def _round_page(context: RequestContext, error: NothingChosen | None = None) -> HtmlPage:
    offered = context.participation.offered_collaborations(context.respondent)
    rows = tuple(_gut_row(context, each) for each in offered)
    facts = {
        **context.hidden_fields(),
        **next_facts(context, offered),
        "legend": _level_options(context, None),
        "rows": rows,
        "left": sum(not _felt(each) for each in offered),
        "over": context.workshop.closed is not None,
        "refused": context.refusal(error),
    }
    title = context.say("What is your gut feeling?")
    return HtmlPage(template="gut_round", title=title, facts=facts, status=error.status if error else 200)


def _felt(offered: OfferedCollaboration) -> str:
    """The gut feeling; empty before it was given."""
    return (offered.loaded.assessment.gut or "") if offered.loaded else ""


def _gut_row(context: RequestContext, offered: OfferedCollaboration) -> GutRow:
    chosen, instrument = _felt(offered), context.bank.instrument
    return GutRow(
        offered=offered,
        seen=offered.loaded.last_seq if offered.loaded else 0,
        levels=_level_options(context, chosen),
        beside=tuple(
            PageOption(value=each, label=_terms_name(context, each), chosen=each == chosen, tone=BESIDE_TONE)
            for each in instrument.placements
            if each not in instrument.levels
        ),
        unknown=PageOption(value=DONT_KNOW, label=context.say("Don't know"), chosen=chosen == DONT_KNOW),
    )


def _level_options(context: RequestContext, chosen: str | None) -> tuple[PageOption, ...]:
    """The levels, highest first, each with its number or name as label and its whole name as example."""
    terms = board.instrument_terms(context.config, context.messages)
    return tuple(
        PageOption(
            value=level,
            label=str(terms.instrument.level_number(level) or terms.placement_name(level)),
            example=terms.placement_name(level),
            chosen=level == chosen,
            tone=tone,
        )
        for level, tone in level_tones(terms.instrument).items()
    )


def _terms_name(context: RequestContext, placement: str) -> str:
    return board.instrument_terms(context.config, context.messages).placement_name(placement)


def save_gut_feeling(context: RequestContext) -> HandlerResult:
    """Save where the participant feels that a collaboration belongs, and show the page again where they were."""
    if context.is_other_party:
        raise NoSuchPage()
    chosen = context.form.value("response")
    if chosen not in (*context.bank.instrument.placements, DONT_KNOW):
        return _round_page(context, NothingChosen())
    loaded = context.participation.begin(context.respondent, context.path_params["collaboration"])
    kind, item = kind_and_item(GUT)
    context.save(loaded, Given(kind, item, chosen, context.form.idempotency_key))
    return Redirect(f"{GUT_ROUND}#of-{loaded.assessment.collaboration.id}")
