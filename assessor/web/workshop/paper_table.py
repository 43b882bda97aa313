"""Somebody's paper form entered on one page: a row an item, in the order of the sheet, and the next sheet after it."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.core.responses import DONT_KNOW
from assessor.core.workshop import Respondent
from assessor.errors import AssessorError
from assessor.usecases.assessments import GUT, LoadedAssessment, kind_and_item
from assessor.usecases.participating import OfferedCollaboration
from assessor.web.errors import NoSuchPage
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import Given, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.interview_pages import PageOption
from assessor.web.workshop import board
from assessor.web.workshop.facilitating import paper_respondent


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperRow:
    """One thing that the sheet asks, with what may be ticked there."""

    #: Name of its field; the item's id.
    name: str
    label: str
    options: tuple[PageOption, ...]
    #: What is written beside it; None where the sheet has no room for a note.
    note: str | None = None


def show_paper_table(context: RequestContext) -> HandlerResult:
    """The table of one sheet, with what was entered of it before."""
    return _table_page(context, paper_respondent(context))


def _table_page(context: RequestContext, respondent: Respondent, error: AssessorError | None = None) -> HtmlPage:
    offered = _find_offered(context, respondent)
    facts = {
        **context.hidden_fields(offered.loaded),
        "collaboration": offered.collaboration,
        "rows": tuple(_rows(context, offered.loaded)),
        "action": context.path,
        "base": context.base_path,
        "respondent": respondent,
        "refused": context.refusal(error),
    }
    title = context.say("A paper form")
    return HtmlPage(template="paper_table", title=title, facts=facts, status=422 if error else 200)


def _find_offered(context: RequestContext, respondent: Respondent) -> OfferedCollaboration:
    """The collaboration in the address; raises `NoSuchPage`. Nothing is begun by looking at it."""
    for each in context.participation.offered_collaborations(respondent):
        if each.collaboration.id == context.path_params["collaboration"]:
            return each
    raise NoSuchPage()


def _rows(context: RequestContext, loaded: LoadedAssessment | None) -> Iterator[PaperRow]:
    """The gut feeling, then every item of the instrument, each with the short words of its options."""
    terms = context.terms(loaded) if loaded else board.instrument_terms(context.config, context.messages)
    felt = {each: terms.numbered_name(each) for each in terms.instrument.placements}
    kept = _kept(loaded)
    yield PaperRow(name=GUT, label=context.say("Gut feeling"), options=_options(context, felt, kept.get(GUT, "")))
    for item in terms.instrument.items:
        words = {option: terms.short_response(item.id, option) for option in item.options}
        chosen = context.form.value(item.id) or kept.get(item.id, "")
        typed = context.form.value(_note_field(item.id)) or (loaded.assessment.notes.get(item.id, "") if loaded else "")
        options = _options(context, words, chosen)
        yield PaperRow(name=item.id, label=terms.item_heading(item.id), options=options, note=typed)


def _note_field(item: str) -> str:
    """Name of the field for a note; no item's id has such a hyphen before it."""
    return f"note-{item}"


def _kept(loaded: LoadedAssessment | None) -> dict[str, str]:
    """By row, what was entered before."""
    return {GUT: loaded.assessment.gut or "", **loaded.responses} if loaded else {}


def _options(context: RequestContext, words: dict[str, str], chosen: str) -> tuple[PageOption, ...]:
    offered = {**words, DONT_KNOW: context.say("Don't know")}
    return tuple(PageOption(value=value, label=label, chosen=value == chosen) for value, label in offered.items())


def save_paper_table(context: RequestContext) -> HandlerResult:
    """Save every row that differs from what was kept, all or nothing, and go to the next sheet."""
    respondent = paper_respondent(context)
    try:
        loaded = context.participation.begin(respondent, _find_offered(context, respondent).collaboration.id)
        context.save(loaded, *_changes(context, loaded))
    except AssessorError as error:
        return _table_page(context, respondent, error)
    return Redirect(_next_sheet(context, respondent), (Notice.SHEET_ENTERED,))


def _changes(context: RequestContext, loaded: LoadedAssessment) -> Iterator[Given]:
    """What the form gives otherwise than it was; an emptied row withdraws."""
    kept = _kept(loaded)
    for step in (GUT, *loaded.instrument.by_id):
        if context.form.has_field(step) and context.form.value(step) != kept.get(step, ""):
            kind, item = kind_and_item(step)
            yield Given(kind, item, context.form.value(step), f"{context.form.idempotency_key}-{item or 'gut'}")
    for item in loaded.instrument.by_id:
        field, before = _note_field(item), loaded.assessment.notes.get(item, "")
        if context.form.has_field(field) and context.form.value(field) != before:
            yield Given("note", item, context.form.value(field), f"{context.form.idempotency_key}-{field}")


def _next_sheet(context: RequestContext, respondent: Respondent) -> str:
    """Address of the same person's next sheet of which nothing was entered; of all their sheets after the last."""
    offered = context.participation.offered_collaborations(respondent)
    waiting = (each.collaboration.id for each in offered if not each.loaded or not each.loaded.responses)
    sheets = f"{context.base_path}/paper/{respondent.id}"
    following = next(waiting, None)
    return f"{sheets}/c/{following}" if following else sheets
