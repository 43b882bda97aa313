"""One collaboration's page, and the page on the method, as values for a template.

The sentences are those of `verdict_text`; this adds what only paper needs: numbers, anchors, columns, the list of all
responses and the history. Used by the library's report and by the report of a single collaboration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.verdict import Verdict
from assessor.local_time import local_day
from assessor.presentation.marks import MarkState, MarkText
from assessor.presentation.placements import tell_placements
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.rule_shares import rules_paragraph
from assessor.presentation.rules_used import tell_rescored
from assessor.presentation.terms import Terms
from assessor.presentation.timeline import Timeline, build_timeline, placement_story
from assessor.presentation.verdict_text import VerdictText, tell_verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedResponse:
    """A line in the list of all responses."""

    item: str
    response: str
    note: str
    #: False for a don't know and for an item without a response.
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictPage(VerdictText):
    """One collaboration's page: its verdict, and what belongs to it on paper."""

    #: Id of the page's section, which the table and the next steps link to.
    anchor: str
    number: int
    party: str
    undertaking: str
    #: Every mark with a shape and a word for how it stands, on as few lines as they need.
    marks_line: str
    #: What to think of, what it brings, the note and the history stand on the left, where there is more room.
    extras_on_left: bool
    #: In two columns.
    response_columns: tuple[tuple[ListedResponse, ...], ...]
    #: Date and placement, oldest first and the present last; empty for a first assessment.
    history: tuple[tuple[str, str], ...]
    #: None for a first assessment, and where nothing can be drawn.
    timeline: Timeline | None
    #: What moved it from one assessment to the next.
    story: tuple[str, ...]
    answered_on: str


#: About how many lines a reason, a step and a signal take, and what always stands on the right.
_REASON_LINES, _STEP_LINES, _SIGNAL_LINES, _FIXED_LINES = 2.2, 4.5, 6, 6

#: Between two marks: may be broken after, and is wider than a blank.
_MARK_SEPARATOR = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE} "

#: No question mark: a line never breaks before one, so a row of them would break within words.
_MARK_SIGNS: Mapping[MarkState, str] = {"met": "●", "unmet": "○", "unasked": "◇", "unknown": "◇"}


def build_verdict_page(row: ReportRow, number: int, anchor: str, terms: Terms) -> VerdictPage:
    """The page of one collaboration; `number` is its row in the table, `anchor` the id that links lead to."""
    collaboration, verdict_text = row.assessment.collaboration, tell_verdict(row, terms)
    return VerdictPage(
        **{field.name: getattr(verdict_text, field.name) for field in fields(verdict_text)},
        anchor=anchor,
        number=number,
        party=collaboration.party,
        undertaking=collaboration.undertaking,
        marks_line=_MARK_SEPARATOR.join(map(_mark_phrase, verdict_text.marks)),
        extras_on_left=_has_room_on_left(row.verdict),
        response_columns=_two_columns(_listed_responses(row, terms)),
        history=_history(row, terms),
        timeline=build_timeline(row, terms),
        story=placement_story(row, terms),
        answered_on=terms.long_date(local_day(row.assessment.changed)),
    )


def _has_room_on_left(verdict: Verdict) -> bool:
    """Whether the column of reasons is estimated to have more room left than that of ways and signals."""
    ways = {way for way in (verdict.way_up, verdict.way_wanted) if way}
    right = _STEP_LINES * sum(len(way.changes) for way in ways) + _SIGNAL_LINES * len(verdict.signals) + _FIXED_LINES
    return _REASON_LINES * len(verdict.reasons) < right


def _mark_phrase(mark: MarkText) -> str:
    """A mark by shape and by word, on one line."""
    return f"{_MARK_SIGNS[mark.state]} {mark.name}: {mark.word}".replace(" ", "\N{NO-BREAK SPACE}")


def _listed_responses(row: ReportRow, terms: Terms) -> tuple[ListedResponse, ...]:
    """Every item on the route with its response; responses kept from another route do not count and are not listed."""
    responses, notes = row.assessment.responses, row.assessment.notes
    return tuple(
        ListedResponse(
            item=terms.item_heading(item.id),
            response=_response_or_unanswered(item.id, responses.get(item.id), terms),
            note=notes.get(item.id, ""),
            known=responses.get(item.id, DONT_KNOW) != DONT_KNOW,
        )
        for item in route(terms.instrument, responses)
    )


def _two_columns(responses: tuple[ListedResponse, ...]) -> tuple[tuple[ListedResponse, ...], ...]:
    """The responses in two columns of equal length, fewer where one or both would be empty."""
    half = (len(responses) + 1) // 2
    return tuple(column for column in (responses[:half], responses[half:]) if column)


def _response_or_unanswered(item: str, response: str | None, terms: Terms) -> str:
    return terms.short_response(item, response) if response else terms.say("Not answered")


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
    facts: tuple[tuple[str, str], ...]


def build_method_page(report: Report, terms: Terms) -> MethodPage:
    """The page on the method, its sources and its limits, in the bank's own words."""
    return MethodPage(
        paragraphs=(*terms.wording.method, rules_paragraph(terms)),
        limits=terms.wording.limits,
        sources=_documents(terms),
        facts=_facts(report, terms),
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


def _facts(report: Report, terms: Terms) -> tuple[tuple[str, str], ...]:
    """What a reader needs to make the same report again: library, date, version of the questions and of the program."""
    instrument = report.instrument
    version = f"{instrument.id} {instrument.version}" + (f" · {instrument.digest[:12]}" if instrument.digest else "")
    rescored = tell_rescored(report.rescored, instrument.version, terms)
    facts = (
        (terms.say("Library"), report.library),
        (terms.say("Created"), terms.long_date(report.made)),
        (terms.say("Questions"), f"{terms.wording.name} ({version})"),
        (terms.say("Rules"), rescored),
        (terms.say("Program"), f"assessor {report.program}"),
    )
    return tuple((name, value) for name, value in facts if value)
