"""A verdict in words: where a collaboration stands and how surely, why, what is open, and what would move it.

Told once, for the terminal, the pages and the report, which only lay it out. Nothing here reads a typeface or a date,
so that it is there at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessor.core.instrument import Source
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.verdict import OpenItem, Verdict, Way
from assessor.errors import N_
from assessor.presentation.advice import Advice, advice_for_way, way_down_sentence
from assessor.presentation.marks import MarkText, mark_texts
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import ReportRow
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.tones import Tone, tone_of


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
class VerdictText:
    """Everything that a verdict says."""

    title: str
    tone: Tone
    tag: str
    certainty_note: str
    #: What the gut feeling said, and what the library wants.
    beliefs: tuple[str, ...]
    about: str
    why: tuple[CitedReason, ...]
    why_not: str
    #: The documents that the reasons come from.
    source_documents: tuple[str, ...]
    up_title: str
    ways_up: tuple[WayUp, ...]
    no_way_up: str
    way_down: str
    sturdiness_note: str
    fragile: bool
    open_items: tuple[OpenItemText, ...]
    more_open_items: str
    marks: tuple[MarkText, ...]
    signals: tuple[Advice, ...]
    gains: tuple[str, ...]
    #: On the whole, as the respondent wrote it.
    note: str
    advice: str


#: The most open items told in full; the rest are counted.
_MAX_OPEN_ITEMS = 4

#: The most characters of a heading that surely fit on a line of a reason.
_MAX_UNBROKEN = 36


def tell_verdict(row: ReportRow, speech: Terms) -> VerdictText:
    """The verdict on one collaboration."""
    verdict = row.verdict
    return VerdictText(
        title=tell_placements(verdict.placements, speech),
        tone=tone_of(speech.instrument, verdict.placements),
        tag=_level_tag(verdict, speech),
        certainty_note=_certainty_note(row, speech),
        beliefs=tuple(filter(None, (_gut_feeling_sentence(row, speech), _wanted_sentence(row, speech)))),
        about=_about_placement(verdict, speech),
        why=tuple(_cited_reason(reason.item, reason.option, reason.sources, speech) for reason in verdict.reasons),
        why_not="" if verdict.reasons else _no_reason(verdict, speech),
        source_documents=_source_documents(verdict, speech),
        up_title=_up_title(row, speech),
        ways_up=_ways_up(row, speech),
        no_way_up=_no_way_up(verdict, speech),
        way_down=way_down_sentence(speech, verdict.way_down) if verdict.way_down else "",
        sturdiness_note=_sturdiness_note(verdict, speech),
        fragile=verdict.fragile,
        open_items=tuple(_open_item_text(item, speech) for item in verdict.open_items[:_MAX_OPEN_ITEMS]),
        more_open_items=_more_open_items(verdict, speech),
        marks=mark_texts(verdict, row.assessment.responses, speech),
        signals=tuple(_signal_advice(signal, speech) for signal in verdict.signals),
        gains=tuple(speech.wording.gains[gain] for gain in row.assessment.gains),
        note=row.assessment.notes.get("", ""),
        advice=_placement_advice(verdict, speech),
    )


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
    if _knows_everything(row, speech):
        return speech.say("Every question has been answered, so nothing open can change the placement.")
    return speech.say("The answers are enough: nothing that is still open can change the placement.")


def _knows_everything(row: ReportRow, speech: Terms) -> bool:
    responses = row.assessment.responses
    return all(responses.get(item.id, DONT_KNOW) != DONT_KNOW for item in route(speech.instrument, responses))


def _gut_feeling_sentence(row: ReportRow, speech: Terms) -> str:
    gut, placement = row.assessment.gut, row.verdict.placement
    if gut == DONT_KNOW:
        return speech.say("The gut feeling was “don't know”.")
    if gut not in speech.wording.placements or gut is None:
        return ""
    if gut == placement:
        return speech.say("The gut feeling said the same.")
    if gut in row.verdict.placements:
        message = N_("The gut feeling said {placement}, which is still possible.")
    else:
        message = N_("The gut feeling said {placement}; talk about which of the reasons surprised you.")
    return speech.say(message, placement=speech.placement_in_sentence(gut))


def _wanted_sentence(row: ReportRow, speech: Terms) -> str:
    wanted, verdict = row.assessment.wanted, row.verdict
    if wanted not in speech.wording.placements or wanted is None:
        return ""
    if wanted == verdict.placement:
        return speech.say("The library wants it exactly where it is.")
    order = speech.instrument.placements
    if order.index(wanted) > max(order.index(placement) for placement in verdict.placements):
        return speech.say(
            "The library wants {placement}: a lower level may be right.", placement=speech.placement_in_sentence(wanted)
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
    return speech.say("The answers do not narrow it down yet.")


def _up_title(row: ReportRow, speech: Terms) -> str:
    """Never that it ought to be higher: a good purchase may stay one, and a level that is wanted is the right one."""
    verdict = row.verdict
    if verdict.placement and verdict.level is None:
        return speech.say("If you want to make something together")
    if verdict.way_up and row.assessment.wanted == verdict.placement:
        return speech.say("If you want to take it further")
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
    return speech.say("None of the steps the model would advise leads to a level from here.")


def _sturdiness_note(verdict: Verdict, speech: Terms) -> str:
    if not verdict.way_down:
        return ""
    if verdict.fragile:
        return speech.say("Fragile: a single change that may happen by itself is enough.")
    if len(verdict.way_down.changes) > 1:
        return speech.say("Sturdy: more than one thing would have to change.")
    return speech.say("Sturdy: this does not happen by itself.")


def _open_item_text(item: OpenItem, speech: Terms) -> OpenItemText:
    grouped: dict[tuple[str, ...], list[str]] = {}
    for option, leads in item.leads.items():
        grouped.setdefault(leads, []).append(speech.short_response(item.item, option))
    told = [
        (_join_responses(said), tell_placements(leads, speech, "sentence"))
        for leads, said in grouped.items()
        if are_named(leads, speech.instrument)
    ]
    wide = [one for leads, said in grouped.items() if not are_named(leads, speech.instrument) for one in said]
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


def _source_documents(verdict: Verdict, speech: Terms) -> tuple[str, ...]:
    cited = {place for reason in verdict.reasons for place in reason.sources}
    return tuple(
        dict.fromkeys(source.document for place, source in speech.instrument.sources.items() if place in cited)
    )


def _signal_advice(signal: str, speech: Terms) -> Advice:
    words = speech.wording.signals[signal]
    return Advice(title=words.name, text=words.about)
