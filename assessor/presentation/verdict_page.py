"""One page for each collaboration, and the page on the method."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessor.core.instrument import Mark, Source
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.verdict import OpenItem, Standing, Verdict, Way
from assessor.presentation.advice import Advice, advice_for_way, way_down_sentence
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.timeline import Timeline, build_timeline, name_placements, placement_story
from assessor.presentation.tones import Tone, tone_of
from assessor.presentation.typeface import displayable_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Headings of sources that share a language; those of a further language begin with a dot."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedReason:
    """A response that decides, told as a reason."""

    text: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WayUp:
    """A way up: where to, and the steps."""

    title: str
    lead: str
    steps: tuple[Advice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenItemText:
    """An open item and what each response to it would settle."""

    ask: str
    #: The responses, and what then may be.
    branches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedResponse:
    """A response in the list of all."""

    item: str
    response: str
    note: str
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictPage:
    """One collaboration's page."""

    anchor: str
    number: int
    party: str
    undertaking: str
    title: str
    tone: Tone
    tag: str
    certainty_note: str
    beliefs: tuple[str, ...]
    about: str
    why: tuple[CitedReason, ...]
    why_not: str
    up_title: str
    ways_up: tuple[WayUp, ...]
    no_way_up: str
    way_down: str
    sturdiness_note: str
    fragile: bool
    open_items: tuple[OpenItemText, ...]
    more_open_items: str
    #: Every mark with a shape and a word for how it stands.
    marks: str
    signals: tuple[Advice, ...]
    gains: tuple[str, ...]
    #: What to think of, what it brings, the note and the history stand on the left, where there is more room.
    extras_on_left: bool
    note: str
    advice: str
    #: In two columns.
    response_columns: tuple[tuple[ListedResponse, ...], ...]
    history: tuple[tuple[str, str], ...]
    timeline: Timeline | None
    #: What moved it from one assessment to the next.
    story: tuple[str, ...]
    answered_on: str


#: The most open items told in full; the rest are counted.
_MAX_OPEN_ITEMS = 4

#: About how many lines a reason, a step and a signal take, and what always stands on the right.
_REASON_LINES, _STEP_LINES, _SIGNAL_LINES, _FIXED_LINES = 2.2, 4.5, 6, 6

#: The most characters of a heading that surely fit on a line of a reason.
_MAX_UNBROKEN = 36

#: Between two marks: may be broken after, and is wider than a blank.
_MARK_SEPARATOR = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE} "

#: The most placements that a sentence names; more are still open.
_MAX_PLACEMENTS = 3

#: No question mark: a line never breaks before one, so a row of them would break within words.
_STANDING_SIGNS = {Standing.MET: "●", Standing.UNMET: "○", Standing.UNKNOWN: "◇"}


