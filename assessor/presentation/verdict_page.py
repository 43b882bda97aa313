"""One page for each collaboration, and the page on the method."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.verdict import Verdict
from assessor.presentation.marks import MarkState, MarkText
from assessor.presentation.placements import tell_placements
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms
from assessor.presentation.timeline import Timeline, build_timeline, placement_story
from assessor.presentation.verdict_text import VerdictText, tell_verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedResponse:
    """A response in the list of all."""

    item: str
    response: str
    note: str
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictPage(VerdictText):
    """One collaboration's page: its verdict, and what belongs to it on paper."""

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
    history: tuple[tuple[str, str], ...]
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


def build_verdict_page(row: ReportRow, number: int, anchor: str, speech: Terms) -> VerdictPage:
    """The page of one collaboration."""
    collaboration, told = row.assessment.collaboration, tell_verdict(row, speech)
    return VerdictPage(
        **{field.name: getattr(told, field.name) for field in fields(told)},
        anchor=anchor,
        number=number,
        party=collaboration.party,
        undertaking=collaboration.undertaking,
        marks_line=_MARK_SEPARATOR.join(map(_mark_phrase, told.marks)),
        extras_on_left=_has_room_on_left(row.verdict),
        response_columns=_two_columns(_listed_responses(row, speech)),
        history=_history(row, speech),
        timeline=build_timeline(row, speech),
        story=placement_story(row, speech),
        answered_on=speech.long_date(row.assessment.changed.date()),
    )


def _has_room_on_left(verdict: Verdict) -> bool:
    """Whether the column of reasons has more room left than that of ways."""
    ways = {way for way in (verdict.way_up, verdict.way_wanted) if way}
    right = _STEP_LINES * sum(len(way.changes) for way in ways) + _SIGNAL_LINES * len(verdict.signals) + _FIXED_LINES
    return _REASON_LINES * len(verdict.reasons) < right


def _mark_phrase(mark: MarkText) -> str:
    """A mark by shape and by word, on one line."""
    return f"{_MARK_SIGNS[mark.state]} {mark.name}: {mark.word}".replace(" ", "\N{NO-BREAK SPACE}")


def _listed_responses(row: ReportRow, speech: Terms) -> tuple[ListedResponse, ...]:
    responses, notes = row.assessment.responses, row.assessment.notes
    return tuple(
        ListedResponse(
            item=speech.item_heading(item.id),
            response=_response_or_unanswered(item.id, responses.get(item.id), speech),
            note=notes.get(item.id, ""),
            known=responses.get(item.id, DONT_KNOW) != DONT_KNOW,
        )
        for item in route(speech.instrument, responses)
    )


def _two_columns(given: tuple[ListedResponse, ...]) -> tuple[tuple[ListedResponse, ...], ...]:
    half = (len(given) + 1) // 2
    return tuple(column for column in (given[:half], given[half:]) if column)


def _response_or_unanswered(item: str, response: str | None, speech: Terms) -> str:
    return speech.short_response(item, response) if response else speech.say("Not answered")


def _history(row: ReportRow, speech: Terms) -> tuple[tuple[str, str], ...]:
    told = [
        (speech.long_date(earlier.day), tell_placements(earlier.verdict.placements, speech, "numbered"))
        for earlier in row.earlier
    ]
    if not told:
        return ()
    now = (speech.long_date(row.assessment.changed.date()), tell_placements(row.verdict.placements, speech, "numbered"))
    return (*told, now)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceDocument:
    """A source: its name in its own language, and the headings that the instrument leans on."""

    name: str
    language: str
    headings: tuple[str, ...]
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodPage:
    """The last page."""

    paragraphs: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[SourceDocument, ...]
    facts: tuple[tuple[str, str], ...]


def build_method_page(report: Report, speech: Terms) -> MethodPage:
    """The page on the method, its sources and its limits."""
    return MethodPage(
        paragraphs=speech.wording.method,
        limits=speech.wording.limits,
        sources=_documents(speech),
        facts=_facts(report, speech),
    )


def _documents(speech: Terms) -> tuple[SourceDocument, ...]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for source in speech.instrument.sources.values():
        found.setdefault((source.document, source.language, source.url), []).append(source.heading)
    return tuple(
        SourceDocument(name=document, language=language, headings=tuple(headings), url=url)
        for (document, language, url), headings in found.items()
    )


def _facts(report: Report, speech: Terms) -> tuple[tuple[str, str], ...]:
    instrument = report.instrument
    version = f"{instrument.id} {instrument.version}" + (f" · {instrument.digest[:12]}" if instrument.digest else "")
    return (
        (speech.say("Library"), report.library),
        (speech.say("Created"), speech.long_date(report.made)),
        (speech.say("Questions"), f"{speech.wording.name} ({version})"),
        (speech.say("Program"), f"assessor {report.program}"),
    )
