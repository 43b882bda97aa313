"""One collaboration's page, and the page on the method, as values for a template.

The sentences are those of `verdict_text`; this adds what only paper needs: numbers, anchors, columns, the list of all
responses and the history. Used by the library's report and by the report of a single collaboration.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.verdict import Verdict
from assessor.local_time import local_day
from assessor.presentation.overview import standing_phrase
from assessor.presentation.paper_ends import tell_when
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.rule_shares import rules_paragraph
from assessor.presentation.rules_used import tell_rescored
from assessor.presentation.terms import Terms
from assessor.presentation.timeline import Timeline, build_timeline, placement_story
from assessor.presentation.verdict_text import VerdictText, WayUp, beliefs_on_paper, tell_verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedResponse:
    """A line in the list of all responses."""

    item: str
    response: str
    note: str
    #: False for a don't know and for an item without a response.
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StepOnPaper:
    """One thing to do: advised by the model, agreed on by the library, or both."""

    title: str
    text: str
    #: Empty where nobody is named, or no time.
    who: str
    when: str
    #: What the library has noted where the step touches.
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WayOnPaper:
    """Where steps lead, and the steps."""

    lead: str
    steps: tuple[StepOnPaper, ...]


#: How much room a collaboration takes in the library's report: half a page, a third, or a few lines.
PageShare = Literal["half", "third", "card"]


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictPage(VerdictText):
    """One collaboration on paper: its verdict, and what belongs to it there."""

    #: Id of its place, which the table and the next steps link to.
    anchor: str
    number: int
    share: PageShare
    party: str
    undertaking: str
    #: The placement with its level's number.
    placed: str
    #: That its paper ends, that it is fragile, or how many questions are open; else empty.
    standing: str
    #: What the library has agreed on beside the ways that the model advises.
    agreed: tuple[StepOnPaper, ...]
    ways: tuple[WayOnPaper, ...]
    #: A note that the library has chosen to be quoted.
    quotation: str
    #: The note on the whole, where it is not quoted.
    general_note: str
    #: Notes that stand beside no reason, step or question: the item's heading and the text.
    other_notes: tuple[tuple[str, str], ...]
    #: What the gut feeling said where it differed, and what the library wants.
    beliefs_on_paper: tuple[str, ...]
    #: In two columns.
    response_columns: tuple[tuple[ListedResponse, ...], ...]
    #: Date and placement, oldest first and the present last; empty for a first assessment.
    history: tuple[tuple[str, str], ...]
    #: None for a first assessment, and where nothing can be drawn.
    timeline: Timeline | None
    #: What moved it from one assessment to the next.
    story: tuple[str, ...]
    answered_on: str


def build_verdict_page(row: ReportRow, number: int, anchor: str, terms: Terms) -> VerdictPage:
    """The page of one collaboration; `number` is its row in the table, `anchor` the id that links lead to."""
    collaboration, verdict_text = row.assessment.collaboration, tell_verdict(row, terms)
    quoted = _quoted_item(row)
    notes = row.assessment.notes
    share = _page_share(row.verdict, terms)
    told_ways = verdict_text.ways_up if share != "card" or row.verdict.way_wanted else ()
    ways = tuple(_way_on_paper(way, row, terms) for way in told_ways)
    beside = _items_beside(row, verdict_text)
    return VerdictPage(
        **{field.name: getattr(verdict_text, field.name) for field in fields(verdict_text)},
        anchor=anchor,
        number=number,
        share=share,
        party=collaboration.party,
        undertaking=collaboration.undertaking,
        placed=tell_placements(row.verdict.placements, terms, "numbered"),
        standing=standing_phrase(row, terms),
        agreed=tuple(_agreed_steps(row, verdict_text, terms)),
        ways=ways,
        quotation=notes.get(quoted, "") if quoted is not None else "",
        general_note=notes.get("", "") if quoted != "" else "",
        other_notes=tuple(
            (terms.item_heading(item), text)
            for item, text in notes.items()
            if item and item not in beside and item != quoted and item in terms.wording.items
        ),
        beliefs_on_paper=beliefs_on_paper(row, terms),
        response_columns=_two_columns(_listed_responses(row, terms)),
        history=_history(row, terms),
        timeline=build_timeline(row, terms),
        story=placement_story(row, terms),
        answered_on=terms.long_date(local_day(row.assessment.changed)),
    )


def _page_share(verdict: Verdict, terms: Terms) -> PageShare:
    """Half a page where most has been agreed on, a third on the lowest level and where levels differ, else lines."""
    levels = terms.instrument.levels
    if not are_named(verdict.placements, terms.instrument) or (verdict.placement and levels and not verdict.level):
        return "card"
    return "half" if verdict.placement and verdict.placement in levels[:-1] else "third"


def _quoted_item(row: ReportRow) -> str | None:
    """The id of the item whose note is to be quoted, empty for the note on the whole; None where none is."""
    notes = row.assessment.notes
    return next((item for item, chosen in row.assessment.quoted.items() if chosen and notes.get(item)), None)


def _items_beside(row: ReportRow, told: VerdictText) -> set[str]:
    """The items of the reasons, steps and questions that a note may stand beside."""
    steps = {step.item for way in told.ways_up for step in way.steps} | {step.id for step in row.assessment.steps}
    return {reason.item for reason in told.why} | {item.item for item in told.open_items} | steps


def _way_on_paper(way: WayUp, row: ReportRow, terms: Terms) -> WayOnPaper:
    planned = {step.id: step for step in row.assessment.steps}
    reasons = {reason.item for reason in row.verdict.reasons}
    return WayOnPaper(
        lead=way.lead,
        steps=tuple(
            StepOnPaper(
                title=step.title,
                text=step.text,
                who=planned[step.item].who if step.item in planned else "",
                when=tell_when(planned[step.item].when, terms) if step.item in planned else "",
                note="" if step.item in reasons else row.assessment.notes.get(step.item, ""),
            )
            for step in way.steps
        ),
    )


def _agreed_steps(row: ReportRow, told: VerdictText, terms: Terms) -> Iterator[StepOnPaper]:
    """The steps that the library has agreed on itself, other than those that a way advises in the same words."""
    advised = {(step.item, step.title) for way in told.ways_up for step in way.steps}
    for step in row.assessment.steps:
        if step.what and (step.id, step.what) not in advised:
            yield StepOnPaper(title=step.what, text="", who=step.who, when=tell_when(step.when, terms), note="")


def _listed_responses(row: ReportRow, terms: Terms) -> tuple[ListedResponse, ...]:
    """Every item on the route with its response; responses kept from another route do not count and are not listed."""
    responses, notes = row.assessment.responses, row.assessment.notes
    return tuple(
        ListedResponse(
            item=terms.item_heading(item.id),
            response=terms.response_or_not_asked(item.id, responses.get(item.id)),
            note=notes.get(item.id, ""),
            known=responses.get(item.id, DONT_KNOW) != DONT_KNOW,
        )
        for item in route(terms.instrument, responses)
    )


def _two_columns(responses: tuple[ListedResponse, ...]) -> tuple[tuple[ListedResponse, ...], ...]:
    """The responses in two columns of equal length, fewer where one or both would be empty."""
    half = (len(responses) + 1) // 2
    return tuple(column for column in (responses[:half], responses[half:]) if column)


def _history(row: ReportRow, terms: Terms) -> tuple[tuple[str, str], ...]:
    """Each assessment's date and placement, the present one last; empty without earlier ones."""
    earlier_rows = [
        (terms.long_date(earlier.day), tell_placements(earlier.verdict.placements, terms, "numbered"))
        for earlier in row.earlier
    ]
    if not earlier_rows:
        return ()
    latest_row = (
        terms.long_date(local_day(row.assessment.changed)),
        tell_placements(row.verdict.placements, terms, "numbered"),
    )
    return (*earlier_rows, latest_row)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceDocument:
    """A source: its name in its own language, and the headings in it that the instrument refers to."""

    name: str
    language: str
    headings: tuple[str, ...]
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodPage:
    """The last page: how placements come about, what they do not say, and what this report was made from."""

    paragraphs: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[SourceDocument, ...]
    #: The last line: figures of trials, and what is needed to make the same report again.
    last_line: str