def build_verdict_page(row: ReportRow, number: int, anchor: str, speech: Terms) -> VerdictPage:
    """The page of one collaboration."""
    verdict, collaboration = row.verdict, row.assessment.collaboration
    known = bool(verdict.reasons) or len(verdict.placements) == 1
    return VerdictPage(
        anchor=anchor,
        number=number,
        party=collaboration.party,
        undertaking=collaboration.undertaking,
        title=_title(verdict, known, speech),
        tone=tone_of(speech.instrument, verdict.placements),
        tag=_level_tag(verdict, speech),
        certainty_note=_certainty_note(row, speech),
        beliefs=tuple(filter(None, (_gut_feeling_sentence(row, speech), _wanted_sentence(row, speech)))),
        about=_about_placement(verdict, speech),
        why=tuple(_cited_reason(reason.item, reason.option, reason.sources, speech) for reason in verdict.reasons),
        why_not="" if verdict.reasons else _no_reason(verdict, speech),
        up_title=_up_title(row, speech),
        ways_up=_ways_up(row, speech),
        no_way_up=_no_way_up(verdict, speech),
        way_down=way_down_sentence(speech, verdict.way_down) if verdict.way_down else "",
        sturdiness_note=_sturdiness_note(verdict, speech),
        fragile=verdict.fragile,
        open_items=tuple(_open_item_text(item, speech) for item in verdict.open_items[:_MAX_OPEN_ITEMS]),
        more_open_items=_more_open_items(verdict, speech),
        marks=_MARK_SEPARATOR.join(_mark_text(mark, verdict, speech) for mark in speech.instrument.marks),
        signals=tuple(_signal_advice(signal, speech) for signal in verdict.signals),
        gains=tuple(displayable_text(speech.wording.gains[gain]) for gain in row.assessment.gains),
        extras_on_left=_has_room_on_left(verdict),
        note=row.assessment.notes.get("", ""),
        advice=_placement_advice(verdict, speech),
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


def _title(verdict: Verdict, known: bool, speech: Terms) -> str:
    if not known:
        return speech.say("Not known yet")
    names = [speech.placement_name(placement) for placement in verdict.placements]
    if len(names) > 3:
        return speech.say("Not settled yet")
    return speech.format_list([names[0], *map(lower_first, names[1:])], last=speech.say("or"))


def _level_tag(verdict: Verdict, speech: Terms) -> str:
    count = len(speech.instrument.levels)
    if verdict.level:
        return speech.say("Level {number} of the model's {count}", number=verdict.level, count=count)
    if verdict.placement:
        return speech.say("Beside the levels") if count else ""
    if verdict.certain_level:
        return speech.say("At least level {number}", number=verdict.certain_level)
    return speech.say("Not settled yet")


def _certainty_note(row: ReportRow, speech: Terms) -> str:
    """Whether anything still open can change the placement."""
    verdict = row.verdict
    if not verdict.placement:
        count = len(verdict.open_items)
        if not verdict.reasons:
            return speech.count(
                "Too little has been answered to place it: {number} question matters.",
                "Too little has been answered to place it: {number} questions matter.",
                count,
            )
        return speech.count(
            "One open question decides the placement: {item}.",
            "{number} open questions can still change the placement. Ask first: {item}.",
            count,
            item=lower_first(speech.item_heading(verdict.open_items[0].item)) if verdict.open_items else "",
        )
    if all(given.known for given in _listed_responses(row, speech)):
        return speech.say("Every question has been answered, so nothing open can change the placement.")
    return speech.say("The answers are enough: nothing that is still open can change the placement.")


def _gut_feeling_sentence(row: ReportRow, speech: Terms) -> str:
    gut, placement = row.assessment.gut, row.verdict.placement
    if gut == DONT_KNOW:
        return speech.say("The gut feeling could not tell.")
    if gut not in speech.wording.placements or gut is None:
        return ""
    if gut == placement:
        return speech.say("The gut feeling said the same.")
    return speech.say("The gut feeling said {placement}.", placement=speech.placement_in_sentence(gut))


def _wanted_sentence(row: ReportRow, speech: Terms) -> str:
    wanted, verdict = row.assessment.wanted, row.verdict
    if wanted not in speech.wording.placements or wanted is None:
        return ""
    if wanted == verdict.placement:
        return speech.say("The library wants it just here.")
    order = speech.instrument.placements
    if order.index(wanted) > max(order.index(placement) for placement in verdict.placements):
        return speech.say(
            "The library wants {placement}: lower may be right.", placement=speech.placement_in_sentence(wanted)
        )
    return speech.say("The library wants {placement}.", placement=speech.placement_in_sentence(wanted))


def _about_placement(verdict: Verdict, speech: Terms) -> str:
    if not verdict.placement:
        return ""
    return speech.wording.placements[verdict.placement].about


def _placement_advice(verdict: Verdict, speech: Terms) -> str:
    return speech.wording.placements[verdict.placement].advice if verdict.placement else ""


def _cited_reason(item: str, option: str, sources: Sequence[str], speech: Terms) -> CitedReason:
    reason = speech.wording.items[item].options[option].reason
    cited = [source for place, source in speech.instrument.sources.items() if place in sources]
    return CitedReason(text=as_sentence(reason), sources=tuple(_citations(cited)))


def _citations(sources: Sequence[Source]) -> Iterator[Citation]:
    """One heading in full; of several what stands before the colon, for all stand in full on the last page."""
    several = len(sources) > 1
    for language, group in groupby(sources, key=lambda source: source.language):
        headings = [
            _unbroken_heading(source.heading.split(": ", 1)[0] if several else source.heading) for source in group
        ]
        begin = "" if language == sources[0].language else "· "
        yield Citation(text=begin + " · ".join(dict.fromkeys(headings)), language=language)


def _unbroken_heading(heading: str) -> str:
    """A short heading is kept on one line; a long one may break."""
    return heading.replace(" ", "\N{NO-BREAK SPACE}") if len(heading) <= _MAX_UNBROKEN else heading


def _no_reason(verdict: Verdict, speech: Terms) -> str:
    if verdict.placement:
        return speech.say("It follows from the model itself, whatever the answers.")
    return speech.say("No answers narrow it down yet.")


def _up_title(row: ReportRow, speech: Terms) -> str:
    """Never that it ought to be higher: a good purchase may stay one, and a level that is wanted is the right one."""
    verdict = row.verdict
    if verdict.placement and verdict.level is None:
        return speech.say("If you want to make something together")
    if verdict.way_up and row.assessment.wanted == verdict.placement:
        return speech.say("If you should want to go on")
    return speech.say("The way up")


def _ways_up(row: ReportRow, speech: Terms) -> tuple[WayUp, ...]:
    verdict, wanted = row.verdict, row.assessment.wanted
    if not verdict.placement and not verdict.reasons:
        return ()  # nothing is known to begin from
    ways: list[tuple[Way, str]] = []
    if verdict.way_up and verdict.way_up != verdict.way_wanted:
        ways.append((verdict.way_up, _next_level_up(verdict, speech)))
    if verdict.way_wanted and wanted:
        ways.append((verdict.way_wanted, wanted))
    return tuple(_way_up(way, goal, goal == wanted, speech) for way, goal in ways)


def _next_level_up(verdict: Verdict, speech: Terms) -> str:
    """The lowest level that a way up reaches for certain."""
    levels = speech.instrument.levels
    return levels[-1] if verdict.certain_level is None else levels[verdict.certain_level - 2]


def _way_up(way: Way, goal: str, wanted: bool, speech: Terms) -> WayUp:
    said = {"placement": speech.placement_in_sentence(goal)}
    lead = (
        speech.say("To {placement}, as the library wants:", **said) if wanted else speech.say("To {placement}:", **said)
    )
    return WayUp(title=speech.placement_name(goal), lead=lead, steps=advice_for_way(speech, way))


def _no_way_up(verdict: Verdict, speech: Terms) -> str:
    if verdict.way_up or verdict.way_wanted or not speech.instrument.levels:
        return ""
    if verdict.certain_level == 1:
        return speech.say("There is no level above this one.")
    return speech.say("No step that the model would advise leads to a level from here.")


def _sturdiness_note(verdict: Verdict, speech: Terms) -> str:
    if not verdict.way_down:
        return ""
    if verdict.fragile:
        return speech.say("Fragile: one change that may come by itself is enough.")
    if len(verdict.way_down.changes) > 1:
        return speech.say("Sturdy: more than one thing must change.")
    return speech.say("Sturdy: it does not happen by itself.")


def _open_item_text(item: OpenItem, speech: Terms) -> OpenItemText:
    grouped: dict[tuple[str, ...], list[str]] = {}
    for option, leads in item.leads.items():
        grouped.setdefault(leads, []).append(speech.short_response(item.item, option))
    told = [
        (_join_responses(said), speech.either_placement(leads))
        for leads, said in grouped.items()
        if len(leads) <= _MAX_PLACEMENTS
    ]
    wide = [one for leads, said in grouped.items() if len(leads) > _MAX_PLACEMENTS for one in said]
    if not told or len(grouped) == 1:
        told = [(speech.say("Whatever the answer"), speech.say("settled only together with other answers"))]
    elif wide:
        told.append((_join_responses(wide), speech.say("still open")))
    return OpenItemText(ask=speech.wording.items[item.item].ask, branches=tuple(told))


def _join_responses(said: Sequence[str]) -> str:
    return ", ".join([said[0], *map(lower_first, said[1:])])


def _more_open_items(verdict: Verdict, speech: Terms) -> str:
    more = [lower_first(speech.item_heading(item.item)) for item in verdict.open_items[_MAX_OPEN_ITEMS:]]
    return speech.say("Also open: {items}.", items=speech.format_list(more)) if more else ""


def _mark_text(mark: Mark, verdict: Verdict, speech: Terms) -> str:
    """A mark by shape and by word."""
    standing = verdict.marks.get(mark.id, Standing.UNKNOWN)
    words = {
        Standing.MET: speech.say("met"),
        Standing.UNMET: speech.say("not met"),
        Standing.UNKNOWN: speech.say("not known"),
    }
    told = f"{_STANDING_SIGNS[standing]} {speech.wording.marks[mark.id].name}: {words[standing]}"
    return told.replace(" ", "\N{NO-BREAK SPACE}")


def _signal_advice(signal: str, speech: Terms) -> Advice:
    words = speech.wording.signals[signal]
    return Advice(title=words.name, text=words.about)


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
        (speech.long_date(earlier.day), name_placements(earlier.verdict.placements, speech)) for earlier in row.earlier
    ]
    if not told:
        return ()
    now = (speech.long_date(row.assessment.changed.date()), name_placements(row.verdict.placements, speech))
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
        (speech.say("Made"), speech.long_date(report.made)),
        (speech.say("Questions"), f"{speech.wording.name} ({version})"),
        (speech.say("Program"), f"assessor {report.program}"),
    )