def build_method_page(report: Report, terms: Terms) -> MethodPage:
    """The page on the method, its sources and its limits, in the bank's own words."""
    return MethodPage(
        paragraphs=terms.wording.method,
        limits=terms.wording.limits,
        sources=_documents(terms),
        last_line=" ".join((*terms.wording.figures, rules_paragraph(terms), _origin(report, terms))),
    )


def _documents(terms: Terms) -> tuple[SourceDocument, ...]:
    """The instrument's sources by document, each with all headings that are cited."""
    headings_by_document: dict[tuple[str, str, str], list[str]] = {}
    for source in terms.instrument.sources.values():
        headings_by_document.setdefault((source.document, source.language, source.url), []).append(source.heading)
    return tuple(
        SourceDocument(name=document, language=language, headings=tuple(headings), url=url)
        for (document, language, url), headings in headings_by_document.items()
    )


def _origin(report: Report, terms: Terms) -> str:
    """What a reader needs to make the same report again: the date, the questions' version and the program's."""
    instrument = report.instrument
    version = f"{instrument.id} {instrument.version}" + (f" · {instrument.digest[:12]}" if instrument.digest else "")
    made = terms.say(
        "Made on {day} for {library} by assessor {program} from the questionnaire {name} ({version}).",
        day=terms.long_date(report.made),
        library=report.library,
        program=report.program,
        name=terms.wording.name,
        version=version,
    )
    return " ".join(filter(None, (made, tell_rescored(report.rescored, instrument.version, terms))))
